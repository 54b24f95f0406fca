"""Which neighbourhood of 2024 follows which of 2015, and for which part?

Three ways to know, from the weakest: the official *list* names predecessors and says what became
of the perimeter, without a share; *areas* of intersection give shares of surface; a grid of
inhabitants gives shares of population. Geometry and grids are worked out elsewhere: here come
intersections already measured.

A share of a neighbourhood is known with its bounds. Of the list, an unchanged perimeter is the
whole, and of another nothing is known (0 to 1). Of areas, what is whole or nil is known, and in
between nothing says where people live in the part (0 to 1). Of a grid, the cells wholly inside
give the lower bound, those wholly or partly inside the upper one.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.territories.generations import generation

Schema = dict[str, pl.DataType | type[pl.DataType]]

#: one row a neighbourhood of 2024 × predecessor; one of the codes is null for what came or left
CORRESPONDENCE: Final[Schema] = {
    "old": pl.String,  # QP…; null for a neighbourhood without predecessor
    "new": pl.String,  # QN…; null for a neighbourhood that left the list
    "old_label": pl.String,
    "new_label": pl.String,
    "status": pl.String,  # inchange | modifie | nouveau | sorti, "" when not told
    "status_text": pl.String,  # as the file words it, "" when not told
    "share_old": pl.Float64,  # part of the old one that is in the new, 0–1; null when not known
    "share_new": pl.Float64,  # part of the new one that was in the old
    "share_low": pl.Float64,  # bounds of share_old, in people
    "share_high": pl.Float64,
    "basis": pl.String,  # liste | surface | population
    "error": pl.Float64,  # half of what separates the bounds
}

#: what the reader of the official list gives: one row a line × predecessor
LISTED: Final[Schema] = {
    "old": pl.String,
    "new": pl.String,
    "old_label": pl.String,
    "new_label": pl.String,
    "status": pl.String,
    "status_text": pl.String,
    "line": pl.Int32,
}

#: intersections already measured
PAIRS: Final[Schema] = {"old": pl.String, "new": pl.String, "amount": pl.Float64}

_KEY: Final = ("old", "new")


def from_list(listed: pl.DataFrame, list_2015: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the official correspondence (``CORRESPONDENCE``, basis « liste »), by new then old.

    ``listed``: columns of ``LISTED``. ``list_2015`` (code, label): the neighbourhoods of 2015;
    those that no line cites have left the list, and are added with the status « sorti ».
    """
    rows = listed.select(*[name for name in LISTED if name != "line"])
    if list_2015 is not None:
        gone = list_2015.join(rows.select(code="old").drop_nulls(), on="code", how="anti").unique(
            "code"
        )
        rows = pl.concat(
            [
                rows,
                gone.select(
                    old="code",
                    new=pl.lit(None, pl.String),
                    old_label="label",
                    new_label=pl.lit("", pl.String),
                    status=pl.lit("sorti"),
                    status_text=pl.lit("", pl.String),
                ),
            ]
        )
    whole = (
        (pl.col("status") == "inchange") & (pl.len().over("new") == 1) & pl.col("old").is_not_null()
    )
    paired = pl.col("old").is_not_null() & pl.col("new").is_not_null()
    return _conform(
        rows.with_columns(
            share_old=pl.when(whole).then(1.0),
            share_new=pl.when(whole).then(1.0),
            share_low=pl.when(whole).then(1.0).when(paired).then(0.0),
            share_high=pl.when(paired).then(1.0),
            basis=pl.lit("liste"),
        )
    )


def from_areas(
    pairs: pl.DataFrame,
    old_areas: pl.DataFrame,
    new_areas: pl.DataFrame,
    *,
    negligible: float,
) -> pl.DataFrame:
    """Return the correspondence by surface (``CORRESPONDENCE``, basis « surface »).

    ``pairs``: old, new, ``amount`` (area of the intersection); ``old_areas``, ``new_areas``:
    code, label, ``amount`` (area, same unit). ``negligible``: a part of both under it is a flaw of
    the outlines and is dropped; a part of the old one above its complement is the whole.
    Neighbourhoods without a counterpart have a row with the other code null. Raises
    ``ValueError`` on a negative area, or an intersection larger than a perimeter by more than
    ``negligible``.
    """
    shares = _shares(pairs, old_areas, new_areas, negligible)
    whole = pl.col("share_old") >= 1.0 - negligible
    return _conform(
        shares.with_columns(
            share_low=pl.when(whole).then(pl.lit(1.0)).otherwise(0.0),
            share_high=pl.lit(1.0),
            basis=pl.lit("surface"),
        ).pipe(_with_alone, old_areas, new_areas, "surface")
    )


