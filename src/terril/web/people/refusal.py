"""Why may a person not do something?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The sentence that the person reads; ``status`` is that of the answer.

    403: she has not the right. 409: she has it, but not in this state of things.
    """

    text: str
    status: int = 403


class RefusedError(Exception):
    """Raised by an action that may not be done."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.text)
