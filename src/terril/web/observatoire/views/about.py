"""Which pages say what the site is: its method, its editions, its tables, its duties?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from terril.editions.look import Look
from terril.lib.french import nombre
from terril.reports.pages.history import changes, listed
from terril.reports.pages.tables import tables_page
from terril.web.design.context import STATES, shelf
from terril.web.observatoire import markdown
from terril.web.observatoire.pages import edition_of, edition_page

#: the pages of the public method, made from the tables of the tests (``make methode``)
METHOD: Final = Path(__file__).resolve().parent.parent / "methode"


@lru_cache(maxsize=1)
def method_pages() -> dict[str, str]:
    """The Markdown of each page by its word in addresses; « index » opens."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(METHOD.glob("*.md"))}


def _where(target: str) -> str | None:
    name = target.removesuffix(".md")
    if name == "index":
        return reverse("methode")
    return reverse("methode-page", args=[name]) if name in method_pages() else None


def method_titles() -> list[tuple[str, str]]:
    """Word in addresses and title of each page, in the order of the first one."""
    pages = method_pages()
    held = {name: markdown.title_of(text) for name, text in pages.items() if name != "index"}
    index = pages.get("index", "")
    return sorted(held.items(), key=lambda item: index.find(f"({item[0]}.md)"))


@edition_page
def method(request: HttpRequest, look: Look) -> HttpResponse:
    """The method: its pages, then the numbers that this edition declares."""
    numbers = []
    for card in look.catalogue.parameters.values():
        values = card.value if isinstance(card.value, tuple) else (card.value,)
        shown = ", ".join(_plain(value) for value in values)
        unit = f"({card.unit})" if card.unit[:1].isdigit() else card.unit
        numbers.append((card.reference, f"{shown} {unit}", card.since))
    context = {"look": look, "pages": method_titles(), "numbers": numbers}
    return render(request, "observatoire/methode.html", context)


def _plain(value: float) -> str:
    digits = len(f"{value:.3f}".rstrip("0").partition(".")[2])
    return nombre(value, digits)


def method_page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the method."""
    text = method_pages().get(name)
    if text is None or name == "index":
        raise Http404
    body: SafeString = markdown.page(text, _where)
    titles = method_titles()
    place = next(n for n, (code, _) in enumerate(titles) if code == name)
    context = {
        "title": markdown.title_of(text),
        "body": body,
        "before": titles[place - 1] if place else None,
        "after": titles[place + 1] if place + 1 < len(titles) else None,
    }
    answer = render(request, "observatoire/methode_page.html", context)
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@edition_page
def tables(request: HttpRequest, look: Look) -> HttpResponse:
    """The tables of the edition to take away."""
    context = {"look": look, "page": tables_page(look)}
    return render(request, "observatoire/tableaux.html", context)


def editions(request: HttpRequest) -> HttpResponse:
    """The editions, published and withdrawn."""
    held = listed(shelf())
    if not held:
        return render(request, "observatoire/vide.html", status=404)
    return render(request, "observatoire/editions.html", {"editions": held})


def edition_changes(request: HttpRequest, date: str) -> HttpResponse:
    """What changed in an edition since another, the published one before it unless asked."""
    after = edition_of(date)
    shown = shelf().shown()
    earlier = [other for other in shown if other < date]
    asked = request.GET.get("depuis", "")
    before = asked if asked in earlier else next(iter(earlier), "")
    if after.notice is not None or not before:
        raise Http404
    context = {
        "look": after,
        "page": changes(edition_of(before), after, settings.DATA / "differences"),
        "before": before,
        "earlier": earlier,
    }
    return render(request, "observatoire/changements.html", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for (décret n° 2019-768, RGAA 4.1)."""
    context = {"state": STATES[settings.ACCESSIBILITY], "contact": settings.CONTACT}
    return render(request, "observatoire/accessibilite.html", context)


def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes, who hosts, what may be done with the figures."""
    latest = shelf().latest()
    licences = (
        sorted({c.licence for c in latest.catalogue.sources.values() if c.licence})
        if latest
        else []
    )
    context = {
        "look": latest,
        "contact": settings.CONTACT,
        "host": settings.HOSTING,
        "licences": licences,
    }
    return render(request, "observatoire/mentions.html", context)


def site_plan(request: HttpRequest) -> HttpResponse:
    """All the pages, but those of each neighbourhood when they are too many to be read."""
    latest = shelf().latest()
    context = {"look": latest, "methods": method_titles(), "few": _few(latest)}
    return render(request, "observatoire/plan.html", context)


def _few(look: Look | None, most: int = 100) -> bool:
    return look is not None and len(look.names) <= most


def robots(request: HttpRequest) -> HttpResponse:
    """What harvesters are asked to leave alone (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /api/", "Disallow: /connexion/", "Disallow: /atelier/"]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('plan-machines'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages of the newest edition, for harvesters (sitemaps.org 0.9)."""
    latest = shelf().latest()
    held = [reverse(name) for name in ("accueil", "editions", "accessibilite", "mentions", "plan")]
    if latest is not None:
        held += [reverse(name) for name in ("indicateurs", "comparer", "tableaux", "methode")]
        held += [reverse("methode-page", args=[name]) for name, _ in method_titles()]
        for (theme, _), cards in latest.index:
            held.append(reverse("theme", kwargs={"code": theme}))
            held += [reverse("indicateur", kwargs={"code": code}) for code, _ in cards]
        held += [reverse("quartier", kwargs={"code": code}) for code in latest.names]
    context = {
        "addresses": [request.build_absolute_uri(address) for address in held],
        "date": latest.date if latest else "",
    }
    return render(request, "observatoire/plan.xml", context, content_type="application/xml")
