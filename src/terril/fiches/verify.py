"""Is every statement of a sheet true of the figures?

A second reading, from the frames and not from what the sentences were made of: values,
direction after rounding, degree, rank, number of neighbourhoods left behind, fraction and
ratio claimed, counts of signals, local offer. A statement that does not hold is a bug of
the sentences, never of the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.benchmarks.schema import Signal
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Polarity
from terril.fiches.context import Comparisons
from terril.fiches.model import Statement
from terril.fiches.offers import OFFER_INDICATOR
from terril.lib.french import arrondi
from terril.observations.schema import Status

#: words of a ratio → bounds that anybody would accept
_RATIOS: Final = {
    "près de deux fois": (1.7, 2.0), "deux fois": (1.95, 2.06), "plus de deux fois": (2.0, 2.7),
    "près de trois fois": (2.7, 3.0), "trois fois": (2.95, 3.07), "plus de trois fois": (3.0, 3.75),
    "près de quatre fois": (3.7, 4.0), "quatre fois": (3.95, 4.1),
    "plus de quatre fois": (4.0, 4.75),
}  # fmt: skip
#: words of a range, « du simple au double » → bounds of the greater over the smaller
_SPANS: Final = {
    "presque du simple au double": (1.75, 2.0), "du simple au double": (1.95, 2.07),
    "du simple à plus du double": (2.0, 2.6), "presque du simple au triple": (2.7, 3.0),
    "du simple au triple": (2.95, 3.15),
}  # fmt: skip
_REACH: Final = {"tous": 1.0, "presque tous": 0.85, "la plupart": 0.65}
_FRACTION: Final = re.compile(r"^(?:(près de|plus de|moins de) )?(\d+)/(\d+)$")

Row = tuple[float | None, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the contracts, by neighbourhood: what statements are checked against."""

    values: Mapping[tuple[str, str, str], Row]  # (qpv, indicator, period) → value, status
    members: Mapping[str, tuple[str, ...]]  # qpv → all the neighbourhoods of its contract
    references: Mapping[tuple[str, str, str, str], float]  # …, comparator → value
    signals: Mapping[tuple[str, str], Mapping[str, object]]  # (qpv, theme) → row
    offers: Mapping[str, str]
    families: Mapping[tuple[str, str], tuple[int | None, int | None]]

    @classmethod
    def from_frames(
        cls,
        comparisons: Comparisons,
        signals: pl.DataFrame,
        offers: pl.DataFrame | None = None,
        families: pl.DataFrame | None = None,
    ) -> Figures:
        """Index the frames of the comparison stage."""
        total = pl.col("breakdown") == "total"
        positions = comparisons.positions.filter(total)
        groups: dict[str, set[str]] = {}
        values: dict[tuple[str, str, str], Row] = {}
        for group, qpv, indicator, period, value, status in positions.select(
            "group", "territory", "indicator", "period", "value", "status"
        ).iter_rows():
            groups.setdefault(group, set()).add(qpv)
            values[(qpv, indicator, period)] = value, status
        members = {qpv: tuple(sorted(found)) for found in groups.values() for qpv in found}
        references = {
            (qpv, indicator, period, comparator): value
            for qpv, indicator, period, comparator, value in comparisons.gaps.filter(total)
            .select("territory", "indicator", "period", "comparator", "reference")
            .iter_rows()
        }
        return cls(
            values=values,
            members=members,
            references=references,
            signals={(r["territory"], r["theme"]): r for r in signals.iter_rows(named=True)},
            offers=dict(offers.select("territory", "offer").iter_rows())
            if offers is not None
            else {},
            families={
                (code, family): (inside, around)
                for code, family, inside, around in families.select(
                    "territory", "family", "inside", "around"
                ).iter_rows()
            }
            if families is not None
            else {},
        )


#: a gap that falls on a limit may be graded on either side of it: sums are not exact
_HAIR: Final = 1e-6


