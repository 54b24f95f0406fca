"""By which way did a figure come to the page?

:func:`trace` follows one number through the rooms, in the order of ``docs/visite.md``: read,
harmonised, retained, derived, compared, signalled, said, printed. Everything comes from the
edition; with the project at hand the line of the file is shown too, and its hash checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.benchmarks.periods import shown_periods
from terril.editions.manifest import sha256_of
from terril.editions.open import Edition
from terril.editions.trace_words import (
    comparator_text,
    degree_text,
    figure,
    place,
    signal_text,
    why_retained,
)
from terril.lib.dates import periode_courte
from terril.lib.french import compte, nombre, ordinal
from terril.lib.problems import Problem, ProblemsError, Where
from terril.observations.schema import Origin, Status

Row = dict[str, Any]
TOTAL: Final = "total"
_TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Step:
    """One room of the visit: its verb, and what the figure was there."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole way of one figure."""

    title: str
    steps: tuple[Step, ...]


def trace(
    edition: Edition,
    territory: str,
    indicator: str,
    *,
    period: str | None = None,
    breakdown: str = TOTAL,
    project: Path | None = None,
) -> Trace:
    """Follow the figure of a territory (its code) and an indicator through the edition.

    Without ``period``, the one that the documents show. ``project`` is the folder whose
    files were read. Raises ``ProblemsError`` (``territoire-inconnu``,
    ``indicateur-inconnu``, ``chiffre-absent``), with the nearest names.
    """
    rows = _figures(edition, territory, indicator, breakdown)
    chosen = _choose(edition, rows, period)
    statements = _same_key(edition.statements, chosen).sort("priority", "document", "line")
    label = edition.catalogue.indicators[indicator].label
    steps = [
        Step("Lu", _read(edition, chosen, statements, project)),
        Step("Harmonisé", _harmonised(edition, chosen, statements)),
        Step("Retenu", why_retained(chosen, statements.to_dicts())),
        Step("Calculé", _derived(edition, chosen, statements)),
        Step("Comparé", _compared(edition, chosen)),
        Step("Signalé", _signalled(edition, chosen)),
        Step("Dit", _said(edition, chosen)),
        Step("Imprimé", _printed(edition, chosen)),
    ]
    others = sorted({row["period"] for row in rows} - {chosen["period"]})
    shown = f"{_name(edition, chosen)} · {label} ({indicator}) · {periode_courte(chosen['period'])}"
    if others:
        shown += f" [autres périodes\u00a0: {', '.join(map(periode_courte, others))}]"
    return Trace(shown, tuple(step for step in steps if step.lines))


def _figures(edition: Edition, territory: str, indicator: str, breakdown: str) -> list[Row]:
    retained = edition.retained
    if indicator not in edition.catalogue.indicators:
        raise ProblemsError(
            [_unknown("indicateur", indicator, sorted(edition.catalogue.indicators))]
        )
    known = retained["territory"].unique().to_list()
    if territory not in known:
        raise ProblemsError([_unknown("territoire", territory, sorted(known))])
    found = retained.filter(
        (pl.col("territory") == territory)
        & (pl.col("indicator") == indicator)
        & (pl.col("breakdown") == breakdown)
    ).to_dicts()
    if not found:
        held = retained.filter(pl.col("territory") == territory)["indicator"].unique().to_list()
        raise ProblemsError(
            [
                Problem(
                    code="chiffre-absent",
                    where=Where(file=str(edition.path)),
                    what=f"Aucun document ne donne {indicator} pour {territory}.",
                    expected=f"l’un des {len(held)} indicateurs connus pour ce territoire.",
                    remedy="Vérifiez le code de l’indicateur et celui du territoire\u00a0; "
                    + _nearest(indicator, sorted(held)),
                )
            ]
        )
    return found


