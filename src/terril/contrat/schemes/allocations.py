"""What share of social housing goes to whom, exactly, and between which bounds when unknown?

The three measures of CCH, article L. 441-1, over rows of ``cia_attributions``. Shares are exact
fractions: they are compared as such, and rounded only to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from terril.catalogue.cards import Catalogue
from terril.registres.rows import Books, Row

Verdict = Literal["atteint", "non atteint", "indécis"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the measures: who counts, who is counted in, which target.

    ``counted`` says whether an allocation is in the denominator, ``reached`` whether it is in the
    numerator; ``None`` when that is unknown.
    """

    code: str
    title: str
    parameter: str  # the rate of the law
    column: str  # of ``cia_objectifs``, the rate of the convention
    counted: Callable[[Row], bool | None]
    reached: Callable[[Row], bool | None]
    note: str


@dataclass(frozen=True, slots=True)
class Rate:
    """Allocations of the denominator by what is known of them.

    ``loose_*``: those of which it is unknown whether they are in the denominator at all (lease
    signed or not). Known rate and bounds are ``None`` when they have no denominator.
    """

    yes: int = 0
    no: int = 0
    unknown: int = 0
    loose_yes: int = 0
    loose_no: int = 0
    loose_unknown: int = 0

    @property
    def counted(self) -> int:
        """Allocations that are in the denominator for sure."""
        return self.yes + self.no + self.unknown

    @property
    def loose(self) -> int:
        """Allocations that may be in the denominator."""
        return self.loose_yes + self.loose_no + self.loose_unknown

    @property
    def size(self) -> int:
        """All that the figures of this line are about."""
        return self.counted + self.loose

    @property
    def known(self) -> Fraction | None:
        """The share on known cases: yes ÷ (yes + no)."""
        return _share(self.yes, self.yes + self.no)

    @property
    def unknown_share(self) -> Fraction | None:
        """The share of cases of which something needed is unknown."""
        return _share(self.unknown + self.loose, self.size)

    @property
    def low(self) -> Fraction | None:
        """The least that the true share can be: whoever is unknown is out, or lowers it."""
        against = self.no + self.unknown + self.loose_no + self.loose_unknown
        if self.yes + against == 0:
            return Fraction(1) if self.loose_yes else None
        return Fraction(self.yes, self.yes + against)

    @property
    def high(self) -> Fraction | None:
        """The most that the true share can be: whoever is unknown is in."""
        within = self.yes + self.unknown + self.loose_yes + self.loose_unknown
        if within + self.no == 0:
            return Fraction(0) if self.loose_no else None
        return Fraction(within, within + self.no)

    def verdict(self, target: Fraction) -> Verdict | None:
        """Is the target met, not met, or undecided since the bounds lie on both sides of it?"""
        if self.low is None or self.high is None:
            return None
        if self.low >= target:
            return "atteint"
        return "non atteint" if self.high < target else "indécis"


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def rate(rows: Iterable[Row], measure: Measure) -> Rate:
    """Count allocations for a measure; each is counted once, whatever it is reached by."""
    counts: dict[tuple[bool, bool | None], int] = {}
    for row in rows:
        counted = measure.counted(row)
        if counted is False:
            continue
        key = (counted is True, measure.reached(row))
        counts[key] = counts.get(key, 0) + int(row.get("nombre") or 0)
    cases = [(sure, said) for sure in (True, False) for said in (True, False, None)]
    return Rate(*(counts.get(case, 0) for case in cases))


def _outside(row: Row) -> bool | None:
    if row.get("situation") != "hors_qpv":
        return False
    lease: bool | None = row.get("bail")
    return lease


def _first_or_rehoused(row: Row) -> bool | None:
    """In the first quartile, or rehoused by urban renewal: once, even when both."""
    poor, rehoused = row.get("quartile"), row.get("reloge")
    if poor == "q1" or rehoused is True:
        return True
    return None if poor in (None, "inconnu") or rehoused is None else False


def _inside(row: Row) -> bool | None:
    return bool(row.get("situation") == "en_qpv")


def _upper_quartile(row: Row) -> bool | None:
    level = row.get("quartile")
    return None if level in (None, "inconnu") else level != "q1"


def _all(row: Row) -> bool | None:
    return True


def _has_priority(row: Row) -> bool | None:
    said = row.get("priorite")
    return None if said is None else said != "aucune"


OUTSIDE: Final = Measure(
    "hors_qpv",
    "Hors quartiers : 1er quartile ou relogés",
    "cia_part_hors_qpv",
    "hors_qpv",
    _outside,
    _first_or_rehoused,
    "Attributions suivies d’un bail signé, hors quartier prioritaire ; retenues : ménages du "
    "1er quartile de ressources ou relogés du renouvellement urbain, comptés une fois.",
)
INSIDE: Final = Measure(
    "en_qpv",
    "En quartier : quartiles 2 à 4",
    "cia_part_qpv",
    "en_qpv",
    _inside,
    _upper_quartile,
    "Attributions en quartier prioritaire ; retenues : demandeurs des 2e, 3e et 4e quartiles de "
    "ressources.",
)
PRIORITY: Final = Measure(
    "prioritaires",
    "Ménages prioritaires",
    "cia_part_prioritaires",
    "prioritaires",
    _all,
    _has_priority,
    "Toutes les attributions ; retenues : droit au logement opposable reconnu, à défaut autres "
    "demandeurs prioritaires.",
)
MEASURES: Final = (OUTSIDE, INSIDE, PRIORITY)


def target(
    books: Books, catalogue: Catalogue, measure: Measure, year: int, landlord: int | None = None
) -> Fraction:
    """Return the rate to reach, a share of one.

    That of the convention for the landlord, else for all landlords, the latest that holds in the
    year; else that of the law.
    """
    rows = [
        row
        for row in books.rows("cia_objectifs")
        if row.get(measure.column) is not None and int(row.get("annee")) <= year
    ]
    for owner in (landlord, None):
        held = [row for row in rows if row.get("bailleur") == owner]
        if held:
            latest = max(held, key=lambda row: (int(row.get("annee")), row.number))
            return Fraction(latest.get(measure.column)) / 100
    return Fraction(str(catalogue.number(measure.parameter))) / 100


def own_target(books: Books, measure: Measure, year: int, landlord: int) -> bool:
    """Does the convention set a rate for this landlord in the year?"""
    return any(
        row.get("bailleur") == landlord
        and row.get(measure.column) is not None
        and int(row.get("annee")) <= year
        for row in books.rows("cia_objectifs")
    )
