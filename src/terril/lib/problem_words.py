"""In which order and in which words are problems shown to the person who can solve them?

Errors first, then by file in the order of the lines: the command line and the site say the
same thing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from terril.lib.problems import Problem, Severity

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
PLURAL: Final = {
    Severity.ERROR: "erreurs",
    Severity.WARNING: "avertissements",
    Severity.NOTE: "informations",
}


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, errors first, by file, sheet and line."""
    return sorted(problems, key=_rank)


def count(problems: Iterable[Problem]) -> str:
    """Return « 2 erreurs, 1 avertissement »."""
    counts = Counter(problem.severity for problem in problems)
    return ", ".join(
        f"{counts[kind]} {kind.value if counts[kind] == 1 else PLURAL[kind]}"
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
