"""Are the texts of the pilot's neighbourhoods true, well formed and of the right length?"""

from __future__ import annotations

import re

import pytest
from fiche_contracts import Contract
from fiche_reading import faults_of_form, numbers, numbers_claimed

from terril.fiches.sentences import Writer

FINE, NBSP = "\u202f", "\u00a0"


def test_every_statement_holds(demo: Contract) -> None:
    count = 0
    for qpv in demo.context.names:
        assert demo.faults(qpv) == []
        count += sum(len(claims) for _, claims in demo.texts(qpv).values())
    assert count > 20 * len(demo.context.names)


def test_every_text_may_be_printed(demo: Contract) -> None:
    for qpv in demo.context.names:
        for name, (text, _) in demo.texts(qpv).items():
            assert faults_of_form(text) == [], (qpv, name)


def test_lengths(demo: Contract) -> None:
    for qpv in demo.context.names:
        texts = demo.texts(qpv)
        assert 60 <= len(texts["headline"][0]) <= 120
        assert 380 <= len(texts["brief"][0]) <= 430
        for name in (*demo.themes, "equipement"):
            assert 0 < len(texts[name][0]) <= 230, (qpv, name)


def test_every_number_printed_is_claimed(demo: Contract) -> None:
    total = str(demo.context.total)
    for qpv in demo.context.names:
        for name, (text, claims) in demo.texts(qpv).items():
            allowed = numbers_claimed(claims) | {total}
            for statement in claims:
                card = demo.catalogue.indicators.get(statement.indicator)
                if card is not None:  # « 16 à 25 ans », « en 3e » belong to the words
                    words = " ".join(str(word) for word in card.phrase.model_dump().values())
                    allowed |= set(re.findall(r"\d+", words))
            offer = demo.context.offers.get(qpv)
            if offer is not None:
                allowed.add(str(offer.buffer_m))
            assert numbers(text) <= allowed, (qpv, name, text)


def test_every_text_has_statements_with_its_own_sentences(demo: Contract) -> None:
    for qpv in demo.context.names:
        for name, (text, claims) in demo.texts(qpv).items():
            assert claims, (qpv, name)
            assert all(statement.text in text for statement in claims)


def test_sheets_differ(demo: Contract) -> None:
    codes = list(demo.context.names)
    briefs = {demo.texts(qpv)["brief"][0] for qpv in codes}
    headlines = [demo.texts(qpv)["headline"][0] for qpv in codes]
    assert len(briefs) == len(codes)
    assert max(headlines.count(text) for text in headlines) <= max(1, len(codes) // 5)


def test_same_figures_same_words(demo: Contract) -> None:
    again = Writer(demo.catalogue, demo.writer.model, demo.context)
    for qpv in reversed(list(demo.context.names)):
        assert again.brief(qpv) == demo.writer.brief(qpv)
        for theme in reversed(demo.themes):
            assert again.theme_text(qpv, theme) == demo.writer.theme_text(qpv, theme)


def test_no_pattern_twice_running_in_a_block(demo: Contract) -> None:
    for qpv in demo.context.names:
        for theme in demo.themes:
            sentences = demo.texts(qpv)[theme][0].split(". ")
            openings = [" ".join(sentence.split(" ")[:3]) for sentence in sentences]
            assert len(set(openings)) == len(openings), (qpv, theme)


def test_each_synthesis_names_a_strength_or_says_there_is_none(demo: Contract) -> None:
    for qpv in demo.context.names:
        claims = demo.texts(qpv)["brief"][1]
        facts = demo.context.facts[qpv]
        best = [
            statement
            for statement in claims
            if statement.indicator in facts and (facts[statement.indicator].z or 0) >= 0.5
        ]
        none = [statement for statement in claims if "points_forts" in statement.values]
        assert best or none, demo.texts(qpv)["brief"][0]


def test_the_two_model_sheets(demo: Contract) -> None:
    if "QP062019" not in demo.context.names:
        pytest.skip("the pilot is another territory")
    texts = {name: text for name, (text, _) in demo.texts("QP062019").items()}
    assert "est l’avant-dernier des 21 quartiers" in texts["brief"]
    assert f"il manque 4{FINE}463{FINE}€ pour rejoindre l’agglomération" in texts["brief"]
    assert "Quatre thèmes sur six sont en difficulté" in texts["brief"]
    assert "plus d’un habitant sur deux vit sous le seuil de pauvreté" in texts["headline"].lower()
    assert "contre un sur quatre à Avion" in texts["demographie"]
    assert "comme dans 17 quartiers sur 21" in texts["equipement"]
    other = {name: text for name, (text, _) in demo.texts("QP062029").items()}
    assert other["education"].startswith(
        "Les retards en 6e et en 3e sont couverts par le secret statistique."
    )
    assert "plusieurs signaux changent" in other["brief"]
    assert demo.writer.strip_note("QP062029", "emploi") == f"sûr à 85{FINE}%"
    assert demo.writer.strip_word("QP062029", "equipement") == "offre développée"


def test_alternative_texts_of_the_spine(demo: Contract) -> None:
    if "QP062019" not in demo.context.names:
        pytest.skip("the pilot is another territory")
    assert demo.writer.spine_alt("QP062019", "demographie.part_familles_monoparentales_caf") == (
        f"Familles monoparentales, CAF{NBSP}: 20,7{FINE}%, 18e rang sur 21, plus difficile que la "
        f"moyenne, agglomération 16,5{FINE}%"
    )
    secret = demo.writer.spine_alt("QP062029", "education.taux_retard_3e")
    assert "couvert par le secret statistique" in secret


def test_acronyms_are_those_of_the_sheet(demo: Contract) -> None:
    qpv = next(iter(demo.context.names))
    found = dict(demo.writer.acronyms(qpv, ["Deux assurés sur cinq ont la CMU-C."]))
    assert {"QPV", "Agglo.", "CAF", "RSA", "CMU-C"} <= set(found)
    assert found["Agglo."].startswith("communauté d’agglomération")
    assert "ORS" not in found
