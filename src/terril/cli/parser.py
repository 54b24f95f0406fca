"""How does the command line speak French, and teach?

``argparse`` speaks English. :class:`Parser` gives every heading, usage and error in French,
with what to do next. An argument of a verb is declared as usual.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from typing import Any, Final, NoReturn

USAGE: Final = 2

_MESSAGES: Final[tuple[tuple[str, str], ...]] = (
    (r"the following arguments are required: (.+)", r"il manque\u00a0: \1"),
    (r"unrecognized arguments: (.+)", r"argument inconnu\u00a0: \1"),
    (r"expected one argument", r"une valeur est attendue"),
    (r"expected at least one argument", r"au moins une valeur est attendue"),
    (r"expected at most one argument", r"une valeur au plus est attendue"),
    (r"expected (\d+) arguments?", r"\1 valeurs sont attendues"),
    (r"ignored explicit argument (.+)", r"cette option ne prend pas de valeur (\1)"),
    (
        r"invalid choice: (.+?)(?:, maybe you meant (.+?)\?)? \(choose from (.+)\)",
        r"\1 n’est pas possible, choisissez parmi \3",
    ),
    (r"invalid int value: (.+)", r"\1 n’est pas un nombre entier"),
    (r"invalid float value: (.+)", r"\1 n’est pas un nombre"),
    (r"invalid \S+ value: (.+)", r"\1 ne convient pas"),
    (r"not allowed with argument (.+)", r"ne va pas avec \1"),
    (r"one of the arguments (.+) is required", r"donnez l’une des options \1"),
    (r"ambiguous option: (.+) could match (.+)", r"option ambiguë\u00a0: \1 peut être \2"),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the examples as they are laid, and opens with « utilisation »."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, max_help_position=30, width=96, **options)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Open the usage with its French word."""
        super().add_usage(
            usage, actions, groups, "utilisation\u00a0: " if prefix is None else prefix
        )


class Parser(argparse.ArgumentParser):
    """An ``ArgumentParser`` that never writes a word of English."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Formatter)
        options.setdefault("allow_abbrev", False)
        options["add_help"] = False
        if sys.version_info >= (3, 14):
            options.setdefault("color", False)
        super().__init__(**options)
        self._positionals.title = "arguments\u00a0"
        self._optionals.title = "options\u00a0"
        self.add_argument("-h", "--help", "--aide", action="help", help="montre cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is; exit with code 2."""
        text = french(message)
        self.exit(
            USAGE,
            f"{self.format_usage()}{self.prog}\u00a0: {text}\n"
            f"Pour l’aide et des exemples\u00a0: {self.prog} --help\n",
        )


def french(message: str) -> str:
    """Return an error message of ``argparse`` in French."""
    head = re.fullmatch(r"argument (.+?): (.+)", message, flags=re.DOTALL)
    if head:
        return f"{head[1]}\u00a0: {french(head[2])}"
    for pattern, said in _MESSAGES:
        found = re.fullmatch(pattern, message, flags=re.DOTALL)
        if found:
            return found.expand(said.replace(r"\u00a0", "\u00a0"))
    return message


def iso_date(text: str) -> str:
    """Return ``text`` when it is a date; raises what ``argparse`` expects."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} n’est pas une date de la forme année-mois-jour, par exemple 2021-07-01"
        ) from None
