"""Do the levels of the tree have the names that the contract gives them?"""

from __future__ import annotations

from pathlib import Path

import office
from django.test import Client

from terril.web.espace.actions.import_table import import_table

LEVELS = [["projet de quartier", "projets de quartier"], ["objectif", "objectifs"]]
FILE = "Code;Intitulé;Niveau\nA;Les Hauts;{}\nB;Santé;{}\n"


def test_a_contract_of_2024_has_its_own_words(web: Client, tmp_path: Path) -> None:
    contract = office.contract(levels=LEVELS, generation="g2024")
    path = tmp_path / "arbre.csv"
    path.write_text(FILE.format("Projet de quartier", "Deuxième niveau"), encoding="utf-8")
    import_table(office.root(contract), "arbre", path, shown="arbre.csv")
    assert [row.get("niveau") for row in office.root(contract).rows("arbre")] == ["n1", "n2"]
    browser = office.client_of(office.member(contract, "chargee_mission"))
    page = browser.get("/espace/essai/registres/arbre/").content.decode()
    assert "Projet de quartier" in page and "Objectif" in page and "Premier niveau" not in page
    sent = browser.get("/espace/essai/registres/arbre/export.csv").content.decode()
    assert "Projet de quartier" in sent


def test_another_contract_of_the_site_keeps_its_own(web: Client) -> None:
    office.contract("neuf", levels=LEVELS)
    other = office.root(office.contract("ancien"))
    assert next(iter(other.catalogue.lists["niveaux_arbre"].items.values())) == "Pilier"
