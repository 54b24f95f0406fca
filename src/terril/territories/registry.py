"""How is the file of territories read and written?

CSV, one row a territory, columns in French because analysts edit it. Lists (aliases,
communes) are separated by ``|``. A mistake is told with line and column, all at once.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import first_lines, inspect, rows_of, signature, sniff_separator
from terril.territories.generations import generation_of
from terril.territories.kinds import KINDS, fold, is_code
from terril.territories.territory import Territories, Territory

COLUMNS: Final = (
    "genre",
    "code",
    "nom",
    "nom_affiche",
    "nom_court",
    "alias",
    "communes",
    "epci",
    "colonne",
    "ligne",
    "population",
    "tampon_m",
)
REQUIRED: Final = ("genre", "code", "nom")
SHORT_LENGTH: Final = 40

__all__ = ["Territories", "Territory", "read_territories", "write_territories"]


def read_territories(path: Path, problems: ProblemList) -> Territories:
    """Read the file of territories; what is wrong goes to ``problems``.

    Returns the territories whose rows are right (none when the file cannot be read).
    """
    text = _text(path, problems)
    rows = rows_of(text, sniff_separator(text), limit=1_000_000) if text else []
    rows = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return Territories(())
    head = [fold(cell).replace(" ", "_") for cell in rows[0][1]]
    if not _head_is_right(path, head, rows[0][0], problems):
        return Territories(())
    reader = _Rows(path.name, problems)
    items = [
        item
        for line, row in rows[1:]
        if (item := reader.territory(line, dict(zip(head, row, strict=False))))
    ]
    reader.check_whole(items)
    return Territories(items)


def _text(path: Path, problems: ProblemList) -> str:
    where = Where(path.name)
    expected = "un fichier CSV, une ligne par territoire."
    if not path.is_file():
        problems.add(
            Problem(
                "fichier-absent",
                where,
                "Le fichier des territoires n’est pas là.",
                expected,
                "Créez-le, ou créez le projet avec « terril nouveau ».",
            )
        )
        return ""
    facts = inspect(path)
    if signature(path) != "text" or facts.binary:
        problems.add(
            Problem(
                "fichier-illisible",
                where,
                "Ce n’est pas un fichier texte.",
                expected,
                "Depuis le tableur, enregistrez la feuille au format CSV (UTF-8).",
            )
        )
        return ""
    if facts.blank:
        problems.add(Problem("fichier-vide", where, "Le fichier est vide.", expected))
        return ""
    if facts.damaged:
        problems.add(
            Problem(
                "encodage-abime",
                Where(path.name, line=facts.damaged[0]),
                "Des caractères de cette ligne sont illisibles.",
                "un texte en UTF-8.",
                "Retapez-les et enregistrez en UTF-8.",
            )
        )
    return first_lines(path, facts, facts.size + 1)


def _head_is_right(path: Path, head: list[str], line: int, problems: ProblemList) -> bool:
    missing = [name for name in REQUIRED if name not in head]
    for name in missing:
        near = difflib.get_close_matches(name, head, 1)
        problems.add(
            Problem(
                "colonne-absente",
                Where(path.name, line=line),
                f"La colonne « {name} » manque.",
                f"les colonnes {', '.join(COLUMNS)}.",
                f"Renommez « {near[0]} » en « {name} »." if near else "Ajoutez-la.",
            )
        )
    for name in head:
        if name and name not in COLUMNS:
            problems.add(
                Problem(
                    "colonne-inconnue",
                    Where(path.name, line=line, column=name),
                    "Cette colonne n’est pas lue.",
                    f"les colonnes {', '.join(COLUMNS)}.",
                    "Renommez-la ou retirez-la.",
                    Severity.WARNING,
                )
            )
    return not missing


def _list(text: str) -> tuple[str, ...]:
    parts = text.replace(";", "|").split("|")
    return tuple(dict.fromkeys(" ".join(p.split()) for p in parts if p.strip()))


class _Rows:
    """Turns rows into territories and gathers what is wrong with them."""

    def __init__(self, file: str, problems: ProblemList) -> None:
        self.file = file
        self.problems = problems

    def report(
        self,
        code: str,
        line: int | None,
        column: str,
        what: str,
        expected: str = "",
        remedy: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        where = Where(self.file, line=line, column=column)
        self.problems.add(Problem(code, where, what, expected, remedy, severity))

    def territory(self, line: int, row: dict[str, str]) -> Territory | None:
        cells = {key: " ".join(value.split()) for key, value in row.items()}
        kind, code = cells.get("genre", ""), cells.get("code", "").upper()
        if kind not in KINDS:
            near = difflib.get_close_matches(kind, KINDS, 1)
            self.report(
                "genre-inconnu",
                line,
                "genre",
                f"Le genre « {kind} » n’existe pas.",
                ", ".join(KINDS) + ".",
                f"Écrivez « {near[0]} »." if near else "",
            )
            return None
        if kind in ("commune", "departement") and code.isdigit():
            code = code.zfill(5 if kind == "commune" else 2)
        if not is_code(kind, code):
            self.report(
                "code-territoire",
                line,
                "code",
                f"« {code} » n’a pas la forme d’un code ({KINDS[kind].label}).",
                f"{KINDS[kind].example}.",
            )
            return None
        label = cells.get("nom", "")
        if not label:
            self.report("nom-absent", line, "nom", "Le nom manque.", "le nom officiel.")
            return None
        display = cells.get("nom_affiche") or label
        return Territory(
            code=code,
            kind=kind,
            label=label,
            short=self._short(line, cells.get("nom_court", ""), display),
            communes=self._communes(line, kind, cells.get("communes", "")),
            epci=self._epci(line, kind, code, cells.get("epci", "")),
            aliases=_list(cells.get("alias", "")),
            tile=self._tile(line, cells.get("colonne", ""), cells.get("ligne", "")),
            display=display,
            population=self._population(line, cells.get("population", "")),
            line=line,
            buffer_m=self._buffer(line, cells.get("tampon_m", "")),
        )

    def _short(self, line: int, text: str, display: str) -> str:
        short = text or display
        if len(short) <= SHORT_LENGTH:
            return short
        if text:
            self.report(
                "nom-court-long",
                line,
                "nom_court",
                f"« {text} » compte {len(text)} caractères.",
                f"{SHORT_LENGTH} au plus.",
                "Raccourcissez-le.",
            )
        return display[: SHORT_LENGTH - 1].rstrip(" –-") + "…"

    def _communes(self, line: int, kind: str, text: str) -> tuple[str, ...]:
        codes = tuple(c.zfill(5) if c.isdigit() else c.upper() for c in _list(text))
        for code in codes:
            if not is_code("commune", code):
                self.report(
                    "code-territoire",
                    line,
                    "communes",
                    f"« {code} » n’est pas un code Insee de commune.",
                    "des codes de cinq caractères séparés par |, par exemple 62498|62842.",
                )
        if kind == "qpv" and not codes:
            self.report(
                "communes-absentes",
                line,
                "communes",
                "Aucune commune n’est donnée pour ce quartier.",
                "au moins un code Insee.",
                "Sans commune, la fiche ne peut pas le comparer.",
                Severity.WARNING,
            )
        return tuple(code for code in codes if is_code("commune", code))

    def _epci(self, line: int, kind: str, code: str, text: str) -> str:
        if kind == "epci":
            return code
        if text and not is_code("epci", text):
            self.report(
                "code-territoire",
                line,
                "epci",
                f"« {text} » n’est pas un numéro SIREN.",
                "neuf chiffres.",
            )
            return ""
        if kind == "qpv" and not text:
            self.report(
                "epci-absent",
                line,
                "epci",
                "L’intercommunalité qui porte le contrat de ce quartier n’est pas donnée.",
                "son numéro SIREN.",
            )
        return text

    def _tile(self, line: int, column: str, row: str) -> tuple[int, int] | None:
        if not column and not row:
            return None
        if column.isdigit() and row.isdigit():
            return int(column), int(row)
        self.report(
            "case-carte",
            line,
            "colonne",
            f"La case « {column} ; {row} » du plan schématique n’est pas lisible.",
            "deux nombres entiers à partir de 0, ou rien.",
        )
        return None

    def _population(self, line: int, text: str) -> float | None:
        digits = "".join(text.split())
        if not digits:
            return None
        try:
            return float(digits.replace(",", "."))
        except ValueError:
            self.report(
                "nombre-illisible",
                line,
                "population",
                f"« {text} » n’est pas un nombre.",
                "un nombre d’habitants.",
            )
            return None

    def _buffer(self, line: int, text: str) -> int | None:
        if not text:
            return None
        if text.isdigit():
            return int(text)
        self.report(
            "nombre-illisible",
            line,
            "tampon_m",
            f"« {text} » n’est pas une largeur d’abords.",
            "un nombre entier de mètres, 300 ou 500 en général, ou rien.",
        )
        return None

    def check_whole(self, items: list[Territory]) -> None:
        """Look for doubles: two rows of one code, two squares, one name for two places.

        Two lists of neighbourhoods have each its plan, and names in common.
        """
        codes: dict[tuple[str, str], int | None] = {}
        tiles: dict[tuple[str, str | None, int, int], str] = {}
        for item in items:
            key = (item.kind, item.code)
            if key in codes:
                self.report(
                    "territoire-double",
                    item.line,
                    "code",
                    f"{item.code} figure déjà à la ligne {codes[key]}.",
                    "une ligne par territoire.",
                    "Retirez l’une des deux.",
                )
            codes.setdefault(key, item.line)
            if item.tile:
                square = (item.epci, generation_of(item.code), *item.tile)
                if square in tiles:
                    self.report(
                        "case-double",
                        item.line,
                        "colonne",
                        f"{item.code} et {tiles[square]} occupent la même case du plan.",
                        "une case par quartier.",
                        "Déplacez l’un des deux.",
                    )
                tiles.setdefault(square, item.code)
        self._check_names(items)

    def _check_names(self, items: list[Territory]) -> None:
        names: dict[tuple[str, str], dict[str | None, str]] = {}
        common: set[str] = set()  # codes of neighbourhoods that bear a name of the other list
        for item in items:
            for name in {fold(n) for n in (item.label, *item.aliases)}:
                bearers = names.setdefault((item.kind, name), {})
                other = bearers.setdefault(generation_of(item.code), item.code)
                if other == item.code and len(bearers) > 1:
                    common.add(item.code)
                elif other != item.code:
                    self.report(
                        "nom-double",
                        item.line,
                        "nom",
                        f"{item.code} et {other} portent le même nom : un fichier qui ne donne "
                        "que ce nom ne peut pas être lu.",
                        "",
                        "Dans les données, désignez-les par leur code.",
                        Severity.WARNING,
                    )
        if common:
            which = compte(len(common), "quartier porte", "quartiers portent")
            self.report(
                "nom-des-deux-listes",
                None,
                "nom",
                f"{which} le même nom dans les deux listes (2015 et 2024) : ce nom seul ne dit "
                "pas lequel.",
                "",
                "Dans les données, désignez-les par leur code.",
                Severity.NOTE,
            )


def write_territories(items: Iterable[Territory]) -> str:
    """Return the text of a file of territories (CSV, ``;``), which reads back the same."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for t in items:
        tile = t.tile or ("", "")
        population = "" if t.population is None else f"{t.population:.0f}"
        writer.writerow(
            (
                t.kind,
                t.code,
                t.label,
                t.display if t.display != t.label else "",
                t.short if t.short not in (t.display, t.label) else "",
                "|".join(t.aliases),
                "|".join(t.communes),
                "" if t.kind == "epci" else t.epci,
                *tile,
                population,
                "" if t.buffer_m is None else t.buffer_m,
            )
        )
    return out.getvalue()
