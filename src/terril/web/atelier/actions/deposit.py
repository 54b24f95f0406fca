"""How is a file sent to a project, to be read before anything changes?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from terril.sources.received import digest
from terril.web.atelier.jobs import launch
from terril.web.atelier.models import Job, Kind
from terril.web.atelier.perms import can_bring
from terril.web.atelier.projects import Held
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError
from terril.web.received import safe_name


def deposit(person: Person, item: Held, sent: UploadedFile[bytes], wish: Mapping[str, Any]) -> Job:
    """Write the file in the folder of a job that reads it; raises ``RefusedError``.

    ``wish``: ``replace`` (id of an entry) or ``id``, ``reader``, ``priority``, ``source``,
    ``sheet``, ``label``, ``options``.
    """
    refusal = can_bring(person, item)
    if refusal is not None:
        raise RefusedError(refusal)
    name = safe_name(sent.name or "")
    params: dict[str, Any] = {**wish, "file": name, "size": sent.size}
    if wish.get("replace"):
        params["former"] = former(item, str(wish["replace"]))

    def write(folder: Path) -> None:
        place = folder / "depot"
        place.mkdir()
        with (place / name).open("wb") as out:
            for piece in sent.chunks():
                out.write(piece)

    return launch(person, item.name, Kind.READ, params, verb="fichier déposé", prepare=write)


def former(item: Held, entry: str) -> str:
    """Return the SHA-256 of the file that an entry has now, "" when it has none."""
    for spec in item.read().inputs:
        if spec.id == entry and spec.file.is_file():
            return digest(spec.file)
    return ""
