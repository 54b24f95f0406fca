"""Which bodies are there on a day, who sits in them, and who is awaited at a meeting?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from terril.registres.folding import collation
from terril.registres.rows import Books, Row

#: a meeting that took place
HELD = "tenue"
#: one that is still to come
AHEAD = frozenset({"prevue", "convoquee"})
#: what counts as having been there
THERE = frozenset({"present", "represente"})
#: rank of the qualities in lists
QUALITIES = ("titulaire", "suppleant", "invite")


@dataclass(frozen=True, slots=True)
class Member:
    """A structure that sits in a body: its mandate and who it is."""

    mandate: int
    organisation: int
    name: str
    quality: str  # titulaire, suppleant, invite
    college: str  # code, "" when not told
    function: str
    email: str


def on(row: Row, day: dt.date | None) -> bool:
    """Is a row with ``depuis`` and ``jusqua`` in force that day? A blank bound limits nothing."""
    if day is None:
        return True
    start, end = row.get("depuis"), row.get("jusqua")
    return (start is None or start <= day) and (end is None or day <= end)


def bodies(books: Books, day: dt.date | None = None) -> tuple[Row, ...]:
    """Return the bodies in force, by name."""
    kept = (row for row in books.rows("instances") if on(row, day))
    return tuple(sorted(kept, key=lambda row: collation(str(row.get("nom") or ""))))


def members(books: Books, body: int, day: dt.date | None = None) -> tuple[Member, ...]:
    """Return who sits in a body that day: full members, substitutes, guests; then by name.

    A structure with several mandates of one quality appears once, by its latest mandate.
    """
    rows = [row for row in books.rows("mandats") if row.get("instance") == body]
    return _members(books, rows, day)


def _members(books: Books, rows: Sequence[Row], day: dt.date | None) -> tuple[Member, ...]:
    found: dict[tuple[int, str], Row] = {}
    for row in rows:
        if row.get("organisation") and on(row, day):
            key = (row.values["organisation"], row.get("qualite") or "titulaire")
            if key not in found or _later(row, found[key]):
                found[key] = row
    listed = [
        Member(
            mandate=row.number,
            organisation=organisation,
            name=books.name("organisations", organisation),
            quality=quality,
            college=row.get("college") or "",
            function=row.get("fonction") or "",
            email=row.get("courriel") or "",
        )
        for (organisation, quality), row in found.items()
    ]
    return tuple(
        sorted(listed, key=lambda m: (_rank(m.quality), collation(m.name), m.organisation))
    )


def _later(row: Row, other: Row) -> bool:
    return (row.get("depuis") or dt.date.min) >= (other.get("depuis") or dt.date.min)


def _rank(quality: str) -> int:
    return QUALITIES.index(quality) if quality in QUALITIES else len(QUALITIES)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A structure awaited at a meeting, with its line of attendance when there is one.

    ``presence`` is the row of the register ``presences``; ``state`` its code, "" when nothing
    was noted. ``people``, ``women``, ``men`` are ``None`` when not told. A structure added by
    hand to the sheet is awaited too.
    """

    organisation: int
    name: str
    quality: str
    college: str
    function: str
    presence: Row | None
    state: str
    people: int | None
    women: int | None
    men: int | None
    residents: bool

    @property
    def there(self) -> bool:
        """Was it present or represented?"""
        return self.state in THERE


def awaited(books: Books, meeting: Row) -> tuple[Awaited, ...]:
    """Return the structures awaited at a meeting: the members that day, then those added.

    A structure that is both full member and guest is awaited once, by its first quality.
    """
    return sheets(books, (meeting,))[0].awaited


@dataclass(frozen=True, slots=True)
class Sheet:
    """The attendance of one meeting. ``filled``: somebody noted at least one state."""

    meeting: Row
    awaited: tuple[Awaited, ...]

    @property
    def filled(self) -> bool:
        """Was anything noted?"""
        return any(a.state for a in self.awaited)


