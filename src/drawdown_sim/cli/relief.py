"""The command that asks what would help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Milestone, Out, Plot, Scenario, Seed, Store
from .printing import workers_of


@app.command(short_help="What would help: each constraint relaxed by a step, alone and in pairs.")
def relief(
    scenario: Scenario,
    replications: Annotated[
        int, typer.Option(metavar="N", min=50, max=100_000, help="Futures for each relaxation that is measured.")
    ] = 500,
    steps: Annotated[
        int, typer.Option(metavar="N", min=1, max=10, help="Relax by so many steps: weeks, days, tenths, escorts.")
    ] = 1,
    milestone: Milestone = None,
    seed: Seed = 1,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """What would help: relax each constraint by a step, alone and in pairs, and compare with the same luck.

    Days on the binding chain and days saved stand side by side, since a cause need not be worth removing.

    Example: drawdown-sim relief baseline --plot relief.svg
    """
    from ..experiment.answers import Answer
    from ..experiment.relief import relief as ask
    from ..experiment.relief.answer import Size
    from ..experiment.run import prepare
    from ..report.relief import draw_relief, relief_report

    def answer() -> Answer:
        base = prepare(scenario, seed)
        with workers_of(workers, engine, dask) as team:
            return ask(base, milestone=milestone, steps=steps, size=Size(replications), workers=team)

    Giving(as_json, plot, out, store).give(answer, relief_report, draw_relief)
