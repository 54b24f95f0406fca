"""How are forms, needs, observations and photos shown, on pages and on panels?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest

from terril.contrat.participation.forms import ACTIVITY_LABELS, Form, forms
from terril.contrat.participation.levels import association_of
from terril.contrat.participation.training import training
from terril.contrat.participation.words import form_sentence, percent_text
from terril.lib.french import nombre
from terril.registres.rows import Row
from terril.reports.participation.years_chart import years_alt, years_chart
from terril.web.espace.actions.move_row import moves_of
from terril.web.espace.models import Entry
from terril.web.espace.panels import panel
from terril.web.espace.perms import can, can_write
from terril.web.espace.space import Space
from terril.web.participation.actions.add_photo import can_read_photo
from terril.web.participation.models import Photo, Raised
from terril.web.participation.publication import RIGHT, fingerprint, read_fingerprints

Line = TypeVar("Line")

#: the steps that everybody follows, in order; « non retenu » takes the place of « fait »
STEPS = ("recu", "etudie", "repondu", "fait")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a need, as residents follow it: done, here or still to come."""

    label: str
    reached: bool
    here: bool
    day: Any = None


@dataclass(frozen=True, slots=True)
class Need:
    """A need as everybody reads it."""

    row: Row
    title: str
    text: str
    places: str
    theme: str
    nature: str
    answer: str
    studied_by: str
    steps: tuple[Step, ...]
    state: str
    declined: bool


def label_of(space: Space, names: str, code: str | None) -> str:
    """Return the word of a list for a code, "" without one."""
    return space.catalogue.lists[names].items.get(code or "", code or "")


def places_of(space: Space, row: Row) -> str:
    """Return the neighbourhoods of a row, "" when none is told."""
    return ", ".join(space.name("quartiers", one) for one in row.get("quartiers") or ())


def need_of(space: Space, row: Row, *, words: bool = True) -> Need:
    """Return a need as everybody reads it; without ``words``, only how far it went."""
    workflow = space.catalogue.workflows["besoin"]
    state = row.get("etat") or workflow.start
    declined = state == "non_retenu"
    chain = (*STEPS[:3], "non_retenu") if declined else STEPS
    days = {"recu": "recu_le", "etudie": "etudie_le", "repondu": "repondu_le", "fait": "fait_le",
            "non_retenu": "repondu_le"}  # fmt: skip
    rank = chain.index(state)
    steps = tuple(
        Step(
            workflow.states[code].public or workflow.states[code].label,
            place <= rank,
            place == rank,
            row.get(days[code]) if place <= rank else None,
        )
        for place, code in enumerate(chain)
    )
    by = row.get("etudie_par")
    return Need(
        row=row,
        title=(row.get("titre") or "") if words else "",
        text=(row.get("texte") or "") if words else "",
        places=places_of(space, row),
        theme=label_of(space, "themes_besoin", row.get("theme")),
        nature=label_of(space, "natures_besoin", row.get("nature")),
        answer=row.get("reponse") or "",
        studied_by=space.name("organisations", by) if by is not None else "",
        steps=steps,
        state=workflow.states[state].public or workflow.states[state].label,
        declined=declined,
    )


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in a list."""

    form: Form
    label: str
    sentence: str
    places: str


@dataclass(frozen=True, slots=True)
class PublicForm:
    """A form as everybody reads it: what its register says, nothing of its years."""

    name: str
    kind: str
    declared: str  # its activity, "" when nobody says


def form_line(space: Space, form: Form) -> FormLine:
    """Return a form as a list shows it."""
    return FormLine(
        form,
        ACTIVITY_LABELS[form.activity],
        form_sentence(form),
        ", ".join(space.name("quartiers", one) for one in form.quartiers),
    )


def by_place(space: Space, found: Iterable[Form]) -> list[tuple[str, list[FormLine]]]:
    """Return forms under the name of each of their neighbourhoods, then those of the whole."""
    return _gathered(space, ((form.quartiers, form_line(space, form)) for form in found))


def public_forms(space: Space) -> list[tuple[str, list[PublicForm]]]:
    """Return the forms that have not ceased as everybody reads them, under each neighbourhood."""
    return _gathered(
        space,
        (
            (
                row.get("quartiers") or (),
                PublicForm(
                    row.get("nom") or "",
                    label_of(space, "formes_participation", row.get("forme")),
                    label_of(space, "activites_forme", row.get("activite")),
                ),
            )
            for row in space.rows("formes")
            if row.get("activite") != "cessee"
        ),
    )


def _gathered(
    space: Space, lines: Iterable[tuple[Iterable[int], Line]]
) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {}
    wide: list[Line] = []
    for numbers, line in lines:
        placed = False
        for number in numbers:
            placed = True
            groups.setdefault(space.name("quartiers", number), []).append(line)
        if not placed:
            wide.append(line)
    told = sorted(groups.items(), key=lambda item: item[0].casefold())
    return [*told, ("Toute l’agglomération", wide)] if wide else told


def photos_of(space: Space, numbers: Sequence[int]) -> dict[int, list[Photo]]:
    """Return number of the observation → its photos, for members."""
    found: dict[int, list[Photo]] = {}
    photos = Photo.objects.filter(contract=space.contract, entry__number__in=numbers)
    for photo in photos.select_related("entry"):
        found.setdefault(photo.entry.number, []).append(photo)
    return found


@panel("formes")
def form_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The health of a form and its years."""
    every = forms(space, space.catalogue)
    form = next((one for one in every if one.number == row.number), None)
    if form is None:
        return None
    trained = training(space, every, form)
    return "participation/volet_forme.html", {
        "line": form_line(space, form),
        "chart": years_chart(form.years, form.name) if form.years else "",
        "alt": years_alt(form.years),
        "years": tuple(reversed(form.years)),
        "share": percent_text(form.parity.share),
        "parity": form.parity.label,
        "hours": nombre(float(trained.per_member), 1)
        if trained.per_member is not None and trained.person_hours
        else "",
        "sessions": trained.sessions + trained.shared,
    }


