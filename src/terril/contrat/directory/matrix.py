"""Where is an offer known, theme by theme and neighbourhood by neighbourhood, and where is none?

A hole is a place where the directory knows nothing, which is not a place where there is nothing:
it is left blank, never zero, and calls for a question to the operators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.directory.reach import Reach, reach
from terril.contrat.directory.sheets import (
    OFFERS,
    QUARTIERS,
    SHEETS,
    Directory,
    Offer,
    Place,
    whole_directory,
)
from terril.lib.french import compte, liste
from terril.registres.rows import Alert, Books, Line, Summary, Table

NOTE: Final = (
    "Une case sans nombre veut dire que l’annuaire ne connaît pas d’offre, non qu’il n’y en a pas. "
    "Une offre ouverte à toute une commune compte dans chacun de ses quartiers\u202f; une offre de "
    "toute l’agglomération a sa ligne. Une offre de deux thèmes compte dans chacun, une fois au "
    "total. Les offres terminées ne comptent pas."
)


@dataclass(frozen=True, slots=True)
class Matrix:
    """(neighbourhood, theme) → numbers of the offers known; a pair that is absent is a hole.

    ``everywhere``: theme → offers of the whole agglomeration, counted in no neighbourhood.
    """

    quartiers: tuple[Place, ...]
    themes: Mapping[str, str]
    known: Mapping[tuple[int, str], tuple[int, ...]]
    everywhere: Mapping[str, tuple[int, ...]]

    def holes(self, theme: str) -> tuple[Place, ...]:
        """The neighbourhoods where no offer of a theme is known, even for their commune."""
        return tuple(p for p in self.quartiers if (p.number, theme) not in self.known)

    def total(self, quartier: int) -> int:
        """How many offers reach a neighbourhood, each once."""
        return len(
            {o for (place, _), held in self.known.items() if place == quartier for o in held}
        )


def matrix(directory: Directory) -> Matrix:
    """Lay out the offers of a directory that are not over."""
    known: dict[tuple[int, str], list[int]] = {}
    everywhere: dict[str, list[int]] = {}
    for offer in directory.offers:
        if offer.over(directory.today):
            continue
        for theme in offer.themes:
            if not offer.quartiers and not offer.communes:
                everywhere.setdefault(theme, []).append(offer.number)
            for place in _reached(offer, directory.quartiers):
                known.setdefault((place.number, theme), []).append(offer.number)
    return Matrix(
        directory.quartiers,
        directory.labels.get("themes", {}),
        {key: tuple(held) for key, held in known.items()},
        {key: tuple(held) for key, held in everywhere.items()},
    )


def _reached(offer: Offer, quartiers: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(p for p in quartiers if reach(offer, p) >= Reach.COMMUNE)


def offer_by_quartier(books: Books, catalogue: Catalogue) -> Summary:
    """The measure ``offre_par_quartier`` of the register of offers."""
    directory = whole_directory(books, catalogue)
    held = matrix(directory)
    return Summary(
        "Qui fait quoi, où",
        tables=(_counts(held), _holes(held)),
        alerts=(*_bare_quartiers(held), *_sheets_without_offers(directory)),
        notes=(NOTE,),
    )


def _counts(held: Matrix) -> Table:
    lines = [
        Line(
            place.name,
            (
                *(len(held.known.get((place.number, theme), ())) or None for theme in held.themes),
                held.total(place.number) or None,
            ),
            register=QUARTIERS,
            number=place.number,
        )
        for place in held.quartiers
    ]
    whole = {number for numbers in held.everywhere.values() for number in numbers}
    lines.append(
        Line(
            "Toute l’agglomération",
            (
                *(len(held.everywhere.get(theme, ())) or None for theme in held.themes),
                len(whole) or None,
            ),
        )
    )
    return Table(
        "Offres connues, par quartier et par thème",
        ("Quartier", *held.themes.values(), "Toutes"),
        tuple(lines),
        units=("",) * (len(held.themes) + 1),
        note="Nombre d’offres en cours, publiées ou non. Sans nombre\u00a0: aucune n’est connue.",
    )


def _holes(held: Matrix) -> Table:
    lines = []
    for theme, label in held.themes.items():
        holes = held.holes(theme)
        if not holes:
            continue
        many = len(holes) == len(held.quartiers)
        names = "tous les quartiers" if many else liste([place.name for place in holes])
        lines.append(Line(label, (len(holes), len(held.everywhere.get(theme, ())) or None, names)))
    return Table(
        "Où aucune offre n’est connue",
        ("Thème", "Quartiers", "Offres de toute l’agglomération", "Lesquels"),
        tuple(lines),
        units=("", "", ""),
        note="À demander aux opérateurs avant de conclure.",
    )


def _bare_quartiers(held: Matrix) -> list[Alert]:
    return [
        Alert(
            f"{place.name}\u00a0: aucune offre n’est connue de l’annuaire.",
            "attention",
            QUARTIERS,
            place.number,
        )
        for place in held.quartiers
        if not held.total(place.number)
    ]


def _sheets_without_offers(directory: Directory) -> list[Alert]:
    alerts = []
    for sheet in directory.sheets:
        if sheet.number is None:
            count = compte(len(sheet.offers), "offre", "offres")
            text = f"{sheet.name}\u00a0: {count} et pas de fiche, donc rien de montré au public."
            alerts.append(Alert(text, "attention", OFFERS, sheet.offers[0].number))
        elif sheet.published and not sheet.offers:
            text = f"{sheet.name}\u00a0: fiche publiée, aucune offre."
            alerts.append(Alert(text, "information", SHEETS, sheet.number))
    return alerts
