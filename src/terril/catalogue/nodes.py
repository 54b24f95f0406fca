"""What does a YAML file say, and on which line does it say each thing?

PyYAML's C parser composes the file into nodes; we build plain values from them and keep
the line of every key and item, so that any later complaint can be located. YAML's old
traps are closed: only ``true``, ``false``, ``null`` and decimal numbers are more than text
(``non`` stays a word, ``2015-12-31`` stays a text), and a key said twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from terril.lib.problems import Problem, Where

#: path of a thing inside a file: keys, and 0-based ranks of items
Path_ = tuple[str | int, ...]

_PREFIX = "tag:yaml.org,2002:"


class _Loader(yaml.CSafeLoader):
    """The C parser with the resolution of scalars of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}


def _resolver(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(_PREFIX + tag, re.compile(pattern), list(first))


_resolver("bool", r"^(?:true|false)$", "tf")
_resolver("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789")
_resolver(
    "float",
    r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$",
    "-+0123456789",
)
_resolver("null", r"^(?:null|~|)$", "n~")

_BUILDERS: dict[str, Callable[[str], Any]] = {
    _PREFIX + "str": str,
    _PREFIX + "bool": lambda text: text == "true",
    _PREFIX + "int": int,
    _PREFIX + "float": float,
    _PREFIX + "null": lambda text: None,
}


@dataclass(slots=True)
class Document:
    """A parsed file: its value, the line of everything in it, what was wrong with it."""

    file: str
    value: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def where(self, path: Path_) -> Where:
        """Return the place of ``path``, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Where(self.file, line=self.lines.get(path, 1))


def read_document(path: Path, name: str) -> Document:
    """Read one YAML file; ``name`` is how messages call it. Never raises for bad content."""
    document = Document(name)

    def refuse(code: str, line: int | None, what: str, expected: str, remedy: str) -> Document:
        document.problems.append(Problem(code, Where(name, line=line), what, expected, remedy))
        return document

    try:
        data = path.read_bytes()
    except OSError as error:
        return refuse(
            "carte-illisible",
            None,
            f"Le fichier ne peut pas être lu ({error.strerror}).",
            "un fichier que l’on a le droit de lire.",
            "vérifiez les droits d’accès du fichier.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return refuse(
            "carte-encodage",
            line,
            "Un caractère n’est pas de l’UTF-8.",
            "un fichier enregistré en UTF-8.",
            "rouvrez-le dans l’éditeur et enregistrez-le avec l’encodage UTF-8.",
        )
    loader: Any = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return refuse(
            "carte-yaml",
            mark.line + 1 if mark else None,
            f"Le fichier n’est pas du YAML valide ({_syntax(error)}).",
            "des lignes « clé: valeur », un même retrait pour les clés d’une même carte.",
            "corrigez cette ligne, ou celle qui la précède ; un texte qui contient « : » ou « # » "
            "se met entre guillemets.",
        )
    except yaml.YAMLError:
        return refuse(
            "carte-yaml",
            None,
            "Le fichier contient un caractère que YAML interdit.",
            "un fichier de texte.",
            "supprimez les caractères de contrôle du fichier.",
        )
    finally:
        loader.dispose()
    if node is None:
        return refuse(
            "carte-fichier-vide",
            1,
            "Le fichier ne contient aucune carte.",
            "au moins une carte.",
            "complétez le fichier ou supprimez-le.",
        )
    if not isinstance(node, yaml.MappingNode):
        return refuse(
            "carte-yaml",
            node.start_mark.line + 1,
            "Le fichier ne commence pas par une clé.",
            "un code de carte suivi de deux points, puis ses champs en retrait.",
            "écrivez « code: » en début de ligne au-dessus des champs.",
        )
    document.value = _build(node, (), document)
    return document


def _syntax(error: yaml.MarkedYAMLError) -> str:
    """Say in French what the YAML parser met."""
    problem = error.problem or ""
    for piece, french in (
        ("mapping values are not allowed", "deux points en trop, ou retrait inattendu"),
        ("did not find expected key", "retrait inattendu ou clé attendue"),
        ("could not find expected ':'", "deux points manquants après la clé"),
        ("cannot start any token", "caractère interdit, par exemple une tabulation"),
        ("found unexpected end of stream", "guillemet ou crochet non refermé"),
        ("did not find expected ',' or", "virgule ou crochet manquant dans une liste"),
        ("found undefined alias", "renvoi « * » vers une ancre qui n’existe pas"),
        ("expected a single document", "deux documents séparés par « --- »"),
        ("found character", "caractère interdit à cet endroit"),
    ):
        if piece in problem:
            return french
    return "écriture inattendue"


def _build(node: yaml.Node, path: Path_, document: Document) -> Any:
    """Return the plain value of ``node``, filling ``document.lines`` on the way."""
    if isinstance(node, yaml.ScalarNode):
        builder = _BUILDERS.get(node.tag)
        if builder is not None:
            return builder(node.value)
        document.problems.append(
            Problem(
                "carte-yaml",
                Where(document.file, line=node.start_mark.line + 1),
                f"L’étiquette « {node.tag} » n’est pas admise dans une carte.",
                "un texte, un nombre, true ou false.",
                "supprimez l’étiquette.",
            )
        )
        return node.value
    lines = document.lines
    if isinstance(node, yaml.SequenceNode):
        items: list[Any] = []
        for rank, item in enumerate(node.value):
            at = (*path, rank)
            lines[at] = item.start_mark.line + 1
            items.append(_build(item, at, document))
        return items
    value: dict[str, Any] = {}
    for key_node, item in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str):
            document.problems.append(
                Problem(
                    "carte-yaml",
                    Where(document.file, line=line),
                    "Une clé est une liste ou un groupe.",
                    "une clé qui est un mot.",
                    "réécrivez la ligne sous la forme « clé: valeur ».",
                )
            )
            continue
        at = (*path, key)
        if key in value:
            document.problems.append(
                Problem(
                    "carte-cle-double",
                    Where(document.file, line=line),
                    f"La clé « {key} » est donnée deux fois (déjà ligne {lines[at]}).",
                    "une seule fois chaque clé.",
                    "gardez l’une des deux lignes.",
                )
            )
            continue
        lines[at] = line
        value[key] = _build(item, at, document)
    return value
