"""What is in the workbook of an edition, sheet by sheet?

``tableaux.xlsx``: a page to read first, one sheet a thematic table, the signals, the local
offer, the equipment, the agglomeration, the communes, and every figure with its provenance.
The figures are those of :mod:`terril.reports.grid`, the same as in the PDF and in the CSV.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from terril.benchmarks.schema import Signal
from terril.fiches.model import SIGNAL_WORDS
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP
from terril.observations.schema import Kind, Origin, Status
from terril.reports.agglomeration import (
    TerritoryTable,
    context,
    head_text,
    indicators_of,
    order_places,
    territory_table,
)
from terril.reports.controls import write_controls
from terril.reports.csv_tables import write_csv_tables
from terril.reports.equipment_grid import NOT_NAMED, UNREADABLE, Inventory, inventory, offer_rows
from terril.reports.grid import (
    LEGEND,
    Column,
    Figure,
    Grid,
    Row,
    sources_text,
    thematic_codes,
    thematic_grid,
)
from terril.reports.lookup import Lookup
from terril.reports.place_sheets import place_sheets
from terril.reports.read_me import read_me
from terril.reports.sheet import LAST_ROW, Book, Content, Head, Number, Sheet, superscript
from terril.reports.source import Source
from terril.reports.words import subtitle

__all__ = ["write_controls", "write_workbooks"]

NAME = "tableaux.xlsx"


def write_workbooks(source: Source, out_dir: Path) -> list[Path]:
    """Write ``tableaux.xlsx`` and the CSV files under ``out_dir``; return what was written."""
    lookup = Lookup(source)
    grids = [thematic_grid(lookup, code) for code in thematic_codes(lookup)]
    path = out_dir / NAME
    title = f"Tableaux {_of(source)}"
    with Book(path, title=title, subject=source.contract, edition=source.edition) as book:
        read_me(book, lookup, grids)
        for grid in grids:
            _thematic(book, lookup, grid)
        _signals(book, lookup)
        _offers(book, lookup)
        _inventory(book, lookup, inventory(lookup))
        place_sheets(book, lookup)
        _untabled(book, lookup)
        _agglomeration(book, lookup)
        _communes(book, lookup)
        _data(book, lookup)
    return [path, *write_csv_tables(lookup, grids, out_dir / "csv")]


def _of(source: Source) -> str:
    return f"des quartiers prioritaires – {source.epci_short}"


# ------------------------------------------------------------------ thematic tables


def number_of(figure: Figure, column: Column) -> Content:
    """The cell of a figure: a real number, or the text that says why there is none."""
    if figure.value is None:
        return figure.text
    return Number(figure.value, column.decimals, "".join(superscript(m) for m in figure.marks))


def _thematic(book: Book, lookup: Lookup, grid: Grid) -> None:
    theme = lookup.catalogue.themes[grid.theme].label
    sheet = book.sheet(
        theme,
        title=grid.title,
        subtitle=subtitle(lookup.source),
        note=f"{sources_text(lookup, grid.columns)}.",
    )
    heads = [Head("Code", 11), Head("Quartier", 34), Head("Communes", 26)]
    heads += [Head(head_text(column), 15, right=True) for column in grid.columns]
    heads += [Head(f"Rang\n{column.short}", 12, right=True) for column in grid.columns]
    sheet.head(heads, freeze=2)
    previous, last = "qpv", 0
    for row in grid.rows:
        if row.kind == "qpv":
            last = sheet.row
        opens = row.kind != "qpv" and previous == "qpv"
        sheet.line(_cells(row, grid.columns), strong=row.kind == "epci", opens=opens)
        previous = row.kind
    sheet.filter(last)
    sheet.skip()
    _notes(sheet, grid)


def _cells(row: Row, columns: Sequence[Column]) -> list[Content]:
    values = [
        number_of(figure, column) for figure, column in zip(row.figures, columns, strict=True)
    ]
    ranks: list[Content] = [figure.rank for figure in row.figures] if row.kind == "qpv" else []
    return [row.code, row.label, row.detail, *values, *ranks]


def _notes(sheet: Sheet, grid: Grid) -> None:
    for text in grid.statuses:
        sheet.text(f"{text}{NBSP}: {LEGEND[text]}.", small=True)
    for number, note in enumerate(grid.notes, 1):
        sheet.text(f"{superscript(number)} {note}.", small=True)
    for remark in grid.remarks:
        sheet.text(remark, small=True)


# ------------------------------------------------------------------ signals and equipment


def sheet_themes(lookup: Lookup) -> list[str]:
    """Codes of the themes that have a computed signal, in their order."""
    themes = lookup.catalogue.themes
    return sorted(
        (code for code, card in themes.items() if card.on_sheet and card.signal == "zscore"),
        key=lambda code: themes[code].order,
    )


def _signals(book: Book, lookup: Lookup) -> None:
    themes = sheet_themes(lookup)
    sheet = book.sheet(
        "Signaux",
        title="Signaux des quartiers par thème",
        subtitle=subtitle(lookup.source),
        note="Score : moyenne des écarts à la moyenne des quartiers, en écarts types ; positif = "
        "plus favorable. Sûreté : part des variantes de calcul qui donnent le même signal.",
    )
    heads = [Head("Code", 11), Head("Quartier", 34)]
    for theme in themes:
        label = lookup.catalogue.themes[theme].label
        heads += [Head(label, 17), Head(f"{label}\nscore", 10, right=True),
                  Head(f"{label}\nsûreté, en %", 10, right=True),
                  Head(f"{label}\nindicateurs connus", 10, right=True)]  # fmt: skip
    sheet.head(heads, freeze=2)
    for place in lookup.qpv:
        cells: list[Content] = [place.code, place.label]
        for theme in themes:
            found = lookup.signal(place.code, theme)
            if found is None:
                cells += [SIGNAL_WORDS[Signal.INDETERMINE], "–", "–", 0]
                continue
            cells += [
                SIGNAL_WORDS[found.signal],
                "–" if found.score is None else Number(found.score, 2),
                "–" if found.sureness is None else Number(100 * found.sureness, 0),
                f"{found.available} sur {found.expected}",
            ]
        sheet.line(cells)
    sheet.filter()


def _offers(book: Book, lookup: Lookup) -> None:
    labels, rows = offer_rows(lookup)
    if not rows:
        return
    sheet = book.sheet(
        "Offre locale",
        title="Offre locale des quartiers",
        subtitle=subtitle(lookup.source),
        note="Constat, sans calcul : la variété compte, pas la quantité. "
        f"{UNREADABLE} : nombre qui ne se lit pas dans la source.",
    )
    heads = [Head("Code", 11), Head("Quartier", 34), Head("Offre", 15)]
    for label in labels:
        heads += [
            Head(f"{label}\nquartier", 13, right=True),
            Head(f"{label}\nabords", 13, right=True),
        ]
    heads.append(Head("Remarque", 60, wrap=True))
    sheet.head(heads, freeze=2)
    for row in rows:
        cells: list[Content] = [row.place.code, row.place.label, row.word]
        for count in row.families:
            cells += [count.text("inside"), count.text("around")]
        cells.append(row.why)
        sheet.line(cells)
    sheet.filter()


def _inventory(book: Book, lookup: Lookup, held: Inventory) -> None:
    if not held.categories:
        return
    sheet = book.sheet(
        "Équipements",
        title="Équipements par type, dans le quartier et dans ses abords",
        subtitle=subtitle(lookup.source),
        note=f"{UNREADABLE} : nombre qui ne se lit pas dans la source ; {NOT_NAMED} : type que "
        "l’inventaire du quartier ne cite pas.",
    )
    heads = [Head("Catégorie", 22), Head("Type", 38)]
    for place, buffer in zip(held.places, held.buffers, strict=True):
        around = f"abords, {buffer} m" if buffer is not None else "abords"
        heads += [Head(f"{place.short}\nquartier", 12, right=True),
                  Head(f"{place.short}\n{around}", 12, right=True)]  # fmt: skip
    sheet.head(heads, freeze=2)
    for category in held.categories:
        for number, row in enumerate(category.rows):
            cells: list[Content] = [category.label, row.label]
            for count in row.counts:
                cells += [count.text("inside"), count.text("around")]
            sheet.line(cells, opens=number == 0)
    sheet.filter()


# ------------------------------------------------------------------ agglomeration, communes


def _ordered_themes(lookup: Lookup) -> list[str]:
    themes = lookup.catalogue.themes
    return sorted(themes, key=lambda code: themes[code].order)


def _agglomeration(book: Book, lookup: Lookup) -> None:
    """All the figures of the agglomeration beside its references, on one sheet."""
    tables = [context(lookup, theme) for theme in _ordered_themes(lookup)]
    places = list(dict.fromkeys(place for table in tables for place in table.places))
    if not places:
        return
    ordered = order_places(lookup, places)
    sheet = book.sheet(
        "Agglomération",
        title="L’agglomération et ses références",
        subtitle=subtitle(lookup.source),
    )
    heads = [Head("Thème", 15), Head("Indicateur", 52), Head("Unité", 16), Head("Période", 12)]
    heads += [Head(place.short, 14, right=True) for place in ordered]
    sheet.head([*heads, Head("Source", 34)], freeze=2)
    for table in tables:
        theme = lookup.catalogue.themes[table.theme].label
        for number, row in enumerate(table.rows):
            held = dict(zip(table.places, row.figures, strict=True))
            cells: list[Content] = [theme, row.column.label, row.column.unit]
            cells.append(row.column.period_text)
            cells += [
                number_of(held[place], row.column) if place in held else "–" for place in ordered
            ]
            card = lookup.catalogue.sources.get(row.column.source)
            sheet.line([*cells, card.short if card else row.column.source], opens=number == 0)
    sheet.filter()


def _untabled(book: Book, lookup: Lookup) -> None:
    """A sheet for each theme that has figures of neighbourhoods and no thematic table."""
    tabled = {lookup.catalogue.tables[code].theme for code in thematic_codes(lookup)}
    for theme in _ordered_themes(lookup):
        if theme not in tabled:
            label = lookup.catalogue.themes[theme].label
            table = territory_table(lookup, label, indicators_of(lookup, theme), [Kind.QPV])
            if table.places:
                _territories(book, lookup, table, label)


def _territories(book: Book, lookup: Lookup, table: TerritoryTable, name: str) -> None:
    sheet = book.sheet(
        name,
        title=table.title,
        subtitle=subtitle(lookup.source),
        note=f"{sources_text(lookup, table.columns)}.",
    )
    heads = [Head("Code", 16), Head("Territoire", 36)]
    heads += [Head(head_text(column), 16, right=True) for column in table.columns]
    sheet.head(heads, freeze=2)
    previous = ""
    for place, figures in zip(table.places, table.figures, strict=True):
        cells: list[Content] = [place.code, place.label]
        cells += [number_of(f, column) for f, column in zip(figures, table.columns, strict=True)]
        sheet.line(cells, opens=bool(previous) and place.kind != previous)
        previous = place.kind
    sheet.filter()


def _communes(book: Book, lookup: Lookup) -> None:
    table = territory_table(
        lookup, "Communes des quartiers prioritaires", lookup.catalogue.indicators, [Kind.COMMUNE]
    )
    if table.places:
        _territories(book, lookup, table, "Communes")


# ------------------------------------------------------------------ every figure

_DATA_HEADS = (
    Head("Niveau", 14), Head("Code", 14), Head("Territoire", 34), Head("Thème", 16),
    Head("Indicateur", 44), Head("Code de l’indicateur", 36), Head("Période", 12),
    Head("Détail", 10), Head("Valeur", 12, right=True), Head("Unité", 10), Head("Statut", 16),
    Head("Origine", 11), Head("Source", 24), Head("Document", 18), Head("Fichier", 30),
    Head("Feuille", 14), Head("Ligne", 8, right=True), Head("Contredit", 10),
)  # fmt: skip


def _data(book: Book, lookup: Lookup) -> None:
    """Every figure shown, one a line, with the place it was read."""
    catalogue = lookup.catalogue
    frame = lookup.source.retained.sort(
        "kind", "territory", "indicator", "period", "breakdown", nulls_last=True
    )
    names = ("kind", "territory", "indicator", "period", "breakdown", "value", "status", "origin",
             "source", "document", "file", "sheet", "line", "contradicted")  # fmt: skip
    for start in range(0, max(frame.height, 1), LAST_ROW - 10):
        part = frame.slice(start, LAST_ROW - 10).select(names)
        sheet = book.sheet("Données", title="Toutes les données", subtitle=subtitle(lookup.source))
        sheet.head(_DATA_HEADS, freeze=3)
        for (kind, code, indicator, period, breakdown, value, status, origin, origin_source,
             document, file, tab, line, contradicted) in part.iter_rows():  # fmt: skip
            card = catalogue.indicators.get(indicator)
            unit = catalogue.units[card.unit] if card else None
            theme = catalogue.themes.get(indicator.split(".")[0])
            known = status == Status.OK and value is not None
            shown: Content = (
                Number(value, card.decimals if card else 2) if known else _status(status)
            )
            sheet.line([
                kind, code, lookup.place(kind, code).label, theme.label if theme else "",
                card.label if card else indicator, indicator, periode_courte(period), breakdown,
                shown, unit.symbol if unit else "", status, origin, origin_source or "",
                document or "", _derived_from(origin, file), tab or "", line,
                "oui" if contradicted else "non",
            ])  # fmt: skip
        sheet.filter()


def _status(status: str) -> str:
    return {Status.SECRET: "s", Status.NOT_SIGNIFICANT: "ns", Status.NOT_APPLICABLE: "so"}.get(
        Status(status), "–"
    )


def _derived_from(origin: str, file: str | None) -> str:
    return file or ("(formule du catalogue)" if origin == Origin.DERIVED else "")
