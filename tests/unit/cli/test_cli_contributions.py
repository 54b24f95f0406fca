"""Is a figure that one contributor dominates blanked, and does nothing of the file come out?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from small_project import HEAD, terril, write

from terril.editions.open import Edition, open_edition
from terril.observations.schema import Status

INDUSTRY, DAY = "emploi.effectif_industrie", "2018-12-31"
DECLARED = """
[[entrees]]
id = "etablissements"
fichier = "donnees/contributions.csv"
lecteur = "contributions"
"""
#: staff of three neighbourhoods; one establishment makes 89 % of the second
STAFF = {"QP000001": 412, "QP000002": 951, "QP000003": 308}
SHARES = {
    "QP000001": (141, 97, 412, 9),
    "QP000002": (847, 63, 951, 11),
    "QP000003": (88, 71, 308, 6),
}
CONFIDENTIAL = ("141", "97", "847", "63", "88", "71")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = write(tmp_path / "projet")
    toml = root / "terril.toml"
    toml.write_text(toml.read_text("utf-8") + DECLARED, "utf-8")
    (root / "donnees" / "tableaux.csv").write_text(
        HEAD + "".join(f"qpv;{q};{INDUSTRY};{DAY};{n};acoss\n" for q, n in STAFF.items()), "utf-8"
    )
    contributions(root)
    return root


def contributions(root: Path, **changes: tuple[int, int, int, int]) -> None:
    rows = {**SHARES, **changes}
    (root / "donnees" / "contributions.csv").write_text(
        "territoire;indicateur;periode;plus_grand;second;total;nombre\n"
        + "".join(f"{q};{INDUSTRY};{DAY};{a};{b};{t};{n}\n" for q, (a, b, t, n) in rows.items()),
        "utf-8",
    )


def edition(root: Path) -> Edition:
    code, _, err = terril("construire", root)
    assert code == 0, err
    return open_edition(root)


def statuses(opened: Edition) -> dict[str, str]:
    rows = opened.retained.filter(pl.col("indicator") == INDUSTRY)
    return dict(rows.select("territory", "status").iter_rows())


def test_a_dominated_figure_is_blanked_with_its_reason(project: Path) -> None:
    opened = edition(project)
    assert statuses(opened) == {
        "QP000001": Status.OK, "QP000002": Status.SECRET, "QP000003": Status.OK,
    }  # fmt: skip
    [row] = opened.blanked.filter(pl.col("indicator") == INDUSTRY).to_dicts()
    assert (row["territory"], row["rule"], row["blanking"]) == (
        "QP000002", "etablissements", "primaire",
    )  # fmt: skip
    assert row["why"] == "Le premier contributeur pèse plus de 85\u202f% du total."


def test_nothing_of_the_contributions_is_in_the_edition_nor_in_the_documents(
    project: Path, tmp_path: Path
) -> None:
    opened = edition(project)
    [held] = [item for item in opened.manifest.inputs if item.reader == "contributions"]
    assert held.file == "donnees/contributions.csv" and held.rows == 0
    code, _, err = terril("publier", project, "--vers", tmp_path / "out")
    assert code == 0, err
    for name, frame in (
        (path.stem, pl.read_parquet(path)) for path in (opened.path / "parquet").glob("*.parquet")
    ):
        numbers = {
            f"{value:g}"
            for column in frame.select(pl.selectors.numeric()).iter_columns()
            for value in column.drop_nulls()
        }
        assert not numbers & {"847", "141", "951"}, name
        texts = frame.select(pl.selectors.string()).write_csv()
        for amount in (*CONFIDENTIAL, "951"):
            assert f";{amount}" not in texts and f" {amount} " not in texts, (name, amount)


def test_without_the_file_the_figure_would_be_published(project: Path) -> None:
    toml = project / "terril.toml"
    toml.write_text(toml.read_text("utf-8").replace(DECLARED, ""), "utf-8")
    assert set(statuses(edition(project)).values()) == {Status.OK}


def test_too_few_establishments_are_blanked_too(project: Path) -> None:
    contributions(project, QP000003=(160, 148, 308, 2))
    opened = edition(project)
    assert statuses(opened)["QP000003"] == Status.SECRET
    why = opened.blanked.filter(pl.col("territory") == "QP000003")["why"].to_list()
    assert why == ["Moins de 3 contributeurs (établissements)."]


def test_a_wrong_file_stops_the_sealing_and_quotes_no_amount(project: Path) -> None:
    contributions(project, QP000001=(141, 971, 412, 9))
    code, out, err = terril("construire", project)
    assert code == 1 and "[contributions-desordre]" in err
    assert not (project / "editions").exists()
    assert not any(amount in out + err for amount in ("141", "971"))


def test_contributions_of_another_total_are_told(project: Path) -> None:
    contributions(project, QP000001=(141, 97, 500, 9))
    code, _, err = terril("construire", project)
    assert code == 0 and "[contributions-contredites]" in err
    assert "500" not in err and "141" not in err


def test_reconstruire_sees_that_the_file_changed(project: Path) -> None:
    opened = edition(project)
    assert terril("reconstruire", opened.path, "--projet", project)[0] == 0
    contributions(project, QP000001=(142, 97, 412, 9))
    code, _, err = terril("reconstruire", opened.path, "--projet", project)
    assert code == 1 and "donnees/contributions.csv" in err and "[entree-changee]" in err
