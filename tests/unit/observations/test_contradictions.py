"""The list of contradictions: what it says, and what it never says."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from small_world import EPCI, card, catalogue, count, qpv, said, statements, territories
from terril.catalogue.cards import Catalogue
from terril.observations.contradictions import CONTRADICTIONS, find
from terril.observations.resolve import resolve

Q = qpv(1)
NBSP, FINE = "\u00a0", "\u202f"
#: how the project names its documents; « contexte » has no name
DOCUMENTS = {"tableaux": "le tableau des quartiers", "fiches": "la fiche"}


def _cards() -> Catalogue:
    return catalogue(
        {"essai.part": card(label="Part d’essai"), "essai.nb": count(label="Effectif d’essai")}
    )


def _find(*rows: dict[str, Any], size: int = 3) -> list[dict[str, Any]]:
    frame = find(statements(rows), _cards(), territories(size), DOCUMENTS)
    assert dict(frame.schema) == dict(pl.DataFrame(schema=CONTRADICTIONS).schema)
    return frame.to_dicts()


def test_one_row_with_every_statement_and_the_reason() -> None:
    (row,) = _find(
        said(Q, "essai.part", 19.0, raw="19", decimals=0, line=12),
        said(
            Q,
            "essai.part",
            23.0,
            raw="23",
            document="fiches:QP000001",
            priority=20,
            file="fiches.csv",
            line=40,
            sheet="Santé",
        ),
        said(Q, "essai.part", 19.2, raw="19,2", document="contexte", priority=30, line=3),
    )
    assert (row["nature"], row["label"]) == ("valeurs", "Part d’essai, Quartier 1 (QP000001), 2015")
    assert row["statements"] == [
        f"«{NBSP}19{NBSP}»{NBSP}: le tableau des quartiers (tableaux.csv, ligne 12)",
        f"«{NBSP}23{NBSP}»{NBSP}: la fiche (fiches.csv, feuille «{NBSP}Santé{NBSP}», ligne 40)",
        f"«{NBSP}19,2{NBSP}»{NBSP}: le fichier «{NBSP}contexte{NBSP}» (tableaux.csv, ligne 3)",
    ]
    assert row["kept"] == f"«{NBSP}19{NBSP}»"
    assert row["reason"] == (
        "Le tableau des quartiers passe avant la fiche (priorité). "
        "2 documents sur 3 donnent cette valeur."
    )


def test_a_minority_that_wins_is_told() -> None:
    rows = [said(EPCI, "essai.part", 49.0, raw="49", kind="epci")]
    rows += [
        said(EPCI, "essai.part", 40.0, raw="40", kind="epci", document=f"f{n}", priority=20)
        for n in range(4)
    ]
    (row,) = _find(*rows)
    assert row["values"] == f"«{NBSP}49{NBSP}»{FINE}; «{NBSP}40{NBSP}» (4 fois)"
    assert "1 document sur 5 donne cette valeur." in row["reason"]
    assert "à vérifier" in row["reason"]


def test_the_same_document_twice() -> None:
    (row,) = _find(
        said(Q, "essai.nb", 162, raw="162", line=4, decimals=0),
        said(Q, "essai.nb", 31, raw="31", line=5, decimals=0),
    )
    assert "Le même document donne plusieurs valeurs (lignes 4 et 5)" in row["reason"]


def test_a_value_of_another_period_or_place_is_recognised() -> None:
    rows = [
        said(Q, "essai.part", 12.0, raw="12"),
        said(Q, "essai.part", 17.3, raw="17,3", document="f", priority=20),
        said(Q, "essai.part", 17.3, raw="17,3", period="2012"),
        said(qpv(2), "essai.part", 17.3, raw="17,3"),
    ]
    (row,) = _find(*rows)
    assert f"«{NBSP}17,3{NBSP}» est la valeur de 2012." in row["reason"]
    assert f"«{NBSP}17,3{NBSP}» est aussi la valeur de Quartier 2 (QP000002)." in row["reason"]


@pytest.mark.parametrize(("echoes", "told"), [(1, False), (2, True)])
def test_few_digits_are_told_only_when_they_come_together(echoes: int, told: bool) -> None:
    rows = []
    for n, code in enumerate(("essai.part", "essai.nb")):
        other = 7.0 if n < echoes else 9.0
        rows += [
            said(Q, code, 3.0, raw="3", decimals=0),
            said(Q, code, 7.0, raw="7", decimals=0, document="f", priority=20),
            said(qpv(2), code, other, raw="x", decimals=0),
        ]
    assert all(("aussi la valeur" in row["reason"]) == told for row in _find(*rows))


def test_a_figure_that_we_computed_says_so() -> None:
    (row,) = _find(
        said(Q, "essai.part", 87.2, raw="87,2"),
        said(
            Q,
            "essai.part",
            8.0696,
            origin="calculé",
            decimals=None,
            raw="102 / 1 264 × 100",
            priority=21,
        ),
    )
    assert row["values"] == f"«{NBSP}87,2{NBSP}»{FINE}; 8,07 (calculé)"


SECRET_VALUE = "19,3"


@pytest.mark.parametrize("order", [(10, 20), (20, 10)])
def test_a_blanked_value_is_nowhere(order: tuple[int, int]) -> None:
    rows = [
        said(Q, "essai.part", 19.3, raw=SECRET_VALUE, priority=order[0]),
        said(Q, "essai.part", None, status="secret", document="f", priority=order[1]),
        said(Q, "essai.part", 44.4, raw="44,4", document="g", priority=order[1]),
        said(Q, "essai.part", 19.3, raw=SECRET_VALUE, origin="calculé", document="h"),
    ]
    (row,) = _find(*rows)
    assert (row["nature"], row["kept"]) == ("secret", "secret")
    everything = " ".join([*row["statements"], row["values"], row["reason"], row["kept"]])
    assert "19" not in everything.replace("2019", "")
    assert "44" not in everything
    assert len(row["statements"]) == 4
    assert "le secret l’emporte" in row["reason"]


#: printed mean and its decimals, values of the neighbourhoods, is it wrong?
MEANS = [
    (40.0, 0, [39.0, 40.4, 40.0], False),
    (40.0, 0, [39.0, 39.2, 40.0], True),  # 39,4 prints 39
    (16.7, 1, [16.6, 16.7, 16.8], False),
    (16.9, 1, [16.6, 16.7, 16.8], True),
    (30.0, 0, [30.0, None, 30.0], False),
]


@pytest.mark.parametrize(("mean", "decimals", "values", "wrong"), MEANS)
def test_printed_means(mean: float, decimals: int, values: list[float | None], wrong: bool) -> None:
    rows = [said(qpv(n), "essai.part", v) for n, v in enumerate(values, 1)]
    rows.append(
        said(EPCI, "essai.part", mean, kind="qpv_moyenne", decimals=decimals, raw=f"{mean:g}")
    )
    found = _find(*rows)
    assert [row["nature"] for row in found] == (["moyenne"] if wrong else [])
    if wrong:
        assert "valeurs connues sur 3 quartiers" in found[0]["reason"]


def test_contradictions_agree_with_what_is_retained() -> None:
    rows = [
        said(qpv(n % 5), "essai.part", float(n % 7), raw=str(n % 7), document=f"d{n}", line=n)
        for n in range(60)
    ]
    frame = statements(rows)
    found = find(frame, _cards(), territories(5)).select("territory", "period")
    flagged = resolve(frame).filter("contradicted").select("territory", "period")
    assert found.sort("territory").equals(flagged.sort("territory"))
    assert found.height == 5


def test_documents_and_numbers_are_those_of_french_readers() -> None:
    (row,) = _find(
        said(EPCI, "essai.nb", 16431, raw="16431", kind="epci", document="fiches:QP000002"),
        said(EPCI, "essai.nb", 15431.5, raw="15431.50", kind="epci", document="fiches:QP000009"),
    )
    assert row["values"] == f"«{NBSP}16{FINE}431{NBSP}»{FINE}; «{NBSP}15{FINE}431,50{NBSP}»"
    # another sheet is named after its neighbourhood, by its code when it has no name
    assert row["reason"].endswith(f"la fiche «{NBSP}Q2{NBSP}».")
    assert f"la fiche «{NBSP}QP000009{NBSP}»" in row["statements"][1]
