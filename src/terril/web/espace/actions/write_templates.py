"""How does somebody begin: which empty tables are to be filled, in which order?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from terril.lib.problems import Problem, ProblemsError, Where
from terril.registres.names import BookNames
from terril.registres.rows import Row
from terril.reports.engine import write_atomic
from terril.reports.registres.workbook import write_xlsx
from terril.web.espace.actions.load_folder import load_order
from terril.web.espace.cards import cards, indicator_labels
from terril.web.espace.contract_file import FILE_NAME

#: the only date that the empty workbooks hold: they are the same whenever they are written
_DAY: Final = dt.date(2026, 1, 1)
_CONTRACT: Final = """\
# Le contrat. Retirez le signe « # » devant les lignes que vous remplissez.
code: mon-contrat            # dans les adresses : minuscules, chiffres, tirets
nom: Contrat de ville de …
porteur: Communauté d’agglomération de …
# siren: "123456789"
# departement: …
# region: …
# generation: 2024           # 2015 ou 2024
# signature: 2024-06-30
# debut: 2024-01-01
# fin: 2030-12-31
# Les niveaux de l’arborescence, du plus haut au plus fin, au singulier et au pluriel.
niveaux:
  - [axe, axes]
  - [objectif, objectifs]
"""


class _Empty:
    """The registers of nobody yet."""

    today = _DAY

    def rows(self, register: str) -> list[Row]:
        """No row."""
        return []

    def name(self, register: str, number: int) -> str:
        """No name."""
        return f"n°\u00a0{number}"


def write_templates(folder: Path) -> Iterator[Path]:
    """Write ``contrat.yaml`` and an empty workbook a register; yield each path as it is written.

    Raises ``ProblemsError`` when one of them is already there: what was filled in is never lost.
    """
    catalogue = cards()
    paths = {code: folder / f"{code}.xlsx" for code in load_order(catalogue.registers)}
    there = [path for path in (folder / FILE_NAME, *paths.values()) if path.exists()]
    if there:
        raise ProblemsError(
            [
                Problem(
                    "modele-present",
                    Where(path.name),
                    "Ce fichier existe déjà dans le dossier.",
                    "un dossier sans fichiers de ce nom.",
                    "Donnez un autre dossier.",
                )
                for path in there
            ]
        )
    write_atomic(folder / FILE_NAME, _CONTRACT.encode())
    yield folder / FILE_NAME
    names = BookNames(catalogue, _Empty(), indicator_labels())
    for code, path in paths.items():
        card = catalogue.registers[code]
        about = f"Modèle à remplir. Registre «\u00a0{card.title}\u00a0». {card.about}"
        write_atomic(path, write_xlsx(card, code, (), catalogue, names, about=about, day=_DAY))
        yield path
