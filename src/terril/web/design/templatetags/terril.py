"""Which pieces of a page are written once: shapes, figures, runs of text, numbers?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from terril.fiches.model import SIGNAL_WORDS, Run
from terril.figures import icons, signals
from terril.figures.svg import for_web
from terril.lib.dates import date_longue, periode_courte
from terril.lib.french import nombre
from terril.web.design.addresses import address

register = template.Library()


@register.filter
def svg(text: str) -> SafeString:
    """A figure of ours in the page, its colours those of the style sheet.

    Only what ``terril.figures`` draws goes through here: it escapes every text it is given.
    """
    return mark_safe(for_web(text))


@register.filter(name="image")
def image(text: str, alt: str) -> SafeString:
    """A figure of ours as one image that says ``alt`` to those who do not see it."""
    _, _, tail = text.partition("<title>")
    head = text.replace("<svg ", format_html('<svg role="img" aria-label="{}" ', alt), 1)
    head = head.partition("<title>")[0]
    tail = re.sub(r"^<desc>.*?</desc>", "", tail.partition("</title>")[2], flags=re.DOTALL)
    return mark_safe(for_web(head + tail))


@lru_cache(maxsize=64)
def _hidden(drawn: str) -> SafeString:
    drawn = drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    head, _, tail = drawn.partition("<title>")
    return mark_safe(for_web(head + tail.partition("</title>")[2]))


@register.simple_tag(name="forme")
def shape(kind: str, hollow: bool = False) -> SafeString:
    """The shape of a signal, silent: its word stands beside."""
    return format_html('<span class="forme">{}</span>', _hidden(signals.signal(kind, hollow)))


@register.simple_tag(name="pictogramme")
def pictogram(name: str) -> SafeString:
    """A pictogram, silent: the name of the theme stands beside."""
    return format_html('<span class="pictogramme">{}</span>', _hidden(icons.icon(name)))


@register.filter(name="mot_signal")
def signal_word(kind: str) -> str:
    """The word of a signal."""
    return SIGNAL_WORDS.get(kind, kind)


@register.filter(name="passages")
def passages(runs: Iterable[Run]) -> SafeString:
    """Pieces of text, the strong ones as such."""
    pieces = ((format_html("<strong>{}</strong>", r.text) if r.strong else r.text,) for r in runs)
    return format_html_join("", "{}", pieces)


@register.filter(name="jour")
def day(iso: str) -> str:
    """A date in full: « 1er juillet 2020 »."""
    return date_longue(iso)


@register.filter(name="periode")
def period(text: str) -> str:
    """A period as tables print it."""
    return periode_courte(text)


@register.filter(name="element")
def element(mapping: dict[str, object], key: str) -> object:
    """What a mapping holds under a key, nothing when it holds none."""
    return mapping.get(key)


@register.filter(name="muet")
def silent(text: str) -> SafeString:
    """A figure hidden from readers aloud: its words stand beside."""
    return _hidden(text)


@register.filter(name="milliers")
def thousands(value: float) -> str:
    """A whole number as France writes it."""
    return nombre(value)


@register.filter(name="le")
def full_day(value: dt.date | dt.datetime | None) -> str:
    """A day of the site’s time as France writes it: « 1er janvier 2026 »."""
    if value is None:
        return ""
    day = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return date_longue(day.isoformat())


@register.filter(name="moment")
def moment(value: dt.datetime | None) -> str:
    """A moment of the site’s time: « 1er janvier 2026, 14 h 05 »."""
    if value is None:
        return ""
    here = timezone.localtime(value)
    return f"{full_day(value)}, {here:%H}\u00a0h\u00a0{here:%M}"


@register.filter(name="pluriel")
def plural_mark(count: int) -> str:
    """The mark of the plural: in French none for zero and one."""
    return "s" if count >= 2 else ""


@register.filter(name="nombre_machine")
def machine_number(value: float) -> str:
    """A number as attributes take it, whatever the language."""
    return f"{value:g}"


@register.simple_tag(takes_context=True, name="adresse")
def page_address(context: template.Context, name: str, **kwargs: str) -> str:
    """The address of a page, in the edition that this page shows."""
    return address(context.get("request"), name, **kwargs)


@register.simple_tag(takes_context=True, name="fichier")
def file_address(context: template.Context, page: str, **kwargs: str) -> str:
    """The address of a file: always under the date of its edition, so that it may be kept."""
    look, request = context["look"], context.get("request")
    prefix: str = getattr(request, "prefix", "")
    return prefix + reverse(f"{page}-edition", kwargs={"date": look.date, **kwargs})
