"""Which row of dots does the golden test compare? Run this file to write it again."""

from __future__ import annotations

from pathlib import Path

from terril.figures.dot_rows import Dot, Mark, dot_row

GOLDEN = Path(__file__).with_name("g_dot_row.svg")

VALUES = (
    40.2, 41.4, 36.2, 30.2, 31.5, 40.6, 26.9, 38.1, 38.8, 27.9, 31.9, 35.3, 34.0, 22.7, 26.0,
    30.8, 22.5, 25.0, 37.4, 22.3, 25.0,
)  # fmt: skip


def drawn() -> str:
    """Twenty-one dots, two of them equal, the agglomeration beyond the best."""
    dots = [
        Dot(value, f"Cité {number} & fosse {number}", f"{value} %".replace(".", ","))
        for number, value in enumerate(VALUES, 1)
    ]
    return dot_row(dots, Mark(31.7, "moyenne 31,7 %"), Mark(17.8, "agglo. 17,8 %"), reverse=True)


if __name__ == "__main__":
    GOLDEN.write_text(drawn() + "\n", encoding="utf-8")
