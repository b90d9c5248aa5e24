"""Jobs on a Dask cluster: the same bytes, whoever dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from drawdown_sim.errors import EngineError
from drawdown_sim.experiment import run
from drawdown_sim.experiment.explain import explain
from drawdown_sim.experiment.spread import Design
from drawdown_sim.experiment.store import ROWS, SUMMARY
from drawdown_sim.experiment.sweep import sweep
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.scenario.axes import Axis

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.xdist_group("cluster")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers in processes of their own, on this machine only."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as found:
        yield found


@pytest.mark.parametrize(("engine", "runs"), [("reference", 70), ("compiled", 3000)])
def test_a_cluster_changes_no_byte(mission: Path, tmp_path: Path, cluster: Any, engine: str, runs: int) -> None:
    if engine == "compiled":
        pytest.importorskip("numba")
    team = Workers(engine=engine, dask=cluster.scheduler_address)
    there = run(mission, runs, out=tmp_path / "there", workers=team, spread=Design(2, 10))
    here = run(mission, runs, out=tmp_path / "here", workers=Workers(engine=engine), spread=Design(2, 10))
    assert there.folder is not None
    assert here.folder is not None
    for name in (ROWS, SUMMARY, "spread-2x10.json"):
        assert (there.folder / name).read_bytes() == (here.folder / name).read_bytes(), name


def test_a_cluster_answers_questions_with_the_same_tables(mission: Path, cluster: Any) -> None:
    pytest.importorskip("numba")
    there = Workers(engine="compiled", dask=cluster.scheduler_address)
    here = Workers(engine="compiled")
    sets = [Axis("assets.trucks.number", ("2 trucks", "5 trucks"))]
    for asked in (partial(explain, mission, 200), partial(sweep, mission, sets, 200)):
        told = [[table.rows for table in asked(workers=team).tables] for team in (there, here)]
        assert told[0]
        assert told[0] == told[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL is a thing of POSIX")
def test_a_worker_killed_in_the_middle_changes_nothing(mission: Path, cluster: Any) -> None:
    pytest.importorskip("numba")
    runs = 30_000
    done: list[int] = []
    killed: list[int] = []

    def kill_one() -> None:
        while not done:
            time.sleep(0.005)
        (worker, *_) = cluster.workers.values()
        killed.append(worker.pid)
        os.kill(worker.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    team = Workers(engine="compiled", dask=cluster.scheduler_address, progress=lambda some, total: done.append(some))
    there = run(mission, runs, workers=team)
    killer.join()
    assert killed
    assert done[-1] == runs
    assert there.summary == run(mission, runs, workers=Workers(2)).summary


def test_an_address_where_nobody_answers_is_named(mission: Path) -> None:
    with pytest.raises(EngineError, match=r"--dask tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        run(mission, 100, workers=Workers(dask="tcp://127.0.0.1:9"))
