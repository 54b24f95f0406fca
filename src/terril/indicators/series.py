"""Which figures make one series, and where is its line broken?

A neighbourhood of 2024 follows those that the official correspondence names, by their codes; two
neighbourhoods of one name and of no correspondence are never joined. The figures of each
generation are segments of their own, and a *break line* stands between them. Within a
generation too, the dated breaks of the register have their line: one that blocks cuts the
segment, one that annotates only marks it. Points that are only too near one another are not cut:
a chart shows them, no text compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Break, Effect
from terril.indicators.breaks import Crossing, between
from terril.indicators.periods import end_of
from terril.territories.generations import generation, generation_of, generations

#: one row a point of a joined series; a segment is what one line may link
SERIES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,  # whose series it is: a neighbourhood of the generation shown
    "indicator": pl.String,
    "breakdown": pl.String,
    "segment": pl.Int32,  # from 0 within a series, in the order of the lines
    "member": pl.String,  # whose figure it is: the neighbourhood, or one that it follows
    "generation": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "source": pl.String,
    "share_old": pl.Float64,  # part of the member that is in the neighbourhood; null when unknown
}

#: one row a break of a joined series
BREAK_LINES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,
    "indicator": pl.String,
    "breakdown": pl.String,
    "after": pl.String,  # the last period before the line; "" when nothing is before
    "period": pl.String,  # the first period after it: where the line stands
    "code": pl.String,  # card of catalogue/breaks
    "reason": pl.String,  # perimetre | source
    "effect": pl.String,  # bloque: no line goes across; annote: a mark on the line
    "line": pl.String,  # beside the line: « Périmètres de 2024 : rupture de série »
    "text": pl.String,  # the note, a whole sentence
}

_SAME: Final = "Celui de ce quartier est inchangé d’après la liste officielle."

_KEY: Final = ("territory", "indicator", "breakdown")
_POINT: Final = ("member", "indicator", "breakdown", "period", "value", "status", "source")


@dataclass(frozen=True, slots=True)
class Joined:
    """The points and the break lines of the series asked for (``SERIES``, ``BREAK_LINES``)."""

    points: pl.DataFrame
    lines: pl.DataFrame


def join_series(
    retained: pl.DataFrame,
    correspondence: pl.DataFrame,
    catalogue: Catalogue,
    *,
    territories: tuple[str, ...] = (),
    indicators: tuple[str, ...] = (),
) -> Joined:
    """Return the series of neighbourhoods with what they follow, never one line across.

    ``retained``: kind, territory, indicator, period, breakdown, value, status, source;
    ``correspondence``: ``CORRESPONDENCE``. ``territories``, ``indicators``: only these, all when
    empty. Known and unknown points are there (a secret one cuts no line, its value is null).
    """
    own = retained.filter((pl.col("kind") == "qpv") & (pl.col("period") != ""))
    if indicators:
        own = own.filter(pl.col("indicator").is_in(indicators))
    own = own.rename({"territory": "member"}).select(_POINT)
    links = _links(own, correspondence)
    if territories:
        links = links.filter(pl.col("territory").is_in(territories))
    points = links.join(own, on="member").with_columns(generation=generation(pl.col("member")))
    notes = _notes(points, catalogue)
    points = _segmented(points, notes)
    return Joined(
        points.select(pl.col(n).cast(t) for n, t in SERIES.items()).sort(
            *_KEY, "segment", "period"
        ),
        _lines(points, notes, catalogue, _unchanged(correspondence)),
    )


def _links(own: pl.DataFrame, correspondence: pl.DataFrame) -> pl.DataFrame:
    """Return territory → member with its share: itself, then what it follows.

    A neighbourhood of 2015 that another follows has its own series too.
    """
    codes = pl.concat([own["member"], correspondence["new"].drop_nulls()]).unique().sort()
    itself = pl.DataFrame({"territory": codes, "member": codes}).with_columns(
        share_old=pl.lit(None, pl.Float64)
    )
    follows = correspondence.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    return pl.concat([itself, follows.select(territory="new", member="old", share_old="share_old")])


_CHANGE: Final = {
    "indicator": "indicator",
    "_source": "source_a",
    "source": "source_b",
    "_before": "before",
    "period": "period",
}


def _segmented(points: pl.DataFrame, notes: pl.DataFrame) -> pl.DataFrame:
    """Number the segments: one a member, and one more after each blocking break of a source.

    Adds ``_before`` and ``_source``, of the point before of the same member.
    """
    cuts = (
        notes.filter(pl.col("effect") == Effect.BLOQUE.value)
        .select(list(_CHANGE.values()))
        .unique()
        .with_columns(_cut=pl.lit(value=True))
    )
    member = [*_KEY, "member"]
    joined = (
        points.join(_ends(points), on="period", how="left")
        .sort(*_KEY, "generation", "member", "_end", "period", nulls_last=True)
        .with_columns(
            _before=pl.col("period").shift(1).over(member),
            _source=pl.col("source").shift(1).over(member),
        )
        .join(
            cuts,
            left_on=list(_CHANGE),
            right_on=list(_CHANGE.values()),
            how="left",
            maintain_order="left",
        )
    )
    opens = pl.col("_before").is_null() | pl.col("_cut").fill_null(value=False)
    return joined.with_columns(segment=opens.cast(pl.Int32).cum_sum().over(_KEY) - 1)


def _ends(points: pl.DataFrame) -> pl.DataFrame:
    periods = points["period"].unique()
    return pl.DataFrame(
        {"period": periods, "_end": [end_of(p) for p in periods]},
        schema={"period": pl.String, "_end": pl.String},
    )


def _notes(points: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the dated breaks between two periods that follow one another in a series."""
    seen = (
        points.join(_ends(points), on="period")
        .sort("_end", "period")
        .group_by("indicator", "breakdown", "territory", "member", maintain_order=True)
        .agg("period", "source")
        .select("indicator", "period", "source")
        .unique()
    )
    found: dict[tuple[str, str, str, str, str], list[Crossing]] = {}
    for indicator, periods, sources in seen.iter_rows():
        for (a, one), (b, other) in pairwise(zip(periods, sources, strict=True)):
            key = (indicator, one, other, a, b)
            if key not in found:
                found[key] = between(indicator, a, b, one, catalogue, source_b=other)
    rows = [
        (*key, code, card.effect.value, card.line, card.text)
        for key, crossings in found.items()
        for code, card in crossings
        if card.since
    ]
    names = (*_CHANGE.values(), "code", "effect", "line", "text")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _unchanged(correspondence: pl.DataFrame) -> frozenset[str]:
    """Return the neighbourhoods whose only predecessor is, says the list, the same perimeter."""
    alone = correspondence.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    alone = alone.filter((pl.len().over("new") == 1) & (pl.col("status") == "inchange"))
    return frozenset(alone["new"])


