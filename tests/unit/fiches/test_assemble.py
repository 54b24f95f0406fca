"""Does each sheet say what the figures say, and nothing else?"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest

from terril.benchmarks.compare import compare
from terril.benchmarks.signals import signals
from terril.editions.content import EditionContent
from terril.editions.pipeline import build
from terril.fiches.assemble import Inputs, assemble_all
from terril.fiches.model import Fiche
from terril.fiches.names import cut_name
from terril.fiches.notes import Numbering, Remark
from terril.figures.icons import icons
from terril.lib.french import nombre
from terril.lib.problems import ProblemList
from terril.observations.schema import Status
from terril.sources.project import read_project
from terril.territories.registry import read_territories


@pytest.fixture(scope="module")
def content(demo_dir: Path) -> EditionContent:
    return build(demo_dir)


def fiche(content: EditionContent, code: str) -> Fiche:
    return next(f for f in content.fiches if f.code == code)


def test_every_neighbourhood_has_its_sheet(content: EditionContent) -> None:
    codes = content.territories.filter(
        (pl.col("kind") == "qpv") & (pl.col("epci") == content.info.epci)
    )["code"]
    assert [f.code for f in content.fiches] == sorted(codes)
    assert len(content.fiches) == 21


def test_table_values_are_those_retained(content: EditionContent) -> None:
    """Every cell of page 2 is the retained figure, printed with the decimals of its card."""
    figures = {
        (t, i, p): (v, s)
        for t, i, p, v, s in content.retained.filter(pl.col("kind") == "qpv")
        .select("territory", "indicator", "period", "value", "status")
        .iter_rows()
    }
    seen = 0
    for sheet in content.fiches:
        for block in sheet.blocks:
            for row in block.rows:
                known = [
                    pair
                    for (t, i, _), pair in figures.items()
                    if t == sheet.code and i == row.indicator
                ]
                if row.value.status != Status.OK:
                    assert row.value.text in {"s", "–"}
                    assert row.rank == "–"
                    continue
                decimals = content.catalogue.indicators[row.indicator].decimals
                assert row.value.text in {
                    nombre(v, decimals) for v, s in known if s == Status.OK
                }, (sheet.code, row.indicator)
                seen += 1
    assert seen > 600


def test_secret_is_said_and_its_value_nowhere(content: EditionContent) -> None:
    """One document publishes the late entry in 3e of QP062029, another blanks it."""
    sheet = fiche(content, "QP062029")
    row = next(r for b in sheet.blocks for r in b.rows if r.indicator == "education.taux_retard_3e")
    assert row.value.text == "s" and row.value.status == Status.SECRET
    assert row.marks, "a note says why"
    note = next(n for n in sheet.notes if n.mark == row.marks[0])
    assert "secret l’emporte" in note.text
    assert not any(c.isdigit() for c in note.text)


def test_a_contradiction_shows_both_values(content: EditionContent) -> None:
    sheet = fiche(content, "QP062019")
    text = " ".join(n.text for n in sheet.notes)
    assert "19\u202f%" in text and "23\u202f%" in text
    assert "Le tableau des quartiers l’emporte" in text


def test_contradictions_of_one_winner_share_one_line() -> None:
    numbering = Numbering()
    first = numbering.marks([Remark("1 dans a, 2 dans b", "le tableau")])
    second = numbering.marks([Remark("3 dans a, 4 dans b", "le tableau"), None])
    again = numbering.marks([Remark("1 dans a, 2 dans b", "le tableau")])
    assert (first, second, again) == (("1",), ("2",), ("1",))
    assert [n.mark for n in numbering.notes()] == ["", "1", "2"]
    assert numbering.notes()[0].text.count("le tableau") == 1


def test_the_mean_of_the_communes_spans(content: EditionContent) -> None:
    sheet = fiche(content, "QP062016")
    assert len(sheet.commune_columns) == 3
    spanning = [
        r for b in sheet.blocks for r in b.rows if len(r.communes) == 1 and r.communes[0].span_note
    ]
    assert spanning
    assert {r.communes[0].span_note for r in spanning} == {"moyenne des trois"}


def test_population_and_share(content: EditionContent) -> None:
    sheet = fiche(content, "QP062019")
    assert (sheet.population, sheet.population_period) == ("4\u202f765", "2013")
    assert sheet.population_share == "26,1\u202f% de la population d’Avion"


def test_ranks_divide_by_the_known(content: EditionContent) -> None:
    sheet = fiche(content, "QP062019")
    rows = {r.indicator: r for b in sheet.blocks for r in b.rows}
    assert (rows["education.taux_retard_3e"].rank, rows["education.taux_retard_3e"].known) == (
        "4",
        10,
    )
    assert rows["education.taux_retard_6e"].rank == "–"


def test_strips_point_to_the_favourable_side(content: EditionContent) -> None:
    for sheet in content.fiches:
        for block in sheet.blocks:
            for row in block.rows:
                assert all(0 <= x <= 1 for x in row.strip)
                if row.strip_own is not None and row.rank == "1":
                    assert row.strip_own == max(row.strip), (sheet.code, row.indicator)


def test_lengths_of_the_texts(content: EditionContent) -> None:
    for sheet in content.fiches:
        assert len(sheet.headline) <= 120
        assert len("".join(r.text for r in sheet.brief)) <= 430
        for block in sheet.blocks:
            assert len("".join(r.text for r in block.text)) <= 230, (sheet.code, block.theme)


def test_every_icon_is_drawn(content: EditionContent) -> None:
    drawn = icons()
    for theme in content.catalogue.themes.values():
        if theme.on_sheet:
            assert theme.icon in drawn


def test_a_sheet_is_plain_data(content: EditionContent) -> None:
    text = json.dumps(dataclasses.asdict(content.fiches[0]), ensure_ascii=False)
    assert "statements" in json.loads(text)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("République – Cité 4", ("République – Cité 4",)),
        (
            "Les Hauts de Liévin – Résidence des Provinces – Cités 9-9bis",
            ("Les Hauts de Liévin –", "Résidence des Provinces – Cités 9-9bis"),
        ),
        (
            "Quartier de la République et des Provinces du Nord",
            ("Quartier de la République", "et des Provinces du Nord"),
        ),
        ("Unmotsanscoupurepossibleetsanstiret", ("Unmotsanscoupurepossibleetsanstiret",)),
    ],
)
def test_long_names_are_cut(name: str, lines: tuple[str, ...]) -> None:
    assert cut_name(name) == lines


def test_what_nobody_has_is_said_once(content: EditionContent, demo_dir: Path) -> None:
    """Without health figures the block has no row, the spine no theme, and a line says it."""
    kept = content.retained.filter(
        ~pl.col("indicator").str.starts_with("sante.")
        & (pl.col("indicator") != "emploi.taux_chomage_rp")
    )
    project = read_project(demo_dir)
    problems = ProblemList()
    territories = read_territories(project.territories_file, problems)
    comparisons = compare(kept, content.territories, content.catalogue)
    sheets = assemble_all(
        Inputs(
            catalogue=content.catalogue,
            model=project.fiche_model,
            contract=project.contract,
            epci_name=project.epci_name,
            edition=project.edition,
            territories=territories,
            retained=kept,
            statements=content.statements,
            comparisons=comparisons,
            signals=signals(comparisons, content.catalogue, project.fiche_model),
            offers=content.offers,
            families=content.families,
        )
    )
    sheet = next(sheets)
    assert "sante" not in {theme.theme for theme in sheet.spine}
    rows = {block.theme: block.rows for block in sheet.blocks}
    assert rows["sante"] == ()
    assert "emploi.taux_chomage_rp" not in {row.indicator for row in rows["emploi"]}
    assert len(rows["emploi"]) == 5
    cell = next(cell for cell in sheet.strip if cell.theme == "sante")
    assert cell.signal == "indetermine"
    assert len(sheet.warnings) == 1
    assert "tout sur la santé" in sheet.warnings[0]
    assert "taux de chômage" in sheet.warnings[0]
    assert fiche(content, sheet.code).warnings == ()
