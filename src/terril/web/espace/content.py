"""Is a paper what its name says, and which type do browsers get?

The ending decides the type, and the first bytes must agree with it. A web page, a program or
an archive of anything else is not a paper.
"""

from __future__ import annotations

from typing import Final

_OPEN: Final = "application/vnd.oasis.opendocument."
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_ZIP: Final = (b"PK\x03\x04",)
_OLE: Final = (b"\xd0\xcf\x11\xe0",)
#: ending → type, the first bytes that it may have (none: a text)
_KINDS: Final[dict[str, tuple[str, tuple[bytes, ...]]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "webp": ("image/webp", (b"RIFF",)),
    "odt": (f"{_OPEN}text", _ZIP),
    "ods": (f"{_OPEN}spreadsheet", _ZIP),
    "odp": (f"{_OPEN}presentation", _ZIP),
    "docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    "doc": ("application/msword", _OLE),
    "xls": ("application/vnd.ms-excel", _OLE),
    "ppt": ("application/vnd.ms-powerpoint", _OLE),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
}


def kind_of(name: str, body: bytes) -> str | None:
    """Return the type of a paper; ``None`` when it is none, or not what its name says."""
    ending = name.rpartition(".")[2].lower()
    if ending not in _KINDS or not body:
        return None
    kind, heads = _KINDS[ending]
    if heads:
        return kind if body.startswith(heads) else None
    return kind if b"\0" not in body[: 1 << 16] else None
