"""Is each cell read as a person would read it, whatever holds it?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import microdata_cells_table as table
import polars as pl
import pytest

from terril.catalogue.works import Condition, Dimension, Work
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.microdata_cells import Cells, holds, modality
from terril.places.microdata_files import Batch, Column


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckdbEngine]:
    with DuckdbEngine(memory="300MB", threads=1) as engine:
        yield engine


def test_numbers_dates_and_texts_are_those_of_the_table(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    rows = {
        cell: (number, date, found)
        for cell, filled, number, date, found in table.read(engine, tmp_path)
        .select("cell", "f", "n", "j", "found")
        .unique()
        .rows()
    }
    for cell, number, date in table.CELLS:
        clean = cell.strip(" ") if cell else None
        expected = (number, date, clean in table.LOOKED_FOR)
        assert rows[clean or None] == expected, cell


def work(**parts: Any) -> Work:
    return Work.model_validate(
        {
            "label": "Essai",
            "source": "pole_emploi",
            "position": {"x": "c", "y": "c", "crs": 2154},
            "territories": ({"kind": "commune"},),
            "measures": ({"indicator": "emploi.nb_defm_abc", "form": "count"},),
            **parts,
        }
    )


def answers(
    engine: DuckdbEngine, tmp_path: Path, values: pl.Series, held: Any, **parts: Any
) -> list[Any]:
    """Return the answer for each value: of the condition, or the rank of the modality."""
    made = work(**parts)
    path = tmp_path / "c.parquet"
    pl.DataFrame({"c": values, "rang": range(len(values))}).write_parquet(path)
    engine.read("c", [path])
    cells = Cells(made)
    if made.filters:
        asked = holds(made.filters, cells)
    else:
        asked = modality(made.dimensions["d"], cells, "2020-12-31")
    query = cells.select(Batch((path,), {"c": Column("c", held)}), "c")
    rows = engine.rows(f"SELECT {asked} AS asked, f0 FROM ({query}) q")
    engine.drop("c")
    return rows["asked"].to_list()


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("is", "1", [True, False, False, False, False]),
        ("is", 1, [True, True, False, False, False]),
        ("is_not", "1", [False, True, True, True, False]),
        ("is_not", 1, [False, False, True, True, False]),
        ("in", ("1", 12), [True, False, True, False, False]),
        ("not_in", ("1", 12), [False, True, False, True, False]),
        ("starts_with", "1", [True, False, True, False, False]),
        ("under", 12, [True, True, False, False, False]),
        ("at_most", 12, [True, True, True, False, False]),
        ("over", 1, [False, False, True, False, False]),
        ("at_least", 1, [True, True, True, False, False]),
        ("empty", None, [False, False, False, False, True]),
        ("filled", None, [True, True, True, True, False]),
    ],
)
def test_a_condition_says_what_its_operator_says(
    engine: DuckdbEngine, tmp_path: Path, operator: str, value: Any, expected: list[bool]
) -> None:
    """An empty cell fulfils « empty » and nothing else."""
    cells = pl.Series(["1", "01", "12", "A", ""])
    given: dict[str, Any] = {"column": "c", "operator": operator}
    if value is not None:
        given["values" if isinstance(value, tuple) else "value"] = value
    assert answers(engine, tmp_path, cells, "text", filters=(given,)) == expected
    Condition.model_validate(given)


@pytest.mark.parametrize(
    ("values", "held", "text", "number"),
    [
        (pl.Series([1, 2, None], dtype=pl.Int8), "whole", [True, False, False], 1),
        (pl.Series([1.0, 2.5, float("nan")]), "double", [True, False, False], 1),
        (pl.Series([1.0, 2.5, None], dtype=pl.Float32), "double", [True, False, False], 1),
        (pl.Series([True, False, None]), "truth", [False, False, False], 1),
        (pl.Series(["1", "2", None], dtype=pl.Categorical), "text", [True, False, False], 1),
    ],
)
def test_a_code_held_as_a_number_is_found_as_a_text_and_as_a_number(
    engine: DuckdbEngine,
    tmp_path: Path,
    values: pl.Series,
    held: str,
    text: list[bool],
    number: int,
) -> None:
    """Codes « 1 » and « 2 » become 1.0 and 2.0 when one of them is missing."""
    as_text = ({"column": "c", "operator": "is", "value": "1"},)
    as_number = ({"column": "c", "operator": "is", "value": number},)
    assert answers(engine, tmp_path, values, held, filters=as_text) == text
    assert answers(engine, tmp_path, values, held, filters=as_number) == [True, False, False]


def test_ages_change_on_the_birthday(engine: DuckdbEngine, tmp_path: Path) -> None:
    dimension = {
        "column": "c",
        "reading": "birth_date",
        "classes": {"moins_26": {"under": 26}, "26_49": {"start": 26, "under": 50}},
    }
    days = ["1995-01-01", "1994-12-31", "1995-01-01", "1970-12-31", "1971-01-01", "2021-01-01", ""]
    parts = {"dimensions": {"d": dimension}}
    got = answers(engine, tmp_path, pl.Series(days), "text", **parts)
    assert got == [1, 2, 1, 0, 2, 0, 0]  # born after the date: no age
    held = pl.Series([dt.date.fromisoformat(d) if d else None for d in days])
    assert answers(engine, tmp_path, held, "date", **parts) == got
    for unit in ("ns", "us", "ms"):
        moments = held.cast(pl.Datetime(unit))
        assert answers(engine, tmp_path, moments, "moment", **parts) == got
    Dimension.model_validate(dimension)


def test_a_year_of_birth_gives_the_age_reached_in_the_year(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    parts = {
        "dimensions": {
            "d": {
                "column": "c",
                "reading": "birth_year",
                "classes": {"jeunes": {"under": 26}, "autres": {"start": 26}},
            }
        }
    }
    values = pl.Series([1994, 1995, 2020, 2021, None])
    assert answers(engine, tmp_path, values, "whole", **parts) == [2, 1, 1, 0, 0]


def test_classes_of_numbers_hold_their_start_and_not_their_end(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    parts = {
        "dimensions": {
            "d": {
                "column": "c",
                "classes": {"petit": {"start": 0, "under": 30}, "grand": {"start": 30}},
            }
        }
    }
    values = pl.Series(["-0,1", "0", "29,999", "30", "1e9", "?", ""])
    assert answers(engine, tmp_path, values, "text", **parts) == [0, 1, 1, 2, 2, 0, 0]
