"""Which figures are kept secret, by which rule, and because of which relation?

The ledger of an edition as a sheet for the analyst, as counts for the volume, and in words.
No value of a blanked figure is in any of them.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from terril.lib.dates import periode_courte
from terril.lib.french import nombre
from terril.lib.prose import typographie
from terril.observations.schema import KEY, Status
from terril.reports.lookup import Lookup
from terril.reports.notes import document_name
from terril.reports.sheet import Book, Content, Head, lines_of
from terril.reports.words import ends, subtitle

#: by whom or why a figure is blanked; what the producer held secret is in no ledger
PRODUCER: Final = "producteur"
WORDS: Final = {
    PRODUCER: "secret du producteur",
    "primaire": "secret primaire",
    "secondaire": "secret secondaire",
    "calculé": "calculé sur un secret",
}
_ORDER: Final = tuple(WORDS)
_HEADS: Final = (
    Head("Thème", 14), Head("Indicateur", 44), Head("Territoire", 34), Head("Période", 11),
    Head("Détail", 10), Head("Secret", 22), Head("Règle", 44, wrap=True),
    Head("Pourquoi", 56, wrap=True), Head("Relation", 44, wrap=True),
    Head("Document", 26), Head("Fichier", 32), Head("Feuille", 12),
    Head("Ligne", 8, right=True),
)  # fmt: skip


def ledger(lookup: Lookup) -> pl.DataFrame:
    """One row a secret figure: ``KEY``, blanking, rule, why, relation, and where it was read.

    The figures that the producer holds secret are there with the rule of their indicator.
    """
    source = lookup.source
    where = ("document", "file", "sheet", "line")
    rules = {code: card.secrecy for code, card in lookup.catalogue.indicators.items()}
    secret = source.retained.filter(pl.col("status") == Status.SECRET).select(*KEY, *where)
    told = source.blanked.select(*KEY, "blanking", "rule", "why", "relation")
    rule = pl.col("indicator").replace_strict(rules, default="", return_dtype=pl.String)
    return (
        secret.join(told, on=list(KEY), how="full", coalesce=True)
        .with_columns(
            pl.col("blanking").fill_null(PRODUCER),
            pl.col("rule").fill_null(rule),
            pl.col("why").fill_null("Le document le donne déjà secret."),
            pl.col("relation").fill_null(""),
        )
        .sort("indicator", "kind", "territory", "period", "breakdown", nulls_last=True)
    )


def secrets_sheet(book: Book, lookup: Lookup) -> None:
    """Write the sheet « Secrets »: the ledger, figure by figure, without a value."""
    sheet = book.sheet(
        "Secrets",
        title="Chiffres couverts par le secret statistique",
        subtitle=subtitle(lookup.source),
        note="Ces chiffres ne sont montrés nulle part. Primaire : la règle de la source. "
        "Secondaire : blanchi pour qu’un autre ne puisse être calculé.",
    )
    rows = ledger(lookup)
    if rows.is_empty():
        sheet.text("Aucun chiffre de cette édition n’est secret.")
        return
    sheet.head(_HEADS)
    catalogue = lookup.catalogue
    for row in rows.iter_rows(named=True):
        card = catalogue.indicators.get(row["indicator"])
        theme = catalogue.themes.get(row["indicator"].split(".")[0])
        rule, why, relation = _rule(lookup, row["rule"]), ends(row["why"]), row["relation"]
        cells: list[Content] = [
            theme.label if theme else "", card.label if card else row["indicator"],
            lookup.place(row["kind"], row["territory"]).label, periode_courte(row["period"]),
            row["breakdown"], WORDS.get(row["blanking"], row["blanking"]), rule, why,
            typographie(relation), document_name(lookup, row) if row["document"] else "",
            row["file"] or "", row["sheet"] or "", row["line"],
        ]  # fmt: skip
        lines = max(lines_of(rule, 44), lines_of(why, 56), lines_of(relation, 44))
        sheet.line(cells, height=13.5 * lines + 1.5)
    sheet.filter()


def _rule(lookup: Lookup, code: str) -> str:
    card = lookup.catalogue.secrecy.get(code)
    return card.label if card else code


def summary(lookup: Lookup) -> list[dict[str, str]]:
    """How many figures are blanked, by kind of secret, rule and relation: counts only."""
    counts = ledger(lookup).group_by("blanking", "rule", "relation").len()
    rows = sorted(
        counts.iter_rows(),
        key=lambda row: (_ORDER.index(row[0]) if row[0] in _ORDER else len(_ORDER), -row[3], *row),
    )
    return [
        {
            "secret": WORDS.get(blanking, blanking),
            "rule": typographie(_rule(lookup, rule)),
            "relation": typographie(relation),
            "count": nombre(count),
        }
        for blanking, rule, relation, count in rows
    ]


def counts(lookup: Lookup) -> dict[str, int]:
    """How many figures are secret, by kind of secret (keys of ``WORDS``)."""
    held: dict[str, Any] = dict(ledger(lookup)["blanking"].value_counts().iter_rows())
    return {kind: int(held.get(kind, 0)) for kind in WORDS}
