"""What may the description of a count of records say?

A *work* says how a file of records with coordinates (job-seekers, sports licences, dwellings)
becomes figures of the catalogue: where the coordinates stand, which records are kept, in which
territories and breakdowns they are counted, what is measured. Everything is a column, an
operator and a value: no expression, no SQL.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from terril.catalogue.schema import Card, Code, IndicatorCode, Text

#: a value of a cell, as the file writes it or as a number
Value = str | int | float


def _value(given: Any) -> Any:
    """Refuse lists, groups, booleans and blanks with one plain message."""
    if isinstance(given, bool) or not isinstance(given, str | int | float) or given == "":
        raise ValueError("une valeur est un texte ou un nombre ; un texte se met entre guillemets")
    return given


Cell = Annotated[Value, BeforeValidator(_value)]

#: a modality, as it stands in a breakdown: « F », « moins_26 »
Modality = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]

#: « sexe », or « sexe+age » for a crossing
Crossing = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*$")]

#: kinds of territory whose outlines are read
DRAWN: Final = ("qpv", "iris", "commune", "epci")
#: kinds put together from them, record by record
TOGETHER: Final = ("qpv_ensemble", "hors_qpv")

COMPARISONS: Final = ("under", "at_most", "over", "at_least")
LISTS: Final = ("in", "not_in")
BARE: Final = ("empty", "filled")


class Condition(Card):
    """A column, an operator, a value. An empty cell fulfils ``empty`` and nothing else.

    ``is``, ``is_not``, ``in``, ``not_in``, ``starts_with`` compare texts, or numbers when the
    value is one (``1`` is found in « 1 », « 01 » and « 1,0 »; ``'1'`` in « 1 » only).
    ``under``, ``at_most``, ``over``, ``at_least`` want a number, or a date « 2020-12-31 ».
    """

    column: Text
    operator: Literal[
        "is",
        "is_not",
        "in",
        "not_in",
        "starts_with",
        "under",
        "at_most",
        "over",
        "at_least",
        "empty",
        "filled",
    ]
    value: Cell | None = None
    values: tuple[Cell, ...] = ()

    @model_validator(mode="after")
    def _value_fits(self) -> Condition:
        if self.operator in BARE and (self.value is not None or self.values):
            raise ValueError(f"l’opérateur {self.operator} ne prend pas de valeur")
        if self.operator in LISTS and (not self.values or self.value is not None):
            raise ValueError(f"l’opérateur {self.operator} attend values, une liste")
        if self.operator not in (*BARE, *LISTS) and (self.value is None or self.values):
            raise ValueError(f"l’opérateur {self.operator} attend value, une seule valeur")
        if self.operator == "starts_with" and not isinstance(self.value, str):
            raise ValueError("starts_with attend un texte entre guillemets")
        if self.operator in COMPARISONS and isinstance(self.value, str) and not date(self.value):
            raise ValueError(
                f"l’opérateur {self.operator} attend un nombre, ou une date « 2020-12-31 »"
            )
        return self

    @property
    def given(self) -> tuple[Value, ...]:
        """The values compared with, one or several."""
        return self.values if self.value is None else (self.value,)


def date(text: str) -> bool:
    """Say whether a text is written « 2020-12-31 »."""
    parts = text.split("-")
    return [len(p) for p in parts] == [4, 2, 2] and all(p.isdigit() for p in parts)


class Position(Card):
    """The columns of the coordinates, and their reference system (EPSG code)."""

    x: Text  # easting, or longitude
    y: Text  # northing, or latitude
    crs: int = Field(ge=1024, le=32767)


class Interval(Card):
    """``start`` ≤ value < ``under``; an end left out is open."""

    start: float | None = None
    under: float | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Interval:
        if self.start is None and self.under is None:
            raise ValueError("donnez start, under, ou les deux")
        if self.start is not None and self.under is not None and self.start >= self.under:
            raise ValueError("start doit être plus petit que under")
        return self


class Dimension(Card):
    """A column that breaks figures down, by ``values`` or by ``classes`` of numbers.

    ``reading``: the column holds the number itself, a date of birth (« 1985-03-31 » or
    « 31/03/1985 ») or a year of birth; ages are then taken in whole years at the date ``at``
    (by default the period, when it is a date). The records of no modality, when there are any,
    make one of their own, ``unknown``: the modalities then add up to the total everywhere.
    """

    column: Text
    values: dict[Modality, tuple[Cell, ...]] = Field(default_factory=dict)
    classes: dict[Modality, Interval] = Field(default_factory=dict)
    reading: Literal["number", "birth_date", "birth_year"] = "number"
    at: Text | None = None
    unknown: Modality = "inconnu"

    @model_validator(mode="after")
    def _modalities_fit(self) -> Dimension:
        if bool(self.values) == bool(self.classes):
            raise ValueError("donnez soit values, soit classes")
        if self.values and self.reading != "number":
            raise ValueError("reading va avec classes")
        if self.at is not None and not date(self.at):
            raise ValueError("at s’écrit « 2020-12-31 »")
        if self.unknown in self.modalities:
            raise ValueError("unknown porte le nom d’une autre modalité")
        seen: dict[Value, str] = {}
        for name, cells in self.values.items():
            if not cells:
                raise ValueError(f"la modalité {name} n’a aucune valeur")
            for cell in cells:
                if seen.setdefault(cell, name) != name:
                    raise ValueError(f"la valeur {cell} est à la fois {seen[cell]} et {name}")
        ordered = sorted(
            self.classes.items(), key=lambda kv: -1e300 if kv[1].start is None else kv[1].start
        )
        for (name, one), (other, two) in pairwise(ordered):
            if one.under is None or two.start is None or two.start < one.under:
                raise ValueError(f"les classes {name} et {other} se chevauchent")
        return self

    @property
    def modalities(self) -> tuple[str, ...]:
        """The names of the modalities, in the order of the card."""
        return tuple(self.values or self.classes)


class Target(Card):
    """A kind of territory to count in; ``around``: also within so many metres, outside it."""

    kind: Literal["qpv", "iris", "commune", "epci", "qpv_ensemble", "hors_qpv"]
    around: float | None = Field(default=None, gt=0, le=20000)  # metres
    around_of: dict[Text, float] = Field(default_factory=dict)  # other widths, by code

    @model_validator(mode="after")
    def _ring_fits(self) -> Target:
        if self.kind in TOGETHER and self.around is not None:
            raise ValueError(f"around ne va pas avec {self.kind}")
        if self.around_of and self.around is None:
            raise ValueError("around_of complète around, qui manque")
        if any(not 0 < width <= 20000 for width in self.around_of.values()):
            raise ValueError("une distance va de 0 à 20000 mètres")
        return self


class Measure(Card):
    """What is measured, and the indicator it becomes.

    ``count``: the records that fulfil ``where``. ``share``: those of ``among`` that fulfil
    ``where`` too, over those of ``among``, in the unit of the indicator. ``mean`` and ``sum``:
    of ``column`` over the records that fulfil ``where`` and have a number there, read to
    ``decimals`` decimals (sums are exact).
    """

    indicator: IndicatorCode
    form: Literal["count", "share", "mean", "sum"]
    where: tuple[Condition, ...] = ()
    among: tuple[Condition, ...] = ()
    column: Text | None = None
    decimals: int = Field(default=2, ge=0, le=6)
    by: tuple[Crossing, ...] = ()

    @model_validator(mode="after")
    def _form_fits(self) -> Measure:
        if (self.form in ("mean", "sum")) != (self.column is not None):
            raise ValueError("column va avec mean et sum, et avec eux seulement")
        if self.form == "share" and not self.where:
            raise ValueError("une part attend where, la condition qui fait la part")
        if self.form != "share" and self.among:
            raise ValueError("among va avec share")
        if len(set(self.by)) != len(self.by):
            raise ValueError("by répète une ventilation")
        return self


class Work(Card):
    """How a file of records becomes figures. ``secrecy``: by default the rule of the source.

    ``period``: by default what terril.toml says. ``separator``: of a CSV file, else looked
    for. ``unplaced_at_most``: share in % of the records kept that may lack usable coordinates,
    above which nothing is counted; by default the parameter ``microdonnees_sans_lieu``.
    """

    label: Text  # « Demandeurs d’emploi en fin de mois »
    source: Code
    position: Position
    territories: tuple[Target, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = Field(min_length=1)
    filters: tuple[Condition, ...] = ()
    dimensions: dict[Code, Dimension] = Field(default_factory=dict)
    secrecy: Code | None = None
    period: Text | None = None
    separator: Literal[";", ",", "|", "\t"] | None = None
    unplaced_at_most: float | None = Field(default=None, ge=0, le=100)
    note: Text | None = None

    @model_validator(mode="after")
    def _parts_fit(self) -> Work:
        kinds = [target.kind for target in self.territories]
        if len(set(kinds)) != len(kinds):
            raise ValueError("territories nomme deux fois un genre")
        codes = [measure.indicator for measure in self.measures]
        if len(set(codes)) != len(codes):
            raise ValueError("deux mesures donnent le même indicateur")
        for measure in self.measures:
            for crossing in measure.by:
                names = crossing.split("+")
                unknown = [name for name in names if name not in self.dimensions]
                if unknown:
                    raise ValueError(f"by cite {unknown[0]}, qui n’est pas dans dimensions")
                if len(set(names)) != len(names):
                    raise ValueError(f"la ventilation {crossing} répète une dimension")
        return self

    def columns(self) -> tuple[str, ...]:
        """Return the columns of the file that the work reads, without repeats."""
        conditions = [*self.filters]
        for measure in self.measures:
            conditions += [*measure.where, *measure.among]
        found = [self.position.x, self.position.y]
        found += [condition.column for condition in conditions]
        found += [dimension.column for dimension in self.dimensions.values()]
        found += [measure.column for measure in self.measures if measure.column is not None]
        return tuple(dict.fromkeys(found))
