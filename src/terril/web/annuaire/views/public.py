"""What does everybody find: the search, the sheet of an operator, the booklet?

Only the public directory is read here: nothing unpublished can be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from terril.contrat.directory.freshness import is_late
from terril.contrat.directory.search import Found, Hit
from terril.contrat.directory.sheets import Directory, Offer
from terril.lib.french import compte, de, liste
from terril.lib.problems import Problem, ProblemsError, Where
from terril.registres.folding import collation
from terril.reports.directory.entry import contact_data, offer_facts
from terril.web.annuaire.held import public_search, review_months
from terril.web.annuaire.leaflets import BusyError, booklet_of
from terril.web.annuaire.questions import PUBLICS, choices, pairs, question
from terril.web.espace.answers import as_file
from terril.web.espace.doors import public_contract
from terril.web.espace.models import Contract
from terril.web.espace.space import Space
from terril.web.people.gate import open_to_all

_PAGE: Final = 20
#: offers shown under an operator in a list; its page has them all
_SHOWN: Final = 5
_BUSY: Final = Problem(
    "livret-attente",
    Where(file="livret"),
    "D’autres livrets sont en train d’être composés.",
    remedy="Réessayez dans une minute.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer as a page shows it."""

    title: str
    number: int
    themes: str
    where: str
    description: str
    facts: tuple[tuple[str, str], ...]


def shown(directory: Directory, offer: Offer) -> Shown:
    """Return an offer in words."""
    return Shown(
        offer.title,
        offer.number,
        " · ".join(directory.label("themes", code) for code in offer.themes),
        reached(directory, offer),
        offer.description,
        tuple(offer_facts(directory, offer)),
    )


def reached(directory: Directory, offer: Offer) -> str:
    """Return where the residents live that an offer is meant for."""
    quartiers = [name for n in offer.quartiers if (name := directory.quartier(n))]
    communes = [name for n in offer.communes if (name := directory.commune(n))]
    if quartiers:
        return liste(quartiers)
    if len(communes) == 1:
        return f"toute la commune {de(communes[0])}"
    if communes:
        return f"les communes {liste([de(name) for name in communes])}"
    return "toute l’agglomération"


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The directory of the only contract, or the list of the contracts."""
    contracts = list(Contract.objects.all())
    if len(contracts) == 1:
        return redirect("annuaire", contracts[0].code)
    return render(request, "annuaire/contrats.html", {"contracts": contracts})


@require_safe
@public_contract
def search(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The search: words, choices, what was found."""
    ready = public_search(space)
    directory = ready.directory
    query = question(request.GET, directory)
    found = ready.ask(query)
    page = Paginator(found.hits, _PAGE).get_page(request.GET.get("page"))
    chain = urlencode(pairs(query, directory))
    context = {
        "space": space,
        "contract": space.contract,
        "query": query,
        "filters": _filters(directory, query),
        "choices": choices(query, directory),
        "chain": chain,
        "booklet": urlencode(
            [pair for pair in pairs(query, directory) if pair[0] in ("theme", "quartier")]
        ),
        "page": page,
        "hits": [_hit(directory, hit, every=not query.empty) for hit in page.object_list],
        "count": _count(found),
        "instead": [(word, liste([f"«\u00a0{w}\u00a0»" for w in words], "ou"))
                    for word, words in found.instead.items()],
        "themes": _themes(directory) if query.empty else [],
        "empty": not directory.sheets,
    }  # fmt: skip
    return render(request, "annuaire/recherche.html", context)


@require_safe
@public_contract
def structure(request: HttpRequest, space: Space, organisation: int) -> HttpResponseBase:
    """The sheet of an operator, and all its offers."""
    directory = public_search(space).directory
    sheet = directory.sheet(organisation)
    if sheet is None:
        raise Http404
    context = {
        "space": space,
        "contract": space.contract,
        "sheet": sheet,
        "nature": directory.label("natures", sheet.nature),
        "contact": contact_data(directory, sheet, sheet.offers),
        "offers": [shown(directory, offer) for offer in sheet.offers],
        "late": is_late(sheet, space.today, review_months(space)),
        "correct": settings.CONTACT,
    }
    return render(request, "annuaire/structure.html", context)


