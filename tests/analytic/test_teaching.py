"""The teaching cases: the simulator gives the answers that the files state, to the minute."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from math import comb
from pathlib import Path

import pytest

from drawdown_sim.analysis import binding_chain
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import Hold, Kind, Status, Trajectory
from drawdown_sim.scenario import load
from engine_support import Simulate, each_engine

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "scenarios" / "teaching").glob("*.yaml"))

#: Replications for a case with chance in it, and the chance of a false alarm that its interval allows.
REPLICATIONS = 400
FALSE_ALARM = 0.001


def name_of_hold(hold: Hold) -> str:
    return hold.name.lower().replace("_", " ")


class Said:
    """What one trajectory says, in the words in which the files state their answers."""

    def __init__(self, plan: Plan, trajectory: Trajectory) -> None:
        self.plan = plan
        self.t = trajectory

    def rows(self, kind: Kind, entity: int | None = None) -> list[int]:
        """Numbers of the rows of a kind, in order."""
        matches = self.t.kind == kind
        if entity is not None:
            matches &= self.t.entity == entity
        return [int(row) for row in matches.nonzero()[0]]

    def date(self, row: int) -> str:
        """The UTC minute of a row, as text."""
        day_0 = datetime.combine(self.plan.start, time())
        return f"{day_0 + timedelta(minutes=int(self.t.minute[row])):%Y-%m-%d %H:%M}"

    def only(self, rows: list[int]) -> str:
        assert len(rows) <= 1, "it happened more than once"
        return self.date(rows[0]) if rows else "never"

    def finish(self) -> str:
        assert len(self.plan.milestone_ids) == 1
        return self.only(self.rows(Kind.MILESTONE))

    def status(self) -> str:
        return self.t.status.name.lower().replace("_", " ")

    def closed(self, camp: str) -> str:
        return self.only(self.rows(Kind.CLOSE, self.plan.camp_ids.index(camp)))

    def departures(self, lift: str) -> str:
        return ", ".join(map(self.date, self.rows(Kind.DEPART, self.plan.lift_ids.index(lift))))

    def resupplies(self) -> str:
        return ", ".join(map(self.date, self.rows(Kind.RESUPPLY)))

    def destroyed(self) -> str:
        return f"{sum(int(self.t.quantity[row]) for row in self.rows(Kind.DESTROY))} loads"

    def deliveries(self) -> str:
        return self._set_down("loads", people=False)

    def arrivals(self) -> str:
        return self._set_down("persons", people=True)

    def _set_down(self, unit: str, *, people: bool) -> str:
        """What arrived when, in order of time."""
        units: Counter[str] = Counter()
        for row in self.rows(Kind.DELIVER):
            if bool(self.plan.item_people[self.t.item[row]]) is people:
                units[self.date(row)] += int(self.t.quantity[row])
        return "; ".join(f"{when}: {count} {unit}" for when, count in sorted(units.items()))

    def binds(self) -> str:
        """What the finish waited for, and how long, with the most days first."""
        minutes: Counter[Hold] = Counter()
        for link in binding_chain(self.plan, self.t):
            minutes[link.held_by] += link.minutes
        days = {name_of_hold(hold): count // 1440 for hold, count in minutes.items() if count}
        ordered = sorted(days.items(), key=lambda pair: (-pair[1], pair[0]))
        return ", ".join(f"{name} {count} day{'s' * (count > 1)}" for name, count in ordered)

    def waits(self) -> str:
        """Which lifts wait at the end, and for what."""
        pairs = []
        for row in self.rows(Kind.WAITING):
            what = Hold(self.t.held_by[row])
            pairs.append(f"{self.plan.lift_ids[self.t.entity[row]]} for {name_of_hold(what)}")
        return ", ".join(pairs)


WHOLE: dict[str, Callable[[Said], str]] = {
    "finish": Said.finish,
    "status": Said.status,
    "destroyed": Said.destroyed,
    "deliveries": Said.deliveries,
    "arrivals": Said.arrivals,
    "resupplies": Said.resupplies,
    "waits": Said.waits,
    "binds": Said.binds,
}
OF_ONE: dict[str, Callable[[Said, str], str]] = {"closed": Said.closed, "departures": Said.departures}


def say(said: Said, key: str) -> str:
    """What the trajectory says under the key of an answer; an unknown key is a fault of the case."""
    if key in WHOLE:
        return WHOLE[key](said)
    what, _, name = key.partition("-")
    return OF_ONE[what](said, name)


def finish_day(path: Path, simulate: Simulate) -> float | None:
    """The day of the finish, counted from 0; None if there is none."""
    plan = compile_plan(load(path))
    trajectory = simulate(plan, 1, 0)
    rows = Said(plan, trajectory).rows(Kind.MILESTONE)
    return int(trajectory.minute[rows[0]]) / 1440 if rows else None


@each_engine
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_gives_the_answer_it_states(path: Path, simulate: Simulate) -> None:
    bundle = load(path)
    answer = bundle.scenario.answer
    stated = {key: text for key, text in answer.items() if key not in ("why", "chance")}
    assert "why" in answer
    assert stated or "chance" in answer
    plan = compile_plan(bundle)
    said = Said(plan, simulate(plan, 1, 0))
    assert {key: say(said, key) for key in stated} == stated
    assert (said.t.status is Status.COMPLETE) == (answer.get("finish") != "never")


def interval(successes_of: int, p: float, alarm: float) -> tuple[int, int]:
    """Least and most successes that are not in either tail of `alarm` / 2 of the binomial law."""
    mass = [comb(successes_of, k) * p**k * (1 - p) ** (successes_of - k) for k in range(successes_of + 1)]
    low = next(k for k in range(successes_of + 1) if sum(mass[: k + 1]) > alarm / 2)
    high = next(k for k in range(successes_of, -1, -1) if sum(mass[k:]) > alarm / 2)
    return low, high


def count_on_time(path: Path, simulate: Simulate) -> int:
    plan = compile_plan(load(path))
    on_time = 0
    for replication in range(REPLICATIONS):
        trajectory = simulate(plan, 1, replication)
        rows = Said(plan, trajectory).rows(Kind.MILESTONE)
        on_time += bool(rows) and bool(trajectory.minute[rows[0]] <= plan.mile_deadline[0])
    return on_time


@each_engine
@pytest.mark.parametrize("luck", ["independent", "shared"])
def test_share_on_time_lies_in_the_binomial_interval_of_the_stated_chance(luck: str, simulate: Simulate) -> None:
    path = ROOT / "scenarios" / "teaching" / f"twelve-camps-{luck}.yaml"
    stated = float(load(path).scenario.answer["chance"])
    low, high = interval(REPLICATIONS, stated, FALSE_ALARM)
    assert low <= count_on_time(path, simulate) <= high


def test_interval_of_a_fair_coin_is_the_known_one() -> None:
    assert interval(100, 0.5, 0.05) == (40, 60)


COOPERATIVE = "stance: cooperative, lead: 0 days, retry: 1 day"
RAINS_FROM = "{{value: {{by_date: {{2024-01-01: 1, {}: 0.5}}}}, because: rains}}"

#: What the teachers' page promises under "Change": case, patch, day of the finish.
CHANGES: list[tuple[str, dict[str, str], float | None]] = [
    ("one-camp-one-road", {"cargo.containers.number": "20 loads"}, 14),
    ("one-camp-one-road", {"cargo.containers.number": "20 loads", "assets.trucks.number": "20 trucks"}, 5),
    ("two-escorts", {"lifts.convoy.most": "25 trucks"}, 6),
    *(
        ("trucks-come-back", {"assets.trucks.number": f"{trucks} trucks"}, day)
        for trucks, day in enumerate([60, 30, 24, 18, 12, 12, 12, 12, 12, 6], start=1)
    ),
    (
        "guards-and-seats",
        {"cargo.ammunition.work": "20 day/load", "lifts.flight.first": "2024-01-18"},
        21,
    ),
    ("rotation-cap", {"-quotas.cap": "there is none"}, 1),
    ("hub-closes-last", {"camps.east.window.plan.target": "2024-01-15"}, 19),
    ("two-holds", {"camps.west.opens": "2024-01-13"}, 25),
    ("two-holds", {"camps.west.opens": "2024-01-13", "-camps.east.opens": "lifted"}, 17),
    ("two-holds", {"-camps.west.opens": "lifted"}, 25),
    ("clearance-ahead", {"clearances.permit.ahead": "1 day"}, 12),
    ("clearance-lapses", {"clearances.permit.ahead": "2 days"}, 10),
    (
        "obstructed",
        {"+clearances.permit.regimes.opened": f"{{start: 2024-01-09, {COOPERATIVE}}}"},
        65,
    ),
    ("crews", {"cargo.containers.batch": "7"}, 22),
    ("supplies-on-the-road", {"lifts.convoy.supplies": "5 days"}, 12),
    ("supplies-on-the-road", {"lifts.convoy.supplies": "10 days"}, 10),
    ("merged-columns", {"lifts.column.joins.near.wait": "1 day"}, None),
    ("stall", {"+assets.escorts.changes.relief": "{on: 2024-02-10, gain: 1 escort}"}, 58),
    ("rains", {"legs.road.season": RAINS_FROM.format("2024-01-09")}, 16),
    ("rains", {"legs.road.season": RAINS_FROM.format("2024-01-10")}, 12),
    ("airfield-slots", {"lifts.flight.capacity": "40 person/aircraft"}, 2),
]


@pytest.fixture
def extend(tmp_path: Path) -> Callable[[str, dict[str, str]], Path]:
    """A function that writes a scenario which extends a teaching case, beside copies of all of them."""
    for path in CASES:
        (tmp_path / path.name).write_text(path.read_text())

    def write(case: str, patch: dict[str, str]) -> Path:
        lines = ["format: 1", f"extends: {case}.yaml", "because: invented for teaching", "patch:"]
        lines += [f"  {path}: {text}" for path, text in patch.items()]
        changed = tmp_path / "changed.yaml"
        changed.write_text("\n".join(lines) + "\n")
        return changed

    return write


@each_engine
@pytest.mark.parametrize(("case", "patch", "day"), CHANGES)
def test_change_proposed_to_teachers_has_the_effect_they_are_told(
    extend: Callable[[str, dict[str, str]], Path],
    case: str,
    patch: dict[str, str],
    day: float | None,
    simulate: Simulate,
) -> None:
    assert finish_day(extend(case, patch), simulate) == day


@each_engine
def test_half_shared_luck_lies_between_none_and_all(
    extend: Callable[[str, dict[str, str]], Path], simulate: Simulate
) -> None:
    half = 0.9 * 0.95**12 + 0.1 * 0.45**12
    low, high = interval(REPLICATIONS, half, FALSE_ALARM)
    changed = extend("twelve-camps-independent", {"drivers.weather.loading": "0.5"})
    assert low <= count_on_time(changed, simulate) <= high


def test_teachers_page_names_every_case() -> None:
    page = (ROOT / "docs" / "teaching.md").read_text()
    named = set(re.findall(r"`([a-z-]+)\.yaml`", page))
    assert named == {path.stem for path in CASES}


def test_there_are_at_least_twelve_mechanisms() -> None:
    originals = [path for path in CASES if "\nextends:" not in path.read_text()]
    assert len(originals) >= 12
