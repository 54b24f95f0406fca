"""What does the site hold about a person?

Each room that holds something registers a function when the site starts; the page « Mes données »
and its file show what all of them return.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from terril.web.people import sessions
from terril.web.people.models import Journal, Outbox, Pace, Person, RecoveryCode
from terril.web.people.staff import has_factor


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that is held: a title in French, and rows that JSON can write.

    Each row is label → value.
    """

    title: str
    rows: tuple[dict[str, Any], ...]


Provider = Callable[[Person], "Holding | None"]
_PROVIDERS: Final[list[Provider]] = []


def holds(provider: Provider) -> Provider:
    """Register a function that returns what its room holds of a person; usable as decorator."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def held(person: Person) -> list[Holding]:
    """Return all that is held: the account, what other rooms hold, sessions, the journal."""
    account = Holding(
        "Compte",
        (
            {
                "Adresse électronique": person.email,
                "Nom affiché": person.name,
                "Compte créé le": person.joined.isoformat(),
                "Dernière connexion": person.last_login.isoformat() if person.last_login else "",
                "Prépare et publie les éditions": person.is_analyst,
                "Second facteur": has_factor(person),
                "Codes de secours restants": RecoveryCode.objects.filter(person=person).count(),
                "Rappels": Pace(person.pace).label,
                "Clé dans le journal": str(person.key),
            },
        ),
    )
    others = [found for provider in _PROVIDERS if (found := provider(person)) is not None]
    return [account, *others, _sessions(person), _messages(person), _journal(person)]


def _sessions(person: Person) -> Holding:
    return Holding(
        "Sessions ouvertes",
        tuple(
            {
                "Appareil": row.device,
                "Réseau": row.network,
                "Ouverte le": row.opened.isoformat(),
                "Vue le": row.seen.isoformat(),
            }
            for row in sessions.open_of(person)
        ),
    )


def _messages(person: Person) -> Holding:
    rows = Outbox.objects.filter(person=person, sent=None)
    return Holding(
        "Messages à envoyer",
        tuple({"Objet": row.subject, "Écrit le": row.made.isoformat()} for row in rows),
    )


def _journal(person: Person) -> Holding:
    rows = Journal.objects.filter(actor=person) | Journal.objects.filter(subject=person)
    return Holding(
        "Journal",
        tuple(
            {
                "Quand": row.at.isoformat(),
                "Quoi": row.verb,
                "Sur quoi": row.thing,
                "Fait par vous": row.actor_id == person.key,
                "Contrat": row.contract,
                "Détails": row.details,
            }
            for row in rows
        ),
    )
