"""Does a project with the neighbourhoods of 2015 and of 2024 compare those of one list only?"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from pypdf import PdfReader
from small_project import HEAD, POVERTY, TOML, terril

from terril.editions.open import open_edition
from terril.reports.evolutions import evolutions
from terril.reports.lookup import Lookup

OLD, NEW = ("QP062001", "QP062002", "QP062003"), ("QN06201M", "QN06202M", "QN06203I")
TERRITORIES = """\
genre;code;nom;communes;epci;population
epci;200000000;Communauté d’essai;;;9000
commune;62001;Villeneuve;;200000000;9000
"""
LIST = "QP2024;Label_QP2024;Statut;QP2015_1;Label_QP2015_1\n"
STATUS = {"M": "Modifié", "I": "Inchangé"}


def build(folder: Path, generation: str) -> Path:
    (folder / "donnees").mkdir(parents=True)
    toml = TOML.replace('generation = "2015"', f'generation = "{generation}"')
    toml = toml.replace("[territoire]", 'correspondance = "liste.csv"\n\n[territoire]')
    (folder / "terril.toml").write_text(toml, "utf-8")
    places, links, rows = [], [], []
    for number, (old, new) in enumerate(zip(OLD, NEW, strict=True), 1):
        places += [
            f"qpv;{code};Cité {number}, {word};62001;200000000;1000\n"
            for code, word in ((old, "ancienne"), (new, "nouvelle"))
        ]
        links.append(f"{new};Cité {number};{STATUS[new[-1]]};{old};Cité {number}\n")
        rows += [f"qpv;{old};{POVERTY};{year};{30 + number},0;insee_filosofi\n"
                 for year in (2019, 2020, 2021)]  # fmt: skip
        rows.append(f"qpv;{new};{POVERTY};2021;{50 + number},0;insee_filosofi\n")
    rows += [f"epci;200000000;{POVERTY};{year};20,0;insee_filosofi\n"
             for year in (2019, 2020, 2021)]  # fmt: skip
    (folder / "territoires.csv").write_text(TERRITORIES + "".join(places), "utf-8")
    (folder / "liste.csv").write_text(LIST + "".join(links), "utf-8")
    (folder / "donnees" / "tableaux.csv").write_text(HEAD + "".join(rows), "utf-8")
    code, _, err = terril("construire", folder)
    assert code == 0, err
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("deux") / "projet", "2024")


@pytest.mark.parametrize(
    ("generation", "codes", "mean"), [("2024", NEW, 52.0), ("2015", OLD, 32.0)]
)
def test_sheets_means_and_ranks_are_those_of_one_list(
    tmp_path: Path, generation: str, codes: tuple[str, ...], mean: float
) -> None:
    edition = open_edition(build(tmp_path / "projet", generation))
    assert tuple(sorted(f.code for f in edition.fiches)) == tuple(sorted(codes))
    group = edition.groups.filter((pl.col("indicator") == POVERTY) & (pl.col("period") == "2021"))
    assert group.select("known", "total", "mean").row(0) == (3, 3, mean)
    assert set(edition.positions["territory"]) == set(codes)
    assert edition.generation == generation
    assert {p.code for p in Lookup(edition).qpv} == set(codes)
    held = edition.retained.filter(pl.col("kind") == "qpv")["territory"].unique().to_list()
    assert set(held) == {*OLD, *NEW}, "the figures of both lists stay in the edition"


def test_a_sheet_tells_the_past_of_its_former_perimeter(project: Path) -> None:
    [series] = open_edition(project).fiche("QN06201M").series
    assert [line.name for line in series.lines] or series.cuts
    assert [len(line.points) for line in series.lines] == [3, 1]
    assert ("QP062001", "QN06201M") in [cut.sides for cut in series.cuts]


def test_the_page_of_the_changes_names_whose_line_it_draws(project: Path) -> None:
    [page] = [p for p in evolutions(Lookup(open_edition(project))) if "pauvreté" in p["label"]]
    assert page["whole"]["label"] == "Agglomération"
    assert len(page["small"]) == 3 and page["left"] == ""


def test_the_volume_says_three_neighbourhoods(project: Path, tmp_path: Path) -> None:
    code, _, err = terril("publier", project, "--vers", tmp_path)
    assert code == 0, err
    assert len(list((tmp_path / "fiches").glob("*.pdf"))) == 3
    text = " ".join(
        page.extract_text() for page in PdfReader(tmp_path / "etat-des-lieux.pdf").pages
    )
    assert re.search(r"3\s+quartiers prioritaires|trois quartiers prioritaires", text)
    assert "6 quartiers" not in text
