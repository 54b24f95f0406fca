"""Is the base prepared whole from the producer's file, or refused with a clear message?"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from address_town import base_of, row, street

from ban_world import HEAD, degrees, world
from terril.lib.problems import ProblemList
from terril.places.addresses import prepare as module
from terril.places.addresses.base import is_prepared, open_base
from terril.places.addresses.prepare import prepare


def codes(problems: ProblemList) -> list[str]:
    return [problem.code for problem in problems]


def write(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "adresses-62.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_what_is_prepared_is_what_the_file_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world(4, communes=4, streets=12)
    source = made.write(tmp_path / "adresses-62.csv")
    monkeypatch.setattr(module, "BLOCK", 4096)  # many blocks, cut anywhere
    problems = ProblemList()
    assert prepare(source, tmp_path / "b.sqlite", problems, vintage="2026-05")
    assert not len(problems)
    base = open_base(tmp_path / "b.sqlite", problems)
    assert base is not None
    with base:
        assert base.meta["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
        assert base.meta["vintage"] == "2026-05" and base.meta["file"] == "adresses-62.csv"
        assert int(base.meta["addresses"]) == len(made.homes)
        assert base.crs == 2154
        seen = set()
        for insee in base.communes:
            numbers = base.numbers(insee)
            labels = {s.id: s.label for s in base.streets(insee).all}
            for rank in range(len(numbers.number)):
                seen.add(
                    (
                        insee,
                        labels[int(numbers.street[rank])],
                        int(numbers.number[rank]),
                        numbers.suffix[rank],
                        round(float(numbers.xy[rank, 0]), 2),
                        round(float(numbers.xy[rank, 1]), 2),
                    )
                )
        assert seen == {(h.insee, h.street, h.number, h.suffix, h.x, h.y) for h in made.homes}
        assert set(base.postcodes) == {h.postcode for h in made.homes}


def test_a_compressed_file_and_a_mark_change_nothing(tmp_path: Path) -> None:
    rows = street("Rue Pasteur", range(1, 9))
    text = "\ufeff" + "\r\n".join([HEAD, *rows]) + "\r\n"
    packed = tmp_path / "adresses-62.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    problems = ProblemList()
    assert prepare(packed, tmp_path / "b.sqlite", problems)
    base = open_base(tmp_path / "b.sqlite", problems)
    assert base is not None and base.meta["addresses"] == "8"
    assert base.meta["sha256"] == hashlib.sha256(packed.read_bytes()).hexdigest()
    base.close()


def test_quoted_cells_and_other_columns(tmp_path: Path) -> None:
    line = row(3, '"Rue ""du; Pont"""', 650_000, 7_000_000)
    base = base_of([line], tmp_path)
    (only,) = base.streets("62001").all
    assert only.label == 'Rue "du; Pont"' and only.names[0].full == "rue du pont"
    base.close()
    shuffled = ";".join(reversed(HEAD.split(";")))
    source = write(
        tmp_path, ";".join(reversed(line.replace("; P", " P").split(";"))), head=shuffled
    )
    assert prepare(source, tmp_path / "c.sqlite", ProblemList())


def test_longitude_and_latitude_serve_when_x_and_y_are_missing(tmp_path: Path) -> None:
    made = world(4, communes=1, streets=3)
    home = made.homes[0]
    ((lon, lat),) = degrees([home])
    rows = [
        row(1, "Rue Pasteur", "", "", lonlat=(f"{lon:.6f}", f"{lat:.6f}")),
        row(2, "Rue Pasteur", 0, 0, lonlat=(f"{lon:.6f}", f"{lat:.6f}")),
        row(3, "Rue Pasteur", home.x, home.y),
        row(4, "Rue Pasteur", "", ""),
        row(5, "", home.x, home.y),
    ]
    problems = ProblemList()
    assert prepare(write(tmp_path, *rows), tmp_path / "b.sqlite", problems)
    assert codes(problems) == ["ban-sans-voie", "ban-sans-position"]
    base = open_base(tmp_path / "b.sqlite", problems)
    assert base is not None
    xy = base.numbers("62001").xy
    assert xy.shape == (3, 2)
    assert abs(xy - [[home.x, home.y]]).max() < 0.2
    base.close()


