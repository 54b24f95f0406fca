"""Which words do all the documents of an edition share?"""

from __future__ import annotations

import dataclasses
import re
from typing import Final

from terril.benchmarks.schema import Signal
from terril.figures.metrics import shorten, text_width
from terril.lib.dates import date_longue
from terril.lib.french import liste
from terril.lib.prose import typographie
from terril.reports.lookup import Lookup, Place, SignalOf
from terril.reports.source import Source

NOTICE_SIZE: Final = 7.2  # points; ``notice-size`` of terril.typ
_HEAD_LINES: Final = 1.9  # lines of a running head: two, less what the cut of the words loses


def subtitle(source: Source) -> str:
    """« Contrat de ville… · édition du 1er juillet 2020 », with what is to be known of it."""
    state = " (brouillon)" if source.draft else " (retirée)" if notice_text(source) else ""
    return f"{source.contract} · édition du {date_longue(source.edition)}{state}"


def notice_text(source: Source) -> str:
    """What readers must be told of a withdrawn edition; "" when it is not, or not sealed."""
    return typographie(source.notice.text) if source.notice is not None else ""


def notice_line(source: Source, width: float) -> str:
    """The notice for a running head of ``width`` points: its motive is cut when it is long."""
    notice = source.notice
    if notice is None:
        return ""
    room = _HEAD_LINES * width
    whole = notice_text(source)
    if text_width(whole, NOTICE_SIZE, 600) <= room:
        return whole
    bare = typographie(dataclasses.replace(notice, motive="…").text)
    left = room - text_width(bare, NOTICE_SIZE, 600)
    motive = shorten(notice.motive, max(left, 0.0), NOTICE_SIZE, 600)
    motive = motive.removesuffix("…").rpartition(" ")[0].rstrip(" ,;:–-") + "…"
    return typographie(dataclasses.replace(notice, motive=motive).text)


def ends(text: str) -> str:
    """The text as a sentence: typography set, one stop at its end."""
    text = typographie(text.strip())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def hollow(lookup: Lookup, signal: SignalOf) -> bool:
    """Is the signal weak: fewer variants agree than the catalogue's limit?"""
    if signal.signal == Signal.INDETERMINE or signal.sureness is None:
        return False
    return signal.sureness < weak_limit(lookup)


def weak_limit(lookup: Lookup) -> float:
    """Share of agreeing variants below which a signal is drawn hollow."""
    card = lookup.catalogue.parameters.get("signal_fragile")
    value = card.value if card else 2 / 3
    return value if isinstance(value, float) else float(value[0])


def communes_text(place: Place, room: float, size: float) -> str:
    """The communes in ``room`` points: all, else « Liévin et 2 autres », else nothing."""
    names = place.communes
    candidates = [liste(names)]
    if len(names) > 1:
        others = len(names) - 1
        candidates.append(f"{names[0]} et {others} autre{'s' if others > 1 else ''}")
    return next((text for text in candidates if text_width(text, size) <= room), "")


def unbroken(text: str) -> str:
    """The text with the hyphen of a short tail (« CMU-C ») made unbreakable."""
    return _TAIL.sub("\u2011\\1", text)


_TAIL = re.compile(r"-(\w{1,2})\b")
