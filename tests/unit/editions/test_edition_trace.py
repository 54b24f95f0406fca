"""Does the trace of a figure tell its whole way, and nothing that is blanked?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from edition_sample import POVERTY, SIREN, content, statement

from terril.editions.open import Edition, open_edition
from terril.editions.seal import seal
from terril.editions.trace import Trace, trace
from terril.editions.trace_words import why_retained
from terril.lib.problems import ProblemsError
from terril.observations.schema import RETAINED, STATEMENTS


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    seal(tmp_path / "editions", content())
    return open_edition(tmp_path / "editions")


def step(found: Trace, title: str) -> str:
    return "\n".join(line for s in found.steps if s.title == title for line in s.lines)


def test_the_way_of_a_stated_figure(edition: Edition) -> None:
    found = trace(edition, "QP000001", POVERTY)
    assert [s.title for s in found.steps] == [
        "Lu", "Harmonisé", "Retenu", "Comparé", "Signalé", "Dit", "Imprimé",
    ]  # fmt: skip
    assert (
        "donnees/tableaux.csv, ligne 3, colonne «\u00a0TP60\u00a0»\u00a0: «\u00a044,1\u00a0»"
        in (step(found, "Lu"))
    )
    assert step(found, "Lu").count("empreinte SHA-256") == 2
    assert "tableaux (priorité 10)\u00a0: 44,1\u202f%, constaté, période 2015" in (
        step(found, "Harmonisé")
    )
    assert "plus petite priorité (10) des 2 documents" in step(found, "Retenu")
    assert "se contredisent" in step(found, "Retenu")
    assert "écart 23,8, soit 2,50 écarts-types, nettement au-dessus" in step(found, "Comparé")
    assert "rang\u00a0: 1re valeur la plus haute de 1 connues" in step(found, "Comparé")
    assert "en difficulté, score −0,80" in step(found, "Signalé")
    assert "dépasse nettement" in step(found, "Dit")
    printed = step(found, "Imprimé")
    assert "fiche QP000001, page 1" in printed and "fiche QP000001, page 2" in printed


def test_a_secret_figure_stays_secret(edition: Edition) -> None:
    found = trace(edition, "QP000002", POVERTY)
    whole = "\n".join(line for s in found.steps for line in s.lines)
    assert "51,3" not in whole
    assert "secret passe avant tout" in step(found, "Retenu")
    assert "(masqué" in step(found, "Lu")


def test_the_line_of_the_file_is_shown_while_it_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "donnees" / "tableaux.csv"
    file.parent.mkdir()
    file.write_text("code;TP60\nQP000009;1\nQP000001;44,1\n", encoding="utf-8")
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    first = content()
    changed = replace(
        first,
        statements=first.statements.with_columns(
            sha256=pl.when(pl.col("file") == "donnees/tableaux.csv")
            .then(pl.lit(sha))
            .otherwise(pl.col("sha256"))
        ),
    )
    seal(tmp_path / "editions", changed)
    edition = open_edition(tmp_path)
    assert "ligne 3\u00a0: QP000001;44,1" in step(
        trace(edition, "QP000001", POVERTY, project=tmp_path), "Lu"
    )
    file.write_text("code;TP60\n", encoding="utf-8")
    said = step(trace(edition, "QP000001", POVERTY, project=tmp_path), "Lu")
    assert "a changé depuis l’édition" in said and "fichier absent" in said


def test_a_derived_figure_gives_its_formula_and_its_terms(tmp_path: Path) -> None:
    share = "emploi.part_rsa_defm"
    first = content()
    card = first.catalogue.indicators[share]
    assert card.formula is not None, "the indicator chosen for the test is no longer derived"
    terms = card.formula.terms
    rows = [
        {**statement(indicator=term, value=float(value), raw=str(value), line=value),
         "statements": 1, "contradicted": False}
        for term, value in zip(terms, (50, 200), strict=False)
    ]  # fmt: skip
    derived = statement(indicator=share, value=25.0, origin="calculé", raw="100 × a / b")
    rows.append({**derived, "statements": 1, "contradicted": False})
    changed = replace(
        first,
        retained=pl.DataFrame(rows, schema=RETAINED),
        statements=pl.DataFrame([derived], schema=STATEMENTS),
    )
    seal(tmp_path, changed)
    found = trace(open_edition(tmp_path), "QP000001", share)
    said = step(found, "Calculé")
    assert "formule\u00a0: 100 × a / b" in said
    for term, value in zip(terms, (50, 200), strict=False):
        assert term in said and f"ligne {value}" in said
    assert "il est calculé" in step(found, "Retenu")


@pytest.mark.parametrize(
    ("territory", "indicator", "period", "code", "help_"),
    [
        ("QP000003", POVERTY, None, "territoire-inconnu", "QP000002"),
        ("QP000001", "revenus.taux_pauvreté", None, "indicateur-inconnu", POVERTY),
        ("QP000001", "revenus.revenu_median_uc", None, "chiffre-absent", "revenus"),
        ("QP000001", POVERTY, "1999", "periode-absente", "2015"),
    ],
)
def test_what_is_unknown_is_said_with_the_nearest(
    edition: Edition, territory: str, indicator: str, period: str | None, code: str, help_: str
) -> None:
    with pytest.raises(ProblemsError) as caught:
        trace(edition, territory, indicator, period=period)
    problem = caught.value.problems[0]
    assert problem.code == code
    assert help_ in problem.remedy + problem.expected


def test_the_reference_is_traced_too(edition: Edition) -> None:
    found = trace(edition, SIREN, POVERTY)
    assert found.title.startswith("Communauté d’essai (200000000)")
    assert "seul document à le donner" in step(found, "Retenu")


def test_a_lower_priority_is_explained() -> None:
    empty = statement(value=None, status="missing", raw="–")
    shown = statement(priority=20, document="fiches")
    said = why_retained({**shown, "contradicted": False}, [empty, shown])
    assert "priorité 20" in said[0] and "n’en donnent pas la valeur" in said[0]
