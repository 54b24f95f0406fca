"""Which conditions of the rebate are not met, and which actions cannot be counted as they stand?

Sources: CGI art. 1388 bis for the conditions, the national frame of use for the actions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.rebate import (
    ACTIONS,
    REBATES,
    Rebate,
    balance,
    live_actions,
    weights_of,
)
from terril.contrat.schemes.results import alert, given_up, in_words, money, named, places, word
from terril.lib.french import compte
from terril.registres.rows import Alert, Books, Row


def signature_deadline(catalogue: Catalogue, year: int) -> dt.date:
    """Return the last day to sign for a tax year: 1 January, unless a card names another day.

    The card of one year is ``tfpb_signature_<year>``; its value is a day and a month.
    """
    own = f"tfpb_signature_{year}"
    day, month = catalogue.numbers(own if own in catalogue.parameters else "tfpb_signature")
    return dt.date(year, int(month), int(day))


def rebate_alerts(
    books: Books, catalogue: Catalogue, rebates: tuple[Rebate, ...]
) -> Iterator[Alert]:
    """Yield what is wrong in each rebate, then in each action."""
    for rebate in rebates:
        yield from _conditions(books, catalogue, rebate)
        yield from _amounts(books, catalogue, rebate)
    yield from _declarations(books, catalogue, rebates)
    rows = {rebate.row.number: rebate.row for rebate in rebates}
    sites = _renewed(books)
    for action in live_actions(books):
        yield from _action(books, catalogue, action, rows, sites)


def name_of(books: Books, row: Row) -> str:
    """« Bailleur, Quartier (Commune), 2025 »."""
    return (
        f"{named(books, 'organisations', row.get('bailleur'))}, "
        f"{named(books, 'quartiers', row.get('quartier'))} "
        f"({named(books, 'communes', row.get('commune'))}), {row.get('annee')}"
    )


def _conditions(books: Books, catalogue: Catalogue, rebate: Rebate) -> Iterator[Alert]:
    row, name = rebate.row, name_of(books, rebate.row)
    deadline = signature_deadline(catalogue, int(row.get("annee")))
    texts = (("contrat", "le contrat de ville"), ("convention", "la convention d’utilisation"))
    for column, text in texts:
        signed = row.get(column)
        if signed is not None and signed <= deadline:
            continue
        if signed is not None:
            yield alert(f"{name} : {text} a été signé{_e(column)} le {in_words(signed)}, après le "
                        f"{in_words(deadline)} ; l’abattement n’est pas ouvert.",
                        "retard", REBATES, row)  # fmt: skip
        elif deadline < books.today:
            yield alert(f"{name} : {text} n’est pas signé{_e(column)} au {in_words(deadline)}, ou "
                        "la date manque.", "retard", REBATES, row)  # fmt: skip
        else:
            yield alert(f"{name} : {text} est à signer d’ici au {in_words(deadline)}.",
                        "attention", REBATES, row)  # fmt: skip
    if row.get("pieces") is None and int(row.get("annee")) < books.today.year:
        yield alert(f"{name} : les documents de suivi n’ont pas été remis aux signataires.",
                    "retard", REBATES, row)  # fmt: skip


def _declarations(books: Books, catalogue: Catalogue, rebates: Iterable[Rebate]) -> Iterator[Alert]:
    """The declaration to the tax office, due before the first year that the register holds."""
    first: dict[tuple[int, int, int], Row] = {}
    for rebate in sorted(rebates, key=lambda rebate: int(rebate.row.get("annee"))):
        place = (rebate.row.get("bailleur"), rebate.row.get("commune"), rebate.row.get("quartier"))
        first.setdefault(place, rebate.row)
    day, month = catalogue.numbers("tfpb_declaration")
    for row in first.values():
        filed, due = row.get("declaration"), dt.date(int(row.get("annee")), int(month), int(day))
        if filed is None:
            yield alert(f"{name_of(books, row)} : la déclaration aux impôts de la première année "
                        "n’est pas datée.", "information", REBATES, row)  # fmt: skip
        elif filed >= due:
            yield alert(f"{name_of(books, row)} : déclaration déposée le {in_words(filed)}, pour "
                        f"un dépôt avant le {in_words(due)} ; elle ne vaut que pour les années "
                        "qui restent.", "attention", REBATES, row)  # fmt: skip


def _e(column: str) -> str:
    return "e" if column == "convention" else ""


def _amounts(books: Books, catalogue: Catalogue, rebate: Rebate) -> Iterator[Alert]:
    row, name = rebate.row, name_of(books, rebate.row)
    held = balance([rebate])
    if rebate.notified is None:
        yield alert(f"{name} : le montant notifié manque.", "attention", REBATES, row)
    gap = rebate.gap
    if gap is not None and abs(gap) > Decimal(str(catalogue.number("tfpb_ecart_admis"))):
        yield alert(
            f"{name} : {money(rebate.notified)} notifiés, {money(rebate.computed)} d’après la base "
            f"et les taux, soit un écart de {money(gap)}.",
            "attention", REBATES, row,
        )  # fmt: skip
    past = int(row.get("annee")) < books.today.year
    if past and held.valued is None:
        yield alert(
            f"{name} : rien n’est valorisé pour une année finie.", "attention", REBATES, row
        )
    if held.remainder is not None and held.remainder > 0 and past and held.awaited == 0:
        after = row.get("suite")
        if after is None:
            yield alert(f"{name} : {money(held.remainder)} d’abattement sans contrepartie, et la "
                        "suite que prévoit la convention n’est pas dite.",
                        "attention", REBATES, row)  # fmt: skip
        else:
            told = word(catalogue, "suites_tfpb", after)
            yield alert(f"{name} : {money(held.remainder)} d’abattement sans contrepartie, "
                        f"{told[0].lower() + told[1:]}.", "information", REBATES, row)  # fmt: skip
    if held.remainder is not None and held.remainder < 0:
        yield alert(f"{name} : {money(-held.remainder)} valorisés au-delà de l’abattement.",
                    "information", REBATES, row)  # fmt: skip


def _renewed(books: Books) -> frozenset[int]:
    """The neighbourhoods that the national renewal programme works on."""
    schemes = [row for row in books.rows("dispositifs") if row.get("type") == "npnru"]
    numbers = {row.number for row in schemes}
    found = {n for row in schemes for n in row.get("quartiers") or ()}
    for row in books.rows("renouvellement"):
        if row.get("programme") in numbers and not given_up(row):
            found |= set(row.get("quartiers") or ())
    return frozenset(found)


def _action(
    books: Books,
    catalogue: Catalogue,
    action: Row,
    rebates: Mapping[int, Row],
    sites: frozenset[int],
) -> Iterator[Alert]:
    name = f"{action.get('intitule')} ({named(books, 'organisations', action.get('bailleur'))})"
    links = [rebates[n] for n in action.get("conventions") or () if n in rebates]
    axis = places(catalogue, "axes_tfpb").get(action.get("axe"), -1) + 1
    absent = [
        text
        for text, blank in (
            ("le lieu", not action.get("lieu")),
            ("la date", action.get("debut") is None and action.get("fin") is None),
            ("l’abattement, donc le quartier", not links),
        )
        if blank
    ]
    if absent:
        yield alert(f"{name} : il manque {', '.join(absent)}.", "attention", ACTIONS, action)
    if axis in catalogue.numbers("tfpb_axes_ordinaires") and not action.get("ordinaire"):
        yield alert(f"{name} : les moyens ordinaires ne sont pas établis (axe {axis}) ; seul le "
                    "surplus compte.", "attention", ACTIONS, action)  # fmt: skip
    if axis in catalogue.numbers("tfpb_axes_hors_npnru"):
        for row in links:
            if row.get("quartier") in sites:
                yield alert(
                    f"{name} : petits travaux (axe {axis}) dans un quartier du renouvellement "
                    f"urbain, {named(books, 'quartiers', row.get('quartier'))} ; ils ne valent que "
                    "hors de ses sites.",
                    "attention", ACTIONS, action,
                )  # fmt: skip
    if weights_of(action, rebates) is None:
        why = (
            "la clé saisie n’a pas une part par abattement"
            if action.get("cle") == "saisie"
            else "le nombre de logements manque"
        )
        yield alert(f"{name} : elle ne peut pas être répartie entre ses quartiers, {why}. Elle "
                    "n’est comptée nulle part.", "attention", ACTIONS, action)  # fmt: skip
    if len({row.get("annee") for row in links}) > 1:
        yield alert(f"{name} : liée à des abattements de plusieurs années ; saisissez-la une fois "
                    "par année.", "attention", ACTIONS, action)  # fmt: skip
    others = [row for row in links if row.get("bailleur") != action.get("bailleur")]
    if others:
        yield alert(f"{name} : liée à {compte(len(others), 'abattement', 'abattements')} d’un "
                    "autre bailleur.", "attention", ACTIONS, action)  # fmt: skip
    yield from _costs(name, action)


def _costs(name: str, action: Row) -> Iterator[Alert]:
    spent, valued = action.get("depense"), action.get("valorise")
    if spent is not None and valued is not None and valued > spent:
        yield alert(f"{name} : {money(valued)} valorisés pour {money(spent)} dépensés ; la part "
                    "valorisée ne passe pas 100 %.", "attention", ACTIONS, action)  # fmt: skip
    parts = [action.get(column) for column in ("part_bailleur", "autres", "valorise_prevu")]
    cost = action.get("cout")
    if cost is not None and all(part is not None for part in parts) and sum(parts) != cost:
        yield alert(f"{name} : part du bailleur, autres financements et valorisation font "
                    f"{money(sum(parts))}, le coût prévu est de {money(cost)}.",
                    "attention", ACTIONS, action)  # fmt: skip
