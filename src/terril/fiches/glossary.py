"""Which sigles does a sheet use, and what do they stand for?

Those of the cards of the indicators shown, and those read in the texts. Expansions come
from the catalogue; QPV and the EPCI always stand on a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from terril.catalogue.schema import Indicator


def acronyms_used(
    texts: Iterable[str],
    indicators: Sequence[Indicator],
    expansions: Mapping[str, str],
    epci_label: str,
) -> tuple[tuple[str, str], ...]:
    """Return (sigle, expansion), in the order of first use; only those that have one.

    ``texts``: all that is printed on the sheet, headings included.
    """
    found: dict[str, str] = {}
    if "QPV" in expansions:
        found["QPV"] = expansions["QPV"]
    if epci_label:
        found["Agglo."] = epci_label[:1].lower() + epci_label[1:]
    for card in indicators:
        for sigle in card.acronyms:
            if sigle in expansions:
                found.setdefault(sigle, expansions[sigle])
    whole = " ".join(texts)
    for sigle, expansion in expansions.items():
        if sigle not in found and _pattern(sigle).search(whole):
            found[sigle] = expansion
    return tuple(found.items())


@lru_cache(maxsize=512)
def _pattern(sigle: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(sigle)}(?![\w-])")
