"""What is due next in the contract, by which rule, and how is the coming year prepared?"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.contrat.meetings.cycle import propose_year
from terril.contrat.meetings.due import KINDS, KNOWN, Due
from terril.contrat.meetings.legal import legal_dues, rule_text
from terril.lib.french import compte, majuscule
from terril.lib.prose import typographie
from terril.web.espace.doors import refused, space_page, told
from terril.web.espace.space import Space
from terril.web.espace.writing import ConflictError, FaultsError
from terril.web.gouvernance.actions.plan_year import plan_year
from terril.web.gouvernance.actions.settle_deadline import settle_legal, settle_own
from terril.web.gouvernance.feed import feed_token
from terril.web.gouvernance.held import (
    dues_of,
    number_of,
    page_of,
    term_of,
    warning_days,
    year_of,
)
from terril.web.gouvernance.perms import can_look, can_plan, can_settle
from terril.web.people.mail import base_address
from terril.web.people.refusal import Refusal, RefusedError

_GROUPS: Final = (
    ("retard", "En retard"),
    ("proche", "Bientôt"),
    ("a_venir", "Plus tard"),
    ("a_fixer", "Jour à fixer"),
    ("facultatif", "Facultatif"),
    ("fait", "Fait"),
)
#: lines of one part of the agenda at the most; the registers have them all
_MOST: Final = 60
#: years ahead that the page of the calendar looks for the next day of a rule
_AHEAD: Final = 12


@require_safe
@space_page
def agenda(request: HttpRequest, space: Space) -> HttpResponseBase:
    """What is due next: by law, by the contract, by its cycle, its meetings, its decisions."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    kind = request.GET.get("sorte", "")
    near = warning_days(space)
    held: dict[str, list[Due]] = {state: [] for state, _ in _GROUPS}
    counts: dict[str, int] = {}
    for due in dues_of(space):
        counts[due.kind] = counts.get(due.kind, 0) + (not due.done)
        if not kind or due.kind == kind:
            held[due.state(space.today, near)].append(due)
    token = feed_token(space)
    context = {
        "space": space,
        "section": "agenda",
        "groups": [
            (state, label, *_parted(space, held[state])) for state, label in _GROUPS if held[state]
        ],
        "kinds": [(code, majuscule(label), counts.get(code, 0)) for code, label in KINDS.items()],
        "kind": kind,
        "may_settle": can_settle(space) is None,
        "may_plan": can_plan(space) is None,
        "next_year": space.today.year + (space.today.month > 6),
        "feed": base_address(request) + reverse("agenda-ics", args=[token]),
        "near": near,
        "ended": space.contract.ends is not None and space.contract.ends < space.today,
    }
    return render(request, "gouvernance/agenda.html", context)


def _parted(space: Space, dues: list[Due]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Part what has a day from what has only a later year, which is folded."""
    later = [due for due in dues if _folded(space, due)]
    now = [due for due in dues if not _folded(space, due)]
    return [_line(space, due) for due in now[:_MOST]], [_line(space, due) for due in later]


def _folded(space: Space, due: Due) -> bool:
    return due.loose and due.day is not None and due.day.year > space.today.year


def _line(space: Space, due: Due) -> dict[str, Any]:
    return {
        "due": due,
        "what": majuscule(due.what),
        "kind": KINDS[due.kind],
        "left": due.countdown(space.today),
        "known": KNOWN.get(due.known, ""),
        "address": page_of(space, due),
        "settled": due.kind in ("legale", "contrat") and due.register in ("", "echeances"),
        "to_set": due.kind == "legale" and due.loose,
    }


@require_POST
@space_page
def settle(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Say that a deadline is met, or set its day."""
    refusal = can_settle(space)
    if refusal is not None:
        return refused(request, refusal)
    sent = request.POST
    try:
        done, day = _date(sent, "fait_le"), _date(sent, "le")
        if done is None and day is None:
            raise RefusedError(Refusal("Donnez une date.", 409))
        code, year = sent.get("regle", ""), number_of(sent.get("annee", ""), 2100)
        number = number_of(sent.get("ligne", ""))
        if code and year is not None:
            settle_legal(space, code, year, done=done, day=day)
        elif number is not None and done is not None:
            settle_own(space, number, year, done)
        else:
            raise RefusedError(Refusal("Cette échéance n’existe pas.", 404))
    except RefusedError as error:
        return told(request, error.refusal, "agenda", space.contract.code)
    except FaultsError as error:
        fault = next(iter(error.faults.values()))
        return told(request, Refusal(fault.what, 409), "agenda", space.contract.code)
    except ConflictError:
        said = Refusal("Quelqu’un vient d’écrire sur cette échéance\u00a0: relisez-la.", 409)
        return told(request, said, "agenda", space.contract.code)
    messages.success(request, "C’est noté.")
    return redirect("agenda", space.contract.code)


def _date(sent: QueryDict, name: str) -> dt.date | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RefusedError(Refusal(f"«\u00a0{text[:20]}\u00a0» n’est pas une date.", 409)) from None


@require_safe
@space_page
def legal(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The legal calendar: each rule, its text, how it is known, its next day."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    cards = space.catalogue.deadlines
    term = term_of(space)
    ahead = dt.date(space.today.year + _AHEAD, 12, 31)
    nexts: dict[str, Due] = {}
    for due in legal_dues(cards, space, term, space.today, ahead):
        if not due.done:
            nexts.setdefault(due.code, due)
    lines = [
        {
            "label": typographie(card.label),
            "about": typographie(card.about),
            "owed_by": typographie(card.owed_by),
            "text": typographie(card.text),
            "optional": card.optional,
            "rule": rule_text(card, cards),
            "next": nexts[code].when if code in nexts else "",
            "known": KNOWN[card.known],
            "out": bool(
                card.generations and term.generation and term.generation not in card.generations
            ),
        }
        for code, card in cards.items()
    ]
    context = {"space": space, "section": "calendrier-legal", "lines": lines}
    return render(request, "gouvernance/calendrier_legal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def year(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Propose the meetings of a year from the cycle; create those that a person chose."""
    refusal = can_look(space) or can_plan(space)
    if refusal is not None:
        return refused(request, refusal)
    source = request.POST if request.method == "POST" else request.GET
    chosen = year_of(source.get("annee", ""), space.today.year + (space.today.month > 6))
    said = ""
    if request.method == "POST":
        try:
            days = {
                number: day
                for text in request.POST.getlist("creer")
                if (number := number_of(text)) is not None
                and (day := _date(request.POST, f"date-{number}")) is not None
            }
            made = plan_year(space, chosen, days)
        except RefusedError as error:
            if error.refusal.status == 403:
                return refused(request, error.refusal)
            said = error.refusal.text
        except FaultsError as error:
            said = next(iter(error.faults.values())).what
        else:
            words = compte(len(made), "réunion créée", "réunions créées")
            messages.success(request, f"{words}. À vous de fixer les heures et les lieux.")
            return redirect("agenda", space.contract.code)
    lines = [
        {
            "proposal": proposal,
            "day": request.POST.get(f"date-{proposal.cycle}") or proposal.day.isoformat(),
            "standing": space.name("reunions", proposal.existing) if proposal.existing else "",
        }
        for proposal in propose_year(space, space.catalogue, chosen)
    ]
    context = {
        "space": space,
        "section": "preparer-annee",
        "year": chosen,
        "lines": lines,
        "free": sum(1 for line in lines if not line["standing"]),
        "said": said,
    }
    return render(request, "gouvernance/annee.html", context, status=409 if said else 200)
