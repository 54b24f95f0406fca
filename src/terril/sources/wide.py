"""How is a file with one territory a row and one indicator a column read?

Each column is an indicator: told by a map of the project (``correspondance``, a CSV with
``colonne;indicateur;periode``), or by a head that is itself a code, with or without its
period: « revenus.taux_pauvrete », « revenus.taux_pauvrete@2015 ».
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.sources.context import Context, quoted
from terril.sources.naming import second_head
from terril.sources.numbers import parse_one
from terril.sources.statements import ROWS
from terril.sources.tables import Table, Wish, clean_head, read_table
from terril.sources.textual import LINE
from terril.sources.vocabulary import long_roles, statuses
from terril.territories.kinds import fold

OPTIONS: Final = (
    "correspondance", "colonnes.*", "genre", "periode", "facteur", "entete",
    "lignes_apres_entete", "separateur", "doublons",
)  # fmt: skip
EXPECTED: Final = (
    "un titre de territoire (code, quartier, commune…) et des indicateurs, connus du "
    "catalogue ou de la correspondance."
)
MAP_COLUMNS: Final = ("colonne", "indicateur", "periode", "facteur", "vide", "libelle")
HEAD, CELL, KIND, PLACE = "__titre", "__valeur", "__genre", "__territoire"


@dataclass(frozen=True, slots=True)
class Mapped:
    """What one column holds. ``empty`` is the status of an empty cell."""

    indicator: str
    period: str
    factor: float
    empty: str


def wish(ctx: Context) -> Wish:
    """Return how the table should be read."""
    known = {fold(head) for head in read_map(ctx)}

    def is_head(cells: Sequence[str]) -> bool:
        heads = [clean_head(c) for c in cells]
        columns = [h for h in heads if fold(h) in known or _code(h, ctx)]
        return bool(columns) and _place_head(heads, ctx) != ""

    return Wish(
        sheet=ctx.spec.sheet,
        head_line=ctx.number("entete"),
        skip=ctx.number("lignes_apres_entete") or 0,
        is_head=is_head,
        separator=ctx.option("separateur") or None,
        expected=EXPECTED,
    )


def _code(head: str, ctx: Context) -> str:
    code = head.split("@")[0].strip()
    return code if code in ctx.catalogue.indicators else ""


def _place_head(heads: Sequence[str], ctx: Context) -> str:
    """Return the head of the column of territories, or ""."""
    return _role_head("territoire", heads, ctx)


def _role_head(role: str, heads: Sequence[str], ctx: Context) -> str:
    declared = ctx.option(f"colonnes.{role}")
    if declared:
        return next((h for h in heads if fold(h) == fold(declared)), "")
    names = [name for name, r in long_roles().items() if r == role]
    if role == "territoire":
        names += ["quartier", "commune", "qpv", "code qp", "epci", "nom"]
    by_fold = {fold(h): h for h in heads if h}
    return next((by_fold[n] for n in (fold(x) for x in names) if n in by_fold), "")


def read_map(ctx: Context) -> dict[str, Mapped]:
    """Return head → what it holds, from the map of the project; problems go to ``ctx.own``."""
    name = ctx.option("correspondance")
    if not name:
        return {}
    path = ctx.project.root / name
    problems = ProblemList()
    shown = ctx.project.shown(path)
    tables = read_table(path, problems, Wish(), shown)
    for problem in problems:
        if problem not in ctx.own:
            ctx.own.add(problem)
    if not tables:
        return {}
    table = tables[0]
    heads = {fold(h): h for h in table.heads if h}
    if "colonne" not in heads or "indicateur" not in heads:
        _once(
            ctx,
            Problem(
                "correspondance",
                table.where(table.head_line),
                f"Les colonnes « colonne » et « indicateur » manquent. Colonnes lues : "
                f"{quoted(filter(None, table.heads))}.",
                ", ".join(MAP_COLUMNS) + ".",
            ),
        )
        return {}
    found: dict[str, Mapped] = {}
    for row in table.rows.collect().iter_rows(named=True):
        cells = {k: (row[h] or "").strip() for k, h in heads.items()}
        if not cells["colonne"]:
            continue
        factor = parse_one(cells.get("facteur", "")) if cells.get("facteur") else 1.0
        empty = statuses().get(cells.get("vide", "").lower() or "missing")
        if factor is None or factor <= 0 or empty is None or empty == "ok":
            _once(
                ctx,
                Problem(
                    "correspondance",
                    table.where(row[LINE]),
                    "« facteur » n’est pas un nombre positif, ou « vide » n’est pas un statut.",
                    "un nombre (1 par défaut) ; missing, secret ou not_applicable.",
                ),
            )
            continue
        found[clean_head(cells["colonne"])] = Mapped(
            cells["indicateur"], cells.get("periode", ""), factor, empty
        )
    return found


def _once(ctx: Context, problem: Problem) -> None:
    if problem not in ctx.own:
        ctx.own.add(problem)


def rows(table: Table, ctx: Context) -> pl.LazyFrame | None:
    """Return the rows of a wide table (columns of ``ROWS``), or ``None`` when refused."""
    place = _place_head(table.heads, ctx)
    kind = _role_head("genre", table.heads, ctx) if not ctx.option("genre") else ""
    if not place:
        ctx.report(
            "colonne-absente", table.where(table.head_line),
            f"La colonne des territoires manque. Colonnes lues : "
            f"{quoted(filter(None, table.heads))}.",
            "territoire, code, codgeo, quartier ou commune.",
            "Renommez-la, ou écrivez colonnes = { territoire = \"…\" } dans terril.toml.",
        )  # fmt: skip
        return None
    columns = _columns(table, ctx, {place, kind})
    if columns is None or second_head(ctx, table, place, list(columns)):
        return None
    _tell_fractions(table, ctx, columns)
    facts = pl.DataFrame(
        [(h, m.indicator, m.period, m.factor, m.empty) for h, m in columns.items()],
        schema={
            HEAD: pl.String, "indicator": pl.String, "period_text": pl.String,
            "factor": pl.Float64, "empty_as": pl.String,
        },
        orient="row",
    )  # fmt: skip
    blank = pl.all_horizontal(pl.col(h).is_null() for h in table.heads if h)
    kind_text = pl.col(kind).fill_null("") if kind else pl.lit(ctx.option("genre"))
    body = table.rows.filter(~blank).select(
        pl.col(place).fill_null("").str.strip_chars().alias(PLACE),
        kind_text.alias(KIND),
        LINE,
        *columns,
    )
    return (
        body.unpivot(index=[PLACE, KIND, LINE], variable_name=HEAD, value_name=CELL)
        .join(facts.lazy(), on=HEAD, how="inner")
        .select(
            pl.col(KIND).alias("kind_text"),
            pl.col(PLACE).alias("territory_text"),
            "indicator",
            "period_text",
            pl.lit("total").alias("breakdown"),
            pl.col(CELL).alias("raw"),
            pl.lit(None, pl.String).alias("status_text"),
            pl.lit("").alias("source_text"),
            pl.lit("").alias("page"),
            pl.col(LINE).alias("line"),
            pl.col(HEAD).alias("column"),
            "empty_as",
            "factor",
        )
        .cast(pl.Schema(ROWS))
    )


def _columns(table: Table, ctx: Context, used: set[str]) -> dict[str, Mapped] | None:
    """Match the columns of the table with the map and with codes."""
    mapped = read_map(ctx)
    by_fold = {fold(head): head for head in mapped}
    factor = parse_one(ctx.option("facteur", "1")) or 1.0
    found: dict[str, Mapped] = {}
    strangers: list[str] = []
    for head in table.heads:
        if not head or head in used:
            continue
        code = _code(head, ctx)
        if fold(head) in by_fold:
            entry = mapped[by_fold[fold(head)]]
            if entry.indicator:
                period = entry.period or ctx.option("periode")
                found[head] = Mapped(entry.indicator, period, entry.factor, entry.empty)
        elif code:
            period = head.partition("@")[2].strip() or ctx.option("periode")
            found[head] = Mapped(code, period, factor, "missing")
        else:
            strangers.append(head)
    _tell_strangers(table, ctx, strangers)
    here = {fold(h) for h in table.heads}
    missing = [h for h, m in mapped.items() if m.indicator and fold(h) not in here]
    for head in missing:
        near = difflib.get_close_matches(head, strangers, 1, 0.5)
        ctx.report(
            "colonne-absente", table.where(table.head_line, head),
            f"La colonne « {head} » de la correspondance manque"
            + (f" ; « {near[0]} » lui ressemble." if near else "."),
            "toutes les colonnes de la correspondance.",
            "Corrigez le titre dans le fichier ou dans "
            f"{ctx.option('correspondance')}.",
        )  # fmt: skip
    return None if missing else found


def _tell_strangers(table: Table, ctx: Context, heads: list[str]) -> None:
    for head in [h for h in heads if "." in h and " " not in h]:
        near = difflib.get_close_matches(head, list(ctx.catalogue.indicators), 1, 0.7)
        if near:
            ctx.report(
                "indicateur-inconnu", table.where(table.head_line, head),
                f"« {head} » n’est pas un indicateur du catalogue.", "un code du catalogue.",
                f"S’agit-il de {near[0]} ?",
            )  # fmt: skip
    ignored = [h for h in heads if long_roles().get(fold(h)) != "ignore"]
    if ignored:
        ctx.report(
            "colonnes-non-lues", table.where(table.head_line),
            f"Colonnes non lues : {quoted(ignored)}.", severity=Severity.NOTE,
        )  # fmt: skip


def _tell_fractions(table: Table, ctx: Context, columns: dict[str, Mapped]) -> None:
    """A workbook stores 19,6 % as 0.196: say it when a whole column of shares is so."""
    if not table.sheet:
        return
    shares = [
        h for h, m in columns.items()
        if m.factor == 1 and m.indicator in ctx.catalogue.indicators
        and ctx.catalogue.units[ctx.catalogue.indicators[m.indicator].unit].symbol == "%"
    ]  # fmt: skip
    if not shares:
        return
    numbers = table.rows.select(
        pl.col(h).str.replace(",", ".").cast(pl.Float64, strict=False) for h in shares
    ).collect()
    for head in shares:
        known = numbers[head].drop_nulls()
        if known.len() >= 3 and known.max() is not None and bool((known.abs() <= 1).all()):
            ctx.report(
                "pourcentages-en-fractions", Where(table.file, table.sheet, None, head),
                "Toutes les valeurs sont entre 0 et 1 alors que l’indicateur est en %.",
                "19,6 pour 19,6 %.",
                "Si la colonne est au format pourcentage du tableur, écrivez facteur = 100 dans "
                "terril.toml, ou dans la correspondance.", Severity.WARNING,
            )  # fmt: skip
