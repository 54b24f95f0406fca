"""What does a line of address say: which number, which street, which commune?

A line is written in many ways: with or without commas, the number before or after the street, a
building, a flat or a person's name around it. Every reading that makes sense is kept, the most
likely first; the matcher says which one exists. What is not a number, a street, a postcode or a
commune is dropped here and goes no further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terril.places.addresses.words import Name, level, name_from, place_from, tokens, vocabulary

#: says whether a levelled text names a commune that is loaded, of a postcode when it is known
IsPlace = Callable[[str, str], bool]

_MOST_WORDS_OF_A_PLACE: Final = 7
_SPAN: Final = 40  # « 12-14 » is a pair of numbers, « 12-302 » is not

_POSTCODE: Final = re.compile(r"\b(?:f ?- ?)?((?:0[1-9]|[1-8]\d|9[0-8])\d{3})\b")
_CUT_POSTCODE: Final = re.compile(r"(?<=[\s,])(\d{2} \d{3})(?=\s+[a-z]{2})")
_CEDEX: Final = re.compile(r"\bcedex\b(?: ?\d{1,2}\b)?")
_BOX: Final = re.compile(r"\b(?:b ?\.? ?p|c ?\.? ?s|t ?\.? ?s ?\.? ?a)\.? ?(?:n ?)?\d{1,6}\b")
_RESTANTE: Final = re.compile(r"\bposte restante\b")
_CARE: Final = re.compile(r"(?:\bchez\b|\bc/o\b)[^,\d]*")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_SUFFIX: Final = r"bis|ter|quater|quinquies|[a-z]"
_HOUSE: Final = re.compile(
    rf"(?:\bn(?:o|um|umero)?\.? ?)?\b0*(\d{{1,5}})(?: ?\b({_SUFFIX})\b(?! ?\d)|({_SUFFIX})\b)?"
    rf"(?: ?(?:-|/|&|\ba\b|\bet\b|\bau\b) ?0*(\d{{1,4}})(?: ?\b({_SUFFIX})\b|({_SUFFIX})\b)?)?"
)
_SAID: Final = re.compile(rf"(.*\S) n(?:o|um|umero)? ?(\d{{1,4}})(?: ?({_SUFFIX}))?")
_TRAILING: Final = re.compile(rf"(.*\S) (\d{{1,4}})(?: ?({_SUFFIX}))?")
_BARE: Final = re.compile(rf"(?:n ?)?\d{{1,4}}(?: ?(?:{_SUFFIX}))?")
#: words that may follow a street and say where in it the home is
_TEXT_AFTER: Final = """
residence res resid immeuble imm batiment bat appartement appt apt escalier etage logement hall
entree lotissement
"""
_AFTER: Final = frozenset(_TEXT_AFTER.split())
_REPEATS: Final = {"bis": "bis", "ter": "ter", "quater": "quater", "quinquies": "quinquies"}


@dataclass(frozen=True, slots=True)
class House:
    """A number in a street and its letter: 12, « bis ». ``suffix`` is "" when there is none."""

    number: int
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the line: the houses (none, one, or a pair) and the street.

    ``place``: the commune when it was recognised inside this reading.
    """

    houses: tuple[House, ...]
    street: Name
    place: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """What a line says. ``place`` is levelled (``place_key``); empty texts for what is not said."""

    readings: tuple[Reading, ...]
    postcode: str = ""
    place: str = ""
    insee: str = ""
    cedex: bool = False
    box: bool = False  # a post-office box: nobody lives there

    @property
    def empty(self) -> bool:
        """Does the line say nothing?"""
        return not (self.readings or self.postcode or self.place or self.insee or self.box)


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of a line that hold an address, as written."""

    text: str = ""  # the number and the street, or the whole address
    postcode: str = ""
    place: str = ""
    insee: str = ""


@lru_cache(maxsize=1)
def _complements() -> tuple[re.Pattern[str], ...]:
    known = vocabulary()
    words = "|".join(sorted(known.complements, key=len, reverse=True))
    types = "|".join(sorted({*known.streets, *known.estates}, key=len, reverse=True))
    what = r"(?:n ?)?(?:\d+[a-z]?|[a-z]\d*|gauche|droite)"
    nth = r"\d+ ?(?:er|ere|eme|e|nd) ?|premier |deuxieme |troisieme |rez de chaussee "
    return (
        re.compile(rf"\b(?:{nth})(?:etage|etg|et)\b"),
        re.compile(r"\b(?:rdc|rez[ -]de[ -]chaussee)\b"),
        # « bat a », « appt 12 » ; but in « lot 3 rue X » the 3 may be the number of the house
        re.compile(rf"\b(?:{words})\.? {what}(?=$|[ ,/-])(?! (?:{types})\b)"),
    )


def address_of(line: Line, is_place: IsPlace | None = None) -> Address:
    """Return what a line says.

    ``is_place`` finds a commune at the end of a text that has neither postcode nor comma.
    """
    text = _separated(level(line.text))
    postcode = "".join(re.findall(r"\d", line.postcode))
    postcode = postcode.zfill(5) if 4 <= len(postcode) <= 5 else ""
    insee = line.insee.strip().upper()
    place_text = level(line.place)
    cedex = bool(_CEDEX.search(text) or _CEDEX.search(place_text))
    held = _POSTCODE.search(place_text)  # « 62000 ARRAS » in the column of the commune
    if held:
        postcode = postcode or held[1]
        place_text = _POSTCODE.sub(" ", place_text)
    place = _place(place_text)
    box = bool(_BOX.search(text) or _RESTANTE.search(text))
    text = _RESTANTE.sub(" ", _BOX.sub(" ", text))
    text, found_postcode, found_place = _tail(text)
    postcode = postcode or found_postcode
    place = place or found_place
    text = _CARE.sub(" ", _CEDEX.sub(" ", text))
    readings, inner = _readings(text, place or insee, postcode, is_place)
    return Address(readings, postcode, place or inner, insee, cedex, box)


def _separated(text: str) -> str:
    """Return the text with commas for whatever parts it, and brackets opened."""
    text = _BRACKETS.sub(r", \1 ,", text)
    text = re.sub(r"[\r\n\t;|]+|\s[-–—]\s|, *-|- *,", ", ", text)
    return re.sub(r"\s+", " ", re.sub(r"[’'`´.]", " ", text)).strip(" ,-")


def _place(text: str) -> str:
    """Return the key of the commune that a text writes: « LENS CEDEX 2 (62) » → lens."""
    text = _CEDEX.sub(" ", _BRACKETS.sub(" ", text))
    return place_from([part for part in tokens(text) if not part.isdigit()])


def _tail(text: str) -> tuple[str, str, str]:
    """Take the postcode and the commune off the end; return (rest, postcode, commune)."""
    text = re.sub(r",? ?\bfrance\b ?$", "", text)
    found = [
        match
        for match in _POSTCODE.finditer(text)
        if match.start() or not _opens(text[match.end() :])  # « 10000 route X » is a number
    ] or list(_CUT_POSTCODE.finditer(text))
    if not found:
        return text, "", ""
    last = found[-1]
    before, after = text[: last.start()].strip(" ,-"), text[last.end() :].strip(" ,-")
    postcode = last[1].replace(" ", "")
    if not before and "," in after:  # « 62000 Arras, 3 rue X »
        after, _, before = after.partition(",")
    place = _place(after.partition(",")[0])
    if place or not before:
        return before, postcode, place
    head, comma, final = before.rpartition(",")  # « 3 rue X, Arras 62000 »
    if comma and not re.search(r"\d", final) and not _opens(final):
        return head, postcode, _place(final)
    return before, postcode, ""


def _opens(text: str) -> bool:
    """Does the text open with a type of street or place?"""
    parts = tokens(text)
    return bool(parts) and bool(vocabulary().type_of(parts[0]))


# ------------------------------------------------------------------ readings


def _readings(
    text: str, known_place: str, postcode: str, is_place: IsPlace | None
) -> tuple[tuple[Reading, ...], str]:
    """Return the readings, the likeliest first, and the commune found among the segments."""
    text = re.sub(rf"^((?:n ?)?\d+ ?(?:{_SUFFIX})?) ?,", r"\1 ", text)  # « 12, rue X »
    segments: list[str] = []
    for raw in text.split(","):
        part = _stripped(raw)
        if segments and _BARE.fullmatch(part):  # « rue X, 12 »
            segments[-1] += " " + part
        elif part:
            segments.append(part)
    place = ""
    if not known_place and is_place is not None and len(segments) > 1:
        for at in range(len(segments) - 1, -1, -1):
            key = _place(segments[at])
            if key and not re.search(r"\d", segments[at]) and is_place(key, postcode):
                place = key
                del segments[at]
                break
    ranked: list[tuple[int, int, Reading]] = []
    seek = is_place if not known_place and not place else None
    for segment in segments:
        for part, inner in _without_place(segment, postcode, seek):
            for rank, houses, name in _of_segment(part):
                ranked.append((rank, len(ranked), Reading(houses, name, inner)))
    ordered = [reading for _, _, reading in sorted(ranked, key=lambda r: r[:2])]
    return tuple(dict.fromkeys(ordered)), place


def _without_place(
    segment: str, postcode: str, is_place: IsPlace | None
) -> Iterator[tuple[str, str]]:
    """Yield the segment without the commune that may end it, and that commune; then as it is."""
    words = segment.split()
    if is_place is not None:
        for count in range(min(_MOST_WORDS_OF_A_PLACE, len(words) - 1), 0, -1):
            end = " ".join(words[-count:])
            if re.search(r"\d", end):
                continue
            rest = " ".join(words[:-count])
            name = name_from(tokens(re.sub(r"^\d+ ", "", rest)))
            if set(name.words) - vocabulary().articles and is_place(_place(end), postcode):
                yield rest, _place(end)
    yield segment, ""


def _stripped(segment: str) -> str:
    for pattern in _complements():
        segment = pattern.sub(" ", segment)
    return re.sub(r"\s+", " ", segment).strip(" ,-/")


def _of_segment(segment: str) -> Iterator[tuple[int, tuple[House, ...], Name]]:
    """Yield the readings of a segment, each with its rank (0 is the likeliest)."""
    known = vocabulary()
    starts = _starts(segment)
    streets = [tokens(rest) for _, _, rest in starts]
    for (start, houses, _), parts in zip(starts, streets, strict=True):
        if not parts or all(part.isdigit() for part in parts):
            continue
        street, estate = parts[0] in known.streets, parts[0] in known.estates
        rank = 0 if street else 2 if estate else 4 if start == 0 else 7
        yield from _with_and_without_home(rank, houses, parts)
    parts = tokens(segment)
    for at, part in enumerate(parts):  # « residence X rue Y »: the street, without the number
        if at and part in known.streets and len(part) > 2 and len(parts) > at + 1:
            if parts[at:] not in streets:
                yield 3, (), name_from(parts[at:])
            break
    if not starts or starts[0][0] > 0:
        yield from _without_head(segment, parts)


def _with_and_without_home(
    rank: int, houses: tuple[House, ...], parts: list[str]
) -> Iterator[tuple[int, tuple[House, ...], Name]]:
    """Yield a reading, and the same without what says where in the street the home is."""
    yield rank, houses, name_from(parts)
    for at, part in enumerate(parts):  # « rue X residence Y »
        if at > 1 and part in _AFTER:
            yield rank + 1, houses, name_from(parts[:at])
            break


def _without_head(segment: str, parts: list[str]) -> Iterator[tuple[int, tuple[House, ...], Name]]:
    """Yield the readings of a segment that does not open with a number."""
    if not parts or all(part.isdigit() for part in parts):
        return
    opens = bool(vocabulary().type_of(parts[0]))
    said = _SAID.fullmatch(segment)  # « rue X n° 12 » says it, « rue X 12 » may not
    trailing = said or _TRAILING.fullmatch(segment)
    if trailing:
        house = House(int(trailing[2]), _suffix(trailing[3] or ""))
        before = tokens(trailing[1])
        if before and not all(part.isdigit() for part in before):
            yield ((0 if said else 2) if opens else 5), (house,), name_from(before)
    yield from _with_and_without_home(1 if opens else 5, (), parts)


def _starts(segment: str) -> list[tuple[int, tuple[House, ...], str]]:
    """Return the places where a number may open the address: (start, houses, what follows)."""
    known = vocabulary()
    found: list[tuple[int, tuple[House, ...], str]] = []
    for match in _HOUSE.finditer(segment):
        start = match.start()
        houses, end = _houses(match, segment)
        rest = segment[end:].strip(" ,-")
        follows = tokens(rest)[:1]
        typed = bool(follows) and bool(known.type_of(follows[0]))
        if rest and (start == 0 or typed):
            found.append((start, houses, rest))
    return found


def _houses(match: re.Match[str], segment: str) -> tuple[tuple[House, ...], int]:
    """Return the houses of a match and where it ends, letters that open a word given back."""
    first = int(match[1])
    letter = match[2] or match[3] or ""
    end = match.end(2) if match[2] else match.end(3) if match[3] else match.end(1)
    if letter and not _is_suffix(letter, segment[end:], bool(match[3])):
        return (House(first),), match.end(1)
    house = House(first, _suffix(letter))
    if match[4] is None:
        return (house,), end
    second = int(match[4])
    other = match[5] or match[6] or ""
    far = match.end(5) if match[5] else match.end(6) if match[6] else match.end(4)
    if other and not _is_suffix(other, segment[far:], bool(match[6])):
        other, far = "", match.end(4)
    pair = House(second, _suffix(other))
    if second == first and pair != house or first < second <= first + _SPAN:
        return (house, pair), far
    return (house,), far  # « 12/3 »: the flat 3 of number 12


def _is_suffix(letter: str, rest: str, stuck: bool) -> bool:
    """Is the letter after a number a letter of the house, or does it open the street?"""
    if letter in _REPEATS:
        return True
    follows = tokens(rest)[:1]
    if not follows:
        return stuck or letter not in ("r", "l", "d")
    typed = bool(vocabulary().type_of(follows[0]))
    if stuck:
        return True
    if letter == "r":
        return typed and follows[0] not in ("r",)
    if letter in ("l", "d") and follows[0][0] in "aeiouyh":
        return False
    return typed


def _suffix(letter: str) -> str:
    return _REPEATS.get(letter, letter)
