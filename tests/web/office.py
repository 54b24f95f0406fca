"""A contract for the tests of the workspace, its people and its rows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from django.test import Client

from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.models import Contract, Membership
from terril.web.espace.space import Space, space_of
from terril.web.people.models import Person

_COUNT = itertools.count(1)


def contract(code: str = "essai", **fields: Any) -> Contract:
    """Return a new contract."""
    known = {
        "name": f"Contrat de ville de {code.title()}",
        "holder": "Communauté d’agglomération d’essai",
        "siren": "200000172",
        "generation": "g2015",
        "levels": [["pilier", "piliers"], ["axe", "axes"], ["objectif", "objectifs"]],
    }
    return Contract.objects.create(code=code, **{**known, **fields})


def person(name: str = "", **fields: Any) -> Person:
    """Return somebody with an account."""
    number = next(_COUNT)
    return Person.objects.create_user(
        f"personne{number}@exemple.fr", None, name=name or f"Personne {number}", **fields
    )


def member(
    where: Contract,
    role: str,
    *,
    organisation: int | None = None,
    quartiers: Sequence[int] = (),
    name: str = "",
) -> Person:
    """Return somebody who has a role in a contract."""
    made = person(name)
    Membership.objects.create(
        contract=where,
        person=made,
        role=role,
        organisation=organisation,
        quartiers=list(quartiers),
    )
    return made


def client_of(who: Person) -> Client:
    """Return the browser of a person, signed in."""
    browser = Client()
    browser.force_login(who)
    return browser


def root(where: Contract) -> Space:
    """Return the space of the command line, which may do all."""
    return Space(where, everything=True)


def seen_by(where: Contract, who: Person) -> Space:
    """Return the space of a person in a contract, as it stands now."""
    return space_of(where, who)


def fill(where: Contract, register: str, *rows: dict[str, Any]) -> list[Row]:
    """Add rows to a register; return them."""
    space = root(where)
    return [add_row(space, register, values) for values in rows]


def places(where: Contract) -> tuple[list[Row], list[Row], list[Row]]:
    """Return two communes, three neighbourhoods (the last straddles), two town halls and more."""
    communes = fill(
        where, "communes", {"nom": "Lunéville", "code": "54329"}, {"nom": "Écully", "code": "69081"}
    )
    one, two = (row.number for row in communes)
    quartiers = fill(
        where,
        "quartiers",
        {"nom": "Les Hauts", "code": "QP000001", "type": "qpv", "communes": (one,)},
        {"nom": "L’Île d’Or", "code": "QP000002", "type": "qpv", "communes": (two,)},
        {"nom": "Cités 9-9bis", "code": "QP000003", "type": "qpv", "communes": (one, two)},
    )
    halls = fill(
        where,
        "organisations",
        {"nom": "Ville de Lunéville", "nature": "commune", "commune": one},
        {"nom": "Ville d’Écully", "nature": "commune", "commune": two},
        {"nom": "L’Été solidaire", "nature": "association"},
    )
    return communes, quartiers, halls
