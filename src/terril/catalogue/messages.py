"""How does one tell a person, in French, what is wrong with a card?

Pydantic's complaints are for programmers; each becomes what was found, what was expected,
and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from terril.catalogue.nodes import Path_


def shown(value: object) -> str:
    """Return a value as the card writes it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "rien"
    if isinstance(value, Mapping):
        return "un groupe de clés"
    if isinstance(value, list | tuple):
        return "une liste"
    text = str(value)
    return f"« {text if len(text) <= 60 else text[:59] + '…'} »"


def nearest(word: str, among: Iterable[str]) -> str:
    """Return « le plus proche est … » when one of ``among`` looks like ``word``, else ""."""
    close = difflib.get_close_matches(word, list(among), n=1, cutoff=0.6)
    return f"le plus proche est « {close[0]} »" if close else ""


def listed(words: Iterable[str]) -> str:
    """Return « a », « b » ou « c »."""
    items = [f"« {word} »" for word in words]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} ou {items[-1]}"


def explain(
    error: ErrorDetails, path: Path_, model: type[BaseModel] | None
) -> tuple[str, str, str, str]:
    """Return code, what, expected and remedy for one complaint of pydantic.

    ``path`` is the path inside the card; ``model`` the model of the card.
    """
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx", {})
    key = _key(path)
    value = shown(error["input"])
    if kind == "missing":
        return (
            "carte-champ-manquant",
            f"Le champ « {key} » manque.",
            f"une valeur pour « {key} ».",
            f"ajoutez une ligne « {path[-1]}: … » à la carte.",
        )
    if kind == "extra_forbidden":
        known = _fields(model, path[:-1])
        near = nearest(str(path[-1]), known)
        return (
            "carte-cle-inconnue",
            f"La clé « {key} » n’existe pas dans cette carte.",
            f"l’une de ces clés : {', '.join(known)}.",
            f"corrigez ou supprimez la ligne ; {near}." if near else "supprimez la ligne.",
        )
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", ""))
        words = [word.strip("' ") for word in expected.replace(" or ", ", ").split(", ")]
        near = nearest(str(error["input"]), words)
        return (
            "carte-choix",
            f"Le champ « {key} » vaut {value}.",
            f"{listed(words)}.",
            f"choisissez l’une de ces valeurs{' ; ' + near if near else ''}.",
        )
    if kind == "string_too_long":
        limit = context["max_length"]
        return (
            "carte-trop-long",
            f"Le champ « {key} » compte {len(str(error['input']))} caractères : {value}.",
            f"{limit} caractères au plus, pour tenir sur une ligne du document.",
            "raccourcissez le texte.",
        )
    if kind in ("string_too_short", "too_short"):
        return (
            "carte-vide",
            f"Le champ « {key} » est vide ou incomplet.",
            "un texte."
            if kind == "string_too_short"
            else f"au moins {context.get('min_length', 1)} éléments.",
            "complétez le champ.",
        )
    if kind == "string_pattern_mismatch":
        return (
            "carte-code",
            f"Le champ « {key} » vaut {value}, qui n’est pas un code.",
            "des minuscules sans accent, des chiffres et « _ » ; pour un indicateur, le thème, "
            "un point, puis le nom.",
            "corrigez le code.",
        )
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        bound = context.get("ge", context.get("le", context.get("gt", context.get("lt"))))
        way = "au moins" if kind.startswith("greater") else "au plus"
        return (
            "carte-borne",
            f"Le champ « {key} » vaut {value}.",
            f"{way} {bound}.",
            "corrigez le nombre.",
        )
    if kind == "value_error":
        reason = str(context.get("error", "")).rstrip(".")
        subject = f"Le champ « {key} » est incohérent" if key else "La carte est incohérente"
        return (
            "carte-incoherente",
            f"{subject} : {reason}.",
            "des champs qui vont ensemble.",
            "complétez ou retirez les champs cités.",
        )
    expected_type = _TYPES.get(kind, "une valeur d’un autre genre")
    return (
        "carte-type",
        f"Le champ « {key} » contient {value}." if key else f"La carte contient {value}.",
        f"{expected_type}.",
        _TYPE_REMEDIES.get(kind, "corrigez la valeur."),
    )


_TYPES = {
    "string_type": "un texte",
    "int_type": "un nombre entier",
    "int_parsing": "un nombre entier",
    "int_from_float": "un nombre entier",
    "float_type": "un nombre, avec un point décimal",
    "float_parsing": "un nombre, avec un point décimal",
    "finite_number": "un nombre fini",
    "bool_type": "true ou false",
    "bool_parsing": "true ou false",
    "tuple_type": "une liste, entre crochets ou avec un tiret par ligne",
    "list_type": "une liste, entre crochets ou avec un tiret par ligne",
    "model_type": "un groupe de clés en retrait",
    "model_attributes_type": "un groupe de clés en retrait",
    "dict_type": "un groupe de clés en retrait",
    "none_required": "rien",
}

_TYPE_REMEDIES = {
    "string_type": "mettez la valeur entre guillemets si c’est bien un texte.",
    "bool_type": "écrivez true (oui) ou false (non), sans guillemets.",
    "bool_parsing": "écrivez true (oui) ou false (non), sans guillemets.",
    "float_parsing": "écrivez le nombre avec un point : 0.5 et non 0,5.",
    "int_parsing": "écrivez le nombre en chiffres, sans guillemets.",
}


def _key(path: Path_) -> str:
    """Return « phrase.subject », « terms, élément 2 »."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f", élément {part + 1}"
        else:
            text += f".{part}" if text else part
    return text


def _fields(model: type[BaseModel] | None, path: Path_) -> list[str]:
    """Return the names of the fields of the model found at ``path``."""
    keyed = False  # the next part is a key of the file, not a field of a model
    for part in path:
        if model is None:
            break
        if isinstance(part, str) and not keyed:
            field = model.model_fields.get(part)
            keyed = field is not None and get_origin(field.annotation) is dict
            model = _model_in(field.annotation) if field else None
        else:
            keyed = False
    return list(model.model_fields) if model else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model inside an annotation such as ``Formula | None`` or ``tuple[X, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
