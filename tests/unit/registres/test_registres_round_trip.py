"""A spreadsheet that nobody touched changes nothing; what was touched is found, and only that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_values import rows_of_values, values
from register_world import EVERYTHING, catalogue, names_of

from terril.registres.cells import exported
from terril.registres.choose import Query
from terril.registres.compare import plan, same
from terril.registres.query_words import query_words
from terril.registres.read import Reading, read_table
from terril.registres.rows import Row
from terril.reports.registres.workbook import write_csv, write_ods, write_xlsx

CATALOGUE = catalogue()
DAY = dt.date(2026, 11, 24)
Writer = Callable[[Sequence[Row]], bytes]


def _xlsx(rows: Sequence[Row]) -> bytes:
    return write_xlsx(EVERYTHING, "tout", rows, CATALOGUE, names_of(*rows), about="", day=DAY)


def _ods(rows: Sequence[Row]) -> bytes:
    return write_ods(EVERYTHING, "tout", rows, CATALOGUE, names_of(*rows), about="", day=DAY)


def _csv(rows: Sequence[Row]) -> bytes:
    return write_csv(EVERYTHING, "tout", rows, CATALOGUE, names_of(*rows))


WRITERS = {"xlsx": _xlsx, "ods": _ods, "csv": _csv}


def _read(data: bytes, path: Path, rows: Sequence[Row]) -> Reading:
    path.write_bytes(data)
    return read_table(path, EVERYTHING, "tout", CATALOGUE, names_of(*rows))


def _rows(many: Sequence[dict[str, Any]]) -> list[Row]:
    """Rows with codes of their own: a register never holds one key twice."""
    return [
        Row(number, number, {**each, "code": f"C{number}"}) for number, each in enumerate(many, 1)
    ]


MANY = st.lists(rows_of_values(), min_size=3, max_size=4)
RELAXED = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("ending", WRITERS)
@RELAXED
@given(many=MANY)
def test_a_file_that_nobody_touched_changes_nothing(
    ending: str, tmp_path: Path, many: list[dict[str, Any]]
) -> None:
    rows = _rows(many)
    reading = _read(WRITERS[ending](rows), tmp_path / f"a.{ending}", rows)
    assert [str(p) for p in reading.problems.errors] == []
    assert reading.columns == tuple(EVERYTHING.columns)
    made = plan(EVERYTHING, reading.rows, rows, CATALOGUE, names_of(*rows))
    assert (made.changed, made.added, made.missing, made.conflicts) == ((), (), (), ())
    assert made.unchanged == len(rows)


@pytest.mark.parametrize("ending", WRITERS)
@RELAXED
@given(many=MANY, data=st.data())
def test_any_edit_is_found_and_only_that(
    ending: str, tmp_path: Path, many: list[dict[str, Any]], data: st.DataObject
) -> None:
    rows = _rows(many)
    place = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from([n for n in EVERYTHING.columns if n not in ("nom", "code")]))
    column = EVERYTHING.columns[name]
    after = data.draw(st.none() | values(column))
    before = rows[place].values.get(name)
    edited = list(rows)
    edited[place] = Row(place + 1, place + 1, {**rows[place].values, name: after})
    reading = _read(WRITERS[ending](edited), tmp_path / f"b.{ending}", rows)
    made = plan(EVERYTHING, reading.rows, rows, CATALOGUE, names_of(*rows))
    if same(column, before, after):
        assert made.changed == ()
    else:
        (change,) = made.changed
        assert change.number == place + 1
        assert list(change.fields) == [name]
        assert same(column, change.fields[name][1], after)
        assert change.fields[name][0] == before


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = _rows([{"nom": "Un", "cout": Decimal("1234.50")}, {"nom": "=2", "jour": DAY}])
    for writer in WRITERS.values():
        assert writer(rows) == writer(list(rows))


def test_columns_that_may_not_be_given_are_not_in_the_file(tmp_path: Path) -> None:
    rows = _rows([{"nom": "Un", "courriel": "secret@exemple.fr"}])
    for write, ending in ((write_xlsx, "xlsx"), (write_ods, "ods")):
        data = write(
            EVERYTHING, "tout", rows, CATALOGUE, names_of(), about="", day=DAY,
            columns=["nom", "code"],
        )  # fmt: skip
        assert _read(data, tmp_path / f"c.{ending}", rows).columns == ("nom", "code")
    data = write_csv(EVERYTHING, "tout", rows, CATALOGUE, names_of(), columns=["nom"])
    assert data.decode("utf-8-sig") == "N°;Version;Intitulé\r\n1;1;Un\r\n"


def test_amounts_and_dates_are_real_ones() -> None:
    names = names_of()
    assert exported(EVERYTHING.columns["cout"], Decimal("1234.50"), CATALOGUE, names) == 1234.5
    assert exported(EVERYTHING.columns["jour"], DAY, CATALOGUE, names) == DAY
    huge = Decimal("12345678901234.567")
    assert exported(EVERYTHING.columns["mesure"], huge, CATALOGUE, names) == "12345678901234,567"


def test_filters_are_said_in_words() -> None:
    query = Query("eau", {"theme": ("sante", "-"), "ville": ("2",), "jour": ("2026",)}, (), True)
    assert query_words(EVERYTHING, query, CATALOGUE, names_of()) == [
        "Mots cherchés\u00a0: eau",
        "Thème\u00a0: Santé ou non renseigné",
        "Commune\u00a0: Le Havre",
        "Date\u00a0: 2026",
        "Fiches archivées",
    ]
