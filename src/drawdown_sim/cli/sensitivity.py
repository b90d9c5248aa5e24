"""The command about what is not known: which assumptions matter, and what to find out first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Milestone, Out, Plot, Scenario, Seed, Store
from .printing import workers_of


@app.command(short_help="Which assumptions matter: what to find out first?")
def sensitivity(
    scenario: Scenario,
    by: Annotated[str, typer.Option(metavar="MEASURE", help="Rank by chance or by finish.")] = "chance",
    milestone: Milestone = None,
    replications: Annotated[int, typer.Option(metavar="N", help="Futures of each setting.")] = 300,
    trajectories: Annotated[int, typer.Option(metavar="N", min=0, help="Of the screening; 0 leaves it out.")] = 16,
    alone: Annotated[int, typer.Option(metavar="N", help="Assumptions screened alone; the others as one.")] = 12,
    apart: Annotated[bool, typer.Option("--apart", help="Move inputs that share a ground one by one.")] = False,
    seed: Seed = 1,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """Which assumptions matter among what is not known: a tornado, interactions, what to find out first.

    Example: drawdown-sim sensitivity baseline --by finish --plot tornado.png
    """
    from ..experiment.run import prepare
    from ..experiment.sensitivity import Design
    from ..experiment.sensitivity import sensitivity as ask
    from ..report.sensitivity import draw_sensitivity, sensitivity_report

    giving = Giving(as_json, plot, out, store)
    giving.check()
    base = prepare(scenario, seed)
    design = Design(replications, trajectories, alone)
    with workers_of(workers, engine, dask) as team:
        giving.give(
            lambda: ask(base, by=by, milestone=milestone, design=design, apart=apart, workers=team),
            sensitivity_report,
            draw_sensitivity,
        )
