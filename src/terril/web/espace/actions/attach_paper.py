"""How is a paper attached to a row, made public, taken away?"""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from terril.web.espace.content import kind_of
from terril.web.espace.kept import row_of
from terril.web.espace.models import Attachment
from terril.web.espace.perms import can_write
from terril.web.espace.space import Space
from terril.web.espace.writing import locked
from terril.web.people.journal import note
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.pictures import KIND, PictureError, clean
from terril.web.received import safe_name


def attach_paper(
    space: Space, register: str, number: int, sent: UploadedFile[bytes], *, public: bool = False
) -> Attachment:
    """Attach a paper to a row; raises ``RefusedError`` on one that is not what its name says."""
    if not space.card(register).files:
        raise RefusedError(Refusal("Ce registre ne garde pas de pièces.", 409))
    if sent.size is None or sent.size > settings.PAPER_MAX:
        raise RefusedError(
            Refusal("Cette pièce dépasse 20 Mo. Réduisez-la, puis recommencez.", 413)
        )
    body = sent.read()
    name = safe_name(sent.name or "")
    kind = kind_of(name, body)
    if kind is None:
        raise RefusedError(
            Refusal(
                "Cette pièce n’est ni un PDF, ni un document de bureau, ni un tableau, ni une "
                "image, ou son contenu n’est pas celui que dit son nom.",
                400,
            )
        )
    if kind.startswith("image/"):
        # the place, the date and the camera that a picture tells stay out of it
        try:
            body, kind = clean(body).body, KIND
        except PictureError as error:
            raise RefusedError(Refusal(str(error), 400)) from error
        name = f"{name.rpartition('.')[0]}.jpg"
    with transaction.atomic():
        entry = locked(space, register, number)
        if entry is None:
            raise RefusedError(Refusal("Cette ligne n’existe pas.", 404))
        refusal = can_write(space, register, row_of(entry, space.card(register)))
        if refusal is not None:
            raise RefusedError(refusal)
        paper = Attachment(
            entry=entry,
            name=name,
            kind=kind,
            size=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            public=public,
            by=str(space.person.key) if space.person is not None else "",
        )
        paper.file.save(PurePosixPath(name).name, ContentFile(body), save=False)
        paper.save()
        _note(space, "pièce ajoutée", paper)
    return paper


def show_paper(space: Space, paper: Attachment, *, public: bool) -> None:
    """Make a paper public, or no longer; raises ``RefusedError``."""
    with transaction.atomic():
        _check(space, paper)
        if paper.public == public:
            return
        paper.public = public
        paper.save(update_fields=["public"])
        _note(space, "pièce rendue publique" if public else "pièce rendue privée", paper)


def remove_paper(space: Space, paper: Attachment) -> None:
    """Take a paper away, its file too; raises ``RefusedError``."""
    with transaction.atomic():
        _check(space, paper)
        _note(space, "pièce retirée", paper)
        file = paper.file
        paper.delete()
        transaction.on_commit(lambda: file.delete(save=False))


def _check(space: Space, paper: Attachment) -> None:
    entry = paper.entry
    if entry.contract_id != space.contract.pk:
        raise RefusedError(Refusal("Cette pièce n’existe pas.", 404))
    refusal = can_write(space, entry.register, row_of(entry, space.card(entry.register)))
    if refusal is not None:
        raise RefusedError(refusal)


def _note(space: Space, verb: str, paper: Attachment) -> None:
    entry = paper.entry
    note(
        space.person,
        verb,
        paper.name,
        contract=space.contract.code,
        register=entry.register,
        number=entry.number,
        empreinte=paper.sha256,
    )
