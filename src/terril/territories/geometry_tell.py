"""How are the problems of a file of outlines told: the first of a sort one by one, then counted?

When the project says which outlines are its own, those of the others (a national file) are
only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity, Where

SHOWN: Final = 5  # problems of one sort that are told one by one


class Teller:
    """Tells the problems of one file.

    ``sheet`` is the layer, when the file holds several. ``own``: codes of the outlines whose
    problems are told one by one; empty for all.
    """

    def __init__(
        self, file: str, sheet: str, problems: ProblemList, own: Collection[str] = ()
    ) -> None:
        self.file = file
        self.sheet = sheet
        self.problems = problems
        self.own = frozenset(own)
        self.codes: Sequence[str] = ()
        self.told: Counter[tuple[str, Severity]] = Counter()
        self.more: Counter[tuple[str, Severity]] = Counter()  # like those told
        self.away: Counter[str] = Counter()  # of outlines of others

    def about(self, codes: Sequence[str]) -> None:
        """Say which outlines the file holds; when none is of the project, all are told."""
        self.codes = codes
        self.own = self.own & frozenset(codes)

    def say(
        self,
        code: str,
        what: str,
        expected: str = "",
        remedy: str = "",
        severity: Severity = Severity.WARNING,
        column: str = "",
        row: int | None = None,
    ) -> None:
        """Tell one problem, or only count it. ``row``: rank of the outline, from 0."""
        if row is not None and self.own and self.codes[row] not in self.own:
            self.away[code] += 1
            return
        if self.told[code, severity] >= SHOWN:
            self.more[code, severity] += 1
            return
        self.told[code, severity] += 1
        where = Where(self.file, self.sheet, column=column)
        self.problems.add(Problem(code, where, what, expected, remedy, severity))

    def end(self) -> None:
        """Say how many problems of each sort were not told one by one."""
        where = Where(self.file, self.sheet)
        for (code, severity), count in self.more.items():
            what = compte(count, "autre contour dans ce cas.", "autres contours dans ce cas.")
            self.problems.add(Problem(code, where, what, severity=severity))
        for code, count in self.away.items():
            what = f"{_WHAT.get(code, 'Problème de contour')} : " + compte(
                count,
                "contour qui n’est pas du projet.",
                "contours qui ne sont pas du projet.",
            )
            self.problems.add(Problem(code, where, what, severity=Severity.NOTE))
        self.more.clear()
        self.away.clear()


#: what a count is of, when none of its sort is told
_WHAT: Final = {
    "anneau-repare": "Anneau réparé",
    "anneau-ferme": "Anneau fermé",
    "anneau-sans-surface": "Anneau sans surface, laissé de côté",
    "contour-vide": "Sans contour, laissé de côté",
    "contour-illisible": "Contour illisible, laissé de côté",
    "contour-melange": "Polygones mêlés à d’autres formes",
    "contour-sans-surface": "Forme sans surface, laissée de côté",
    "contour-double": "Contour en double",
    "contour-en-morceaux": "Contour en plusieurs lignes, réunies",
    "contour-hors-territoire": "Contour hors du territoire français, laissé de côté",
    "code-double": "Code à deux noms",
    "generation-contour": "Quartier d’une autre génération, laissé de côté",
}
