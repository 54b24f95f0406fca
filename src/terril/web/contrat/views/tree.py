"""Which pages of the tree have the members: the tree, its questions, its versions, its money?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from terril.contrat.tree.amendments import Amendment, Changed, amendment
from terril.contrat.tree.money import ACTIONS, actions_by_node, grouped
from terril.contrat.tree.nodes import REGISTER, Tree, level_label
from terril.contrat.tree.questions import Moving, questions
from terril.contrat.tree.yearly import (
    REGISTER as PROMISES,
)
from terril.contrat.tree.yearly import (
    VERSIONS,
    Promise,
    alerts,
    next_update,
    promises,
)
from terril.lib.french import avec_unite, majuscule
from terril.registres.rows import Row
from terril.web.contrat.asked import day_asked, number_asked, row_asked
from terril.web.contrat.figures import Observed, places_text
from terril.web.contrat.outline import (
    branches,
    indicators_of,
    levels_text,
    observed_for,
    tree_of,
    weights,
)
from terril.web.contrat.sums import programme_of, shares_of
from terril.web.espace.doors import readable, refused, space_page
from terril.web.espace.perms import can_add, can_read
from terril.web.espace.shown import address_of, text_of
from terril.web.espace.space import Space


@require_safe
@space_page
def outline(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The tree on a day, or what of it is a neighbourhood’s."""
    refusal = readable(space, REGISTER)
    if refusal is not None:
        return refused(request, refusal)
    day = day_asked(request.GET, "date", space.today)
    tree = tree_of(space, day)
    quarter = row_asked(space, request.GET, "quartier", "quartiers")
    seen = observed_for(space, indicators_of(tree.under(None)))
    weighed = weights(space, tree, day)
    tops = _tops(tree, quarter)
    context = {
        "space": space,
        "day": day,
        "dated": day != space.today,
        "quarter": space.name("quartiers", quarter.number) if quarter is not None else "",
        "quarters": [
            (row.number, space.name("quartiers", row.number), row is quarter)
            for row in space.rows("quartiers")
        ],
        "parts": [
            (title, branches(space, tree, weighed, seen, numbers, opened=opened))
            for title, numbers, opened in tops
            if numbers
        ],
        "faults": [
            (fault.problem, address_of(space, REGISTER, fault.number)) for fault in tree.faults
        ],
        "seen": seen.date,
        "may_add": can_add(space, REGISTER) is None,
        "levels": levels_text(space.contract.levels, tree.under(None)),
        "update": _update(space),
    }
    return render(request, "contrat/arbre.html", context)


def _tops(tree: Tree, quarter: Row | None) -> list[tuple[str, tuple[int, ...], int]]:
    """Title, roots and levels unfolded of each part of the page."""
    if quarter is None:
        roots = tree.children.get(None, ())
        across = tuple(n for n in roots if tree.nodes[n].transversal)
        return [
            ("", tuple(n for n in roots if n not in across), 1),
            ("Volets transversaux", across, 1),
        ]
    own = tuple(node.number for node in tree.of_quarter(quarter.number))
    shared = tuple(
        n
        for n in tree.children.get(None, ())
        if not any(node.quarters for node in tree.whole(n)) and n not in own
    )
    return [("Ce qui est propre au quartier", own, 2), ("Ce qui vaut pour tout le contrat",
                                                        shared, 0)]  # fmt: skip


def _update(space: Space) -> Any:
    contract = space.contract
    update = next_update(contract.starts, contract.ends, space.rows(VERSIONS), space.catalogue)
    return update.alert(space.today) if update is not None else None


@dataclass(frozen=True, slots=True)
class MovingLine:
    """An indicator that moves without action, in words."""

    label: str
    code: str
    nodes: tuple[tuple[str, str], ...]
    worse: str
    better: str
    other: str


@require_safe
@space_page
def asked(request: HttpRequest, space: Space) -> HttpResponseBase:
    """What the tree leaves without goal, indicator or action, and what moves alone."""
    refusal = readable(space, REGISTER)
    if refusal is not None:
        return refused(request, refusal)
    tree = tree_of(space)
    seen = observed_for(space, indicators_of(tree.under(None)))
    rich = can_read(space, "financements") is None
    own = grouped(shares_of(space, tree, space.today), lambda s: s.place) if rich else {}
    found = questions(tree, own, actions_by_node(space, tree), seen.movements)

    def linked(nodes: Sequence[Any]) -> list[tuple[str, str]]:
        return [(node.name, address_of(space, REGISTER, node.number)) for node in nodes]

    context = {
        "space": space,
        "seen": seen.date,
        "rich": rich,
        "objectives": len(tree.objectives),
        "funded": [
            (one.node.name, address_of(space, REGISTER, one.node.number),
             avec_unite(float(one.money.granted), 0, "€"), one.split)
            for one in found.funded_unfollowed
        ],
        "moving": [_moving(space, seen, one) for one in found.moving_alone],
        "without_action": linked(found.without_action),
        "without_indicator": linked(found.without_indicator),
        "without_goal": linked(found.without_goal),
        "actions": reverse("registre", args=[space.contract.code, ACTIONS]),
    }  # fmt: skip
    return render(request, "contrat/questions.html", context)


