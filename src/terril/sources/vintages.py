"""Of which family and which vintage is this official file, and what does each column hold?

The family is recognised from the heads, the vintage from the declaration, the year in the
heads or the file name. A vintage that the maps do not describe is refused with what is
recognised and what is not; it loads once it is declared.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from terril.lib.problems import Severity
from terril.sources.columns import KEY, NOTE, Column, Family, Period, families, recognise
from terril.sources.context import Context, quoted
from terril.sources.naming import normal_period
from terril.sources.tables import Table, clean_head
from terril.territories.kinds import KINDS, is_code


@dataclass(frozen=True)
class Plan:
    """What to take from a table: its family, its vintage, its columns with their heads."""

    family: Family
    vintage: str
    columns: tuple[tuple[Column, str], ...]  # those with an indicator, and their head here
    periods: dict[str, Period]  # by group
    kind: str


def upper(head: str) -> str:
    """Return a head as the maps write it."""
    return clean_head(head).upper()


def plan_of(table: Table, ctx: Context) -> Plan | None:
    """Return what to take from a table, or ``None`` when it is refused (see ``ctx.own``)."""
    heads = [upper(h) for h in table.heads if h]
    family = _family(table, heads, ctx)
    if family is None:
        return None
    vintage = _vintage(table, family, heads, ctx)
    if vintage is None:
        return None
    model = ctx.option("modele") or vintage
    if model not in family.vintages:
        ctx.declaration(
            "millesime-inconnu",
            f"le modèle « {model} » n’est pas décrit.",
            "l’un de ceux-ci : " + ", ".join(family.vintages) + ".",
            key="modele",
        )
        return None
    kind = _kind(table, family, ctx)
    if kind is None or not _codes_fit(table, family, kind, ctx):
        return None
    columns = _columns(table, family, vintage, model, heads, ctx)
    if columns is None:
        return None
    _tell_unknown_heads(table, family, heads, ctx)
    _tell_repeated(table, columns, ctx)
    groups = {c.group for c, _ in columns}
    periods = _periods(table, family, vintage, model, groups, ctx)
    return None if periods is None else Plan(family, vintage, columns, periods, kind)


def _family(table: Table, heads: list[str], ctx: Context) -> Family | None:
    name = ctx.option("famille")
    if name:
        if name in families():
            return families()[name]
        ctx.declaration("famille-inconnue", f"la famille « {name} » n’existe pas.",
                        ", ".join(families()) + ".", key="famille")  # fmt: skip
        return None
    family = recognise(heads, Path(table.file).name)
    if family is None:
        ctx.report(
            "famille-inconnue",
            table.where(table.head_line),
            f"Ce fichier n’est d’aucune famille connue. Colonnes lues : {quoted(heads[:20])}.",
            "; ".join(f.label for f in families().values()) + ".",
            "Déclarez « famille » dans terril.toml, ou lisez-le avec le lecteur « large » et une "
            "correspondance de colonnes.",
        )
    return family


def _vintage(table: Table, family: Family, heads: list[str], ctx: Context) -> str | None:
    """Return the vintage: declared, or carried by the heads, or told by the file name."""
    declared = ctx.option("millesime")
    carried = family.year_in(heads)
    named = re.search(r"(?<!\d)(20\d\d)(?!\d)", Path(table.file).name)
    vintage = declared or carried or (named[1] if named else "")
    if carried and named and not declared and carried != named[1]:
        ctx.report(
            "millesime-douteux",
            table.where(table.head_line),
            f"Le nom du fichier dit {named[1]}, les titres de colonnes disent {carried} : "
            f"{carried} est retenu.",
            "une seule année.",
            "Vérifiez le fichier ; déclarez « millesime » dans terril.toml s’il le faut.",
            Severity.WARNING,
        )
    if not vintage:
        fits = [v for v in family.vintages if {c.written(v) for c in family.of(v)} == set(heads)]
        if len(fits) == 1:
            vintage = fits[0]
        else:
            ctx.report(
                "millesime-indecidable",
                table.where(table.head_line),
                "Ni le nom du fichier ni ses titres ne disent son millésime"
                + (f" (possibles : {', '.join(fits)})." if fits else "."),
                "un nom comme DEMO_2019.csv, ou l’option millesime.",
                'Écrivez millesime = "2019" dans terril.toml.',
            )
            return None
    known = vintage in family.vintages or ctx.option("modele")
    if not known:
        _tell_unseen(table, family, vintage, heads, ctx)
        return None
    return vintage


def _nearest(family: Family, vintage: str, heads: list[str]) -> str:
    """Return the known vintage with most columns in common, the nearest year on a tie."""
    templates = {family.template(h) for h in heads}
    return max(
        family.vintages,
        key=lambda v: (
            len({c.head for c in family.of(v)} & templates),
            -abs(int(v) - int(vintage)) if vintage.isdigit() else 0,
        ),
    )


def _tell_unseen(
    table: Table, family: Family, vintage: str, heads: list[str], ctx: Context
) -> None:
    """Say of a vintage never seen what is recognised, what is not, and how to declare it."""
    model = _nearest(family, vintage, heads)
    templates = {family.template(h) for h in heads}
    expected = family.of(model)
    known = [c.head for c in expected if c.head in templates and c.group != KEY]
    unknown = [h for h in heads if family.template(h) not in {c.head for c in expected}]
    missing = [c.written(vintage) for c in expected if c.head not in templates]
    groups = sorted({c.group for c in expected if c.indicator and c.head in templates})
    lines = ", ".join(f'{g} = "…"' for g in groups)
    ctx.report(
        "millesime-inconnu",
        table.where(table.head_line),
        f"Le millésime {vintage} de « {family.label} » n’est pas encore décrit. Le plus proche "
        f"est {model}. Colonnes reconnues ({len(known)}) : {', '.join(known) or 'aucune'}. Non "
        f"reconnues ({len(unknown)}) : {', '.join(unknown) or 'aucune'}. Attendues mais absentes "
        f"({len(missing)}) : {', '.join(missing) or 'aucune'}.",
        f"l’un des millésimes décrits : {', '.join(family.vintages)}.",
        f"Vérifiez les colonnes, puis déclarez dans cette entrée de terril.toml : millesime = "
        f'"{vintage}", modele = "{model}" et, sous [entrees.periodes], l’année de chaque groupe '
        f"({lines}), donnée par la documentation du fichier.",
    )


def _columns(
    table: Table, family: Family, vintage: str, model: str, heads: list[str], ctx: Context
) -> tuple[tuple[Column, str], ...] | None:
    """Match the columns of the map with the heads of the file."""
    here = {upper(h): h for h in reversed(table.heads) if h}
    renamed = {
        key.removeprefix("colonnes.").upper(): upper(value)
        for key, value in ctx.spec.options.items()
        if key.startswith("colonnes.")
    }
    found: list[tuple[Column, str]] = []
    missing: list[str] = []
    for column in family.of(model):
        name = column.written(vintage)
        target = renamed.get(name, name)
        if name in renamed and not target:
            continue
        if target not in here:
            if column.indicator or column.group == NOTE or name == family.territory:
                missing.append(name)
        elif column.indicator:
            found.append((column, here[target]))
    for name in renamed:
        if name not in {c.written(vintage) for c in family.of(model)}:
            ctx.declaration(
                "option-valeur",
                f"« {name} » n’est pas une colonne du millésime {model}.",
                'colonnes = { COLONNE_ATTENDUE = "titre dans le fichier" }.',
                key="colonnes",
            )
    known = {family.template(h) for h in heads if family.template(h) in
             {c.head for c in family.columns}}  # fmt: skip
    strangers = [h for h in heads if family.template(h) not in known]
    for name in missing:
        near = difflib.get_close_matches(name, strangers, 1, 0.5)
        ctx.report(
            "colonne-absente",
            table.where(table.head_line, name),
            f"La colonne « {name} » du millésime {model} manque"
            + (f" ; « {near[0]} » lui ressemble." if near else "."),
            f"les colonnes de « {family.label} », millésime {model}.",
            "Si elle a changé de nom, écrivez sous [entrees.colonnes] de terril.toml : "
            f'{name} = "{near[0] if near else "…"}" ; si le producteur ne la donne plus : '
            f'{name} = "".',
        )
    return None if missing else tuple(found)


def _kind(table: Table, family: Family, ctx: Context) -> str | None:
    """Return the kind of territory: declared, of the family, or told by the file name."""
    if ctx.option("genre") or family.kind:
        return ctx.option("genre") or family.kind
    parts = re.split(r"[^A-Z0-9]+", Path(table.file).stem.upper())
    for mark, kind in family.levels.items():
        if mark in parts:
            return kind
    codes = _first_codes(table, family)
    for kind in ("commune", "epci"):
        if codes and all(is_code(kind, c) for c in codes):
            return kind
    ctx.report(
        "genre-inconnu",
        table.where(table.head_line),
        "Le fichier ne dit pas si ses lignes sont des communes, des EPCI ou des départements.",
        "COM, EPCI, DEP ou METROPOLE dans le nom du fichier.",
        'Écrivez genre = "commune" (ou epci, departement…) dans terril.toml.',
    )
    return None


def _first_codes(table: Table, family: Family) -> list[str]:
    head = next(h for h in table.heads if upper(h) == family.territory)
    codes = table.rows.select(pl.col(head).str.strip_chars()).head(50).collect()[head]
    return [c for c in codes if c and c.upper() not in family.totals]


def _codes_fit(table: Table, family: Family, kind: str, ctx: Context) -> bool:
    """Tell a file whose rows are other territories than its family's (Iris in a DEMO file)."""
    codes = _first_codes(table, family)
    if kind in ("france", "france_metro") or not codes or any(is_code(kind, c) for c in codes):
        return True
    ctx.report(
        "famille-inconnue",
        table.where(table.head_line + 1, family.territory),
        f"Le fichier ressemble à « {family.label} », mais ses codes ({quoted(codes[:2])}…) ne sont "
        f"pas des codes de {KINDS[kind].label}.",
        f"des codes comme {KINDS[kind].example}.",
        "Choisissez chez le producteur le fichier du bon niveau géographique.",
    )
    return False


