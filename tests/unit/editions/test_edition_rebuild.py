"""Is an edition built again the same, and is what hinders it named?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest

from terril.editions.content import EditionContent
from terril.editions.open import Edition, open_edition
from terril.editions.pipeline import build
from terril.editions.rebuild import Rebuilt, check_inputs, rebuild
from terril.editions.seal import seal
from terril.lib.problems import ProblemsError
from terril.lib.progress import Progress

Sealed = tuple[Path, Edition, EditionContent]


@pytest.fixture(scope="module")
def sealed(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """The pilot, copied, and its edition."""
    place = tmp_path_factory.mktemp("refaire")
    project = place / "projet"
    shutil.copytree(demo_dir, project, ignore=shutil.ignore_patterns("editions", "out"))
    content = build(project)
    seal(place / "editions", content)
    return project, open_edition(place / "editions" / content.info.edition), content


@pytest.fixture
def copy(sealed: Sealed, tmp_path: Path) -> Path:
    shutil.copytree(sealed[0], tmp_path / "projet")
    return tmp_path / "projet"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_the_pilot_is_built_again_to_the_byte(sealed: Sealed) -> None:
    project, edition, _ = sealed
    before = files(project.parent)
    found = rebuild(edition, project)
    assert found.identical and found.same_content
    assert found.same == len(edition.manifest.outputs) + 1 > 15
    assert (found.files, found.tables, found.versions, found.cards) == ((), (), (), ())
    assert files(project.parent) == before, "nothing is written beside"


def test_one_byte_changed_in_a_file_names_that_file(sealed: Sealed, copy: Path) -> None:
    path = copy / "donnees" / "fiches_quartiers.csv"
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ProblemsError) as caught:
        rebuild(sealed[1], copy)
    assert [(p.code, p.where.file) for p in caught.value.problems] == [
        ("entree-changee", "donnees/fiches_quartiers.csv")
    ]
    assert "sa taille est la même" in caught.value.problems[0].what
    assert caught.value.problems[0].remedy


def test_all_the_files_that_changed_are_told_together(sealed: Sealed, copy: Path) -> None:
    (copy / "donnees" / "contexte.csv").unlink()
    with (copy / "terril.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with (copy / "territoires.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    told = {(p.code, p.where.file) for p in check_inputs(sealed[1], copy)}
    assert told == {
        ("entree-absente", "donnees/contexte.csv"),
        ("entree-changee", "terril.toml"),
        ("entree-changee", "territoires.csv"),
    }


def test_files_outside_the_project_are_found_by_its_declaration(
    sealed: Sealed, copy: Path, tmp_path: Path
) -> None:
    toml = copy / "terril.toml"
    text = toml.read_text("utf-8").replace('"donnees/contexte.csv"', '"../ailleurs.csv"')
    assert "ailleurs" in text
    toml.write_text(text, "utf-8")
    (copy / "donnees" / "contexte.csv").rename(tmp_path / "ailleurs.csv")
    seal(tmp_path / "editions", build(copy))
    edition = open_edition(tmp_path / "editions")
    assert check_inputs(edition, copy) == []
    (tmp_path / "ailleurs.csv").write_text("autre", "utf-8")
    assert [p.where.file for p in check_inputs(edition, copy)] == ["ailleurs.csv"]


def test_an_altered_edition_is_not_what_is_compared(sealed: Sealed, tmp_path: Path) -> None:
    project, edition, _ = sealed
    shutil.copytree(edition.path, tmp_path / edition.edition)
    path = tmp_path / edition.edition / "observations.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"\r\n")
    with pytest.raises(ProblemsError) as caught:
        rebuild(open_edition(tmp_path / edition.edition), project)
    assert [p.code for p in caught.value.problems] == ["edition-alteree"]


#: a file that no figure is read from, as the manifest names it; what is said of it
HUNG_ON = [
    ("catalogue/indicators/habitat.yaml", "Ce fichier de cartes du projet a changé"),
    ("catalogue/vocabularies/equipment.yaml", "Ce fichier de cartes du projet a changé"),
    ("correspondances/economie.csv", "La correspondance des colonnes de l’entrée « economie » a"),
]


@pytest.mark.parametrize(("file", "said"), HUNG_ON)
def test_a_card_or_a_map_of_columns_that_changed_is_told(
    sealed: Sealed, copy: Path, file: str, said: str
) -> None:
    assert file in {item.file for item in sealed[1].manifest.inputs}
    with (copy / file).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    [told] = check_inputs(sealed[1], copy)
    assert (told.code, told.where.file) == ("entree-changee", file)
    assert told.what.startswith(said) and "sa taille était de" in told.what
    (copy / file).unlink()
    [told] = check_inputs(sealed[1], copy)
    assert (told.code, told.where.file) == ("entree-absente", file)


def test_the_official_list_and_cards_outside_the_project_are_in_the_manifest(
    copy: Path, tmp_path: Path
) -> None:
    (copy / "catalogue").rename(tmp_path / "cartes")
    (copy / "liste.csv").write_text(
        "QP2024;Label_QP2024;Statut;QP2015_1;Label_QP2015_1\n"
        "QN06219M;Cité 4;Modifié;QP062019;Cité 4\n",
        encoding="utf-8",
    )
    toml = copy / "terril.toml"
    text = toml.read_text("utf-8").replace(
        'catalogue = ["catalogue"]', 'catalogue = ["../cartes"]\ncorrespondance = "liste.csv"'
    )
    toml.write_text(text, "utf-8")
    seal(tmp_path / "editions", build(copy))
    edition = open_edition(tmp_path / "editions")
    held = {(item.document, item.file, item.reader) for item in edition.manifest.inputs}
    assert ("correspondance", "liste.csv", "correspondance") in held
    assert ("catalogue", "cartes/sources/inventaire.yaml", "carte") in held
    assert check_inputs(edition, copy) == []
    with (copy / "liste.csv").open("a", encoding="utf-8") as stream:
        stream.write("QN06220M;Brebis;Modifié;QP062020;Brebis\n")
    [told] = check_inputs(edition, copy)
    assert told.what.startswith("La liste de correspondance des périmètres a changé")
    (tmp_path / "cartes" / "sources" / "inventaire.yaml").write_text("", encoding="utf-8")
    assert {p.where.file for p in check_inputs(edition, copy)} == {
        "liste.csv", "cartes/sources/inventaire.yaml",
    }  # fmt: skip


def test_a_card_that_was_added_is_named(sealed: Sealed, copy: Path) -> None:
    """No file has changed, one more is there."""
    folder = copy / "catalogue" / "parameters"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "essai.yaml").write_text(
        "signal_favorable:\n  value: 0.9\n  unit: écart type\n  since: '2031'\n"
        "  reference: Essai.\n",
        encoding="utf-8",
    )
    found = rebuild(sealed[1], copy)
    assert not found.identical and not found.same_content
    assert found.added == ("catalogue/parameters/essai.yaml",)
    assert found.cards == ("le paramètre signal_favorable (méthode)",)
    gaps = {gap.table: (gap.sealed, gap.rebuilt) for gap in found.tables}
    assert {"signals", "cards"} <= set(gaps) and "observations" not in gaps
    moved = gaps["signals"]
    assert moved[0] == moved[1] > 0 and gaps["cards"] == (1, 1)
    assert "parquet/signals.parquet" in found.files and "manifest.json" in found.files
    assert "observations.csv" not in found.files


def rebuilt_from(content: EditionContent, sealed: Sealed) -> Rebuilt:
    def builder(project: Path, edition: Edition, progress: Progress) -> EditionContent:
        return content

    return rebuild(sealed[1], sealed[0], builder=builder)


def test_rows_are_counted_on_both_sides_and_repeats_too(sealed: Sealed) -> None:
    content = sealed[2]
    changed = content.retained.with_columns(
        value=pl.when(pl.int_range(pl.len()) < 3).then(-1.0).otherwise(pl.col("value"))
    )
    other = replace(
        content,
        retained=changed.head(-2),
        findings=pl.concat([content.findings, content.findings.head(1)]),
    )
    found = rebuilt_from(other, sealed)
    gaps = {gap.table: (gap.sealed, gap.rebuilt) for gap in found.tables}
    assert gaps == {"observations": (5, 3), "findings": (1, 2)}


def test_another_version_that_writes_otherwise_is_said(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terril.editions.seal.__version__", "99.0")
    found = rebuild(sealed[1], sealed[0])
    assert not found.identical and found.same_content
    assert [name for name, _, _ in found.versions] == ["terril"]
    assert found.versions[0][2] == "99.0"
    assert set(found.files) == {"edition.sqlite", "manifest.json"}


def test_a_card_whose_words_changed_is_a_card_that_changed(sealed: Sealed) -> None:
    content = sealed[2]
    cards = dict(content.catalogue.themes)
    cards["sante"] = cards["sante"].model_copy(update={"label": "Autre"})
    other = replace(content, catalogue=replace(content.catalogue, themes=MappingProxyType(cards)))
    found = rebuilt_from(other, sealed)
    assert found.cards == ("le thème sante",)


def test_a_draft_is_built_again_as_a_draft(sealed: Sealed, tmp_path: Path) -> None:
    seal(tmp_path, sealed[2], draft=True)
    draft = open_edition(tmp_path)
    assert draft.draft and rebuild(draft, sealed[0]).identical


def test_another_date_is_kept(sealed: Sealed, tmp_path: Path) -> None:
    seal(tmp_path, build(sealed[0], edition="2031-01-02"))
    assert rebuild(open_edition(tmp_path), sealed[0]).identical
