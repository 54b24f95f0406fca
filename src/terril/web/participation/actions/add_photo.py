"""How is a photo added to an observation, read by a person, made public, taken away?"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from terril.registres.rows import Row
from terril.web.espace.kept import row_of
from terril.web.espace.perms import can, can_write
from terril.web.espace.space import Space
from terril.web.espace.writing import locked
from terril.web.participation.models import Photo
from terril.web.participation.publication import RIGHT
from terril.web.people.journal import note
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.pictures import Picture, PictureError, Square, clean, hide

REGISTER = "observations"
MOST = 6  # photos of an observation


def can_see_photo(space: Space, row: Row | None) -> Refusal | None:
    """May she see a photo that nobody may have read yet? Those who write the observation."""
    if row is None:
        return Refusal("Cette photo n’existe pas.", 404)
    return can_write(space, REGISTER, row)


def can_read_photo(space: Space, row: Row | None) -> Refusal | None:
    """May she say that nobody can be recognised on it, and publish it?"""
    return can_see_photo(space, row) or can(space, RIGHT)


def add_photo(space: Space, number: int, body: bytes, *, words: str = "") -> Photo:
    """Add a photo, written anew without what its file told. It is private.

    Raises ``RefusedError`` on what is no photo, or without the right.
    """
    try:
        picture = clean(body)
    except PictureError as error:
        raise RefusedError(Refusal(str(error), 400)) from error
    with transaction.atomic():
        entry = locked(space, REGISTER, number)
        row = row_of(entry, space.card(REGISTER)) if entry is not None else None
        refusal = can_see_photo(space, row)
        if refusal is not None or entry is None:
            raise RefusedError(refusal or Refusal("Cette ligne n’existe pas.", 404))
        if entry.photos.count() >= MOST:
            raise RefusedError(Refusal(f"{MOST} photos au plus par observation.", 409))
        photo = Photo(
            contract=space.contract, entry=entry, words=words.strip()[:200], by=_key(space)
        )
        _put(photo, picture)
        photo.save()
        _note(space, "photo ajoutée", photo)
    return photo


def read_photo(
    space: Space,
    photo: Photo,
    squares: Iterable[Square],
    *,
    nobody: bool,
    publish: bool,
    words: str = "",
) -> Photo:
    """Hide squares for good, and say whether somebody can be recognised.

    The photo before is deleted. It is public only when ``nobody`` is said to be recognised and
    ``publish`` is asked. Raises ``RefusedError``.
    """
    with transaction.atomic():
        found = Photo.objects.select_for_update().select_related("entry").get(pk=photo.pk)
        row = row_of(found.entry, space.card(REGISTER))
        refusal = can_read_photo(space, row)
        if refusal is not None:
            raise RefusedError(refusal)
        hidden = sorted(set(squares))
        if hidden:
            former = str(found.file.name)
            with found.file.open("rb") as file:
                picture = hide(file.read(), hidden)
            _put(found, picture)
            storage = found.file.storage
            transaction.on_commit(lambda: storage.delete(former))
        found.words = words.strip()[:200]
        found.read = timezone.now() if nobody else None
        found.public = nobody and publish
        found.save()
        _note(space, "photo publiée" if found.public else "photo relue", found, len(hidden))
    return found


def remove_photo(space: Space, photo: Photo) -> None:
    """Delete a photo and its file; raises ``RefusedError``."""
    with transaction.atomic():
        row = row_of(photo.entry, space.card(REGISTER))
        refusal = can_see_photo(space, row)
        if refusal is not None:
            raise RefusedError(refusal)
        _note(space, "photo retirée", photo)
        name, storage = str(photo.file.name), photo.file.storage
        photo.delete()
        transaction.on_commit(lambda: storage.delete(name))


def _put(photo: Photo, picture: Picture) -> None:
    photo.width, photo.height = picture.width, picture.height
    photo.file.save("photo.jpg", ContentFile(picture.body), save=False)


def _key(space: Space) -> str:
    return str(space.person.key) if space.person is not None else ""


def _note(space: Space, verb: str, photo: Photo, squares: int = 0) -> None:
    entry = photo.entry
    note(
        space.person,
        verb,
        f"observation n° {entry.number}",
        contract=space.contract.code,
        register=REGISTER,
        number=entry.number,
        cases=squares,
    )
