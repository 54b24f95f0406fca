"""Which files of others can a register be filled from, and who reads them?

A converter makes, from a file that is not laid out as a register, the files that registers
import. The rooms above declare theirs when they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from terril.lib.problems import Problem
from terril.web.espace.space import Space


@dataclass(frozen=True, slots=True)
class Converted:
    """What a file makes: register → the text of a CSV that it imports, in the order to import.

    ``said``: a sentence on what was read. A register without rows is left out.
    """

    files: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    said: str = ""


#: the file, the contract, what was asked beside the file → what it makes
Convert = Callable[[Path, Space, str], Converted]


@dataclass(frozen=True, slots=True)
class Converter:
    """One kind of file. ``registers``: all those that it may write to, in order."""

    code: str
    label: str
    about: str
    registers: tuple[str, ...]
    convert: Convert
    asks: str = ""  # label of what is asked beside the file, "" when nothing is
    help: str = ""


_CONVERTERS: dict[str, dict[str, Converter]] = {}


def converts(register: str, converter: Converter) -> None:
    """Offer a converter on the import page of a register; the same code twice is one."""
    _CONVERTERS.setdefault(register, {})[converter.code] = converter


def converters_of(register: str) -> tuple[Converter, ...]:
    """Return the converters of a register, in the order they were declared."""
    return tuple(_CONVERTERS.get(register, {}).values())
