"""Which helped posts run, are vacant, or fall under a term of the law?

Reads ``postes`` and ``postes_annees``: conventions and money, never the person who holds the
post. Rules of the *adultes-relais*: Code du travail, D. 5134-145 to D. 5134-160, and the
instruction of 8 September 2025 for what was signed since (``adulte_relais_*`` parameters).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.results import (
    alert,
    grouped,
    in_words,
    named,
    ratio,
    summary,
    table,
    total,
    word,
)
from terril.contrat.schemes.terms import in_force, last_day, months_after
from terril.lib.french import compte, nombre
from terril.registres.folding import collation
from terril.registres.rows import Alert, Books, Cell, Line, Row, Summary, Table

POSTS: Final = "postes"
YEARS: Final = "postes_annees"

#: kinds of posts that the rules of the *adultes-relais* bind
RELAIS: Final = frozenset({"adulte_relais", "arms"})


def running(post: Row, day: dt.date) -> bool | None:
    """Does the convention of a post run that day? ``None`` when its dates do not tell."""
    start, end = post.get("debut"), post.get("fin")
    if (start is not None and day < start) or (end is not None and day > end):
        return False
    return True if start is not None and end is not None else None


def posts_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Return posts today by kind and employer, the help paid by year, the terms that are near."""
    posts = {row.number: row for row in books.rows(POSTS)}
    paid = [row for row in books.rows(YEARS) if row.get("poste") in posts]
    tables = [_today(books, catalogue, list(posts.values()))]
    if posts:
        tables.append(_employers(books, list(posts.values())))
    if paid:
        tables.append(_by_year(catalogue, posts, paid))
    return summary(
        "Postes aidés",
        tuple(tables),
        tuple(_alerts(books, catalogue, list(posts.values()))),
        (
            "L’aide n’est versée que pour le temps où le poste est occupé (code du travail, "
            "article D. 5134-158).",
            "Aucun nom de personne n’est saisi : un poste est connu par sa convention.",
        ),
    )


def _held(posts: Sequence[Row], day: dt.date) -> tuple[Cell, ...]:
    live = [post for post in posts if running(post, day) is not False]
    full = sum(post.get("occupe") is True for post in live)
    empty = sum(post.get("occupe") is False for post in live)
    return (
        len(live),
        full,
        empty,
        len(live) - full - empty,
        ratio(full, full + empty),
        total(post.get("etp") for post in live),
        total(post.get("montant") for post in live),
        len(posts) - len(live),
    )


_HEADS: Final = ("Conventions en cours ou sans date", "Postes occupés", "Vacants",
                 "Occupation inconnue", "Part occupée", "Équivalents temps plein", "Aide par an",
                 "Conventions finies ou à venir")  # fmt: skip
_UNITS: Final = ("", "", "", "", "%", "", "€", "")


def _today(books: Books, catalogue: Catalogue, posts: Sequence[Row]) -> Table:
    by_kind = grouped(posts, lambda row: str(row.get("nature")))
    lines = [
        Line(word(catalogue, "natures_poste", kind), _held(by_kind[kind], books.today))
        for kind in catalogue.lists["natures_poste"].items
        if kind in by_kind
    ]
    return table(
        f"Postes au {in_words(books.today)}",
        ("Nature", *_HEADS),
        _UNITS,
        [*lines, Line("Ensemble", _held(posts, books.today), total=True)],
        "La part occupée porte sur les postes dont l’occupation est connue.",
    )


def _employers(books: Books, posts: Sequence[Row]) -> Table:
    groups = grouped(posts, lambda row: int(row.get("employeur")))
    return table(
        "Postes par employeur",
        ("Employeur", *_HEADS),
        _UNITS,
        sorted(
            (
                Line(
                    named(books, "organisations", number),
                    _held(held, books.today),
                    register="organisations",
                    number=number,
                )
                for number, held in groups.items()
            ),
            key=lambda line: collation(line.head),
        ),
    )


