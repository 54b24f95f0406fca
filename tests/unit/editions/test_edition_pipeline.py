"""Do the rooms work in order on the pilot, the same way twice, and stop on bad input?"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from terril.editions.content import TABLES, EditionContent
from terril.editions.manifest import sha256_of
from terril.editions.open import open_edition
from terril.editions.pipeline import build, check
from terril.editions.seal import seal
from terril.lib.problems import ProblemsError
from terril.observations.schema import KEY, STATEMENTS, Status


@pytest.fixture(scope="module")
def pilot(demo_dir: Path) -> EditionContent:
    return build(demo_dir)


class Watch:
    """A progress that remembers the stages."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, label: str, total: int | None = None) -> None:
        self.stages.append(label)

    def advance(self, steps: int = 1) -> None:
        """Nothing to remember."""


def test_the_pilot_gives_its_sheets_and_its_contradictions(pilot: EditionContent) -> None:
    assert not [p for p in pilot.heard if p.severity.value == "erreur"]
    assert len(pilot.fiches) == 21
    assert pilot.retained.height > 1500 and pilot.statements.height > 3000
    assert 25 <= pilot.contradictions.height <= 60
    assert pilot.signals["territory"].n_unique() == 21
    for name in TABLES:
        assert isinstance(getattr(pilot, name), pl.DataFrame), name


def test_one_figure_a_key(pilot: EditionContent) -> None:
    assert pilot.retained.select(KEY).is_duplicated().sum() == 0
    known = pilot.retained.filter(pl.col("status") == Status.OK)
    assert known["value"].null_count() == 0
    assert pilot.retained.filter(pl.col("status") != Status.OK)["value"].null_count() == (
        pilot.retained.height - known.height
    )


def test_every_figure_says_where_it_comes_from(pilot: EditionContent) -> None:
    assert pilot.statements.schema == pl.Schema(STATEMENTS)
    nowhere = pilot.statements.filter(
        (pl.col("file") == "") | (pl.col("sha256") == "") | pl.col("line").is_null()
    )
    assert nowhere.is_empty(), nowhere.head()
    read = {item.file: item.sha256 for item in pilot.files}
    said = dict(
        pilot.statements.filter(pl.col("origin") == "constaté")
        .select("file", "sha256")
        .unique()
        .iter_rows()
    )
    assert said and said.items() <= read.items()


def test_the_files_read_are_those_of_the_project(pilot: EditionContent, demo_dir: Path) -> None:
    assert {item.document for item in pilot.files} >= {"projet", "territoires", "tableaux"}
    for item in pilot.files:
        assert sha256_of(demo_dir / item.file) == item.sha256
        assert item.size == (demo_dir / item.file).stat().st_size


def test_population_comes_from_the_figures(pilot: EditionContent) -> None:
    qpv = pilot.territories.filter(pl.col("kind") == "qpv")
    assert qpv.height == 21 and qpv["population"].null_count() == 0


def test_two_builds_of_the_pilot_give_the_same_bytes(
    pilot: EditionContent, demo_dir: Path, tmp_path: Path
) -> None:
    one = seal(tmp_path / "a", pilot)
    two = seal(tmp_path / "b", build(demo_dir))
    assert one == two and one.fingerprint == two.fingerprint


def test_the_sealed_pilot_comes_back(pilot: EditionContent, tmp_path: Path) -> None:
    seal(tmp_path, pilot)
    edition = open_edition(tmp_path)
    assert [fiche.code for fiche in edition.fiches] == [fiche.code for fiche in pilot.fiches]
    assert edition.fiches[0].spine == pilot.fiches[0].spine
    assert edition.retained.height == pilot.retained.height
    said = [len(fiche.statements) for fiche in pilot.fiches]
    said += [len(text.statements) for text in pilot.themes]
    assert edition.sentences.height == sum(said)
    assert [(t.theme, t.headline, t.text) for t in edition.themes] == [
        (t.theme, t.headline, t.text) for t in pilot.themes
    ]
    told = edition.sentences.filter(pl.col("fiche") == f"theme:{pilot.themes[0].theme}")
    assert told["text"].to_list()[0] == pilot.themes[0].headline
    assert edition.verify() == []


