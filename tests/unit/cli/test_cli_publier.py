"""Do the documents come out of an edition, and out of an intact one only?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader
from small_project import terril, write


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    project = write(tmp_path_factory.mktemp("publier") / "projet")
    assert terril("construire", project, "--brouillon")[0] == 0
    code, out, err = terril("publier", project)
    assert code == 0, err
    return project, out, err


def test_documents_go_where_the_project_says(published: tuple[Path, str, str]) -> None:
    project, out, err = published
    held = {path.relative_to(project / "out").as_posix() for path in (project / "out").rglob("*")}
    for code in ("QP000001", "QP000002", "QP000003"):
        assert {f"fiches/fiche-{code}.pdf", f"fiches/fiche-{code}.json"} <= held
    assert "controles.xlsx" in held and any(name.endswith("tableaux.xlsx") for name in held)
    assert "3 fiches de quartier" in out and "brouillon de l’édition du 1er juillet 2020" in out
    told = [line.strip() for line in out.splitlines()[2:]]
    assert told and set(told) <= held
    assert "Fiches de quartier" in err


def test_a_sheet_is_data_too(published: tuple[Path, str, str]) -> None:
    project, _, _ = published
    sheet = json.loads((project / "out" / "fiches" / "fiche-QP000001.json").read_text("utf-8"))
    assert sheet["name"] == "Cité du Nord" and sheet["statements"]
    blanked = (project / "out" / "fiches" / "fiche-QP000002.json").read_text("utf-8")
    assert '"secret"' in blanked


def test_nothing_of_the_machine_is_in_the_documents(published: tuple[Path, str, str]) -> None:
    project, _, _ = published
    for path in (project / "out").rglob("*.json"):
        assert str(project) not in path.read_text("utf-8")


def test_another_folder_may_be_asked(published: tuple[Path, str, str], tmp_path: Path) -> None:
    project, _, _ = published
    edition = project / "editions" / "2020-07-01-brouillon"
    code, out, err = terril("publier", edition, "--vers", tmp_path / "documents")
    assert code == 0, err
    assert (tmp_path / "documents" / "controles.xlsx").is_file()
    pair = [folder / "fiches" / "fiche-QP000001.pdf"
            for folder in (project / "out", tmp_path / "documents")]  # fmt: skip
    assert pair[0].read_bytes() == pair[1].read_bytes()


def test_an_altered_edition_is_not_published(tmp_path: Path) -> None:
    project = write(tmp_path / "projet")
    terril("construire", project)
    path = project / "editions" / "2020-07-01" / "observations.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"44,1", b"14,1"))
    code, _, err = terril("publier", project)
    assert code == 1 and "edition-alteree" in err
    assert not (project / "out").exists()


def test_the_sheets_of_a_withdrawn_edition_say_so(tmp_path: Path) -> None:
    project = write(tmp_path / "projet")
    assert terril("construire", project)[0] == 0
    edition = project / "editions" / "2020-07-01"
    assert terril("retirer", edition, "--motif", "Un fichier était faux.")[0] == 0
    assert terril("publier", project)[0] == 1
    assert terril("publier", project, "--meme-retiree")[0] == 0
    reader = PdfReader(project / "out" / "fiches" / "fiche-QP000001.pdf")
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert "retirée" in page.extract_text()
