"""How often did the bodies meet, who came, how varied and how constant were they?

Definitions, which the screens show beside the figures:

- *held*: a meeting in the state « tenue »;
- *there*: a structure present or represented;
- *awaited*: a structure with a mandate that day, or added to the sheet. A substitute that did
  not come is not missed. Where nothing was noted for a structure, nothing is known: it is
  neither there nor absent, and is counted apart;
- *presence rate*: there ÷ awaited and known, over all the meetings;
- *variety*: number of distinct structures there; and the inverse of Simpson’s index over the
  natures of structures, 1 ÷ Σ p², p being the share of the presences of one nature. It reads as
  a number of natures: 3 when three natures came as often as one another, 1 when one came alone;
- *colleges represented*: colleges of which a structure came once at least ÷ colleges seated;
- *constant*: a structure there at two known meetings out of three or more (card
  ``assiduite_constance``), told from two known meetings on (``assiduite_minimum``);
- *residents*: people on lines « au titre des habitants » ÷ people counted;
- *women*: women ÷ (women + men), over the lines that tell both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from terril.catalogue.cards import Catalogue
from terril.contrat.meetings.bodies import HELD, Awaited, Sheet, meetings, sheets
from terril.registres.folding import collation
from terril.registres.rows import Books, Row


@dataclass(frozen=True, slots=True)
class Regularity:
    """One structure over the meetings: where it was awaited and known, where it was there."""

    organisation: int
    name: str
    nature: str  # code of ``natures_organisation``, "" when not told
    known: int
    there: int
    unknown: int
    constant: bool | None  # None: too few known meetings to tell

    @property
    def share(self) -> Fraction | None:
        """The share of known meetings where it was there."""
        return Fraction(self.there, self.known) if self.known else None


@dataclass(frozen=True, slots=True)
class Assiduity:
    """The attendance of one body, or of all, in one year or over all.

    Counts of pairs structure × meeting: ``there``, ``excused``, ``absent``, ``unknown``.
    Counts of people: ``people`` (where told), ``residents``, ``women``, ``men`` (where both are
    told), ``by_sex`` (people of those lines). ``least`` and ``most``: the meetings awaited in a
    year, ``None`` when the body has no rhythm.
    """

    held: int
    without_sheet: int
    least: int | None
    most: int | None
    there: int
    excused: int
    absent: int
    unknown: int
    structures: tuple[Regularity, ...]
    natures: tuple[tuple[str, int], ...]  # presences by nature, the most first
    colleges_seated: tuple[str, ...]
    colleges_seen: tuple[str, ...]
    people: int
    lines_without_people: int
    residents: int
    women: int
    men: int

    @property
    def known(self) -> int:
        """Pairs structure × meeting of which something is known."""
        return self.there + self.excused + self.absent

    @property
    def presence_rate(self) -> Fraction | None:
        """There ÷ awaited and known."""
        return Fraction(self.there, self.known) if self.known else None

    @property
    def distinct(self) -> int | None:
        """Number of distinct structures that came; ``None`` without any sheet."""
        return sum(1 for s in self.structures if s.there) if self.known else None

    @property
    def variety(self) -> Fraction | None:
        """Inverse of Simpson’s index over the natures of the structures that came."""
        return inverse_simpson(count for _, count in self.natures)

    @property
    def represented_share(self) -> Fraction | None:
        """Colleges that came ÷ colleges seated."""
        if not self.colleges_seated or not self.known:
            return None
        seen = set(self.colleges_seen) & set(self.colleges_seated)
        return Fraction(len(seen), len(self.colleges_seated))

    @property
    def constant_share(self) -> Fraction | None:
        """Constant structures ÷ structures whose constancy can be told."""
        told = [s for s in self.structures if s.constant is not None]
        return Fraction(sum(1 for s in told if s.constant), len(told)) if told else None

    @property
    def never(self) -> tuple[Regularity, ...]:
        """The structures awaited twice or more that never came."""
        return tuple(s for s in self.structures if s.constant is not None and not s.there)

    @property
    def resident_share(self) -> Fraction | None:
        """Residents ÷ people counted."""
        return Fraction(self.residents, self.people) if self.people else None

    @property
    def women_share(self) -> Fraction | None:
        """Women ÷ (women + men), where both are told."""
        total = self.women + self.men
        return Fraction(self.women, total) if total else None


def inverse_simpson(counts: Iterable[int]) -> Fraction | None:
    """Return 1 ÷ Σ (n ÷ N)² over the counts above zero; ``None`` when there is none."""
    kept = [count for count in counts if count > 0]
    if not kept:
        return None
    return Fraction(sum(kept) ** 2, sum(count * count for count in kept))


class Attendance:
    """The attendance of a contract, each register read once, asked by body and by year."""

    def __init__(self, books: Books, catalogue: Catalogue, body: int | None = None) -> None:
        """Read the meetings held, of one body when it is given."""
        rows = [row for row in meetings(books, body) if row.get("etat") == HELD]
        self._sheets = sheets(books, rows)
        self._bodies = tuple(books.rows("instances"))
        self._natures = {row.number: row.get("nature") or "" for row in books.rows("organisations")}
        self._constant = Fraction(*(int(n) for n in catalogue.numbers("assiduite_constance")))
        self._minimum = int(catalogue.number("assiduite_minimum"))
        self._asked: dict[tuple[int | None, int | None], Assiduity] = {}
        self._listed: dict[int | None, tuple[tuple[Row, Assiduity], ...]] = {}

    @property
    def years(self) -> tuple[int, ...]:
        """The years with a meeting held, the latest first."""
        dates = (sheet.meeting.get("date") for sheet in self._sheets)
        return tuple(sorted({day.year for day in dates if day is not None}, reverse=True))

    def of(self, body: int | None = None, year: int | None = None) -> Assiduity:
        """Return the attendance of a body (of all when ``None``) in a year (over all)."""
        if (body, year) not in self._asked:
            found = next((row for row in self._bodies if row.number == body), None)
            rhythm = _rhythm_of(found) if found is not None else (None, None)
            self._asked[body, year] = self._told(self._held(body, year), rhythm)
        return self._asked[body, year]

    def by_body(self, year: int | None = None) -> tuple[tuple[Row, Assiduity], ...]:
        """Return the attendance of each body that met or has a rhythm, by name of body."""
        if year in self._listed:
            return self._listed[year]
        held: dict[int, list[Sheet]] = {}
        for sheet in self._held(None, year):
            held.setdefault(sheet.meeting.get("instance") or 0, []).append(sheet)
        listed = [
            (row, self._told(held.get(row.number, []), _rhythm_of(row)))
            for row in self._bodies
            if row.number in held or row.get("rythme") is not None
        ]
        listed.sort(key=lambda pair: collation(str(pair[0].get("nom") or "")))
        self._listed[year] = tuple(listed)
        return self._listed[year]

    def _held(self, body: int | None, year: int | None) -> list[Sheet]:
        return [
            sheet
            for sheet in self._sheets
            if (body is None or sheet.meeting.get("instance") == body)
            and (year is None or ((d := sheet.meeting.get("date")) and d.year == year))
        ]

    def _told(self, held: Sequence[Sheet], rhythm: tuple[int | None, int | None]) -> Assiduity:
        known: Counter[int] = Counter()
        there: Counter[int] = Counter()
        unknown: Counter[int] = Counter()
        states: Counter[str] = Counter()
        names: dict[int, str] = {}
        seated: dict[str, None] = {}
        seen: dict[str, None] = {}
        came: list[Awaited] = []
        for sheet in held:
            filled = sheet.filled
            for line in sheet.awaited:
                names[line.organisation] = line.name
                if line.college:
                    seated[line.college] = None
                if line.quality == "suppleant" and not line.there:
                    continue
                if not filled or not line.state:
                    unknown[line.organisation] += 1
                    continue
                known[line.organisation] += 1
                states["there" if line.there else line.state] += 1
                if line.there:
                    there[line.organisation] += 1
                    came.append(line)
                    if line.college:
                        seen[line.college] = None
        structures = [
            self._regular(number, name, known[number], there[number], unknown[number])
            for number, name in names.items()
            if known[number] or unknown[number]
        ]
        structures.sort(key=lambda s: (-s.there, -s.known, collation(s.name), s.organisation))
        told = [line.people for line in came if line.people is not None]
        both = [(x.women, x.men) for x in came if x.women is not None and x.men is not None]
        natures = Counter(self._natures.get(line.organisation, "") for line in came)
        return Assiduity(
            held=len(held),
            without_sheet=sum(1 for sheet in held if not sheet.filled),
            least=rhythm[0],
            most=rhythm[1],
            there=states["there"],
            excused=states["excuse"],
            absent=states["absent"],
            unknown=sum(unknown.values()),
            structures=tuple(structures),
            natures=tuple(natures.most_common()),
            colleges_seated=tuple(seated),
            colleges_seen=tuple(seen),
            people=sum(told),
            lines_without_people=len(came) - len(told),
            residents=sum(x.people or 0 for x in came if x.residents),
            women=sum(women for women, _ in both),
            men=sum(men for _, men in both),
        )

    def _regular(self, number: int, name: str, known: int, there: int, unknown: int) -> Regularity:
        return Regularity(
            organisation=number,
            name=name,
            nature=self._natures.get(number, ""),
            known=known,
            there=there,
            unknown=unknown,
            constant=None if known < self._minimum else Fraction(there, known) >= self._constant,
        )


def assiduity(
    books: Books, catalogue: Catalogue, body: int | None = None, year: int | None = None
) -> Assiduity:
    """Return the attendance of a body (of all when ``None``) in a year (over all when ``None``)."""
    return Attendance(books, catalogue, body).of(body, year)


def _rhythm_of(row: Row) -> tuple[int | None, int | None]:
    least = row.get("rythme")
    most = row.get("rythme_max")
    return least, most if most is not None else least
