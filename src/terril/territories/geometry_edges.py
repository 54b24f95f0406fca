"""On which side of an outline is a point that is only known to within some metres?

A point is told inside, or outside, when everything within its margin is on that side. Outlines
are closed sets: with no margin, a point on the border is inside. Where outlines overlap, the
point is in the first by code.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from terril.territories.geometry_layer import Layer

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]

#: what stands in the place of the rank of an outline
OUTSIDE: Final = -1
EDGE: Final = -2  # within the margin of a border


class Edges:
    """The outlines of a layer, ready to place many points."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self._borders = shapely.boundary(layer.shapes)
        self._tree = shapely.STRtree(layer.shapes)

    def place(self, xy: Floats, margin: Floats) -> Places:
        """Return for each point the rank of its outline, ``OUTSIDE`` or ``EDGE``.

        ``xy``: (n, 2), metres of the layer’s grid; ``margin``: (n,) metres, zero or more.
        """
        found: Places = np.full(len(xy), OUTSIDE, dtype=np.int32)
        if not len(xy) or not len(self.layer):
            return found
        points = shapely.points(xy)
        near, shape = self._tree.query(points, predicate="dwithin", distance=margin)
        inside = shapely.covers(self.layer.shapes[shape], points[near])
        far = shapely.distance(self._borders[shape], points[near]) >= margin[near]
        found[near] = EDGE
        sure = inside & far
        order = np.argsort(-shape[sure], kind="stable")  # the first by code is written last
        found[near[sure][order]] = shape[sure][order]
        return found
