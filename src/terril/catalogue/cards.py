"""Which cards exist, where are they written, and how does one ask for them?

A *kind* of card is a folder of the catalogue (``indicators/``) or one file of
``vocabularies/``. :class:`Catalogue` is what the other rooms hold: read-only mappings from
code to card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from terril.catalogue import schema
from terril.catalogue.calendar import Deadline
from terril.catalogue.downloads import Download
from terril.catalogue.maps import MapPlate, MapSymbol
from terril.catalogue.registers import Register, Right, Role, ValueList, Workflow
from terril.catalogue.schema import (
    Break,
    EquipmentFamily,
    EquipmentType,
    FicheModel,
    Indicator,
    NatureCard,
    Parameter,
    Reference,
    Relation,
    SecrecyRule,
    Source,
    Table,
    Text,
    Theme,
    Unit,
)
from terril.catalogue.services import Service
from terril.catalogue.transport import TransportMode
from terril.catalogue.works import Work


@dataclass(frozen=True, slots=True)
class CardKind:
    """A kind of card: the field of the catalogue, its place on disk, its model.

    ``place`` is a folder, or a file of ``vocabularies/``. ``prefixed``: the name of the file
    opens the code (``emploi.yaml`` → ``emploi.taux_emploi_15_64``). ``free``: the key is a
    label in French, not a code.
    """

    field: str
    place: str
    model: type[schema.Card] | None  # None: a plain text
    noun: str  # French, for messages
    prefixed: bool = False
    free: bool = False

    def adapter(self) -> TypeAdapter[object]:
        """Return the validator of one card of this kind."""
        return _ADAPTERS[self.field]


KINDS: Final[tuple[CardKind, ...]] = (
    CardKind("themes", "themes/", schema.Theme, "le thème"),
    CardKind("indicators", "indicators/", schema.Indicator, "l’indicateur", prefixed=True),
    CardKind("sources", "sources/", schema.Source, "la source"),
    CardKind("secrecy", "secrecy/", schema.SecrecyRule, "la règle de secret"),
    CardKind("references", "references/", schema.Reference, "la référence"),
    CardKind("parameters", "parameters/", schema.Parameter, "le paramètre"),
    CardKind("relations", "relations/", schema.Relation, "la relation"),
    CardKind("breaks", "breaks/", schema.Break, "la rupture de série"),
    CardKind("fiches", "fiches/", schema.FicheModel, "le modèle de fiche"),
    CardKind("tables", "tables/", schema.Table, "le tableau"),
    CardKind("works", "works/", Work, "le travail"),
    CardKind("downloads", "downloads/", Download, "le téléchargement"),
    CardKind("services", "services/", Service, "le service en ligne"),
    CardKind("plates", "maps/", MapPlate, "la planche de cartes"),
    CardKind("registers", "registers/", Register, "le registre"),
    CardKind("workflows", "workflows/", Workflow, "la suite d’états"),
    CardKind("lists", "lists/", ValueList, "la liste"),
    CardKind("deadlines", "calendar/", Deadline, "l’échéance légale"),
    CardKind("roles", "vocabularies/roles.yaml", Role, "le rôle"),
    CardKind("rights", "vocabularies/rights.yaml", Right, "le droit"),
    CardKind("units", "vocabularies/units.yaml", schema.Unit, "l’unité"),
    CardKind("natures", "vocabularies/natures.yaml", schema.NatureCard, "la nature"),
    CardKind(
        "equipment",
        "vocabularies/equipment.yaml",
        schema.EquipmentType,
        "le type d’équipement",
        free=True,
    ),
    CardKind(
        "families",
        "vocabularies/families.yaml",
        schema.EquipmentFamily,
        "la famille d’équipements",
    ),
    CardKind("symbols", "vocabularies/symbols.yaml", MapSymbol, "le signe de carte"),
    CardKind("modes", "vocabularies/modes.yaml", TransportMode, "le mode de transport"),
    CardKind("acronyms", "vocabularies/acronyms.yaml", None, "le sigle", free=True),
)

_ADAPTERS: Final[dict[str, TypeAdapter[object]]] = {
    kind.field: TypeAdapter(kind.model if kind.model is not None else Text) for kind in KINDS
}

#: folders of a catalogue that are not cards and have their own readers
OTHER_FOLDERS: Final = frozenset({"columns"})


def _empty() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Catalogue:
    """All the cards, by code. Read-only: a loaded catalogue never changes."""

    themes: Mapping[str, Theme]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    secrecy: Mapping[str, SecrecyRule]
    references: Mapping[str, Reference]
    parameters: Mapping[str, Parameter]
    relations: Mapping[str, Relation]
    fiches: Mapping[str, FicheModel]
    tables: Mapping[str, Table]
    units: Mapping[str, Unit]
    equipment: Mapping[str, EquipmentType]
    natures: Mapping[str, NatureCard] = field(default_factory=lambda: MappingProxyType({}))
    families: Mapping[str, EquipmentFamily] = field(default_factory=lambda: MappingProxyType({}))
    acronyms: Mapping[str, str] = field(default_factory=_empty)
    breaks: Mapping[str, Break] = field(default_factory=lambda: MappingProxyType({}))
    works: Mapping[str, Work] = field(default_factory=lambda: MappingProxyType({}))
    downloads: Mapping[str, Download] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[str, Service] = field(default_factory=lambda: MappingProxyType({}))
    modes: Mapping[str, TransportMode] = field(default_factory=lambda: MappingProxyType({}))
    symbols: Mapping[str, MapSymbol] = field(default_factory=lambda: MappingProxyType({}))
    plates: Mapping[str, MapPlate] = field(default_factory=lambda: MappingProxyType({}))
    registers: Mapping[str, Register] = field(default_factory=lambda: MappingProxyType({}))
    workflows: Mapping[str, Workflow] = field(default_factory=lambda: MappingProxyType({}))
    lists: Mapping[str, ValueList] = field(default_factory=lambda: MappingProxyType({}))
    deadlines: Mapping[str, Deadline] = field(default_factory=lambda: MappingProxyType({}))
    roles: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))
    rights: Mapping[str, Right] = field(default_factory=lambda: MappingProxyType({}))

    def parameter(self, code: str) -> float | tuple[float, ...]:
        """Return the value of a methodological parameter; ``KeyError`` when it has no card."""
        return self.parameters[code].value

    def number(self, code: str) -> float:
        """Return a parameter that is a single number.

        Raises ``KeyError`` without a card and ``TypeError`` when the card holds a list.
        """
        value = self.parameters[code].value
        if isinstance(value, tuple):
            raise TypeError(f"le paramètre « {code} » est une liste, pas un nombre")
        return value

    def numbers(self, code: str) -> tuple[float, ...]:
        """Return a parameter as a list of numbers, of one number if the card holds one."""
        value = self.parameters[code].value
        return value if isinstance(value, tuple) else (value,)

    def unit(self, indicator: str) -> Unit:
        """Return the unit of an indicator."""
        return self.units[self.indicators[indicator].unit]

    def theme_of(self, indicator: str) -> str:
        """Return the code of the theme of an indicator: the first part of its code."""
        return indicator.partition(".")[0]

    def of_theme(self, theme: str) -> tuple[str, ...]:
        """Return the codes of the indicators of a theme, in the order of the cards."""
        prefix = theme + "."
        return tuple(code for code in self.indicators if code.startswith(prefix))
