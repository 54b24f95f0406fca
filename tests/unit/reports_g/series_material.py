"""The made-up contract with what time, size and secrecy add: each frame small, each row known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from report_material import EPCI, FrameSource, material

from terril.benchmarks.changes import BLOCKED
from terril.benchmarks.funnel import FUNNEL
from terril.benchmarks.schema import GAPS
from terril.benchmarks.sensitivity import REACH, SENSITIVITY
from terril.benchmarks.worsening import WORSENING
from terril.catalogue.schema import Break, Certainty, Effect
from terril.editions.register import Notice
from terril.indicators.breaks import ADDED
from terril.indicators.series import BREAK_LINES
from terril.indicators.trends import TRENDS
from terril.secrecy.protect import LEDGER
from terril.territories.correspondence import CORRESPONDENCE

MEDIAN, POVERTY, JOBS = "revenus.revenu_median", "revenus.taux_pauvrete", "emploi.taux_emploi"
NOTICE = Notice("2020-07-01", "2021-03-12", "les revenus étaient ceux de 2014", "2021-03-15")

Schema = Mapping[str, Any]


def frame(schema: Schema, rows: Sequence[Mapping[str, object]], **common: object) -> pl.DataFrame:
    """Rows completed with nulls, in the types of the schema."""
    whole = [{**dict.fromkeys(schema), **common, **row} for row in rows]
    return pl.DataFrame(whole, schema=dict(schema))


def breaks() -> dict[str, Break]:
    card = Break(
        label="Revenus 2014 : mode de calcul", effect=Effect.ANNOTE, sources=("filosofi",),
        since="2014", text="Le mode de calcul a changé en 2014.", line="2014 : autre calcul",
        reference="Note du producteur, page 3.", certainty=Certainty.TEXTE, checked="2020",
    )  # fmt: skip
    close = card.model_copy(
        update={"label": "Millésimes voisins", "effect": Effect.BLOQUE, "since": None,
                "minimum_gap": 5, "text": "Deux millésimes voisins ne se comparent pas.",
                "reference": "Avis du producteur."}
    )  # fmt: skip
    return {"calcul_2014": card, "voisins": close}


def changes() -> pl.DataFrame:
    noted = {"break_effect": "annote", "break_text": "Le mode de calcul a changé en 2014.",
             "break_codes": ["calcul_2014"]}  # fmt: skip
    blocked = {"break_effect": "bloque", "break_codes": ["voisins"],
               "break_text": "Deux millésimes voisins ne se comparent pas."}  # fmt: skip
    rows: list[dict[str, object]] = [
        {"territory": "QP000003", "indicator": MEDIAN, "period": "2015", "reference": 11000.0,
         "reference_period": "2013", "gap": 250.0, **noted},
        {"territory": "QP000004", "indicator": MEDIAN, "period": "2015", "reference": 12500.0,
         "reference_period": "2013", "gap": 311.0, **noted},
        {"territory": "QP000001", "indicator": JOBS, "period": "2015", "reference": 33.0,
         "reference_period": "2013", **blocked},
        {"territory": "QP000001", "indicator": POVERTY, "period": "2015", "reference": 50.0,
         "reference_period": "2010", "gap": 2.3},
    ]  # fmt: skip
    return frame(
        {**GAPS, **ADDED}, rows, group=EPCI, breakdown="total", comparator="previous",
        value=1.0,
    )  # fmt: skip


def blocked() -> pl.DataFrame:
    """One change told nowhere, one told since 2010 instead of 2013."""
    common = {"group": EPCI, "period": "2015", "breakdown": "total", "reference_period": "2013",
              "break_text": "Deux millésimes voisins ne se comparent pas.",
              "break_codes": ["voisins"], "territory": "QP000001"}  # fmt: skip
    rows: list[dict[str, object]] = [
        {"indicator": JOBS},
        {"indicator": POVERTY, "taken": "2010"},
    ]
    return frame(BLOCKED, rows, **common)


def trends() -> pl.DataFrame:
    rows: list[dict[str, object]] = [
        {"territory": "QP000001", "indicator": POVERTY, "points": 6, "known": 6, "first": "2010",
         "last": "2015", "s": 15, "p_value": 0.0028, "slope": 0.46, "result": "hausse",
         "judgement": "defavorable", "reason": "", "source": "filosofi"},
        {"territory": "QP000003", "indicator": MEDIAN, "points": 2, "known": 2, "first": "2013",
         "last": "2015", "slope": 125.0, "result": "non testé", "judgement": "",
         "reason": "2 points comparables, il en faut 5", "source": "filosofi"},
        {"territory": "QP000002", "indicator": JOBS, "points": 1, "known": 1, "first": "2015",
         "last": "2015", "result": "non testé", "judgement": "",
         "reason": "1 point comparable, il en faut 5", "source": "recensement"},
        {"territory": "QP000004", "indicator": JOBS, "points": 1, "known": 1, "first": "2015",
         "last": "2015", "result": "non testé", "judgement": "",
         "reason": "1 point comparable, il en faut 5", "source": "recensement"},
    ]  # fmt: skip
    return frame(TRENDS, rows, kind="qpv", breakdown="total")


def funnel() -> pl.DataFrame:
    common = {
        "group": EPCI, "indicator": JOBS, "period": "2015", "breakdown": "total",
        "denominator_period": "2015", "basis": "effectifs", "law": "binomiale", "expected": 35.1,
        "phi": 1.0, "dispersed": False, "exact": True, "side": "higher",
        "rule": "loi binomiale, limites exactes",
    }  # fmt: skip
    rows: list[dict[str, object]] = [
        {"territory": "QP000004", "numerator": 861.0, "denominator": 2100.0, "value": 41.0,
         "low95": 33.1, "high95": 37.2, "low998": 31.9, "high998": 38.4,
         "position": "au_dela_998", "chance": "au_dela_998", "judgement": "favorable"},
        {"territory": "QP000005", "numerator": 199.0, "denominator": 560.0, "value": 35.5,
         "low95": 31.2, "high95": 39.1, "low998": 28.8, "high998": 41.5, "position": "attendu",
         "chance": "attendu", "judgement": ""},
    ]  # fmt: skip
    return frame(FUNNEL, rows, **common)


def sensitivity(source: FrameSource) -> pl.DataFrame:
    """One signal of the incomes of Bellevue changes with the mean, none with the size."""
    rows = []
    for rule in ("moyenne", "taille"):
        for code, theme, signal in source.signals.select("territory", "theme", "signal").rows():
            moves = (rule, code, theme) == ("moyenne", "QP000001", "revenus")
            rows.append(
                {"rule": rule, "group": EPCI, "territory": code, "theme": theme, "signal": signal,
                 "other": "difficile" if moves else signal, "changed": moves}
            )  # fmt: skip
    return frame(SENSITIVITY, rows)


def reach() -> pl.DataFrame:
    return frame(REACH, [{"group": EPCI, "looked": 1, "all": 3}])


def worsening() -> pl.DataFrame:
    """Out of order on purpose, as an edition gives it."""
    rows: list[dict[str, object]] = [
        {"rank": 2, "territory": "QP000003", "indicator": MEDIAN, "value": 11250.0, "z": -1.4,
         "reference": 11900.0, "reference_period": "2013", "gap": -650.0, "spread": -0.9,
         "break_effect": "annote", "trend": "non testé", "severity": 2.3, "signal": "difficile",
         "text": "Revenu médian, par an : 11 250 € en 2015, contre 11 900 € en 2013."},
        {"rank": 1, "territory": "QP000001", "indicator": POVERTY, "value": 52.3, "z": -0.7,
         "reference": 50.0, "reference_period": "2010", "gap": 2.3, "spread": 0.4,
         "trend": "hausse", "slope": 0.46, "severity": 3.1, "signal": "moyen",
         "text": "Taux de pauvreté : 52,3 % en 2015, contre 50,0 % en 2010."},
    ]  # fmt: skip
    return frame(WORSENING, rows, group=EPCI, theme="revenus", period="2015")


def ledger() -> pl.DataFrame:
    common = {"kind": "qpv", "territory": "QP000005", "breakdown": "total", "rule": "aucun"}
    rows: list[dict[str, object]] = [
        {"indicator": POVERTY, "period": "2015", "why": "Moins de 11 ménages.", "minimum": 11,
         "blanking": "primaire", "relation": ""},
        {"indicator": MEDIAN, "period": "2015", "blanking": "secondaire",
         "why": "Sinon se calculerait un chiffre secret : Taux de pauvreté, Zola, 2015.",
         "relation": "par différence : les quartiers font le total"},
    ]  # fmt: skip
    return frame(LEDGER, rows, **common)


def correspondence() -> pl.DataFrame:
    rows: list[dict[str, object]] = [
        {"old": "QP000001", "new": "QN06201M", "old_label": "Bellevue", "new_label": "Bellevue",
         "status": "modifie", "status_text": "redessiné", "share_low": 0.0, "share_high": 1.0,
         "basis": "liste", "error": 0.5},
        {"old": "QP000009", "new": "QN06209M", "old_label": "Ailleurs", "new_label": "Ailleurs",
         "status": "inchange", "status_text": "", "share_old": 1.0, "basis": "liste"},
    ]  # fmt: skip
    return frame(CORRESPONDENCE, rows)


def break_lines() -> pl.DataFrame:
    rows = [
        {"territory": code, "indicator": MEDIAN, "breakdown": "total", "after": "2013",
         "period": "2015", "code": "calcul_2014", "reason": "source", "effect": "annote",
         "line": "2014 : autre calcul", "text": "Le mode de calcul a changé en 2014."}
        for code in ("QP000001", "QP000003")
    ]  # fmt: skip
    return frame(BREAK_LINES, rows)


def rich() -> FrameSource:
    """Five neighbourhoods, and something in every frame."""
    source = material()
    return replace(
        source,
        catalogue=replace(source.catalogue, breaks=breaks()),
        blanked=ledger(),
        changes=changes(),
        blocked=blocked(),
        trends=trends(),
        funnel=funnel(),
        sensitivity=sensitivity(source),
        reach=reach(),
        worsening=worsening(),
        correspondence=correspondence(),
        break_lines=break_lines(),
    )
