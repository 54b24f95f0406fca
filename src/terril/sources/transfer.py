"""How does a file come whole over a network that cuts, stalls, refuses or lies?

One address, one partial file (``.part``) beside the place where the file will stand. What was
received is kept, with what identifies the file at the server (ETag or date of change), and the
rest is asked for (RFC 9110: ``Range`` with ``If-Range``); a server that cannot go on from there,
or whose file has changed in between, starts again from the first byte. What may pass is tried
again with growing pauses; what will not is told at once.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from terril.lib.french import nombre
from terril.lib.progress import Progress, Silent
from terril.sources.remote import Refused, Transient, opened

CHUNK: Final = 1 << 16
MARGIN: Final = 16 << 20  # bytes left free on the disk
SLOW: Final = "serveur-lent"
ATTEMPTS: Final = 200  # in all, even when each brings something

Tell = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a slow or failing server is waited for. Seconds."""

    timeout: float = 30.0  # without a byte
    tries: int = 5  # in a row that bring nothing more
    pause: float = 1.0  # before the second try; doubled at each
    longest: float = 60.0  # pause


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the server said of the file that came whole."""

    url: str  # after redirections
    size: int  # bytes
    etag: str = ""
    modified: str = ""  # Last-Modified, as sent
    resumed: int = 0  # bytes that an earlier command had already brought


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a partial file is a part of."""

    url: str
    etag: str = ""
    modified: str = ""
    total: int | None = None

    @property
    def validator(self) -> str:
        """What ``If-Range`` may hold: a strong ETag, or else a date; "" when neither."""
        return self.etag if self.etag.startswith('"') else self.modified


