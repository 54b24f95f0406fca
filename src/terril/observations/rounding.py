"""What does a printed figure stand for, and how is a figure printed?

A printed figure stands for an interval: « 19 » for anything from 18,5 to 19,5. Two printed
figures agree when their intervals overlap. Printing rounds the half away from zero, as
people do by hand, on the decimal writing of the number (2,675 prints 2,68 although the
machine holds 2,67499…).
"""

from __future__ import annotations

from typing import Final

import polars as pl

#: relative width under which two floating numbers are the same number
EPSILON: Final = 1e-9

#: a little more than one unit of the last place of a floating number
_ULP: Final = 3e-16


def half_unit(decimals: pl.Expr) -> pl.Expr:
    """Return half a unit of the last written decimal: 0.5 for « 19 », 0.05 for « 19,4 »."""
    return 0.5 * pl.lit(10.0).pow(-decimals.cast(pl.Float64))


def printed(value: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """Return ``value`` rounded to ``decimals`` (a column: each indicator has its own)."""
    return printed_at(value, pl.lit(10.0).pow(decimals.cast(pl.Float64)))


def printed_at(value: pl.Expr, scale: pl.Expr) -> pl.Expr:
    """Return ``value`` as printed at ``scale``, 10 to the number of decimals.

    The half goes away from zero. Scaling may leave a half one unit of the machine short
    (2,675 × 100 = 267,49999999999997): the nudge is that unit.
    """
    scaled = (value * scale).abs()
    return value.sign() * (scaled + scaled * _ULP + 0.5).floor() / scale + 0.0  # no −0


def agree(lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """Return whether intervals overlap, given the largest lower and the smallest upper end.

    Touching is not overlapping: 10,4 and 10,5 printed with one decimal differ.
    """
    width = EPSILON * pl.max_horizontal(pl.lit(1.0), lower.abs(), upper.abs())
    return lower < upper - width
