"""The command that plays scenarios side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .experiments import Replications, Save, Seed, check_save, save_experiment, stated
from .giving import Giving
from .options import Count, Dask, Engine, Json, Milestone, Out, Plot, Store
from .printing import workers_of

if TYPE_CHECKING:
    from ..experiment.answers import Answer


@app.command(short_help="What if? Scenarios side by side, with the same luck.")
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="The base and the others; or one experiment's file.")
    ],
    replications: Replications = None,
    seed: Seed = None,
    milestone: Milestone = None,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    save: Save = None,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """Play scenarios with the same luck: what differs between them, and what that changes.

    The first is the base. Left out, --replications are 10,000 of each, or fewer if there are many scenarios.

    Example: drawdown-sim compare baseline escorts-halved no-truck-hold

    Example: drawdown-sim compare courses.yaml
    """
    from ..experiment.compare import compare as ask
    from ..report.compare import compare_report, draw_compare
    from ..scenario.experiment import Comparison, as_told, is_experiment, read_experiment
    from ..scenario.load import load

    check_save(save)
    said = stated(replications=replications, seed=seed, milestone=milestone)
    if len(scenarios) > 1:
        asked = as_told(Comparison, {"scenarios": scenarios, **said})
    elif is_experiment(scenarios[0]):
        read, _ = read_experiment(scenarios[0], Comparison)
        asked = as_told(Comparison, read.model_dump() | said)
    else:
        raise typer.BadParameter(f"'{scenarios[0]}' is alone; name two scenarios or more, or an experiment's file")
    bundles = [load(name) for name in asked.scenarios]

    with workers_of(workers, engine, dask) as team:

        def answer() -> Answer:
            found = ask(bundles, asked.replications, asked.seed, milestone=asked.milestone, workers=team)
            save_experiment(save, asked, bundles, found)
            return found

        Giving(as_json, plot, out, store).give(answer, compare_report, draw_compare)