def from_grid(
    cells: pl.DataFrame,
    old: pl.DataFrame,
    new: pl.DataFrame,
    *,
    negligible: float,
) -> pl.DataFrame:
    """Return the correspondence by population (``CORRESPONDENCE``, basis « population »).

    ``cells``: one row a cell of the grid × old perimeter × new perimeter: cell, ``population``
    (of the whole cell), old and new (null outside), ``part`` (of the cell's area, 0–1); the parts
    of a cell sum to 1 at most. ``old``, ``new``: code, label of all the neighbourhoods. The people
    of a cell are spread evenly; the bounds put those of a cut cell wholly on either side.
    """
    people = cells.with_columns(amount=pl.col("population") * pl.col("part"))

    def total(side: str, labels: pl.DataFrame) -> pl.DataFrame:
        sums = (
            people.filter(pl.col(side).is_not_null())
            .group_by(code=side)
            .agg(amount=pl.col("amount").sum())
        )
        return labels.join(sums, on="code", how="left").with_columns(
            pl.col("amount").fill_null(0.0)
        )

    both = people.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    old_amounts, new_amounts = total("old", old), total("new", new)
    shares = _shares(
        both.group_by(_KEY).agg(amount=pl.col("amount").sum()), old_amounts, new_amounts, negligible
    )
    bounded = shares.join(_bounds(people), on=_KEY, how="left").with_columns(
        pl.min_horizontal("share_low", "share_old"), pl.max_horizontal("share_high", "share_old")
    )
    return _conform(
        bounded.with_columns(basis=pl.lit("population")).pipe(
            _with_alone, old_amounts, new_amounts, "population"
        )
    )


def _bounds(people: pl.DataFrame) -> pl.DataFrame:
    """Return the least and the largest share of each old one that may live in each new one.

    Within the cells of an old perimeter, the people of a cell are either all in the part shared
    with the new one or, when something else of the old one is in the cell, all out of it.
    """
    inside = people.filter(pl.col("old").is_not_null())
    cell = inside.group_by("cell", "old", "new").agg(
        pl.col("population").first(), pl.col("part").sum()
    )
    cell = cell.with_columns(_mine=pl.col("part").sum().over("cell", "old"))
    shared = cell.filter(pl.col("new").is_not_null()).with_columns(
        _weight=pl.col("population") * pl.col("_mine"),
        _whole=pl.col("part") >= pl.col("_mine") - 1e-9,
    )
    own = cell.group_by("old").agg(_total=(pl.col("population") * pl.col("part")).sum())
    return (
        shared.group_by(_KEY)
        .agg(
            _low=pl.col("_weight").filter(pl.col("_whole")).sum(),
            _high=pl.col("_weight").sum(),
        )
        .join(own, on="old")
        .select(
            *_KEY,
            share_low=pl.when(pl.col("_total") > 0).then(pl.col("_low") / pl.col("_total")),
            share_high=pl.when(pl.col("_total") > 0).then(
                pl.min_horizontal(pl.col("_high") / pl.col("_total"), 1.0)
            ),
        )
    )


def _shares(
    pairs: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, negligible: float
) -> pl.DataFrame:
    """Return the shares of each pair, slivers dropped, with labels; sorted by key."""
    amounts = pl.concat([f.select("amount") for f in (pairs, old, new)])["amount"]
    if (amounts < 0).any():
        raise ValueError("a negative area or population")
    found = (
        pairs.join(old.select(old="code", old_label="label", _old="amount"), on="old")
        .join(new.select(new="code", new_label="label", _new="amount"), on="new")
        .with_columns(
            share_old=pl.when(pl.col("_old") > 0).then(pl.col("amount") / pl.col("_old")),
            share_new=pl.when(pl.col("_new") > 0).then(pl.col("amount") / pl.col("_new")),
        )
    )
    largest = pl.max_horizontal("share_old", "share_new")
    beyond = found.filter(largest > 1.0 + negligible)
    if not beyond.is_empty():
        raise ValueError(f"an intersection larger than a perimeter: {beyond.row(0)[:2]}")
    return found.filter(largest >= negligible).with_columns(
        pl.col("share_old", "share_new").clip(0.0, 1.0),
        status=pl.lit(""),
        status_text=pl.lit(""),
    )


