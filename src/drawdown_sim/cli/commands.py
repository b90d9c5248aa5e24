"""Commands about one scenario: check it, run it, show it, where its numbers come from, what happens in a future."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Out, Plot, Scenario, Seed, Store
from .printing import json_text, print_plain, print_sections, width, workers_of


@app.command()
def check(scenario: Scenario, as_json: Json = False) -> None:
    """Check a scenario: print every fault, or ok and what it holds.

    Example: drawdown-sim check scenarios/baseline.yaml
    """
    from ..experiment.run import prepare
    from ..report.listings import check_counts, check_report

    bundle = prepare(scenario).bundle
    print_plain(check_counts(bundle) if as_json else check_report(bundle, width()))


@app.command(short_help="Can it be done in time, how likely, what binds?")
def run(
    scenario: Scenario,
    replications: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1_000_000, help="Futures to simulate; left out, 500.")
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(metavar="P", help="As many futures as it takes to know each chance within P, such as 0.02."),
    ] = None,
    seed: Seed = 1,
    out: Out = Path("results"),
    store: Store = True,
    spread: Annotated[
        int, typer.Option(metavar="N", min=2, max=1000, help="Settings of what is not known, 40 runs each.")
    ] = 24,
    no_spread: Annotated[bool, typer.Option("--no-spread", help="Leave out what is not known.")] = False,
    plot: Plot = None,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """Run a scenario: can it be done in time, how likely, what binds, what does it cost?

    Example: drawdown-sim run baseline --replications 1000 --seed 2
    """
    from ..experiment.precision import Precision
    from ..experiment.run import DEFAULT_REPLICATIONS, MOST_REPLICATIONS, prepare, simulate_all
    from ..experiment.spread import Design
    from ..experiment.store import save

    if precision is not None and replications is not None:
        raise typer.BadParameter("give --replications or --precision, not both")
    Giving(as_json, plot, out, store).check()
    asked = DEFAULT_REPLICATIONS if replications is None else replications
    enough = asked if precision is None else Precision(precision, MOST_REPLICATIONS)
    design = None if no_spread else Design(settings=spread)
    prepared = prepare(scenario, seed)
    with workers_of(workers, engine, dask) as team:
        result = simulate_all(prepared, enough, team, spread=design, out=out if store else None)
    try:
        result = save(result, out) if store else result
        if plot is not None:
            _draw_run(result, plot)
    finally:
        # a result that cannot be kept is still shown
        _print_run(result, as_json)


def _draw_run(result: Any, path: Path) -> None:
    from ..experiment.tables import answer_of
    from ..report.figures import save_figure
    from ..report.results_figure import draw_run

    save_figure(answer_of(result), draw_run, path)


def _print_run(result: Any, as_json: bool) -> None:
    from ..report.results import run_report

    folder = str(result.folder) if result.folder else None
    if as_json:
        precision = {"precision": result.precision} if result.precision else {}
        print_plain({**result.summary, **precision, "spread": result.spread, "results": folder})
    else:
        print_sections(run_report(result.summary, result.spread, folder, width(), result.precision))


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
    from ..report.listings import overview
    from ..scenario.load import load
    from ..scenario.resolve import resolved as resolve

    bundle = load(scenario)
    if as_json:
        print_plain(resolve(bundle))
    elif resolved or origin:
        from ..scenario.show import resolved_yaml

        typer.echo(resolved_yaml(bundle, origin), nl=False)
    else:
        print_sections(overview(bundle, width()))


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
    from ..report.listings import fact_entry, fact_report, find_fact, input_entries, sources_report
    from ..scenario.load import load, shipped_register

    if scenario is None and fact is None:
        raise typer.BadParameter("name a scenario, or a fact with --fact")
    bundle = load(scenario) if scenario is not None else None
    if fact is not None:
        register = bundle.register if bundle else shipped_register()
        found = find_fact(register, fact)
        print_plain(fact_entry(register, found) if as_json else fact_report(register, found, width()))
    elif bundle is not None:
        print_plain(input_entries(bundle) if as_json else sources_report(bundle, width()))


@app.command()
def schema(
    as_json: Annotated[bool, typer.Option("--json", help="The schema is JSON with or without this.")] = False,
) -> None:
    """Print the JSON schema of scenario files, for editors.

    Example: drawdown-sim schema > scenarios/scenario.schema.json
    """
    from ..scenario.jsonschema import schema_text

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
    from ..engine import simulate
    from ..experiment.run import prepare
    from ..report.trace import trace_csv, trace_rows

    plan = prepare(scenario, seed).plan
    trajectory = simulate(plan, seed, replication, engine)
    text = json_text(trace_rows(plan, trajectory)) if as_json else trace_csv(plan, trajectory)
    if out is None:
        typer.echo(text, nl=False)
    else:
        from ..experiment.store import write_whole

        write_whole(out, text.encode())
