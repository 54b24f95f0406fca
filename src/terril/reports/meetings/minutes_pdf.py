"""How do minutes become a PDF/UA that is read, filed and published?"""

from __future__ import annotations

from typing import Any, Final

from terril.contrat.meetings.papers import Minutes
from terril.lib.dates import date_longue
from terril.lib.french import majuscule
from terril.lib.prose import typographie
from terril.reports.engine import Typesetter
from terril.reports.meetings.minutes_blocks import (
    NO_AGENDA,
    NO_DECISION,
    NO_TEXT,
    NOTHING_NOTED,
    lines_of,
)
from terril.reports.printable import typeset

TEMPLATE: Final = "reunion_compte_rendu.typ"


def minutes_pdf(minutes: Minutes) -> bytes:
    """Return the minutes as PDF/UA; the same minutes give the same bytes."""
    with Typesetter(TEMPLATE) as setter:
        return typeset(setter, page(minutes), date=minutes.day.isoformat(), name="compte rendu")


def page(minutes: Minutes) -> dict[str, Any]:
    """The data of the template."""
    lines = lines_of(minutes)
    return {
        "title": minutes.title,
        "kind": f"Compte rendu – {minutes.body}" if minutes.body else "Compte rendu",
        "head": "Compte rendu",
        "short": date_longue(minutes.day.isoformat()),
        "subject": f"Compte rendu de réunion, {minutes.body}" if minutes.body else "Compte rendu",
        "author": minutes.contract,
        "state": lines["validation"],
        "draft": minutes.draft,
        "when": majuscule(minutes.when),
        "place": minutes.place,
        "agenda": [typographie(item) for item in minutes.agenda],
        "no-agenda": NO_AGENDA,
        "attendants": [
            [_cell(a.name, a.function), [a.quality], [a.state], [a.people or "–"]]
            for a in minutes.attendants
        ],
        "nothing-noted": NOTHING_NOTED,
        "counted": [text for text in (minutes.counted, minutes.quorum) if text],
        "paragraphs": [text.split("\n") for text in minutes.paragraphs or (NO_TEXT,)],
        "decisions": [
            [_cell(typographie(d.text), typographie(d.details)), [d.owner or "–"],
             [d.when or "–"], [d.state]]
            for d in minutes.decisions
        ],
        "no-decision": NO_DECISION,
    }  # fmt: skip


def _cell(first: str, second: str) -> list[str]:
    return [first, *second.split("\n")] if second else [first]
