"""Do the minutes and the attendance sheet say what the registers say, for all readers?"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from meeting_books import CATALOGUE, SmallBooks, day
from terril.contrat.meetings.papers import Minutes, minutes, paragraphs, plain, sign_sheet
from terril.lib.problems import ProblemsError
from terril.reports.meetings.docx_template import LARGEST, NAMES, fill, problems_of
from terril.reports.meetings.minutes_blocks import BLOCKS, lines_of
from terril.reports.meetings.minutes_docx import minutes_docx
from terril.reports.meetings.minutes_pdf import minutes_pdf
from terril.reports.meetings.sign_sheet import sign_sheet_pdf


def books(**meeting: Any) -> SmallBooks:
    return SmallBooks(
        "2026-10-01",
        organisations=[
            {"nom": "Ville de Rivebelle"}, {"nom": "État"}, {"nom": "L’Été solidaire"},
        ],
        instances=[{"nom": "Commission d’évaluation", "quorum": 2}],
        mandats=[
            {"instance": 1, "organisation": n, "qualite": "titulaire", "fonction": function}
            for n, function in ((1, "vice-présidence"), (2, None), (3, None))
        ],
        reunions=[
            {
                "titre": "Commission n° 1", "instance": 1, "date": day("2026-09-08"),
                "debut": dt.time(14), "lieu": "Mairie", "etat": "tenue",
                "ordre_du_jour": "Bilan\nBudget",
                "compte_rendu": "Premier point ; voir https://exemple.fr/a?b;c\nmême paragraphe."
                "\n\n\nDeuxième point.", **meeting,
            }
        ],
        presences=[
            {"reunion": 1, "organisation": 1, "etat": "present", "nombre": 3, "femmes": 2,
             "hommes": 1},
            {"reunion": 1, "organisation": 2, "etat": "excuse"},
            {"reunion": 1, "organisation": 3, "etat": "represente", "nombre": 1, "femmes": 1,
             "hommes": 0, "habitants": True},
        ],
        decisions=[
            {"decision": "Relancer les associations", "reunion": 1, "responsable": 1,
             "en_charge": "mission ville", "echeance": day("2026-10-15"), "precisions": "Par mel"},
            {"decision": "Écrire au préfet", "reunion": 1},
        ],
    )  # fmt: skip


def made(**meeting: Any) -> Minutes:
    whole = books(**meeting)
    return minutes(whole, CATALOGUE, whole.row("reunions", 1), "Contrat d’essai")


def test_the_minutes_hold_what_the_registers_say() -> None:
    told = made()
    assert told.counted == (
        "2 structures présentes ou représentées et 1 excusée\u202f; 4 personnes comptées, "
        "dont 3 femmes et 1 personne au titre des habitants."
    )
    assert told.quorum == "Quorum de 2 structures\u00a0: atteint."
    assert told.paragraphs == (
        "Premier point\u202f; voir https://exemple.fr/a?b;c\nmême paragraphe.", "Deuxième point.",
    )  # fmt: skip
    assert [(d.owner, d.when, d.state) for d in told.decisions] == [
        ("Ville de Rivebelle, mission ville", "15 octobre 2026", "À faire"), ("", "", "À faire"),
    ]  # fmt: skip
    assert told.draft and not made(valide_le=day("2026-10-01")).draft


def test_women_are_not_counted_when_a_line_does_not_tell_them() -> None:
    whole = books()
    rows = [dict(row.values) for row in whole.rows("presences")]
    del rows[0]["femmes"]
    registers = {
        name: [dict(r.values) for r in whole.rows(name)]
        for name in ("organisations", "instances", "mandats", "reunions", "decisions")
    }
    again = SmallBooks("2026-10-01", **registers, presences=rows)
    told = minutes(again, CATALOGUE, again.row("reunions", 1), "C")
    assert "femme" not in told.counted and "4 personnes" in told.counted


def test_nothing_noted_is_said_and_not_zero() -> None:
    whole = SmallBooks("2026-10-01", reunions=[{"titre": "R", "date": day("2026-09-08")}])
    told = minutes(whole, CATALOGUE, whole.row("reunions", 1), "C")
    assert told.counted == "" and told.attendants == ()
    text = " ".join(p.text for p in Document(io.BytesIO(minutes_docx(told))).paragraphs)
    for words in ("Les présences ne sont pas notées.", "Aucune décision n’est notée.",
                  "Aucun ordre du jour n’est écrit."):  # fmt: skip
        assert words in text


def test_texts_are_cut_at_their_blank_lines() -> None:
    assert paragraphs("a\r\nb\n  \nc\n\n\n") == ("a\nb", "c")
    assert paragraphs(None) == () and paragraphs("\n \n") == ()
    assert plain("c'est là ! x@y.fr https://a.fr/?b'c") == (
        "c’est là\u202f! x@y.fr https://a.fr/?b'c"
    )


def test_the_docx_is_the_same_twice_and_readable_by_all() -> None:
    body = minutes_docx(made())
    assert body == minutes_docx(made())
    document = Document(io.BytesIO(body))
    heads = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert heads == ["Ordre du jour", "Présences", "Compte rendu", "Décisions"]
    items = [p.text for p in document.paragraphs if p.style and p.style.name == "List Number"]
    assert items == ["Bilan", "Budget"]
    assert document.core_properties.title == "Commission n° 1, compte rendu"
    assert document.core_properties.language == "fr-FR"
    assert len(document.tables) == 2
    for table in document.tables:
        first = table.rows[0]._tr
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        marks = [mark.tag.rpartition("}")[2] for mark in table._tbl.tblPr]
        assert marks[-3:] == ["tblLook", "tblCaption", "tblDescription"], "Word wants this order"
        assert marks.index("tblBorders") < marks.index("tblLayout")
    assert [c.text for c in document.tables[0].rows[2].cells] == [
        "L’Été solidaire", "Titulaire", "Représenté", "1 personne, dont 1 femme",
    ]  # fmt: skip
    language = document.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "fr-FR"


def template(*texts: str, split: bool = False) -> bytes:
    document = Document()
    for text in texts:
        paragraph = document.add_paragraph()
        for piece in list(text) if split else [text]:
            paragraph.add_run(piece)
    document.sections[0].footer.paragraphs[0].text = "{{contrat}}"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("split", [False, True])
def test_a_template_is_filled_even_when_the_word_processor_cut_its_places(split: bool) -> None:
    model = template(
        "Réunion {{ titre }} du {{date}}, à {{lieu}}.", "{{ordre_du_jour}}", "Fin", split=split
    )
    document = fill(model, made())
    texts = [p.text for p in document.paragraphs]
    assert texts == [
        "Réunion Commission n° 1 du Mardi 8 septembre 2026, à 14\u00a0h, à Mairie.",
        "1.\tBilan", "2.\tBudget", "Fin",
    ]  # fmt: skip
    assert document.sections[0].footer.paragraphs[0].text == "Contrat d’essai"


def test_the_form_of_what_surrounds_a_place_stays() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("Objet : ").bold = True
    paragraph.add_run("{{ti")
    paragraph.add_run("tre}} (suite)").italic = True
    stream = io.BytesIO()
    document.save(stream)
    filled = fill(stream.getvalue(), made()).paragraphs[0]
    assert filled.text == "Objet : Commission n° 1 (suite)"
    assert [(r.bold, r.italic) for r in filled.runs if r.text] == [
        (True, None), (None, None), (None, True),
    ]  # fmt: skip


def test_a_block_in_a_cell_leaves_a_cell_that_opens() -> None:
    document = Document()
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    cell.paragraphs[0].text = "{{decisions}}"
    stream = io.BytesIO()
    document.save(stream)
    again = Document(io.BytesIO(minutes_docx(made(), stream.getvalue())))
    held = again.tables[0].rows[0].cells[0]
    assert held.tables[0].rows[1].cells[0].text == "Relancer les associations\nPar mel"
    assert held._tc[-1].tag == qn("w:p")


def test_all_the_places_of_the_guide_are_filled() -> None:
    model = template(*(f"{{{{{name}}}}}" for name in NAMES))
    body = minutes_docx(made(), model)
    document = Document(io.BytesIO(body))
    assert "{{" not in " ".join(p.text for p in document.paragraphs)
    assert set(NAMES) == {*lines_of(made()), *BLOCKS}
    assert body == minutes_docx(made(), model)


WRONG = [
    (template("{{titr}}"), "n’existe pas"),
    (template("Voici {{decisions}} prises"), "au milieu d’un texte"),
    (b"un texte", "ne s’ouvre pas"),
    (b"PK\x03\x04 rien", "ne s’ouvre pas"),
    (b"x" * (LARGEST + 1), "5 Mo"),
]


@pytest.mark.parametrize(("body", "words"), WRONG)
def test_a_template_that_errs_is_told_before_it_is_used(body: bytes, words: str) -> None:
    problems = problems_of(body, "modele.docx")
    assert len(problems) == 1 and words in problems[0].what
    assert problems[0].where.file == "modele.docx" and problems[0].remedy


def test_a_template_without_places_is_told() -> None:
    document = Document()
    stream = io.BytesIO()
    document.save(stream)
    assert "aucun repère" in problems_of(stream.getvalue(), "m.docx")[0].what
    assert problems_of(template("{{titre}}"), "m.docx") == []


def test_a_file_that_is_no_template_is_refused() -> None:
    with pytest.raises(ProblemsError):
        minutes_docx(made(), b"rien")


def pdf_text(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def test_the_pdf_is_tagged_and_says_the_same() -> None:
    body = minutes_pdf(made())
    assert body == minutes_pdf(made())
    reader = PdfReader(io.BytesIO(body))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("fr")  # type: ignore[index]
    text = pdf_text(body)
    for words in ("Commission n° 1", "Relancer les associations", "Projet de compte rendu",
                  "Deuxième point."):  # fmt: skip
        assert words in text.replace("\u00a0", " "), words


def test_a_long_text_makes_pages_and_loses_nothing() -> None:
    long = "\n\n".join(f"Paragraphe {n} dit {'ceci ' * 60}" for n in range(60))
    body = minutes_pdf(made(compte_rendu=long))
    assert len(PdfReader(io.BytesIO(body)).pages) > 4
    assert "Paragraphe 59" in pdf_text(body)


def test_what_looks_like_a_command_is_only_text() -> None:
    told = replace(made(), title='#image("x") *b* $x$ @a', paragraphs=("#panic() [a] \\ <b>",))
    assert "#panic() [a]" in pdf_text(minutes_pdf(told))


def test_the_sheet_to_sign_has_a_line_a_structure_and_blank_ones() -> None:
    whole = books()
    sheet = sign_sheet(whole, CATALOGUE, whole.row("reunions", 1), "Contrat", blanks=4)
    assert [line.name for line in sheet.lines] == [
        "État", "L’Été solidaire", "Ville de Rivebelle",
    ]  # fmt: skip
    text = pdf_text(sign_sheet_pdf(sheet))
    assert "Signature" in text and "vice-présidence" in text
