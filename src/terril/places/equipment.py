"""How much equipment stands in each neighbourhood and around it, and what shows it?

Points are placed by their coordinates (``places.locate``): in the perimeter, border included, or
outside at most as far as the surroundings of that neighbourhood. Of two files that hold the same
type, the one of smallest priority counts, never both. What the producer places at random is
counted apart. The counts feed ``benchmarks.offer.local_offer``; the evidence names the pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import avec_unite, compte, liste
from terril.lib.problems import Severity
from terril.observations.findings import Finding
from terril.places.equipment_check import Check, check
from terril.places.index import build_index, zones_of
from terril.places.locate import locate
from terril.sources.equipment import EQUIPMENT
from terril.sources.points_frame import DOUBTFUL
from terril.territories.geometry import Layer
from terril.territories.geometry_points import nearest_points
from terril.territories.registry import Territories

#: the pieces that make the offer of a neighbourhood: those inside and around, by family, and the
#: nearest of a family that has none there
EVIDENCE: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,
    "family": pl.String,  # code of a family that counts in the offer
    "type": pl.String,  # label of a type card
    "label": pl.String,  # name of the place
    "where": pl.String,  # inside | around | beyond
    "distance_m": pl.Float64,  # from the perimeter, 0 inside
    "x": pl.Float64,
    "y": pl.Float64,
    "text": pl.String,  # French: « Pharmacie du Centre, à 140 m »
    "id": pl.String,
    "source": pl.String,
    "document": pl.String,
    "file": pl.String,
    "line": pl.Int32,
}

#: pieces set aside because the producer places them at random or at the centre of the commune
APART: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,
    "type": pl.String,
    "inside": pl.Int32,
    "around": pl.Int32,
}
BEYOND: Final = "beyond"
#: category of a type that has no card
UNKNOWN: Final = "Types inconnus du catalogue"


@dataclass(frozen=True)
class EquipmentCount:
    """What the points say. ``equipment``: columns of ``EQUIPMENT``, a row a territory × type.

    ``lines``: the sources to print under the figures, licence included.
    """

    equipment: pl.DataFrame
    evidence: pl.DataFrame  # EVIDENCE
    apart: pl.DataFrame  # APART
    check: Check  # our own count beside the producer's
    findings: tuple[Finding, ...]
    lines: tuple[str, ...]


def buffers_of(
    layer: Layer, catalogue: Catalogue, territories: Territories | None = None
) -> dict[str, int]:
    """Return code → width of the surroundings, metres, for each outline in the order of the layer.

    That of the territory (« tampon_m »), else the parameter ``equipement_tampon``.
    """
    usual = int(catalogue.number("equipement_tampon"))
    found: dict[str, int] = {}
    for code in layer.codes:
        item = territories.by_code(layer.nature, code) if territories else None
        own = item.buffer_m if item is not None else None
        found[code] = usual if own is None else own
    return found


def count_equipment(
    points: pl.DataFrame,
    layer: Layer,
    catalogue: Catalogue,
    territories: Territories | None = None,
) -> EquipmentCount:
    """Count the points of ``sources.points`` in the outlines of ``layer`` and around them.

    Every type that a file holds has a row for every outline, 0 included: where it was counted and
    not found is known. A family of the offer of which no file holds any type is not known: it has
    one row without counts, so that the class of the offer is not taken for poorer than it is.
    Raises ``ValueError`` when points and outlines are not in one grid.
    """
    if points.height and points["crs"].unique().to_list() != [layer.crs]:
        raise ValueError(f"points and outlines are not in one grid (EPSG {layer.crs})")
    buffers = list(buffers_of(layer, catalogue, territories).values())
    chosen, findings = _chosen(points, catalogue)
    placed = _placed(chosen, layer, buffers)
    doubtful = pl.col("xy_quality") == DOUBTFUL
    sure = placed.filter(~doubtful)
    checked = check(chosen, placed, layer)
    apart = _apart(placed.filter(doubtful))
    unknown = _unknown(chosen, layer, buffers, catalogue)
    findings += _unknown_findings(unknown, catalogue)
    return EquipmentCount(
        pl.concat([_equipment(chosen, sure, layer, buffers, catalogue), unknown]),
        _evidence(chosen.filter(~doubtful), sure, layer, catalogue),
        apart,
        checked,
        (*findings, *_apart_findings(apart), *checked.findings),
        source_lines(chosen, catalogue),
    )


def source_lines(points: pl.DataFrame, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the sources to print under figures made of these points, with their edition.

    A licence that asks to be named (ODbL) is in the label of its card.
    """
    pairs = points.select("source", "vintage").unique(maintain_order=True)
    found: dict[str, list[str]] = {}
    for source, vintage in pairs.rows():
        found.setdefault(source, []).extend([vintage] if vintage else [])
    lines = []
    for source, vintages in found.items():
        card = catalogue.sources.get(source)
        label = card.label if card else source
        lines.append(f"{label}, {liste(sorted(set(vintages)))}" if vintages else label)
    return tuple(lines)


