"""What does the agglomeration look like on one theme, in two pages and its maps?

A theme sheet: headline, key figures of the agglomeration beside its references, the
neighbourhoods on one axis an indicator, then the ranked table, what changed, what to watch.
One sheet for each theme of the profile sheets that has data. :func:`theme_data` is also the
chapter of the theme in the volume.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from terril.benchmarks.schema import Signal
from terril.catalogue.schema import Aggregation, FicheBlock, Polarity
from terril.fiches.model import SIGNAL_WORDS, Run
from terril.fiches.places import epci_noun
from terril.figures.dot_rows import Dot, Mark, dot_row, dot_row_alt
from terril.figures.metrics import shorten, text_width, wrap
from terril.figures.svg import MM
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP, avec_unite, compte, nombre
from terril.observations.schema import Kind
from terril.reports import getting_worse, other_rules
from terril.reports.agglomeration import Context, ContextRow, context, context_indicators
from terril.reports.changes import cautions_of, movement_data, movements
from terril.reports.engine import Typesetter, write_atomic
from terril.reports.grid import (
    Column,
    Figure,
    Row,
    cautions,
    column_of,
    indicator_grid,
    sources_text,
)
from terril.reports.lookup import Lookup, Place
from terril.reports.plates import plates
from terril.reports.source import Source
from terril.reports.spreads import Spread, amount, known_sentence, ordered_by_score, spreads
from terril.reports.tables import PORTRAIT, grid_parts
from terril.reports.words import ends, hollow, notice_line, subtitle, unbroken

TEMPLATE: Final = "fiche_theme.typ"
PAGES: Final = 2
_KEYS: Final = 4
_COMPARATORS: Final = 4
_DOT_ROWS: Final = 7
_CONTEXT_COLUMNS: Final = 5
_RANKED: Final = 4
_MOST_RANKED: Final = 52  # neighbourhoods that the second page can hold
_MORE: Final = 12  # rows of references on the second page, if it has room


def write_theme_sheets(source: Source, out_dir: Path) -> list[Path]:
    """Write ``theme-<code>.pdf`` for each theme with data; return the files.

    Raises ``TypesettingError``; each file is whole or not there.
    """
    lookup = Lookup(source)
    written = []
    with Typesetter(TEMPLATE) as setter:
        for theme in sheet_themes(lookup):
            path = out_dir / f"theme-{theme}.pdf"
            data = theme_document(lookup, theme)
            pages = PAGES + len(data["theme"]["maps"])
            pdf = setter.pdf(data, date=source.edition, pages=pages, name=path.name)
            write_atomic(path, pdf)
            written.append(path)
    return written


def blocks(lookup: Lookup) -> dict[str, FicheBlock]:
    """The blocks of the profile sheet's model, by theme."""
    model = lookup.catalogue.fiches[lookup.source.fiche_model]
    return {block.theme: block for block in model.blocks}


def sheet_themes(lookup: Lookup) -> list[str]:
    """Themes with a sheet: those of which the edition says something, in their order."""
    cards = lookup.catalogue.themes
    return sorted(lookup.theme_texts, key=lambda code: cards[code].order)


def theme_document(lookup: Lookup, theme: str) -> dict[str, Any]:
    """The whole data of ``fiche_theme.typ``."""
    source = lookup.source
    label = lookup.catalogue.themes[theme].label
    return {
        "title": f"{label} – les quartiers prioritaires, {source.epci_short}",
        "author": source.epci_name,
        "subject": subtitle(source),
        "head": "Fiche thématique",
        "head-right": subtitle(source),
        "notice": notice_line(source, PORTRAIT * MM),
        "foot": f"{label} · {source.epci_name}",
        "theme": theme_data(lookup, theme),
    }


