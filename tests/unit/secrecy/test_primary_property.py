"""After the door, nothing below the minimum is left, and nothing else has moved."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import catalogue, count, qpv, retained, said, statements
from terril.catalogue.schema import SecrecyRule
from terril.observations.schema import KEY, RETAINED, STATEMENTS
from terril.secrecy.primary import LEDGER, apply_primary

CARDS = catalogue(
    {"essai.nb": count(secrecy="six"), "essai.nb_libre": count(secrecy="aucun")},
    secrecy={"six": SecrecyRule(label="6", minimum=6, unit="ménages", note="essai")},
)

figures = st.lists(
    st.builds(
        lambda n, code, value, status, document: said(
            qpv(n), code, value, status=status, document=document
        ),
        st.integers(1, 4),
        st.sampled_from(sorted(CARDS.indicators)),
        st.integers(0, 12),
        st.sampled_from(["ok", "ok", "secret", "missing"]),
        st.sampled_from(["a", "b"]),
    ),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(figures)
def test_nothing_small_is_left_and_nothing_else_moves(rows: list[dict[str, Any]]) -> None:
    for build, schema in ((statements, STATEMENTS), (retained, RETAINED)):
        before = build(rows)
        after, ledger = apply_primary(before, CARDS)
        assert list(after.schema.items()) == list(pl.DataFrame(schema=schema).schema.items())
        assert dict(ledger.schema) == dict(pl.DataFrame(schema=LEDGER).schema)
        assert after.select(KEY).equals(before.select(KEY))
        counts = after.filter((pl.col("indicator") == "essai.nb") & (pl.col("status") == "ok"))
        assert not counts["value"].is_between(1, 5).any()
        blanked = ledger.select(KEY).unique()
        assert blanked.height == ledger.height
        untouched = before.join(blanked, on=KEY, how="anti", maintain_order="left")
        assert after.join(blanked, on=KEY, how="anti", maintain_order="left").equals(untouched)
        assert after.join(blanked, on=KEY)["value"].drop_nulls().is_empty()
