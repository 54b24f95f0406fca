"""How far along is a long piece of work?

Long stages report to a :class:`Progress`; the command line draws a bar or plain lines, the
tests and the web use :class:`Silent`. Labels are French: people read them.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a long piece of work says of itself."""

    def stage(self, label: str, total: int | None = None) -> None:
        """Begin a stage; ``total`` is its number of steps, when it is known."""

    def advance(self, steps: int = 1) -> None:
        """Say that ``steps`` more steps of the current stage are done."""


class Silent:
    """A progress that nobody watches."""

    def stage(self, label: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""