def _choose(edition: Edition, rows: list[Row], period: str | None) -> Row:
    rows = sorted(rows, key=lambda row: (row["kind"] != "qpv", row["period"]))
    if period is not None:
        for row in rows:
            if row["period"] == period:
                return row
        periods = ", ".join(repr(row["period"]) for row in rows)
        raise ProblemsError(
            [
                Problem(
                    code="periode-absente",
                    where=Where(file=str(edition.path)),
                    what=f"Ce chiffre n’existe pas pour la période {period!r}.",
                    expected=f"l’une de {periods}.",
                    remedy="Donnez une de ces périodes avec --periode.",
                )
            ]
        )
    first = rows[0]
    shown = (
        shown_periods(edition.groups)
        .filter(
            (pl.col("indicator") == first["indicator"])
            & (pl.col("breakdown") == first["breakdown"])
        )["period"]
        .to_list()
    )
    same_kind = [row for row in rows if row["kind"] == first["kind"]]
    return next((row for row in same_kind if row["period"] in shown), same_kind[-1])


def _read(
    edition: Edition, chosen: Row, statements: pl.DataFrame, project: Path | None
) -> tuple[str, ...]:
    lines: list[str] = []
    for row in statements.iter_rows(named=True):
        if row["origin"] == Origin.DERIVED:
            continue
        lines.append(f"{place(row)}\u00a0: «\u00a0{row['raw']}\u00a0»")
        lines.append(f"    empreinte SHA-256 {row['sha256'][:16]}…")
        if project is not None:
            lines += _raw_line(project, row)
    return tuple(lines)


def _raw_line(project: Path, row: Row) -> list[str]:
    path = project / row["file"]
    if not path.is_file():
        return ["    fichier absent du projet\u00a0: la ligne ne peut pas être montrée"]
    if sha256_of(path) != row["sha256"]:
        return ["    ATTENTION\u00a0: le fichier a changé depuis l’édition"]
    if path.suffix.lower() not in _TEXT_SUFFIXES or row["status"] == Status.SECRET:
        return ["    fichier inchangé depuis l’édition"]
    text = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
    if not 1 <= (row["line"] or 0) <= len(text):
        return []
    line = text[row["line"] - 1].rstrip(";, \t")
    return [f"    ligne {row['line']}\u00a0: {line if len(line) <= 110 else line[:109] + '…'}"]


def _harmonised(edition: Edition, chosen: Row, statements: pl.DataFrame) -> tuple[str, ...]:
    lines = []
    for row in statements.iter_rows(named=True):
        source = edition.catalogue.sources.get(row["source"])
        said = source.label if source is not None else row["source"]
        lines.append(
            f"{row['document']} (priorité {row['priority']})\u00a0: "
            f"{figure(edition.catalogue, row)}, {row['origin']}, "
            f"période {row['period'] or 'non dite'}, source {said}"
        )
    return tuple(lines)


def _derived(edition: Edition, chosen: Row, statements: pl.DataFrame) -> tuple[str, ...]:
    computed = statements.filter(pl.col("origin") == Origin.DERIVED).to_dicts()
    if not computed:
        return ()
    lines = [f"formule\u00a0: {row['raw']}" for row in computed]
    formula = edition.catalogue.indicators[chosen["indicator"]].formula
    for term in formula.terms if formula is not None else ():
        found = edition.retained.filter(
            (pl.col("kind") == chosen["kind"])
            & (pl.col("territory") == chosen["territory"])
            & (pl.col("indicator") == term)
            & (pl.col("breakdown") == chosen["breakdown"])
        ).sort((pl.col("period") != chosen["period"]), "period")
        for row in found.head(1).iter_rows(named=True):
            written = f"{place(row)}\u00a0: «\u00a0{row['raw']}\u00a0»"
            lines.append(
                f"    {term} = {figure(edition.catalogue, row)} "
                f"({periode_courte(row['period'])}, {written})"
            )
    return tuple(lines)


