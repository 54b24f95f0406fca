"""Which figures does an export hold, in one shape for all the formats?

A cube: dimensions territory × indicator × period × breakdown, one observation a cell at the
most, with its status, its origin and its source. Formats only write it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.catalogue.schema import Indicator
from terril.editions.look import Look, Place
from terril.lib.french import arrondi
from terril.observations.schema import Status

#: columns of a flat export, in order: name, title, description, datatype (W3C CSVW)
COLUMNS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("genre", "Genre de territoire", "qpv, commune, epci, departement, region, france…", "string"),
    ("territoire", "Code du territoire", "Code officiel : QPV, Insee, SIREN", "string"),
    ("nom", "Nom du territoire", "Nom tel qu’il est affiché", "string"),
    ("indicateur", "Code de l’indicateur", "thème.indicateur, au catalogue de l’édition", "string"),
    ("libelle", "Libellé de l’indicateur", "Libellé complet", "string"),
    ("periode", "Période", "Année, date ou intervalle que le chiffre décrit", "string"),
    ("ventilation", "Ventilation", "total, ou la part de la population décrite", "string"),
    ("valeur", "Valeur", "Vide quand elle n’est pas publiée : voir statut", "number"),
    ("statut", "Statut", "ok, secret, non_significatif, missing, not_applicable", "string"),
    ("origine", "Origine", "constaté, calculé ou estimé", "string"),
    ("unite", "Unité", "Code de l’unité au catalogue", "string"),
    ("source", "Source", "Producteur et fichier", "string"),
)

#: blanked by a rule on the contributions, not by the number of units
CONCENTRATED: Final = "concentration"


def area(kind: str, code: str) -> str:
    """Identifier of a territory over all kinds, made of the characters of SDMX."""
    return f"{kind}-{code.replace('+', '-')}"


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell.

    ``blanking``, when our secrecy covers it: « primaire » (fewer units than the minimum),
    ``CONCENTRATED`` (a sum that few contributors make), « secondaire » or « calculé » (because of
    another figure); "" when the producer had blanked it.
    """

    kind: str
    territory: str
    indicator: str
    period: str
    breakdown: str
    value: float | None
    status: str
    origin: str
    decimals: int | None
    source: str
    blanking: str = ""
    breaks: bool = False  # the series breaks at this period

    @property
    def area(self) -> str:
        """Identifier of the territory over all kinds, made of the characters of SDMX."""
        return area(self.kind, self.territory)


@dataclass(frozen=True)
class Cube:
    """Observations with what names them."""

    title: str
    edition: str  # ISO date
    publisher: str
    contract: str
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, str]
    areas: Mapping[tuple[str, str], Place]
    observations: tuple[Observation, ...]

    def name(self, observation: Observation) -> str:
        """Name of the territory of a cell."""
        place = self.areas.get((observation.kind, observation.territory))
        return place.label if place else observation.territory

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """Yield the rows of the flat export, in the order of :data:`COLUMNS`."""
        for o in self.observations:
            card = self.indicators[o.indicator]
            yield (
                o.kind,
                o.territory,
                self.name(o),
                o.indicator,
                card.label,
                o.period,
                o.breakdown,
                value_of(o),
                o.status,
                o.origin,
                card.unit,
                self.sources.get(o.source, o.source),
            )


def value_of(observation: Observation) -> float | int | None:
    """The value to write: rounded to the decimals that are published, ``None`` without one."""
    if observation.status != Status.OK or observation.value is None:
        return None
    if observation.decimals is None:
        return observation.value
    rounded = arrondi(observation.value, observation.decimals)
    return int(rounded) if observation.decimals <= 0 else rounded


def cube(look: Look, indicators: Sequence[str], *, title: str, kinds: Sequence[str] = ()) -> Cube:
    """Return the figures of some indicators in an edition, of all kinds of territories or some.

    In the order indicator, kind, territory, period, breakdown. Raises ``KeyError`` for an
    indicator that the edition does not know.
    """
    cards = {code: look.catalogue.indicators[code] for code in indicators}
    keys: dict[str, Any] = {"indicator": tuple(indicators)}
    blanked = {
        (r["kind"], r["territory"], r["indicator"], r["period"], r["breakdown"]): (
            CONCENTRATED if r["blanking"] == "primaire" and r["minimum"] is None else r["blanking"]
        )
        for r in look.rows("blanked", **keys)
    }
    broken = {
        (r["territory"], r["indicator"], r["period"], r["breakdown"])
        for r in look.rows("break_lines", **keys)
    }
    if kinds:
        keys["kind"] = tuple(kinds)
    found = [
        Observation(
            r["kind"],
            r["territory"],
            r["indicator"],
            r["period"],
            r["breakdown"],
            r["value"],
            r["status"],
            r["origin"],
            r["decimals"],
            r["source"],
            blanked.get(
                (r["kind"], r["territory"], r["indicator"], r["period"], r["breakdown"]), ""
            ),
            (r["territory"], r["indicator"], r["period"], r["breakdown"]) in broken,
        )
        for r in look.rows("observations", **keys)
    ]
    order = {code: n for n, code in enumerate(indicators)}
    found.sort(key=lambda o: (order[o.indicator], o.kind, o.territory, o.period, o.breakdown))
    held = {(o.kind, o.territory) for o in found}
    return Cube(
        title=title,
        edition=look.date,
        publisher=look.info.epci_name,
        contract=look.info.contract,
        indicators=cards,
        sources={code: card.label for code, card in look.catalogue.sources.items()},
        areas={key: place for key, place in look.places.items() if key in held},
        observations=tuple(found),
    )
