"""A small contract made up for the tests: frames as the stages give them, computed naively."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median, pstdev

import polars as pl

from terril.benchmarks.changes import BLOCKED
from terril.benchmarks.funnel import FUNNEL
from terril.benchmarks.offer import FAMILIES
from terril.benchmarks.schema import GAPS, GROUPS, POSITIONS, SIGNALS
from terril.benchmarks.sensitivity import REACH, SENSITIVITY
from terril.benchmarks.worsening import WORSENING
from terril.catalogue.load import Catalogue
from terril.catalogue.schema import (
    Aggregation,
    EquipmentFamily,
    FicheBlock,
    FicheModel,
    Indicator,
    Nature,
    Parameter,
    Phrase,
    Polarity,
    SecrecyRule,
    Source,
    Table,
    Theme,
    Unit,
)
from terril.editions.register import Notice
from terril.fiches.context import GroupContext
from terril.fiches.model import Fiche, ThemeText
from terril.fiches.theme_texts import theme_texts
from terril.indicators.breaks import ADDED
from terril.indicators.series import BREAK_LINES
from terril.indicators.trends import TRENDS
from terril.observations.contradictions import CONTRADICTIONS
from terril.observations.schema import RETAINED, STATEMENTS
from terril.secrecy.protect import LEDGER
from terril.territories.correspondence import CORRESPONDENCE

EPCI = "200000001"
SECRET = "s"


@dataclass(frozen=True)
class FrameSource:
    """What an edition offers, from frames of the test."""

    catalogue: Catalogue
    territories: pl.DataFrame
    retained: pl.DataFrame
    statements: pl.DataFrame
    groups: pl.DataFrame
    positions: pl.DataFrame
    signals: pl.DataFrame
    offers: pl.DataFrame
    families: pl.DataFrame
    equipment: pl.DataFrame
    contradictions: pl.DataFrame
    findings: pl.DataFrame
    inputs: pl.DataFrame
    gaps: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GAPS))
    problems: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema={name: pl.String for name in ("code", "severity", "where", "what")}
        )
    )
    blanked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEDGER))
    changes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={**GAPS, **ADDED}))
    blocked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BLOCKED))
    trends: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TRENDS))
    funnel: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FUNNEL))
    sensitivity: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SENSITIVITY))
    reach: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REACH))
    worsening: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WORSENING))
    correspondence: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=CORRESPONDENCE)
    )
    break_lines: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BREAK_LINES))
    notice: Notice | None = None
    fiches: Sequence[Fiche] = ()
    themes: Sequence[ThemeText] = ()
    name: str = "essai"
    contract: str = "Contrat de ville du Bassin 2015-2023"
    epci: str = EPCI
    epci_name: str = "Communauté d’agglomération du Bassin"
    epci_short: str = "CA du Bassin"
    edition: str = "2020-07-01"
    generation: str = "2024"
    fiche_model: str = "quartier"
    draft: bool = False


def indicator(label: str, polarity: str, *, unit: str = "pourcent", decimals: int = 1,
              source: str = "recensement", aggregation: str = "moyenne",
              caution: str | None = None, pictogram: bool = True) -> Indicator:  # fmt: skip
    return Indicator(
        label=label, short=label[:34], question=f"Combien, pour {label} ?", unit=unit,
        decimals=decimals, polarity=Polarity(polarity), nature=Nature.PART, source=source,
        period="recensement, cinq années", secrecy="aucun", aggregation=Aggregation(aggregation),
        caution=caution, pictogram=pictogram,
        phrase=Phrase(subject="la part", gender="f"),
    )  # fmt: skip


def catalogue() -> Catalogue:
    """Three themes, seven indicators, two tables."""
    themes = {
        "demographie": Theme(label="Démographie", order=1, icon="people", article="la démographie"),
        "revenus": Theme(label="Revenus", order=2, icon="coin", article="les revenus"),
        "emploi": Theme(label="Emploi", order=3, icon="briefcase", article="l’emploi"),
        "economie": Theme(
            label="Économie", order=8, icon="shop", article="l’économie", on_sheet=False,
            signal="none",
        ),
    }  # fmt: skip
    indicators = {
        "demographie.population": indicator(
            "Population", "neutre", unit="habitant", decimals=0, aggregation="somme",
            pictogram=False),
        "demographie.part_jeunes": indicator("Moins de 25 ans", "neutre", pictogram=False),
        "demographie.part_monoparentales": indicator("Familles monoparentales", "defavorable",
            source="caf"),
        "revenus.revenu_median": indicator("Revenu médian, par an", "favorable", unit="euro",
            decimals=0, source="filosofi", caution="Médiane : ne s’additionne pas."),
        "revenus.taux_pauvrete": indicator("Taux de pauvreté", "defavorable", source="filosofi"),
        "emploi.taux_emploi": indicator("Taux d’emploi, 15-64 ans", "favorable"),
        "emploi.nb_demandeurs": indicator("Demandeurs d’emploi", "defavorable",
            unit="demandeur", decimals=0, aggregation="somme", pictogram=False, source="caf"),
        "economie.taux_creation": indicator("Taux de création", "favorable", source="caf"),
    }  # fmt: skip
    sources = {
        code: Source(label=f"{label}, fichier", short=label, producer=label,
                     meaning="Ce que la source compte.", licence="Licence Ouverte", secrecy="aucun")
        for code, label in (("recensement", "Insee, recensement"), ("caf", "CAF"),
                            ("filosofi", "Insee, Filosofi"))
    }  # fmt: skip
    units = {
        "pourcent": Unit(symbol="%", head="en %"),
        "euro": Unit(symbol="€", head="en €"),
        "habitant": Unit(head="habitants"),
        "demandeur": Unit(head="demandeurs"),
    }
    return Catalogue(
        themes=themes,
        indicators=indicators,
        sources=sources,
        secrecy={"aucun": SecrecyRule(label="Onze ménages", minimum=11, unit="ménages",
                                      note="Rien en dessous.")},
        references={},
        parameters={"signal_favorable": Parameter(value=0.5, unit="écart type", since="2020",
                                                  reference="Choix de méthode.")},
        relations={},
        fiches={
            "quartier": FicheModel(
                label="Fiche quartier",
                population="demographie.population",
                blocks=(
                    FicheBlock(theme="demographie", signal=("demographie.part_monoparentales",),
                               rows=("demographie.part_jeunes", "demographie.part_monoparentales")),
                    FicheBlock(theme="revenus", signal=("revenus.revenu_median",),
                               rows=("revenus.revenu_median", "revenus.taux_pauvrete")),
                    FicheBlock(theme="emploi", signal=("emploi.taux_emploi",),
                               rows=("emploi.taux_emploi", "emploi.nb_demandeurs")),
                ),
            )
        },
        tables={
            "demographie": Table(label="Démographie", theme="demographie", columns=(
                "demographie.part_jeunes", "demographie.part_monoparentales")),
            "revenus": Table(label="Revenus : niveaux et pauvreté", theme="revenus", columns=(
                "revenus.revenu_median", "revenus.taux_pauvrete")),
            "emploi": Table(label="Emploi", theme="emploi", columns=(
                "emploi.taux_emploi", "emploi.nb_demandeurs")),
        },
        units=units,
        equipment={},
        families={
            "commerce_alimentaire": EquipmentFamily(
                label="Commerce alimentaire", order=1, role="indispensable",
                singular="un commerce alimentaire", plural="les commerces alimentaires",
                gender="m"),
        },
    )  # fmt: skip


Figures = Mapping[tuple[str, str], Sequence[float | str | None]]

NAMES = (
    "Bellevue", "Cité du Maroc – La Canche", "Les Hauts du Bassin – Résidence des Provinces – "
    "Cités 9-9bis", "Éluard", "Zola",
)  # fmt: skip

FIGURES: Figures = {
    ("demographie.population", "2015"): (1200, 3400, 900, 2100, 560),
    ("demographie.part_jeunes", "2015"): (40.8, 35.2, 44.1, None, 39.0),
    ("demographie.part_monoparentales", "2017"): (20.7, 16.2, 19.0, 25.4, SECRET),
    ("revenus.revenu_median", "2013"): (12000, 13000, 11000, 12500, None),
    ("revenus.revenu_median", "2015"): (12093, 13328, 11250, 12811, SECRET),
    ("revenus.taux_pauvrete", "2015"): (52.3, 41.5, 55.25, 44.8, SECRET),
    ("emploi.taux_emploi", "2015"): (30.9, 38.4, 29.95, 41.0, 35.5),
    ("emploi.nb_demandeurs", "2018-12-31"): (606, 744, 1204, 310, 95),
}
EPCI_FIGURES: dict[tuple[str, str, str, str], float] = {
    ("epci", EPCI, "demographie.part_jeunes", "2015"): 33.0,
    ("epci", EPCI, "demographie.part_monoparentales", "2017"): 16.5,
    ("epci", EPCI, "revenus.revenu_median", "2015"): 16556,
    ("epci", EPCI, "revenus.taux_pauvrete", "2014"): 25.9,
    ("epci", EPCI, "emploi.taux_emploi", "2015"): 51.9,
    ("epci", EPCI, "economie.taux_creation", "2016"): 10.6,
    ("epci", "200000002", "emploi.taux_emploi", "2015"): 53.1,
    ("departement", "62", "emploi.taux_emploi", "2015"): 55.8,
    ("france", "FR", "emploi.taux_emploi", "2015"): 63.4,
    ("commune", "62001", "emploi.taux_emploi", "2015"): 48.5,
    ("qpv", "QP000001", "economie.taux_creation", "2016"): 11.1,
}


def codes(count: int) -> list[str]:
    return [f"QP{number:06d}" for number in range(1, count + 1)]


def material(
    names: Sequence[str] = NAMES,
    figures: Figures = FIGURES,
    *,
    cards: Catalogue | None = None,
    contradicted: bool = True,
) -> FrameSource:
    """A source of ``len(names)`` neighbourhoods."""
    cards = cards or catalogue()
    known = codes(len(names))
    statements = _statements(cards, known, figures)
    if contradicted:
        statements = pl.concat([statements, _second_document(known)])
    retained = _retained(statements)
    groups, positions = _compare(cards, known, retained)
    source = FrameSource(
        catalogue=cards,
        territories=_territories(known, names),
        retained=retained,
        statements=statements,
        groups=groups,
        positions=positions,
        signals=_signals(cards, known, positions),
        offers=pl.DataFrame(
            {
                "territory": known,
                "offer": ["developpee", "indispensable", "limitee", "indeterminee", "absente"][
                    : len(known)
                ] + ["limitee"] * max(0, len(known) - 5),
                "depends": [False] * len(known),
                "why": ["" for _ in known],
            }
        ),
        families=_families(known),
        equipment=_equipment(known),
        contradictions=_contradictions(known) if contradicted else pl.DataFrame(
            schema=CONTRADICTIONS),
        findings=pl.DataFrame(
            {
                "code": ["somme-des-parts"], "severity": ["avertissement"],
                "indicator": ["emploi.taux_emploi"], "territory": [known[0]], "period": ["2015"],
                "text": ["Les parts ne font pas 100."], "places": [["a.csv, ligne 3"]],
            }
        ),
        inputs=pl.DataFrame(
            {
                "document": ["tableaux", "fiches"], "file": ["donnees/tableaux.csv",
                "donnees/fiches.csv"], "sheet": ["", ""], "reader": ["long", "long"],
                "priority": [10, 20], "sha256": ["a" * 64, "b" * 64], "size": [1000, 2000],
                "rows": [40, 2],
            }
        ),
    )  # fmt: skip
    context = GroupContext.from_frames(
        EPCI, source, source.signals, source.offers, source.territories, cards, retained,
        source.fiche_model, source.families,
    )  # fmt: skip
    texts = theme_texts(context, cards, cards.fiches[source.fiche_model])
    return replace(source, themes=tuple(texts))


def _territories(known: Sequence[str], names: Sequence[str]) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("qpv", code, name, name.partition(" – ")[0], EPCI, ["62001"], 1000.0)
        for code, name in zip(known, names, strict=True)
    ]
    rows += [
        ("commune", "62001", "Bourg-en-Bassin", "Bourg", EPCI, ["62001"], None),
        ("epci", EPCI, "Communauté d’agglomération du Bassin", "CA du Bassin", EPCI, [], None),
        ("epci", "200000002", "Communauté voisine", "CA voisine", "200000002", [], None),
        ("departement", "62", "Pas-de-Calais", "Pas-de-Calais", "", [], None),
        ("france", "FR", "France", "France", "", [], None),
    ]
    return pl.DataFrame(
        rows,
        schema={"kind": pl.String, "code": pl.String, "label": pl.String, "short": pl.String,
                "epci": pl.String, "communes": pl.List(pl.String), "population": pl.Float64},
        orient="row",
    )  # fmt: skip


def _row(cards: Catalogue, kind: str, territory: str, indicator: str, period: str,
         value: float | str | None, line: int, document: str = "tableaux",
         priority: int = 10) -> dict[str, object]:  # fmt: skip
    status = "secret" if value == SECRET else "missing" if value is None else "ok"
    number = value if isinstance(value, int | float) else None
    return {
        "kind": kind, "territory": territory, "indicator": indicator, "period": period,
        "breakdown": "total", "value": number, "status": status, "origin": "constaté",
        "decimals": cards.indicators[indicator].decimals if number is not None else None,
        "source": cards.indicators[indicator].source, "document": document,
        "priority": priority, "file": f"donnees/{document.partition(':')[0]}.csv",
        "sheet": "", "line": line, "column": "valeur", "sha256": "a" * 64,
        "raw": "" if value is None else str(value),
    }  # fmt: skip


def _statements(cards: Catalogue, known: Sequence[str], figures: Figures) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for (name, period), values in figures.items():
        for code, value in zip(known, values, strict=True):
            rows.append(_row(cards, "qpv", code, name, period, value, len(rows) + 2))
    for (kind, territory, name, period), value in EPCI_FIGURES.items():
        rows.append(_row(cards, kind, territory, name, period, value, len(rows) + 2))
    return pl.DataFrame(rows, schema=STATEMENTS)


def _second_document(known: Sequence[str]) -> pl.DataFrame:
    """Another document: one value differs, one that the first holds secret."""
    cards = catalogue()
    rows = [
        _row(cards, "qpv", known[0], "emploi.taux_emploi", "2015", 31.7, 7, "fiches:1", 20),
        _row(cards, "qpv", known[-1], "revenus.taux_pauvrete", "2015", 47.77, 8, "fiches:5", 20),
    ]
    return pl.DataFrame(rows, schema=STATEMENTS)


def _retained(statements: pl.DataFrame) -> pl.DataFrame:
    key = ["kind", "territory", "indicator", "period", "breakdown"]
    first = (
        statements.sort("priority", maintain_order=True).group_by(key, maintain_order=True).first()
    )
    counts = statements.group_by(key).agg(
        statements=pl.len(), contradicted=pl.struct("value", "status").n_unique() > 1
    )
    return (
        first.join(counts, on=key)
        .select(pl.col(name).cast(dtype) for name, dtype in RETAINED.items())
        .sort(key)
    )


def _contradictions(known: Sequence[str]) -> pl.DataFrame:
    base = {"kind": "qpv", "breakdown": "total", "period": "2015", "values": "", "statements": []}
    return pl.DataFrame(
        [
            {**base, "territory": known[0], "indicator": "emploi.taux_emploi",
             "nature": "valeurs", "label": "Taux d’emploi", "kept": "30,9",
             "reason": "Le document tableaux passe avant les autres."},
            {**base, "territory": known[-1], "indicator": "revenus.taux_pauvrete",
             "nature": "secret", "label": "Taux de pauvreté", "kept": "secret",
             "reason": "Le secret l’emporte."},
        ],
        schema=CONTRADICTIONS,
    )  # fmt: skip


def _compare(
    cards: Catalogue, known: Sequence[str], retained: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    qpv = retained.filter(pl.col("kind") == "qpv")
    groups, positions = [], []
    for (name, period), part in qpv.group_by("indicator", "period", maintain_order=True):
        held = {row["territory"]: row for row in part.iter_rows(named=True)}
        values = {c: r["value"] for c, r in held.items() if r["value"] is not None}
        if not values:
            continue
        numbers = list(values.values())
        sd = pstdev(numbers)
        groups.append(
            {
                "group": EPCI, "indicator": name, "period": period, "breakdown": "total",
                "known": len(values), "total": len(known), "mean": fmean(numbers),
                "wmean": fmean(numbers) + 0.5, "median": median(numbers), "sd": sd,
                "minimum": min(numbers), "maximum": max(numbers),
            }
        )  # fmt: skip
        bad = cards.indicators[str(name)].polarity == "defavorable"
        for code in known:
            value = values.get(code)
            high = None if value is None else 1 + sum(other > value for other in numbers)
            low = None if value is None else 1 + sum(other < value for other in numbers)
            z = None
            if value is not None and sd > 0:
                z = (value - fmean(numbers)) / sd * (-1 if bad else 1)
            positions.append(
                {
                    "group": EPCI, "territory": code, "indicator": name, "period": period,
                    "breakdown": "total", "value": value,
                    "status": held[code]["status"] if code in held else "missing",
                    "known": len(values), "z": z, "rank": low if bad else high,
                    "rank_high": high, "rank_low": low,
                    "tied": value is not None and numbers.count(value) > 1,
                }
            )  # fmt: skip
    return pl.DataFrame(groups, schema=GROUPS), pl.DataFrame(positions, schema=POSITIONS)


def _signals(cards: Catalogue, known: Sequence[str], positions: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for block in cards.fiches["quartier"].blocks:
        for code in known:
            part = (
                positions.filter(
                    (pl.col("territory") == code)
                    & pl.col("indicator").is_in(list(block.signal))
                    & (pl.col("period") != "2013")
                )["z"]
                .drop_nulls()
                .to_list()
            )
            score = fmean(part) if part else None
            signal = "indetermine"
            if score is not None and math.isfinite(score):
                signal = "favorable" if score > 0.5 else "difficile" if score < -0.5 else "moyen"
            rows.append(
                (
                    EPCI,
                    code,
                    block.theme,
                    signal,
                    score,
                    len(part),
                    len(block.signal),
                    None if score is None else 0.55 if abs(score) < 1 else 1.0,
                    20,
                )
            )
    return pl.DataFrame(rows, schema=SIGNALS, orient="row")


def _families(known: Sequence[str]) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = [
        (code, "commerce_alimentaire", None if number == 1 else number, 16, int(number == 1), 1)
        for number, code in enumerate(known)
    ]
    return pl.DataFrame(
        [(*row, True, ["Épicerie"], 300) for row in rows], schema=FAMILIES, orient="row"
    )


def _equipment(known: Sequence[str]) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for number, code in enumerate(known[:-1] if len(known) > 1 else known):
        rows += [
            (code, 300 if number % 2 else 500, "Commerce", "Épicerie", number, 2 * number),
            (code, 300 if number % 2 else 500, "Santé", "Médecin", None if number == 1 else 3, 16),
        ]
        if number == 0:
            rows.append((code, 500, "Santé", "Pharmacie", 1, None))
    frame = pl.DataFrame(
        rows,
        schema={"territory": pl.String, "buffer_m": pl.Int32, "category": pl.String,
                "type": pl.String, "inside": pl.Int32, "around": pl.Int32},
        orient="row",
    )  # fmt: skip
    return frame.with_columns(
        document=pl.lit("equipements"), file=pl.lit("donnees/equipements.csv"), sheet=pl.lit(""),
        line=pl.int_range(2, pl.len() + 2, dtype=pl.Int32), sha256=pl.lit("c" * 64),
    )  # fmt: skip
