"""What equipment does an OpenStreetMap extract hold?

GeoJSON (Overpass, osmium export), ``.osm`` and ``.osm.pbf``. Tags give the type, by the first
rule that they satisfy, the most demanding first (``vocabularies/osm.csv``); a building gives a
point that lies on it. The licence (ODbL) asks that its contributors be named: the source card
carries it to every figure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.french import compte, nombre
from terril.lib.problems import ProblemList, Severity, Where
from terril.lib.textfile import fingerprint
from terril.sources.context import Context, quoted
from terril.sources.points_frame import (
    POINTS,
    Ground,
    finish,
    lines_of,
    settle,
    single_ids,
    vintage_of,
)
from terril.sources.points_types import LEFT_OUT
from terril.sources.tables import Table, Wish, read_table
from terril.sources.textual import LINE
from terril.territories.geometry_crs import GEOGRAPHIC
from terril.territories.geometry_points import OSM_LAYERS, Places, is_osm, read_places
from terril.territories.kinds import fold

OPTIONS: Final = ("millesime", "correspondance")
SOURCE: Final = "openstreetmap"
ANY: Final = "*"
_OTHER: Final = "other_tags"
_IDS: Final = ("@id", "id", "osm_id", "osm_way_id")
#: which kind of object each layer of GDAL holds
_OBJECTS: Final = {"points": "node", "lines": "way", "other_relations": "relation"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Tags that make a type: all the conditions (key, value or ``*``) hold. "" leaves out."""

    conditions: tuple[tuple[str, str], ...]
    card: str

    @property
    def text(self) -> str:
        """The rule as the vocabulary writes it."""
        return " + ".join(f"{key}={value}" for key, value in self.conditions)


def parse_rule(tags: str, card: str) -> Rule | None:
    """Read « amenity=school + school:FR=maternelle »; ``None`` when it is no rule."""
    pairs = []
    for part in tags.split("+"):
        key, equal, value = (piece.strip() for piece in part.partition("="))
        if not (key and equal and value) or '"' in key:
            return None
        pairs.append((key, value))
    return Rule(tuple(pairs), card)


def ordered(rules: Sequence[Rule]) -> list[Rule]:
    """Return rules in the order they are tried: most conditions first, « any value » last."""
    return sorted(
        rules, key=lambda r: (-len(r.conditions), sum(value == ANY for _, value in r.conditions))
    )


@lru_cache(maxsize=1)
def _catalogue_rules() -> tuple[Rule, ...]:
    rows = read_list("vocabularies/osm.csv")
    found = [parse_rule(row["etiquettes"], row["type"]) for row in rows]
    return tuple(ordered([rule for rule in found if rule is not None]))


def read(ctx: Context, ground: Ground) -> pl.DataFrame:
    """Return the equipment of an extract (columns of ``POINTS``); problems go to ``ctx.own``."""
    empty = pl.DataFrame(schema=POINTS)
    rules = (*_own_rules(ctx), *_catalogue_rules())
    if ctx.own.errors:
        return empty
    found = _places(ctx, ground, rules)
    if not found and not ctx.own.errors:
        _tell_empty(Where(ctx.shown_file), ctx)
    if ctx.own.errors:
        return empty
    table = Table(
        ctx.shown_file, "", fingerprint(ctx.spec.file), ctx.spec.file.stat().st_size, "", 0, (),
        pl.LazyFrame(),
    )  # fmt: skip
    rows = pl.concat([_rows(places, rules) for places in found])
    rows = _told(rows, table, ctx)
    rows = _one_a_place(rows.unique("key", keep="first", maintain_order=True), table, ctx, ground)
    rows = rows.with_columns(
        pl.when(pl.col("name") != "").then("name").otherwise("card").alias("label"),
        pl.Series("id", single_ids(rows["key"], ctx.spec.id, rows["line"])),
    )
    return finish(rows, table, ctx, ground, ctx.spec.source or SOURCE, vintage_of(ctx))


def _own_rules(ctx: Context) -> tuple[Rule, ...]:
    """Return the rules of the project, tried before those of the catalogue."""
    name = ctx.option("correspondance")
    if not name:
        return ()
    path = ctx.project.root / name

    def is_head(cells: Sequence[str]) -> bool:
        return {"etiquettes", "type"} <= {fold(cell) for cell in cells}

    notes = ProblemList()
    wish = Wish(is_head=is_head, expected="etiquettes ; type.")
    tables = read_table(path, notes, wish, ctx.project.shown(path))
    ctx.own.extend(notes)
    labels = {fold(label): label for label in ctx.catalogue.equipment}
    rules: list[Rule] = []
    for table in tables[:1]:
        heads = {fold(head): head for head in table.heads}
        rows = table.rows.select(pl.col(heads["etiquettes"]), pl.col(heads["type"]), LINE)
        for tags, card, line in rows.collect().rows():
            wanted = (card or "").strip()
            rule = parse_rule(tags or "", labels.get(fold(wanted), ""))
            if rule is None:
                ctx.report(
                    "etiquettes",
                    table.where(line, heads["etiquettes"]),
                    f"« {tags or ''} » n’est pas une suite d’étiquettes.",
                    "cle=valeur, plusieurs jointes par « + » : "
                    "amenity=school + school:FR=maternelle.",
                )
            elif wanted and fold(wanted) not in labels:
                ctx.report(
                    "type-inconnu",
                    table.where(line, heads["type"]),
                    f"« {wanted} » n’est pas un type d’équipement du catalogue.",
                    "un type de vocabularies/equipment.yaml, ou rien pour laisser de côté.",
                )
            else:
                rules.append(rule)
    return tuple(ordered(rules))


