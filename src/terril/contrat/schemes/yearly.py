"""What did each scheme do, year after year, for women and for men?

Reads ``dispositifs`` and ``dispositifs_suivi``. Only counts are kept there: who they are about
stays with those who follow them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.results import alert, grouped, summary, table, total, twins, word
from terril.lib.french import compte, liste, nombre
from terril.registres.rows import Alert, Books, Cell, Line, Row, Summary, Table

SCHEMES: Final = "dispositifs"
FIGURES: Final = "dispositifs_suivi"

#: types of schemes that have registers of their own, beside those that operations link to
_OWN: Final = {"abattement": "tfpb_conventions", "attributions": "cia_attributions",
               "postes": "postes"}  # fmt: skip


def yearly_figures(books: Books, catalogue: Catalogue) -> Summary:
    """Return the schemes, then a table of figures by year for each scheme that has some.

    A line « dont femmes ou filles » follows a measure when one of its years has it. Sources: the
    annual report presents its data by sex (CGCT, article L. 1111-2).
    """
    schemes = {row.number: row for row in books.rows(SCHEMES)}
    figures = [row for row in books.rows(FIGURES) if row.get("dispositif") in schemes]
    by_scheme = grouped(figures, lambda row: int(row.get("dispositif")))
    tables = [_overview(catalogue, schemes.values(), by_scheme)]
    for number, row in schemes.items():
        if number in by_scheme:
            tables += _tables(books, str(row.get("sigle")), by_scheme[number])
    return summary(
        "Chiffres des dispositifs",
        tuple(tables),
        tuple(_alerts(books, catalogue, schemes.values(), by_scheme)),
        ("Les données du rapport annuel sont présentées par sexe (code général des collectivités "
         "territoriales, article L. 1111-2).",),
    )  # fmt: skip


def _overview(catalogue: Catalogue, schemes: Iterable[Row], figures: dict[int, list[Row]]) -> Table:
    workflow = catalogue.workflows["dispositif"]
    lines = []
    for row in schemes:
        years = [int(f.get("annee")) for f in figures.get(row.number, [])]
        state = row.get("etat") or workflow.start
        lines.append(
            Line(
                str(row.get("sigle")),
                (
                    row.get("nom"),
                    word(catalogue, "types_dispositif", row.get("type")),
                    _year(row.get("debut")),
                    _year(row.get("fin")),
                    workflow.states[state].label if state in workflow.states else str(state),
                    len(years),
                    _year(max(years, default=None)),
                ),
                register=SCHEMES,
                number=row.number,
            )
        )
    return table(
        "Les dispositifs",
        ("Dispositif", "Nom", "Type", "Première année", "Dernière année", "État", "Chiffres",
         "Dernière année chiffrée"),
        ("",) * 7,
        lines,
    )  # fmt: skip


def _year(year: int | None) -> str | None:
    """A year is a word in a table: no space among its figures."""
    return None if year is None else str(year)


def _tables(books: Books, name: str, rows: Sequence[Row]) -> Iterator[Table]:
    whole = [row for row in rows if row.get("quartier") is None]
    if whole:
        years = sorted({int(row.get("annee")) for row in whole})
        lines: list[Line] = []
        for measure, held in grouped(whole, _measure).items():
            lines += _lines(measure, held, years)
        yield table(f"{name}, année par année", ("Mesure", *map(str, years)), ("",) * len(years),
                    lines)  # fmt: skip
    local = [row for row in rows if row.get("quartier") is not None]
    if local:
        year = max(int(row.get("annee")) for row in local)
        held = [row for row in local if row.get("annee") == year]
        measures = list(dict.fromkeys(map(_measure, held)))
        by_place = grouped(held, lambda row: int(row.get("quartier")))
        yield table(
            f"{name} par quartier, {year}",
            ("Quartier", *measures),
            ("",) * len(measures),
            [
                Line(
                    books.name("quartiers", place),
                    tuple(
                        total(row.get("valeur") for row in found if _measure(row) == measure)
                        for measure in measures
                    ),
                    register="quartiers",
                    number=place,
                )
                for place, found in by_place.items()
            ],
            "Un quartier dont la mesure n’a pas été saisie reste vide : ce n’est pas zéro.",
        )


def _measure(row: Row) -> str:
    unit = row.get("unite")
    return f"{row.get('mesure')} ({unit})" if unit else str(row.get("mesure"))


def _lines(measure: str, rows: Sequence[Row], years: Sequence[int]) -> Iterator[Line]:
    by_year = grouped(rows, lambda row: int(row.get("annee")))
    heads = (("valeur", measure), ("femmes", "– dont femmes ou filles"),
             ("hommes", "– dont hommes ou garçons"), ("cible", "– cible"))  # fmt: skip
    for column, head in heads:
        values: tuple[Cell, ...] = tuple(
            total(row.get(column) for row in by_year.get(year, [])) for year in years
        )
        if column == "valeur" or any(value is not None for value in values):
            yield Line(head, values)


def _alerts(
    books: Books, catalogue: Catalogue, schemes: Iterable[Row], figures: dict[int, list[Row]]
) -> Iterator[Alert]:
    yield from twins(books, catalogue, FIGURES)
    workflow = catalogue.workflows["dispositif"]
    silent, elsewhere = [], _followed(books)
    for scheme in schemes:
        name = str(scheme.get("sigle"))
        state = workflow.states.get(scheme.get("etat") or workflow.start)
        end = scheme.get("fin")
        if end is not None and end < books.today.year and state is not None and not state.done:
            yield alert(f"{name} : la période s’est achevée en {end}. Est-il terminé ou prolongé ?",
                        "attention", SCHEMES, scheme)  # fmt: skip
        rows = figures.get(scheme.number, [])
        if not rows:
            if scheme.number not in elsewhere and state is not None and not state.done:
                silent.append(name)
            continue
        yield from _by_sex(name, scheme, rows)
        yield from _too_much(books, name, rows)
    if silent:
        yield alert(f"Sans aucun chiffre : {liste(silent)}.", "information")


def _followed(books: Books) -> set[int]:
    """The schemes whose figures are in a register of their own."""
    kinds = {kind for kind, register in _OWN.items() if books.rows(register)}
    found = {row.number for row in books.rows(SCHEMES) if row.get("type") in kinds}
    for register in ("renouvellement", "operations_feder"):
        found |= {int(row.get("programme")) for row in books.rows(register)}
    return found


def _by_sex(name: str, scheme: Row, rows: Sequence[Row]) -> Iterator[Alert]:
    for row in rows:
        value, women, men = row.get("valeur"), row.get("femmes"), row.get("hommes")
        known = total((women, men))
        if value is not None and known is not None and known > value:
            yield alert(
                f"{name}, {row.get('annee')}, « {row.get('mesure')} » : femmes et hommes font "
                f"{_shown(known)}, plus que le total de {_shown(value)}.",
                "attention", FIGURES, row,
            )  # fmt: skip
    year = max(int(row.get("annee")) for row in rows)
    without = [
        row
        for row in rows
        if row.get("annee") == year
        and row.get("valeur") is not None
        and not row.get("sans_sexe")
        and (row.get("femmes") is None or row.get("hommes") is None)
    ]
    if without:
        yield alert(
            f"{name}, {year} : {compte(len(without), 'chiffre', 'chiffres')} sans partage entre "
            "femmes et hommes, que le rapport annuel demande.",
            "information", SCHEMES, scheme,
        )  # fmt: skip


def _too_much(books: Books, name: str, rows: Sequence[Row]) -> Iterator[Alert]:
    """Neighbourhoods are part of the whole: they cannot make more than it."""
    for (year, measure), held in grouped(rows, lambda r: (r.get("annee"), r.get("mesure"))).items():
        whole = [row for row in held if row.get("quartier") is None]
        known = total(row.get("valeur") for row in whole)
        local = total(row.get("valeur") for row in held if row.get("quartier") is not None)
        if known is not None and local is not None and local > known and _adds(whole):
            yield alert(
                f"{name}, {year}, « {measure} » : les quartiers font {_shown(local)}, plus que "
                f"l’ensemble, {_shown(known)}.",
                "attention", FIGURES, whole[0],
            )  # fmt: skip


def _adds(rows: Sequence[Row]) -> bool:
    """Shares and rates do not add up."""
    return all("%" not in (row.get("unite") or "") for row in rows)


def _shown(value: Decimal) -> str:
    digits = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    return nombre(float(value), digits)
