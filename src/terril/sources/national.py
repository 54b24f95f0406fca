"""What do the national lists say: communes with their EPCI, neighbourhoods with communes?

Any file that has the columns will do: the Insee or DGCL membership list, and a DEMO file
(or the ANCT list) for the neighbourhoods. Used once, to start a project.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from terril.lib.problems import Problem, ProblemList
from terril.sources.context import quoted
from terril.sources.tables import Table, Wish, clean_head, read_table
from terril.territories.kinds import is_code
from terril.territories.national import Commune, NationalQpv

_COMMUNES: Final = {
    "code": ("codgeo", "insee", "insee_com", "code_commune", "code"),
    "label": ("libgeo", "nom_membre", "lib_com", "nom_commune", "nom"),
    "epci": ("epci", "siren", "siren_epci"),
    "epci_label": ("libepci", "raison_sociale", "lib_epci"),
}
_QPV: Final = {
    "code": ("codgeo", "code_qp"),
    "label": ("libgeo", "lib_qp", "nom_qp"),
    "communes": ("lib_com", "commune_qp"),
    "codes": ("insee_com",),
    "epci": ("siren_epci",),
}


def _roles(heads: Sequence[str], names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    by_name = {clean_head(h).lower(): h for h in reversed(heads) if h}
    return {
        role: by_name[name]
        for role, known in names.items()
        for name in reversed(known)
        if name in by_name
    }


def _read(
    path: Path, names: dict[str, tuple[str, ...]], required: Sequence[str], problems: ProblemList
) -> tuple[Table, dict[str, str]] | None:
    tables = read_table(
        path, problems, Wish(is_head=lambda row: set(required) <= set(_roles(row, names)))
    )
    return (tables[0], _roles(tables[0].heads, names)) if tables else None


def read_communes(path: Path, problems: ProblemList) -> tuple[Commune, ...]:
    """Read the list of communes with their EPCI (``EPCI_2020.csv``, ``epcicom2024``…)."""
    found = _read(path, _COMMUNES, ("code", "label", "epci"), problems)
    if found is None:
        return ()
    table, roles = found
    frame = _texts(table, roles, _COMMUNES).with_columns(pl.col("code").str.zfill(5))
    rows = [r for r in frame.iter_rows(named=True) if is_code("commune", r["code"])]
    if not rows:
        problems.add(
            Problem(
                "liste-nationale",
                table.where(),
                "Aucun code de commune n’y est lu.",
                f"les colonnes {quoted(('CODGEO', 'LIBGEO', 'EPCI', 'LIBEPCI'))}.",
            )
        )
    return tuple(
        Commune(
            r["code"], r["label"], r["epci"] if is_code("epci", r["epci"]) else "", r["epci_label"]
        )
        for r in rows
    )


def read_qpv(path: Path, problems: ProblemList) -> tuple[NationalQpv, ...]:
    """Read the neighbourhoods with their communes (``DEMO_2019.csv``…)."""
    found = _read(path, _QPV, ("code", "communes"), problems)
    if found is None:
        return ()
    table, roles = found
    rows = [
        r for r in _texts(table, roles, _QPV).iter_rows(named=True) if is_code("qpv", r["code"])
    ]
    if not rows:
        problems.add(
            Problem(
                "liste-nationale",
                table.where(),
                "Aucun code de quartier n’y est lu.",
                f"les colonnes {quoted(('CODGEO', 'LIBGEO', 'LIB_COM'))}.",
            )
        )
    return tuple(
        NationalQpv(
            r["code"],
            r["label"],
            _names(r["communes"]),
            tuple(code.zfill(5) for code in _names(r["codes"])),
            r["epci"] if is_code("epci", r["epci"]) else "",
        )
        for r in rows
    )


def _texts(table: Table, roles: dict[str, str], names: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    return table.rows.select(
        (pl.col(roles[role]) if role in roles else pl.lit(""))
        .fill_null("")
        .str.strip_chars()
        .alias(role)
        for role in names
    ).collect()


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(p.split()) for p in re.split(r"[,;\n]", text) if p.strip())
