"""Which pages of the public method do the tables of the tests make?

Each module of ``tests/spec`` reads as a page: its docstring says the rule in French, its tables
are what the tests check, ``METHODE`` names their columns. ``make methode`` writes ``docs/methode``;
a house test compares, so that a page never says anything that is not tested.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from terril.catalogue.load import load_catalogue
from terril.lib.dates import periode_courte
from terril.lib.french import nombre
from terril.lib.prose import typographie

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "tests" / "spec"
PAGES = ROOT / "docs" / "methode"
#: the same pages as the site ships them
SHIPPED = ROOT / "src" / "terril" / "web" / "observatoire" / "methode"

Written = Callable[[Any], str]


@dataclass(frozen=True)
class Tableau:
    """A table of the tests as the page shows it.

    ``name``: of the table in its module. ``heads``: one a column, in order. ``shown``: how the
    cells under a head are written. ``words``: values that have a word of their own, everywhere.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    shown: Mapping[str, Written] = field(default_factory=dict)
    words: Mapping[Any, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Methode:
    """What a module says of itself: its place among the pages and its tables."""

    order: int
    tables: tuple[Tableau, ...] = ()


# ------------------------------------------------------------------ cells


def indicateur(code: str) -> str:
    """The label of an indicator, or its code when it has no card of its own."""
    card = load_catalogue().indicators.get(code)
    return card.label if card else code


def ruptures(codes: Sequence[str]) -> str:
    """The labels of cards of breaks."""
    return " ; ".join(load_catalogue().breaks[code].label for code in codes) or "–"


def source(code: str) -> str:
    """The short name of a source."""
    card = load_catalogue().sources.get(code)
    return card.short if card else code


def oui(value: bool) -> str:
    return "oui" if value else "non"


def cellule(value: Any) -> str:
    """A value of Python as the page writes it; raises ``TypeError`` for what has no writing."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return oui(value)
    if isinstance(value, int):
        return nombre(value)
    if isinstance(value, float):
        digits = len(f"{value:.6f}".rstrip("0").partition(".")[2])
        return nombre(value, digits)
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return " ; ".join(f"{cellule(k)} : {cellule(v)}" for k, v in value.items()) or "–"
    if isinstance(value, set | frozenset):
        return ", ".join(sorted(cellule(item) for item in value)) or "–"
    if isinstance(value, Sequence):
        items = [cellule(item) for item in value]
        return (" ; " if any("," in item for item in items) else ", ").join(items) or "–"
    raise TypeError(f"no writing for {type(value).__name__}: give one in « shown »")


def intervalle(pair: Sequence[float]) -> str:
    """« 0 à 3 »."""
    return f"{cellule(pair[0])} à {cellule(pair[1])}"


def periode(text: str) -> str:
    return periode_courte(text)


# ------------------------------------------------------------------ pages


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """The modules of ``tests/spec`` in the order of their pages."""
    for folder in (SPEC.parent, SPEC):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    found = [importlib.import_module(path.stem) for path in sorted(SPEC.glob("test_*.py"))]
    return tuple(sorted(found, key=lambda module: (methode_of(module).order, module.__name__)))


def methode_of(module: ModuleType) -> Methode:
    """What the module says of itself; raises ``AttributeError`` when it says nothing."""
    told: Methode = module.METHODE
    return told


def file_name(module: ModuleType) -> str:
    return module.__name__.removeprefix("test_").replace("_", "-") + ".md"


def title_of(module: ModuleType) -> str:
    """The first line of the docstring, without its stop."""
    return text(inspect.cleandoc(module.__doc__ or "").partition("\n")[0].rstrip("."))


def text(words: str) -> str:
    return typographie(" ".join(words.split()))


def page(module: ModuleType) -> str:
    """The page of a module, Markdown."""
    told = inspect.cleandoc(module.__doc__ or "").partition("\n")[2]
    parts = [f"# {title_of(module)}"]
    parts += [text(paragraph) for paragraph in re.split(r"\n\s*\n", told) if paragraph.strip()]
    for table in methode_of(module).tables:
        parts.append(f"## {text(table.title)}")
        parts.append("\n".join(_rows(module, table)))
        if table.note:
            parts.append(text(table.note))
    cases = list(_cases(module))
    if cases:
        parts.append("## Aussi vérifié")
        parts.append("\n".join(f"- {case}" for case in cases))
    parts.append(
        f"*Page faite à partir de `tests/spec/{module.__name__}.py` : ses tableaux sont ceux que "
        "les tests vérifient à chaque changement du logiciel.*".replace(" :", "\u00a0:")
    )
    return "\n\n".join(parts) + "\n"


def _rows(module: ModuleType, table: Tableau) -> Iterator[str]:
    rows = getattr(module, table.name)
    rows = list(rows.items()) if isinstance(rows, Mapping) else list(rows)
    yield _line(table.heads)
    yield _line(["---"] * len(table.heads))
    for row in rows:
        cells = row if isinstance(row, tuple) else (row,)
        if len(cells) != len(table.heads):
            raise ValueError(f"{module.__name__}.{table.name}: {len(table.heads)} heads, {cells}")
        yield _line(
            _cell(table, head, value) for head, value in zip(table.heads, cells, strict=True)
        )


def _cell(table: Tableau, head: str, value: Any) -> str:
    if head in table.shown:
        return table.shown[head](value)
    try:
        if value in table.words:
            return table.words[value]
    except TypeError:  # a list, a dict: never a word
        pass
    return cellule(value)


def _line(cells: Any) -> str:
    return "| " + " | ".join(text(str(cell)).replace("|", "\\|") or " " for cell in cells) + " |"


def _cases(module: ModuleType) -> Iterator[str]:
    """What the docstrings of the tests say, in their order."""
    for name, function in vars(module).items():
        if name.startswith("test_") and callable(function) and function.__doc__:
            yield text(inspect.cleandoc(function.__doc__))


def index() -> str:
    """The first page: what the others are about."""
    lines = [
        "# La méthode",
        text(
            "Comment le logiciel compte, compare, protège et dessine. Chaque page énonce une "
            "règle, puis des tableaux d’exemples. Ces tableaux sont ceux des tests : une règle qui "
            "changerait sans que sa page change arrêterait la construction du logiciel."
        ),
        "\n".join(f"- [{title_of(m)}]({file_name(m)})" for m in modules()),
        "*`make methode` refait ces pages.*",
    ]
    return "\n\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """All the pages by the name of their file."""
    return {"index.md": index(), **{file_name(module): page(module) for module in modules()}}


def tables_of_tests(module: ModuleType) -> set[str]:
    """The names of the tables that the tests of a module run over."""
    tree = ast.parse(inspect.getsource(module))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for part in [*node.decorator_list, *node.body]:
                found |= {n.id for n in ast.walk(part) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.FunctionDef):
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found


def parametrized(module: ModuleType) -> set[str]:
    """The names of the tables that ``parametrize`` names."""
    tree = ast.parse(inspect.getsource(module))
    return {
        node.args[1].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("parametrize")
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Name)
    }


def write() -> None:
    """Write the pages, and remove those that no module makes any more."""
    held = pages()
    for folder in (PAGES, SHIPPED):
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.md"):
            if path.name not in held:
                path.unlink()
        for name, content in held.items():
            (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
