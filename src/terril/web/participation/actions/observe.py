"""How is an observation of a walk written on the spot, with its photo, in one go?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.space import Space
from terril.web.participation.actions.add_photo import add_photo
from terril.web.people.refusal import Refusal, RefusedError

_DIGITS = Decimal("0.00001")  # about a metre


def observe(
    space: Space,
    walk: int,
    *,
    seen: str,
    place: str = "",
    nature: str = "",
    position: tuple[str, str] = ("", ""),
    photo: bytes | None = None,
) -> Row:
    """Add an observation to a walk, in its neighbourhoods, with its photo.

    ``position``: latitude and longitude as the browser gives them; what is no position is left
    out. Raises ``RefusedError`` or ``FaultsError``; nothing is written then, the photo neither.
    """
    found = space.row("marches", walk)
    if found is None or found.archived:
        raise RefusedError(Refusal("Cette marche n’existe pas.", 404))
    values: dict[str, Any] = {
        "constat": " ".join(seen.split()),
        "marche": walk,
        "quartiers": found.get("quartiers"),
        "lieu": " ".join(place.split()) or None,
        "nature": nature or None,
    }
    values.update(_position(*position))
    with transaction.atomic():
        row = add_row(space, "observations", values)
        if photo is not None:
            add_photo(space, row.number, photo)
    return row


def _position(latitude: str, longitude: str) -> dict[str, Decimal]:
    try:
        north, east = Decimal(latitude), Decimal(longitude)
    except InvalidOperation:
        return {}
    if not (north.is_finite() and east.is_finite() and abs(north) <= 90 and abs(east) <= 180):
        return {}
    return {"latitude": north.quantize(_DIGITS), "longitude": east.quantize(_DIGITS)}