def check(
    statements: Iterable[Statement],
    qpv: str,
    figures: Figures,
    catalogue: Catalogue,
    themes: Sequence[str],
) -> list[str]:
    """Return what does not hold, in French, one line a fault; [] when all is true.

    ``themes``: those of the sheet that have a signal.
    """
    checker = _Checker(qpv, figures, catalogue, themes)
    faults: list[str] = []
    for statement in statements:
        for fault in checker.faults(statement):
            faults.append(f"{qpv} {statement.indicator} : {fault} « {statement.text} »")
    return faults


def check_theme(
    statements: Iterable[Statement], group: Sequence[str], figures: Figures, catalogue: Catalogue
) -> list[str]:
    """Return what does not hold of a theme sheet, as :func:`check` does.

    ``group``: the codes of the neighbourhoods of the contract.
    """
    checker = _ThemeChecker(group, figures, catalogue)
    return [
        f"{said.indicator} : {fault} « {said.text} »"
        for said in statements
        for fault in checker.faults(said)
    ]


class _ThemeChecker:
    """Reads again what is said of all the neighbourhoods together."""

    def __init__(self, group: Sequence[str], figures: Figures, catalogue: Catalogue) -> None:
        self.group, self.figures, self.catalogue = group, figures, catalogue

    def faults(self, said: Statement) -> list[str]:
        subject, _, theme = said.indicator.partition(".")
        if subject == "signal":
            return self._signals(said, theme)
        if subject == "theme":
            return self._known(said)
        values = {
            code: value
            for code in self.group
            if (value := self._value(code, said.indicator, said.period)) is not None
        }
        if not values:
            return ["aucune valeur à cette période"]
        faults = [] if said.values.get("known", len(values)) == len(values) else ["connus"]
        faults += self._ends(said, values)
        return faults + (self._against(said, values) if said.comparator == "epci" else [])

    def _value(self, code: str, indicator: str, period: str) -> float | None:
        return self.figures.values.get((code, indicator, period), (None, ""))[0]

    def _ends(self, said: Statement, values: Mapping[str, float]) -> list[str]:
        faults = []
        low, high = min(values.values()), max(values.values())
        decimals = self.catalogue.indicators[said.indicator].decimals
        printed = {code: arrondi(value, decimals) for code, value in values.items()}
        for role, names, end in (("minimum", "bas", low), ("maximum", "haut", high)):
            if role not in said.values:
                continue
            line = arrondi(end, decimals)
            holders = " ".join(sorted(code for code, value in printed.items() if value == line))
            if said.values[role] != end or said.values[names] != holders:
                faults.append(f"{role} {end} : {holders}")
        if "etendue" in said.values:
            least, most = _SPANS[str(said.values["etendue"])]
            if not least <= high / low <= most:
                faults.append(f"rapport {high / low:.2f}")
        return faults

    def _against(self, said: Statement, values: Mapping[str, float]) -> list[str]:
        decimals = self.catalogue.indicators[said.indicator].decimals
        held = {
            self.figures.references.get((code, said.indicator, said.period, "epci"))
            for code in values
        }
        if held != {said.values.get("reference")} or None in held:
            return [f"référence {sorted(map(str, held))}"]
        reference = float(said.values["reference"] or 0.0)
        line = arrondi(reference, decimals)
        sense = 1 if said.direction == "higher" else -1
        if "nombre" in said.values:
            beyond = sum((arrondi(v, decimals) - line) * sense > 1e-9 for v in values.values())
            return [] if said.values["nombre"] == beyond else [f"{beyond} quartiers"]
        mean = sum(values.values()) / len(values)
        faults = []
        if abs(float(said.values.get("moyenne") or 0.0) - mean) > 1e-6 * max(1.0, abs(mean)):
            faults.append(f"moyenne {mean}")
        if (arrondi(mean, decimals) - line) * sense <= 1e-9:
            faults.append("sens faux")
        if "rapport" in said.values:
            words = str(said.values["rapport"]).rsplit(" ", 1)
            least, most = _RATIOS[words[0]]
            ratio = max(mean, reference) / min(mean, reference)
            if not least <= ratio <= most or (words[1] == "plus") != (mean > reference):
                faults.append(f"rapport {ratio:.2f}")
        faults += _fraction_faults(said.values.get("fraction"), mean)
        return faults + _fraction_faults(said.values.get("fraction_reference"), reference)

    def _signals(self, said: Statement, theme: str) -> list[str]:
        shown = [
            str(self.figures.signals.get((code, theme), {}).get("signal", Signal.INDETERMINE))
            for code in self.group
        ]
        faults = [
            f"{shown.count(signal)} quartier(s) {signal.value}"
            for signal in Signal
            if said.values.get(signal.value) != shown.count(signal)
        ]
        return faults + ([] if said.values.get("quartiers") == len(self.group) else ["total"])

    def _known(self, said: Statement) -> list[str]:
        theme = said.indicator.partition(".")[2]
        model = self.catalogue.fiches.values()
        blocks = [b for card in model for b in card.blocks if b.theme == theme]
        counts = set()
        for block in blocks:
            codes = {*block.signal, *block.rows}
            known = {
                indicator
                for (qpv, indicator, _), (value, _) in self.figures.values.items()
                if value is not None and qpv in self.group and indicator in codes
            }
            counts.add((float(len(codes)), float(len(known))))
        found = (said.values.get("indicateurs"), said.values.get("connus"))
        return [] if found in counts else [f"connus {sorted(counts)}"]


