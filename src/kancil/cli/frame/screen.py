"""The terminal: plain sentences, tables and progress, safe against hostile text.

Control characters in names and paths are replaced before they are printed, so that nothing from
an exhibit can steer a terminal; Rich's markup is off.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kancil.ground.progress import SILENT
from kancil.ground.progress import Progress as Watch
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import harmless, render


class Screen:
    """Where a command's text goes: standard output for answers, standard error for progress."""

    def __init__(self, *, quiet: bool) -> None:
        """Take whether answers are JSON, so that nothing else is printed."""
        self._quiet = quiet
        self._out = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
        self._err = Console(stderr=True, markup=False, highlight=False, emoji=False)

    @property
    def is_terminal(self) -> bool:
        """Whether a person sits at a terminal: both to read and to answer."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def say(self, text: str = "") -> None:
        """Print a sentence or a block of text."""
        self._out.print(Text(harmless(text)))

    def warn(self, text: str) -> None:
        """Print a sentence that is no part of the answer, on standard error."""
        self._err.print(Text(harmless(text)), soft_wrap=True)

    def title(self, text: str) -> None:
        """Print a heading."""
        self._out.print(Text(harmless(text), style="bold"))

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Print names and values, aligned."""
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(Text(harmless(name), style="dim"), Text(harmless(value)))
        self._print_table(table)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table; a column whose name ends in `>` is aligned right."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            right = column.endswith(">")
            table.add_column(
                Text(column.removesuffix(">")),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=right,
            )
        for row in rows:
            table.add_row(*(Text(harmless(cell)) for cell in row))
        self._print_table(table)

    def _print_table(self, table: Table) -> None:
        if self._out.is_terminal:
            self._out.print(table)
        else:
            # A pipe or a file has no width; identifiers must stay whole for those who search.
            wide = Console(file=StringIO(), width=240, markup=False, highlight=False, emoji=False)
            with wide.capture() as capture:
                wide.print(table)
            lines = [line.rstrip() for line in capture.get().splitlines()]
            sys.stdout.write("\n".join(line for line in lines if line) + "\n")

    @contextmanager
    def progress(self) -> Iterator[Watch]:
        """A progress that draws on a terminal's standard error, and is silent elsewhere."""
        if self._quiet or not self._err.is_terminal:
            yield SILENT
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._err, transient=True) as bar:
            yield _Drawn(bar)


class _Drawn:
    """Progress drawn with Rich, one line a stage."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._unit = ""
        self._done = 0

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Begin a stage."""
        self._unit, self._done = unit, 0
        self._task = self._bar.add_task(harmless(render(label)), total=total, done="")

    def advance(self, amount: int) -> None:
        """Draw that this many more units are done."""
        if self._task is None:
            return
        self._done += amount
        done = bytes_text(self._done) if self._unit == "bytes" else grouped(self._done)
        self._bar.update(self._task, advance=amount, done=done)

    def finish(self) -> None:
        """End the stage."""
        if self._task is not None:
            self._bar.update(self._task, total=max(self._done, 1), completed=max(self._done, 1))
        self._task = None
