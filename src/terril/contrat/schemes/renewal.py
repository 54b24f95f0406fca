"""How many dwellings does urban renewal plan, start and deliver, where, and what is late?

Reads ``renouvellement``: one row an operation on a site. Operations that were given up do not
count. An unknown number of dwellings is not zero: tables say how many operations have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.results import (
    UNSAID,
    alert,
    count,
    given_up,
    grouped,
    in_qpv,
    in_words,
    missing,
    named,
    places,
    priority,
    ratio,
    several,
    states_done,
    summary,
    table,
    twins,
    word,
)
from terril.lib.french import compte
from terril.registres.folding import collation
from terril.registres.rows import Alert, Books, Cell, Line, Row, Summary, Table

REGISTER: Final = "renouvellement"
WORKFLOW: Final = "operation_renouvellement"

HEADS: Final = ("Opérations", "Logements prévus", "Engagés", "Livrés", "Part livrée",
                "Opérations sans nombre prévu")  # fmt: skip
UNITS: Final = ("", "", "", "", "%", "")
NOTE: Final = (
    "Logements engagés : travaux commencés, livrés compris. La part livrée porte sur les "
    "opérations dont les deux nombres sont connus."
)


def renewal_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Return dwellings by programme, type, period and place; the share in QPV; what is late."""
    rows = [row for row in books.rows(REGISTER) if not given_up(row)]
    gone = [row for row in books.rows(REGISTER) if given_up(row)]
    tables = [_overview(books, rows)]
    for number, held in grouped(rows, lambda row: int(row.get("programme"))).items():
        name = books.name("dispositifs", number)
        if any(row.get("type") for row in held):
            tables.append(
                _by(
                    f"{name} : logements par type d’opération",
                    "Type d’opération",
                    held,
                    lambda row: word(catalogue, "types_operation_logement", row.get("type")),
                    lambda row: places(catalogue, "types_operation_logement")[row.get("type")],
                )
            )
        if any(row.get("tranche") for row in held):
            tables.append(
                _by(
                    f"{name} : logements par période",
                    "Période",
                    held,
                    lambda row: str(row.get("tranche") or UNSAID),
                    lambda row: (not row.get("tranche"), collation(str(row.get("tranche")))),
                )
            )
    if rows:
        tables.append(
            _by(
                "Logements par quartier",
                "Quartier",
                rows,
                lambda row: _place(books, row),
                lambda row: (not row.get("quartiers"), collation(_place(books, row))),
                "Une opération sur plusieurs quartiers a sa propre ligne : ses logements ne sont "
                "pas répartis.",
            )
        )
    notes = [
        "Le contrat de ville n’engage pas les crédits de l’Agence nationale pour la rénovation "
        "urbaine (ANRU) : les conventions des programmes font foi."
    ]
    if gone:
        notes.append(
            f"{compte(len(gone), 'opération abandonnée', 'opérations abandonnées')} hors des "
            "tableaux."
        )
    return summary(
        "Rénovation et renouvellement urbain",
        tuple(tables),
        tuple(_alerts(books, catalogue, rows)),
        tuple(notes),
    )


def delivered(rows: Sequence[Row]) -> Fraction | None:
    """Return the share of planned dwellings that are delivered, over rows that know both."""
    both = [r for r in rows if r.get("prevus") is not None and r.get("livres") is not None]
    return ratio(count(r.get("livres") for r in both), count(r.get("prevus") for r in both))


def _figures(rows: Sequence[Row]) -> tuple[Cell, ...]:
    return (
        len(rows),
        count(row.get("prevus") for row in rows),
        count(row.get("engages") for row in rows),
        count(row.get("livres") for row in rows),
        delivered(rows),
        missing(row.get("prevus") for row in rows),
    )


def _by(
    title: str,
    head: str,
    rows: Sequence[Row],
    name: Callable[[Row], str],
    order: Callable[[Row], Any],
    note: str = "",
) -> Table:
    ordered = sorted(rows, key=lambda row: (order(row), row.number))
    lines = [Line(key, _figures(held)) for key, held in grouped(ordered, name).items()]
    lines.append(Line("Ensemble", _figures(rows), total=True))
    return table(title, (head, *HEADS), UNITS, lines, f"{NOTE} {note}".strip())


