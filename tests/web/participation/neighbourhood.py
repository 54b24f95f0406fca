"""A contract with two neighbourhoods, a walk, a form that fades, and its people."""

from __future__ import annotations

import datetime as dt
import io
import time
from dataclasses import dataclass
from typing import Any

import office
from django.core import signing
from django.test import Client
from PIL import Image

from terril.web.espace.models import Contract
from terril.web.participation import gate
from terril.web.people.models import Person

day = dt.date.fromisoformat


@dataclass(frozen=True)
class Place:
    """The contract, who is there, and their browsers."""

    contract: Contract
    keeper: Person
    chief: Person  # of the first commune only
    councillor: Person  # of the first neighbourhood only
    stranger: Person  # no member

    def browser(self, who: str) -> Client:
        """The browser of one of them, or of nobody in particular (« public »)."""
        return Client() if who == "public" else office.client_of(getattr(self, who))


def settle() -> Place:
    """Make it all; the walk is n° 1, its neighbourhood n° 1, the form n° 1."""
    gate.forget()
    contract = office.contract()
    office.places(contract)
    office.fill(
        contract,
        "formes",
        {
            "nom": "Conseil citoyen des Hauts",
            "forme": "conseil_citoyen",
            "quartiers": (1,),
            "femmes": 4,
            "hommes": 6,
        },
    )
    office.fill(
        contract,
        "formes_suivi",
        {"forme": 1, "annee": 2022, "reunions": 9, "membres_actifs": 20},
        {"forme": 1, "annee": 2024, "reunions": 2, "membres_actifs": 6},
    )
    office.fill(
        contract,
        "marches",
        {"titre": "Marche des Hauts", "date": day("2026-10-02"), "quartiers": (1,)},
    )
    stranger = office.person("Ailleurs")
    other = office.contract("ailleurs")
    office.member(other, "chargee_mission")
    return Place(
        contract,
        office.member(contract, "chargee_mission"),
        office.member(contract, "chef_projet", organisation=1),
        office.member(contract, "conseiller_citoyen", quartiers=[1]),
        stranger,
    )  # fmt: skip


def opened(ago: int = 60) -> str:
    """The mark of a form that was opened so many seconds ago."""
    return signing.dumps(int(time.time()) - ago, salt="terril.participation.proposer")


def message(**fields: Any) -> dict[str, Any]:
    """What a resident sends."""
    return {
        "titre": "Un banc à l’arrêt",
        "texte": "Il n’y a nulle part où s’asseoir en attendant le bus, dit Mme Untel.",
        "nature": "besoin",
        "theme": "cadre_de_vie",
        "quartier": "1",
        "courriel": "",
        "ouvert": opened(),
        gate.TRAP: "",
        **fields,
    }


def photo() -> io.BytesIO:
    """A photo that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "MarqueSecrete"
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((320, 240)).save(out, "JPEG", exif=exif)
    out.seek(0)
    out.name = "rue.jpg"
    return out
