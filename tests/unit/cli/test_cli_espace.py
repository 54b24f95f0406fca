"""Does ``terril espace`` load a folder, write templates and let the first person in?"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import terril


def test_from_an_empty_folder_to_the_first_member(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERRIL_DONNEES", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "TERRIL_CARTES"):
        monkeypatch.delenv(name, raising=False)
    place = ("--editions", tmp_path / "editions", "--donnees", tmp_path / "site")
    folder = tmp_path / "contrat"
    folder.mkdir()
    code, out, err = terril("espace", "charger", folder, *place)
    assert code == 1 and "n’a pas de fichier contrat.yaml" in err and "Rien n’est écrit" in err
    contract = "code: essai\nnom: Contrat d’essai\nporteur: Communauté d’essai\n"
    (folder / "contrat.yaml").write_text(contract, encoding="utf-8")
    (folder / "communes.csv").write_text("Nom;Code Insee\nÉcully;69081\n", encoding="utf-8")
    code, out, err = terril("espace", "charger", folder, *place)
    assert code == 0, err
    assert "contrat créé" in out and "1 ligne ajoutée" in out
    code, out, err = terril("espace", "membre", "essai", "ana@exemple.fr", "--nom=Ana", *place)
    assert code == 0, err
    assert "chargée ou chargé de mission" in out and "montré une seule fois" in out
    code, out, err = terril("espace", "lister", *place)
    assert (code, out) == (0, "essai\tContrat d’essai\t1 ligne\t1 membre\n"), err
