"""The producer's own files, every vintage that stands beside the project."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from source_material import Desk

from terril.lib.problems import ProblemList, Severity
from terril.sources.columns import families, recognise
from terril.sources.tables import read_table
from terril.sources.vintages import upper
from terril.territories.registry import Territories, Territory

PILOT = "246200364"

#: file → family, vintage, rows of territories, figures of one row in the file
FILES = {
    "insee-qpv/DEMO_2018.csv": ("insee_demo_qpv", 1345, "QP062019", "demographie.population", 4765),
    "insee-qpv/DEMO_2019.csv": (
        "insee_demo_qpv", 1345, "QP062019", "demographie.indice_jeunesse", 2.0,
    ),
    "insee-qpv/data_DEMO_2020_V1_QP.csv": (
        "insee_demo_qpv", 1400, "QP062019", "demographie.population", 4765,
    ),
    "insee-qpv/DEMO_2022.csv": ("insee_demo_qpv", 1400, None, None, None),
    "insee-qpv/IPRO_2018.csv": ("insee_ipro_qpv", 1345, "QP001001", "emploi.nb_defm_abc", 928),
    "insee-qpv/IPRO_2019.csv": ("insee_ipro_qpv", 1345, "QP001001", "emploi.nb_defm_abc", 978),
    "insee-qpv/IPRO_2022.csv": ("insee_ipro_qpv", 1345, "QP001001", "emploi.nb_defm_abc", 926),
    "insee-qpv/REVN_2018.csv": (
        "insee_revn_qpv", 1345, "QP001001", "revenus.revenu_median_uc", 13637,
    ),
    "insee-qpv/REVN_2019.csv": ("insee_revn_qpv", 1352, "QP001001", "revenus.taux_pauvrete", 40.9),
    "insee-qpv/REVN_2022.csv": (
        "insee_revn_qpv", 1352, "QP001001", "revenus.revenu_median_uc", 14180,
    ),
    "insee-qpv/data_filo16_qp_revdis.csv": ("insee_filosofi_qpv", 1352, None, None, None),
    "insee-qpv/data_filo18_qp_revdis.csv": (
        "insee_filosofi_qpv", 1352, "QP001001", "revenus.revenu_median_uc", 14180,
    ),
    "insee-qpv/data_filo19_qp_revdis.csv": ("insee_filosofi_qpv", 1352, None, None, None),
    **{
        f"filosofi-territoires/FILO{year}_DISP_{level}_dep62.csv": (
            "insee_filosofi_territoires", None, code, "revenus.nb_menages_fiscaux", None,
        )
        for year in range(2014, 2020)
        for level, code in (("EPCI", PILOT), ("DEP", "62"), ("METROPOLE", "FM"), ("COM", "62498"))
        if (year, level) != (2017, "COM")
    },
}  # fmt: skip


@pytest.fixture
def pilot_desk(tmp_path: Path) -> Desk:
    places = Territories(
        (
            Territory(PILOT, "epci", "CA de Lens - Liévin", "Lens-Liévin"),
            Territory("QP062019", "qpv", "République", "République", ("62065",), PILOT),
            Territory("QP001001", "qpv", "Grande Reyssouze", "Reyssouze", ("01053",), PILOT),
            Territory("62498", "commune", "Lens", "Lens", epci=PILOT),
            Territory("62", "departement", "Pas-de-Calais", "Pas-de-Calais"),
            Territory("FM", "france_metro", "France métropolitaine", "France métropolitaine"),
        )
    )
    return Desk(tmp_path, places)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_vintage_beside_the_project_is_read(
    pilot_desk: Desk, real_data: Path, name: str
) -> None:
    family, count, code, indicator, value = FILES[name]
    path = real_data / name
    (table,) = read_table(path, ProblemList())
    found = recognise([upper(h) for h in table.heads if h], path.name)
    assert found is not None
    assert found.code == family
    read = pilot_desk.read_path(path, "insee", options={"territoires": "tous"})
    assert [p for p in read.problems if p.severity is Severity.ERROR] == []
    if count is not None:
        assert read.frame["territory"].n_unique() == count
    per_territory = read.frame.group_by("territory").len()["len"]
    assert per_territory.n_unique() == 1  # every row gives every indicator, known or not
    assert read.frame.filter(pl.col("status") == "ok")["value"].null_count() == 0
    assert read.frame.filter(pl.col("status") != "ok")["value"].count() == 0
    if code and indicator:
        (row,) = read.rows(code, indicator)
        assert row["status"] == "ok"
        if value is not None:
            assert row["value"] == value


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_column_of_every_file_is_known(real_data: Path, pilot_desk: Desk, name: str) -> None:
    read = pilot_desk.read_path(real_data / name, "insee")
    assert read.of("colonnes-non-lues") == []
    assert read.of("colonne-sans-titre") == []


def test_no_file_of_a_known_family_is_forgotten(real_data: Path) -> None:
    there = {
        f"{folder}/{path.name}"
        for folder, marks in (
            ("insee-qpv", ("DEMO", "IPRO", "REVN", "filo")),
            ("filosofi-territoires", ("FILO2",)),
        )
        for path in (real_data / folder).glob("*.csv")
        if any(mark in path.name for mark in marks)
    }
    assert there == set(FILES)


def test_shares_of_the_first_release_are_those_of_another_census(real_data: Path) -> None:
    """Why the map dates the shares of release 2018 of census 2010 (supposed): they differ from
    those of release 2019 more than releases 2019 and 2022, three censuses apart, differ."""

    def shares(name: str) -> pl.DataFrame:
        (table,) = read_table(real_data / "insee-qpv" / name, ProblemList())
        value = pl.col("TX_TOT_0A24").str.replace(",", ".").cast(pl.Float64)
        return table.rows.select("CODGEO", value.alias(name)).collect()

    first, second, last = (shares(f"DEMO_{year}.csv") for year in (2018, 2019, 2022))
    frame = second.join(first, on="CODGEO").join(last, on="CODGEO").drop_nulls()
    near = frame.select(pl.corr("DEMO_2019.csv", "DEMO_2022.csv")).item()
    far = frame.select(pl.corr("DEMO_2018.csv", "DEMO_2019.csv")).item()
    assert far < near - 0.05
    assert not families()["insee_demo_qpv"].periods["2018", "rp"].sure


def test_incomes_of_release_2022_are_those_of_2018(real_data: Path, pilot_desk: Desk) -> None:
    """How the year of release 2022 was established: equal medians, neighbourhood by
    neighbourhood, in the file of Filosofi 2018."""
    everything = {"territoires": "tous"}
    folder = real_data / "insee-qpv"
    release = pilot_desk.read_path(folder / "REVN_2022.csv", "insee", options=everything).frame
    filosofi = pilot_desk.read_path(
        folder / "data_filo18_qp_revdis.csv", "insee", options=everything
    ).frame
    key = ["kind", "territory", "indicator", "period"]
    both = release.filter(pl.col("indicator") == "revenus.revenu_median_uc").join(
        filosofi, on=key, suffix="_other"
    )
    assert both.height == 1352
    assert both.filter(pl.col("value") != pl.col("value_other")).is_empty()
