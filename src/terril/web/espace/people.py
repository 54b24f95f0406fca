"""What are the people called whose keys the rows hold?"""

from __future__ import annotations

from collections.abc import Iterable

from terril.web.people.models import GONE, Person


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the name of the person of each key; one who left has none any more."""
    wanted = {key for key in keys if key}
    found = {key: GONE for key in wanted}
    for person in Person.objects.filter(key__in=wanted):
        found[str(person.key)] = person.display
    return found
