"""Which maps do the golden tests compare? Run this file to write them again.

All on ground made up for the tests (``tests/small_maps.py``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from small_maps import atlas, sheet
from terril.figures.maps_agglomeration import Subject, Value
from terril.figures.maps_choropleth import draw_classes
from terril.figures.maps_circles import draw_circles
from terril.figures.maps_classes import classify
from terril.figures.maps_generations import draw_generations, draw_overlay
from terril.figures.maps_locator import draw_locator
from terril.figures.maps_model import Spot
from terril.figures.maps_sheet import draw_sheet
from terril.figures.svg import MM

FOLDER: Final = Path(__file__).resolve().parent / "maps"

SPOTS = (
    Spot(1320.0, 1210.0, "gare", "Gare de Montbrun", True),
    Spot(1090.0, 820.0, "lycee", "Lycée Maximilien-de-Robespierre"),
    Spot(1560.0, 1320.0, "poste", "Bureau de poste", True),
    Spot(1110.0, 1300.0, "ecole", "", True),
    Spot(1700.0, 900.0, "soins"),
    Spot(1705.0, 902.0, "sport"),
)


def _values() -> dict[str, Value]:
    found = {f"QP{k}": Value(20.0 + 4 * k, f"{20 + 4 * k},0\u202f%") for k in range(9)}
    found["QP2"] = Value(None, "secret", "secret")
    del found["QP6"]
    return found


def _classes() -> str:
    held = _values()
    classes = classify([v.value for v in held.values() if v.value is not None], decimals=1)
    subject = Subject("Part des essais, 2020", "", "%", 1)
    return draw_classes(atlas(), held, classes, subject, 176 * MM, 120 * MM).svg


def _circles() -> str:
    held = {f"QP{k}": Value(400.0 * (k + 1), f"{400 * (k + 1)}") for k in range(9)}
    return draw_circles(atlas(), held, Subject("Habitants, 2020"), 176 * MM, 120 * MM).svg


MAPS: Final[dict[str, Callable[[], str]]] = {
    "quartier": lambda: draw_sheet(sheet(SPOTS), 101 * MM, 81 * MM).svg,
    "deux-abords": lambda: draw_sheet(sheet(SPOTS, distances=(300, 500)), 101 * MM, 72 * MM).svg,
    "classes": _classes,
    "cercles": _circles,
    "generations": lambda: draw_generations(atlas(), 176 * MM, 120 * MM).svg,
    "generation": lambda: draw_overlay(atlas().overlays[0], 41 * MM, 31 * MM),
    "situation": lambda: draw_locator(atlas(), "QP4", {"C4"}, 201, 80),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, draw in MAPS.items():
        (FOLDER / f"{name}.svg").write_text(draw() + "\n", encoding="utf-8")
