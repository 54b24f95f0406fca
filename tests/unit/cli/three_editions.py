"""Three editions of the small project: one figure is published, then blanked, then unveiled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from small_project import POVERTY, terril, write

#: the figure that the second edition blanks: 47.3 stands nowhere else
SECRET = ("47,3", "47.3")
DATES = ("2020-07-01", "2021-07-01", "2022-07-01")


@dataclass(frozen=True)
class Three:
    project: Path
    editions: Path

    def __getitem__(self, number: int) -> Path:
        return self.editions / DATES[number]


def change(project: Path, before: str, after: str) -> None:
    """Change a piece of the table; the piece must be there."""
    path = project / "donnees" / "tableaux.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def build(project: Path, date: str) -> None:
    code, _, err = terril("construire", project, "--date", date)
    assert code == 0, err


def three(folder: Path) -> Three:
    """Build the editions of 2020 (47,3 published), 2021 (blanked) and 2022 (as in 2020)."""
    project = write(folder / "projet")
    change(project, "2015;44,1;", "2015;47,3;")
    build(project, DATES[0])
    change(project, "2015;47,3;", "2015;s;")
    change(project, "2015;38,0;", "2015;31,0;")
    change(project, f"epci;200000000;{POVERTY};2015;20,3", f"epci;200000000;{POVERTY};2016;20,3")
    build(project, DATES[1])
    change(project, f"QP000001;{POVERTY};2015;s;", f"QP000001;{POVERTY};2015;47,3;")
    build(project, DATES[2])
    return Three(project, project / "editions")