class _Watch:
    """Shows how far a file has come, in thousands of bytes, once, whatever the tries."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.begun = False
        self.shown = 0

    def begin(self, total: int | None) -> None:
        """Begin, the first time; ``total`` in bytes."""
        if not self.begun:
            self.progress.stage("Téléchargement (ko)", total and max(1, total // 1024))
            self.begun = True

    def reach(self, size: int) -> None:
        """Say that ``size`` bytes are here."""
        if size // 1024 > self.shown:
            self.progress.advance(size // 1024 - self.shown)
            self.shown = size // 1024


def fetch(
    url: str,
    part: Path,
    *,
    largest: int,
    patience: Patience | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> Fetched:
    """Bring the file of ``url`` into ``part``, from where an earlier try left it.

    ``largest``: bytes; more is refused. ``tell`` hears, in French, what happens on the way.
    Raises ``Refused`` when the file cannot come; what was received stays in ``part`` when it can
    be gone on with.
    """
    patience, tell = patience or Patience(), tell or (lambda _: None)
    watch = _Watch(progress or Silent())
    mark = _mark(part, url)
    first = size_of(part) if mark and mark.validator else 0
    found = patiently(
        lambda: _attempt(url, part, largest, patience, watch, tell),
        patience,
        tell,
        lambda: size_of(part),
    )
    return Fetched(found.url, found.size, found.etag, found.modified, first)


def patiently(
    action: Callable[[], T], patience: Patience, tell: Tell, reached: Callable[[], int] = int
) -> T:
    """Return what ``action`` gives, tried again while it raises ``Transient``.

    ``reached`` says how far the work has come: a try that went further than any before does not
    count as a failure, save when it only dripped. Raises ``Refused`` when it was tried enough.
    """
    failures, best = 0, reached()
    for _ in range(ATTEMPTS):
        try:
            return action()
        except Transient as trouble:
            further = reached() > best and trouble.code != SLOW
            failures, best = 1 if further else failures + 1, max(best, reached())
            if failures >= patience.tries:
                raise trouble.refused() from trouble
            delay = min(patience.pause * 2 ** (failures - 1), patience.longest)
            delay = max(delay, min(trouble.after or 0.0, patience.longest))
            tell(f"{trouble.what} Nouvel essai dans {nombre(delay, 0 if delay >= 1 else 1)} s.")
            time.sleep(delay)
    raise Refused(
        "transfert-interrompu",
        "La connexion se coupe sans cesse : ce qui est arrivé est gardé.",
        remedy="Relancez la commande : elle reprendra où elle en est.",
    )


def _attempt(
    url: str, part: Path, largest: int, patience: Patience, watch: _Watch, tell: Tell
) -> Fetched:
    """Ask for what is missing, once. Raises ``Transient`` when it should be asked again."""
    mark = _mark(part, url)
    have = size_of(part) if mark and mark.validator else 0
    headers = {}
    if have and mark:
        headers = {"Range": f"bytes={have}-", "If-Range": mark.validator}
    try:
        answer = opened(url, patience.timeout, headers)
    except Refused as refusal:
        if refusal.status != 416:
            raise
        if mark and mark.total == have:
            return Fetched(url, have, mark.etag, mark.modified)
        drop(part)
        raise Transient("reprise-refusee", "Le serveur refuse de reprendre : tout est redemandé.",
                        ) from refusal  # fmt: skip
    with contextlib.closing(answer):
        found = _Mark(url, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
        length = _whole(answer.headers.get("Content-Length"))
        if answer.status == 206:
            length = _following(answer, mark, found, have, part)
        elif have:
            tell("Le fichier a changé, ou le serveur ne sait pas reprendre : tout est redemandé.")
            have = 0
        total = None if length is None else have + length
        if total is not None:
            _room(part, total, have, largest)
        _write_mark(part, _Mark(url, found.etag, found.modified, total))
        watch.begin(total)
        watch.reach(have)
        size = _receive(answer, part, have, largest, patience, watch)
        if total is not None and size < total:
            raise Transient(
                "transfert-coupe",
                f"Le serveur annonce {nombre(total)} octets et n’en a donné que {nombre(size)}.",
            )
        return Fetched(answer.url, size, found.etag, found.modified)


def _following(answer: Any, mark: _Mark | None, found: _Mark, have: int, part: Path) -> int:
    """Return how many bytes follow those we have; drop them when they are of another file."""
    unit, _, span = answer.headers.get("Content-Range", "").partition(" ")
    ends, _, total = span.partition("/")
    start, _, end = ends.partition("-")
    told = (unit, _whole(start), _whole(end))
    same = mark is not None and (not (mark.etag and found.etag) or mark.etag == found.etag)
    if mark is not None and mark.total is not None and _whole(total) is not None:
        same = same and mark.total == _whole(total)
    if not same or told[0] != "bytes" or told[1] != have or told[2] is None:
        drop(part)
        raise Transient(
            "fichier-change-en-route", "Le fichier a changé en cours de route : tout est redemandé."
        )
    return told[2] - have + 1


def _receive(
    answer: Any, part: Path, have: int, largest: int, patience: Patience, watch: _Watch
) -> int:
    """Write what comes after the ``have`` first bytes; return the size reached."""
    size = have
    try:
        with part.open("r+b" if part.exists() else "w+b") as stream:
            stream.seek(have)
            stream.truncate()
            for block in _blocks(answer, patience):
                size += len(block)
                if size > largest:
                    raise _too_large(largest)
                stream.write(block)
                watch.reach(size)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise _disk(error, part) from error
    except Refused:
        drop(part)
        raise
    return size


def _blocks(answer: Any, patience: Patience) -> Iterator[bytes]:
    """Yield what comes; a server that only drips for a whole delay is left."""
    began, brought = time.monotonic(), 0
    while True:
        try:
            block: bytes = answer.read1(CHUNK)
        except TimeoutError as error:
            raise Transient(
                "serveur-muet",
                f"Le serveur n’envoie plus rien depuis {nombre(patience.timeout, 0)} s.",
            ) from error
        except Exception as error:  # http.client and ssl raise many kinds for a cut line
            raise Transient("transfert-coupe", "La connexion a été coupée.") from error
        if not block:
            return
        yield block
        brought += len(block)
        now = time.monotonic()
        if now - began > patience.timeout:
            if brought < patience.timeout * 1024:
                raise Transient(SLOW, "Le serveur envoie moins de 1 ko par seconde.")
            began, brought = now, 0


# ------------------------------------------------------------------ the partial file


def size_of(part: Path) -> int:
    """Return the bytes that a partial file holds, 0 when there is none."""
    return part.stat().st_size if part.exists() else 0


def drop(part: Path) -> None:
    """Remove a partial file and what is known of it."""
    part.unlink(missing_ok=True)
    _side(part).unlink(missing_ok=True)


def _side(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _mark(part: Path, url: str) -> _Mark | None:
    """Return what the partial file is a part of; ``None`` when it is of no use for ``url``."""
    if not part.exists():
        return None
    try:
        mark = _Mark(**json.loads(_side(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return mark if mark.url == url else None


def _write_mark(part: Path, mark: _Mark) -> None:
    side = _side(part)
    try:
        side.write_text(json.dumps(asdict(mark)), encoding="utf-8")
    except OSError as error:
        raise _disk(error, side) from error


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() else None


def _room(part: Path, total: int, have: int, largest: int) -> None:
    """Check that the file is not too large and that the disk can hold it."""
    if total > largest:
        raise _too_large(largest, total)
    free = shutil.disk_usage(part.parent).free
    if free < total - have + MARGIN:
        raise Refused(
            "disque-plein",
            f"Il reste {nombre(free / 1e6)} Mo sur le disque, et le fichier en demande "
            f"{nombre((total - have + MARGIN) / 1e6)}.",
            remedy="Libérez de la place, puis relancez : le téléchargement reprendra.",
        )


def _too_large(largest: int, total: int | None = None) -> Refused:
    told = f"fait {nombre(total / 1e6)} Mo" if total else f"dépasse {nombre(largest / 1e6)} Mo"
    return Refused(
        "fichier-trop-gros",
        f"Le fichier {told}, plus que ce qui est attendu.",
        f"au plus {nombre(largest / 1e6)} Mo.",
        "Vérifiez l’adresse ; s’il a vraiment grossi, changez « largest » dans sa carte.",
    )


def _disk(error: OSError, path: Path) -> Refused:
    if error.errno == errno.ENOSPC:
        return Refused(
            "disque-plein",
            "Il n’y a plus de place sur le disque.",
            remedy="Libérez de la place, puis relancez : le téléchargement reprendra.",
        )
    return Refused(
        "ecriture-impossible",
        f"« {path.name} » ne peut pas être écrit : {error.strerror or error}.",
        remedy="Vérifiez les droits du dossier.",
    )
