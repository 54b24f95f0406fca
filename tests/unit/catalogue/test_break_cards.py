"""Is a wrong card of a break refused with its line, and is the register whole?"""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemsError

GOOD = """\
essai_2020:
  label: Essai 2020
  effect: annote
  sources: [caf]
  since: '2020'
  text: Le comptage a changé en 2020.
  line: 2020, comptage changé
  reference: Note du producteur, lue en 2026.
  certainty: texte
  checked: '2026'
"""


def load(folder: Path, text: str) -> list[Problem]:
    (folder / "breaks").mkdir(exist_ok=True)
    (folder / "breaks" / "essai.yaml").write_text(text, encoding="utf-8")
    try:
        load_catalogue([folder])
    except ProblemsError as error:
        return error.problems
    return []


def test_a_project_adds_a_break_and_replaces_one(tmp_path: Path) -> None:
    own = GOOD + GOOD.replace("essai_2020", "filosofi_2018").replace("annote", "bloque")
    assert load(tmp_path, own) == []
    found = load_catalogue([tmp_path]).breaks
    assert found["essai_2020"].since == "2020"
    assert found["filosofi_2018"].effect.value == "bloque"
    assert len(found) == len(load_catalogue().breaks) + 1


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "says"),
    [
        ("sources: [caf]", "sources: [cafe]", "carte-renvoi", 4, "« caf »"),
        ("since: '2020'", "since: 2020", "carte-type", 5, "guillemets"),
        ("since: '2020'", "since: bientôt", "carte-incoherente", 1, "2018-07-01"),
        ("since: '2020'\n", "since: '2020'\n  rounding: 5\n", "carte-incoherente", 1, "un seul"),
        ("  since: '2020'\n", "", "carte-incoherente", 1, "un seul"),
        ("  since: '2020'\n", "  minimum_gap: 1\n", "carte-borne", 5, "au moins 2"),
        ("effect: annote", "effect: avertit", "carte-choix", 3, "« bloque »"),
        ("certainty: texte", "certainty: sûr", "carte-choix", 9, "« rapporte »"),
        (
            "  since:",
            "  indicators: [emplois.*]\n  since:",
            "rupture-sans-indicateur",
            5,
            "emplois",
        ),
        ("  since: '2020'\n", "  generations: ['2015', '2030']\n", "rupture-generation", 5, "2030"),
        (
            "  since: '2020'\n",
            "  replaced: [emploi.part_emploi_precaire]\n",
            "carte-incoherente",
            1,
            "vont ensemble",
        ),
        (
            "  since: '2020'\n",
            "  replaced: [emploi.part_emploi_precaire]\n  by: [emploi.part_inconnue]\n",
            "carte-renvoi",
            6,
            "emploi.part_inconnue",
        ),
    ],
)
def test_a_wrong_break_is_told(
    tmp_path: Path, old: str, new: str, code: str, line: int, says: str
) -> None:
    assert GOOD.count(old) == 1
    problems = load(tmp_path, GOOD.replace(old, new))
    assert [p.code for p in problems] == [code]
    problem = problems[0]
    assert problem.where.file.endswith("breaks/essai.yaml") and problem.where.line == line
    assert says in str(problem)


def test_the_register_names_the_sources_that_are_known_to_break() -> None:
    cards = load_catalogue().breaks
    held = {source for card in cards.values() for source in card.sources}
    assert held >= {"insee_filosofi", "cnam", "caf_ouvertes", "insee_recensement", "pole_emploi"}
    years = {card.since for card in cards.values() if "insee_filosofi" in card.sources}
    assert years >= {"2016", "2018", "2019", "2020", "2021"}
    assert any(card.generations == ("2015", "2024") for card in cards.values())
    assert any("emploi.part_emploi_precaire" in card.replaced for card in cards.values())


def test_a_rate_says_what_it_is_for() -> None:
    own = load_catalogue()
    assert own.units["pourcent"].per == 100
    assert {code: unit.per for code, unit in own.units.items() if unit.per} == {
        "pourcent": 100, "pour_1000": 1000, "pour_10000": 10000, "pour_100000": 100000
    }  # fmt: skip
