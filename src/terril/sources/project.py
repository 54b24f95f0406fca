"""What does the project file ``terril.toml`` ask for?

It names the contract, its territories and the input files, in order of trust. Every
mistake is told with its line in the file, all at once.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from terril.lib.french import liste
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.sources.tomllines import TomlLines

FILE_NAME: Final = "terril.toml"
GENERATIONS: Final = ("2015", "2024")

_PROJECT_KEYS: Final = (
    "nom",
    "contrat",
    "edition",
    "generation",
    "modele_fiche",
    "catalogue",
    "sortie",
    "correspondance",
)
_TERRITORY_KEYS: Final = ("epci", "nom", "sigle", "fichier")
#: the tables that name files, and the example of a reader in their messages
_LISTS: Final = {
    "entrees": "long",
    "perimetres": "contours",
    "points": "bpe",
    "dessertes": "gtfs",
    "microdonnees": "enregistrements",
}
_EXAMPLES: Final = {
    "entrees": "tableaux",
    "perimetres": "quartiers",
    "points": "equipements",
    "dessertes": "bus",
    "microdonnees": "demandeurs",
}
_INPUT_KEYS: Final = ("id", "fichier", "lecteur", "priorite", "source", "feuille", "libelle")


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input file: where it is, which reader takes it, how much it is trusted.

    The smallest ``priority`` wins when documents disagree. ``options`` are the other keys
    of the ``[[entrees]]`` table, as texts; a sub-table gives ``table.key``.
    """

    id: str
    file: Path
    reader: str
    priority: int = 50
    source: str | None = None
    sheet: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    line: int | None = None  # of its table in terril.toml
    label: str = ""  # the document in a sentence, with its article: « le tableau des quartiers »


