"""Which base of addresses, which perimeters and which list does the person give?"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from terril.catalogue.cards import Catalogue
from terril.cli.screen import Screen
from terril.lib.french import liste
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import BLOCK
from terril.places.addresses.area import Scope, coverage_of
from terril.places.addresses.base import Base, is_prepared, open_base
from terril.places.addresses.prepare import prepare
from terril.places.addresses.survey import Outlines
from terril.sources.origin import read_origin
from terril.sources.outlines import read_outlines
from terril.sources.project import Project
from terril.territories.generations import generation_of, generations
from terril.territories.geometry import Layer, read_layer
from terril.territories.registry import Territories, read_territories


@dataclass(frozen=True, slots=True)
class Perimeters:
    """The outlines by generation, the one asked about first, and what is said of the area."""

    outlines: tuple[Outlines, ...]
    area: str
    contract: bool  # are they those of a contract?


@contextmanager
def opened_base(
    arguments: argparse.Namespace, screen: Screen, problems: ProblemList
) -> Iterator[Base | None]:
    """Give the base of the command, prepared first if it must be; ``None`` with an error.

    Without ``--base`` the prepared file goes with the command.
    """
    source: Path = arguments.ban
    if is_prepared(source):
        base = open_base(source, problems)
        try:
            yield base
        finally:
            if base is not None:
                base.close()
        return
    with tempfile.TemporaryDirectory(prefix="terril-adresses-") as folder:
        target = arguments.base or Path(folder) / "adresses.sqlite"
        base = _ready(source, target, arguments, screen, problems)
        try:
            yield base
        finally:
            if base is not None:
                base.close()


def _ready(
    source: Path,
    target: Path,
    arguments: argparse.Namespace,
    screen: Screen,
    problems: ProblemList,
) -> Base | None:
    """Return the base of ``target``, made from ``source`` unless it already is."""
    if target.is_file() and not is_prepared(target):
        problems.add(
            Problem(
                "base-adresses",
                Where(target.name),
                "Ce fichier existe et n’est pas une base d’adresses préparée\u00a0: il n’est pas "
                "remplacé.",
                "un nom de fichier libre, par exemple adresses-62.sqlite.",
                "Changez le nom donné à --base.",
            )
        )
        return None
    if target.is_file():
        told = ProblemList()
        base = open_base(target, told)
        if base is not None and (not source.is_file() or base.meta["sha256"] == _hash(source)):
            return base
        if base is not None:
            base.close()
    with screen.progress() as progress:
        made = prepare(
            source, target, problems, vintage=_vintage(source, arguments.millesime),
            progress=progress,
        )  # fmt: skip
    return open_base(target, problems) if made else None


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _vintage(source: Path, told: str | None) -> str:
    """Return the vintage told, or the day the file was fetched, or ""."""
    if told:
        return told
    origin = read_origin(source) if source.is_file() else None
    return origin.fetched[:10] if origin is not None else ""


# ------------------------------------------------------------------ perimeters


def read_perimeters(
    arguments: argparse.Namespace,
    project: Project | None,
    catalogue: Catalogue,
    problems: ProblemList,
) -> Perimeters | None:
    """Read the perimeters of the command or of the project; ``None`` with an error."""
    territories = read_territories(project.territories_file, problems) if project else None
    if arguments.perimetres:
        layers = _given(arguments.perimetres, problems)
    elif project is not None and territories is not None:
        layers = _declared(project, territories, catalogue, problems)
    else:
        layers = {}
    if not layers and not problems.errors:
        problems.add(
            Problem(
                "perimetres-absents",
                Where(),
                "Aucun périmètre de quartier n’est donné.",
                "--perimetres FICHIER, ou un projet qui a une table [[perimetres]] de nature qpv.",
                "« terril telecharger perimetres » donne les fichiers officiels.",
            )
        )
    contract: dict[str, bool] = {}
    if project is not None and territories is not None:
        codes = [territory.code for territory in territories.qpv(project.epci)]
        layers, contract = _of_contract(layers, codes, arguments.couverture, problems)
    order = _order(layers, arguments.generation, project, problems)
    if not order or problems.errors:
        return None
    home = _communes(territories, project)
    outlines, area = [], ""
    for year in order:
        whole = contract.get(year, False)
        coverage, said = coverage_of(layers[year], Scope(arguments.couverture), whole, home)
        outlines.append(Outlines(layers[year], coverage))
        area = area or said
    return Perimeters(tuple(outlines), area, contract.get(order[0], False))


def _given(paths: Sequence[Path], problems: ProblemList) -> dict[str, Layer]:
    """Return the outlines of files by generation."""
    layers: dict[str, Layer] = {}
    for path in paths:
        layer = read_layer(path, problems, nature="qpv", shown=path.name)
        if layer is None:
            continue
        origin = read_origin(path)
        if origin is not None:
            layer = replace(layer, vintage=origin.vintage, source=origin.producer)
        for part in _by_generation(layer):
            if part.generation in layers:
                problems.add(
                    Problem(
                        "perimetres-double",
                        Where(layer.file),
                        f"Les périmètres de {part.generation} sont déjà donnés par "
                        f"{layers[part.generation].file}.",
                        "un fichier par génération.",
                        "Retirez l’un des deux.",
                    )
                )
            layers.setdefault(part.generation, part)
    return layers


def _by_generation(layer: Layer) -> list[Layer]:
    """Return the layer, cut in two when its file holds both generations."""
    if layer.generation:
        return [layer]
    found = []
    for year in generations():
        codes = [code for code in layer.codes if generation_of(code) == year]
        if codes:
            found.append(replace(layer.pick(codes), generation=year))
    return found or [layer]


def _declared(
    project: Project, territories: Territories, catalogue: Catalogue, problems: ProblemList
) -> dict[str, Layer]:
    """Return the outlines that the project declares, by generation."""
    specs = tuple(spec for spec in project.perimeters if spec.options.get("nature") == "qpv")
    alone = replace(project, perimeters=specs)
    found = read_outlines(alone, territories, catalogue, problems)
    return {layer.generation: layer for layer in found.layers if layer.nature == "qpv"}


def _of_contract(
    layers: dict[str, Layer], codes: Sequence[str], scope: str, problems: ProblemList
) -> tuple[dict[str, Layer], dict[str, bool]]:
    """Keep the neighbourhoods of the contract; say by generation whether all are there.

    « Outside » would be false in a neighbourhood that is missing: an error, unless the person
    says where outside holds. A generation that the contract does not have is left as it is.
    """
    kept: dict[str, Layer] = {}
    whole: dict[str, bool] = {}
    for year, layer in layers.items():
        of_year = [code for code in codes if generation_of(code) == year]
        if not of_year:
            kept[year] = layer
            continue
        kept[year] = layer.pick(of_year)
        missing = sorted(set(of_year) - set(kept[year].codes))
        whole[year] = not missing
        if missing:
            problems.add(
                Problem(
                    "perimetre-manquant",
                    Where(layer.file),
                    f"Quartiers du contrat sans périmètre\u00a0: {', '.join(missing)}.",
                    "un périmètre par quartier du contrat.",
                    "Complétez le fichier, ou dites par --couverture où « hors » est sûr.",
                    Severity.ERROR if scope == Scope.AUTO else Severity.WARNING,
                )
            )
    return kept, whole


def _order(
    layers: dict[str, Layer], asked: str | None, project: Project | None, problems: ProblemList
) -> list[str]:
    """Return the generations, the one asked about first; only that one when it was named."""
    order = sorted(layers, reverse=True)
    if asked and layers and asked not in layers:
        problems.add(
            Problem(
                "perimetres-generation",
                Where(),
                f"Aucun périmètre de {asked} n’est donné.",
                f"des périmètres de {liste(order, 'ou')}.",
                "Changez --generation, ou donnez le fichier de cette génération.",
            )
        )
        return []
    first = asked or (project.generation if project is not None else "")
    order.sort(key=lambda year: year != first)
    return order[:1] if asked else order


def _communes(territories: Territories | None, project: Project | None) -> frozenset[str]:
    """Return the communes of the project: all their neighbourhoods are asked about."""
    if territories is None or project is None:
        return frozenset()
    return frozenset(t.code for t in territories.of_kind("commune") if t.epci == project.epci)
