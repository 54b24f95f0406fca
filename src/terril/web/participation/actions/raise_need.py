"""How does a resident raise a need or an idea, without an account and without giving a name?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from terril.web.espace.actions.add_row import add_row
from terril.web.espace.models import Contract, Entry
from terril.web.espace.space import Space
from terril.web.participation.actions.tell_resident import forget_addresses
from terril.web.participation.models import Raised

LONGEST = 4000
SHORTEST = 10
TITLE = 120
#: the name of the row until somebody has read what was sent
UNREAD = "À relire"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a resident typed. Codes are those of the lists; "" when she chose nothing."""

    title: str
    text: str
    nature: str = ""
    theme: str = ""
    quartier: str = ""
    email: str = ""


def faults_of(sent: Sent, space: Space) -> dict[str, str]:
    """Return what is wrong in each field, in French."""
    found: dict[str, str] = {}
    if not sent.title.strip():
        found["titre"] = "Dites en quelques mots de quoi il s’agit."
    elif len(sent.title) > TITLE:
        found["titre"] = f"{TITLE} caractères au plus."
    if len(sent.text.strip()) < SHORTEST:
        found["texte"] = "Expliquez en une phrase au moins."
    elif len(sent.text) > LONGEST:
        found["texte"] = f"{LONGEST} caractères au plus\u202f; il y en a {len(sent.text)}."
    lists = space.catalogue.lists
    if sent.nature and sent.nature not in lists["natures_besoin"].items:
        found["nature"] = "Choisissez dans la liste."
    if sent.theme and sent.theme not in lists["themes_besoin"].items:
        found["theme"] = "Choisissez dans la liste."
    known = {str(row.number) for row in space.rows("quartiers")}
    if sent.quartier and sent.quartier not in known:
        found["quartier"] = "Choisissez dans la liste."
    if sent.email:
        try:
            validate_email(sent.email)
        except ValidationError:
            found["courriel"] = "Cette adresse n’est pas complète."
    return found


def raise_need(contract: Contract, sent: Sent) -> Raised:
    """Keep what a resident sent, for somebody to read; the row tells nothing of it yet.

    ``sent`` has no fault (:func:`faults_of`), else ``ValueError`` is raised.
    """
    space = Space(contract, everything=True, origin="sans compte")
    if faults_of(sent, space):
        raise ValueError("what was sent has faults")
    values: dict[str, Any] = {"titre": UNREAD, "recu_le": space.today, "canal": "site"}
    if sent.nature:
        values["nature"] = sent.nature
    if sent.theme:
        values["theme"] = sent.theme
    if sent.quartier:
        values["quartiers"] = (int(sent.quartier),)
    with transaction.atomic():
        row = add_row(space, "besoins", values, verb="reçu d’un habitant")
        entry = Entry.objects.get(contract=contract, register="besoins", number=row.number)
        raised = Raised.objects.create(
            entry=entry, title=sent.title.strip(), text=sent.text.strip(), email=sent.email
        )
        forget_addresses()
    return raised


def give_code(entry: Entry) -> Raised:
    """Return the follow-up code of a need that came another way, made when there is none."""
    return Raised.objects.get_or_create(entry=entry)[0]
