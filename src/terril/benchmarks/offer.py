"""What local offer does a neighbourhood have, inside it and within its buffer?

A statement of fact. Types of equipment are put in families by the catalogue
(``vocabularies/equipment.yaml``, ``families.yaml``). *Indispensable*: every indispensable
family is present, inside or around. *Développée*: that, and a complement (post office, sports
ground). *Limitée*: at least one family. Variety counts, not quantity.

An unreadable count is unknown, not zero: the class is worked out twice, without and with what
cannot be read. When the two differ the class depends on it, and is undetermined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.benchmarks.schema import Offer
from terril.catalogue.cards import Catalogue
from terril.lib.french import NBSP, liste

#: one row a neighbourhood
OFFERS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,
    "offer": pl.String,  # an Offer; indeterminee when it depends on an unreadable count
    "depends": pl.Boolean,
    "low": pl.String,  # class when what cannot be read is absent
    "high": pl.String,  # class when it is present
    "why": pl.String,  # French
}

#: one row a neighbourhood × family that counts
FAMILIES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,
    "family": pl.String,
    "inside": pl.Int32,  # known minimum; null when no count of the family can be read
    "around": pl.Int32,
    "inside_unreadable": pl.Int32,  # how many types have an unreadable count
    "around_unreadable": pl.Int32,
    "unreadable": pl.Boolean,  # one of the two
    "unreadable_types": pl.List(pl.String),
    "buffer_m": pl.Int32,
}

_INDISPENSABLE: Final = "indispensable"
_COMPLEMENT: Final = "complement"

_CLASS: Final[dict[str, str]] = {
    Offer.DEVELOPPEE: "développée",
    Offer.INDISPENSABLE: "indispensable",
    Offer.LIMITEE: "limitée",
    Offer.ABSENTE: "absente",
}


@dataclass(frozen=True, slots=True)
class LocalOffer:
    """The class of each neighbourhood (``OFFERS``) and its counts (``FAMILIES``)."""

    offers: pl.DataFrame
    families: pl.DataFrame


def local_offer(equipment: pl.DataFrame, catalogue: Catalogue) -> LocalOffer:
    """Return the local offer of every neighbourhood that the inventory speaks of.

    ``equipment``: territory, type, buffer_m, inside, around (null: unreadable). A family that
    the inventory of a neighbourhood does not list is absent from it. Types unknown to the
    catalogue are in no family.
    """
    families = _families(equipment, catalogue)
    labels = {code: card.label.lower() for code, card in catalogue.families.items()}
    roles = {code: card.role for code, card in catalogue.families.items()}
    presence = families.with_columns(
        role=pl.col("family").replace_strict(roles),
        sure=(pl.col("inside").fill_null(0) + pl.col("around").fill_null(0)) > 0,
        label=pl.col("family").replace_strict(labels),
    ).with_columns(possible=pl.col("sure") | pl.col("unreadable"))
    doubtful = pl.col("possible") & ~pl.col("sure")
    classes = (
        presence.group_by("territory")
        .agg(
            low=_class(pl.col("sure")),
            high=_class(pl.col("possible")),
            doubt=pl.col("label").filter(doubtful),
            lacking=pl.col("label").filter(
                ~pl.col("possible") & (pl.col("role") == _INDISPENSABLE)
            ),
            extra=pl.col("label").filter(pl.col("sure") & (pl.col("role") == _COMPLEMENT)),
        )
        .sort("territory")
        .with_columns(depends=pl.col("low") != pl.col("high"))
        .with_columns(
            offer=pl.when("depends").then(pl.lit(Offer.INDETERMINEE.value)).otherwise("low")
        )
    )
    why = [_why(row) for row in classes.iter_rows(named=True)]
    offers = classes.with_columns(why=pl.Series(why, dtype=pl.String)).select(
        pl.col(name).cast(dtype) for name, dtype in OFFERS.items()
    )
    return LocalOffer(offers, families)


def _families(equipment: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Count each family that has a role, inside and around (columns of ``FAMILIES``)."""
    counted = {c: f for c, f in catalogue.families.items() if f.role != "aucun"}
    ranges = {label: card.range for label, card in catalogue.equipment.items()}
    order = pl.DataFrame(
        [(code, card.order) for code, card in counted.items()],
        schema={"family": pl.String, "order": pl.Int32},
        orient="row",
    )
    listed = equipment.with_columns(
        family=pl.col("type").replace_strict(ranges, default=None, return_dtype=pl.String)
    )
    inside, around = pl.col("inside"), pl.col("around")
    counts = (
        listed.filter(pl.col("family").is_in(list(counted)))
        .group_by("territory", "family")
        .agg(
            inside=pl.when(inside.is_not_null().any()).then(inside.sum()),
            around=pl.when(around.is_not_null().any()).then(around.sum()),
            inside_unreadable=inside.is_null().sum(),
            around_unreadable=around.is_null().sum(),
            unreadable_types=pl.col("type").filter(inside.is_null() | around.is_null()).sort(),
        )
    )
    every = equipment.group_by("territory").agg(buffer_m=pl.col("buffer_m").max())
    missing = pl.col("inside_unreadable").is_null()  # the inventory does not list the family
    return (
        every.join(order, how="cross")
        .join(counts, on=["territory", "family"], how="left")
        .with_columns(
            inside=pl.when(missing).then(0).otherwise("inside"),
            around=pl.when(missing).then(0).otherwise("around"),
            inside_unreadable=pl.col("inside_unreadable").fill_null(0),
            around_unreadable=pl.col("around_unreadable").fill_null(0),
            unreadable_types=pl.col("unreadable_types").fill_null([]),
        )
        .with_columns(unreadable=(pl.col("inside_unreadable") + pl.col("around_unreadable")) > 0)
        .sort("territory", "order")
        .select(pl.col(name).cast(dtype) for name, dtype in FAMILIES.items())
    )


def _class(present: pl.Expr) -> pl.Expr:
    """Return the class, given which families of a neighbourhood are present."""
    needed = present.filter(pl.col("role") == _INDISPENSABLE)
    extra = present.filter(pl.col("role") == _COMPLEMENT).any()
    return (
        pl.when(needed.all() & extra)
        .then(pl.lit(Offer.DEVELOPPEE.value))
        .when(needed.all())
        .then(pl.lit(Offer.INDISPENSABLE.value))
        .when(present.any())
        .then(pl.lit(Offer.LIMITEE.value))
        .otherwise(pl.lit(Offer.ABSENTE.value))
    )


def _why(row: dict[str, object]) -> str:
    """Say in French what the class comes from."""
    low, high = str(row["low"]), str(row["high"])
    doubt, lacking, extra = (list(row[k]) for k in ("doubt", "lacking", "extra"))  # type: ignore[call-overload]
    if row["depends"]:
        return (
            f"Offre {_CLASS[low]} ou {_CLASS[high]}{NBSP}: cela dépend d’effectifs inconnus "
            f"({liste(doubt)})."
        )
    unread = f" Effectifs inconnus sans effet sur la classe ({liste(doubt)})." if doubt else ""
    match low:
        case Offer.DEVELOPPEE:
            text = f"Les équipements indispensables sont présents, et {liste(extra)} en plus."
        case Offer.INDISPENSABLE:
            text = "Les équipements indispensables sont présents, sans complément."
        case Offer.LIMITEE:
            text = f"Il manque{NBSP}: {liste(lacking)}."
        case _:
            text = "Aucun équipement des familles de l’offre locale."
    return text + unread
