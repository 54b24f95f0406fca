"""What were these rows chosen by, in words that the reader of a file understands?"""

from __future__ import annotations

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column, ColumnKind, Register
from terril.lib.french import NBSP, liste
from terril.registres.choose import BLANK, NOT_FILLED, Query
from terril.registres.names import Names
from terril.registres.wordings import wordings


def query_words(card: Register, query: Query, catalogue: Catalogue, names: Names) -> list[str]:
    """« Thème : Santé ou Emploi », « Mots cherchés : … »; nothing when nothing was left out."""
    words = [f"Mots cherchés{NBSP}: {query.words}"] if query.words else []
    for name, values in query.filters.items():
        if name in card.columns:
            column = card.columns[name]
            labels = [_label(column, value, catalogue, names) for value in values]
            words.append(f"{column.label}{NBSP}: {liste(labels, 'ou')}")
    if query.archived:
        words.append("Fiches archivées")
    return words


def _label(column: Column, value: str, catalogue: Catalogue, names: Names) -> str:
    if value == BLANK:
        return NOT_FILLED
    if column.kind in (ColumnKind.LINK, ColumnKind.LINKS):
        known = value.isascii() and value.isdigit() and len(value) <= 9
        return names.name(column.target or "", int(value)) if known else value
    return wordings(column, catalogue, names.indicators).labels.get(value, value)
