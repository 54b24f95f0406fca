"""How does one enter an edition that holds many contracts?

By a search among the neighbourhoods, their communes and the contracts, or by the list of the
contracts, gathered under their first letter when they are many. Neighbourhoods are never all
listed: a country has 1 600.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from terril.editions.look import Look
from terril.lib.french import compte
from terril.observations.schema import Kind
from terril.reports.pages.signals import name_of
from terril.territories.kinds import fold

MOST: Final = 40
_SHORT: Final = 60  # contracts that are listed without letters
#: what comes before the name one looks for, folded
_KINDS: Final = (
    "communaute d agglomeration",
    "communaute urbaine",
    "communaute de communes",
    "metropole",
    "etablissement public territorial",
    "ca",
    "cu",
    "cc",
    "ept",
)
_LINKS: Final = ("de la", "de l", "des", "du", "de", "d", "le", "la", "les", "l")


@dataclass(frozen=True, slots=True)
class ListedContract:
    """A contract: its SIREN, its agglomeration, how many neighbourhoods."""

    epci: str
    name: str
    count: str


@dataclass(frozen=True, slots=True)
class Found:
    """A neighbourhood that answers a search."""

    code: str
    name: str
    communes: str


@dataclass(frozen=True, slots=True)
class CountryPage:
    """The first page of an edition of many contracts."""

    asked: str
    found: tuple[Found, ...]
    more: int  # neighbourhoods that answer and are not shown
    letters: tuple[tuple[str, tuple[ListedContract, ...]], ...]
    contracts: int
    total: int


def country_page(look: Look, asked: str = "") -> CountryPage:
    """Return the page; ``asked``: words that a name must hold, whatever their accents and case."""
    words = fold(asked).split()
    contracts = [
        ListedContract(epci, name_of(look, Kind.EPCI, epci), compte(len(codes), "quartier",
                                                                    "quartiers"))
        for epci, codes in look.contracts.items()
    ]  # fmt: skip
    contracts.sort(key=lambda contract: (sorted_as(contract.name), contract.epci))
    answers = neighbourhoods(look, asked) if words else []
    kept = [c for c in contracts if all(word in fold(c.name) for word in words)]
    return CountryPage(
        asked=asked,
        found=tuple(answers[:MOST]),
        more=max(len(answers) - MOST, 0),
        letters=_letters(kept),
        contracts=len(contracts),
        total=len(look.neighbourhoods),
    )


def neighbourhoods(look: Look, asked: str) -> list[Found]:
    """The neighbourhoods whose name, code or communes hold the words asked for."""
    words = fold(asked).split()
    found = []
    for code, place in look.neighbourhoods.items():
        communes = ", ".join(name_of(look, Kind.COMMUNE, c) for c in place.communes)
        name = look.names[code]
        if all(word in fold(f"{name} {code} {communes}") for word in words):
            found.append(Found(code, name, communes))
    return found


def sorted_as(name: str) -> str:
    """The part of the name of an agglomeration under which one looks for it."""
    text = fold(name)
    for heads in (_KINDS, _LINKS):
        head = next((head for head in heads if text.startswith(f"{head} ")), "")
        text = text.removeprefix(head).strip()
    return text


def _letters(
    contracts: list[ListedContract],
) -> tuple[tuple[str, tuple[ListedContract, ...]], ...]:
    if len(contracts) <= _SHORT:
        return (("", tuple(contracts)),) if contracts else ()
    held: dict[str, list[ListedContract]] = {}
    for contract in contracts:
        held.setdefault(sorted_as(contract.name)[:1].upper() or "–", []).append(contract)
    return tuple((letter, tuple(rows)) for letter, rows in held.items())
