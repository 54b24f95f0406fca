"""Does a thematic table show the figures of the frames, and mark the right ends?"""

from __future__ import annotations

import dataclasses
import random

import polars as pl
import pytest
from report_material import EPCI, FIGURES, NAMES, catalogue, codes, material

from terril.catalogue.load import load_catalogue
from terril.reports.grid import Grid, Row, cautions, thematic_codes, thematic_grid
from terril.reports.lookup import Lookup, alphabetical


def grid_of(code: str, **options: object) -> Grid:
    return thematic_grid(Lookup(material(**options)), code)  # type: ignore[arg-type]


def row_of(grid: Grid, code: str) -> Row:
    return next(row for row in grid.rows if row.code == code)


def test_values_are_those_of_the_frames_rounded_as_printed() -> None:
    grid = grid_of("revenus")
    texts = {row.code: [figure.text for figure in row.figures] for row in grid.rows if row.code}
    assert texts["QP000003"] == ["11\u202f250", "55,3"]  # 55.25: half away from zero
    assert texts["QP000002"] == ["13\u202f328", "41,5"]
    assert texts["QP000005"] == ["s", "s"]


def test_a_secret_is_no_zero_and_no_missing() -> None:
    last = row_of(grid_of("demographie"), "QP000005").figures[1]
    absent = row_of(grid_of("demographie"), "QP000004").figures[0]
    assert (last.value, last.status, last.text) == (None, "secret", "s")
    assert (absent.value, absent.status, absent.text) == (None, "missing", "–")
    assert last.rank is None and last.at is None


def test_ends_follow_the_polarity() -> None:
    grid = grid_of("revenus")
    ends = {row.code: [figure.extreme for figure in row.figures] for row in grid.rows if row.code}
    assert ends["QP000002"] == ["best", "best"]  # highest income, lowest poverty
    assert ends["QP000003"] == ["worst", "worst"]
    assert ends["QP000001"] == ["", ""]
    neutral = {row.code: row.figures[0].extreme for row in grid_of("demographie").rows if row.code}
    assert neutral["QP000003"] == "high" and neutral["QP000002"] == "low"


def test_the_axis_puts_the_favourable_end_at_the_right() -> None:
    grid = grid_of("revenus")
    assert [figure.at for figure in row_of(grid, "QP000002").figures] == [1.0, 1.0]
    assert [figure.at for figure in row_of(grid, "QP000003").figures] == [0.0, 0.0]
    epci = row_of(grid, EPCI).figures[0].at
    assert epci is not None and epci > 1  # far above the best neighbourhood


def test_many_ties_are_no_extreme() -> None:
    figures = {("emploi.taux_emploi", "2015"): [30, 30, 30, 30, 41, 35]}
    grid = grid_of("emploi", names=[f"Q{n}" for n in range(6)], figures=figures, contradicted=False)
    found = [row.figures[0].extreme for row in grid.rows if row.kind == "qpv"]
    assert found.count("worst") == 0 and found.count("best") == 1


def test_equal_values_have_no_extreme() -> None:
    figures = {("emploi.taux_emploi", "2015"): [30, 30, 30]}
    grid = grid_of("emploi", names=["A", "B", "C"], figures=figures, contradicted=False)
    assert {row.figures[0].extreme for row in grid.rows if row.kind == "qpv"} == {""}


def test_the_agglomeration_of_another_period_says_so() -> None:
    grid = grid_of("revenus")
    figure = row_of(grid, EPCI).figures[1]
    assert (figure.text, figure.period) == ("25,9", "2014")
    assert any("2014" in remark for remark in grid.remarks)


def test_no_weighted_mean_of_counts() -> None:
    grid = grid_of("emploi")
    weighted = next(row for row in grid.rows if row.kind == "wmean")
    plain = next(row for row in grid.rows if row.kind == "mean")
    assert weighted.figures[0].value is not None and weighted.figures[1].value is None
    assert plain.figures[1].value == 592  # (606 + 744 + 1204 + 310 + 95) / 5 = 591.8


