"""What does the analyst look at before sealing, as plain rows that a page can filter?

The same content as ``controles.xlsx``: problems of reading at their place, findings,
contradictions, the ledger of secrecy. No value of a secret figure is in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from terril.lib.dates import periode_courte
from terril.lib.problem_words import french_spaces, ordered
from terril.lib.problems import Problem
from terril.lib.prose import typographie
from terril.reports.lookup import Lookup
from terril.reports.notes import document_name
from terril.reports.secrets import WORDS, ledger
from terril.reports.source import Source

Rows = list[dict[str, Any]]

#: what stands for the values of a contradiction where one document holds the figure secret
MASKED: Final = "valeur masquée"


def problem_rows(problems: Iterable[Problem]) -> Rows:
    """One row a problem, errors first: severity, code, its place in four parts, words."""
    return [
        {
            "severity": p.severity.value,
            "code": p.code,
            "file": p.where.file,
            "sheet": p.where.sheet,
            "line": p.where.line,
            "column": p.where.column,
            "what": french_spaces(p.what),
            "expected": french_spaces(p.expected),
            "remedy": french_spaces(p.remedy),
        }
        for p in ordered(problems)
    ]


def review(source: Source, heard: Iterable[Problem]) -> dict[str, Rows]:
    """Return the rows of « problemes », « constats », « contradictions » and « secrets »."""
    lookup = Lookup(source)
    return {
        "problemes": problem_rows(heard),
        "constats": _findings(lookup),
        "contradictions": _contradictions(lookup),
        "secrets": _secrets(lookup),
    }


def _findings(lookup: Lookup) -> Rows:
    return [
        {
            "severity": row["severity"],
            "code": row["code"],
            "what": french_spaces(str(row["text"])),
            "places": [french_spaces(place) for place in row["places"] or ()],
        }
        for row in lookup.source.findings.iter_rows(named=True)
    ]


def _contradictions(lookup: Lookup) -> Rows:
    rows: Rows = []
    for row in lookup.source.contradictions.iter_rows(named=True):
        secret = row["nature"] == "secret"
        rows.append(
            {
                "label": french_spaces(str(row["label"])),
                "values": MASKED if secret else french_spaces(_text(row["values"])),
                "kept": "s" if secret else french_spaces(_text(row["kept"])),
                "reason": french_spaces(str(row["reason"])),
            }
        )
    return rows


def _text(value: object) -> str:
    return "\u00a0; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _secrets(lookup: Lookup) -> Rows:
    cards, rules = lookup.catalogue.indicators, lookup.catalogue.secrecy
    return [
        {
            "indicator": cards[row["indicator"]].label if row["indicator"] in cards else "",
            "territory": lookup.place(row["kind"], row["territory"]).label,
            "period": periode_courte(row["period"]),
            "breakdown": row["breakdown"],
            "secret": WORDS.get(row["blanking"], row["blanking"]),
            "rule": typographie(rules[row["rule"]].label if row["rule"] in rules else row["rule"]),
            "why": typographie(row["why"]),
            "relation": typographie(row["relation"]),
            "document": document_name(lookup, row) if row["document"] else "",
            "line": row["line"],
        }
        for row in ledger(lookup).iter_rows(named=True)
    ]