def _tell_unknown_heads(table: Table, family: Family, heads: list[str], ctx: Context) -> None:
    known = {c.head for c in family.columns}
    used = {upper(v) for k, v in ctx.spec.options.items() if k.startswith("colonnes.")}
    unknown = [h for h in heads if family.template(h) not in known and h not in used]
    unknown = [h for h in unknown if not re.fullmatch(r".* \(\d+\)", h)]
    if unknown:
        ctx.report(
            "colonnes-non-lues",
            table.where(table.head_line),
            f"Colonnes que le catalogue ne connaît pas, non lues : {quoted(unknown)}.",
            severity=Severity.NOTE,
        )


def _tell_repeated(table: Table, columns: tuple[tuple[Column, str], ...], ctx: Context) -> None:
    """A head that stands twice: harmless when both columns are equal or not used."""
    used = {head for _, head in columns}
    for head in table.repeated:
        twin = f"{head} (2)"
        pair = table.rows.select(
            (pl.col(head).fill_null("") != pl.col(twin).fill_null("")).any()
        ).collect()
        differs = bool(pair.item())
        ctx.report(
            "titre-double",
            table.where(table.head_line, head),
            f"Le titre « {head} » figure deux fois"
            + (", avec des valeurs différentes." if differs else " : la première est lue."),
            "un titre par colonne.",
            "Renommez ou supprimez la seconde colonne.",
            Severity.ERROR if differs and head in used else Severity.WARNING,
        )


