"""What is added to the page of an objective, of a commitment, of a version?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from terril.contrat.commitments.board import ACTIONS, REGISTER, states
from terril.contrat.tree.accounts import NONE, SPLIT_NOTE, money_cells
from terril.contrat.tree.money import Share, Total, grouped
from terril.contrat.tree.nodes import REGISTER as TREE
from terril.contrat.tree.nodes import Tree, node_label
from terril.lib.dates import date_longue
from terril.lib.french import majuscule
from terril.registres.rows import Line, Row, Table
from terril.reports.commitments.words import delay_text
from terril.web.contrat.follow import followed, history, papers
from terril.web.contrat.outline import observed_for, tree_of
from terril.web.contrat.sums import shares_of
from terril.web.espace.panels import panel
from terril.web.espace.perms import can_read
from terril.web.espace.shown import address_of
from terril.web.espace.space import Space

Shown = tuple[str, Mapping[str, Any]] | None


@panel(TREE)
def objective(request: HttpRequest, space: Space, row: Row) -> Shown:
    """Where an objective stands, whether its indicators move, what money goes to it."""
    tree = tree_of(space)
    if row.number not in tree.nodes:
        return None
    node = tree.nodes[row.number]
    whole = tree.whole(node.number)
    codes = list(dict.fromkeys(code for one in whole for code in one.indicators))
    seen = observed_for(space, codes)
    known = space.catalogue.indicators
    table = _money(space, tree, {one.number for one in whole})
    context = {
        "level": majuscule(node_label(space.contract.levels, node)),
        "path": [
            (one.name, address_of(space, TREE, one.number)) for one in tree.path(node.number)[:-1]
        ],
        "tree": reverse("contrat-arbre", args=[space.contract.code]),
        "figures": [seen.figures[code] for code in codes if code in seen.figures],
        "unseen": [
            known[code].label if code in known else code
            for code in codes
            if code not in seen.figures
        ],
        "date": seen.date,
        "below": len(whole) > 1,
        "money": table,
        "rich": can_read(space, "financements") is None,
        "faults": [fault.problem for fault in tree.faults if fault.number == row.number],
    }
    return "contrat/volet_objectif.html", context


def _money(space: Space, tree: Tree, numbers: set[int]) -> Table | None:
    """Money by year and funder on an objective and all that is below; ``None`` without any."""
    if can_read(space, "financements") is not None:
        return None
    shares = [s for s in shares_of(space, tree, space.today) if s.place in numbers]
    if not shares:
        return None
    held = grouped(shares, lambda s: (s.year, s.funder))
    order = sorted(held, key=lambda at: (-(at[0] or 0), -held[at].money.granted, at[1] or 0))
    lines = [_line(space, at, held[at]) for at in order]
    whole = grouped(shares, _everything)[True]
    lines.append(Line("Total", ("", *money_cells(whole)), total=True))
    return Table(
        "L’argent, par année et financeur",
        ("Année", "Financeur", "Demandé", "Accordé", "Payé"),
        tuple(lines),
        ("", "€", "€", "€"),
        f"* {SPLIT_NOTE}" if any(one.split for one in held.values()) else "",
    )


def _everything(share: Share) -> bool:
    return True


def _line(space: Space, at: tuple[int | None, int | None], held: Total) -> Line:
    year, funder = at
    name = space.name("organisations", funder) if funder is not None else NONE
    star = "\u00a0*" if held.split else ""
    return Line(f"{year or NONE}{star}", (name, *money_cells(held)))


@panel(REGISTER)
def commitment(request: HttpRequest, space: Space, row: Row) -> Shown:
    """Where a commitment stands: its delay, its actions with their evidence, its history."""
    found = next((one for one in followed(space) if one.number == row.number), None)
    if found is None:
        return None
    attached = papers(space)
    labels = {code: state.label for code, state in states(space.catalogue, REGISTER).items()}
    context = {
        "commitment": found,
        "late": delay_text(found, space.today),
        "unproved": found.tone == "fait" and not found.evidenced,
        "steps": [
            (
                step,
                address_of(space, ACTIONS, step.number),
                _day(step.due),
                attached.get((ACTIONS, step.number), []),
            )
            for step in found.steps
        ],
        "moves": [
            (_day(one.on), labels.get(one.before, one.before), labels.get(one.after, one.after),
             one.reason)
            for one in reversed(history(space, row.number))
        ],
        "add": f"{reverse('ajouter', args=[space.contract.code, ACTIONS])}?engagement={row.number}",
        "public": (
            reverse("engagements-publics", args=[space.contract.code]) if found.public else ""
        ),
        "space": space,
    }  # fmt: skip
    return "contrat/volet_engagement.html", context


def _day(day: dt.date | None) -> str:
    return date_longue(day.isoformat()) if day is not None else ""
