"""Is a file that was sent what its name says, and may it be opened without harm?

The name decides nothing but its ending, and the first bytes must agree with it. An archive
says how large it is once open, and is opened to check that it does not lie.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Final

from django.conf import settings

from terril.lib.french import nombre
from terril.lib.problems import Problem, Where
from terril.lib.textfile import signature

#: ending of a name → what its first bytes announce, what people call it
ENDINGS: Final[dict[str, tuple[str, str]]] = {
    ".csv": ("text", "un tableau en texte (CSV)"),
    ".tsv": ("text", "un tableau en texte (TSV)"),
    ".txt": ("text", "un tableau en texte"),
    ".xlsx": ("zip", "un classeur Excel (XLSX)"),
    ".ods": ("zip", "un classeur OpenDocument (ODS)"),
    ".xls": ("ole", "un ancien classeur Excel (XLS)"),
}
_KINDS: Final = {
    "zip": "une archive ou un classeur récent",
    "ole": "un ancien classeur Excel",
    "pdf": "un document PDF",
    "html": "une page web",
    "text": "du texte",
    "binaire": "un fichier binaire",
}
_MEMBERS: Final = {".xlsx": "xl/workbook.xml", ".ods": "content.xml"}
_RATIO: Final = 250  # beyond, no table is so regular: an archive made to fill the disk
_SMALL: Final = 64 << 20  # below that size once open, no ratio is a danger
_PIECE: Final = 1 << 20
_LONGEST: Final = 100


def safe_name(name: str) -> str:
    """Return the last part of a name, without what a path or a shell could take otherwise."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    clean = re.sub(r"[^\w .()'’\-]", "_", last).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    clean = f"{stem[: _LONGEST - len(ending)]}{dot}{ending[:10]}" if stem else clean[:_LONGEST]
    return clean or "fichier"


def check_content(path: Path, shown: str) -> list[Problem]:
    """Return what forbids to read the file; ``shown``: its name in the messages."""
    ending = Path(shown).suffix.lower()
    expected = f"{', '.join(item.lstrip('.').upper() for item in ENDINGS)}."
    if path.stat().st_size == 0:
        return [
            Problem(
                "fichier-vide", Where(shown), "Le fichier est vide.", "un tableau avec des lignes."
            )
        ]
    if ending not in ENDINGS:
        return [
            Problem(
                "fichier-type",
                Where(shown),
                f"La terminaison « {ending or 'aucune'} » n’est pas celle d’un tableau.",
                expected,
                "Enregistrez le tableau dans l’un de ces formats.",
            )
        ]
    kind, label = ENDINGS[ending]
    found = signature(path)
    if found == "text" and _binary(path):
        found = "binaire"
    if found != kind:
        return [
            Problem(
                "fichier-type",
                Where(shown),
                f"Ce fichier a le nom d’{label}, mais son contenu est {_KINDS[found]}.",
                f"{label}.",
                "Ouvrez-le dans votre tableur et enregistrez-le sous le format voulu.",
            )
        ]
    return _archive(path, shown, ending) if kind == "zip" else []


def _binary(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    return b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _archive(path: Path, shown: str, ending: str) -> list[Problem]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if _MEMBERS[ending] not in {member.filename for member in members}:
                return [_not_a_workbook(shown, ENDINGS[ending][1])]
            limit = _limit(path.stat().st_size)
            if len(members) > 20_000 or sum(member.file_size for member in members) > limit:
                return [_bomb(shown, limit)]
            opened = 0
            for member in members:
                with archive.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        opened += len(piece)
                        if opened > limit:
                            return [_bomb(shown, limit)]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        return [_not_a_workbook(shown, ENDINGS[ending][1])]
    return []


def _limit(size: int) -> int:
    return min(max(_RATIO * size, _SMALL), int(settings.UNPACKED_MAX))


def _not_a_workbook(shown: str, label: str) -> Problem:
    return Problem(
        "fichier-type",
        Where(shown),
        "Ce fichier est abîmé, chiffré, ou n’est pas un classeur.",
        f"{label}, sans mot de passe.",
        "Ouvrez-le dans votre tableur et enregistrez-le de nouveau.",
    )


def _bomb(shown: str, limit: int) -> Problem:
    return Problem(
        "fichier-demesure",
        Where(shown),
        "Une fois ouvert, ce classeur occuperait une place démesurée.",
        f"{nombre(limit / (1 << 20))} Mo au plus une fois ouvert.",
        "Enregistrez le tableau en CSV, ou ôtez les feuilles qui ne servent pas.",
    )
