"""Which level of participation was reached for each object, with which evidence, since when?

The order of the levels is that of the list « niveaux_participation ». A level without evidence is
« declared », never reached. An object of which nobody says anything is unknown, which is not
« no ».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.registres.rows import Books, Row

#: columns that name the object by a row of another register, when the card has them
OBJECT_LINKS: Final = ("action", "instance")


class Verdict(StrEnum):
    """Were the residents associated? The strongest first."""

    YES = "oui"  # and evidence says where to check it
    DECLARED = "declare"  # somebody says so, without evidence
    NO = "non"  # somebody says that they were not
    UNKNOWN = "inconnu"  # nobody says


VERDICT_LABELS: Final[Mapping[Verdict, str]] = {
    Verdict.YES: "Oui",
    Verdict.DECLARED: "Déclaré, sans preuve",
    Verdict.NO: "Non",
    Verdict.UNKNOWN: "On ne sait pas",
}


@dataclass(frozen=True, slots=True)
class Association:
    """One time that residents were associated, or were not."""

    number: int
    subject: str
    kind: str  # code of « objets_association », "" when not told
    step: str  # code of « etapes_association », "" when not told
    quartiers: tuple[int, ...]
    verdict: Verdict
    level: str  # code, "" when not told or when they were not associated
    start: dt.date | None
    end: dt.date | None
    forms: tuple[int, ...]
    evidence: str
    change: str
    key: tuple[str, int | str]
    participants: int | None = None
    contradictory: bool = False  # « no », with a level

    @property
    def order(self) -> tuple[dt.date, int]:
        """For sorting by time; an undated one comes first."""
        return (self.start or self.end or dt.date.min, self.number)


@dataclass(frozen=True, slots=True)
class Reached:
    """An object and the highest level reached, with evidence and without."""

    subject: str
    kind: str
    verdict: Verdict
    proven: str  # code of the highest level with evidence, "" when none
    declared: str  # the same without asking for evidence
    history: tuple[Association, ...]  # oldest first


def association_of(row: Row, today: dt.date) -> Association:
    """Read a row; an association to come says nothing yet."""
    told, level = row.get("associes"), row.get("niveau") or ""
    if told is None and level:
        told = True  # a level says it
    evidence = (row.get("preuve") or "").strip()
    start, end = row.get("debut"), row.get("fin")
    begun = start or end
    if told is None or (begun is not None and begun > today):
        verdict = Verdict.UNKNOWN
    elif not told:
        verdict = Verdict.NO
    else:
        verdict = Verdict.YES if evidence else Verdict.DECLARED
    return Association(
        number=row.number,
        subject=row.get("objet") or "",
        kind=row.get("type") or "",
        step=row.get("etape") or "",
        quartiers=tuple(row.get("quartiers") or ()),
        verdict=verdict,
        level=level if verdict in (Verdict.YES, Verdict.DECLARED) else "",
        start=start,
        end=end,
        forms=tuple(row.get("formes") or ()),
        evidence=evidence,
        change=(row.get("change") or "").strip(),
        key=_key(row),
        participants=row.get("participants"),
        contradictory=told is False and bool(level),
    )


def _key(row: Row) -> tuple[str, int | str]:
    for column in OBJECT_LINKS:
        if row.get(column) is not None:
            return column, row.get(column)
    return "objet", " ".join((row.get("objet") or "").split()).casefold()


def associations(books: Books, rows: Iterable[Row] | None = None) -> tuple[Association, ...]:
    """Every association, oldest first."""
    chosen = books.rows("associations") if rows is None else rows
    return tuple(
        sorted((association_of(row, books.today) for row in chosen), key=lambda a: a.order)
    )


def highest(levels: Iterable[str], catalogue: Catalogue) -> str:
    """The highest of some levels, "" without one; a level that the list has not is ignored."""
    rank = {code: i for i, code in enumerate(catalogue.lists["niveaux_participation"].items)}
    return max((level for level in levels if level in rank), key=rank.__getitem__, default="")


def verdict_of(found: Iterable[Association]) -> Verdict:
    """The strongest verdict of some associations, unknown without one."""
    given = {a.verdict for a in found}
    return next((verdict for verdict in Verdict if verdict in given), Verdict.UNKNOWN)


def reached(found: Sequence[Association], catalogue: Catalogue) -> tuple[Reached, ...]:
    """One line an object, highest proven level first, then by name."""
    groups: dict[tuple[str, int | str], list[Association]] = {}
    for item in found:
        groups.setdefault(item.key, []).append(item)
    rank = {code: i for i, code in enumerate(catalogue.lists["niveaux_participation"].items)}
    made = [
        Reached(
            subject=items[-1].subject,
            kind=items[-1].kind,
            verdict=verdict_of(items),
            proven=highest((a.level for a in items if a.verdict is Verdict.YES), catalogue),
            declared=highest((a.level for a in items), catalogue),
            history=tuple(items),
        )
        for items in groups.values()
    ]
    verdicts = list(Verdict)
    return tuple(
        sorted(
            made,
            key=lambda r: (
                verdicts.index(r.verdict),
                -rank.get(r.proven or r.declared, -1),
                r.subject.casefold(),
            ),
        )  # fmt: skip
    )


def definitions(books: Books, catalogue: Catalogue) -> tuple[tuple[str, str, str, bool], ...]:
    """The levels in their order: code, label, definition, and whether the contract wrote it."""
    own = {row.get("niveau"): row.get("definition") for row in books.rows("niveaux")}
    proposed = catalogue.lists["definitions_niveaux"].items
    return tuple(
        (code, label, own.get(code) or proposed.get(code, ""), bool(own.get(code)))
        for code, label in catalogue.lists["niveaux_participation"].items.items()
    )
