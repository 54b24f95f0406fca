"""Is the series of a neighbourhood drawn on its sheet, from the files to the pages?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from small_project import HEAD, terril, write

from terril.editions.open import open_edition

HOUSING = "revenus.part_prestations_logement"
POVERTY = "revenus.taux_pauvrete"
YEARS = range(2014, 2020)

MODEL = f"""\
essai:
  label: Fiche d’essai
  population: demographie.population
  blocks:
    - theme: revenus
      signal: [revenus.revenu_median_uc]
      rows: [{HOUSING}, {POVERTY}]
      sentences: [{POVERTY}]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six years of housing benefits and of poverty, the fourth one secret for a neighbourhood."""
    root = write(tmp_path_factory.mktemp("series") / "projet")
    toml = root / "terril.toml"
    text = toml.read_text("utf-8").replace(
        'modele_fiche = "quartier"', 'modele_fiche = "essai"\ncatalogue = ["cartes"]'
    )
    toml.write_text(text, "utf-8")
    (root / "cartes" / "fiches").mkdir(parents=True)
    (root / "cartes" / "fiches" / "essai.yaml").write_text(MODEL, "utf-8")
    rows = []
    for rank, year in enumerate(YEARS):
        for number in (1, 2, 3):
            poverty = 40 + number + rank / 2
            housing = 12 + number / 2 - (3 if year >= 2018 else 0) + rank / 10
            hidden = (number, year) == (2, 2017)
            rows += [
                (f"qpv;QP00000{number}", POVERTY, year, "s" if hidden else f"{poverty:.1f}"),
                (f"qpv;QP00000{number}", HOUSING, year, f"{housing:.1f}"),
            ]
        rows.append(("epci;200000000", POVERTY, year, f"{20 + rank}"))
    (root / "donnees" / "tableaux.csv").write_text(
        HEAD
        + "".join(
            f"{place};{code};{year};{value.replace('.', ',')};insee_filosofi\n"
            for place, code, year, value in rows
        ),
        "utf-8",
    )
    code, _, err = terril("construire", root)
    assert code == 0, err
    return root


def test_the_sheet_holds_the_longest_series_of_each_theme(project: Path) -> None:
    fiche = open_edition(project).fiche("QP000002")
    [series] = fiche.series
    assert series.indicator == HOUSING and series.known == 6
    assert [len(line.points) for line in series.lines] == [4, 2]
    poverty = open_edition(project).fiche("QP000002").blocks[0].rows
    assert len(poverty) == 2


def test_the_pages_show_the_series_and_its_break(project: Path, tmp_path: Path) -> None:
    code, _, err = terril("publier", project, "--vers", tmp_path)
    assert code == 0, err
    sheet = PdfReader(tmp_path / "fiches" / "fiche-QP000002.pdf")
    assert len(sheet.pages) == 2
    first = sheet.pages[0].extract_text()
    assert re.search(r"2018\s: aides au logement redéfinies", first)
    for year in YEARS:
        assert str(year) in first
    told = json.loads((tmp_path / "fiches" / "fiche-QP000002.json").read_text("utf-8"))
    assert [line["points"][0]["period"] for line in told["series"][0]["lines"]] == ["2014", "2018"]
    volume = PdfReader(tmp_path / "etat-des-lieux.pdf")
    pages = [page.extract_text() for page in volume.pages]
    [poverty] = [p for p in pages if "Quartier par quartier" in p and "Taux de pauvreté" in p]
    for name in ("Cité du Nord", "Cité du Sud", "Cité de l’Est"):
        assert name in poverty
    assert "Agglomération" in poverty and "moyenne des quartiers" in poverty
    assert "agglomération" in poverty, "a key names the lighter lines"
    sheets = PdfReader(tmp_path / "themes" / "theme-revenus.pdf").pages
    theme = " ".join(page.extract_text() for page in sheets)
    assert "Ce qui a changé" in theme and "25,0" in theme
