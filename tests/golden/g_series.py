"""Which charts of series do the golden tests compare? Run this file to write them again."""

from __future__ import annotations

from pathlib import Path

from terril.figures.series import SMALL, Cut, Point, Reference, Segment, series_chart
from terril.figures.svg import MM

HERE = Path(__file__).parent


def points(first: int, *values: float | str, unit: str = "%") -> tuple[Point, ...]:
    """One point a year; a text is the mark of what is not known."""
    return tuple(
        Point(first + n + 1.0, str(first + n), None, value)
        if isinstance(value, str)
        else Point(first + n + 1.0, str(first + n), value, f"{value:.1f} {unit}".replace(".", ","))
        for n, value in enumerate(values)
    )


def agglomeration(*segments: tuple[Point, ...]) -> Reference:
    return Reference("agglo.", segments, strong=True)


def mean(*segments: tuple[Point, ...]) -> Reference:
    return Reference("moyenne QPV", segments)


FILOSOFI = (
    Cut(2016.5, "2016 : production réorganisée", False),
    Cut(2018.5, "2018 : réduction de loyer de solidarité", False),
    Cut(2019.5, "2019 : primes exonérées, prime d’activité", False),
    Cut(2020.5, "2020-2021 : crise sanitaire", False),
)


def drawn() -> dict[str, str]:
    """The charts by name."""
    return {
        # six years, the share of housing benefits cannot go across 2018
        "rupture-2018": series_chart(
            [Segment(points(2014, 12.1, 11.8, 11.9, 12.3)), Segment(points(2018, 9.1, 9.0))],
            [Cut(2018.5, "2018 : aides au logement redéfinies", True)],
            [
                agglomeration(points(2014, 6.1, 6.0, 6.1, 6.0), points(2018, 4.9, 4.8)),
                mean(points(2014, 11.0, 11.1, 11.3, 11.2), points(2018, 8.8, 8.7)),
            ],
            title="prestations logement",
            width=116 * MM,
        ),
        # two generations, each with its code; the agglomeration goes on
        "generations": series_chart(
            [Segment(points(2016, 44.1, 45.0, 43.2)), Segment(points(2020, 41.2, 40.1))],
            [Cut(2020.0, "Périmètres de 2024 : rupture de série", True, ("QP062020", "QN06220M"))],
            [
                agglomeration(points(2016, 19.8, 20.0, 20.3, 20.1, 21.0)),
                mean(points(2016, 38.0, 38.9, 39.0), points(2020, 36.0, 36.2)),
            ],
            title="taux de pauvreté",
            width=116 * MM,
        ),
        # two former neighbourhoods, each named at its own line
        "deux-anciens": series_chart(
            [
                Segment(points(2016, 44.1, 45.0, 43.2), "QP062020"),
                Segment(points(2016, 34.1, 33.0, 35.2), "QP062021"),
                Segment(points(2020, 41.2, 40.1)),
            ],
            [Cut(2020.0, "Périmètres de 2024 : rupture de série", True, ("", "QN06220M"))],
            title="taux de pauvreté",
            width=116 * MM,
        ),
        # secret and absent years, breaks that are only noted, in the width of the brief
        "secret": series_chart(
            [Segment(points(2014, 44.1, 45.0, 43.2, 46.1, "s", 47.2, "–", 48.8))],
            FILOSOFI,
            [agglomeration(points(2014, 19.8, 20.0, 20.3, 20.1, 21.0, 21.4, 22.0, 22.4))],
            title="taux de pauvreté",
            width=71 * MM,
            plot=SMALL,
        ),
        # a reference that would flatten the series is told at the edge
        "loin": series_chart(
            [Segment(points(2016, 3.2, 3.1, 3.4))],
            (),
            [agglomeration(points(2016, 90.0, 91.0, 92.0))],
            title="essai",
            width=71 * MM,
            plot=SMALL,
        ),
    }


def golden(name: str) -> Path:
    return HERE / f"g_series_{name}.svg"


if __name__ == "__main__":
    for name, svg in drawn().items():
        golden(name).write_text(svg + "\n", encoding="utf-8")
