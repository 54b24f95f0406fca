"""Which words and figures does the review of the commitments show, on paper as on slides?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from terril.contrat.commitments.board import Commitment
from terril.contrat.commitments.review import Review
from terril.lib.dates import date_longue
from terril.lib.french import FINE, NBSP, compte, nombre
from terril.lib.prose import typographie

TITLE: Final = "Revue des engagements"
#: characters of what is done that the document shows of a commitment
LONGEST: Final = 600
#: tone of a state → token of its colour
COLOURS: Final = {
    "attente": "filet",
    "cours": "classe-3",
    "fait": "classe-5",
    "abandon": "papier-2",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose review it is. ``day``: the day it is drawn up; ``body``: who reads it."""

    contract: str
    holder: str
    day: dt.date
    body: str = "comité de pilotage"


def day_text(day: dt.date | None) -> str:
    """« 1er mars 2026 », a dash without a day."""
    return date_longue(day.isoformat()) if day is not None else "–"


def period_text(review: Review) -> str:
    """« du 1er janvier au 24 novembre 2026 »."""
    first, last = day_text(review.since), day_text(review.until)
    if review.since.year == review.until.year:
        first = first.rsplit(" ", 1)[0]
    return f"du {first} au {last}"


def delay_text(commitment: Commitment, today: dt.date) -> str:
    """« en retard de 3 mois », « en retard de 12 jours »; "" when it is not late."""
    if not commitment.late or commitment.due is None:
        return ""
    days = (today - commitment.due).days
    if days < 60:
        return f"en retard de {compte(days, 'jour', 'jours')}"
    months = (today.year - commitment.due.year) * 12 + today.month - commitment.due.month
    months -= today.day < commitment.due.day
    if months < 24:
        return f"en retard de {months} mois"
    return f"en retard de {compte(months // 12, 'an', 'ans')}"


def summary_text(review: Review) -> str:
    """« Sur 14 engagements, 3 sont réalisés et 2 sont en retard. »"""
    if not review.total:
        return "Aucun engagement n’est inscrit."
    done = sum(count.count for count in review.counts if count.tone == "fait")
    moved = len(review.moved)
    parts = [
        f"Sur {compte(review.total, 'engagement', 'engagements')}, "
        f"{_are(done, 'est réalisé', 'sont réalisés')} et "
        f"{_are(len(review.late), 'est en retard', 'sont en retard')}.",
        f"{_are(moved, 'a changé', 'ont changé').capitalize()} d’état {period_text(review)}.",
    ]
    return " ".join(parts)


def _are(count: int, one: str, several: str) -> str:
    return f"{'aucun n’' if not count else nombre(count) + ' '}{one if count < 2 else several}"


def progress_text(commitment: Commitment) -> str:
    """« 40 % », "" when it is not told, or nothing more is awaited."""
    if commitment.progress is None or commitment.done:
        return ""
    return f"{nombre(float(commitment.progress))}{FINE}%"


def owner_text(commitment: Commitment) -> str:
    """The one who answers for it, or that nobody is named."""
    return typographie(commitment.owner_name) if commitment.owner_name else "personne"


def steps_text(commitment: Commitment) -> str:
    """« 2 actions faites sur 3 »; "" without an action."""
    total = len(commitment.steps)
    if not total:
        return ""
    return f"{compte(commitment.steps_done, 'action finie', 'actions finies')} sur {total}"


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that the committee has to look at: what, and the commitments concerned."""

    title: str
    lines: tuple[str, ...]


def concerns(review: Review) -> tuple[Concern, ...]:
    """What is late, what nobody answers for, what has no day, what has no evidence."""
    found = (
        Concern(
            "En retard",
            tuple(
                f"{c.name}{NBSP}: attendu le {day_text(c.due)}, "
                f"{delay_text(c, review.until)} ({owner_text(c)})"
                for c in review.late
            ),
        ),
        Concern("Sans responsable", tuple(c.name for c in review.ownerless)),
        Concern("Sans échéance", tuple(c.name for c in review.dayless)),
        Concern("Dits réalisés, sans preuve", tuple(c.name for c in review.unproved)),
    )
    return tuple(
        Concern(c.title, tuple(typographie(line) for line in c.lines)) for c in found if c.lines
    )


def moves(review: Review) -> tuple[tuple[str, str], ...]:
    """Each move of the period: the commitment, and « engagé le 2 mai 2026 (motif) »."""
    found = []
    for moved in review.moved:
        for day, before, after, reason in moved.moves:
            tail = f" – {reason}" if reason else ""
            text = f"{before} → {after}, {day_text(day)}{tail}"
            found.append((typographie(moved.commitment.name), typographie(text)))
    return tuple(found)


def shortened(text: str, most: int = LONGEST) -> str:
    """The beginning of a long text, cut between two words; the whole is on the site."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def line_of(commitment: Commitment, today: dt.date) -> dict[str, Any]:
    """A commitment as a line of the table of the document."""
    details = [
        text
        for text in (
            progress_text(commitment),
            steps_text(commitment),
        )
        if text
    ]
    return {
        "mark": commitment.mark or "–",
        "title": typographie(commitment.title),
        "said": typographie(" ".join(commitment.said.split())),
        "details": ", ".join(details),
        "owner": owner_text(commitment),
        "ownerless": not commitment.owner_name,
        "due": day_text(commitment.due),
        "late": delay_text(commitment, today),
        "state": commitment.state_label,
        "colour": COLOURS[commitment.tone],
    }
