"""The command that plays a scenario with inputs set to several values."""

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

Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=V1,V2", help="Values of an input, as under `value:`; PATH=LOW..HIGH; or PATH."),
]
Design = Annotated[
    str | None, typer.Option(metavar="NAME", help="full: every combination; lhs: a Latin hypercube over ranges.")
]
Settings = Annotated[
    int | None, typer.Option(metavar="N", min=2, max=500, help="Settings of a hypercube, 24 if left out.")
]


@app.command(short_help="What if? A scenario with inputs set to several values.")
def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario, or an experiment's file.")],
    sets: Sets = None,
    design: Design = None,
    settings: Settings = None,
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
    """Set inputs of a scenario to several values, each setting played with the same luck.

    PATH=LOW..HIGH moves an input across a range, PATH alone across its own. Left out, --replications are 2,000 of each
    setting, or fewer if there are many.

    Example: drawdown-sim sweep baseline --set "assets.trucks-gao.number=50 trucks,100 trucks,150 trucks"

    Example: drawdown-sim sweep baseline --set assets.trucks-gao.number --set quotas.charters.limit --design lhs
    """
    from ..experiment.sweep import sweep as ask
    from ..report.sweep import sweep_report
    from ..report.sweep_figures import draw_sweep
    from ..scenario.axes import read_axis
    from ..scenario.experiment import Sweep, as_told, is_experiment, read_experiment
    from ..scenario.load import load

    check_save(save)
    said = stated(replications=replications, seed=seed, milestone=milestone, design=design, settings=settings)
    if is_experiment(scenario):
        if sets:
            raise typer.BadParameter(
                f"--set beside the experiment's file {scenario}; write it into the file, under 'set'"
            )
        asked, axes = read_experiment(scenario, Sweep)
        asked = as_told(Sweep, asked.model_dump() | said)
    elif not sets:
        raise typer.BadParameter("nothing is set; give --set PATH=V1,V2 once or more, or an experiment's file")
    else:
        axes = [read_axis(told) for told in sets]
        asked = as_told(Sweep, {"scenario": scenario, "set": {axis.path: axis.written() for axis in axes}, **said})
    bundle = load(asked.scenario)

    with workers_of(workers, engine, dask) as team:

        def answer() -> Answer:
            found = ask(
                bundle,
                axes,
                asked.replications,
                asked.seed,
                design=asked.design,
                settings=asked.settings,
                milestone=asked.milestone,
                workers=team,
            )
            save_experiment(save, asked, [bundle], found)
            return found

        Giving(as_json, plot, out, store).give(answer, sweep_report, draw_sweep)