def _periods(
    table: Table, family: Family, vintage: str, model: str, groups: set[str], ctx: Context
) -> dict[str, Period] | None:
    """Return the period of each group: declared, else of the map when the vintage is known."""
    found: dict[str, Period] = {}
    missing: list[str] = []
    for group in sorted(groups):
        declared = ctx.option(f"periodes.{group}")
        mapped = family.periods.get((model, group))
        note = mapped.note if mapped else ""
        if declared:
            if normal_period(declared) is None:
                ctx.declaration(
                    "periode-illisible",
                    f"la période « {declared} » n’est pas comprise.",
                    "une année, une date ou deux années.",
                    key=f"periodes.{group}",
                )
            found[group] = Period(declared, note, True, "déclarée dans terril.toml")
        elif family.dated_heads:
            found[group] = Period(vintage, note, True, "année écrite dans les titres")
        elif mapped and vintage == model:
            found[group] = mapped
        else:
            missing.append(group)
    if missing:
        ctx.declaration(
            "periode-absente",
            f"l’année des groupes {quoted(missing)} du millésime {vintage} n’est pas donnée.",
            "une ligne par groupe sous [entrees.periodes].",
            "Cherchez ces années dans la documentation du fichier, chez le producteur.",
            key="periodes",
        )
        return None
    _tell_unsure(table, vintage, found, ctx)
    return found


def _tell_unsure(table: Table, vintage: str, periods: dict[str, Period], ctx: Context) -> None:
    unsure = {g: p for g, p in periods.items() if not p.sure}
    if unsure:
        years = " ; ".join(f"{g} : {p.period} ({p.reason})" for g, p in unsure.items())
        ctx.report(
            "periode-supposee",
            table.where(),
            f"Années supposées pour le millésime {vintage} : {years}.",
            "des années lues dans la documentation du producteur.",
            "Confirmez-les sous [entrees.periodes] de terril.toml.",
            Severity.WARNING,
        )
