"""Does the page answer in one page, whatever the registers hold, and say what is not known?"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation_books import Shelf, day, shelf, small_contract
from terril.catalogue.load import load_catalogue
from terril.contrat.participation.answer import Scope, answer
from terril.contrat.participation.levels import Association, Verdict, associations
from terril.reports.engine import page_count
from terril.reports.participation import ladder
from terril.reports.participation.answer_page import (
    answer_data,
    answer_pdf,
    verdict_sentence,
    verdict_text,
)

CATALOGUE = load_catalogue()
LONG = "Concertation sur l’aménagement de la place et de ses abords, avec les commerçants. " * 12


def crowded() -> Shelf:
    """Forty objects with texts of a thousand letters, and as many forms that fade."""
    return shelf(
        formes=[
            {"nom": f"{LONG} {k}", "forme": "conseil_citoyen", "creee_le": day("2015-01-01")}
            for k in range(40)
        ],
        associations=[
            {"objet": f"{LONG} {k}", "associes": True, "niveau": "concertation",
             "debut": dt.date(2000 + k % 25, 5, 3), "preuve": LONG, "change": LONG}
            for k in range(40)
        ],
        niveaux=[{"niveau": "consultation", "definition": LONG[:300]}],
    )  # fmt: skip


@pytest.mark.parametrize("books", [shelf(), small_contract(), crowded()], ids=("vide", "", "plein"))
def test_one_page_always_and_the_same_bytes(books: Shelf) -> None:
    page = answer(books, CATALOGUE)
    pdf = answer_pdf(page, CATALOGUE, "Contrat de ville de Montreval", "Montreval")
    assert page_count(pdf) == 1
    assert pdf == answer_pdf(page, CATALOGUE, "Contrat de ville de Montreval", "Montreval")


def test_every_scope_is_typeset() -> None:
    for scope in (Scope("quartier", 2), Scope("objet", 1)):
        page = answer(small_contract(), CATALOGUE, scope)
        assert page_count(answer_pdf(page, CATALOGUE, "Contrat")) == 1


def test_what_is_not_listed_is_counted() -> None:
    data = answer_data(answer(crowded(), CATALOGUE), CATALOGUE, "C", "", 5)
    assert len(data["objects"]) == 5 and data["more"] == "et 35 autres objets."
    assert len(data["forms"]["worrying"]) == 3 and data["forms"]["more"] == "et 37 autres."


def test_the_answer_in_words() -> None:
    page = answer(small_contract(), CATALOGUE)
    assert verdict_text(page) == "Oui, pour 2 objets sur 5"
    assert "est la co-décision" in verdict_sentence(page, CATALOGUE)
    empty = answer(shelf(), CATALOGUE)
    assert verdict_text(empty) == "On ne sait pas"
    assert "ce n’est pas un «\u00a0non\u00a0»" in verdict_sentence(empty, CATALOGUE)


def test_steps_say_when_and_whether_there_is_evidence() -> None:
    data = answer_data(answer(small_contract(), CATALOGUE), CATALOGUE, "C", "", 9)
    elaboration, _, evaluation = data["steps"]
    assert elaboration["when"] == "d’octobre 2023 à février 2024"
    assert evaluation["level"] == "Co-construction (déclaré)"
    assert "aucun texte ne définit" in data["no-text"].lower()


def test_strips_are_drawn_on_one_span_and_told_in_words() -> None:
    found = associations(small_contract())
    span = ladder.span_of(found)
    assert span is not None and list(span.years) == [2023, 2024, 2025, 2026]
    drawn = ladder.strip(found, "concertation", span, 200, "Concertation")
    assert drawn.count("<circle") == 2  # its two ends
    assert ladder.strip(found, "information", span, 200, "Information").count("<circle") == 0
    told = ladder.strip_alt(found, "co_construction", "Co-construction")
    assert told == "Co-construction\u00a0: Contrat de  ville, 1er septembre 2026, sans preuve"


@settings(max_examples=40)
@given(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31)), min_size=1, max_size=8))
def test_every_dot_is_inside_the_strip(days: list[dt.date]) -> None:
    found = [
        Association(
            number=k, subject="x", kind="", step="", quartiers=(), verdict=Verdict.YES,
            level="information", start=d, end=None, forms=(), evidence="y", change="",
            key=("objet", k),
        )
        for k, d in enumerate(days)
    ]  # fmt: skip
    span = ladder.span_of(found)
    assert span is not None
    drawn = ladder.strip(found, "information", span, 150, "Information")
    xs = [float(piece.split('"')[0]) for piece in drawn.split('cx="')[1:]]
    assert len(xs) == len(days) and all(3 <= x <= 147 for x in xs)
    assert ladder.axis(span, 150).count("<text") <= 6
