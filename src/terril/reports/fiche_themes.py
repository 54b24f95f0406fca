"""How do the themes of page 2 become the data of their tables?

Cells, strips and dots for ``typst/fiche.typ``; nothing here is a figure that was not in the
model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from terril.fiches.model import Cell, EquipmentBlock, Fiche, Run, TableRow, ThemeBlock
from terril.figures import strips
from terril.figures.metrics import shorten, text_width
from terril.figures.svg import MM, size_of
from terril.lib.french import FINE
from terril.reports import plan
from terril.reports.columns import page_two_columns, spanning_note
from terril.reports.plan import Runs
from terril.reports.series_charts import Chart

_HANG = 2.2 * MM  # how far marks may reach into the column of periods


def runs_data(runs: Sequence[Run]) -> Runs:
    """Pieces of text as the template takes them."""
    return [[run.text, run.strong] for run in runs]


def keys_data(keys: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The marks of a key with their sizes in points."""
    drawn = []
    for svg, word in keys:
        width, height = size_of(svg) if svg else (0.0, 0.0)
        drawn.append({"svg": svg, "label": word, "width": width, "height": height})
    return drawn


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of page 2: one strip, or the columns of the communes."""

    communes: int
    with_strip: bool
    columns: list[float]

    @property
    def communes_width(self) -> float:
        """Width in millimetres of all the columns of communes."""
        return sum(self.columns[3 : 3 + self.communes])


def shape_of(fiche: Fiche) -> Shape:
    """The columns that the communes of a sheet ask for."""
    communes = len(fiche.commune_columns)
    with_strip = communes == 0 or len(fiche.communes) <= 1
    return Shape(communes, with_strip, page_two_columns(communes, with_strip))


def _cell(cell: Cell) -> dict[str, str]:
    return {"text": cell.text, "status": cell.status, "note": cell.span_note}


def _communes(row: TableRow, columns: int, width: float) -> list[dict[str, str]]:
    cells = [_cell(cell) for cell in row.communes]
    if len(cells) == columns:
        return cells
    for cell in cells[:1]:
        cell["note"] = spanning_note(cell["note"], cell["text"], width)
    return cells[:1]


def held_label(text: str, marks: Sequence[str], width: float, size: float = 8.2) -> str:
    """A label cut to its column, in millimetres: a second line would lie over the next row.

    The labels of the catalogue hold by themselves (a test says so); a user's card may not.
    """
    hung = text_width(" ".join(marks), size * 0.7, 600) + 1.4 if marks else 0.0
    return shorten(text, min(width * MM, width * MM + _HANG - hung), size)


def _table_row(row: TableRow, shape: Shape) -> dict[str, Any]:
    strip = None
    if shape.with_strip and row.strip:
        strip = strips.table_strip(row.strip, row.strip_own, row.strip_mean)
    return {
        "label": held_label(row.label, row.marks, shape.columns[0]),
        "marks": list(row.marks),
        "period": row.period,
        "value": _cell(row.value),
        "communes": _communes(row, shape.communes, shape.communes_width),
        "epci": _cell(row.epci),
        "mean": _cell(row.mean),
        "rank": row.rank,
        "known": row.known,
        "strip": strip,
        "alt": strips.table_strip_alt(row.rank, row.known),
    }


def block_data(block: ThemeBlock, shape: Shape, series: Chart | None = None) -> dict[str, Any]:
    """One theme of page 2; ``series`` is drawn under its table."""
    return {
        "kind": "theme",
        "label": block.label,
        "signal": block.signal,
        "hollow": block.hollow,
        "word": block.word,
        "text": runs_data(block.text),
        "sources": block.sources,
        "rows": [_table_row(row, shape) for row in block.rows],
        "series": series.data() if series else None,
        "series-at": plan.table_height(block) + plan.SERIES_SPACE,
    }


def _count(value: int | None) -> dict[str, str]:
    if value is None:
        return {"text": "inconnu", "status": "missing"}
    return {"text": str(value), "status": "ok"}


def equipment_data(block: EquipmentBlock, shape: Shape) -> dict[str, Any]:
    """The local offer: counts, dots, and the key that says what a dot is worth."""
    largest = max(((r.inside or 0) + (r.around or 0) for r in block.rows), default=0)
    worth = strips.dot_worth(largest)
    marks = strips.equipment_keys()
    around = f"abords, {block.buffer_m}{FINE}m" if block.buffer_m else "abords"
    keys = [(marks["dedans"], "quartier"), (marks["autour"], around if worth == 1 else "abords")]
    if worth > 1:
        keys.append(("", f"1 point = {worth}"))
    rows = []
    for row in block.rows:
        lines = strips.equipment_lines(row.inside, row.around, worth)
        rows.append(
            {
                "label": held_label(row.label, (), shape.columns[0] + shape.columns[1]),
                "inside": _count(row.inside),
                "around": _count(row.around),
                "marks": list(row.marks),
                "svg": strips.equipment_dots(row.inside, row.around, worth),
                "alt": strips.equipment_dots_alt(row.inside, row.around),
                "height": plan.dot_row_height(lines),
                "dots": lines * strips.LINE,
            }
        )
    return {
        "kind": "equipment",
        "label": block.label,
        "signal": block.signal,
        "hollow": False,
        "word": block.word,
        "text": runs_data(block.text),
        "sources": block.sources,
        "rows": rows,
        "keys": keys_data(keys),
    }
