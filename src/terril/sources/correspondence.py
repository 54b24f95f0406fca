"""Which neighbourhood of 2024 follows which of 2015, in the words of the official file?

``liste-correspondance-qp2024-qp2015.csv``: QP2024, Label_QP2024, Statut, then QP2015_1,
Label_QP2015_1, up to as many as there are. The status is kept as the file words it, beside the
one of the vocabulary that it is understood as (``vocabularies/perimetres.csv``); a word that
nobody declared is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.catalogue.lists import read_list as vocabulary
from terril.lib.problems import Problem, ProblemList, Severity
from terril.sources.context import quoted
from terril.sources.perimeters import Teller, codes_in, plain_head, texts_of
from terril.sources.tables import Table, Wish, read_table
from terril.territories.correspondence import LISTED
from terril.territories.generations import generation_of, parse
from terril.territories.kinds import fold

_NEW: Final = ("qp2024", "codeqp2024", "qpv2024")
_NEW_LABEL: Final = ("labelqp2024", "libqp2024", "libelleqp2024", "nomqp2024")
_STATUS: Final = ("statut", "statutqp2024")
_OLD: Final = re.compile(r"^qpv?2015(\d*|correspondants?)$")
_OLD_LABEL: Final = re.compile(r"^(?:label|lib|libelle|nom)qpv?2015(\d*)$")


def read_correspondence(
    path: Path, problems: ProblemList, shown: str | None = None
) -> pl.DataFrame:
    """Read the official correspondence; return a frame of ``LISTED``, one row a predecessor.

    A neighbourhood without predecessor has one row whose ``old`` is null. Codes of the wrong
    generation, statuses of no vocabulary, statuses that the predecessors or the letter of the
    code contradict are said with their line; only a line without any right code is left out.
    """

    def is_head(cells: Sequence[str]) -> bool:
        heads = {plain_head(c) for c in cells}
        return bool(heads & set(_NEW)) and any(_OLD.match(h) for h in heads)

    wish = Wish(
        is_head=is_head,
        expected="QP2024, Label_QP2024, Statut, QP2015_1, Label_QP2015_1…",
    )
    tables = read_table(path, problems, wish, shown)
    if not tables:
        return pl.DataFrame(schema=LISTED)
    table = tables[0]
    roles, pairs = _correspondence_roles(table)
    if "status" not in roles:
        problems.add(
            Problem(
                "statut-absent",
                table.where(table.head_line),
                "Le fichier n’a pas de colonne « Statut ».",
                "une colonne qui dit si le périmètre est inchangé, modifié ou nouveau.",
                "La lettre qui finit les codes de 2024 est lue à la place.",
                Severity.WARNING,
            )
        )
    tell = Teller(table, problems)
    found: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    unknown: Counter[str] = Counter()
    for row in texts_of(table, roles):
        found += _lines_of(row, roles, pairs, lines, unknown, tell)
    if unknown:
        words = ", ".join(f"« {word} » ({count})" for word, count in sorted(unknown.items()))
        problems.add(
            Problem(
                "statut-inconnu",
                table.where(table.head_line, roles["status"]),
                f"Statuts que le vocabulaire ne connaît pas : {words}.",
                "l’un de ces mots : " + quoted(dict.fromkeys(_words().values())) + ".",
                "Le mot est gardé tel quel ; ajoutez-le à vocabularies/perimetres.csv.",
                Severity.WARNING,
            )
        )
    tell.end()
    if not found:
        problems.add(
            Problem(
                "liste-vide",
                table.where(),
                "Aucune correspondance n’y est lue.",
                "un code QN… par ligne, et ses codes QP….",
            )
        )
    return pl.DataFrame(found, schema=LISTED).sort("new", "old", nulls_last=True)


def _correspondence_roles(table: Table) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the heads by role, and the roles of each predecessor: (code, label or "")."""
    roles: dict[str, str] = {}
    old_labels: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    for head in table.heads:
        plain = plain_head(head)
        if plain in _NEW:
            roles.setdefault("new", head)
        elif plain in _NEW_LABEL:
            roles.setdefault("new_label", head)
        elif plain in _STATUS:
            roles.setdefault("status", head)
        elif match := _OLD_LABEL.match(plain):
            roles[f"old_label_{match[1]}"] = head
            old_labels[match[1]] = f"old_label_{match[1]}"
        elif match := _OLD.match(plain):
            roles[f"old_{match[1]}"] = head
            pairs.append((f"old_{match[1]}", match[1]))
    return roles, [(role, old_labels.get(number, "")) for role, number in pairs]


