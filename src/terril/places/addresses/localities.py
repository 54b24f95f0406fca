"""In which commune of the base is an address, when its commune or its postcode is badly written?

The name and the postcode help each other: a name tells the communes of a postcode apart, a
postcode tells homonymous communes apart. « CEDEX » codes are those of a post office, not of a
place. A commune that the base does not hold is told so, never replaced by a neighbour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from terril.places.addresses.base import Base
from terril.places.addresses.edits import distance
from terril.places.addresses.parse import Address
from terril.places.addresses.reasons import Reason

_FEW: Final = 12  # communes a badly written name may be among, without a postcode
_LEAST: Final = 5  # letters of a name that a slip leaves recognisable
_LONG: Final = 8  # letters from which two slips do
_BARE_POSTCODE: Final = 1.25  # of the price of another commune: the name is unknown here


@dataclass(frozen=True, slots=True)
class Spot:
    """A commune where the address may be, and what the doubt costs. ``former``: old commune."""

    commune: str
    former: str = ""
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Locality:
    """The communes an address may be in; a reason when there is none.

    ``sure``: the name, the postcode or the code leave no doubt (several homonyms may).
    """

    spots: tuple[Spot, ...]
    sure: bool = False
    reason: Reason | None = None


def locate(address: Address, base: Base, cost: float, default: Sequence[str] = ()) -> Locality:
    """Return where an address is.

    ``cost``: what a doubt about the commune costs. ``default``: communes (codes) to look in when
    the line gives neither commune nor postcode.
    """
    if address.insee:
        return _by_code(address.insee, base)
    if address.place:
        return _by_name(address, base, cost)
    if address.postcode:
        communes = base.postcodes.get(address.postcode, ())
        if not communes:
            return Locality((), reason=Reason.OUT_OF_AREA)
        return Locality(_spots((c, "") for c in communes), sure=True)
    if default:
        known = [c for c in default if c in base.communes]
        return Locality(_spots((c, "") for c in known), sure=bool(known))
    return Locality((), reason=Reason.NO_COMMUNE)


def _spots(pairs: Iterable[tuple[str, str]], cost: float = 0.0) -> tuple[Spot, ...]:
    return tuple(Spot(commune, former, cost) for commune, former in dict.fromkeys(pairs))


def _by_code(insee: str, base: Base) -> Locality:
    if insee in base.communes:
        return Locality((Spot(insee),), sure=True)
    former = [pair for pairs in base.places.values() for pair in pairs if pair[1] == insee]
    if former:
        return Locality(_spots(former), sure=True)
    return Locality((), reason=Reason.OUT_OF_AREA)


def _by_name(address: Address, base: Base, cost: float) -> Locality:
    named = base.places.get(address.place, ())
    around = base.postcodes.get(address.postcode, ())
    away = bool(address.postcode) and address.postcode[:2] not in base.departments
    if named and not address.postcode:  # another one of that name may not be loaded
        return Locality(_spots(named))
    if named and around:
        both = [pair for pair in named if pair[0] in around]
        if both:
            return Locality(_spots(both), sure=True)
        if address.cedex:
            return Locality(_spots(named), sure=True)
        return Locality(_spots(named, cost) + _spots(((c, "") for c in around), cost))
    if named:  # the base does not know the postcode
        if away:
            return Locality((), reason=Reason.OUT_OF_AREA)
        return Locality(_spots(named, 0.0 if address.cedex else cost), sure=address.cedex)
    if around:
        near = alike(address.place, base, set(around))
        if near:
            return Locality(_spots(near, cost / 2))
        return Locality(_spots(((c, "") for c in around), _BARE_POSTCODE * cost))
    if not away:
        near = alike(address.place, base, None)
        if near and len(near) <= _FEW:
            return Locality(_spots(near, cost))
    return Locality((), reason=Reason.OUT_OF_AREA)


def alike(
    name: str, base: Base, among: set[str] | None, words: bool = True
) -> list[tuple[str, str]]:
    """Return the communes whose name is a letter or two away, the nearest ones only.

    ``among``: only these. ``words``: else the one whose name holds the same words and more.
    """
    if len(name) < _LEAST or among is not None and not among:
        return []
    best = 1 if among is None or len(name) < _LONG else 2
    found: list[tuple[str, str]] = []
    for key, pairs in _named(base, among):
        edits = distance(name, key, best)
        if edits < best:
            best, found = edits, list(pairs)
        elif edits == best:
            found = [*found, *pairs]
    if found or among is None or not words:
        return found
    said = set(name.split())  # « noyelles » for « noyelles les pres », alone in its postcode
    found = [
        pair
        for key, pairs in _named(base, among)
        if said <= set(key.split()) or set(key.split()) <= said
        for pair in pairs
    ]
    return found if len({commune for commune, _ in found}) == 1 else []


def _named(base: Base, among: set[str] | None) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the names of communes with what they name, all or only those of some communes."""
    if among is None:
        return base.places.items()
    return [(n, ((c, f),)) for c in sorted(among) for n, f in base.names_of(c)]
