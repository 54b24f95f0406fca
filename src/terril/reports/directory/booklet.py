"""How does the directory become a booklet that is left on a counter?

A cover, how to read it, a part a theme with its offers by neighbourhood then by operator, the
structures with how to reach them, an index. An offer is written once; wherever else it belongs, a
line sends to its page. Only a public directory is printed: nothing unpublished can be in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from terril.contrat.directory.reach import Reach, reach
from terril.contrat.directory.search import Query, closeness, entries
from terril.contrat.directory.sheets import Directory, Offer
from terril.lib.dates import date_longue
from terril.lib.french import NBSP, compte, liste
from terril.lib.problems import Problem, ProblemsError, Where
from terril.lib.prose import typographie
from terril.registres.folding import collation
from terril.reports.directory.entry import contact_data, offer_data
from terril.reports.engine import Typesetter
from terril.reports.printable import typeset

TEMPLATE: Final = "livret.typ"
COVER: Final = ("Qui fait quoi,", "où, pour qui\u202f?")
TITLE: Final = " ".join(COVER)
_MOST_NAMED: Final = 6
_MOST_PLACES: Final = 24  # lines that the cover holds
EVERYWHERE: Final = "Toute l’agglomération"


@dataclass(frozen=True, slots=True)
class Booklet:
    """What is printed, and for whom.

    ``directory``: the public one. ``themes``: codes, all unless given; ``quartiers``: numbers,
    all unless given. ``date``: ISO day of the booklet. ``address``: of the public search, "" when
    there is none. ``most``: offers beyond which it is no booklet any more (parameter card).
    """

    directory: Directory
    contract: str
    holder: str
    date: str
    themes: tuple[str, ...] = ()
    quartiers: tuple[int, ...] = ()
    address: str = ""
    most: int = 400

    def offers(self) -> tuple[Offer, ...]:
        """The offers chosen, by operator."""
        query = Query(themes=frozenset(self.themes), quartiers=frozenset(self.quartiers))
        return tuple(
            entry.offer
            for entry in entries(self.directory)
            if entry.offer is not None and closeness(self.directory, query, entry) is not None
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Offers of one theme under one head: a neighbourhood, a commune, everywhere."""

    head: str
    note: str
    offers: tuple[Offer, ...]


def booklet_pdf(booklet: Booklet) -> bytes:
    """Return the booklet; the same directory on the same day gives the same bytes.

    Raises ``ProblemsError`` when nothing is to be printed or too much is.
    """
    with Typesetter(TEMPLATE) as setter:
        return typeset(setter, booklet_data(booklet), date=booklet.date, name="livret")


def booklet_data(booklet: Booklet) -> dict[str, Any]:
    """The whole data of ``livret.typ``; raises as :func:`booklet_pdf`."""
    offers = booklet.offers()
    _check(booklet, offers)
    directory = booklet.directory
    chosen = booklet.themes or tuple(directory.labels.get("themes", {}))
    written: set[int] = set()
    themes = [
        _theme(booklet, theme, [offer for offer in offers if theme in offer.themes], written)
        for theme in chosen
        if any(theme in offer.themes for offer in offers)
    ]
    kept = {offer.organisation for offer in offers}
    structures = [sheet for sheet in directory.sheets if sheet.organisation in kept]
    return {
        "title": TITLE,
        "cover": COVER,
        "subtitle": _subtitle(booklet),
        "contract": typographie(booklet.contract),
        "holder": typographie(booklet.holder),
        "date": date_longue(booklet.date),
        "extent": _extent(offers, len(structures)),
        "address": booklet.address,
        "sample": _sample(),
        "themes": themes,
        "inside": _inside(themes),
        "inside-note": "Nombre d’offres par thème\u202f; une offre peut avoir plusieurs thèmes."
        if len(themes) > 1
        else "Nombre d’offres par lieu\u202f; une offre peut avoir plusieurs lieux.",
        "structures": [contact_data(directory, sheet, offers) for sheet in structures],
        "index": _index(directory, offers),
    }


