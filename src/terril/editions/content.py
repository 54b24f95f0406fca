"""What goes into an edition?

Everything that a reader of the published figures may need, and nothing else: what is not
here cannot leak. :class:`EditionContent` is built by the pipeline and written by ``seal``;
raw files stay with the analyst, only their names and hashes are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from terril.benchmarks.changes import BLOCKED
from terril.benchmarks.funnel import FUNNEL
from terril.benchmarks.schema import GAPS
from terril.benchmarks.sensitivity import REACH, SENSITIVITY
from terril.benchmarks.worsening import WORSENING
from terril.catalogue.load import Catalogue
from terril.editions.register import Notice
from terril.fiches.model import Fiche, ThemeText
from terril.figures.maps_model import Atlas, SheetMap
from terril.indicators.breaks import ADDED
from terril.indicators.series import BREAK_LINES
from terril.indicators.trends import TRENDS
from terril.lib.problems import Problem
from terril.observations.schema import empty
from terril.places.equipment import EVIDENCE
from terril.places.stops import SERVED, SUMMARY
from terril.sources.outlines_layers import Outlines
from terril.territories.correspondence import CORRESPONDENCE

#: version of the folder's layout; ``open_edition`` refuses one that it does not know
FORMAT: Final = 1

#: changes to the former period, with the breaks they cross
CHANGES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {**GAPS, **ADDED}


@dataclass(frozen=True, slots=True)
class EditionInfo:
    """Whose edition it is, and of which day."""

    name: str  # name of the project
    contract: str
    epci: str  # SIREN
    epci_name: str
    epci_short: str
    edition: str  # ISO date
    generation: str  # "2015" | "2024"
    fiche_model: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read. ``file`` is relative to the project."""

    document: str  # id of the input in terril.toml, "" for the project file and the territories
    file: str
    reader: str
    priority: int | None
    sheet: str
    sha256: str
    size: int  # bytes
    rows: int  # statements taken from it
    label: str = ""  # the document in a sentence: « le tableau des quartiers »


@dataclass(frozen=True, slots=True)
class EditionContent:
    """The frames, the sheets and the cards of one edition, before they are written.

    Frames have the columns of ``observations.schema`` (``statements``, ``retained``),
    ``benchmarks.schema`` (``groups``, ``positions``, ``gaps``, ``signals``),
    ``sources.equipment`` (``equipment``) and of the stages that make the others.
    ``heard`` (what the reading said) and ``timings`` (seconds by stage) are for the person
    who builds: ``problems`` is their sealed form, timings are not sealed.
    """

    info: EditionInfo
    files: tuple[InputFile, ...]
    catalogue: Catalogue
    territories: pl.DataFrame
    retained: pl.DataFrame
    statements: pl.DataFrame
    blanked: pl.DataFrame
    groups: pl.DataFrame
    positions: pl.DataFrame
    gaps: pl.DataFrame
    signals: pl.DataFrame
    offers: pl.DataFrame
    families: pl.DataFrame
    equipment: pl.DataFrame
    contradictions: pl.DataFrame
    findings: pl.DataFrame
    problems: pl.DataFrame
    changes: pl.DataFrame = field(default_factory=lambda: empty(CHANGES))
    blocked: pl.DataFrame = field(default_factory=lambda: empty(BLOCKED))
    trends: pl.DataFrame = field(default_factory=lambda: empty(TRENDS))
    funnel: pl.DataFrame = field(default_factory=lambda: empty(FUNNEL))
    sensitivity: pl.DataFrame = field(default_factory=lambda: empty(SENSITIVITY))
    reach: pl.DataFrame = field(default_factory=lambda: empty(REACH))
    worsening: pl.DataFrame = field(default_factory=lambda: empty(WORSENING))
    correspondence: pl.DataFrame = field(default_factory=lambda: empty(CORRESPONDENCE))
    break_lines: pl.DataFrame = field(default_factory=lambda: empty(BREAK_LINES))
    outlines: Outlines = field(default_factory=Outlines)
    buffers: Mapping[str, float] = field(default_factory=dict)  # metres, by neighbourhood
    maps: Mapping[str, SheetMap] = field(default_factory=dict)
    atlas: Atlas | None = None
    evidence: pl.DataFrame = field(default_factory=lambda: empty(EVIDENCE))
    served: pl.DataFrame = field(default_factory=lambda: empty(SERVED))
    services: pl.DataFrame = field(default_factory=lambda: empty(SUMMARY))
    fiches: tuple[Fiche, ...] = ()
    themes: tuple[ThemeText, ...] = ()
    draft: bool = False
    heard: tuple[Problem, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the project."""
        return self.info.name

    @property
    def contract(self) -> str:
        """Name of the contract."""
        return self.info.contract

    @property
    def epci(self) -> str:
        """SIREN of the EPCI that runs the contract."""
        return self.info.epci

    @property
    def epci_name(self) -> str:
        """Full name of the EPCI."""
        return self.info.epci_name

    @property
    def epci_short(self) -> str:
        """Short name of the EPCI."""
        return self.info.epci_short

    @property
    def edition(self) -> str:
        """Date of the edition, ISO."""
        return self.info.edition

    @property
    def generation(self) -> str:
        """Generation of the perimeters: 2015 or 2024."""
        return self.info.generation

    @property
    def fiche_model(self) -> str:
        """Code of the model of the sheets."""
        return self.info.fiche_model

    @property
    def notice(self) -> Notice | None:
        """What readers must be told when it is withdrawn: nothing, it is not sealed yet."""
        return None

    @property
    def inputs(self) -> pl.DataFrame:
        """The files read, columns :data:`INPUTS`."""
        return pl.DataFrame(
            [tuple(getattr(item, name) for name in INPUTS) for item in self.files],
            schema=INPUTS,
            orient="row",
        )


#: one row a file read
INPUTS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "document": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "reader": pl.String,
    "priority": pl.Int16,
    "sha256": pl.String,
    "size": pl.Int64,
    "rows": pl.Int64,
    "label": pl.String,
}

#: frames of the content → tables of edition.sqlite, in the order they are written
TABLES: Final[dict[str, str]] = {
    "territories": "territories",
    "retained": "observations",
    "statements": "statements",
    "blanked": "blanked",
    "groups": "groups",
    "positions": "positions",
    "gaps": "gaps",
    "signals": "signals",
    "offers": "offers",
    "families": "families",
    "equipment": "equipment",
    "contradictions": "contradictions",
    "findings": "findings",
    "problems": "problems",
    "changes": "changes",
    "blocked": "blocked",
    "trends": "trends",
    "funnel": "funnel",
    "sensitivity": "sensitivity",
    "reach": "reach",
    "evidence": "evidence",
    "served": "served",
    "services": "services",
    "worsening": "worsening",
    "correspondence": "correspondence",
    "break_lines": "break_lines",
    "inputs": "inputs",
}

#: what the theme sheets say is among the sentences under « theme:<code> »
THEME_PREFIX: Final = "theme:"

#: one row a sentence of a sheet: its claim as data, and its text
SENTENCES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "fiche": pl.String,  # code of the neighbourhood, or « theme:<code> »
    "number": pl.Int32,  # order on the sheet, from 1
    "indicator": pl.String,
    "period": pl.String,
    "comparator": pl.String,
    "direction": pl.String,
    "degree": pl.String,
    "rank": pl.Int32,
    "figures": pl.String,  # the figures it rests on, as JSON
    "text": pl.String,
}