def theme_data(lookup: Lookup, theme: str) -> dict[str, Any]:
    """The two pages of a theme and its maps as data: sheet or chapter."""
    card = lookup.catalogue.themes[theme]
    block = blocks(lookup)[theme]
    held = spreads(lookup, tuple(dict.fromkeys((*block.rows, *block.signal))))
    said = lookup.theme_texts[theme]
    around = context(lookup, theme)
    keys = key_figures(lookup, theme, block)
    many = len(lookup.qpv) > 30
    moved = movements(lookup, theme, block)[: 4 if many else 8]
    return {
        "label": card.label,
        "icon": card.icon,
        "lead": f"{compte(len(lookup.qpv), 'quartier prioritaire', 'quartiers prioritaires')} "
        f"{epci_noun(lookup.source.epci_name).of}",
        "tally": _tally(lookup, theme),
        "headline": said.headline,
        "keys": keys,
        "summary": [_runs(runs) for runs in said.text],
        "dots-title": _dots_title(lookup),
        "dots": [_dots(lookup, spread) for spread in held[:_DOT_ROWS]],
        "context": context_table(around, 6 if len(held) > 5 else 9, latest=True),
        "ranked": _ranked(lookup, theme, block),
        "moves": [movement_data(movement) for movement in moved],
        "move-cautions": cautions_of(moved),
        "watch": _watch(lookup, theme, held)[: 4 if many else 8],
        "sources": f"{sources_text(lookup, [spread.column for spread in held])}.",
        "maps": plates(lookup, theme),
    }


def _runs(runs: Sequence[Run]) -> list[tuple[str, bool]]:
    return [(run.text, run.strong) for run in runs]


def _tally(lookup: Lookup, theme: str) -> list[dict[str, str]]:
    """How many neighbourhoods have each signal, in words; empty when none is known."""
    counts: dict[str, int] = {}
    for place in lookup.qpv:
        found = lookup.signal(place.code, theme)
        if found is not None:
            counts[found.signal] = counts.get(found.signal, 0) + 1
    order = (Signal.DIFFICILE, Signal.MOYEN, Signal.FAVORABLE, Signal.INDETERMINE)
    return [
        {"signal": signal.value, "count": nombre(counts[signal]), "word": SIGNAL_WORDS[signal]}
        for signal in order
        if counts.get(signal)
    ]


# ------------------------------------------------------------------ key figures


def key_figures(lookup: Lookup, theme: str, block: FicheBlock) -> list[dict[str, Any]]:
    """Up to four figures of the agglomeration, those with most to be compared with.

    Two figures of one family (« taux de réussite… ») or three of one source would say the
    same thing: the next one takes the place.
    """
    candidates = list(dict.fromkeys((*block.signal, *context_indicators(lookup, theme))))
    scored = [(_key_figure(lookup, code, code in block.signal), code) for code in candidates]
    ranked = sorted(
        ((figure, code) for figure, code in scored if figure is not None),
        key=lambda item: -item[0]["score"],
    )
    chosen: list[dict[str, Any]] = []
    families: set[str] = set()
    sources: dict[str, int] = {}
    for figure, code in ranked:
        family = "_".join(code.partition(".")[2].split("_")[:2])
        origin = lookup.catalogue.indicators[code].source
        if family in families or sources.get(origin, 0) >= 2 or not figure["rows"]:
            continue
        families.add(family)
        sources[origin] = sources.get(origin, 0) + 1
        chosen.append(figure)
        if len(chosen) == _KEYS:
            break
    return chosen


def _key_figure(lookup: Lookup, code: str, signal: bool) -> dict[str, Any] | None:
    own = lookup.latest(Kind.EPCI, lookup.source.epci, code, lookup.shown(code))
    if own.value is None:
        return None
    column = column_of(lookup, code, own.period)
    card = lookup.catalogue.indicators[code]
    rows: list[tuple[int, str, str]] = []
    group = lookup.group(code, own.period)
    if group is not None and group.mean is not None and card.aggregation != Aggregation.SUM:
        rows.append((0, "moyenne des quartiers", amount(column, group.mean)))
    order = [Kind.QPV_ENSEMBLE, Kind.HORS_QPV, Kind.EPCI, Kind.DEPARTEMENT, Kind.REGION,
             Kind.FRANCE_METRO, Kind.FRANCE]  # fmt: skip
    for kind, territory in lookup.territories_by_indicator.get(code, ()):
        if kind not in order or (kind, territory) == (Kind.EPCI, lookup.source.epci):
            continue
        if kind == Kind.QPV_ENSEMBLE and rows and rows[0][0] == 0:
            continue
        value = lookup.value(kind, territory, code, own.period)
        if value.value is not None:
            place = lookup.place(kind, territory)
            rank = 1 + order.index(Kind(kind))
            rows.append((rank, place.short, amount(column, value.value)))
    rows.sort(key=lambda row: (row[0], row[1]))
    outside = sum(row[0] > 2 for row in rows)
    count = card.aggregation == Aggregation.SUM
    return {
        "score": 2 * outside + 2 * (bool(rows) and rows[0][0] == 0) + signal - 6 * count,
        "lines": _two_lines(card.label, card.short),
        "value": avec_unite(own.value, column.decimals, column.symbol),
        "unit": "" if column.symbol else column.unit,
        "period": periode_courte(own.period),
        "rows": [{"name": name, "value": text} for _, name, text in rows[:_COMPARATORS]],
    }


