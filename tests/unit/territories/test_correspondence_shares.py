"""Are the shares of two generations of perimeters what was measured, within their bounds?"""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.territories.correspondence import CORRESPONDENCE, from_areas, from_grid

OLD = ["QP001001", "QP001002"]
NEW = ["QN00101M", "QN00102M"]


def labels(codes: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"code": codes, "label": codes})


#: cells of a grid: people, then the parts of the cell in (old, new), old only, new only
CELLS = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(OLD),
        st.sampled_from(NEW),
        st.lists(st.integers(0, 4), min_size=4, max_size=4).filter(any),
    ),
    min_size=1,
    max_size=12,
)


def grid(cells: list[tuple[int, str, str, list[int]]]) -> pl.DataFrame:
    rows = []
    for number, (people, old, new, weights) in enumerate(cells):
        whole = sum(weights)
        for weight, (o, n) in zip(
            weights, [(old, new), (old, None), (None, new), (None, None)], strict=True
        ):
            if weight:
                rows.append((f"c{number}", float(people), o, n, weight / whole))
    return pl.DataFrame(
        rows,
        schema={"cell": pl.String, "population": pl.Float64, "old": pl.String, "new": pl.String,
                "part": pl.Float64},
        orient="row",
    )  # fmt: skip


@given(CELLS)
@settings(max_examples=100, deadline=None)
def test_shares_of_population_are_within_their_bounds(
    cells: list[tuple[int, str, str, list[int]]],
) -> None:
    frame = grid(cells)
    found = from_grid(frame, labels(OLD), labels(NEW), negligible=0.0)
    assert found.columns == list(CORRESPONDENCE)
    assert {*found["old"].drop_nulls()} == {*OLD} and {*found["new"].drop_nulls()} == {*NEW}
    for row in found.drop_nulls(["old", "new"]).iter_rows(named=True):
        both = frame.filter((pl.col("old") == row["old"]) & (pl.col("new") == row["new"]))
        mine = frame.filter(pl.col("old") == row["old"])
        people = float((mine["population"] * mine["part"]).sum())
        if not people:
            assert row["share_old"] is None
            continue
        shared = float((both["population"] * both["part"]).sum())
        assert row["share_old"] == pytest.approx(shared / people)
        assert -1e-9 <= row["share_low"] <= row["share_old"] + 1e-9
        assert row["share_old"] - 1e-9 <= row["share_high"] <= 1 + 1e-9
        assert row["error"] == pytest.approx((row["share_high"] - row["share_low"]) / 2)
        low = high = 0.0
        for cell in set(mine["cell"]):
            parts = mine.filter(pl.col("cell") == cell)
            inside = float(parts["part"].sum())
            own = inside * float(parts["population"][0])
            here = float(parts.filter(pl.col("new") == row["new"])["part"].sum())
            high += own if here else 0.0
            low += own if here >= inside - 1e-9 else 0.0
        assert row["share_low"] == pytest.approx(low / people)
        assert row["share_high"] == pytest.approx(min(high / people, 1.0))


AREAS = st.lists(st.floats(0, 10), min_size=4, max_size=4)


@given(AREAS, st.floats(0, 5), st.floats(0, 5))
def test_shares_of_surface_sum_to_what_is_covered(
    areas: list[float], alone: float, fresh: float
) -> None:
    """Two old and two new perimeters that cross, with what is on one side only."""
    pairs = [(o, n) for o in OLD for n in NEW]
    frame = pl.DataFrame(
        [(*pair, amount) for pair, amount in zip(pairs, areas, strict=True)],
        schema=["old", "new", "amount"],
        orient="row",
    )
    old_total = {o: alone + sum(a for (p, _), a in zip(pairs, areas, strict=True) if p == o)
                 for o in OLD}  # fmt: skip
    new_total = {n: fresh + sum(a for (_, q), a in zip(pairs, areas, strict=True) if q == n)
                 for n in NEW}  # fmt: skip

    def amounts(totals: dict[str, float]) -> pl.DataFrame:
        return labels(list(totals)).with_columns(amount=pl.Series(list(totals.values())))

    found = from_areas(frame, amounts(old_total), amounts(new_total), negligible=0.0)
    both = found.drop_nulls(["old", "new"])
    for code, total in old_total.items():
        share = both.filter(pl.col("old") == code)["share_old"].sum()
        assert total == 0 or share == pytest.approx((total - alone) / total)
    for code, total in new_total.items():
        share = both.filter(pl.col("new") == code)["share_new"].sum()
        assert total == 0 or share == pytest.approx((total - fresh) / total)


@pytest.mark.parametrize(
    ("amount", "old", "new"), [(-1.0, 10.0, 10.0), (12.0, 10.0, 20.0), (12.0, 20.0, 10.0)]
)
def test_areas_that_cannot_be_are_refused(amount: float, old: float, new: float) -> None:
    frame = pl.DataFrame({"old": OLD[:1], "new": NEW[:1], "amount": [amount]})
    with pytest.raises(ValueError):
        from_areas(
            frame,
            labels(OLD[:1]).with_columns(amount=pl.lit(old)),
            labels(NEW[:1]).with_columns(amount=pl.lit(new)),
            negligible=0.02,
        )
