"""Which question does the address of a page of the directory ask, and how is it written?

Places are named by their official codes, so that an address that was shared stays true; a code
that is not known is left out, as if it had not been asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from terril.contrat.directory.search import Query
from terril.contrat.directory.sheets import Directory, Place

_LONGEST: Final = 120  # characters of a search
_MOST: Final = 40  # values of one kind

#: what the choice « femmes » or « hommes » may be
PUBLICS: Final = ("femmes", "hommes")


def question(asked: QueryDict, directory: Directory) -> Query:
    """Read an address."""

    def codes(name: str, known: Mapping[str, str]) -> frozenset[str]:
        return frozenset(code for code in asked.getlist(name)[:_MOST] if code in known)

    public = asked.get("public", "")
    return Query(
        " ".join(asked.get("mots", "").split())[:_LONGEST],
        themes=codes("theme", directory.labels.get("themes", {})),
        quartiers=_places(asked.getlist("quartier"), directory.quartiers),
        communes=_places(asked.getlist("commune"), directory.communes),
        ages=codes("age", directory.labels.get("ages", {})),
        public=public if public in PUBLICS else "",
        free=asked.get("gratuit") == "oui",
    )


def _places(codes: list[str], known: tuple[Place, ...]) -> frozenset[int]:
    wanted = set(codes[:_MOST])
    return frozenset(place.number for place in known if place.code in wanted)


def pairs(query: Query, directory: Directory) -> list[tuple[str, str]]:
    """Return what the address of a question holds, in the order of the form."""
    found = [("mots", query.text)] if query.text else []
    themes = directory.labels.get("themes", {})
    found += [("theme", code) for code in themes if code in query.themes]
    for name, places, chosen in (
        ("quartier", directory.quartiers, query.quartiers),
        ("commune", directory.communes, query.communes),
    ):
        found += [(name, place.code) for place in places if place.number in chosen]
    ages = directory.labels.get("ages", {})
    found += [("age", code) for code in ages if code in query.ages]
    if query.public:
        found.append(("public", query.public))
    if query.free:
        found.append(("gratuit", "oui"))
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that was made: what it says, and the address of the page without it."""

    text: str
    without: str


def choices(query: Query, directory: Directory) -> list[Choice]:
    """Return the choices of a question, each with the address that takes it back."""
    held = pairs(query, directory)
    return [
        Choice(_said(directory, name, value), urlencode([*held[:at], *held[at + 1 :]]))
        for at, (name, value) in enumerate(held)
    ]


def _said(directory: Directory, name: str, value: str) -> str:
    if name == "mots":
        return f"«\u00a0{value}\u00a0»"
    if name == "theme":
        return directory.label("themes", value)
    if name == "age":
        return directory.label("ages", value)
    if name == "public":
        return directory.label("publics", value)
    if name == "gratuit":
        return "Gratuit"
    places = directory.quartiers if name == "quartier" else directory.communes
    return next((place.name for place in places if place.code == value), value)
