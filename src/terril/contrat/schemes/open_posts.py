"""What rows do the State's open files of helped posts make for the registers?

The agency of territories (ANCT) publishes, by year, the *adultes-relais* and the FONJEP posts:
a line a post and a year, with the employer, its SIRET (or its name instead), the amount, the
contract. Only organisations are named there; columns that no layout below names are not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from terril.lib.problems import Problem, Severity, Where


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file of posts holds what we read: our word → the head of its column."""

    kind: str  # a code of the list « natures_poste »
    employers: str  # a code of « natures_organisation » when the SIREN does not tell
    source: str
    columns: Mapping[str, str]


_COLUMNS: Final = {
    "post": "id_poste", "siret": "code_tiers", "employer": "raison_sociale", "year": "annee",
    "amount": "montant", "contract": "code_cv",
}  # fmt: skip

LAYOUTS: Final = (
    Layout("adulte_relais", "autre", "Agence nationale de la cohésion des territoires : "
           "adultes-relais", _COLUMNS),
    Layout("fonjep", "association", "Agence nationale de la cohésion des territoires : postes "
           "FONJEP", _COLUMNS),
)  # fmt: skip

#: public bodies by the first figures of their SIREN
_PUBLIC: Final = {"21": "commune", "22": "departement", "23": "region", "24": "epci",
                  "26": "etablissement"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenPosts:
    """Values of rows for ``organisations``, ``postes`` and ``postes_annees``.

    Links are names: ``employeur`` is the ``nom`` of an organisation, ``poste`` a ``convention``.
    ``left`` counts the lines of other contracts.
    """

    organisations: tuple[dict[str, Any], ...]
    posts: tuple[dict[str, Any], ...]
    years: tuple[dict[str, Any], ...]
    problems: tuple[Problem, ...]
    left: int


def read_open_posts(path: Path, layout: Layout, contract: str | None = None) -> OpenPosts:
    """Read a file of posts (CSV, comma or semicolon, UTF-8).

    ``contract``: the code of the contract in the file (« CV219 »), all of them unless given. A
    line that cannot be read is a ``Problem`` and is left out; a missing column leaves all out.
    A post seen in several years makes one row of ``postes``, and one of ``postes_annees`` a year.
    """
    text = path.read_text(encoding="utf-8-sig")
    head = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > 1 else ",")
    absent = sorted(set(layout.columns.values()) - set(lines.fieldnames or ()))
    if absent:
        problem = Problem(
            "postes-colonnes",
            Where(path.name, line=1),
            f"Il manque la colonne {', '.join(f'« {name} »' for name in absent)}.",
            f"les colonnes {', '.join(layout.columns.values())}.",
            "téléchargez le fichier d’origine, sans le modifier.",
        )
        return OpenPosts((), (), (), (problem,), 0)
    organisations: dict[str, dict[str, Any]] = {}
    posts: dict[str, dict[str, Any]] = {}
    years: dict[tuple[str, int], dict[str, Any]] = {}
    latest: dict[str, int] = {}  # the employer and the help of a post are those of its last year
    problems: list[Problem] = []
    left = 0
    for line in lines:
        held = {name: (line[column] or "").strip() for name, column in layout.columns.items()}
        if contract is not None and held["contract"] != contract:
            left += 1
            continue
        where = Where(path.name, line=lines.line_num)
        read = _read(held, where)
        if isinstance(read, Problem):
            problems.append(read)
            continue
        year, amount = read
        employer = " ".join(held["employer"].split())
        key = (held["post"], year)
        if key in years:
            problems.append(_twice(held["post"], year, where))
            continue
        organisations.setdefault(employer, _organisation(employer, held["siret"], layout))
        if year >= latest.get(held["post"], year):
            latest[held["post"]] = year
            posts[held["post"]] = {
                "nature": layout.kind,
                "convention": held["post"],
                "employeur": employer,
                "montant": amount,
            }
        years[key] = {
            "poste": held["post"],
            "annee": year,
            "montant": amount,
            "source": layout.source,
        }
    return OpenPosts(
        tuple(organisations[name] for name in sorted(organisations)),
        tuple(posts[number] for number in sorted(posts)),
        tuple(years[key] for key in sorted(years)),
        tuple(problems),
        left,
    )


def _read(held: Mapping[str, str], where: Where) -> tuple[int, Decimal] | Problem:
    """The year and the amount of a line, or why it cannot be read."""
    try:
        year, amount = int(held["year"]), Decimal(held["amount"].replace(",", "."))
    except (ValueError, InvalidOperation):
        return _unreadable(where, "l’année ou le montant n’est pas un nombre")
    if not held["post"] or not held["employer"]:
        return _unreadable(where, "le poste ou l’employeur n’est pas dit")
    if not 1990 <= year <= 2100 or not amount.is_finite() or amount < 0:
        return _unreadable(where, "l’année ou le montant est hors de toute vraisemblance")
    return year, amount.quantize(Decimal("0.01"))


def _unreadable(where: Where, what: str) -> Problem:
    return Problem(
        "postes-ligne",
        where,
        f"Ligne laissée de côté : {what}.",
        "un poste, un employeur, une année et un montant.",
        "corrigez la ligne, ou ajoutez le poste à la main.",
        Severity.WARNING,
    )


def _twice(post: str, year: int, where: Where) -> Problem:
    return Problem(
        "postes-double",
        where,
        f"Le poste {post} est deux fois en {year} ; seule la première ligne est lue.",
        "une ligne par poste et par année.",
        "vérifiez le montant de l’année.",
        Severity.WARNING,
    )


def _organisation(name: str, siret: str, layout: Layout) -> dict[str, Any]:
    """The employer: the third party's code is a SIRET in most lines, a name in the others."""
    number = "".join(siret.split())
    if len(number) != 14 or not number.isdecimal():
        return {"nom": name, "nature": layout.employers}
    return {"nom": name, "nature": _PUBLIC.get(number[:2], layout.employers), "siret": number}


def together(found: Sequence[OpenPosts]) -> OpenPosts:
    """Put several files together: an employer that is in two of them makes one organisation."""
    organisations: dict[str, dict[str, Any]] = {}
    for part in found:
        for row in part.organisations:
            organisations.setdefault(row["nom"], {}).update(
                {k: v for k, v in row.items() if k not in organisations.get(row["nom"], {})}
            )
    return OpenPosts(
        tuple(organisations[name] for name in sorted(organisations)),
        tuple(row for part in found for row in part.posts),
        tuple(row for part in found for row in part.years),
        tuple(problem for part in found for problem in part.problems),
        sum(part.left for part in found),
    )
