"""What does the page that sets two to four neighbourhoods side by side hold?

The sheets of the edition, read across: for each theme their signals, for each indicator their
values, the mean of the neighbourhoods and the agglomeration where all stand in one contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terril.editions.look import Look
from terril.fiches.model import Cell, Fiche, StripCell, TableRow
from terril.observations.schema import Kind
from terril.reports.pages.signals import contract_of, name_of

LEAST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: a cell a neighbourhood, then the references."""

    indicator: str
    label: str
    period: str
    cells: tuple[Cell, ...]
    epci: Cell | None
    mean: Cell | None


@dataclass(frozen=True, slots=True)
class ThemeLines:
    """One theme: a signal a neighbourhood, and its indicators."""

    theme: str
    label: str
    signals: tuple[StripCell | None, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The neighbourhoods compared, theme by theme."""

    fiches: tuple[Fiche, ...]
    together: bool  # all of one contract: they share their references
    themes: tuple[ThemeLines, ...]
    unknown: tuple[str, ...]  # codes asked for that have no sheet
    offered: tuple[tuple[str, str], ...]  # code, name: the contract's, and those compared
    contracts: tuple[tuple[str, str, bool], ...]  # SIREN, name, chosen; () when there is one


def comparison_page(look: Look, asked: Sequence[str], contract: str = "") -> ComparisonPage:
    """Return the comparison of the neighbourhoods asked for, the first four of them.

    Those that may be asked for are of one contract: ``contract``, else that of the first asked
    for, else that of the edition. A national list would not be a choice.
    """
    codes = list(dict.fromkeys(code for code in asked if code))
    fiches = tuple(f for code in codes[:MOST] if (f := look.fiche(code)) is not None)
    together = len({look.neighbourhoods[f.code].epci for f in fiches}) == 1
    unknown = tuple(code for code in codes[:MOST] if code not in {f.code for f in fiches})
    first = look.neighbourhoods[fiches[0].code].epci if fiches else ""
    chosen = contract_of(look, contract if contract in look.contracts else first)
    offered = {code: look.names[code] for code in look.contracts.get(chosen or "", ())}
    offered |= {f.code: f.name for f in fiches}
    choices = tuple(offered.items())
    contracts = tuple(
        (siren, name_of(look, Kind.EPCI, siren), siren == chosen) for siren in look.contracts
    )
    contracts = contracts if len(contracts) > 1 else ()
    if len(fiches) < LEAST:
        return ComparisonPage(fiches, together, (), unknown, choices, contracts)
    themes: dict[str, str] = {}
    for fiche in fiches:
        for cell in fiche.strip:
            themes.setdefault(cell.theme, cell.label)
        for block in fiche.blocks:
            themes.setdefault(block.theme, block.label)
    return ComparisonPage(
        fiches,
        together,
        tuple(_theme(fiches, theme, label, together) for theme, label in themes.items()),
        unknown,
        choices,
        contracts,
    )


def _theme(fiches: Sequence[Fiche], theme: str, label: str, together: bool) -> ThemeLines:
    signals = tuple(next((c for c in f.strip if c.theme == theme), None) for f in fiches)
    held = [{r.indicator: r for b in f.blocks if b.theme == theme for r in b.rows} for f in fiches]
    lines = []
    for code in dict.fromkeys(code for rows in held for code in rows):
        rows = [rows.get(code) for rows in held]
        known = [row for row in rows if row is not None]
        periods = list(dict.fromkeys(row.period for row in known))
        shared = together and len(periods) == 1
        lines.append(
            Line(
                code,
                known[0].label,
                " / ".join(periods),
                tuple(_cell(row, many=len(periods) > 1) for row in rows),
                known[0].epci if shared else None,
                known[0].mean if shared else None,
            )
        )
    return ThemeLines(theme, label, signals, tuple(lines))


def _cell(row: TableRow | None, *, many: bool) -> Cell:
    """The cell of a neighbourhood; its period is said when periods differ."""
    if row is None:
        return Cell("–", "missing")
    if many:
        return Cell(row.value.text, row.value.status, row.period)
    return row.value
