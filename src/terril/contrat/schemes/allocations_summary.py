"""Does social housing go where the law and the convention say, by year, landlord and place?

Small groups are hidden, with what would let them be worked out (``hidden``); the minimum is that
of the secrecy rule « bailleurs ».
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.allocations import (
    INSIDE,
    MEASURES,
    OUTSIDE,
    PRIORITY,
    Measure,
    Rate,
    own_target,
    rate,
    target,
)
from terril.contrat.schemes.hidden import Group, hidden_groups
from terril.contrat.schemes.quartiles import ceilings_of
from terril.contrat.schemes.results import (
    alert,
    grouped,
    named,
    priority,
    summary,
    table,
    twins,
    word,
)
from terril.lib.french import compte, liste, nombre
from terril.registres.folding import collation
from terril.registres.rows import Alert, Books, Cell, Line, Row, Summary, Table

REGISTER: Final = "cia_attributions"
SECRECY: Final = "bailleurs"
HIDDEN: Final = "s"

HEADS: Final = ("Attributions", "Retenues", "Non retenues", "Inconnues", "Bail inconnu",
                "Taux sur cas connus", "Part inconnue", "Au moins", "Au plus", "Objectif",
                "Résultat")  # fmt: skip
UNITS: Final = ("", "", "", "", "", "%", "%", "%", "%", "%", "")

#: breakdown → (head, register that it links to, list of its words)
BREAKDOWNS: Final[Mapping[str, tuple[str, str, str]]] = {
    "bailleur": ("Bailleur", "organisations", ""),
    "contingent": ("Réservataire", "", "contingents"),
    "commune": ("Commune", "communes", ""),
    "quartier": ("Quartier", "quartiers", ""),
}

#: what each measure is broken down by
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    OUTSIDE.code: ("bailleur", "contingent", "commune"),
    INSIDE.code: ("bailleur", "contingent", "commune", "quartier"),
    PRIORITY.code: ("contingent",),
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A line of a breakdown: the measure, the column and its value, the allocations."""

    measure: Measure
    column: str
    value: int | str | None
    rows: tuple[Row, ...]
    held: Rate
    target: Fraction


def allocations_summary(books: Books, catalogue: Catalogue, year: int | None = None) -> Summary:
    """Return each measure by year, then the year's by landlord, holder, commune, neighbourhood.

    ``year``: the year of the breakdowns, the latest that has allocations unless given.
    """
    rows = list(books.rows(REGISTER))
    minimum = catalogue.secrecy[SECRECY].minimum or 0
    by_year = grouped(rows, lambda row: int(row.get("annee")))
    chosen = max(by_year, default=None) if year is None else year
    tables = [
        _years(measure, [_whole(books, catalogue, measure, y, by_year[y]) for y in sorted(by_year)],
               sorted(by_year), minimum)
        for measure in MEASURES
    ]  # fmt: skip
    cuts: list[Cut] = []
    gone: frozenset[Hashable] = frozenset()
    if chosen is not None and chosen in by_year:
        cuts = list(_cuts(books, catalogue, by_year[chosen], chosen))
        gone = _secret(cuts, minimum)
        tables += _breakdowns(books, catalogue, cuts, gone, chosen)
    return summary(
        "Attributions de logements sociaux : convention intercommunale d’attribution (CIA)",
        tuple(tables),
        (
            *_results(books, catalogue, by_year, minimum),
            *_own_results(books, catalogue, cuts, gone, chosen),
            *_doubts(books, catalogue, by_year),
        ),
        (
            "Code de la construction et de l’habitation, article L. 441-1. Le plafond du premier "
            "quartile est celui de l’année de l’attribution.",
            f"s : secret, moins de {minimum} attributions, ou ligne cachée pour en protéger une "
            "autre. « Au moins » et « au plus » : les bornes du taux, quoi que valent les "
            "situations inconnues. « Indécis » : l’objectif est entre les deux.",
        ),
    )


def _whole(
    books: Books, catalogue: Catalogue, measure: Measure, year: int, rows: Sequence[Row]
) -> Cut:
    return Cut(measure, "", None, tuple(rows), rate(rows, measure),
               target(books, catalogue, measure, year))  # fmt: skip


def _years(measure: Measure, cuts: Sequence[Cut], years: Sequence[int], minimum: int) -> Table:
    return table(
        f"Par année, {_lower(measure.title)}",
        ("Année", *HEADS),
        UNITS,
        [
            Line(str(year), _cells(cut, 0 < cut.held.size < minimum))
            for year, cut in zip(years, cuts, strict=True)
        ],
        measure.note,
    )


def _cells(cut: Cut, hidden: bool) -> tuple[Cell, ...]:
    held = cut.held
    if hidden:
        return (*(HIDDEN,) * 9, cut.target, HIDDEN)
    return (held.counted, held.yes, held.no, held.unknown, held.loose, held.known,
            held.unknown_share, held.low, held.high, cut.target,
            held.verdict(cut.target))  # fmt: skip


def _cuts(books: Books, catalogue: Catalogue, rows: Sequence[Row], year: int) -> Iterator[Cut]:
    for measure in MEASURES:
        concerned = [row for row in rows if measure.counted(row) is not False]
        yield _whole(books, catalogue, measure, year, concerned)
        for column in ASKED[measure.code]:
            for value, held in grouped(concerned, _value_of(column)).items():
                landlord = value if column == "bailleur" and isinstance(value, int) else None
                yield Cut(measure, column, value, tuple(held), rate(held, measure),
                          target(books, catalogue, measure, year, landlord))  # fmt: skip