class _Checker:
    def __init__(
        self, qpv: str, figures: Figures, catalogue: Catalogue, themes: Sequence[str]
    ) -> None:
        self.qpv, self.figures, self.catalogue, self.themes = qpv, figures, catalogue, themes
        self.slight = catalogue.number("ecart_leger")
        self.strong = catalogue.number("ecart_net")

    def faults(self, said: Statement) -> list[str]:
        if said.indicator == "signal" or said.indicator.startswith("signal."):
            return self._signals(said)
        if said.indicator == OFFER_INDICATOR or said.indicator.startswith("equipement."):
            return self._offer(said)
        row = self.figures.values.get((self.qpv, said.indicator, said.period))
        if row is None:
            return ["aucune valeur à cette période"]
        value, status = row
        if "statut" in said.values:
            return [] if said.values["statut"] == status != Status.OK else ["statut faux"]
        if value is None or said.values.get("quartier") != value:
            return [f"valeur {said.values.get('quartier')}, figure {value}"]
        faults = _fraction_faults(said.values.get("fraction"), value)
        if said.comparator == "qpv_rank":
            return faults + self._rank(said, value)
        if said.comparator:
            return faults + self._gap(said, value)
        return faults

    def _others(self, said: Statement) -> list[float]:
        found = (
            self.figures.values.get((code, said.indicator, said.period), (None, ""))[0]
            for code in self.figures.members[self.qpv]
        )
        decimals = self.catalogue.indicators[said.indicator].decimals
        return [arrondi(value, decimals) for value in found if value is not None]

    def _rank(self, said: Statement, value: float) -> list[str]:
        values = self._others(said)
        own = arrondi(value, self.catalogue.indicators[said.indicator].decimals)
        above, below = sum(v > own for v in values), sum(v < own for v in values)
        faults = []
        if said.values.get("known") != len(values):
            faults.append(f"{len(values)} quartiers connus")
        if "depasse" in said.values:
            beaten = below if said.direction == "higher" else above
            share = _REACH[str(said.values["portee"])]
            if said.values["depasse"] != beaten or beaten < share * (len(values) - 1) - 1e-9:
                faults.append(f"dépasse {beaten} quartiers")
            return faults
        polarity = self.catalogue.indicators[said.indicator].polarity
        best = below + 1 if polarity is Polarity.DEFAVORABLE else above + 1
        rank = {"favorable": best, "haut": above + 1, "bas": below + 1}[str(said.values["sens"])]
        if said.rank != rank:
            faults.append(f"rang {rank}")
        return faults

    def _gap(self, said: Statement, value: float) -> list[str]:
        key = (self.qpv, said.indicator, said.period, said.comparator)
        reference = self.figures.references.get(key)
        if reference is None or said.values.get("reference") != reference:
            return [f"référence {reference}"]
        decimals = self.catalogue.indicators[said.indicator].decimals
        gap = arrondi(arrondi(value, decimals) - arrondi(reference, decimals), decimals)
        faults = []
        direction = "higher" if gap > 0 else "lower" if gap < 0 else "equal"
        if said.direction != direction:
            faults.append(f"sens {direction}")
        spread = self._spread(said, gap)
        if said.degree not in {self._degree(spread - _HAIR), self._degree(spread + _HAIR)}:
            faults.append(f"degré {self._degree(spread)}")
        if "proche" in said.values and spread > self.slight and gap:
            faults.append("pas proche")
        if "rapport" in said.values:
            words = str(said.values["rapport"]).rsplit(" ", 1)
            low, high = _RATIOS[words[0]]
            ratio = max(value, reference) / min(value, reference)
            if not low <= ratio <= high or (words[1] == "plus") != (value > reference):
                faults.append(f"rapport {ratio:.2f}")
        return faults + _fraction_faults(said.values.get("fraction_reference"), reference)

    def _degree(self, spread: float) -> str:
        return "slight" if spread < self.slight else "plain" if spread < self.strong else "strong"

    def _spread(self, said: Statement, gap: float) -> float:
        values = [
            v
            for code in self.figures.members[self.qpv]
            if (v := self.figures.values.get((code, said.indicator, said.period), (None, ""))[0])
            is not None
        ]
        mean = sum(values) / len(values)
        sd = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        return abs(gap) / sd if sd > 1e-12 else 0.0

    def _signals(self, said: Statement) -> list[str]:
        values = said.values
        theme = said.indicator.partition(".")[2]
        if theme:
            row = self.figures.signals.get((self.qpv, theme), {})
            faults = []
            if "signal" in values and values["signal"] != row.get("signal", Signal.INDETERMINE):
                faults.append(f"signal {row.get('signal')}")
            if "connus" in values and values["connus"] != row.get("available", 0):
                faults.append(f"{row.get('available')} connus")
            if "ecart_max" in values and float(values["ecart_max"] or 0.0) >= self.strong:
                faults.append("un indicateur s’écarte nettement")
            return faults
        if "points_forts" in values:
            return [] if float(values["z_max"] or 0.0) < self.slight else ["un point fort existe"]
        colours = [
            str(self.figures.signals.get((self.qpv, theme), {}).get("signal", Signal.INDETERMINE))
            for theme in self.themes
        ]
        return [
            f"{colours.count(signal)} thème(s) {signal.value}"
            for signal in Signal
            if signal.value in values and values[signal.value] != colours.count(signal)
        ]

    def _offer(self, said: Statement) -> list[str]:
        values = said.values
        if said.indicator == OFFER_INDICATOR:
            own = self.figures.offers.get(self.qpv)
            if values.get("classe", own) != own:
                return [f"classe {own}"]
            group = [
                self.figures.offers[code]
                for code in self.figures.members.get(self.qpv, (self.qpv,))
                if code in self.figures.offers
            ]
            if "meme_classe" in values and values["meme_classe"] != group.count(str(own)):
                return [f"{group.count(str(own))} quartiers de cette classe"]
            return []
        found = self.figures.families.get((self.qpv, said.indicator.partition(".")[2]))
        if found is None or (values.get("quartier"), values.get("abords")) != found:
            return [f"comptages {found}"]
        return []


def _fraction_faults(key: float | str | None, share: float) -> list[str]:
    """Does « près de 1/2 » hold of the share? Said again from the words alone."""
    if key is None:
        return []
    match = _FRACTION.match(str(key))
    if match is None:
        return [f"fraction illisible {key}"]
    qualifier, numerator, denominator = match.groups()
    value = 100 * int(numerator) / int(denominator)
    distance = share - value
    true = (
        abs(distance) <= 1.0 + 1e-9
        if qualifier is None
        else (0 < distance <= 4.0)
        if qualifier == "plus de"
        else (-4.0 <= distance < 0)
    )
    return [] if true else [f"« {key} » pour {share}"]
