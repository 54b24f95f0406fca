"""Which tables say where the money of the programme goes, and who is under agreement?

The figures of ``tree.money`` as tables for pages, documents and workbooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from terril.catalogue.load import Catalogue
from terril.contrat.tree.money import (
    ACTIONS,
    FUNDINGS,
    Money,
    Share,
    Total,
    by_objective,
    by_quarter,
    cpo_shares,
    grouped,
    rolled_up,
)
from terril.contrat.tree.nodes import REGISTER, Tree, level_label
from terril.lib.french import FINE, NBSP, avec_unite, compte, majuscule, nombre
from terril.registres.rows import Alert, Books, Cell, Line, Summary, Table

_MONEY: Final = ("Demandé", "Accordé", "Payé")
_UNITS: Final = ("€", "€", "€", "")
NONE: Final = "Non précisé"
WHOLE: Final = "Ensemble du contrat"
OUT: Final = "Hors arborescence"
SPLIT_NOTE: Final = (
    "Une action qui a plusieurs objectifs, ou plusieurs quartiers, compte dans chacun pour une "
    "part égale, au centime près. Le total est celui des actions."
)


def money_cells(held: Total) -> tuple[Cell, Cell, Cell]:
    """Asked, granted, paid; a sum that no amount stands behind is unknown, not zero."""
    asked, granted, paid = held.said
    money = held.money
    return (
        money.asked if asked else None,
        money.granted if granted else None,
        money.paid if paid else None,
    )


def money_line(
    head: str, held: Total, *, whole: bool = False, register: str = "", number: int | None = None
) -> Line:
    """A line of money: asked, granted, paid, actions. A star: some of it is a part."""
    cells: tuple[Cell, ...] = (*money_cells(held), len(held.actions))
    return Line(f"{head}{NBSP}*" if held.split else head, cells, whole, register, number)


def _table(title: str, head: str, lines: Iterable[Line], shares: Sequence[Share]) -> Table:
    every = grouped(shares, _whole).get(True, Total(Money()))
    rows = (*lines, money_line("Total", every, whole=True))
    cut = any(line.head.endswith("*") for line in rows)
    note = f"* {SPLIT_NOTE}" if cut else ""
    return Table(title, (head, *_MONEY, "Actions"), rows, _UNITS, note)


def _whole(share: Share) -> bool:
    return True


def by_year(shares: Sequence[Share]) -> Table:
    """Money by year of the programme, the last one first."""
    held = grouped(shares, lambda s: s.year)
    years = sorted(held, key=lambda year: -(year or 0))
    lines = [money_line(str(year) if year else NONE, held[year]) for year in years]
    return _table("Par année", "Année", lines, shares)


def by_funder(books: Books, shares: Sequence[Share]) -> Table:
    """Money by funder, the greatest first."""
    held = grouped(shares, lambda s: s.funder)
    lines = [
        money_line(
            books.name("organisations", funder) if funder is not None else NONE,
            held[funder],
            register="organisations" if funder is not None else "",
            number=funder,
        )
        for funder in sorted(held, key=lambda f: (-held[f].money.granted, f or 0))
    ]
    return _table("Par financeur", "Financeur", lines, shares)


def by_kind(catalogue: Catalogue, shares: Sequence[Share]) -> Table:
    """Money by kind: specific credits, droit commun, valued means."""
    words = catalogue.lists["natures_financement"].items
    held = grouped(shares, lambda s: s.kind)
    order = [*words, *(kind for kind in held if kind not in words)]
    lines = [money_line(words.get(k, NONE), held[k]) for k in order if k in held]
    return _table("Par nature", "Nature", lines, shares)


def by_level(shares: Sequence[Share], tree: Tree, levels: Sequence[Sequence[str]]) -> Table:
    """Money of the first level of the tree, all below included; what is on no node apart."""
    held = rolled_up(shares, tree)
    heads = [number for number in tree.children.get(None, ()) if number in held]
    lines = [money_line(tree.nodes[n].name, held[n], register=REGISTER, number=n) for n in heads]
    if None in held:
        lines.append(money_line(OUT, held[None]))
    word = majuscule(level_label(levels, 1))
    return _table(f"Par {level_label(levels, 1)}", word, lines, shares)


def by_neighbourhood(books: Books, keep: Callable[[Share], bool] = lambda share: True) -> Table:
    """Money by neighbourhood; actions that name none are for the whole contract."""
    shares = [share for share in by_quarter(books) if keep(share)]
    held = grouped(shares, lambda s: s.place)
    order = sorted(held, key=lambda q: (q is None, books.name("quartiers", q) if q else ""))
    lines = [
        money_line(
            books.name("quartiers", q) if q is not None else WHOLE,
            held[q],
            register="quartiers" if q is not None else "",
            number=q,
        )
        for q in order
    ]
    return _table("Par quartier", "Quartier", lines, shares)


def agreements(books: Books, catalogue: Catalogue, shares: Sequence[Share]) -> Table:
    """Specific credits under multi-year agreement, by year and funder, beside the target."""
    target = cpo_target(catalogue)
    lines = []
    for found in cpo_shares(shares):
        year = str(found.year) if found.year else NONE
        head = (
            f"{year}, tous les financeurs"
            if found.funder is None
            else f"{year}, {books.name('organisations', found.funder)}"
        )
        lines.append(
            Line(head, (found.credits, found.under, found.share), total=found.funder is None)
        )
    share = avec_unite(float(target * 100), 0, "%")
    return Table(
        "Crédits spécifiques en convention pluriannuelle d’objectifs",
        ("Année et financeur", "Accordé", "En convention", "Part"),
        tuple(lines),
        ("€", "€", "%"),
        f"Repère{NBSP}: au moins {share} des crédits. Il n’oblige pas.",
    )


def cpo_target(catalogue: Catalogue) -> Fraction:
    """The share of credits under agreement that the circulaire asks for."""
    value = catalogue.parameter("programme_part_cpo")
    return Fraction(str(value if isinstance(value, float) else value[0]))


def money_alerts(books: Books, catalogue: Catalogue, shares: Sequence[Share]) -> tuple[Alert, ...]:
    """What does not add up, and the years whose agreements are under the target."""
    found: list[Alert] = []
    actions = {row.number: row for row in books.rows(ACTIONS)}
    unsaid = sum(row.get("accorde") is None for row in books.rows(FUNDINGS))
    if unsaid:
        count = compte(unsaid, "financement n’a pas", "financements n’ont pas")
        text = f"{count} de montant accordé{NBSP}: les totaux ne les comptent pas."
        found.append(Alert(text, "information"))
    for row in books.rows(FUNDINGS):
        action = actions.get(row.get("action"))
        granted, paid = row.get("accorde"), row.get("paye")
        if action is None:
            text = "Un financement ne se rattache plus à aucune action."
            found.append(Alert(text, "attention", FUNDINGS, row.number))
            continue
        if paid is not None and paid > (granted or 0):
            name = books.name(ACTIONS, action.number)
            text = f"«{NBSP}{name}{NBSP}»{NBSP}: payé plus qu’accordé."
            found.append(Alert(text, "attention", FUNDINGS, row.number))
        if granted and action.get("etat") == "refusee":
            name = books.name(ACTIONS, action.number)
            text = f"«{NBSP}{name}{NBSP}» est refusée et a pourtant de l’argent accordé."
            found.append(Alert(text, "attention", FUNDINGS, row.number))
    found += _missing_budget(books)
    target = cpo_target(catalogue)
    for line in cpo_shares(shares):
        share = line.share
        if line.funder is None and share is not None and share < target:
            part = nombre(float(share * 100), 1)
            text = (
                f"{line.year or NONE}{NBSP}: {part}{FINE}% des crédits spécifiques sont en "
                "convention pluriannuelle d’objectifs, sous le repère de "
                f"{nombre(float(target * 100))}{FINE}%."
            )
            found.append(Alert(text, "information"))
    return tuple(found)


def _missing_budget(books: Books) -> list[Alert]:
    granted: dict[int, Decimal] = {}
    for row in books.rows(FUNDINGS):
        action = row.get("action")
        granted[action] = granted.get(action, Decimal(0)) + (row.get("accorde") or 0)
    found = []
    for row in books.rows(ACTIONS):
        budget = row.get("budget")
        if budget is not None and granted.get(row.number, 0) > budget:
            name = books.name(ACTIONS, row.number)
            text = f"«{NBSP}{name}{NBSP}»{NBSP}: accordé plus que son budget."
            found.append(Alert(text, "attention", ACTIONS, row.number))
    return found


def programme(
    books: Books,
    catalogue: Catalogue,
    tree: Tree,
    levels: Sequence[Sequence[str]],
    keep: Callable[[Share], bool] = lambda share: True,
) -> Summary:
    """The whole account of the programme, or of the shares that ``keep`` takes (a year…)."""
    shares = [share for share in by_objective(books, tree) if keep(share)]
    tables = (
        by_year(shares),
        by_level(shares, tree, levels),
        by_funder(books, shares),
        by_kind(catalogue, shares),
        by_neighbourhood(books, keep),
        agreements(books, catalogue, shares),
    )
    return Summary("Où va l’argent", tables, money_alerts(books, catalogue, shares))
