"""What does everybody read of a contract: its tree in plain words, and what was promised?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from terril.contrat.commitments.board import ACTIONS, REGISTER, Commitment, Step, commitments
from terril.contrat.tree.nodes import REGISTER as TREE
from terril.contrat.tree.yearly import VERSIONS
from terril.lib.dates import date_longue
from terril.registres.rows import Row
from terril.web.contrat.figures import Figure
from terril.web.contrat.follow import Paper, papers
from terril.web.contrat.outline import Weights, branches, indicators_of, observed_for, tree_of
from terril.web.espace.doors import public_contract
from terril.web.espace.models import Contract
from terril.web.espace.shown import text_of
from terril.web.espace.space import Space
from terril.web.people.gate import open_to_all

#: what residents read of an element, in this order
_TEXTS = ("enjeux", "existant", "travail")


@open_to_all
@require_safe
def contracts(request: HttpRequest) -> HttpResponseBase:
    """The contracts of the site; the only one itself when there is one."""
    found = list(Contract.objects.all())
    if len(found) == 1:
        return redirect("contrat-public", found[0].code)
    return render(request, "contrat/contrats_publics.html", {"contracts": found})


@dataclass(frozen=True, slots=True)
class Leaf:
    """What residents read of an element of the tree."""

    texts: tuple[tuple[str, str], ...]  # label, text
    goals: tuple[str, ...]
    figures: tuple[Figure, ...]


@require_safe
@public_contract
def contract(request: HttpRequest, space: Space) -> HttpResponseBase:
    """What the contract wants to change, for everybody."""
    if not space.card(TREE).public:
        raise Http404
    tree = tree_of(space)
    seen = observed_for(space, indicators_of(tree.under(None)))
    nothing = Weights(None, {}, {})
    held = branches(space, tree, nothing, seen, opened=0)
    context = {
        "space": space,
        "contract": space.contract,
        "parts": [(one, _leaf(space, one.node.row, seen.figures)) for one in held],
        "versions": _versions(space),
        "stakes": _stakes(space),
        "seen": seen.date,
        "promises": any(row.get("public") for row in space.rows(REGISTER)),
    }
    return render(request, "contrat/public.html", context)


def _leaf(space: Space, row: Row, figures: Mapping[str, Figure]) -> Leaf:
    columns = space.card(TREE).columns
    goals = space.catalogue.lists["buts_loi_texte"].items
    return Leaf(
        tuple(
            (columns[name].label, row.get(name))
            for name in _TEXTS
            if columns[name].public and row.get(name)
        ),
        tuple(goals[code] for code in row.get("buts") or () if code in goals),
        tuple(
            figures[code]
            for code in row.get("indicateurs") or ()
            if code in figures and figures[code].known
        ),
    )


def _versions(space: Space) -> list[tuple[str, str, str]]:
    """Day, name and what changed of each version, the oldest first."""
    if not space.card(VERSIONS).public:
        return []
    found = []
    for row in space.rows(VERSIONS):
        day = row.get("date") or row.get("debut")
        found.append((day, row.get("intitule") or "", row.get("changements") or ""))
    found.sort(key=lambda one: (one[0] is None, one[0]))
    return [
        (date_longue(day.isoformat()) if day is not None else "", name, text)
        for day, name, text in found
    ]


def _stakes(space: Space) -> list[tuple[str, list[str]]]:
    """The stakes of the last evaluation, by intensity, the strongest first."""
    card = space.card("enjeux")
    rows = space.rows("enjeux") if card.public else []
    last = max((row.get("annee") or 0 for row in rows), default=0)
    held: dict[str, list[str]] = {}
    for row in rows:
        if (row.get("annee") or 0) == last:
            held.setdefault(row.get("intensite") or "", []).append(row.get("intitule") or "")
    words = space.catalogue.lists["intensites"].items
    return [
        (text_of(space, card.columns["intensite"], code), sorted(held[code]))
        for code in words
        if code in held
    ]


@dataclass(frozen=True, slots=True)
class PublicStep:
    """An action of a commitment as everybody reads it."""

    title: str
    state: str
    tone: str
    evidence: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class PublicPromise:
    """A commitment as everybody reads it."""

    name: str
    state: str
    tone: str
    owner: str
    due: str
    late: bool
    said: str
    places: str
    papers: tuple[Paper, ...]
    steps: tuple[PublicStep, ...]


@require_safe
@public_contract
def promises(request: HttpRequest, space: Space) -> HttpResponseBase:
    """What was promised and where it stands, for everybody."""
    if not space.card(REGISTER).public:
        raise Http404
    shown = papers(space, public=True)
    found = [one for one in commitments(space, space.catalogue) if one.public]
    themes = dict.fromkeys(one.theme for one in found)
    context = {
        "space": space,
        "contract": space.contract,
        "total": len(found),
        "done": sum(one.tone == "fait" for one in found),
        "themes": [
            (theme, [_promise(space, one, shown) for one in found if one.theme == theme])
            for theme in themes
        ],
    }
    return render(request, "contrat/engagements_publics.html", context)


def _promise(
    space: Space, one: Commitment, shown: Mapping[tuple[str, int], Sequence[Paper]]
) -> PublicPromise:
    steps = one.steps if space.card(ACTIONS).public else ()
    return PublicPromise(
        one.name,
        one.public_label,
        one.tone,
        one.owner_name,
        date_longue(one.due.isoformat()) if one.due is not None else "",
        one.late,
        one.said,
        ", ".join(space.name("quartiers", number) for number in one.quarters),
        tuple(shown.get((REGISTER, one.number), ())),
        tuple(_step(step, shown) for step in steps),
    )


def _step(step: Step, shown: Mapping[tuple[str, int], Sequence[Paper]]) -> PublicStep:
    open_ = bool(step.row.get("preuve_publique"))
    return PublicStep(
        step.title,
        step.state_label,
        step.tone,
        step.evidence if open_ else "",
        tuple(shown.get((ACTIONS, step.number), ())),
    )
