"""Where does the money of the programme go: by objective, year, funder, kind, neighbourhood?

An action on several objectives (or neighbourhoods) counts in each for an equal part, to the cent:
the first ones bear the cents that do not divide. The parts always add up to the whole, and what
is split is said to be. Source of the kinds: loi 2014-173, art. 1 (droit commun first, specific
credits when it is not enough); valued time and premises are told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from terril.contrat.tree.nodes import Tree
from terril.registres.rows import Books, Row

ACTIONS: Final = "actions"
FUNDINGS: Final = "financements"
#: the kind of credits that the half under multi-year agreements is counted on
SPECIFIC: Final = "specifiques"
#: states of actions that nothing is expected of any more
CLOSED_WITHOUT: Final = frozenset({"refusee", "abandonnee"})

Key = TypeVar("Key")
#: are the amounts asked, granted and paid given?
Said = tuple[bool, bool, bool]
_CENT: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)


def split(amount: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Cut an amount in equal parts to the cent, whose sum is the amount.

    What a cent does not divide goes to the first parts; fractions of a cent go to the first one.
    """
    if parts <= 1:
        return (amount,)
    if not amount:
        return (_ZERO,) * parts
    cents = int((amount / _CENT).to_integral_value(rounding="ROUND_FLOOR"))
    each, rest = divmod(cents, parts)
    cut = [(each + (index < rest)) * _CENT for index in range(parts)]
    cut[0] += amount - cents * _CENT
    return tuple(cut)


