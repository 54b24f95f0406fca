"""How is a published edition withdrawn without a trace being lost?

Nothing of the edition is changed or deleted: what was published is known, and must be found
again. The register beside it says that it is withdrawn, since when, why, and by what it is
replaced; whoever opens the edition gets that notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from terril.editions.manifest import MANIFEST, sha256_of
from terril.editions.open import Edition, open_edition
from terril.editions.register import Entry, Event, Notice, Register, add_entries
from terril.editions.seal import edition_folder
from terril.lib.dates import date_longue
from terril.lib.french import liste
from terril.lib.problems import Problem, ProblemsError, Where

#: longer than that it is no notice but a report
LONGEST: Final = 500


def withdraw(path: Path, motive: str, *, on: str, replacement: str = "") -> Notice:
    """Withdraw the edition whose folder is ``path``; return its notice.

    ``on`` and ``replacement`` are ISO dates; the edition that replaces it may still be to
    come. Raises ``ProblemsError``, and writes nothing, for a folder that is no edition
    (``edition-absente``), a draft (``retrait-brouillon``), an edition already withdrawn
    (``retrait-deja-fait``), no motive (``motif-absent``, ``motif-long``), or an edition
    replaced by itself or by a withdrawn one (``remplacement-impossible``).
    """
    edition = _exactly(path)
    reason = " ".join(motive.split())
    problems = _wrong(edition, reason, replacement)
    if problems:
        raise ProblemsError(problems)
    date = edition.edition
    manifest = sha256_of(edition.path / MANIFEST)

    def decide(register: Register) -> Sequence[Entry]:
        former = register.notice(date)
        if former is not None:
            raise ProblemsError([_already(edition, former)])
        if replacement and register.notice(replacement) is not None:
            raise ProblemsError([_cannot_replace(edition, replacement, "est elle-même retirée")])
        sealing = register.sealing(date)
        known = sealing.manifest if sealing is not None else manifest
        entries = [Entry(Event.WITHDRAWN, date, known, on, reason, replacement)]
        if sealing is None:  # sealed before the register was kept
            entries.insert(0, Entry(Event.SEALED, date, manifest, on))
        return entries

    register = add_entries(edition.path.resolve().parent, decide)
    notice = register.notice(date)
    assert notice is not None
    return notice


def is_sealed(folder: Path, date: str) -> bool:
    """Is there a sealed edition of ``date`` in this folder of editions?"""
    return (edition_folder(folder, date, draft=False) / MANIFEST).is_file()


def _exactly(path: Path) -> Edition:
    """Open the edition of this very folder: the one to withdraw is never guessed."""
    if (path / MANIFEST).is_file():
        return open_edition(path)
    held: list[Path] = []
    for folder in (path, path / "editions", path.parent):
        if folder.is_dir():
            held = sorted(child for child in folder.iterdir() if (child / MANIFEST).is_file())
        if held:
            break
    names = liste([str(child) for child in held], "ou")
    raise ProblemsError(
        [
            Problem(
                code="edition-absente",
                where=Where(file=str(path)),
                what="Ce dossier n’est pas celui d’une édition.",
                expected="le dossier d’une édition scellée, par exemple editions/2020-07-01.",
                remedy=f"Nommez celle qui est à retirer\u00a0: {names}."
                if held
                else "Cherchez-la avec\u00a0: terril editions <dossier>.",
            )
        ]
    )


def _wrong(edition: Edition, reason: str, replacement: str) -> list[Problem]:
    place = Where(file=str(edition.path))
    problems = []
    if edition.draft:
        problems.append(
            Problem(
                "retrait-brouillon",
                place,
                "C’est un brouillon\u00a0: il n’est pas publié, il n’y a rien à retirer.",
                "une édition scellée.",
                "Refaites-le (terril construire --brouillon), ou supprimez son dossier.",
            )
        )
    if not reason:
        problems.append(
            Problem(
                "motif-absent",
                place,
                "Le motif du retrait est vide.",
                "une phrase que les lecteurs comprendront.",
                'Donnez-la\u00a0: --motif "erreur d’unité dans le fichier des revenus".',
            )
        )
    if len(reason) > LONGEST:
        problems.append(
            Problem(
                "motif-long",
                place,
                f"Le motif du retrait a {len(reason)} caractères.",
                f"{LONGEST} caractères au plus\u00a0: il est montré en tête de l’édition.",
                "Dites l’essentiel en une phrase.",
            )
        )
    if replacement == edition.edition:
        problems.append(_cannot_replace(edition, replacement, "est celle que vous retirez"))
    return problems


def _already(edition: Edition, former: Notice) -> Problem:
    return Problem(
        "retrait-deja-fait",
        Where(file=str(edition.path)),
        f"Cette édition est déjà retirée. {former.text}",
        remedy="Il n’y a rien à faire\u00a0; le registre ne se corrige pas, un retrait y reste.",
    )


def _cannot_replace(edition: Edition, replacement: str, why: str) -> Problem:
    return Problem(
        "remplacement-impossible",
        Where(file=str(edition.path)),
        f"L’édition du {date_longue(replacement)} ne peut pas la remplacer\u00a0: elle {why}.",
        "la date d’une autre édition, publiée ou à venir.",
        "Corrigez --remplacee-par, ou ne donnez pas cette option.",
    )
