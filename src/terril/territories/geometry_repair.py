"""Which shapes have no surface, which rings cross themselves, and what is left once put right?

``shapely.make_valid`` (method « structure ») keeps the surface that the rings enclose; the
lines that a spike leaves behind have none and are dropped. What changes is told: the surface,
and the slivers cut off at a crossing.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from terril.lib.french import avec_unite, compte
from terril.lib.problems import Severity
from terril.territories.geometry_file import Raw
from terril.territories.geometry_layer import Shapes, as_shapes
from terril.territories.geometry_tell import Teller

_NOTHING: Final = 0.01  # m², a piece that only rounding cuts off
_LARGE: Final = 0.01  # part of the surface over which a repair is doubtful
_POLYGONS: Final = (3, 6)  # shapely's type ids of Polygon and MultiPolygon
_COLLECTION: Final = 7
_KINDS: Final = {
    0: "un point",
    1: "une ligne",
    2: "une ligne",
    4: "un groupe de points",
    5: "un groupe de lignes",
    7: "un ensemble sans polygone",
}
_REASONS: Final = {
    "Ring Self-intersection": "un anneau se touche lui-même",
    "Self-intersection": "un anneau se coupe lui-même",
    "Hole lies outside shell": "un trou est hors du contour",
    "Nested shells": "deux morceaux sont l’un dans l’autre",
    "Nested holes": "deux trous sont l’un dans l’autre",
    "Duplicate Rings": "un anneau est en double",
    "Too few points in geometry component": "un anneau n’a pas assez de points",
    "Interior is disconnected": "l’intérieur est coupé en deux",
    "Ring is not closed": "un anneau n’est pas fermé",
}


def check_shapes(raw: Raw, names: list[str], kept: npt.NDArray[np.bool_], tell: Teller) -> Shapes:
    """Return the shapes, those without surface set aside in ``kept`` and told.

    The polygons of a collection are kept, its points and lines dropped; a ring that the file
    leaves open is closed.
    """
    shapes = as_shapes(raw.shapes)
    kinds = shapely.get_type_id(shapes)
    empty = shapely.is_empty(shapes) | shapely.is_missing(shapes)
    wrong = 0
    for row in np.flatnonzero(kept).tolist():
        if row in raw.unreadable:
            kept[row] = False
            tell.say(
                "contour-illisible",
                f"Le contour de {names[row]} n’est pas lisible.",
                "un polygone.",
                "Redessinez-le ; il est laissé de côté.",
                row=row,
            )
        elif empty[row]:
            kept[row] = False
            tell.say(
                "contour-vide",
                f"{names[row]} n’a pas de contour.",
                "un polygone.",
                "Dessinez-le ou retirez la ligne ; elle est laissée de côté.",
                row=row,
            )
        elif kinds[row] == _COLLECTION and (parts := _polygons(shapes[row])):
            shapes[row] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
            tell.say(
                "contour-melange",
                f"{names[row]} mêle des polygones et d’autres formes.",
                "des polygones.",
                "Les polygones sont gardés, les points et les lignes laissés de côté.",
                row=row,
            )
        elif kinds[row] not in _POLYGONS:
            kept[row] = False
            wrong += 1
            tell.say(
                "contour-sans-surface",
                f"{names[row]} est {_KINDS.get(int(kinds[row]), 'une forme sans surface')}.",
                "un polygone.",
                "Cette ligne est laissée de côté.",
                row=row,
            )
        elif row in raw.closed:
            tell.say(
                "anneau-ferme",
                f"Un anneau de {names[row]} était ouvert : il est fermé.",
                severity=Severity.NOTE,
                row=row,
            )
    if wrong and not kept.any():
        tell.say(
            "contours-sans-surface",
            "Le fichier n’a pas de polygone : "
            f"{compte(wrong, 'point ou ligne', 'points ou lignes')}.",
            "des contours.",
            "Un fichier de lieux se déclare dans [[points]].",
            Severity.ERROR,
        )
    return shapes


def _polygons(collection: Any) -> list[Any]:
    found: list[Any] = []
    for part in shapely.get_parts(collection):
        kind = shapely.get_type_id(part)
        if kind in (*_POLYGONS, _COLLECTION) and not part.is_empty:
            found.extend([part] if kind == 3 else _polygons(part))
    return found


def invalid(shapes: Shapes, kept: npt.NDArray[np.bool_]) -> dict[int, str]:
    """Return what is wrong with the rings of the file, row by row, in French."""
    rows = np.flatnonzero(kept)
    wrong = rows[~shapely.is_valid(shapes[rows])].tolist()
    return {
        row: _REASONS.get(
            str(shapely.is_valid_reason(shapes[row])).split("[")[0].strip(),
            "un anneau est mal formé",
        )
        for row in wrong
    }


def mended(
    shapes: Shapes,
    names: list[str],
    kept: npt.NDArray[np.bool_],
    wrong: dict[int, str],
    tell: Teller,
    sliver: float = 10.0,
) -> Shapes:
    """Return the shapes, valid; one that has no surface left is set aside in ``kept``.

    ``wrong``: what ``invalid`` found in the file. A piece under ``sliver`` m² that the repair
    cuts off is dropped, and counted in the note. What only the change of grid and its
    rounding spoilt is put right without a word.
    """
    result = as_shapes(shapes)
    rows = np.flatnonzero(kept)
    spoilt = rows[~shapely.is_valid(result[rows])].tolist()
    for row in sorted({*spoilt, *wrong} & set(rows.tolist())):
        before = result[row]
        why = wrong.get(row, "un anneau est mal formé")
        whole = shapely.make_valid(before, method="structure", keep_collapsed=False)
        pieces = _polygons(whole) if shapely.get_type_id(whole) != 3 else [whole]
        pieces = [piece for piece in pieces if piece.area > 0]
        if not pieces:
            kept[row] = False
            tell.say(
                "anneau-sans-surface",
                f"{names[row]} : {why}, et rien ne reste une fois réparé.",
                "un polygone.",
                "Redessinez ce contour ; il est laissé de côté.",
                row=row,
            )
            continue
        limit = sliver if row in wrong else _NOTHING
        large = [piece for piece in pieces if piece.area >= limit] or pieces
        cut = len(pieces) - len(large)
        result[row] = large[0] if len(large) == 1 else shapely.multipolygons(large)
        if row in wrong:
            _tell_repair(row, names[row], why, before, result[row], cut, sliver, tell)
    return result


def _tell_repair(
    row: int, name: str, why: str, before: Any, after: Any, cut: int, sliver: float, tell: Teller
) -> None:
    old, new = float(shapely.area(before)), float(shapely.area(after))
    sign = "+" if new >= old else "−"
    had, pieces = len(shapely.get_parts(before)), len(shapely.get_parts(after))
    same = abs(new - old) < 0.5
    change = "comme avant" if same else f"{sign}{avec_unite(abs(new - old), 0, 'm²')}"
    text = f"{name} : {why}. Réparé : {avec_unite(new / 1e4, 2, 'ha')} ({change})"
    if pieces > had:
        text += f", en {compte(pieces, 'morceau', 'morceaux')}"
    if cut:
        words = compte(cut, "éclat de moins de", "éclats de moins de")
        text += f", {words} {avec_unite(sliver, 0, 'm²')} {'retiré' if cut == 1 else 'retirés'}"
    doubtful = abs(new - old) > _LARGE * new
    tell.say(
        "anneau-repare",
        f"{text}.",
        remedy="Comparez ce contour au plan : la réparation change sa surface." if doubtful else "",
        severity=Severity.WARNING if doubtful else Severity.NOTE,
        row=row,
    )
