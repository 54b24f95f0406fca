"""What the house tests read: the modules of the package and the pages of the project."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "terril"
ROOMS = (
    "web", "cli", "reports", "editions", "fiches", "figures", "contrat", "registres", "secrecy",
    "benchmarks", "indicators", "places", "observations", "sources", "territories", "catalogue",
    "lib",
)  # fmt: skip
_HIDDEN = {".venv", ".git", "out", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"}


@dataclass(frozen=True)
class Module:
    """One file of code."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    def literals(self) -> Iterator[ast.Constant]:
        """Yield the strings of the code, docstrings apart."""
        loose = {
            id(node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from () if id(node) in loose else (node,)


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Return the modules of the package; migrations, which Django writes, are not ours to judge."""
    written = (path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name != "migrations")
    return tuple(Module(path) for path in written)


@lru_cache(maxsize=1)
def all_code() -> tuple[Module, ...]:
    """Return the modules of the package, of the tests and of the benchmarks."""
    others = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    return modules() + tuple(Module(path) for path in sorted(others))


@lru_cache(maxsize=1)
def pages() -> tuple[Path, ...]:
    """Return the pages written for people: Markdown at the root and under docs/."""
    return tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))


def project_files() -> Iterator[Path]:
    """Yield the text files of the project."""
    for path in sorted(ROOT.rglob("*")):
        if _HIDDEN & set(path.relative_to(ROOT).parts) or not path.is_file():
            continue
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".csv", ".typ", ".json", ".sh", ""}:
            yield path
