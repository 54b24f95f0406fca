"""What may everybody read: which rows were read, and did nobody change their words since?

A row is public when its column « publié » says so and the words that everybody would read are
those that a person who may publish read last. Words changed by anybody else are not shown until
they are read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final

from terril.registres.rows import Row
from terril.web.espace.models import Contract, Membership, Revision
from terril.web.participation.models import Photo, Reading

RIGHT: Final = "relire_habitants"
#: register → the columns whose words everybody would read
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "besoins": ("titre", "texte", "reponse"),
    "observations": ("constat", "precisions", "lieu", "reponse"),
}
#: register → a column without which there is nothing to read
NEEDED: Final = {"besoins": "texte", "observations": "constat"}


def fingerprint(register: str, values: Row | dict[str, object]) -> str:
    """Return what stands for the public words of a row."""
    words = [values.get(column) or "" for column in WORDS[register]]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def read_fingerprints(contract: Contract, register: str) -> dict[int, str]:
    """Return number → what was read last, for the rows of a register."""
    found = Reading.objects.filter(entry__contract=contract, entry__register=register)
    return dict(found.values_list("entry__number", "fingerprint"))


def published(contract: Contract, register: str, rows: Iterable[Row]) -> list[Row]:
    """Return the rows that everybody may read, in their order."""
    read = read_fingerprints(contract, register)
    return [
        row
        for row in rows
        if row.get("publie") is True
        and row.get(NEEDED[register])
        and not row.archived
        and read.get(row.number) == fingerprint(register, row)
    ]


def public_photos(contract: Contract, numbers: Iterable[int]) -> dict[int, list[Photo]]:
    """Return number of the observation → its public photos."""
    found: dict[int, list[Photo]] = {}
    photos = Photo.objects.filter(
        contract=contract, public=True, read__isnull=False, entry__number__in=list(numbers)
    ).select_related("entry")
    for photo in photos:
        found.setdefault(photo.entry.number, []).append(photo)
    return found


def may_publish(revision: Revision, roles: Iterable[str]) -> bool:
    """Was this version written by somebody who may publish? The command line may."""
    if not revision.by:
        return True
    return Membership.objects.filter(
        contract=revision.entry.contract_id,
        person__key=revision.by,
        role__in=list(roles),
        until__isnull=True,
    ).exists()
