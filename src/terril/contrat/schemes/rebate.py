"""What is a landlord's tax rebate worth, and what did it do in return, to the cent?

The rebate of the tax on built property (TFPB, CGI art. 1388 bis), by owner, commune,
neighbourhood and year. Rules: ``tfpb_*`` parameters. An action on several neighbourhoods is
shared by the dwellings with rebate, or by a typed key, and the parts make the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.parts import split, typed_key
from terril.contrat.schemes.results import difference, euros, given_up, ratio, total
from terril.registres.rows import Books, Row

REBATES: Final = "tfpb_conventions"
ACTIONS: Final = "tfpb_actions"

#: amounts of an action, all shared in the same way
AMOUNTS: Final = ("cout", "part_bailleur", "autres", "valorise_prevu", "depense", "valorise")


@dataclass(frozen=True, slots=True)
class Share:
    """The part of an action that falls to one rebate. Amounts in euros, ``None`` unknown."""

    action: Row
    amounts: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Rebate:
    """One owner × commune × neighbourhood × year, and what was done in return."""

    row: Row
    computed: Decimal | None  # base × 30 % × sum of rates, to the cent
    shares: tuple[Share, ...]
    sums: Mapping[str, Decimal | None]  # of each amount, over the actions that give it

    @property
    def notified(self) -> Decimal | None:
        """The amount of the notice, euros."""
        amount: Decimal | None = self.row.get("abattement")
        return amount

    @property
    def gap(self) -> Decimal | None:
        """Notified − computed, euros."""
        return difference(self.notified, self.computed)

    def sum(self, amount: str) -> Decimal | None:
        """The sum of an amount of ``AMOUNTS`` over the actions that give it."""
        return self.sums[amount]


def computed_rebate(
    base: Decimal | None, rates: Decimal | None, share: float | Decimal
) -> Fraction | None:
    """Return base × share × sum of the rates, exact euros.

    ``rates`` and ``share`` in %: 30 for 30 %. ``None`` when the base or the rates are unknown.
    """
    if base is None or rates is None:
        return None
    return Fraction(base) * Fraction(str(share)) / 100 * Fraction(rates) / 100


def shared(action: Row, rebates: Mapping[int, Row]) -> dict[int, Share] | None:
    """Share the amounts of an action between the rebates that it is linked to.

    By the dwellings of each rebate, or by the typed key, one part a rebate in the order of the
    links. ``None`` when that cannot be done: dwellings unknown, key absent or of another length.
    An action without rebate gives nothing.
    """
    numbers = _links(action, rebates)
    weights = weights_of(action, rebates)
    if weights is None or not numbers:
        return None if weights is None else {}
    parts = {
        amount: None if action.get(amount) is None else split(action.get(amount), weights)
        for amount in AMOUNTS
    }
    return {
        number: Share(
            action,
            {name: None if part is None else part[place] for name, part in parts.items()},
        )
        for place, number in enumerate(numbers)
    }


def _links(action: Row, rebates: Mapping[int, Row]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(n for n in action.get("conventions") or () if n in rebates))


def weights_of(action: Row, rebates: Mapping[int, Row]) -> Sequence[int | Decimal] | None:
    """Return the weight of each rebate that an action is linked to, in the order of the links.

    ``None`` when the action cannot be shared; see :func:`shared`.
    """
    rows = [rebates[number] for number in _links(action, rebates)]
    if len(rows) < 2:
        return (1,) * len(rows)
    if action.get("cle") == "saisie":
        key = typed_key(action.get("parts"))
        return key if key is not None and len(key) == len(rows) else None
    dwellings = [row.get("logements") for row in rows]
    return dwellings if all(n is not None for n in dwellings) and any(dwellings) else None


def live_actions(books: Books) -> list[Row]:
    """Return the actions that were not given up."""
    return [row for row in books.rows(ACTIONS) if not given_up(row)]


def rebates_of(books: Books, catalogue: Catalogue) -> tuple[Rebate, ...]:
    """Return every rebate with its check and its shares of actions, in the order of the rows.

    An action that cannot be shared counts nowhere; an alert says so.
    """
    rows = {row.number: row for row in books.rows(REBATES)}
    held: dict[int, list[Share]] = {number: [] for number in rows}
    for action in live_actions(books):
        for number, share in (shared(action, rows) or {}).items():
            held[number].append(share)
    part = catalogue.number("tfpb_abattement")
    return tuple(
        Rebate(
            row,
            euros(computed_rebate(row.get("base"), row.get("taux"), part)),
            tuple(held[number]),
            {name: total(share.amounts[name] for share in held[number]) for name in AMOUNTS},
        )
        for number, row in rows.items()
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """What a set of rebates comes to. Euros and exact shares; ``None`` unknown.

    ``use``: valued ÷ rebate, shown over 100 % too; ``remainder``: rebate − valued, negative
    beyond; ``per_dwelling``: valued ÷ dwellings with rebate; ``awaited``: actions whose value
    after the year is unknown. Where several rebates are put together, the shares bear on those
    that know both of their sides.
    """

    notified: Decimal | None
    dwellings: int | None
    planned: Decimal | None
    spent: Decimal | None
    valued: Decimal | None
    planned_use: Fraction | None
    use: Fraction | None
    remainder: Decimal | None
    per_dwelling: Decimal | None
    actions: int
    awaited: int


def balance(rebates: Sequence[Rebate]) -> Balance:
    """Put rebates together: one, those of a landlord, of a neighbourhood, of a year."""
    known = [rebate for rebate in rebates if rebate.notified is not None]
    notified = total(rebate.notified for rebate in known)
    planned = [r for r in known if r.sum("valorise_prevu") is not None]
    valued = [r for r in known if r.sum("valorise") is not None]
    housed = [r for r in rebates if r.row.get("logements") and r.sum("valorise") is not None]
    dwellings = total(rebate.row.get("logements") for rebate in rebates)
    value_known = total(rebate.sum("valorise") for rebate in valued)
    actions = {s.action.number: s for rebate in rebates for s in rebate.shares}
    return Balance(
        notified,
        None if dwellings is None else int(dwellings),
        total(rebate.sum("valorise_prevu") for rebate in rebates),
        total(rebate.sum("depense") for rebate in rebates),
        total(rebate.sum("valorise") for rebate in rebates),
        ratio(total(r.sum("valorise_prevu") for r in planned), total(r.notified for r in planned)),
        ratio(value_known, total(r.notified for r in valued)),
        difference(total(r.notified for r in valued), value_known),
        euros(
            ratio(total(r.sum("valorise") for r in housed),
                  total(r.row.get("logements") for r in housed))
        ),
        len(actions),
        sum(share.action.get("valorise") is None for share in actions.values()),
    )  # fmt: skip
