"""Is an edition withdrawn for all to see, and not one of its bytes changed?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from edition_sample import content

from terril.editions.inventory import Check, State, inventory
from terril.editions.open import open_edition
from terril.editions.publication import seal_and_record
from terril.editions.register import REGISTER, read_register
from terril.editions.seal import seal
from terril.editions.withdraw import LONGEST, withdraw
from terril.lib.problems import ProblemsError

DAY = "2022-03-04"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three editions, the first one withdrawn by nobody yet."""
    first = content()
    for year in ("2020", "2021", "2022"):
        info = replace(first.info, edition=f"{year}-07-01")
        seal_and_record(tmp_path / "editions", replace(first, info=info), on=DAY)
    return tmp_path / "editions"


def picture(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(path: Path, motive: str = "Erreur.", replacement: str = "") -> list[str]:
    before = picture(path.parent) if path.parent.is_dir() else {}
    with pytest.raises(ProblemsError) as caught:
        withdraw(path, motive, on=DAY, replacement=replacement)
    assert (picture(path.parent) if path.parent.is_dir() else {}) == before
    assert all(p.remedy for p in caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def test_a_withdrawn_edition_keeps_its_bytes_and_gets_a_notice(folder: Path) -> None:
    path = folder / "2020-07-01"
    before = picture(path)
    assert len(before) > 15
    told = withdraw(path, " erreur  d'unité ", on=DAY, replacement="2021-07-01")
    assert picture(path) == before
    edition = open_edition(path)
    assert edition.notice == told and edition.verify() == []
    assert told.text == (
        "L’édition du 1er juillet 2020 est retirée depuis le 4 mars 2022\u00a0: erreur d’unité. "
        "Elle est remplacée par l’édition du 1er juillet 2021."
    )
    for other in ("2021-07-01", "2022-07-01"):
        assert open_edition(folder / other).notice is None
    line = (folder / REGISTER).read_text("utf-8").splitlines()[-1]
    assert '"motive":"erreur d\'unité"' in line


def test_a_withdrawn_edition_stays_in_the_register(folder: Path) -> None:
    withdraw(folder / "2020-07-01", "Erreur.", on=DAY)
    register = read_register(folder)
    assert register.editions == ("2020-07-01", "2021-07-01", "2022-07-01")
    assert register.sealing("2020-07-01") is not None and register.problems == ()


def test_withdrawing_twice_is_refused_and_the_first_notice_stays(folder: Path) -> None:
    first = withdraw(folder / "2020-07-01", "Erreur.", on=DAY)
    assert refused(folder / "2020-07-01", "Autre motif.") == ["retrait-deja-fait"]
    assert open_edition(folder / "2020-07-01").notice == first


def test_a_draft_cannot_be_withdrawn(folder: Path) -> None:
    seal(folder, content(info=replace(content().info, edition="2023-07-01")), draft=True)
    assert refused(folder / "2023-07-01-brouillon") == ["retrait-brouillon"]


def test_a_draft_of_a_withdrawn_date_is_not_withdrawn(folder: Path) -> None:
    withdraw(folder / "2020-07-01", "Erreur.", on=DAY)
    seal(folder, content(), draft=True)
    assert open_edition(folder / "2020-07-01-brouillon").notice is None


@pytest.mark.parametrize("name", ["2019-07-01", "", "../editions"])
def test_an_edition_that_is_not_there_is_said_and_none_is_guessed(folder: Path, name: str) -> None:
    path = folder / name
    with pytest.raises(ProblemsError) as caught:
        withdraw(path, "Erreur.", on=DAY)
    problem = caught.value.problems[0]
    assert problem.code == "edition-absente"
    assert "2020-07-01" in problem.remedy and "2022-07-01" in problem.remedy


def test_what_makes_no_sense_is_told_together(folder: Path) -> None:
    path = folder / "2020-07-01"
    assert refused(path, " \n ", "2020-07-01") == ["motif-absent", "remplacement-impossible"]
    assert refused(path, "x" * (LONGEST + 1)) == ["motif-long"]
    withdraw(folder / "2021-07-01", "Erreur.", on=DAY)
    assert refused(path, "Erreur.", "2021-07-01") == ["remplacement-impossible"]


def test_the_edition_that_replaces_it_may_be_to_come(folder: Path) -> None:
    told = withdraw(folder / "2022-07-01", "Erreur.", on=DAY, replacement="2022-09-01")
    assert told.replacement == "2022-09-01" and told.text.endswith("1er septembre 2022.")


def test_an_edition_that_the_register_did_not_know_enters_it(tmp_path: Path) -> None:
    seal(tmp_path, content())
    withdraw(tmp_path / "2020-07-01", "Erreur.", on=DAY)
    register = read_register(tmp_path)
    assert [str(e.event) for e in register.entries] == ["scellée", "retirée"]
    assert open_edition(tmp_path / "2020-07-01").verify() == []


def test_the_notice_is_found_from_inside_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "2020-07-01")
    told = withdraw(Path("."), "Erreur.", on=DAY)
    assert open_edition(Path(".")).notice == told
    assert not (folder / "2020-07-01" / REGISTER).exists()


# ------------------------------------------------------------------ the list


def test_the_list_tells_the_state_of_each(folder: Path) -> None:
    withdraw(folder / "2021-07-01", "Erreur.", on=DAY)
    seal(folder, content(info=replace(content().info, edition="2023-07-01")), draft=True)
    seal(folder, content(info=replace(content().info, edition="2019-07-01")))
    found = inventory(folder.parent, hashes=True)
    assert [(e.date, e.state, e.check, e.figures, e.sheets) for e in found.editions] == [
        ("2019-07-01", State.UNREGISTERED, Check.INTACT, 3, 1),
        ("2020-07-01", State.PUBLISHED, Check.INTACT, 3, 1),
        ("2021-07-01", State.WITHDRAWN, Check.INTACT, 3, 1),
        ("2022-07-01", State.PUBLISHED, Check.INTACT, 3, 1),
        ("2023-07-01", State.DRAFT, Check.INTACT, 3, 1),
    ]
    assert found.all_problems == [] and len({e.fingerprint for e in found.editions}) == 5
    assert {e.check for e in inventory(folder).editions} == {Check.SIZES}


def spoil(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_a_figure_changed_for_another_shows_with_the_hashes(folder: Path) -> None:
    path = folder / "2020-07-01" / "observations.csv"
    spoil(path, path.read_bytes().replace(b"44,1", b"34,1"))
    assert inventory(folder).all_problems == []
    found = inventory(folder, hashes=True)
    assert [e.check for e in found.editions] == [Check.ALTERED, Check.INTACT, Check.INTACT]
    assert [p.code for p in found.all_problems] == ["edition-alteree"]


def test_a_figure_changed_with_its_hash_shows_by_the_register(folder: Path) -> None:
    """Whoever changes a file and makes the manifest agree is caught by the register."""
    from terril.editions.manifest import sha256_of

    path = folder / "2020-07-01" / "observations.csv"
    former = sha256_of(path)
    spoil(path, path.read_bytes().replace(b"44,1", b"34,1"))
    manifest = folder / "2020-07-01" / "manifest.json"
    spoil(manifest, manifest.read_bytes().replace(former.encode(), sha256_of(path).encode()))
    for hashes in (False, True):
        found = inventory(folder, hashes=hashes)
        assert found.editions[0].check is Check.ALTERED
        assert [Path(p.where.file).name for p in found.all_problems] == ["manifest.json"]


def test_an_edition_that_is_gone_shows(folder: Path) -> None:
    withdraw(folder / "2021-07-01", "Erreur.", on=DAY)
    for date in ("2021-07-01", "2022-07-01"):
        (folder / date).rename(folder.with_name(f"ailleurs-{date}"))
    found = inventory(folder)
    assert [(e.state, e.check) for e in found.editions[1:]] == [
        (State.WITHDRAWN, Check.MISSING),
        (State.PUBLISHED, Check.MISSING),
    ]
    assert [p.code for p in found.all_problems] == ["edition-manquante"] * 2
    assert found.editions[1].notice is not None


def test_an_edition_that_cannot_be_read_shows(folder: Path) -> None:
    spoil(folder / "2020-07-01" / "manifest.json", b"{")
    found = inventory(folder, hashes=True)
    assert [e.check for e in found.editions] == [Check.UNREADABLE, Check.INTACT, Check.INTACT]
    assert found.editions[0].state is State.PUBLISHED
    assert [p.code for p in found.all_problems] == ["edition-illisible"]


def test_a_stranger_in_the_folder_is_named_and_changes_nothing(folder: Path) -> None:
    (folder / "2020-07-01" / "notes.txt").write_text("à moi", "utf-8")
    (folder / "2020-07-01" / ".DS_Store").write_text("", "utf-8")
    found = inventory(folder, hashes=True)
    assert found.editions[0].extra == ("notes.txt",) and found.all_problems == []


def test_a_damaged_register_is_told_once(folder: Path) -> None:
    lines = (folder / REGISTER).read_bytes().splitlines(keepends=True)
    spoil(folder / REGISTER, b"".join(lines[1:]))
    found = inventory(folder, hashes=True)
    assert [p.code for p in found.all_problems] == ["registre-altere"]
    assert open_edition(folder / "2022-07-01").verify()[0].code == "registre-altere"


def test_a_folder_without_editions_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "rien"):
        with pytest.raises(ProblemsError) as caught:
            inventory(path)
        assert caught.value.problems[0].code == "edition-absente"
