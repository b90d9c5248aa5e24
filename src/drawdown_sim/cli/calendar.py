"""The command `calendar`: until when each decision, order, clearance or contract keeps the chance."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Milestone, Out, Plot, Scenario, Seed, Store
from .printing import workers_of


@app.command(short_help="Until when can each date wait, and what moves next?")
def calendar(
    scenario: Scenario,
    probability: Annotated[float, typer.Option(metavar="P", help="The chance to keep, between 0 and 1.")] = 0.8,
    milestone: Milestone = None,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=366, help="Days of the next moves.")] = 30,
    first: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="First of them; left out, the start."),
    ] = None,
    replications: Annotated[int, typer.Option(metavar="N", min=10, max=100_000, help="Futures for each day.")] = 250,
    seed: Seed = 1,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """Until when: the last day on which each decision, order, clearance or contract keeps the chance; the next moves.

    Example: drawdown-sim calendar baseline --probability 0.8 --days 30
    """
    from ..experiment.calendar import calendar as ask
    from ..report.calendar import calendar_report, draw_calendar

    day = first.date() if first else None
    with workers_of(workers, engine, dask) as team:
        Giving(as_json, plot, out, store).give(
            lambda: ask(
                scenario, probability, replications, seed, milestone=milestone, first=day, days=days, workers=team
            ),
            calendar_report,
            draw_calendar,
        )
