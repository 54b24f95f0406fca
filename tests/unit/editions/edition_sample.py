"""A small content: two neighbourhoods, three figures, one of them secret, one sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from terril.benchmarks.schema import GAPS, GROUPS, POSITIONS, SIGNALS, Schema
from terril.catalogue.load import load_catalogue
from terril.editions.content import EditionContent, EditionInfo, InputFile
from terril.fiches.model import (
    Cell,
    Fiche,
    Note,
    Run,
    SpineRow,
    SpineTheme,
    Statement,
    StripCell,
    TableRow,
    ThemeBlock,
    Tile,
)
from terril.observations.schema import RETAINED, STATEMENTS
from terril.secrecy.primary import LEDGER

SIREN = "200000000"
POVERTY = "revenus.taux_pauvrete"

_STATEMENT: dict[str, Any] = {
    "kind": "qpv",
    "territory": "QP000001",
    "indicator": POVERTY,
    "period": "2015",
    "breakdown": "total",
    "value": 44.1,
    "status": "ok",
    "origin": "constaté",
    "decimals": 1,
    "source": "filosofi",
    "document": "tableaux",
    "priority": 10,
    "file": "donnees/tableaux.csv",
    "sheet": "",
    "line": 3,
    "column": "TP60",
    "sha256": "ab" * 32,
    "raw": "44,1",
}


def frame(schema: Schema, *rows: dict[str, Any]) -> pl.DataFrame:
    """Return rows with the declared columns, null where a row says nothing."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def statement(**changes: Any) -> dict[str, Any]:
    return {**_STATEMENT, **changes}


def statements() -> list[dict[str, Any]]:
    return [
        statement(),
        statement(
            value=44.6,
            raw="44,6",
            document="fiches",
            priority=20,
            file="donnees/fiches.csv",
            line=9,
            sha256="cd" * 32,
        ),
        statement(territory="QP000002", value=None, status="secret", raw="s", line=4),
        statement(
            territory="QP000002", value=51.3, raw="51,3", document="fiches", priority=20, line=12
        ),
        statement(kind="epci", territory=SIREN, value=20.25, raw="20,3", line=5),
    ]


def retained() -> list[dict[str, Any]]:
    first, _, secret, _, epci = statements()
    return [
        {**first, "statements": 2, "contradicted": True},
        {**secret, "statements": 2, "contradicted": True},
        {**epci, "statements": 1, "contradicted": False},
    ]


def fiche(code: str = "QP000001") -> Fiche:
    said = Statement(
        indicator=POVERTY,
        period="2015",
        comparator="epci",
        direction="higher",
        degree="strong",
        rank=None,
        values={"quartier": 44.1, "reference": 20.25, "known": None},
        text="Le taux de pauvreté dépasse nettement celui de l’agglomération.",
    )
    return Fiche(
        code=code,
        name="Cité du Nord",
        name_lines=("Cité du Nord",),
        short_name="Cité du Nord",
        communes=("Villeneuve",),
        communes_text="Villeneuve",
        contract="Contrat de ville",
        epci_name="Communauté d’essai",
        edition="2020-07-01",
        edition_text="1er juillet 2020",
        population="1\u202f234",
        population_period="2015",
        population_share="",
        headline="Un quartier pauvre",
        strip=(
            StripCell("revenus", "Revenus", "coin", "difficile", "en difficulté", 0.85, "", False),
        ),
        brief=(Run("La pauvreté y touche "), Run("44,1 %", strong=True)),
        tiles=(Tile(code, "Cité du Nord", 0, 0, True, True),),
        qpv_total=2,
        spine=(
            SpineTheme(
                "revenus",
                "Revenus",
                "difficile",
                False,
                (
                    SpineRow(
                        POVERTY, "Taux de pauvreté", "ok", "44,1 %", -0.4, (0.4,), (), False,
                        1.1, "20,3 %", "1", 2, "lu à voix haute",
                    ),
                ),
            ),
        ),
        commune_columns=("Villeneuve",),
        blocks=(
            ThemeBlock(
                "revenus", "Revenus", "coin", "difficile", "en difficulté", False,
                (Run("Texte du thème."),), "Insee.",
                (
                    TableRow(
                        POVERTY, "Taux de pauvreté", ("1",), "2015", Cell("44,1"),
                        (Cell("–", "missing"),), Cell("20,3"), Cell("47,7"), "1", 2, (0.0, 1.0),
                        0.0, None,
                    ),
                ),
            ),
        ),
        equipment=None,
        glossary=(Note("QPV", "quartier prioritaire de la politique de la ville"),),
        notes=(),
        warnings=(),
        statements=(said,),
    )  # fmt: skip


