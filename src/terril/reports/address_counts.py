"""What is said of a list of addresses, once its small counts are protected?

Nothing here holds an address: counts that may be shown, the shares they give, and sentences. A
count that is not shown is written « s », as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from terril.lib.french import FINE, NBSP, compte, nombre
from terril.places.addresses.reasons import Reason
from terril.places.addresses.tally import Tally
from terril.secrecy.short_table import ShortTable, short_table
from terril.territories.geometry import Layer

SECRET: Final = "s"
INSIDE: Final = "dans"
OUTSIDE: Final = "hors"
UNKNOWN: Final = "indetermine"
_SEVERAL: Final = "plusieurs"


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the result: what it counts, and the count if it may be shown."""

    code: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class AddressCounts:
    """The result for one generation of perimeters.

    ``inside``, ``outside``, ``unknown``: ``None`` when not shown. ``at_least``/``at_most``: what
    may be said of the count inside when it is not shown. ``zones`` and ``reasons``: empty when
    their counts may not be told.
    """

    generation: str  # « 2024 », or ""
    outlines: int  # how many neighbourhoods
    total: int
    inside: int | None
    outside: int | None
    unknown: int | None
    zones: tuple[Counted, ...]
    reasons: tuple[Counted, ...]
    at_least: int | None = None
    at_most: int | None = None

    def share(self, count: int | None) -> str:
        """A share of the list: « 60,0 % », or « s »."""
        return SECRET if count is None else percent(count, self.total)

    @property
    def secret(self) -> bool:
        """Is a count kept back?"""
        cells = (self.inside, self.outside, self.unknown)
        return None in cells or any(c.count is None for c in (*self.zones, *self.reasons))

    @property
    def figure(self) -> str:
        """The share that sums the result up: « 60,0 % », « au moins 95,0 % », or « s »."""
        if self.inside is not None:
            whole = self.unknown == 0
            return self.share(self.inside) if whole else f"au moins {self.share(self.inside)}"
        if self.at_least is not None:
            return f"au moins {percent(self.at_least, self.total)}"
        if self.at_most is not None:
            return f"au plus {percent(self.at_most, self.total)}"
        return SECRET

    @property
    def where(self) -> str:
        """Where « inside » is: « dans l’un des 21 quartiers prioritaires (périmètres de 2024) »."""
        year = f" (périmètres de {self.generation})" if self.generation else ""
        if self.outlines == 1:
            return f"dans le quartier prioritaire{year}"
        return f"dans l’un des {nombre(self.outlines)} quartiers prioritaires{year}"

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        some = compte(self.total, "adresse", "adresses")
        if self.inside is not None:
            low = percent(self.inside, self.total)
            if self.unknown:
                high = percent(self.inside + self.unknown, self.total)
                return (
                    f"Entre {low} et {high} des adresses de la liste sont {self.where}{NBSP}: "
                    f"{nombre(self.inside)} sur {nombre(self.total)} à coup sûr, "
                    f"{compte(self.unknown, 'indéterminée', 'indéterminées')}."
                )
            least = "Au moins " if self.unknown is None else ""
            text = (
                f"{least}{low} des adresses de la liste sont {self.where}{NBSP}: "
                f"{nombre(self.inside)} sur {nombre(self.total)}"
            )
            return f"{text} à coup sûr." if least else f"{text}."
        if self.at_least is not None or self.at_most is not None:
            bound = self.figure
            return f"{bound[0].upper()}{bound[1:]} des {some} de la liste sont {self.where}."
        return (
            f"La part des {some} de la liste qui sont {self.where} ne peut pas être donnée{NBSP}: "
            "trop peu sont d’un côté ou de l’autre."
        )

    @property
    def among_known(self) -> str:
        """The share among the addresses that have an answer, "" when it cannot be told."""
        if self.inside is None or self.outside is None or not self.unknown:
            return ""
        known = self.inside + self.outside
        if not known:
            return ""
        return (
            f"Parmi les {compte(known, 'adresse déterminée', 'adresses déterminées')}{NBSP}: "
            f"{percent(self.inside, known)}."
        )


def percent(count: int, total: int) -> str:
    """A share with one decimal: « 60,0 % »."""
    return f"{nombre(100 * count / total, 1)}{FINE}%"


def written(count: int | None) -> str:
    """A count, or « s » when it is not shown."""
    return SECRET if count is None else nombre(count)


def address_counts(tally: Tally, layer: Layer, minimum: int, least: int) -> AddressCounts | None:
    """Return what may be told of a list; ``None`` for one of fewer than ``least`` addresses.

    ``minimum``: persons under which a count is not shown (card ``secrecy/adresses``).
    """
    if tally.total < max(least, minimum):
        return None
    names: dict[str, str] = dict(zip(layer.codes, layer.labels, strict=True))
    zones = {code or _SEVERAL: count for code, count in tally.zones.items()} or {INSIDE: 0}
    reasons = {r.value: n for r, n in tally.reasons.items()} or {UNKNOWN: 0}
    shown = short_table(
        {INSIDE: zones, UNKNOWN: reasons, OUTSIDE: {OUTSIDE: tally.outside}}, minimum
    )
    if shown is None:
        return None
    made = AddressCounts(
        layer.generation,
        len(layer),
        tally.total,
        shown.groups[INSIDE],
        shown.groups[OUTSIDE],
        shown.groups[UNKNOWN],
        _lines(shown, INSIDE, {**names, _SEVERAL: "l’un de plusieurs quartiers"}),
        _lines(shown, UNKNOWN, {r.value: r.label for r in Reason}),
    )
    return _bounded(made, tally, minimum)


def _lines(shown: ShortTable, group: str, names: Mapping[str, str]) -> tuple[Counted, ...]:
    return tuple(
        Counted(code, names.get(code, code), count) for code, count in shown.parts[group].items()
    )


def _bounded(made: AddressCounts, tally: Tally, minimum: int) -> AddressCounts:
    """Say how large the hidden count inside is at least, or at most, where it gives nothing away.

    Only when one other count is hidden with it and the third is a shown zero: each of the two may
    still be anything from 1 to the minimum. The parts of both are then not told.
    """
    if made.inside is not None or (made.outside, made.unknown).count(0) != 1:
        return made
    other = tally.outside + tally.unknown
    if 0 < other < minimum:
        return replace(made, at_least=made.total - minimum, zones=(), reasons=())
    if 0 < tally.inside < minimum:
        return replace(made, at_most=minimum, zones=(), reasons=())
    return made


def showable_together(moved: Mapping[tuple[str, str], int], minimum: int) -> bool:
    """May the results for two generations of perimeters stand side by side?

    ``moved``: lines by answer in one and in the other (``tally.moved``). Subtracting one result
    from the other tells of the strips where the perimeters differ: each group of lines whose
    answer changes must be empty or large enough.
    """
    changed: dict[tuple[str, str], int] = {}
    for (first, second), count in moved.items():
        sides = (first.partition(" ")[0], second.partition(" ")[0])
        if sides[0] != sides[1]:
            changed[sides] = changed.get(sides, 0) + count
    return all(count >= minimum for count in changed.values())
