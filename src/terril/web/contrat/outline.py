"""What does the page of the tree show, branch by branch?

The tree is flattened in the order of the page: each branch says whether it opens a list and how
many it closes, so that a page of a thousand nodes is written in one loop.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from terril.contrat.commitments.board import REGISTER as COMMITMENTS
from terril.contrat.tree.money import ACTIONS, FUNDINGS, Total, actions_by_node, rolled_up
from terril.contrat.tree.nodes import REGISTER, Node, Tree, build, node_label
from terril.contrat.tree.questions import Movement
from terril.editions.look import Shelf
from terril.lib.french import avec_unite, compte, majuscule
from terril.web.contrat.figures import Observed, edition_for, observed
from terril.web.contrat.sums import kept_while, shares_of
from terril.web.espace.perms import can_read
from terril.web.espace.space import Space


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of the page. ``closes``: lists that end after it, one item each."""

    node: Node
    level: str
    address: str
    parent: bool
    closes: tuple[int, ...]
    facts: tuple[str, ...]  # « 3 actions », « 12 000 € accordés », « 2 indicateurs »
    moves: str  # of its indicators and those below, "" when none moves
    places: str  # names of its neighbourhoods
    below: str  # « 4 axes, 1 objectif »: its children by level
    opened: bool


def tree_of(space: Space, day: dt.date | None = None) -> Tree:
    """The tree of the contract on a day, today unless given."""
    return build(space.rows(REGISTER), day or space.today)


def observed_for(space: Space, codes: Iterable[str]) -> Observed:
    """What the last edition of the contract’s agglomeration says of some indicators."""
    siren = space.contract.siren
    return observed(edition_for(Shelf(settings.EDITIONS), siren), siren, codes)


def indicators_of(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The indicators that nodes cite, each once."""
    return tuple(dict.fromkeys(code for node in nodes for code in node.indicators))


@dataclass(frozen=True, slots=True)
class Weights:
    """What stands on the nodes of a tree: money (when she may read it), actions, commitments."""

    money: Mapping[int | None, Total] | None
    actions: Mapping[int, int]
    commitments: Mapping[int, int]


def weights(space: Space, tree: Tree, day: dt.date) -> Weights:
    """Return what stands on each node of the tree of a day, all below included."""
    rich = can_read(space, FUNDINGS) is None
    registers = (ACTIONS, FUNDINGS, REGISTER, COMMITMENTS)
    return kept_while(
        space, registers, ("poids", day, rich), lambda: _weighed(space, tree, day, rich=rich)
    )


def _weighed(space: Space, tree: Tree, day: dt.date, *, rich: bool) -> Weights:
    money = rolled_up(shares_of(space, tree, day), tree) if rich else None
    own = {n: {row.number for row in rows} for n, rows in actions_by_node(space, tree).items()}
    held: dict[int, set[int]] = {}
    for row in space.rows(COMMITMENTS):
        for number in tree.resolve(row.get("objectifs")):
            held.setdefault(number, set()).add(row.number)
    return Weights(money, _rolled(tree, own), _rolled(tree, held))


def _rolled(tree: Tree, own: Mapping[int, set[int]]) -> dict[int, int]:
    sums: dict[int, set[int]] = {}
    for node in list(tree.under(None))[::-1]:
        mine = set(own.get(node.number, ()))
        for child in tree.children.get(node.number, ()):
            mine |= sums[child]
        sums[node.number] = mine
    return {number: len(found) for number, found in sums.items() if found}


def branches(
    space: Space,
    tree: Tree,
    weighed: Weights,
    seen: Observed,
    tops: Sequence[int] | None = None,
    *,
    opened: int = 1,
) -> list[Branch]:
    """Flatten the tree, or what is under ``tops``. ``opened``: levels unfolded at first."""
    found: list[Branch] = []
    levels = space.contract.levels
    first = tree.children.get(None, ()) if tops is None else tuple(tops)
    waiting = [(number, 0, 0) for number in reversed(first)]
    last = {group[-1] for group in (*tree.children.values(), first) if group}
    while waiting:
        number, depth, above = waiting.pop()
        node, below = tree.nodes[number], tree.children.get(number, ())
        ends = above + 1 if depth and number in last else 0
        found.append(
            Branch(
                node,
                majuscule(node_label(levels, node)),
                reverse("fiche-registre", args=[space.contract.code, REGISTER, number]),
                bool(below),
                () if below else tuple(range(ends)),
                _facts(node, weighed, [n for n in tree.whole(number)]),
                _moves(tree.whole(number), seen),
                ", ".join(space.name("quartiers", q) for q in node.quarters),
                levels_text(levels, (tree.nodes[child] for child in below)),
                depth < opened,
            )
        )
        waiting += [
            (child, depth + 1, ends if child == below[-1] else 0) for child in reversed(below)
        ]
    return found


def levels_text(levels: Sequence[Sequence[str]], nodes: Iterable[Node]) -> str:
    """« 3 piliers, 12 axes, 1 objectif »: how many nodes of each level, as the contract says."""
    held: dict[tuple[int, bool], list[Node]] = {}
    for node in nodes:
        held.setdefault((node.level, node.transversal and node.level == 1), []).append(node)
    return ", ".join(
        compte(
            len(found),
            node_label(levels, found[0]),
            node_label(levels, found[0], plural=True),
        )
        for _, found in sorted(held.items())
    )


def _facts(node: Node, weighed: Weights, whole: Sequence[Node]) -> tuple[str, ...]:
    found = []
    if count := weighed.actions.get(node.number):
        found.append(compte(count, "action", "actions"))
    if weighed.money is not None and (held := weighed.money.get(node.number)):
        granted = held.money.granted
        if granted:
            found.append(f"{avec_unite(float(granted), 0, '€')} accordés")
    if count := weighed.commitments.get(node.number):
        found.append(compte(count, "engagement", "engagements"))
    if count := len(indicators_of(whole)):
        found.append(compte(count, "indicateur", "indicateurs"))
    return tuple(found)


def _moves(whole: Iterable[Node], seen: Observed) -> str:
    marks = [seen.figures[c].mark for c in indicators_of(whole) if c in seen.figures]
    better, worse = marks.count(Movement.IMPROVES), marks.count(Movement.WORSENS)
    parts = []
    if better:
        parts.append(f"{compte(better, 'indicateur va', 'indicateurs vont')} mieux")
    if worse:
        parts.append(f"{compte(worse, 'indicateur va', 'indicateurs vont')} moins bien")
    return ", ".join(parts)
