"""A contract with a directory for the tests of its pages: three structures, one published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import office

from terril.web.espace.models import Contract
from terril.web.people.models import Person

BASE = "/espace/essai/annuaire/"
PUBLIC = "/annuaire/essai/"
#: what only the team and the structure read
SECRETS = ("Prénom Secret", "secret@exemple.fr", "06 00 00 00 00", "à préciser encore")


def directory() -> Contract:
    """L’Été solidaire (3) is published, Ville de Lunéville (1) a draft, La Fabrique (4) waits."""
    contract = office.contract()
    office.places(contract)
    office.fill(
        contract, "organisations",
        {"nom": "La Fabrique d’Écully", "nature": "association", "courriel": "secret@exemple.fr"},
    )  # fmt: skip
    hidden = {
        "correspondant": SECRETS[0], "correspondant_courriel": SECRETS[1],
        "correspondant_telephone": SECRETS[2], "remarques": SECRETS[3],
    }  # fmt: skip
    office.fill(
        contract, "operateurs",
        {"organisation": 3, "etat": "publiee", "a_jour_le": dt.date.today(), "commune": 1,
         "presentation": "Nous jardinons <ensemble> & sans herbicide.", "horaires": "lundi\nmardi",
         "telephone_accueil": "03 83 00 00 00", "courriel_accueil": "accueil@ete.exemple.fr",
         "site": "https://ete.exemple.fr/?a=1&b=2", **hidden},
        {"organisation": 1, "presentation": "Brouillon de la ville.", **hidden},
        {"organisation": 4, "etat": "a_relire", "presentation": "Fabriquer.", **hidden},
    )  # fmt: skip
    office.fill(
        contract, "offres",
        {"organisation": 3, "intitule": "Jardin d’insertion", "themes": ("emploi",),
         "quartiers": (1,), "cout": "gratuit", "public": "tous", "publiee": True,
         "quand": "mercredi, 14 h"},
        {"organisation": 3, "intitule": "Potager caché", "themes": ("emploi",), "publiee": False},
        {"organisation": 3, "intitule": "Chantier fini", "themes": ("emploi",), "publiee": True,
         "jusqu_a": dt.date(2020, 1, 1)},
        {"organisation": 4, "intitule": "Atelier bois", "themes": ("culture",), "publiee": True},
    )  # fmt: skip
    return contract


def three(contract: Contract) -> tuple[Person, Person, Person]:
    """Somebody of the team, somebody of L’Été solidaire, a citizen councillor."""
    return (
        office.member(contract, "chargee_mission", name="Camille Mission"),
        office.member(contract, "porteur", organisation=3, name="Dominique Porteur"),
        office.member(contract, "conseiller_citoyen", quartiers=[1], name="Claude Citoyen"),
    )


def form(contract: Contract, who: Person, structure: int, **changes: Any) -> dict[str, Any]:
    """What the form of a sheet sends when nothing is touched, but for ``changes``."""
    page = office.client_of(who).get(f"{BASE}fiches/{structure}/modifier/")
    sent: dict[str, Any] = {"version": str(page.context["part"].base)}
    for part in (page.context["part"], *page.context["offers"]):
        if part.key:
            sent[f"{part.key}-version"] = str(part.base)
        for section in part.sections:
            for field in section.fields:
                chosen = [option.value for option in field.chosen]
                sent[field.name] = chosen if field.widget == "cases" else (
                    chosen[0] if chosen else field.value
                )  # fmt: skip
    return {**sent, **changes}
