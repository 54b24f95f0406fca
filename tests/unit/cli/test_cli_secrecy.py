"""Does secrecy hold from the file to the edition, and from one edition to the next?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from small_project import HEAD, picture, terril, write

from terril.editions.open import open_edition
from terril.observations.schema import Status

NB = "emploi.nb_defm_abc"
DAY = "2018-12-31"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "projet")


def say(project: Path, *rows: tuple[str, str, int]) -> None:
    """Write the table: code of the neighbourhood, indicator, count."""
    (project / "donnees" / "tableaux.csv").write_text(
        HEAD + "".join(f"qpv;{q};{i};{DAY};{n};pole_emploi\n" for q, i, n in rows),
        encoding="utf-8",
    )


def statuses(edition: Path) -> dict[str, str]:
    frame = open_edition(edition).retained.filter(pl.col("territory") == "QP000001")
    return dict(frame.select("indicator", "status").iter_rows())


def test_a_difference_does_not_give_a_small_count(project: Path) -> None:
    """412 in all and 409 women would say that there are three men."""
    say(
        project,
        ("QP000001", NB, 412),
        ("QP000001", f"{NB}_femmes", 409),
        ("QP000001", f"{NB}_hommes", 3),
        ("QP000002", f"{NB}_femmes", 120),
        ("QP000002", f"{NB}_hommes", 130),
    )
    code, _, err = terril("construire", project)
    assert code == 0, err
    edition = project / "editions" / "2020-07-01"
    found = statuses(edition)
    assert found[f"{NB}_hommes"] == Status.SECRET
    assert Status.SECRET in {found[NB], found[f"{NB}_femmes"]}
    ledger = open_edition(edition).blanked.filter(pl.col("territory") == "QP000001")
    assert set(ledger["blanking"]) >= {"primaire", "secondaire"}
    assert ledger.filter(pl.col("blanking") == "secondaire")["relation"].to_list() != [""]
    hidden = {"409", "412"} & {
        str(v) for v in open_edition(edition).retained["value"].drop_nulls().cast(pl.Int64)
    }
    assert len(hidden) <= 1, "one of the two is enough to find the third"


def test_a_former_edition_is_known_for_ever(project: Path) -> None:
    """The total was published in 2019: in 2020 the women alone would give the men away."""
    say(project, ("QP000001", NB, 412))
    assert terril("construire", project, "--date", "2019-07-01")[0] == 0
    say(project, ("QP000001", f"{NB}_femmes", 409), ("QP000001", f"{NB}_hommes", 3))
    code, _, err = terril("construire", project)
    assert code == 0, err
    found = statuses(project / "editions" / "2020-07-01")
    assert found[f"{NB}_hommes"] == Status.SECRET
    assert found[f"{NB}_femmes"] == Status.SECRET


def test_without_the_former_edition_the_women_may_be_told(project: Path) -> None:
    say(project, ("QP000001", f"{NB}_femmes", 409), ("QP000001", f"{NB}_hommes", 3))
    assert terril("construire", project)[0] == 0
    found = statuses(project / "editions" / "2020-07-01")
    assert found[f"{NB}_femmes"] == Status.OK


def test_a_lost_edition_stops_the_sealing(project: Path) -> None:
    say(project, ("QP000001", NB, 412))
    assert terril("construire", project, "--date", "2019-07-01")[0] == 0
    (project / "editions" / "2019-07-01").rename(project / "ailleurs")
    before = picture(project / "editions")
    code, _, err = terril("construire", project)
    assert code == 1 and "edition-anterieure-absente" in err
    assert picture(project / "editions") == before


def test_a_contradiction_does_not_tell_what_is_blanked_to_protect(project: Path) -> None:
    """Two documents disagree on the women; blanked for the men, neither figure may come out."""
    toml = project / "terril.toml"
    toml.write_text(
        toml.read_text("utf-8")
        + '\n[[entrees]]\nid = "fiches"\nfichier = "donnees/fiches.csv"\nlecteur = "long"\n'
        "priorite = 20\n",
        "utf-8",
    )
    say(
        project,
        ("QP000001", NB, 4127),
        ("QP000001", f"{NB}_femmes", 4124),
        ("QP000001", f"{NB}_hommes", 3),
    )
    (project / "donnees" / "fiches.csv").write_text(
        f"{HEAD}qpv;QP000001;{NB}_femmes;{DAY};4119;pole_emploi\n", encoding="utf-8"
    )
    code, out, err = terril("construire", project)
    assert code == 0, err
    edition = open_edition(project / "editions" / "2020-07-01")
    found = statuses(edition.path)
    hidden = {"4127"} if found[NB] == Status.SECRET else {"4124", "4119"}
    assert found[f"{NB}_hommes"] == Status.SECRET and len(set(found.values())) == 2
    texts = [path.read_bytes() for path in edition.path.rglob("*") if path.is_file()]
    for value in hidden:
        for written in (value, f"{value[0]}\u202f{value[1:]}", f"{value[0]} {value[1:]}"):
            assert not any(written.encode() in text for text in texts), written
            assert written not in out + err
    code, out, err = terril("controler", project, "--vers", project / "out")
    assert code == 0, err
    assert not any(f"4\u202f{v[1:]}" in out or v in out for v in hidden)
