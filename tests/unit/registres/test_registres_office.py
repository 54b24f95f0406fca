"""A file that a spreadsheet opened and saved changes nothing either."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from register_world import EVERYTHING, catalogue, names_of, row

from terril.registres.compare import plan
from terril.registres.read import read_table
from terril.reports.registres.workbook import write_ods, write_xlsx

OFFICE = shutil.which("soffice")
ROWS = [
    row(n, nom=nom, code=f"00{n}", detail=detail, nb=n, cout=Decimal("1234567.89"),
        taux=Decimal("12.5"), mesure=Decimal("-0.125"), jour=dt.date(2026, 11, n),
        heure=dt.time(14, 30), an=2026, vu=n % 2 == 0, theme="cadre", themes=("nord", "sud"),
        etat="cours", ville=4, villes=(3, 5), parent=1, siret="73282932000074",
        tel="03 21 00 00 00", indicateurs=("emploi.nb_demandeurs",))
    for n, (nom, detail) in enumerate(
        [("=1+1", "un  deux\n\n  trois"), ("'apostrophe", "l’été\n=x"), ("TRUE", "24/11/2026"),
         ("1e5", "x" * 20_000), ("a  b", "\n".join("abc"))], 1,
    )
]  # fmt: skip


@pytest.mark.long
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice n’est pas installé")
@pytest.mark.parametrize("source", ["xlsx", "ods"])
@pytest.mark.parametrize("target", ["xlsx", "ods"])
def test_libreoffice_keeps_every_cell(tmp_path: Path, source: str, target: str) -> None:
    names = names_of(*ROWS)
    write = write_xlsx if source == "xlsx" else write_ods
    data = write(
        EVERYTHING, "tout", ROWS, catalogue(), names, about="", day=dt.date(2026, 11, 24)
    )  # fmt: skip
    (tmp_path / f"a.{source}").write_bytes(data)
    subprocess.run(
        [str(OFFICE), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         "--convert-to", target, "--outdir", str(tmp_path / "out"), str(tmp_path / f"a.{source}")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    reading = read_table(tmp_path / "out" / f"a.{target}", EVERYTHING, "tout", catalogue(), names)
    assert [str(problem) for problem in reading.problems] == []
    made = plan(EVERYTHING, reading.rows, ROWS, catalogue(), names)
    assert (made.changed, made.added) == ((), ())
    assert made.unchanged == len(ROWS)
