"""How is a cube written as JSON-stat 2.0 (json-stat.org/full)?

Values are a row-major array over indicator × territory × period × breakdown, ``null`` where
there is none; ``status`` says why, cell by cell.
"""

from __future__ import annotations

from typing import Any, Final

from terril.observations.schema import Status
from terril.reports.exports.cube import Cube, Observation, value_of

DIMENSIONS: Final = ("indicateur", "territoire", "periode", "ventilation")
LABELS: Final = {
    "indicateur": "Indicateur",
    "territoire": "Territoire",
    "periode": "Période",
    "ventilation": "Ventilation",
}
#: cells without an observation
ABSENT: Final = "sans_objet"


def dataset(cube: Cube, href: str = "") -> dict[str, Any]:
    """Return the dataset; ``href`` is its own address."""
    axes: dict[str, dict[str, str]] = {name: {} for name in DIMENSIONS}
    for o in cube.observations:
        axes["indicateur"].setdefault(o.indicator, cube.indicators[o.indicator].label)
        axes["territoire"].setdefault(o.area, cube.name(o))
        axes["ventilation"].setdefault(o.breakdown, o.breakdown)
    periods = sorted({o.period for o in cube.observations})
    axes["periode"] = {period: period for period in periods}
    places = {name: {code: n for n, code in enumerate(codes)} for name, codes in axes.items()}
    sizes = [len(axes[name]) for name in DIMENSIONS]
    total = 1
    for size in sizes:
        total *= size
    values: list[float | int | None] = [None] * total
    statuses: dict[str, str] = {}
    seen: set[int] = set()
    for o in cube.observations:
        at = _index(o, places, sizes)
        seen.add(at)
        values[at] = value_of(o)
        if o.status != Status.OK:
            statuses[str(at)] = o.status
    for at in range(total):
        if at not in seen:
            statuses[str(at)] = ABSENT
    dimension: dict[str, Any] = {
        name: {
            "label": LABELS[name],
            "category": {"index": places[name], "label": axes[name]},
        }
        for name in DIMENSIONS
    }
    dimension["indicateur"]["category"]["unit"] = {
        code: {
            "label": cube.indicators[code].unit,
            "decimals": cube.indicators[code].decimals,
        }
        for code in axes["indicateur"]
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "label": cube.title,
        "source": "; ".join(
            sorted({cube.sources.get(o.source, o.source) for o in cube.observations})
        ),
        "updated": cube.edition,
        **({"href": href} if href else {}),
        "id": list(DIMENSIONS),
        "size": sizes,
        "role": {"time": ["periode"], "geo": ["territoire"], "metric": ["indicateur"]},
        "dimension": dimension,
        "value": values,
        **({"status": statuses} if statuses else {}),
        "extension": {"publisher": cube.publisher, "contract": cube.contract},
    }


def _index(o: Observation, places: dict[str, dict[str, int]], sizes: list[int]) -> int:
    at = 0
    codes = (o.indicator, o.area, o.period, o.breakdown)
    for name, size, code in zip(DIMENSIONS, sizes, codes, strict=True):
        at = at * size + places[name][code]
    return at
