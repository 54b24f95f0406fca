"""What is the tree of a contract on a given day, whatever its levels are called?

The rows of the register « arbre » name their parent. A contract of 2015 has pillars, axes and
objectives; one of 2024 has projects of neighbourhoods and their objectives: depth is free, a row
may skip a level. A row holds from a day to another: an amendment closes a row and opens another
of the same code, under which those that named the former one as parent go on living.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terril.lib.problems import Problem, Severity, Where
from terril.registres.rows import Row

REGISTER: Final = "arbre"
_NUMBER: Final = re.compile(r"(\d+)")


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """The key that puts « P1.2 » before « P1.10 »: numbers are compared as numbers."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.casefold())
        for part in _NUMBER.split(code)
        if part
    )


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the tree. ``level``: 1 for the first; ``row``: all its columns."""

    number: int
    code: str
    title: str
    level: int
    transversal: bool
    quarters: tuple[int, ...]
    goals: tuple[str, ...]
    indicators: tuple[str, ...]
    since: dt.date | None
    until: dt.date | None
    row: Row

    @property
    def name(self) -> str:
        """« P1.2 Santé »."""
        return f"{self.code} {self.title}".strip()

    def holds(self, day: dt.date) -> bool:
        """Is it in force on that day, both ends included?"""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the tree, and the row where it is corrected."""

    number: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of one day.

    ``children``: numbers under a number, ``None`` for the first level, in the order to show.
    ``same``: number of any row, in force or not → number of the row of its code in force.
    Rows that turn in a circle are in ``faults`` and nowhere else.
    """

    nodes: Mapping[int, Node]
    parents: Mapping[int, int | None]
    children: Mapping[int | None, tuple[int, ...]]
    same: Mapping[int, int]
    faults: tuple[Fault, ...] = ()

    def under(self, number: int | None) -> Iterator[Node]:
        """Yield the nodes below a node (or all), each before its own children."""
        waiting = list(reversed(self.children.get(number, ())))
        while waiting:
            at = waiting.pop()
            yield self.nodes[at]
            waiting += reversed(self.children.get(at, ()))

    def whole(self, number: int) -> tuple[Node, ...]:
        """A node and all that is below it."""
        return (self.nodes[number], *self.under(number))

    def path(self, number: int) -> tuple[Node, ...]:
        """The nodes from the first level down to a node, itself included."""
        found: list[Node] = []
        at: int | None = number
        while at is not None:
            found.append(self.nodes[at])
            at = self.parents[at]
        return tuple(reversed(found))

    def depth(self, number: int) -> int:
        """How many nodes stand above."""
        return len(self.path(number)) - 1

    @property
    def objectives(self) -> tuple[Node, ...]:
        """The nodes without a child: what actions and indicators are expected of."""
        return tuple(node for node in self.under(None) if not self.children.get(node.number))

    def resolve(self, numbers: Sequence[int] | None) -> tuple[int, ...]:
        """The nodes in force that links point at, each once; those without any are dropped."""
        found = (self.same.get(number) for number in numbers or ())
        return tuple(dict.fromkeys(number for number in found if number is not None))

    def of_quarter(self, quarter: int) -> tuple[Node, ...]:
        """The nodes that name a neighbourhood, highest ones only (what is below belongs too)."""
        return tuple(
            node
            for node in self.under(None)
            if quarter in node.quarters
            and not any(quarter in above.quarters for above in self.path(node.number)[:-1])
        )


def level_label(levels: Sequence[Sequence[str]], level: int, *, plural: bool = False) -> str:
    """The name that the contract gives to a level: « pilier », « objectifs opérationnels ».

    ``levels``: a pair (singular, plural) a level. A level without a name is « niveau 4 ».
    """
    if 1 <= level <= len(levels):
        return levels[level - 1][1 if plural else 0]
    return f"niveau {level}"


def node_label(levels: Sequence[Sequence[str]], node: Node, *, plural: bool = False) -> str:
    """The name of what a node is: that of its level, or « volet transversal » at the first one."""
    if node.transversal and node.level == 1:
        return "volets transversaux" if plural else "volet transversal"
    return level_label(levels, node.level, plural=plural)


def build(rows: Sequence[Row], day: dt.date) -> Tree:
    """Return the tree in force on ``day``.

    Nothing is lost: a row whose parent is unknown or no longer in force stands at the first
    level and is told; only rows that turn in a circle are left out, and told. Two rows of one
    code in force together are both kept, and told.
    """
    every = {row.number: _node(row) for row in rows if not row.archived}
    alive = {number: node for number, node in every.items() if node.holds(day)}
    faults: list[Fault] = []
    by_code: dict[str, int] = {}
    for number in sorted(alive):
        code = alive[number].code
        if code and code in by_code:
            faults.append(_twice(alive[number], alive[by_code[code]]))
        elif code:
            by_code[code] = number
    same = {number: number for number in alive}
    for number, node in every.items():
        if number not in same and node.code in by_code:
            same[number] = by_code[node.code]
    parents: dict[int, int | None] = {}
    for number, node in sorted(alive.items()):
        wanted = node.row.get("parent")
        parents[number] = same.get(wanted) if wanted is not None else None
        if wanted is not None and parents[number] is None:
            faults.append(_orphan(node, known=wanted in every))
    turning = _turning(parents)
    for number in sorted(turning):
        faults.append(_circle(alive[number]))
        parents.pop(number)
    for number, parent in parents.items():
        if parent in turning:
            parents[number] = None
            faults.append(_orphan(alive[number], known=True))
    return _ordered(alive, parents, same, faults)


def _ordered(
    alive: Mapping[int, Node],
    parents: dict[int, int | None],
    same: Mapping[int, int],
    faults: list[Fault],
) -> Tree:
    """Put children in order, give each node its level, tell the levels that do not descend."""
    held: dict[int | None, list[int]] = {}
    for number, parent in parents.items():
        held.setdefault(parent, []).append(number)
    children = {
        parent: tuple(sorted(numbers, key=lambda n: _place(alive[n])))
        for parent, numbers in held.items()
    }
    nodes: dict[int, Node] = {}
    waiting = [(number, 1) for number in reversed(children.get(None, ()))]
    while waiting:
        number, depth = waiting.pop()
        node = alive[number]
        nodes[number] = node = node if node.level else _at_level(node, depth)
        parent = parents[number]
        if parent is not None and node.level <= nodes[parent].level:
            faults.append(_not_below(node, nodes[parent]))
        waiting += [(child, node.level + 1) for child in reversed(children.get(number, ()))]
    return Tree(
        nodes,
        parents,
        children,
        {number: target for number, target in same.items() if target in nodes},
        tuple(sorted(faults, key=lambda fault: (fault.problem.code, fault.number))),
    )


def _place(node: Node) -> tuple[int, int, tuple[tuple[int, int, str], ...], int]:
    order = node.row.get("ordre")
    return (order is None, order or 0, natural(node.code), node.number)


def _node(row: Row) -> Node:
    level = str(row.get("niveau") or "")
    return Node(
        number=row.number,
        code=row.get("code") or "",
        title=row.get("intitule") or "",
        level=int(level[1:]) if level[1:].isdigit() else 0,
        transversal=bool(row.get("transversal")),
        quarters=tuple(row.get("quartiers") or ()),
        goals=tuple(row.get("buts") or ()),
        indicators=tuple(row.get("indicateurs") or ()),
        since=row.get("depuis"),
        until=row.get("jusqua"),
        row=row,
    )


def _at_level(node: Node, level: int) -> Node:
    return Node(
        node.number, node.code, node.title, level, node.transversal, node.quarters, node.goals,
        node.indicators, node.since, node.until, node.row,
    )  # fmt: skip


def _turning(parents: Mapping[int, int | None]) -> set[int]:
    """The numbers that are their own ancestors."""
    safe: set[int] = set()
    turning: set[int] = set()
    for start in parents:
        trail: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in safe and at not in turning and at not in trail:
            trail[at] = None
            at = parents[at]
        if at is not None and at in trail:
            steps = list(trail)
            turning.update(steps[steps.index(at) :])
        safe.update(number for number in trail if number not in turning)
    return turning


def _where(node: Node) -> Where:
    return Where(file="Arborescence du contrat", column=node.name)


def _circle(node: Node) -> Fault:
    return Fault(
        node.number,
        Problem(
            "arbre-cercle",
            _where(node),
            "Cet élément fait partie de lui-même, par ses parents.",
            "une suite de parents qui monte jusqu’au premier niveau.",
            "corrigez la colonne « Fait partie de » de l’un des éléments du cercle.",
        ),
    )


def _orphan(node: Node, *, known: bool) -> Fault:
    return Fault(
        node.number,
        Problem(
            "arbre-orphelin",
            _where(node),
            "L’élément dont celui-ci fait partie n’est pas en vigueur à cette date."
            if known
            else "L’élément dont celui-ci fait partie n’existe pas.",
            "un parent en vigueur, ou aucun.",
            "corrigez la colonne « Fait partie de » ; d’ici là, il est montré au premier niveau.",
            Severity.WARNING,
        ),
    )


def _twice(node: Node, other: Node) -> Fault:
    return Fault(
        node.number,
        Problem(
            "arbre-code-double",
            _where(node),
            f"Le code « {node.code} » est aussi celui de « {other.title} » à cette date.",
            "un code par élément en vigueur.",
            "changez l’un des codes, ou fermez l’une des lignes par sa date de fin.",
            Severity.WARNING,
        ),
    )


def _not_below(node: Node, parent: Node) -> Fault:
    return Fault(
        node.number,
        Problem(
            "arbre-niveau",
            _where(node),
            f"Son niveau ({node.level}) n’est pas sous celui de son parent ({parent.level}).",
            "un niveau plus bas que celui du parent.",
            "corrigez la colonne « Niveau », ou la colonne « Fait partie de ».",
            Severity.WARNING,
        ),
    )
