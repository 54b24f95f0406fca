"""Are the words right: nothing of the pilot, no path of a machine, French as France writes it?"""

from __future__ import annotations

import ast
import re

from inspected import ROOT, all_code, modules, project_files

PILOT_NAMES = re.compile(
    r"\b(Lens|Liévin|CALL|CAHC|CABBALR|Hénin|Carvin|Béthune|Avion|Artois|Gohelle)\b"
)
PILOT_CODES = re.compile(r"\b(246200364|246200299|QP0620\d\d|QN062\w+|62498|62427)\b")


def test_no_pilot_name_in_the_code() -> None:
    """Codes may stand as examples in messages and help, names nowhere but in docstrings."""
    seen = 0
    wrong = []
    for module in modules():
        if module.name.startswith("src/terril/cli/"):
            continue  # the examples of the help are those of the demonstration
        for node in module.literals():
            seen += 1
            if PILOT_NAMES.search(str(node.value)):
                wrong.append(f"{module.name}:{node.lineno}: {str(node.value)[:60]!r}")
    assert seen > 1000
    assert not wrong, "\n".join(wrong)


def test_no_pilot_code_decides_anything() -> None:
    wrong = []
    deciding = 0
    for module in modules():
        for node in ast.walk(module.tree):
            parts: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                parts = [node.left, *node.comparators]
            elif isinstance(node, ast.Dict):
                parts = [key for key in node.keys if key is not None]
            elif isinstance(node, ast.Set):
                parts = node.elts
            elif isinstance(node, ast.Subscript):
                parts = [node.slice]
            for part in parts:
                for leaf in ast.walk(part):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                        deciding += 1
                        if PILOT_CODES.search(leaf.value) or PILOT_NAMES.search(leaf.value):
                            wrong.append(f"{module.name}:{leaf.lineno}: {leaf.value!r}")
    assert deciding > 200
    assert not wrong, "\n".join(wrong)


def test_no_pilot_name_in_the_cards() -> None:
    cards = sorted((ROOT / "src" / "terril" / "catalogue").rglob("*.yaml"))
    assert len(cards) > 15
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:70]}"
        for path in cards
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PILOT_NAMES.search(line) or PILOT_CODES.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_path_of_one_machine_and_no_host_of_a_registry() -> None:
    machine = re.compile(r"(?<![\w.])/(?:home|root|work|mnt|opt|Users)/\w")
    registry = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org")
    seen = 0
    wrong = []
    for path in project_files():
        if path.name in {"uv.lock", "test_house_words.py"}:
            continue
        seen += 1
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        ):
            if machine.search(line) or registry.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert seen > 150
    assert not wrong, "\n".join(wrong)


def test_french_texts_have_the_french_apostrophe() -> None:
    """In the strings of the code: « l’édition », never « l'édition »."""
    straight = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'[a-zà-ÿ]", re.IGNORECASE)
    curly = 0
    wrong = []
    for module in modules():
        for node in module.literals():
            text = str(node.value)
            curly += text.count("’")
            if straight.search(text):
                wrong.append(f"{module.name}:{node.lineno}: {text[:70]!r}")
    assert curly > 100
    assert not wrong, "\n".join(wrong)


def test_french_cards_have_the_french_apostrophe() -> None:
    straight = re.compile(r"\b(?:[cdjlmnst]|qu)'[a-zà-ÿ]", re.IGNORECASE)
    curly = 0
    wrong = []
    for path in sorted((ROOT / "src" / "terril" / "catalogue").rglob("*.yaml")):
        if path.name == "equipment.yaml":
            continue  # its labels are keys, written as the inventories write them
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = line.split("#")[0]
            curly += text.count("’")
            if straight.search(text):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {text.strip()[:70]}")
    assert curly > 20
    assert not wrong, "\n".join(wrong)


def test_the_package_prints_only_through_the_command_line() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if not module.name.startswith("src/terril/cli/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not wrong, wrong


def test_no_test_is_empty() -> None:
    """A test without an assertion, a ``raises`` or a call that checks cannot fail."""
    checking = re.compile(r"assert|raises|fail|check|same|expect|verify", re.IGNORECASE)
    seen = 0
    wrong = []
    for module in all_code():
        if not module.name.startswith("tests/"):
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            seen += 1
            if not any(
                isinstance(part, ast.Assert)
                or (isinstance(part, ast.Call) and checking.search(ast.unparse(part.func)))
                for part in ast.walk(node)
            ):
                wrong.append(f"{module.name}:{node.lineno}: {node.name}")
    assert seen > 150
    assert not wrong, "\n".join(wrong)
