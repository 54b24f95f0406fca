"""What did an amendment change in the tree, from one day to another?

Elements are recognised by their code. One that keeps its code and changes its words, its parent,
its neighbourhoods, its goals or its indicators is changed; the others came or went.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.contrat.tree.nodes import Node, Tree, build, natural
from terril.registres.rows import Row

#: columns compared, with the words that name them
FIELDS: Final[dict[str, str]] = {
    "intitule": "intitulé",
    "parent": "fait partie de",
    "niveau": "niveau",
    "transversal": "transversal",
    "quartiers": "quartiers",
    "buts": "buts de la loi",
    "indicateurs": "indicateurs",
    "enjeux": "enjeux identifiés",
    "existant": "actions existantes",
    "travail": "axes de travail",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One column that changed, as the rows hold it; the parent is told by its name."""

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """An element that changed, as it is after."""

    node: Node
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changed between two days."""

    before: dt.date
    after: dt.date
    came: tuple[Node, ...]
    went: tuple[Node, ...]
    changed: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.changed)


def amendment(rows: Sequence[Row], before: dt.date, after: dt.date) -> Amendment:
    """Return what the tree of ``after`` has that the tree of ``before`` had not."""
    old, new = build(rows, before), build(rows, after)
    held, now = _by_code(old), _by_code(new)
    changed = []
    for code, node in now.items():
        former = held.get(code)
        if former is not None and (found := _changes(old, former, new, node)):
            changed.append(Changed(node, found))
    return Amendment(
        before,
        after,
        tuple(node for code, node in now.items() if code not in held),
        tuple(node for code, node in held.items() if code not in now),
        tuple(changed),
    )


def _by_code(tree: Tree) -> dict[str, Node]:
    nodes = sorted(tree.nodes.values(), key=lambda n: (natural(n.code), n.number))
    found: dict[str, Node] = {}
    for node in nodes:
        found.setdefault(node.code or f"n° {node.number}", node)
    return found


def _changes(old: Tree, former: Node, new: Tree, node: Node) -> tuple[Change, ...]:
    if former.number == node.number and _parent(old, former) == _parent(new, node):
        return ()
    found = []
    for field, label in FIELDS.items():
        before, after = _value(old, former, field), _value(new, node, field)
        if (before or None) != (after or None):
            found.append(Change(field, label, before, after))
    return tuple(found)


def _value(tree: Tree, node: Node, field: str) -> Any:
    if field == "parent":
        return _parent(tree, node)
    if field == "niveau":
        return node.level
    return node.row.get(field)


def _parent(tree: Tree, node: Node) -> str:
    parent = tree.parents[node.number]
    return tree.nodes[parent].name if parent is not None else ""
