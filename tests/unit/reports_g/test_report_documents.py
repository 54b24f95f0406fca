"""Do the tables, the theme sheets and the volume hold, whatever the contract?"""

from __future__ import annotations

import random
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader
from report_material import FIGURES, NAMES, FrameSource, material

from terril.editions.pipeline import build
from terril.reports.dot_rows import HEIGHT, WIDTH, Dot, Mark, dot_row, dot_row_alt
from terril.reports.grid import thematic_grid
from terril.reports.lookup import Lookup
from terril.reports.tables import write_tables
from terril.reports.theme_sheets import blocks, key_figures, theme_data, write_theme_sheets
from terril.reports.theme_words import spreads, summary, tally_sentence
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
    assert "développée" in text and "Épicerie" in text and "illisible" in text
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


def test_the_tally_counts_the_signals() -> None:
    assert tally_sentence(Lookup(material()), "revenus") == (
        "Un quartier sur 5 est en difficulté, deux sont favorables, un est dans la moyenne "
        "et un est indéterminé, faute de données."
    )


def test_sentences_never_repeat_and_use_printed_figures() -> None:
    lookup = Lookup(material())
    block = blocks(lookup)["emploi"]
    held = spreads(lookup, (*block.signal, *block.rows))
    said = summary(lookup, "emploi", held, "")
    assert len(said) == len(set(said)) >= 3
    assert any("35,2\u202f%" in text and "51,9\u202f%" in text for text in said)


def test_what_is_known_in_part_is_said() -> None:
    watch = theme_data(Lookup(material()), "revenus")["watch"]
    texts = [note["text"] for note in watch if note["head"] == "Revenu médian, par an"]
    assert texts[0] == "4 quartiers connus sur 5, 1 secret."


# ------------------------------------------------------------------ dots


def dots(count: int) -> list[Dot]:
    dice = random.Random(count)
    return [Dot(round(dice.gauss(20, 4), 1), f"Q{n}", f"{n}") for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 21, 60])
def test_a_dot_row_draws_every_dot_inside_its_frame(count: int) -> None:
    svg = dot_row(dots(count), Mark(20.0, "moyenne 20"), Mark(90.0, "agglo. 90"), reverse=True)
    root = ElementTree.fromstring(svg)
    circles = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(circles) == count
    for circle in circles:
        assert 0 < float(circle.attrib["cx"]) < WIDTH and 0 < float(circle.attrib["cy"]) < HEIGHT


def test_reverse_puts_the_lowest_at_the_right() -> None:
    pair = [Dot(10, "bas", "10"), Dot(20, "haut", "20")]

    def xs(reverse: bool) -> list[float]:
        root = ElementTree.fromstring(dot_row(pair, reverse=reverse))
        return [float(e.attrib["cx"]) for e in root.iter() if e.tag.endswith("circle")]

    # dots are drawn from left to right
    assert xs(False) == xs(True)
    assert dot_row(pair).index("10 bas") < dot_row(pair).index("20 haut")
    assert dot_row(pair, reverse=True).index("20 haut") < dot_row(pair, reverse=True).index(
        "10 bas"
    )


def test_a_dot_row_escapes_names_and_says_itself() -> None:
    pair = [Dot(1, "A & <B>", "1 %"), Dot(2, "C", "2 %")]
    ElementTree.fromstring(dot_row(pair))
    alt = dot_row_alt("Taux", pair, Mark(1.5, "moyenne 1,5 %"), None)
    assert alt == "Taux : de 1 % (A & <B>) à 2 % (C), moyenne 1,5 %."


def test_labels_of_mean_and_agglomeration_do_not_overlap() -> None:
    for epci in (19.9, 20.0, 20.1, 26.0, 14.0):
        svg = dot_row(dots(21), Mark(20.0, "moyenne 20,0 %"), Mark(epci, f"agglo. {epci} %"))
        root = ElementTree.fromstring(svg)
        tops = [e for e in root.iter() if e.tag.endswith("text") and float(e.attrib["y"]) < 8]
        left, right = sorted(tops, key=lambda e: float(e.attrib["x"]))
        width = len(str(left.text)) * 3.2
        assert float(left.attrib["x"]) + width <= float(right.attrib["x"]) + 4


# ------------------------------------------------------------------ volume


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
