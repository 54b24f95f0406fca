"""How is a meeting prepared and run from one screen?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from terril.contrat.meetings.bodies import Awaited, agenda_items, awaited, quorum
from terril.contrat.meetings.decisions import decisions_of, is_late, open_decisions
from terril.contrat.meetings.papers import counted, day_text, hours_text
from terril.registres.cells import Fault, read_text
from terril.registres.rows import Row
from terril.web.espace.actions.move_row import move_row, moves_of
from terril.web.espace.doors import refused, space_page, told
from terril.web.espace.shown import tag_of
from terril.web.espace.space import Space
from terril.web.espace.writing import FaultsError
from terril.web.gouvernance.actions.decide import decide
from terril.web.gouvernance.actions.fill_attendance import (
    CELLS,
    Disputed,
    Noted,
    fill_attendance,
)
from terril.web.gouvernance.held import meeting_or_404, number_of
from terril.web.gouvernance.perms import (
    can_decide,
    can_invite,
    can_look,
    can_note_attendance,
    can_run,
)
from terril.web.people.refusal import RefusedError

_DECISION = ("decision", "responsable", "en_charge", "echeance", "precisions")


@require_safe
@space_page
def meeting(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """The screen of a meeting: agenda, attendance, decisions, minutes."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    return _screen(request, space, meeting_or_404(space, numero))