def test_no_value_of_a_secret_figure_is_sealed(pilot: EditionContent, tmp_path: Path) -> None:
    secret = pilot.retained.filter(pl.col("status") == Status.SECRET).select(KEY)
    stated = pilot.statements.join(secret, on=list(KEY), nulls_equal=True)
    assert stated["value"].is_not_null().sum() > 0, "the pilot no longer has such a contradiction"
    seal(tmp_path, pilot)
    sealed = open_edition(tmp_path).statements.join(secret, on=list(KEY), nulls_equal=True)
    assert sealed.height == stated.height
    assert sealed["value"].is_not_null().sum() == 0


def test_stages_are_told_and_timed(demo_dir: Path) -> None:
    watch = Watch()
    content = build(demo_dir, watch)
    assert len(watch.stages) >= 6
    assert set(watch.stages) == set(content.timings)


def test_another_date_may_be_asked(demo_dir: Path) -> None:
    content = check(demo_dir, edition="2031-01-02")
    assert content.info.edition == "2031-01-02" and content.fiches == ()


def test_files_with_errors_stop_the_build_all_together(demo_dir: Path, tmp_path: Path) -> None:
    project = tmp_path / "projet"
    shutil.copytree(demo_dir, project, ignore=shutil.ignore_patterns("editions", "out"))
    for name, row in (
        ("tableaux_thematiques.csv", "qpv,QP999999,revenus.taux_pauvrete,2015,12,ok"),
        ("contexte.csv", "epci,CALL,education.nb_eleves_1er_degre,2019,beaucoup,ok"),
    ):
        path = project / "donnees" / name
        path.write_text(path.read_text("utf-8").rstrip("\n") + f"\n{row}\n", "utf-8")
    with pytest.raises(ProblemsError) as caught:
        build(project)
    files = {p.where.file for p in caught.value.problems if p.severity.value == "erreur"}
    assert files == {"donnees/tableaux_thematiques.csv", "donnees/contexte.csv"}
    checked = check(project)
    assert {p.where.file for p in checked.heard if p.severity.value == "erreur"} == files
    assert 0 < checked.retained.height < 2500


def test_a_count_of_too_few_people_is_blanked_everywhere(demo_dir: Path, tmp_path: Path) -> None:
    """A user's file may print what its source forbids: three job-seekers in a neighbourhood."""
    project = tmp_path / "projet"
    shutil.copytree(demo_dir, project, ignore=shutil.ignore_patterns("editions", "out"))
    path = project / "donnees" / "tableaux_thematiques.csv"
    rows = ["qpv,QP062020,emploi.nb_defm_abc_rsa,2023-12-31,3,ok"]
    rows += ["qpv,QP062020,emploi.nb_defm_abc,2023-12-31,777,ok"]
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + "\n".join(rows) + "\n", "utf-8")
    content = build(project)
    told = content.blanked.filter(pl.col("period") == "2023-12-31")
    assert "emploi.nb_defm_abc_rsa" in told["indicator"].to_list()
    mine = content.retained.filter(
        (pl.col("period") == "2023-12-31") & (pl.col("territory") == "QP062020")
    )
    statuses = dict(mine.select("indicator", "status").iter_rows())
    assert statuses["emploi.nb_defm_abc"] == "ok"
    assert statuses["emploi.nb_defm_abc_rsa"] == "secret"
    assert statuses["emploi.part_rsa_defm"] == "secret"
    assert any(problem.code == "secret-primaire" for problem in content.heard)
    seal(tmp_path / "editions", content)
    sealed = open_edition(tmp_path / "editions").statements
    hidden = sealed.filter(
        (pl.col("period") == "2023-12-31") & (pl.col("indicator") == "emploi.nb_defm_abc_rsa")
    )
    assert hidden["value"].to_list() == [None] and "3" not in hidden["raw"].to_list()


def test_an_unknown_sheet_model_is_said(demo_dir: Path, tmp_path: Path) -> None:
    project = tmp_path / "projet"
    shutil.copytree(demo_dir, project, ignore=shutil.ignore_patterns("editions", "out"))
    path = project / "terril.toml"
    path.write_text(path.read_text("utf-8").replace('"quartier"', '"quartiers"'), "utf-8")
    with pytest.raises(ProblemsError) as caught:
        build(project)
    assert [p.code for p in caught.value.problems] == ["modele-inconnu"]
    assert "quartier" in caught.value.problems[0].expected
