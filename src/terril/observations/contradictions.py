"""Where do the documents contradict one another, which statement is shown, and why?

One row a contradicted figure. Three natures: ``valeurs`` (two values), ``secret`` (a value
here, the statistical secrecy there) and ``moyenne`` (a printed mean of the neighbourhoods
that is not the mean of their values). No text ever gives a value that a document blanks:
once a statement of the figure is secret, every value of that figure is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.dates import periode_courte
from terril.lib.french import FINE, NBSP, liste, nombre
from terril.observations.places import Names, Territories, frame_of, where, written
from terril.observations.resolve import repeated, resolve
from terril.observations.rounding import agree, half_unit
from terril.observations.schema import KEY, Kind, Origin, Status
from terril.territories.generations import list_of

CONTRADICTIONS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "nature": pl.String,  # valeurs | secret | moyenne
    "label": pl.String,  # the figure in French: indicator, place, period
    "values": pl.String,  # the values and how many documents give each
    "statements": pl.List(pl.String),  # every statement: value as written, document, file, line
    "kept": pl.String,  # what is shown
    "reason": pl.String,  # why, and what to look at
}

#: significant digits from which two equal figures are worth a word
_TELLING_DIGITS: Final = 3
_BLANKED: Final = "valeur masquée"


def find(
    statements: pl.DataFrame,
    catalogue: Catalogue,
    territories: Territories,
    documents: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return one row a contradicted figure (columns of ``CONTRADICTIONS``), sorted by key.

    ``statements``: all statements, derived ones included; ``territories``: the registry or
    its frame, for the names and for the neighbourhoods of each EPCI; ``documents``: how the
    project names its documents (« le tableau des quartiers »), by the id of the input.
    """
    names = Names(territories, catalogue.indicators, documents)
    several = repeated(statements).filter(pl.col("contradicted"))
    retained = resolve(statements)
    shown = pl.struct(KEY).is_first_distinct()
    echoes = _Echoes(retained, several.filter(~shown), names)
    rows = [
        _of_figure(group.to_dicts(), names, echoes)
        for _, group in several.group_by(KEY, maintain_order=True)
    ]
    rows += _means(statements, retained, frame_of(territories), names)
    return pl.DataFrame(rows, schema=CONTRADICTIONS).sort(*KEY)


# ------------------------------------------------------------------ one figure


def _of_figure(
    group: Sequence[Mapping[str, Any]], names: Names, echoes: _Echoes
) -> dict[str, object]:
    """Describe one contradicted figure; ``group`` is in order of choice."""
    first = group[0]
    blanked = any(row["status"] == Status.SECRET for row in group)
    decimals = names.decimals(first["indicator"]) + 1
    texts = [_statement(row, blanked, decimals, names) for row in group]
    kept = _written(first, blanked, decimals)
    return {
        **{name: first[name] for name in KEY},
        "nature": "secret" if blanked else "valeurs",
        "label": names.figure(first),
        "values": _tally(group, blanked, decimals),
        "statements": texts,
        "kept": kept,
        "reason": _secret_reason(group, names) if blanked else _reason(group, echoes, names),
    }


def _written(row: Mapping[str, Any], blanked: bool, decimals: int) -> str:
    """Return what a statement says, its value left out when the figure is blanked.

    ``decimals``: those of a figure that we computed, which nobody wrote.
    """
    if row["status"] == Status.OK:
        if blanked:
            return _BLANKED
        if row["origin"] == Origin.DERIVED:
            shown = decimals if row["decimals"] is None else row["decimals"]
            return f"{nombre(row['value'], shown)} (calculé)"
        return written(str(row["raw"]))
    return {
        Status.SECRET: "secret",
        Status.MISSING: "pas de donnée",
        Status.NOT_SIGNIFICANT: "non significatif",
        Status.NOT_APPLICABLE: "sans objet",
    }[Status(row["status"])]


def _statement(row: Mapping[str, Any], blanked: bool, decimals: int, names: Names) -> str:
    """Return one statement in French: what it says, in which document, file and line."""
    how = "" if row["origin"] == Origin.STATED else "d’après "
    document = _document(row, names)
    return f"{_written(row, blanked, decimals)}{NBSP}: {how}{document} ({where(row)})"


def _document(row: Mapping[str, Any], names: Names) -> str:
    """Name the document of a statement; a neighbourhood’s own sheet needs no other name."""
    return names.document(str(row["document"]), own=str(row["territory"]))


