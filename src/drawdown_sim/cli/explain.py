"""The command about what binds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Out, Plot, Scenario, Seed, Store
from .printing import workers_of


@app.command(short_help="Why it finishes when it does: what binds, how often, how long.")
def explain(
    scenario: Scenario,
    camp: Annotated[str | None, typer.Option(metavar="ID", help="Explain when this camp closes.")] = None,
    milestone: Annotated[
        str | None, typer.Option(metavar="ID", help="Explain this milestone; left out, the last that is reached.")
    ] = None,
    replication: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, max=(1 << 32) - 1, help="Tell the chain of this one future, and play no other."
        ),
    ] = None,
    replications: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="Futures to simulate.")] = 1000,
    seed: Seed = 1,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """What binds: the finish walked back through recorded causes, in many futures or in one.

    Example: drawdown-sim explain baseline --camp kidal

    Example: drawdown-sim explain baseline --replication 7
    """
    from ..experiment.explain import explain as ask
    from ..report.explain import explain_report
    from ..report.explain_figure import draw_explain

    with workers_of(workers, engine, dask) as team:
        Giving(as_json, plot, out, store).give(
            lambda: ask(
                scenario, replications, seed, workers=team, milestone=milestone, camp=camp, replication=replication
            ),
            explain_report,
            draw_explain,
        )
