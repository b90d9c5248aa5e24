"""The command line: each command parses, calls one function of the package, and prints.

Everything heavy is imported inside the commands, so that `--help` starts fast.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
import typer.core

from . import __version__
from .errors import DrawdownError

if TYPE_CHECKING:
    from .experiment.run import Progress
    from .report.tables import Section


class Group(typer.core.TyperGroup):
    """The commands, with what may go wrong in any of them.

    Exit code 0 whatever the verdict, 2 for bad input (typer's own for wrong usage), 130 on Ctrl-C.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run a command; faults that a user can mend are printed, never raised."""
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
            return found
        except DrawdownError as fault:
            _stop(str(fault), 2)
        except KeyboardInterrupt:
            _stop("stopped by Ctrl-C; no half-written file is left", 130)
        except MemoryError:
            _stop("out of memory; try fewer replications or workers, or a smaller scenario", 2)
        except BrokenPipeError:
            # whoever read us has seen enough; the flush at exit must not complain either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


def _stop(text: str, code: int) -> NoReturn:
    print(text, file=sys.stderr)
    sys.exit(code)


app = typer.Typer(
    name="drawdown-sim",
    cls=Group,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: Reports fit the terminal, within these columns; without a terminal the narrow one is used.
NARROW, WIDE = 80, 120

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A file, or the name of a shipped scenario.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Engine = Annotated[
    str, typer.Option(metavar="NAME", help="auto, reference or compiled; the results are the same.")
]  # fmt: skip
Seed = Annotated[int, typer.Option(metavar="N", min=0, help="Seed of all draws.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"drawdown-sim {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Can all who are due to leave be out by the deadline?

    Example: drawdown-sim run baseline
    """


@app.command()
def check(scenario: Scenario, as_json: Json = False) -> None:
    """Check a scenario: print every fault, or ok and what it holds.

    Example: drawdown-sim check scenarios/baseline.yaml
    """
    from .experiment.run import prepare
    from .report.listings import check_counts, check_report

    bundle = prepare(scenario).bundle
    _print(check_counts(bundle) if as_json else check_report(bundle, _width()))


@app.command(short_help="Can it be done in time, how likely, what binds?")
def run(
    scenario: Scenario,
    replications: Annotated[int, typer.Option(metavar="N", min=1, max=1_000_000, help="Futures to simulate.")] = 500,
    seed: Seed = 1,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where results are written to.")] = Path("results"),
    store: Annotated[bool, typer.Option("--store/--no-store", help="Write results, or print only.")] = True,
    spread: Annotated[
        int, typer.Option(metavar="N", min=2, max=1000, help="Settings of what is not known, 40 runs each.")
    ] = 24,
    no_spread: Annotated[bool, typer.Option("--no-spread", help="Leave out what is not known.")] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=256, help="Share the work; left out, one for each core.")
    ] = None,
    engine: Engine = "auto",
    as_json: Json = False,
) -> None:
    """Run a scenario: can it be done in time, how likely, what binds, what does it cost?

    Example: drawdown-sim run baseline --replications 1000 --seed 2
    """
    from .experiment.run import run as run_scenario
    from .experiment.spread import Design
    from .experiment.store import check_writable, save

    if store:
        check_writable(out)
    design = None if no_spread else Design(settings=spread)
    with _progress() as progress:
        result = run_scenario(
            scenario,
            replications,
            seed,
            workers=workers or _cores(),
            engine=engine,
            spread=design,
            progress=progress,
            on_compile=_tell_of_compiling,
        )
    try:
        result = save(result, out) if store else result
    finally:
        # a result that cannot be kept is still shown
        _print_run(result, as_json)


def _print_run(result: Any, as_json: bool) -> None:
    from .report.results import run_report

    folder = str(result.folder) if result.folder else None
    if as_json:
        _print({**result.summary, "spread": result.spread, "results": folder})
    else:
        _print_sections(run_report(result.summary, result.spread, folder, _width()))


@app.command(short_help="Show a scenario, or each value and what set it.")
def show(
    scenario: Scenario,
    resolved: Annotated[bool, typer.Option("--resolved", help="The scenario with everything spelled out.")] = False,
    origin: Annotated[bool, typer.Option("--origin", help="With --resolved: the file and line of each value.")] = False,
    as_json: Json = False,
) -> None:
    """Show a scenario: on a page, or resolved with the file and line that set each value.

    Example: drawdown-sim show baseline --resolved --origin
    """
    from .report.listings import overview
    from .scenario.load import load
    from .scenario.resolve import resolved as resolve

    bundle = load(scenario)
    if as_json:
        _print(resolve(bundle))
    elif resolved or origin:
        from .scenario.show import resolved_yaml

        typer.echo(resolved_yaml(bundle, origin), nl=False)
    else:
        _print_sections(overview(bundle, _width()))


@app.command(short_help="List every input with its sources, or one fact.")
def sources(
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="A file or a shipped name; not needed with --fact.")
    ] = None,
    fact: Annotated[str | None, typer.Option(metavar="ID", help="Print this fact of the register only.")] = None,
    as_json: Json = False,
) -> None:
    """List every input of a scenario with its ground and sources, or one fact.

    Example: drawdown-sim sources baseline

    Example: drawdown-sim sources --fact frame-deadline
    """
    from .report.listings import fact_entry, fact_report, find_fact, input_entries, sources_report
    from .scenario.load import load, shipped_register

    if scenario is None and fact is None:
        raise typer.BadParameter("name a scenario, or a fact with --fact")
    bundle = load(scenario) if scenario is not None else None
    if fact is not None:
        register = bundle.register if bundle else shipped_register()
        found = find_fact(register, fact)
        _print(fact_entry(register, found) if as_json else fact_report(register, found, _width()))
    elif bundle is not None:
        _print(input_entries(bundle) if as_json else sources_report(bundle, _width()))


@app.command()
def schema(
    as_json: Annotated[bool, typer.Option("--json", help="The schema is JSON with or without this.")] = False,
) -> None:
    """Print the JSON schema of scenario files, for editors.

    Example: drawdown-sim schema > scenarios/scenario.schema.json
    """
    from .scenario.jsonschema import schema_text

    typer.echo(schema_text(), nl=False)


@app.command()
def trace(
    scenario: Scenario,
    replication: Annotated[int, typer.Option(metavar="N", min=0, max=(1 << 32) - 1, help="Which future.")] = 0,
    seed: Seed = 1,
    engine: Engine = "auto",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File to write; left out, print.")] = None,
    as_json: Json = False,
) -> None:
    """Print everything that happens in one replication, as CSV.

    Example: drawdown-sim trace baseline --replication 0 --seed 1 --out trace.csv
    """
    from .engine import simulate
    from .experiment.run import prepare
    from .report.trace import trace_csv, trace_rows

    plan = prepare(scenario, seed).plan
    trajectory = simulate(plan, seed, replication, engine)
    text = _json(trace_rows(plan, trajectory)) if as_json else trace_csv(plan, trajectory)
    if out is None:
        typer.echo(text, nl=False)
    else:
        from .experiment.store import write_whole

        write_whole(out, text.encode())


def _tell_of_compiling() -> None:
    print("making the compiled engine for this machine, once: about half a minute", file=sys.stderr, flush=True)


def _cores() -> int:
    """Cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _width() -> int:
    """Columns to print in: the terminal's (or COLUMNS), within bounds."""
    return min(max(shutil.get_terminal_size((NARROW, 24)).columns, NARROW), WIDE)


def _json(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _print(content: Any) -> None:
    """Print lines of text as they are, anything else as JSON."""
    is_lines = isinstance(content, list) and all(isinstance(line, str) for line in content)
    typer.echo("\n".join(content) + "\n" if is_lines else _json(content), nl=False)


def _print_sections(sections: list[Section]) -> None:
    """Print sections apart from one another, headings bold where there is a terminal."""
    from .report.words import wrapped

    shown = [section for section in sections if section.lines]
    for at, section in enumerate(shown):
        typer.echo(("\n" if at else "") + _bold("\n".join(wrapped(section.title, _width()))))
        typer.echo("\n".join(section.lines))


def _bold(text: str) -> str:
    plain = "NO_COLOR" in os.environ or not sys.stdout.isatty()
    return text if plain else typer.style(text, bold=True)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A progress bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn
    from rich.progress import Progress as Bar

    shown = (*Bar.get_default_columns(), MofNCompleteColumn())
    with Bar(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def main() -> None:
    """Run the command line; the exit codes are those of `Group`."""
    app()
