"""Does a page read the rows it shows, however large the edition?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from edition_sample import content

from terril.editions.database import connect
from terril.editions.seal import DATABASE, seal


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("observations", ("kind", "territory", "indicator", "period", "breakdown")),
        ("observations", ("territory",)),
        ("observations", ("indicator", "kind")),
        ("groups", ("group", "indicator")),
        ("positions", ("group", "indicator", "period", "breakdown")),
        ("positions", ("territory", "group", "indicator", "breakdown")),
        ("gaps", ("group", "indicator", "period", "breakdown")),
        ("changes", ("group", "territory", "indicator")),
        ("signals", ("group",)),
        ("signals", ("group", "theme")),
        ("signals", ("territory",)),
        ("sensitivity", ("group", "territory", "theme")),
        ("break_lines", ("indicator", "breakdown")),
        ("offers", ("territory",)),
        ("equipment", ("territory",)),
    ],
)
def test_what_pages_ask_is_searched_by_an_index(
    tmp_path: Path, table: str, keys: tuple[str, ...]
) -> None:
    seal(tmp_path, content())
    tests = " AND ".join(f'"{key}" = ?' for key in keys)
    with closing(connect(tmp_path / "2020-07-01" / DATABASE)) as base:
        plan = base.execute(
            f'EXPLAIN QUERY PLAN SELECT * FROM "{table}" WHERE {tests}', ["x"] * len(keys)
        ).fetchall()
    steps = [str(row[3]) for row in plan]
    assert any("USING INDEX" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


def test_no_index_is_the_beginning_of_another(tmp_path: Path) -> None:
    seal(tmp_path, content())
    held: dict[str, list[list[str]]] = {}
    with closing(connect(tmp_path / "2020-07-01" / DATABASE)) as base:
        names = base.execute(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for table, name in names:
            columns = [str(row[2]) for row in base.execute(f'PRAGMA index_info("{name}")')]
            held.setdefault(table, []).append(columns)
    for table, several in held.items():
        for one in several:
            assert not any(one != other and other[: len(one)] == one for other in several), table
