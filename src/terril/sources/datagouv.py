"""Which file of a data set of data.gouv.fr is the one wanted?

``GET <server>/api/1/datasets/<slug>/`` gives the data set with its ``resources``: title, url,
format, type (main, documentation…), filetype (« file » when data.gouv.fr keeps it, « remote »
when the producer does), filesize, checksum {type, value}, last_modified.
"""

from __future__ import annotations

import re
import unicodedata
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.sources.remote import Refused, read_json

SERVER: Final = "https://www.data.gouv.fr"
_ALGORITHMS: Final = ("md5", "sha1", "sha2", "sha256", "sha512")


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a data set. ``checksum``: lower case hexadecimal, "" when none is told."""

    id: str
    title: str
    url: str
    kept: bool  # by data.gouv.fr itself, which then knows its size and checksum
    main: bool
    size: int | None
    algorithm: str  # a name of hashlib
    checksum: str
    modified: str  # ISO date and time

    @property
    def name(self) -> str:
        """The last part of the address."""
        return urllib.parse.unquote(urllib.parse.urlsplit(self.url).path.rsplit("/", 1)[-1])


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set, with the files it holds."""

    slug: str
    title: str
    licence: str  # code of data.gouv.fr: « lov2 », « fr-lo », « odc-odbl »…
    resources: tuple[Resource, ...]


def read_data_set(slug: str, server: str, timeout: float) -> DataSet:
    """Ask data.gouv.fr what a data set holds; raises ``Refused`` or ``Transient``."""
    url = f"{server.rstrip('/')}/api/1/datasets/{urllib.parse.quote(slug)}/"
    found = read_json(url, timeout)
    listed = found.get("resources") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise Refused(
            "reponse-illisible",
            f"La réponse de {url} n’est pas celle de data.gouv.fr.",
            "un jeu de données et ses « resources ».",
            "Vérifiez l’adresse du serveur.",
        )
    return DataSet(
        slug,
        str(found.get("title") or slug),
        str(found.get("license") or ""),
        tuple(_resource(item) for item in listed if isinstance(item, dict) and item.get("url")),
    )


def _resource(item: dict[str, Any]) -> Resource:
    checksum = item.get("checksum")
    told = checksum if isinstance(checksum, dict) else {}
    algorithm = str(told.get("type") or "").lower()
    size = item.get("filesize")
    return Resource(
        id=str(item.get("id") or ""),
        title=str(item.get("title") or ""),
        url=str(item["url"]),
        kept=item.get("filetype") == "file",
        main=item.get("type") in (None, "main"),
        size=size if isinstance(size, int) and size > 0 else None,
        algorithm={"sha2": "sha256"}.get(algorithm, algorithm) if algorithm in _ALGORITHMS else "",
        checksum=str(told.get("value") or "").lower() if algorithm in _ALGORITHMS else "",
        modified=str(item.get("last_modified") or ""),
    )


def choose(data_set: DataSet, words: Sequence[str], without: Sequence[str] = ()) -> Resource:
    """Return the file whose title and name hold all the words; the latest of several.

    Case, accents, spaces and underscores do not count. Raises ``Refused`` when there is none.
    """
    wanted, refused = [plain(w) for w in words], [plain(w) for w in without]
    found = [
        r
        for r in data_set.resources
        if all(w in _told(r) for w in wanted) and not any(w in _told(r) for w in refused)
    ]
    if not found:
        names = ", ".join(dict.fromkeys(r.name or r.title for r in data_set.resources)) or "aucun"
        raise Refused(
            "fichier-introuvable",
            f"« {data_set.title} » n’a plus de fichier dont le nom contient "
            f"{', '.join(f'« {w} »' for w in words)}. Fichiers présents : {names}.",
            remedy="Le producteur l’a renommé : corrigez « words » dans la carte du "
            "téléchargement.",
        )
    return max(found, key=lambda r: (r.main, r.modified, r.url))


def _told(resource: Resource) -> str:
    return plain(f"{resource.title} {resource.name}")


def plain(text: str) -> str:
    """Return a text without case, accents, and with « - » for spaces and underscores."""
    folded = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[\s_]+", "-", bare)
