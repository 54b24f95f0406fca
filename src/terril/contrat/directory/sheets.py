"""What does the directory hold: the sheet of each operator, and its offers?

Two readings of the same registers. The whole one is for the members of the contract. The public
one keeps what the operator and the team have published, still on offer on the day, and only the
columns that their cards say public; personal columns are in neither.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.registres.folding import collation
from terril.registres.rows import Books, Row

SHEETS: Final = "operateurs"
OFFERS: Final = "offres"
ORGANISATIONS: Final = "organisations"
QUARTIERS: Final = "quartiers"
COMMUNES: Final = "communes"

#: states of a sheet that residents see
PUBLISHED: Final = frozenset({"publiee", "modifiee"})


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that an operator does for residents. Lists are codes, places are numbers.

    ``ages`` empty: all ages. ``quartiers`` and ``communes`` empty: the whole agglomeration.
    """

    number: int
    organisation: int
    operator: str
    title: str
    themes: tuple[str, ...] = ()
    description: str = ""
    ages: tuple[str, ...] = ()
    public: str = ""
    conditions: str = ""
    quartiers: tuple[int, ...] = ()
    communes: tuple[int, ...] = ()
    place: str = ""
    how: str = ""
    when: str = ""
    cost: str = ""
    fee: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    published: bool = False

    def over(self, today: dt.date) -> bool:
        """Has it ended?"""
        return self.until is not None and self.until < today


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an operator says of itself. ``number`` is ``None`` when it has offers and no sheet."""

    number: int | None
    organisation: int
    name: str
    acronym: str = ""
    nature: str = ""
    state: str = ""
    reviewed: dt.date | None = None
    presentation: str = ""
    address: str = ""
    commune: int | None = None
    hours: str = ""
    how: str = ""
    access: tuple[str, ...] = ()
    access_note: str = ""
    languages: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    site: str = ""
    offers: tuple[Offer, ...] = ()

    @property
    def published(self) -> bool:
        """Do residents see it?"""
        return self.state in PUBLISHED

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes of its offers, each once, in the order they come."""
        return tuple(dict.fromkeys(code for offer in self.offers for code in offer.themes))


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood, and the communes that it lies in; or a commune. ``code``: official."""

    number: int
    name: str
    communes: tuple[int, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Sheets in the order of their names, and the places that they speak of.

    ``labels``: list of the catalogue → code → label.
    """

    today: dt.date
    sheets: tuple[Sheet, ...]
    quartiers: tuple[Place, ...]
    communes: tuple[Place, ...]
    labels: Mapping[str, Mapping[str, str]]

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All the offers, by operator."""
        return tuple(offer for sheet in self.sheets for offer in sheet.offers)

    def sheet(self, organisation: int) -> Sheet | None:
        """The sheet of a structure, if it is in this directory."""
        return next((s for s in self.sheets if s.organisation == organisation), None)

    def quartier(self, number: int) -> str:
        """The name of a neighbourhood, "" when it is unknown."""
        return next((place.name for place in self.quartiers if place.number == number), "")

    def commune(self, number: int | None) -> str:
        """The name of a commune, "" when it is unknown."""
        return next((place.name for place in self.communes if place.number == number), "")

    def label(self, group: str, code: str) -> str:
        """The label of a code of a list: ``themes``, ``ages``, ``publics``, ``couts``…"""
        return self.labels.get(group, {}).get(code, code)


_LISTS: Final = {
    "themes": "themes_annuaire", "ages": "ages_annuaire", "publics": "publics_annuaire",
    "couts": "couts_annuaire", "langues": "langues_annuaire",
    "accessibilites": "accessibilites_annuaire", "natures": "natures_organisation",
}  # fmt: skip


def whole_directory(books: Books, catalogue: Catalogue) -> Directory:
    """Return all the sheets and offers, published or not, offers that are over included.

    A structure that has offers and no sheet gets an empty one, whose number is ``None``.
    """
    return _read(books, catalogue, public=False)


def public_directory(books: Books, catalogue: Catalogue) -> Directory:
    """Return what everybody may read on the day of ``books``.

    Sheets in a published state; of these, the offers that are published and not over. A column
    that its card does not say public is blank.
    """
    held = _read(books, catalogue, public=True)
    sheets = tuple(
        replace(
            sheet, offers=tuple(o for o in sheet.offers if o.published and not o.over(held.today))
        )
        for sheet in held.sheets
        if sheet.number is not None and sheet.published
    )
    return replace(held, sheets=sheets)


def _read(books: Books, catalogue: Catalogue, *, public: bool) -> Directory:
    @cache
    def name(organisation: int) -> str:
        return books.name(ORGANISATIONS, organisation)

    offers: dict[int, list[Offer]] = defaultdict(list)
    reader = _reader(catalogue, OFFERS, public, kept=("organisation", "publiee"))
    for row in books.rows(OFFERS):
        organisation = row.get("organisation")
        if organisation is not None:
            offers[organisation].append(_offer(row, reader(row), organisation, name(organisation)))
    structures = {row.number: row for row in books.rows(ORGANISATIONS)}
    reader = _reader(catalogue, SHEETS, public, kept=("organisation", "etat"))
    outer = _reader(catalogue, ORGANISATIONS, public)
    sheets: dict[int, Sheet] = {}
    start = _start(catalogue)
    for row in books.rows(SHEETS):
        organisation = row.get("organisation")
        if organisation is None or organisation in sheets:
            continue
        known = structures.get(organisation)
        about: Value = outer(known) if known else _blank
        sheets[organisation] = _sheet(
            row, reader(row), about, organisation, name(organisation), start
        )
    for organisation in offers:
        if organisation not in sheets:
            sheets[organisation] = Sheet(None, organisation, name(organisation))
    ordered = sorted(sheets.values(), key=lambda sheet: (collation(sheet.name), sheet.organisation))
    return Directory(
        books.today,
        tuple(
            replace(
                sheet,
                offers=tuple(
                    sorted(offers[sheet.organisation], key=lambda o: (collation(o.title), o.number))
                ),
            )
            for sheet in ordered
        ),
        quartiers=tuple(
            _place(books, QUARTIERS, row, tuple(row.get("communes") or ()))
            for row in books.rows(QUARTIERS)
        ),
        communes=tuple(_place(books, COMMUNES, row) for row in books.rows(COMMUNES)),
        labels={
            group: catalogue.lists[code].items
            for group, code in _LISTS.items()
            if code in catalogue.lists
        },
    )


def _place(books: Books, register: str, row: Row, communes: tuple[int, ...] = ()) -> Place:
    return Place(row.number, books.name(register, row.number), communes, str(row.get("code") or ""))


# ------------------------------------------------------------------ rows

#: name of a column → its value
Value = Callable[[str], Any]


def _blank(column: str) -> Any:
    return None


def _reader(
    catalogue: Catalogue, register: str, public: bool, kept: tuple[str, ...] = ()
) -> Callable[[Row], Value]:
    """Return how rows of a register are read: a column that may not be shown is blank."""
    columns = catalogue.registers[register].columns
    shown = {
        name
        for name, column in columns.items()
        if not column.personal and (column.public or not public or name in kept)
    }

    def reader(row: Row) -> Value:
        return lambda name: row.get(name) if name in shown else None

    return reader


def _start(catalogue: Catalogue) -> str:
    register = catalogue.registers[SHEETS]
    workflow = register.columns[register.state].workflow if register.state else None
    return catalogue.workflows[workflow].start if workflow else ""


def _text(value: Any) -> str:
    return str(value).strip() if value is not None else ""


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if value else ()


def _offer(row: Row, of: Value, organisation: int, operator: str) -> Offer:
    return Offer(
        number=row.number,
        organisation=organisation,
        operator=operator,
        title=_text(of("intitule")),
        themes=_several(of("themes")),
        description=_text(of("description")),
        ages=_several(of("ages")),
        public=_text(of("public")),
        conditions=_text(of("conditions")),
        quartiers=_several(of("quartiers")),
        communes=_several(of("communes")),
        place=_text(of("lieu")),
        how=_text(of("comment_venir")),
        when=_text(of("quand")),
        cost=_text(of("cout")),
        fee=_text(of("tarif")),
        since=of("depuis"),
        until=of("jusqu_a"),
        published=bool(of("publiee")),
    )


def _sheet(row: Row, of: Value, about: Value, organisation: int, name: str, start: str) -> Sheet:
    return Sheet(
        number=row.number,
        organisation=organisation,
        name=name,
        acronym=_text(about("sigle")),
        nature=_text(about("nature")),
        state=_text(of("etat")) or start,
        reviewed=of("a_jour_le"),
        presentation=_text(of("presentation")),
        address=_text(of("adresse_accueil")),
        commune=of("commune") or about("commune"),
        hours=_text(of("horaires")),
        how=_text(of("comment_venir")),
        access=_several(of("accessibilite")),
        access_note=_text(of("accessibilite_precisions")),
        languages=_several(of("langues")),
        phone=_text(of("telephone_accueil")),
        email=_text(of("courriel_accueil")),
        site=_text(of("site")) or _text(about("site")),
        offers=(),
    )
