"""Runs: the same bytes whoever does the work, and replications that do not depend on how many there are."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from fractions import Fraction
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from drawdown_sim.errors import DrawdownError, EngineError, PlanError, ScenarioError
from drawdown_sim.experiment import executors, run
from drawdown_sim.experiment.blocks import BLOCK
from drawdown_sim.experiment.run import prepare
from drawdown_sim.experiment.spread import Design, doubtful, settings_of
from drawdown_sim.experiment.store import ROWS, SUMMARY
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.scenario.load import load

Write = Callable[..., Path]


def test_workers_do_not_change_a_byte(mission: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    runs = 2 * BLOCK + 5
    here = run(mission, runs, out=one, workers=1, spread=Design(3, 10))
    there = run(mission, runs, out=two, workers=2, spread=Design(3, 10))
    assert (here.workers, there.workers) == (1, 2)
    assert here.folder is not None
    assert there.folder is not None
    for name in (ROWS, SUMMARY, "spread-3x10.json"):
        assert (here.folder / name).read_bytes() == (there.folder / name).read_bytes(), name


def kill_one(killed: list[int]) -> Workers:
    """Two processes, one of which is killed when the first block is done."""

    def progress(done: int, total: int) -> None:
        if not killed:
            (victim, *_) = active_children()
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(victim.pid)

    return Workers(2, "reference", progress=progress)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is a thing of POSIX")
def test_a_process_killed_in_the_middle_changes_nothing(mission: Path) -> None:
    killed: list[int] = []
    there = run(mission, 6 * BLOCK, workers=kill_one(killed))
    assert killed
    here = run(mission, 6 * BLOCK, workers=Workers(1, "reference"))
    assert there.summary == here.summary
    assert np.array_equal(there.block.rows, here.block.rows)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is a thing of POSIX")
def test_processes_that_keep_dying_are_given_up(mission: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "MOST_DEATHS", 0)
    with pytest.raises(EngineError, match="ended abruptly, perhaps for want of memory; run with one worker"):
        run(mission, 6 * BLOCK, workers=kill_one([]))


def test_fewer_replications_are_the_first_of_more(mission: Path) -> None:
    few, many = run(mission, 7), run(mission, BLOCK + 7)
    assert np.array_equal(few.block.rows, many.block.rows[:7])
    assert few.digest == many.digest


def test_another_seed_is_another_digest_and_another_luck(mission: Path) -> None:
    first, second = run(mission, 20, seed=1), run(mission, 20, seed=2)
    assert first.digest != second.digest
    assert not np.array_equal(first.block.rows, second.block.rows)


def test_the_summary_has_its_stable_keys(mission: Path) -> None:
    summary = run(mission, 10).summary
    for key in ("scenario", "digest", "seed", "replications", "status", "remaining", "losses", "exposure", "inputs"):
        assert key in summary
    assert set(summary["milestones"][0]) >= {
        "id",
        "deadline",
        "probability",
        "low",
        "high",
        "p10",
        "p50",
        "p90",
        "censored",
    }
    assert set(summary["camps"][0]) >= {"id", "window", "p10", "p50", "p90"}
    assert all(set(cause) >= {"cause", "days"} for cause in summary["binds"])


def test_the_days_on_the_chain_add_up_to_the_mean_finish(mission: Path) -> None:
    result = run(mission, 30)
    assert sum(result.block.causes.values()) == result.column("milestone:all-out").sum()


def test_progress_ends_at_the_total(mission: Path) -> None:
    seen: list[tuple[int, int]] = []
    run(
        mission,
        BLOCK + 1,
        workers=Workers(progress=lambda done, total: seen.append((done, total))),
        spread=Design(2, 3),
    )
    assert seen[-1] == (BLOCK + 7, BLOCK + 7)
    assert seen == sorted(seen)


@pytest.mark.parametrize(("replications", "seed"), [(0, 1), (10**9, 1), (5, -1), (5, 1 << 64)])
def test_senseless_numbers_are_refused_with_what_was_expected(mission: Path, replications: int, seed: int) -> None:
    with pytest.raises(PlanError, match="expected"):
        run(mission, replications, seed)


def test_a_missing_file_is_a_scenario_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        run(tmp_path / "none.yaml", 1)


def test_only_inputs_with_a_range_and_no_fact_are_in_doubt(mission: Path) -> None:
    assert [entry.path for entry in doubtful(load(mission))] == ["legs.road.rate", "lifts.flight.most"]


def test_a_spread_takes_each_part_of_each_range_once(mission: Path) -> None:
    settings = settings_of(load(mission), Design(8, 1), seed=1)
    rates = sorted(setting.values["legs.road.rate"] for setting in settings)
    low, high = Fraction(20), Fraction(100)
    assert rates == [low + (high - low) * Fraction(2 * part + 1, 16) for part in range(8)]


def test_another_input_in_doubt_shifts_no_other_s_settings(mission: Path, write: Write) -> None:
    wider = write(mission.read_text().replace("number: 5 trucks", _RANGED), name="wider.yaml")
    few, more = (settings_of(load(path), Design(8, 1), seed=1) for path in (mission, wider))
    assert "assets.trucks.number" in more[0].values
    assert [s.values["legs.road.rate"] for s in few] == [s.values["legs.road.rate"] for s in more]


_RANGED = "number: {value: 5 trucks, because: a test, range: [2 trucks, 9 trucks]}"


def test_the_spread_of_a_slow_road_reaches_lower_chances(mission: Path) -> None:
    found = run(mission, 20, spread=Design(6, 20)).spread
    assert found is not None
    chances = found["milestones"][0]
    assert chances["min"] <= chances["median"] <= chances["max"]
    assert chances["min"] < chances["max"]
    assert (found["settings"], found["replications"], found["refused"]) == (6, 20, [])


def test_a_setting_that_is_refused_is_counted_and_named(mission: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from drawdown_sim.experiment import spread

    compiled = []

    def refuse_second(bundle: object) -> object:
        compiled.append(bundle)
        if len(compiled) == 2:
            raise PlanError("legs.road.rate: too slow")
        return prepare(mission).plan

    monkeypatch.setattr(spread, "compile_plan", refuse_second)
    found = run(mission, 3, spread=Design(4, 2)).spread
    assert found is not None
    assert (found["settings"], found["refused"]) == (3, ["legs.road.rate: too slow"])


def test_every_fault_of_the_package_has_one_root() -> None:
    assert issubclass(ScenarioError, DrawdownError)


def test_cargo_that_the_plan_leaves_is_counted_by_disposition(mission: Path, write: Write) -> None:
    line = "  huts: {owner: un, kind: structure, at: camp, number: 7 loads, disposition: gift}\nlifts:"
    path = write(mission.read_text().replace("lifts:", line, 1), name="gifts.yaml")
    summary = run(path, 3).summary
    assert summary["losses"]["planned"] == {"gift": 7}
    assert summary["remaining"]["cargo_planned_to_stay"] == 7


def test_a_mission_that_cannot_finish_says_who_waits_for_what(mission: Path, write: Write) -> None:
    authority = """authorities: {host: {}}
clearances:
  never:
    authority: host
    lifts: [convoy]
    regimes: {first: {stance: obstructing, retry: 1 day}}
lifts:"""
    path = write(mission.read_text().replace("lifts:", authority, 1), name="stuck.yaml")
    summary = run(path, 3).summary
    assert summary["status"]["complete"] == 0
    assert summary["milestones"][0]["p50"] is None
    assert summary["milestones"][0]["censored"] == 3
    waits = {"status": "stalled", "who": "convoy", "hold": "clearance", "subject": "host", "runs": 3}
    assert waits in summary["endings"]
