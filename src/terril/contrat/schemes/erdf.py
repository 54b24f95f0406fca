"""How much European money is asked, programmed and certified, and which operation is late?

Reads ``operations_feder``. Operations that were given up do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.results import (
    UNSAID,
    alert,
    given_up,
    grouped,
    in_qpv,
    in_words,
    money,
    priority,
    ratio,
    summary,
    table,
    total,
    twins,
)
from terril.contrat.schemes.terms import months_after
from terril.lib.french import compte
from terril.registres.folding import collation
from terril.registres.rows import Alert, Books, Cell, Line, Row, Summary

REGISTER: Final = "operations_feder"

HEADS: Final = ("Opérations", "Coût total", "FEDER demandé", "FEDER programmé", "FEDER certifié",
                "Part du FEDER dans le coût", "Certifié sur programmé")  # fmt: skip
UNITS: Final = ("", "€", "€", "€", "€", "%", "%")
NOTE: Final = (
    "FEDER : Fonds européen de développement régional. Les parts portent sur les opérations dont "
    "les deux montants sont connus ; un montant vide est inconnu, non nul."
)


def erdf_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Return the operations by programme (against its envelope), axis and place; the late ones."""
    rows = [row for row in books.rows(REGISTER) if not given_up(row)]
    envelopes = {row.number: row.get("enveloppe") for row in books.rows("dispositifs")}
    by_programme = grouped(rows, lambda row: int(row.get("programme")))
    overview = [
        Line(
            books.name("dispositifs", number),
            (
                *_figures(held),
                envelopes.get(number),
                ratio(total(r.get("programme_eur") for r in held), envelopes.get(number)),
            ),
            register="dispositifs",
            number=number,
        )
        for number, held in by_programme.items()
    ]
    inside = priority(books)
    situations = {True: "En quartier prioritaire", False: "Hors quartier prioritaire",
                  None: "Situation inconnue"}  # fmt: skip
    tables = [
        table(
            "Opérations par programme",
            ("Programme", *HEADS, "Enveloppe", "Taux de programmation"),
            (*UNITS, "€", "%"),
            overview,
            f"{NOTE} Taux de programmation : FEDER programmé sur l’enveloppe du programme.",
        ),
        table(
            "Opérations par axe",
            ("Axe", *HEADS),
            UNITS,
            [
                *(
                    Line(axis, _figures(held))
                    for axis, held in sorted(
                        grouped(rows, lambda row: str(row.get("axe") or UNSAID)).items(),
                        key=lambda item: collation(item[0]),
                    )
                ),
                Line("Ensemble", _figures(rows), total=True),
            ],
            NOTE,
        ),
        table(
            "Opérations par situation",
            ("Situation", *HEADS),
            UNITS,
            [
                Line(situations[where], _figures(held))
                for where, held in grouped(rows, lambda row: in_qpv(row, inside)).items()
            ],
            NOTE,
        ),
    ]
    return summary("Fonds européens", tuple(tables), tuple(_alerts(books, catalogue, rows)))


def _figures(rows: Sequence[Row]) -> tuple[Cell, ...]:
    def both(left: str, right: str) -> Cell:
        held = [r for r in rows if r.get(left) is not None and r.get(right) is not None]
        return ratio(total(r.get(left) for r in held), total(r.get(right) for r in held))

    amounts = [total(row.get(c) for row in rows)
               for c in ("cout", "demande", "programme_eur", "certifie")]  # fmt: skip
    return (len(rows), *amounts, both("programme_eur", "cout"), both("certifie", "programme_eur"))


def _alerts(books: Books, catalogue: Catalogue, rows: Sequence[Row]) -> Iterator[Alert]:
    yield from twins(books, catalogue, REGISTER)
    wait = int(catalogue.number("feder_certification"))
    order = (("certifie", "certifié"), ("programme_eur", "programmé"), ("demande", "demandé"))
    for row in rows:
        name = str(row.get("operation"))
        for (low, low_word), (high, high_word) in zip(order, order[1:], strict=False):
            if (
                row.get(low) is not None
                and row.get(high) is not None
                and row.get(low) > row.get(high)
            ):
                yield alert(f"{name} : FEDER {low_word} ({money(row.get(low))}) au-delà du FEDER "
                            f"{high_word} ({money(row.get(high))}).",
                            "attention", REGISTER, row)  # fmt: skip
        cost, share = row.get("cout"), row.get("programme_eur")
        if cost is not None and share is not None and share > cost:
            yield alert(f"{name} : FEDER programmé ({money(share)}) au-delà du coût total "
                        f"({money(cost)}).", "attention", REGISTER, row)  # fmt: skip
        end = row.get("fin")
        if (
            end is not None
            and months_after(end, wait) < books.today
            and not row.get("certifie")
            and row.get("etat") != "soldee"
        ):
            yield alert(
                f"{name} : finie le {in_words(end)}, rien n’est certifié "
                f"{compte(wait, 'mois', 'mois')} après.",
                "retard", REGISTER, row,
            )  # fmt: skip
    schemes = {row.number: row for row in books.rows("dispositifs")}
    for number, held in grouped(rows, lambda row: int(row.get("programme"))).items():
        envelope = schemes[number].get("enveloppe") if number in schemes else None
        used = total(row.get("programme_eur") for row in held)
        if envelope is not None and used is not None and used > envelope:
            yield alert(
                f"{books.name('dispositifs', number)} : {money(used)} programmés, plus que "
                f"l’enveloppe de {money(envelope)}.",
                "attention", "dispositifs", schemes[number],
            )  # fmt: skip
