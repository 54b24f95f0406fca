"""What does the file of a contract say, and what in it cannot be taken?

``contrat.yaml``: the code that stands in addresses, the name, who holds the contract, its dates,
the names of the levels of its tree. Keys are French words, or their English ones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from terril.catalogue.messages import listed, nearest
from terril.catalogue.nodes import Document, read_document
from terril.lib.problems import Problem, ProblemList, Where

FILE_NAME: Final = "contrat.yaml"
#: key of the file → field of the contract
KEYS: Final = {
    "code": "code", "nom": "name", "porteur": "holder", "siren": "siren",
    "departement": "department", "region": "region", "generation": "generation",
    "signature": "signed", "debut": "starts", "fin": "ends", "niveaux": "levels",
}  # fmt: skip
_FIELDS: Final = frozenset(KEYS.values())
_LENGTHS: Final = {"code": 60, "name": 200, "holder": 200, "department": 80, "region": 80}
_GENERATIONS: Final = ("g2015", "g2024")
_MOST_LEVELS: Final = 6


class _Unfit(Exception):
    """Raised by a reader: what is wrong, what was expected."""

    def __init__(self, what: str, expected: str) -> None:
        self.what = what
        self.expected = expected
        super().__init__(what)


def read_contract(path: Path, problems: ProblemList) -> dict[str, Any]:
    """Return the fields of a contract; what is wrong goes to ``problems``.

    Dates are ``None`` when they are not given, texts "", the levels those of no tree.
    """
    if not path.is_file():
        problems.add(
            Problem(
                "contrat-absent",
                Where(path.name),
                f"Le dossier n’a pas de fichier {FILE_NAME}.",
                "un fichier qui dit le code, le nom et le porteur du contrat.",
                "Créez-le\u202f; «\u00a0terril espace modele\u00a0» en écrit un à compléter.",
            )
        )
        return {}
    document = read_document(path, path.name)
    problems.extend(document.problems)
    fields: dict[str, Any] = {
        "code": "", "name": "", "holder": "", "siren": "", "department": "", "region": "",
        "generation": "", "signed": None, "starts": None, "ends": None, "levels": [],
    }  # fmt: skip
    for key, value in document.value.items():
        field = KEYS.get(key, key if key in _FIELDS else "")
        if not field:
            near = nearest(key, KEYS)
            problems.add(
                Problem(
                    "contrat-cle",
                    document.where((key,)),
                    f"La clé «\u00a0{key}\u00a0» n’est pas connue.",
                    f"{listed(KEYS)}.",
                    f"Corrigez-la\u00a0: {near}." if near else "Retirez-la.",
                )
            )
        elif value is not None:
            _take(fields, field, key, value, document, problems)
    if not problems.errors:
        _together(fields, document, problems)
    return fields


def _take(
    fields: dict[str, Any],
    field: str,
    key: str,
    value: Any,
    document: Document,
    problems: ProblemList,
) -> None:
    reader: Callable[[str, Any], Any] = _READERS.get(field, _text)
    try:
        fields[field] = reader(field, value)
    except _Unfit as error:
        problems.add(
            Problem(
                "contrat-valeur",
                document.where((key,)),
                f"«\u00a0{key}\u00a0»\u00a0: {error.what}",
                error.expected,
                "Corrigez cette ligne.",
            )
        )


def _together(fields: dict[str, Any], document: Document, problems: ProblemList) -> None:
    """What must be there, and dates in their order."""
    for key in ("code", "nom", "porteur"):
        if not fields[KEYS[key]]:
            problems.add(
                Problem(
                    "contrat-incomplet",
                    Where(document.file),
                    f"La clé «\u00a0{key}\u00a0» manque.",
                    "un code, un nom et un porteur.",
                    "Ajoutez-la.",
                )
            )
    if fields["starts"] and fields["ends"] and fields["ends"] < fields["starts"]:
        problems.add(
            Problem(
                "contrat-dates",
                document.where(("fin",)),
                "Le contrat finit avant de commencer.",
                "une fin après le début.",
                "Corrigez l’une des deux dates.",
            )
        )


# ------------------------------------------------------------------ values


def _text(field: str, value: Any) -> str:
    text = " ".join(str(value).split()) if isinstance(value, str | int) else ""
    if not text:
        raise _Unfit("ce n’est pas un texte.", "un texte.")
    most = _LENGTHS.get(field, 80)
    if len(text) > most:
        raise _Unfit(f"{len(text)} caractères.", f"{most} caractères au plus.")
    return text


def _code(field: str, value: Any) -> str:
    text = _text(field, value)
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text):
        raise _Unfit(
            f"«\u00a0{text}\u00a0» ne peut pas être dans une adresse.",
            "des lettres minuscules sans accent, des chiffres et des tirets.",
        )
    return text


def _siren(field: str, value: Any) -> str:
    digits = "".join(str(value).split())
    if not re.fullmatch(r"\d{9}", digits):
        raise _Unfit(f"«\u00a0{value}\u00a0» n’est pas un SIREN.", "9 chiffres.")
    return digits


def _generation(field: str, value: Any) -> str:
    text = str(value).strip().lower()
    known = text if text.startswith("g") else f"g{text}"
    if known not in _GENERATIONS:
        raise _Unfit(f"«\u00a0{value}\u00a0» n’est pas une génération.", "2015 ou 2024.")
    return known


def _date(field: str, value: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise _Unfit(
            f"«\u00a0{value}\u00a0» n’est pas une date.", "une date comme 2015-06-27."
        ) from error


def _levels(field: str, value: Any) -> list[list[str]]:
    expected = "une liste de paires\u00a0: [pilier, piliers]."
    if not isinstance(value, list) or len(value) > _MOST_LEVELS:
        raise _Unfit(f"il faut de 1 à {_MOST_LEVELS} niveaux.", expected)
    for pair in value:
        fit = isinstance(pair, list) and len(pair) == 2
        if not fit or not all(isinstance(word, str) and word.strip() for word in pair):
            raise _Unfit("un niveau n’a pas ses deux noms.", expected)
    return [[" ".join(word.split()) for word in pair] for pair in value]


_READERS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "code": _code, "siren": _siren, "generation": _generation, "signed": _date,
    "starts": _date, "ends": _date, "levels": _levels,
}  # fmt: skip
