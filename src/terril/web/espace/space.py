"""Who is here, in which contract, with which roles, and what do its registers hold?

A :class:`Space` is made for a request and serves as the ``Books`` of the rules: they see the
registers of one contract and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property

from django.utils import timezone

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Register
from terril.registres.cells import shown
from terril.registres.names import BookNames
from terril.registres.rows import Row
from terril.web.espace.cards import cards, cards_with, indicator_labels
from terril.web.espace.kept import Kept, at_hand, count_rows, rows_of, stamps
from terril.web.espace.models import Contract, Membership
from terril.web.people.models import Person


class Space:
    """A contract as one person sees it. Without a person: the public’s, or the command line’s."""

    def __init__(
        self,
        contract: Contract,
        person: Person | None = None,
        memberships: Iterable[Membership] = (),
        *,
        everything: bool = False,
        origin: str = "",
    ) -> None:
        self.contract = contract
        self.person = person
        self.memberships = tuple(memberships)
        #: the command line of the site, which may do all
        self.everything = everything
        #: what the journal calls who acts without an account: "" for the command line
        self.origin = origin
        #: several rows are written in one transaction: what was read first holds until its end
        self.batch = False
        #: it wrote, so that its rows are no longer those of its stamps
        self.wrote = False

    @cached_property
    def roles(self) -> frozenset[str]:
        """The codes of the roles that the person has in this contract."""
        return frozenset(one.role for one in self.memberships)

    @cached_property
    def today(self) -> dt.date:
        """The day of the request, in the time of the site."""
        return timezone.localdate()

    @cached_property
    def catalogue(self) -> Catalogue:
        """The cards that hold here: the levels of the tree have the names of the contract."""
        names = (str(level[0]) for level in self.contract.levels if level)
        return cards_with(tuple(name[:1].upper() + name[1:] for name in names))

    def card(self, register: str) -> Register:
        """Return the card of a register; raises ``KeyError``."""
        return cards().registers[register]

    @cached_property
    def _stamps(self) -> dict[str, int]:
        return stamps(self.contract)

    @property
    def mark(self) -> tuple[tuple[str, int], ...] | None:
        """What changes when any register does; ``None`` once this space wrote."""
        return None if self.wrote else tuple(sorted(self._stamps.items()))

    @cached_property
    def _read(self) -> dict[str, Kept]:
        return {}

    def kept(self, register: str) -> Kept:
        """Return all rows of a register, archived too, as they stood when first asked for."""
        found = self._read.get(register)
        if found is None:
            found = rows_of(self.contract, register, self._stamps.get(register, 0), cards())
            self._read[register] = found
        return found

    def refresh(self) -> None:
        """Read again what is asked for next: others may have written."""
        if self.batch:
            return
        for name in ("_stamps", "_read", "names"):
            self.__dict__.pop(name, None)
        self.wrote = False

    def learn(self, register: str, row: Row) -> None:
        """Know a row that was just written, without reading its register again."""
        self._read[register] = self.kept(register).learnt(row)
        self.wrote = True
        self.__dict__.pop("names", None)

    def counts(self, registers: Iterable[str]) -> dict[str, int]:
        """How many rows that are not archived each of these registers has; none is read."""
        found: dict[str, int] = {}
        asked: list[str] = []
        for code in registers:
            known = self._read.get(code) or at_hand(self.contract, code, self._stamps.get(code, 0))
            if known is not None:
                found[code] = len(known.live)
            else:
                asked.append(code)
        return {**found, **count_rows(self.contract, asked)} if asked else found

    def shuts(self, register: str) -> bool:
        """Is this register for roles that the person does not have?"""
        card = self.card(register)
        return (
            bool(card.read)
            and not self.everything
            and self.roles.isdisjoint((*card.read, *card.write))
        )

    def rows(self, register: str) -> Sequence[Row]:
        """The rows that are not archived, in the order of their numbers."""
        return self.kept(register).live

    def row(self, register: str, number: int) -> Row | None:
        """A row, archived or not."""
        return self.kept(register).numbers.get(number)

    @cached_property
    def names(self) -> BookNames:
        """What links are called, and what a name refers to."""
        return BookNames(self.catalogue, self, indicator_labels())

    def name(self, register: str, number: int) -> str:
        """The name of a row, archived or not; "n° 12" when there is none, or it may not be read."""
        if self.shuts(register):
            return f"n°\u00a0{number}"
        kept = self.kept(register)
        known = kept.names.get(number)
        if known is not None:
            return known
        row = kept.numbers.get(number)
        if row is None:
            return f"n°\u00a0{number}"
        card = self.card(register)
        name = self._named(card, row)
        if not any(card.columns[column].target for column in card.name):
            kept.names[number] = name
        return name

    def _named(self, card: Register, row: Row) -> str:
        words = [
            shown(card.columns[column], row.get(column), self.catalogue, self.names)
            for column in card.name
            if row.get(column) is not None
        ]
        return " – ".join(words) if words else f"n°\u00a0{row.number}"

    @cached_property
    def organisations(self) -> frozenset[int]:
        """The numbers of the organisations that the person speaks for."""
        return frozenset(one.organisation for one in self.memberships if one.organisation)

    def organisations_of(self, role: str) -> frozenset[int]:
        """The numbers of the organisations that the person speaks for in a role of hers."""
        return frozenset(
            one.organisation for one in self.memberships if one.role == role and one.organisation
        )

    def quartiers(self, role: str) -> frozenset[int]:
        """The neighbourhoods that a role of hers covers: those named, else those of her commune."""
        found: set[int] = set()
        for one in self.memberships:
            if one.role != role:
                continue
            if one.quartiers:
                found.update(one.quartiers)
            elif one.organisation:
                found.update(self._of_commune(one.organisation))
        return frozenset(found)

    def _of_commune(self, organisation: int) -> set[int]:
        row = self.row("organisations", organisation)
        commune = row.get("commune") if row is not None else None
        if commune is None:
            return set()
        return {
            row.number for row in self.rows("quartiers") if commune in (row.get("communes") or ())
        }


def space_of(contract: Contract, person: Person) -> Space:
    """Return the space of a person in a contract, with the memberships that hold today."""
    held = Membership.objects.filter(contract=contract, person=person, until__isnull=True)
    return Space(contract, person, held)


def spaces_of(person: Person) -> list[Space]:
    """Return a space for each contract that the person is a member of."""
    held: dict[int, list[Membership]] = {}
    contracts: dict[int, Contract] = {}
    memberships = Membership.objects.filter(person=person, until__isnull=True)
    for one in memberships.select_related("contract").order_by("contract__name", "pk"):
        held.setdefault(one.contract.pk, []).append(one)
        contracts[one.contract.pk] = one.contract
    return [Space(contracts[key], person, found) for key, found in held.items()]
