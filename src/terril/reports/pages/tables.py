"""Which tables of an edition may be taken away, in which formats, of which size?

By theme and by indicator in the formats of the trade, made on demand; and the files of the edition
as they were sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from terril.editions.look import Look
from terril.lib.french import NBSP, compte, nombre

#: ending → name, what it is in one plain sentence
FORMATS: Final[dict[str, tuple[str, str]]] = {
    "csv": (
        "CSV",
        "Un tableau en texte simple, point-virgule et virgule décimale, que tout tableur ouvre.",
    ),
    "xlsx": ("XLSX", "Un classeur pour Excel ou LibreOffice, les nombres déjà en nombres."),
    "parquet": (
        "Parquet",
        "Un fichier compact pour les logiciels de statistique (R, Python, DuckDB).",
    ),
    "json": (
        "JSON-stat",
        "Un cube de chiffres avec ses dimensions nommées, pour les sites et les graphiques.",
    ),
    "sdmx.csv": (
        "SDMX-CSV",
        "Le format d’échange des instituts statistiques, avec le statut de chaque chiffre.",
    ),
}

#: what a sealed file holds, by the name of its table
TABLES: Final[dict[str, str]] = {
    "observations": "tous les chiffres publiés, avec leur source",
    "statements": "ce que dit chaque document lu, avant tout choix",
    "blanked": "les chiffres masqués par le secret, sans leur valeur, avec la règle",
    "groups": "les moyennes, médianes et extrêmes des quartiers",
    "positions": "le rang et l’écart réduit de chaque quartier",
    "gaps": "les écarts à la commune, à l’agglomération et aux moyennes",
    "signals": "les signaux par thème et leur sûreté",
    "sensitivity": "les signaux avec d’autres règles",
    "reach": "ce que la règle de taille a pu examiner",
    "offers": "l’offre locale de chaque quartier",
    "families": "les équipements par famille",
    "equipment": "les équipements par type",
    "evidence": "les lieux sur lesquels repose l’offre locale",
    "served": "les lignes et les gares qui desservent chaque quartier",
    "services": "la desserte de chaque quartier, résumée",
    "contradictions": "les désaccords entre documents et le choix fait",
    "findings": "les constats des contrôles",
    "problems": "ce que la lecture des fichiers a signalé",
    "changes": "les évolutions d’une période à l’autre",
    "blocked": "les évolutions qu’une rupture empêche de dire",
    "trends": "les tendances",
    "funnel": "les limites selon la taille",
    "worsening": "ce qui est difficile et s’aggrave",
    "break_lines": "les ruptures de série",
    "correspondence": "les quartiers de 2015 et ceux de 2024",
    "territories": "les territoires",
    "inputs": "les fichiers lus et leur empreinte",
    "sentences": "les phrases des fiches, en données",
}
_FILES: Final[dict[str, str]] = {
    "edition.sqlite": "toute l’édition dans une base SQLite",
    "observations.csv": "tous les chiffres publiés, en CSV",
    "perimetres.gpkg": "les périmètres, pour un logiciel de cartographie",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Something to take away: an indicator, its code and how many figures it has."""

    code: str
    label: str
    figures: str


@dataclass(frozen=True, slots=True)
class TakenTheme:
    """A theme with its indicators."""

    code: str
    label: str
    figures: str
    indicators: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file of the edition: its address, what it holds, its size, its fingerprint."""

    file: str
    holds: str
    size: str
    rows: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TablesPage:
    """The page of the tables."""

    formats: tuple[tuple[str, str, str], ...]  # ending, name, sentence
    themes: tuple[TakenTheme, ...]
    files: tuple[SealedFile, ...]


def tables_page(look: Look) -> TablesPage:
    """Return what may be taken away of an edition."""
    counts = look.figures
    themes = []
    for (theme, label), cards in look.index:
        total = sum(counts.get(code, 0) for code, _ in cards)
        indicators = tuple(Taken(c, name, _figures(counts.get(c, 0))) for c, name in cards)
        themes.append(TakenTheme(theme, label, _figures(total), indicators))
    rows = look.manifest.rows
    files = [
        SealedFile(
            output.file,
            _holds(output.file),
            size_text(output.size),
            compte(rows[_table(output.file)], "ligne", "lignes")
            if _table(output.file) in rows and "." in output.file
            else "",
            output.sha256,
        )
        for output in look.manifest.outputs
    ]
    files.sort(key=lambda f: (f.file not in _FILES, f.file))
    formats = tuple((ending, name, told) for ending, (name, told) in FORMATS.items())
    return TablesPage(formats, tuple(themes), tuple(files))


def size_text(octets: int) -> str:
    """« 467 ko », « 4,7 Mo »: decimal multiples."""
    if octets < 1000:
        return f"{nombre(octets)}{NBSP}octets"
    if octets < 1_000_000:
        return f"{nombre(octets / 1000)}{NBSP}ko"
    return f"{nombre(octets / 1_000_000, 1)}{NBSP}Mo"


def theme_codes(look: Look, theme: str) -> tuple[str, ...]:
    """The indicators of a theme that compare neighbourhoods, none for an unknown theme."""
    return next((tuple(c for c, _ in cards) for (t, _), cards in look.index if t == theme), ())


def _figures(count: int) -> str:
    return compte(count, "chiffre", "chiffres")


def _table(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]


def _holds(file: str) -> str:
    return _FILES.get(file) or TABLES.get(_table(file), "")
