"""Were the residents associated, when, at which level: the answer for a contract or a part of it?

The model of one page. It concludes only from what the registers say: an object of which nobody
says anything is counted apart, and what is missing for a full answer is listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from terril.catalogue.cards import Catalogue
from terril.contrat.participation.delays import Delays
from terril.contrat.participation.forms import Form, forms
from terril.contrat.participation.levels import (
    Association,
    Reached,
    Verdict,
    associations,
    definitions,
    highest,
    reached,
    verdict_of,
)
from terril.contrat.participation.needs import Funnel, funnel
from terril.contrat.participation.referrals import referrals
from terril.registres.rows import Books, Row

ScopeKind = Literal["contrat", "quartier", "objet"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the question is about: the contract, a neighbourhood, or one object.

    ``number``: that of the neighbourhood, or of one association of the object.
    """

    kind: ScopeKind = "contrat"
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The answer for one step of the contract (elaboration, implementation, evaluation)."""

    code: str
    label: str
    verdict: Verdict
    proven: str  # code of a level, "" when none
    declared: str
    first: dt.date | None
    last: dt.date | None
    objects: int


@dataclass(frozen=True, slots=True)
class Level:
    """A level: what it means here, how many objects reached it at most."""

    code: str
    label: str
    definition: str
    own: bool  # the contract wrote the definition
    proven: int
    declared: int  # without evidence for the object at this level


@dataclass(frozen=True, slots=True)
class Tally:
    """How many objects: associated with evidence, declared, not associated, unknown."""

    yes: int
    declared: int
    no: int
    unknown: int

    @property
    def total(self) -> int:
        """All the objects that are cited."""
        return self.yes + self.declared + self.no + self.unknown


@dataclass(frozen=True, slots=True)
class Answer:
    """The page: verdict, steps, levels, objects, forms, what was asked and answered."""

    scope: Scope
    name: str  # of the neighbourhood or of the object, "" for the contract
    day: dt.date
    verdict: Verdict
    tally: Tally
    top: str  # highest level with evidence, "" when none
    steps: tuple[Step, ...]
    levels: tuple[Level, ...]
    objects: tuple[Reached, ...]
    history: tuple[Association, ...]
    wider: int  # objects of the whole contract, not counted for a neighbourhood
    forms: tuple[Form, ...]
    referrals: Delays
    needs: Funnel
    missing: tuple[str, ...]  # what nobody wrote down


def answer(books: Books, catalogue: Catalogue, scope: Scope | None = None) -> Answer:
    """Answer for a scope, the whole contract unless told.

    Raises ``LookupError`` when ``scope`` names an association that does not exist.
    """
    scope = scope or Scope()
    everything = associations(books)
    chosen, wider = _chosen(everything, scope)
    objects = reached(chosen, catalogue)
    tally = _tally(objects)
    mine = _forms_of(forms(books, catalogue), chosen, scope)
    here = _keeper(scope)
    name = ""
    if scope.kind == "quartier" and scope.number is not None:
        name = books.name("quartiers", scope.number)
    elif scope.kind == "objet":
        name = chosen[-1].subject
    return Answer(
        scope=scope,
        name=name,
        day=books.today,
        verdict=verdict_of(chosen),
        tally=tally,
        top=highest((o.proven for o in objects), catalogue),
        steps=_steps(chosen, catalogue),
        levels=_levels(objects, books, catalogue),
        objects=objects,
        history=chosen,
        wider=len({a.key for a in wider}),
        forms=mine,
        referrals=referrals(
            books, catalogue, [r for r in books.rows("interpellations") if here(r)]
        ),
        needs=funnel([r for r in books.rows("besoins") if here(r)], books, catalogue),
        missing=_missing(chosen, mine, tally),
    )  # fmt: skip


def _chosen(
    everything: Sequence[Association], scope: Scope
) -> tuple[tuple[Association, ...], tuple[Association, ...]]:
    if scope.kind == "quartier":
        here = tuple(a for a in everything if scope.number in a.quartiers)
        return here, tuple(a for a in everything if not a.quartiers)
    if scope.kind == "objet":
        key = next((a.key for a in everything if a.number == scope.number), None)
        if key is None:
            raise LookupError(f"no association {scope.number}")
        return tuple(a for a in everything if a.key == key), ()
    return tuple(everything), ()


def _keeper(scope: Scope) -> Callable[[Row], bool]:
    """Which referrals and needs the page counts: none for an object, which they do not cite."""
    if scope.kind == "quartier":
        return lambda row: scope.number in (row.get("quartiers") or ())
    return lambda row: scope.kind == "contrat"


def _forms_of(
    every: Sequence[Form], chosen: Sequence[Association], scope: Scope
) -> tuple[Form, ...]:
    if scope.kind == "contrat":
        return tuple(every)
    cited = {number for a in chosen for number in a.forms}
    return tuple(
        f
        for f in every
        if f.number in cited or (scope.kind == "quartier" and scope.number in f.quartiers)
    )


def _tally(objects: Sequence[Reached]) -> Tally:
    found = [o.verdict for o in objects]
    return Tally(
        found.count(Verdict.YES), found.count(Verdict.DECLARED), found.count(Verdict.NO),
        found.count(Verdict.UNKNOWN),
    )  # fmt: skip


def _steps(chosen: Sequence[Association], catalogue: Catalogue) -> tuple[Step, ...]:
    made = []
    for code, label in catalogue.lists["etapes_association"].items.items():
        mine = [a for a in chosen if a.step == code]
        told = [a for a in mine if a.verdict in (Verdict.YES, Verdict.DECLARED)]
        days = [day for a in told for day in (a.start, a.end) if day is not None]
        made.append(
            Step(
                code, label, verdict_of(mine),
                highest((a.level for a in told if a.verdict is Verdict.YES), catalogue),
                highest((a.level for a in told), catalogue),
                min(days, default=None), max(days, default=None),
                len({a.key for a in mine}),
            )
        )  # fmt: skip
    return tuple(made)


def _levels(objects: Sequence[Reached], books: Books, catalogue: Catalogue) -> tuple[Level, ...]:
    return tuple(
        Level(
            code, label, text, own,
            sum(o.proven == code for o in objects),
            sum(o.declared == code and o.proven != code for o in objects),
        )
        for code, label, text, own in definitions(books, catalogue)
    )  # fmt: skip


def _missing(chosen: Sequence[Association], mine: Sequence[Form], tally: Tally) -> tuple[str, ...]:
    """Codes of what would be needed for a full answer; the report puts them in words."""
    found = []
    if not tally.total:
        found.append("objets")
    if tally.unknown:
        found.append("inconnus")
    if tally.declared:
        found.append("preuves")
    associated = [a for a in chosen if a.verdict in (Verdict.YES, Verdict.DECLARED)]
    if any(not a.level for a in associated):
        found.append("niveaux")
    if any(a.start is None and a.end is None for a in associated):
        found.append("dates")
    if any(not a.change for a in associated):
        found.append("effets")
    if any(f.activity.value == "inconnue" for f in mine):
        found.append("formes")
    return tuple(found)
