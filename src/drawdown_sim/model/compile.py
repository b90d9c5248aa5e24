"""From a scenario to a plan: every entity a row, every quantity an integer.

Rows are ordered by id and every row draws under a key of its own id, so that the order of a file has
no meaning and a new entry shifts nobody's luck. What each column means is said in `plan`; the rules by
which it is filled are said where they are applied, in the compilers of the tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Protocol

from ..errors import PlanError
from ..scenario.schema import Scenario
from .compile_camps import compile_camps, compile_decisions, compile_milestones
from .compile_items import Item, compile_contingents, compile_items, people_at_start, read_items
from .compile_lifts import compile_candidates, compile_lifts, compile_routes
from .compile_means import compile_assets, compile_gates, compile_quotas
from .compile_world import compile_bans, compile_drivers, compile_legs, compile_places, compile_threats
from .plan import Ints, Plan
from .reading import Reader, calendar_tables, ints, keys

#: Longest time from start to horizon [day]: twenty years.
LONGEST = 20 * 366

#: Most distinct inverse tables; each takes 8 KB.
MOST_TABLES = 10_000


class Bundle(Protocol):
    """What `scenario.load` returns, as far as the compiler needs it."""

    @property
    def scenario(self) -> Scenario: ...


def compile_plan(source: Bundle | Scenario, *, nominal: bool = False) -> Plan:
    """The plan of a scenario, its only form that an engine reads.

    With `nominal`, every distribution is replaced by its median; chances (drivers, refusals, bans that may
    happen, strikes) stay chances. Raises PlanError, which names the place, for what cannot be expressed
    or is out of bounds.
    """
    scenario = source if isinstance(source, Scenario) else source.scenario
    _check_clock(scenario)
    reader = Reader(scenario, nominal=nominal)
    items = read_items(reader)
    tables = _tables(reader, items)
    if len(reader.store) > MOST_TABLES:
        raise PlanError(f"{len(reader.store)} different distributions; expected at most {MOST_TABLES}")
    tables |= reader.store.arrays()
    tables |= calendar_tables(reader.calendar)
    for table in tables.values():
        table.setflags(write=False)
    arguments: dict[str, Any] = {**_ids(scenario), **tables}
    assert {field.name for field in fields(Plan)} == {*arguments, "start", "horizon"}
    return Plan(start=scenario.start, horizon=reader.horizon, **arguments)


def _check_clock(scenario: Scenario) -> None:
    """The clock runs from 00:00 of the start to 00:00 of the horizon."""
    days = (scenario.horizon - scenario.start).days
    if not 0 < days <= LONGEST:
        raise PlanError(
            f"horizon: {scenario.horizon} is {days} days after the start, {scenario.start}; expected 1 to {LONGEST}"
        )


def _tables(reader: Reader, items: list[Item]) -> dict[str, Ints]:
    """All tables save those of the store and the calendar, which the others fill."""
    areas = sorted(reader.scenario.areas)
    return {
        "area_key": ints(keys("area", areas)),
        **compile_places(reader, people_at_start(reader, items)),
        **compile_drivers(reader),
        **compile_legs(reader),
        **compile_threats(reader),
        **compile_bans(reader),
        **compile_gates(reader),
        **compile_assets(reader),
        **compile_quotas(reader),
        **compile_contingents(reader),
        **compile_items(reader, items),
        **compile_lifts(reader),
        **compile_routes(reader),
        **compile_candidates(reader, items),
        **compile_camps(reader),
        **compile_decisions(reader),
        **compile_milestones(reader),
    }


def _ids(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The names of the rows of every kind."""

    def names(entries: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(entries))

    return {
        "place_ids": names(scenario.places),
        "area_ids": names(scenario.areas),
        "driver_ids": names(scenario.drivers),
        "leg_ids": names(scenario.legs),
        "threat_ids": names(scenario.threats),
        "ban_ids": names(scenario.bans),
        "authority_ids": names(scenario.authorities),
        "gate_ids": names(scenario.clearances),
        "asset_ids": names(scenario.assets),
        "quota_ids": names(scenario.quotas),
        "contingent_ids": names(scenario.contingents),
        "item_ids": names(scenario.people) + names(scenario.cargo),
        "lift_ids": names(scenario.lifts),
        "camp_ids": names(scenario.camps),
        "decision_ids": names(scenario.decisions),
        "milestone_ids": names(scenario.milestones),
    }
