"""What is difficult and gets worse, and what is there to say when the list is short or empty?

The list of the edition (``benchmarks.worsening``) for the steering committee, and the line of
a theme. A list never stands alone: which series could be looked at is said with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from terril.indicators.trends import UNTESTED
from terril.lib.dates import periode_courte
from terril.lib.french import compte, en_lettres, liste, nombre
from terril.lib.prose import typographie
from terril.observations.schema import Kind
from terril.reports.grid import column_of
from terril.reports.lookup import Lookup
from terril.reports.spreads import amount
from terril.reports.words import ends

#: lines of the list that the volume prints; the workbook has them all
MOST: Final = 26
_SHORT: Final = 5  # a list of fewer lines is told to be short
_NAMED: Final = 4  # neighbourhoods that the line of a theme names


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there was to look at: series of neighbourhoods, changes to a former period."""

    series: int
    tested: int
    changes: int
    blocked: int  # and told since no older period either
    older: int  # told since an older period, the nearest being blocked
    points: int  # that a trend test asks for


def own_rows(lookup: Lookup, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame with a ``group`` that are of the contract."""
    return frame.filter(pl.col("group") == lookup.source.epci)


def worsening(lookup: Lookup) -> pl.DataFrame:
    """The list of the contract, the most severe first."""
    return own_rows(lookup, lookup.source.worsening).sort("rank")


def evidence(lookup: Lookup) -> Evidence:
    """Count what the list could rest on."""
    codes = [place.code for place in lookup.qpv]
    trends = lookup.source.trends.filter(
        (pl.col("kind") == Kind.QPV)
        & (pl.col("breakdown") == "total")
        & pl.col("territory").is_in(codes)
    )
    changes = own_rows(lookup, lookup.source.changes).filter(pl.col("breakdown") == "total")
    stopped = own_rows(lookup, lookup.source.blocked).filter(pl.col("breakdown") == "total")
    card = lookup.catalogue.parameters.get("tendance_points")
    value = card.value if card else 5
    return Evidence(
        series=trends.height,
        tested=trends.filter(pl.col("result") != UNTESTED).height,
        changes=changes.height,
        blocked=changes.filter(pl.col("break_effect") == "bloque").height,
        older=stopped["taken"].count(),
        points=int(value if isinstance(value, int | float) else value[0]),
    )


def reasons(lookup: Lookup) -> str:
    """Why the list is as it is: what could be tested, what could only be compared."""
    held, listed = evidence(lookup), worsening(lookup).height
    told = []
    if not listed:
        told.append("Rien n’est à la fois difficile et en aggravation d’après ces chiffres.")
    elif listed < _SHORT:
        told.append("La liste est courte.")
    words = f"{en_lettres(held.points)} points comparables"
    if not held.tested:
        told.append(f"Aucune série n’a {words} : aucune tendance n’a pu être testée.")
    else:
        told.append(
            f"{compte(held.tested, 'série', 'séries')} sur {nombre(held.series)} "
            f"{'ont' if held.tested > 1 else 'a'} {words} : une tendance y a été testée."
        )
    free = held.changes - held.blocked
    if not free:
        told.append("Aucun changement d’une période à l’autre ne peut être lu.")
    else:
        noun = compte(free, "changement peut", "changements peuvent")
        since = (
            f", dont {nombre(held.older)} depuis une période plus ancienne que la dernière, qu’une "
            "rupture sépare"
            if held.older
            else ""
        )
        told.append(f"{noun} être lu{'s' if free > 1 else ''} d’une période à l’autre{since}.")
    if held.blocked:
        noun = compte(held.blocked, "autre est bloqué", "autres sont bloqués")
        told.append(f"{noun} par une rupture de série.")
    if listed < _SHORT:
        told.append("Une liste courte ne dit donc pas que tout va bien ailleurs : elle dit ce que "
                    "ces chiffres permettent de voir.")  # fmt: skip
    return typographie(" ".join(told))


def committee_page(lookup: Lookup) -> dict[str, Any]:
    """The page « Ce qui est difficile et s’aggrave »: neighbourhoods by their worst line."""
    frame = worsening(lookup)
    shown = frame.head(MOST)
    notes: dict[str, str] = {}
    groups: dict[str, list[dict[str, Any]]] = {}
    breaks = _breaks(lookup)
    for row in shown.iter_rows(named=True):
        groups.setdefault(row["territory"], []).append(_line(lookup, row, breaks, notes))
    left = frame.height - shown.height
    return {
        "reasons": reasons(lookup),
        "with-trend": any(line["trend"] for lines in groups.values() for line in lines),
        "groups": [
            {"code": code, "label": lookup.place(Kind.QPV, code).short, "rows": lines}
            for code, lines in groups.items()
        ],
        "notes": [{"mark": mark, "text": ends(text)} for text, mark in notes.items()],
        "left": typographie(
            f"{compte(left, 'autre ligne', 'autres lignes')}, moins graves : feuille Aggravations "
            "de controles.xlsx."
        )
        if left
        else "",
    }


def _breaks(lookup: Lookup) -> dict[tuple[str, str, str, str], str]:
    """What is to be known of a change, by territory, indicator and its two periods."""
    frame = lookup.source.changes.filter(
        (pl.col("breakdown") == "total") & (pl.col("break_effect") == "annote")
    )
    columns = ("territory", "indicator", "period", "reference_period", "break_text")
    return {(a, b, c, d): text for a, b, c, d, text in frame.select(columns).iter_rows()}


def _line(
    lookup: Lookup,
    row: dict[str, Any],
    breaks: dict[tuple[str, str, str, str], str],
    notes: dict[str, str],
) -> dict[str, Any]:
    code, period, before = row["indicator"], row["period"], row["reference_period"]
    column = column_of(lookup, code, period)
    theme = lookup.catalogue.themes[row["theme"]]
    group = lookup.group(code, period)
    note = breaks.get((row["territory"], code, period, before or ""), "")
    mark = notes.setdefault(note, str(len(notes) + 1)) if note else ""
    slope, trend = row["slope"], row["trend"]
    established = trend not in (UNTESTED, "stable") and slope is not None
    return {
        "icon": theme.icon,
        "theme": theme.label,
        "label": column.short,
        "value": amount(column, row["value"]),
        "period": periode_courte(period),
        "former": amount(column, row["reference"]) if row["reference"] is not None else "–",
        "before": periode_courte(before) if before else "",
        "mean": amount(column, group.mean) if group and group.mean is not None else "–",
        "trend": f"{trend}, {nombre(abs(slope), column.decimals + 1)} par an"
        if established
        else "",
        "mark": mark,
    }


def theme_line(lookup: Lookup, theme: str) -> dict[str, str] | None:
    """« Difficile et s’aggrave : Bellevue (revenu médian) et Zola (…). », or nothing."""
    rows = worsening(lookup).filter(pl.col("theme") == theme)
    held: dict[str, list[str]] = {}
    for territory, code, period in rows.select("territory", "indicator", "period").iter_rows():
        held.setdefault(territory, []).append(_inside(column_of(lookup, code, period).short))
    if not held:
        return None
    names = []
    for territory, indicators in list(held.items())[:_NAMED]:
        more = len(indicators) - 1
        others = f" et {compte(more, 'autre', 'autres')}" if more else ""
        names.append(f"{lookup.place(Kind.QPV, territory).short} ({indicators[0]}{others})")
    left = len(held) - len(names)
    if left:
        names.append(compte(left, "autre quartier", "autres quartiers"))
    return {"head": "Difficile et s’aggrave", "text": ends(liste(names))}


def _inside(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it opens a sigle."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