def _screen(
    request: HttpRequest,
    space: Space,
    row: Row,
    *,
    sent: QueryDict | None = None,
    faults: Mapping[int, Mapping[str, Fault]] | None = None,
    disputed: Sequence[Disputed] = (),
    decision: QueryDict | None = None,
    decision_faults: Mapping[str, Fault] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """Show a meeting; what was typed and could not be written stands in its fields."""
    listed = awaited(space, row)
    body = row.get("instance")
    day = row.get("date")
    there = {line.organisation for line in listed}
    structures = sorted(
        space.rows("organisations"), key=lambda r: space.name("organisations", r.number)
    )
    context = {
        "space": space,
        "section": "reunion",
        "row": row,
        "title": row.get("titre") or space.name("reunions", row.number),
        "body": space.name("instances", body) if body else "",
        "body_number": body,
        "when": f"{day_text(day)}{hours_text(row.get('debut'), row.get('fin'))}" if day else "",
        "tag": tag_of(space, "reunions", row),
        "moves": moves_of(space, "reunions", row),
        "agenda": agenda_items(row.get("ordre_du_jour")),
        "lines": [
            _line(space, line, sent, (faults or {}).get(line.organisation)) for line in listed
        ],
        "counted": counted(listed),
        "quorum": quorum(space, row),
        "states": list(space.catalogue.lists["etats_presence"].items.items()),
        "others": [
            (r.number, space.name("organisations", r.number))
            for r in structures
            if r.number not in there
        ],
        "disputed": disputed,
        "decisions": [_decision(space, one) for one in decisions_of(space, row.number)],
        "pending": [
            _decision(space, one) for one in (open_decisions(space, body, day) if body else ())
        ],
        "structures": [(r.number, space.name("organisations", r.number)) for r in structures],
        "awaited_first": [(line.organisation, line.name) for line in listed],
        "typed": {name: decision.get(name, "") if decision else "" for name in _DECISION},
        "decision_faults": [
            (space.card("decisions").columns[name].label if name else "", fault)
            for name, fault in (decision_faults or {}).items()
        ],
        "may_run": can_run(space, row) is None,
        "may_note": can_note_attendance(space, row) is None,
        "may_decide": can_decide(space, row) is None,
        "may_invite": can_invite(space, row) is None,
        "why_not_invite": _why_not(space, row),
        "papers": reverse("fiche-registre", args=[space.contract.code, "reunions", row.number]),
    }  # fmt: skip
    return render(request, "gouvernance/reunion.html", context, status=status)


def _why_not(space: Space, row: Row) -> str:
    if can_run(space, row) is not None:
        return ""
    refusal = can_invite(space, row)
    return refusal.text if refusal is not None else ""


def _line(
    space: Space, line: Awaited, sent: QueryDict | None, faults: Mapping[str, Fault] | None
) -> dict[str, Any]:
    """One structure of the sheet: what stands, or what was typed and is not right."""
    row = line.presence
    values = {name: row.get(name) if row is not None else None for name in CELLS}
    shown = {name: "" if value is None else str(value) for name, value in values.items()}
    shown["habitants"] = "oui" if values["habitants"] else ""
    if faults and sent is not None:
        shown = {name: sent.get(f"{name}-{line.organisation}", "") for name in CELLS}
    qualities = space.catalogue.lists["qualites_mandat"].items
    return {
        "line": line,
        "version": row.version if row is not None else 0,
        "shown": shown,
        "quality": qualities.get(line.quality, line.quality),
        "state": space.catalogue.lists["etats_presence"].items.get(line.state, ""),
        "faults": list((faults or {}).values()),
    }


def _decision(space: Space, row: Row) -> dict[str, Any]:
    owner = row.get("responsable")
    return {
        "row": row,
        "owner": space.name("organisations", owner) if owner else "",
        "tag": tag_of(space, "decisions", row),
        "late": is_late(row, space.today),
    }


@require_POST
@space_page
def attendance(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Note who came: the whole sheet at once."""
    row = meeting_or_404(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    lines, faults = _noted(space, row, request.POST)
    try:
        filled = fill_attendance(space, row, lines)
    except RefusedError as error:
        return told(request, error.refusal, "reunion", space.contract.code, numero)
    wrong = {**faults, **filled.faults}
    if wrong or filled.disputed:
        return _screen(
            request, space, row, sent=request.POST, faults=wrong, disputed=filled.disputed,
            status=409,
        )  # fmt: skip
    messages.success(request, "Les présences sont notées." if filled.written else "Rien à changer.")
    return redirect(f"{reverse('reunion', args=[space.contract.code, numero])}#presences")


def _noted(
    space: Space, row: Row, sent: QueryDict
) -> tuple[list[Noted], dict[int, dict[str, Fault]]]:
    """Read the sheet: a line for each structure awaited, then the one that was added."""
    columns = space.card("presences").columns
    lines: list[Noted] = []
    faults: dict[int, dict[str, Fault]] = {}
    rest = sent.get("autres", "") == "absents"
    for line in awaited(space, row):
        number = line.organisation
        if f"base-{number}" not in sent:
            continue
        cells: dict[str, Any] = {}
        for name in CELLS:
            text = sent.get(f"{name}-{number}", "")
            try:
                cells[name] = read_text(columns[name], text, space.catalogue, space.names)
            except Fault as fault:
                faults.setdefault(number, {})[name] = fault
        if number in faults:
            continue
        if rest and not cells["etat"]:
            cells["etat"] = "absent"
        base = number_of(sent.get(f"base-{number}", "")) or 0
        lines.append(Noted(number, base, cells, "" if line.presence else line.quality))
    added = number_of(sent.get("ajouter", ""))
    if added is not None and space.row("organisations", added) is not None:
        lines.append(Noted(added, 0, {"etat": "present"}, "invite"))
    return lines, faults


@require_POST
@space_page
def decision(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Write down a decision, which becomes a task."""
    row = meeting_or_404(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    columns = space.card("decisions").columns
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name in _DECISION:
        try:
            values[name] = read_text(
                columns[name], request.POST.get(name, ""), space.catalogue, space.names
            )
        except Fault as fault:
            faults[name] = fault
    try:
        if not faults:
            decide(space, row, values)
    except RefusedError as error:
        return told(request, error.refusal, "reunion", space.contract.code, numero)
    except FaultsError as error:
        faults = error.faults
    if faults:
        return _screen(
            request, space, row, decision=request.POST, decision_faults=faults, status=409
        )
    messages.success(request, "Décision notée.")
    return redirect(f"{reverse('reunion', args=[space.contract.code, numero])}#decisions")


@require_POST
@space_page
def state(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Move the meeting to another state."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    meeting_or_404(space, numero)
    base = number_of(request.POST.get("version", "")) or 0
    try:
        move_row(
            space, "reunions", numero, request.POST.get("etat", ""), base,
            comment=request.POST.get("motif", "")[:500],
        )  # fmt: skip
    except RefusedError as error:
        return told(request, error.refusal, "reunion", space.contract.code, numero)
    except FaultsError as error:
        messages.error(request, next(iter(error.faults.values())).what)
    return redirect("reunion", space.contract.code, numero)