def _moving(space: Space, seen: Observed, one: Moving) -> MovingLine:
    return MovingLine(
        seen.figures[one.indicator].label,
        one.indicator,
        tuple((node.name, address_of(space, REGISTER, node.number)) for node in one.nodes),
        places_text(seen.names, one.worse),
        places_text(seen.names, one.better),
        places_text(seen.names, one.other),
    )


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A node that an amendment changed: column, before, after, in words."""

    name: str
    address: str
    changes: tuple[tuple[str, str, str], ...]


@require_safe
@space_page
def versions(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The versions of the contract, what changed in the tree between two days, yearly promises."""
    refusal = readable(space, REGISTER) or readable(space, VERSIONS)
    if refusal is not None:
        return refused(request, refusal)
    rows = sorted(
        space.rows(VERSIONS), key=lambda r: r.get("date") or r.get("debut") or dt.date.max
    )
    start = space.contract.starts or next(
        (day for row in rows if (day := row.get("debut") or row.get("date"))), space.today
    )
    before = day_asked(request.GET, "du", start)
    after = day_asked(request.GET, "au", space.today)
    found = amendment(space.rows(REGISTER), min(before, after), max(before, after))
    followed = (
        promises(space.rows(PROMISES), space.today, space.catalogue)
        if can_read(space, PROMISES) is None
        else ()
    )
    card = space.card(VERSIONS)
    context = {
        "space": space,
        "versions": [
            (
                row,
                space.name(VERSIONS, row.number),
                address_of(space, VERSIONS, row.number),
                text_of(space, card.columns["nature"], row.get("nature")),
            )
            for row in rows
        ],
        "before": found.before,
        "after": found.after,
        "found": found,
        "came": _named(space, found.came),
        "went": _named(space, found.went),
        "changed": [_changed(space, one) for one in found.changed],
        "update": _update(space),
        "promises": [_promise(space, one) for one in followed],
        "promise_alerts": alerts(followed),
        "may_add": can_add(space, VERSIONS) is None,
    }
    return render(request, "contrat/versions.html", context)


def _named(space: Space, nodes: Amendment | Sequence[Any]) -> list[tuple[str, str]]:
    assert not isinstance(nodes, Amendment)
    return [(node.name, address_of(space, REGISTER, node.number)) for node in nodes]


def _changed(space: Space, one: Changed) -> ChangedLine:
    columns = space.card(REGISTER).columns

    def said(field: str, value: Any) -> str:
        if field == "parent":
            return str(value)
        if field == "niveau":
            return level_label(space.contract.levels, int(value))
        return text_of(space, columns[field], value)

    return ChangedLine(
        one.node.name,
        address_of(space, REGISTER, one.node.number),
        tuple(
            (majuscule(c.label), said(c.field, c.before), said(c.field, c.after))
            for c in one.changes
        ),
    )


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A yearly promise and its years, in words: year, target, done, share, awaited, address."""

    who: str
    text: str
    indicator: str
    years: tuple[tuple[int, str, str, str, bool, str], ...]


def _promise(space: Space, one: Promise) -> PromiseLine:
    columns = space.card(PROMISES).columns

    def said(name: str, value: Any) -> str:
        text = text_of(space, columns[name], value)
        return f"{text} {one.unit}".strip() if text else "–"

    return PromiseLine(
        space.name("organisations", one.organisation) if one.organisation is not None else "",
        one.text,
        one.indicator,
        tuple(
            (
                year.year,
                said("cible", year.target),
                said("realise", year.done),
                avec_unite(float(year.reached * 100), 0, "%") if year.reached is not None else "",
                year.awaited,
                address_of(space, PROMISES, year.row.number) if year.row is not None else "",
            )
            for year in one.years
        ),
    )


@require_safe
@space_page
def money(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Where the money of the programme goes, all years or one."""
    refusal = readable(space, ACTIONS) or readable(space, "financements")
    if refusal is not None:
        return refused(request, refusal)
    year = number_asked(request.GET, "annee")
    years = sorted({y for row in space.rows(ACTIONS) if (y := row.get("annee"))}, reverse=True)
    year = year if year in years else None
    summary = programme_of(space, tree_of(space), year)
    context = {"space": space, "summary": summary, "years": years, "year": year}
    return render(request, "contrat/argent.html", context)
