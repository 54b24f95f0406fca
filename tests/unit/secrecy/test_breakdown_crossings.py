"""Does a crossing give away its parts, or the surroundings what they hold?"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from small_world import catalogue, count, qpv, retained, said, territories
from terril.catalogue.schema import SecrecyRule
from terril.secrecy.protect import protect

CARDS = catalogue(
    {"essai.nb": count(secrecy="cinq")},
    secrecy={"cinq": SecrecyRule(label="5", minimum=5, unit="personnes", note="essai")},
)


def figure(breakdown: str, value: float) -> dict[str, Any]:
    return said(qpv(1), "essai.nb", value, breakdown=breakdown, decimals=0)


def secret(figures: dict[str, float]) -> set[str]:
    """Return the breakdowns that are blanked; the attack must find none of them."""
    rows = retained([figure(b, v) for b, v in figures.items()])
    protected = protect(rows, CARDS, territories(1))
    assert protected.audit.resists
    return set(protected.frame.filter(pl.col("status") == "secret")["breakdown"])


def test_the_parts_of_a_crossing_add_up_both_ways() -> None:
    """Young women are 3: the young men and the other women would give them, and so on."""
    table = {
        ("F", "jeunes"): 3.0, ("F", "autres"): 30.0, ("H", "jeunes"): 20.0, ("H", "autres"): 40.0,
    }  # fmt: skip
    figures = {f"sexe={s};age={a}": v for (s, a), v in table.items()}
    for name, place in (("sexe", 0), ("age", 1)):
        for key in {k[place] for k in table}:
            figures[f"{name}={key}"] = sum(v for k, v in table.items() if k[place] == key)
    figures["total"] = sum(table.values())
    # four cells, each row and each column of two: all go, or margins do
    found = secret(figures)
    assert "sexe=F;age=jeunes" in found
    assert len(found) >= 4
    assert found & {"sexe=F;age=autres", "sexe=F"}
    assert found & {"sexe=H;age=jeunes", "age=jeunes"}


@pytest.mark.parametrize("prefix", ["", "autour_300m;"])
def test_the_parts_add_up_around_as_inside(prefix: str) -> None:
    whole = prefix.rstrip(";") or "total"
    found = secret({whole: 40, f"{prefix}sexe=F": 37, f"{prefix}sexe=H": 3})
    assert found == {f"{prefix}sexe=F", f"{prefix}sexe=H"}


def test_the_surroundings_are_no_part_of_the_neighbourhood() -> None:
    """Twelve inside and three around: neither tells the other."""
    assert secret({"total": 12, "autour_300m": 3}) == {"autour_300m"}
