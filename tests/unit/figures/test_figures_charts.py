"""Do arrows go the right way, and do shapes differ without their colour?"""

from __future__ import annotations

import re

from terril.figures.change import Change, change, change_alt
from terril.figures.signals import signal, signal_alt, sureness_alt
from terril.lib.tokens import COLOURS


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


def test_shapes_differ_and_weak_ones_are_hollow() -> None:
    shapes = {signal(kind) for kind in ("favorable", "moyen", "difficile", "indetermine")}
    assert len(shapes) == 4
    for kind in ("favorable", "moyen", "difficile"):
        assert 'fill="none"' in signal(kind, hollow=True)
        assert 'fill="none"' not in signal(kind)
    assert "stroke-dasharray" in signal("indetermine")
    assert signal_alt("difficile", hollow=True) == "en difficulté, signal fragile"
    assert sureness_alt(0.854) == "sûr à 85\u202f%"
