"""How do minutes become a file that people finish in their word processor?

Either in the layout of the house, or in a file of the contract where named places such as
``{{titre}}`` and ``{{decisions}}`` are filled (``docx_template``).
"""

from __future__ import annotations

from docx import Document as new_document
from docx.document import Document
from docx.shared import Pt

from terril.contrat.meetings.papers import Minutes
from terril.lib.french import majuscule
from terril.reports.meetings.docx_parts import colour, dress, heading, saved
from terril.reports.meetings.docx_template import fill
from terril.reports.meetings.minutes_blocks import (
    agenda_block,
    attendance_block,
    decisions_block,
    lines_of,
    text_block,
)


def minutes_docx(minutes: Minutes, template: bytes | None = None) -> bytes:
    """Return the minutes as DOCX; the same minutes give the same bytes.

    ``template``: a DOCX of the contract, checked by ``docx_template.problems_of``. Raises
    ``ProblemsError`` when it cannot be read.
    """
    document = fill(template, minutes) if template is not None else _house(minutes)
    properties = document.core_properties
    properties.title = f"{minutes.title}, compte rendu"
    properties.subject = minutes.body
    properties.author = minutes.contract
    properties.comments = ""
    properties.keywords = ""
    properties.language = "fr-FR"
    return saved(document, minutes.day)


def _house(minutes: Minutes) -> Document:
    document = new_document()
    dress(document)
    lines = lines_of(minutes)
    head = document.sections[0].header.paragraphs[0]
    head.text = minutes.contract
    head.runs[0].font.size = Pt(9)
    head.runs[0].font.color.rgb = colour("brique")
    above = document.add_paragraph()
    above.paragraph_format.space_after = Pt(0)
    run = above.add_run(f"Compte rendu – {minutes.body}" if minutes.body else "Compte rendu")
    run.font.color.rgb = colour("ardoise-2")
    document.add_paragraph(minutes.title, style="Title")
    where = document.add_paragraph(majuscule(minutes.when))
    if minutes.place:
        where.add_run(f"\n{minutes.place}")
    document.add_paragraph(lines["validation"])
    heading(document, "Ordre du jour", 1)
    agenda_block(document, minutes, styled=True)
    heading(document, "Présences", 1)
    attendance_block(document, minutes)
    heading(document, "Compte rendu", 1)
    text_block(document, minutes)
    heading(document, "Décisions", 1)
    decisions_block(document, minutes)
    return document
