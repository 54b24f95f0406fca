"""Does an edition give back what was sealed, and say when it is not one?"""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import polars as pl
import pytest
from edition_sample import content, fiche

from terril.editions.content import TABLES
from terril.editions.open import open_edition
from terril.editions.seal import DATABASE, seal
from terril.lib.problems import ProblemsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seal(tmp_path / "editions", content())
    return tmp_path / "editions" / "2020-07-01"


def test_every_frame_comes_back_with_its_types(folder: Path) -> None:
    edition, sealed = open_edition(folder), content()
    seen = 0
    for name, table in TABLES.items():
        if name == "statements":
            continue  # masked when sealed, see test_seal
        before: pl.DataFrame = getattr(sealed, name)
        after: pl.DataFrame = getattr(edition, name)
        assert after.schema == before.schema, table
        assert after.height == before.height, table
        seen += after.height
    assert seen > 10
    assert edition.territories["communes"].to_list() == [[], ["00001"], ["00001", "00002"]]


def test_sheets_sentences_and_names_come_back(folder: Path) -> None:
    edition = open_edition(folder)
    assert edition.fiches == (fiche(),)
    assert edition.fiche("QP000001") == fiche()
    with pytest.raises(KeyError):
        edition.fiche("QP999999")
    assert edition.sentences["text"].to_list() == [fiche().statements[0].text]
    assert (edition.epci_short, edition.edition, edition.fiche_model) == (
        "CE",
        "2020-07-01",
        "quartier",
    )
    assert edition.inputs["document"].to_list() == ["fiches", "tableaux"]


def test_the_catalogue_of_the_day_comes_back(folder: Path) -> None:
    before, after = content().catalogue, open_edition(folder).catalogue
    assert list(after.indicators) == list(before.indicators)
    assert after.indicators == before.indicators
    assert after.parameters == before.parameters and after.acronyms == before.acronyms


def test_an_edition_goes_to_another_process(folder: Path) -> None:
    again = pickle.loads(pickle.dumps(open_edition(folder)))
    assert again.fiches == (fiche(),)


def test_the_latest_edition_of_a_project_is_opened(tmp_path: Path) -> None:
    older = content()
    newer = content(info=older.info.__class__(**{**_fields(older.info), "edition": "2021-07-01"}))
    seal(tmp_path / "editions", newer)
    seal(tmp_path / "editions", older)
    assert open_edition(tmp_path).edition == "2021-07-01"
    assert open_edition(tmp_path / "editions").edition == "2021-07-01"


def test_an_intact_edition_verifies_and_an_altered_one_does_not(folder: Path) -> None:
    edition = open_edition(folder)
    assert edition.verify() == []
    path = folder / "observations.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"44,1", b"34,1"))
    (folder / "parquet" / "groups.parquet").unlink()
    found = edition.verify()
    assert [(p.code, Path(p.where.file).name) for p in found] == [
        ("edition-alteree", "observations.csv"),
        ("edition-alteree", "groups.parquet"),
    ]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "edition-absente"),
        (lambda folder: _write(folder / "manifest.json", "{"), "edition-illisible"),
        (lambda folder: _edit(folder, format=99), "edition-inconnue"),
        (lambda folder: (folder / DATABASE).unlink(), "edition-illisible"),
        (lambda folder: _write(folder / DATABASE, "rien"), "edition-illisible"),
    ],
)
def test_what_is_not_an_edition_is_said(folder: Path, spoil: object, code: str) -> None:
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(ProblemsError) as caught:
        open_edition(folder)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems[0].remedy


def _fields(info: object) -> dict[str, str]:
    return {name: getattr(info, name) for name in info.__slots__}  # type: ignore[attr-defined]


def _write(path: Path, text: str) -> None:
    path.chmod(0o644)
    path.write_text(text, encoding="utf-8")


def _edit(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    _write(path, json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}))
