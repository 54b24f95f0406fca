"""Which territory, indicator, period and source does a row of texts name?

Each distinct text is resolved once. What names nothing known is told at its first line,
with the number of rows and near names.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.lib.french import compte
from terril.lib.problems import Severity
from terril.sources.context import Context
from terril.sources.numbers import parse
from terril.sources.tables import Table
from terril.sources.textual import LINE
from terril.territories.kinds import COMPOSITES, KINDS, fold, is_code

_KIND_WORDS: Final = {
    **{fold(facts.plural): kind for kind, facts in KINDS.items()},
    **{fold(facts.label): kind for kind, facts in KINDS.items()},
    **{fold(kind): kind for kind in KINDS},  # last: « communes » is a kind, not a plural
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which territories of the file count.

    ``national``: the file holds the whole country, those outside the project are left out
    without a problem. ``everything``: those outside the project are kept when their code is
    right.
    """

    national: bool = False
    everything: bool = False


def places(ctx: Context, table: Table, rows: pl.LazyFrame, scope: Scope) -> pl.DataFrame:
    """Resolve each (kind, name) of the file once.

    Returns ``kind_text, territory_text, kind, territory`` for the pairs that are known.
    """
    pairs = (
        rows.group_by("kind_text", "territory_text")
        .agg(pl.col("line").min(), pl.len().alias("rows"))
        .sort("line")
        .collect(engine="streaming")
    )
    found: list[tuple[str, str, str, str]] = []
    for kind_text, name, line, count in pairs.rows():
        kind = _KIND_WORDS.get(fold(kind_text), "") if kind_text else ""
        if kind_text and not kind:
            ctx.report(
                "genre-inconnu",
                table.where(line),
                f"Le genre « {kind_text} » n’existe pas.",
                "l’un de ceux-ci : " + ", ".join(KINDS) + ".",
            )
            continue
        place = _resolve(ctx, kind, name, scope)
        if place:
            found.append((kind_text, name, *place))
        elif not scope.national:
            _tell_unknown(ctx, table, kind, name, line, count)
    schema = dict.fromkeys(("kind_text", "territory_text", "kind", "territory"), pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")


def _resolve(ctx: Context, kind: str, name: str, scope: Scope) -> tuple[str, str] | None:
    text = " ".join(name.split())
    if not kind:
        return ctx.territories.locate(text)
    code = ctx.territories.resolve(kind, text)
    if code is None and scope.everything:
        upper = text.upper()
        code = upper if is_code(kind, upper) else None
    return (kind, code) if code else None


def _tell_unknown(ctx: Context, table: Table, kind: str, name: str, line: int, count: int) -> None:
    shown = KINDS[kind].label if kind else "territoire"
    if not name.strip():
        ctx.report(
            "territoire-absent",
            table.where(line),
            f"Le territoire manque ({_rows(count)}).",
            "un code ou un nom sur chaque ligne.",
            "Complétez la ligne ou supprimez-la.",
        )
        return
    near = ctx.territories.suggestions(kind, name)
    wanted = "epci" if kind in COMPOSITES else kind
    example = f"un code ou un nom de {ctx.project.territories_file.name}" + (
        f", par exemple {KINDS[wanted].example}." if wanted else "."
    )
    ctx.report(
        "territoire-inconnu",
        table.where(line),
        f"« {name} » ({shown}) n’est pas un territoire du projet ({_rows(count)}).",
        example,
        f"S’agit-il de {_either(near)} ? Sinon, ajoutez-le aux territoires."
        if near
        else f"Corrigez-le, ou ajoutez-le à {ctx.project.territories_file.name}.",
    )


def _rows(count: int) -> str:
    return compte(count, "ligne", "lignes")


def _either(names: tuple[str, ...]) -> str:
    """Return names joined by « ou »."""
    return " ou ".join(names)


def tell_absent(ctx: Context, table: Table, frame: pl.DataFrame) -> None:
    """A national file that lacks a neighbourhood of the project says it; all: an error."""
    if frame.is_empty():
        ctx.report(
            "fichier-sans-ligne",
            table.where(),
            "Aucun territoire du projet n’y figure.",
            f"des lignes pour les territoires de {ctx.project.territories_file.name}.",
            "Vérifiez que c’est le bon fichier, et la génération des quartiers (2015 ou 2024).",
        )
        return
    present = set(frame["territory"].to_list())
    if "qpv" not in frame["kind"].unique().to_list():
        return
    absent = [t.code for t in ctx.territories.qpv(ctx.project.epci) if t.code not in present]
    if absent:
        ctx.report(
            "territoire-sans-ligne",
            table.where(),
            f"Des quartiers du projet n’y sont pas ({len(absent)}) : {', '.join(absent[:10])}"
            f"{'…' if len(absent) > 10 else ''}.",
            "une ligne par quartier.",
            "Vérifiez la génération des quartiers (2015 ou 2024) et le millésime du fichier.",
            Severity.WARNING,
        )


def check_indicators(ctx: Context, table: Table, frame: pl.DataFrame) -> None:
    """Tell the indicators that have no card. Rows stay, so that their cells are checked."""
    known = ctx.catalogue.indicators
    unknown = [first for first in _firsts(frame, "indicator") if first[0] not in known]
    for name, line, count in unknown:
        near = difflib.get_close_matches(name, list(known), 2, 0.6)
        ctx.report(
            "indicateur-inconnu",
            table.where(line),
            f"« {name} » n’est pas un indicateur du catalogue ({_rows(count)}).",
            "un code du catalogue, par exemple revenus.taux_pauvrete.",
            f"S’agit-il de {_either(tuple(near))} ?"
            if near
            else "Corrigez le code, ou ajoutez une carte au catalogue du projet.",
        )


def _firsts(frame: pl.DataFrame, column: str) -> list[tuple[str, int, int]]:
    """Return each text of a column with its first line and its number of rows."""
    return (
        frame.group_by(column)
        .agg(pl.col("line").min().alias("first"), pl.len().alias("rows"))
        .sort("first")
        .rows()
    )


def second_head(ctx: Context, table: Table, place: str, values: Sequence[str]) -> bool:
    """Tell a second row of heads under the first, and say whether there is one.

    The first row under the head is one when none of its figures can be read and its place
    is no territory: « Code ; Libellé ; Part des jeunes » under « CODGEO ; LIBGEO ; TX ».
    """
    row = table.rows.head(1).collect()
    if row.is_empty() or not values:
        return False
    cells = row.unpivot(on=list(values)).select(parse(pl.col("value"))[-1])
    name = row[place][0] or ""
    readable = not bool(cells.to_series().all())
    if readable or any(is_code(k, name.strip().upper()) for k in KINDS):
        return False
    if any(ctx.territories.resolve(k, name) for k in KINDS):
        return False
    line = int(row[LINE][0])
    ctx.report(
        "deux-entetes",
        table.where(line),
        f"La ligne {line} semble être une seconde ligne de titres, sous celle de la ligne "
        f"{table.head_line}.",
        "une seule ligne de titres, puis les données.",
        "Supprimez-la du fichier, ou écrivez lignes_apres_entete = 1 dans terril.toml.",
    )
    return True


def normal_period(text: str) -> str | None:
    """Return a period as statements write it, or ``None`` when it cannot be read.

    ``2015``, ``2018-12-31`` (also « 31/12/2018 », « fin 2018 », « au 31/12/2018 »),
    ``2008-2014`` (also « 2008/2014 », « 2008 à 2014 »), "" when the document gives none.
    """
    clean = " ".join(text.replace("\u2013", "-").split()).lower()
    if not clean:
        return ""
    if re.fullmatch(r"\d{4}(\.0)?", clean):
        return clean[:4]
    if match := re.fullmatch(r"(\d{4})\s?(?:-|/|à|a)\s?(\d{4})", clean):
        return f"{match[1]}-{match[2]}" if match[1] <= match[2] else None
    if match := re.fullmatch(r"fin (\d{4})", clean):
        return f"{match[1]}-12-31"
    if match := re.fullmatch(r"(?:au )?(\d{1,2})[/.](\d{1,2})[/.](\d{4})", clean):
        clean = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", clean):
        right = 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31
        return clean if right else None
    return None


def known_periods(ctx: Context, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with ``period``, null where it is not understood (and told)."""
    periods: dict[str, str] = {}
    for text, line, count in _firsts(frame, "period_text"):
        period = normal_period(text)
        if period is None:
            ctx.report(
                "periode-illisible",
                table.where(line),
                f"La période « {text} » n’est pas comprise ({_rows(count)}).",
                "une année (2015), une date (2018-12-31) ou deux années (2008-2014).",
                "Réécrivez-la sous l’une de ces formes.",
            )
        else:
            periods[text] = period
    coded = pl.col("period_text").replace_strict(periods, default=None, return_dtype=pl.String)
    return frame.with_columns(coded.alias("period")).drop("period_text")


def known_sources(ctx: Context, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with ``source``: told by the row, the input, else by the card."""
    known = ctx.catalogue.sources
    stated = pl.col("source_text")
    for name, line, count in _firsts(frame, "source_text"):
        if name and name not in known:
            ctx.report(
                "source-inconnue",
                table.where(line),
                f"« {name} » n’est pas une source du catalogue ({_rows(count)}).",
                ", ".join(sorted(known)) + ".",
                "Corrigez le code, ou ajoutez une carte de source.",
            )
    cards = {code: card.source for code, card in ctx.catalogue.indicators.items()}
    own = (
        pl.lit(ctx.spec.source)
        if ctx.spec.source
        else pl.col("indicator").replace_strict(cards, default="", return_dtype=pl.String)
    )
    source = pl.when(stated != "").then(stated).otherwise(own)
    return frame.with_columns(source.alias("source")).drop("source_text")
