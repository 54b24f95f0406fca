"""How does a document model become a PDF/UA file?

One :class:`Typesetter` holds one Typst compiler. Templates are files, data are one JSON
file replaced between two compiles, so the compiler keeps what it has already laid out.
Fonts are those of the package and nothing else; the date comes from the edition: the same
input gives the same bytes. :func:`typeset_many` does a batch on several processes.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import typst

from terril.figures.icons import icons
from terril.figures.signals import signal_shapes
from terril.lib.problems import Problem, ProblemsError, Where
from terril.lib.tokens import COLOURS, FONT_FAMILY

HERE: Final = Path(__file__).resolve().parent
FONTS: Final = HERE / "fonts"
TEMPLATES: Final = HERE / "typst"
DATA_FILE: Final = "data.json"

_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


class TypesettingError(ProblemsError):
    """A document could not be typeset; holds one :class:`Problem` in French."""


def page_count(pdf: bytes) -> int:
    """Number of pages of a PDF made by :class:`Typesetter`."""
    return len(_PAGE.findall(pdf))


def document_date(iso: str) -> dt.datetime:
    """The moment written into the files of an edition: its day, at midnight UTC."""
    day = dt.date.fromisoformat(iso)
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Typesetter:
    """A Typst compiler for one template of ``reports/typst``.

    The template reads its data with ``json("data.json")``, the tokens through
    ``terril.typ``. Use it as a context manager: it owns a temporary folder.
    """

    def __init__(self, template: str, *, templates: Path = TEMPLATES) -> None:
        self.template = template
        self._folder = tempfile.TemporaryDirectory(prefix="terril-typst-")
        root = Path(self._folder.name)
        for source in sorted(templates.iterdir()):
            if source.is_file():
                (root / source.name).write_bytes(source.read_bytes())
        tokens = {
            "colours": COLOURS,
            "font": FONT_FAMILY,
            "shapes": signal_shapes(),
            "icons": icons(),
        }
        (root / "tokens.json").write_text(json.dumps(tokens), encoding="utf-8")
        self._data = root / DATA_FILE
        self._data.write_text("{}", encoding="utf-8")
        self._compiler = typst.Compiler(
            input=str(root / template),
            root=str(root),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
        )

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary folder."""
        self._folder.cleanup()

    def _put(self, data: Mapping[str, Any]) -> None:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        self._data.write_text(text, encoding="utf-8")

    def pdf(
        self,
        data: Mapping[str, Any],
        *,
        date: str,
        pages: int | None = None,
        name: str = "",
    ) -> bytes:
        """Typeset ``data`` as PDF/UA-1.

        ``date`` is the ISO date of the edition. ``pages``: the number of pages the
        document must have, any other number is refused. ``name`` says in errors which
        document failed. Raises :class:`TypesettingError`.
        """
        self._put(data)
        try:
            result = self._compiler.compile(
                format="pdf", pdf_standards=["ua-1"], timestamp=document_date(date)
            )
        except typst.TypstError as error:
            raise TypesettingError([_explain(error, self.template, name)]) from error
        pdf = _single(result)
        if pages is not None and (found := page_count(pdf)) != pages:
            raise TypesettingError([_page_problem(name or self.template, found, pages)])
        return pdf

    def png(self, data: Mapping[str, Any], *, ppi: float = 110.0, name: str = "") -> list[bytes]:
        """The pages as pictures, for looking and for the golden tests."""
        self._put(data)
        try:
            result = self._compiler.compile(format="png", ppi=ppi)
        except typst.TypstError as error:
            raise TypesettingError([_explain(error, self.template, name)]) from error
        return [bytes(page) for page in result] if isinstance(result, list) else [_single(result)]


def _single(result: object) -> bytes:
    if not isinstance(result, bytes):  # one PDF is one bytes object
        raise TypeError(f"unexpected result of the typesetter: {type(result).__name__}")
    return result


def _page_problem(name: str, found: int, expected: int) -> Problem:
    return Problem(
        code="nombre-de-pages",
        where=Where(file=name),
        what=f"le document fait {found} pages.",
        expected=f"{expected} pages.",
        remedy="raccourcir les textes ou retirer des lignes du modèle de fiche.",
    )


def _explain(error: typst.TypstError, template: str, name: str) -> Problem:
    message = str(getattr(error, "message", error))
    if "missing alt text" in message:
        return Problem(
            code="alternative-absente",
            where=Where(file=name or template),
            what="une figure n’a pas de texte de remplacement.",
            expected="un texte pour chaque figure qui porte un sens.",
            remedy="donner le texte de remplacement avec la figure.",
        )
    diagnostic = str(getattr(error, "diagnostic", "") or message).strip()
    return Problem(
        code="composition-impossible",
        where=Where(file=name or template),
        what=f"le moteur de composition s’arrête : {diagnostic}",
        expected="un gabarit et des données qui vont ensemble.",
        remedy="signaler ce message avec le nom du document.",
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One document of a batch.

    ``build`` is a module-level function (it crosses processes by name) that makes the
    data of the template from ``subject``.
    """

    template: str
    subject: Any
    build: Callable[[Any], Mapping[str, Any]]
    output: Path
    date: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its file, or the problems that refused it."""

    output: Path
    problems: tuple[Problem, ...] = ()


_setters: dict[str, Typesetter] = {}


def _run(job: Job) -> Outcome:
    setter = _setters.get(job.template)
    if setter is None:
        setter = _setters[job.template] = Typesetter(job.template)
    try:
        pdf = setter.pdf(
            job.build(job.subject), date=job.date, pages=job.pages, name=job.output.name
        )
    except ProblemsError as error:
        return Outcome(job.output, tuple(error.problems))
    write_atomic(job.output, pdf)
    return Outcome(job.output)


def _start_worker() -> None:
    """One document at a time and one thread each: the processes share the cores."""
    os.environ.setdefault("RAYON_NUM_THREADS", "1")


def _run_chunk(jobs: Sequence[Job]) -> list[Outcome]:
    return [_run(job) for job in jobs]


def _chunks(jobs: Iterable[Job], size: int) -> Iterator[list[Job]]:
    iterator = iter(jobs)
    while chunk := list(islice(iterator, size)):
        yield chunk


def typeset_many(
    jobs: Iterable[Job],
    *,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
    chunk: int = 8,
) -> list[Outcome]:
    """Typeset a batch; files are written atomically as they come.

    ``jobs`` may be a generator: a few chunks at a time are drawn from it. ``progress`` is
    called in this process with the number of documents just finished. The outcomes are in
    the order of the output paths; a refused document does not stop the others. With one
    process nothing is spawned.
    """
    processes = processes or max(1, os.cpu_count() or 1)
    outcomes: list[Outcome] = []

    def take(done: list[Outcome]) -> None:
        outcomes.extend(done)
        if progress is not None:
            progress(len(done))

    if processes == 1:
        for job in jobs:
            take([_run(job)])
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_start_worker) as pool:
            running: set[Future[list[Outcome]]] = set()
            for part in _chunks(jobs, chunk):
                running.add(pool.submit(_run_chunk, part))
                if len(running) > 2 * processes:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        take(future.result())
            for future in running:
                take(future.result())
    return sorted(outcomes, key=lambda outcome: str(outcome.output))
