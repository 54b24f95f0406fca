"""What is one figure, and what do we know of it?

Table stages pass polars frames whose columns are declared here. One row of
``STATEMENTS`` is one *statement*: a document says that a territory had a value. Two
documents may state the same figure; ``resolve`` keeps both and shows one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import polars as pl


class Status(StrEnum):
    """Why there is, or is not, a value. Secret is not missing, missing is not zero."""

    OK = "ok"
    SECRET = "secret"  # statistical secrecy, printed « s »
    NOT_SIGNIFICANT = "non_significatif"
    MISSING = "missing"  # pas de donnée, printed « – »
    NOT_APPLICABLE = "not_applicable"


class Origin(StrEnum):
    """How a figure came to be: an honest figure says which."""

    STATED = "constaté"  # a document states it
    DERIVED = "calculé"  # a formula of the catalogue gives it from stated figures
    ESTIMATED = "estimé"  # with an error


class Kind(StrEnum):
    """Kinds of territory."""

    QPV = "qpv"
    IRIS = "iris"
    COMMUNE = "commune"
    COMMUNES = "communes"  # mean over the communes of a QPV, as a source gives it
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"
    FRANCE_METRO = "france_metro"
    FRANCE = "france"
    QPV_ENSEMBLE = "qpv_ensemble"  # all the QPV of an EPCI together
    HORS_QPV = "hors_qpv"  # the rest of the EPCI
    QPV_MOYENNE = "qpv_moyenne"  # mean of the QPV as a document prints it


#: key of a figure
KEY: Final = ("kind", "territory", "indicator", "period", "breakdown")

STATEMENTS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,  # a Kind
    "territory": pl.String,  # official code: QP…, QN…, INSEE commune, SIREN, 62, 32, FM, FR;
    # composites use the EPCI's SIREN; « communes » joins codes with « + » in sorted order
    "indicator": pl.String,  # catalogue code
    "period": pl.String,  # 2015 | 2018-12-31 | 2018-2020 | "" when the document gives none
    "breakdown": pl.String,  # "total", or "sexe=F"…
    "value": pl.Float64,  # null unless status is ok; in the indicator's unit
    "status": pl.String,  # a Status
    "origin": pl.String,  # an Origin
    "decimals": pl.Int8,  # decimals written in the document; of a derived figure: those of its
    # coarsest term when the formula adds, null otherwise
    "source": pl.String,  # code of the source card
    "document": pl.String,  # id of the input in terril.toml, with a part after « : » if any
    "priority": pl.Int16,  # smallest wins when documents disagree
    "file": pl.String,  # path relative to the project
    "sheet": pl.String,  # "" for text files
    "line": pl.Int32,  # 1-based, as shown by a spreadsheet or an editor
    "column": pl.String,  # head of the column
    "sha256": pl.String,  # of the file
    "raw": pl.String,  # the cell as written; for a derived figure, the formula with its terms
}

#: the figures shown: one row a key, the columns of STATEMENTS and these
RETAINED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **STATEMENTS,
    "statements": pl.Int16,  # how many documents state it
    "contradicted": pl.Boolean,  # do they disagree beyond rounding?
}


def empty(schema: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    """Return a frame with the declared columns and no row."""
    return pl.DataFrame(schema=schema)


def conform(
    frame: pl.DataFrame, schema: dict[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """Return ``frame`` with exactly the declared columns, in order and cast.

    Raises ``polars.exceptions.ColumnNotFoundError`` when a column is absent: a stage that
    forgets a column is a bug, not bad input.
    """
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
