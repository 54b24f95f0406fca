"""In the official perimeters of both generations, are points placed as plain geometry says?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from terril.lib.problems import ProblemList
from terril.places.addresses.area import Scope, coverage_of
from terril.territories.geometry import read_layer
from terril.territories.geometry_edges import EDGE, OUTSIDE, Edges


@pytest.mark.parametrize(
    ("file", "generation", "count"),
    [
        ("qpv-2015/qpv2015_dep62_2154.gpkg", "2015", 64),
        ("qpv-2024/qpv2024_lens_lievin_21_4326.geojson", "2024", 21),
    ],
)
def test_places_are_those_of_plain_geometry(
    real_data: Path, file: str, generation: str, count: int
) -> None:
    layer = read_layer(real_data / file, ProblemList(), nature="qpv")
    assert layer is not None and len(layer) == count and layer.generation == generation
    rng = np.random.default_rng(1)
    west, south, east, north = layer.bounds()
    near = np.vstack([shapely.get_coordinates(shape)[::5] for shape in layer.shapes])
    xy = np.vstack(
        [
            rng.uniform((west, south), (east, north), (300, 2)),
            near + rng.normal(0, 25, near.shape),
        ]
    )[:4000]
    margin = rng.choice([0.0, 7.0, 22.0, 32.0], len(xy))
    found = Edges(layer).place(xy, margin)
    points = shapely.points(xy)
    shapely.prepare(layer.shapes)
    for point, wide, place in zip(points, margin, found.tolist(), strict=True):
        inside = [n for n, shape in enumerate(layer.shapes) if shape.covers(point)]
        borders = [shape.boundary.distance(point) for shape in layer.shapes]
        sure = [n for n in inside if borders[n] >= wide]
        if sure:
            assert place == sure[0]
        elif inside or min(borders) <= wide:
            assert place == EDGE
        else:
            assert place == OUTSIDE
    assert {EDGE, OUTSIDE} < set(found.tolist())


def test_a_file_cut_for_one_contract_does_not_speak_for_the_department(real_data: Path) -> None:
    whole = read_layer(real_data / "qpv-2015/qpv2015_dep62_2154.gpkg", ProblemList(), nature="qpv")
    cut = read_layer(
        real_data / "qpv-2015/qpv2015_lens_lievin_21_4326.geojson", ProblemList(), nature="qpv"
    )
    assert whole is not None and cut is not None
    assert coverage_of(whole, Scope.AUTO)[0].departments == ("62",)
    assert coverage_of(cut, Scope.AUTO)[0].present
