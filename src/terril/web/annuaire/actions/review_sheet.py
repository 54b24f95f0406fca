"""How does the team read a sheet over: published as it was read, or sent back with a remark?"""

from __future__ import annotations

from django.db import transaction

from terril.contrat.directory.sheets import SHEETS
from terril.registres.rows import Row
from terril.web.annuaire.rights import can_review, sheet_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.move_row import move_row
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal, RefusedError

_CHANGED = Refusal("La fiche a changé pendant que vous la lisiez. Relisez-la, puis décidez.", 409)


def publish(space: Space, organisation: int, base: int) -> Row:
    """Publish a sheet at the version that was read; its remark is taken away.

    Raises ``RefusedError``, when it changed meanwhile too.
    """
    with transaction.atomic():
        row = _read(space, organisation, base)
        if row.get("remarques"):
            row = change_row(space, SHEETS, row.number, {"remarques": None}, row.version)
        return move_row(space, SHEETS, row.number, "publiee", row.version)


def send_back(space: Space, organisation: int, base: int, remark: str) -> Row:
    """Give a sheet back to its structure with a remark. A published one stays published.

    Raises ``RefusedError``.
    """
    if not remark.strip():
        raise RefusedError(Refusal("Écrivez ce qui reste à préciser.", 409))
    with transaction.atomic():
        row = _read(space, organisation, base)
        row = change_row(
            space, SHEETS, row.number, {"remarques": remark.strip()[:2000]}, row.version
        )
        if row.get("etat") == "a_relire":
            row = move_row(space, SHEETS, row.number, "brouillon", row.version)
        return row


def _read(space: Space, organisation: int, base: int) -> Row:
    refusal = can_review(space)
    if refusal is not None:
        raise RefusedError(refusal)
    row = sheet_row(space, organisation)
    if row is None:
        raise RefusedError(Refusal("Cette structure n’a pas de fiche.", 404))
    if row.version != base:
        raise RefusedError(_CHANGED)
    return row