def _tally(group: Sequence[Mapping[str, Any]], blanked: bool, decimals: int) -> str:
    """Return each thing said and how many documents say it: « 40 » (22 fois), « 49 »."""
    counts: dict[str, set[str]] = {}
    for row in group:
        counts.setdefault(_written(row, blanked, decimals), set()).add(row["document"])
    return f"{FINE}; ".join(
        said if len(documents) == 1 else f"{said} ({len(documents)} fois)"
        for said, documents in counts.items()
    )


def _secret_reason(group: Sequence[Mapping[str, Any]], names: Names) -> str:
    valued = sorted({_document(row, names) for row in group if row["status"] == Status.OK})
    blank = sorted({_document(row, names) for row in group if row["status"] == Status.SECRET})
    return (
        f"Valeur publiée dans {liste(valued)}, couverte par le secret statistique dans "
        f"{liste(blank)}{NBSP}: le secret l’emporte, la valeur n’est pas reprise."
    )


def _reason(group: Sequence[Mapping[str, Any]], echoes: _Echoes, names: Names) -> str:
    first = group[0]
    others = [row for row in group if row["status"] != first["status"] or _differs(first, row)]
    sentences = [_choice(first, others, group, names)]
    sentences += echoes.of(others)
    return " ".join(sentences)


def _choice(
    first: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
    group: Sequence[Mapping[str, Any]],
    names: Names,
) -> str:
    """Say which rule chose the first statement."""
    rivals = [row for row in others if _speaks(row)]
    same_document = [row for row in rivals if row["document"] == first["document"]]
    if same_document and len(same_document) == len(rivals):
        if all(row["origin"] == Origin.DERIVED for row in same_document):
            return (
                "Le chiffre imprimé n’est pas celui que donnent les autres chiffres du même "
                f"document{NBSP}: celui qui est imprimé est montré."
            )
        lines = liste([str(row["line"]) for row in (first, *same_document)])
        return (
            f"Le même document donne plusieurs valeurs (lignes {lines}){NBSP}: la première est "
            "montrée. Si ce sont deux opérations distinctes, donnez à chacune sa ligne."
        )
    stated = [row for row in group if row["origin"] != Origin.DERIVED]
    agreeing = len({row["document"] for row in stated if not _differs(first, row)})
    total = len({row["document"] for row in stated})
    if rivals and all(row["priority"] > first["priority"] for row in rivals):
        over = list(dict.fromkeys(_who(row, names) for row in rivals))
        beaten = over[0] if len(over) == 1 else "les autres"
        text = f"{_who(first, names)} passe avant {beaten} (priorité)."
        text = text[:1].upper() + text[1:]
    else:
        text = (
            "À priorité égale, le premier document dans l’ordre des identifiants est retenu"
            f"{NBSP}: {_document(first, names)}."
        )
    if total > 2 and agreeing:
        text += f" {agreeing} document{'s' if agreeing > 1 else ''} sur {total} "
        text += "donnent cette valeur." if agreeing > 1 else "donne cette valeur."
        if agreeing * 2 < total:
            text += f" La plupart disent autre chose{NBSP}: à vérifier à la source."
    return text


def _who(row: Mapping[str, Any], names: Names) -> str:
    """Name the document of a statement, or the computation from it."""
    document = _document(row, names)
    return f"le calcul d’après {document}" if row["origin"] == Origin.DERIVED else document


def _speaks(row: Mapping[str, Any]) -> bool:
    """Return whether a statement says something of its figure (see ``resolve.speaks``)."""
    if row["status"] == Status.MISSING:
        return False
    return bool(row["origin"] != Origin.DERIVED or row["status"] == Status.OK)