def _overview(books: Books, rows: Sequence[Row]) -> Table:
    """By programme, with the share of planned dwellings that lie in priority neighbourhoods."""
    inside = priority(books)

    def cells(held: Sequence[Row]) -> tuple[Cell, ...]:
        said = [(in_qpv(row, inside), row) for row in held]
        known = [row for where, row in said if where is not None]
        within = [row for where, row in said if where]
        return (
            *_figures(held),
            len(within),
            len(known) - len(within),
            len(held) - len(known),
            ratio(
                count(row.get("prevus") for row in within) if within else 0,
                count(row.get("prevus") for row in known),
            ),
        )

    lines = [
        Line(books.name("dispositifs", number), cells(held), register="dispositifs", number=number)
        for number, held in grouped(rows, lambda row: int(row.get("programme"))).items()
    ]
    return table(
        "Logements par programme",
        ("Programme", *HEADS, "Opérations en quartier prioritaire", "Hors quartier",
         "Situation inconnue", "Part des logements prévus en quartier"),
        (*UNITS, "", "", "", "%"),
        lines,
        f"{NOTE} La part en quartier porte sur les opérations dont la situation et le nombre de "
        "logements sont connus.",
    )  # fmt: skip


def _place(books: Books, row: Row) -> str:
    links: tuple[int, ...] = row.get("quartiers") or ()
    if links:
        return several([books.name("quartiers", number) for number in links])
    return {None: "Situation inconnue", "hors_qpv": "Hors quartier prioritaire"}.get(
        row.get("situation"), "En quartier prioritaire, sans précision"
    )


def _alerts(books: Books, catalogue: Catalogue, rows: Sequence[Row]) -> Iterator[Alert]:
    yield from twins(books, catalogue, REGISTER)
    for row in rows:
        name = f"{named(books, 'dispositifs', row.get('programme'))}, {row.get('site')}"
        yield from _late(books, catalogue, name, row)
        planned, started, done = (row.get(c) for c in ("prevus", "engages", "livres"))
        if started is not None and done is not None and done > started:
            yield alert(f"{name} : {compte(done, 'logement livré', 'logements livrés')}, plus que "
                        f"les {started} engagés.", "attention", REGISTER, row)  # fmt: skip
        top = max((n for n in (started, done) if n is not None), default=None)
        if planned is not None and top is not None and top > planned:
            yield alert(f"{name} : {top} logements engagés ou livrés, plus que les {planned} "
                        "prévus.", "attention", REGISTER, row)  # fmt: skip
        begins = row.get("debut") or row.get("debut_prevu")
        ends = row.get("livraison") or row.get("livraison_prevue")
        if begins is not None and ends is not None and ends < begins:
            yield alert(f"{name} : livraison le {in_words(ends)}, avant le début, le "
                        f"{in_words(begins)}.", "attention", REGISTER, row)  # fmt: skip
        if row.get("situation") == "hors_qpv" and set(row.get("quartiers") or ()) & priority(books):
            yield alert(f"{name} : dite hors quartier prioritaire, mais liée à un quartier "
                        "prioritaire.", "attention", REGISTER, row)  # fmt: skip


def _late(books: Books, catalogue: Catalogue, name: str, row: Row) -> Iterator[Alert]:
    """A planned day that is past while the real one is blank and the state says no more."""
    if states_done(catalogue, WORKFLOW, row.get("etat")) or row.get("livraison") is not None:
        return
    due, begins = row.get("livraison_prevue"), row.get("debut_prevu")
    if due is not None and due < books.today:
        yield alert(f"{name} : livraison prévue le {in_words(due)}, non faite.", "retard",
                    REGISTER, row)  # fmt: skip
    elif (
        begins is not None
        and begins < books.today
        and row.get("debut") is None
        and row.get("etat") != "engagee"
    ):
        yield alert(f"{name} : début prévu le {in_words(begins)}, non commencé.", "retard",
                    REGISTER, row)  # fmt: skip
