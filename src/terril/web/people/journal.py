"""How is an action written down, so that it is known who did what, and nobody is named?

A line holds keys (``Person.key``), never an address nor what a personal column held: when a
person leaves, nothing of the journal needs to change, and nothing of it still names her.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from terril.web.people.models import Journal, Person

#: what stands where an e-mail address stood, and where the value of a personal column did
NO_ADDRESS: Final = "(adresse électronique)"
HIDDEN: Final = "(donnée personnelle)"
_ADDRESS: Final = re.compile(
    r"[^\s@<>«»(),;:\"']{1,64}@[^\s@<>«»(),;:\"']{1,250}\.[^\s@<>«»(),;:\"'.]{1,63}"
)


def note(
    person: Person | None,
    verb: str,
    thing: str,
    *,
    contract: str = "",
    register: str = "",
    number: int | None = None,
    subject: Person | None = None,
    origin: str = "",
    **details: Any,
) -> Journal:
    """Add one line to the journal.

    Without a person it was the command line, or the one that ``origin`` says in French (a
    resident on a public page: « sans compte »). ``subject``: the person acted on. ``contract``,
    ``register``, ``number``: the row acted on. Of ``details``, ``champs`` is what
    :func:`changes` returns. An e-mail address anywhere in it is taken out.
    """
    return Journal.objects.create(
        actor=person,
        verb=verb,
        thing=without_addresses(thing)[:300],
        subject=subject,
        origin=without_addresses(origin),
        contract=contract,
        register=register,
        number=number,
        details=without_addresses(details),
    )


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], personal: Iterable[str] = ()
) -> dict[str, list[Any]]:
    """Return column → [from, to] of what differs, for ``champs``; personal columns only said so.

    A column that only one side holds is ``None`` on the other.
    """
    hidden = set(personal)
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: [HIDDEN, HIDDEN] if name in hidden else [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }


def without_addresses(value: Any) -> Any:
    """Return ``value`` (text, list, dictionary or anything) without any e-mail address."""
    if isinstance(value, str):
        return _ADDRESS.sub(NO_ADDRESS, value) if "@" in value else value
    if isinstance(value, Mapping):
        return {without_addresses(key): without_addresses(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_addresses(item) for item in value]
    return value