@dataclass(frozen=True, slots=True)
class Money:
    """Sums in euros. A funding whose amount is blank counts for nothing in that sum."""

    asked: Decimal = _ZERO
    granted: Decimal = _ZERO
    paid: Decimal = _ZERO

    def __add__(self, other: Money) -> Money:
        return Money(self.asked + other.asked, self.granted + other.granted, self.paid + other.paid)

    def __bool__(self) -> bool:
        return bool(self.asked or self.granted or self.paid)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one funding that falls on one objective or neighbourhood.

    ``place``: number of the node or of the neighbourhood; ``None``: none is named, or it is no
    longer in force. ``parts``: into how many the funding is cut. ``said``: which of the three
    amounts its row gives; the others count for nothing, and are not zero.
    """

    funding: int
    place: int | None
    action: int | None  # None: the action is not there any more
    year: int | None
    funder: int | None
    kind: str
    cpo: bool
    money: Money
    parts: int
    said: Said


@dataclass(frozen=True, slots=True)
class Total:
    """What falls under one key. ``split``: some fundings have other parts elsewhere.

    ``said``: which of the three sums have an amount at least behind them.
    """

    money: Money
    split: bool = False
    actions: frozenset[int] = frozenset()
    said: Said = (False, False, False)


def _shares(books: Books, places: Callable[[Row], Sequence[int]]) -> tuple[Share, ...]:
    actions = {row.number: (row, places(row) or (None,)) for row in books.rows(ACTIONS)}
    found: list[Share] = []
    for row in books.rows(FUNDINGS):
        held = actions.get(row.get("action"))
        funder, kind = row.get("financeur"), row.get("nature") or ""
        given = (row.get("demande"), row.get("accorde"), row.get("paye"))
        said: Said = (given[0] is not None, given[1] is not None, given[2] is not None)
        amounts = [amount or _ZERO for amount in given]
        if held is None:
            money = Money(*amounts)
            found.append(Share(row.number, None, None, None, funder, kind, False, money, 1, said))
            continue
        action, spots = held
        year, cpo, count = action.get("annee"), bool(action.get("cpo")), len(spots)
        cut = zip(*(split(amount, count) for amount in amounts), strict=True)
        for spot, parts in zip(spots, cut, strict=True):
            money = Money(*parts)
            found.append(
                Share(
                    row.number, spot, action.number, year, funder, kind, cpo, money, count, said
                )
            )  # fmt: skip
    return tuple(found)


def by_objective(books: Books, tree: Tree) -> tuple[Share, ...]:
    """The fundings cut between the objectives of their action, as the tree of the day has them."""
    return _shares(books, lambda action: tree.resolve(action.get("objectifs")))


def by_quarter(books: Books) -> tuple[Share, ...]:
    """The fundings cut between the neighbourhoods of their action."""
    return _shares(books, lambda action: tuple(dict.fromkeys(action.get("quartiers") or ())))


def total(shares: Iterable[Share]) -> Money:
    """The sum of shares."""
    found = Money()
    for share in shares:
        found += share.money
    return found


class _Sum:
    """A total being made: what is still elsewhere of each funding that is cut."""

    def __init__(self) -> None:
        self.asked = self.granted = self.paid = _ZERO
        self.elsewhere: dict[int, int] = {}
        self.actions: set[int] = set()
        self.said = [False, False, False]

    def add(self, share: Share) -> None:
        self.asked += share.money.asked
        self.granted += share.money.granted
        self.paid += share.money.paid
        for index in range(3):
            self.said[index] |= share.said[index]
        if share.parts > 1:
            left = self.elsewhere.get(share.funding, share.parts)
            self.elsewhere[share.funding] = left - 1
        if share.action is not None:
            self.actions.add(share.action)

    def total(self) -> Total:
        return Total(
            Money(self.asked, self.granted, self.paid),
            any(self.elsewhere.values()),
            frozenset(self.actions),
            (self.said[0], self.said[1], self.said[2]),
        )


def grouped(shares: Iterable[Share], key: Callable[[Share], Key]) -> dict[Key, Total]:
    """Sum shares by key, in the order in which keys come."""
    sums: dict[Key, _Sum] = {}
    for share in shares:
        at = key(share)
        if at not in sums:
            sums[at] = _Sum()
        sums[at].add(share)
    return {at: found.total() for at, found in sums.items()}


def rolled_up(shares: Iterable[Share], tree: Tree) -> dict[int | None, Total]:
    """Sum shares by node, all that is below included; ``None``: on no node of the tree."""
    above = {node.number: [n.number for n in tree.path(node.number)] for node in tree.under(None)}
    sums: dict[int | None, _Sum] = {}
    for share in shares:
        places: Sequence[int | None] = above[share.place] if share.place is not None else (None,)
        for place in places:
            if place not in sums:
                sums[place] = _Sum()
            sums[place].add(share)
    return {place: found.total() for place, found in sums.items()}


@dataclass(frozen=True, slots=True)
class CpoShare:
    """The credits of a funder in a year, and those under a multi-year agreement."""

    year: int | None
    funder: int | None  # None: all the funders
    credits: Decimal
    under: Decimal

    @property
    def share(self) -> Fraction | None:
        """Part of the credits under agreement, ``None`` without credits."""
        return Fraction(self.under) / Fraction(self.credits) if self.credits else None


def cpo_shares(shares: Iterable[Share]) -> tuple[CpoShare, ...]:
    """Specific credits granted under a multi-year agreement, by year then by funder.

    The line of all the funders comes before theirs. Source: circulaire of 31 Aug 2023, at least
    half of the credits; shown, it blocks nothing.
    """
    held: dict[tuple[int | None, int | None], list[Decimal]] = {}
    for share in shares:
        if share.kind != SPECIFIC or not share.money.granted:
            continue
        for funder in (None, share.funder):
            sums = held.setdefault((share.year, funder), [_ZERO, _ZERO])
            sums[0] += share.money.granted
            sums[1] += share.money.granted if share.cpo else _ZERO
            if share.funder is None:
                break  # an unnamed funder is in the line of all, and in none of its own
    order = sorted(held, key=lambda at: (-(at[0] or 0), at[1] is not None, at[1] or 0))
    return tuple(CpoShare(year, funder, *held[year, funder]) for year, funder in order)


def actions_by_node(books: Books, tree: Tree) -> Mapping[int, tuple[Row, ...]]:
    """The actions on each node itself (not those below), the last years first.

    Actions refused or abandoned are left out: nothing is expected of them.
    """
    found: dict[int, list[Row]] = {}
    for row in books.rows(ACTIONS):
        if row.get("etat") in CLOSED_WITHOUT:
            continue
        for number in tree.resolve(row.get("objectifs")):
            found.setdefault(number, []).append(row)
    return {
        number: tuple(sorted(rows, key=lambda r: (-(r.get("annee") or 0), r.get("code") or "")))
        for number, rows in found.items()
    }