def _by_year(catalogue: Catalogue, posts: dict[int, Row], paid: Sequence[Row]) -> Table:
    """A post is filled in a year when help was paid for it, vacant when it was none."""

    def cells(rows: Sequence[Row], year: int) -> tuple[Cell, ...]:
        told = {row.get("poste"): row.get("montant") for row in rows}
        known = [amount for amount in told.values() if amount is not None]
        return (
            sum(amount > 0 for amount in known),
            sum(amount == 0 for amount in known),
            sum(_spans(post, year) and told.get(number) is None for number, post in posts.items()),
            total(known),
            total(row.get("mois") for row in rows),
        )

    kinds = [k for k in catalogue.lists["natures_poste"].items
             if any(post.get("nature") == k for post in posts.values())]  # fmt: skip
    lines = []
    for year, rows in sorted(grouped(paid, lambda row: int(row.get("annee"))).items()):
        by_kind = grouped(rows, lambda row: str(posts[row.get("poste")].get("nature")))
        lines.append(
            Line(
                str(year),
                (
                    *(
                        sum((row.get("montant") or 0) > 0 for row in by_kind.get(kind, []))
                        for kind in kinds
                    ),
                    *cells(rows, year),
                ),
            )
        )
    return table(
        "Postes et aide versée par année",
        ("Année", *(word(catalogue, "natures_poste", kind) for kind in kinds),
         "Postes occupés, en tout", "Sans versement", "Conventions sans chiffre", "Aide versée",
         "Mois occupés"),
        (*("" for _ in kinds), "", "", "", "€", ""),
        lines,
        "Un poste est compté occupé dans l’année quand une aide a été versée pour lui, même "
        "quelques mois.",
    )  # fmt: skip


def _spans(post: Row, year: int) -> bool:
    """Does the convention run for a day of the year at least, its dates known?"""
    start, end = post.get("debut"), post.get("fin")
    return start is not None and end is not None and start.year <= year <= end.year


def _alerts(books: Books, catalogue: Catalogue, posts: Sequence[Row]) -> Iterator[Alert]:
    for post in posts:
        name = f"{word(catalogue, 'natures_poste', post.get('nature'))} {post.get('convention')}"
        name += f", {named(books, 'organisations', post.get('employeur'))}"
        start, end = post.get("debut"), post.get("fin")
        if start is not None and end is not None and end < start:
            yield alert(f"{name} : la fin ({in_words(end)}) précède le début ({in_words(start)}).",
                        "attention", POSTS, post)  # fmt: skip
            continue
        yield from _end(books, catalogue, name, post)
        if post.get("nature") in RELAIS:
            yield from _length(catalogue, name, post)
            if running(post, books.today) is not False:
                yield from _hiring(books, catalogue, name, post)
                yield from _papers(books, catalogue, name, post)


def _end(books: Books, catalogue: Catalogue, name: str, post: Row) -> Iterator[Alert]:
    """A convention that ends soon, or a post said filled after its end."""
    end = post.get("fin")
    if end is None:
        return
    if end < books.today:
        if post.get("occupe"):
            yield alert(f"{name} : la convention est finie depuis le {in_words(end)}, le poste est "
                        "dit occupé.", "attention", POSTS, post)  # fmt: skip
    elif end <= months_after(books.today, int(catalogue.number("postes_preavis"))):
        yield alert(f"{name} : la convention finit le {in_words(end)}.", "attention", POSTS, post)


