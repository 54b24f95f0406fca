"""Where does a fetched file come from, when, and is it still as it came?

Beside each file that was fetched stands ``<file>.origine.json``: the official address, the
vintage, the licence, the sizes and checksums. It is for people, for ``terril telecharger`` (is
the file up to date, was it changed by hand?), and for the provenance of outlines.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from terril.sources.received import digest

SUFFIX: Final = ".origine.json"

#: field → key in the file, which people read
_KEYS: Final = {
    "card": "carte",
    "label": "libelle",
    "producer": "producteur",
    "licence": "licence",
    "vintage": "millesime",
    "page": "page",
    "url": "adresse",
    "final_url": "adresse_finale",
    "resource": "ressource",
    "resource_modified": "modifie_le",
    "etag": "etag",
    "last_modified": "date_serveur",
    "fetched": "telecharge_le",
    "size": "taille_recue",
    "sha256": "sha256_recu",
    "told": "somme_annoncee",
    "checked": "somme_verifiee",
    "member": "extrait_de",
    "files": "fichiers",
    "software": "logiciel",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of one fetched file. Times are ISO, UTC; sizes bytes."""

    card: str
    label: str
    producer: str
    licence: str
    vintage: str
    page: str
    url: str
    final_url: str
    resource: str  # title of the resource on data.gouv.fr, "" elsewhere
    resource_modified: str
    etag: str
    last_modified: str  # as the server sent it
    fetched: str
    size: int  # of what was received
    sha256: str  # of what was received
    told: str  # « sha1:… » as data.gouv.fr gives it, "" when it gives none
    checked: bool  # was it compared, and equal?
    member: str  # name inside the archive, "" when there was none
    files: dict[str, str]  # file kept → its sha256
    software: str


def place_of(path: Path) -> Path:
    """Return where the origin of a file stands."""
    return path.with_name(f"{path.name}{SUFFIX}")


def read_origin(path: Path) -> Origin | None:
    """Return the origin of a file, or ``None`` when it was not fetched, or the note is spoilt."""
    try:
        found = json.loads(place_of(path).read_text(encoding="utf-8"))
        return Origin(**{field: found[key] for field, key in _KEYS.items()})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def written(origin: Origin) -> str:
    """Return the text of an origin."""
    values = asdict(origin)
    told = {key: values[field] for field, key in _KEYS.items()}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def changed_by_hand(path: Path, origin: Origin) -> list[str]:
    """Return the files that are no longer as they came, or no longer there."""
    return [
        name
        for name, sha256 in origin.files.items()
        if not (path.parent / name).is_file() or digest(path.parent / name) != sha256
    ]
