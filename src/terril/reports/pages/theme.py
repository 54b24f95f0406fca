"""What does the page of a theme hold?

What the edition says of the theme, then the neighbourhoods of the contract in rows and the
indicators of the model of sheet in columns, with the mean and the agglomeration.
"""

from __future__ import annotations

from dataclasses import dataclass

from terril.editions.look import Look, Row
from terril.fiches.model import SIGNAL_WORDS, ThemeText
from terril.lib.dates import periode_courte
from terril.observations.schema import Kind
from terril.reports.pages.figures_text import WORDS, plain_text, value_text
from terril.reports.pages.signals import contract_of, name_of, signal_word, weak

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Head:
    """A column: an indicator at its latest period."""

    code: str
    label: str
    period: str
    mean: str
    epci: str


@dataclass(frozen=True, slots=True)
class TextCell:
    """A figure as it is written; ``meaning`` says what « s » or « – » stands for."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A neighbourhood."""

    code: str
    name: str
    signal: str
    hollow: bool
    word: str
    cells: tuple[TextCell, ...]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """The page, every text final."""

    code: str
    label: str
    text: ThemeText | None
    heads: tuple[Head, ...]
    rows: tuple[ThemeRow, ...]
    epci_name: str
    with_signal: bool


def theme_page(look: Look, theme: str, *, contract: str = "") -> ThemePage | None:
    """Return the page of a theme for a contract, ``None`` when the edition says nothing of it."""
    card = look.catalogue.themes.get(theme)
    group = contract_of(look, contract)
    if card is None or group is None:
        return None
    model = look.catalogue.fiches[look.info.fiche_model]
    wanted = [c for b in model.blocks if b.theme == theme for c in (*b.signal, *b.rows)]
    if not wanted:  # a theme that no sheet shows: its indicators that compare neighbourhoods
        wanted = next(([c for c, _ in cards] for (t, _), cards in look.index if t == theme), [])
    groups = look.rows("groups", group=group, breakdown=TOTAL) if wanted else []
    latest: dict[str, Row] = {}
    for row in groups:
        code = str(row["indicator"])
        if code in wanted and row["known"]:
            held = latest.get(code)
            if held is None or str(row["period"]) > str(held["period"]):
                latest[code] = row
    codes = [code for code in dict.fromkeys(wanted) if code in latest]
    if not codes:
        return None
    own = look.contracts[group]
    values = {
        (r["territory"], r["indicator"]): r
        for r in look.rows("positions", group=group, indicator=tuple(codes), breakdown=TOTAL)
        if r["period"] == latest[r["indicator"]]["period"]
    }
    epci = {
        r["indicator"]: r
        for r in look.rows(
            "observations", kind=Kind.EPCI, territory=group, indicator=tuple(codes), breakdown=TOTAL
        )
        if r["period"] == latest[r["indicator"]]["period"]
    }
    signals = {r["territory"]: r for r in look.rows("signals", group=group, theme=theme)}
    return ThemePage(
        code=theme,
        label=card.label,
        text=look.theme(theme) if group == look.info.epci else None,
        heads=tuple(_head(look, code, latest[code], epci.get(code)) for code in codes),
        rows=tuple(
            ThemeRow(
                code=code,
                name=look.names[code],
                signal=str(signals[code]["signal"]) if code in signals else "indetermine",
                hollow=code in signals and weak(look, signals[code]["sureness"]),
                word=signal_word(signals[code]) if code in signals else SIGNAL_WORDS["indetermine"],
                cells=tuple(_cell(look, c, values.get((code, c))) for c in codes),
            )
            for code in own
        ),
        epci_name=name_of(look, Kind.EPCI, group),
        with_signal=bool(signals),
    )


def _head(look: Look, code: str, group: Row, epci: Row | None) -> Head:
    card = look.catalogue.indicators[code]
    return Head(
        code,
        card.short,
        periode_courte(str(group["period"])),
        plain_text(look.catalogue, card, group["mean"]),
        value_text(look.catalogue, card, epci),
    )


def _cell(look: Look, code: str, row: Row | None) -> TextCell:
    card = look.catalogue.indicators[code]
    held = None if row is None else {**row, "decimals": None}
    text = value_text(look.catalogue, card, held)
    return TextCell(text, next((m for mark, m in WORDS.values() if mark == text), ""))
