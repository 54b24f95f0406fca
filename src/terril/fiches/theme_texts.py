"""What does the sheet of each theme say, over all the neighbourhoods of a contract?

For each theme of the sheet model of which something is known: a headline, then a few
paragraphs that do not tell the same indicator again, each sentence with its statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheModel, Polarity
from terril.fiches.claims import statements
from terril.fiches.context import GroupContext
from terril.fiches.model import ThemeText
from terril.fiches.theme_headline import theme_headline
from terril.fiches.theme_summary import theme_summary

#: paragraphs about an indicator, beside the one about the signals
_INDICATORS: Final = 3


def theme_texts(
    context: GroupContext, catalogue: Catalogue, model: FicheModel
) -> Iterator[ThemeText]:
    """The texts of the themes of ``model`` that have a signal and some figure, in its order."""
    for block in model.blocks:
        card = catalogue.themes[block.theme]
        if card.signal != "zscore" or not card.on_sheet:
            continue
        indicators = tuple(dict.fromkeys((*block.signal, *block.rows)))
        if not any(_known(context, code) for code in indicators):
            continue
        headline, claims, used = theme_headline(context, card, block.theme, indicators)
        told = sorted(
            (code for code in indicators if code != used and _known(context, code)),
            key=lambda code: _order(context, catalogue, code),
        )
        paragraphs = theme_summary(context, catalogue, block.theme, told, _INDICATORS)
        yield ThemeText(
            theme=block.theme,
            headline=headline,
            text=tuple(runs for runs, _ in paragraphs),
            statements=(
                *statements(claims, headline),
                *(said for _, own in paragraphs for said in own),
            ),
        )


def _known(context: GroupContext, code: str) -> bool:
    span = context.spans.get(code)
    return span is not None and span.known > 0


def _order(context: GroupContext, catalogue: Catalogue, code: str) -> tuple[bool, bool, float]:
    """Known widely first, then judged, then far from the EPCI in standard deviations."""
    span = context.spans[code]
    far = 0.0
    if span.mean is not None and span.epci is not None and span.sd:
        far = abs(span.mean - span.epci) / span.sd
    neutral = catalogue.indicators[code].polarity is Polarity.NEUTRE
    return span.known * 3 < span.total * 2, neutral, -far
