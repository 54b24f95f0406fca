"""Les adultes-relais.

Un poste est connu par sa convention, jamais par la personne. La convention dure trois ans au plus
(code du travail, article D. 5134-150) ; personne n'est recruté avant qu'elle soit signée ; le poste
est au moins à mi-temps ; deux trimestres sans justificatifs, et elle peut être résiliée. Pour les
conventions signées depuis le 8 septembre 2025 (instruction de ce jour), le recrutement a lieu dans
les cinq mois, et la convention est renouvelée une fois.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from methode import Methode, Tableau
from scheme_shelf import CATALOGUE, Shelf, texts
from terril.contrat.schemes.posts import posts_summary
from terril.lib.dates import date_longue

#: début, fin, convention trop longue ?
DUREES = [
    ("2026-01-01", "2028-12-31", False),
    ("2026-01-01", "2029-01-01", True),
    ("2024-02-29", "2027-02-28", False),
    ("2024-02-29", "2027-03-01", True),
]

#: signée le, occupé, depuis le, au jour du, ce qui est dit
RECRUTEMENTS: list[tuple[str, bool, str | None, str, str]] = [
    ("2025-09-30", False, None, "2026-02-28", "à recruter d’ici au 28 février 2026"),
    ("2025-09-30", False, None, "2026-03-01", "le délai a fini le 28 février 2026"),
    ("2025-10-15", False, None, "2026-03-01", "à recruter d’ici au 15 mars 2026"),
    ("2025-10-15", True, "2026-03-16", "2026-04-01", "après le 15 mars 2026"),
    ("2025-10-15", True, "2026-03-15", "2026-04-01", ""),
    ("2025-10-15", True, "2025-10-01", "2025-12-01", "avant la signature"),
    ("2025-10-15", False, "2026-02-01", "2026-04-01", "poste vacant depuis le 1er février 2026"),
    ("2025-01-15", False, None, "2026-03-01", "poste vacant"),
]

#: derniers justificatifs, au jour du, ce qui est dit
JUSTIFICATIFS = [
    ("2026-01-10", "2026-04-09", ""),
    ("2026-01-10", "2026-04-10", "justificatifs à envoyer avant le 10 juillet 2026"),
    ("2026-01-10", "2026-07-10", "2 trimestres sans justificatifs au 10 juillet 2026"),
]

#: signée le, renouvellements, signalé ?
RENOUVELLEMENTS = [
    ("2025-09-08", 1, False),
    ("2025-09-08", 2, True),
    ("2025-09-07", 2, False),
]


def told(today: str, **values: Any) -> str:
    post = {"nature": "adulte_relais", "convention": "A1", "employeur": 3}
    books = Shelf(dt.date.fromisoformat(today), postes=[{**post, **values}])
    return texts(posts_summary(books, CATALOGUE))


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


@pytest.mark.parametrize(("start", "end", "long"), DUREES)
def test_la_duree(start: str, end: str, long: bool) -> None:
    assert ("au-delà de 3 ans" in told("2026-06-01", debut=day(start), fin=day(end))) is long


@pytest.mark.parametrize(("signed", "held", "since", "today", "said"), RECRUTEMENTS)
def test_le_recrutement(signed: str, held: bool, since: str | None, today: str, said: str) -> None:
    found = told(today, signature=day(signed), occupe=held, depuis=day(since))
    assert said in found and bool(said) == bool(found), found


@pytest.mark.parametrize(("last", "today", "said"), JUSTIFICATIFS)
def test_les_justificatifs(last: str, today: str, said: str) -> None:
    found = told(today, occupe=True, depuis=day("2025-01-01"), justificatifs=day(last))
    assert said in found and bool(said) == bool(found), found


@pytest.mark.parametrize(("signed", "renewals", "flagged"), RENOUVELLEMENTS)
def test_les_renouvellements(signed: str, renewals: int, flagged: bool) -> None:
    found = told("2026-06-01", signature=day(signed), renouvellements=renewals)
    assert ("renouvelée" in found) is flagged


def test_un_poste_fonjep_ne_suit_pas_ces_regles() -> None:
    """Les postes FONJEP ne suivent pas ces règles ; seule la fin de leur convention est dite."""
    found = told("2026-06-01", nature="fonjep", debut=day("2020-01-01"), fin=day("2026-09-30"),
                 etp=0, occupe=True)  # fmt: skip
    assert found.count("\n") == 0 and "finit le 30 septembre 2026" in found


def _jour(text: str | None) -> str:
    return date_longue(text) if text else "–"


def _dit(text: str) -> str:
    return text or "–"


METHODE = Methode(
    order=86,
    tables=(
        Tableau(
            "DUREES",
            "Trois ans au plus",
            ("début", "fin", "signalée"),
            shown={"début": _jour, "fin": _jour},
        ),
        Tableau(
            "RECRUTEMENTS",
            "Recruter dans les cinq mois",
            ("signée le", "occupé", "depuis le", "au jour du", "ce qui est dit"),
            shown={
                "signée le": _jour,
                "depuis le": _jour,
                "au jour du": _jour,
                "ce qui est dit": _dit,
            },
        ),
        Tableau(
            "JUSTIFICATIFS",
            "Deux trimestres sans justificatifs",
            ("derniers reçus le", "au jour du", "ce qui est dit"),
            shown={"derniers reçus le": _jour, "au jour du": _jour, "ce qui est dit": _dit},
        ),
        Tableau(
            "RENOUVELLEMENTS",
            "Un renouvellement",
            ("signée le", "renouvellements", "signalée"),
            shown={"signée le": _jour},
        ),
    ),
)