def _value_of(column: str) -> Callable[[Row], int | str | None]:
    def value(row: Row) -> int | str | None:
        held: int | str | None = row.get(column)
        return held

    return value


def _key(cut: Cut) -> Hashable:
    return (cut.measure.code, cut.column, cut.value)


def _secret(cuts: Sequence[Cut], minimum: int) -> frozenset[Hashable]:
    """The lines to hide, over all the breakdowns of the year together."""
    groups = {
        _key(cut): Group(
            (cut.measure.code, cut.column),
            frozenset(row.number for row in cut.rows if row.get("nombre")),
            cut.held.size,
            not cut.column,
        )
        for cut in cuts
    }
    return hidden_groups(groups, minimum)


def _breakdowns(
    books: Books,
    catalogue: Catalogue,
    cuts: Sequence[Cut],
    gone: frozenset[Hashable],
    year: int,
) -> Iterator[Table]:
    for measure in MEASURES:
        whole = next(cut for cut in cuts if cut.measure is measure and not cut.column)
        for column in ASKED[measure.code]:
            head, register, words = BREAKDOWNS[column]
            lines = []
            for cut in cuts:
                if cut.measure is not measure or cut.column != column:
                    continue
                number = cut.value if isinstance(cut.value, int) else None
                name = (
                    word(catalogue, words, None if cut.value is None else str(cut.value))
                    if words
                    else named(books, register, number)
                )
                lines.append(
                    Line(
                        name,
                        _cells(cut, _key(cut) in gone),
                        register=register if number is not None else "",
                        number=number,
                    )
                )
            lines.sort(key=lambda line: collation(line.head))
            lines.append(Line("Ensemble", _cells(whole, _key(whole) in gone), total=True))
            title = f"Par {head.lower()}, {_lower(measure.title)}, {year}"
            yield table(title, (head, *HEADS), UNITS, lines, measure.note)


def _results(
    books: Books, catalogue: Catalogue, by_year: Mapping[int, Sequence[Row]], minimum: int
) -> Iterator[Alert]:
    """Targets of all landlords together, the latest year first.

    The rate of priority households binds each holder of rights, not their sum.
    """
    for year in sorted(by_year, reverse=True):
        for measure in (OUTSIDE, INSIDE):
            cut = _whole(books, catalogue, measure, year, by_year[year])
            if cut.held.size >= minimum:
                yield from _result(f"{year}, {_lower(measure.title)}", cut)


def _own_results(
    books: Books,
    catalogue: Catalogue,
    cuts: Sequence[Cut],
    gone: frozenset[Hashable],
    year: int | None,
) -> Iterator[Alert]:
    """Landlords that have a rate of their own; for priority households, each holder of rights."""
    for cut in cuts:
        if year is None or _key(cut) in gone:
            continue
        if cut.column == "bailleur" and isinstance(cut.value, int):
            if not own_target(books, cut.measure, year, cut.value):
                continue
            name = named(books, "organisations", cut.value)
        elif cut.measure is PRIORITY and cut.column == "contingent" and cut.value is not None:
            name = word(catalogue, "contingents", str(cut.value))
        else:
            continue
        yield from _result(f"{year}, {name}, {_lower(cut.measure.title)}", cut)


def _result(name: str, cut: Cut) -> Iterator[Alert]:
    verdict = cut.held.verdict(cut.target)
    low, high = cut.held.low, cut.held.high
    if verdict in (None, "atteint") or low is None or high is None:
        return
    aim = cut.target
    between = (
        _percent(low, aim)
        if low == high
        else f"entre {_percent(low, aim)} et {_percent(high, aim)}"
    )
    if verdict == "non atteint":
        yield alert(f"{name} : {between}, sous l’objectif de {_percent(aim, aim)}.",
                    "attention", REGISTER)  # fmt: skip
    else:
        yield alert(
            f"{name} : {between} selon les situations inconnues ; rien ne dit si l’objectif de "
            f"{_percent(aim, aim)} est atteint.",
            "attention", REGISTER,
        )  # fmt: skip


def _percent(share: Fraction, aim: Fraction) -> str:
    """A share as it is shown: with the decimals that tell it from the target."""
    for digits in range(5):
        exact = share * 100 * 10**digits
        if exact.denominator == 1:
            break
        if digits and round(exact) != round(aim * 100 * 10**digits):
            break
    return f"{nombre(float(share * 100), digits)} %"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _doubts(
    books: Books, catalogue: Catalogue, by_year: Mapping[int, Sequence[Row]]
) -> Iterator[Alert]:
    """What makes the figures doubtful; never a small group, only whole years."""
    yield from twins(books, catalogue, REGISTER)
    ceilings = ceilings_of(books)
    without = [str(year) for year in sorted(by_year) if year not in ceilings]
    if without:
        yield alert(f"Le plafond du premier quartile manque pour {liste(without)}.", "attention",
                    "cia_plafonds")  # fmt: skip
    for year, held in sorted(ceilings.items()):
        if not held.rising:
            yield alert(f"Plafonds de {year} : chaque quartile doit passer le précédent.",
                        "attention", "cia_plafonds")  # fmt: skip
    places = priority(books)
    for year, rows in sorted(by_year.items()):
        crossed = [
            r for r in rows if r.get("situation") == "hors_qpv" and r.get("quartier") in places
        ]
        if crossed:
            yield alert(
                f"{year} : {compte(len(crossed), 'ligne dite', 'lignes dites')} hors quartier "
                "prioritaire, mais avec un quartier prioritaire.",
                "attention", REGISTER,
            )  # fmt: skip
