"""What terril.toml may say, and how its mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.lib.problems import ProblemsError
from terril.sources.project import read_project

GOOD = """\
[projet]
nom = "Essai"
contrat = "Contrat de ville"
edition = 2024-01-31
generation = "2024"

[territoire]
epci = "200000001"
nom = "CA du Val"
sigle = "CAV"

[[entrees]]
id = "un"
fichier = "un.csv"
lecteur = "long"
priorite = 5
feuille = "F"

[[entrees]]
id = "deux"
fichier = "deux.csv"
lecteur = "insee"
millesime = "2021"
entete = 6
doublons = "garder"

[entrees.periodes]
rp = "2018"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "territoires.csv").write_text("genre;code;nom\n", encoding="utf-8")
    (folder / "terril.toml").write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path, text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(ProblemsError) as caught:
        read_project(write(folder, text))
    return [(p.code, p.where.line, p.where.column) for p in caught.value.problems]


def test_a_right_project(tmp_path: Path) -> None:
    project = read_project(write(tmp_path, GOOD))
    assert (project.name, project.edition, project.generation) == ("Essai", "2024-01-31", "2024")
    assert (project.epci, project.epci_name, project.epci_short) == (
        "200000001", "CA du Val", "CAV",
    )  # fmt: skip
    assert project.territories_file == tmp_path / "territoires.csv"
    one, two = project.inputs
    assert (one.id, one.reader, one.priority, one.sheet, one.line) == ("un", "long", 5, "F", 12)
    assert two.options == {
        "millesime": "2021", "entete": "6", "doublons": "garder", "periodes.rp": "2018",
    }  # fmt: skip
    assert project.shown(tmp_path / "donnees" / "x.csv") == "donnees/x.csv"
    assert read_project(tmp_path / "terril.toml") == project


def test_a_folder_without_a_project(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        read_project(tmp_path)
    assert caught.value.problems[0].code == "projet-absent"
    assert "terril nouveau" in caught.value.problems[0].remedy


def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    found = problems_of(tmp_path, GOOD.replace('nom = "Essai"', "nom = Essai"))
    assert found == [("projet-syntaxe", 2, "")]


def test_another_encoding_is_told(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "terril.toml").write_bytes(GOOD.replace("Essai", "Été").encode("cp1252"))
    with pytest.raises(ProblemsError) as caught:
        read_project(tmp_path)
    assert caught.value.problems[0].code == "projet-encodage"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('nom = "Essai"\n', "", ("projet-cle-absente", 1, "nom")),
        ('nom = "Essai"', 'non = "Essai"\nnom = "x"', ("projet-cle-inconnue", 2, "non")),
        ("edition = 2024-01-31", 'edition = "janvier"', ("projet-date", 4, "edition")),
        ('generation = "2024"', 'generation = "2020"', ("projet-generation", 5, "generation")),
        ('epci = "200000001"', 'epci = "CAV"', ("projet-siren", 8, "epci")),
        ('id = "deux"', 'id = "un"', ("projet-id-double", 20, "id")),
        ('id = "deux"', 'id = "Été 2"', ("projet-id", 20, "id")),
        ('lecteur = "insee"\n', "", ("projet-cle-absente", 19, "lecteur")),
        ("priorite = 5", 'priorite = "haute"', ("projet-valeur", 16, "priorite")),
        (
            'sigle = "CAV"', 'sigle = "CAV"\nfichier = "lieux.csv"',
            ("fichier-absent", 11, "fichier"),
        ),
        ("[projet]\n", '[projet]\ncatalogue = ["cartes"]\n', ("fichier-absent", 2, "catalogue")),
        ('nom = "Essai"', "nom = true", ("projet-valeur", 2, "nom")),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, expected: tuple[str, int, str]
) -> None:
    assert expected in problems_of(tmp_path, GOOD.replace(before, after, 1))


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    text = GOOD.replace('generation = "2024"', 'generation = "x"').replace("200000001", "1")
    codes = [code for code, _, _ in problems_of(tmp_path, text)]
    assert codes == ["projet-siren", "projet-generation"]


def test_missing_parts_are_told_together(tmp_path: Path) -> None:
    codes = [code for code, _, _ in problems_of(tmp_path, "[autre]\nx = 1\n")]
    assert codes == ["projet-cle-inconnue", "projet-table-absente", "projet-table-absente"]
