"""Whoever watches a question sees it go on, and never start again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.calendar import calendar
from drawdown_sim.experiment.compare import compare
from drawdown_sim.experiment.explain import explain
from drawdown_sim.experiment.optimise import Effort as Trying
from drawdown_sim.experiment.optimise import optimise, space_of
from drawdown_sim.experiment.relief import Size, relief
from drawdown_sim.experiment.sensitivity import Design, sensitivity
from drawdown_sim.experiment.sweep import sweep
from drawdown_sim.experiment.threshold import Effort, Vary, threshold
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.scenario import load
from drawdown_sim.scenario.axes import Axis

TRUCKS = "assets.trucks.number"

#: Each question, small.
QUESTIONS: dict[str, Callable[[Path, Workers], Answer]] = {
    "explain": lambda path, team: explain(path, 70, workers=team),
    "relief": lambda path, team: relief(path, size=Size(50, screening=20, kept=4), workers=team),
    "threshold": lambda path, team: threshold(path, Vary(TRUCKS, "1", "5"), effort=Effort(80, 3), workers=team),
    "calendar": lambda path, team: calendar(path, 0.5, 20, workers=team),
    "sweep": lambda path, team: sweep(path, [Axis(TRUCKS, ("2 trucks", "5 trucks"))], 70, workers=team),
    "compare": lambda path, team: compare([path, "teaching/one-camp-one-road"], 70, workers=team),
    "sensitivity": lambda path, team: sensitivity(path, design=Design(20, 4), workers=team),
    "optimise": lambda path, team: optimise(
        path, space_of(load(path), ["lifts.flight.most"]), effort=Trying(3, 10, 10), workers=team
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_progress_never_goes_back(mission: Path, question: str) -> None:
    seen: list[tuple[int, int]] = []
    QUESTIONS[question](mission, Workers(1, progress=lambda done, total: seen.append((done, total))))
    done = [each for each, _ in seen]
    assert done == sorted(done)
    assert done[0] > 0
    assert all(each <= total for each, total in seen)
