"""How are problems shown to the person who can solve them?

All together, numbered, by file in the order of the lines, with their kind, what was
expected and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from terril.cli.screen import Screen
from terril.lib.problem_words import count as count
from terril.lib.problem_words import french_spaces as french_spaces
from terril.lib.problem_words import ordered
from terril.lib.problems import Problem, Severity

_STYLE: Final = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def show(screen: Screen, problems: Iterable[Problem], limit: int = 60) -> None:
    """Write the problems on the standard error, errors first; at most ``limit`` in full."""
    held = ordered(problems)
    if not held:
        return
    screen.note(count(held), "bold")
    for number, problem in enumerate(held[:limit], 1):
        place = str(problem.where)
        head = f"{number:>3}. {problem.severity.value}"
        screen.note(f"{head}, {place}" if place else head, _STYLE[problem.severity])
        screen.note(f"     {french_spaces(problem.what)}")
        if problem.expected:
            screen.note(f"     Attendu\u00a0: {french_spaces(problem.expected)}")
        if problem.remedy:
            screen.note(f"     À faire\u00a0: {french_spaces(problem.remedy)}")
        screen.note(f"     [{problem.code}]", "dim")
    if len(held) > limit:
        screen.note(f"     … et {len(held) - limit} autres.")
