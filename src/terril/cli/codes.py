"""What does the exit code of a command mean?"""

from __future__ import annotations

from typing import Final

OK: Final = 0
PROBLEMS: Final = 1  # the data, the project or the edition has a problem; it was said
USAGE: Final = 2  # the command is not written as it should be
BUG: Final = 3  # the software failed where it should have spoken
INTERRUPTED: Final = 130  # the person stopped it

EXIT_CODES: Final = """\
codes de sortie :
  0   tout va bien
  1   un problème dans les données, le projet ou l’édition ; rien d’incomplet n’est écrit
  2   la commande est mal écrite
  3   erreur imprévue du logiciel"""
