"""Does the demonstration load in the registers of schemes, and say only what its source says?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scheme_shelf import CATALOGUE, Loaded, cells, table_of, texts
from terril.contrat.measures import MEASURES

#: in the order in which they link to one another
LOADED = ("communes", "quartiers", "organisations", "arbre", "dispositifs", "dispositifs_suivi",
          "renouvellement", "cia_objectifs")  # fmt: skip

OWN = LOADED[4:]


@pytest.fixture(scope="module")
def demo(demo_dir: Path) -> Loaded:
    loaded = Loaded()
    for code in LOADED:
        loaded.load(demo_dir / "espace" / f"{code}.csv", code)
    return loaded


def test_the_files_are_read_without_a_fault(demo: Loaded) -> None:
    assert not [problem for code in OWN for problem in demo.problems[code]]
    assert {code: len(demo.rows(code)) for code in OWN} == {
        "dispositifs": 22, "dispositifs_suivi": 25, "renouvellement": 35, "cia_objectifs": 1,
    }  # fmt: skip


def test_the_figures_of_the_pilot_come_out(demo: Loaded) -> None:
    renewal = MEASURES["renouvellement"](demo, CATALOGUE)
    kinds = table_of(renewal, "NPNRU : logements par type")
    assert cells(kinds, "Démolition")["Logements prévus"] == 964
    assert cells(kinds, "Ensemble")["Logements prévus"] == 964 + 176 + 125 + 73 + 44
    assert cells(kinds, "Ensemble")["Livrés"] is None, "the report does not say"
    share = cells(table_of(renewal, "Logements par programme"), "NPNRU")
    assert share["Part des logements prévus en quartier"] == Fraction(1)
    periods = table_of(renewal, "ERBM : logements par période")
    assert [cells(periods, p)["Opérations"] for p in ("2018-2020", "2021-2023", "2024-2026")] == [
        8, 13, 6,
    ]  # fmt: skip
    figures = MEASURES["chiffres_dispositifs"](demo, CATALOGUE)
    schemes = cells(table_of(figures, "PRE, année par année"), "Programmes")
    assert schemes == {"2019": Decimal(4), "2022": Decimal(7)}
    assert "CLS : la période s’est achevée en 2023" in texts(figures)


def test_nothing_is_late_where_the_source_gives_no_day(demo: Loaded) -> None:
    assert not MEASURES["renouvellement"](demo, CATALOGUE).alerts