def _inside(themes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the cover announces: the themes, or the places of the only one."""
    if len(themes) > 1:
        return [{"theme": t["code"], "label": t["label"], "count": t["count"]} for t in themes]
    (theme,) = themes
    return [
        {"theme": theme["code"], "label": group["head"], "count": len(group["items"])}
        for group in theme["groups"][:_MOST_PLACES]
    ]


def _check(booklet: Booklet, offers: tuple[Offer, ...]) -> None:
    where = Where(file="livret")
    if not offers:
        raise ProblemsError(
            [
                Problem(
                    "livret-vide",
                    where,
                    "Aucune offre publiée ne répond à ce choix de thèmes et de quartiers.",
                    "une offre au moins.",
                    "Choisissez d’autres thèmes ou d’autres quartiers.",
                )
            ]
        )
    if len(offers) > booklet.most:
        raise ProblemsError(
            [
                Problem(
                    "livret-trop-long",
                    where,
                    f"Ce choix donne {compte(len(offers), 'offre', 'offres')}.",
                    f"{compte(booklet.most, 'offre', 'offres')} au plus.",
                    "Choisissez moins de thèmes, ou des quartiers.",
                )
            ]
        )


def _subtitle(booklet: Booklet) -> str:
    directory = booklet.directory
    themes = [directory.label("themes", code) for code in booklet.themes]
    places = [directory.quartier(number) for number in booklet.quartiers]
    text = " · ".join(themes) if themes else "Tous les thèmes"
    if places:
        text += f"{NBSP}: {liste(places)}" if len(places) < 4 else f", {len(places)} quartiers"
    return typographie(text)


def _extent(offers: tuple[Offer, ...], structures: int) -> str:
    held = compte(len(offers), "offre", "offres")
    return f"{held} de {compte(structures, 'structure', 'structures')}"


# ------------------------------------------------------------------ a theme


def groups(booklet: Booklet, offers: list[Offer]) -> Iterator[Group]:
    """Lay out the offers of a theme: neighbourhoods, then communes, then everywhere."""
    directory = booklet.directory
    communes = {place.number: place for place in directory.communes}
    wanted = set(booklet.quartiers)
    quartiers = [p for p in directory.quartiers if not wanted or p.number in wanted]
    for place in sorted(quartiers, key=lambda p: collation(p.name)):
        held = [offer for offer in offers if reach(offer, place) is Reach.QUARTIER]
        if held:
            note = liste([communes[n].name for n in place.communes if n in communes])
            yield Group(place.name, note, _by_operator(held))
    wide = [offer for offer in offers if offer.communes and not offer.quartiers]
    for commune in sorted(communes.values(), key=lambda p: collation(p.name)):
        held = [offer for offer in wide if commune.number in offer.communes]
        if held:
            yield Group(commune.name, "toute la commune", _by_operator(held))
    held = [offer for offer in offers if not offer.communes and not offer.quartiers]
    if held:
        yield Group(EVERYWHERE, "", _by_operator(held))


def _by_operator(offers: list[Offer]) -> tuple[Offer, ...]:
    def order(offer: Offer) -> tuple[Any, ...]:
        return collation(offer.operator), collation(offer.title), offer.number

    return tuple(sorted(offers, key=order))


def _theme(booklet: Booklet, theme: str, offers: list[Offer], written: set[int]) -> dict[str, Any]:
    directory = booklet.directory
    parts = []
    for group in groups(booklet, offers):
        items = []
        for offer in group.offers:
            new = offer.number not in written
            written.add(offer.number)
            items.append(
                {"full": new, **offer_data(directory, offer)}
                if new
                else {
                    "full": False,
                    "number": offer.number,
                    "title": typographie(offer.title),
                    "operator": typographie(offer.operator),
                }
            )
        parts.append({"head": typographie(group.head), "note": group.note, "items": items})
    return {
        "code": theme,
        "label": typographie(directory.label("themes", theme)),
        "extent": _extent(tuple(offers), len({offer.organisation for offer in offers})),
        "count": len(offers),
        "missing": _missing(booklet, offers),
        "groups": parts,
    }


def _missing(booklet: Booklet, offers: list[Offer]) -> str:
    """The neighbourhoods of the booklet that no offer of the theme names, nor their commune."""
    wanted = set(booklet.quartiers)
    places = [p for p in booklet.directory.quartiers if not wanted or p.number in wanted]
    left = [
        place.name
        for place in sorted(places, key=lambda p: collation(p.name))
        if not any(reach(offer, place) >= Reach.COMMUNE for offer in offers)
    ]
    if not left:
        return ""
    more = "Il peut y en avoir qu’il ne connaît pas encore."
    if len(left) == len(places) and len(left) > 1:
        return f"L’annuaire ne connaît d’offre propre à aucun quartier en particulier. {more}"
    if len(left) > _MOST_NAMED:
        counted = f"{len(left)} quartiers sur {len(places)}"
        return f"L’annuaire ne connaît pas d’offre propre à {counted}. {more}"
    return typographie(f"L’annuaire ne connaît pas d’offre propre à{NBSP}: {liste(left)}. {more}")


# ------------------------------------------------------------------ how to read, index


def _sample() -> dict[str, Any]:
    """An entry that is nobody’s, for the page that says how to read."""
    return {
        "full": True,
        "number": 0,
        "title": "Ce que l’on y trouve",
        "operator": "La structure qui le propose",
        "phone": "son téléphone",
        "organisation": 0,
        "description": "De quoi il s’agit, en quelques phrases écrites par la structure.",
        "facts": [
            ["Pour qui", "les âges, femmes et hommes, les conditions"],
            ["Quand", "les jours et les heures"],
            ["Où", "le lieu, comment s’y rendre"],
            ["Coût", "gratuit, adhésion, tarif"],
        ],
    }


def _index(directory: Directory, offers: tuple[Offer, ...]) -> list[dict[str, Any]]:
    """Titles, structures and neighbourhoods, in the order of a French index."""
    held: dict[str, tuple[str, set[int]]] = {}
    for offer in offers:
        held.setdefault(offer.title, ("offre", set()))[1].add(offer.number)
        held.setdefault(offer.operator, ("structure", set()))[1].add(offer.number)
        for number in offer.quartiers:
            if name := directory.quartier(number):
                held.setdefault(name, ("quartier", set()))[1].add(offer.number)
    return [
        {"text": typographie(text), "kind": kind, "offers": sorted(numbers)}
        for text, (kind, numbers) in sorted(held.items(), key=lambda item: collation(item[0]))
    ]