def _differs(first: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Return whether two statements with a value disagree beyond rounding."""
    if first["value"] is None or row["value"] is None:
        return bool(first["status"] != row["status"])
    decimals = [d for d in (first["decimals"], row["decimals"]) if d is not None]
    coarse = min(decimals, default=9)
    halves = [
        0.5 * 10.0 ** -(coarse if r["decimals"] is None else r["decimals"]) for r in (first, row)
    ]
    gap = abs(float(first["value"]) - float(row["value"]))
    return bool(gap >= sum(halves) * (1 - 1e-9))


# ------------------------------------------------------------------ where else is it said?


class _Echoes:
    """Where else a discarded value stands: another period, another territory.

    A value of few digits is found elsewhere by mere chance: it is told when it has three
    significant digits and stands in one other place, or when the same document gives two
    discarded values of that same place.
    """

    def __init__(self, retained: pl.DataFrame, discarded: pl.DataFrame, names: Names) -> None:
        self._names = names
        self._figures: dict[tuple[str, str, float], list[tuple[str, str, str]]] = {}
        alike = discarded.select("indicator", "breakdown", "value").drop_nulls().unique()
        known = retained.filter(pl.col("status") == Status.OK).join(
            alike, on=["indicator", "breakdown", "value"], how="semi"
        )
        for kind, territory, indicator, period, breakdown, value in known.select(
            *KEY, "value"
        ).iter_rows():
            place = self._figures.setdefault((indicator, breakdown, value), [])
            place.append((kind, territory, period))
        self._shared = Counter(
            (row["document"], near) for row in discarded.to_dicts() for near in self._near(row)
        )

    def _met(self, row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        if row["value"] is None or row["origin"] == Origin.DERIVED:
            return []
        return self._figures.get((row["indicator"], row["breakdown"], row["value"]), [])

    def _near(self, row: Mapping[str, Any]) -> list[str]:
        """Return the other territories of that kind that have the value at that period."""
        return [
            territory
            for kind, territory, period in self._met(row)
            if kind == row["kind"] and territory != row["territory"] and period == row["period"]
        ]

    def of(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return a sentence for each discarded value met elsewhere, each value once."""
        sentences: dict[str, None] = {}
        for row in rows:
            value = written(str(row["raw"]))
            for kind, territory, period in self._met(row):
                if (kind, territory) == (row["kind"], row["territory"]) and period != row["period"]:
                    sentences[f"{value} est la valeur de {periode_courte(period)}."] = None
            near = self._near(row)
            alone = len(near) == 1 and _digits(row["raw"]) >= _TELLING_DIGITS
            for territory in near:
                if alone or self._shared[row["document"], territory] > 1:
                    place = self._names.place(row["kind"], territory)
                    sentences[f"{value} est aussi la valeur de {place}."] = None
        return list(sentences)


def _digits(raw: str) -> int:
    """Return the number of significant digits of a written number."""
    return len("".join(c for c in raw if c.isdigit()).lstrip("0"))


# ------------------------------------------------------------------ printed means


def _means(
    statements: pl.DataFrame,
    retained: pl.DataFrame,
    territories: pl.DataFrame,
    names: Names,
) -> list[dict[str, object]]:
    """Return the printed means of the neighbourhoods that are not the mean of their values.

    The computed mean is known to half a unit of the decimals of the values, the printed one
    to half a unit of its own.
    """
    printed = statements.filter(
        (pl.col("kind") == Kind.QPV_MOYENNE) & (pl.col("status") == Status.OK)
    )
    if printed.is_empty():
        return []
    group = territories.filter(pl.col("kind") == Kind.QPV).select(
        territory="code", group="epci", list=list_of(pl.col("code"))
    )
    cell = ["group", "indicator", "period", "breakdown"]
    whole = [*cell, "list"]
    computed = (
        retained.filter((pl.col("kind") == Kind.QPV) & (pl.col("status") == Status.OK))
        .join(group, on="territory")
        .group_by(whole)
        .agg(
            mean=pl.col("value").mean(),
            half=half_unit(pl.col("decimals").fill_null(9)).mean(),
            known=pl.len(),
        )
        .join(group.group_by("group", "list").agg(total=pl.len()), on=["group", "list"])
        .sort("known", "list", descending=True)
    )
    half = half_unit(pl.col("decimals").fill_null(9))
    agrees = agree(
        pl.max_horizontal(pl.col("value") - half, pl.col("mean") - pl.col("half")),
        pl.min_horizontal(pl.col("value") + half, pl.col("mean") + pl.col("half")),
    )
    wrong = (
        printed.rename({"territory": "group"})
        .with_row_index("printed")
        .join(computed, on=cell, maintain_order="left_right")
        .filter(~agrees.any().over("printed"))  # of no list is it the mean
        .unique("printed", keep="first", maintain_order=True)
    )
    rows = []
    for _, same in wrong.sort(*cell, "document", "line").group_by(cell, maintain_order=True):
        found = same.rename({"group": "territory"}).to_dicts()
        first = found[0]
        mean = nombre(first["mean"], names.decimals(first["indicator"]) + 1)
        rows.append(
            {
                **{name: first[name] for name in KEY},
                "nature": "moyenne",
                "label": names.figure(first),
                "values": f"{_tally(found, False, 0)}{FINE}; {mean} (calculée)",
                "statements": [_statement(row, False, 0, names) for row in found],
                "kept": f"{mean} (calculée)",
                "reason": (
                    f"La moyenne des {first['known']} valeurs connues sur {first['total']} "
                    f"quartiers est {mean}{NBSP}: la moyenne calculée est montrée."
                ),
            }
        )
    return rows
