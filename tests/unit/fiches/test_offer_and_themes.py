"""The local offer, the words of the signals, the sigles, the sentences of a theme sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
import pytest
from fiche_contracts import GROUP, Build, Contract
from fiche_reading import faults_of_form

from terril.benchmarks.schema import Signal
from terril.fiches import signal_words
from terril.fiches.facts import SignalFact
from terril.fiches.glossary import acronyms_used
from terril.fiches.model import Statement
from terril.fiches.places import epci_noun
from terril.fiches.theme_summary import theme_summary
from terril.fiches.theme_texts import theme_texts
from terril.fiches.verify import check_theme

FINE = "\u202f"


def _types(contract: Contract) -> dict[str, str]:
    """One type of equipment a family, from the catalogue."""
    found: dict[str, str] = {}
    for label, card in contract.catalogue.equipment.items():
        found.setdefault(card.range, label)
    return found


def _inventory(
    types: dict[str, str], counts: dict[str, dict[str, tuple[int | None, int | None]]]
) -> pl.DataFrame:
    rows = [
        (qpv, 300, "x", types[family], inside, around)
        for qpv, families in counts.items()
        for family, (inside, around) in families.items()
    ]
    return pl.DataFrame(
        rows,
        schema={
            "territory": pl.String, "buffer_m": pl.Int32, "category": pl.String,
            "type": pl.String, "inside": pl.Int32, "around": pl.Int32,
        },
        orient="row",
    )  # fmt: skip


WHOLE = {
    "ecole": (2, 0), "commerce_alimentaire": (1, 0), "sante": (3, 0),
    "commerce_quotidien": (1, 0), "poste": (1, 0), "sport": (1, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def offers(build: Build) -> Contract:
    qpvs = {f"QN0620{n}M": ["62001"] for n in range(1, 6)}
    empty = build(
        qpvs, {"62001": "Avion"}, [("qpv", "QN06201M", "demographie.population", "2020", 9.0, "ok")]
    )
    counts: dict[str, dict[str, tuple[int | None, int | None]]] = {
        "QN06201M": dict(WHOLE),
        "QN06202M": {**WHOLE, "poste": (0, 1), "sport": (0, 0)},
        "QN06203M": {key: (0, 2) for key in WHOLE},
        "QN06204M": {"ecole": (1, 0)},
        "QN06205M": {**WHOLE, "sante": (3, None)},
    }  # fmt: skip
    inventory = _inventory(_types(empty), counts)
    rows = [("qpv", q, "demographie.population", "2020", 900.0, "ok") for q in qpvs]
    return build(qpvs, {"62001": "Avion"}, rows, equipment=inventory)


def test_offers_read_well_and_hold(offers: Contract) -> None:
    for qpv in offers.context.names:
        text, claims = offers.texts(qpv)["equipement"]
        assert faults_of_form(text) == []
        assert len(text) <= 230
        assert claims
        assert offers.faults(qpv) == []


def test_offers_say_where_things_are(offers: Contract) -> None:
    said = {qpv: offers.texts(qpv)["equipement"][0] for qpv in offers.context.names}
    assert "familles d’équipements sont présentes dans le quartier" in said["QN06201M"]
    assert "le bureau de poste est dehors, à moins de 300 m" in said["QN06202M"]
    assert "Il manque un terrain de sport." in said["QN06202M"]
    assert "Toute l’offre est dehors, à moins de 300 m." in said["QN06203M"]
    assert "limitée" in said["QN06204M"]
    assert "seul cas parmi les cinq quartiers" in said["QN06204M"]
    assert "L’école est dans le quartier" in said["QN06204M"]
    assert "inconnu, sans effet sur la classe" in said["QN06205M"]
    assert "comme dans quatre quartiers sur 5" in said["QN06201M"].replace("cinq", "5")


def test_no_inventory_is_said(build: Build) -> None:
    contract = build(
        {"QN06201M": ["62001"]},
        {"62001": "Avion"},
        [("qpv", "QN06201M", "demographie.population", "2020", 9.0, "ok")],
    )
    assert "Aucun inventaire" in contract.texts("QN06201M")["equipement"][0]
    assert contract.writer.strip_note("QN06201M", "equipement") == "aucune donnée"


@pytest.mark.parametrize(
    ("sureness", "text"),
    [(1.0, "100"), (0.996, "99"), (0.85, "85"), (0.001, "1"), (0.0, "0"), (0.505, "51")],
)
def test_sureness_is_not_embellished(sureness: float, text: str) -> None:
    found = signal_words.sureness_text(sureness)
    assert found in (f"{text}{FINE}%", f"{int(text) - 1}{FINE}%" if sureness == 0.505 else "")


def test_words_of_the_signals() -> None:
    undetermined = SignalFact("sante", Signal.INDETERMINE, None, 1, 4, None, 0)
    assert signal_words.strip_word(undetermined) == "indéterminé"
    assert signal_words.strip_note(undetermined) == "1 donnée sur 4"
    assert signal_words.strip_note(None) == "aucune donnée"
    sure = SignalFact("sante", Signal.MOYEN, 0.1, 4, 4, 0.61, 30)
    assert signal_words.strip_word(sure) == "dans la moyenne"
    assert signal_words.strip_note(sure) == f"sûr à 61{FINE}%"


def test_sigles_are_whole_words() -> None:
    found = acronyms_used(
        ["Le RSA et l’ACSE."], [], {"RSA": "revenu", "ACS": "aide", "QPV": "quartier"}, "CA d’essai"
    )
    assert [sigle for sigle, _ in found] == ["QPV", "Agglo.", "RSA"]


@pytest.mark.parametrize(
    ("label", "noun"),
    [
        ("Communauté d’agglomération de Lens-Liévin", "l’agglomération"),
        ("CA de Lens - Liévin", "l’agglomération"),
        ("Métropole Européenne de Lille", "la métropole"),
        ("CA Nîmes Métropole", "l’agglomération"),
        ("CC du Pays", "la communauté de communes"),
        ("Communauté urbaine d’Arras", "la communauté urbaine"),
        ("Établissement public territorial Plaine Commune", "le territoire"),
        ("Ville de Paris", "l’intercommunalité"),
    ],
)
def test_epci_nouns(label: str, noun: str) -> None:
    assert epci_noun(label).noun == noun


def test_theme_sentences(build: Build) -> None:
    code, sure = "revenus.taux_pauvrete", "sante.part_cmuc"
    qpvs = {f"QN0620{n}M": ["62001"] for n in range(1, 6)}
    rows = [("epci", GROUP, code, "2020", 41.5, "ok")]
    rows += [("qpv", q, code, "2020", 40.0 + n, "ok") for n, q in enumerate(qpvs)]
    rows += [("qpv", "QN06201M", sure, "2020", 30.0, "ok")]
    contract = build(qpvs, {"62001": "Avion"}, rows)
    texts = theme_summary(contract.context, contract.catalogue, "revenus", [code, sure])
    (runs, claims) = texts[-1]
    text = "".join(run.text for run in runs)
    assert faults_of_form(text) == []
    assert f"va de 40{FINE}% (QN06201M) à 44{FINE}% (QN06205M)" in text
    assert "dans trois quartiers sur cinq" in text.lower()
    assert {c.comparator for c in claims} == {"", "epci"}
    assert claims[-1].values["nombre"] == 3.0
    # one known neighbourhood has no range
    assert all(sure not in {c.indicator for c in own} for _, own in texts)
    assert [run.text for run in runs if run.strong] == [f"40{FINE}%", f"44{FINE}%"]


def _theme_faults(contract: Contract, statements: Iterable[Statement]) -> list[str]:
    group = list(contract.context.names)
    return check_theme(statements, group, contract.figures, contract.catalogue)


def test_every_theme_statement_of_the_pilot_holds(demo: Contract) -> None:
    texts = list(theme_texts(demo.context, demo.catalogue, demo.writer.model))
    assert [text.theme for text in texts] == demo.themes
    for text in texts:
        assert _theme_faults(demo, text.statements) == []
        assert len(text.statements) >= 4
        assert 60 <= len(text.headline) <= 120
        paragraphs = ["".join(run.text for run in runs) for runs in text.text]
        assert 3 <= len(paragraphs) <= 4
        for said in (text.headline, *paragraphs):
            assert faults_of_form(said) == [], said
        whole = " ".join((text.headline, *paragraphs))
        assert all(statement.text in whole for statement in text.statements)


def test_a_headline_tells_two_facts_as_people(demo: Contract) -> None:
    texts = {t.theme: t for t in theme_texts(demo.context, demo.catalogue, demo.writer.model)}
    assert texts["sante"].headline == (
        "En moyenne, près d’un assuré sur trois a la CMU-C dans les quartiers, près de deux fois "
        "plus que dans l’agglomération."
    )
    assert texts["revenus"].headline == (
        "Dans les 21 quartiers, le revenu médian reste sous celui de l’agglomération et tombe à "
        f"11{FINE}922{FINE}€ (Grande Résidence)."
    )


@pytest.mark.parametrize(
    ("role", "value"),
    [("moyenne", 30.0), ("reference", 30.0), ("known", 20.0), ("fraction", "1/5"),
     ("rapport", "deux fois moins"), ("maximum", 99.0), ("haut", "QP062000"), ("nombre", 1.0),
     ("difficile", 9.0), ("quartiers", 20.0), ("etendue", "du simple au triple")],
)  # fmt: skip
def test_a_false_theme_statement_is_seen(demo: Contract, role: str, value: float | str) -> None:
    texts = theme_texts(demo.context, demo.catalogue, demo.writer.model)
    said = [s for text in texts for s in text.statements if role in s.values]
    assert said
    for statement in said:
        wrong = replace(statement, values={**statement.values, role: value})
        assert _theme_faults(demo, [wrong]), statement


@pytest.mark.parametrize("known", [1, 2, 5])
def test_headlines_without_the_agglomeration(build: Build, known: int) -> None:
    code = "revenus.taux_pauvrete"
    qpvs = {f"QN0620{n}M": ["62001"] for n in range(1, 6)}
    rows = [("qpv", q, code, "2020", 40.0 + n, "ok") for n, q in enumerate(qpvs) if n < known]
    contract = build(qpvs, {"62001": "Avion"}, rows)
    [text] = theme_texts(contract.context, contract.catalogue, contract.writer.model)
    assert _theme_faults(contract, text.statements) == []
    assert faults_of_form(text.headline) == []
    expected = {5: f"va de 40{FINE}% (QN06201M) à 44{FINE}% (QN06205M)"}
    assert expected.get(known, "un indicateur sur quatre est connu") in text.headline
