"""Is a wrong description of a count refused with its line, and does it say what to do?"""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemsError

GOOD = """\
essai:
  label: Licenciés d’essai
  source: pole_emploi
  position: {x: X, y: Y, crs: 2154}
  filters:
    - {column: CAT, operator: in, values: [A, B]}
  dimensions:
    sexe:
      column: SEXE
      values: {F: ['2'], H: ['1', M]}
    age:
      column: AGE
      classes: {jeunes: {under: 26}, autres: {start: 26}}
  territories:
    - {kind: qpv, around: 300}
    - {kind: commune}
  measures:
    - {indicator: emploi.nb_defm_abc, form: count, by: [sexe, sexe+age]}
    - indicator: emploi.part_rsa_defm
      form: share
      where: [{column: RSA, operator: is, value: O}]
    - {indicator: revenus.revenu_moyen_uc, form: mean, column: MONTANT}
"""


def load(folder: Path, text: str) -> list[Problem]:
    (folder / "works").mkdir(exist_ok=True)
    (folder / "works" / "essai.yaml").write_text(text, encoding="utf-8")
    try:
        load_catalogue([folder])
    except ProblemsError as error:
        return error.problems
    return []


def test_a_right_work_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD) == []
    work = load_catalogue([tmp_path]).works["essai"]
    assert work.columns() == ("X", "Y", "CAT", "RSA", "SEXE", "AGE", "MONTANT")
    assert work.dimensions["age"].modalities == ("jeunes", "autres")


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "says"),
    [
        ("source: pole_emploi", "source: pole_emplois", "carte-renvoi", 3, "« pole_emploi »"),
        ("crs: 2154", "crs: 12", "carte-borne", 4, "au moins 1024"),
        ("x: X, y: Y", "x: X", "carte-champ-manquant", 4, "« position.y »"),
        ("operator: in,", "operator: dans,", "carte-choix", 6, "« in »"),
        ("values: [A, B]", "value: A", "carte-incoherente", 6, "une liste"),
        ("values: [A, B]", "values: [true]", "carte-incoherente", 6, "entre guillemets"),
        ("operator: is, value: O", "operator: under, value: O", "carte-incoherente", 21, "date"),
        ("H: ['1', M]", "H: ['2']", "carte-incoherente", 8, "à la fois F et H"),
        ("autres: {start: 26}", "autres: {start: 25}", "carte-incoherente", 11, "chevauchent"),
        ("jeunes: {under: 26}", "jeunes: {}", "carte-incoherente", 13, "start, under"),
        ("      column: AGE", "      colonne: AGE", "carte-champ-manquant", 11, "dimensions.age"),
        ("around: 300", "around: 300000", "carte-borne", 15, "au plus 20000"),
        ("kind: commune", "kind: communes", "carte-choix", 16, "« commune »"),
        ("kind: commune", "kind: qpv", "carte-incoherente", 1, "deux fois"),
        ("by: [sexe, sexe+age]", "by: [sexe, ages]", "carte-incoherente", 1, "ages"),
        ("by: [sexe, sexe+age]", "by: [sexe+sexe]", "carte-incoherente", 1, "répète"),
        ("form: count", "form: comptage", "carte-choix", 18, "« count »"),
        ("form: mean, column: MONTANT", "form: mean", "carte-incoherente", 22, "column"),
        ("emploi.nb_defm_abc", "emploi.nb_defm_abd", "carte-renvoi", 18, "emploi.nb_defm_abc"),
        ("emploi.nb_defm_abc", "emploi.part_hommes_defm", "travail-nature", 18, "« nb »"),
        ("revenus.revenu_moyen_uc", "revenus.nb_menages_fiscaux", "travail-nature", 22, "moyenne"),
        ("emploi.part_rsa_defm", "revenus.indice_gini", "travail-unite", 19, "« per »"),
        ("position:", "secrecy: aucun\n  position:", "", 0, ""),
    ],
)  # fmt: skip
def test_a_wrong_work_is_told(
    tmp_path: Path, old: str, new: str, code: str, line: int, says: str
) -> None:
    assert GOOD.count(old) >= 1
    problems = load(tmp_path, GOOD.replace(old, new, 1))
    if not code:
        assert problems == []
        return
    assert code in [p.code for p in problems], problems
    problem = next(p for p in problems if p.code == code)
    assert problem.where.file.endswith("works/essai.yaml") and problem.where.line == line
    assert says in str(problem)


def test_a_work_without_any_minimum_is_refused(tmp_path: Path) -> None:
    """A count of records under no rule would publish one person."""
    text = GOOD.replace("position:", "secrecy: aucun\n  position:").replace(
        "emploi.nb_defm_abc", "demographie.population"
    )
    assert [p.code for p in load(tmp_path, text)] == ["travail-sans-secret"]


def test_an_age_needs_a_date(tmp_path: Path) -> None:
    text = GOOD.replace("column: AGE", "column: NE\n      reading: birth_date")
    assert load(tmp_path, text) == []
    assert [p.code for p in load(tmp_path, text + "  period: '2020'\n")] == ["travail-age"]
    assert load(tmp_path, text + "  period: '2020-12-31'\n") == []
    dated = text.replace("reading: birth_date", "reading: birth_date\n      at: '2020-12-31'")
    assert load(tmp_path, dated + "  period: '2020'\n") == []
