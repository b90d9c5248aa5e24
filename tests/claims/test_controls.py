"""Negative controls: what each takes away moves the outcome that its note named beforehand, in that direction.

All directions of the notes are in verification/controls.yaml, measured in docs/validation.md. One of them was wrong,
and is tested here as what is true.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from drawdown_sim.analysis.summary import Z95
from drawdown_sim.experiment.run import Result
from drawdown_sim.model.plan import NEVER, Ints

pytestmark = pytest.mark.xdist_group("baseline")

Control = Callable[[str], Result]
Differences = Callable[[str, str], Ints]


def is_above_zero(differences: Ints) -> bool:
    """Whether clearly more pairs rise than fall: a sign test at 95 %, which a few wild pairs cannot turn."""
    up, down = int((differences > 0).sum()), int((differences < 0).sum())
    return up - down > Z95 * (up + down) ** 0.5


def test_without_charters_most_people_stay_and_the_milestone_is_never_reached(
    baseline: Result, control: Control, differences: Differences
) -> None:
    due = baseline.summary["remaining"]["people_due"]
    assert (control("no-charters").column("milestone:withdrawal") >= NEVER).all()
    assert (control("no-charters").column("people_left") > due / 2).all()
    assert (control("no-charters").block.people_out[:, -1] < due / 2).all()
    assert is_above_zero(differences("no-charters", "people_left"))


def test_with_half_the_escorts_the_camps_of_the_east_close_later_and_fewer_convoys_are_struck(
    differences: Differences,
) -> None:
    assert is_above_zero(differences("escorts-halved", "camp:menaka:closed"))
    assert is_above_zero(differences("escorts-halved", "camp:ansongo:closed"))
    assert is_above_zero(-differences("escorts-halved", "strikes"))


def test_escorts_do_not_change_what_is_destroyed_because_no_lift_may_go_north(differences: Differences) -> None:
    # expected beforehand was more; the hold on trucks decides it alone
    assert not differences("escorts-halved", "destroyed").any()


def test_without_acceleration_nothing_is_destroyed_and_the_north_closes_weeks_later(
    control: Control, differences: Differences
) -> None:
    assert not control("no-acceleration").column("destroyed").any()
    for camp in ("tessalit", "aguelhok", "kidal"):
        later = differences("no-acceleration", f"camp:{camp}:closed") / (24 * 60)
        assert np.median(later) > 28, f"{camp} closes {np.median(later):.0f} days later in the median"


def test_without_the_hold_fewer_loads_are_destroyed_kidal_closes_later_and_more_people_are_hurt(
    differences: Differences,
) -> None:
    assert is_above_zero(-differences("no-truck-hold", "destroyed"))
    assert is_above_zero(differences("no-truck-hold", "camp:kidal:closed"))
    assert is_above_zero(differences("no-truck-hold", "people_hurt"))
    assert is_above_zero(differences("no-truck-hold", "convoy_metres"))