def _lines_of(
    row: dict[str, Any],
    roles: dict[str, str],
    pairs: list[tuple[str, str]],
    lines: dict[str, int],
    unknown: Counter[str],
    tell: Teller,
) -> list[dict[str, Any]]:
    """Return the rows of ``LISTED`` that one line of the file gives."""
    line, new = row["line"], row["new"].upper()
    if new and generation_of(new) != "2024":
        tell.say(
            "code-quartier",
            line,
            roles["new"],
            f"« {row['new']} » n’est pas un code de quartier de 2024.",
            "QN, le département, deux chiffres et une lettre.",
            "La ligne est laissée de côté.",
        )
        return []
    if new and new in lines:
        tell.say(
            "quartier-double",
            line,
            roles["new"],
            f"{new} figure déjà à la ligne {lines[new]}.",
            "une ligne par quartier de 2024.",
            "La première est gardée.",
        )
        return []
    olds: dict[str, str] = {}
    for role, label in pairs:
        for code in codes_in(row[role].upper()):
            if generation_of(code) != "2015":
                tell.say(
                    "code-quartier",
                    line,
                    roles[role],
                    f"« {code} » n’est pas un code de quartier de 2015.",
                    "QP, le département et trois chiffres.",
                    "Ce code est laissé de côté.",
                )
            else:
                olds.setdefault(code, row[label] if label else "")
    if not new and not olds:
        return []
    if new:
        lines[new] = line
    word = row.get("status", "")
    status = status_of(word)
    if word and not status:
        unknown[word] += 1
    letter = found.status if new and (found := parse(new)) else ""
    _check(new, olds, status, letter, line, roles, tell)
    base = {
        "new": new or None,
        "new_label": row.get("new_label", ""),
        "status": status or ("" if word else letter),
        "status_text": word,
        "line": line,
    }
    if not olds:
        return [{**base, "old": None, "old_label": ""}]
    return [{**base, "old": code, "old_label": label} for code, label in olds.items()]


def _check(
    new: str,
    olds: dict[str, str],
    status: str,
    letter: str,
    line: int,
    roles: dict[str, str],
    tell: Teller,
) -> None:
    column = roles.get("status", roles["new"])
    if status and letter and status != letter:
        tell.say(
            "statut-lettre",
            line,
            column,
            f"{new} finit par « {new[-1]} », ce qui ne va pas avec son statut.",
            "I pour un périmètre inchangé, M pour modifié, N pour nouveau.",
            "Le statut écrit est gardé.",
        )
    wrong = {
        "inchange": len(olds) != 1,
        "modifie": not olds,
        "nouveau": bool(olds),
        "sorti": bool(new),
    }
    if wrong.get(status):
        cited = ", ".join(olds) or "aucun"
        tell.say(
            "statut-contredit",
            line,
            column,
            f"Le statut de {new or cited} ne va pas avec ses prédécesseurs ({cited}).",
            "un prédécesseur pour un périmètre inchangé, un au moins pour un modifié, aucun pour "
            "un nouveau.",
            "Vérifiez la ligne chez le producteur.",
        )


@lru_cache(maxsize=1)
def _statuses() -> dict[tuple[str, ...], str]:
    rows = vocabulary("vocabularies/perimetres.csv")
    return {_stems(row["mot"]): row["statut"] for row in rows}


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return {row["mot"]: row["mot"] for row in vocabulary("vocabularies/perimetres.csv")}


def _stems(text: str) -> tuple[str, ...]:
    """Return the words without the marks of feminine and plural: « inchangées » → inchange."""
    return tuple(re.sub(r"(?<=e)e?s?$|s$", "", word) for word in fold(text).split())


def status_of(word: str) -> str:
    """Return the status that a file's word stands for (« Modifiée » → modifie), "" if unknown.

    The word may stand within others (« QPV modifié »), save after « non » or « pas »; words of
    two statuses say nothing.
    """
    stems = _stems(word)
    if stems in _statuses():
        return _statuses()[stems]
    if {"non", "pas", "ni"} & set(fold(word).split()):
        return ""
    held = {
        status
        for known, status in _statuses().items()
        if any(stems[i : i + len(known)] == known for i in range(len(stems)))
    }
    return held.pop() if len(held) == 1 else ""
