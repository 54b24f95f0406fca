"""Do the tables, the theme sheets and the volume hold, whatever the contract?"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from pypdf import PdfReader
from report_material import EPCI, FIGURES, NAMES, FrameSource, material

from terril.catalogue.schema import Break, Certainty, Effect
from terril.editions.pipeline import build
from terril.reports.changes import Movement, cautions_of, movement_data, movements
from terril.reports.grid import thematic_grid
from terril.reports.lookup import Lookup
from terril.reports.method_words import extent
from terril.reports.tables import write_tables
from terril.reports.theme_sheets import blocks, key_figures, theme_data, write_theme_sheets
from terril.reports.volume import write_volume


def many(count: int) -> FrameSource:
    """Long names and figures with holes, the same each time."""
    dice = random.Random(count)
    names = [f"Quartier de la Grande Résidence numéro {n} – Cité du Terril – Fosse {n}"
             for n in range(count)]  # fmt: skip
    base = {name: next(v for v in values if isinstance(v, int | float))
            for name, values in FIGURES.items()}  # fmt: skip
    figures = {
        key: [
            None if dice.random() < 0.1 else "s" if dice.random() < 0.05
            else round(float(value) * (0.5 + dice.random()), 1)
            for _ in range(count)
        ]
        for key, value in base.items()
    }  # fmt: skip
    return material(names, figures)


def alone() -> FrameSource:
    return material(NAMES[:1], {key: values[:1] for key, values in FIGURES.items()})


def empty() -> FrameSource:
    figures = {("demographie.population", "2015"): [10, 20, 30]}
    return material(["Alpha", "Bêta", "Gamma"], figures, contradicted=False)


SOURCES = {"cinq": material, "un": alone, "soixante": lambda: many(60), "vide": empty}


def text_of(path: Path, page: int | None = None) -> str:
    reader = PdfReader(path)
    pages = reader.pages if page is None else [reader.pages[page]]
    return re.sub(r"\s+", " ", " ".join(item.extract_text() for item in pages))


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    source = material()
    write_tables(source, folder)
    write_theme_sheets(source, folder)
    write_volume(source, folder)
    return folder


# ------------------------------------------------------------------ tables


def test_a_table_prints_every_figure_of_its_grid(five: Path) -> None:
    lookup = Lookup(material())
    for code in ("demographie", "revenus", "emploi"):
        printed = text_of(five / f"tableau-{code}.pdf")
        for row in thematic_grid(lookup, code).rows:
            name = row.label.split(" – ")[0]
            assert name in printed
            for figure in row.figures:
                assert figure.text.replace("\u202f", " ") in printed.replace("\u202f", " ")


def test_a_table_is_one_tagged_landscape_page(five: Path) -> None:
    reader = PdfReader(five / "tableau-revenus.pdf")
    box = reader.pages[0].mediabox
    assert len(reader.pages) == 1 and box.width > box.height
    catalogue = reader.trailer["/Root"]
    assert bool(catalogue["/MarkInfo"]["/Marked"])  # type: ignore[index]
    assert str(catalogue["/Lang"]).startswith("fr")  # type: ignore[index]
    assert "pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]


def test_no_document_tells_a_blanked_value(five: Path) -> None:
    for path in five.glob("*.pdf"):
        text = text_of(path).replace("\u202f", " ")
        assert "47,77" not in text and "47,8" not in text, path.name


def test_a_long_table_goes_on_with_its_head(tmp_path: Path) -> None:
    write_tables(many(60), tmp_path)
    reader = PdfReader(tmp_path / "tableau-revenus.pdf")
    assert len(reader.pages) >= 2
    for page in reader.pages[:2]:
        assert "Taux de pauvreté" in page.extract_text()
    printed = text_of(tmp_path / "tableau-revenus.pdf")
    assert all(f"numéro {n} " in printed for n in range(60))


def test_equipment_tables_show_offer_and_inventory(five: Path) -> None:
    text = text_of(five / "tableau-equipements.pdf")
    assert "développée" in text and "Épicerie" in text and "inconnu" in text
    assert "16+" in text  # at least: part of the family cannot be read


# ------------------------------------------------------------------ theme sheets


@pytest.mark.parametrize("name", SOURCES)
def test_theme_sheets_have_two_pages(name: str, tmp_path: Path) -> None:
    written = write_theme_sheets(SOURCES[name](), tmp_path)
    assert len(written) == (0 if name == "vide" else 3)
    for path in written:
        assert len(PdfReader(path).pages) == 2


def test_a_theme_sheet_says_its_figures(five: Path) -> None:
    text = text_of(five / "theme-emploi.pdf").replace("\u202f", " ")
    for expected in ("51,9 %", "53,1 %", "55,8 %", "63,4 %", "CA voisine", "41,0", "30,0"):
        assert expected in text, expected


def test_key_figures_have_references_and_no_count_first() -> None:
    lookup = Lookup(material())
    figures = key_figures(lookup, "emploi", blocks(lookup)["emploi"])
    assert figures[0]["value"] == "51,9\u202f%"
    assert [row["name"] for row in figures[0]["rows"]] == [
        "moyenne des quartiers", "CA voisine", "Pas-de-Calais", "France"
    ]  # fmt: skip
    assert all(figure["rows"] for figure in figures)


def test_ranked_table_goes_from_difficult_to_favourable() -> None:
    lookup = Lookup(material())
    rows = theme_data(lookup, "revenus")["ranked"]["rows"]
    assert rows[0]["label"].startswith("Les Hauts") and rows[3]["label"].startswith("Cité du Maroc")
    assert rows[4]["label"] == "Zola"  # undetermined: last, not first


def test_the_sheet_prints_the_texts_of_the_edition(five: Path) -> None:
    for text in material().themes:
        printed = text_of(five / f"theme-{text.theme}.pdf", 0)
        for said in (text.headline, *("".join(run.text for run in runs) for runs in text.text)):
            assert said.replace("\u202f", " ").replace("\u00a0", " ") in printed.replace(
                "\u202f", " "
            ).replace("\u00a0", " ")


def test_what_is_known_in_part_is_said() -> None:
    watch = theme_data(Lookup(material()), "revenus")["watch"]
    texts = [note["text"] for note in watch if note["head"] == "Revenu médian, par an"]
    assert texts[0] == "4 quartiers connus sur 5, 1 secret."


# ------------------------------------------------------------------ changes


def median(before: str, after: str) -> FrameSource:
    """Four neighbourhoods known at both periods, the agglomeration too."""
    figures = {
        ("revenus.revenu_median", before): (12000, 13000, 11000, 12811, None),
        ("revenus.revenu_median", after): (12093, 13328, 10250, 12811, "s"),
    }
    return material(figures=figures)


def test_a_change_is_drawn_from_the_greatest_rise_to_the_greatest_fall() -> None:
    lookup = Lookup(median("2013", "2015"))
    [moved] = movements(lookup, "revenus", blocks(lookup)["revenus"])
    assert moved.drawn and moved.told == "2 en hausse, 1 en baisse et 1 stable"
    assert moved.who == "4 quartiers comparés"
    names = [row.name for row in moved.rows]
    assert names[0] == "Cité du Maroc" and names[-1] == "Les Hauts du Bassin"
    drawn = movement_data(moved)
    assert "13\u202f328\u202f€" in drawn["svg"] and drawn["alt"].startswith("Revenu médian")


def test_a_break_of_series_forbids_or_annotates_a_change() -> None:
    def said(break_: Break) -> list[Movement]:
        source = median("2013", "2015")
        cards = replace(source.catalogue, breaks={"essai": break_})
        lookup = Lookup(replace(source, catalogue=cards))
        return movements(lookup, "revenus", blocks(lookup)["revenus"])

    card = Break(
        label="Essai", effect=Effect.BLOQUE, sources=("filosofi",), since="2014",
        text="Ne se compare pas.", line="2014 : autre mode de calcul", reference="Essai.",
        certainty=Certainty.TEXTE, checked="2020",
    )  # fmt: skip
    assert said(card) == []
    [told] = said(card.model_copy(update={"effect": Effect.ANNOTE}))
    assert cautions_of([told]) == "2014\u00a0: autre mode de calcul."
    [apart] = said(card.model_copy(update={"since": "2016"}))
    assert cautions_of([apart]) == ""


def test_too_few_neighbourhoods_are_not_compared() -> None:
    figures = {
        ("revenus.revenu_median", "2013"): (12000, None, None, None, None),
        ("revenus.revenu_median", "2015"): (12093, 13328, 10250, 12811, None),
    }
    lookup = Lookup(material(figures=figures, contradicted=False))
    assert movements(lookup, "revenus", blocks(lookup)["revenus"]) == []


# ------------------------------------------------------------------ volume


def test_communes_of_another_agglomeration_are_told_apart() -> None:
    source = material()

    def with_epci(*members: str) -> Lookup:
        rows: list[tuple[object, ...]] = [("commune", f"6200{n}", f"Bourg {n}", "", epci, [], None)
                for n, epci in enumerate(members, 1)]  # fmt: skip
        other = source.territories.filter(pl.col("kind") != "commune").with_columns(
            communes=pl.when(pl.col("kind") == "qpv")
            .then(pl.lit([f"6200{n}" for n in range(1, len(members) + 1)]))
            .otherwise(pl.col("communes"))
        )
        communes = pl.DataFrame(rows, schema=other.schema, orient="row")
        return Lookup(replace(source, territories=pl.concat([other, communes])))

    head = "5 quartiers prioritaires dans "
    assert extent(with_epci(EPCI, EPCI)) == f"{head}2 communes de l’agglomération"
    assert extent(with_epci(EPCI, "200000002")) == (
        f"{head}1 commune de l’agglomération et une commune voisine"
    )
    assert extent(with_epci(EPCI, "2", "2")).endswith("et deux communes voisines")
    assert extent(with_epci(EPCI, "")) == f"{head}2 communes"


@pytest.mark.parametrize("name", SOURCES)
def test_the_volume_holds_for_any_contract(name: str, tmp_path: Path) -> None:
    [path] = write_volume(SOURCES[name](), tmp_path)
    text = text_of(path)
    for expected in ("État des lieux", "Sommaire", "La méthode", "Sources et licences"):
        assert expected in text
    if name == "vide":
        assert "Aucun thème" in text


def test_same_source_same_volume(five: Path, tmp_path: Path) -> None:
    [again] = write_volume(material(), tmp_path)
    assert again.read_bytes() == (five / again.name).read_bytes()
    for path in write_tables(material(), tmp_path):
        assert path.read_bytes() == (five / path.name).read_bytes()


def test_the_method_says_the_thresholds_of_the_catalogue(five: Path) -> None:
    text = text_of(five / "etat-des-lieux.pdf").replace("\u202f", " ")
    assert "favorable à partir de + 0,5" in text and "en difficulté à partir de − 0,5" in text


@pytest.fixture(scope="module")
def pilot_volume(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    if not (demo_dir / "terril.toml").is_file():
        pytest.skip("the demonstration project is absent")
    content = build(demo_dir)
    [path] = write_volume(content, tmp_path_factory.mktemp("volume"))
    return PdfReader(BytesIO(path.read_bytes()))


def test_the_contents_give_the_true_page_of_each_neighbourhood(pilot_volume: PdfReader) -> None:
    pages = {}

    def walk(items: object) -> None:
        assert isinstance(items, list)
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                pages[str(item.title)] = (pilot_volume.get_destination_page_number(item) or 0) + 1

    walk(pilot_volume.outline)
    contents = re.sub(r"\s+", " ", pilot_volume.pages[1].extract_text())
    names = [name for name in pages if name.startswith(("Cité", "Quartier"))]
    assert len(names) > 8
    for name in names:
        assert f"{name} {pages[name]}" in contents
        assert name in re.sub(r"\s+", " ", pilot_volume.pages[pages[name] - 1].extract_text())


def test_one_page_a_neighbourhood(pilot_volume: PdfReader) -> None:
    found = [
        number for number, page in enumerate(pilot_volume.pages) if "En bref" in page.extract_text()
    ]
    assert len(found) == 21
    assert found == list(range(found[0], found[0] + 21))