def _length(catalogue: Catalogue, name: str, post: Row) -> Iterator[Alert]:
    """Three years at most, half-time at least, renewed once (for what was signed since)."""
    start, end = post.get("debut"), post.get("fin")
    years = int(catalogue.number("adulte_relais_duree"))
    last = None if start is None else last_day(start, 12 * years)
    if last is not None and end is not None and end > last:
        yield alert(f"{name} : convention jusqu’au {in_words(end)}, au-delà de "
                    f"{compte(years, 'an', 'ans')} ; elle finit au plus tard le {in_words(last)}.",
                    "attention", POSTS, post)  # fmt: skip
    part, least = post.get("etp"), catalogue.number("adulte_relais_temps")
    if part is not None and float(part) < least:
        yield alert(f"{name} : {nombre(float(part), 2)} équivalent temps plein, moins que le "
                    "mi-temps.", "attention", POSTS, post)  # fmt: skip
    renewals = post.get("renouvellements")
    most = int(catalogue.number("adulte_relais_renouvellements"))
    signed = post.get("signature") or start
    if (
        renewals is not None
        and renewals > most
        and in_force(catalogue, "adulte_relais_renouvellements", signed)
    ):
        allowed = compte(most, "renouvellement", "renouvellements")
        yield alert(f"{name} : renouvelée {renewals} fois ; {allowed} au plus.", "attention",
                    POSTS, post)  # fmt: skip


def hiring_deadline(catalogue: Catalogue, post: Row) -> dt.date | None:
    """Return the last day to hire, for a convention that the rule binds; ``None`` otherwise."""
    signed: dt.date | None = post.get("signature")
    if signed is None or not in_force(catalogue, "adulte_relais_recrutement", signed):
        return None
    return months_after(signed, int(catalogue.number("adulte_relais_recrutement")))


def _hiring(books: Books, catalogue: Catalogue, name: str, post: Row) -> Iterator[Alert]:
    """No hiring before the convention is signed; hiring within the months that follow."""
    signed, since, held = post.get("signature"), post.get("depuis"), post.get("occupe")
    if held and signed is not None and since is not None and since < signed:
        yield alert(f"{name} : occupé depuis le {in_words(since)}, avant la signature de la "
                    f"convention, le {in_words(signed)}.", "attention", POSTS, post)  # fmt: skip
    due = hiring_deadline(catalogue, post)
    if (
        due is not None
        and held
        and since is not None
        and since > due
        and not post.get("renouvellements")
    ):
        yield alert(f"{name} : recrutement le {in_words(since)}, après le {in_words(due)} ; la "
                    "convention peut être tombée.", "attention", POSTS, post)  # fmt: skip
    if held is not False:
        return
    never = since is None or signed is None or since <= signed
    if due is not None and never and due < books.today:
        yield alert(f"{name} : personne n’est recruté, le délai a fini le {in_words(due)} ; la "
                    "convention est tombée.", "retard", POSTS, post)  # fmt: skip
    elif due is not None and never:
        yield alert(f"{name} : à recruter d’ici au {in_words(due)}, sans quoi la convention tombe.",
                    "attention", POSTS, post)  # fmt: skip
    else:
        told = f" depuis le {in_words(since)}" if since is not None else ""
        yield alert(f"{name} : poste vacant{told} ; l’aide n’est pas versée.", "attention", POSTS,
                    post)  # fmt: skip


def _papers(books: Books, catalogue: Catalogue, name: str, post: Row) -> Iterator[Alert]:
    """Two quarters without papers, counted from the last ones or from the start."""
    if not post.get("occupe"):
        return
    last = post.get("justificatifs") or post.get("depuis") or post.get("debut")
    quarters = int(catalogue.number("adulte_relais_justificatifs"))
    if last is None:
        return
    due = months_after(last, 3 * quarters)
    told = compte(quarters, "trimestre", "trimestres")
    if due <= books.today:
        yield alert(f"{name} : {told} sans justificatifs au {in_words(due)} ; la convention peut "
                    "être résiliée.", "retard", POSTS, post)  # fmt: skip
    elif months_after(last, 3 * (quarters - 1)) <= books.today:
        yield alert(f"{name} : justificatifs à envoyer avant le {in_words(due)}.", "attention",
                    POSTS, post)  # fmt: skip