# ------------------------------------------------------------------ features and their tags


def _keys(rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for rule in rules for key, _ in rule.conditions))


def _main_keys(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the keys that open a rule: an object without any of them is no equipment."""
    return tuple(dict.fromkeys(rule.conditions[0][0] for rule in rules))


def _places(ctx: Context, ground: Ground, rules: Sequence[Rule]) -> list[Places]:
    path = ctx.spec.file
    if not path.is_file():
        ctx.report(
            "fichier-absent",
            Where(ctx.shown_file),
            "Le fichier n’est pas là.",
            "un extrait OpenStreetMap : .geojson, .osm ou .osm.pbf.",
            "Corrigez « fichier » dans terril.toml.",
        )
        return []
    if path.suffix.lower() == ".json" and b'"elements"' in _start(path):
        ctx.report(
            "overpass-brut",
            Where(ctx.shown_file),
            "C’est une réponse brute d’Overpass, sans géométrie lisible.",
            "un GeoJSON.",
            "Dans Overpass Turbo : Exporter, puis GeoJSON.",
        )
        return []
    keys = _main_keys(rules)

    def where(fields: Sequence[str]) -> str:
        if _OTHER not in fields:
            return ""
        named = [f'"{key}" IS NOT NULL' for key in keys if key in fields]
        rest = [f"{_OTHER} LIKE '%\"{key}\"=>%'" for key in keys if key not in fields]
        return " OR ".join(named + rest)

    found = read_places(
        path,
        ctx.own,
        ctx.shown_file,
        layers=OSM_LAYERS if is_osm(path) else (),
        box=ground.extent.to(GEOGRAPHIC) if ground.extent else None,
        where=where,
    )
    return [places for places in found or () if len(places.x)]


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4096)


def _rows(places: Places, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return one row an object that has one of the main keys: key, type, card, name, x, y."""
    keys = _keys(rules)
    tags = tags_of(places.attributes, (*keys, "name"))
    met = pl.any_horizontal(pl.col(key) != "" for key in _main_keys(rules))
    kind = pl.lit(None, dtype=pl.String)
    card = pl.lit(None, dtype=pl.String)
    for rule in reversed(rules):
        holds = pl.all_horizontal(_holds(key, value) for key, value in rule.conditions)
        kind = pl.when(holds).then(pl.lit(rule.text)).otherwise(kind)
        card = pl.when(holds).then(pl.lit(rule.card)).otherwise(card)
    shown = pl.coalesce(
        [pl.when(pl.col(key) != "").then(pl.concat_str(pl.lit(f"{key}="), pl.col(key)))
         for key in _main_keys(rules)]
    )  # fmt: skip
    return (
        tags.with_columns(
            pl.Series("key", _object_ids(places)),
            pl.Series("raw_x", places.x).fill_nan(None),
            pl.Series("raw_y", places.y).fill_nan(None),
            pl.lit(places.crs if isinstance(places.crs, int) else GEOGRAPHIC).alias("epsg"),
            pl.Series("line", np.arange(1, len(places.x) + 1, dtype=np.int32)),
        )
        .filter(met)
        .select(
            "key",
            pl.coalesce(kind, shown).alias("type"),
            card.alias("card"),
            "name",
            "raw_x",
            "raw_y",
            pl.col("epsg").cast(pl.Int32),
            "line",
        )
    )


def _holds(key: str, value: str) -> pl.Expr:
    """Return whether a tag has a value; « a;b » has both."""
    if value == ANY:
        return pl.col(key) != ""
    parts = pl.concat_str(pl.lit(";"), pl.col(key).str.replace_all(r"\s*;\s*", ";"), pl.lit(";"))
    return parts.str.contains(f";{value};", literal=True)


def tags_of(attributes: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return one column of texts a key: from a column of its name, or from a bag of tags.

    GDAL puts what has no column in ``other_tags`` (``"key"=>"value",…``); Overpass may nest the
    tags of an object in one JSON text.
    """
    frame = attributes
    if "tags" in frame.columns and not set(keys) & set(frame.columns):
        nested = [_json(text) for text in frame["tags"]]
        return pl.DataFrame({k: [bag.get(k, "") for bag in nested] for k in keys},
                            schema=dict.fromkeys(keys, pl.String))  # fmt: skip
    columns = []
    for key in keys:
        if key in frame.columns:
            columns.append(pl.col(key).fill_null("").str.strip_chars().alias(key))
        elif _OTHER in frame.columns:
            pattern = rf'"{re.escape(key)}"=>"((?:[^"\\]|\\.)*)"'
            found = pl.col(_OTHER).fill_null("").str.extract(pattern, 1).fill_null("")
            columns.append(found.str.replace_all(r"\\(.)", "${1}").alias(key))
        else:
            columns.append(pl.lit("").alias(key))
    return (
        frame.select(columns)
        if frame.width
        else pl.DataFrame(schema=dict.fromkeys(keys, pl.String))
    )


def _json(text: str) -> dict[str, str]:
    try:
        value = json.loads(text) if text else {}
    except json.JSONDecodeError:
        return {}
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _object_ids(places: Places) -> list[str]:
    """Return « node/12 », « way/34 » for each object, or its rank when the file gives no id."""
    frame = places.attributes
    count = len(places.x)
    if places.sheet == "multipolygons" and "osm_way_id" in frame.columns:
        pairs = zip(frame["osm_way_id"], frame["osm_id"], strict=True)
        return [f"way/{way}" if way else f"relation/{relation}" for way, relation in pairs]
    name = next((name for name in _IDS if name in frame.columns), "")
    word = _OBJECTS.get(places.sheet, "")
    texts = frame[name].to_list() if name else [""] * count
    kind = f"{word}/" if word else ""
    return [f"{kind}{text}" if text else f"{places.sheet}#{rank}"
            for rank, text in enumerate(texts, 1)]  # fmt: skip


# ------------------------------------------------------------------ what is told


def _told(rows: pl.DataFrame, table: Table, ctx: Context) -> pl.DataFrame:
    """Tell what has no rule; return the rows that have a type."""
    unknown = rows.filter(pl.col("card").is_null())
    if not unknown.is_empty():
        counts = unknown.group_by("type").len().sort(["len", "type"], descending=[True, False])
        most = [f"{kind} ({nombre(n)})" for kind, n in counts.head(8).rows()]
        ctx.report(
            "etiquettes-sans-type",
            table.where(),
            f"{compte(unknown.height, 'objet n’est', 'objets ne sont')} d’aucun type du "
            f"catalogue : {', '.join(most)}{'…' if counts.height > 8 else ''}.",
            "des étiquettes de vocabularies/osm.csv.",
            "Pour les compter, donnez une correspondance (etiquettes;type).",
            Severity.NOTE,
        )
    kept = rows.filter(pl.col("card").is_not_null() & (pl.col("card") != LEFT_OUT))
    if kept.is_empty():
        _tell_empty(table.where(), ctx)
    return kept


def _tell_empty(where: Where, ctx: Context) -> None:
    ctx.report(
        "fichier-sans-ligne",
        where,
        "Aucun équipement n’y est reconnu, dans le territoire du projet et à ses abords.",
        "des objets qui ont une étiquette amenity, shop, leisure…",
        "Vérifiez que l’extrait couvre votre territoire.",
    )


def _one_a_place(rows: pl.DataFrame, table: Table, ctx: Context, ground: Ground) -> pl.DataFrame:
    """Keep one of the objects of one type and one name that stand together.

    The pharmacy drawn as a building and put again as a point in it is one pharmacy.
    """
    limit = ctx.catalogue.number("lieu_meme_place")
    rows = rows.with_row_index("rank")
    named = rows.filter((pl.col("name") != "") & pl.struct("card", "name").is_duplicated())
    if named.is_empty():
        return rows.drop("rank")
    x, y, _ = settle(
        named["raw_x"].fill_null(float("nan")).to_numpy(),
        named["raw_y"].fill_null(float("nan")).to_numpy(),
        int(named["epsg"][0]),
        ground,
    )
    placed = named.with_columns(pl.Series("mx", x), pl.Series("my", y))
    doubles: list[int] = []
    for _, group in placed.group_by("card", "name", maintain_order=True):
        kept: list[tuple[float, float]] = []
        for rank, a, b in group.select("rank", "mx", "my").rows():
            if any((a - c) ** 2 + (b - d) ** 2 <= limit**2 for c, d in kept):
                doubles.append(rank)
            else:
                kept.append((a, b))
    if doubles:
        gone = rows.filter(pl.col("rank").is_in(doubles))
        names = quoted(gone["name"].unique(maintain_order=True)[:4])
        ctx.report(
            "points-reunis",
            table.where(),
            f"{compte(gone.height, 'objet répète', 'objets répètent')} un lieu de même type et de "
            f"même nom à moins de {nombre(limit)} m{lines_of(gone)} : {names}. "
            "Chaque lieu compte une fois.",
            severity=Severity.NOTE,
        )
    return rows.filter(~pl.col("rank").is_in(doubles)).drop("rank")
