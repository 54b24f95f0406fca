"""How is an estimated figure told: its value, its bounds, its error, what it leans on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from terril.lib.french import avec_unite, compte, nombre

_WAYS: Final = {
    "surface": "selon la surface",
    "contraste": "selon la surface et la densité",
    "masque": "selon les lieux habités",
    "calage": "selon la surface et la densité, calées sur les populations connues",
}
_UNITS: Final = {"population": (0, ""), "living": (0, "€")}
_NOTABLE: Final = 0.2  # part of imputed people from which it is told
_EMPTY: Final = 0.05  # part of the surface without square from which it is told


def told(row: Mapping[str, Any], singular: str, plural: str) -> str:
    """Return the note of one estimate (a row of ``ESTIMATES``), French.

    ``singular``, ``plural``: what is apportioned: « carreau habité de 200 m », « IRIS ».
    """
    if row["refused"]:
        return f"Pas d’estimation : {row['refused']}."
    decimals, symbol = _UNITS[row["quantity"]]

    def figure(value: float) -> str:
        return avec_unite(value, decimals, symbol) if symbol else nombre(value, decimals)

    parts = [f"Estimé : {figure(row['value'])}"]
    if row["quantity"] == "population":
        parts[0] += " habitants"
    between = []
    if row["low"] is not None and row["high"] is not None:
        between.append(f"entre {figure(row['low'])} et {figure(row['high'])}")
    if row["error"] is not None:
        between.append(f"erreur type {figure(row['error'])}")
    if between:
        parts[0] += f" ({', '.join(between)})"
    counted = compte(row["whole"] + row["cut"], singular, plural)
    parts.append(f"d’après {counted}, dont {nombre(row['cut'])} en partie dehors")
    parts.append(_WAYS[row["method"]])
    text = ", ".join(parts) + "."
    if (row["imputed"] or 0.0) >= _NOTABLE:
        text += f" {_percent(row['imputed'])} des habitants sont dans des carreaux imputés."
    if (row["empty"] or 0.0) >= _EMPTY:
        text += f" {_percent(row['empty'])} de la surface est inhabitée d’après le fichier."
    return text


def _percent(part: float) -> str:
    return avec_unite(100 * part, 0, "%")
