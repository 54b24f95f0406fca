"""How is the result for a list of addresses handed over: one page, a workbook, a CSV?

None of them holds an address, a name or a line of the list: they are written from protected
counts (``address_counts``) and from what is known of the base and of the perimeters.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from terril.lib.dates import date_longue
from terril.lib.french import NBSP, compte, majuscule, nombre
from terril.reports.address_counts import SECRET, AddressCounts, Counted, percent, written
from terril.reports.csv_tables import BOM, harmless
from terril.reports.engine import Typesetter, write_atomic
from terril.reports.sheet import Book, Content, Head, Number

TEMPLATE: Final = "attestation.typ"
_MOST_ZONES: Final = 18  # on the page; the workbook has them all
_LEGEND: Final = (
    f"{SECRET}{NBSP}: secret statistique, trop peu de personnes pour montrer ce chiffre ou celui "
    "qui le ferait retrouver."
)


@dataclass(frozen=True, slots=True)
class AddressReport:
    """A result and how it was obtained.

    ``counts``: one a generation of perimeters, the main one first. ``method``: sentences.
    ``date``: ISO date of the work. ``structure``: whose list it is, "" when not told.
    """

    counts: tuple[AddressCounts, ...]
    method: tuple[str, ...]
    date: str
    structure: str = ""

    @property
    def main(self) -> AddressCounts:
        """The result that is asked about."""
        return self.counts[0]


def rows_of(counts: AddressCounts) -> tuple[Counted, ...]:
    """The three answers, as they are listed everywhere."""
    return (
        Counted("dans", "dans un quartier prioritaire", counts.inside),
        Counted("hors", "hors quartier", counts.outside),
        Counted("indetermine", "indéterminées", counts.unknown),
    )


def attestation_pdf(report: AddressReport) -> bytes:
    """Return the one-page attestation; the same report gives the same bytes."""
    with Typesetter(TEMPLATE) as setter:
        return setter.pdf(_page(report), date=report.date, pages=1, name="attestation")


def _page(report: AddressReport) -> dict[str, Any]:
    main = report.main
    zones = sorted(main.zones, key=lambda c: (-(c.count or 0), c.label))
    cut = zones[_MOST_ZONES:]
    total = compte(main.total, "adresse", "adresses")
    return {
        "title": "Part du public qui vit en quartier prioritaire",
        "head": "Attestation",
        "subject": "Adresses et quartiers prioritaires",
        "author": report.structure or "Observatoire du contrat de ville",
        "structure": report.structure,
        "date-text": date_longue(report.date),
        "question": f"Combien des {total} d’une liste sont {main.where}{NBSP}?".replace(
            f"{NBSP}?", "\u202f?"
        ),
        "figure": "Part non montrée" if main.figure == SECRET else majuscule(main.figure),
        "sentence": main.sentence,
        "known": main.among_known,
        "bar": _bar(main),
        "rows": [
            *(_line(main, c, strong=c.code == "dans") for c in rows_of(main)),
            {
                "label": "toutes",
                "count": nombre(main.total),
                "share": percent(1, 1),
                "strong": False,
            },
        ],
        "zones": [_line(main, c) for c in zones[:_MOST_ZONES]],
        "more": f"et {compte(len(cut), 'autre quartier', 'autres quartiers')}." if cut else "",
        "reasons": [_line(main, c) for c in main.reasons],
        "legend": _LEGEND if main.secret else "",
        "method": [*report.method, *(_other(counts) for counts in report.counts[1:])],
        "promise": "Ce document ne contient aucune adresse, aucun nom, aucune ligne de la liste. "
        "La personne qui signe atteste que la liste est celle du public de l’action, et la garde.",
    }


def _line(counts: AddressCounts, line: Counted, *, strong: bool = False) -> dict[str, Any]:
    return {
        "label": line.label,
        "count": written(line.count),
        "share": counts.share(line.count),
        "strong": strong,
    }


def _bar(counts: AddressCounts) -> list[dict[str, Any]]:
    """The bar of the three shares, when all three may be shown."""
    cells = [
        ("dans", counts.inside, "brique"),
        ("indéterminées", counts.unknown, "trame"),
        ("hors", counts.outside, "classe-3"),
    ]
    if any(count is None for _, count, _ in cells):
        return []
    return [
        {"share": count / counts.total, "label": label, "colour": colour}
        for label, count, colour in cells
        if count
    ]


def _other(counts: AddressCounts) -> str:
    return f"Avec les périmètres de {counts.generation}{NBSP}: {counts.sentence}"


# ------------------------------------------------------------------ workbook and CSV


def table_rows(report: AddressReport) -> list[tuple[str, str, str, int | None, str]]:
    """The result as a table: perimeters, part, label, count (``None``: not shown), share."""
    rows: list[tuple[str, str, str, int | None, str]] = []
    for counts in report.counts:
        year = counts.generation
        rows += [
            (year, "réponse", c.label, c.count, counts.share(c.count)) for c in rows_of(counts)
        ]
        rows.append((year, "réponse", "toutes", counts.total, percent(1, 1)))
        for part, lines in (("quartier", counts.zones), ("motif", counts.reasons)):
            for c in lines:
                name = f"{c.label} ({c.code})" if part == "quartier" else c.label
                rows.append((year, part, name, c.count, counts.share(c.count)))
    return rows


_HEADS: Final = ("périmètres", "tableau", "ligne", "adresses", "part")


def write_counts_csv(report: AddressReport, path: Path) -> None:
    """Write the result for a French spreadsheet: UTF-8 with BOM, semicolons."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADS)
    for year, part, label, count, share in table_rows(report):
        shown = SECRET if count is None else str(count)
        writer.writerow((year, part, harmless(label), shown, share))
    write_atomic(path, (BOM + stream.getvalue()).encode())


def write_counts_xlsx(report: AddressReport, path: Path) -> None:
    """Write the result as a workbook: the counts, then how they were made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".terril-") as folder:
        work = Path(folder) / "adresses.xlsx"
        title = "Adresses et quartiers prioritaires"
        with Book(work, title=title, subject=report.structure, edition=report.date) as book:
            _counts_sheet(book, report, title)
            _method_sheet(book, report)
        os.replace(work, path)


def _counts_sheet(book: Book, report: AddressReport, title: str) -> None:
    sheet = book.sheet("Résultat", title=title, subtitle=report.main.sentence)
    sheet.head(
        [
            Head("Périmètres", 12),
            Head("Tableau", 14),
            Head("Ligne", 52),
            Head("Adresses", 10, right=True),
            Head("Part, en %", 10, right=True),
        ]
    )
    before = ""
    for year, part, label, count, _ in table_rows(report):
        total = next(c.total for c in report.counts if c.generation == year)
        cells: Sequence[Content] = (
            year,
            part,
            label,
            SECRET if count is None else count,
            SECRET if count is None else Number(100 * count / total, 1),
        )
        sheet.line(cells, opens=bool(before) and part != before)
        before = part


def _method_sheet(book: Book, report: AddressReport) -> None:
    sheet = book.sheet("Méthode", title="Comment ces chiffres sont faits")
    sheet.head([Head("Méthode", 120, wrap=True)])
    for text in (*report.method, *((_LEGEND,) if any(c.secret for c in report.counts) else ())):
        sheet.line((text,))
