"""How is an edition sealed so that the register knows of it?

``seal`` writes the folder; here the register beside it is told, and asked first: the same
date is never published twice with two contents, even when the first folder is gone.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from terril.editions.content import EditionContent
from terril.editions.manifest import MANIFEST, Manifest, sha256_of
from terril.editions.register import Entry, read_register, record_sealing
from terril.editions.seal import edition_folder, seal
from terril.lib.dates import date_longue
from terril.lib.problems import Problem, ProblemsError, Where


def seal_and_record(
    folder: Path, content: EditionContent, *, on: str, draft: bool = False
) -> Manifest:
    """Seal ``content`` under ``folder`` as ``seal`` does, and note it in the register.

    ``on`` (ISO) is the day it is done. A draft is not noted: it is not published. Sealing
    again what is already sealed changes nothing, and notes it when the register did not know
    of it. Raises what ``seal`` raises, and ``ProblemsError`` when the register is damaged, or
    when it knows of another content published at that date (``edition-republiee``).
    """
    if draft:
        return seal(folder, content, draft=True)
    date = content.info.edition
    register = read_register(folder)
    register.raise_problems()
    known = register.sealing(date)
    target = edition_folder(folder, date, draft=False)
    if known is not None and not target.exists():
        _refuse_another(target, content, known)
    manifest = seal(folder, content)
    record_sealing(folder, date, sha256_of(target / MANIFEST), on)
    return manifest


def _refuse_another(target: Path, content: EditionContent, known: Entry) -> None:
    """Rebuilding a lost folder is welcome, putting another content in its place is not."""
    with tempfile.TemporaryDirectory(prefix="terril-") as place:
        seal(Path(place), content)
        trial = edition_folder(Path(place), content.info.edition, draft=False)
        if sha256_of(trial / MANIFEST) == known.manifest:
            return
    raise ProblemsError(
        [
            Problem(
                code="edition-republiee",
                where=Where(file=str(target)),
                what=f"Une édition du {date_longue(known.edition)} a déjà été publiée (registre, "
                f"{date_longue(known.on)})\u00a0; son dossier n’est plus là, et celle-ci en "
                "diffère.",
                expected=f"l’édition dont le manifeste a l’empreinte {known.manifest[:16]}…",
                remedy="Reprenez l’édition d’une sauvegarde, ou donnez une autre date à celle-ci "
                "(--date).",
            )
        ]
    )
