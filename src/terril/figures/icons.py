"""Which pictogram stands for a theme?

Own drawings on one grid of 24: solid slate, counters in white, no outline. They are
decorative for assistive technology: the name of the theme stands beside. The key is the
``icon`` of a theme's card; an unknown key gets a plain disc, so that a new theme prints.
"""

from __future__ import annotations

from typing import Final

from terril.figures.svg import circle, colour, document, fill, path, rect

GRID: Final = 24.0
_S = colour("ardoise")
_W = colour("blanc")


def _people() -> str:
    def adult(x: float, y: float, r: float, half: float) -> str:
        top = y + r + 1.1
        return circle(x, y, r, fill("ardoise")) + path(
            f"M{x - half:g} 23V{top + 3.9:g}a3.9 3.9 0 0 1 3.9-3.9"
            f"h{2 * half - 7.8:g}a3.9 3.9 0 0 1 3.9 3.9V23z",
            fill("ardoise"),
        )

    edge = f'fill="{_S}" stroke="{_W}" stroke-width="1.5" stroke-linejoin="round"'
    child = circle(12, 13.1, 3.05, edge) + path(
        "M7.55 24V20.9a4.1 4.1 0 0 1 4.1-4.1h.7a4.1 4.1 0 0 1 4.1 4.1V24z", edge
    )
    foot = rect(0, 23, 24, 1.5, fill("blanc"))
    return adult(6, 4.1, 3.1, 5) + adult(18.2, 5.4, 2.8, 4.8) + child + foot


def _coin() -> str:
    line = f'fill="none" stroke="{_W}" stroke-width="2.1"'
    return (
        circle(12, 12, 11, fill("ardoise"))
        + path("M17.2 7.75A5.9 5.9 0 1 0 17.2 16.25", line)
        + path("M5.6 10.55H14.2M5.6 13.45H13.2", f'fill="none" stroke="{_W}" stroke-width="1.6"')
    )


def _cross() -> str:
    return rect(1, 1, 22, 22, f'rx="5" {fill("ardoise")}') + path(
        "M9.75 5.2h4.5v4.55h4.55v4.5h-4.55v4.55h-4.5v-4.55H5.2v-4.5h4.55z", fill("blanc")
    )


def _mortarboard() -> str:
    return (
        path("M11.6 3.6L23.6 9.3 11.6 15-.4 9.3z", fill("ardoise"))
        + path(
            "M4.7 13.3L11.6 16.6 18.5 13.3V17.6C18.5 19.6 15.4 20.9 11.6 20.9S4.7 19.6 4.7 17.6z",
            fill("ardoise"),
        )
        + path("M22 9.6V18", f'fill="none" stroke="{_S}" stroke-width="1.15"')
        + path("M22 16.9a1.75 1.75 0 0 1 .95 3.2h-1.9A1.75 1.75 0 0 1 22 16.9z", fill("ardoise"))
    )


def _briefcase() -> str:
    return (
        path(
            "M8.3 7.4V5.1A1.9 1.9 0 0 1 10.2 3.2h3.6a1.9 1.9 0 0 1 1.9 1.9V7.4",
            f'fill="none" stroke="{_S}" stroke-width="1.9"',
        )
        + rect(1, 6.6, 22, 14.8, f'rx="2.3" {fill("ardoise")}')
        + path("M1 13.2H23", f'fill="none" stroke="{_W}" stroke-width="1.05"')
        + rect(9.7, 11, 4.6, 4.4, f'rx=".9" {fill("blanc")}')
        + rect(10.8, 12.1, 2.4, 2.2, f'rx=".4" {fill("ardoise")}')
    )


def _gables() -> str:
    def house(x: float) -> str:
        wall = path(
            f"M{x} 13.1L{x + 5.7:g} 6.2 {x + 7.4:g} 8.25V3.2h2.1v7.6L{x + 11.4:g} 13.1"
            f"H{x + 10.3:g}V22.4H{x + 1.1:g}V13.1z",
            fill("ardoise"),
        )
        window = rect(x + 2.7, 13.9, 2.5, 2.9, fill("blanc"))
        door = rect(x + 6.5, 16, 2.4, 6.6, fill("blanc"))
        return wall + window + door

    return house(0.3) + house(12.3)


def _shop() -> str:
    awning = (
        "M3.3 2.6H20.7L23.6 9.3V10.2a2.32 2.32 0 0 1-4.64 0 2.32 2.32 0 0 1-4.64 0"
        " 2.32 2.32 0 0 1-4.64 0 2.32 2.32 0 0 1-4.64 0 2.32 2.32 0 0 1-4.64 0V9.3z"
    )
    return (
        rect(2, 12, 20, 10.4, fill("ardoise"))
        + rect(4.4, 15.3, 7.6, 3.9, fill("blanc"))
        + rect(15.2, 15.3, 4, 7.3, fill("blanc"))
        + path(awning, f'fill="{_S}" stroke="{_W}" stroke-width="1.1" paint-order="stroke"')
    )


def _factory() -> str:
    walls = "M1.6 22.4V2.4H6.2V12.4L11.6 8.6V12.4L17 8.6V12.4L22.4 8.6V22.4z"
    windows = "".join(rect(x, 15.2, 2.6, 3.2, fill("blanc")) for x in (5.2, 10.7, 16.2))
    return path(walls, fill("ardoise")) + windows


def _ball() -> str:
    seams = "M12 1V23M1 12H23M4.4 4A11 11 0 0 1 4.4 20M19.6 4A11 11 0 0 0 19.6 20"
    return circle(12, 12, 11, fill("ardoise")) + path(
        seams, f'fill="none" stroke="{_W}" stroke-width="1.1"'
    )


_DRAWINGS: Final = {
    "personnes": ("démographie", _people),
    "piece": ("revenus", _coin),
    "croix": ("santé", _cross),
    "mortier": ("éducation", _mortarboard),
    "mallette": ("emploi", _briefcase),
    "corons": ("habitat", _gables),
    "vitrine": ("équipement", _shop),
    "economie": ("économie", _factory),
    "sport_culture": ("sport et culture", _ball),
}


def icon(name: str) -> str:
    """The pictogram of that name, 24 × 24."""
    if name not in _DRAWINGS:
        return document(GRID, GRID, "thème", [circle(12, 12, 8, fill("ardoise"))])
    title, draw = _DRAWINGS[name]
    return document(GRID, GRID, title, [draw()])


def icon_alt(name: str) -> str:
    """What the drawing shows, for a page where no name stands beside it."""
    return _DRAWINGS[name][0] if name in _DRAWINGS else "thème"


def icons() -> dict[str, str]:
    """Every pictogram by name, and ``defaut``."""
    return {**{name: icon(name) for name in _DRAWINGS}, "defaut": icon("")}
