"""How does a frozen object go to JSON and come back the same?

Sheets are small frozen dataclasses of plain values (``fiches.model``). They are written as
plain JSON, so that any tool reads them, and read back by the types the classes declare: no
second description of a sheet exists. Floats are rounded to twelve significant digits, so
that the order of an addition never changes the bytes of an edition.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

T = TypeVar("T")

SIGNIFICANT_DIGITS = 12


def to_plain(value: object) -> Any:
    """Return ``value`` as dicts, lists, strings and numbers, in the order of declaration.

    Raises ``TypeError`` for a type that JSON cannot say, ``ValueError`` for a number that is
    not finite: both are bugs of the caller.
    """
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("un nombre qui n’est pas fini ne peut pas être scellé")
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [to_plain(item) for item in items]
    raise TypeError(f"{type(value).__name__} ne s’écrit pas en JSON")


def to_json(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON text, accents kept, always the same for the same value."""
    separators = (",", ":") if indent is None else None
    return json.dumps(
        to_plain(value), ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
    )


def from_plain(cls: type[T], data: object) -> T:
    """Return the dataclass ``cls`` that :func:`to_plain` wrote as ``data``.

    Keys that ``cls`` does not know are refused, absent keys take their default. Raises
    ``TypeError`` or ``ValueError`` when ``data`` does not fit the declared types.
    """
    return typing.cast(T, _build(cls, data))


def from_json(cls: type[T], text: str) -> T:
    """Return the dataclass ``cls`` that :func:`to_json` wrote."""
    return from_plain(cls, json.loads(text))


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(declared: Any, data: object) -> object:
    origin = get_origin(declared)
    if origin in (typing.Union, types.UnionType):
        return _build_union(get_args(declared), data)
    if origin in (tuple, list, Sequence):
        return _build_items(declared, data)
    if origin in (dict, Mapping):
        value_type = get_args(declared)[1]
        if not isinstance(data, dict):
            raise TypeError(f"un objet était attendu, pas {type(data).__name__}")
        return {key: _build(value_type, item) for key, item in data.items()}
    if dataclasses.is_dataclass(declared) and isinstance(declared, type):
        return _build_dataclass(declared, data)
    return _build_simple(declared, data)


def _build_dataclass(cls: type, data: object) -> object:
    if not isinstance(data, dict):
        raise TypeError(f"{cls.__name__} : un objet était attendu, pas {type(data).__name__}")
    hints = _hints(cls)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{cls.__name__} : champ inconnu {', '.join(sorted(unknown))}")
    return cls(**{name: _build(hints[name], item) for name, item in data.items()})


def _build_items(declared: Any, data: object) -> object:
    if not isinstance(data, list):
        raise TypeError(f"une liste était attendue, pas {type(data).__name__}")
    arguments = get_args(declared)
    if get_origin(declared) is not tuple:
        return [_build(arguments[0], item) for item in data]
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_build(arguments[0], item) for item in data)
    if len(arguments) != len(data):
        raise ValueError(f"{len(arguments)} valeurs étaient attendues, pas {len(data)}")
    return tuple(_build(kind, item) for kind, item in zip(arguments, data, strict=True))


def _build_union(choices: tuple[Any, ...], data: object) -> object:
    if data is None and type(None) in choices:
        return None
    for choice in choices:
        if choice is type(None):
            continue
        try:
            return _build(choice, data)
        except (TypeError, ValueError):
            continue
    raise TypeError(f"aucun des types déclarés ne convient à {type(data).__name__}")


def _build_simple(declared: Any, data: object) -> object:
    if declared is Any:
        return data
    if declared is float and isinstance(data, int | float) and not isinstance(data, bool):
        return float(data)
    if declared is int and isinstance(data, int) and not isinstance(data, bool):
        return data
    if declared is bool and isinstance(data, bool):
        return data
    if isinstance(declared, type) and issubclass(declared, str) and isinstance(data, str):
        return declared(data)
    raise TypeError(f"{declared} était attendu, pas {type(data).__name__}")