@require_safe
@public_contract
def choose_booklet(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The form that makes a booklet: themes, neighbourhoods."""
    return _booklet_form(request, space)


@require_safe
@public_contract
def booklet(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The booklet as a PDF; when it would be empty or too long, the form says so."""
    directory = public_search(space).directory
    query = question(request.GET, directory)
    themes = tuple(code for code in directory.labels["themes"] if code in query.themes)
    quartiers = tuple(sorted(query.quartiers))
    site = settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    address = site + reverse("annuaire", args=[space.contract.code])
    try:
        body = booklet_of(space, themes, quartiers, address)
    except ProblemsError as error:
        return _booklet_form(request, space, error.problems)
    except BusyError:
        return _booklet_form(request, space, [_BUSY], status=503)
    name = "-".join(["livret", *(themes[:3] or ("complet",)), space.today.isoformat()])
    return as_file(body, "application/pdf", f"{name}.pdf")


def _booklet_form(
    request: HttpRequest, space: Space, problems: Sequence[Problem] = (), *, status: int = 400
) -> HttpResponseBase:
    directory = public_search(space).directory
    query = question(request.GET, directory)
    context = {
        "space": space,
        "contract": space.contract,
        "themes": [(*one, one[0] in query.themes) for one in _themes(directory)],
        "quartiers": [
            (place, place.number in query.quartiers)
            for place in sorted(directory.quartiers, key=lambda p: collation(p.name))
        ],
        "problems": problems,
        "empty": not directory.offers,
    }
    return render(request, "annuaire/livret.html", context, status=status if problems else 200)


# ------------------------------------------------------------------ parts


def _count(found: Found) -> str:
    structures = compte(len(found.hits), "structure", "structures")
    if not found.hits:
        return "Aucun résultat"
    return f"{compte(found.offers, 'offre', 'offres')} de {structures}"


def _themes(directory: Directory) -> list[tuple[str, str, int]]:
    """The themes that have offers: code, label, how many."""
    counts = Counter(code for offer in directory.offers for code in offer.themes)
    return [
        (code, label, counts[code])
        for code, label in directory.labels.get("themes", {}).items()
        if counts[code]
    ]


def _hit(directory: Directory, hit: Hit, *, every: bool) -> dict[str, Any]:
    offers = hit.offers if every else hit.offers[:_SHOWN]
    nature = directory.label("natures", hit.sheet.nature)
    return {
        "sheet": hit.sheet,
        "about": ", ".join(w for w in (nature, directory.commune(hit.sheet.commune)) if w),
        "offers": [shown(directory, offer) for offer in offers[: _SHOWN * 4]],
        "more": len(hit.offers) - len(offers[: _SHOWN * 4]),
    }


def _filters(directory: Directory, query: Any) -> dict[str, list[tuple[str, str, bool]]]:
    """The choices of the form: value, label, chosen; places that have no code are left out."""

    def listed(group: str, chosen: frozenset[str]) -> list[tuple[str, str, bool]]:
        known = directory.labels.get(group, {})
        return [(code, label, code in chosen) for code, label in known.items()]

    def places(known: Any, chosen: frozenset[int]) -> list[tuple[str, str, bool]]:
        ordered = sorted(known, key=lambda place: collation(place.name))
        return [(p.code, p.name, p.number in chosen) for p in ordered if p.code]

    return {
        "themes": listed("themes", query.themes),
        "ages": listed("ages", query.ages),
        "publics": [
            (code, directory.label("publics", code), code == query.public) for code in PUBLICS
        ],
        "quartiers": places(directory.quartiers, query.quartiers),
        "communes": places(directory.communes, query.communes),
    }
