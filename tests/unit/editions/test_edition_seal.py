"""Is an edition whole, the same for the same content, and never changed?"""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from edition_sample import content, statement

from terril.editions.content import TABLES
from terril.editions.database import connect
from terril.editions.manifest import sha256_of
from terril.editions.mask import MASKED, mask
from terril.editions.open import open_edition
from terril.editions.seal import CSV, DATABASE, PARQUET, seal
from terril.lib.problems import ProblemsError
from terril.observations.schema import RETAINED, STATEMENTS


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_edition_is_a_dated_folder_with_its_hashes(tmp_path: Path) -> None:
    manifest = seal(tmp_path, content())
    folder = tmp_path / "2020-07-01"
    assert {path.name for path in folder.iterdir()} == {DATABASE, PARQUET, CSV, "manifest.json"}
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {item["file"]: item["sha256"] for item in said["outputs"]} == {
        name: sha for name, sha in hashes(folder).items() if name != "manifest.json"
    }
    assert [item["file"] for item in said["inputs"]] == [
        "donnees/tableaux.csv",
        "donnees/fiches.csv",
    ]
    assert said["rows"]["observations"] == 3 and said["rows"]["statements"] == 5
    assert said["parameters"] and set(said["versions"]) == {"terril", "polars", "sqlite"}
    assert len(manifest.fingerprint) == 64


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    first = content()
    shuffled = replace(
        first,
        retained=first.retained.reverse(),
        statements=first.statements.sample(fraction=1.0, shuffle=True, seed=3),
        positions=first.positions.reverse(),
    )
    one = seal(tmp_path / "a", first)
    two = seal(tmp_path / "b", shuffled)
    assert one.fingerprint == two.fingerprint
    assert hashes(tmp_path / "a" / "2020-07-01") == hashes(tmp_path / "b" / "2020-07-01")


def test_a_different_figure_gives_other_bytes(tmp_path: Path) -> None:
    first = content()
    other = replace(
        first,
        retained=first.retained.with_columns(value=pl.col("value") + 0.1),
    )
    assert seal(tmp_path / "a", first).fingerprint != seal(tmp_path / "b", other).fingerprint


def test_files_are_read_only(tmp_path: Path) -> None:
    seal(tmp_path, content())
    files = [path for path in (tmp_path / "2020-07-01").rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        assert path.stat().st_mode & 0o222 == 0, path.name


def test_a_sealed_edition_is_never_written_over(tmp_path: Path) -> None:
    seal(tmp_path, content())
    before = hashes(tmp_path / "2020-07-01")
    other = content(signals=content().signals.with_columns(signal=pl.lit("favorable")))
    with pytest.raises(ProblemsError) as caught:
        seal(tmp_path, other)
    assert [problem.code for problem in caught.value.problems] == ["edition-existante"]
    assert "--brouillon" in caught.value.problems[0].remedy
    assert hashes(tmp_path / "2020-07-01") == before
    assert [path.name for path in tmp_path.iterdir()] == ["2020-07-01"]


def test_sealing_the_same_content_again_changes_nothing(tmp_path: Path) -> None:
    seal(tmp_path, content())
    stamp = (tmp_path / "2020-07-01" / DATABASE).stat().st_mtime_ns
    seal(tmp_path, content())
    assert (tmp_path / "2020-07-01" / DATABASE).stat().st_mtime_ns == stamp


def test_a_draft_is_replaced_then_goes_when_its_date_is_sealed(tmp_path: Path) -> None:
    seal(tmp_path, content(), draft=True)
    other = content(signals=content().signals.with_columns(signal=pl.lit("favorable")))
    seal(tmp_path, other, draft=True)
    assert [path.name for path in tmp_path.iterdir()] == ["2020-07-01-brouillon"]
    draft = open_edition(tmp_path)
    assert draft.draft and draft.signals["signal"].to_list() == ["favorable"]
    seal(tmp_path, other)
    assert [path.name for path in tmp_path.iterdir()] == ["2020-07-01"]
    assert not open_edition(tmp_path).draft


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(ProblemsError) as caught:
        seal(tmp_path, content())
    assert caught.value.problems[0].code == "dossier-protege"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_protected_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(ProblemsError):
        seal(tmp_path / "editions", content())


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "editions").write_text("")
    with pytest.raises(ProblemsError) as caught:
        seal(tmp_path / "editions", content())
    assert caught.value.problems[0].code == "dossier-protege"


def test_a_blanked_figure_is_nowhere_in_the_edition(tmp_path: Path) -> None:
    """The sheet of QP000002 printed 51,3 although the table blanks it."""
    seal(tmp_path, content())
    folder = tmp_path / "2020-07-01"
    for path in (path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data = str(pl.read_parquet(path).rows()).encode()
        assert b"51,3" not in data and b"51.3" not in data, path.name
    with connect(folder / DATABASE) as base:
        found = base.execute(
            "SELECT value, status, raw FROM statements WHERE territory = 'QP000002'"
        ).fetchall()
    assert sorted(found) == [(None, "secret", MASKED), (None, "secret", "s")]


def test_masking_spares_the_other_periods() -> None:
    rows = [
        statement(value=None, status="secret", raw="s"),
        statement(period="2016", value=12.0, raw="12"),
    ]
    secret = pl.DataFrame([{**rows[0], "statements": 1, "contradicted": False}], schema=RETAINED)
    masked = mask(pl.DataFrame(rows, schema=STATEMENTS), secret)
    assert masked["raw"].to_list() == ["s", "12"]
    assert masked["value"].to_list() == [None, 12.0]
    assert masked.schema == pl.Schema(STATEMENTS)


def test_the_database_opens_with_any_tool(tmp_path: Path) -> None:
    """Plain SQLite: flat views, whole provenance, a sound file."""
    seal(tmp_path, content())
    path = tmp_path / "2020-07-01" / DATABASE
    with connect(path) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        row = base.execute(
            "SELECT value, file, line, sha256 FROM observations WHERE territory = 'QP000001'"
        ).fetchone()
        assert row == (44.1, "donnees/tableaux.csv", 3, "ab" * 32)
        with pytest.raises(sqlite3.OperationalError):
            base.execute("DELETE FROM fiches")


def test_the_csv_is_written_as_france_writes_it(tmp_path: Path) -> None:
    seal(tmp_path, content())
    text = (tmp_path / "2020-07-01" / CSV).read_bytes()
    assert text.startswith(b"\xef\xbb\xbfkind;territory;")
    assert b";44,1;ok;" in text


def test_parquet_csv_and_database_hold_the_same_rows(tmp_path: Path) -> None:
    seal(tmp_path, content())
    folder = tmp_path / "2020-07-01"
    frames = {path.stem: pl.read_parquet(path) for path in (folder / PARQUET).iterdir()}
    assert set(frames) == {*TABLES.values(), "sentences"}
    seen = 0
    with connect(folder / DATABASE) as base:
        for table, frame in frames.items():
            columns = ", ".join(f'"{name}"' for name in frame.columns)
            rows = base.execute(f'SELECT {columns} FROM "{table}" ORDER BY rowid_').fetchall()
            plain = [
                tuple(json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for v in row)
                for row in frame.rows()
            ]
            assert rows == plain, table
            seen += len(rows)
    assert seen > 20
    csv = pl.read_csv(folder / CSV, separator=";", decimal_comma=True)
    assert csv.height == frames["observations"].height
