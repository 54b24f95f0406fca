"""Do the rooms stand in their order, and does each module say what it is for?"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from inspected import PACKAGE, ROOMS, ROOT, all_code, modules


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    analysed = re.search(r"Analyzed (\d+) files?, (\d+) dependencies", done.stdout)
    assert analysed and int(analysed[1]) >= len(modules()) - 5 and int(analysed[2]) > 50
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", done.stdout)
    assert kept and int(kept[1]) >= 1


def test_every_folder_is_a_declared_room() -> None:
    folders = {
        path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert folders == set(ROOMS)
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contract["tool"]["importlinter"]["contracts"][0]["layers"]
    named = [room.strip() for layer in layers for room in layer.split("|")]
    assert named == list(ROOMS)


def test_no_room_is_a_cupboard() -> None:
    names = {part for module in modules() for part in Path(module.name).with_suffix("").parts}
    assert len(names) > 40
    assert not names & {"helpers", "common", "misc", "utils", "util", "tools"}


def test_every_module_opens_with_its_question() -> None:
    seen = 0
    wrong = []
    for module in modules():
        if module.path.name == "__init__.py":
            if not module.docstring:
                wrong.append(f"{module.name}: no docstring")
            continue
        seen += 1
        first = module.docstring.split("\n\n")[0]
        if "?" not in first:
            wrong.append(f"{module.name}: {first[:60]!r} is no question")
    assert seen > 60
    assert not wrong, "\n".join(wrong)


def test_files_stay_readable() -> None:
    sizes = {module.name: module.text.count("\n") for module in all_code()}
    assert len(sizes) > 100
    allowed = {name: 480 if name.startswith("src/") else 700 for name in sizes}
    long = {name: size for name, size in sizes.items() if size > allowed[name]}
    assert not long, f"too long to be read at once: {long}"


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|placeholder)\b")
    found = [
        f"{module.name}:{number}: {line.strip()}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if words.search(line)
    ]
    assert not found, "\n".join(found)
