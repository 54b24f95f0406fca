"""How does a file of others become files that registers import, one after the other?

What was sent is read and forgotten: only the files made of it are kept, each waiting for a yes.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from terril.lib.problems import Problem, Where
from terril.web.espace.conversions import Converted, Converter
from terril.web.espace.models import Intake
from terril.web.espace.perms import can_import
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.received import check_content

#: endings of the files that converters read
TEXTS = (".csv", ".txt", ".tsv")


def can_convert(space: Space, converter: Converter) -> Refusal | None:
    """May she convert such a file? Those who may import into all of its registers may."""
    refusals = (can_import(space, register) for register in converter.registers)
    return next((refusal for refusal in refusals if refusal is not None), None)


def convert_file(
    space: Space, converter: Converter, path: Path, *, shown: str, asked: str = ""
) -> tuple[Converted, list[Intake]]:
    """Make the files that registers import; each waits for the one before it.

    ``shown``: the name of the file in the messages; ``asked``: what was asked beside it. Raises
    ``RefusedError``. When nothing can be made, there are only problems.
    """
    refusal = can_convert(space, converter)
    if refusal is None and space.person is None:
        refusal = Refusal("Il faut un compte pour convertir un fichier.")
    if refusal is not None:
        raise RefusedError(refusal)
    made = _read(space, converter, path, shown, asked)
    with transaction.atomic():
        return made, _waiting(space, made, shown)


def _read(space: Space, converter: Converter, path: Path, shown: str, asked: str) -> Converted:
    wrong: Sequence[Problem] = check_content(path, shown)
    if not wrong and Path(shown).suffix.lower() not in TEXTS:
        wrong = [_not_a_text(shown)]
    if wrong:
        return Converted({}, tuple(wrong))
    try:
        made = converter.convert(path, space, asked)
    except (UnicodeDecodeError, csv.Error):
        return Converted({}, (_not_a_text(shown),))
    named = (replace(one, where=replace(one.where, file=shown)) for one in made.problems)
    return replace(made, problems=tuple(named))


def _not_a_text(shown: str) -> Problem:
    return Problem(
        "conversion-texte",
        Where(shown),
        "Ce fichier n’est pas un tableau en texte que l’on sait lire.",
        "un fichier CSV en UTF-8.",
        "Dans votre tableur, enregistrez-le sous «\u00a0CSV UTF-8\u00a0», puis recommencez.",
    )


def _waiting(space: Space, made: Converted, shown: str) -> list[Intake]:
    found: list[Intake] = []
    for register, text in made.files.items():
        title = space.card(register).title
        intake = Intake(
            contract=space.contract,
            register=register,
            person=space.person,
            name=f"{Path(shown).stem[:60]} - {title}"[:150] + ".csv",
            after=found[-1] if found else None,
            made=True,
        )
        body = ContentFile(text.encode("utf-8-sig"))
        intake.file.save(f"{intake.key}.csv", body, save=False)
        intake.save()
        found.append(intake)
    return found
