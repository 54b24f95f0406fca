"""Does « reconstruire » say whether the files of a project still give its edition?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from small_project import picture, terril, write
from three_editions import change

from terril.editions.content import EditionContent
from terril.editions.pipeline import build

DATE = "2020-07-01"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = write(tmp_path / "projet")
    assert terril("construire", made)[0] == 0
    return made


def test_the_same_files_give_the_same_edition(project: Path) -> None:
    before = picture(project.parent)
    edition = project / "editions" / DATE
    code, out, err = terril("reconstruire", edition, "--projet", project)
    assert code == 0, err
    assert out.startswith("L’édition du 1er juillet 2020 est refaite à l’identique\u00a0: ")
    for other in ((edition,), (project,), (edition, "--projet", project / "terril.toml")):
        assert terril("reconstruire", *other)[0] == 0
    assert picture(project.parent) == before


def test_a_draft_too(project: Path) -> None:
    assert terril("construire", project, "--brouillon", "--date", "2021-07-01")[0] == 0
    code, out, err = terril("reconstruire", project)
    assert code == 0, err
    assert out.startswith("Le brouillon du 1er juillet 2021 est refait à l’identique")


def test_a_changed_byte_says_which_file(project: Path) -> None:
    change(project, "2015;38,0;", "2015;38,1;")
    code, out, err = terril("reconstruire", project)
    assert code == 1 and out == ""
    assert err.count("[entree-changee]") == 1 and "donnees/tableaux.csv" in err
    assert "À faire" in err


def test_a_missing_file_says_which(project: Path) -> None:
    (project / "donnees" / "tableaux.csv").unlink()
    (project / "terril.toml").unlink()
    code, _, err = terril("reconstruire", project / "editions" / DATE, "--projet", project)
    assert code == 1 and err.count("[entree-absente]") == 2
    assert "terril.toml" in err and "donnees/tableaux.csv" in err


def test_another_version_is_said_and_the_content_is_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terril.editions.seal.__version__", "99.0")
    code, out, _ = terril("reconstruire", project)
    assert code == 1
    assert "a le même contenu, mais ses fichiers sont écrits autrement" in out
    assert "terril n’est plus à la même version\u00a0: " in out and "puis 99.0" in out


def test_tables_that_differ_are_counted_without_a_value(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shifted(*arguments: Any, **options: Any) -> EditionContent:
        content = build(*arguments, **options)
        moved = content.retained.with_columns(value=pl.col("value") + 0.5)
        return replace(content, retained=moved)

    monkeypatch.setattr("terril.editions.rebuild.build", shifted)
    code, out, _ = terril("reconstruire", project)
    assert code == 1
    assert "chiffres (observations)\t3\t3" in out
    assert "44,6" not in out and "44.6" not in out
    assert "à version égale" in out and "n’est plus à la même version" not in out


def test_an_edition_far_from_its_project_asks_for_it(project: Path, tmp_path: Path) -> None:
    far = tmp_path / "a" / "b" / "c" / DATE
    far.parent.mkdir(parents=True)
    (project / "editions" / DATE).rename(far)
    code, _, err = terril("reconstruire", far)
    assert code == 1 and "projet-absent" in err and "--projet" in err
    assert terril("reconstruire", far, "--projet", project)[0] == 0


def test_a_file_of_cards_that_was_added_is_said(project: Path) -> None:
    toml = project / "terril.toml"
    (project / "cartes" / "themes").mkdir(parents=True)
    text = toml.read_text("utf-8").replace("modele_fiche", 'catalogue = ["cartes"]\nmodele_fiche')
    toml.write_text(text, "utf-8")
    assert terril("construire", project, "--date", "2021-07-01")[0] == 0
    assert terril("reconstruire", project)[0] == 0
    (project / "cartes" / "parameters").mkdir()
    (project / "cartes" / "parameters" / "essai.yaml").write_text(
        "essai_nombre:\n  value: 1\n  unit: essai\n  since: '2020'\n  reference: Essai.\n", "utf-8"
    )
    code, out, _ = terril("reconstruire", project)
    assert code == 1
    assert "des fichiers du projet se sont ajoutés\u00a0: cartes/parameters/essai.yaml" in out
