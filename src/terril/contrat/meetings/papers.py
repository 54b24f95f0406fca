"""What do the invitation, the attendance sheet and the minutes of a meeting say?

Small frozen models, in words: the documents lay them out and add nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from terril.catalogue.cards import Catalogue
from terril.contrat.meetings.bodies import Awaited, agenda_items, awaited, quorum
from terril.contrat.meetings.decisions import decisions_of, open_decisions
from terril.lib.dates import MONTHS, date_longue
from terril.lib.french import FINE, NBSP, compte, liste
from terril.lib.prose import typographie
from terril.registres.rows import Books, Row

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ADDRESS = re.compile(r"(https?://\S+|\S+@\S+)")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. ``start`` and ``end`` are local times, ``end`` after ``start``; both
    ``None`` when the hour is not set: the meeting then takes the day.

    ``uid`` never changes for a meeting, ``sequence`` grows with each change of its row.
    ``stamp``: when the row last changed, for the files to be the same twice.
    """

    uid: str
    sequence: int
    stamp: dt.datetime
    contract: str
    body: str
    title: str
    day: dt.date
    start: dt.time | None
    end: dt.time | None
    minutes: int  # length, when the end is not told
    place: str
    link: str
    agenda: tuple[str, ...]
    pending: tuple[str, ...]  # decisions of former meetings still to do
    called_off: bool
    tentative: bool

    @property
    def when(self) -> str:
        """« mardi 8 septembre 2026, de 14 h à 16 h 30 »."""
        return f"{day_text(self.day)}{hours_text(self.start, self.end)}"


@dataclass(frozen=True, slots=True)
class Attendant:
    """A structure on the attendance sheet or in the minutes."""

    name: str
    quality: str  # label
    function: str
    state: str  # label, "" when not noted
    people: str  # "2 personnes, dont 1 femme"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in the minutes."""

    text: str
    details: str
    owner: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a meeting. ``approved`` tells since when; ``draft`` when it is not."""

    contract: str
    body: str
    title: str
    day: dt.date
    when: str
    place: str
    agenda: tuple[str, ...]
    attendants: tuple[Attendant, ...]
    counted: str
    quorum: str
    paragraphs: tuple[str, ...]
    decisions: tuple[Decided, ...]
    approved: str
    draft: bool


@dataclass(frozen=True, slots=True)
class SignSheet:
    """The sheet that people sign on arrival: one line a structure, blank ones at the end."""

    contract: str
    body: str
    title: str
    day: dt.date
    when: str
    place: str
    lines: tuple[Attendant, ...]
    blanks: int


def day_text(day: dt.date) -> str:
    """« mardi 8 septembre 2026 »."""
    return f"{_DAYS[day.weekday()]} {date_longue(day.isoformat())}"


def month_text(day: dt.date) -> str:
    """« septembre 2026 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def hour_text(hour: dt.time) -> str:
    """« 14 h », « 16 h 30 »."""
    minutes = f"{NBSP}{hour.minute:02d}" if hour.minute else ""
    return f"{hour.hour}{NBSP}h{minutes}"


def hours_text(start: dt.time | None, end: dt.time | None) -> str:
    """« , de 14 h à 16 h 30 », « , à 14 h », "" without an hour."""
    if start is None:
        return ""
    if end is None or end <= start:
        return f", à {hour_text(start)}"
    return f", de {hour_text(start)} à {hour_text(end)}"


def invitation(
    books: Books, catalogue: Catalogue, meeting: Row, contract: str, code: str, host: str
) -> Invitation:
    """Return the invitation of a meeting, which has a date.

    ``contract`` is the name that people read; ``code`` and ``host`` make the identifier.
    """
    body = meeting.get("instance")
    day = meeting.values["date"]
    pending = open_decisions(books, body, day) if body else ()
    changed = meeting.changed or meeting.created
    return Invitation(
        uid=f"reunion-{meeting.number}-{code}@{host}",
        sequence=max(meeting.version - 1, 0),
        stamp=changed or dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
        contract=contract,
        body=books.name("instances", body) if body else "",
        title=meeting.get("titre") or "",
        day=day,
        start=meeting.get("debut"),
        end=meeting.get("fin"),
        minutes=int(catalogue.number("reunion_duree")),
        place=meeting.get("lieu") or "",
        link=meeting.get("visio") or "",
        agenda=agenda_items(meeting.get("ordre_du_jour")),
        pending=tuple(_pending(books, row) for row in pending),
        called_off=meeting.get("etat") == "annulee",
        tentative=meeting.get("etat") == "prevue",
    )


def _pending(books: Books, row: Row) -> str:
    owner, day = row.get("responsable"), row.get("echeance")
    told = [
        *([books.name("organisations", owner)] if owner else []),
        *([f"pour le {date_longue(day.isoformat())}"] if day else []),
    ]
    end = f" ({', '.join(told)})" if told else ""
    return f"{row.get('decision')}{end}"


