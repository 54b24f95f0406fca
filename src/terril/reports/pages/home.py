"""What does the first page of the observatory hold?

The agglomeration in six figures, its neighbourhoods on their map by theme, all of them in a
list. A figure is taken where the model of sheet says, for the neighbourhoods together when it
is known so, else for the agglomeration; its reference is the nearest larger territory known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from terril.editions.look import Look, Row
from terril.fiches.model import SIGNAL_WORDS
from terril.figures.maps_signals import SignalMark
from terril.figures.signal_tiles import SignalTile, signal_tiles
from terril.figures.tiles import TileMark
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP, nombre
from terril.observations.schema import Kind, Status
from terril.reports.pages.figures_text import value_text
from terril.reports.pages.ground import signals_map
from terril.reports.pages.signals import contract_of, name_of, signal_word, weak
from terril.territories.kinds import fold

FIGURES: Final = 6
#: of whom a figure of the first page is, in order of preference, with its words
_WHOM: Final = (
    (Kind.QPV_ENSEMBLE, "dans les quartiers prioritaires"),
    (Kind.EPCI, "dans l’agglomération"),
)
#: with whom it is compared
_AGAINST: Final = (
    (Kind.EPCI, "agglomération"),
    (Kind.HORS_QPV, "hors quartiers"),
    (Kind.FRANCE_METRO, "France métropolitaine"),
    (Kind.FRANCE, "France"),
    (Kind.REGION, "région"),
)

_KINDS: Final = tuple(dict.fromkeys(kind for kind, _ in (*_WHOM, *_AGAINST)))


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the six figures."""

    indicator: str
    label: str
    text: str
    whom: str
    period: str
    against: str  # « France métropolitaine 14,2 % » or ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A neighbourhood of the list: its name, its communes, its people, its signal."""

    code: str
    name: str
    communes: str
    population: str
    signal: str
    hollow: bool
    word: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page of a contract."""

    contract: str  # SIREN
    epci_name: str
    figures: tuple[KeyFigure, ...]
    themes: tuple[tuple[str, str, bool], ...]  # code, label, chosen
    theme_label: str
    map: str  # SVG, "" without a place for each
    map_words: str  # what the drawing is
    counts: tuple[tuple[str, str, int], ...]  # signal, word, how many neighbourhoods
    neighbourhoods: tuple[Listed, ...]
    total: int
    asked: str


def home_page(
    look: Look,
    address: Callable[[str], str],
    *,
    theme: str = "",
    contract: str = "",
    asked: str = "",
) -> HomePage | None:
    """Return the page of a contract, ``None`` when the edition has no sheet.

    ``address``: from the code of a neighbourhood to its page. ``asked``: words that a
    neighbourhood's name, code or communes must hold, whatever their accents and case.
    """
    epci = contract_of(look, contract)
    if epci is None:
        return None
    codes = look.contracts[epci]
    model = look.catalogue.fiches[look.info.fiche_model]
    told = {str(r["theme"]) for r in look.rows("signals", group=epci)}
    themes = [b.theme for b in model.blocks if b.theme in told]
    chosen = theme if theme in themes else (themes[0] if themes else "")
    signals = {r["territory"]: r for r in look.rows("signals", group=epci, theme=chosen)}
    listed = [_listed(look, code, signals.get(code)) for code in codes]
    kept = [n for n in listed if _answers(n, asked)]
    label = look.catalogue.themes[chosen].label if chosen else ""
    drawing, words = _map(look, epci, chosen, codes, listed, label, address)
    return HomePage(
        contract=epci,
        epci_name=name_of(look, Kind.EPCI, epci),
        figures=tuple(_figures(look, epci, model.home)),
        themes=tuple((code, look.catalogue.themes[code].label, code == chosen) for code in themes),
        theme_label=label,
        map=drawing,
        map_words=words,
        counts=tuple(
            (kind, word, count)
            for kind, word in SIGNAL_WORDS.items()
            if (count := sum(n.signal == kind for n in listed))
        ),
        neighbourhoods=tuple(kept),
        total=len(listed),
        asked=asked,
    )


def _answers(listed: Listed, asked: str) -> bool:
    text = fold(f"{listed.name} {listed.code} {listed.communes}")
    return all(word in text for word in fold(asked).split())


def _listed(look: Look, code: str, signal: Row | None) -> Listed:
    place = look.neighbourhoods[code]
    return Listed(
        code=code,
        name=look.names[code],
        communes=", ".join(name_of(look, Kind.COMMUNE, c) for c in place.communes),
        population=nombre(place.population) if place.population is not None else "–",
        signal=str(signal["signal"]) if signal else "indetermine",
        hollow=signal is not None and weak(look, signal["sureness"]),
        word=signal_word(signal) if signal else SIGNAL_WORDS["indetermine"],
    )


def _figures(look: Look, epci: str, asked: Sequence[str]) -> list[KeyFigure]:
    found: list[KeyFigure] = []
    for code in asked:
        card = look.catalogue.indicators.get(code)
        if card is None or len(found) == FIGURES:
            continue
        rows = [
            r
            for r in look.rows("observations", indicator=code, breakdown="total", kind=_KINDS)
            if r["status"] == Status.OK
        ]
        for kind, words in _WHOM:
            own = [r for r in rows if r["kind"] == kind and r["territory"] == epci]
            if own:
                last = max(own, key=lambda r: str(r["period"]))
                found.append(_figure(look, code, last, words, rows))
                break
    return found


def _figure(look: Look, code: str, own: Row, whom: str, rows: Sequence[Row]) -> KeyFigure:
    card = look.catalogue.indicators[code]
    against = ""
    for kind, word in _AGAINST:
        same = [
            r
            for r in rows
            if r["kind"] == kind and r["period"] == own["period"] and r["kind"] != own["kind"]
            and (kind not in (Kind.EPCI, Kind.HORS_QPV) or r["territory"] == own["territory"])
        ]  # fmt: skip
        if same and card.nature not in ("nb",):
            against = f"{word}{NBSP}: {value_text(look.catalogue, card, same[0])}"
            break
    return KeyFigure(
        code,
        card.label,
        value_text(look.catalogue, card, own),
        whom,
        periode_courte(str(own["period"])),
        against,
    )


def _map(
    look: Look,
    epci: str,
    theme: str,
    codes: Sequence[str],
    listed: Sequence[Listed],
    label: str,
    address: Callable[[str], str],
) -> tuple[str, str]:
    """The map of the ground when perimeters are known, else the schematic one; and its words."""
    held = {n.code: n for n in listed}
    marks = [
        SignalMark(n.code, n.signal, n.hollow, f"{n.name}{NBSP}: {n.word}", address(n.code))
        for n in listed
    ]
    ground = signals_map(look, epci, theme, marks, label) if theme else ""
    if ground:
        atlas = look.atlas(epci)
        source = f" Contours{NBSP}: {atlas.source}." if atlas is not None and atlas.source else ""
        return ground, f"Carte de l’agglomération, les petits quartiers agrandis.{source}"
    fiche = look.fiche(codes[0])
    if fiche is None or not fiche.tiles:
        return "", ""
    tiles = [
        SignalTile(
            TileMark(t.code, t.label, t.column, t.row),
            held[t.code].signal,
            held[t.code].hollow,
            held[t.code].word,
            address(t.code),
        )
        for t in fiche.tiles
        if t.code in held
    ]
    if not tiles:
        return "", ""
    title = f"Plan schématique des {len(tiles)} quartiers, thème {label}"
    placed = "nord en haut" if fiche.tiles_placed else "dans l’ordre des codes"
    words = f"Plan schématique{NBSP}: un carré par quartier, {placed}."
    return signal_tiles(tiles, 440.0, 330.0, title), words
