"""What does a reader know while it reads one input?

The declaration in ``terril.toml``, the territories, the catalogue, and the list where
problems go. Problems of one sort are told a few times, then counted.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from terril.catalogue.load import Catalogue
from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.sources.project import FILE_NAME, InputSpec, Project
from terril.territories.registry import Territories

SHOWN: Final = 12  # problems of one sort told one by one in an input


@dataclass
class Context:
    """One input being read. ``own`` gathers its problems, ``shared`` those of the run."""

    project: Project
    spec: InputSpec
    territories: Territories
    catalogue: Catalogue
    own: ProblemList = field(default_factory=ProblemList)
    _counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _severity: dict[tuple[str, str, str], Severity] = field(default_factory=dict)

    @property
    def shown_file(self) -> str:
        """How messages and provenance name the file."""
        return self.project.shown(self.spec.file)

    def report(
        self,
        code: str,
        where: Where,
        what: str,
        expected: str = "",
        remedy: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Tell a problem, or only count it when its sort was told often enough."""
        sort = (code, where.file, where.sheet)
        self._counts[sort] += 1
        if self._counts[sort] <= SHOWN:
            self.own.add(Problem(code, where, what, expected, remedy, severity))
        else:
            self._severity[sort] = severity

    def declaration(
        self, code: str, what: str, expected: str = "", remedy: str = "", key: str = ""
    ) -> None:
        """Tell a mistake in the declaration of the input, at its line in terril.toml."""
        where = Where(FILE_NAME, line=self.spec.line, column=key)
        what = f"Entrée « {self.spec.id} » : {what}"
        self.own.add(Problem(code, where, what, expected, remedy))

    def summarise(self) -> None:
        """Say how many problems of each sort were counted without being told."""
        for sort, count in self._counts.items():
            if count > SHOWN:
                what = compte(
                    count - SHOWN,
                    "autre problème du même genre.",
                    "autres problèmes du même genre.",
                )
                where = Where(sort[1], sort[2])
                self.own.add(Problem(sort[0], where, what, severity=self._severity[sort]))
        self._counts.clear()

    def option(self, key: str, default: str = "") -> str:
        """Return an option of the input."""
        return self.spec.options.get(key, default)

    def number(self, key: str) -> int | None:
        """Return an option that is a whole number, or ``None`` when it is not given."""
        value = self.option(key)
        if not value:
            return None
        if value.isdigit():
            return int(value)
        self.declaration(
            "option-valeur", f"« {key} = {value} » n’est pas compris.", "un nombre entier.", key=key
        )
        return None

    def check_options(self, known: Iterable[str]) -> None:
        """Refuse the options that the reader does not know. ``table.*`` admits a sub-table."""
        names = tuple(known)
        for key in self.spec.options:
            if key in names or f"{key.split('.')[0]}.*" in names:
                continue
            near = difflib.get_close_matches(key, names, 1)
            self.declaration(
                "option-inconnue",
                f"« {key} » n’est pas une option de ce lecteur.",
                ", ".join(n.removesuffix(".*") for n in names) + ".",
                f"Écrivez « {near[0]} »." if near else "Retirez cette ligne.",
                key=key,
            )


def quoted(names: Iterable[str]) -> str:
    """Return names between French quotes, joined by commas."""
    return ", ".join(f"« {name} »" for name in names)
