"""Does the register remember what was published, and show when it was tampered with?"""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from edition_sample import content

from terril.editions.manifest import sha256_of
from terril.editions.publication import seal_and_record
from terril.editions.register import (
    REGISTER,
    Entry,
    Event,
    add_entries,
    read_register,
    record_sealing,
)
from terril.lib.problems import ProblemsError

DAY = "2022-03-04"


def codes(error: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def three(folder: Path) -> Path:
    for year in ("2020", "2021", "2022"):
        record_sealing(folder, f"{year}-07-01", year * 16, DAY)
    return folder / REGISTER


def rewrite(path: Path, text: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(text)


def test_an_absent_register_is_empty(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    assert (register.entries, register.problems, register.editions) == ((), (), ())
    assert register.sealing("2020-07-01") is None and register.notice("2020-07-01") is None


def test_lines_are_added_and_the_former_ones_keep_their_bytes(tmp_path: Path) -> None:
    record_sealing(tmp_path, "2020-07-01", "ab" * 32, DAY)
    first = (tmp_path / REGISTER).read_bytes()
    record_sealing(tmp_path, "2021-07-01", "cd" * 32, "2023-01-02")
    both = (tmp_path / REGISTER).read_bytes()
    assert both.startswith(first) and both.count(b"\n") == 2
    register = read_register(tmp_path)
    assert [(e.edition, e.manifest[:2], e.on) for e in register.entries] == [
        ("2020-07-01", "ab", DAY),
        ("2021-07-01", "cd", "2023-01-02"),
    ]
    assert register.problems == () and register.editions == ("2020-07-01", "2021-07-01")
    assert [path.name for path in tmp_path.iterdir()] == [REGISTER]


def test_what_was_published_before_is_known_in_its_order(tmp_path: Path) -> None:
    """The order of the sealings, not that of the dates: an older year may be sealed later."""
    for date in ("2021-07-01", "2020-07-01", "2022-07-01"):
        record_sealing(tmp_path, date, "ab" * 32, DAY)
    add_entries(tmp_path, lambda _: [Entry(Event.WITHDRAWN, "2021-07-01", "ab" * 32, DAY, "x")])
    register = read_register(tmp_path)
    assert register.before("2021-07-01") == ()
    assert register.before("2020-07-01") == ("2021-07-01",)
    assert register.before("2023-07-01") == ("2021-07-01", "2020-07-01", "2022-07-01")


def test_an_edition_is_noted_once(tmp_path: Path) -> None:
    record_sealing(tmp_path, "2020-07-01", "ab" * 32, DAY)
    before = (tmp_path / REGISTER).read_bytes()
    record_sealing(tmp_path, "2020-07-01", "ab" * 32, "2023-01-02")
    assert (tmp_path / REGISTER).read_bytes() == before


@pytest.mark.parametrize("number", [1, 2])
def test_a_line_that_changed_is_seen(tmp_path: Path, number: int) -> None:
    path = three(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number - 1] = lines[number - 1].replace(b"202", b"199", 1)
    rewrite(path, b"".join(lines))
    register = read_register(tmp_path)
    assert [(p.code, p.where.line) for p in register.problems] == [("registre-altere", number + 1)]
    assert len(register.entries) == 3


@pytest.mark.parametrize("number", [1, 2])
def test_a_line_taken_out_is_seen(tmp_path: Path, number: int) -> None:
    path = three(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[number - 1]
    rewrite(path, b"".join(lines))
    assert [p.code for p in read_register(tmp_path).problems] == ["registre-altere"]


@pytest.mark.parametrize(
    "line",
    [b"{\n", b"\xff\n", b"[]\n", b'{"event":"perdue"}\n', b"\n"],
)
def test_a_line_that_cannot_be_read_is_told_and_nothing_is_added(
    tmp_path: Path, line: bytes
) -> None:
    path = three(tmp_path)
    rewrite(path, path.read_bytes() + line)
    before = path.read_bytes()
    register = read_register(tmp_path)
    assert [(p.code, p.where.line) for p in register.problems] == [("registre-illisible", 4)]
    assert len(register.entries) == 3 and register.problems[0].remedy
    with pytest.raises(ProblemsError) as caught:
        record_sealing(tmp_path, "2023-07-01", "ef" * 32, DAY)
    assert codes(caught) == ["registre-illisible"]
    assert path.read_bytes() == before


def test_a_refusal_writes_nothing(tmp_path: Path) -> None:
    path = three(tmp_path)
    before = path.read_bytes()

    def refuse(_: object) -> list[Entry]:
        raise ProblemsError([])

    with pytest.raises(ProblemsError):
        add_entries(tmp_path, refuse)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def _note(folder: str, year: int) -> None:
    record_sealing(Path(folder), f"{year}-07-01", "ab" * 32, DAY)


def test_two_processes_do_not_lose_each_other_s_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_note, args=(str(tmp_path), 2000 + n)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    register = read_register(tmp_path)
    assert register.problems == ()
    assert len(register.editions) == 8


def test_sealing_notes_the_manifest(tmp_path: Path) -> None:
    seal_and_record(tmp_path, content(), on=DAY)
    entry = read_register(tmp_path).sealing("2020-07-01")
    assert entry is not None and entry.event is Event.SEALED and entry.on == DAY
    assert entry.manifest == sha256_of(tmp_path / "2020-07-01" / "manifest.json")


def test_a_draft_is_not_noted(tmp_path: Path) -> None:
    seal_and_record(tmp_path, content(), on=DAY, draft=True)
    assert not (tmp_path / REGISTER).exists()


def test_an_edition_sealed_before_the_register_is_noted_when_sealed_again(tmp_path: Path) -> None:
    seal_and_record(tmp_path, content(), on=DAY)
    (tmp_path / REGISTER).unlink()
    seal_and_record(tmp_path, content(), on="2023-01-02")
    entry = read_register(tmp_path).sealing("2020-07-01")
    assert entry is not None and entry.on == "2023-01-02"


def test_a_lost_folder_is_rebuilt_the_same_and_never_otherwise(tmp_path: Path) -> None:
    seal_and_record(tmp_path, content(), on=DAY)
    (tmp_path / "2020-07-01").rename(tmp_path.with_name("ailleurs"))
    other = replace(content(), retained=content().retained.with_columns(value=pl.lit(50.0)))
    with pytest.raises(ProblemsError) as caught:
        seal_and_record(tmp_path, other, on=DAY)
    assert codes(caught) == ["edition-republiee"]
    assert [path.name for path in tmp_path.iterdir()] == [REGISTER]
    seal_and_record(tmp_path, content(), on=DAY)
    assert (tmp_path / "2020-07-01" / "manifest.json").is_file()
    assert len(read_register(tmp_path).entries) == 1


def test_a_damaged_register_stops_the_sealing_before_anything_is_written(tmp_path: Path) -> None:
    path = three(tmp_path)
    rewrite(path, path.read_bytes()[10:])
    with pytest.raises(ProblemsError):
        seal_and_record(tmp_path, content(), on=DAY)
    assert [p.name for p in tmp_path.iterdir()] == [REGISTER]
