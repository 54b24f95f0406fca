"""What comes out of a comparison?

Four frames. ``group`` is the contract whose QPV are compared with one another (the SIREN
of the EPCI that runs it), so that the national file holds 400 contracts side by side.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import polars as pl

Schema = dict[str, pl.DataType | type[pl.DataType]]


class Signal(StrEnum):
    """Where a neighbourhood stands on a theme, against the QPV of its contract."""

    FAVORABLE = "favorable"
    MOYEN = "moyen"
    DIFFICILE = "difficile"
    INDETERMINE = "indetermine"


class Offer(StrEnum):
    """Class of the local offer: a statement of fact, no calculation."""

    DEVELOPPEE = "developpee"
    INDISPENSABLE = "indispensable"
    LIMITEE = "limitee"
    ABSENTE = "absente"
    INDETERMINEE = "indeterminee"


#: one row a group × indicator × period × breakdown
GROUPS: Final[Schema] = {
    "group": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "known": pl.Int32,  # QPV with a value
    "total": pl.Int32,  # QPV of the group
    "mean": pl.Float64,  # plain mean of the neighbourhoods' values
    "wmean": pl.Float64,  # weighted; null when a weight is missing for a known value
    "weight": pl.String,  # indicator that weighs: the card's own, else the population; null if none
    "median": pl.Float64,
    "sd": pl.Float64,  # population standard deviation (ddof 0): the QPV are all there is
    "minimum": pl.Float64,
    "maximum": pl.Float64,
}

#: one row a QPV × indicator × period × breakdown, value known or not
POSITIONS: Final[Schema] = {
    "group": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "known": pl.Int32,
    "z": pl.Float64,  # (value − mean) / sd × direction; null when sd = 0 or value unknown
    # direction: favourable +1, defavorable −1, neutre +1 (then the z is not judged)
    "rank": pl.Int32,  # 1 = most favourable (neutral: highest); competition rank, ties share
    "rank_high": pl.Int32,  # 1 = highest value
    "rank_low": pl.Int32,  # 1 = lowest value
    "tied": pl.Boolean,
}

#: one row a QPV × indicator × period × comparator with both values known
GAPS: Final[Schema] = {
    "group": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "comparator": pl.String,  # epci | commune:<name> | communes | qpv_mean | qpv_wmean | previous
    "reference": pl.Float64,
    "reference_period": pl.String,
    "reference_origin": pl.String,  # stated, or derived (our own mean)
    "gap": pl.Float64,  # value − reference, both rounded as printed
    "spread": pl.Float64,  # gap / sd of the QPV for that indicator; null when sd is null or 0
    "direction": pl.String,  # higher | lower | equal, after rounding
    "degree": pl.String,  # slight | plain | strong, from spread; "slight" when spread is null
}

#: one row a QPV × theme
SIGNALS: Final[Schema] = {
    "group": pl.String,
    "territory": pl.String,
    "theme": pl.String,
    "signal": pl.String,  # a Signal
    "score": pl.Float64,  # mean of the direction-adjusted z of the available indicators
    "available": pl.Int32,
    "expected": pl.Int32,
    "sureness": pl.Float64,  # 0–1, share of the plausible methods that give the same colour
    "variants": pl.Int32,  # how many methods were tried
}
