"""What was published, and what was withdrawn?

``registre.jsonl`` stands beside the editions and tells what happened to them, one line an
event: an edition sealed (its date, the SHA-256 of its manifest), an edition withdrawn (why,
and which one replaces it). Lines are only ever added. Each carries the hash of the line
before it, so that a line changed or taken out shows. Who did it is not written: an edition
speaks for the house that publishes it, not for one person.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from terril.editions.plain import from_json, to_json
from terril.lib.dates import date_longue
from terril.lib.problems import Problem, ProblemsError, Where
from terril.lib.prose import typographie

REGISTER: Final = "registre.jsonl"
#: codes of the problems of a register that cannot be trusted
DAMAGED: Final = ("registre-illisible", "registre-altere")


class Event(StrEnum):
    """What happens to an edition."""

    SEALED = "scellée"
    WITHDRAWN = "retirée"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register."""

    event: Event
    edition: str  # ISO date of the edition
    manifest: str  # SHA-256 of its manifest.json
    on: str  # ISO date of the event
    motive: str = ""  # of a withdrawal
    replacement: str = ""  # ISO date of the edition that replaces a withdrawn one
    previous: str = ""  # SHA-256 of the line before, "" for the first


@dataclass(frozen=True, slots=True)
class Notice:
    """What readers must be told of a withdrawn edition."""

    edition: str
    on: str
    motive: str
    replacement: str

    @property
    def text(self) -> str:
        """The notice in French, one or two sentences."""
        why = typographie(self.motive)
        why = why if why.endswith((".", "!", "?", "…")) else why + "."
        said = (
            f"L’édition du {date_longue(self.edition)} est retirée depuis le "
            f"{date_longue(self.on)}\u00a0: {why}"
        )
        if self.replacement:
            said += f" Elle est remplacée par l’édition du {date_longue(self.replacement)}."
        return said


@dataclass(frozen=True, slots=True)
class Register:
    """The events of a folder of editions, in order, and what is wrong with their file."""

    path: Path
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()

    def sealing(self, edition: str) -> Entry | None:
        """Return the sealing of the edition of a date, withdrawn since or not."""
        return next(
            (e for e in self.entries if e.event is Event.SEALED and e.edition == edition), None
        )

    def notice(self, edition: str) -> Notice | None:
        """Return the notice of the edition of a date when it is withdrawn."""
        for entry in self.entries:
            if entry.event is Event.WITHDRAWN and entry.edition == edition:
                return Notice(entry.edition, entry.on, entry.motive, entry.replacement)
        return None

    def before(self, edition: str) -> tuple[str, ...]:
        """Return the dates of the editions sealed before that of a date, in that order.

        All of them when it is not sealed yet. The withdrawn ones too: what they published
        stays known.
        """
        dates: list[str] = []
        for entry in self.entries:
            if entry.event is Event.SEALED:
                if entry.edition == edition:
                    break
                dates.append(entry.edition)
        return tuple(dates)

    @property
    def editions(self) -> tuple[str, ...]:
        """Dates of all the editions ever sealed here: what was published stays known."""
        return tuple(sorted({entry.edition for entry in self.entries}))

    def raise_problems(self) -> None:
        """Raise ``ProblemsError`` when the register cannot be trusted."""
        if self.problems:
            raise ProblemsError(self.problems)


def read_register(folder: Path) -> Register:
    """Return the register of a folder of editions, empty when there is none.

    A line that cannot be read, and a line whose predecessor changed, are told in
    ``problems``; the others are returned all the same.
    """
    path = folder / REGISTER
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Register(path)
    except OSError as error:
        return Register(path, problems=(_unreadable(path, None, error.strerror or str(error)),))
    entries: list[Entry] = []
    problems: list[Problem] = []
    former = ""
    for number, line in enumerate(data.splitlines(), 1):
        try:
            entry = from_json(Entry, line.decode())
            date_longue(entry.edition)
            date_longue(entry.on)
        except (ValueError, TypeError) as error:
            problems.append(_unreadable(path, number, str(error)))
        else:
            entries.append(entry)
            if entry.previous != former:
                problems.append(_broken(path, number))
        former = hashlib.sha256(line).hexdigest()
    return Register(path, tuple(entries), tuple(problems))


def add_entries(folder: Path, decide: Callable[[Register], Sequence[Entry]]) -> Register:
    """Add to the register the entries that ``decide`` returns on seeing it; return the whole.

    One process at a time: ``decide`` is called while the folder is locked. The file is
    replaced whole or not at all. Raises ``ProblemsError`` when the register is damaged or
    cannot be written; what ``decide`` raises goes through, and nothing is written.
    """
    path = folder / REGISTER
    try:
        with _locked(folder):
            register = read_register(folder)
            register.raise_problems()
            added = decide(register)
            if not added:
                return register
            data = path.read_bytes() if path.exists() else b""
            former = hashlib.sha256(data.splitlines()[-1]).hexdigest() if data else ""
            for entry in added:
                line = to_json(replace(entry, previous=former)).encode()
                former = hashlib.sha256(line).hexdigest()
                data += line + b"\n"
            _write(path, data)
            return read_register(folder)
    except OSError as error:
        raise ProblemsError([_unwritable(path, error)]) from error


def record_sealing(folder: Path, edition: str, manifest: str, on: str) -> Register:
    """Note that the edition of a date is sealed; nothing is added when it is known already."""

    def decide(register: Register) -> Sequence[Entry]:
        if register.sealing(edition) is not None:
            return ()
        return (Entry(Event.SEALED, edition, manifest, on),)

    return add_entries(folder, decide)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network drives have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".registre-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o444)  # people read it, Terril alone adds to it
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


_REMEDY: Final = "Reprenez la copie de sauvegarde du registre\u00a0; ne le corrigez pas à la main."


def _unreadable(path: Path, line: int | None, detail: str) -> Problem:
    return Problem(
        code="registre-illisible",
        where=Where(file=str(path), line=line),
        what=f"Le registre des éditions ne se lit pas ({detail}).",
        expected="une ligne par événement, telle que Terril l’a écrite.",
        remedy=_REMEDY,
    )


def _broken(path: Path, line: int) -> Problem:
    return Problem(
        code="registre-altere",
        where=Where(file=str(path), line=line),
        what="La ligne précédente du registre a changé, ou des lignes ont été ôtées.",
        expected="un registre où rien n’est ni changé ni ôté, seulement ajouté.",
        remedy=_REMEDY,
    )


def _unwritable(path: Path, error: OSError) -> Problem:
    return Problem(
        code="registre-protege",
        where=Where(file=str(path)),
        what=f"Le registre des éditions ne peut pas être écrit ({error.strerror or error}).",
        remedy="Vérifiez la place libre et vos droits sur ce dossier, puis relancez la même "
        "commande.",
    )
