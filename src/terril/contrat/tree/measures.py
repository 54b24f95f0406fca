"""What do the registers of the tree, of the programme and of the yearly promises compute?"""

from __future__ import annotations

from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.tree.accounts import programme
from terril.contrat.tree.money import (
    ACTIONS,
    FUNDINGS,
    actions_by_node,
    by_objective,
    grouped,
)
from terril.contrat.tree.nodes import REGISTER, Node, build
from terril.contrat.tree.questions import questions
from terril.contrat.tree.yearly import REGISTER as PROMISES
from terril.contrat.tree.yearly import alerts, promises
from terril.lib.french import NBSP, compte
from terril.registres.rows import Alert, Books, Line, Summary, Table

#: a register does not know the names that its contract gives to the levels
_LEVELS: Final = (("premier niveau", "premiers niveaux"),)


def programme_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Where the money of the programme goes, with the tree of the day."""
    if not books.rows(ACTIONS) and not books.rows(FUNDINGS):
        return Summary("Où va l’argent")
    return programme(books, catalogue, build(books.rows(REGISTER), books.today), _LEVELS)


def tree_summary(books: Books, catalogue: Catalogue) -> Summary:
    """What is wrong in the tree, and what its objectives lack."""
    tree = build(books.rows(REGISTER), books.today)
    if not tree.nodes:
        return Summary("Les questions que pose l’arborescence")
    own = grouped(by_objective(books, tree), lambda share: share.place)
    found = questions(tree, own, actions_by_node(books, tree), {})
    funded = tuple(one.node for one in found.funded_unfollowed)
    lists: tuple[tuple[str, tuple[Node, ...]], ...] = (
        ("De l’argent, et aucun indicateur", funded),
        ("Objectifs sans action", found.without_action),
        ("Objectifs sans indicateur", found.without_indicator),
        ("Objectifs sans but de la loi", found.without_goal),
    )
    lines = tuple(Line(title, (len(nodes),)) for title, nodes in lists)
    whole = Line("Objectifs", (len(tree.objectives),), total=True)
    faults = tuple(
        Alert(
            f"{fault.problem.where.column}{NBSP}: {fault.problem.what}",
            "attention",
            REGISTER,
            fault.number,
        )
        for fault in tree.faults
    )
    wanting = tuple(
        Alert(f"{title}{NBSP}: {node.name}", "information", REGISTER, node.number)
        for title, nodes in lists
        for node in nodes
    )
    table = Table("Questions", ("Question", "Nombre"), (*lines, whole))
    return Summary("Les questions que pose l’arborescence", (table,), (*faults, *wanting))


def promises_summary(books: Books, catalogue: Catalogue) -> Summary:
    """The yearly promises: target, done and share of each year, the values that are awaited."""
    found = promises(books.rows(PROMISES), books.today, catalogue)
    lines = tuple(
        Line(
            f"{one.text}, {year.year}",
            (
                books.name("organisations", one.organisation) if one.organisation else "",
                year.target,
                year.done,
                year.reached,
                one.unit,
            ),
            register=PROMISES if year.row is not None else "",
            number=year.row.number if year.row is not None else None,
        )
        for one in found
        for year in one.years
    )
    if not lines:
        return Summary("Engagements annuels")
    awaited = sum(len(one.awaited) for one in found)
    table = Table(
        "Année par année",
        ("Engagement", "Signataire", "Cible", "Réalisé", "Part", "Unité"),
        lines,
        ("", "", "", "%", ""),
    )
    note = f"{compte(awaited, 'valeur attendue', 'valeurs attendues')}." if awaited else ""
    return Summary("Engagements annuels", (table,), alerts(found), (note,) if note else ())
