"""How is a text file scanned as rows, whatever its encoding, in bounded memory?

Polars reads UTF-8; another encoding is first written again as UTF-8 in a temporary file.
Rows stay lazy: only what a reader asks for is ever held.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import TextFacts, write_utf8

LINE: Final = "__ligne"
#: what UTF-8 becomes when it is read as Windows-1252 and saved again
_SPOILT: Final = re.compile("Ã[©¨ª«®¯´»¼§\\u00a0 ‰€]|Â°")
_REST: Final = "__reste"  # takes what stands beyond the last head


def tell_encoding(name: str, facts: TextFacts, text: str, problems: ProblemList) -> None:
    """Say that the file is not UTF-8, or which lines hold bytes that cannot be read."""
    if facts.encoding != "utf-8":
        shown = {"windows-1252": "Windows-1252"}.get(facts.encoding, facts.encoding.upper())
        problems.add(
            Problem(
                "encodage",
                Where(name),
                f"Le fichier n’est pas en UTF-8 : il est lu en {shown}.",
                "un fichier en UTF-8.",
                "Vérifiez quelques accents ; s’ils sont faux, enregistrez le fichier en UTF-8.",
                Severity.WARNING,
            )
        )
    if spoilt := _SPOILT.search(text):
        line = text.count("\n", 0, spoilt.start()) + 1
        problems.add(
            Problem(
                "encodage-double",
                Where(name, line=line),
                f"Des accents semblent abîmés (« {spoilt[0]} » pour une lettre accentuée).",
                "des lettres accentuées.",
                "Le fichier a été converti deux fois : reprenez l’original du producteur.",
                Severity.WARNING,
            )
        )
    if facts.damaged:
        lines = ", ".join(str(n) for n in facts.damaged[:10])
        more = "…" if len(facts.damaged) > 10 else ""
        problems.add(
            Problem(
                "encodage-abime",
                Where(name, line=facts.damaged[0]),
                f"Des octets illisibles sont remplacés par « \ufffd » (lignes : {lines}{more}).",
                "un texte entier dans un seul encodage.",
                "Corrigez ces cellules dans le fichier, ou demandez-le de nouveau au producteur.",
                Severity.WARNING,
            )
        )


_temporary: list[Path] = []


def _temporary_copy(path: Path, facts: TextFacts) -> Path:
    """Write the file again as UTF-8 in a folder that goes with the process."""
    if not _temporary:
        _temporary.append(Path(tempfile.mkdtemp(prefix="terril-")))
        atexit.register(shutil.rmtree, _temporary[0], ignore_errors=True)
    target = _temporary[0] / f"{facts.sha256}.csv"
    if not target.exists():
        write_utf8(path, facts, target)
    return target


def scan(
    path: Path,
    facts: TextFacts,
    separator: str,
    heads: Sequence[str],
    after: int,
    where: Where,
    problems: ProblemList,
) -> pl.LazyFrame:
    """Return the lazy rows below line ``after``, one column a head that is not blank.

    Rows keep their line, counting the line breaks inside quoted cells. Figures without a
    head, or beyond the last one, are told: the columns of such a row may be shifted.
    """
    if facts.encoding != "utf-8" or facts.lone_cr:
        path = _temporary_copy(path, facts)
    names = [f"c{i}" for i in range(len(heads))] + [_REST]
    rows = pl.scan_csv(
        path,
        separator=separator,
        has_header=False,
        skip_lines=after,
        schema=dict.fromkeys(names, pl.String),
        encoding="utf8-lossy",
        truncate_ragged_lines=True,
        missing_columns="insert",
        extra_columns="ignore",
        row_index_name=LINE,
        row_index_offset=after + 1,
        quote_char='"' if facts.quotes else None,
        low_memory=True,
    )
    number = pl.col(LINE).cast(pl.Int32)
    if facts.quotes:
        inner = pl.sum_horizontal(
            pl.col(n).str.count_matches("\n", literal=True).fill_null(0) for n in names
        )
        number = number + inner.cum_sum().shift(1, fill_value=0).cast(pl.Int32)
    rows = rows.with_columns(number.alias(LINE))
    _tell_beyond(rows, where, problems)
    blank = [n for n, head in zip(names, heads, strict=False) if not head]
    tell_headless(rows.select(blank), where, problems)
    kept = [pl.col(n).alias(h) for n, h in zip(names, heads, strict=False) if h]
    return rows.select(*kept, LINE)


def _tell_beyond(rows: pl.LazyFrame, where: Where, problems: ProblemList) -> None:
    """Rows longer than the head: a separator inside a cell has shifted them."""
    beyond = pl.col(_REST).str.strip_chars()
    found = (
        rows.filter(beyond.is_not_null() & (beyond != ""))
        .select(LINE, _REST)
        .head(5)
        .collect(engine="streaming")
        .sort(LINE)
    )
    if not found.is_empty():
        lines = ", ".join(str(n) for n in found[LINE])
        problems.add(
            Problem(
                "ligne-trop-longue",
                Where(where.file, line=found[LINE][0]),
                f"Des lignes ont plus de cellules que de titres (lignes : {lines}).",
                "autant de cellules que de titres sur chaque ligne.",
                "Un séparateur est sans doute resté dans un texte ou un nombre : mettez la "
                "cellule entre guillemets, ou enregistrez de nouveau depuis le tableur.",
            )
        )


def tell_headless(rows: pl.LazyFrame, where: Where, problems: ProblemList) -> None:
    """Figures in a column that has no head are not read: say it."""
    if not rows.collect_schema().names():
        return
    filled = rows.select(
        (pl.all().is_not_null() & (pl.all().str.strip_chars() != "")).any()
    ).collect(engine="streaming")
    count = sum(bool(filled[name].item()) for name in filled.columns)
    if count:
        problems.add(
            Problem(
                "colonne-sans-titre",
                where,
                f"Des colonnes sans titre ({count}) contiennent des données, qui ne sont pas lues.",
                "un titre au-dessus de chaque colonne.",
                "Donnez-leur un titre, ou effacez-les.",
                Severity.WARNING,
            )
        )
