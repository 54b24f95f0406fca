"""How is an offer written in print, and how is its structure reached?"""

from __future__ import annotations

from typing import Any

from terril.contrat.directory.sheets import Directory, Offer, Sheet
from terril.lib.dates import date_longue
from terril.lib.french import liste, majuscule
from terril.lib.prose import typographie


def offer_data(directory: Directory, offer: Offer) -> dict[str, Any]:
    """An offer with its facts, each under its word; a fact that is not known is left out."""
    sheet = directory.sheet(offer.organisation)
    return {
        "number": offer.number,
        "title": typographie(offer.title),
        "operator": typographie(offer.operator),
        "organisation": offer.organisation,
        "phone": phone(sheet.phone) if sheet else "",
        "description": typographie(offer.description),
        "facts": [[head, text] for head, text in offer_facts(directory, offer)],
    }


def offer_facts(directory: Directory, offer: Offer) -> list[tuple[str, str]]:
    """For whom, when, where, how much: the pairs that are known, ready to print."""
    facts = [
        ("Pour qui", audience(directory, offer)),
        ("Quand", _when(offer)),
        ("Où", _joined(offer.place, offer.how)),
        ("Coût", _cost(directory, offer)),
    ]
    return [(head, majuscule(typographie(text))) for head, text in facts if text]


def audience(directory: Directory, offer: Offer) -> str:
    """For whom an offer is: « femmes, de 16 à 25 ans et de 26 à 59 ans. Sur inscription. »"""
    known = directory.labels.get("ages", {})
    ages = [label for code, label in known.items() if code in offer.ages]
    every = len(ages) == len(known)
    who = directory.label("publics", offer.public) if offer.public else ""
    if ages and not every:
        spoken = liste([age[0].lower() + age[1:] for age in ages])
        who = f"{who}, {spoken}" if who else majuscule(spoken)
    elif ages:
        who = f"{who}, tous les âges" if who else "Tous les âges"
    return _joined(who, offer.conditions)


def _when(offer: Offer) -> str:
    since = f"depuis le {date_longue(offer.since.isoformat())}" if offer.since else ""
    until = f"jusqu’au {date_longue(offer.until.isoformat())}" if offer.until else ""
    if until and since:
        until = f"du {since.removeprefix('depuis le ')} au {until.removeprefix('jusqu’au ')}"
    return _joined(offer.when, majuscule(until))  # a beginning alone tells a reader nothing


def _cost(directory: Directory, offer: Offer) -> str:
    return _joined(directory.label("couts", offer.cost) if offer.cost else "", offer.fee)


def _joined(first: str, second: str) -> str:
    """Two pieces as two sentences, the first without a second stop."""
    if not first or not second:
        return first or second
    return f"{first if first.endswith(('.', '!', '?', '…')) else first + '.'} {second}"


def phone(number: str) -> str:
    """A number as it is read, never cut at the end of a line; a French one two by two."""
    digits = "".join(number.split())
    if len(digits) == 10 and digits.isdigit():
        return "\u00a0".join(digits[at : at + 2] for at in range(0, 10, 2))
    return number.replace(" ", "\u00a0")


def contact_data(directory: Directory, sheet: Sheet, offers: tuple[Offer, ...]) -> dict[str, Any]:
    """The contact of a structure: how to come, how to reach it, and its offers in the booklet."""
    languages = [directory.label("langues", code).lower() for code in sheet.languages]
    access = [directory.label("accessibilites", code) for code in sheet.access]
    commune = directory.commune(sheet.commune)
    address = sheet.address
    if commune and commune.casefold() not in address.casefold():
        address = f"{address}\n{commune}" if address else commune
    facts = [
        ("Adresse", address),
        ("Horaires", sheet.hours),
        ("Comment venir", sheet.how),
        ("Accessibilité", _joined(_sentence(access), sheet.access_note)),
        ("Langues", liste(languages)),
    ]
    return {
        "organisation": sheet.organisation,
        "name": typographie(sheet.name),
        "acronym": sheet.acronym,
        "presentation": typographie(sheet.presentation),
        "facts": [[head, typographie(text)] for head, text in facts if text],
        "phone": phone(sheet.phone),
        "email": sheet.email,
        "site": sheet.site,
        "reviewed": date_longue(sheet.reviewed.isoformat()) if sheet.reviewed else "",
        "offers": [o.number for o in offers if o.organisation == sheet.organisation],
    }


def _sentence(items: list[str]) -> str:
    return "\u00a0; ".join([*items[:1], *(i[0].lower() + i[1:] for i in items[1:])]).replace(
        "\u00a0;", "\u202f;"
    )
