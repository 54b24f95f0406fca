"""What do the sentences of one contract need from the frames?

One pass over the frames gives every contract its :class:`GroupContext`: the facts of each
neighbourhood at the period shown, its signals, its local offer, the names of the places.
Only indicators that a sheet model names are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from terril.benchmarks.periods import shown_periods
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheModel, Polarity
from terril.fiches.facts import Fact, OfferFact, Ref, SignalFact, Span
from terril.fiches.offers import offer_facts
from terril.fiches.places import EpciNoun, epci_noun
from terril.observations.schema import Kind, Status

_SENSES = {Polarity.FAVORABLE: 1, Polarity.DEFAVORABLE: -1, Polarity.NEUTRE: 0}


class Comparisons(Protocol):
    """What ``terril.benchmarks.compare`` returns."""

    @property
    def groups(self) -> pl.DataFrame:
        """Columns of ``GROUPS``."""

    @property
    def positions(self) -> pl.DataFrame:
        """Columns of ``POSITIONS``."""

    @property
    def gaps(self) -> pl.DataFrame:
        """Columns of ``GAPS``."""


@dataclass(frozen=True)
class GroupContext:
    """All that is said of the neighbourhoods of one contract rests on this."""

    group: str
    total: int
    epci: EpciNoun
    names: Mapping[str, str]  # display name of each neighbourhood
    shorts: Mapping[str, str]  # short name
    communes: Mapping[str, tuple[str, ...]]  # names of its communes, the main one first
    facts: Mapping[str, Mapping[str, Fact]]  # qpv → indicator → fact
    signals: Mapping[str, Mapping[str, SignalFact]]  # qpv → theme
    offers: Mapping[str, OfferFact]
    spans: Mapping[str, Span]  # indicator → its spread over the neighbourhoods

    @classmethod
    def from_frames(
        cls,
        group: str,
        comparisons: Comparisons,
        signals: pl.DataFrame,
        offers: pl.DataFrame | None,
        territories: pl.DataFrame,
        catalogue: Catalogue,
        retained: pl.DataFrame,
        fiche_model: str | FicheModel | None = None,
        families: pl.DataFrame | None = None,
    ) -> GroupContext:
        """Build the context of one contract; ``KeyError`` when it has no neighbourhood.

        For a national file, :meth:`all_from_frames` reads each frame once for all.
        """
        for context in cls.all_from_frames(
            comparisons, signals, offers, territories, catalogue, retained, fiche_model,
            families, (group,),
        ):  # fmt: skip
            return context
        raise KeyError(group)

    @classmethod
    def all_from_frames(
        cls,
        comparisons: Comparisons,
        signals: pl.DataFrame,
        offers: pl.DataFrame | None,
        territories: pl.DataFrame,
        catalogue: Catalogue,
        retained: pl.DataFrame,
        fiche_model: str | FicheModel | None = None,
        families: pl.DataFrame | None = None,
        groups: Iterable[str] | None = None,
    ) -> list[GroupContext]:
        """Build the context of every contract (or of ``groups``), in the order of their codes.

        ``offers``: territory, offer, depends, why; ``families``: territory, family, inside,
        around, unreadable, buffer_m (``terril.benchmarks.offer``). ``fiche_model``: keep its
        indicators only; those of all the models of the catalogue when it is None.
        """
        return _Builder(catalogue, fiche_model).build(
            comparisons, signals, offer_facts(offers, families), territories, retained, groups
        )


def model_indicators(model: FicheModel) -> tuple[str, ...]:
    """Return the indicators a sheet model names, in order, each once."""
    codes: dict[str, None] = {model.population: None}
    if model.population_share:
        codes[model.population_share] = None
    for block in model.blocks:
        codes.update(dict.fromkeys((*block.signal, *block.rows, *block.sentences)))
    return tuple(codes)


class _Builder:
    """Holds what is the same for all contracts while they are built."""

    def __init__(self, catalogue: Catalogue, fiche_model: str | FicheModel | None) -> None:
        if isinstance(fiche_model, str):
            models = [catalogue.fiches[fiche_model]]
        elif fiche_model is None:
            models = list(catalogue.fiches.values())
        else:
            models = [fiche_model]
        wanted = dict.fromkeys(code for model in models for code in model_indicators(model))
        for code in tuple(wanted):  # « 606 demandeurs d’emploi, dont 383 hommes »
            if code in catalogue.indicators:
                wanted.update(dict.fromkeys(catalogue.indicators[code].phrase.parts))
        self.catalogue = catalogue
        self.wanted = [code for code in wanted if code in catalogue.indicators]
        self.populations = {model.population for model in models}
        card = catalogue.parameters.get("effectif_minimal_rang")
        self.enough = card.value if card and isinstance(card.value, float) else 3.0
        self.signal = {c for m in models for block in m.blocks for c in block.signal}

    def build(
        self,
        comparisons: Comparisons,
        signals: pl.DataFrame,
        offers: Mapping[str, OfferFact],
        territories: pl.DataFrame,
        retained: pl.DataFrame,
        groups: Iterable[str] | None,
    ) -> list[GroupContext]:
        keep = pl.col("indicator").is_in(self.wanted) & (pl.col("breakdown") == "total")
        if groups is not None:
            groups = list(groups)
            keep = keep & pl.col("group").is_in(groups)
        stats = comparisons.groups.filter(keep)
        shown = _with_unknown(stats, shown_periods(stats).select("group", "indicator", "period"))
        on = ["group", "indicator", "period"]
        positions = comparisons.positions.filter(keep)
        latest = self._own_periods(positions, shown)
        positions = pl.concat([positions.join(shown, on=on, how="semi"), latest])
        gaps = comparisons.gaps.filter(keep & (pl.col("comparator") != "qpv_wmean")).join(
            shown, on=on, how="semi"
        )
        gaps = _steady(gaps, stats)
        spans = self._spans(stats.join(shown, on=on, how="semi"), positions, retained, on)
        facts = self._facts(positions, gaps, spans)
        places = _Places(territories)
        by_signal = self._signals(signals)
        return [
            GroupContext(
                group=group,
                total=len(qpvs),
                epci=epci_noun(places.labels.get((Kind.EPCI, group), "")),
                names={code: places.labels[(Kind.QPV, code)] for code in qpvs},
                shorts={code: places.shorts[code] for code in qpvs},
                communes={code: places.communes_of(code) for code in qpvs},
                facts={code: facts.get(code, {}) for code in qpvs},
                signals={code: by_signal.get(code, {}) for code in qpvs},
                offers={code: offers[code] for code in qpvs if code in offers},
                spans=spans.get(group, {}),
            )
            for group, qpvs in sorted(places.qpvs.items())
            if groups is None or group in groups
        ]

    def _own_periods(self, positions: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
        """Population: where the period shown is silent, the latest the neighbourhood has."""
        mine = positions.filter(
            pl.col("indicator").is_in(self.populations) & pl.col("value").is_not_null()
        )
        covered = mine.join(shown, on=["group", "indicator", "period"], how="semi")
        return (
            mine.join(covered, on=["territory", "indicator"], how="anti")
            .sort("period")
            .group_by(["territory", "indicator"], maintain_order=True)
            .last()
            .select(positions.columns)
        )

    def _spans(
        self, stats: pl.DataFrame, positions: pl.DataFrame, retained: pl.DataFrame, on: list[str]
    ) -> dict[str, dict[str, Span]]:
        epci = {
            (row[0], row[1], row[2]): row[3]
            for row in retained.filter(
                (pl.col("kind") == Kind.EPCI)
                & (pl.col("status") == Status.OK)
                & (pl.col("breakdown") == "total")
                & pl.col("indicator").is_in(self.wanted)
            )
            .select("territory", "indicator", "period", "value")
            .iter_rows()
        }
        ends: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
        extreme = positions.filter((pl.col("rank_low") == 1) | (pl.col("rank_high") == 1))
        for group, indicator, code, low in extreme.select(
            "group", "indicator", "territory", "rank_low"
        ).iter_rows():
            pair = ends.setdefault((group, indicator), ([], []))
            pair[0 if low == 1 else 1].append(code)
        result: dict[str, dict[str, Span]] = {}
        columns = (*on, "known", "total", "mean", "sd", "minimum", "maximum")
        for group, indicator, period, known, total, mean, sd, low, high in stats.select(
            columns
        ).iter_rows():
            lowest, highest = ends.get((group, indicator), ([], []))
            result.setdefault(group, {})[indicator] = Span(
                indicator, period, known, total, mean, sd, low, high,
                tuple(lowest), tuple(highest), epci.get((group, indicator, period)),
            )  # fmt: skip
        return result

    def _facts(
        self, positions: pl.DataFrame, gaps: pl.DataFrame, spans: dict[str, dict[str, Span]]
    ) -> dict[str, dict[str, Fact]]:
        refs: dict[tuple[str, str], dict[str, Ref]] = {}
        columns = ("comparator", "reference", "reference_period", "gap", "spread", "direction",
                   "degree")  # fmt: skip
        for group, code, indicator, comparator, value, period, gap, spread, *way in gaps.select(
            "group", "territory", "indicator", *columns
        ).iter_rows():
            if spans[group][indicator].known < self.enough:
                spread = None  # a spread of two values says nothing
            refs.setdefault((code, indicator), {})[comparator] = Ref(
                comparator, value, period, gap, spread, *way
            )
        facts: dict[str, dict[str, Fact]] = {}
        indicators, units = self.catalogue.indicators, self.catalogue.units
        nothing: dict[str, Ref] = {}
        for group, code, indicator, period, status, value, z, rank, high, low, tied in (
            positions.select(
                "group", "territory", "indicator", "period", "status", "value", "z", "rank",
                "rank_high", "rank_low", "tied",
            ).iter_rows()
        ):  # fmt: skip
            span = spans[group][indicator]
            card = indicators[indicator]
            same = period == span.period
            facts.setdefault(code, {})[indicator] = Fact(
                indicator=indicator,
                card=card,
                unit=units[card.unit],
                period=period,
                status=status,
                value=value,
                known=span.known if same else 0,
                total=span.total,
                mean=span.mean,
                sd=span.sd,
                z=z,
                rank=rank if same else None,
                rank_high=high if same else None,
                rank_low=low if same else None,
                tied=bool(tied),
                refs=refs.get((code, indicator), nothing) if same else nothing,
                pictogram=indicator in self.signal,
                phrase=card.phrase,
                judged=card.polarity is not Polarity.NEUTRE,
                sense=_SENSES[card.polarity],
            )
        return facts

    @staticmethod
    def _signals(signals: pl.DataFrame) -> dict[str, dict[str, SignalFact]]:
        result: dict[str, dict[str, SignalFact]] = {}
        for code, *rest in signals.select(
            "territory", "theme", "signal", "score", "available", "expected", "sureness",
            "variants",
        ).iter_rows():  # fmt: skip
            fact = SignalFact(*rest)
            result.setdefault(code, {})[fact.theme] = fact
        return result


def _steady(gaps: pl.DataFrame, stats: pl.DataFrame) -> pl.DataFrame:
    """Drop the changes that fewer than half of the known neighbourhoods have.

    A former figure of one or two of them comes from another document, seldom counted alike.
    """
    on = ["group", "indicator", "period"]
    former = pl.col("comparator") == "previous"
    common = (
        gaps.filter(former)
        .group_by(on)
        .agg(changes=pl.len())
        .join(stats.select(*on, "known"), on=on)
        .filter(pl.col("changes") * 2 >= pl.col("known"))
    )
    kept = gaps.filter(former).join(common.select(on), on=on, how="semi")
    return pl.concat([gaps.filter(~former), kept])


def _with_unknown(stats: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Add the indicators that nobody knows, at their latest period: secret, or not published."""
    nobody = (
        stats.join(shown, on=["group", "indicator"], how="anti")
        .group_by("group", "indicator")
        .agg(pl.col("period").max())
    )
    return pl.concat([shown, nobody.select(shown.columns)])


class _Places:
    """Names and composition of the territories, from the territories frame."""

    def __init__(self, territories: pl.DataFrame) -> None:
        self.labels: dict[tuple[str, str], str] = {}
        self.qpvs: dict[str, list[str]] = {}
        self.shorts: dict[str, str] = {}
        self._communes: dict[str, list[str]] = {}
        for kind, code, label, short, epci, communes in territories.select(
            "kind", "code", "label", "short", "epci", "communes"
        ).iter_rows():
            self.labels[(kind, code)] = label
            if kind == Kind.QPV:
                self.shorts[code] = short or label
                self.qpvs.setdefault(epci, []).append(code)
                self._communes[code] = communes or []

    def communes_of(self, qpv: str) -> tuple[str, ...]:
        """Names of the communes of a neighbourhood; a code without a name is left out."""
        names = (self.labels.get((Kind.COMMUNE, code)) for code in self._communes[qpv])
        return tuple(name for name in names if name)
