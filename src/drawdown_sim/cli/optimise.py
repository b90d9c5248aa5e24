"""The command that asks what plan would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .giving import Giving
from .options import Count, Dask, Engine, Json, Milestone, Out, Plot, Scenario, Seed, Store
from .printing import workers_of

if TYPE_CHECKING:
    from ..experiment.answers import Answer
    from ..scenario.resolve import Bundle

Free = Annotated[
    list[str] | None,
    typer.Option(
        "--free", metavar="PATH[=LOW..HIGH]", help="An input that may be chosen; left out, those marked free."
    ),
]
KeepSum = Annotated[
    list[str] | None,
    typer.Option("--keep-sum", metavar="PATH,PATH,...", help="Free inputs whose total stays: trucks among hubs."),
]
For = Annotated[str, typer.Option("--for", metavar="AIM", help="chance, losses, exposure or balanced.")]
Save = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the plan found as a scenario, .yaml.")]


@app.command(short_help="What plan would do best?")
def optimise(
    scenario: Scenario,
    free: Free = None,
    keep_sum: KeepSum = None,
    aim: For = "balanced",
    save: Save = None,
    trials: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="Plans to try.")] = 200,
    replications: Annotated[int, typer.Option(metavar="N", min=2, max=100_000, help="Futures for each plan.")] = 200,
    confirm: Annotated[
        int, typer.Option(metavar="N", min=2, max=1_000_000, help="Fresh futures for the plan found.")
    ] = 1000,
    milestone: Milestone = None,
    seed: Seed = 1,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    plot: Plot = None,
    out: Out = Path("results"),
    store: Store = True,
    as_json: Json = False,
) -> None:
    """What plan would do: choose the free inputs for chance, losses and exposure, and confirm on fresh futures.

    Example: drawdown-sim optimise baseline --free assets.trucks-gao.number --free assets.trucks-mopti.number
    --keep-sum assets.trucks-gao.number,assets.trucks-mopti.number --save plan.yaml
    """
    from ..experiment.optimise import Effort
    from ..experiment.optimise import optimise as ask_optimise
    from ..experiment.optimise.space import space_of
    from ..experiment.run import prepare
    from ..report.optimise import draw_optimise, optimise_report
    from ..scenario.extending import check_extension

    base = prepare(scenario, seed)
    sums = [[path.strip() for path in text.split(",")] for text in keep_sum or []]
    space = space_of(base.bundle, free or [], sums)
    if save is not None:
        check_extension(base.bundle, save)
    answers: list[Answer] = []

    def ask() -> Answer:
        with workers_of(workers, engine, dask) as team:
            effort = Effort(trials, replications, confirm)
            answers.append(ask_optimise(base, space, workers=team, aim=aim, milestone=milestone, effort=effort))
        return answers[0]

    Giving(as_json, plot, out, store).give(ask, optimise_report, draw_optimise)
    if save is not None:
        _save(answers[0], base.bundle, save)


def _save(answer: Answer, bundle: Bundle, path: Path) -> None:
    """Write the plan found; say so apart from the answer, which machines may read."""
    from ..experiment.store import write_whole
    from ..scenario.extending import check_extension

    text = answer.found["extension"]
    if text is None:
        typer.echo(f"{path}: not written, for the plan found is the scenario as it stands", err=True)
        return
    check_extension(bundle, path)
    write_whole(path, text.encode())
    typer.echo(f"plan found: {path}; 'drawdown-sim run {path}' plays it", err=True)
