"""How are a contradiction, a secret that cannot be kept, and a blanked figure told?

In French, never with a blanked value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import NBSP, compte, nombre
from terril.lib.problems import Problem, Severity, Where
from terril.observations.places import Names
from terril.secrecy.edition import EditionSystem
from terril.secrecy.relations import SUM_OF
from terril.secrecy.sparse import Bools, Ints
from terril.secrecy.system import State
from terril.secrecy.zonings import GAP

_MOST: Final = 8  # figures told of one relation


class Wording:
    """Names figures and relations of an edition."""

    def __init__(self, edition: EditionSystem, names: Names, catalogue: Catalogue) -> None:
        self.edition = edition
        self.names = names
        self.catalogue = catalogue
        self.blanked: Bools = edition.system.blank.copy()  # grows with what is blanked for others

    def row(self, cell: int) -> Mapping[str, Any]:
        """Return the key of a cell."""
        return self.edition.keys.row(cell, named=True)

    def figure(self, cell: int) -> str:
        """Return « label, place, period » of a cell."""
        row = dict(self.row(cell))
        row["indicator"] = row["indicator"].removesuffix(SUM_OF)
        if row["kind"] == GAP:
            outer, _, inner = row["territory"].partition("-")
            place = f"partie de {outer} hors de {inner}"
            return f"{self.names.indicator(row['indicator'])}, {place}, {row['period']}"
        return self.names.figure(row)

    def _shown(self, cell: int) -> str:
        system = self.edition.system
        state, value = int(system.state[cell]), float(system.value[cell])
        if state == State.BLANK or np.isnan(value):
            shown = "s" if state == State.SENSITIVE else "non publié"
        elif self.blanked[cell]:
            shown = "s"
        else:
            shown = nombre(value, self.names.decimals(self.row(cell)["indicator"]))
        return f"{self.figure(cell)}{NBSP}: {shown}"

    def contradicted(self, relations: Ints, ratios: Ints) -> Iterable[Problem]:
        """Yield the relations that the figures contradict; the blanked ones are not told."""
        edition, system = self.edition, self.edition.system
        for relation in relations.tolist():
            label = int(system.label[relation])
            if not edition.told[label]:
                continue
            at = slice(int(system.rows.start[relation]), int(system.rows.start[relation + 1]))
            yield self._contradiction(
                f"Relation {edition.texts[label]}", system.rows.column[at].tolist()
            )
        unpublished = []
        for ratio in ratios.tolist():
            cells = [
                int(end[ratio])
                for end in (
                    system.ratios.rate, system.ratios.numerator, system.ratios.denominator
                )
            ]  # fmt: skip
            if (system.state[cells] == State.BLANK).any():
                unpublished.append(cells)
            else:
                yield self._contradiction("Taux et effectifs", cells)
        if unpublished:
            yield self._no_count(unpublished)

    def _no_count(self, ratios: list[list[int]]) -> Problem:
        """Rates that no whole count gives, of counts that nobody publishes: told together."""
        what = compte(len(ratios), "taux ne répond", "taux ne répondent")
        return Problem(
            "taux-sans-effectif",
            Where(),
            f"{what} à aucun effectif entier, à l’arrondi près, par exemple "
            f"{self._shown(ratios[0][0])} pour {self._shown(ratios[0][2])}.",
            "un taux calculé sur les effectifs de la même ligne.",
            "Son arrondi ou sa date diffère sans doute : le secret secondaire ne s’en sert pas.",
            Severity.NOTE,
        )

    def _contradiction(self, relation: str, cells: list[int]) -> Problem:
        figures = " ; ".join(self._shown(c) for c in cells[:_MOST])
        more = f" ; et {len(cells) - _MOST} autres" if len(cells) > _MOST else ""
        return Problem(
            "relation-contredite",
            Where(),
            f"{relation}. Les chiffres se contredisent{NBSP}: {figures}{more}.",
            "des chiffres qui s’accordent, aux arrondis près.",
            "Vérifiez-les dans les documents. Cette relation est laissée hors du secret "
            "secondaire : elle ne protège ni ne dévoile rien.",
            Severity.WARNING,
        )

    def known_before(self, keys: pl.DataFrame) -> Iterable[Problem]:
        """Yield the figures to be blanked that a former edition already shows."""
        for row in keys.iter_rows(named=True):
            yield Problem(
                "secret-deja-publie",
                Where(),
                f"{self.names.figure(row)}{NBSP}: à blanchir, mais une édition déjà publiée le "
                "montre.",
                remedy="Il est blanchi dans cette édition. Demandez-vous s’il faut retirer "
                "l’ancienne.",
                severity=Severity.WARNING,
            )

    def exposed(self, cells: Iterable[int]) -> Iterable[Problem]:
        """Yield the blanked figures that can be found; they stop the sealing."""
        for cell in cells:
            via = self.relation_of(cell, None)
            yield Problem(
                "secret-indefendable",
                Where(),
                f"{self.figure(cell)}{NBSP}: blanchi, mais le chiffre se calcule"
                + (f" {via}" if via else "")
                + ", avec des chiffres qui sont publiés pour de bon.",
                "un chiffre qui ne se retrouve pas à moins de son intervalle de protection.",
                "Retirez de l’édition un des chiffres de la relation (ou l’édition antérieure "
                "qui le montre), ou demandez l’accord du producteur.",
            )

    def relation_of(self, cell: int, other: int | None) -> str:
        """Return the text of a relation of ``cell``, one that holds ``other`` if there is."""
        system = self.edition.system
        relations = system.rows.by_column.across(np.array([cell]))
        if other is not None:
            holding = system.rows.by_column.across(np.array([other]))
            shared = np.intersect1d(relations, holding)
            if len(shared):
                return self.edition.texts[int(system.label[shared[0]])]
            r = system.ratios
            ends = np.stack((r.numerator, r.denominator, r.rate))
            if ((ends == cell).any(axis=0) & (ends == other).any(axis=0)).any():
                return "par le taux publié et l’autre effectif"
        if len(relations):
            return self.edition.texts[int(system.label[relations[0]])]
        r = system.ratios
        if any((end == cell).any() for end in (r.numerator, r.denominator, r.rate)):
            return "par le taux publié et l’autre effectif"
        return ""


def summary(chosen: int, sensitive: int) -> Problem:
    """Say how many figures were blanked so that the others stay secret."""
    what = compte(chosen, "chiffre de plus est blanchi", "chiffres de plus sont blanchis")
    kept = compte(sensitive, "chiffre secret reste secret", "chiffres secrets restent secrets")
    return Problem(
        "secret-secondaire",
        Where(),
        f"{what} pour que {kept}.",
        severity=Severity.NOTE,
    )
