"""Who does what I am looking for, near me, for someone like me?

A search is words and choices. Every word must be found, in an offer or in the sheet of its
operator: whole, or as the beginning of a word. A word that the directory does not know at all is
brought near those that differ by one letter. Choices of one kind add up (one theme or the other);
kinds restrict each other. Results are operators, the closest answer first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from terril.contrat.directory.reach import Reach, in_commune, reach
from terril.contrat.directory.sheets import Directory, Offer, Place, Sheet
from terril.contrat.directory.spelling import (
    bare,
    one_mistake,
    searched,
    shortened,
    words,
)
from terril.registres.folding import collation

#: how much a word is worth where it stands
_TITLE, _NAME, _THEME, _PLACE, _TEXT = 6, 5, 4, 2, 1
#: and as it is written
_WHOLE, _BEGINNING, _NEAR = 3, 2, 1

FREE: Final = "gratuit"
_EVERYBODY: Final = "tous"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. Codes of lists, numbers of places; empty: no restriction.

    ``public``: « femmes » or « hommes » keeps what is open to them. ``free``: free offers only.
    """

    text: str = ""
    themes: frozenset[str] = frozenset()
    quartiers: frozenset[int] = frozenset()
    communes: frozenset[int] = frozenset()
    ages: frozenset[str] = frozenset()
    public: str = ""
    free: bool = False

    @property
    def of_offers(self) -> bool:
        """Does it choose among offers, so that a sheet alone is no answer?"""
        return bool(self.themes or self.quartiers or self.ages or self.public or self.free)

    @property
    def empty(self) -> bool:
        """Is nothing asked?"""
        return not (self.of_offers or self.communes or searched(self.text))


@dataclass(frozen=True, slots=True)
class Hit:
    """An operator that answers, and its offers that do; none when its sheet alone answers."""

    sheet: Sheet
    offers: tuple[Offer, ...]
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: operators, and the words that were not known with those taken instead."""

    hits: tuple[Hit, ...]
    instead: Mapping[str, tuple[str, ...]]

    @property
    def offers(self) -> int:
        """How many offers answer."""
        return sum(len(hit.offers) for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is searched: an offer, or a sheet when ``offer`` is ``None``; word → its worth."""

    sheet: int  # place in the directory
    offer: Offer | None
    worth: Mapping[str, int]


def entries(directory: Directory) -> Iterator[Entry]:
    """Yield the entries of a directory: each sheet, then its offers."""
    for place, sheet in enumerate(directory.sheets):
        yield Entry(place, None, _worth(_sheet_texts(directory, sheet)))
        for offer in sheet.offers:
            yield Entry(place, offer, _worth(_offer_texts(directory, sheet, offer)))