@dataclass(frozen=True, slots=True)
class Project:
    """A project as ``terril.toml`` declares it. Paths are absolute."""

    root: Path
    name: str
    contract: str
    epci: str  # SIREN
    epci_name: str
    epci_short: str
    edition: str  # ISO date
    territories_file: Path
    inputs: tuple[InputSpec, ...]
    catalogue_dirs: tuple[Path, ...] = ()
    fiche_model: str = "quartier"
    generation: str = "2015"
    output: str = "out"
    correspondence: Path | None = None  # official list QP 2015 ↔ QN 2024
    perimeters: tuple[InputSpec, ...] = ()  # [[perimetres]]: outlines of territories
    points: tuple[InputSpec, ...] = ()  # [[points]]: equipment, one point each
    networks: tuple[InputSpec, ...] = ()  # [[dessertes]]: timetables of public transport
    microdata: tuple[InputSpec, ...] = ()  # [[microdonnees]]: records to count by territory

    def shown(self, path: Path) -> str:
        """Return a path as messages and provenance write it: relative to the project."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return path.name


class _Reader:
    """Walks the parsed file and gathers what is wrong with it."""

    def __init__(self, path: Path, text: str, problems: ProblemList) -> None:
        self.path = path
        self.lines = TomlLines(text)
        self.problems = problems
        self.seen: set[str] = set()  # ids of inputs

    def report(
        self,
        code: str,
        what: str,
        expected: str = "",
        remedy: str = "",
        *,
        at: tuple[str, str, int] = ("", "", 0),
        severity: Severity = Severity.ERROR,
    ) -> None:
        table, key, index = at
        where = Where(self.path.name, line=self.lines.of(table, key, index), column=key)
        self.problems.add(Problem(code, where, what, expected, remedy, severity))

    def text(
        self, table: Mapping[str, Any], name: str, key: str, index: int = 0, default: str = ""
    ) -> str:
        value = table.get(key, default)
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.report(
                "projet-valeur",
                f"« {key} » n’est pas un texte.",
                f'{key} = "…"',
                at=(name, key, index),
            )
            return default
        return str(value).strip()

    def required(
        self, table: Mapping[str, Any], name: str, key: str, example: str, index: int = 0
    ) -> str:
        value = self.text(table, name, key, index)
        if not value:
            self.report(
                "projet-cle-absente",
                f"« {key} » manque dans [{name}].",
                f'{key} = "{example}"',
                f"Ajoutez cette ligne sous [{name}].",
                at=(name, key, index),
            )
        return value

    def unknown(
        self, table: Mapping[str, Any], name: str, known: tuple[str, ...], index: int = 0
    ) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                self.report(
                    "projet-cle-inconnue",
                    f"« {key} » n’est pas une clé de [{name}].",
                    ", ".join(known) + ".",
                    f"Écrivez « {near[0]} »." if near else "Retirez cette ligne.",
                    at=(name, key, index),
                )


def read_project(path: Path) -> Project:
    """Read ``terril.toml`` (the file, or the folder that holds it).

    Raises ``ProblemsError`` with all that is wrong: the file absent or not TOML, a key
    absent, unknown or of the wrong kind, an input declared twice, a file that is not there.
    """
    problems = ProblemList()
    file = path / FILE_NAME if path.is_dir() else path
    raw = _parse(file, problems)
    problems.raise_errors()
    reader = _Reader(file, file.read_text(encoding="utf-8-sig"), problems)
    project = _build(file.resolve().parent, raw, reader)
    problems.raise_errors()
    return project


def _parse(file: Path, problems: ProblemList) -> dict[str, Any]:
    where = Where(file.name)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError:
        problems.add(
            Problem(
                "projet-absent",
                where,
                f"Aucun projet ici : {file} n’existe pas ou ne peut être lu.",
                f"un fichier {FILE_NAME}.",
                "Lancez la commande dans le dossier du projet, ou créez-en un avec "
                "« terril nouveau ».",
            )
        )
    except UnicodeDecodeError:
        problems.add(
            Problem(
                "projet-encodage",
                where,
                "Le fichier n’est pas en UTF-8.",
                "un texte enregistré en UTF-8.",
                "Enregistrez-le en UTF-8 depuis votre éditeur de texte.",
            )
        )
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        problems.add(
            Problem(
                "projet-syntaxe",
                Where(file.name, line=int(line[1]) if line else None),
                "Cette ligne n’est pas du TOML.",
                'des lignes clé = "valeur", sous des titres [projet], [territoire], [[entrees]].',
                "Vérifiez les guillemets et les crochets à cette ligne et à celle d’avant.",
            )
        )
    return {}


def _table(raw: Mapping[str, Any], name: str, reader: _Reader) -> Mapping[str, Any]:
    table = raw.get(name)
    if isinstance(table, dict):
        return table
    reader.report(
        "projet-table-absente",
        f"La table [{name}] manque.",
        f"une ligne [{name}].",
        f"Ajoutez [{name}] et ses clés.",
    )
    return {}


def _build(root: Path, raw: Mapping[str, Any], reader: _Reader) -> Project:
    for key in raw:
        if key not in ("projet", "territoire", *_LISTS):
            reader.report(
                "projet-cle-inconnue",
                f"« {key} » n’est pas une partie du projet.",
                f"[projet], [territoire], {liste([f'[[{name}]]' for name in _LISTS])}.",
                "Retirez cette partie.",
                at=(key, "", 0),
            )
    head = _table(raw, "projet", reader)
    place = _table(raw, "territoire", reader)
    reader.unknown(head, "projet", _PROJECT_KEYS)
    reader.unknown(place, "territoire", _TERRITORY_KEYS)
    epci = reader.required(place, "territoire", "epci", "246200364") if place else ""
    if epci and not re.fullmatch(r"\d{9}", epci):
        reader.report(
            "projet-siren",
            f"« {epci} » n’est pas un numéro SIREN.",
            "neuf chiffres.",
            at=("territoire", "epci", 0),
        )
    edition = reader.required(head, "projet", "edition", "2020-07-01") if head else ""
    if edition and not _is_date(edition):
        reader.report(
            "projet-date",
            f"« {edition} » n’est pas une date.",
            "année-mois-jour, par exemple 2020-07-01.",
            at=("projet", "edition", 0),
        )
    generation = reader.text(head, "projet", "generation", default="2015")
    if generation not in GENERATIONS:
        reader.report(
            "projet-generation",
            f"La génération « {generation} » n’existe pas.",
            "2015 (codes QP…) ou 2024 (codes QN…).",
            at=("projet", "generation", 0),
        )
    territories = root / reader.text(place, "territoire", "fichier", default="territoires.csv")
    if place and not territories.is_file():
        reader.report(
            "fichier-absent",
            f"Le fichier des territoires « {territories.name} » n’est pas là.",
            f"un fichier dans {root.name}/.",
            "Corrigez « fichier » dans [territoire], ou créez le projet avec « terril nouveau ».",
            at=("territoire", "fichier", 0),
        )
    name = reader.text(place, "territoire", "nom", default=epci)
    listed = reader.text(head, "projet", "correspondance")
    if listed and not (root / listed).is_file():
        reader.report(
            "fichier-absent",
            f"La liste de correspondance « {listed} » n’est pas là.",
            f"un fichier dans {root.name}/.",
            "Corrigez « correspondance » dans [projet], ou retirez cette ligne.",
            at=("projet", "correspondance", 0),
        )
    return Project(
        root=root,
        name=reader.required(head, "projet", "nom", "Observatoire des quartiers") if head else "",
        contract=reader.text(head, "projet", "contrat"),
        epci=epci,
        epci_name=name,
        epci_short=reader.text(place, "territoire", "sigle", default=name),
        edition=edition,
        territories_file=territories,
        inputs=_inputs(root, raw, "entrees", reader),
        perimeters=_inputs(root, raw, "perimetres", reader),
        points=_inputs(root, raw, "points", reader),
        networks=_inputs(root, raw, "dessertes", reader),
        microdata=_inputs(root, raw, "microdonnees", reader),
        catalogue_dirs=_catalogues(root, head.get("catalogue", []), reader),
        fiche_model=reader.text(head, "projet", "modele_fiche", default="quartier"),
        generation=generation,
        output=reader.text(head, "projet", "sortie", default="out"),
        correspondence=root / listed if listed else None,
    )


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _catalogues(root: Path, value: Any, reader: _Reader) -> tuple[Path, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        reader.report(
            "projet-valeur",
            "« catalogue » n’est pas une liste de dossiers.",
            'catalogue = ["catalogue"]',
            at=("projet", "catalogue", 0),
        )
        return ()
    for name in names:
        if not (root / name).is_dir():
            reader.report(
                "fichier-absent",
                f"Le dossier de cartes « {name} » n’est pas là.",
                "un dossier du projet.",
                "Créez-le ou retirez-le de « catalogue ».",
                at=("projet", "catalogue", 0),
            )
    return tuple(root / name for name in names)


def _inputs(
    root: Path, raw: Mapping[str, Any], name: str, reader: _Reader
) -> tuple[InputSpec, ...]:
    """Read the tables ``[[name]]``, each a file with its reader; an id is used once in all."""
    tables = raw.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        reader.report(
            "projet-valeur",
            f"« {name} » n’est pas une suite de tables.",
            f"une table [[{name}]] (deux crochets) par fichier.",
        )
        return ()
    specs: list[InputSpec] = []
    for index, table in enumerate(tables):
        identity = reader.required(table, name, "id", _EXAMPLES[name], index)
        if identity and not re.fullmatch(r"[a-z0-9][a-z0-9_\-]*", identity):
            reader.report(
                "projet-id",
                f"« {identity} » ne convient pas comme identifiant.",
                "minuscules sans accent, chiffres, tirets.",
                at=(name, "id", index),
            )
        if identity and identity in reader.seen:
            reader.report(
                "projet-id-double",
                f"L’entrée « {identity} » est déclarée deux fois.",
                "un identifiant par fichier.",
                "Renommez l’une des deux.",
                at=(name, "id", index),
            )
        reader.seen.add(identity)
        file = reader.required(table, name, "fichier", f"donnees/{_EXAMPLES[name]}.csv", index)
        specs.append(
            InputSpec(
                id=identity,
                file=root / file,
                reader=reader.required(table, name, "lecteur", _LISTS[name], index),
                priority=_priority(table, name, index, reader),
                source=reader.text(table, name, "source", index) or None,
                sheet=reader.text(table, name, "feuille", index) or None,
                options=_options(table, name, index, reader),
                line=reader.lines.of(name, "", index),
                label=reader.text(table, name, "libelle", index),
            )
        )
    return tuple(specs)


def _priority(table: Mapping[str, Any], name: str, index: int, reader: _Reader) -> int:
    value = table.get("priorite", 50)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999:
        return value
    reader.report(
        "projet-valeur",
        f"La priorité « {value} » n’est pas un nombre entier.",
        "un nombre de 0 à 999 ; le plus petit l’emporte.",
        at=(name, "priorite", index),
    )
    return 50


def _options(table: Mapping[str, Any], name: str, index: int, reader: _Reader) -> dict[str, str]:
    options: dict[str, str] = {}
    for key, value in table.items():
        if key in _INPUT_KEYS:
            continue
        if isinstance(value, dict):
            for inner in value:
                options[f"{key}.{inner}"] = reader.text(value, f"{name}.{key}", inner, index)
        elif isinstance(value, bool):
            options[key] = "oui" if value else "non"
        else:
            options[key] = reader.text(table, name, key, index)
    return options