def test_means_are_those_of_the_groups_and_never_computed_here() -> None:
    source = material()
    groups = source.groups.with_columns(mean=pl.lit(12345.0))
    grid = thematic_grid(Lookup(dataclasses.replace(source, groups=groups)), "revenus")
    mean = next(row for row in grid.rows if row.kind == "mean")
    assert [figure.value for figure in mean.figures] == [12345.0, 12345.0]


def test_a_contradiction_is_marked_with_both_values() -> None:
    grid = grid_of("emploi")
    figure = row_of(grid, "QP000001").figures[0]
    assert figure.marks == (1,)
    assert "30,9" in grid.notes[0] and "31,7" in grid.notes[0] and "retenu" in grid.notes[0]


def test_a_note_never_tells_a_blanked_value() -> None:
    grid = grid_of("revenus")
    assert row_of(grid, "QP000005").figures[1].marks == (1,)
    assert "47" not in grid.notes[0] and "secret" in grid.notes[0]


def test_a_single_neighbourhood_has_no_mean_and_no_end() -> None:
    figures = {key: values[:1] for key, values in FIGURES.items()}
    grid = grid_of("emploi", names=NAMES[:1], figures=figures)
    assert [row.kind for row in grid.rows] == ["qpv", "epci"]
    assert row_of(grid, "QP000001").figures[0].extreme == ""


def test_tables_of_the_agglomeration_are_not_thematic() -> None:
    cards = catalogue()
    tables = dict(cards.tables)
    tables["autour"] = tables["emploi"].model_copy(update={"scope": "agglomeration"})
    source = material(cards=dataclasses.replace(cards, tables=tables))
    assert thematic_codes(Lookup(source)) == ["demographie", "revenus", "emploi"]


def test_names_are_in_the_order_of_a_dictionary() -> None:
    names = [place.label for place in Lookup(material()).qpv]
    assert names == sorted(NAMES, key=alphabetical)
    assert names.index("Éluard") < names.index("Zola")  # É among the E


def test_a_caution_is_said_once_for_all_its_columns() -> None:
    cards = catalogue()
    indicators = {
        code: card.model_copy(update={"caution": "Peu d’élèves. À lire avec prudence."})
        for code, card in cards.indicators.items()
    }
    lookup = Lookup(material(cards=dataclasses.replace(cards, indicators=indicators)))
    columns = thematic_grid(lookup, "revenus").columns
    said = cautions(lookup, columns)
    assert said == [
        "Revenu médian, par an et taux de pauvreté : peu d’élèves. À lire avec prudence"
    ]


@pytest.mark.parametrize("seed", range(5))
def test_every_rank_and_text_matches_the_frames_whatever_the_figures(seed: int) -> None:
    dice = random.Random(seed)
    size = dice.randint(2, 30)
    values = [dice.choice([None, "s", round(dice.uniform(0, 100), 1), 50.0]) for _ in range(size)]
    source = material(
        [f"Q{n}" for n in range(size)],
        {("emploi.taux_emploi", "2015"): values},
        contradicted=False,
    )
    grid = thematic_grid(Lookup(source), "emploi")
    known = [value for value in values if isinstance(value, float)]
    for code, value in zip(codes(size), values, strict=True):
        figure = row_of(grid, code).figures[0]
        if isinstance(value, float):
            assert figure.value == value
            assert figure.rank == 1 + sum(other > value for other in known)
            assert figure.at is not None and 0 <= figure.at <= 1
        else:
            assert figure.value is None
            assert figure.text == ("s" if value == "s" else "–")


def test_the_package_tells_its_two_kinds_of_tables_apart() -> None:
    tables = load_catalogue().tables
    around = [code for code, card in tables.items() if card.scope == "agglomeration"]
    assert around and len(around) < len(tables)
    assert all(len(c.columns) <= 8 for code, c in tables.items() if code not in around)
