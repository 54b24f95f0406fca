"""What does a card of the legal calendar say: what is owed, by whom, by which rule of date?

A rule has one of a closed list of forms; the months, days and years that texts fix are in the
card, with the text and with how it is known.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from terril.catalogue.schema import Card, Code, Text

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]

#: how a rule is known: T, its text was read; R, a published source reports it; U, custom or
#: general knowledge that nobody checked
Known = Literal["T", "R", "U"]

_LONGEST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class FixedDay(Card):
    """The same day each year. ``before``: strictly before it, so the eve is the last day."""

    form: Literal["fixed_day"]
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    before: bool = False

    @model_validator(mode="after")
    def _exists(self) -> FixedDay:
        if self.day > _LONGEST[self.month - 1]:
            raise ValueError(f"le mois {self.month} n’a pas de jour {self.day} chaque année")
        return self


class Yearly(Card):
    """Once in each year, no day fixed: the contract may set one, else the year is the limit."""

    form: Literal["yearly"]


class Once(Card):
    """Once, in a year, on a day when the text fixes one."""

    form: Literal["once"]
    year: int = Field(ge=2000, le=2100)
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)

    @model_validator(mode="after")
    def _both(self) -> Once:
        if (self.month is None) != (self.day is None):
            raise ValueError("« month » et « day » vont ensemble")
        if self.month is not None and (self.day or 0) > _LONGEST[self.month - 1]:
            raise ValueError(f"le mois {self.month} n’a pas de jour {self.day} chaque année")
        return self


class Every(Card):
    """Every so many years, counted from the start of the contract, until its end."""

    form: Literal["every"]
    years: int = Field(ge=1, le=20)


class AfterDate(Card):
    """So many months after a date of each row of a register.

    ``only`` keeps the rows where a column is one of these words: column → codes. ``done``: the
    column of the row that says it is done, by a date or a yes.
    """

    form: Literal["after_date"]
    months: int = Field(ge=1, le=120)
    table: Code  # a register
    column: Code
    only: dict[Code, tuple[Code, ...]] = {}
    done: Code | None = None


class BeforeTarget(Card):
    """So many months before the day that the contract set for another deadline."""

    form: Literal["before_target"]
    months: int = Field(ge=1, le=24)
    target: Code


class EachTime(Card):
    """So many months after an event that no register holds: told, not dated."""

    form: Literal["each_time"]
    months: int = Field(ge=1, le=120)
    event: Text  # with its article: "la signature de chaque convention"


Rule = Annotated[
    FixedDay | Yearly | Once | Every | AfterDate | BeforeTarget | EachTime,
    Field(discriminator="form"),
]


class Deadline(Card):
    """Something that a text asks for at a time."""

    label: Text
    about: Text  # a whole sentence
    owed_by: Text
    rule: Rule
    text: Text  # the text that asks for it
    known: Known
    since: Day  # first day on which it may fall due
    until: Day | None = None  # last day
    generations: tuple[Code, ...] = ()  # of contracts, all unless given
    optional: bool = False  # nobody is late who does not do it