def _worth(texts: Iterator[tuple[int, str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for worth, text in texts:
        for word in words(text):
            found[word] = max(worth, found.get(word, 0))
    return found


def _sheet_texts(directory: Directory, sheet: Sheet) -> Iterator[tuple[int, str]]:
    yield _TITLE, sheet.name
    yield _TITLE, sheet.acronym
    yield _PLACE, directory.commune(sheet.commune)
    yield _PLACE, sheet.address
    yield _TEXT, sheet.presentation
    for group, codes in (("langues", sheet.languages), ("accessibilites", sheet.access)):
        for code in codes:
            yield _TEXT, directory.label(group, code)


def _offer_texts(directory: Directory, sheet: Sheet, offer: Offer) -> Iterator[tuple[int, str]]:
    yield _TITLE, offer.title
    yield _NAME, sheet.name
    yield _NAME, sheet.acronym
    for code in offer.themes:
        yield _THEME, directory.label("themes", code)
    for number in offer.quartiers:
        yield _PLACE, directory.quartier(number)
    for number in offer.communes:
        yield _PLACE, directory.commune(number)
    yield _PLACE, offer.place
    for code in offer.ages:
        yield _TEXT, directory.label("ages", code)
    for text in (offer.description, offer.conditions, offer.when, offer.fee, offer.how):
        yield _TEXT, text


class Search:
    """A directory made ready: asked many times, it answers in the time of what is found."""

    def __init__(self, directory: Directory, mistake_from: int) -> None:
        """Index the entries; ``mistake_from``: letters from which a word may hold a mistake."""
        self.directory = directory
        self._mistake_from = mistake_from
        self._entries = tuple(entries(directory))
        self._where: dict[str, dict[int, int]] = defaultdict(dict)
        for number, entry in enumerate(self._entries):
            for word, worth in entry.worth.items():
                self._where[word][number] = worth
        self._words = sorted(self._where)
        self._bare: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._bare[bare(word)].append(word)
        self._shortened: dict[str, list[str]] | None = None

    def ask(self, query: Query) -> Found:
        """Answer. Without words, the order is that of the names."""
        asked = searched(query.text)
        scores: dict[int, int] | None = None
        instead: dict[str, tuple[str, ...]] = {}
        for word in asked:
            found, near = self._points(word)
            if near:
                instead[word] = near
            scores = (
                found
                if scores is None
                else {n: scores[n] + found[n] for n in scores.keys() & found.keys()}
            )
        kept = dict.fromkeys(range(len(self._entries)), 0) if scores is None else scores
        return Found(self._hits(query, kept), instead)

    def _points(self, word: str) -> tuple[dict[int, int], tuple[str, ...]]:
        """Return entry → points for a word, and the words taken instead when it is unknown."""
        quality = {known: _BEGINNING for known in self._beginning(word)} | {
            known: _WHOLE for known in self._bare.get(bare(word), ())
        }
        near: tuple[str, ...] = ()
        if not quality and len(word) >= self._mistake_from:
            near = tuple(self._near(word))
            quality = dict.fromkeys(near, _NEAR)
        points: dict[int, int] = {}
        for known, worth in quality.items():
            for number, place in self._where[known].items():
                points[number] = max(points.get(number, 0), place * worth)
        return points, near

    def _beginning(self, word: str) -> Iterator[str]:
        for at in range(bisect_left(self._words, word), len(self._words)):
            if not self._words[at].startswith(word):
                return
            yield self._words[at]

    def _near(self, word: str) -> list[str]:
        if self._shortened is None:
            self._shortened = defaultdict(list)
            for known in self._words:
                if len(known) >= self._mistake_from - 1:
                    for less in shortened(known):
                        self._shortened[less].append(known)
        found = {known for less in shortened(word) for known in self._shortened.get(less, ())}
        return sorted(known for known in found if one_mistake(word, known))

    def _hits(self, query: Query, scores: Mapping[int, int]) -> tuple[Hit, ...]:
        best: dict[int, int] = {}
        offers: dict[int, list[tuple[int, Offer]]] = defaultdict(list)
        for number in sorted(scores):
            entry = self._entries[number]
            closer = closeness(self.directory, query, entry)
            if closer is None:
                continue
            score = scores[number] + closer
            best[entry.sheet] = max(score, best.get(entry.sheet, 0))
            if entry.offer is not None:
                offers[entry.sheet].append((score, entry.offer))
        hits = (
            Hit(
                self.directory.sheets[place],
                tuple(offer for _, offer in sorted(offers[place], key=lambda pair: -pair[0])),
                score,
            )
            for place, score in best.items()
        )
        return tuple(
            sorted(hits, key=lambda h: (-h.score, collation(h.sheet.name), h.sheet.organisation))
        )


def closeness(directory: Directory, query: Query, entry: Entry) -> int | None:
    """Return what the choices of a query add to an entry, ``None`` when they leave it out.

    An offer meant for the chosen neighbourhood comes before those of its commune, and these
    before those of the whole agglomeration.
    """
    offer = entry.offer
    if offer is None:
        commune = directory.sheets[entry.sheet].commune
        out = query.of_offers or (query.communes and commune not in query.communes)
        return None if out else 0
    if query.themes and not query.themes.intersection(offer.themes):
        return None
    if query.ages and offer.ages and not query.ages.intersection(offer.ages):
        return None
    if query.public and offer.public not in ("", _EVERYBODY, query.public):
        return None
    if query.free and offer.cost != FREE:
        return None
    if query.communes and not any(
        in_commune(offer, commune, directory.quartiers) for commune in query.communes
    ):
        return None
    if not query.quartiers:
        return 0
    close = max((reach(offer, place) for place in _chosen(directory, query)), default=Reach.NONE)
    return int(close) if close is not Reach.NONE else None


def _chosen(directory: Directory, query: Query) -> list[Place]:
    return [place for place in directory.quartiers if place.number in query.quartiers]
