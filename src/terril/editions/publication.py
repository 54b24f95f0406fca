"""How is an edition built, sealed so that the register knows of it, and put in its place?

``seal`` writes the folder; here the register beside it is told, and asked first: the same
date is never published twice with two contents, even when the first folder is gone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from terril.editions.content import EditionContent
from terril.editions.former import figures_before
from terril.editions.manifest import MANIFEST, Manifest, sha256_of
from terril.editions.open import open_edition
from terril.editions.pipeline import build
from terril.editions.register import Entry, read_register, record_sealing
from terril.editions.seal import edition_folder, seal
from terril.lib.dates import date_longue
from terril.lib.problems import Problem, ProblemsError, Where
from terril.lib.progress import Progress, Silent
from terril.sources.project import read_project


def build_and_seal(
    project: Path,
    folder: Path,
    progress: Progress | None = None,
    *,
    on: str,
    date: str | None = None,
    draft: bool = False,
    others: Sequence[Path] = (),
    seen: str = "",
) -> tuple[EditionContent, Manifest]:
    """Build the edition of ``project`` and seal it under ``folder``, as a draft or for good.

    ``date`` replaces that of terril.toml. Secrecy reckons with all that the editions of
    ``folder`` and of the folders ``others`` have published. ``seen``: SHA-256 of the manifest
    of the draft that was looked at; when what would be sealed is something else, the new draft
    takes its place and ``ProblemsError`` (``brouillon-perime``) asks to look again. Raises what
    ``build`` and ``seal_and_record`` raise.
    """
    watch = progress or Silent()
    day = date or read_project(project).edition
    places = {place.resolve(): place for place in (folder, *others)}
    published = [figures for place in places.values() for figures in figures_before(place, day)]
    content = build(project, watch, edition=day, published=published)
    watch.stage("Édition scellée")
    if seen and not draft:
        trial = seal(folder, content, draft=True)
        if trial.fingerprint != seen:
            raise ProblemsError([_another_draft(trial)])
    return content, seal_and_record(folder, content, on=on, draft=draft)


def place(edition: Path, folder: Path, *, on: str) -> Path:
    """Copy a sealed edition, whole, into the folder of editions that is shown; return its place.

    The register of ``folder`` is told. An edition that stands there already is left as it is.
    Raises ``ProblemsError`` for a draft (``publication-brouillon``), an edition that is
    altered, or when another content of that date stands or stood there (``edition-existante``,
    ``edition-republiee``).
    """
    opened = open_edition(edition)
    date = opened.edition
    if opened.draft:
        raise ProblemsError([_not_sealed(edition)])
    altered = opened.verify()
    if altered:
        raise ProblemsError(altered)
    mark = sha256_of(opened.path / MANIFEST)
    target = edition_folder(folder, date, draft=False)
    folder.mkdir(parents=True, exist_ok=True)
    register = read_register(folder)
    register.raise_problems()
    known = register.sealing(date)
    if target.exists():
        if not (target / MANIFEST).is_file() or sha256_of(target / MANIFEST) != mark:
            raise ProblemsError([_other_stands(target, date)])
    elif known is not None and known.manifest != mark:
        raise ProblemsError([_republished(target, known)])
    else:
        work = Path(tempfile.mkdtemp(prefix=".edition-", dir=folder))
        try:
            shutil.copytree(opened.path, work / date)
            (work / date).rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    record_sealing(folder, date, mark, on)
    return target


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
    raise ProblemsError([_republished(target, known)])


def _republished(target: Path, known: Entry) -> Problem:
    return Problem(
        code="edition-republiee",
        where=Where(file=str(target)),
        what=f"Une édition du {date_longue(known.edition)} a déjà été publiée (registre, "
        f"{date_longue(known.on)})\u00a0; son dossier n’est plus là, et celle-ci en diffère.",
        expected=f"l’édition dont le manifeste a l’empreinte {known.manifest[:16]}…",
        remedy="Reprenez l’édition d’une sauvegarde, ou donnez une autre date à celle-ci (--date).",
    )


def _another_draft(trial: Manifest) -> Problem:
    return Problem(
        code="brouillon-perime",
        where=Where(),
        what="Les fichiers du projet ont changé depuis le brouillon que vous avez regardé\u00a0: "
        f"l’édition du {date_longue(trial.info.edition)} ne serait plus la même. Rien n’est "
        "scellé, le brouillon est refait.",
        remedy="Regardez le nouveau brouillon, puis scellez-le.",
    )


def _not_sealed(edition: Path) -> Problem:
    return Problem(
        code="publication-brouillon",
        where=Where(file=edition.name),
        what="C’est un brouillon\u00a0: il peut encore changer.",
        expected="une édition scellée.",
        remedy="Scellez-la d’abord.",
    )


def _other_stands(target: Path, date: str) -> Problem:
    return Problem(
        code="edition-existante",
        where=Where(file=target.name),
        what=f"Une autre édition du {date_longue(date)} est déjà publiée\u00a0; une édition "
        "publiée ne change plus.",
        remedy="Donnez une autre date à la vôtre, ou retirez d’abord celle qui est publiée.",
    )
