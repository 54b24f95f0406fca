"""A body, its members and a meeting, for the tests of the pages of the meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import office
from django.utils import timezone

from terril.registres.rows import Row
from terril.web.espace.models import Contract


def today() -> dt.date:
    return timezone.localdate()


def soon(days: int = 10) -> dt.date:
    return today() + dt.timedelta(days=days)


def body(where: Contract, **values: Any) -> Row:
    """A committee in which three structures sit; the third one has no address."""
    organisations = office.fill(
        where,
        "organisations",
        {"nom": "Ville de Lunéville", "nature": "commune", "courriel": "ville@exemple.fr"},
        {"nom": "L’Été solidaire", "nature": "association", "courriel": "ete@exemple.fr"},
        {"nom": "Conseil citoyen", "nature": "conseil_citoyen"},
    )
    made = office.fill(
        where, "instances", {"nom": "Comité technique", "nature": "technique", **values}
    )[0]
    office.fill(
        where,
        "mandats",
        *(
            {
                "instance": made.number,
                "organisation": row.number,
                "qualite": "titulaire",
                **({"courriel": "direction@exemple.fr"} if place == 0 else {}),
            }
            for place, row in enumerate(organisations)
        ),
    )
    return made


def meeting(where: Contract, instance: Row, **values: Any) -> Row:
    """A meeting ahead, with all that an invitation asks for."""
    known: dict[str, Any] = {
        "titre": "Comité technique d’été",
        "instance": instance.number,
        "date": soon(),
        "debut": dt.time(14),
        "fin": dt.time(16, 30),
        "lieu": "Salle des fêtes",
        "ordre_du_jour": "Bilan\nBudget",
    }
    return office.fill(where, "reunions", {**known, **values})[0]


def organisations(where: Contract) -> dict[str, int]:
    return {row.get("nom"): row.number for row in office.root(where).rows("organisations")}
