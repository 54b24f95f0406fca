"""What does a document say of a figure on which its sources disagree?

A note names each document and its value, then which one is shown. When the figure is
secret the note says so without any figure: a note must never tell what is blanked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from terril.lib.french import avec_unite, liste
from terril.observations.places import document_label
from terril.observations.schema import Origin, Status
from terril.reports.lookup import Lookup

WORDS = {
    Status.SECRET: "secret",
    Status.MISSING: "pas de donnée",
    Status.NOT_SIGNIFICANT: "non significatif",
    Status.NOT_APPLICABLE: "sans objet",
}
SECRET_NOTE = "secret dans un document, le secret l’emporte"


_ARTICLE = re.compile(r"^(?:le |la |les |l[’'])", re.IGNORECASE)


def document_name(lookup: Lookup, row: Mapping[str, Any]) -> str:
    """The document that states the figure, as the project names it, without its article."""
    return _ARTICLE.sub(
        "",
        document_label(
            str(row["document"]),
            lookup.document_labels,
            str(row["territory"]),
            lookup.short_names,
        ),
    )


def input_name(lookup: Lookup, code: str) -> str:
    """An input file as the project names it, without its article; else its identifier."""
    return _ARTICLE.sub("", lookup.document_labels.get(code, code))


def stated(lookup: Lookup, row: Mapping[str, Any]) -> str:
    """« 19 % », with the decimals that the document gives; « secret » when it is."""
    if row["status"] != Status.OK or row["value"] is None:
        return WORDS.get(Status(row["status"]), str(row["status"]))
    card = lookup.catalogue.indicators[row["indicator"]]
    decimals = card.decimals if row["decimals"] is None else int(row["decimals"])
    return avec_unite(row["value"], decimals, lookup.catalogue.units[card.unit].symbol)


def contradiction_note(lookup: Lookup, kind: str, code: str, indicator: str, period: str) -> str:
    """« 19 % retenu (tableaux), 23 % (fiches) »; "" when the documents do not differ."""
    value = lookup.value(kind, code, indicator, period)
    rows = [
        row
        for row in lookup.statements(kind, code, indicator, period)
        if row["origin"] == Origin.STATED
    ]
    if value.status == Status.SECRET:
        return SECRET_NOTE
    said: dict[str, list[str]] = {}
    for row in rows:
        names = said.setdefault(stated(lookup, row), [])
        if document_name(lookup, row) not in names:
            names.append(document_name(lookup, row))
    if len(said) < 2:
        return ""
    kept = {stated(lookup, row) for row in rows if row["value"] == value.value}
    return ", ".join(
        f"{text} {'retenu ' if text in kept else ''}({liste(names)})"
        for text, names in said.items()
    )
