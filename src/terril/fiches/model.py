"""What does a profile sheet hold, before it is drawn?

Small frozen objects, plain values only: they go to JSON, into the edition, and from there
to Typst and to the web. Every text is final French; every number comes with its text.
A block has one name in three places: here, the Typst part, the HTML component.
"""

from __future__ import annotations

from dataclasses import dataclass

from terril.benchmarks.schema import Signal


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, strong or not."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as data, checkable against the figures.

    ``comparator``: epci | commune:<name> | communes | qpv_mean | qpv_rank | previous, or ""
    for a sentence that only states. ``direction``: higher | lower | equal. ``degree``:
    slight | plain | strong. ``values``: the figures the sentence rests on, by role
    (``quartier``, ``reference``, ``known``…).
    """

    indicator: str
    period: str
    comparator: str
    direction: str
    degree: str
    rank: int | None
    values: dict[str, float | str | None]
    text: str


@dataclass(frozen=True, slots=True)
class StripCell:
    """One of the seven pictograms."""

    theme: str
    label: str
    icon: str
    signal: str  # a Signal value; for the local offer, the colour its class stands for
    word: str  # « en difficulté », « offre développée »
    sureness: float | None
    note: str  # « sûr à 85 % », « constat, sans calcul », « indéterminé : 1 donnée sur 3 »
    hollow: bool  # weak: fewer than two variants in three agree


@dataclass(frozen=True, slots=True)
class SpineRow:
    """One indicator of page 1, on the common axis of direction-adjusted z-scores."""

    indicator: str
    label: str
    status: str
    value: str  # « 20,7 % », « secret », « absent »
    z: float | None
    others: tuple[float, ...]  # z of the other QPV
    communes: tuple[float, ...]  # z of each commune, or of their mean alone
    communes_is_mean: bool
    epci_z: float | None
    epci: str  # « 16,5 % »
    rank: str  # « 18 » or « – »
    known: int
    alt: str  # the row read aloud


@dataclass(frozen=True, slots=True)
class SpineTheme:
    """The rows of one theme in the spine."""

    theme: str
    label: str
    signal: str
    hollow: bool
    rows: tuple[SpineRow, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: its text, and whether it is a real one."""

    text: str
    status: str = "ok"
    span_note: str = ""  # « moyenne des trois » when one cell spans the communes


@dataclass(frozen=True, slots=True)
class TableRow:
    """One indicator of page 2."""

    indicator: str
    label: str
    marks: tuple[str, ...]  # « 1 », « 2 »: notes, in order of first use on the sheet
    period: str
    value: Cell
    communes: tuple[Cell, ...]  # one a commune column, or a single spanning one
    epci: Cell
    mean: Cell
    rank: str
    known: int
    strip: tuple[float, ...]  # values of the QPV placed on 0–1, favourable to the right
    strip_own: float | None
    strip_mean: float | None


@dataclass(frozen=True, slots=True)
class ThemeBlock:
    """One theme of page 2."""

    theme: str
    label: str
    icon: str
    signal: str
    word: str
    hollow: bool
    text: tuple[Run, ...]
    sources: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """One family of equipment: counts inside, around; ``None`` when unreadable."""

    label: str
    inside: int | None
    around: int | None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EquipmentBlock:
    """The local offer."""

    label: str
    signal: str
    word: str
    text: tuple[Run, ...]
    sources: str
    buffer_m: int | None
    rows: tuple[EquipmentRow, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the schematic map: a neighbourhood placed as on the ground."""

    code: str
    label: str
    column: int
    row: int
    own: bool
    same_commune: bool
    difficult: int | None = None  # themes « en difficulté » there; None: not shown


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One period of a series. ``year``: its end on the scale of time (2016.0 ends 2015)."""

    period: str  # « 2015 », « fin 2018 »
    year: float
    value: float | None
    text: str  # « 44,1 % », « s », « – »


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """Points that one line may link; ``name``: whose they are, "" when nothing need say it."""

    points: tuple[SeriesPoint, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class SeriesCut:
    """Where a series breaks; ``sides``: the codes of both sides of a change of perimeters."""

    year: float
    label: str
    text: str  # the note, a whole sentence
    blocks: bool
    sides: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class SeriesReference:
    """The agglomeration (``strong``) or the mean of the neighbourhoods beside a series."""

    name: str
    lines: tuple[tuple[SeriesPoint, ...], ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over the years, never one line across a break."""

    indicator: str
    theme: str
    label: str
    unit: str  # « en % », "" when the values say it
    sources: str  # « Insee, Filosofi »
    lines: tuple[SeriesLine, ...]
    cuts: tuple[SeriesCut, ...] = ()
    references: tuple[SeriesReference, ...] = ()

    @property
    def known(self) -> int:
        """At how many periods the figure is known."""
        held = {p.year for line in self.lines for p in line.points if p.value is not None}
        return len(held)


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the foot: its mark (or "") and its text."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Fiche:
    """A whole profile sheet."""

    code: str
    name: str
    name_lines: tuple[str, ...]
    short_name: str
    communes: tuple[str, ...]
    communes_text: str  # « Liévin, Lens et Loos-en-Gohelle »
    contract: str
    epci_name: str
    edition: str  # ISO date
    edition_text: str  # « 1er juillet 2020 »
    population: str  # « 4 765 » or « – »
    population_period: str
    population_share: str  # « 26,1 % de la population d'Avion » or ""
    headline: str
    strip: tuple[StripCell, ...]
    brief: tuple[Run, ...]
    tiles: tuple[Tile, ...]
    qpv_total: int
    spine: tuple[SpineTheme, ...]
    commune_columns: tuple[str, ...]  # heads of the commune columns of page 2
    blocks: tuple[ThemeBlock, ...]
    equipment: EquipmentBlock | None
    glossary: tuple[Note, ...]  # mark = the acronym
    notes: tuple[Note, ...]
    warnings: tuple[str, ...]
    statements: tuple[Statement, ...]
    threshold: float = 0.5  # of the signals, in standard deviations: the band of the spine
    method: str = ""  # which rule was used, and which signals hang on it
    tiles_placed: bool = True  # False: squares in order of the codes, their place unknown
    series: tuple[Series, ...] = ()  # figures known at enough periods, the longest first


@dataclass(frozen=True, slots=True)
class ThemeText:
    """What is said of a theme over all the neighbourhoods of the contract."""

    theme: str
    headline: str
    text: tuple[tuple[Run, ...], ...]  # paragraphs, the signals first
    statements: tuple[Statement, ...]


SIGNAL_WORDS: dict[str, str] = {
    Signal.FAVORABLE: "favorable",
    Signal.MOYEN: "dans la moyenne",
    Signal.DIFFICILE: "en difficulté",
    Signal.INDETERMINE: "indéterminé",
}