def content(**changes: Any) -> EditionContent:
    value = EditionContent(
        info=EditionInfo(
            name="Observatoire d’essai",
            contract="Contrat de ville",
            epci=SIREN,
            epci_name="Communauté d’essai",
            epci_short="CE",
            edition="2020-07-01",
            generation="2015",
            fiche_model="quartier",
        ),
        files=(
            InputFile("tableaux", "donnees/tableaux.csv", "long", 10, "", "ab" * 32, 120, 3),
            InputFile("fiches", "donnees/fiches.csv", "long", 20, "", "cd" * 32, 80, 2),
        ),
        catalogue=load_catalogue(),
        territories=pl.DataFrame(
            {
                "kind": ["qpv", "qpv", "epci"],
                "code": ["QP000001", "QP000002", SIREN],
                "label": ["Cité du Nord", "Cité du Sud", "Communauté d’essai"],
                "short": ["Nord", "Sud", "CE"],
                "epci": [SIREN, SIREN, SIREN],
                "communes": [["00001"], ["00001", "00002"], []],
                "population": [1234.0, None, 5000.0],
            },
            schema_overrides={"communes": pl.List(pl.String)},
        ),
        retained=pl.DataFrame(retained(), schema=RETAINED),
        statements=pl.DataFrame(statements(), schema=STATEMENTS),
        blanked=pl.DataFrame(schema=LEDGER),
        groups=frame(
            GROUPS,
            {"group": SIREN, "indicator": POVERTY, "period": "2015", "breakdown": "total",
             "known": 1, "total": 2, "mean": 44.1, "median": 44.1, "sd": 0.0},
        ),
        positions=frame(
            POSITIONS,
            {"group": SIREN, "territory": "QP000001", "indicator": POVERTY, "period": "2015",
             "breakdown": "total", "value": 44.1, "status": "ok", "known": 1, "z": -0.4,
             "rank": 1, "rank_high": 1, "rank_low": 1, "tied": False},
            {"group": SIREN, "territory": "QP000002", "indicator": POVERTY, "period": "2015",
             "breakdown": "total", "status": "secret", "known": 1, "tied": False},
        ),
        gaps=frame(
            GAPS,
            {"group": SIREN, "territory": "QP000001", "indicator": POVERTY, "period": "2015",
             "breakdown": "total", "comparator": "epci", "reference": 20.25,
             "reference_period": "2015", "reference_origin": "stated", "gap": 23.8,
             "spread": 2.5, "direction": "higher", "degree": "strong"},
        ),
        signals=frame(
            SIGNALS,
            {"group": SIREN, "territory": "QP000001", "theme": "revenus", "signal": "difficile",
             "score": -0.8, "available": 3, "expected": 3, "sureness": 0.85, "variants": 40},
        ),
        offers=pl.DataFrame(
            [("QP000001", "limitee", False, "sans école")],
            schema={"territory": pl.String, "offer": pl.String, "depends": pl.Boolean,
                    "why": pl.String},
            orient="row",
        ),
        families=pl.DataFrame(schema={"territory": pl.String, "family": pl.String}),
        equipment=pl.DataFrame(schema={"territory": pl.String, "inside": pl.Int32}),
        contradictions=pl.DataFrame(
            [("QP000001", ["« 44,1 »", "« 44,6 »"])],
            schema={"territory": pl.String, "statements": pl.List(pl.String)},
            orient="row",
        ),
        findings=pl.DataFrame(schema={"code": pl.String, "text": pl.String}),
        problems=pl.DataFrame(schema={"code": pl.String, "what": pl.String}),
        fiches=(fiche(),),
    )  # fmt: skip
    return replace(value, **changes)
