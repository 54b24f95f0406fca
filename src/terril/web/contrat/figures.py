"""What does the observatory say of the indicators of an objective, and do they move?

The figures are those of the last edition that is published and holds the contract’s
agglomeration. Nothing is computed: values, means and changes are read as they were sealed. An
indicator moves in a neighbourhood when the edition says that its change since the former period
is more than slight, and no break of series blocks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terril.catalogue.schema import Indicator, Polarity
from terril.contrat.tree.questions import Movement
from terril.editions.look import Look, Row, Shelf
from terril.lib.dates import periode_courte
from terril.lib.french import compte, liste
from terril.observations.schema import Kind
from terril.reports.pages.figures_text import plain_text, value_text
from terril.reports.pages.indicator import TOTAL

#: effects of a break that forbid to speak of a change
_BLOCKED: Final = "bloque"
_SMALL: Final = frozenset({"slight"})


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator as the page of an objective shows it, every text final."""

    code: str
    label: str
    known: bool  # the edition has figures of it
    period: str = ""
    epci: str = ""
    mean: str = ""
    former_period: str = ""
    former_epci: str = ""
    former_mean: str = ""
    moves: str = ""  # « mieux dans 3 quartiers, moins bien dans 5 »
    mark: Movement = Movement.UNKNOWN  # of the neighbourhoods taken together


@dataclass(frozen=True, slots=True)
class Observed:
    """What an edition says of some indicators. ``movements``: indicator → code → movement."""

    date: str
    figures: Mapping[str, Figure]
    movements: Mapping[str, Mapping[str, Movement]]
    names: Mapping[str, str]  # of the neighbourhoods


NOTHING: Final = Observed("", {}, {}, {})


def edition_for(shelf: Shelf, siren: str) -> Look | None:
    """The last edition published that holds this agglomeration, ``None`` without one."""
    if not siren:
        return None
    for date in shelf.shown():
        look = shelf.look(date)
        if look is not None and siren in look.contracts:
            return look
    return None


def observed(look: Look | None, siren: str, codes: Iterable[str]) -> Observed:
    """What the edition says of the indicators, in their order; kept for the next reader."""
    wanted = tuple(dict.fromkeys(codes))
    if look is None or not wanted:
        return NOTHING
    return _observed(look, siren, wanted)


@lru_cache(maxsize=64)
def _observed(look: Look, siren: str, codes: tuple[str, ...]) -> Observed:
    known = [code for code in codes if code in look.catalogue.indicators]
    groups = _by(look.rows("groups", group=siren, indicator=known, breakdown=TOTAL))
    stated = _by(
        look.rows("observations", kind=Kind.EPCI, territory=siren, indicator=known, breakdown=TOTAL)
    )
    changes = _by(look.rows("changes", group=siren, indicator=known, breakdown=TOTAL))
    movements = {
        code: _movements(look.catalogue.indicators[code], changes.get(code, ()),
                         look.contracts[siren])
        for code in known
    }  # fmt: skip
    figures = {
        code: _figure(look, code, groups.get(code, ()), stated.get(code, ()), movements[code])
        for code in known
    }
    return Observed(look.date, figures, movements, look.names)


def _by(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["indicator"]), []).append(row)
    return found


def _movements(
    card: Indicator, changes: Sequence[Row], codes: Sequence[str]
) -> dict[str, Movement]:
    """The movement of each neighbourhood of the contract, from its latest change."""
    latest: dict[str, Row] = {}
    for row in changes:
        code = str(row["territory"])
        if code not in latest or str(row["period"]) > str(latest[code]["period"]):
            latest[code] = row
    return {code: _movement(card, latest.get(code)) for code in codes}


def _movement(card: Indicator, row: Row | None) -> Movement:
    if row is None or row["gap"] is None or row["break_effect"] == _BLOCKED:
        return Movement.UNKNOWN
    if row["direction"] == "equal" or row["degree"] in _SMALL:
        return Movement.STABLE
    if card.polarity is Polarity.NEUTRE:
        return Movement.MOVES
    higher = row["direction"] == "higher"
    return Movement.IMPROVES if higher == (card.polarity is Polarity.FAVORABLE) else (
        Movement.WORSENS
    )  # fmt: skip


def _figure(
    look: Look,
    code: str,
    groups: Sequence[Row],
    stated: Sequence[Row],
    movements: Mapping[str, Movement],
) -> Figure:
    card = look.catalogue.indicators[code]
    by_period = {str(row["period"]): row for row in groups}
    of_epci = {str(row["period"]): row for row in stated}
    periods = sorted(
        {p for p, row in by_period.items() if row["known"]} | set(of_epci), reverse=True
    )
    if not periods:
        return Figure(code, card.label, False)

    def mean(period: str) -> str:
        held = by_period.get(period)
        return plain_text(look.catalogue, card, held["mean"] if held else None)

    def epci(period: str) -> str:
        return value_text(look.catalogue, card, of_epci.get(period))

    now, former = periods[0], periods[1] if len(periods) > 1 else ""
    return Figure(
        code,
        card.label,
        True,
        periode_courte(now),
        epci(now),
        mean(now),
        periode_courte(former) if former else "",
        epci(former) if former else "",
        mean(former) if former else "",
        moves_text(movements),
        together(movements),
    )


def moves_text(movements: Mapping[str, Movement]) -> str:
    """« mieux dans 3 quartiers, moins bien dans 5, pas connu dans 2 »; "" when none is known."""
    words = (
        (Movement.IMPROVES, "mieux"),
        (Movement.WORSENS, "moins bien"),
        (Movement.MOVES, "autre valeur"),
        (Movement.STABLE, "stable"),
    )
    parts: list[str] = []
    for movement, word in words:
        count = sum(found is movement for found in movements.values())
        if count:
            unit = compte(count, "quartier", "quartiers") if not parts else str(count)
            parts.append(f"{word} dans {unit}")
    unknown = sum(found is Movement.UNKNOWN for found in movements.values())
    if parts and unknown:
        parts.append(f"pas connu dans {unknown}")
    return ", ".join(parts)


def together(movements: Mapping[str, Movement]) -> Movement:
    """One mark for all the neighbourhoods: the movement of most of those that moved.

    As many better as worse: it moves, without saying which way.
    """
    counts = {mark: sum(m is mark for m in movements.values()) for mark in Movement}
    better, worse = counts[Movement.IMPROVES], counts[Movement.WORSENS]
    if better > worse:
        return Movement.IMPROVES
    if worse > better:
        return Movement.WORSENS
    if better or counts[Movement.MOVES]:
        return Movement.MOVES
    return Movement.STABLE if counts[Movement.STABLE] else Movement.UNKNOWN


def places_text(names: Mapping[str, str], codes: Sequence[str], most: int = 4) -> str:
    """The names of some neighbourhoods: all when they are few, else how many others."""
    shown = [names.get(code, code) for code in codes]
    if len(shown) > most:
        return f"{', '.join(shown[:most])} et {len(shown) - most} autres"
    return liste(shown)