@panel("besoins")
def need_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """What waits for somebody: to read, to answer; the code of the resident."""
    raised = Raised.objects.filter(
        entry__contract=space.contract, entry__register="besoins", entry__number=row.number
    ).first()
    shown = row.get("publie") is True
    read = read_fingerprints(space.contract, "besoins").get(row.number)
    organisations = [(one.number, space.name("organisations", one.number))
                     for one in space.rows("organisations")]  # fmt: skip
    return "participation/volet_besoin.html", {
        "row": row,
        "need": need_of(space, row),
        "raised": raised,
        "unread": raised is not None and raised.read is None,
        "stale": shown and read != fingerprint("besoins", row),
        "may_read": can(space, RIGHT) is None and can_write(space, "besoins", row) is None,
        "may_write": can_write(space, "besoins", row) is None,
        "moves": moves_of(space, "besoins", row),
        "organisations": sorted(organisations, key=lambda one: one[1].casefold()),
    }


@panel("marches")
def walk_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The way to the page that is used while walking."""
    return "participation/volet_marche.html", {"row": row}


@panel("observations")
def observation_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The photos of an observation, to those who may see them."""
    if can_write(space, "observations", row) is not None:
        return None
    return "participation/volet_photos.html", {
        "row": row,
        "photos": photos_of(space, [row.number]).get(row.number, []),
        "may_read": can_read_photo(space, row) is None,
        "stale": row.get("publie") is True
        and read_fingerprints(space.contract, "observations").get(row.number)
        != fingerprint("observations", row),
    }


@panel("associations")
def association_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The way to the page of answer for this object."""
    return "participation/volet_association.html", {
        "row": row,
        "one": association_of(row, space.today),
    }


def entry_of(space: Space, register: str, number: int) -> Entry | None:
    """Return what is kept of a row."""
    return Entry.objects.filter(contract=space.contract, register=register, number=number).first()
