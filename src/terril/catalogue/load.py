"""What is in the catalogue, and is every card right?

The package's own folder, then the folders of a project: a card of a project adds to or
replaces the package's. A wrong card stops the load; all that is wrong in all files is
raised together, each with its file, its line and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from terril.catalogue.cards import KINDS, OTHER_FOLDERS, CardKind, Catalogue
from terril.catalogue.check import Places, check
from terril.catalogue.messages import explain, nearest
from terril.catalogue.nodes import Document, Path_, read_document
from terril.lib.problems import Problem, ProblemList, Where

__all__ = ["Catalogue", "load_catalogue"]

PACKAGE = Path(__file__).resolve().parent

#: what a file of cards ends with
SUFFIXES = (".yaml", ".yml")
_VOCABULARIES = "vocabularies"


@dataclass(slots=True)
class _Layer:
    """The cards of one folder: field → code → card or None (wrong), and their places."""

    cards: dict[str, dict[str, Any]]
    places: dict[tuple[str, str], tuple[Document, Path_]]
    problems: list[Problem]


def load_catalogue(extra: Sequence[Path] = ()) -> Catalogue:
    """Return the catalogue of the package, completed by the folders ``extra`` in order.

    A folder of ``extra`` has the layout of the package's: ``indicators/<theme>.yaml``
    or ``indicators/<theme>/*.yaml``, ``sources/``, ``vocabularies/units.yaml``… A card
    replaces the one of the same code. Raises ``ProblemsError`` with every problem of every
    file.
    """
    return _load(tuple(Path(folder) for folder in extra)) if extra else _own()


@lru_cache(maxsize=1)
def _own() -> Catalogue:
    return _load(())


@lru_cache(maxsize=1)
def _own_layer() -> _Layer:
    return _read_layer(PACKAGE, "catalogue")


def _load(extra: tuple[Path, ...]) -> Catalogue:
    layers = [_own_layer(), *(_read_layer(folder, _shown(folder)) for folder in extra)]
    problems = ProblemList()
    places = Places()
    fields: dict[str, Any] = {}
    for kind in KINDS:
        merged: dict[str, Any] = {}
        for layer in layers:
            merged.update(layer.cards[kind.field])
        places.known[kind.field] = frozenset(merged)
        fields[kind.field] = MappingProxyType(
            {code: card for code, card in merged.items() if card is not None}
        )
    for layer in layers:
        problems.extend(layer.problems)
        places.cards.update(layer.places)
    catalogue = Catalogue(**fields)
    problems.extend(check(catalogue, places))
    problems.raise_errors()
    return catalogue


def _shown(folder: Path) -> str:
    """Return how messages call a folder: from where the person stands, when it is below."""
    path = folder.resolve()
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _read_layer(folder: Path, name: str) -> _Layer:
    """Read all the cards under ``folder``; ``name`` opens the file names in messages."""
    layer = _Layer({kind.field: {} for kind in KINDS}, {}, [])
    if not folder.is_dir():
        layer.problems.append(
            Problem(
                "catalogue-absent",
                Where(name),
                "Le dossier de catalogue n’existe pas.",
                "un dossier de cartes.",
                "corrigez le chemin dans le fichier du projet.",
            )
        )
        return layer
    read: set[Path] = set()
    for kind in KINDS:
        for path, prefix in _files(folder, kind):
            read.add(path)
            document = read_document(path, f"{name}/{path.relative_to(folder).as_posix()}")
            layer.problems.extend(document.problems)
            _read_cards(document, kind, prefix, layer)
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path not in read:
            relative = path.relative_to(folder)
            if relative.parts[0] not in OTHER_FOLDERS:
                layer.problems.append(_stray(relative, name))
    return layer


def _files(folder: Path, kind: CardKind) -> list[tuple[Path, str]]:
    """Return the files of one kind in the order of their names, each with its prefix.

    The prefix of a code is the name of the file, or of the folder that gathers several
    files: ``indicators/economie.yaml``, ``indicators/emploi/activite.yaml``.
    """
    if not kind.place.endswith("/"):
        path = folder / kind.place
        return [(path, "")] if path.is_file() else []
    found: list[tuple[Path, str]] = []
    for path in sorted((folder / kind.place).glob("*")):
        if path.suffix in SUFFIXES:
            found.append((path, path.stem))
        elif kind.prefixed and path.is_dir():
            found += [(p, path.name) for p in sorted(path.glob("*")) if p.suffix in SUFFIXES]
    return found


def _stray(relative: Path, name: str) -> Problem:
    """Say that a file of cards stands where no reader looks."""
    places = [kind.place for kind in KINDS]
    inside = relative.as_posix() if relative.parts[0] == _VOCABULARIES else relative.parts[0] + "/"
    near = nearest(inside, places)
    return Problem(
        "catalogue-place",
        Where(f"{name}/{relative.as_posix()}"),
        "Ce fichier n’est à aucune place connue du catalogue.",
        f"l’une de ces places : {', '.join(places)}.",
        f"déplacez ou renommez le fichier{' ; ' + near if near else ''}.",
    )


def _read_cards(document: Document, kind: CardKind, prefix: str, layer: _Layer) -> None:
    """Validate the cards of one file into ``layer``."""
    adapter = kind.adapter()
    cards = layer.cards[kind.field]
    for key, value in document.value.items():
        code = f"{prefix}.{key}" if kind.prefixed else key
        before = layer.places.get((kind.field, code))
        if before is not None:
            seen = before[0].where(before[1])
            layer.problems.append(
                Problem(
                    "carte-double",
                    document.where((key,)),
                    f"La carte « {key} » existe déjà ({seen}).",
                    "une seule carte par code.",
                    "supprimez l’une des deux.",
                )
            )
            continue
        layer.places[kind.field, code] = (document, (key,))
        cards[code] = None
        if not kind.free and not _is_code(key):
            layer.problems.append(
                Problem(
                    "carte-code",
                    document.where((key,)),
                    f"« {key} » n’est pas un code de carte.",
                    "une minuscule, puis des minuscules sans accent, des chiffres et « _ ».",
                    "renommez la carte, et partout où elle est citée.",
                )
            )
            continue
        try:
            cards[code] = adapter.validate_python(value)
        except ValidationError as error:
            layer.problems.extend(
                _complaint(document, key, kind, complaint) for complaint in _complaints(error)
            )


def _complaints(error: ValidationError) -> list[Any]:
    """Return the complaints of pydantic, one for each place (a union makes several)."""
    kept: dict[tuple[Any, ...], Any] = {}
    for complaint in error.errors(include_url=False):
        path = tuple(
            part
            for part in complaint["loc"]
            if not (isinstance(part, str) and (part == "float" or part.startswith("tuple[")))
        )
        kept.setdefault(path, {**complaint, "loc": path})
    return list(kept.values())


def _complaint(document: Document, key: str, kind: CardKind, complaint: Any) -> Problem:
    path: Path_ = tuple(complaint["loc"])
    code, what, expected, remedy = explain(complaint, path, kind.model)
    return Problem(
        code, document.where((key, *path)), f"Carte « {key} » : {_lower(what)}", expected, remedy
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _is_code(key: str) -> bool:
    return (
        key.isascii()
        and key[:1].islower()
        and key == key.lower()
        and key.replace("_", "a").isalnum()
    )
