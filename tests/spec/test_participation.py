"""La participation des habitants : ce qui s’essouffle, et le niveau atteint.

Une forme de participation (conseil citoyen, table de quartier, budget participatif…) est suivie
année par année. Elle s’essouffle quand ses membres actifs ou ses réunions ont baissé de moitié, ou
davantage, entre sa meilleure année et la dernière connue ; les réunions de l’année en cours ne
comptent pas, puisqu’elle n’est pas finie. Elle est sans trace récente quand sa dernière trace
datée (création, année avec une réunion, formation, interpellation, marche, besoin porté,
association à un objet) a plus de douze mois. Une fin ou un sommeil déclarés sont crus ; une
activité déclarée ne l’est que si les traces ne la démentent pas. Quand rien n’est écrit, on ne
sait pas, et ce n’est pas « non ».

Le niveau atteint pour un objet est le plus haut dont une preuve dit où le vérifier ; sans preuve,
il est seulement déclaré. Aucun texte ne définit les niveaux : leur ordre est celui de l’usage.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from methode import Methode, Tableau
from participation_books import shelf
from terril.catalogue.load import load_catalogue
from terril.contrat.participation.forms import (
    ACTIVITY_LABELS,
    Activity,
    Year,
    activity_of,
    falls_of,
    forms,
)
from terril.contrat.participation.levels import VERDICT_LABELS, associations, reached
from terril.contrat.participation.traces import Trace, earlier
from terril.lib.dates import periode_courte

CATALOGUE = load_catalogue()
AUJOURDHUI = dt.date(2026, 11, 24)
LIMITE = earlier(AUJOURDHUI, int(CATALOGUE.number("participation_silence_mois")))

#: année → (réunions, membres actifs) ; ce qui s'essouffle, vu fin 2026
ESSOUFFLEMENT: list[tuple[dict[int, tuple[int | None, int | None]], str]] = [
    ({2017: (None, 30), 2019: (None, 7)}, "membres actifs"),
    ({2023: (8, 20), 2025: (4, 11)}, "réunions"),
    ({2023: (8, 20), 2025: (5, 11)}, ""),
    ({2023: (8, 20), 2025: (8, 20), 2026: (2, 20)}, ""),
    ({2023: (8, 20), 2025: (8, 20), 2026: (2, 10)}, "membres actifs"),
    ({2022: (1, 3), 2023: (8, 20), 2024: (2, 4)}, "membres actifs, réunions"),
    ({2023: (0, 0), 2025: (0, 0)}, ""),
    ({2023: (8, 20), 2025: (None, None)}, ""),
    ({2025: (8, 20)}, ""),
]

#: activité déclarée, dernière trace, une baisse de moitié, état
ACTIVITE: list[tuple[str | None, str, bool, str]] = [
    (None, "", False, "On ne sait pas"),
    ("active", "", False, "Active"),
    (None, "2026-09-01", False, "Active"),
    (None, "2025-11-24", False, "Active"),
    (None, "2025-11-23", False, "Sans trace récente"),
    ("active", "2024-06-01", False, "Sans trace récente"),
    ("active", "2026-09-01", True, "S’essouffle"),
    (None, "2024-06-01", True, "Sans trace récente"),
    ("sommeil", "2026-09-01", True, "En sommeil"),
    ("cessee", "2026-09-01", False, "A cessé"),
]

#: lignes du registre pour un même objet (associés, niveau, preuve), réponse, atteint, déclaré
NIVEAUX: list[tuple[list[tuple[str, str, str]], str, str, str]] = [
    ([("oui", "consultation", "compte rendu")], "Oui", "Consultation", "Consultation"),
    ([("oui", "consultation", "")], "Déclaré, sans preuve", "–", "Consultation"),
    ([("oui", "consultation", "compte rendu"), ("oui", "co_decision", "")],
     "Oui", "Consultation", "Co-décision"),
    ([("oui", "concertation", "bilan"), ("oui", "information", "affiche")],
     "Oui", "Concertation", "Concertation"),
    ([("", "information", "affiche")], "Oui", "Information", "Information"),
    ([("oui", "", "bilan")], "Oui", "–", "–"),
    ([("non", "", "")], "Non", "–", "–"),
    ([("non", "", ""), ("oui", "information", "affiche")], "Oui", "Information", "Information"),
    ([("", "", "")], "On ne sait pas", "–", "–"),
]  # fmt: skip


@pytest.mark.parametrize(("annees", "baisse"), ESSOUFFLEMENT)
def test_essoufflement(annees: dict[int, tuple[int | None, int | None]], baisse: str) -> None:
    years = [Year(year, meetings=m, active=a) for year, (m, a) in sorted(annees.items())]
    falls = falls_of(years, AUJOURDHUI.year, CATALOGUE.number("participation_chute"))
    assert ", ".join(fall.what for fall in falls) == baisse


@pytest.mark.parametrize(("declaree", "trace", "baisse", "etat"), ACTIVITE)
def test_activite(declaree: str | None, trace: str, baisse: bool, etat: str) -> None:
    last = Trace(dt.date.fromisoformat(trace), "marche") if trace else None
    falls = falls_of([Year(2017, active=9), Year(2018, active=1)], 2026, 50) if baisse else ()
    assert ACTIVITY_LABELS[activity_of(declaree, falls, last, LIMITE)] == etat


@pytest.mark.parametrize(("lignes", "reponse", "atteint", "declare"), NIVEAUX)
def test_niveaux(
    lignes: list[tuple[str, str, str]], reponse: str, atteint: str, declare: str
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "objet": "Projet",
            "associes": {"oui": True, "non": False}.get(told),
            "niveau": level or None,
            "preuve": evidence or None,
        }
        for told, level, evidence in lignes
    ]
    one = reached(associations(shelf(associations=rows)), CATALOGUE)[0]
    labels = CATALOGUE.lists["niveaux_participation"].items
    assert VERDICT_LABELS[one.verdict] == reponse
    assert (labels.get(one.proven, "–"), labels.get(one.declared, "–")) == (atteint, declare)


def test_une_forme_dont_rien_n_est_ecrit_n_est_jamais_dite_inactive() -> None:
    (form,) = forms(shelf(AUJOURDHUI, formes=[{"nom": "Conseil"}]), CATALOGUE)
    assert form.activity is Activity.UNKNOWN and not form.worrying


def _annees(held: dict[int, tuple[int | None, int | None]]) -> str:
    return " ; ".join(
        f"{year} : {'–' if m is None else m} et {'–' if a is None else a}"
        for year, (m, a) in held.items()
    )


def _niveau(code: str) -> str:
    return CATALOGUE.lists["niveaux_participation"].items.get(code, "–")


def _lignes(rows: list[tuple[str, str, str]]) -> str:
    return " ; ".join(
        f"{told or 'non dit'}, {_niveau(level).lower()}, {evidence or 'sans preuve'}"
        for told, level, evidence in rows
    )


METHODE = Methode(
    order=60,
    tables=(
        Tableau(
            "ESSOUFFLEMENT",
            "Ce qui s’essouffle, vu en novembre 2026",
            ("réunions et membres actifs par année", "ce qui a baissé de moitié"),
            {"réunions et membres actifs par année": _annees},
            words={"": "rien"},
        ),
        Tableau(
            "ACTIVITE",
            "État d’une forme, le 24 novembre 2026",
            ("activité déclarée", "dernière trace", "baisse de moitié", "état"),
            {"dernière trace": lambda iso: periode_courte(iso) if iso else "aucune"},
            words={None: "non dite", "sommeil": "en sommeil", "cessee": "a cessé"},
        ),
        Tableau(
            "NIVEAUX",
            "Niveau atteint par un objet",
            (
                "ce que dit le registre (associés, niveau, preuve)",
                "les habitants ont-ils été associés ?",
                "niveau atteint",
                "niveau déclaré",
            ),
            {"ce que dit le registre (associés, niveau, preuve)": _lignes},
        ),
    ),
)
