"""How is the review of the commitments typeset as a document?"""

from __future__ import annotations

from typing import Any, Final

from terril.contrat.commitments.review import Review
from terril.lib.french import majuscule
from terril.lib.prose import typographie
from terril.reports.commitments.words import (
    COLOURS,
    TITLE,
    Heading,
    concerns,
    day_text,
    line_of,
    moves,
    period_text,
    shortened,
    summary_text,
)
from terril.reports.engine import Typesetter
from terril.reports.printable import typeset

TEMPLATE: Final = "revue_engagements.typ"


def review_data(review: Review, heading: Heading) -> dict[str, Any]:
    """What the template takes."""
    counts = [
        {"label": c.label, "count": c.count, "colour": COLOURS[c.tone]} for c in review.counts
    ]
    return {
        "title": TITLE,
        "contract": typographie(heading.contract),
        "holder": typographie(heading.holder),
        "day": day_text(heading.day),
        "period": majuscule(period_text(review)),
        "body": typographie(f"Pour le {heading.body}"),
        "summary": typographie(summary_text(review)),
        "counts": counts,
        "late": len(review.late),
        "heads": list(review.by_theme.heads),
        "themes": [
            {
                "head": typographie(line.head),
                "cells": [str(cell) for cell in line.cells],
                "parts": [
                    {"count": cell, "colour": counts[index]["colour"]}
                    for index, cell in enumerate(line.cells[: len(counts)])
                    if cell
                ],
                "total": line.total,
            }
            for line in review.by_theme.lines
        ],
        "concerns": [{"title": c.title, "lines": list(c.lines)} for c in concerns(review)],
        "moves": [list(move) for move in moves(review)],
        "lists": [
            {
                "theme": typographie(theme),
                "lines": [
                    {**line, "said": shortened(line["said"])}
                    for line in (line_of(c, review.until) for c in found)
                ],
            }
            for theme, found in review.themes
        ],
    }


def review_pdf(review: Review, heading: Heading) -> bytes:
    """Return the document as PDF/UA; raises ``TypesettingError``."""
    with Typesetter(TEMPLATE) as setter:
        return typeset(
            setter, review_data(review, heading), date=heading.day.isoformat(), name="revue.pdf"
        )