def test_a_base_kept_before_is_left_when_the_new_file_is_wrong(tmp_path: Path) -> None:
    target = tmp_path / "b.sqlite"
    assert prepare(write(tmp_path, *street("Rue Pasteur", range(1, 9))), target, ProblemList())
    before = target.read_bytes()
    problems = ProblemList()
    assert not prepare(write(tmp_path, "1;2", head="a;b"), target, problems)
    assert codes(problems) == ["ban-colonnes"] and problems.errors
    assert target.read_bytes() == before
    assert not list(tmp_path.glob(".*")), "nothing half made is left"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ban-illisible"),
        (HEAD.encode() + b"\n", "ban-illisible"),
        ((HEAD + "\n" + row(1, "Rue Pasteur", 650_000, 7_000_000) + "\n").encode("cp1252"), None),
        ((HEAD + "\n" + row(1, "Allée Pasteur", 1, 2) + "\n").encode("cp1252"), "ban-illisible"),
        (gzip.compress(b"x" * 50_000, mtime=0)[:-20], "ban-illisible"),
        (b"\x1f\x8bnothing", "ban-illisible"),
        (b"id,numero\n1,2\n", "ban-colonnes"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: bytes, code: str | None) -> None:
    source = tmp_path / "adresses.csv"
    source.write_bytes(content)
    problems = ProblemList()
    if code is None:  # « entrée » in cp1252 is not UTF-8
        code = "ban-illisible"
    assert not prepare(source, tmp_path / "b.sqlite", problems)
    assert codes(problems) == [code]
    assert not (tmp_path / "b.sqlite").exists()


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    problems = ProblemList()
    assert not prepare(tmp_path / "none.csv", tmp_path / "b.sqlite", problems)
    assert codes(problems) == ["ban-absente"]


def test_two_legal_grids_do_not_mix(tmp_path: Path) -> None:
    rows = [
        row(1, "Rue Pasteur", 650_000, 7_000_000),
        row(1, "Rue Pasteur", 340_000, 7_690_000, insee="97411", postcode="97400"),
    ]
    problems = ProblemList()
    assert not prepare(write(tmp_path, *rows), tmp_path / "b.sqlite", problems)
    assert codes(problems) == ["ban-projections"]
    assert prepare(write(tmp_path, rows[1]), tmp_path / "b.sqlite", problems)
    base = open_base(tmp_path / "b.sqlite", problems)
    assert base is not None and base.crs == 2975
    base.close()


def test_an_unknown_type_of_position_is_told_and_the_least_precise(tmp_path: Path) -> None:
    rows = [
        row(1, "Rue Pasteur", 650_000, 7_000_000, position="au jugé"),
        row(3, "Rue Pasteur", 650_010, 7_000_000, position="cage d'escalier"),
        row(5, "Rue Pasteur", 650_020, 7_000_000, position="entrance"),
    ]
    problems = ProblemList()
    assert prepare(write(tmp_path, *rows), tmp_path / "b.sqlite", problems)
    assert codes(problems) == ["ban-position-inconnue"]
    base = open_base(tmp_path / "b.sqlite", problems)
    assert base is not None
    types = module.position_types()
    assert base.numbers("62001").position.tolist() == [
        len(types), types.index("cage d'escalier"), types.index("entrance")
    ]  # fmt: skip
    base.close()


def test_one_street_under_two_codes_is_one_and_old_communes_are_two(tmp_path: Path) -> None:
    rows = [
        row(1, "Rue Pasteur", 650_000, 7_000_000),
        row(3, "RUE PASTEUR", 650_010, 7_000_000),
        row(1, "Rue Pasteur", 652_000, 7_000_000, former=("62777", "Vieux-Bourg")),
        row(2, "Rue du Gal Leclerc", 650_000, 7_000_500, afnor="RUE DU GENERAL LECLERC"),
    ]
    base = base_of(rows, tmp_path)
    with base:
        assert [(s.former, len(s.names)) for s in base.streets("62001").all] == [
            ("", 1), ("62777", 1), ("", 1)
        ]  # fmt: skip
        assert base.places["vieux bourg"] == (("62001", "62777"),)


def test_what_is_no_base_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    problems = ProblemList()
    assert open_base(path, problems) is None
    path.write_text("rien", encoding="utf-8")
    assert open_base(path, problems) is None and not is_prepared(path)
    assert codes(problems) == ["base-adresses"] * 2
