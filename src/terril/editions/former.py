"""Which figures are already known, because an edition has published them?

What was published once is known for ever, withdrawn or not: secrecy counts with it. The
register says which editions came before; their figures are read where they stand.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from terril.editions.open import open_edition
from terril.editions.register import read_register
from terril.editions.seal import edition_folder
from terril.lib.dates import date_longue
from terril.lib.problems import Problem, ProblemsError, Where


def figures_before(folder: Path, date: str) -> tuple[pl.DataFrame, ...]:
    """Return the figures (``RETAINED``) of the editions of ``folder`` sealed before ``date``.

    Raises ``ProblemsError`` (``edition-anterieure-absente``) when the register names an
    edition whose folder is gone: what it published can no longer be reckoned with.
    """
    found: list[pl.DataFrame] = []
    problems: list[Problem] = []
    for former in read_register(folder).before(date):
        place = edition_folder(folder, former, draft=False)
        if not place.is_dir():
            problems.append(
                Problem(
                    "edition-anterieure-absente",
                    Where(file=str(place)),
                    f"L’édition du {date_longue(former)} a été publiée, mais son dossier n’est "
                    "plus là : le secret ne peut pas tenir compte de ce qu’elle montre.",
                    "le dossier de chaque édition du registre.",
                    "Remettez ce dossier en place, depuis une sauvegarde.",
                )
            )
            continue
        found.append(open_edition(place).retained)
    if problems:
        raise ProblemsError(problems)
    return tuple(found)
