"""L'abattement de taxe foncière des bailleurs.

Dans un quartier prioritaire, la base de la taxe foncière sur les propriétés bâties (TFPB) des
logements sociaux est réduite de 30 %. En échange, le bailleur améliore sa gestion, en plus de ce
qu'il fait partout. Le montant notifié fait foi : base × 30 % × somme des taux ne sert qu'à le
vérifier, à un euro près.

Le taux d'usage rapporte ce qui est valorisé après l'année à l'abattement. Il est montré tel quel
au-delà de 100 %. Un montant vide est inconnu : il ne compte ni comme zéro, ni dans un taux.

Une action menée dans plusieurs quartiers est répartie selon leurs logements, ou une clé saisie, au
centime : chaque part est arrondie vers le bas, puis les centimes qui restent vont aux plus grands
restes, le premier quartier d'abord en cas d'égalité.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from methode import Methode, Tableau
from scheme_shelf import CATALOGUE, Shelf, texts
from terril.contrat.schemes.parts import split
from terril.contrat.schemes.rebate import balance, computed_rebate, rebates_of
from terril.contrat.schemes.rebate_flags import rebate_alerts, signature_deadline
from terril.contrat.schemes.rebate_summary import rebate_summary
from terril.contrat.schemes.results import euros
from terril.lib.dates import date_longue

#: base avant abattement, somme des taux, abattement calculé
CALCULS: list[tuple[float, float, float | None]] = [
    (100000, 62.5, 18750),
    (84321.5, 57.31, 14497.4),
    (0, 62.5, 0),
]

#: abattement, logements, prévu, valorisé, usage prévu, usage, reste, par logement
USAGES: list[tuple[Any, ...]] = [
    (20000, 100, 20000, 15000, 100, 75, 5000, 150),
    (20000, 100, 18000, 22000, 90, 110, -2000, 220),
    (20000, 100, 18000, None, 90, None, None, None),
    (20000, None, 18000, 20000, 90, 100, 0, None),
    (None, 100, 18000, 9000, None, None, None, 90),
    (20000, 3, 18000, 10000, 90, 50, 10000, 3333.33),
]

#: montant, logements ou clé, parts
PARTAGES: list[tuple[float, tuple[float, ...], tuple[float, ...]]] = [
    (100, (1, 1), (50, 50)),
    (100, (1, 1, 1), (33.34, 33.33, 33.33)),
    (0.05, (3, 1), (0.04, 0.01)),
    (1000, (60, 40), (600, 400)),
    (1000, (120, 0, 80), (600, 0, 400)),
    (10, (1, 2, 4), (1.43, 2.86, 5.71)),
    (0.01, (1, 1), (0.01, 0)),
]

#: année d'imposition, signé le, l'abattement est-il ouvert ?
SIGNATURES = [
    (2026, "2025-12-15", True),
    (2026, "2026-01-01", True),
    (2026, "2026-01-02", False),
    (2025, "2025-03-31", True),
    (2025, "2025-04-01", False),
    (2026, None, False),
]

#: axe, moyens ordinaires établis, quartier du renouvellement urbain, signalée ?
ACTIONS = [
    ("axe1", True, False, False),
    ("axe1", False, False, True),
    ("axe2", False, False, False),
    ("axe3", False, False, True),
    ("axe4", False, False, True),
    ("axe8", False, False, False),
    ("axe8", True, True, True),
    ("axe7", False, True, False),
]


def money(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def rebate(**values: Any) -> dict[str, Any]:
    held = {
        "annee": 2026, "bailleur": 1, "commune": 1, "quartier": 1, "logements": 100,
        "abattement": Decimal(20000), "contrat": dt.date(2024, 5, 1),
        "convention": dt.date(2024, 5, 1), "pieces": dt.date(2026, 3, 1),
    }  # fmt: skip
    return {**held, **values}


@pytest.mark.parametrize(("base", "rates", "expected"), CALCULS)
def test_le_calcul(base: float, rates: float, expected: float) -> None:
    part = CATALOGUE.number("tfpb_abattement")
    found = euros(computed_rebate(money(base), money(rates), part))
    assert found == money(expected)


def test_sans_base_ou_sans_taux_rien_n_est_verifie() -> None:
    """Sans base ou sans taux, il n'y a pas de calcul, et pas d'écart."""
    assert computed_rebate(None, Decimal(60), 30) is None
    assert computed_rebate(Decimal(1000), None, 30) is None


@pytest.mark.parametrize(
    ("notified", "dwellings", "planned", "valued", "planned_use", "use", "rest", "each"), USAGES
)
def test_l_usage(
    notified: float | None,
    dwellings: int | None,
    planned: float,
    valued: float | None,
    planned_use: float | None,
    use: float | None,
    rest: float | None,
    each: float | None,
) -> None:
    books = Shelf(
        tfpb_conventions=[rebate(abattement=money(notified), logements=dwellings)],
        tfpb_actions=[
            {"bailleur": 1, "conventions": (1,), "axe": "axe5",
             "valorise_prevu": money(planned), "valorise": money(valued)},
        ],
    )  # fmt: skip
    held = balance(rebates_of(books, CATALOGUE))
    shares = [None if u is None else Fraction(str(u)) / 100 for u in (planned_use, use)]
    assert [held.planned_use, held.use] == shares
    assert (held.remainder, held.per_dwelling) == (money(rest), money(each))


@pytest.mark.parametrize(("amount", "weights", "parts"), PARTAGES)
def test_le_partage(amount: float, weights: tuple[int, ...], parts: tuple[float, ...]) -> None:
    found = split(Decimal(str(amount)), weights)
    assert found == tuple(money(part) for part in parts)
    assert sum(found) == Decimal(str(amount))


@pytest.mark.parametrize(("year", "signed", "opened"), SIGNATURES)
def test_la_signature(year: int, signed: str | None, opened: bool) -> None:
    day = None if signed is None else dt.date.fromisoformat(signed)
    books = Shelf(tfpb_conventions=[rebate(annee=year, convention=day)])
    alerts = list(rebate_alerts(books, CATALOGUE, rebates_of(books, CATALOGUE)))
    assert any("la convention d’utilisation" in alert.text for alert in alerts) is not opened
    assert (day is not None and day <= signature_deadline(CATALOGUE, year)) is opened


@pytest.mark.parametrize(("axis", "ordinary", "renewed", "flagged"), ACTIONS)
def test_les_actions(axis: str, ordinary: bool, renewed: bool, flagged: bool) -> None:
    books = Shelf(
        tfpb_conventions=[rebate()],
        tfpb_actions=[
            {"intitule": "Action", "bailleur": 1, "conventions": (1,), "axe": axis,
             "lieu": "Hall 3", "debut": dt.date(2026, 2, 1), "ordinaire": ordinary},
        ],
        renouvellement=[{"programme": 1, "site": "Tour", "quartiers": (1,) if renewed else (2,)}],
    )  # fmt: skip
    alerts = list(rebate_alerts(books, CATALOGUE, rebates_of(books, CATALOGUE)))
    assert any(alert.register == "tfpb_actions" for alert in alerts) is flagged


def test_une_action_sans_lieu_sans_date_ou_sans_quartier_est_signalee() -> None:
    """Une action sans lieu, sans date ou sans quartier est signalée, avec ce qui manque."""
    books = Shelf(
        tfpb_conventions=[rebate()],
        tfpb_actions=[{"intitule": "Action", "bailleur": 1, "axe": "axe5"}],
    )
    assert "il manque le lieu, la date, l’abattement, donc le quartier" in texts(
        rebate_summary(books, CATALOGUE)
    )


def _jour(text: str | None) -> str:
    return date_longue(text) if text else "–"


METHODE = Methode(
    order=84,
    tables=(
        Tableau("CALCULS", "Le montant calculé", ("base (€)", "somme des taux (%)",
                "abattement (€)")),
        Tableau("USAGES", "L’usage de l’abattement",
                ("abattement (€)", "logements", "prévu (€)", "valorisé (€)", "usage prévu (%)",
                 "usage (%)", "reste (€)", "par logement (€)")),
        Tableau("PARTAGES", "Une action dans plusieurs quartiers",
                ("montant (€)", "logements ou clé", "parts (€)")),
        Tableau("SIGNATURES", "La convention d’utilisation doit être signée à temps",
                ("année d’imposition", "signée le", "abattement ouvert"),
                shown={"année d’imposition": str, "signée le": _jour},
                note="Au 1er janvier de l’année ; en 2025, jusqu’au 31 mars."),
        Tableau("ACTIONS", "Ce qui est signalé",
                ("axe", "moyens ordinaires établis", "quartier du renouvellement urbain",
                 "signalée"),
                shown={"axe": lambda code: CATALOGUE.lists["axes_tfpb"].items[code]}),
    ),
)  # fmt: skip
