"""Which questions does the tree of a contract raise to those who run it?

Objectives without a goal of the law, without an indicator, without an action; objectives that
money goes to and that no indicator follows; indicators that move where no action is. A question is
no fault: it is shown, it blocks nothing. Source of the goals: loi 2014-173, art. 1, to which the
annual report compares the neighbourhoods (CGCT L.1111-2; décret 2015-1118).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from terril.contrat.tree.money import Money, Total
from terril.contrat.tree.nodes import Node, Tree
from terril.registres.rows import Row


class Movement(StrEnum):
    """How an indicator moved on a territory since its former period."""

    IMPROVES = "mieux"
    WORSENS = "moins_bien"
    MOVES = "bouge"  # it changed, and neither way is better
    STABLE = "stable"
    UNKNOWN = "inconnu"


MOVING: Final = frozenset({Movement.IMPROVES, Movement.WORSENS, Movement.MOVES})

#: indicator → territory → movement: what the observatory says, as plain values
Movements = Mapping[str, Mapping[str, Movement]]


@dataclass(frozen=True, slots=True)
class Funded:
    """An objective that money goes to and that no indicator follows."""

    node: Node
    money: Money
    split: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """An indicator that moves where the objectives that cite it have no action."""

    indicator: str
    nodes: tuple[Node, ...]
    worse: tuple[str, ...]  # territories where it worsens
    better: tuple[str, ...]  # where it improves
    other: tuple[str, ...]  # where it changes, neither way being better


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask of a tree, each list in the order of the tree."""

    without_goal: tuple[Node, ...]
    without_indicator: tuple[Node, ...]
    without_action: tuple[Node, ...]
    funded_unfollowed: tuple[Funded, ...]
    moving_alone: tuple[Moving, ...]

    @property
    def count(self) -> int:
        """How many questions there are."""
        return (
            len(self.without_goal)
            + len(self.without_indicator)
            + len(self.without_action)
            + len(self.funded_unfollowed)
            + len(self.moving_alone)
        )


def questions(
    tree: Tree,
    own_money: Mapping[int | None, Total],
    actions: Mapping[int, Sequence[Row]],
    movements: Movements,
) -> Questions:
    """Return what to ask.

    ``own_money``: what goes to each node itself (``money.grouped`` by place). ``actions``: those
    on each node itself. An objective is a node without a child: goals, indicators and actions are
    asked of itself, not of what it is part of. Money and actions of a node higher up are met by
    the indicators that stand on it or anywhere below.
    """
    objectives = tree.objectives
    return Questions(
        without_goal=tuple(node for node in objectives if not node.goals),
        without_indicator=tuple(node for node in objectives if not node.indicators),
        without_action=tuple(node for node in objectives if not actions.get(node.number)),
        funded_unfollowed=tuple(
            Funded(node, held.money, held.split)
            for node in tree.under(None)
            if (held := own_money.get(node.number)) is not None
            and held.money.granted
            and not any(other.indicators for other in tree.whole(node.number))
        ),
        moving_alone=_moving(tree, actions, movements),
    )


def _moving(
    tree: Tree, actions: Mapping[int, Sequence[Row]], movements: Movements
) -> tuple[Moving, ...]:
    citing: dict[str, list[Node]] = {}
    for node in tree.under(None):
        for indicator in node.indicators:
            citing.setdefault(indicator, []).append(node)
    found = []
    for indicator, nodes in citing.items():
        by_territory = movements.get(indicator, {})
        if not any(movement in MOVING for movement in by_territory.values()):
            continue
        if any(actions.get(near.number) for node in nodes for near in tree.whole(node.number)):
            continue
        found.append(
            Moving(
                indicator,
                tuple(nodes),
                _where(by_territory, Movement.WORSENS),
                _where(by_territory, Movement.IMPROVES),
                _where(by_territory, Movement.MOVES),
            )
        )
    return tuple(found)


def _where(by_territory: Mapping[str, Movement], wanted: Movement) -> tuple[str, ...]:
    return tuple(name for name, movement in by_territory.items() if movement is wanted)
