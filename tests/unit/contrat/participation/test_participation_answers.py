"""Are delays, needs, levels and the answer those of the registers?"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation_books import TODAY, day, shelf, small_contract
from terril.catalogue.load import load_catalogue
from terril.contrat.participation.answer import Scope, answer
from terril.contrat.participation.delays import Wait, delays, median
from terril.contrat.participation.levels import (
    Verdict,
    associations,
    definitions,
    highest,
    reached,
)
from terril.contrat.participation.needs import funnel, funnels, published
from terril.contrat.participation.referrals import referrals
from terril.contrat.participation.summaries import MEASURES

CATALOGUE = load_catalogue()


def test_referrals() -> None:
    found = referrals(small_contract(), CATALOGUE)
    assert (found.asked, found.answered, found.open) == (3, 1, 2)
    assert (found.median, found.longest) == (Fraction(30), 30)
    assert found.late == (2,)  # the third has a day announced, still to come


def test_an_announced_day_that_is_past_is_late_even_when_recent() -> None:
    waits = [Wait(1, day("2026-11-20"), due=day("2026-11-23")), Wait(2, None)]
    assert delays(waits, TODAY, 60).late == (1,)


def test_an_answer_before_its_question_is_told_and_not_measured() -> None:
    found = delays([Wait(1, day("2026-05-02"), day("2026-05-01"), open=False)], TODAY, 60)
    assert (found.median, found.backwards, found.answered) == (None, (1,), 1)


@given(st.lists(st.integers(0, 500)))
def test_as_many_values_on_each_side_of_the_median(values: list[int]) -> None:
    middle = median(values)
    assert (middle is None) == (not values)
    if middle is not None:
        below, above = (sum(v < middle for v in values), sum(v > middle for v in values))
        assert below <= len(values) / 2 and above <= len(values) / 2


def test_funnel_of_all_and_of_each_neighbourhood() -> None:
    books = small_contract()
    whole = funnel(books.rows("besoins"), books, CATALOGUE)
    assert (whole.received, whole.studied, whole.answered, whole.done) == (4, 3, 2, 1)
    assert (whole.waiting, whole.late, whole.unpublished) == (2, (3,), 1)
    assert (whole.to_answer, whole.to_done) == (Fraction(25), Fraction(60))
    by_place = funnels(books, CATALOGUE, "quartiers")
    assert [(f.label, f.received) for f in by_place] == [
        ("Le Val", 2), ("Les Tilleuls", 2), ("Quartier non dit", 1),
    ]  # fmt: skip
    assert "Environnement" not in {f.label for f in funnels(books, CATALOGUE, "theme")}
    assert "Nature et environnement" in {f.label for f in funnels(books, CATALOGUE, "theme")}


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "etat": st.sampled_from([None, *CATALOGUE.workflows["besoin"].states]),
                "recu_le": st.dates(dt.date(2020, 1, 1), TODAY),
                "repondu_le": st.none() | st.dates(dt.date(2020, 1, 1), TODAY),
            }
        )
    )
)
def test_the_steps_of_a_funnel_only_shrink(rows: list[dict[str, object]]) -> None:
    books = shelf(besoins=rows)
    f = funnel(books.rows("besoins"), books, CATALOGUE)
    assert f.received >= f.studied >= f.answered >= f.done + f.declined >= 0
    assert f.waiting + f.answered == f.received and len(f.late) <= f.waiting


def test_only_what_was_read_and_published_is_public() -> None:
    books = small_contract()
    assert [row.number for row in published(books.rows("besoins"))] == [1, 2]
    rows = shelf(besoins=[{"publie": True}, {"texte": "x"}]).rows("besoins")
    assert published(rows) == ()


def test_level_reached_by_object() -> None:
    found = {one.subject: one for one in reached(associations(small_contract()), CATALOGUE)}
    contract = found["Contrat de  ville"]  # two spaces: the same object
    assert len(contract.history) == 2
    assert (contract.verdict, contract.proven, contract.declared) == (
        Verdict.YES, "concertation", "co_construction",
    )  # fmt: skip
    assert found["Jardin partagé"].proven == "co_decision"
    assert found["Comité de pilotage"].verdict is Verdict.NO
    assert found["Rénovation de la place"].verdict is Verdict.UNKNOWN
    assert found["Fête du quartier"].verdict is Verdict.UNKNOWN  # to come


def test_objects_that_are_rows_are_told_apart_by_their_row() -> None:
    books = shelf(
        associations=[
            {"objet": "Jardin", "action": 1, "associes": True},
            {"objet": "Le jardin", "action": 1, "niveau": "information"},
            {"objet": "Jardin", "action": 2, "associes": False, "niveau": "concertation"},
        ]
    )
    one, other = reached(associations(books), CATALOGUE)
    assert (len(one.history), one.verdict, one.declared) == (2, Verdict.DECLARED, "information")
    assert (other.verdict, other.declared) == (Verdict.NO, "")
    assert [a.contradictory for a in associations(books)] == [False, False, True]


def test_the_order_of_levels_is_that_of_the_list() -> None:
    assert highest(["concertation", "information", "rien"], CATALOGUE) == "concertation"
    assert highest([], CATALOGUE) == ""


def test_a_definition_of_the_contract_replaces_the_proposed_one() -> None:
    books = shelf(niveaux=[{"niveau": "consultation", "definition": "On vote à main levée."}])
    told = {code: (text, own) for code, _, text, own in definitions(books, CATALOGUE)}
    assert told["consultation"] == ("On vote à main levée.", True)
    assert told["information"][1] is False and told["information"][0]


def test_answer_for_the_contract() -> None:
    page = answer(small_contract(), CATALOGUE)
    assert (page.verdict, page.top) == (Verdict.YES, "co_decision")
    assert (page.tally.yes, page.tally.declared, page.tally.no, page.tally.unknown) == (2, 0, 1, 2)
    steps = {step.code: step for step in page.steps}
    assert steps["elaboration"].proven == "concertation"
    assert (steps["elaboration"].first, steps["elaboration"].last) == (
        day("2023-10-01"), day("2024-02-28"),
    )  # fmt: skip
    assert (steps["evaluation"].verdict, steps["evaluation"].proven) == (Verdict.DECLARED, "")
    assert steps["mise_en_oeuvre"].objects == 2
    assert {"inconnus", "effets", "formes"} <= set(page.missing)
    assert len(page.forms) == 4 and page.needs.received == 4


def test_answer_for_a_neighbourhood_counts_what_is_there_and_tells_what_is_wider() -> None:
    page = answer(small_contract(), CATALOGUE, Scope("quartier", 2))
    assert page.name == "Les Tilleuls"
    assert (page.verdict, page.tally.total, page.wider) == (Verdict.UNKNOWN, 1, 2)
    assert [f.number for f in page.forms] == [2]
    assert (page.referrals.asked, page.needs.received) == (0, 2)


def test_answer_for_an_object() -> None:
    page = answer(small_contract(), CATALOGUE, Scope("objet", 3))
    assert (page.name, page.top) == ("Jardin partagé", "co_decision")
    assert [f.number for f in page.forms] == [3]
    assert page.needs.received == page.referrals.asked == 0
    with pytest.raises(LookupError):
        answer(small_contract(), CATALOGUE, Scope("objet", 99))


def test_an_empty_contract_is_unknown_not_no() -> None:
    page = answer(shelf(), CATALOGUE)
    assert (page.verdict, page.top, page.missing) == (Verdict.UNKNOWN, "", ("objets",))


def test_every_measure_of_the_cards_is_computed_and_lines_have_the_width_of_heads() -> None:
    named = {
        code
        for card in CATALOGUE.registers.values()
        if card.group == "participation"
        for code in card.measures
    }
    assert named == set(MEASURES)
    for books in (small_contract(), shelf()):
        for code, measure in MEASURES.items():
            for table in measure(books, CATALOGUE).tables:
                assert all(len(line.cells) + 1 == len(table.heads) for line in table.lines), code
                assert len(table.units) in (0, len(table.heads) - 1), code


def test_summaries_of_the_small_contract() -> None:
    books = small_contract()
    forms_told = MEASURES["participation_formes"](books, CATALOGUE)
    assert forms_told.tables[0].lines[-1].cells == (4, 1, 1, 0, 1, 0, 1)
    texts = [alert.text for alert in forms_told.alerts]
    assert any("mandat est échu" in text for text in texts)
    assert any("3 femmes et 16 hommes pour 20 membres" in text for text in texts)
    needs = MEASURES["besoins_suivi"](books, CATALOGUE)
    assert needs.tables[0].lines[-1].cells == (4, 3, 2, 1, 0, 1, Fraction(25))
    assert [alert.number for alert in needs.alerts] == [3]
    levels = MEASURES["participation_niveaux"](books, CATALOGUE)
    assert levels.tables[0].lines[0].cells[2] == "Co-décision"
