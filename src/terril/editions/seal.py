"""How does a content become an edition that nobody can change?

The folder is written beside its place under a temporary name, then renamed: a reader sees
all of it or nothing. It is dated, its files are read-only, its bytes depend on its content
alone. A sealed edition is never written over; a draft (*brouillon*) may be replaced as
often as needed, and goes when the edition of its date is sealed.
"""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path
from typing import Final

import polars as pl

from terril import __version__
from terril.editions.cards import card_rows
from terril.editions.content import (
    FORMAT,
    SENTENCES,
    TABLES,
    THEME_PREFIX,
    EditionContent,
    EditionInfo,
)
from terril.editions.database import stable, write_database
from terril.editions.manifest import MANIFEST, Manifest, describe
from terril.editions.mask import mask
from terril.editions.outlines_file import FILE_NAME as OUTLINES
from terril.editions.outlines_file import write_outlines
from terril.editions.plain import to_json
from terril.figures.maps_model import packed
from terril.lib.problems import Problem, ProblemsError, Where

DATABASE: Final = "edition.sqlite"
PARQUET: Final = "parquet"  # a folder, one file a table
CSV: Final = "observations.csv"
DRAFT_SUFFIX: Final = "-brouillon"


def edition_folder(folder: Path, date: str, *, draft: bool) -> Path:
    """Return the folder of the edition of ``date`` under ``folder``."""
    return folder / (date + DRAFT_SUFFIX if draft else date)


def seal(folder: Path, content: EditionContent, *, draft: bool = False) -> Manifest:
    """Write the edition of ``content`` under ``folder`` and return its manifest.

    ``folder`` is made when absent. Sealing again a content that is already sealed under the
    same date changes nothing. Raises ``ProblemsError`` when a different edition of that date
    exists (``edition-existante``) or when the folder cannot be written; nothing is left
    behind.
    """
    target = edition_folder(folder, content.info.edition, draft=draft)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".edition-", dir=folder))
    except OSError as error:
        raise ProblemsError([_unwritable(folder, error)]) from error
    try:
        manifest = _write(work, content, draft=draft)
        _put_in_place(work, target, manifest, draft=draft)
    except OSError as error:
        raise ProblemsError([_unwritable(folder, error)]) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if not draft:
        _remove(edition_folder(folder, content.info.edition, draft=True))
    return manifest


def _write(work: Path, content: EditionContent, *, draft: bool) -> Manifest:
    frames = {table: stable(_frame(content, name)) for name, table in TABLES.items()}
    frames["sentences"] = stable(sentences(content))
    rows = write_database(
        work / DATABASE,
        frames,
        {
            "fiches": [(fiche.code, fiche.name, to_json(fiche)) for fiche in content.fiches],
            "themes": [(text.theme, to_json(text)) for text in content.themes],
            "maps": [(code, packed(drawn)) for code, drawn in content.maps.items()],
            "atlas": [(content.epci, packed(content.atlas))] if content.atlas else [],
            "cards": card_rows(content.catalogue),
            "meta": _meta(content.info),
        },
        {
            "fiches": ("code", "name", "json"),
            "themes": ("theme", "json"),
            "maps": ("code", "json"),
            "atlas": ("epci", "json"),
            "cards": ("kind", "code", "json"),
            "meta": ("key", "value"),
        },
    )
    if content.outlines:
        write_outlines(
            work / OUTLINES, content.outlines, day=content.edition, buffers=content.buffers
        )
    (work / PARQUET).mkdir()
    for table, frame in frames.items():
        frame.write_parquet(work / PARQUET / f"{table}.parquet", compression="zstd")
    frames["observations"].write_csv(
        work / CSV, separator=";", decimal_comma=True, include_bom=True, line_terminator="\r\n"
    )
    manifest = Manifest(
        format=FORMAT,
        draft=draft,
        info=content.info,
        inputs=content.files,
        outputs=describe(work),
        rows=dict(sorted(rows.items())),
        parameters={
            code: card.value for code, card in sorted(content.catalogue.parameters.items())
        },
        versions={
            "terril": __version__,
            "polars": pl.__version__,
            "sqlite": sqlite3.sqlite_version,
        },
    )
    (work / MANIFEST).write_text(manifest.text(), encoding="utf-8", newline="\n")
    for path in work.rglob("*"):
        if path.is_file():
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    work.chmod(0o755)
    return manifest


def _meta(info: EditionInfo) -> list[tuple[str, str]]:
    return [
        ("format", str(FORMAT)),
        ("terril", __version__),
        *((field.name, str(getattr(info, field.name))) for field in dataclasses.fields(info)),
    ]


def _frame(content: EditionContent, name: str) -> pl.DataFrame:
    frame: pl.DataFrame = getattr(content, name)
    return mask(frame, content.retained) if name == "statements" else frame


def _put_in_place(work: Path, target: Path, manifest: Manifest, *, draft: bool) -> None:
    if not target.exists():
        work.rename(target)
        return
    if draft:
        former = target.with_name(work.name + "-ancien")
        target.rename(former)
        work.rename(target)
        _remove(former)
        return
    if _text(target / MANIFEST) == manifest.text():
        return
    raise ProblemsError(
        [
            Problem(
                code="edition-existante",
                where=Where(file=str(target)),
                what="Une édition différente est déjà scellée à cette date ; "
                "une édition publiée ne change plus.",
                remedy="Donnez une autre date (clé « edition » de terril.toml, ou --date), "
                "ou faites un brouillon (--brouillon) tant que rien n’est publié.",
            )
        ]
    )


def sentences(content: EditionContent) -> pl.DataFrame:
    """Return one row a sentence of the sheets and of the themes, columns :data:`SENTENCES`."""
    told = [(fiche.code, fiche.statements) for fiche in content.fiches]
    told += [(THEME_PREFIX + text.theme, text.statements) for text in content.themes]
    rows = [
        (
            code,
            number,
            said.indicator,
            said.period,
            said.comparator,
            said.direction,
            said.degree,
            said.rank,
            to_json(said.values),
            said.text,
        )
        for code, statements in told
        for number, said in enumerate(statements, 1)
    ]
    return pl.DataFrame(rows, schema=SENTENCES, orient="row")


def _unwritable(folder: Path, error: OSError) -> Problem:
    return Problem(
        code="dossier-protege",
        where=Where(file=str(folder)),
        what=f"L’édition ne peut pas être écrite ({error.strerror or error}).",
        remedy="Vérifiez la place libre et vos droits sur ce dossier, ou donnez-en un autre "
        "avec --vers.",
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _remove(folder: Path) -> None:
    if not folder.exists():
        return
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    shutil.rmtree(folder)
