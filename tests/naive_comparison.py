"""The comparison and the signals, written plainly: slow, obvious, and the judge of the fast."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from terril.catalogue.cards import Catalogue

Row = Mapping[str, Any]
Cell = tuple[str, str, str, str]


def printed(value: float, decimals: int) -> float:
    """Round by hand: half away from zero, on the decimal writing."""
    unit = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(round(value, 9))).quantize(unit, rounding=ROUND_HALF_UP)) + 0.0


def _end(period: str) -> str:
    if len(period) == 9 and period[4] == "-":
        return period[5:] + "-12-31"
    return period + {4: "-12-31", 7: "-31"}.get(len(period), "")


class Naive:
    """All that the fast comparison returns, in dictionaries."""

    def __init__(
        self, figures: Sequence[Row], territories: Sequence[Row], catalogue: Catalogue
    ) -> None:
        self.catalogue = catalogue
        self.known: dict[tuple[str, ...], float] = {
            (r["kind"], r["territory"], r["indicator"], r["period"], r["breakdown"]): r["value"]
            for r in figures
            if r["status"] == "ok"
        }
        self.members: dict[str, list[Row]] = defaultdict(list)
        for row in territories:
            if row["kind"] == "qpv":
                self.members[row["epci"]].append(row)
        self.names = {r["code"]: r["label"] for r in territories if r["kind"] == "commune"}
        group_of = {m["code"]: g for g, ms in self.members.items() for m in ms}
        self.cells: set[Cell] = {
            (group_of[r["territory"]], r["indicator"], r["period"], r["breakdown"])
            for r in figures
            if r["kind"] == "qpv" and r["territory"] in group_of
        }
        self.groups: dict[Cell, dict[str, Any]] = {}
        self.positions: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        self.gaps: dict[tuple[str, str, str, str, str], dict[str, Any]] = {}
        for cell in self.cells:
            self._cell(cell)

    def _value(self, kind: str, territory: str, cell: Cell) -> float | None:
        return self.known.get((kind, territory, *cell[1:]))

    def _weight(self, territory: Row, code: str, period: str) -> float | None:
        same = self.known.get(("qpv", territory["code"], code, period, "total"))
        if same is not None:
            return same
        dated = sorted(
            (p, v)
            for (kind, t, i, p, b), v in self.known.items()
            if (kind, t, i, b) == ("qpv", territory["code"], code, "total")
        )
        if dated:
            return dated[-1][1]
        people: float | None = territory["population"]
        return people if code == "demographie.population" else None

    def _weighted(self, cell: Cell, values: dict[str, float], code: str | None) -> float | None:
        if code is None or self.catalogue.indicators[cell[1]].aggregation.value != "moyenne":
            return None
        pairs = []
        for member in self.members[cell[0]]:
            if member["code"] in values:
                weight = self._weight(member, code, cell[2])
                if weight is None:
                    return None
                pairs.append((values[member["code"]], weight))
        total = sum(w for _, w in pairs)
        return sum(v * w for v, w in pairs) / total if total > 0 else None

    def _cell(self, cell: Cell) -> None:
        card = self.catalogue.indicators[cell[1]]
        members = self.members[cell[0]]
        values = {
            m["code"]: v for m in members if (v := self._value("qpv", m["code"], cell)) is not None
        }
        mean = statistics.fmean(values.values()) if values else None
        sd = statistics.pstdev(values.values()) if values else None
        wmean = self._weighted(cell, values, card.weight)
        if wmean is None:
            wmean = self._weighted(cell, values, "demographie.population")
        averaged = card.aggregation.value != "aucune"
        self.groups[cell] = {
            "known": len(values),
            "total": len(members),
            "mean": mean if averaged else None,
            "wmean": wmean,
            "sd": sd,
            "median": statistics.median(values.values()) if values else None,
        }
        least = int(self.catalogue.number("effectif_minimal_rang"))
        shown = {code: printed(v, card.decimals) for code, v in values.items()}
        sense = -1 if card.polarity.value == "defavorable" else 1
        for member in members:
            code = member["code"]
            place: dict[str, Any] = {
                "z": None,
                "rank": None,
                "rank_high": None,
                "rank_low": None,
                "tied": False,
            }
            if code in values:
                own = shown[code]
                place["tied"] = sum(v == own for v in shown.values()) > 1
                if len(values) >= least:
                    place["rank_high"] = 1 + sum(v > own for v in shown.values())
                    place["rank_low"] = 1 + sum(v < own for v in shown.values())
                    place["rank"] = place["rank_high" if sense > 0 else "rank_low"]
                    if sd is not None and mean is not None and len(set(values.values())) > 1:
                        place["z"] = sense * (values[code] - mean) / sd
            self.positions[(code, *cell[1:])] = place
            if code in values:
                self._gaps_of(cell, member, shown[code], sd)

    def _gaps_of(self, cell: Cell, member: Row, own: float, sd: float | None) -> None:
        card = self.catalogue.indicators[cell[1]]
        found: dict[str, float | None] = {
            "qpv_mean": self.groups[cell]["mean"],
            "qpv_wmean": self.groups[cell]["wmean"],
        }
        if card.aggregation.value != "somme":
            found["epci"] = self._value("epci", cell[0], cell)
            communes = list(dict.fromkeys(member["communes"]))
            values = {c: self._value("commune", c, cell) for c in communes}
            for code, value in values.items():
                found[f"commune:{self.names.get(code, code)}"] = value
            if len(communes) > 1:
                stated = self._value("communes", "+".join(sorted(communes)), cell)
                if stated is None and None not in values.values():
                    stated = statistics.fmean(v for v in values.values() if v is not None)
                found["communes"] = stated
        former = [
            (_end(p), p, v)
            for (kind, t, i, p, b), v in self.known.items()
            if (kind, t, i, b) == ("qpv", member["code"], cell[1], cell[3])
            and p
            and (_end(p), p) < (_end(cell[2]), cell[2])
        ]
        if former and cell[2]:
            found["previous"] = max(former)[2]
        for comparator, reference in found.items():
            if reference is None:
                continue
            gap = printed(own - printed(reference, card.decimals), card.decimals)
            spread = None if not sd or self.groups[cell]["known"] < 2 else gap / sd
            size = abs(spread) if spread is not None else 0.0
            self.gaps[(member["code"], *cell[1:], comparator)] = {
                "reference": reference,
                "gap": gap,
                "spread": spread,
                "direction": "higher" if gap > 0 else "lower" if gap < 0 else "equal",
                "degree": "slight"
                if size < self.catalogue.number("ecart_leger") - 1e-9
                else "plain"
                if size < self.catalogue.number("ecart_net") - 1e-9
                else "strong",
            }


# ------------------------------------------------------------------ signals


def _mean_ranks(scores: Mapping[str, float]) -> dict[str, float]:
    order = sorted(scores.values())
    return {code: order.index(v) + 1 + (order.count(v) - 1) / 2 for code, v in scores.items()}


def _standard(scores: Mapping[str, float]) -> dict[str, float]:
    mean, sd = statistics.fmean(scores.values()), statistics.pstdev(scores.values())
    return {code: (v - mean) / sd for code, v in scores.items()}


def _colour(score: float, limit: float) -> str:
    return "favorable" if score > limit else "difficile" if score < -limit else "moyen"


def naive_signal(
    columns: Sequence[Mapping[str, float]], who: str, limits: Sequence[float]
) -> tuple[str, float | None, float | None]:
    """Signal, score and sureness of a neighbourhood.

    ``columns``: for each indicator, the printed values turned so that higher is better.
    """
    scores, ranks = [], []
    for column in columns:
        if who in column and len(column) >= 3 and len(set(column.values())) > 1:
            scores.append(_standard(column)[who])
            ranks.append(_standard(_mean_ranks(column))[who])
    if len(scores) * 2 < len(columns) or not scores:
        return "indetermine", statistics.fmean(scores) if scores else None, None
    signal = _colour(statistics.fmean(scores), 0.5)
    whole = range(len(scores))
    sets = [list(whole)]
    if len(scores) > 1:
        sets += [[k for k in whole if k != out] for out in whole]
    tried = [
        _colour(summary([measure[k] for k in kept]), limit)
        for kept in sets
        for measure in (scores, ranks)
        for summary in (statistics.fmean, statistics.median)
        for limit in limits
    ]
    return signal, statistics.fmean(scores), sum(c == signal for c in tried) / len(tried)
