"""How many signals would change under another rule, and which?

Two other rules, each as defensible as the one that is shown.

* ``moyenne``: the gaps are taken to the mean weighted by the population instead of the plain one.
* ``taille``: a gap that chance alone would explain, given the size of the neighbourhood (the
  value is within the 95 % limits of the funnel, not widened), counts as no gap. Indicators
  without a denominator keep theirs: the sentence says how many of them the rule could look at.

The signals are worked out again in full by the same code, with other z-scores.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from terril.benchmarks.compare import Comparisons
from terril.benchmarks.funnel import Position
from terril.benchmarks.periods import shown_periods
from terril.benchmarks.schema import Schema, Signal
from terril.benchmarks.signals import signals as signals_of
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheModel, Polarity
from terril.lib.french import compte, liste
from terril.observations.schema import Kind


class Rule(StrEnum):
    """Another rule for the signals."""

    MOYENNE = "moyenne"
    TAILLE = "taille"


#: one row a rule × neighbourhood × theme
SENSITIVITY: Final[Schema] = {
    "rule": pl.String,  # a Rule
    "group": pl.String,
    "territory": pl.String,
    "theme": pl.String,
    "signal": pl.String,  # a Signal: the one shown
    "other": pl.String,  # a Signal: under that rule
    "changed": pl.Boolean,
}

#: one row a contract: what the size rule could look at
REACH: Final[Schema] = {
    "group": pl.String,
    "looked": pl.Int64,  # indicators of the signals that have a funnel
    "all": pl.Int64,  # indicators of the signals
}

_WORDS: Final = {
    Rule.MOYENNE: "avec la moyenne pondérée par la population",
    Rule.TAILLE: "si les écarts que le hasard suffit à expliquer ne comptaient pas",
}
_SIGNALS: Final = {
    Signal.FAVORABLE.value: "favorable",
    Signal.MOYEN.value: "dans la moyenne",
    Signal.DIFFICILE.value: "en difficulté",
    Signal.INDETERMINE.value: "indéterminé",
}


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What would change: the rows (``SENSITIVITY``), and the reach of the size rule (``REACH``)."""

    rows: pl.DataFrame
    reach: pl.DataFrame


def sensitivity(
    comparisons: Comparisons,
    funnel: pl.DataFrame,
    signals: pl.DataFrame,
    territories: pl.DataFrame,
    catalogue: Catalogue,
    fiche_model: FicheModel | str,
) -> Sensitivity:
    """Return what the two other rules would change, sorted by rule and key.

    ``funnel``: ``FUNNEL``; ``signals``: ``SIGNALS`` as shown; ``territories``: kind, code and
    population. A neighbourhood without a population is weighed by the latest figure of the
    indicator of population of the sheet model; without one either, the mean stays plain.
    """
    model = catalogue.fiches[fiche_model] if isinstance(fiche_model, str) else fiche_model
    other = {
        Rule.MOYENNE: _weighted(comparisons, territories, catalogue, model),
        Rule.TAILLE: _by_size(comparisons, funnel),
    }
    key = ["group", "territory", "theme"]
    parts = []
    for rule, positions in other.items():
        again = signals_of(
            dataclasses.replace(comparisons, positions=positions), catalogue, model
        ).select(*key, other="signal")
        parts.append(
            signals.select(*key, "signal")
            .join(again, on=key)
            .with_columns(rule=pl.lit(rule.value), changed=pl.col("signal") != pl.col("other"))
        )
    rows = pl.concat(parts).select(pl.col(n).cast(t) for n, t in SENSITIVITY.items())
    return Sensitivity(rows.sort("rule", *key), _reach(comparisons, funnel, catalogue, model))


def _weighted(
    comparisons: Comparisons, territories: pl.DataFrame, catalogue: Catalogue, model: FicheModel
) -> pl.DataFrame:
    """Return the positions with the z-scores taken to the population-weighted mean."""
    cell = ["group", "indicator", "period", "breakdown"]
    positions = comparisons.positions
    counted = (
        positions.filter(
            (pl.col("indicator") == model.population)
            & (pl.col("breakdown") == "total")
            & pl.col("value").is_not_null()
        )
        .sort("period")
        .unique("territory", keep="last")
        .select("territory", _counted="value")
    )
    people = (
        territories.filter(pl.col("kind") == Kind.QPV)
        .select(territory="code", _told="population")
        .join(counted, on="territory", how="full", coalesce=True)
        .select("territory", _people=pl.coalesce("_told", "_counted"))
    )
    senses = {
        code: -1.0 if card.polarity is Polarity.DEFAVORABLE else 1.0
        for code, card in catalogue.indicators.items()
    }
    known = pl.col("value").is_not_null()
    weight = pl.col("_people").filter(known)
    rows = positions.join(people, on="territory", how="left", maintain_order="left").join(
        comparisons.groups.select(*cell, _sd="sd"), on=cell, how="left", maintain_order="left"
    )
    mean = (pl.col("value") * pl.col("_people")).sum() / weight.sum()
    complete = (known & pl.col("_people").is_null()).sum() == 0
    centre = pl.when(complete & (weight.sum() > 0)).then(mean).over(cell)
    sense = pl.col("indicator").replace_strict(senses, default=1.0, return_dtype=pl.Float64)
    z = ((pl.col("value") - pl.col("_centre")) / pl.col("_sd") * sense).round(9)
    return (
        rows.with_columns(_centre=centre)
        .with_columns(
            z=pl.when(pl.col("z").is_not_null() & pl.col("_centre").is_not_null())
            .then(z)
            .otherwise("z")
        )
        .select(positions.columns)
    )