def _compared(edition: Edition, chosen: Row) -> tuple[str, ...]:
    indicator = edition.catalogue.indicators[chosen["indicator"]]
    lines: list[str] = []
    for row in _same_figure(edition.gaps, chosen).iter_rows(named=True):
        reference = {**chosen, "value": row["reference"], "status": Status.OK.value}
        spread = row["spread"]
        lines.append(
            f"{comparator_text(edition.catalogue, row['comparator'])}\u00a0: "
            f"{figure(edition.catalogue, reference)}, "
            f"écart {nombre(row['gap'], indicator.decimals)}"
            + (
                f", soit {compte(abs(spread), 'écart-type', 'écarts-types', 2)}"
                if spread is not None
                else ""
            )
            + f", {degree_text(row['direction'], row['degree'])}"
        )
    for row in _same_figure(edition.positions, chosen).iter_rows(named=True):
        if row["rank_high"] is None:
            continue
        tied = ", à égalité" if row["tied"] else ""
        lines.append(
            f"rang\u00a0: {ordinal(row['rank_high'], 'f')} valeur la plus haute de "
            f"{row['known']} connues{tied}"
        )
        if row["z"] is not None:
            lines.append(
                f"cote z, positive quand c’est favorable\u00a0: {nombre(row['z'], 2)}"
                if indicator.polarity != "neutre"
                else f"cote z, sans jugement\u00a0: {nombre(row['z'], 2)}"
            )
    return tuple(lines)


def _signalled(edition: Edition, chosen: Row) -> tuple[str, ...]:
    theme = chosen["indicator"].split(".")[0]
    card = edition.catalogue.indicators[chosen["indicator"]]
    found = edition.signals.filter(
        (pl.col("territory") == chosen["territory"]) & (pl.col("theme") == theme)
    )
    if found.is_empty():
        return ()
    counts = "cet indicateur y compte" if card.pictogram else "cet indicateur n’y compte pas"
    return tuple(
        f"{signal_text(edition.catalogue, row)} ({counts})" for row in found.iter_rows(named=True)
    )


def _said(edition: Edition, chosen: Row) -> tuple[str, ...]:
    found = edition.sentences.filter(
        (pl.col("fiche") == chosen["territory"]) & (pl.col("indicator") == chosen["indicator"])
    )
    texts = dict.fromkeys(found.sort("number")["text"].to_list())
    return tuple(f"«\u00a0{text}\u00a0»" for text in texts)


def _printed(edition: Edition, chosen: Row) -> tuple[str, ...]:
    code, indicator = chosen["territory"], chosen["indicator"]
    lines = []
    for fiche in edition.fiches:
        if fiche.code != code:
            continue
        for theme in fiche.spine:
            lines += [
                f"fiche {code}, page 1, «\u00a0{row.label}\u00a0»\u00a0: {row.value}"
                for row in theme.rows
                if row.indicator == indicator
            ]
        for block in fiche.blocks:
            lines += [
                f"fiche {code}, page 2, {block.label.lower()}, "
                f"«\u00a0{line.label}\u00a0»\u00a0: {line.value.text}"
                for line in block.rows
                if line.indicator == indicator
            ]
    lines += [
        f"tableau «\u00a0{table.label}\u00a0»"
        for table in edition.catalogue.tables.values()
        if indicator in table.columns
    ]
    return tuple(lines)


def _name(edition: Edition, chosen: Row) -> str:
    found = edition.territories.filter(
        (pl.col("kind") == chosen["kind"]) & (pl.col("code") == chosen["territory"])
    )["label"].to_list()
    return f"{found[0]} ({chosen['territory']})" if found else chosen["territory"]


def _same_key(frame: pl.DataFrame, row: Row) -> pl.DataFrame:
    return frame.filter(
        *(pl.col(name) == row[name] for name in ("kind", "territory", "indicator")),
        pl.col("period") == row["period"],
        pl.col("breakdown") == row["breakdown"],
    )


def _same_figure(frame: pl.DataFrame, row: Row) -> pl.DataFrame:
    return frame.filter(
        *(pl.col(name) == row[name] for name in ("territory", "indicator", "period", "breakdown"))
    )


def _unknown(what: str, name: str, known: list[str]) -> Problem:
    return Problem(
        code=f"{what}-inconnu",
        where=Where(),
        what=f"L’édition ne connaît pas {'l’' if what == 'indicateur' else 'le '}{what} {name!r}.",
        expected="un code tel que revenus.taux_pauvrete."
        if what == "indicateur"
        else "un code tel que QP062020, un code Insee ou un SIREN.",
        remedy=_nearest(name, known),
    )


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.4)
    if not near:
        return "La liste est dans la table observations de edition.sqlite."
    return f"Codes les plus proches\u00a0: {', '.join(near)}."
