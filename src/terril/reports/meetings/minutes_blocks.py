"""Which pieces are minutes made of, whatever the template that holds them?

Short pieces go inside a line; the others take the place of a whole paragraph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from docx.document import Document

from terril.contrat.meetings.papers import Minutes
from terril.lib.french import majuscule
from terril.lib.prose import typographie
from terril.reports.meetings.docx_parts import numbered, table, written

NOTHING_NOTED: Final = "Les présences ne sont pas notées."
NO_DECISION: Final = "Aucune décision n’est notée."
NO_AGENDA: Final = "Aucun ordre du jour n’est écrit."
NO_TEXT: Final = "Le compte rendu n’est pas encore écrit."


def lines_of(minutes: Minutes) -> dict[str, str]:
    """The pieces that go inside a line, by name in a template."""
    return {
        "contrat": minutes.contract,
        "instance": minutes.body,
        "titre": minutes.title,
        "date": majuscule(minutes.when),
        "lieu": minutes.place,
        "presents_en_bref": minutes.counted,
        "quorum": minutes.quorum,
        "validation": minutes.approved or "Projet de compte rendu, à valider.",
    }


def agenda_block(document: Document, minutes: Minutes, *, styled: bool = False) -> list[Any]:
    """The agenda, numbered; ``styled`` by a list of the word processor."""
    if not minutes.agenda:
        return [written(document, NO_AGENDA)]
    items = [typographie(item) for item in minutes.agenda]
    return list(numbered(document, items, styled=styled))


def attendance_block(document: Document, minutes: Minutes) -> list[Any]:
    """The table of the structures awaited, and the sentence that counts them."""
    if not minutes.attendants:
        return [written(document, NOTHING_NOTED)]
    made: list[Any] = [
        table(
            document,
            ("Structure", "Siège comme", "Présence", "Personnes"),
            [
                (
                    f"{a.name}\n{a.function}" if a.function else a.name,
                    a.quality, a.state, a.people or "–",
                )
                for a in minutes.attendants
            ],
            (7.6, 2.8, 2.6, 3.6),
            f"Présences à la réunion\u00a0: {minutes.counted}",
        )
    ]  # fmt: skip
    for text in (minutes.counted, minutes.quorum):
        if text:
            made.append(written(document, text))
    made[1].paragraph_format.space_before = _SPACE
    return made


def text_block(document: Document, minutes: Minutes) -> list[Any]:
    """What was said."""
    texts = minutes.paragraphs or (NO_TEXT,)
    return [written(document, text) for text in texts]


def decisions_block(document: Document, minutes: Minutes) -> list[Any]:
    """The table of the decisions: what, who, by when."""
    if not minutes.decisions:
        return [written(document, NO_DECISION)]
    return [
        table(
            document,
            ("Décision", "Responsable", "Échéance", "État"),
            [
                (
                    f"{d.text}\n{d.details}" if d.details else d.text,
                    d.owner or "–", d.when or "–", d.state,
                )
                for d in minutes.decisions
            ],
            (7.6, 4.0, 2.8, 2.2),
            "Décisions prises, structure responsable, échéance et état",
        ),
        document.add_paragraph(),
    ]  # fmt: skip


_SPACE: Final = 76200  # 6 points, in the unit of the format

Block = Callable[[Document, Minutes], list[Any]]
#: the pieces that take a whole paragraph, by name in a template
BLOCKS: Final[dict[str, Block]] = {
    "ordre_du_jour": agenda_block,
    "presences": attendance_block,
    "compte_rendu": text_block,
    "decisions": decisions_block,
}
