"""How does a file enter a project: copied into it, and declared in terril.toml?

Both or neither. The data file is written beside its place and renamed; terril.toml is
written whole beside itself, read again as a check, then renamed. Text that people wrote in
it (comments, order) stays as it is: a declaration is added at its end.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from terril.editions.manifest import sha256_of
from terril.lib.problems import Problem, ProblemsError, Where
from terril.sources.project import FILE_NAME, Project, read_project
from terril.territories.kinds import fold

DATA: Final = "donnees"
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def identity(path: Path) -> str:
    """Return an id made from the name of a file: « DEMO_2019.csv » → « demo_2019 »."""
    words = re.sub(r"[^a-z0-9]+", "_", fold(path.stem)).strip("_")
    return words or "fichier"


def entry(values: Mapping[str, str | int | None]) -> str:
    """Return the ``[[entrees]]`` table of an input; ``None`` and "" are left out."""
    lines = ["[[entrees]]"]
    for key, value in values.items():
        if value is None or value == "":
            continue
        lines.append(f"{_key(key)} = {value if isinstance(value, int) else quoted(value)}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for character, written in (("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        escaped = escaped.replace(character, written)
    return f'"{escaped}"'


def _key(key: str) -> str:
    return ".".join(
        part if _BARE_KEY.fullmatch(part) else quoted(part) for part in key.split(".", 1)
    )


def bring_in(project: Project, file: Path, declared: str) -> Path:
    """Copy ``file`` under ``donnees/`` and add ``declared`` to terril.toml.

    Returns the copy. Raises ``ProblemsError`` when another file already has that name, or
    when the project would no longer be read; the project is then as it was.
    """
    target = project.root / DATA / file.name
    inside = target.exists() and target.samefile(file)
    if target.exists() and not inside and sha256_of(target) != sha256_of(file):
        raise ProblemsError([_name_taken(target, project)])
    made = not target.exists()
    fresh_folder = not target.parent.exists()
    if made:
        put(file, target)
    try:
        _extend(project.root / FILE_NAME, declared)
    except BaseException:
        if made:
            target.unlink(missing_ok=True)
        if fresh_folder:
            target.parent.rmdir()
        raise
    return target


def put(file: Path, target: Path) -> None:
    """Copy ``file`` to ``target``, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".import-", dir=target.parent)
    os.close(handle)
    try:
        shutil.copyfile(file, name)
        Path(name).chmod(0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _extend(path: Path, declared: str) -> None:
    before = path.read_bytes()
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if before.endswith(b"\n") else newline
    added = declared.encode().replace(b"\n", newline)
    handle, name = tempfile.mkstemp(prefix=".terril-", suffix=".toml", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(before + gap + newline + added)
        read_project(Path(name))
        Path(name).chmod(path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _name_taken(target: Path, project: Project) -> Problem:
    return Problem(
        code="fichier-existant",
        where=Where(file=project.shown(target)),
        what="Un autre fichier de ce nom est déjà dans le projet.",
        expected="un nom de fichier libre.",
        remedy="Renommez votre fichier ; si c’est une version corrigée d’une entrée déjà "
        "déclarée, relancez avec --remplacer et son --id.",
    )
