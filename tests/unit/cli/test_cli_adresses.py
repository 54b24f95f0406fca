"""Does « terril adresses » answer for a list, and let nothing of anybody out?"""

from __future__ import annotations

import csv
import json
import random
import sqlite3
import stat
from pathlib import Path

import pypdf
import pytest
import shapely
from small_project import terril, write

from ban_world import World, noisy, world
from terril.territories.geometry import reproject

NAMES = ("DURANDALE", "Léontine", "12/03/1990", "06 99 99 99 99")


@pytest.fixture(scope="module")
def made() -> World:
    return world(9, communes=4, streets=40)


def outlines(made: World, path: Path, rename: tuple[str, str] = ("", "")) -> Path:
    """Write the neighbourhoods of the world as GeoJSON."""
    features = []
    for code, label, shape in zip(
        made.layer.codes, made.layer.labels, made.layer.shapes, strict=True
    ):
        xy = reproject(shapely.get_coordinates(shape), 2154, 4326)
        features.append(
            {
                "type": "Feature",
                "properties": {"code_qp": code.replace(*rename), "lib_qp": label},
                "geometry": {"type": "Polygon", "coordinates": [xy.tolist()]},
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture(scope="module")
def place(made: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the base, the perimeters and a list of members."""
    folder = tmp_path_factory.mktemp("adresses")
    made.write(folder / "adresses-62.csv")
    outlines(made, folder / "qpv.geojson")
    rng = random.Random(2)
    inside = [home for home in made.homes if home.zone]
    with (folder / "public.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(("Nom", "Prénom", "Date de naissance", "Téléphone", "Adresse"))
        for _ in range(150):
            home = rng.choice(inside if rng.random() < 0.6 else made.homes)
            writer.writerow((*NAMES, noisy(rng, home, 0.2)))
    code, _, err = terril(
        "adresses", "--ban", folder / "adresses-62.csv", "--base", folder / "ban.sqlite",
        "--millesime", "2026-05-01",
    )  # fmt: skip
    assert code == 0, err
    return folder


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_base_is_prepared_and_told(place: Path) -> None:
    code, out, _ = terril("adresses", "--ban", place / "ban.sqlite")
    assert code == 0
    assert "4 communes" in out and "2026-05-01" in out and "empreinte" in out


def test_a_list_is_answered_and_nothing_of_anybody_comes_out(place: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("r.xlsx", "r.csv", "a.pdf", "d.csv")]
    code, out, err = terril(
        "adresses", place / "public.csv", "--ban", place / "ban.sqlite",
        "--perimetres", place / "qpv.geojson", "--sortie", files[0], "--sortie", files[1],
        "--attestation", files[2], "--structure", "Les Amis", "--detail", files[3],
        "--date", "2026-05-04",
    )  # fmt: skip
    assert code == 0, err
    assert "% des adresses de la liste" in plain(out)
    assert "donnees-personnelles" in err and "« Nom »" in plain(err)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(files[2]).pages)
    said = out + err + text + files[1].read_text("utf-8") + files[3].read_text("utf-8")
    with (place / "public.csv").open(encoding="utf-8", newline="") as stream:
        streets = {row["Adresse"] for row in csv.DictReader(stream, delimiter=";")}
    assert len(streets) > 100
    assert not any(name in said for name in (*NAMES, *streets))
    assert "La liste n’a pas quitté l’ordinateur" in said
    with files[3].open(encoding="utf-8-sig") as stream:
        detail = list(csv.DictReader(stream, delimiter=";"))
    assert len(detail) == 150 and set(detail[0]) == {"ligne", "reponse", "motif"}
    assert stat.S_IMODE(files[3].stat().st_mode) == 0o600
    with files[1].open(encoding="utf-8-sig") as stream:
        rows = {row["ligne"]: row["adresses"] for row in csv.DictReader(stream, delimiter=";")}
    states = [row["reponse"] for row in detail]
    assert rows["toutes"] == "150"
    assert rows["dans un quartier prioritaire"] == str(states.count("dans"))


def test_the_same_answer_from_the_csv_itself(place: Path) -> None:
    common = ("--perimetres", place / "qpv.geojson", "--date", "2026-05-04")
    _, first, _ = terril("adresses", place / "public.csv", "--ban", place / "ban.sqlite", *common)
    code, second, err = terril(
        "adresses", place / "public.csv", "--ban", place / "adresses-62.csv", *common
    )
    assert code == 0, err
    assert first == second


def test_a_base_is_made_again_only_when_the_csv_changes(made: World, tmp_path: Path) -> None:
    source, base = tmp_path / "adresses.csv", tmp_path / "b.sqlite"
    made.write(source)
    terril("adresses", "--ban", source, "--base", base)
    before = base.stat().st_mtime_ns
    terril("adresses", "--ban", source, "--base", base)
    assert base.stat().st_mtime_ns == before
    source.write_text("\n".join(source.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    terril("adresses", "--ban", source, "--base", base)
    with sqlite3.connect(base) as sql:
        (count,) = sql.execute("SELECT value FROM meta WHERE key = 'addresses'").fetchone()
    assert int(count) == len(made.homes) - 1
    other = tmp_path / "notes.txt"
    other.write_text("à garder", encoding="utf-8")
    code, _, err = terril("adresses", "--ban", source, "--base", other)
    assert code == 1 and other.read_text("utf-8") == "à garder" and "n’est pas remplacé" in err


def test_two_generations_one_first(place: Path, made: World, tmp_path: Path) -> None:
    renamed = outlines(made, tmp_path / "q2024.geojson", ("QP0620", "QN062"))
    text = renamed.read_text()
    for number in range(1, 20):
        text = text.replace(f'"QN062{number:02d}"', f'"QN062{number:02d}M"')
    renamed.write_text(text)
    code, out, err = terril(
        "adresses", place / "public.csv", "--ban", place / "ban.sqlite",
        "--perimetres", place / "qpv.geojson", "--perimetres", renamed,
        "--couverture", "partout",
    )  # fmt: skip
    assert code == 0, err
    first, second = plain(out).index("périmètres de 2024"), plain(out).index("périmètres de 2015")
    assert first < second
    assert plain(out).count("Quartier ") == len(
        [line for line in plain(out).splitlines() if line.startswith("Quartier ")]
    )


def test_a_strip_of_a_few_persons_is_not_given_by_difference(
    place: Path, made: World, tmp_path: Path
) -> None:
    """2024 without the smallest neighbourhood of the list: 1 to 4 persons would be found."""
    with (tmp_path / "liste.csv").open("w", encoding="utf-8") as stream:
        zone = made.layer.codes[0]
        stream.write("adresse\n")
        homes = [h for h in made.homes if h.zone == zone and h.number > 2][:3]
        others = [h for h in made.homes if h.zone not in ("", zone)][:30]
        away = [h for h in made.homes if not h.zone][::200][:30]
        for home in (*homes, *others, *away):
            stream.write(
                f"{home.number} {home.suffix} {home.street}, {home.postcode} {home.commune}\n"
            )
    layer = json.loads((place / "qpv.geojson").read_text())
    layer["features"] = [
        {**f, "properties": {"code_qp": f"QN062{n:02d}M", "lib_qp": "x"}}
        for n, f in enumerate(layer["features"][1:], 1)
    ]
    (tmp_path / "q2024.geojson").write_text(json.dumps(layer))
    code, out, err = terril(
        "adresses", tmp_path / "liste.csv", "--ban", place / "ban.sqlite", "--marge", 0,
        "--perimetres", place / "qpv.geojson", "--perimetres", tmp_path / "q2024.geojson",
        "--couverture", "partout",
    )  # fmt: skip
    assert code == 0, err
    assert "périmètres de 2024" in plain(out) and "périmètres de 2015" not in plain(out)
    assert "--generation" in err


def test_a_short_list_gives_no_share(place: Path, tmp_path: Path) -> None:
    short = tmp_path / "courte.csv"
    lines = (place / "public.csv").read_text("utf-8").splitlines()
    short.write_text("adresse\n" + "\n".join(f"{n} rue Haute" for n in range(1, 8)), "utf-8")
    assert len(lines) > 100
    code, out, err = terril(
        "adresses", short, "--ban", place / "ban.sqlite", "--perimetres", place / "qpv.geojson",
        "--attestation", tmp_path / "a.pdf",
    )  # fmt: skip
    assert code == 1 and not out and not (tmp_path / "a.pdf").exists()
    assert "il en faut 11 au moins" in plain(err)


def test_nothing_is_sent_without_consent(place: Path) -> None:
    code, out, err = terril(
        "adresses", place / "public.csv", "--service", "--perimetres", place / "qpv.geojson"
    )
    assert code == 1 and not out
    assert "envoi-sans-accord" in err and "quitteraient l’ordinateur" in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "Donnez une liste"),
        (("public.csv",), "--ban"),
        (("public.csv", "--ban", "ban.sqlite", "--sortie", "r.doc"), ".xlsx ou .csv"),
        (("public.csv", "--ban", "ban.sqlite", "--attestation", "r.doc"), ".pdf"),
        (("public.csv", "--ban", "ban.sqlite", "--marge", "-1"), "mètres"),
    ],
)
def test_a_command_badly_written(
    place: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], word: str
) -> None:
    monkeypatch.chdir(place)
    code, _, err = terril("adresses", *arguments)
    assert code == 2 and word in err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("public.csv", "--ban", "ban.sqlite"), "perimetres-absents"),
        (("absente.csv", "--ban", "ban.sqlite", "--perimetres", "qpv.geojson"), "fichier-absent"),
        (("public.csv", "--ban", "absente.csv", "--perimetres", "qpv.geojson"), "ban-absente"),
        (("public.csv", "--ban", "qpv.geojson", "--perimetres", "qpv.geojson"), "ban-"),
        (
            ("public.csv", "--ban", "ban.sqlite", "--perimetres", "qpv.geojson", "--generation",
             "2024"),
            "perimetres-generation",
        ),
        (
            ("public.csv", "--ban", "ban.sqlite", "--perimetres", "qpv.geojson", "--perimetres",
             "qpv.geojson"),
            "perimetres-double",
        ),
        (
            ("public.csv", "--ban", "ban.sqlite", "--perimetres", "qpv.geojson", "--colonne", "x"),
            "entete-absent",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], problem: str
) -> None:
    monkeypatch.chdir(place)
    code, out, err = terril("adresses", *arguments)
    assert code == 1 and not out
    assert problem in err


def project(made: World, folder: Path, neighbourhoods: int) -> Path:
    """A project of some neighbourhoods, whose perimeters are all those of the world but one."""
    write(folder)
    codes = made.layer.codes[:neighbourhoods]
    rows = [
        "genre;code;nom;communes;epci;population",
        "epci;200000000;Communauté d’essai;;;9000",
        *(f"commune;62{n:03d};Commune {n};;200000000;1000" for n in range(1, 5)),
        *(f"qpv;{code};Quartier {code};62001;200000000;900" for code in codes),
    ]
    (folder / "territoires.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    outlines(made, folder / "donnees" / "qpv.geojson")
    with (folder / "terril.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            '\n[[perimetres]]\nid = "qpv"\nfichier = "donnees/qpv.geojson"\n'
            'lecteur = "contours"\nnature = "qpv"\ngeneration = "2015"\n'
        )
    return folder


def test_a_project_asks_about_the_neighbourhoods_of_its_contract(
    place: Path, made: World, tmp_path: Path
) -> None:
    folder = project(made, tmp_path / "projet", len(made.layer) - 1)
    command = ("adresses", place / "public.csv", "--ban", place / "ban.sqlite", "--projet", folder)
    code, out, err = terril(*command)
    assert code == 0, err
    assert f"l’un des {len(made.layer) - 1} quartiers prioritaires" in plain(out)
    assert "Les quartiers sont ceux du contrat de ville." in err
    # a neighbourhood without outline: « outside » would be false there
    layer = json.loads((folder / "donnees" / "qpv.geojson").read_text())
    layer["features"] = layer["features"][1:]
    (folder / "donnees" / "qpv.geojson").write_text(json.dumps(layer))
    code, out, err = terril(*command)
    assert code == 1 and not out and "perimetre-manquant" in err
    code, out, err = terril(*command, "--couverture", "communes")
    assert code == 0 and "perimetre-manquant" in err