def _with_alone(
    frame: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, basis: str
) -> pl.DataFrame:
    """Add the neighbourhoods without a counterpart."""
    parts = [frame]
    for side, other, whole in (("old", "new", old), ("new", "old", new)):
        alone = whole.join(frame.select(code=side), on="code", how="anti")
        parts.append(
            alone.select(
                pl.col("code").alias(side),
                pl.lit(None, pl.String).alias(other),
                pl.col("label").alias(f"{side}_label"),
                pl.lit("").alias(f"{other}_label"),
                pl.lit("sorti" if side == "old" else "nouveau").alias("status"),
                pl.lit("").alias("status_text"),
                pl.lit(basis).alias("basis"),
            )
        )
    return pl.concat(parts, how="diagonal")


def _conform(frame: pl.DataFrame) -> pl.DataFrame:
    halved = frame.with_columns(error=(pl.col("share_high") - pl.col("share_low")) / 2)
    return halved.select(pl.col(n).cast(t) for n, t in CORRESPONDENCE.items()).sort(
        "new", "old", nulls_last=True
    )


def confront(
    official: pl.DataFrame, measured: pl.DataFrame, problems: ProblemList, *, notable: float = 0.05
) -> pl.DataFrame:
    """Return the official correspondence with the shares that were measured.

    Both frames: ``CORRESPONDENCE``. The status stays that of the list; a pair that only the
    measure has is added without status. What disagrees is said as warnings: an unchanged
    perimeter whose share is not whole, a predecessor that shares less than ``notable``, an
    overlap of at least ``notable`` that the list does not cite.
    """
    shares = ["share_old", "share_new", "share_low", "share_high", "basis", "error"]
    known = measured.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    joined = official.join(
        known.select(*_KEY, *(pl.col(c).alias(f"_{c}") for c in shares)), on=_KEY, how="left"
    ).with_columns(
        pl.when(pl.col("_basis").is_not_null()).then(pl.col(f"_{c}")).otherwise(pl.col(c)).alias(c)
        for c in shares
    )
    paired = joined.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    places = set(measured["old"].drop_nulls()) | set(measured["new"].drop_nulls())
    for old, new, status, share, other, basis in paired.select(
        *_KEY, "status", "_share_old", "_share_new", "_basis"
    ).iter_rows():
        if basis is None:
            if {old, new} <= places:
                _tell(problems, f"{new} suivrait {old} d’après la liste, mais les deux ne se "
                                "recouvrent pas.")  # fmt: skip
        elif status == "inchange" and min(share or 0.0, other or 0.0) < 1.0 - notable:
            _tell(problems, f"{new} serait inchangé d’après la liste, mais ne se confond pas avec "
                            f"{old}.")  # fmt: skip
        elif max(share or 0.0, other or 0.0) < notable:
            _tell(problems, f"{new} suivrait {old} d’après la liste, mais n’en partage presque "
                            "rien.")  # fmt: skip
    more = known.join(official.select(_KEY), on=_KEY, how="anti").filter(
        (pl.col("share_old") >= notable) | (pl.col("share_new") >= notable)
    )
    for old, new in more.select(_KEY).iter_rows():
        _tell(problems, f"{new} recouvre une partie de {old}, que la liste ne cite pas.")
    alone = (pl.col("old").is_null() & pl.col("new").is_in(more["new"].implode())) | (
        pl.col("new").is_null() & pl.col("old").is_in(more["old"].implode())
    )
    kept = joined.filter(~alone.fill_null(value=False))
    return _conform(
        pl.concat([kept.select(list(CORRESPONDENCE)), more.select(list(CORRESPONDENCE))])
    )


def _tell(problems: ProblemList, what: str) -> None:
    problems.add(
        Problem(
            "correspondance-mesure",
            Where(),
            what,
            "une liste et des périmètres d’accord.",
            "Vérifiez les périmètres chargés ; la part mesurée est retenue.",
            Severity.WARNING,
        )
    )


def predecessors(correspondence: pl.DataFrame, new: str) -> tuple[str, ...]:
    """Return the codes that a neighbourhood of 2024 follows, the largest share first."""
    rows = correspondence.filter((pl.col("new") == new) & pl.col("old").is_not_null()).sort(
        pl.col("share_new").fill_null(-1.0), pl.col("old"), descending=[True, False]
    )
    return tuple(rows["old"])


def check_codes(correspondence: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose old code is not of 2015 or whose new code is not of 2024."""
    wrong = (generation(pl.col("old")).fill_null("") != "2015") & pl.col("old").is_not_null()
    other = (generation(pl.col("new")).fill_null("") != "2024") & pl.col("new").is_not_null()
    return correspondence.filter(wrong | other)
