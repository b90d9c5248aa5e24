"""How answers reach the terminal: within its width, bold where it can, with progress where somebody looks."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ..experiment.workers import Progress, Workers
    from ..report.tables import Section

#: Reports fit the terminal, within these columns; without a terminal the narrow one is used.
NARROW, WIDE = 80, 120


def tell_of_compiling() -> None:
    print("making the compiled engine for this machine, once: about half a minute", file=sys.stderr, flush=True)


def cores() -> int:
    """Cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def width() -> int:
    """Columns to print in: the terminal's (or COLUMNS), within bounds."""
    return min(max(shutil.get_terminal_size((NARROW, 24)).columns, NARROW), WIDE)


def json_text(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def print_plain(content: Any) -> None:
    """Print lines of text as they are, anything else as JSON."""
    is_lines = isinstance(content, list) and all(isinstance(line, str) for line in content)
    typer.echo("\n".join(content) + "\n" if is_lines else json_text(content), nl=False)


def print_sections(sections: list[Section]) -> None:
    """Print sections apart from one another, headings bold where there is a terminal."""
    from ..report.words import wrapped

    shown = [section for section in sections if section.lines]
    for at, section in enumerate(shown):
        typer.echo(("\n" if at else "") + _bold("\n".join(wrapped(section.title, width()))))
        typer.echo("\n".join(section.lines))


def _bold(text: str) -> str:
    plain = "NO_COLOR" in os.environ or not sys.stdout.isatty()
    return text if plain else typer.style(text, bold=True)


@contextmanager
def workers_of(count: int | None, engine: str, dask: str | None = None) -> Iterator[Workers]:
    """The workers that a command was told to take, with progress on stderr where that is a terminal."""
    from ..experiment.workers import Workers

    with _progress() as progress:
        yield Workers(count or cores(), engine, progress=progress, on_compile=tell_of_compiling, dask=dask)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """How many replications are done, how many a second, and how long the rest will take."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, ProgressColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """Replications a second."""

        def render(self, task: Any) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    shown = (*Bar.get_default_columns(), MofNCompleteColumn(), Rate())
    with Bar(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
