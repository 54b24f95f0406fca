"""Do the sheets come out as they were signed: two tagged pages, the same picture, the same bytes?

The golden pictures are in ``tests/golden/pages``. After a wanted change, look at the pages,
then run ``python tests/golden/test_fiche_golden.py`` to write them again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import golden_fiches
import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from terril.fiches.model import Fiche
from terril.reports.engine import Typesetter, page_count
from terril.reports.fiche import fiche_data, fiche_pdf

PAGES = Path(__file__).resolve().parent / "pages"
PPI = 48.0
SHEETS: dict[str, Callable[[], Fiche]] = {
    "une-commune": golden_fiches.one_commune,
    "trois-communes": golden_fiches.three_communes,
    "presque-vide": golden_fiches.almost_empty,
    "extreme": golden_fiches.extreme,
}
SIGNED = ("une-commune", "trois-communes")


@pytest.fixture(scope="module")
def setter() -> Iterator[Typesetter]:
    with Typesetter("fiche.typ") as found:
        yield found


@pytest.fixture(scope="module")
def pdfs(setter: Typesetter) -> dict[str, bytes]:
    return {name: fiche_pdf(setter, make()) for name, make in SHEETS.items()}


def text_of(pdf: bytes) -> str:
    """All the text of a document, spaces made plain."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def elements(node: Any) -> Iterator[Any]:
    """The structure elements under ``node``, in reading order."""
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, ArrayObject):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node
        yield from elements(node.get("/K"))


def catalog(pdf: bytes) -> Any:
    """The document catalog (loosely typed: pypdf says little of what it holds)."""
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def structure(pdf: bytes) -> list[Any]:
    root = catalog(pdf)
    return list(elements(root["/StructTreeRoot"]["/K"]))


@pytest.mark.parametrize("name", SHEETS)
def test_always_two_pages_of_a4(name: str, pdfs: dict[str, bytes]) -> None:
    assert page_count(pdfs[name]) == 2
    for page in PdfReader(io.BytesIO(pdfs[name])).pages:
        assert [round(float(v)) for v in page.mediabox[2:]] == [595, 842]


@pytest.mark.parametrize("name", SHEETS)
def test_tagged_titled_and_in_french(name: str, pdfs: dict[str, bytes]) -> None:
    reader, root = PdfReader(io.BytesIO(pdfs[name])), catalog(pdfs[name])
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    fiche = SHEETS[name]()
    assert reader.metadata is not None
    assert reader.metadata.title == f"Fiche quartier – {fiche.name} ({fiche.code})"
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize("name", SHEETS)
def test_headings_follow_one_another(name: str, pdfs: dict[str, bytes]) -> None:
    levels = [int(e["/S"][2]) for e in structure(pdfs[name]) if re.fullmatch(r"/H\d", e["/S"])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert levels.count(3) == 6 + (SHEETS[name]().equipment is not None)


@pytest.mark.parametrize("name", SHEETS)
def test_tables_are_tables_and_figures_have_words(name: str, pdfs: dict[str, bytes]) -> None:
    found = structure(pdfs[name])
    kinds = [str(e["/S"]) for e in found]
    fiche = SHEETS[name]()
    tables = 1 + len(fiche.blocks) + (fiche.equipment is not None)
    assert kinds.count("/Table") == tables == kinds.count("/THead") == kinds.count("/TBody")
    assert kinds.count("/TH") >= 6 * tables
    figures = [e for e in found if e["/S"] == "/Figure"]
    rows = sum(len(theme.rows) for theme in fiche.spine)
    assert len(figures) >= rows
    assert all(str(e.get("/Alt", "")).strip() for e in figures)


@pytest.mark.parametrize("name", SIGNED)
def test_every_figure_of_the_model_is_printed(name: str, pdfs: dict[str, bytes]) -> None:
    fiche, text = SHEETS[name](), text_of(pdfs[name])
    plain: dict[str, str] = {}
    for block in fiche.blocks:
        for row in block.rows:
            for cell in (row.value, row.epci, row.mean, *row.communes):
                plain[cell.text] = re.sub(r"\s+", " ", cell.text)
            assert f"{row.rank}/{row.known}" in text or row.rank == "–"
    for theme in fiche.spine:
        for line in theme.rows:
            assert re.sub(r"\s+", " ", line.label) in text
            plain[line.value] = re.sub(r"\s+", " ", line.value)
    assert not [value for value in plain.values() if value not in text]
    for piece in (fiche.headline, fiche.population, fiche.communes_text, fiche.code):
        assert re.sub(r"\s+", " ", piece).replace("-", "") in text.replace("-", "")


def test_secret_and_absent_are_said_in_words(pdfs: dict[str, bytes]) -> None:
    text = text_of(pdfs["trois-communes"])
    assert "secret" in text and "moyenne des trois" in text
    assert "absent" in text_of(pdfs["presque-vide"])
    assert "inconnu" in text_of(pdfs["extreme"])


def test_identical_bytes_in_another_order_and_another_process(pdfs: dict[str, bytes]) -> None:
    with Typesetter("fiche.typ") as again:
        for name in reversed(list(SHEETS)):
            assert fiche_pdf(again, SHEETS[name]()) == pdfs[name], name


@pytest.mark.parametrize("name", SIGNED)
def test_the_pages_look_as_they_were_signed(name: str, setter: Typesetter) -> None:
    for number, png in enumerate(setter.png(fiche_data(SHEETS[name]()), ppi=PPI), start=1):
        seen = Image.open(io.BytesIO(png)).convert("RGB")
        signed = Image.open(PAGES / f"{name}-{number}.png").convert("RGB")
        assert seen.size == signed.size
        difference = ImageChops.difference(seen, signed).convert("L")
        strong = sum(difference.histogram()[64:]) / (seen.width * seen.height)
        assert ImageStat.Stat(difference).mean[0] < 0.6, f"{name}, page {number}"
        assert strong < 0.004, f"{name}, page {number}: {strong:.2%} of the page has changed"


def test_a_changed_figure_would_be_seen(setter: Typesetter) -> None:
    """The comparison above has teeth: half a millimetre elsewhere is seen."""
    data = fiche_data(SHEETS["une-commune"]())
    data["one"]["spaces"] = [space + 0.6 for space in data["one"]["spaces"]]
    seen = Image.open(io.BytesIO(setter.png(data, ppi=PPI)[0])).convert("RGB")
    signed = Image.open(PAGES / "une-commune-1.png").convert("RGB")
    difference = ImageChops.difference(seen, signed).convert("L")
    assert sum(difference.histogram()[64:]) / (seen.width * seen.height) > 0.004


def write_pages() -> None:
    """Write the golden pictures again."""
    PAGES.mkdir(exist_ok=True)
    with Typesetter("fiche.typ") as setter:
        for name in SIGNED:
            for number, png in enumerate(setter.png(fiche_data(SHEETS[name]()), ppi=PPI), 1):
                whole = Image.open(io.BytesIO(png)).convert("RGB")
                picture = whole.quantize(96, dither=Image.Dither.NONE)
                picture.save(PAGES / f"{name}-{number}.png", optimize=True)


if __name__ == "__main__":
    write_pages()
