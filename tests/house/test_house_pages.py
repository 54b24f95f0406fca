"""Do the pages tell the truth: files that exist, dependencies that are used, commands that run?"""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from inspected import PACKAGE, ROOMS, ROOT, pages

from terril.cli.guide import commands_page
from terril.cli.main import VERBS, build_parser

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=~!\[ ]", text)[0].lower() for text in requirements}


def test_every_dependency_is_justified_and_nothing_else() -> None:
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8")
    told = {
        cells[0]: cells
        for line in text.splitlines()
        if line.startswith("| ")
        and (cells := [cell.strip() for cell in line.strip("|").split("|")])
        and not set(cells[0]) <= {"-", " "}
        and cells[0] != "name"
    }
    declared = (
        names(PROJECT["project"]["dependencies"])
        | names(PROJECT["dependency-groups"]["dev"])
        | names(PROJECT["dependency-groups"]["bench"])
        | names(PROJECT["dependency-groups"]["grappe"])
        | names(PROJECT["build-system"]["requires"])
    )
    assert len(declared) > 15
    assert set(told) - {"uv"} == declared
    assert all(len(cell) > 10 for cells in told.values() for cell in cells[1:])


def test_every_run_time_dependency_is_imported() -> None:
    modules = {
        "django-ninja": "ninja",
        "pillow": "PIL",
        "python-calamine": "python_calamine",
        "python-docx": "docx",
        "python-pptx": "pptx",
        "pyyaml": "yaml",
    }
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    for name in names(PROJECT["project"]["dependencies"]):
        module = modules.get(name, name)
        # imported, or named as a text: a middleware of the settings, a server that is started
        used = rf"^\s*(import|from) {module}\b|[\"']{module}[\"'.]"
        assert re.search(used, code, re.MULTILINE), name


def test_links_between_pages_lead_somewhere() -> None:
    seen = 0
    wrong = []
    for page in pages():
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            seen += 1
            if not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(ROOT)}: {target}")
    assert seen > 15
    assert not wrong, "\n".join(wrong)


def test_the_guide_is_whole() -> None:
    guide = ROOT / "docs" / "guide"
    index = (guide / "index.md").read_text(encoding="utf-8")
    others = {path.name for path in guide.glob("*.md")} - {"index.md"}
    assert len(others) >= 6
    assert others == set(re.findall(r"\(([a-z-]+\.md)\)", index))


def test_the_page_of_the_commands_is_that_of_the_help() -> None:
    written = (ROOT / "docs" / "guide" / "commandes.md").read_text(encoding="utf-8")
    assert written == commands_page(), "run: make guide"


def test_commands_of_the_pages_parse() -> None:
    """Each ``terril …`` line of a block of code is a command that the parser accepts."""
    seen = 0
    for page in pages():
        if page.name == "commandes.md":
            continue
        for block in re.findall(r"```[a-z]*\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for line in re.sub(r"\\\n\s*", " ", block).splitlines():
                found = re.match(rf"(?:\$ )?terril ((?:{'|'.join(VERBS)})\b.*)", line.strip())
                if found is None:
                    continue
                words = shlex.split(found[1].split("#")[0])
                if any(word in {"[", "…", "|"} or word.startswith("<") for word in words):
                    continue
                try:
                    build_parser().parse_args(words)
                except SystemExit:
                    pytest.fail(f"{page.relative_to(ROOT)}: {line}")
                seen += 1
    assert seen >= 12


def test_the_visit_names_files_that_exist_from_the_file_to_the_page() -> None:
    text = (ROOT / "docs" / "visite.md").read_text(encoding="utf-8")
    files = re.findall(r"`(src/terril/[\w/]+\.(?:py|yaml|csv|typ))`", text)
    assert len(files) >= 12
    missing = [name for name in files if not (ROOT / name).is_file()]
    assert not missing, missing
    rooms = [Path(name).parts[2] for name in files]
    way = list(dict.fromkeys(rooms))
    expected = [room for room in reversed(ROOMS) if room in way]
    late = {"figures", "cli"}  # drawn while the page is typeset; the verb closes the visit
    assert [room for room in way if room not in late] == [
        room for room in expected if room not in late
    ]
    assert {"sources", "observations", "indicators", "benchmarks", "fiches", "reports"} <= set(way)


def test_the_visit_names_functions_that_exist() -> None:
    text = (ROOT / "docs" / "visite.md").read_text(encoding="utf-8")
    named = re.findall(r"`(src/terril/[\w/]+\.py)`[^`]*?`([A-Za-z_]\w*)\(\)`", text)
    assert len(named) >= 8
    for file, function in named:
        code = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^\s*def {function}\(", code, re.MULTILINE), f"{function} not in {file}"


def test_the_makefile_has_the_commands_that_are_told() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set()
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs/guide/installer.md"):
        told |= set(
            re.findall(
                r"(?:^|`)make (?:PYTHON=\S+ )?([a-z][a-z-]+)", page.read_text("utf-8"), re.MULTILINE
            )
        )
    assert {"demo", "test"} <= told
    assert told <= targets, told - targets


def test_the_licence_is_whole_and_declared() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "15.Applicable Law" in text and "Québec Free and Open-Source Licence" in text
    assert PROJECT["project"]["license"] == "EUPL-1.2"


def test_the_version_is_told_once() -> None:
    from terril import __version__

    assert __version__ == PROJECT["project"]["version"] == version("terril")
