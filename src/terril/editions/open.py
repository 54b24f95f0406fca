"""What does a sealed edition hold?

:class:`Edition` gives back, read-only, what ``seal`` wrote: frames with their declared
types, sheets as ``fiches.model.Fiche``, cards as a catalogue. It computes nothing. It holds
a path and nothing open, so that it goes to another process as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import polars as pl

from terril.catalogue.load import Catalogue
from terril.editions.cards import catalogue_of
from terril.editions.content import FORMAT
from terril.editions.database import read_texts
from terril.editions.manifest import MANIFEST, Manifest, sha256_of
from terril.editions.outlines_file import FILE_NAME as OUTLINES
from terril.editions.outlines_file import read_outlines_file
from terril.editions.plain import from_json
from terril.editions.register import Notice, Register, read_register
from terril.editions.seal import DATABASE, DRAFT_SUFFIX, PARQUET
from terril.fiches.model import Fiche, ThemeText
from terril.figures.maps_model import Atlas, SheetMap, unpacked
from terril.lib.dates import date_longue
from terril.lib.problems import Problem, ProblemsError, Where
from terril.sources.outlines_layers import Outlines


class Edition:
    """One sealed edition, opened for reading.

    The names are those that the documents read (``reports.source.Source``).
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @property
    def name(self) -> str:
        """Name of the project."""
        return self.manifest.info.name

    @property
    def contract(self) -> str:
        """Name of the contract."""
        return self.manifest.info.contract

    @property
    def epci(self) -> str:
        """SIREN of the EPCI that runs the contract."""
        return self.manifest.info.epci

    @property
    def epci_name(self) -> str:
        """Full name of the EPCI."""
        return self.manifest.info.epci_name

    @property
    def epci_short(self) -> str:
        """Short name of the EPCI."""
        return self.manifest.info.epci_short

    @property
    def edition(self) -> str:
        """Date of the edition, ISO."""
        return self.manifest.info.edition

    @property
    def generation(self) -> str:
        """Generation of the perimeters: 2015 or 2024."""
        return self.manifest.info.generation

    @property
    def fiche_model(self) -> str:
        """Code of the model of the sheets."""
        return self.manifest.info.fiche_model

    @property
    def draft(self) -> bool:
        """Is it a draft, which may still be replaced?"""
        return self.manifest.draft

    @cached_property
    def register(self) -> Register:
        """The register of the folder where the edition stands."""
        return read_register(self.path.resolve().parent)

    @property
    def notice(self) -> Notice | None:
        """What readers must be told when the edition is withdrawn, else nothing."""
        return None if self.draft else self.register.notice(self.edition)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The cards of the day the edition was sealed."""
        return catalogue_of(read_texts(self._database, "cards"))

    @cached_property
    def territories(self) -> pl.DataFrame:
        """Columns kind, code, label, short, epci, communes, population."""
        return self.frame("territories")

    @cached_property
    def retained(self) -> pl.DataFrame:
        """The figures shown (``observations.schema.RETAINED``)."""
        return self.frame("observations")

    @cached_property
    def statements(self) -> pl.DataFrame:
        """What the documents say, secret figures masked (``STATEMENTS``)."""
        return self.frame("statements")

    @cached_property
    def blanked(self) -> pl.DataFrame:
        """What primary secrecy blanked, under which rule (``secrecy.primary.LEDGER``)."""
        return self.frame("blanked")

    @cached_property
    def changes(self) -> pl.DataFrame:
        """Changes to the former period: ``GAPS``, and the breaks that block or annotate them."""
        return self.frame("changes")

    @cached_property
    def blocked(self) -> pl.DataFrame:
        """Changes since the latest former figure that a break blocks (``benchmarks.changes``)."""
        return self.frame("blocked")

    @cached_property
    def trends(self) -> pl.DataFrame:
        """Trend tests (``indicators.trends.TRENDS``)."""
        return self.frame("trends")

    @cached_property
    def funnel(self) -> pl.DataFrame:
        """Limits that depend on the size (``benchmarks.funnel.FUNNEL``)."""
        return self.frame("funnel")

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        """Signals under the other rules (``benchmarks.sensitivity.SENSITIVITY``)."""
        return self.frame("sensitivity")

    @cached_property
    def reach(self) -> pl.DataFrame:
        """What the size rule could look at (``benchmarks.sensitivity.REACH``)."""
        return self.frame("reach")

    @cached_property
    def worsening(self) -> pl.DataFrame:
        """What is worse and worsening (``benchmarks.worsening.WORSENING``)."""
        return self.frame("worsening")

    @cached_property
    def correspondence(self) -> pl.DataFrame:
        """Perimeters of 2015 and 2024 (``territories.correspondence.CORRESPONDENCE``)."""
        return self.frame("correspondence")

    @cached_property
    def break_lines(self) -> pl.DataFrame:
        """Where series break (``indicators.series.BREAK_LINES``)."""
        return self.frame("break_lines")

    @cached_property
    def groups(self) -> pl.DataFrame:
        """The QPV of a contract together (``benchmarks.schema.GROUPS``)."""
        return self.frame("groups")

    @cached_property
    def positions(self) -> pl.DataFrame:
        """Each QPV among the others (``benchmarks.schema.POSITIONS``)."""
        return self.frame("positions")

    @cached_property
    def gaps(self) -> pl.DataFrame:
        """Each QPV against its references (``benchmarks.schema.GAPS``)."""
        return self.frame("gaps")

    @cached_property
    def signals(self) -> pl.DataFrame:
        """The pictograms (``benchmarks.schema.SIGNALS``)."""
        return self.frame("signals")

    @cached_property
    def offers(self) -> pl.DataFrame:
        """Class of the local offer of each QPV."""
        return self.frame("offers")

    @cached_property
    def families(self) -> pl.DataFrame:
        """Equipment of each QPV counted by family."""
        return self.frame("families")

    @cached_property
    def equipment(self) -> pl.DataFrame:
        """Equipment counts (``sources.equipment``)."""
        return self.frame("equipment")

    @cached_property
    def contradictions(self) -> pl.DataFrame:
        """Figures on which documents disagree."""
        return self.frame("contradictions")

    @cached_property
    def findings(self) -> pl.DataFrame:
        """What the checks found."""
        return self.frame("findings")

    @cached_property
    def problems(self) -> pl.DataFrame:
        """What the reading set aside or doubted."""
        return self.frame("problems")

    @cached_property
    def inputs(self) -> pl.DataFrame:
        """The files read: columns :data:`editions.content.INPUTS`."""
        return self.frame("inputs")

    @cached_property
    def sentences(self) -> pl.DataFrame:
        """The sentences of the sheets as data (``editions.content.SENTENCES``)."""
        return self.frame("sentences")

    @cached_property
    def outlines(self) -> Outlines:
        """The perimeters, empty when the edition has none."""
        path = self.path / OUTLINES
        return read_outlines_file(path) if path.is_file() else Outlines()

    @cached_property
    def maps(self) -> Mapping[str, SheetMap]:
        """The map of each neighbourhood, by code; none without perimeters."""
        return {code: unpacked(SheetMap, text) for code, text in read_texts(self._database, "maps")}

    @cached_property
    def atlas(self) -> Atlas | None:
        """The agglomeration, ``None`` without communes."""
        for _, text in read_texts(self._database, "atlas"):
            return unpacked(Atlas, text)
        return None

    @cached_property
    def evidence(self) -> pl.DataFrame:
        """The places that the class of the local offer rests on."""
        return self.frame("evidence")

    @cached_property
    def served(self) -> pl.DataFrame:
        """Lines and stations that serve each neighbourhood (``places.stops.SERVED``)."""
        return self.frame("served")

    @cached_property
    def services(self) -> pl.DataFrame:
        """The same, one row a neighbourhood (``places.stops.SUMMARY``)."""
        return self.frame("services")

    @cached_property
    def fiches(self) -> Sequence[Fiche]:
        """The profile sheets, in the order of the edition."""
        return tuple(from_json(Fiche, text) for _, _, text in read_texts(self._database, "fiches"))

    @cached_property
    def themes(self) -> Sequence[ThemeText]:
        """What the theme sheets say, in the order of the sheet model."""
        return tuple(from_json(ThemeText, text) for _, text in read_texts(self._database, "themes"))

    def fiche(self, code: str) -> Fiche:
        """Return the sheet of one QPV; raises ``KeyError`` when there is none."""
        for fiche in self.fiches:
            if fiche.code == code:
                return fiche
        raise KeyError(code)

    def frame(self, table: str) -> pl.DataFrame:
        """Return a table of the edition with its types; ``KeyError`` when there is none."""
        path = self.path / PARQUET / f"{table}.parquet"
        if not path.is_file():
            raise KeyError(table)
        return pl.read_parquet(path)

    def verify(self, *, hashes: bool = True) -> list[Problem]:
        """Compare the files with the manifest; return what differs, nothing when intact.

        The manifest itself is compared with the register, when that knows of the edition.
        Without ``hashes`` the sizes alone are compared: quick, and blind to a figure
        changed for another of the same length.
        """
        problems = [] if self.draft else list(self.register.problems)
        sealing = None if self.draft else self.register.sealing(self.edition)
        if sealing is not None and sha256_of(self.path / MANIFEST) != sealing.manifest:
            problems.append(
                _altered(
                    self.path / MANIFEST,
                    "Le manifeste n’est pas celui que le registre connaît.",
                    f"le manifeste d’empreinte {sealing.manifest[:16]}…, scellé le "
                    f"{date_longue(sealing.on)}.",
                )
            )
        for output in self.manifest.outputs:
            path = self.path / output.file
            if not path.is_file():
                problems.append(_altered(path, "Le fichier n’est plus là."))
            elif path.stat().st_size != output.size or (
                hashes and sha256_of(path) != output.sha256
            ):
                problems.append(_altered(path, "Le fichier a changé depuis qu’il est scellé."))
        return problems

    @property
    def _database(self) -> Path:
        return self.path / DATABASE


def open_edition(path: Path) -> Edition:
    """Open the edition of ``path``: its folder, or a folder that holds editions.

    In a folder of editions, or in the folder of a project, the latest date is opened, its
    draft when there is one: a draft goes when its date is sealed, so it is the newer of the
    two. Raises ``ProblemsError`` (``edition-absente``, ``edition-illisible``,
    ``edition-inconnue``).
    """
    folder = _find(path)
    try:
        manifest = from_json(Manifest, (folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        raise ProblemsError([_unreadable(folder, str(error))]) from error
    if manifest.format != FORMAT:
        raise ProblemsError(
            [
                Problem(
                    code="edition-inconnue",
                    where=Where(file=str(folder / MANIFEST)),
                    what=f"L’édition est au format {manifest.format}.",
                    expected=f"le format {FORMAT}.",
                    remedy="Ouvrez-la avec la version de Terril qui l’a écrite "
                    f"({manifest.versions.get('terril', 'inconnue')}).",
                )
            ]
        )
    edition = Edition(folder, manifest)
    try:
        read_texts(folder / DATABASE, "meta")
    except sqlite3.Error as error:
        raise ProblemsError([_unreadable(folder, str(error))]) from error
    return edition


def _find(path: Path) -> Path:
    for folder in (path, path / "editions"):
        if (folder / MANIFEST).is_file():
            return folder
        held = (
            [child for child in folder.iterdir() if (child / MANIFEST).is_file()]
            if folder.is_dir()
            else []
        )
        if held:
            return max(held, key=lambda child: (child.name[:10], child.name.endswith(DRAFT_SUFFIX)))
    raise ProblemsError(
        [
            Problem(
                code="edition-absente",
                where=Where(file=str(path)),
                what="Aucune édition à cet endroit.",
                expected="le dossier d’une édition (avec son manifest.json), ou celui d’un projet.",
                remedy="Construisez-la d’abord : terril construire <projet>.",
            )
        ]
    )


def _unreadable(folder: Path, detail: str) -> Problem:
    return Problem(
        code="edition-illisible",
        where=Where(file=str(folder)),
        what=f"L’édition ne se lit pas ({detail}).",
        remedy="Reprenez une copie intacte, ou construisez-la de nouveau.",
    )


def _altered(
    path: Path,
    what: str,
    expected: str = "le contenu dont l’empreinte est dans manifest.json.",
) -> Problem:
    return Problem(
        code="edition-alteree",
        where=Where(file=str(path)),
        what=what,
        expected=expected,
        remedy="Reprenez une copie intacte, ou construisez l’édition de nouveau.",
    )
