"""How far until it breaks: where the chance of a milestone crosses a line as an input moves, and a frontier of two.

The search is that of `crossings`, with common random numbers; what its interval covers is simulation error alone.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from ...analysis.measures import milestone_row
from ...engine import choose
from ...errors import DrawdownError, ScenarioError
from ..answers import Answer, Cell
from ..run import Playable, Prepared, prepare
from ..variants import play, variant
from ..workers import Workers
from .axis import Axis, Vary, axis_of
from .crossings import find_crossings
from .moved import Moved, Setting, setting
from .tables import (
    Effort,
    Line,
    asked,
    crossings_table,
    found_of,
    frontier_row,
    frontier_table,
    input_of,
    values_table,
)

#: The thresholds of a frontier are found to this part of the first input's span.
GAPS = 40


def threshold(
    scenario: Playable,
    first: Vary,
    second: Vary | None = None,
    seed: int | None = None,
    *,
    line: Line | None = None,
    effort: Effort | None = None,
    workers: Workers | int = 1,
) -> Answer:
    """Where the chance of a milestone crosses a line as an input is moved.

    With a second input also for each of its values: the frontier. A line that is left out is a chance of 80 % of the
    primary milestone. Raises ScenarioError, PlanError or EngineError.
    """
    base = prepare(scenario, seed)
    line, effort = _line(base, line or Line()), effort or Effort()
    _check(first, second, effort)
    # one engine for the whole search: a single step of it may be too short to choose by
    team = Workers.of(workers)
    team = replace(team, engine=choose(team.engine, effort.replications * effort.grid)).towards()
    axis = axis_of(base.bundle, first)
    across = None if second is None else axis_of(base.bundle, second, "--and")
    curve = Moved(base, axis, line.milestone, team)
    grid = _grid(axis, effort.grid)
    found = find_crossings(curve, line.probability, grid, effort.first, effort.replications)
    shown = [value for crossing in found.crossings for value in (crossing.kept, crossing.broken)]
    most = max((curve.chance(value).runs for value in shown), default=effort.first)
    here, played = _here(base, curve, line, most, team)
    tables = [crossings_table(axis, found), values_table(curve, line, {*grid, *shown})]
    more: dict[str, Any] = {}
    if across is not None:
        rows, refused, for_rows = _frontier(base, axis, across, line, effort, team)
        played += for_rows
        tables.append(frontier_table(axis, across, rows))
        more = {"second": input_of(across) | {"refused": refused}}
    return base.answer(
        "threshold",
        curve.played + played,
        asked(axis, across, line, effort),
        found_of(base, curve, found, line) | {"base": asdict(here)} | more,
        tuple(tables),
    )


def _line(base: Prepared, line: Line) -> Line:
    """The line with its milestone named."""
    about = base.plan.milestone_ids[milestone_row(base.plan, line.milestone or None)]
    if not 0 < line.probability < 1:
        raise DrawdownError(f"--probability {line.probability}: expected more than 0 and less than 1, such as 0.8")
    return Line(line.probability, about)


def _check(first: Vary, second: Vary | None, effort: Effort) -> None:
    if second is not None and second.path == first.path:
        raise ScenarioError([f"--and {second.path}: that is the input of --vary; name another one"])
    for name, least in (("replications", 1), ("grid", 2), ("rows", 2)):
        number = getattr(effort, name)
        if number < least:
            raise DrawdownError(f"--{name} {number}: expected {least} or more")


def _grid(axis: Axis, points: int) -> list[int]:
    """The values looked at first, the scenario's own among them."""
    own = [axis.base_at] if axis.base_at is not None else []
    return sorted({*axis.grid(points), *own})


def _here(base: Prepared, curve: Moved, line: Line, replications: int, workers: Workers) -> tuple[Setting, int]:
    """The scenario as it is, and how many replications it took beside those of the curve."""
    axis = curve.axis
    if axis.base_at is not None:
        curve.measure([axis.base_at], replications)
        return curve.setting(axis.base_at, line.probability), 0
    (sample,) = play([base], replications, workers)
    return setting(axis, axis.base, sample, line.milestone, line.probability), replications


def _frontier(
    base: Prepared, axis: Axis, across: Axis, line: Line, effort: Effort, workers: Workers
) -> tuple[list[tuple[Cell, ...]], list[str], int]:
    """The threshold of the first input for each value of the second, the values that make no plan, the replications."""
    rows, refused, played = [], [], 0
    # half as dense as the grid of the threshold itself, since there is one for each row
    grid, gap = axis.grid(effort.grid // 2 + 1), max(1, axis.last // GAPS)
    for value in _grid(across, effort.rows):
        number = across.number(value)
        change = {} if value == across.base_at else {across.path: across.to(number)}
        moved = variant(base, across.told(number), change)
        if moved.prepared is None:
            refused.append(f"{moved.name}: {moved.refused}")
            continue
        curve = Moved(moved.prepared, axis, line.milestone, workers)
        found = find_crossings(curve, line.probability, grid, effort.first, effort.first, gap)
        rows.append(frontier_row(across, number, curve, found, line))
        played += curve.played
    return rows, refused, played
