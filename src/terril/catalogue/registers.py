"""What may a card say of a register of the workspace, and of the words that registers use?

A register is a table that people keep together: commitments, meetings, posts, allocations.
Its card declares the columns, who reads and writes, what recognises a row and what is computed
from it. Forms, lists, spreadsheets and checks are made from the card, for all registers alike.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from terril.catalogue.schema import Card, Code, Text


class ColumnKind(StrEnum):
    """What a cell holds. The value in Python stands in the comment; blank is ``None``."""

    TEXT = "texte"  # str, one line
    LONG = "long"  # str, several lines
    INTEGER = "entier"  # int
    NUMBER = "nombre"  # Decimal
    AMOUNT = "montant"  # Decimal, euros with cents
    SHARE = "taux"  # Decimal, in %: 30 for 30 %
    DATE = "date"  # datetime.date
    TIME = "heure"  # datetime.time, minutes
    YEAR = "annee"  # int
    YES_NO = "oui_non"  # bool
    CHOICE = "choix"  # str, code of a list
    CHOICES = "choix_multiple"  # tuple[str, ...], codes of a list
    STATE = "etat"  # str, code of a state of a workflow
    LINK = "lien"  # int, number of a row of another register
    LINKS = "liens"  # tuple[int, ...]
    INDICATORS = "indicateurs"  # tuple[str, ...], codes of indicators of the observatory
    EMAIL = "courriel"  # str
    PHONE = "telephone"  # str
    WEB = "adresse_web"  # str
    SIRET = "siret"  # str, 14 digits
    RNA = "rna"  # str, W and 9 digits


#: kinds that hold several values
SEVERAL = frozenset({ColumnKind.CHOICES, ColumnKind.LINKS, ColumnKind.INDICATORS})


class ValueList(Card):
    """A closed list of words: code → label, in the order of the screens."""

    items: dict[Code, Text] = Field(min_length=1)
    source: str = ""  # the text that fixes the list, if one does
    also: dict[Text, Code] = {}  # other words that a file may hold, and what they stand for
    levels: bool = False  # the contract names these: the levels of its tree, in order


class Role(Card):
    """A part that a person plays in a contract."""

    label: Text  # "chargée ou chargé de mission"
    plural: Text  # "les chargés de mission", for refusals
    about: Text
    staff: bool = False  # a second factor is asked at sign-in
    invites: tuple[Code, ...] = ()  # the roles that it may give


class Right(Card):
    """Something that is done in the workspace outside the registers, and who may."""

    roles: tuple[Code, ...] = Field(min_length=1)
    doing: Text  # infinitive, for refusals: "inviter des personnes"


class State(Card):
    """A state of a workflow."""

    label: Text
    public: str = ""  # what residents read; the label unless given
    done: bool = False  # nothing more is awaited
    tone: Literal["attente", "cours", "fait", "abandon"] = "cours"


class Move(Card):
    """A passage from states to another."""

    to: Code
    since: tuple[Code, ...] = Field(min_length=1)
    label: Text  # infinitive of the button: "Déclarer réalisé"
    roles: tuple[Code, ...] = ()  # those who may write the row, unless given
    needs: tuple[Code, ...] = ()  # columns that must be filled
    comment: bool = False  # a reason must be written


class Workflow(Card):
    """States and the moves between them. The first state is that of a new row."""

    states: dict[Code, State] = Field(min_length=2)
    moves: tuple[Move, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Workflow:
        for move in self.moves:
            for state in (move.to, *move.since):
                if state not in self.states:
                    raise ValueError(f"l’état « {state} » n’est pas déclaré")
        return self

    @property
    def start(self) -> str:
        """The state of a new row."""
        return next(iter(self.states))

    def allows(self, before: str | None, after: str) -> bool:
        """May a row go from one state to the other in one move? The same state always."""
        known = before if before in self.states else self.start
        return known == after or any(m.to == after and known in m.since for m in self.moves)


class Column(Card):
    """One column of a register."""

    label: Text  # head in the screens and in the spreadsheets
    kind: ColumnKind
    help: str = ""
    required: bool = False
    choices: Code | None = None  # a list of lists/
    workflow: Code | None = None
    target: Code | None = None  # register that a link points at
    unit: str = ""  # written after the value: "logements"
    least: float | None = None
    most: float | None = None
    section: str = ""  # heading in the form, and on the page of a row
    listed: bool = False  # shown in the list of rows
    filter: bool = False  # the list is filtered on it
    public: bool = False  # shown to everybody, when the register has a public page
    personal: bool = False  # personal data: never public, its values never in the journal

    @model_validator(mode="after")
    def _complete(self) -> Column:
        wants = {
            ColumnKind.CHOICE: "choices", ColumnKind.CHOICES: "choices",
            ColumnKind.STATE: "workflow", ColumnKind.LINK: "target", ColumnKind.LINKS: "target",
        }  # fmt: skip
        needed = wants.get(self.kind)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"« {needed} » manque pour une colonne de nature « {self.kind} »")
        if self.personal and self.public:
            raise ValueError("une donnée personnelle n’est pas publique")
        return self


class Own(Card):
    """Which rows are somebody's, beside those who write all of them.

    ``by`` says how: ``organisation`` (a column that links to hers), ``quartier`` (a column that
    links to neighbourhoods of hers), ``auteur`` (the rows that she added).
    """

    by: Literal["organisation", "quartier", "auteur"]
    column: Code | None = None
    add: bool = True  # may she add rows that are hers?

    @model_validator(mode="after")
    def _complete(self) -> Own:
        if (self.column is None) != (self.by == "auteur"):
            raise ValueError("« column » va avec « organisation » et « quartier », et eux seuls")
        return self


class Register(Card):
    """A register: its columns, its people, its key."""

    title: Text  # "Engagements du protocole"
    singular: Text  # "engagement"
    gender: Literal["m", "f"]
    group: Code  # a code of the list « groupes »
    order: int = 50
    about: Text  # one sentence: what it is for
    source: str = ""  # the text that asks for it
    name: tuple[Code, ...] = Field(min_length=1)  # columns that name a row
    key: tuple[Code, ...] = ()  # columns that recognise a row in a file, unique together
    sort: tuple[str, ...] = ()  # columns; "-" before one for the greatest first
    read: tuple[Code, ...] = ()  # roles; every member unless given
    write: tuple[Code, ...] = Field(min_length=1)
    own: dict[Code, Own] = {}  # role → rows that it writes too
    public: bool = False  # the public columns of its rows are shown to everybody
    files: bool = False  # papers may be attached to its rows
    measures: tuple[Code, ...] = ()  # computations of the closed list
    columns: dict[Code, Column] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Register:
        cited = {
            "name": self.name, "key": self.key, "sort": tuple(s.lstrip("-") for s in self.sort),
            "own": tuple(own.column for own in self.own.values() if own.column),
        }  # fmt: skip
        for field, names in cited.items():
            for name in names:
                if name not in self.columns:
                    raise ValueError(f"« {field} » cite la colonne « {name} », qui n’existe pas")
        labels = [column.label.casefold() for column in self.columns.values()]
        twice = {label for label in labels if labels.count(label) > 1}
        if twice:
            raise ValueError(f"deux colonnes s’appellent « {min(twice)} »")
        if len([c for c in self.columns.values() if c.kind is ColumnKind.STATE]) > 1:
            raise ValueError("un registre a un état au plus")
        return self

    @property
    def state(self) -> str | None:
        """The name of the column of state, if there is one."""
        for name, column in self.columns.items():
            if column.kind is ColumnKind.STATE:
                return name
        return None
