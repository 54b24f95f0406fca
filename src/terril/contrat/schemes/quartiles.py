"""In which quartile of resources is a household, and how are lines of households made counts?

The ceiling of the first quartile is set each year by ministerial order, for each EPCI (for the
region in Île-de-France); the year of the allocation decides (CCH, article L. 441-1). It is the
highest resources of the quartile: a household that has just that is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from terril.registres.rows import Books

UNKNOWN: Final = "inconnu"
#: above the first ceiling, the others unknown
UPPER: Final = "q2_4"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Ceilings of a year: yearly euros by consumption unit; ``None`` where nobody set one."""

    first: Decimal
    second: Decimal | None = None
    third: Decimal | None = None

    @property
    def rising(self) -> bool:
        """Does each ceiling exceed the one before?"""
        known = [value for value in (self.first, self.second, self.third) if value is not None]
        return all(low < high for low, high in zip(known, known[1:], strict=False))


def ceilings_of(books: Books) -> dict[int, Ceilings]:
    """Return the ceilings of each year that the register ``cia_plafonds`` holds."""
    return {
        int(row.get("annee")): Ceilings(
            row.get("premier"), row.get("deuxieme"), row.get("troisieme")
        )
        for row in books.rows("cia_plafonds")
    }


def quartile(
    resources_per_cu: Decimal | Fraction | None, ceilings: Mapping[int, Ceilings], year: int
) -> str:
    """Return the code of the quartile, a word of the list of quartiles.

    ``resources_per_cu``: yearly euros by consumption unit. « inconnu » when they are unknown or
    negative, or when the year has no ceiling; « q2_4 » when the first ceiling is passed and the
    next ones are not known.
    """
    held = ceilings.get(year)
    if resources_per_cu is None or resources_per_cu < 0 or held is None:
        return UNKNOWN
    exact = Fraction(resources_per_cu)
    if exact <= Fraction(held.first):
        return "q1"
    if held.second is None:
        return UPPER
    if exact <= Fraction(held.second):
        return "q2"
    if held.third is None:
        return UPPER
    return "q3" if exact <= Fraction(held.third) else "q4"


@dataclass(frozen=True, slots=True)
class Allocation:
    """One allocation, as a landlord's file has it: read, counted, never kept.

    Links are names or numbers; ``None`` is unknown.
    """

    year: int
    situation: str
    resources_per_cu: Decimal | Fraction | None
    landlord: str | int | None = None
    contingent: str | None = None
    commune: str | int | None = None
    quartier: str | int | None = None
    lease: bool | None = None
    rehoused: bool | None = None
    priority: str | None = None


def tally(
    allocations: Iterable[Allocation], ceilings: Mapping[int, Ceilings]
) -> list[dict[str, Any]]:
    """Return the values of rows of ``cia_attributions``: a count for each kind of allocation.

    No row tells a household's resources: only its quartile is left. Rows come in a fixed order.
    """
    counts: Counter[tuple[Any, ...]] = Counter()
    for line in allocations:
        counts[
            line.year, line.landlord, line.contingent, line.commune, line.situation,
            line.quartier, quartile(line.resources_per_cu, ceilings, line.year),
            line.lease, line.rehoused, line.priority,
        ] += 1  # fmt: skip
    return [
        {**dict(zip(KEY, key, strict=True)), "nombre": number}
        for key, number in sorted(counts.items(), key=lambda item: tuple(map(str, item[0])))
    ]


#: columns of ``cia_attributions`` that tell one kind of allocation from another
KEY: Final = ("annee", "bailleur", "contingent", "commune", "situation", "quartier", "quartile",
              "bail", "reloge", "priorite")  # fmt: skip
