"""A register with a column of every kind, its lists, and two registers that it links to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Register, ValueList, Workflow
from terril.registres.names import BookNames
from terril.registres.rows import Row

INDICATORS = {
    "revenus.taux_pauvrete": "Taux de pauvreté",
    "emploi.nb_demandeurs": "Demandeurs d’emploi; catégorie A",
    "sante.part_ald": "Part des personnes en affection de longue durée",
}

LISTS = {
    "themes": ValueList.model_validate(
        {"items": {"emploi": "Emploi", "sante": "Santé", "nord": "Nord", "sud": "Sud",
                   "nord_sud": "Nord-Sud", "cadre": "Cadre de vie ; habitat"}}
    ),
}  # fmt: skip

WORKFLOWS = {
    "suivi": Workflow.model_validate(
        {
            "states": {
                "prevu": {"label": "Prévu", "tone": "attente"},
                "cours": {"label": "En cours"},
                "fait": {"label": "Réalisé", "done": True, "tone": "fait"},
            },
            "moves": [
                {"to": "cours", "since": ["prevu"], "label": "Démarrer"},
                {"to": "fait", "since": ["cours"], "label": "Déclarer réalisé", "needs": ["jour"]},
            ],
        }
    )
}

EVERYTHING = Register.model_validate(
    {
        "title": "Tout",
        "singular": "ligne",
        "gender": "f",
        "group": "acteurs",
        "about": "Une colonne de chaque nature.",
        "name": ["nom"],
        "key": ["code"],
        "sort": ["nom"],
        "write": ["chargee_mission"],
        "columns": {
            "nom": {"label": "Intitulé", "kind": "texte", "required": True, "listed": True},
            "code": {"label": "Code", "kind": "texte"},
            "detail": {"label": "Détail", "kind": "long"},
            "nb": {"label": "Nombre de logements", "kind": "entier", "unit": "logements",
                   "least": 0},
            "mesure": {"label": "Mesure", "kind": "nombre"},
            "cout": {"label": "Coût", "kind": "montant", "least": 0, "most": 1000000000},
            "taux": {"label": "Taux", "kind": "taux", "least": 0, "most": 100},
            "jour": {"label": "Date", "kind": "date", "filter": True},
            "heure": {"label": "Heure", "kind": "heure"},
            "an": {"label": "Année", "kind": "annee", "filter": True},
            "vu": {"label": "Validé", "kind": "oui_non", "filter": True},
            "theme": {"label": "Thème", "kind": "choix", "choices": "themes", "filter": True,
                      "listed": True},
            "themes": {"label": "Autres thèmes", "kind": "choix_multiple", "choices": "themes",
                       "filter": True},
            "etat": {"label": "État", "kind": "etat", "workflow": "suivi", "filter": True},
            "ville": {"label": "Commune", "kind": "lien", "target": "villes", "filter": True,
                      "listed": True},
            "villes": {"label": "Communes liées", "kind": "liens", "target": "villes"},
            "parent": {"label": "Objectif parent", "kind": "lien", "target": "tout"},
            "indicateurs": {"label": "Indicateurs", "kind": "indicateurs"},
            "courriel": {"label": "Courriel", "kind": "courriel", "personal": True},
            "tel": {"label": "Téléphone", "kind": "telephone"},
            "site": {"label": "Site", "kind": "adresse_web"},
            "siret": {"label": "SIRET", "kind": "siret"},
            "rna": {"label": "RNA", "kind": "rna"},
        },
    }
)  # fmt: skip

TOWNS = Register.model_validate(
    {
        "title": "Communes",
        "singular": "commune",
        "gender": "f",
        "group": "acteurs",
        "about": "Des communes.",
        "name": ["nom"],
        "key": ["code"],
        "write": ["chargee_mission"],
        "columns": {
            "nom": {"label": "Nom", "kind": "texte", "required": True, "listed": True},
            "code": {"label": "Code Insee", "kind": "texte"},
        },
    }
)

#: two towns of one name, a name with the mark that parts values, a name that is a number
TOWN_ROWS = [
    Row(1, 1, {"nom": "Saint-Étienne-du-Bois", "code": "85210"}),
    Row(2, 1, {"nom": "Le Havre", "code": "76351"}),
    Row(3, 1, {"nom": "Saint-Denis", "code": "93066"}),
    Row(4, 1, {"nom": "Saint-Denis", "code": "97411"}),
    Row(5, 1, {"nom": "Ici ; et là", "code": "00001"}),
    Row(6, 1, {"nom": "2", "code": "00002"}),
    Row(7, 1, {"nom": "Partie", "code": "00003"}, archived=True),
]


def catalogue() -> Catalogue:
    return Catalogue(
        themes={}, indicators={}, sources={}, secrecy={}, references={}, parameters={},
        relations={}, fiches={}, tables={}, units={}, equipment={},
        registers={"tout": EVERYTHING, "villes": TOWNS}, workflows=WORKFLOWS, lists=LISTS,
    )  # fmt: skip


class Shelf:
    """Books held in memory."""

    today = dt.date(2026, 11, 24)

    def __init__(self, **rows: Sequence[Row]) -> None:
        self.kept: Mapping[str, Sequence[Row]] = rows

    def rows(self, register: str) -> Sequence[Row]:
        return [row for row in self.kept.get(register, ()) if not row.archived]

    def name(self, register: str, number: int) -> str:
        for row in self.kept.get(register, ()):
            if row.number == number:
                return str(row.values.get("nom"))
        return f"n° {number}"


def names_of(*rows: Row) -> BookNames:
    return BookNames(catalogue(), Shelf(villes=TOWN_ROWS, tout=rows), INDICATORS)


def row(number: int, /, **values: Any) -> Row:
    return Row(number, 1, values)
