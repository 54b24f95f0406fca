"""How are problems shown to the person who can solve them?

All together, numbered, by file in the order of the lines, with their kind, what was
expected and what to do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from terril.cli.screen import Screen
from terril.lib.problems import Problem, Severity

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_STYLE: Final = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_PLURAL: Final = {
    Severity.ERROR: "erreurs",
    Severity.WARNING: "avertissements",
    Severity.NOTE: "informations",
}


def show(screen: Screen, problems: Iterable[Problem], limit: int = 60) -> None:
    """Write the problems on the standard error, errors first; at most ``limit`` in full."""
    ordered = sorted(problems, key=_rank)
    if not ordered:
        return
    screen.note(count(ordered), "bold")
    for number, problem in enumerate(ordered[:limit], 1):
        place = str(problem.where)
        head = f"{number:>3}. {problem.severity.value}"
        screen.note(f"{head}, {place}" if place else head, _STYLE[problem.severity])
        screen.note(f"     {french_spaces(problem.what)}")
        if problem.expected:
            screen.note(f"     Attendu\u00a0: {french_spaces(problem.expected)}")
        if problem.remedy:
            screen.note(f"     À faire\u00a0: {french_spaces(problem.remedy)}")
        screen.note(f"     [{problem.code}]", "dim")
    if len(ordered) > limit:
        screen.note(f"     … et {len(ordered) - limit} autres.")


def count(problems: Iterable[Problem]) -> str:
    """Return « 2 erreurs, 1 avertissement »."""
    counts = Counter(problem.severity for problem in problems)
    return ", ".join(
        f"{counts[kind]} {kind.value if counts[kind] == 1 else _PLURAL[kind]}"
        for kind in _ORDER
        if counts[kind]
    )


def french_spaces(text: str) -> str:
    """Make the spaces before double marks narrow or fixed; add none, files are quoted as is."""
    text = re.sub(r" (?=[;!?%€])", "\u202f", text)
    return text.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _rank(problem: Problem) -> tuple[int, str, str, int]:
    where = problem.where
    return (_ORDER.index(problem.severity), where.file, where.sheet, where.line or 0)
