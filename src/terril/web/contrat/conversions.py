"""Which files of others fill the registers of the linked schemes?

The State’s open files of helped posts, and the landlords’ files of allocations, one line a
household: of these, only counts go further.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from terril.contrat.schemes.allocation_lines import count_allocations
from terril.contrat.schemes.files import allocations_file, posts_files
from terril.contrat.schemes.open_posts import LAYOUTS, Layout, read_open_posts
from terril.contrat.schemes.quartiles import ceilings_of
from terril.lib.french import compte
from terril.web.espace.conversions import Converted, Converter, converts
from terril.web.espace.space import Space

_POSTS: Final = ("organisations", "postes", "postes_annees")
_LABELS: Final = {
    "adulte_relais": ("Adultes-relais", "Le fichier ouvert des adultes-relais de l’Agence "
                      "nationale de la cohésion des territoires."),
    "fonjep": ("Postes FONJEP", "Le fichier ouvert des postes du Fonds de coopération de la "
               "jeunesse et de l’éducation populaire (FONJEP), de la même agence."),
}  # fmt: skip


def declare() -> None:
    """Offer the converters on the import pages."""
    for layout in LAYOUTS:
        label, about = _LABELS[layout.kind]
        converts(
            "postes",
            Converter(
                layout.kind,
                label,
                about,
                _POSTS,
                partial(posts, layout),
                "Code du contrat dans le fichier",
                "Celui de la colonne «\u00a0code_cv\u00a0», comme CV219. Vide\u00a0: toutes les "
                "lignes.",
            ),
        )
    converts(
        "cia_attributions",
        Converter(
            "attributions",
            "Attributions, une ligne par ménage",
            "Le fichier d’un bailleur. Les ménages sont comptés par quartile d’après les "
            "plafonds de l’année, puis les lignes sont oubliées.",
            ("cia_attributions",),
            allocations,
        ),
    )


def posts(layout: Layout, path: Path, space: Space, asked: str) -> Converted:
    """Employers that are not there yet, posts, help of each year."""
    found = read_open_posts(path, layout, asked.upper() or None)
    fresh = tuple(
        row for row in found.organisations if not space.names.find("organisations", row["nom"])
    )
    files = posts_files(replace(found, organisations=fresh), space.catalogue)
    counts = {"organisations": fresh, "postes": found.posts, "postes_annees": found.years}
    said = compte(len(found.years), "ligne lue", "lignes lues")
    if asked:
        said += f", {compte(found.left, 'ligne d’un autre contrat', 'lignes d’autres contrats')}"
    kept = {name: files[name] for name in _POSTS if counts[name]}
    return Converted(kept, found.problems, f"{said}.")


def allocations(path: Path, space: Space, asked: str) -> Converted:
    """Counts of households, by quartile and place."""
    ceilings = ceilings_of(space)
    counted = count_allocations(path, ceilings, space.catalogue)
    said = f"{compte(counted.lines, 'attribution comptée', 'attributions comptées')}."
    without = sorted({int(row["annee"]) for row in counted.rows} - ceilings.keys())
    if without:
        years = ", ".join(map(str, without))
        said += f" Sans plafond de ressources saisi, le quartile est inconnu\u00a0: {years}."
    files = {"cia_attributions": allocations_file(counted, space.catalogue)}
    return Converted(files if counted.rows else {}, counted.problems, said)
