"""Does a series of the sheets hold the figures of the frames, parted where a break blocks?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import EPCI, card, catalogue, count, qpv, retained, said, territories
from terril.benchmarks.compare import compare
from terril.catalogue.cards import Catalogue
from terril.fiches.model import Series, SeriesLine, SeriesPoint
from terril.fiches.series import MEAN, SeriesMaker, best_of_each_theme
from terril.indicators.series import join_series
from terril.territories.correspondence import CORRESPONDENCE

HOUSING = "revenus.part_prestations_logement"  # the register blocks it across 2018
POVERTY = "revenus.taux_pauvrete"
COUNT = "emploi.nb_defm_abc"
CARDS = catalogue(
    {
        HOUSING: card(source="insee_filosofi"),
        POVERTY: card(source="insee_filosofi"),
        COUNT: count(unit="habitant", source="pole_emploi"),
    }
)
NONE = pl.DataFrame(schema=CORRESPONDENCE)


def follows(old: str, new: str, status: str = "modifie") -> pl.DataFrame:
    row = {**dict.fromkeys(CORRESPONDENCE), "old": old, "new": new, "status": status,
           "basis": "liste"}  # fmt: skip
    return pl.DataFrame([row], schema=CORRESPONDENCE)


def made(
    rows: Sequence[dict[str, Any]],
    correspondence: pl.DataFrame = NONE,
    cards: Catalogue = CARDS,
    size: int = 2,
) -> SeriesMaker:
    frame = retained(rows)
    groups = compare(frame, territories(size), cards).groups
    return SeriesMaker(frame, groups, correspondence, cards, list(cards.indicators))


def over(
    code: str, indicator: str, values: Mapping[str, float | None], **changes: Any
) -> list[dict[str, Any]]:
    source = CARDS.indicators[indicator].source
    return [
        said(code, indicator, value, period=period, source=source,
             **({} if value is not None else {"status": "secret"}), **changes)
        for period, value in values.items()
    ]  # fmt: skip


def texts(series: Series | None) -> list[list[tuple[str, str]]]:
    assert series is not None
    return [[(p.period, p.text) for p in line.points] for line in series.lines]


SIX = {str(year): 10.0 + n for n, year in enumerate(range(2014, 2020))}


def test_six_years_and_a_break_in_2018() -> None:
    rows = [
        *over(qpv(1), HOUSING, SIX),
        *over(qpv(2), HOUSING, SIX),
        *over(EPCI, HOUSING, SIX, kind="epci"),
    ]
    series = made(rows).neighbourhood(qpv(1), EPCI, HOUSING)
    assert series is not None and series.known == 6
    assert [[period for period, _ in line] for line in texts(series)] == [
        ["2014", "2015", "2016", "2017"],
        ["2018", "2019"],
    ]
    [wall] = [cut for cut in series.cuts if cut.blocks]
    assert wall.label.startswith("2018") and 2018.0 < wall.year < 2019.0
    assert {r.name: [len(line) for line in r.lines] for r in series.references} == {
        "agglo.": [4, 2],
        MEAN: [4, 2],
    }
    assert series.references[0].strong and not series.references[1].strong
    assert series.sources == CARDS.sources["insee_filosofi"].short


def test_a_secret_is_a_gap_with_its_mark_and_cuts_no_line() -> None:
    values = {**SIX, "2015": None}
    series = made(over(qpv(1), POVERTY, values)).neighbourhood(qpv(1), EPCI, POVERTY)
    assert texts(series)[0][:3] == [("2014", "10,0\u202f%"), ("2015", "s"), ("2016", "12,0\u202f%")]
    assert series is not None and series.known == 5
    assert "11" not in str(series.lines)


@pytest.mark.parametrize(("periods", "drawn"), [(2, False), (3, True)])
def test_fewer_than_three_known_periods_make_no_series(periods: int, drawn: bool) -> None:
    values = {year: SIX[year] if n < periods else None for n, year in enumerate(SIX)}
    series = made(over(qpv(1), POVERTY, values)).neighbourhood(qpv(1), EPCI, POVERTY)
    assert (series is not None) == drawn


def test_two_generations_are_two_lines_with_their_codes() -> None:
    old, new = "QP001001", "QN00101M"
    rows = [
        *over(old, POVERTY, {"2012": 40.0, "2014": 41.0}),
        *over(new, POVERTY, {"2019": 37.0, "2021": 36.0}),
        *over(EPCI, POVERTY, {"2012": 20.0, "2014": 20.5, "2019": 21.0, "2021": 21.5}, kind="epci"),
    ]
    maker = made(rows, follows(old, new))
    series = maker.neighbourhood(new, EPCI, POVERTY)
    assert [[p for p, _ in line] for line in texts(series)] == [["2012", "2014"], ["2019", "2021"]]
    assert series is not None
    [wall] = [cut for cut in series.cuts if cut.blocks]
    assert wall.sides == (old, new) and wall.label.startswith("Périmètres de 2024")
    assert [line.name for line in series.lines] == ["", ""], "the rule says the codes"
    [agglomeration] = series.references
    assert [len(line) for line in agglomeration.lines] == [4], "its perimeter did not change"
    assert maker.neighbourhood(old, EPCI, POVERTY) is None, "two periods only"


def test_two_former_neighbourhoods_are_named_at_their_lines() -> None:
    new = "QN00101M"
    links = pl.concat([follows("QP001001", new), follows("QP001002", new)])
    rows = [
        *over("QP001001", POVERTY, {"2012": 40.0, "2014": 41.0}),
        *over("QP001002", POVERTY, {"2012": 30.0, "2014": 31.0}),
        *over(new, POVERTY, {"2021": 36.0}),
    ]
    series = made(rows, links).neighbourhood(new, EPCI, POVERTY)
    assert series is not None
    assert {line.name for line in series.lines} == {"QP001001", "QP001002", ""}
    assert [cut.sides for cut in series.cuts if cut.sides != ("", "")] == [("", new)]


def test_a_count_has_no_lighter_line() -> None:
    days = {f"20{n}-12-31": 400.0 + n for n in range(15, 20)}
    rows = [*over(qpv(1), COUNT, days), *over(EPCI, COUNT, days, kind="epci")]
    maker = made(rows)
    series = maker.neighbourhood(qpv(1), EPCI, COUNT)
    assert series is not None and series.references == ()
    assert series.lines[0].points[0].period == "fin 2015"
    whole = maker.agglomeration(EPCI, COUNT)
    assert whole is not None and whole.known == 5


def test_the_agglomeration_has_the_mean_beside_and_not_itself() -> None:
    rows = [
        *over(qpv(1), POVERTY, SIX),
        *over(qpv(2), POVERTY, {k: v + 10 for k, v in SIX.items()}),
        *over(EPCI, POVERTY, SIX, kind="epci"),
    ]
    maker = made(rows)
    whole = maker.agglomeration(EPCI, POVERTY)
    assert whole is not None and [r.name for r in whole.references] == [MEAN]
    assert whole.references[0].lines[0][0].text == "15,0\u202f%"
    mean = maker.mean(EPCI, POVERTY, [qpv(1), qpv(2)])
    assert mean is not None and texts(mean)[0][0] == ("2014", "15,0\u202f%")
    assert mean.references == () and {cut.year for cut in mean.cuts} == {c.year for c in whole.cuts}


def test_the_mean_of_too_few_neighbourhoods_is_not_shown() -> None:
    series = made(over(qpv(1), POVERTY, SIX), size=3).neighbourhood(qpv(1), EPCI, POVERTY)
    assert series is not None and series.references == ()


def test_one_series_a_theme_the_longest_first() -> None:
    def series(indicator: str, known: int) -> Series:
        points = tuple(SeriesPoint(str(n), float(n), 1.0, "1") for n in range(known))
        theme = indicator.split(".")[0]
        return Series(indicator, theme, "", "", "", (SeriesLine(points),))

    found = best_of_each_theme(
        [series("a.x", 3), None, series("b.x", 5), series("b.y", 5), series("a.y", 4)]
    )
    assert [s.indicator for s in found] == ["b.x", "a.y"]


YEARS = st.lists(st.sampled_from([str(y) for y in range(2012, 2024)]), min_size=3, unique=True)


@given(YEARS, st.sampled_from([HOUSING, POVERTY]), st.data())
@settings(max_examples=40, deadline=None)
def test_the_lines_are_the_segments_of_the_joined_series(
    years: list[str], indicator: str, data: st.DataObject
) -> None:
    values: dict[str, float | None] = {
        year: data.draw(st.one_of(st.none(), st.floats(1, 99))) for year in sorted(years)
    }
    rows = over(qpv(1), indicator, values)
    series = made(rows).neighbourhood(qpv(1), EPCI, indicator)
    known = [v for v in values.values() if v is not None]
    if len(known) < 3:
        assert series is None
        return
    joined = join_series(retained(rows), NONE, CARDS).points
    naive = [
        [(period, value) for period, value in part.select("period", "value").iter_rows()]
        for part in joined.partition_by("segment", maintain_order=True)
    ]
    assert series is not None
    assert [[(p.period, p.value) for p in line.points] for line in series.lines] == naive
    walls = sorted(cut.year for cut in series.cuts if cut.blocks)
    ends = [(a.points[-1].year, b.points[0].year)
            for a, b in zip(series.lines, series.lines[1:], strict=False)]  # fmt: skip
    assert len(walls) >= len(ends)
    for before, after in ends:
        assert any(before < wall < after for wall in walls)
