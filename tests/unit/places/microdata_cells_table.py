"""Cells as producers write them, with what each should be: a number, a date, or neither."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.works import Work
from terril.places.engines.base import Engine
from terril.places.microdata_cells import Cells, holds
from terril.places.microdata_files import Batch, Column

#: cell, its number, its date
CELLS: Final[tuple[tuple[str | None, float | None, str | None], ...]] = (
    (None, None, None),
    ("", None, None),
    ("   ", None, None),
    ("12", 12.0, None),
    (" 12 ", 12.0, None),
    ("012", 12.0, None),
    ("12,5", 12.5, None),
    ("12.5", 12.5, None),
    ("-12,5", -12.5, None),
    ("+3", 3.0, None),
    (".5", 0.5, None),
    ("5.", 5.0, None),
    ("5,", 5.0, None),
    ("12 811", 12811.0, None),
    ("12\u202f811,25", 12811.25, None),
    ("12\u00a0811", 12811.0, None),
    ("1e3", 1000.0, None),
    ("1E-2", 0.01, None),
    ("1e", None, None),
    ("e3", None, None),
    ("-", None, None),
    (".", None, None),
    ("--1", None, None),
    ("1.234,5", None, None),
    ("1-2", None, None),
    ("12d", None, None),
    ("12f", None, None),
    ("0x10", None, None),
    ("1_000", None, None),
    ("NaN", None, None),
    ("inf", None, None),
    ("-Infinity", None, None),
    ("n.c.", None, None),
    ("oui", None, None),
    ("12€", None, None),
    ("12\n", None, None),
    ("2020-12-31\n", None, None),
    ("2020-12-31 10:00\n", None, None),
    ("١٢", None, None),  # digits of another script
    ("6842917.123456789", 6842917.123456789, None),
    ("0.1", 0.1, None),
    ("123456789012345678", 123456789012345680.0, None),
    ("2020-12-31", None, "2020-12-31"),
    ("2020-12-31T10:00:00", None, "2020-12-31"),
    ("2020-12-31 10:00", None, "2020-12-31"),
    ("31/12/2020", None, "2020-12-31"),
    ("31/12/2020 08:30", None, "2020-12-31"),
    ("20201231", 20201231.0, "2020-12-31"),
    ("29/02/2020", None, "2020-02-29"),
    ("29/02/2021", None, None),
    ("31/04/2020", None, None),
    ("13/13/2020", None, None),
    ("2020-00-10", None, None),
    ("1/2/2020", None, None),
    ("31/12/20", None, None),
    ("31-12-2020", None, None),
    ("0001-01-01", None, None),
    ("2020", 2020.0, None),
    ("l’an 2020", None, None),
    ("l'an", None, None),
    ("a\\b", None, None),
    ('dit "x"', None, None),
)

#: texts that a condition may look for, with what SQL could make of them
LOOKED_FOR: Final = ("l'an", "a\\b", 'dit "x"', "l’an 2020", "12€")


def read(engine: Engine, folder: Path) -> pl.DataFrame:
    """Return cell, filled, text, number, date, as the engine reads them; and what was found."""
    work = Work.model_validate(
        {
            "label": "Essai",
            "source": "pole_emploi",
            "position": {"x": "x", "y": "y", "crs": 2154},
            "territories": ({"kind": "commune"},),
            "measures": ({"indicator": "emploi.nb_defm_abc", "form": "count"},),
            "filters": ({"column": "cell", "operator": "in", "values": LOOKED_FOR},),
        }
    )
    frame = pl.DataFrame({"cell": [cell for cell, _, _ in CELLS]}, schema={"cell": pl.String})
    path = folder / f"cellules-{engine.name}.parquet"
    frame.with_columns(x=pl.lit(0.0), y=pl.lit(0.0)).write_parquet(path)
    engine.read("cellules", [path])
    columns = {"cell": Column("cell", "text")} | {a: Column(a, "double") for a in "xy"}
    cells = Cells(work)
    found = holds(work.filters, cells)
    for what in ("t", "n", "j"):
        cells.need("cell", what)
    batch = Batch((path,), columns)
    names = {what: cells.need("cell", what) for what in ("f", "t", "n", "j")}
    shown = ", ".join(f"{name} AS {what}" for what, name in names.items())
    query = f"SELECT {shown}, {found} AS found FROM ({cells.select(batch, 'cellules')}) lues"
    rows = engine.rows(query)
    engine.drop("cellules")
    return rows.rename({"t": "cell"}).sort("cell", nulls_last=True)
