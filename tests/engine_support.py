"""Small scenarios for tests of the engine: builders, and their trajectories as rows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from drawdown_sim.analysis.names import activity_name, entity_name, name_of
from drawdown_sim.engine import simulate
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import COLUMNS, Hold, Kind, Trajectory
from drawdown_sim.scenario import load

Tree = dict[str, Any]
Simulate = Callable[[Plan, int, int], Trajectory]

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="the compiled engine needs numba")

#: The engines, for tests that any engine must pass.
ENGINES = [
    pytest.param(partial(simulate, engine="reference"), id="reference"),
    pytest.param(partial(simulate, engine="compiled"), id="compiled", marks=needs_numba),
]
each_engine = pytest.mark.parametrize("simulate", ENGINES)

START = date(2024, 1, 1)

HEAD: Tree = {
    "format": 1,
    "title": "built by a test",
    "because": "invented for a test",
    "start": "2024-01-01",
    "horizon": "2024-04-10",
    "as_of": "2024-01-01",
}


class Row(NamedTuple):
    """One row of a trajectory."""

    number: int
    minute: int
    kind: int
    movement: int
    entity: int
    activity: int
    place: int
    item: int
    quantity: int
    held_by: int
    cause: int


# --- from a tree to rows ---------------------------------------------------------------------------


def plan_of(tree: Tree) -> Plan:
    """The plan of a scenario given as a dictionary, through the reader of files.

    Raises ScenarioError or PlanError for one that would be refused.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(json.dumps(HEAD | tree))  # JSON is YAML
        return compile_plan(load(path))


def rows_of(trajectory: Trajectory) -> list[Row]:
    """The table as a list of rows."""
    columns = [getattr(trajectory, name).tolist() for name in COLUMNS]
    return [Row(number, *cells) for number, cells in enumerate(zip(*columns, strict=True))]


def told(plan: Plan, row: Row) -> tuple[object, ...]:
    """A row in words that do not depend on the order of entities: all but its number, movement and cause."""
    activity: object = activity_name(plan, row.kind, row.activity)
    if row.kind in (Kind.PREPARE, Kind.READY):
        activity = row.place  # a stage has no id
    entity = entity_name(plan, row.kind, row.entity)
    if row.kind == Kind.WAITING:
        entity = name_of(plan.lift_ids if row.movement >= 0 or row.quantity >= 0 else plan.camp_ids, row.entity)
    return (
        row.minute,
        Kind(row.kind).name,
        entity,
        name_of(plan.place_ids, activity) if isinstance(activity, int) else activity,
        name_of(plan.place_ids, row.place),
        name_of(plan.item_ids, row.item),
        row.quantity,
        Hold(row.held_by).name,
    )


def day(number: int) -> str:
    """The date so many days after the start of these scenarios."""
    return (START + timedelta(days=number)).isoformat()


def change_texts(tree: Tree, change: Callable[[str], str]) -> Tree:
    """The tree with every text in it, keys included, changed."""

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {change(key): walk(entry) for key, entry in node.items()}
        if isinstance(node, (list, tuple)):
            return [walk(entry) for entry in node]
        return change(node) if isinstance(node, str) else node

    changed: Tree = walk(tree)
    return changed


# --- builders --------------------------------------------------------------------------------------


def drawn(form: str, *numbers: str) -> Tree:
    """A quantity with a distribution."""
    return {"value": {form: list(numbers)}, "because": "a test"}


def dated(steps: dict[int, str]) -> Tree:
    """A quantity by date, from days since the start."""
    return {"value": {"by_date": {day(number): text for number, text in steps.items()}}, "because": "a test"}


def leg(a: str, b: str, days: int, **more: object) -> Tree:
    """A road that takes so many days."""
    return {"between": [a, b], "mode": "road", "distance": f"{days * 100} km", "rate": "100 km/day"} | more


def lot(at: str, via: list[str], number: int, **more: object) -> Tree:
    """Containers of the UN."""
    way: Tree = {"owner": "un", "kind": "container", "at": at, "number": f"{number} loads", "via": via}
    return way | {"disposition": "repatriate"} | more


def group(at: str, via: list[str], number: int, **more: object) -> Tree:
    """Troops of the one battalion of these scenarios."""
    return {"contingent": "battalion", "kind": "troops", "at": at, "number": f"{number} persons", "via": via} | more


def convoy(start: str, to: str, *route: str, **more: object) -> Tree:
    """A lift for cargo with the means of its origin, one load a vehicle, unless told otherwise."""
    plain: Tree = {"mode": "road", "pick_up": [start], "to": to, "route": list(route), "based": "origin"}
    return plain | {"carries": "cargo", "classes": ["cargo"], "capacity": "1 load/vehicle"} | more


def bus(start: str, to: str, *route: str, **more: object) -> Tree:
    """A lift for people with the means of its origin, twenty persons a vehicle, unless told otherwise."""
    return convoy(start, to, *route, carries="people", classes=["people"], capacity="20 person/vehicle") | more


def column(start: str, to: str, *route: str, **more: object) -> Tree:
    """The march-out of a camp."""
    return bus(start, to, *route, carries="column", returns=False) | more
