"""A made-up agglomeration, records in and around it, and the slow way to count them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import polars as pl
import shapely

import naive_places
from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.catalogue.works import Work
from terril.sources.project import InputSpec, Project
from terril.territories.geometry import Layer, reproject
from terril.territories.registry import Territories, Territory

WEST, SOUTH = 680_000.0, 7_030_000.0
ONE, TWO = "200000001", "200000002"
PERIOD: Final = "2020-12-31"


def shape(*corners: tuple[float, float], hole: Sequence[tuple[float, float]] = ()) -> Any:
    """A polygon, corners in metres from the corner of the agglomeration."""

    def placed(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(WEST + x, SOUTH + y) for x, y in points]

    return shapely.Polygon(placed(corners), [placed(hole)] if hole else [])


def box(west: float, south: float, east: float, north: float) -> Any:
    return shape((west, south), (east, south), (east, north), (west, north))


#: two communes side by side and a third of another EPCI; a neighbourhood with a hole, one across
#: two communes, one that leaves its EPCI, one of the other EPCI without a record
COMMUNES: Final = {
    "99001": box(0, 0, 2000, 2000),
    "99002": box(2000, 0, 4000, 2000),
    "99003": box(4000, 0, 5000, 2000),
}
EPCIS: Final = {ONE: box(0, 0, 4000, 2000), TWO: box(4000, 0, 5000, 2000)}
QUARTERS: Final = {
    "QP099001": shape(
        (400, 400), (900, 400), (900, 900), (400, 900),
        hole=[(550, 550), (550, 750), (750, 750), (750, 550)],
    ),
    "QP099002": shape(
        (1800, 1000), (2300, 1000), (2300, 1200), (2000, 1200), (2000, 1500), (1800, 1500)
    ),
    "QP099003": shape((3800, 300), (4150, 450), (3900, 750)),
    "QP099004": box(4722, 1722, 4728, 1728),
}  # fmt: skip


def layer(nature: str, shapes: Mapping[str, Any]) -> Layer:
    """The outlines of one nature, in Lambert-93."""
    made: Layer = naive_places.layer(list(shapes.values()), list(shapes))
    generation = "2015" if nature == "qpv" else ""
    return dataclasses.replace(made, nature=nature, generation=generation, file=f"{nature}.gpkg")


def outlines() -> list[Layer]:
    return [layer("qpv", QUARTERS), layer("commune", COMMUNES), layer("epci", EPCIS)]


def territories() -> Territories:
    epci = {**dict.fromkeys(QUARTERS, ONE), "QP099004": TWO}
    items = [Territory(c, "epci", f"Agglo {c[-1]}", f"Agglo {c[-1]}", epci=c) for c in EPCIS]
    items += [
        Territory(c, "qpv", f"Cité {c[-1]}", f"Cité {c[-1]}", ("99001",), e)
        for c, e in epci.items()
    ]
    items += [Territory(c, "commune", f"Ville {c[-1]}", f"Ville {c[-1]}") for c in COMMUNES]
    return Territories(items)


def catalogue(**works: Mapping[str, Any]) -> Catalogue:
    """The cards of the package, with these works."""
    made = {code: Work.model_validate(dict(work)) for code, work in works.items()}
    return dataclasses.replace(load_catalogue(), works=MappingProxyType(made))


def project(root: Path, *inputs: InputSpec) -> Project:
    return Project(
        root=root,
        name="Essai",
        contract="",
        epci=ONE,
        epci_name="Agglo 1",
        epci_short="A1",
        edition=PERIOD,
        territories_file=root / "territoires.csv",
        inputs=(),
        microdata=inputs,
    )


def given(file: Path, work: str = "essai", **options: str) -> InputSpec:
    """An input of records."""
    return InputSpec(work, file, "enregistrements", options={"periode": PERIOD, **options}, line=12)


#: everything that a work can ask for
FULL: Final[dict[str, Any]] = {
    "label": "Demandeurs d’essai",
    "source": "pole_emploi",
    "position": {"x": "X", "y": "Y", "crs": 2154},
    "filters": ({"column": "CAT", "operator": "in", "values": ("A", "B", "C")},),
    "dimensions": {
        "sexe": {"column": "SEXE", "values": {"F": (2,), "H": ("1", "M")}},
        "age": {
            "column": "NAISSANCE",
            "reading": "birth_date",
            "classes": {"moins_26": {"under": 26}, "26_plus": {"start": 26}},
            "unknown": "sans_date",
        },
    },
    "territories": (
        {"kind": "qpv", "around": 300, "around_of": {"QP099003": 150}},
        {"kind": "commune"},
        {"kind": "epci"},
        {"kind": "qpv_ensemble"},
        {"kind": "hors_qpv"},
    ),
    "measures": (
        {
            "indicator": "emploi.nb_defm_abc",
            "form": "count",
            "by": ("sexe", "age", "sexe+age"),
        },
        {
            "indicator": "emploi.part_rsa_defm",
            "form": "share",
            "where": ({"column": "RSA", "operator": "is", "value": "O"},),
            "among": ({"column": "MONTANT", "operator": "filled"},),
            "by": ("sexe",),
        },
        {
            "indicator": "revenus.revenu_moyen_uc",
            "form": "mean",
            "column": "MONTANT",
            "where": ({"column": "MONTANT", "operator": "at_least", "value": 0},),
        },
        {"indicator": "emploi.effectif_total", "form": "sum", "column": "MONTANT", "decimals": 2},
    ),
}

HEADS: Final = ("X", "Y", "CAT", "SEXE", "NAISSANCE", "RSA", "MONTANT")


def records(count: int, seed: int) -> list[dict[str, str]]:
    """Records on a lattice of 50 m, so that many lie on a border; some are badly written."""
    rng = np.random.default_rng(seed)

    def one_of(*cells: str) -> str:
        return cells[int(rng.integers(len(cells)))]

    made = []
    for _ in range(count):
        x = WEST + 50 * int(rng.integers(-8, 112))
        y = SOUTH + 50 * int(rng.integers(-8, 52))
        if rng.random() < 0.3:  # somewhere, off the lattice
            x, y = x + float(rng.normal(0, 40)), y + float(rng.normal(0, 40))
        east, north = repr(x).replace(".", one_of(".", ",")), f" {y!r}"
        fate = rng.random()
        if fate < 0.03:
            bad = ((north, east), ("", north), (east, ""), ("0", "0,0"), ("?", "1"))
            east, north = bad[int(rng.integers(len(bad)))]
        elif fate < 0.04:
            east, north = "2.7534", "50.3713"  # degrees
        day = dt.date(1955, 1, 1) + dt.timedelta(int(rng.integers(0, 20_000)))
        made.append(
            {
                "X": east,
                "Y": north,
                "CAT": one_of("A", "B", "C", "D", " A ", ""),
                "SEXE": one_of("1", "2", "02", "M", "2,0", "", "x"),
                "NAISSANCE": one_of(
                    day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%Y%m%d"), "31/02/1980",
                    "", "1980",
                ),
                "RSA": one_of("O", "N", "O", "o"),
                "MONTANT": one_of(
                    f"{rng.integers(0, 3000)},{rng.integers(0, 100):02}", f"{rng.integers(9)} 500",
                    "", "n.c.", "-12.5", "1e3", "0,005",
                ),
            }
        )  # fmt: skip
    return made


def write_csv(rows: Sequence[Mapping[str, str]], path: Path) -> Path:
    """Write records as a French spreadsheet does."""
    lines = [";".join(HEADS)]
    lines += [";".join(f'"{row[h]}"' if " " in row[h] else row[h] for h in HEADS) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_degrees(rows: Sequence[Mapping[str, str]], folder: Path, stem: str) -> None:
    """Write the records that have coordinates in longitude and latitude, in three files.

    A text file, a Parquet file of texts, a Parquet file of numbers and of moments (in
    nanoseconds, as pandas long wrote its dates): what three producers would send.
    """
    x = np.array([p[1] if not (p := fate(row))[0] else np.nan for row in rows])
    y = np.array([p[2] if not (p := fate(row))[0] else np.nan for row in rows])
    lonlat = reproject(np.column_stack((x, y)), 2154, 4326)
    frame = pl.DataFrame(rows).with_columns(lon=lonlat[:, 0], lat=lonlat[:, 1]).drop("X", "Y")
    frame[::3].fill_nan(None).write_csv(folder / f"{stem}_0.csv", separator=";")
    texts = frame[1::3].with_columns(pl.col("lon", "lat").cast(pl.String))
    texts.write_parquet(folder / f"{stem}_1.parquet")
    frame[2::3].with_columns(
        pl.col("SEXE").replace("", None).cast(pl.Float64, strict=False),
        pl.col("NAISSANCE").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("ns")),
        pl.col("MONTANT").cast(pl.Float32, strict=False),
    ).write_parquet(folder / f"{stem}_2.parquet")


# ------------------------------------------------------------------ the slow way

Key = tuple[str, str, str, str]


def number(text: str) -> Decimal | None:
    clean = re.sub(r"[ \u00a0\u202f]", "", text).replace(",", ".")
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", clean):
        return Decimal(clean)
    return None


def born(text: str) -> dt.date | None:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        try:
            if len(text) >= 8:
                return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def fate(row: Mapping[str, str]) -> tuple[str, float, float]:
    """What becomes of a record of :data:`FULL`, and where it is."""
    if row["CAT"].strip() not in ("A", "B", "C"):
        return "écarté", 0, 0
    if not row["X"].strip() or not row["Y"].strip():
        return "sans coordonnées", 0, 0
    x, y = number(row["X"].strip()), number(row["Y"].strip())
    if x is None or y is None:
        return "coordonnées illisibles", 0, 0
    if x == 0 and y == 0:
        return "coordonnées nulles (0 ; 0)", 0, 0
    if WEST - 301 <= y <= WEST + 5301 and SOUTH - 301 <= x <= SOUTH + 2301:
        return "axes inversés", 0, 0
    if x < 100 and y < 100:
        return "coordonnées dans une autre grille (EPSG 4326 ?)", 0, 0
    return "", float(x), float(y)


def figures(rows: Sequence[Mapping[str, str]]) -> dict[Key, tuple[float | None, str]]:
    """Return kind, territory, indicator, breakdown → value and status, for :data:`FULL`."""
    wheres = _wheres(rows)
    cells: dict[tuple[str, str, str], list[Mapping[str, str]]] = {}
    places = [("qpv", c, "") for c in QUARTERS] + [("commune", c, "") for c in COMMUNES]
    places += [(kind, c, "") for c in EPCIS for kind in ("epci", "qpv_ensemble", "hors_qpv")]
    places += [("qpv", c, f"autour_{_width(c)}m") for c in QUARTERS]
    for place in places:
        cells[place] = [row for row, there in zip(rows, wheres, strict=True) if place in there]
    bare = {  # dimensions of which some records, in or around a territory, have no modality
        name
        for name, unknown in (("sexe", "inconnu"), ("age", "sans_date"))
        if any(_modality(row, name) == unknown for held in cells.values() for row in held)
    }
    found: dict[Key, tuple[float | None, str]] = {}
    for (kind, code, prefix), held in cells.items():
        for names in ((), ("sexe",), ("age",), ("sexe", "age")):
            for values in _modalities(names, bare):
                own = [
                    r
                    for r in held
                    if all(_modality(r, n) == v for n, v in zip(names, values, strict=True))
                ]
                parts = ([prefix] if prefix else []) + [
                    f"{n}={v}" for n, v in zip(names, values, strict=True)
                ]
                told = ";".join(parts) or "total"
                for indicator, figure in _measured(own, names):
                    found[kind, code, indicator, told] = figure
    return found


def _width(code: str) -> int:
    return 150 if code == "QP099003" else 300


def _modalities(names: Sequence[str], bare: set[str]) -> list[tuple[str, ...]]:
    modalities = {
        "sexe": ["F", "H", *(["inconnu"] if "sexe" in bare else [])],
        "age": ["moins_26", "26_plus", *(["sans_date"] if "age" in bare else [])],
    }
    found: list[tuple[str, ...]] = [()]
    for name in names:
        found = [(*before, value) for before in found for value in modalities[name]]
    return found


def _modality(row: Mapping[str, str], name: str) -> str:
    if name == "sexe":
        text = row["SEXE"].strip()
        if text in ("1", "M"):
            return "H"
        return "F" if number(text) == 2 else "inconnu"
    day = born(row["NAISSANCE"])
    if day is None:
        return "sans_date"
    at = dt.date.fromisoformat(PERIOD)
    age = at.year - day.year - ((at.month, at.day) < (day.month, day.day))
    return "moins_26" if age < 26 else "26_plus"


def _wheres(rows: Sequence[Mapping[str, str]]) -> list[set[tuple[str, str, str]]]:
    """Return the places of each record: kind, code, « autour… » or nothing."""
    fates = [fate(row) for row in rows]
    known = [k for k, (reason, _, _) in enumerate(fates) if not reason]
    points = [fates[k][1:] for k in known]
    found: list[set[tuple[str, str, str]]] = [set() for _ in rows]
    for nature, shapes in (("qpv", QUARTERS), ("commune", COMMUNES), ("epci", EPCIS)):
        widths = [float(_width(c)) if nature == "qpv" else 0.0 for c in shapes]
        hits = naive_places.by_fractions(points, layer(nature, shapes), widths)
        for k, code, where in sorted(hits):
            place = found[known[k]]
            if where == "around":
                place.add((nature, code, f"autour_{_width(code)}m"))
            elif not any(kind == nature and not told for kind, _, told in place):
                place.add((nature, code, ""))  # the first by code
    owner = {q.code: q.epci for q in territories().of_kind("qpv")}
    for place in found:
        quarter = next((owner[c] for kind, c, told in place if kind == "qpv" and not told), None)
        epci = next((c for kind, c, _ in place if kind == "epci"), None)
        if quarter is not None:
            place.add(("qpv_ensemble", quarter, ""))
        if epci is not None and quarter != epci:
            place.add(("hors_qpv", epci, ""))
    return found


def _measured(
    rows: Sequence[Mapping[str, str]], names: Sequence[str]
) -> list[tuple[str, tuple[float | None, str]]]:
    found: list[tuple[str, tuple[float | None, str]]] = []
    n = len(rows)
    found.append(("emploi.nb_defm_abc", (float(n), "ok") if not 0 < n < 5 else (None, "secret")))
    if names in ((), ("sexe",)):
        base = [r for r in rows if r["MONTANT"].strip()]
        part = sum(1 for r in base if r["RSA"] == "O")
        found.append(("emploi.part_rsa_defm", _share(part, len(base))))
    if not names:
        values = [v for r in rows if (v := number(r["MONTANT"])) is not None]
        own = [_cents(v) for v in values if v >= 0]
        mean = None if not own else float(_rounded(sum(own) / Decimal(len(own)) / 100, 0))
        status = "not_applicable" if not own else "secret" if len(own) < 11 else "ok"
        found.append(("revenus.revenu_moyen_uc", (mean if status == "ok" else None, status)))
        every = [_cents(v) for v in values]
        total = sum(every, Decimal(0))
        staff = sorted(v for v in every if v > 0)
        secret = 0 < len(every) < 5 or 0 < len(staff) < 5
        secret = secret or (bool(staff) and staff[-1] * 100 > 85 * sum(staff))
        figure = float(_rounded(total / 100, 0)) + 0.0
        found.append(("emploi.effectif_total", (None, "secret") if secret else (figure, "ok")))
    return found


def _cents(value: Decimal) -> Decimal:
    """Two decimals, half towards the larger, as ``floor(100 v + ½)``."""
    return (
        Decimal(int((value * 100 + Decimal("0.5")) // 1))
        if value >= 0
        else -Decimal(int((-value * 100 + Decimal("0.4999999999")) // 1))
    )


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _share(part: int, base: int) -> tuple[float | None, str]:
    if base == 0:
        return None, "not_applicable"
    if any(0 < n < 5 for n in (base, part, base - part)):
        return None, "secret"
    return float(_rounded(Decimal(100 * part) / Decimal(base), 1)), "ok"


def told(frame: pl.DataFrame) -> dict[Key, tuple[float | None, str]]:
    """The same of a frame of statements."""
    rows = frame.select("kind", "territory", "indicator", "breakdown", "value", "status").rows()
    return {(k, t, i, b): (v, s) for k, t, i, b, v, s in rows}