def _two_lines(label: str, short: str) -> list[str]:
    lines = wrap(unbroken(label), 40 * MM, 8.6, 600)
    return lines if len(lines) <= 2 else wrap(unbroken(short), 40 * MM, 8.6, 600)[:2]


# ------------------------------------------------------------------ the neighbourhoods


def _dots_title(lookup: Lookup) -> str:
    count = len(lookup.qpv)
    return f"Les {count} quartiers, indicateur par indicateur" if count > 1 else "Le quartier"


def _dots(lookup: Lookup, spread: Spread) -> dict[str, Any]:
    column, group = spread.column, spread.group
    dots = []
    for place in lookup.qpv:
        value = lookup.value(Kind.QPV, place.code, column.indicator, column.period)
        if value.value is not None:
            dots.append(Dot(value.value, place.short, amount(column, value.value)))
    mean = (
        Mark(group.mean, f"moyenne {amount(column, group.mean)}")
        if group.mean is not None and group.known > 1
        else None
    )
    own = spread.epci.value
    epci = Mark(own, f"agglo. {amount(column, own)}") if own is not None else None
    under = ", ".join(part for part in (column.unit, column.period_text) if part)
    known = f"{group.known} sur {group.total} connus" if group.known < group.total else ""
    return {
        "lines": wrap(unbroken(column.short), 43 * MM, 8.6, 600),
        "under": f"{under} · {known}" if known else under,
        "svg": dot_row(dots, mean, epci, reverse=spread.card.polarity == Polarity.DEFAVORABLE),
        "alt": dot_row_alt(column.label, dots, mean, epci),
    }


def _ranked(lookup: Lookup, theme: str, block: FicheBlock) -> dict[str, Any] | None:
    """The table of the theme's signals, the most difficult neighbourhood first."""
    judged = [
        code for code in block.rows if lookup.catalogue.indicators[code].polarity != Polarity.NEUTRE
    ]
    wanted = dict.fromkeys((*block.signal, *judged, *block.rows))
    codes = [code for code in wanted if lookup.shown(code) is not None][:_RANKED]
    if not codes:
        return None
    grid = indicator_grid(lookup, theme, theme, "Les quartiers", codes)
    order = {place.code: rank for rank, (place, _) in enumerate(ordered_by_score(lookup, theme))}
    rows = sorted(
        (row for row in grid.rows if row.kind == "qpv"),
        key=lambda row: order.get(row.code, len(order)),
    )
    rest = [row for row in grid.rows if row.kind in ("mean", "epci")]
    left_out = max(0, len(rows) - _MOST_RANKED)
    if left_out:
        half = _MOST_RANKED // 2
        rows = [*rows[:half], *rows[-half:]]
    plain = tuple(_without_marks(row) for row in (*rows, *rest))
    part = grid_parts(lookup, dataclasses.replace(grid, rows=plain, notes=()), PORTRAIT)[0]
    part["heading"] = (
        "Les quartiers, du plus difficile au plus favorable" if len(rows) > 1 else "Le quartier"
    )
    part["omitted"] = (
        f"{nombre(left_out)} quartiers entre les deux{NBSP}: voir le tableau du thème."
        if left_out
        else ""
    )
    return part


