"""How does a shape of a figure lead somewhere, and say its value when it is pointed at?

A link around what is drawn: its label is read aloud and, where the page has its script, written
under the figure; the same words as a ``title`` show without it.
"""

from __future__ import annotations

from collections.abc import Callable

from terril.figures.svg import escape

#: from the code of a territory, what is said of it and its shapes, to the same as a link
Link = Callable[[str, str, str], str]


def linked(href: str, said: str, drawn: str) -> str:
    """What is drawn as a link to ``href`` whose label is ``said``."""
    label = escape(said)
    return f'<a href="{escape(href)}" aria-label="{label}"><title>{label}</title>{drawn}</a>'
