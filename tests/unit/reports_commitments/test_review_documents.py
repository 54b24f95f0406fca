"""Do the document and the slides of the review say the same things, and read well?"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from commitment_review import HEADING, TODAY, made
from pptx import Presentation
from pypdf import PdfReader

from terril.catalogue.load import load_catalogue
from terril.contrat.commitments.review import Moved, review
from terril.reports.commitments.sheet import review_data, review_pdf
from terril.reports.commitments.slides import review_slides
from terril.reports.commitments.words import delay_text, period_text, summary_text

NBSP, FINE = "\u00a0", "\u202f"
MOVES = [Moved(1, "engage", "realise", dt.date(2026, 5, 2), "vote du conseil")]


def texts(content: bytes) -> list[str]:
    """The words of each slide, tables included."""
    found = []
    for slide in Presentation(io.BytesIO(content)).slides:
        words = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            elif shape.has_table:
                table: Any = shape.table
                words += [cell.text for row in table.rows for cell in row.cells]
        found.append("\n".join(words))
    return found


def test_the_summary_counts() -> None:
    assert summary_text(made()) == (
        "Sur 4 engagements, 1 est réalisé et 1 est en retard. Aucun n’a changé d’état du "
        "1er janvier au 24 novembre 2026."
    )
    assert summary_text(made(8)).startswith("Sur 8 engagements, 2 sont réalisés et 2 sont en")
    assert "1 a changé d’état" in summary_text(made(4, MOVES))
    assert summary_text(made(0)) == "Aucun engagement n’est inscrit."


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (dt.date(2026, 11, 23), "en retard de 1 jour"),
        (dt.date(2026, 9, 26), "en retard de 59 jours"),
        (dt.date(2026, 9, 25), "en retard de 1 mois"),
        (dt.date(2025, 11, 25), "en retard de 11 mois"),
        (dt.date(2024, 11, 24), "en retard de 2 ans"),
        (dt.date(2026, 11, 24), ""),
    ],
)
def test_a_delay_is_said_in_the_unit_that_speaks(due: dt.date, said: str) -> None:
    import dataclasses

    late = dataclasses.replace(made().commitments[1], due=due, late=due < TODAY)
    assert delay_text(late, TODAY) == said


def test_a_period_over_two_years_says_both() -> None:
    found = review((), load_catalogue(), dt.date(2025, 12, 1), TODAY)
    assert period_text(found) == "du 1er décembre 2025 au 24 novembre 2026"


def test_the_document_holds_everything_in_french() -> None:
    pdf = PdfReader(io.BytesIO(review_pdf(made(4, MOVES), HEADING)))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    for said in (
        "Revue des engagements", "Contrat de ville d’essai", "Par thème", "À examiner",
        "Sans responsable", "Sans échéance", "Dits réalisés, sans preuve", "Ce qui a changé",
        "Tous les engagements", "vote du conseil", f"40{FINE}%", "1 action finie sur 2",
        f"L’engagement 2 : agir{FINE}!", "\"deux\" visites <b>",
    ):  # fmt: skip
        assert said in text, said
    assert "'" not in text
    assert pdf.metadata is not None and "Revue des engagements" in (pdf.metadata.title or "")


def test_parts_without_content_are_not_titled() -> None:
    pdf = PdfReader(io.BytesIO(review_pdf(made(0), HEADING)))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Aucun engagement" in text and len(pdf.pages) == 1
    assert "À examiner" not in text and "Tous les engagements" not in text


def test_the_same_review_gives_the_same_bytes() -> None:
    found = made(6, MOVES)
    deck = review_slides(found, HEADING)
    assert deck == review_slides(found, HEADING)
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".xlsx"))
        book = zipfile.ZipFile(io.BytesIO(archive.read(name)))
        assert b"1980-01-01T00:00:00Z" in book.read("docProps/core.xml")
        assert b"2026-11-24T00:00:00Z" in archive.read("docProps/core.xml")
        assert {i.date_time for i in (*archive.infolist(), *book.infolist())} == {
            (1980, 1, 1, 0, 0, 0)
        }
    assert review_pdf(found, HEADING) == review_pdf(found, HEADING)


def test_each_slide_has_a_title_and_the_chart_an_alternative() -> None:
    content = review_slides(made(4, MOVES), HEADING)
    slides = list(Presentation(io.BytesIO(content)).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides if slide.shapes.title]
    assert titles == [
        "Revue des engagements", "Où en sont les engagements", "À examiner",
        "Ce qui a changé d’état", "Gouvernance", "Cadre de vie",
    ]  # fmt: skip
    (chart,) = (shape for shape in slides[1].shapes if shape.has_chart)
    said = chart._element.nvGraphicFramePr.cNvPr.get("descr")
    assert f"Gouvernance{NBSP}: 1 engagé, 1 réalisé" in said
    held = chart.chart
    assert [tuple(series.values) for series in held.plots[0].series] == [
        (1, None), (1, 1), (None, 1), (None, None)
    ]  # fmt: skip


def test_slides_and_document_list_the_same_commitments() -> None:
    found = made(23)
    data = review_data(found, HEADING)
    slides = "\n".join(texts(review_slides(found, HEADING)))
    lines = [line for group in data["lists"] for line in group["lines"]]
    assert len(lines) == 23
    for line in lines:
        assert slides.count(line["title"]) >= 1
    for concern in data["concerns"]:
        for said in concern["lines"]:
            assert said in slides


def test_long_lists_are_cut_in_even_slides() -> None:
    titles = [text.split("\n")[0] for text in texts(review_slides(made(23), HEADING))]
    assert "Cadre de vie (1/4)" in titles and "Cadre de vie (4/4)" in titles
    tables = [
        len(shape.table.rows) - 1
        for slide in Presentation(io.BytesIO(review_slides(made(23), HEADING))).slides
        for shape in slide.shapes
        if shape.has_table
    ]
    assert tables == [2, 5, 5, 5, 6]


def test_what_was_done_is_in_the_notes() -> None:
    slides = Presentation(io.BytesIO(review_slides(made(), HEADING))).slides
    notes = [s.notes_slide.notes_text_frame.text for s in slides if s.has_notes_slide]
    assert len(notes) == 1 and f"2. L’engagement 2{NBSP}: agir{FINE}!{NBSP}: Trois" in notes[0]


def test_a_long_account_is_cut_in_the_document_and_whole_in_the_notes() -> None:
    import dataclasses

    found = made(2)
    text = "Un récit qui n’en finit pas, " * 400
    long = tuple(dataclasses.replace(c, said=text) for c in found.commitments)
    found = dataclasses.replace(found, commitments=long)
    (group,) = review_data(found, HEADING)["lists"]
    assert all(len(line["said"]) <= 601 and line["said"].endswith("…") for line in group["lines"])
    assert len(PdfReader(io.BytesIO(review_pdf(found, HEADING))).pages) == 2
    slide = list(Presentation(io.BytesIO(review_slides(found, HEADING))).slides)[-1]
    assert len(slide.notes_slide.notes_text_frame.text) > 20_000
