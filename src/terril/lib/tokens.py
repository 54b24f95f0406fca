"""Which colours and sizes does everything Terril draws share?

One file of tokens feeds the SVG figures, the Typst theme and the style sheets. Names are
those of the design notes; contrasts were checked there.
"""

from __future__ import annotations

from typing import Final

COLOURS: Final[dict[str, str]] = {
    "ardoise": "#22313F",
    "ardoise-2": "#55616C",
    "gris": "#8A8F94",
    "brique": "#B5482F",
    "teinte": "#F8ECE7",
    "papier": "#FBF9F6",
    "papier-2": "#F2EEE7",
    "favorable": "#2E7D4F",
    "moyen": "#6B7278",
    "difficile": "#9E1B32",
    "filet": "#C9CDD1",
    "cheveu": "#E4E6E8",
    "blanc": "#FFFFFF",
}

FONT_FAMILY: Final = "Source Sans 3"
