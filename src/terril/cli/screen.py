"""Where does the command line write, on a terminal and in a pipe?

Results go to the standard output, progress and problems to the standard error. On a
terminal they have colour, tables and bars; in a pipe or a file they are plain lines, with a
tabulation between the columns, that other tools can read.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from terril.lib.french import nombre


class Screen:
    """The two outputs of a command."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout
        self._err = err if err is not None else sys.stderr
        self.rich_out = self._out.isatty()
        self.rich_err = self._err.isatty()
        self._console = Console(file=self._out, highlight=False, soft_wrap=True)
        self._console_err = Console(file=self._err, highlight=False, soft_wrap=True)

    def line(self, text: str = "", style: str = "") -> None:
        """Write one line of result."""
        self._write(self._console, self._out, self.rich_out, text, style)

    def title(self, text: str) -> None:
        """Write the title of a part of the result."""
        self.line(text, "bold")

    def note(self, text: str = "", style: str = "") -> None:
        """Write one line for the person, out of the result."""
        self._write(self._console_err, self._err, self.rich_err, text, style)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write a table: drawn on a terminal, tabulated lines elsewhere."""
        if not self.rich_out:
            for row in (heads, *rows):
                print("\t".join(cell.replace("\n", " ") for cell in row), file=self._out)
            return
        drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for head in heads:
            drawn.add_column(Text(head), overflow="fold")
        for row in rows:
            drawn.add_row(*(Text(cell) for cell in row))
        self._console.print(drawn, soft_wrap=False)

    def progress(self) -> ScreenProgress:
        """Return a progress drawn on the standard error, to be used in a ``with``."""
        return ScreenProgress(self._console_err if self.rich_err else None, self._err)

    @staticmethod
    def _write(console: Console, stream: TextIO, rich: bool, text: str, style: str) -> None:
        if rich:
            console.print(Text(text, style=style))
        else:
            print(text, file=stream)


class ScreenProgress:
    """A :class:`terril.lib.progress.Progress`: a bar a stage, or a plain line a stage."""

    def __init__(self, console: Console | None, stream: TextIO) -> None:
        self._stream = stream
        self._began = time.perf_counter()
        self._label = ""
        self._task: TaskID | None = None
        self._bars = (
            RichProgress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=28),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
            )
            if console is not None
            else None
        )

    def __enter__(self) -> ScreenProgress:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._end()
        if self._bars is not None:
            self._bars.stop()

    def stage(self, label: str, total: int | None = None) -> None:
        """Begin a stage."""
        self._end()
        self._label, self._began = label, time.perf_counter()
        if self._bars is not None:
            self._task = self._bars.add_task(label, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar of the current stage."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, steps)

    def _end(self) -> None:
        if not self._label:
            return
        if self._bars is not None and self._task is not None:
            total = self._bars.tasks[-1].total
            done = total if total is not None else 1
            self._bars.update(self._task, total=done, completed=done)
        elif self._bars is None:
            seconds = nombre(time.perf_counter() - self._began, 1)
            print(f"{self._label} ({seconds}\u202fs)", file=self._stream, flush=True)
        self._label = ""
