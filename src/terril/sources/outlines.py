"""Which outlines do the files of ``[[perimetres]]`` give, and which ones does the project need?

Each file is read, repaired and placed; layers are compared with one another (is a file beside
its place?), and with territoires.csv (do neighbourhoods lie where it says?). Of a national
file only what the project needs is kept; the rest is counted.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.load import Catalogue
from terril.lib.french import compte, nombre
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import fingerprint
from terril.sources.context import Context
from terril.sources.grid import READER as SQUARES
from terril.sources.origin import read_origin
from terril.sources.outlines_check import check_places, epci_of_communes
from terril.sources.outlines_layers import Outlines, joined
from terril.sources.outlines_shift import check_shifts
from terril.sources.project import GENERATIONS, InputSpec, Project
from terril.sources.read import FileRead
from terril.territories.generations import department_of, generation_of
from terril.territories.geometry import NATURES, Layer, intersections, metric_crs, read_layer
from terril.territories.geometry_file import companions
from terril.territories.geometry_package import surroundings
from terril.territories.geometry_straddle import STRADDLES, straddles, united
from terril.territories.registry import Territories

__all__ = ["OPTIONS", "READER", "Outlines", "read_outlines"]

READER: Final = "contours"
OPTIONS: Final = (
    "nature",
    "generation",
    "colonne_code",
    "colonne_nom",
    "couche",
    "crs",
    "millesime",
    "decalage",
)
#: what may be done with a file that is beside its place
_SHIFT_CHOICES: Final = ("refuser", "garder")
#: natures whose outlines share out the people of a square, and metres that a square may reach
_SHARED_OUT: Final = ("carreau", "emprise")
_BESIDE: Final = 400.0
_TOLD: Final = 6  # codes named in one message


def read_outlines(
    project: Project, territories: Territories, catalogue: Catalogue, problems: ProblemList
) -> Outlines:
    """Read the files of ``[[perimetres]]``; an empty ``Outlines`` when there is none.

    What is wrong goes to ``problems``, nothing is raised: a file with an error gives no layer,
    the others stand. All layers are in the grid in metres of the project's department.
    """
    if not project.perimeters:
        return Outlines()
    target = _grid(project, territories)
    read: list[tuple[InputSpec, Layer]] = []
    files: list[FileRead] = []
    specs = [spec for spec in project.perimeters if spec.reader != SQUARES]
    for spec in sorted(specs, key=lambda s: s.priority):
        layer, refused = _read(spec, project, territories, catalogue, target, problems)
        if layer is not None:
            target = target or layer.crs
            read.append((spec, layer))
        files += _files(spec, project, 0 if layer is None else len(layer), refused)
    kept_anyway = {spec.id for spec, _ in read if spec.options.get("decalage") == "garder"}
    layers = _one_a_nature(read, problems)
    shifts, beside = check_shifts(
        layers, catalogue, problems, {_key(la) for sp, la in read if sp.id in kept_anyway}
    )
    layers = [layer for layer in layers if _key(layer) not in beside]
    return _chosen(project, territories, catalogue, layers, shifts, tuple(files), problems)


def _key(layer: Layer) -> tuple[str, str]:
    return layer.nature, layer.generation


def _grid(project: Project, territories: Territories) -> int:
    """Return the grid in metres of the project; 0 when no territory tells its department."""
    departments = [department_of(t.code) for t in territories.of_kind("qpv")] + [
        t.code[:3] if t.code.startswith(("97", "98")) else t.code[:2]
        for t in territories.of_kind("commune")
        if t.epci == project.epci
    ]
    return metric_crs(departments[0]) if departments else 0


# ------------------------------------------------------------------ one file


def _read(
    spec: InputSpec,
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    target: int,
    problems: ProblemList,
) -> tuple[Layer | None, bool]:
    """Return the layer of one file, and whether the file is refused."""
    ctx = Context(project, spec, territories, catalogue)
    _check_declaration(ctx)
    layer = None
    if not ctx.own.errors:
        origin = read_origin(spec.file)
        layer = read_layer(
            spec.file,
            ctx.own,
            nature=ctx.option("nature"),
            generation=ctx.option("generation"),
            code_column=ctx.option("colonne_code"),
            label_column=ctx.option("colonne_nom"),
            layer=ctx.option("couche"),
            crs=_epsg(ctx),
            shown=ctx.shown_file,
            vintage=ctx.option("millesime") or (origin.vintage if origin else ""),
            source=spec.source or (origin.label if origin else ""),
            target=target,
            sliver=catalogue.number("perimetre_eclat"),
            own=[t.code for t in territories.of_kind(ctx.option("nature"))],
        )
    if layer is not None and layer.nature == "qpv" and not layer.generation:
        ctx.report(
            "generation-melee",
            Where(ctx.shown_file),
            "Le fichier mêle des quartiers de 2015 (QP…) et de 2024 (QN…).",
            "une génération par [[perimetres]].",
            'Déclarez le fichier deux fois, avec generation = "2015" puis generation = "2024".',
        )
    ctx.summarise()
    problems.extend(ctx.own)
    return (None, True) if ctx.own.errors else (layer, False)


def _epsg(ctx: Context) -> int | None:
    """Return the EPSG code that the project gives: « 2154 » or « EPSG:2154 »."""
    value = ctx.option("crs").upper().removeprefix("EPSG:").strip()
    return int(value) if value else None


def _check_declaration(ctx: Context) -> None:
    spec = ctx.spec
    if spec.reader != READER:
        ctx.declaration(
            "lecteur-inconnu",
            f"le lecteur « {spec.reader} » n’existe pas pour des périmètres.",
            f"{READER} (GeoPackage, GeoJSON, Shapefile) ou {SQUARES} (carreaux de l’Insee).",
            f"Écrivez lecteur = « {READER} ».",
            key="lecteur",
        )
    ctx.check_options(OPTIONS)
    if spec.source and spec.source not in ctx.catalogue.sources:
        ctx.declaration(
            "source-inconnue",
            f"la source « {spec.source} » n’est pas au catalogue.",
            ", ".join(sorted(ctx.catalogue.sources)) + ".",
            key="source",
        )
    _choice(ctx, "nature", tuple(NATURES), required=True)
    _choice(ctx, "generation", GENERATIONS)
    _choice(ctx, "decalage", _SHIFT_CHOICES)
    if not ctx.option("crs").upper().removeprefix("EPSG:").strip().isdigit() and ctx.option("crs"):
        ctx.declaration(
            "option-valeur",
            f"« crs = {ctx.option('crs')} » n’est pas compris.",
            "un code EPSG : 2154 (Lambert-93), 4326 (WGS84), 27572 (Lambert II étendu)…",
            key="crs",
        )
    if ctx.option("generation") and ctx.option("nature") != "qpv":
        ctx.declaration(
            "option-valeur",
            "« generation » ne se dit que des quartiers.",
            'nature = "qpv".',
            "Retirez cette ligne.",
            key="generation",
        )


def _choice(ctx: Context, key: str, known: tuple[str, ...], *, required: bool = False) -> None:
    value = ctx.option(key)
    if value in known or not (value or required):
        return
    near = difflib.get_close_matches(value, known, 1)
    ctx.declaration(
        "option-valeur" if value else "option-absente",
        f"« {key} = {value} » n’est pas compris." if value else f"« {key} » manque.",
        ", ".join(known) + ".",
        f"Écrivez « {near[0]} »." if near else f'Ajoutez {key} = "{known[0]}".',
        key=key if value else "",
    )


def _files(spec: InputSpec, project: Project, rows: int, refused: bool) -> list[FileRead]:
    found: list[Path] = [spec.file, *companions(spec.file)] if spec.file.is_file() else []
    return [
        FileRead(
            spec.id,
            project.shown(path),
            fingerprint(path),
            path.stat().st_size,
            READER,
            "",
            (spec.options["couche"],) if spec.options.get("couche") else (),
            rows if path == spec.file else 0,
            refused,
        )
        for path in found
    ]


def _one_a_nature(read: list[tuple[InputSpec, Layer]], problems: ProblemList) -> list[Layer]:
    """Join the files of one nature and generation, in their order of trust."""
    groups: dict[tuple[str, str], list[Layer]] = {}
    for _, layer in read:
        groups.setdefault(_key(layer), []).append(layer)
    layers: list[Layer] = []
    for group in groups.values():
        layer, doubled = joined(group)
        layers.append(layer)
        if doubled:
            problems.add(
                Problem(
                    "contours-plusieurs-fichiers",
                    Where(layer.file),
                    f"{compte(len(doubled), 'contour est', 'contours sont')} dans plusieurs "
                    f"fichiers : {_some(doubled)}.",
                    remedy="Le fichier de plus petite priorité, puis le premier, l’emporte.",
                    severity=Severity.NOTE,
                )
            )
    return layers


def _some(codes: list[str]) -> str:
    more = f" et {len(codes) - _TOLD} autres" if len(codes) > _TOLD else ""
    return ", ".join(codes[:_TOLD]) + more


# ------------------------------------------------------------------ what the project needs


def _chosen(
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    layers: list[Layer],
    shifts: pl.DataFrame,
    files: tuple[FileRead, ...],
    problems: ProblemList,
) -> Outlines:
    by_key = {_key(layer): layer for layer in layers}
    least = catalogue.number("perimetre_part_negligeable")
    strip = catalogue.number("perimetre_lisiere")
    communes = by_key.get(("commune", ""))
    epci = by_key.get(("epci", ""))
    belongs = epci_of_communes(territories, communes, epci, problems)
    home = {code for code, siren in belongs.items() if siren == project.epci}
    kept: dict[tuple[str, str], Layer] = {}
    shares: list[pl.DataFrame] = [pl.DataFrame(schema=STRADDLES)]
    for key in sorted(k for k in by_key if k[0] == "qpv"):
        layer = _own(by_key[key], territories)
        if layer is None:
            layer = _around(by_key[key], communes.pick(home) if communes else None, kept)
        else:
            _tell_absent(layer, territories, problems)
        kept[key] = layer
        if communes is not None:
            shares.append(straddles(layer, communes, belongs, least=least, strip=strip))
    frame = pl.concat(shares)
    met = frame.filter(~pl.col("negligible"), pl.col("code") != "")
    if communes is not None:
        named = {t.code for t in territories.of_kind("commune")}
        touched = set(met.filter(pl.col("kind") == "commune")["code"])
        kept["commune", ""] = communes.pick(home | named | touched)
        _tell_absent_communes(kept["commune", ""], home | named, problems)
    wanted = {project.epci} | {t.code for t in territories.of_kind("epci")}
    wanted |= set(met.filter(pl.col("kind") == "epci")["code"])
    if epci is not None:
        kept["epci", ""] = epci.pick(wanted)
    elif communes is not None and home <= set(communes.codes) and home:
        names = {t.code: t.display or t.label for t in territories.of_kind("epci")}
        groups = {code: siren for code, siren in belongs.items() if siren == project.epci}
        kept["epci", ""] = united(communes, groups, names, nature="epci", strip=strip)
    for key, layer in by_key.items():
        if key not in kept:
            kept[key] = _meeting(layer, kept)
    for key, layer in by_key.items():
        _tell_rest(layer, kept[key], problems)
    kept = {key: layer for key, layer in kept.items() if len(layer)}
    check_places(kept, frame, territories, belongs, least, strip, problems)
    order = list(NATURES)
    return Outlines(
        tuple(kept[key] for key in sorted(kept, key=lambda k: (order.index(k[0]), k[1]))),
        frame,
        shifts,
        files,
    )


def _own(layer: Layer, territories: Territories) -> Layer | None:
    """Return the neighbourhoods of the project; ``None`` when it has none of that generation."""
    codes = {t.code for t in territories.of_kind("qpv")}
    if not any(generation_of(code) == layer.generation for code in codes):
        return None
    return layer.pick(codes)


def _around(layer: Layer, home: Layer | None, kept: dict[tuple[str, str], Layer]) -> Layer:
    """Return the neighbourhoods of a generation that the project does not have, but near it."""
    grounds = [home] if home is not None and len(home) else list(kept.values())
    if not grounds:
        return layer
    met: set[str] = set()
    for ground in grounds:
        met |= set(intersections(layer, ground)["a"])
    return layer.pick(met)


def _meeting(layer: Layer, kept: dict[tuple[str, str], Layer]) -> Layer:
    """Return what meets the communes of the project, else its neighbourhoods."""
    communes = kept.get(("commune", ""))
    quarters = [kept[key] for key in kept if key[0] == "qpv"]
    grounds = [communes] if communes is not None else quarters
    if layer.nature in _SHARED_OUT:
        # what is beside a neighbourhood counts as much as what is in it, in a square that is cut
        grounds = [*grounds, *(surroundings(quarter, _BESIDE) for quarter in quarters)]
    met: set[str] = set()
    for ground in grounds:
        met |= set(intersections(layer, ground)["a"])
    return layer.pick(met) if grounds else layer


def _tell_absent(layer: Layer, territories: Territories, problems: ProblemList) -> None:
    absent = [
        f"{t.code} {t.display or t.label}"
        for t in territories.of_kind("qpv")
        if generation_of(t.code) == layer.generation and t.code not in layer.codes
    ]
    if absent:
        problems.add(
            Problem(
                "contour-absent",
                Where(layer.file),
                f"{compte(len(absent), 'quartier du projet n’a', 'quartiers du projet n’ont')} pas "
                f"de contour : {_some(absent)}.",
                "un contour par quartier de territoires.csv.",
                "Complétez le fichier ; sans contour, un quartier n’a ni carte ni équipements "
                "comptés.",
                Severity.WARNING,
            )
        )


def _tell_absent_communes(layer: Layer, wanted: set[str], problems: ProblemList) -> None:
    absent = sorted(wanted - set(layer.codes))
    if absent:
        problems.add(
            Problem(
                "contour-absent",
                Where(layer.file),
                f"{compte(len(absent), 'commune du projet n’a', 'communes du projet n’ont')} pas "
                f"de contour : {_some(absent)}.",
                "un contour par commune de territoires.csv.",
                "Complétez le fichier, ou déclarez à côté celui du département voisin.",
                Severity.WARNING,
            )
        )


def _tell_rest(layer: Layer, kept: Layer, problems: ProblemList) -> None:
    rest = len(layer) - len(kept)
    if not rest:
        return
    one, several = NATURES[layer.nature]
    problems.add(
        Problem(
            "contours-hors-projet",
            Where(layer.file),
            f"Sur {compte(len(layer), one, several)} du fichier, le projet en garde "
            f"{nombre(len(kept))} : ses territoires et ceux qui les touchent.",
            severity=Severity.NOTE if len(kept) else Severity.WARNING,
        )
    )
