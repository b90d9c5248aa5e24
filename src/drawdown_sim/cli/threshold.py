"""The command `threshold`: how far an input can go until the chance breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Milestone, Out, Plot, Scenario, Seed, Store
from .printing import workers_of

_End = "written as in the scenario; a date also as days (+10), a value by date as a factor"


@app.command(short_help="How far can an input go until the chance breaks?")
def threshold(
    scenario: Scenario,
    path: Annotated[str, typer.Option("--vary", metavar="PATH", help="The input that is moved.")],
    low: Annotated[str | None, typer.Option("--from", metavar="A", help=f"Its least value, {_End}.")] = None,
    high: Annotated[str | None, typer.Option("--to", metavar="B", help="Its greatest value.")] = None,
    second: Annotated[str | None, typer.Option("--and", metavar="PATH", help="A second input: a frontier.")] = None,
    second_low: Annotated[str | None, typer.Option("--and-from", metavar="A", help="Its least value.")] = None,
    second_high: Annotated[str | None, typer.Option("--and-to", metavar="B", help="Its greatest value.")] = None,
    probability: Annotated[float, typer.Option(metavar="P", help="The chance that must be kept.")] = 0.8,
    milestone: Milestone = None,
    replications: Annotated[
        int, typer.Option(metavar="N", min=1, max=20_000, help="Futures per value at most.")
    ] = 2000,
    grid: Annotated[int, typer.Option(metavar="N", min=2, max=1000, help="Values looked at first.")] = 9,
    rows: Annotated[int, typer.Option(metavar="N", min=2, max=100, help="Values of the second input.")] = 7,
    seed: Seed = 1,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """How far can an input go until the chance of a milestone breaks: how many escorts at least, how many days at most?

    Ends that are left out are those of the input's range.

    Example: drawdown-sim threshold baseline --vary residual.number --probability 0.8

    Example: drawdown-sim threshold baseline --vary quotas.people-out.limit --and residual.number --plot frontier.svg
    """
    from ..experiment.run import prepare
    from ..experiment.threshold import threshold as ask
    from ..experiment.threshold.axis import Vary
    from ..experiment.threshold.tables import Effort, Line
    from ..report.threshold import threshold_report
    from ..report.threshold_figure import draw_threshold

    if second is None and (second_low, second_high) != (None, None):
        raise typer.BadParameter("--and-from and --and-to need --and")
    giving = Giving(as_json, plot, out, store)
    giving.check()
    base = prepare(scenario, seed)
    other = Vary(second, second_low, second_high) if second is not None else None
    with workers_of(workers, engine, dask) as team:
        giving.give(
            lambda: ask(
                base,
                Vary(path, low, high),
                other,
                line=Line(probability, milestone or ""),
                effort=Effort(replications, grid, rows),
                workers=team,
            ),
            threshold_report,
            draw_threshold,
        )