def _without_marks(row: Row) -> Row:
    """The sheet says how many figures are disputed; the notes are under the full table."""
    figures = tuple(dataclasses.replace(figure, marks=()) for figure in row.figures)
    return dataclasses.replace(row, figures=figures)


# ------------------------------------------------------------------ agglomeration


def context_table(held: Context, rows: int, *, latest: bool) -> dict[str, Any] | None:
    """The figures that at least two territories have, the fullest rows first chosen.

    ``latest``: one row an indicator, its last period; else one row a period.
    """
    places = _context_places(held)
    kept = [held.places.index(place) for place in places]
    lines = []
    for row in held.rows:
        figures = [row.figures[i] for i in kept]
        known = sum(figure.value is not None for figure in figures)
        if known >= 2 and figures[0].value is not None:
            lines.append((known, row, figures))
    if latest:
        lines = list({line[1].column.indicator: line for line in lines}.values())
    if not lines:
        return None
    best = sorted(lines, key=lambda line: -line[0])
    first, then = best[:rows], best[rows : rows + _MORE]
    used = [
        number
        for number in range(len(places))
        if any(figures[number].value is not None for _, _, figures in (*first, *then))
    ]
    lines = [(known, row, [figures[n] for n in used]) for known, row, figures in lines]
    first, then = ([line for line in lines if line[1] in [x[1] for x in part]]
                   for part in (first, then))  # fmt: skip
    places = [places[number] for number in used]
    label = PORTRAIT - 18 - 19 * len(places)
    return {
        "title": "L’agglomération et ses références",
        "places": [place.short for place in places],
        "label-width": label,
        "rows": [_context_row(line, label) for line in first],
        "more": [_context_row(line, label) for line in then],
    }


def _context_row(line: tuple[int, ContextRow, list[Figure]], width: float) -> dict[str, Any]:
    _, row, figures = line
    return {
        **_label(row.column, width),
        "period": row.column.period_text,
        "cells": [{"text": f.text, "status": f.status} for f in figures],
    }


def _label(column: Column, width: float) -> dict[str, str]:
    """The longest label and unit that hold on one line of ``width`` millimetres."""
    unit = column.symbol or column.unit
    for label, after in ((column.label, unit), (column.short, unit), (column.label, ""),
                         (column.short, "")):  # fmt: skip
        if text_width(label, 8.2) + text_width(after, 7) <= (width - 4) * MM:
            return {"label": label, "unit": after}
    return {"label": shorten(column.short, (width - 3) * MM, 8.2), "unit": ""}


def _context_places(held: Context) -> list[Place]:
    """The agglomeration and the territories that have most of its figures."""
    if not held.places:
        return []
    counts = {
        place: sum(row.figures[i].value is not None for row in held.rows)
        for i, place in enumerate(held.places)
    }
    best = sorted(held.places[1:], key=lambda place: -counts[place])[: _CONTEXT_COLUMNS - 1]
    return [held.places[0], *(place for place in held.places[1:] if place in best)]


# ------------------------------------------------------------------ what to watch


def _watch(lookup: Lookup, theme: str, held: Sequence[Spread]) -> list[dict[str, str]]:
    lines = (getting_worse.theme_line(lookup, theme), other_rules.theme_line(lookup, theme))
    notes = [line for line in lines if line is not None]
    for spread in held:
        text = known_sentence(lookup, spread)
        if text:
            notes.append({"head": spread.column.short, "text": ends(text)})
    weak = sum(
        1
        for place in lookup.qpv
        if (found := lookup.signal(place.code, theme)) and hollow(lookup, found)
    )
    if weak:
        text = compte(weak, "signal fragile", "signaux fragiles")
        notes.append({"head": "", "text": f"{text} (forme vide){NBSP}: la méthode en décide."})
    disputed = lookup.contradicted(theme)
    if disputed:
        text = compte(disputed, "chiffre contredit", "chiffres contredits")
        notes.append({"head": "", "text": f"{text} entre documents (voir controles.xlsx)."})
    for text in cautions(lookup, [spread.column for spread in held]):
        names, _, caution = text.partition(" : ")
        notes.append({"head": names, "text": ends(caution[:1].upper() + caution[1:])})
    return notes
