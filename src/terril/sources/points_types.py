"""Which type of the catalogue is this piece of equipment?

A producer writes « D201 », « Bureau de Poste », « shop=bakery ». The catalogue says which card
that is (``vocabularies/bpe.csv``, ``types_lieux.csv``, ``osm.csv``); a project may say otherwise,
in a small table of its own (option ``correspondance``). An empty type means: leave it out.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.french import compte
from terril.lib.problems import ProblemList, Severity
from terril.sources.context import Context, quoted
from terril.sources.tables import Table, Wish, read_table
from terril.sources.textual import LINE
from terril.territories.kinds import fold

LEFT_OUT: Final = ""
_VALUE_HEADS: Final = ("code", "valeur", "etiquettes", "type du fichier")


@dataclass(frozen=True, slots=True)
class BpeCode:
    """A code of the Insee’s nomenclature of equipment (TYPEQU).

    ``editions``: years of the nomenclatures where it was read. ``card``: label of a type card.
    """

    code: str
    label: str
    editions: tuple[int, ...]
    card: str

    @property
    def domain(self) -> str:
        """The letter of its domain (vocabularies/bpe_domaines.csv)."""
        return self.code[:1]

    @property
    def subdomain(self) -> str:
        """The letter and figure of its sub-domain."""
        return self.code[:2]


@lru_cache(maxsize=1)
def bpe_codes() -> Mapping[str, BpeCode]:
    """Return the codes of the nomenclature, those of all the editions together."""
    return MappingProxyType(
        {
            row["code"]: BpeCode(
                row["code"],
                row["libelle"],
                tuple(int(year) for year in row["editions"].split()),
                row["type"],
            )
            for row in read_list("vocabularies/bpe.csv")
        }
    )


@lru_cache(maxsize=1)
def bpe_domains() -> Mapping[str, str]:
    """Return the names of the domains (« A ») and sub-domains (« A1 »)."""
    return MappingProxyType(
        {row["code"]: row["libelle"] for row in read_list("vocabularies/bpe_domaines.csv")}
    )


@lru_cache(maxsize=1)
def bpe_editions() -> tuple[int, ...]:
    """Return the years of the nomenclatures that the vocabulary knows."""
    return tuple(sorted({year for code in bpe_codes().values() for year in code.editions}))


def out_of_edition(code: BpeCode, vintage: int) -> bool:
    """Say whether a code has no place in a file of that year.

    A code lives from after the last nomenclature without it to before the next without it.
    """
    before = [y for y in bpe_editions() if y < code.editions[0]]
    after = [y for y in bpe_editions() if y > code.editions[-1]]
    return bool((before and vintage <= before[-1]) or (after and vintage >= after[0]))


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    rows = read_list("vocabularies/types_lieux.csv")
    return MappingProxyType({fold(row["valeur"]): row["type"] for row in rows})


@dataclass(frozen=True, slots=True)
class TypeMap:
    """Value of a file → label of a card. ``own``: what the project says, which wins."""

    labels: Mapping[str, str]  # folded label → label of a card
    own: Mapping[str, str] = field(default_factory=dict)  # folded value → label, "" left out

    def card(self, value: str) -> str | None:
        """Return the card of a value, "" when it is left out, ``None`` when nobody knows."""
        key = fold(value)
        if key in self.own:
            return self.own[key]
        if value in bpe_codes():
            return bpe_codes()[value].card
        if key in self.labels:
            return self.labels[key]
        return _words().get(key)


def type_map(ctx: Context) -> TypeMap:
    """Return the types as the catalogue and the project's own table say; problems are told."""
    labels = {fold(label): label for label in ctx.catalogue.equipment}
    return TypeMap(labels, _own(ctx, labels))


def _own(ctx: Context, labels: Mapping[str, str]) -> dict[str, str]:
    name = ctx.option("correspondance")
    if not name:
        return {}
    path = ctx.project.root / name

    def is_head(cells: Sequence[str]) -> bool:
        heads = {fold(cell) for cell in cells}
        return "type" in heads and bool(heads & set(_VALUE_HEADS))

    notes = ProblemList()
    wish = Wish(is_head=is_head, expected="valeur ; type.")
    tables = read_table(path, notes, wish, ctx.project.shown(path))
    ctx.own.extend(notes)
    return _rows(tables[0], ctx, labels) if tables else {}


def _rows(table: Table, ctx: Context, labels: Mapping[str, str]) -> dict[str, str]:
    heads = {fold(head): head for head in table.heads}
    value = next(heads[name] for name in _VALUE_HEADS if name in heads)
    found: dict[str, str] = {}
    rows = table.rows.select(pl.col(value), pl.col(heads["type"]).alias("t"), LINE).collect()
    for raw, raw_type, line in rows.rows():
        text, wanted = (raw or "").strip(), (raw_type or "").strip()
        if not text:
            continue
        if wanted and fold(wanted) not in labels:
            near = difflib.get_close_matches(wanted, list(labels.values()), 2, 0.5)
            ctx.report(
                "type-inconnu",
                table.where(line, heads["type"]),
                f"« {wanted} » n’est pas un type d’équipement du catalogue.",
                "un type de vocabularies/equipment.yaml, ou rien pour laisser de côté.",
                f"S’agit-il de {quoted(near)} ?" if near else "Ajoutez-le au catalogue du projet.",
            )
            continue
        found[fold(text)] = labels[fold(wanted)] if wanted else LEFT_OUT
    return found


def with_cards(
    frame: pl.DataFrame, kinds: TypeMap, table: Table, ctx: Context, column: str = ""
) -> pl.DataFrame:
    """Add ``card`` to rows that have ``type`` and ``line``; rows left out on purpose are dropped.

    Values that nobody knows are told, with their number of rows; those rows stay, without card.
    """
    values = [str(value) for value in frame["type"].unique()]
    cards = {value: kinds.card(value) for value in values}
    unknown = [v for v in values if cards[v] is None]
    counts = (
        frame.filter(pl.col("type").is_in(unknown))
        .group_by("type")
        .agg(pl.len().alias("rows"), pl.col("line").min())
        .sort("line")
    )
    for value, rows, line in counts.rows():
        near = difflib.get_close_matches(value, list(ctx.catalogue.equipment), 2, 0.6)
        ctx.report(
            "type-inconnu",
            table.where(line, column),
            f"« {value} » n’est pas un type d’équipement connu ({compte(rows, 'lieu', 'lieux')})."
            if value
            else f"Le type manque ({compte(rows, 'lieu', 'lieux')}).",
            "un type du catalogue, ou une valeur de la correspondance.",
            (f"S’agit-il de {quoted(near)} ? " if near else "")
            + "Donnez une correspondance (valeur;type). Ces lieux sont comptés sous ce nom, hors "
            "des familles de l’offre.",
            Severity.WARNING,
        )
    left_out = [v for v in values if cards[v] == LEFT_OUT]
    dropped = frame.filter(pl.col("type").is_in(left_out))
    if not dropped.is_empty():
        names = quoted(dropped["type"].unique(maintain_order=True)[:4])
        ctx.report(
            "points-laisses",
            table.where(),
            f"{compte(dropped.height, 'lieu est laissé', 'lieux sont laissés')} de côté, comme le "
            f"catalogue ou la correspondance le demande : {names}.",
            severity=Severity.NOTE,
        )
    known = {value: card or "" for value, card in cards.items()}
    return frame.filter(~pl.col("type").is_in(left_out)).with_columns(
        pl.col("type").replace_strict(known, default="", return_dtype=pl.String).alias("card")
    )
