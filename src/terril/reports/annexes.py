"""What is missing, secret or contradicted, where do figures come from, what do words mean?

The annexes of the volume, as data. No blanked value is in them.
"""

from __future__ import annotations

from typing import Any

from terril.lib.dates import periode_courte
from terril.lib.french import FINE, NBSP, avec_unite, liste
from terril.lib.prose import typographie
from terril.observations.schema import KEY, Kind, Origin, Status
from terril.reports import secrets
from terril.reports.grid import thematic_codes
from terril.reports.lookup import Lookup
from terril.reports.notes import input_name, stated
from terril.reports.words import ends

#: words that every volume explains, when the catalogue knows them
ALWAYS = ("QPV", "EPCI")


def annex_data(lookup: Lookup) -> dict[str, Any]:
    """The annexes that close the volume."""
    return {
        "missing": missing(lookup),
        "secrets": secrets.summary(lookup),
        "contradictions": contradictions(lookup),
        "sources": sources(lookup),
        "files": files(lookup),
        "glossary": glossary(lookup),
    }


def shown_indicators(lookup: Lookup) -> list[str]:
    """Indicators of the thematic tables and of the sheets, each once, in their order."""
    codes = [c for table in thematic_codes(lookup) for c in lookup.catalogue.tables[table].columns]
    model = lookup.catalogue.fiches[lookup.source.fiche_model]
    for block in model.blocks:
        codes += [*block.signal, *block.rows]
    return list(dict.fromkeys(codes))


def missing(lookup: Lookup) -> list[dict[str, Any]]:
    """For each indicator not known everywhere: who is secret, who has no data."""
    rows = []
    for code in shown_indicators(lookup):
        card = lookup.catalogue.indicators[code]
        period = lookup.shown(code)
        if period is None:
            rows.append(_missing_row(card.short, "–", 0, len(lookup.qpv), [], ["tous"]))
            continue
        secret, absent = [], []
        for place in lookup.qpv:
            status = lookup.value(Kind.QPV, place.code, code, period).status
            if status == Status.SECRET:
                secret.append(place.short)
            elif status != Status.OK:
                absent.append(place.short)
        if secret or absent:
            known = len(lookup.qpv) - len(secret) - len(absent)
            rows.append(
                _missing_row(
                    card.short, periode_courte(period), known, len(lookup.qpv), secret, absent
                )
            )
    return rows


def _missing_row(
    label: str, period: str, known: int, total: int, secret: list[str], absent: list[str]
) -> dict[str, Any]:
    return {
        "label": label,
        "period": period,
        "known": f"{known}/{total}",
        "secret": liste(secret),
        "absent": liste(absent),
    }


def contradictions(lookup: Lookup) -> list[dict[str, str]]:
    """One entry a contradicted figure: what is said, what is kept, why."""
    cards = lookup.catalogue.themes
    rows = []
    for row in lookup.source.contradictions.iter_rows(named=True):
        theme = str(row["indicator"]).split(".")[0]
        rows.append(
            {
                "theme": cards[theme].label if theme in cards else theme,
                "order": cards[theme].order if theme in cards else 99,
                "label": typographie(str(row["label"])),
                **_said(lookup, row),
                "reason": ends(str(row["reason"])),
            }
        )
    rows.sort(key=lambda item: (item["order"], item["label"]))
    return [{key: str(text) for key, text in row.items() if key != "order"} for row in rows]


def _said(lookup: Lookup, row: dict[str, Any]) -> dict[str, str]:
    """What documents say, each value once with how many say it, and what is shown."""
    lines = lookup.statements(*(row[name] for name in KEY))
    if row["nature"] != "valeurs" or not lines:
        return {"values": typographie(str(row["values"])), "kept": typographie(str(row["kept"]))}
    shown = lookup.shown_figure(tuple(row[name] for name in KEY))
    documents: dict[str, set[str]] = {}
    kept = ""
    for line in lines:
        text = stated(lookup, line)
        if line["origin"] == Origin.DERIVED:
            text += " (calculé)"
        documents.setdefault(text, set()).add(str(line["document"]))
        if not kept and shown == (line["value"], line["status"]):
            kept = text
    parts = [
        text if len(names) == 1 else f"{text} ({len(names)} fois)"
        for text, names in documents.items()
    ]
    return {"values": f"{FINE}; ".join(parts), "kept": kept or typographie(str(row["kept"]))}


def licence(text: str) -> str:
    """« Licence Ouverte. », « Licence : ODbL. »."""
    return ends(text if text.lower().startswith("licence") else f"Licence{NBSP}: {text}")


def sources(lookup: Lookup) -> list[dict[str, str]]:
    """The sources of the figures shown: what they count, what was done, licence, caution."""
    used = set(lookup.source.retained["source"].unique().to_list())
    held = []
    for code, card in lookup.catalogue.sources.items():
        if code not in used:
            continue
        parts = [card.meaning, card.treatment, card.caution]
        text = " ".join(ends(part) for part in parts if part)
        if card.licence:
            text += f" {licence(card.licence)}"
        held.append({"title": typographie(card.label), "text": text})
    return held


def files(lookup: Lookup) -> list[dict[str, str]]:
    """The files read, with the beginning of their hash."""
    return [
        {
            "document": input_name(lookup, row["document"] or ""),
            "file": row["file"],
            "rows": avec_unite(row["rows"] or 0, 0, ""),
            "sha256": f"{row['sha256'][:16]}…",
        }
        for row in lookup.source.inputs.iter_rows(named=True)
    ]


def glossary(lookup: Lookup) -> list[dict[str, str]]:
    """Words and sigles that the volume uses, in alphabetical order."""
    cards = lookup.catalogue.indicators
    texts = " ".join(
        f"{cards[code].label} {cards[code].short} {' '.join(cards[code].acronyms)}"
        for code in cards
        if code in lookup.territories_by_indicator
    )
    return [
        {"title": term, "text": ends(text)}
        for term, text in sorted(
            lookup.catalogue.acronyms.items(), key=lambda item: item[0].lower()
        )
        if term in ALWAYS or term in texts
    ]
