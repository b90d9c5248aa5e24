"""Compiling camps, decisions and milestones."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..errors import PlanError
from ..scenario.schema import Camp, Condition, Decision, Milestone
from .compile_world import driver_states
from .plan import CargoKind, Does, Entry, Ints
from .reading import Reader, columns, flag_matrix, in_order, ints, keys, ragged, records


def compile_camps(reader: Reader) -> dict[str, Ints]:
    """Camps and their plan: windows, order of closure, gates, pauses, minimum force."""
    camps = in_order(reader.scenario.camps)
    rows = [_camp(reader, name, camp) for name, camp in camps]
    windows, first = [], 0
    for row, (name, camp) in enumerate(camps):
        windows.append(_windows(reader, name, camp))
        for i, (known, _) in enumerate(windows[-1]):
            reader.enter(known, Entry.WINDOW, row, first + i)
        first += len(windows[-1])
    names = (
        "place", "closes", "column", "handover", "least", "perimeter", "cargo", "satellites", "keep", "opens",
        "receiver",
    )  # fmt: skip
    after = [reader.rows_of("camps", camp.after, f"camps.{name}.after") for name, camp in camps]
    serves = [reader.rows_of("camps", camp.serves, f"camps.{name}.serves") for name, camp in camps]
    return {
        "camp_key": ints(keys("camp", (name for name, _ in camps))),
        **columns(rows, [f"camp_{name}" for name in names]),
        **records("window_at", windows, ("window_known", "window_target")),
        **ragged("camp_after_at", after, "camp_after"),
        **ragged("camp_serves_at", serves, "camp_serves"),
        **records("pause_at", [_pauses(reader, n, c) for n, c in camps], ("pause_from", "pause_to")),
    }


def _camp(reader: Reader, name: str, camp: Camp) -> dict[str, int]:
    """The plain columns of a camp."""
    where = f"camps.{name}"
    row = reader.rows["camps"][name]
    opens = reader.moment(camp.opens, f"{where}.opens")
    receiver = reader.moment(camp.receiver_ready, f"{where}.receiver_ready")
    reader.enter(opens, Entry.OPENS, row)
    reader.enter(receiver, Entry.OPENS, row)
    keep = reader.optional_series(camp.keep, f"{where}.keep")
    reader.enter_steps(keep)
    guard = camp.guard
    force = {
        "camp_least": None if guard is None else guard.least,
        "camp_perimeter": None if guard is None else guard.perimeter,
        "camp_cargo": None if guard is None else guard.cargo,
        "camp_satellites": None if guard is None else guard.satellites,
    }
    return {
        "camp_place": reader.row("places", name, where),
        "camp_closes": int(camp.closes),
        "camp_column": _column(reader, name, camp),
        "camp_handover": reader.optional_series(camp.handover, f"{where}.handover"),
        **{column: reader.optional(value, f"{where}.guard", 0) for column, value in force.items()},
        "camp_keep": keep,
        "camp_opens": opens,
        "camp_receiver": receiver,
    }


def _column(reader: Reader, name: str, camp: Camp) -> int:
    """The lift of the closing column, -1 for none; it must take a whole camp and come by this one."""
    if camp.column is None:
        return -1
    where = f"camps.{name}.column"
    row = reader.row("lifts", camp.column, where)
    lift = reader.scenario.lifts[camp.column]
    if lift.carries != "column":
        raise PlanError(f"{where}: lift '{camp.column}' carries {lift.carries}; expected one that carries a column")
    if name not in (*lift.pick_up, *(join.at for join in lift.joins.values())):
        raise PlanError(f"{where}: lift '{camp.column}' does not pick up at '{name}'; name it there or under joins")
    return row


def _windows(reader: Reader, name: str, camp: Camp) -> list[tuple[int, int]]:
    """Versions of a target day: the last one known by the start (minute 0), then the later ones.

    Before the first version is known a camp has no target: it closes when it is ready.
    """
    dated: dict[int, int] = {}
    for key, window in in_order(camp.window):
        where = f"camps.{name}.window.{key}"
        known = reader.day(window.known, f"{where}.known")
        if known in dated:
            raise PlanError(f"{where}.known: another version became known that day; expected one version a day")
        dated[known] = reader.day_series(window.target, f"{where}.target")
    early = max((known for known in dated if known <= 0), default=None)
    first = [] if early is None else [(0, dated[early])]
    return first + [(known, dated[known]) for known in sorted(dated) if known > 0]


def _pauses(reader: Reader, name: str, camp: Camp) -> list[tuple[int, int]]:
    """Windows in which nothing leaves a camp: from 00:00 of the first day to the end of the last."""
    row = reader.rows["camps"][name]
    pauses = []
    for key, span in in_order(camp.pauses):
        where = f"camps.{name}.pauses.{key}"
        first, after = reader.moment(span.first, where), reader.day_after(span.last, where)
        if after <= first:
            if after <= 0:
                continue
            raise PlanError(f"{where}.last: lies before 'first'; swap them")
        reader.enter(first, Entry.OPENS, row)
        reader.enter(after, Entry.OPENS, row)
        pauses.append((first, after))
    return sorted(pauses)


def compile_decisions(reader: Reader) -> dict[str, Ints]:
    """Decisions and their conditions, each list by id."""
    decisions = in_order(reader.scenario.decisions)
    rows = [_decision(reader, name, decision) for name, decision in decisions]
    conditions = [
        (f"decisions.{name}.when.{key}", condition)
        for name, decision in decisions
        for key, condition in in_order(decision.when)
    ]
    lists = {
        f"decision_{column}": [
            reader.rows_of(section, getattr(decision, field), f"decisions.{name}.{field}")
            for name, decision in decisions
        ]
        for column, section, field in (
            ("camp", "camps", "camps"),
            ("stop", "lifts", "stop"),
            ("begin", "lifts", "begin"),
        )
    }
    below = [reader.rows_of("places", c.below_reserve, f"{where}.below_reserve") for where, c in conditions]
    closed = [reader.rows_of("camps", c.closed, f"{where}.closed") for where, c in conditions]
    tables = columns(rows, [f"decision_{name}" for name in ("does", "milestone", "rate", "spare")])
    for column, entries in lists.items():
        tables |= ragged(f"{column}_at", entries, column)
    return {
        **tables,
        "cond_at": ints(np.cumsum([0, *(len(decision.when) for _, decision in decisions)])),
        **columns(
            [_condition(reader, where, condition) for where, condition in conditions],
            [f"cond_{name}" for name in ("blocked", "driver", "area", "state", "before", "on")],
        ),
        **ragged("cond_below_at", below, "cond_below"),
        **ragged("cond_closed_at", closed, "cond_closed"),
    }


def _decision(reader: Reader, name: str, decision: Decision) -> dict[str, int]:
    """The plain columns of a decision; with one milestone only, that one is meant."""
    where = f"decisions.{name}"
    milestones = reader.rows["milestones"]
    milestone = reader.row("milestones", decision.milestone, f"{where}.milestone")
    if milestone < 0 and len(milestones) == 1:
        milestone = 0
    counts_back = any(condition.before_deadline is not None for condition in decision.when.values())
    if milestone < 0 and counts_back:
        raise PlanError(f"{where}.milestone: before which deadline? name one of {', '.join(sorted(milestones))}")
    rate = reader.unlimited(decision.rate, f"{where}.rate")
    if rate < 1:
        raise PlanError(f"{where}.rate: nothing a day would never end; expected at least 1, or leave it out")
    return {
        "decision_does": Does[decision.do.replace(" ", "_").upper()],
        "decision_milestone": milestone,
        "decision_rate": rate,
        "decision_spare": cargo_mask(decision.spare),
    }


def _condition(reader: Reader, where: str, condition: Condition) -> dict[str, int]:
    """The plain columns of a condition, -1 for what it does not ask."""
    level = condition.level
    driver = area = state = -1
    if level is not None:
        driver = reader.row("drivers", level.driver, f"{where}.level.driver")
        area = reader.row("areas", level.area, f"{where}.level.area")
        states = driver_states(reader.scenario.drivers[level.driver])
        if level.state not in states:
            raise PlanError(f"{where}.level.state: no state '{level.state}'; known are {', '.join(states)}")
        state = states.index(level.state)
    return {
        "cond_blocked": reader.optional(condition.blocked, f"{where}.blocked", -1),
        "cond_driver": driver,
        "cond_area": area,
        "cond_state": state,
        "cond_before": reader.optional(condition.before_deadline, f"{where}.before_deadline", -1),
        "cond_on": -1 if condition.on is None else reader.moment(condition.on, f"{where}.on"),
    }


def cargo_mask(kinds: Iterable[str]) -> int:
    """The bits of cargo classes."""
    return sum({1 << CargoKind[kind.upper()] for kind in kinds})


def compile_milestones(reader: Reader) -> dict[str, Ints]:
    """Milestones: the deadline in force at the start, who and what counts, what gives way."""
    milestones = in_order(reader.scenario.milestones)
    rows = [_milestone(reader, name, milestone) for name, milestone in milestones]
    names = ("deadline", "people", "cargo", "last_days", "people_go", "cargo_left", "authority")
    camps = [reader.rows_of("camps", m.camps, f"milestones.{name}.camps") for name, m in milestones]
    ends = [reader.rows_of("assets", m.ends, f"milestones.{name}.ends") for name, m in milestones]
    guarded = [reader.rows_of("places", m.guarded, f"milestones.{name}.guarded") for name, m in milestones]
    listed = [
        reader.rows_of("contingents", m.contingents, f"milestones.{name}.contingents") or None for name, m in milestones
    ]
    return {
        **columns(rows, [f"mile_{name}" for name in names]),
        "mile_contingent": flag_matrix(len(rows), len(reader.scenario.contingents), listed),
        "mile_guarded": flag_matrix(len(rows), len(reader.scenario.places), guarded),
        **ragged("mile_camp_at", camps, "mile_camp"),
        **ragged("mile_end_at", ends, "mile_end"),
    }


def _milestone(reader: Reader, name: str, milestone: Milestone) -> dict[str, int]:
    """The plain columns of a milestone.

    A deadline includes its day, so that the minute after it counts. A version known by the start is the
    deadline; later versions go to the calendar.
    """
    where = f"milestones.{name}"
    row = reader.rows["milestones"][name]
    deadline = reader.day_after(milestone.deadline, f"{where}.deadline")
    versions: dict[int, int] = {}
    for key, moved in in_order(milestone.moved):
        known = reader.day(moved.known, f"{where}.moved.{key}.known")
        if known in versions:
            raise PlanError(f"{where}.moved.{key}.known: another version became known that day; expected one a day")
        versions[known] = reader.day_after(moved.deadline, f"{where}.moved.{key}.deadline")
    for known, version in sorted(versions.items()):
        if known <= 0:
            deadline = version
        reader.enter(known, Entry.DEADLINE, row, version)
    last = milestone.last_days
    return {
        "mile_deadline": deadline,
        "mile_people": int(milestone.people),
        "mile_cargo": cargo_mask(milestone.cargo),
        "mile_last_days": -1 if last is None else reader.number(last.length, f"{where}.last_days.length"),
        "mile_people_go": int(last is not None and last.people_go),
        "mile_cargo_left": int(last is not None and last.cargo_left),
        "mile_authority": int(milestone.authority_ends),
    }