# ------------------------------------------------------------------ which points count


def _chosen(points: pl.DataFrame, catalogue: Catalogue) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the points that count: of each type, those of the document of smallest priority."""
    order = {name: rank for rank, name in enumerate(points["document"].unique(maintain_order=True))}
    # a type that the catalogue does not know counts under its own name, in no family
    named = pl.when(pl.col("card") != "").then("card").otherwise("type")
    ranked = points.with_columns(
        named.alias("card"),
        pl.col("document").replace_strict(order, return_dtype=pl.Int64).alias("rank"),
    ).filter(pl.col("card") != "")
    first = (
        ranked.select("card", "priority", "rank", "document")
        .unique()
        .sort("card", "priority", "rank")
        .group_by("card", maintain_order=True)
        .agg(pl.col("document").first().alias("kept"), pl.col("document").slice(1).alias("others"))
    )
    kept = ranked.join(first.select("card", "kept"), on="card").filter(
        pl.col("document") == pl.col("kept")
    )
    findings = [
        Finding(
            "type-de-deux-sources",
            Severity.NOTE,
            "",
            "",
            "",
            f"« {card} » est dans {compte(1 + len(others), 'fichier', 'fichiers')} : compté "
            f"d’après « {document} », non d’après {liste([f'« {name} »' for name in others])}.",
        )
        for card, document, others in first.filter(pl.col("others").list.len() > 0)
        .sort("card")
        .rows()
    ]
    return kept.drop("rank", "kept"), findings


def _placed(points: pl.DataFrame, layer: Layer, buffers: list[int]) -> pl.DataFrame:
    """Return one row a point × outline that holds it or has it around."""
    index = build_index(zones_of(layer, buffers))
    x = points["x"].fill_null(float("nan")).to_numpy()
    y = points["y"].fill_null(float("nan")).to_numpy()
    found = locate(x, y, index)
    rows = points[found["point"].to_numpy()]
    return rows.with_columns(found["zone"].alias("territory"), found["where"], found["distance_m"])


def _equipment(
    points: pl.DataFrame,
    placed: pl.DataFrame,
    layer: Layer,
    buffers: list[int],
    catalogue: Catalogue,
) -> pl.DataFrame:
    """Return a row an outline × type (columns of ``EQUIPMENT``)."""
    held = points.group_by("card", maintain_order=True).agg(
        pl.col(name).first() for name in ("document", "file", "sheet", "sha256")
    )
    zones = pl.DataFrame({"territory": layer.codes, "buffer_m": buffers},
                         schema={"territory": pl.String, "buffer_m": pl.Int32})  # fmt: skip
    counts = placed.group_by("territory", "card").agg(
        inside=(pl.col("where") == "inside").sum(), around=(pl.col("where") == "around").sum()
    )
    categories = {label: card.category for label, card in catalogue.equipment.items()}
    return (
        zones.join(held, how="cross")
        .join(counts, on=["territory", "card"], how="left")
        .with_columns(
            pl.col("inside", "around").fill_null(0),
            pl.col("card").alias("type"),
            pl.col("card")
            .replace_strict(categories, default=UNKNOWN, return_dtype=pl.String)
            .alias("category"),
            pl.lit(None, dtype=pl.Int32).alias("line"),
        )
        .sort("territory", "category", "type")
        .select(pl.col(name).cast(dtype) for name, dtype in EQUIPMENT.items())
    )


def _unknown(
    points: pl.DataFrame, layer: Layer, buffers: list[int], catalogue: Catalogue
) -> pl.DataFrame:
    """Return a row without counts for each family that no file speaks of (``EQUIPMENT``)."""
    if points.is_empty():
        return pl.DataFrame(schema=EQUIPMENT)
    held = {
        catalogue.equipment[card].range
        for card in points["card"].unique()
        if card in catalogue.equipment
    }
    firsts: dict[str, str] = {}
    for label, card in catalogue.equipment.items():
        if catalogue.families[card.range].role != "aucun" and card.range not in held:
            firsts.setdefault(card.range, label)
    rows = [
        {"territory": code, "buffer_m": buffer, "category": catalogue.equipment[label].category,
         "type": label, "document": "", "file": "", "sheet": "", "sha256": ""}
        for code, buffer in zip(layer.codes, buffers, strict=True)
        for label in firsts.values()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=EQUIPMENT)


def _unknown_findings(unknown: pl.DataFrame, catalogue: Catalogue) -> list[Finding]:
    families = [
        catalogue.families[catalogue.equipment[label].range].plural
        for label in unknown["type"].unique(maintain_order=True)
    ]
    if not families:
        return []
    text = (
        f"Aucun fichier de lieux ne donne {liste(families)} : leur nombre est inconnu, non nul, et "
        "la classe de l’offre peut en dépendre."
    )
    return [Finding("famille-sans-fichier", Severity.WARNING, "", "", "", text)]


def _apart(placed: pl.DataFrame) -> pl.DataFrame:
    return (
        placed.group_by("territory", "card")
        .agg(inside=(pl.col("where") == "inside").sum(), around=(pl.col("where") == "around").sum())
        .rename({"card": "type"})
        .sort("territory", "type")
        .select(pl.col(name).cast(dtype) for name, dtype in APART.items())
    )


def _apart_findings(apart: pl.DataFrame) -> list[Finding]:
    totals = apart.group_by("territory").agg(pl.col("inside", "around").sum()).sort("territory")
    return [
        Finding(
            "precision-douteuse",
            Severity.WARNING,
            "",
            territory,
            "",
            f"{territory} : {compte(inside + around, 'équipement', 'équipements')} au centre de la "
            f"commune ou au hasard, dans le quartier ({inside}) ou à ses abords ({around}), "
            "sans être dans les comptes.",
        )
        for territory, inside, around in totals.rows()
    ]


# ------------------------------------------------------------------ evidence of the offer


def _evidence(
    points: pl.DataFrame, placed: pl.DataFrame, layer: Layer, catalogue: Catalogue
) -> pl.DataFrame:
    """Return the pieces of the families that count, the nearest first (``EVIDENCE``)."""
    families = {
        label: card.range
        for label, card in catalogue.equipment.items()
        if catalogue.families[card.range].role != "aucun"
    }
    order = {code: card.order for code, card in catalogue.families.items()}
    family = pl.col("card").replace_strict(families, default=None, return_dtype=pl.String)
    pieces = placed.with_columns(family=family).filter(pl.col("family").is_not_null())
    beyond = _nearest(
        points.with_columns(family=family).filter(pl.col("family").is_not_null()), pieces, layer
    )
    rows = pl.concat([pieces, beyond.select(pieces.columns)])
    texts = [
        _text(name, where, metres)
        for name, where, metres in rows.select("label", "where", "distance_m").rows()
    ]
    return (
        rows.with_columns(pl.Series("text", texts, dtype=pl.String), pl.col("card").alias("type"))
        .with_columns(order=pl.col("family").replace_strict(order, return_dtype=pl.Int64))
        .sort("territory", "order", "distance_m", "label", "id")
        .select(pl.col(name).cast(dtype) for name, dtype in EVIDENCE.items())
    )


def _nearest(points: pl.DataFrame, pieces: pl.DataFrame, layer: Layer) -> pl.DataFrame:
    """Return the nearest piece of each family that an outline has neither inside nor around."""
    present = pieces.select("territory", "family").unique()
    found = [pieces.clear()]
    for code in points["family"].unique().sort():
        of_family = points.filter((pl.col("family") == code) & pl.col("x").is_not_null())
        if of_family.is_empty():
            continue
        has = set(present.filter(pl.col("family") == code)["territory"])
        lacking = layer.pick([c for c in layer.codes if c not in has])
        ranks, metres = nearest_points(
            lacking, of_family["x"].to_numpy(), of_family["y"].to_numpy()
        )
        known = np.flatnonzero(ranks >= 0)
        rows = of_family[ranks[known]].with_columns(
            pl.Series("territory", [lacking.codes[k] for k in known], dtype=pl.String),
            pl.lit(BEYOND).alias("where"),
            pl.Series("distance_m", metres[known], dtype=pl.Float64),
        )
        found.append(rows.select(pieces.columns))
    return pl.concat(found)


def _text(name: str, where: str, metres: float) -> str:
    """Say a piece and where it is: « Pharmacie du Centre, à 140 m »."""
    if where == "inside":
        return f"{name}, dans le quartier"
    return f"{name}, à {avec_unite(max(10.0, round(metres, -1)), 0, 'm')}"


def offer_evidence(evidence: pl.DataFrame) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return (territory, family) → the pieces as sentences say them, the nearest first."""
    found: dict[tuple[str, str], list[str]] = {}
    for territory, family, text in evidence.select("territory", "family", "text").rows():
        found.setdefault((territory, family), []).append(text)
    return {key: tuple(texts) for key, texts in found.items()}
