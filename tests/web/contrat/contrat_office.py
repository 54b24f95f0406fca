"""Two contracts for the tests: one of 2015 with pillars, one of 2024 with projects."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import office

from terril.web.espace.models import Contract

D, E = dt.date, Decimal
PROJECTS = [["projet de quartier", "projets de quartier"], ["objectif", "objectifs"]]


def of_2015(**fields: Any) -> Contract:
    """Pillars, axes, objectives; two actions; three commitments; the pilot’s agglomeration."""
    where = office.contract(
        "ancien",
        siren="246200364",
        starts=D(2015, 6, 27),
        ends=D(2023, 12, 31),
        **fields,
    )
    office.places(where)
    office.fill(
        where,
        "arbre",
        {"code": "P1", "intitule": "Cohésion sociale", "niveau": "n1"},
        {"code": "P1.1", "intitule": "Réussite éducative", "niveau": "n2", "parent": 1},
        {
            "code": "P1.1.1",
            "intitule": "Soutenir l’école <b>tous</b>",
            "niveau": "n3",
            "parent": 2,
            "buts": ("but_02",),
            "indicateurs": ("education.part_maternelle_moins_3_ans",),
            "enjeux": "Des enfants en retard.",
            "remarque": "note interne",
        },
        {"code": "P1.1.2", "intitule": "L’excellence", "niveau": "n3", "parent": 2},
        {"code": "T", "intitule": "Égalité des chances", "niveau": "n1", "transversal": True},
    )
    office.fill(
        where,
        "versions",
        {
            "numero": 1,
            "intitule": "Contrat initial",
            "nature": "initial",
            "date": D(2015, 6, 27),
            "changements": "Trois piliers.",
        },
    )
    office.fill(
        where,
        "enjeux",
        {"intitule": "Mobilité", "intensite": "fort", "annee": 2019},
        {"intitule": "Ancien enjeu", "intensite": "fort", "annee": 2015},
    )
    office.fill(
        where,
        "actions",
        {
            "code": "2018-1",
            "annee": 2018,
            "intitule": "Ateliers",
            "objectifs": (4, 2),
            "quartiers": (1,),
            "porteur": 3,
            "budget": E(900),
        },
    )
    office.fill(
        where,
        "financements",
        {"action": 1, "financeur": 1, "nature": "specifiques", "accorde": E("1000.01")},
    )
    promises(where)
    return where


def promises(where: Contract) -> None:
    """Three commitments: late, done and public, nobody’s and hidden."""
    office.fill(
        where,
        "engagements",
        {
            "numero": 1,
            "theme": "Gouvernance",
            "titre": "Un comité par an",
            "responsable": 1,
            "echeance": D(2020, 1, 1),
            "etat": "engage",
            "public": True,
            "quartiers": (1,),
        },
        {
            "numero": 2,
            "theme": "Gouvernance",
            "titre": "Une commission",
            "responsable": 2,
            "etat": "realise",
            "fait": "Elle s’est réunie.",
            "public": True,
            "remarque": "note interne",
        },
        {"numero": 3, "theme": "Emploi", "titre": "La promesse cachée"},
    )
    office.fill(
        where,
        "engagements_actions",
        {"engagement": 1, "intitule": "Réunion de juin", "responsable": 2,
         "echeance": D(2020, 6, 1), "preuve": "compte rendu interne"},
        {"engagement": 2, "intitule": "Référentiel", "etat": "faite", "preuve": "Le référentiel.",
         "preuve_publique": True},
    )  # fmt: skip


def of_2024() -> Contract:
    """A base for all, a project for one neighbourhood, no level written, no figure anywhere."""
    where = office.contract(
        "nouveau",
        levels=PROJECTS,
        starts=D(2024, 3, 31),
        ends=D(2030, 12, 31),
    )
    office.places(where)
    office.fill(
        where,
        "arbre",
        {"code": "S", "intitule": "Socle commun", "transversal": True},
        {"code": "S1", "intitule": "L’accès aux droits", "parent": 1},
        {"code": "Q1", "intitule": "Projet des Hauts", "quartiers": (1,)},
        {"code": "Q1.1", "intitule": "Une maison de santé", "parent": 3},
        {"code": "Q2", "intitule": "Projet de l’Île d’Or", "quartiers": (2,)},
        {"code": "S2", "intitule": "L’ancien objectif", "parent": 1, "jusqua": D(2025, 12, 31)},
    )
    return where
