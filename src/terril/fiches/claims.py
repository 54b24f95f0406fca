"""What exactly does a sentence claim?

A *claim* is a statement without its text. Each pattern of sentence makes the claims of
what it says, so that a statement can be checked against the figures without reading
French (see ``verify.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from terril.fiches.facts import Fact, Ref
from terril.fiches.model import Statement
from terril.lib.fractions import Fraction
from terril.lib.prose import sans_gras

Values = dict[str, float | str | None]


class Claim(NamedTuple):
    """A statement still without its text."""

    indicator: str
    period: str
    comparator: str
    direction: str
    degree: str
    rank: int | None
    values: Values


def states(fact: Fact, fraction: Fraction | None = None) -> Claim:
    """The sentence only states the figure, perhaps as a fraction."""
    values: Values = {"quartier": fact.value}
    if fraction is not None:
        values["fraction"] = fraction.key
    return Claim(fact.indicator, fact.period, "", "", "", None, values)


def versus(
    fact: Fact,
    ref: Ref,
    *,
    fraction: Fraction | None = None,
    ref_fraction: Fraction | None = None,
    ratio: str = "",
    near: bool = False,
) -> Claim:
    """The sentence compares the figure with a named reference."""
    values: Values = {"quartier": fact.value, "reference": ref.value, "ecart": ref.gap}
    if ref.period != fact.period:
        values["periode_reference"] = ref.period
    if fraction is not None:
        values["fraction"] = fraction.key
    if ref_fraction is not None:
        values["fraction_reference"] = ref_fraction.key
    if ratio:
        values["rapport"] = ratio
    if near:
        values["proche"] = "oui"
    return Claim(
        fact.indicator, fact.period, ref.comparator, ref.direction, ref.degree, None, values
    )


def ranked(fact: Fact, sense: str, fraction: Fraction | None = None) -> Claim:
    """The sentence gives a rank. ``sense``: favorable (1 = best), haut (1 = highest) or bas."""
    rank = {"favorable": fact.rank, "haut": fact.rank_high, "bas": fact.rank_low}[sense]
    values: Values = {"quartier": fact.value, "known": float(fact.known), "sens": sense}
    if fraction is not None:
        values["fraction"] = fraction.key
    mean = fact.refs.get("qpv_mean")
    return Claim(
        fact.indicator,
        fact.period,
        "qpv_rank",
        mean.direction if mean else "",
        mean.degree if mean else "",
        rank,
        values,
    )


def beats(fact: Fact, direction: str, beaten: int, reach: str) -> Claim:
    """Higher (or lower) than so many of the others. ``reach``: tous, presque tous, la plupart."""
    mean = fact.refs.get("qpv_mean")
    values: Values = {
        "quartier": fact.value,
        "known": float(fact.known),
        "depasse": float(beaten),
        "portee": reach,
    }
    rank = fact.rank_high if direction == "higher" else fact.rank_low
    return Claim(
        fact.indicator,
        fact.period,
        "qpv_rank",
        direction,
        mean.degree if mean and mean.direction == direction else "plain",
        rank,
        values,
    )


def unknown(fact: Fact) -> Claim:
    """The sentence says that there is no figure, and why."""
    return Claim(fact.indicator, fact.period, "", "", "", None, {"statut": fact.status})


def about_signals(values: Values, theme: str = "") -> Claim:
    """The sentence speaks of the signals: how many, which, how sure."""
    return Claim(f"signal.{theme}" if theme else "signal", "", "qpv_mean", "", "", None, values)


def statements(claims: Iterable[Claim], text: str) -> tuple[Statement, ...]:
    """Give the claims of one sentence its text."""
    plain = sans_gras(text)
    return tuple(Statement(*claim, plain) for claim in claims)
