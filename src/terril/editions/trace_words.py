"""Which words does the trace of a figure use?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from terril.catalogue.load import Catalogue
from terril.fiches.model import SIGNAL_WORDS
from terril.lib.french import avec_unite, compte, nombre
from terril.observations.schema import Origin, Status

Row = Mapping[str, Any]

STATUS_WORDS: Final[dict[str, str]] = {
    Status.SECRET: "secret (s)",
    Status.NOT_SIGNIFICANT: "non significatif",
    Status.MISSING: "pas de donnée (–)",
    Status.NOT_APPLICABLE: "sans objet",
}

_DEGREES: Final[dict[str, str]] = {
    "slight": "légèrement",
    "plain": "",
    "strong": "nettement",
}

_DIRECTIONS: Final[dict[str, str]] = {
    "higher": "au-dessus",
    "lower": "au-dessous",
    "equal": "à égalité",
}


def figure(catalogue: Catalogue, row: Row) -> str:
    """Return a figure as it is printed, or why there is none."""
    if row["status"] != Status.OK or row["value"] is None:
        return STATUS_WORDS.get(row["status"], str(row["status"]))
    card = catalogue.indicators[row["indicator"]]
    unit = catalogue.units[card.unit]
    return avec_unite(row["value"], card.decimals, unit.symbol)


def place(row: Row) -> str:
    """Return where a statement stands: file, sheet, line, column."""
    parts = [row["file"]]
    if row["sheet"]:
        parts.append(f"feuille «\u00a0{row['sheet']}\u00a0»")
    if row["line"] is not None:
        parts.append(f"ligne {row['line']}")
    if row["column"]:
        parts.append(f"colonne «\u00a0{row['column']}\u00a0»")
    return ", ".join(part for part in parts if part)


def why_retained(chosen: Row, statements: Sequence[Row]) -> tuple[str, ...]:
    """Say which statement is shown, and by which rule."""
    shown = f"{chosen['document']}\u00a0: "
    if chosen["origin"] == Origin.DERIVED:
        return (shown + "aucun document ne le donne, il est calculé",)
    if len(statements) <= 1:
        return (shown + "seul document à le donner",)
    smallest = min(row["priority"] for row in statements)
    if chosen["status"] == Status.SECRET:
        why = "un document le tient secret, le secret passe avant tout"
    elif chosen["priority"] == smallest:
        why = f"plus petite priorité ({smallest}) des {len(statements)} documents qui le donnent"
    else:
        why = (
            f"priorité {chosen['priority']}\u00a0: les documents de priorité plus petite "
            "n’en donnent pas la valeur"
        )
    lines = [shown + why]
    if chosen["contradicted"]:
        lines.append("les documents se contredisent, les deux valeurs sont gardées (controles)")
    return tuple(lines)


def comparator_text(catalogue: Catalogue, comparator: str) -> str:
    """Return the comparator in French, by its card of reference."""
    kind, _, name = comparator.partition(":")
    for card in catalogue.references.values():
        if card.kind == kind:
            return f"{card.label} {name}" if name else str(card.label)
    return comparator


def degree_text(direction: str, degree: str) -> str:
    """Return « nettement au-dessus », « à égalité »…"""
    where = _DIRECTIONS.get(direction, direction)
    return where if direction == "equal" else f"{_DEGREES.get(degree, degree)} {where}".strip()


def signal_text(catalogue: Catalogue, row: Row) -> str:
    """Return the pictogram of a theme, its score and how sure it is."""
    theme = catalogue.themes.get(row["theme"])
    text = f"{theme.label if theme else row['theme']}\u00a0: {SIGNAL_WORDS[row['signal']]}"
    if row["score"] is not None:
        text += f", score {nombre(row['score'], 2)}"
    if row["expected"]:
        known = compte(row["available"], "indicateur connu", "indicateurs connus")
        text += f", {known} sur {row['expected']}"
    if row["sureness"] is not None:
        text += f", sûr à {avec_unite(100 * row['sureness'], 0, '%')}"
    return text
