"""Which page of the guide lists the commands?

``docs/guide/commandes.md`` is made from the help of the verbs, so that it never says
anything else: ``python -m terril.cli.guide`` prints it, a test compares.
"""

from __future__ import annotations

import re
import sys

from terril.cli.main import VERBS, build_parser

_HEAD = """\
# Les commandes

Cette page est faite à partir de l’aide des commandes (`make guide` la refait).
"""


def commands_page() -> str:
    """Return the page, Markdown."""
    parser = build_parser()
    parts = [_HEAD, _block(parser.format_help())]
    for name in VERBS:
        child = parser.verbs[name]
        parts += [f"## terril {name}\n", f"{_sentence(VERBS[name])}\n"]
        parts.append(_block(child.format_help()))
    return "\n".join(parts)


def _block(text: str) -> str:
    """Return a help text as a block; its usage on one line, wherever Python breaks it."""
    usage, _, rest = text.partition("\n\n")
    line = re.sub(r"\n\s+", " ", usage)
    return f"```\n{line}\n\n{rest.rstrip()}\n```\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


if __name__ == "__main__":
    sys.stdout.write(commands_page())