def sheets(books: Books, rows: Iterable[Row]) -> tuple[Sheet, ...]:
    """Return the attendance of several meetings, each register read once."""
    lines: dict[int, dict[int, Row]] = {}
    for row in books.rows("presences"):
        if row.get("reunion") and row.get("organisation"):
            lines.setdefault(row.values["reunion"], {})[row.values["organisation"]] = row
    mandates: dict[int, list[Row]] = {}
    for row in books.rows("mandats"):
        mandates.setdefault(row.get("instance") or 0, []).append(row)
    seated: dict[tuple[int, ...], tuple[Member, ...]] = {}  # most meetings of a body share them
    found = []
    for meeting in rows:
        day = meeting.get("date")
        sitting = [r for r in mandates.get(meeting.get("instance") or 0, ()) if on(r, day)]
        key = tuple(row.number for row in sitting)
        if key not in seated:
            seated[key] = _members(books, sitting, None)
        found.append(Sheet(meeting, _listed(books, seated[key], lines.get(meeting.number, {}))))
    return tuple(found)


def _listed(
    books: Books, sitting: Sequence[Member], lines: Mapping[int, Row]
) -> tuple[Awaited, ...]:
    listed: dict[int, Awaited] = {}
    for member in sitting:
        if member.organisation not in listed:
            listed[member.organisation] = _awaited(
                member.organisation, member.name, member.quality, member.college,
                member.function, lines.get(member.organisation),
            )  # fmt: skip
    added = [
        _awaited(number, books.name("organisations", number), "", "", "", row)
        for number, row in lines.items()
        if number not in listed
    ]
    added.sort(key=lambda a: (collation(a.name), a.organisation))
    return (*listed.values(), *added)


def _awaited(
    organisation: int, name: str, quality: str, college: str, function: str, row: Row | None
) -> Awaited:
    def told(column: str) -> int | None:
        return row.get(column) if row is not None else None

    women, men = told("femmes"), told("hommes")
    people = told("nombre")
    if people is None and women is not None and men is not None:
        people = women + men
    return Awaited(
        organisation=organisation,
        name=name,
        quality=(row.get("qualite") if row is not None else None) or quality or "invite",
        college=college,
        function=function,
        presence=row,
        state=(row.get("etat") if row is not None else None) or "",
        people=people,
        women=women,
        men=men,
        residents=bool(row is not None and row.get("habitants")),
    )


def meetings(books: Books, body: int | None = None, year: int | None = None) -> tuple[Row, ...]:
    """Return the meetings, of a body, of a year, in the order of their dates."""
    kept = (
        row
        for row in books.rows("reunions")
        if (body is None or row.get("instance") == body)
        and (year is None or (row.get("date") is not None and row.values["date"].year == year))
    )
    return in_time(kept)


def in_time(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Sort meetings by date and hour, those without a date first."""
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                row.get("date") or dt.date.min,
                row.get("debut") or dt.time.min,
                row.number,
            ),
        )
    )


def agenda_items(text: str | None) -> tuple[str, ...]:
    """Return the items of an agenda: one a line, without the marks put before them."""
    lines = (line.strip().lstrip("-–•*").strip() for line in (text or "").splitlines())
    return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Quorum:
    """What a body needs to sit, and whether it was reached."""

    needed: int
    there: int

    @property
    def reached(self) -> bool:
        """Were enough full members there?"""
        return self.there >= self.needed


def quorum(books: Books, meeting: Row) -> Quorum | None:
    """Return the quorum of a meeting; ``None`` when its body has none.

    Counted: structures that sit as full members, present or represented.
    """
    body = next((r for r in books.rows("instances") if r.number == meeting.get("instance")), None)
    needed = body.get("quorum") if body is not None else None
    if not needed:
        return None
    there = sum(1 for a in awaited(books, meeting) if a.there and a.quality == "titulaire")
    return Quorum(needed, there)
