"""Does every label of the shipped sheet model hold in its column, notes and all?"""

from __future__ import annotations

from terril.catalogue.load import load_catalogue
from terril.figures.metrics import text_width
from terril.figures.svg import MM
from terril.reports.columns import page_two_columns
from terril.reports.fiche_themes import held_label


def test_no_label_of_the_catalogue_wraps() -> None:
    catalogue = load_catalogue()
    narrowest = min(
        page_two_columns(n, strip)[0] for n, strip in ((1, True), (2, False), (3, False))
    )
    seen = 0
    for model in catalogue.fiches.values():
        for block in model.blocks:
            for code in block.signal:
                text = catalogue.indicators[code].short
                assert held_label(text, (), 43.4, 8.6) == text, text
                seen += 1
            for code in block.rows:
                card = catalogue.indicators[code]
                text = card.table or card.short
                assert held_label(text, ("1",), narrowest) == text, text
                seen += 1
    assert seen > 40


def test_a_label_too_long_is_cut_and_never_laid_over_the_next_row() -> None:
    text = "Part des demandeurs d’emploi de très longue durée inscrits"
    held = held_label(text, ("1", "2"), 38.2)
    assert held.endswith("…") and text_width(held, 8.2) <= 38.2 * MM