def _by_size(comparisons: Comparisons, funnel: pl.DataFrame) -> pl.DataFrame:
    """Return the positions with no gap where chance alone would explain it."""
    key = ["group", "territory", "indicator", "period", "breakdown"]
    positions = comparisons.positions
    explained = funnel.filter(pl.col("chance") == Position.ATTENDU.value).select(
        *key, _explained=pl.lit(value=True)
    )
    return (
        positions.join(explained, on=key, how="left", maintain_order="left")
        .with_columns(
            z=pl.when(pl.col("_explained").fill_null(value=False) & pl.col("z").is_not_null())
            .then(0.0)
            .otherwise("z")
        )
        .select(positions.columns)
    )


def _reach(
    comparisons: Comparisons, funnel: pl.DataFrame, catalogue: Catalogue, model: FicheModel
) -> pl.DataFrame:
    """Count, in each group, the indicators of the signals and those that have a funnel."""
    counting = [
        code
        for block in model.blocks
        if catalogue.themes[block.theme].signal == "zscore"
        for code in block.signal
        if catalogue.indicators[code].polarity is not Polarity.NEUTRE
    ]
    groups = comparisons.groups.filter(
        pl.col("indicator").is_in(counting) & (pl.col("breakdown") == "total")
    )
    shown = shown_periods(groups)
    looked = funnel.select("group", "indicator", "period", "breakdown").unique()
    found = shown.join(
        looked, on=["group", "indicator", "period", "breakdown"], how="left", coalesce=False
    )
    return (
        found.group_by("group")
        .agg(looked=pl.col("indicator_right").is_not_null().sum(), all=pl.len())
        .select(pl.col(name).cast(dtype) for name, dtype in REACH.items())
        .sort("group")
    )


# ------------------------------------------------------------------ words


def sentence(result: Sensitivity, group: str, rule: Rule | str) -> str:
    """Say how many signals of a contract would change: « 6 signaux sur 126 changeraient… ».

    Without a final point. An empty text when the contract has no signal.
    """
    rule = Rule(rule)
    rows = result.rows.filter((pl.col("group") == group) & (pl.col("rule") == rule.value))
    if rows.is_empty():
        return ""
    text = f"{_changing(int(rows['changed'].sum()), rows.height)} {_WORDS[rule]}"
    reach = result.reach.filter(pl.col("group") == group).select("looked", "all").rows()
    if rule is Rule.TAILLE and reach:  # no figure of the signals: nothing to look at
        [(looked, every)] = reach
        text += (
            f" (règle applicable à {compte(looked, 'indicateur', 'indicateurs')} sur {every}, "
            "ceux dont le dénominateur est connu)"
        )
    return text


def _changing(changed: int, total: int) -> str:
    if changed == 0:
        return (
            f"aucun des {total} signaux ne changerait" if total > 1 else "le signal reste le même"
        )
    verb = "changerait" if changed == 1 else "changeraient"
    return f"{compte(changed, 'signal', 'signaux')} sur {total} {verb}"


def neighbourhood_sentence(
    result: Sensitivity, territory: str, catalogue: Catalogue, themes: Sequence[str] = ()
) -> str:
    """Say, for the sheet of a neighbourhood, which of its signals hang on the rule.

    « Avec la moyenne pondérée par la population, changerait : l’emploi (dans la moyenne et non
    en difficulté). » ``themes``: their order on the sheet. Empty when it has no signal.
    """
    rows = result.rows.filter(pl.col("territory") == territory)
    if rows.is_empty():
        return ""
    order = {theme: rank for rank, theme in enumerate(themes or catalogue.themes)}
    told = []
    for rule in Rule:
        changed = rows.filter((pl.col("rule") == rule.value) & pl.col("changed"))
        names = [
            f"{catalogue.themes[theme].article} ({_SIGNALS[other]} et non {_SIGNALS[signal]})"
            for theme, signal, other in sorted(
                changed.select("theme", "signal", "other").iter_rows(),
                key=lambda row: order.get(row[0], len(order)),
            )
        ]
        if names:
            verb = "changerait" if len(names) == 1 else "changeraient"
            told.append(f"{_WORDS[rule]}, {verb} : {liste(names)}")
    if not told:
        return (
            "Les signaux de ce quartier seraient les mêmes avec la moyenne pondérée par la "
            "population et en tenant compte de sa taille."
        )
    text = " ; ".join(told)
    return f"{text[0].upper()}{text[1:]}."
