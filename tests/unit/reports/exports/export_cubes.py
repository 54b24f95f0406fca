"""A small cube with every status, and outlines to draw it on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl
import shapely

from terril.catalogue.load import Catalogue, load_catalogue
from terril.editions.look import Place
from terril.observations.schema import Origin, Status
from terril.reports.exports.cube import Cube, Observation
from terril.territories.geometry import Layer, as_shapes

CODE = "emploi.taux_emploi_15_64"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return load_catalogue()


def cell(
    territory: str,
    period: str = "2017",
    status: str = Status.OK,
    blanking: str = "",
    **more: object,
) -> Observation:
    value = 41.27 if status == Status.OK else None
    fields: dict[str, object] = {"origin": Origin.STATED, "decimals": 1, "breaks": False, **more}
    return Observation(
        str(fields.get("kind", "qpv")),
        territory,
        CODE,
        period,
        str(fields.get("breakdown", "total")),
        value,
        status,
        str(fields["origin"]),
        fields["decimals"],  # type: ignore[arg-type]
        "insee_recensement",
        blanking,
        bool(fields["breaks"]),
    )


def small(*observations: Observation, name: str = "Les Tilleuls") -> Cube:
    cards = catalogue()
    held = observations or (
        cell("QP000001"),
        cell("QP000001", "2008-2012", Status.SECRET, "primaire"),
        cell("QP000002", status=Status.SECRET, blanking="secondaire"),
        cell("QP000002", "2008-2012", Status.MISSING),
        cell("QP000003", status=Status.NOT_SIGNIFICANT),
        cell("QP000003", "2008-2012", origin=Origin.ESTIMATED),
        cell("QP000003", breakdown="sexe=F"),
    )
    return Cube(
        title="Taux d’emploi",
        edition="2020-07-01",
        publisher="Une agglomération",
        contract="Contrat de ville",
        indicators={CODE: cards.indicators[CODE]},
        sources={code: card.label for code, card in cards.sources.items()},
        areas={
            (o.kind, o.territory): Place(o.kind, o.territory, name, name, "200000000", (), 900.0)
            for o in held
        },
        observations=tuple(held),
    )


def outlines() -> Layer:
    """A neighbourhood with a hole, one in two pieces, near the middle of the Lambert 93 grid."""
    x, y = 700_000.0, 6_600_000.0
    hole = shapely.box(x, y, x + 300, y + 300) - shapely.box(x + 100, y + 100, x + 200, y + 200)
    pieces = shapely.union_all(
        np.array([shapely.box(x + 1000, y, x + 1100, y + 50), shapely.box(x + 1200, y, x + 1300, y)
                  .union(shapely.box(x + 1200, y + 200, x + 1300, y + 260))])
    )  # fmt: skip
    parts = [p for p in shapely.get_parts(pieces) if p.geom_type == "Polygon"]
    shapes = as_shapes([hole, shapely.MultiPolygon(parts)])
    frame = pl.DataFrame({"valeur_2017": [41.3, None], "statut_2017": ["ok", "secret"]})
    return Layer("qpv", "2015", 2154, ("QP000001", "QP000002"), ("Un", "Deux"), shapes, frame)