def _lines(
    points: pl.DataFrame, notes: pl.DataFrame, catalogue: Catalogue, unchanged: frozenset[str]
) -> pl.DataFrame:
    """Return the break lines: those of the sources, and one a change of generation."""
    told = points.join(notes, left_on=list(_CHANGE), right_on=list(_CHANGE.values())).with_columns(
        after="_before", reason=pl.lit("source")
    )
    spans = (
        points.sort("_end", "period")
        .group_by(*_KEY, "generation", maintain_order=True)
        .agg(first=pl.col("period").first(), last=pl.col("period").last())
        .sort(*_KEY, "generation")
    )
    rows = []
    for key, former, latter in _changes(spans):
        code, card = perimeters(catalogue, former[0], latter[0])
        text = f"{card.text} {_SAME}" if key[0] in unchanged else card.text
        effect = card.effect.value
        rows.append((*key, former[2], latter[1], code, "perimetre", effect, card.line, text))
    own = pl.DataFrame(rows, schema=BREAK_LINES, orient="row")
    return pl.concat([own, told.select(list(BREAK_LINES))]).unique().sort(*_KEY, "period", "code")


_Span = tuple[str, str, str]  # generation, first and last periods


def _changes(spans: pl.DataFrame) -> list[tuple[tuple[str, str, str], _Span, _Span]]:
    """Return (series, former span, latter span) for each change of generation."""
    rows = spans.filter(pl.col("generation").is_not_null()).rows()
    return [
        (before[:3], before[3:], after[3:])
        for before, after in pairwise(rows)
        if before[:3] == after[:3]
    ]


def perimeters(catalogue: Catalogue, former: str, latter: str) -> tuple[str, Break]:
    """Return the card of the break between two generations of perimeters, with its code.

    Raises ``KeyError`` when the catalogue has none: a change of perimeters is never silent.
    """
    for code, card in catalogue.breaks.items():
        if card.generations and set(card.generations) == {former, latter}:
            return code, card
    raise KeyError(f"{former}–{latter}")


def side_by_side(territories: pl.DataFrame, correspondence: pl.DataFrame) -> pl.DataFrame:
    """Return the two lists of a project side by side, one row a neighbourhood × predecessor.

    ``territories``: kind, code, label. Columns: old, old_label, status, new, new_label; a code
    is null where there is nobody on that side. A neighbourhood of the project that the
    correspondence does not know stands alone, without status. Sorted by new then old.
    """
    own = territories.filter(pl.col("kind") == "qpv").select("code", "label")
    years = list(generations())
    names = dict(own.iter_rows())
    ours = correspondence.filter(
        pl.col("old").is_in(list(names)) | pl.col("new").is_in(list(names))
    )
    rows = ours.select("old", "old_label", "status", "new", "new_label")
    told = {*rows["old"].drop_nulls(), *rows["new"].drop_nulls()}
    alone = [
        (code, label, "", None, "")
        if generation_of(code) == years[0]
        else (None, "", "", code, label)
        for code, label in names.items()
        if code not in told
    ]
    return pl.concat([rows, pl.DataFrame(alone, schema=rows.schema, orient="row")]).sort(
        "new", "old", nulls_last=True
    )
