"""Who may do what in the workspace, and what is a person told who may not?

Roles and rights are cards: ``registers/*.yaml`` say who reads and writes each register,
``vocabularies/rights.yaml`` the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from terril.catalogue.registers import SEVERAL, Move, Own, Register
from terril.registres.rows import Row
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal

_STRANGER: Final = Refusal(
    "Cet espace de travail est réservé aux membres du contrat. Demandez une invitation à la "
    "personne qui le tient."
)
_ARCHIVED: Final = Refusal("Cette ligne est archivée. Reprenez-la d’abord pour la modifier.", 409)


def can_enter(space: Space) -> Refusal | None:
    """May she see the workspace of this contract?"""
    if space.everything:
        return None
    if space.person is None or not space.person.is_active or not space.roles:
        return _STRANGER
    return None


def can(space: Space, right: str) -> Refusal | None:
    """May she do what a card of ``vocabularies/rights.yaml`` names?"""
    refusal = can_enter(space)
    if refusal is not None or space.everything:
        return refusal
    card = space.catalogue.rights[right]
    if space.roles & set(card.roles):
        return None
    return Refusal(f"{_who(space, card.roles)} peuvent {card.doing}.")


def can_invite(space: Space, role: str) -> Refusal | None:
    """May she give this role to somebody?"""
    refusal = can(space, "inviter")
    if refusal is not None or space.everything:
        return refusal
    if any(role in space.catalogue.roles[mine].invites for mine in space.roles):
        return None
    label = space.catalogue.roles[role].label if role in space.catalogue.roles else role
    return Refusal(f"Votre rôle ne permet pas d’inviter\u00a0: {label}.")


def can_read(space: Space, register: str) -> Refusal | None:
    """May she see the rows of this register?"""
    refusal = can_enter(space)
    if refusal is not None or space.everything:
        return refusal
    card = space.card(register)
    if not card.read or space.roles & {*card.read, *card.write}:
        return None
    return Refusal(
        f"{_who(space, (*card.read, *card.write))} peuvent lire le registre "
        f"«\u00a0{card.title}\u00a0»."
    )


def can_add(space: Space, register: str) -> Refusal | None:
    """May she add a row to this register, be it only one that is hers?"""
    refusal = can_read(space, register)
    if refusal is not None or space.everything:
        return refusal
    card = space.card(register)
    if space.roles & set(card.write):
        return None
    if any(role in space.roles and own.add for role, own in card.own.items()):
        return None
    return _writers(space, card, register)


def can_write(space: Space, register: str, row: Row) -> Refusal | None:
    """May she change this row?"""
    refusal = can_read(space, register)
    if refusal is not None:
        return refusal
    if row.archived:
        return _ARCHIVED
    return _may_write(space, register, row)


def can_archive(space: Space, register: str, row: Row) -> Refusal | None:
    """May she put this row away? Who may not add rows of hers takes none away either."""
    return can_write(space, register, row) or _may_write(space, register, row, adding=True)


def can_restore(space: Space, register: str, row: Row) -> Refusal | None:
    """May she take an archived row back?"""
    return can_read(space, register) or _may_write(space, register, row, adding=True)


def can_move(space: Space, register: str, row: Row, move: Move) -> Refusal | None:
    """May she move this row to another state in this way?"""
    refusal = can_write(space, register, row)
    if refusal is not None or space.everything or not move.roles:
        return refusal
    if space.roles & set(move.roles):
        return None
    return Refusal(f"{_who(space, move.roles)} peuvent le faire\u00a0: {move.label.lower()}.")


def can_import(space: Space, register: str) -> Refusal | None:
    """May she import a workbook into this register? Those who write all of its rows may."""
    refusal = can_read(space, register)
    if refusal is not None or space.everything:
        return refusal
    card = space.card(register)
    if space.roles & set(card.write):
        return None
    return Refusal(f"{_who(space, card.write)} peuvent importer un classeur dans ce registre.")


def is_hers(space: Space, own: Own, role: str, row: Row) -> bool:
    """Is this row one of hers, as the card says?"""
    if own.by == "auteur":
        return space.person is not None and row.author == str(space.person.key)
    assert own.column is not None
    value = row.get(own.column)
    pointed = set(value) if isinstance(value, tuple) else {value}
    return bool(pointed & _hers(space, own, role))


def _hers(space: Space, own: Own, role: str) -> frozenset[int]:
    """What a role of hers makes hers: another role of hers adds nothing to it."""
    if own.by == "organisation":
        return space.organisations_of(role)
    return space.quartiers(role)


def seen_card(space: Space, register: str, row: Row | None = None) -> Register:
    """Return the card of a register as she may see it, of all its rows or of one.

    Personal data go to those who write them: the columns that hold some are left out for others.
    """
    card = space.card(register)
    personal = {name for name, column in card.columns.items() if column.personal}
    if not personal or space.everything or space.roles & set(card.write):
        return card
    if row is not None and _may_write(space, register, row) is None:
        return card
    kept = {name: column for name, column in card.columns.items() if name not in personal}
    sort = tuple(name for name in card.sort if name.lstrip("-") in kept)
    return card.model_copy(update={"columns": kept, "sort": sort})


def own_columns(space: Space, register: str) -> dict[str, frozenset[int]]:
    """Return what the links that make a row hers may be, when she writes only hers.

    Column → numbers; empty when she writes all rows.
    """
    card = space.card(register)
    if space.everything or space.roles & set(card.write):
        return {}
    found: dict[str, frozenset[int]] = {}
    for role, own in card.own.items():
        if role in space.roles and own.column is not None:
            mine = _hers(space, own, role)
            found[own.column] = found.get(own.column, frozenset()) | mine
    return found


def prefilled(space: Space, register: str) -> dict[str, Any]:
    """Return the values of a new row that make it hers, where only one is possible."""
    card = space.card(register)
    return {
        column: (next(iter(mine)),) if card.columns[column].kind in SEVERAL else next(iter(mine))
        for column, mine in own_columns(space, register).items()
        if len(mine) == 1
    }


def _may_write(space: Space, register: str, row: Row, *, adding: bool = False) -> Refusal | None:
    """``adding``: it takes a role that may add rows of hers too."""
    card = space.card(register)
    if space.everything or space.roles & set(card.write):
        return None
    for role, own in card.own.items():
        if role in space.roles and (own.add or not adding) and is_hers(space, own, role, row):
            return None
    if adding and _may_write(space, register, row) is None:
        return Refusal(f"{_who(space, card.write)} peuvent archiver cette ligne ou la reprendre.")
    return _writers(space, card, register)


def _writers(space: Space, card: Register, register: str) -> Refusal:
    if any(role in space.roles for role in card.own):
        return Refusal(
            f"Cette ligne du registre «\u00a0{card.title}\u00a0» n’est ni à votre organisation ni "
            "à vos quartiers\u00a0: vous pouvez la lire, pas la modifier."
        )
    return Refusal(
        f"{_who(space, card.write)} peuvent modifier le registre «\u00a0{card.title}\u00a0»."
    )


def _who(space: Space, roles: Iterable[str]) -> str:
    """Name the people who may: "Seuls les chargés de mission et les analystes"."""
    words = list(dict.fromkeys(space.catalogue.roles[role].plural for role in roles))
    text = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"
    return f"Seuls {text}"
