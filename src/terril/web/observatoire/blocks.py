"""How do the blocks of a sheet become the pieces of its page?

The same model and the same figures as on paper; here only the widths differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from terril.fiches.model import EquipmentRow, Fiche, SpineRow, TableRow
from terril.figures import spine, strips
from terril.figures.maps_model import SheetMap
from terril.reports.fiche import reading
from terril.reports.pages.series import series_block
from terril.reports.picture import picture_of

#: points; the map of the ground is small, so that its words are read on a telephone
_GROUND, _TILES = (340.0, 290.0), (404.0, 300.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row with its figure and what it says aloud."""

    row: Any
    svg: str
    alt: str


def _axis(row: SpineRow, first: bool, threshold: float) -> Drawn:
    drawn = spine.spine_row(
        row.z,
        row.others,
        row.communes,
        row.epci_z,
        communes_is_mean=row.communes_is_mean,
        first=first,
        threshold=threshold,
    )
    return Drawn(row, drawn, row.alt)


def _strip(row: TableRow) -> Drawn:
    drawn = strips.table_strip(row.strip, row.strip_own, row.strip_mean) if row.strip else ""
    return Drawn(row, drawn, strips.table_strip_alt(row.rank, row.known))


def _dots(row: EquipmentRow, worth: int) -> Drawn:
    drawn = strips.equipment_dots(row.inside, row.around, worth)
    return Drawn(row, drawn, strips.equipment_dots_alt(row.inside, row.around))


def sheet(fiche: Fiche, ground: SheetMap | None = None) -> dict[str, Any]:
    """Return what the template of a sheet needs beside the model: figures, widths, counts.

    ``ground``: the map of the neighbourhood, when its perimeter is known.
    """
    picture = picture_of(fiche, ground)
    size = _GROUND if ground is not None else _TILES
    equipment = fiche.equipment.rows if fiche.equipment else ()
    worth = strips.dot_worth(max(((r.inside or 0) + (r.around or 0) for r in equipment), default=0))
    return {
        "map": picture.draw(*size) if picture else "",
        "series": [series_block(s, fiche.short_name) for s in fiche.series],
        "picture": picture,
        "spine_head": spine.spine_head(),
        "spine": [
            (
                theme,
                [_axis(r, i == 0, fiche.threshold) for i, r in enumerate(theme.rows)],
            )
            for theme in fiche.spine
            if theme.rows
        ],
        "themes": [(block, [_strip(row) for row in block.rows]) for block in fiche.blocks],
        "dots": [_dots(row, worth) for row in equipment],
        "worth": worth,
        "reading": ["".join(str(part[0]) for part in runs) for runs in reading(fiche)],
    }