def minutes(books: Books, catalogue: Catalogue, meeting: Row, contract: str) -> Minutes:
    """Return the minutes of a meeting, as far as they are written."""
    listed = awaited(books, meeting)
    approved = meeting.get("valide_le")
    body = meeting.get("instance")
    day = meeting.values["date"]
    needed = quorum(books, meeting)
    return Minutes(
        contract=contract,
        body=books.name("instances", body) if body else "",
        title=meeting.get("titre") or "",
        day=day,
        when=f"{day_text(day)}{hours_text(meeting.get('debut'), meeting.get('fin'))}",
        place=meeting.get("lieu") or "",
        agenda=agenda_items(meeting.get("ordre_du_jour")),
        attendants=tuple(_attendant(catalogue, line) for line in listed if line.state),
        counted=counted(listed),
        quorum=""
        if needed is None
        else f"Quorum de {compte(needed.needed, 'structure', 'structures')}{NBSP}: "
        + ("atteint." if needed.reached else "non atteint."),
        paragraphs=paragraphs(meeting.get("compte_rendu")),
        decisions=tuple(
            _decided(books, catalogue, row) for row in decisions_of(books, meeting.number)
        ),
        approved=f"Compte rendu validé le {date_longue(approved.isoformat())}." if approved else "",
        draft=approved is None,
    )


def paragraphs(text: str | None) -> tuple[str, ...]:
    """Split a text at its blank lines; the line breaks inside are kept."""
    blocks = "\n".join(line.rstrip() for line in (text or "").splitlines()).split("\n\n")
    return tuple(plain(block.strip("\n")) for block in blocks if block.strip())


def plain(text: str) -> str:
    """Set the typography of a text that people wrote, its web addresses left as they are."""
    return "".join(
        part if _ADDRESS.fullmatch(part) else typographie(part)
        for part in _ADDRESS.split(text)
        if part
    )


def _attendant(catalogue: Catalogue, line: Awaited) -> Attendant:
    lists = catalogue.lists
    return Attendant(
        name=line.name,
        quality=lists["qualites_mandat"].items.get(line.quality, line.quality),
        function=line.function,
        state=lists["etats_presence"].items.get(line.state, ""),
        people=_people(line) if line.there else "",
    )


def _people(line: Awaited) -> str:
    """« 2 personnes, dont 1 femme »; "" when nothing was counted."""
    if line.people is None:
        return ""
    text = compte(line.people, "personne", "personnes")
    if line.women is not None and line.people:
        text += f", dont {compte(line.women, 'femme', 'femmes')}"
    return text


def _decided(books: Books, catalogue: Catalogue, row: Row) -> Decided:
    owner, day = row.get("responsable"), row.get("echeance")
    states = catalogue.workflows["decision"].states
    state = states.get(row.get("etat") or "a_faire")
    return Decided(
        text=row.get("decision") or "",
        details=row.get("precisions") or "",
        owner=", ".join(
            part
            for part in (
                books.name("organisations", owner) if owner else "",
                row.get("en_charge") or "",
            )
            if part
        ),
        when=date_longue(day.isoformat()) if day else "",
        state=state.label if state else "",
    )


def counted(listed: tuple[Awaited, ...]) -> str:
    """Tell who came, in one sentence; "" when nothing was noted.

    Only what is known is counted: people where they were, women where they were told.
    """
    noted = [line for line in listed if line.state]
    if not noted:
        return ""
    there = [line for line in noted if line.there]
    words = [compte(len(there), "structure présente ou représentée",
                    "structures présentes ou représentées")]  # fmt: skip
    excused = sum(1 for line in noted if line.state == "excuse")
    absent = sum(1 for line in noted if line.state == "absent")
    if excused:
        words.append(compte(excused, "excusée", "excusées"))
    if absent:
        words.append(compte(absent, "absente", "absentes"))
    text = liste(words)
    people = [line.people for line in there if line.people is not None]
    if people:
        text += f"{FINE}; {compte(sum(people), 'personne comptée', 'personnes comptées')}"
        both = [line for line in there if line.women is not None and line.men is not None]
        if both and len(both) == len(people):
            women = sum(line.women or 0 for line in both)
            text += f", dont {compte(women, 'femme', 'femmes')}"
        residents = sum(line.people or 0 for line in there if line.residents)
        if residents:
            text += f" et {compte(residents, 'personne', 'personnes')} au titre des habitants"
    return f"{text}."


def sign_sheet(
    books: Books, catalogue: Catalogue, meeting: Row, contract: str, blanks: int = 8
) -> SignSheet:
    """Return the sheet to sign: the structures awaited, and ``blanks`` lines for the others."""
    body = meeting.get("instance")
    day = meeting.values["date"]
    return SignSheet(
        contract=contract,
        body=books.name("instances", body) if body else "",
        title=meeting.get("titre") or "",
        day=day,
        when=f"{day_text(day)}{hours_text(meeting.get('debut'), meeting.get('fin'))}",
        place=meeting.get("lieu") or "",
        lines=tuple(_attendant(catalogue, line) for line in awaited(books, meeting)),
        blanks=blanks,
    )
