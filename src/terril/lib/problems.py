"""What is wrong, where, and what can the person do about it?

Every room reports bad input through :class:`Problem`; problems are gathered in a
:class:`ProblemList` and shown together, never one at a time. The texts are read by
analysts: they are in French, plain, and end with a remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters to the run."""

    ERROR = "erreur"  # the file or the card is refused
    WARNING = "avertissement"  # something is set aside or doubtful, the run goes on
    NOTE = "information"


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a problem. ``line`` is 1-based, as a spreadsheet or an editor shows it."""

    file: str = ""
    sheet: str = ""
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f"feuille « {self.sheet} »")
        if self.line is not None:
            parts.append(f"ligne {self.line}")
        if self.column:
            parts.append(f"colonne « {self.column} »")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One located problem: what was found, what was expected, what to do.

    ``code`` is stable (``fichier-vide``, ``territoire-inconnu``…), so that tests and the
    guide can name it.
    """

    code: str
    where: Where
    what: str
    expected: str = ""
    remedy: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        text = f"{self.where} : {self.what}" if str(self.where) else self.what
        if self.expected:
            text += f" Attendu : {self.expected}"
        if self.remedy:
            text += f" À faire : {self.remedy}"
        return text


@dataclass(slots=True)
class ProblemList:
    """Gathers problems; ``raise_errors`` ends a stage when at least one is an error."""

    items: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep one more problem."""
        self.items.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep several more problems."""
        self.items.extend(problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def errors(self) -> list[Problem]:
        """The problems that refuse the file or the card."""
        return [p for p in self.items if p.severity is Severity.ERROR]

    def raise_errors(self) -> None:
        """Raise :class:`ProblemsError` when there is at least one error."""
        if self.errors:
            raise ProblemsError(self.items)


class ProblemsError(Exception):
    """Raised with all the problems of a stage at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))
