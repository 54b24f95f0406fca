"""Do the advances equal those of the shipped fonts, and do lines break where they may?"""

from __future__ import annotations

import json
from pathlib import Path

from font_tables import all_advances

from terril.figures import metrics


def test_advances_are_those_of_the_fonts(repo_root: Path) -> None:
    package = repo_root / "src" / "terril"
    kept = json.loads((package / "figures" / "advances.json").read_text(encoding="utf-8"))
    assert kept == all_advances(package / "reports" / "fonts")
    assert len(kept["400"]) > 300


def test_digits_have_one_width_within_a_weight() -> None:
    for weight in (400, 600, 700):
        assert len({metrics.text_width(digit, 10, weight) for digit in "0123456789"}) == 1


def test_narrow_spaces_and_no_break_spaces_hold() -> None:
    assert metrics.wrap("12\u202f093\u202f€ par an", 30, 8) == ["12\u202f093\u202f€", "par an"]
    assert metrics.wrap("Sûr à\u00a0: tout", 18, 8)[0] == "Sûr"


def test_a_hyphen_breaks_before_a_letter_only() -> None:
    assert metrics.wrap("Loos-en-Gohelle", 30, 8) == ["Loos-en-", "Gohelle"]
    assert metrics.wrap("9-9bis", 5, 8) == ["9-9bis"]


def test_a_word_too_wide_stands_alone_and_is_told() -> None:
    lines = metrics.wrap("de Sallaumines", 20, 8)
    assert lines == ["de", "Sallaumines"]
    assert not metrics.fits(lines, 20, 8)


def test_count_lines_equals_wrap_for_one_weight() -> None:
    text = "Deux allocataires de la CAF sur cinq perçoivent le RSA, contre un sur quatre à Avion."
    for width in (60, 90, 120, 200, 1000):
        assert abs(
            metrics.count_lines([(text, 400)], width, 8.8) - len(metrics.wrap(text, width, 8.8))
        ) <= (1 if width < 100 else 0)


def test_strong_pieces_are_wider() -> None:
    text = "Deux allocataires de la CAF sur cinq"
    just = metrics.text_width(text, 9) * 1.01
    assert metrics.count_lines([(text, 400)], just, 9) == 1
    assert metrics.count_lines([("Deux allocataires", 700), (text[17:], 400)], just, 9) == 2
    assert metrics.count_lines([("", 400)], 100, 9) == 0


def test_shortened_and_abbreviated_texts_hold() -> None:
    name = "Les Hauts de Liévin – Résidence des Provinces"
    short = metrics.shorten(name, 80, 8)
    assert short.endswith("…") and metrics.text_width(short, 8) <= 80
    assert not short.removesuffix("…").endswith((" ", "–"))
    assert metrics.shorten("Avion", 80, 8) == "Avion"
    word = metrics.abbreviate("Sallaumines", 30, 7, 600)
    assert word.endswith(".") and metrics.text_width(word, 7, 600) <= 30
