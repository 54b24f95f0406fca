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
    # maps: surfaces
    "quartier": "#EFD6CD",
    "autre": "#D9DBDC",
    "cite": "#EAE4D9",
    "trame": "#B9AE9A",
    # maps: categories of places, told by their shape first
    "bleu": "#2B5C8F",
    "violet": "#6A4487",
    "ocre": "#8A6100",
    "sarcelle": "#1B6F78",
    # maps: five classes from the lowest values to the highest, even steps of lightness
    "classe-1": "#DDE4EA",
    "classe-2": "#AFBECB",
    "classe-3": "#7F95A8",
    "classe-4": "#506A80",
    "classe-5": "#233746",
}

FONT_FAMILY: Final = "Source Sans 3"
