"""Is a series ever one line across two neighbourhoods, two generations or a break?"""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import retained, said
from terril.catalogue.load import load_catalogue
from terril.indicators.breaks import between
from terril.indicators.series import BREAK_LINES, SERIES, join_series, perimeters
from terril.territories.correspondence import LISTED, from_list
from terril.territories.generations import generation_of

OLD = [f"QP00100{n}" for n in range(1, 6)]
NEW = [f"QN0010{n}M" for n in range(1, 6)]
RATE = "revenus.taux_pauvrete"

LINKS = st.lists(st.tuples(st.sampled_from(OLD), st.sampled_from(NEW)), max_size=6, unique=True)
POINTS = st.lists(
    st.tuples(
        st.sampled_from(OLD + NEW),
        st.sampled_from(["2012", "2014", "2016", "2018", "2021", "2023"]),
    ),
    min_size=1,
    max_size=20,
    unique=True,
)


def official(links: list[tuple[str, str]]) -> pl.DataFrame:
    rows = [(old, new, "", "", "modifie", "Modifié", 2) for old, new in links]
    return from_list(pl.DataFrame(rows, schema=LISTED, orient="row"))


def rows(points: list[tuple[str, str]]) -> pl.DataFrame:
    return retained(
        said(code, RATE, float(n), period=period, source="insee_filosofi")
        for n, (code, period) in enumerate(points)
    )


@given(LINKS, POINTS)
@settings(max_examples=80, deadline=None)
def test_a_segment_is_of_one_neighbourhood_and_crosses_no_blocking_date(
    links: list[tuple[str, str]], points: list[tuple[str, str]]
) -> None:
    own = load_catalogue()
    joined = join_series(rows(points), official(links), own)
    assert joined.points.columns == list(SERIES)
    assert joined.lines.columns == list(BREAK_LINES)
    for _, segment in joined.points.group_by("territory", "segment"):
        assert segment["member"].n_unique() == 1
        assert segment["generation"].n_unique() == 1
        for before, after in pairwise(segment.sort("period")["period"]):
            crossed = between(RATE, before, after, "insee_filosofi", own)
            assert not any(c.blocks and c.card.since for c in crossed)
    members = {
        (territory, member)
        for territory, member in joined.points.select("territory", "member").iter_rows()
        if territory != member
    }
    known = {code for code, _ in points}
    assert members == {(new, old) for old, new in links if old in known}


@given(LINKS, POINTS)
@settings(max_examples=80, deadline=None)
def test_two_generations_always_have_their_line(
    links: list[tuple[str, str]], points: list[tuple[str, str]]
) -> None:
    joined = join_series(rows(points), official(links), load_catalogue())
    for (territory,), series in joined.points.group_by("territory"):
        years = {generation_of(code) for code in series["member"]}
        lines = joined.lines.filter(
            (pl.col("territory") == territory) & (pl.col("reason") == "perimetre")
        )
        assert lines.height == (1 if len(years) == 2 else 0)
        if lines.height:
            line = lines.row(0, named=True)
            assert line["line"] == "Périmètres de 2024\u00a0: rupture de série"
            assert line["effect"] == "bloque"
            new = series.filter(pl.col("generation") == "2024")["period"].min()
            assert line["period"] == new


def test_no_name_joins_two_neighbourhoods() -> None:
    """Same label on both sides, no line in the correspondence: nothing is joined."""
    listed = pl.DataFrame(
        [(None, "QN00101M", "", "Les Prés", "nouveau", "Nouveau", 2)], schema=LISTED, orient="row"
    )
    old = pl.DataFrame({"code": ["QP001001"], "label": ["Les Prés"]})
    points = rows([("QP001001", "2014"), ("QN00101M", "2021")])
    joined = join_series(points, from_list(listed, old), load_catalogue())
    assert all(row[0] == row[1] for row in joined.points.select("territory", "member").iter_rows())
    assert joined.lines.is_empty()


def test_only_what_is_asked_and_secret_points_keep_their_place() -> None:
    frame = retained(
        [
            said("QP001001", RATE, 40.0, period="2012", source="insee_filosofi"),
            said("QP001001", RATE, None, period="2014", status="secret", source="insee_filosofi"),
            said("QP001001", "essai.autre", 1.0, period="2014"),
            said("QP001001", RATE, 41.0, period="", source="insee_filosofi"),
        ]
    )
    joined = join_series(frame, official([]), load_catalogue(), indicators=(RATE,))
    assert joined.points.select("period", "value", "status", "segment").rows() == [
        ("2012", 40.0, "ok", 0),
        ("2014", None, "secret", 0),
    ]


def test_an_annotated_date_marks_the_line_without_cutting_it() -> None:
    joined = join_series(
        rows([("QP001001", "2016"), ("QP001001", "2018")]), official([]), load_catalogue()
    )
    assert joined.points["segment"].to_list() == [0, 0]
    assert joined.lines.select("after", "period", "code", "effect").rows() == [
        ("2016", "2018", "filosofi_2018", "annote")
    ]


def test_a_change_of_perimeters_is_never_silent() -> None:
    own = load_catalogue()
    assert perimeters(own, "2015", "2024")[0] == "perimetres_2024"
    mute = dataclasses.replace(own, breaks={})
    with pytest.raises(KeyError):
        perimeters(mute, "2015", "2024")
    with pytest.raises(KeyError):
        join_series(
            rows([("QP001001", "2014"), ("QN00101M", "2021")]),
            official([("QP001001", "QN00101M")]),
            mute,
        )
