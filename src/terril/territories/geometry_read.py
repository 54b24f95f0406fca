"""Which outlines does a GeoPackage, a GeoJSON or a Shapefile hold?

The columns of the code and of the name are recognised (``columns/contours.csv``), whatever
their case. What cannot be kept (an empty outline, a point, a code that is none) is set aside
and told; nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import fingerprint
from terril.territories.generations import generation_of
from terril.territories.geometry_columns import (
    NATURES,
    check_codes,
    codes_of,
    find_column,
    of_nature,
    series_of,
    texts_of,
    ungarbled,
    with_names,
)
from terril.territories.geometry_file import Raw, open_file
from terril.territories.geometry_layer import Layer, Shapes, as_shapes, settled
from terril.territories.geometry_place import placed
from terril.territories.geometry_repair import check_shapes, invalid, mended
from terril.territories.geometry_tell import Teller
from terril.territories.kinds import KINDS, fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the project says of a file of outlines: the arguments of ``read_layer``."""

    nature: str
    generation: str = ""
    code_column: str = ""
    label_column: str = ""
    crs: int | None = None
    target: int = 0
    sliver: float = 10.0


def read_layer(
    path: Path,
    problems: ProblemList,
    *,
    nature: str,
    generation: str = "",
    code_column: str = "",
    label_column: str = "",
    layer: str = "",
    crs: int | None = None,
    shown: str = "",
    vintage: str = "",
    source: str = "",
    target: int = 0,
    sliver: float = 10.0,
    own: Collection[str] = (),
) -> Layer | None:
    """Read a file of outlines; ``None``, with an error in ``problems``, when it cannot serve.

    ``nature`` is a key of ``NATURES`` (``KeyError`` otherwise). ``generation``: « 2015 » or
    « 2024 » for neighbourhoods, else read from the codes. ``code_column``, ``label_column``,
    ``layer``: what the file calls them, when they are not recognised. ``crs``: the EPSG code
    of the file, which then wins over what the file says. ``shown``: the file as messages name
    it. ``target``: the EPSG code of the layer returned, in metres; 0 for the grid of the
    territory where most outlines lie. ``sliver``: m² under which a piece that a repair cuts
    off is dropped. ``own``: codes of the outlines whose problems are told one by one, when
    those of the others need only be counted.
    """
    name = shown or path.name
    raw = open_file(path, problems, name, layer)
    if raw is None:
        return None
    tell = Teller(name, raw.sheet, problems, own)
    asked = Wanted(nature, generation, code_column, label_column, crs, target, sliver)
    found = _read(raw, tell, asked) if len(raw.shapes) else _NOTHING
    tell.end()
    if found is None:
        return None
    if not found.codes:
        problems.add(
            Problem(
                "contours-vide",
                Where(name, raw.sheet),
                f"Aucun contour {of_nature(nature)} n’y est lu.",
                f"des polygones : les {NATURES[nature][1]}, avec leurs codes.",
                "Vérifiez le fichier et, s’il en a plusieurs, la couche (« couche »).",
            )
        )
        return None
    return replace(found, file=name, sha256=fingerprint(path), vintage=vintage, source=source)


_OVERLAP: Final = 0.01  # part of a piece over which two drawings are of the same thing
_NOTHING: Final = Layer("", "", 0, (), (), as_shapes([]), pl.DataFrame())


