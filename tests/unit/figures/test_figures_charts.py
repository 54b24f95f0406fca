"""Do the charts by name print every value, and put marks on one scale?"""

from __future__ import annotations

import re

from terril.figures.change import Change, change, change_alt
from terril.figures.distribution import distribution, distribution_alt
from terril.figures.ranked import RankedRow, Reference, ranked, ranked_alt, ranked_height
from terril.figures.signals import signal, signal_alt, sureness_alt
from terril.lib.tokens import COLOURS

ROWS = [
    RankedRow("Le Bois", 10.0, "10,0"),
    RankedRow("Une très longue résidence dont le nom ne tient pas dans la colonne", 30.0, "30,0"),
    RankedRow("Cité 2", None, "secret", own=True),
    RankedRow("Cité 3", 20.0, "20,0", own=True),
]
LINES = [Reference(19.9, "moyenne 19,9"), Reference(20.1, "agglomération 20,1", strong=True)]


def xs(text: str) -> list[float]:
    return [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', text)]


def test_ranked_puts_dots_on_one_scale_and_prints_every_value() -> None:
    text = ranked(ROWS, LINES, title="RSA", width=320)
    low, high, middle = xs(text)
    assert low < middle < high and abs(middle - (low + high) / 2) < 0.02
    for row in ROWS:
        assert f">{row.text}<" in text
    assert text.count("<circle") == 3, "no dot for a secret value"
    assert "…" in text, "a long name is shortened, never over the axis"
    assert f'height="{ranked_height(4):g}"' in text


def test_ranked_reverses_when_high_is_worse() -> None:
    low, high, _ = xs(ranked(ROWS, LINES, title="RSA", width=320, reverse=True))
    assert low > high


def test_near_lines_have_their_labels_on_two_levels() -> None:
    text = ranked(ROWS, LINES, title="RSA", width=320)
    levels = re.findall(r'y="([\d.]+)"[^>]*>(?:moyenne|agglomération)', text)
    assert len(set(levels)) == 2


def test_ranked_without_any_value_still_lists_names() -> None:
    text = ranked([RankedRow("Cité 2", None, "absent")], title="RSA", width=320)
    assert "Cité 2" in text and "absent" in text and "<circle" not in text


def test_ranked_is_told_in_words() -> None:
    assert ranked_alt(ROWS[:1], LINES[:1], title="RSA") == (
        "RSA\u00a0: Le Bois 10,0. Moyenne 19,9."
    )


def test_an_arrow_goes_from_the_former_value_to_the_new_one() -> None:
    rows = [
        Change("monte", 10, 20, "10", "20", own=True),
        Change("descend", 20, 10, "20", "10"),
        Change("immobile", 15, 15, "15", "15"),
        Change("sans passé", None, 12, "s", "12"),
    ]
    text = change(rows, title="RSA", before="2014", after="2017", width=320)
    tips = re.findall(r'd="M([\d.]+) [\d.]+L([\d.]+) ', text)
    (up_base, up_tip), (down_base, down_tip) = ((float(a), float(b)) for a, b in tips)
    assert up_tip > up_base and down_tip < down_base
    assert text.count("<circle") == 2
    assert COLOURS["favorable"] not in text and COLOURS["difficile"] not in text
    assert change_alt(rows[:1], title="RSA", before="2014", after="2017") == (
        "RSA\u00a0: monte, 2014 10, 2017 20."
    )


def test_the_distribution_prints_its_ends_and_turns_round() -> None:
    values = [float(v) for v in range(11)]
    text = distribution(values, 2, title="x", low_text="0", high_text="10")
    back = distribution(values, 2, title="x", low_text="0", high_text="10", reverse=True)
    assert xs(text)[0] < 88 < xs(back)[0]
    assert ">0<" in text and ">10<" in text
    assert distribution_alt([], "", title="x", low_text="", high_text="") == (
        "x\u00a0: aucune valeur connue."
    )
    assert "aucune valeur" in distribution([], title="x", low_text="", high_text="")


def test_shapes_differ_and_weak_ones_are_hollow() -> None:
    shapes = {signal(kind) for kind in ("favorable", "moyen", "difficile", "indetermine")}
    assert len(shapes) == 4
    for kind in ("favorable", "moyen", "difficile"):
        assert 'fill="none"' in signal(kind, hollow=True)
        assert 'fill="none"' not in signal(kind)
    assert "stroke-dasharray" in signal("indetermine")
    assert signal_alt("difficile", hollow=True) == "en difficulté, signal fragile"
    assert sureness_alt(0.854) == "sûr à 85\u202f%"
