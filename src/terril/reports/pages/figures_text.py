"""How is one figure of an edition written on a page?"""

from __future__ import annotations

from typing import Any, Final

from terril.catalogue.load import Catalogue
from terril.catalogue.schema import Indicator, Polarity
from terril.lib.french import FINE, MINUS, avec_unite, nombre
from terril.observations.schema import Status

#: what stands in the place of a value, and what it means
WORDS: Final[dict[str, tuple[str, str]]] = {
    Status.SECRET: ("s", "secret statistique : trop peu de personnes"),
    Status.NOT_SIGNIFICANT: ("ns", "non significatif, selon le producteur"),
    Status.NOT_APPLICABLE: ("so", "sans objet"),
    Status.MISSING: ("–", "pas de donnée"),
}


def value_text(catalogue: Catalogue, card: Indicator, row: dict[str, Any] | None) -> str:
    """« 44,8 % », « 12 811 € », « s », « – »: a row of observations (or none) as it is written."""
    if row is None:
        return WORDS[Status.MISSING][0]
    if row["status"] != Status.OK or row["value"] is None:
        return WORDS.get(row["status"], WORDS[Status.MISSING])[0]
    decimals = row.get("decimals")
    decimals = card.decimals if decimals is None else min(decimals, card.decimals)
    return avec_unite(row["value"], decimals, catalogue.units[card.unit].symbol)


def plain_text(catalogue: Catalogue, card: Indicator, value: float | None) -> str:
    """A value with its unit, or a dash."""
    if value is None:
        return WORDS[Status.MISSING][0]
    return avec_unite(value, card.decimals, catalogue.units[card.unit].symbol)


def gap_text(catalogue: Catalogue, card: Indicator, gap: float | None) -> str:
    """« +3,2 points », « −1 240 € », « égal »: a difference in the unit of differences."""
    if gap is None:
        return ""
    unit = catalogue.units[card.unit]
    text = nombre(abs(gap), card.decimals)
    if float(text.replace(",", ".").replace("\u202f", "")) == 0:
        return "égal"
    word = unit.gap_plural if abs(gap) >= 2 and unit.gap_plural else unit.gap
    return f"{'+' if gap > 0 else MINUS}{text}" + (f"{FINE}{word}" if word else "")


def sense_text(card: Indicator) -> str:
    """Which way is better, in words."""
    return {
        Polarity.FAVORABLE: "Plus la valeur est élevée, plus la situation est favorable.",
        Polarity.DEFAVORABLE: "Plus la valeur est élevée, plus la situation est difficile.",
    }.get(card.polarity, "Cet indicateur décrit sans juger : ni mieux ni moins bien.")
