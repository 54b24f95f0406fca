"""Does « comparer » tell what matters, in order, and keep silent on what is secret?"""

from __future__ import annotations

import csv
import zipfile
from itertools import permutations
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from small_project import POVERTY, terril, write
from three_editions import DATES, SECRET, Three, build, change, three

FILES = {
    "secret.csv", "cartes.csv", "valeurs.csv", "signaux.csv", "textes.csv", "territoires.csv",
    "fichiers.csv", "arrondis.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Three:
    return three(tmp_path_factory.mktemp("trois"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def everything(folder: Path) -> str:
    """All that the files of a folder say, the workbooks unzipped."""
    said = []
    for path in folder.rglob("*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                said += [book.read(name).decode("utf-8") for name in book.namelist()]
            for sheet in openpyxl.load_workbook(path):
                said += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
        elif path.is_file():
            said.append(path.read_text("utf-8"))
    return "\n".join(said)


def test_the_secret_figure_is_in_the_edition_and_its_texts(built: Three) -> None:
    """Else the next test could not fail."""
    texts = pl.read_parquet(built[0] / "parquet" / "sentences.parquet")
    told = [row["fiche"] for row in texts.to_dicts() if "47,3" in row["text"] + row["figures"]]
    told += [row["fiche"] for row in texts.to_dicts() if "47.3" in row["figures"]]
    assert "QP000001" in told


@pytest.mark.parametrize("pair", list(permutations(range(3), 2)))
def test_a_blanked_figure_is_in_no_output(
    built: Three, tmp_path: Path, pair: tuple[int, int]
) -> None:
    out = tmp_path / "sorties"
    code, said, beside = terril(
        "comparer", built[pair[0]], built[pair[1]], "--tout", "--csv", out / "csv",
        "--xlsx", out / "tout.xlsx",
    )  # fmt: skip
    assert code == 0, beside
    whole = said + beside + everything(out)
    assert len(whole) > 3000 and {p.name for p in (out / "csv").iterdir()} == FILES
    if 1 in pair:  # between 2020 and 2022 nothing is secret
        assert "publié (non montré)" in whole and "DANGER pour le secret" in said
        assert not any(written in whole for written in SECRET)
    else:
        assert "DANGER" not in said


def test_dangers_come_first_and_say_why(built: Three) -> None:
    code, out, _ = terril("comparer", built[0], built[1])
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "De l’édition du 1er juillet 2020 à celle du 1er juillet 2021\u00a0:"
    assert lines[1] == (
        "DANGER pour le secret\u00a0: 1 chiffre publié dans la première édition, secret dans la "
        "seconde"
    )
    titles = [line.split(" (")[0] for line in lines if line.endswith(")") and "\t" not in line]
    order = ["Secret", "Chiffres", "Pictogrammes", "Textes des fiches", "Fichiers lus"]
    assert [title for title in titles if title in order] == [o for o in order if o in titles]
    assert titles[0] == "Secret"
    assert "connue pour toujours" in out
    assert (
        "publié puis secret\tQP000001\tCité du Nord\t"
        "Taux de pauvreté au seuil de 60\u202f% du revenu médian\t2015\tdocument"
    ) in out


def test_figures_changed_added_and_removed(built: Three) -> None:
    _, out, _ = terril("comparer", built[0], built[1])
    assert (
        f"valeur\tQP000003\tCité de l’Est\t{POVERTY}\t2015\t38,0\u202f%\t31,0\u202f%\tchiffre"
    ) in out
    assert f"ajouté\t200000000\tCommunauté d’essai\t{POVERTY}\t2016\t–\t20,3\u202f%\t" in out
    assert f"retiré\t200000000\tCommunauté d’essai\t{POVERTY}\t2015\t20,3\u202f%\t–\t" in out


def test_the_whole_lists_in_csv(built: Three, tmp_path: Path) -> None:
    terril("comparer", built[0], built[1], "--csv", tmp_path)
    values = {row["code"] + row["période"]: row for row in rows(tmp_path / "valeurs.csv")}
    assert values["QP0000032015"]["avant"] == "38,0" and values["QP0000032015"]["unité"] == "%"
    blanked = values["QP0000012015"]
    assert (blanked["avant"], blanked["après"]) == ("", "")
    assert (blanked["statut avant"], blanked["statut après"]) == ("publié", "secret")
    danger = rows(tmp_path / "secret.csv")
    assert len(danger) == 1 and danger[0].items() <= blanked.items() and "avant" not in danger[0]
    quoted = [row for row in rows(tmp_path / "textes.csv") if row["fiche"] == "QP000001"]
    assert quoted and all("non cité" in row["avant"] for row in quoted)
    assert all("non cité" not in row["après"] for row in quoted)


def test_the_workbook_has_a_sheet_a_list_and_the_same_bytes(built: Three, tmp_path: Path) -> None:
    for name in ("un.xlsx", "deux.xlsx"):
        assert terril("comparer", built[0], built[1], "--xlsx", tmp_path / name)[0] == 0
    assert (tmp_path / "un.xlsx").read_bytes() == (tmp_path / "deux.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "un.xlsx")
    assert book.sheetnames[:3] == ["Résumé", "Secret", "Chiffres"]
    assert {"Textes", "Fichiers"} <= set(book.sheetnames) and "Cartes" not in book.sheetnames
    cells = [row for row in book["Chiffres"].iter_rows(values_only=True)]
    heads = next(row for row in cells if row[0] == "Changement")
    found = [dict(zip(heads, row, strict=True)) for row in cells]
    changed = next(row for row in found if row["Code"] == "QP000003")
    assert (changed["Avant"], changed["Après"]) == (38.0, 31.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deux.xlsx", "un.xlsx"]


def test_strict_ends_with_one_only_when_they_differ(built: Three) -> None:
    assert terril("comparer", built[0], built[1])[0] == 0
    assert terril("comparer", built[0], built[1], "--strict")[0] == 1
    code, out, _ = terril("comparer", built[0], built[0], "--strict")
    assert code == 0 and out.endswith("rien ne change.\n") and out.count("\n") == 1


def test_long_lists_are_cut_with_what_is_left(tmp_path: Path) -> None:
    project = write(tmp_path / "projet")
    build(project, DATES[0])
    rows_before = "".join(
        f"commune;62001;{POVERTY};{1990 + n};{n},5;insee_filosofi\n" for n in range(20)
    )
    path = project / "donnees" / "tableaux.csv"
    path.write_text(path.read_text("utf-8") + rows_before, "utf-8")
    build(project, DATES[1])
    both = [project / "editions" / date for date in DATES[:2]]
    _, out, err = terril("comparer", *both)
    assert "Chiffres (20)" in out and out.count("\najouté\t62001") == 15
    assert "… et 5 autres\u00a0: --tout, --csv ou --xlsx donnent la suite." in out
    _, out, _ = terril("comparer", *both, "--tout")
    assert out.count("\najouté\t62001") == 20 and "… et" not in out
    assert "\x1b" not in out + err


def test_a_difference_of_rounding_is_counted_apart(tmp_path: Path) -> None:
    project = write(tmp_path / "projet")
    build(project, DATES[0])
    change(project, "2015;38,0;", "2015;38,02;")
    build(project, DATES[1])
    both = [project / "editions" / date for date in DATES[:2]]
    code, out, _ = terril("comparer", *both, "--csv", tmp_path / "csv")
    assert "chiffres\u00a0: aucun changement" in out
    assert "1 autre ne diffère que par l’arrondi" in out
    assert [row["après"] for row in rows(tmp_path / "csv" / "arrondis.csv")] == ["38,02"]


def test_a_change_of_method_is_said_before_the_figures(tmp_path: Path) -> None:
    project = write(tmp_path / "projet")
    build(project, DATES[0])
    (project / "cartes" / "parameters").mkdir(parents=True)
    (project / "cartes" / "parameters" / "essai.yaml").write_text(
        "signal_favorable:\n  value: 0.9\n  unit: écart type\n  since: '2031'\n"
        "  reference: Essai.\n",
        encoding="utf-8",
    )
    toml = project / "terril.toml"
    text = toml.read_text("utf-8").replace(
        'generation = "2015"', 'generation = "2015"\ncatalogue = ["cartes"]'
    )
    toml.write_text(text, "utf-8")
    build(project, DATES[1])
    both = [project / "editions" / date for date in DATES[:2]]
    _, out, _ = terril("comparer", *both)
    assert "méthode\u00a0: 1 carte du catalogue change" in out
    assert "changé\tle paramètre\tsignal_favorable\tvalue\t0,5\t0,9" in out
    assert "chiffres\u00a0: aucun changement" in out


def test_a_name_that_looks_like_a_formula_does_no_harm(tmp_path: Path) -> None:
    project = write(tmp_path / "projet")
    places = project / "territoires.csv"
    text = places.read_text("utf-8").replace("Cité de l’Est", "=CMD()")
    places.write_text(text, "utf-8")
    build(project, DATES[0])
    change(project, "2015;38,0;", "2015;31,0;")
    build(project, DATES[1])
    both = [project / "editions" / date for date in DATES[:2]]
    code, _, err = terril(
        "comparer", *both, "--csv", tmp_path / "csv", "--xlsx", tmp_path / "tout.xlsx"
    )
    assert code == 0, err
    assert [row["territoire"] for row in rows(tmp_path / "csv" / "valeurs.csv")] == ["'=CMD()"]
    book = openpyxl.load_workbook(tmp_path / "tout.xlsx")
    cells = [c for row in book["Chiffres"].iter_rows() for c in row if c.value == "=CMD()"]
    assert cells and all(cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--csv", "{}/fichier"), "dossier-protege"),
        (("--xlsx", "{}/fichier/tout.xlsx"), "dossier-protege"),
        (("--xlsx", "{}/tout.csv"), "classeur-nom"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_said(
    built: Three, tmp_path: Path, options: tuple[str, str], code: str
) -> None:
    (tmp_path / "fichier").write_text("déjà là", "utf-8")
    ended, _, err = terril("comparer", built[0], built[1], options[0], options[1].format(tmp_path))
    assert ended == 1 and code in err and "À faire" in err
    assert [path.name for path in tmp_path.iterdir()] == ["fichier"]


def test_what_is_no_edition_is_said(built: Three, tmp_path: Path) -> None:
    code, _, err = terril("comparer", built[0], tmp_path / "rien")
    assert code == 1 and "edition-absente" in err
