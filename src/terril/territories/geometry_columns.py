"""Which columns of a file of outlines hold the code and the name, and what do they say?

The heads are those of the producers, whatever their case and marks: ``columns/contours.csv``.
A spreadsheet or a DBF table turns codes into numbers: the zeros they lost are given back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.french import compte, liste
from terril.lib.problems import Severity
from terril.territories.generations import generation_of
from terril.territories.geometry_tell import Teller
from terril.territories.kinds import KINDS, fold, is_code

#: natures of outlines, and how a sentence names one and several of them
NATURES: Final = {
    "qpv": ("quartier", "quartiers"),
    "commune": ("commune", "communes"),
    "epci": ("intercommunalité", "intercommunalités"),
    "iris": ("IRIS", "IRIS"),
    "cite": ("cité", "cités"),
    "carreau": ("carreau", "carreaux"),
    "emprise": ("emprise", "emprises"),
}
_WIDTH: Final = {"commune": 5, "iris": 9, "epci": 9}
_GARBLED: Final = re.compile("[ÃÂ][\u0080-\u00bf]|Å[\u0093\u0152\u0153]")


def plain(head: str) -> str:
    """Return a head without case, accents nor marks: « Code_QP » → codeqp."""
    return re.sub(r"[^a-z0-9]", "", fold(head))


def find_column(
    heads: Sequence[str], nature: str, role: str, asked: str, tell: Teller
) -> str | None:
    """Return the head of the code or of the name (``role``: code, nom).

    "" when there is none and it can be done without; ``None``, with an error told, when it
    is needed. ``asked``: the head that the project declares.
    """
    by_plain = {plain(head): head for head in reversed(heads)}
    known: list[str] = []
    if asked:
        if asked in heads or plain(asked) in by_plain:
            return asked if asked in heads else by_plain[plain(asked)]
    else:
        known = [
            row["nom"]
            for row in read_list("columns/contours.csv")
            if row["nature"] == nature and row["role"] == role
        ]
        for name in known:
            if plain(name) in by_plain:
                return by_plain[plain(name)]
        if role == "nom" or nature not in KINDS:
            return ""
    option = "colonne_code" if role == "code" else "colonne_nom"
    what = f"La colonne « {asked} »" if asked else f"La colonne du code {of_nature(nature)}"
    seen = liste([f"« {head} »" for head in heads]) if heads else "aucune"
    tell.say(
        "colonne-absente",
        f"{what} n’y est pas. Colonnes lues : {seen}.",
        "une de ces colonnes." if asked else f"par exemple {', '.join(known[:4])}.",
        f'Donnez son nom dans terril.toml : {option} = "…".',
        Severity.ERROR,
    )
    return None


def texts_of(values: npt.NDArray[Any]) -> list[str]:
    """Return a column as texts without spaces around; whole numbers without decimals."""
    texts: list[str] = []
    for value in values:
        if value is None or value != value:
            texts.append("")
        elif isinstance(value, float | np.floating) and float(value).is_integer():
            texts.append(str(int(value)))
        else:
            texts.append(" ".join(str(value).split()))
    return texts


def codes_of(values: npt.NDArray[Any], nature: str) -> list[str]:
    """Return codes as the nature writes them: capitals, and the zeros a number lost."""
    codes = texts_of(values)
    if nature not in KINDS:
        return codes
    width = _WIDTH.get(nature, 0)
    return [code.zfill(width) if code.isdigit() else code.upper() for code in codes]


def with_names(values: npt.NDArray[Any], names: Sequence[str]) -> tuple[list[str], int]:
    """Return codes of a free nature, each of one name, and how many had to be told apart.

    A number that stands for several names is no code: its second name becomes « 12-2 ».
    """
    codes: list[str] = []
    ranks: dict[str, dict[str, int]] = {}
    changed = 0
    for code, name in zip(texts_of(values), names, strict=True):
        seen = ranks.setdefault(code, {})
        rank = seen.setdefault(fold(name), len(seen) + 1)
        changed += rank > 1
        codes.append(f"{code}-{rank}" if code and rank > 1 else code)
    return codes, changed


def series_of(values: npt.NDArray[Any]) -> pl.Series:
    """Return a column of the file as a series: numbers and dates as they are, the rest texts."""
    if values.dtype.kind in "iub":
        return pl.Series(values)
    if values.dtype.kind == "f":
        return pl.Series(values).fill_nan(None)  # a cell without a number
    if values.dtype.kind == "M":
        return pl.Series(values.astype("datetime64[ms]"))
    return pl.Series([None if v is None or v != v else str(v) for v in values], dtype=pl.String)


def ungarbled(columns: dict[str, npt.NDArray[Any]], tell: Teller) -> dict[str, npt.NDArray[Any]]:
    """Return the columns, their texts read again as UTF-8 when they were not.

    A DBF table without its .cpg file does not say its encoding: « LiÃ©vin » is « Liévin ».
    """
    texts = [v for c in columns.values() if c.dtype.kind == "O" for v in c if isinstance(v, str)]
    strange = [text for text in texts if _GARBLED.search(text)]
    repaired = [_utf8(text) for text in strange]
    if not strange or None in repaired:
        return columns
    tell.say(
        "contours-encodage",
        f"{compte(len(strange), 'texte est abîmé', 'textes sont abîmés')} par un encodage mal "
        f"déclaré : « {strange[0]} » est lu « {repaired[0]} ».",
        severity=Severity.NOTE,
    )
    found = dict(columns)
    for head, column in columns.items():
        if column.dtype.kind == "O":
            again = np.empty(len(column), dtype=object)
            again[:] = [(_utf8(v) or v) if isinstance(v, str) else v for v in column]
            found[head] = again
    return found


def _utf8(text: str) -> str | None:
    for encoding in ("iso-8859-1", "windows-1252"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


def check_codes(
    codes: Sequence[str],
    names: Sequence[str],
    nature: str,
    generation: str,
    head: str,
    kept: npt.NDArray[np.bool_],
    tell: Teller,
) -> None:
    """Set aside in ``kept``, and tell, what has no code or one of another nature."""
    for row, code in enumerate(codes):
        if not code:
            kept[row] = False
            tell.say(
                "code-absent",
                f"L’entité {row + 1} n’a pas de code.",
                "un code par contour.",
                "Complétez la colonne ; ce contour est laissé de côté.",
                column=head,
            )
        elif nature in KINDS and not is_code(nature, code):
            kept[row] = False
            tell.say(
                "code-contour",
                f"« {code} » n’est pas un code {of_nature(nature)}.",
                f"{KINDS[nature].example}.",
                "Ce contour est laissé de côté.",
                column=head,
                row=row,
            )
        elif nature == "qpv" and generation and generation_of(code) != generation:
            kept[row] = False
            tell.say(
                "generation-contour",
                f"{names[row]} n’est pas un quartier de {generation}.",
                "QP et six caractères pour 2015, QN et six caractères pour 2024.",
                "Déclarez l’autre génération à part ; ce contour est laissé de côté.",
                column=head,
                row=row,
            )


def of_nature(nature: str) -> str:
    """Return « de quartier », « d’IRIS »."""
    word = NATURES[nature][0]
    return f"d’{word}" if word[0].lower() in "aeiou" else f"de {word}"
