"""The command about what cannot be."""

from __future__ import annotations

from pathlib import Path

from .app import app
from .giving import Giving
from .options import Json, Milestone, Out, Plot, Scenario, Store


@app.command(short_help="What cannot be: dates that no future can beat.")
def bound(
    scenario: Scenario,
    milestone: Milestone = None,
    out: Out = Path("results"),
    store: Store = True,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """What cannot be: dates before which no future reaches a milestone, proved from work, capacity and longest path.

    Nothing is simulated and nothing is left to chance. A date past the deadline is a proof that it cannot be met.

    Example: drawdown-sim bound no-acceleration --milestone phase-two
    """
    from ..experiment.bound import bound as ask
    from ..experiment.run import prepare
    from ..report.bound import bound_report, draw_bound

    giving = Giving(as_json, plot, out, store)
    giving.check()
    base = prepare(scenario)
    giving.give(lambda: ask(base, milestone=milestone), bound_report, draw_bound)