def _read(raw: Raw, tell: Teller, asked: Wanted) -> Layer | None:
    nature = asked.nature
    code_head = find_column(raw.heads, nature, "code", asked.code_column, tell)
    label_head = find_column(raw.heads, nature, "nom", asked.label_column, tell)
    if code_head is None or label_head is None:
        return None
    columns = ungarbled(raw.columns, tell)
    labels = texts_of(columns[label_head]) if label_head else [""] * len(raw.shapes)
    codes = _codes(columns, code_head, labels, nature, tell)
    tell.about(codes)
    names = [_named(row, code, labels[row]) for row, code in enumerate(codes)]
    kept = np.ones(len(codes), dtype=bool)
    check_codes(codes, names, nature, asked.generation, code_head, kept, tell)
    shapes = check_shapes(raw, names, kept, tell)
    if not kept.any():
        return _NOTHING
    wrong = invalid(shapes, kept)
    moved = placed(raw.crs, shapes, names, kept, asked.crs, asked.target, tell)
    if moved is None:
        return None
    shapes = mended(moved[0], names, kept, wrong, tell, asked.sliver)
    rows = sorted(_one_a_code(codes, labels, shapes, kept, tell), key=lambda row: codes[row[0]])
    firsts = [row for row, _ in rows]
    years = {generation_of(codes[row]) or "" for row in firsts} if nature == "qpv" else set()
    rest = {h: series_of(columns[h]) for h in raw.heads if h not in (code_head, label_head)}
    return Layer(
        nature,
        asked.generation or (years.pop() if len(years) == 1 else ""),
        moved[1],
        tuple(codes[row] for row in firsts),
        tuple(labels[row] for row in firsts),
        as_shapes(settled(shape) for _, shape in rows),
        pl.DataFrame(rest)[firsts] if rest else pl.DataFrame(),
    )


def _codes(
    columns: dict[str, npt.NDArray[Any]], head: str, labels: list[str], nature: str, tell: Teller
) -> list[str]:
    """Return the codes; ranks in the file when it has none and the nature can do without."""
    if not head:
        return [str(row + 1) for row in range(len(labels))]
    if nature in KINDS or nature == "carreau":
        return codes_of(columns[head], nature)
    codes, changed = with_names(columns[head], labels)
    if changed:
        again = compte(changed, "numéro revient", "numéros reviennent")
        tell.say(
            "code-partage",
            f"{again} sous un autre nom : un rang leur est ajouté (« 12 » puis « 12-2 »).",
            "un code par contour.",
            'Choisissez dans terril.toml une autre colonne : colonne_code = "…".',
            Severity.NOTE,
            column=head,
        )
    return codes


def _named(row: int, code: str, label: str) -> str:
    """Return how messages name a feature: its code and name, else its rank in the file."""
    return " ".join(part for part in (code, label) if part) or f"l’entité {row + 1}"


def _one_a_code(
    codes: list[str],
    labels: list[str],
    shapes: Shapes,
    kept: npt.NDArray[np.bool_],
    tell: Teller,
) -> list[tuple[int, Any]]:
    """Return one row and one shape a code: pieces are joined, a second drawing is set aside."""
    by_code: dict[str, list[int]] = {}
    for row in np.flatnonzero(kept):
        by_code.setdefault(codes[row], []).append(int(row))
    result: list[tuple[int, Any]] = []
    for code, rows in by_code.items():
        first, pieces = rows[0], 1
        shape = shapes[first]
        for other in rows[1:]:
            where = f"(entités {first + 1} et {other + 1} du fichier)"
            if fold(labels[other]) != fold(labels[first]):
                tell.say(
                    "code-double",
                    f"{code} porte deux noms, « {labels[first]} » et « {labels[other]} » {where}.",
                    "un code par territoire.",
                    "Corrigez le code ; le premier contour est retenu.",
                    row=first,
                )
                continue
            shared = float(shapely.area(shapely.intersection(shape, shapes[other])))
            if shared > _OVERLAP * min(shapely.area(shape), shapely.area(shapes[other])):
                same = bool(shapely.equals(shape, shapes[other]))
                how = "deux fois de la même façon" if same else "deux fois, de deux façons"
                tell.say(
                    "contour-double",
                    f"{code} est dessiné {how} {where}.",
                    "un contour par code.",
                    "Le premier est retenu.",
                    Severity.NOTE if same else Severity.WARNING,
                    row=first,
                )
                continue
            shape = shapely.union(shape, shapes[other])
            pieces += 1
        if pieces > 1:
            tell.say(
                "contour-en-morceaux",
                f"{code} tient en {pieces} lignes du fichier : ses morceaux sont réunis.",
                severity=Severity.NOTE,
                row=first,
            )
        result.append((first, shape))
    return result
