"""What if: one scenario with inputs set to several values, all played with the same luck as the scenario itself.

A full design plays every combination of the values. A Latin hypercube (M. D. McKay, R. J. Beckman and W. J. Conover,
Technometrics 21 (1979) 239) cuts each range into as many equal parts as there are settings, and each setting takes the
middle of one part of each range, so that a few settings reach over many inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from ..analysis.measures import milestone_row
from ..analysis.sample import Sample
from ..errors import PlanError
from ..model.draws import key_of, owner_key, philox_block
from ..scenario.axes import Axis, end_of, ends_of, inputs_of, moved, number_of, values_at
from ..scenario.checks import check_sense
from ..scenario.diff import ground_of, written
from ..scenario.experiment import Design
from ..scenario.resolve import Input, with_values
from ..scenario.values import Value
from ..scenario.writing import flow
from .answers import Answer, Cell, Table
from .outcomes import affordable, differences_table, outcomes_table
from .run import Playable, Prepared, prepare
from .variants import Variant, play, variant
from .workers import Workers

#: Code of this design in the addresses of draws; far above the engine's points, and apart from the spread's.
POINT = 0xF1

#: Replications of each setting, and settings of a hypercube, unless told otherwise.
USUAL = 2_000
USUAL_SETTINGS = 24
MOST_SETTINGS = 500

#: Name of the scenario as it is.
BASE = "as it is"


@dataclass(frozen=True, slots=True)
class Swept:
    """One input of a sweep, as it stands in the scenario."""

    path: str
    base: str
    number: float | None
    """As in `Level`."""
    ground: str
    """What the value that stands there rests on, with its kind; the values it is set to rest on nothing."""
    lever: bool


@dataclass(frozen=True, slots=True)
class Level:
    """What a setting sets one input to."""

    name: str
    path: str
    written: str
    number: float | None
    """Where it stands on an axis that counts `unit` (see `axes.number_of`); empty for what is no point on one."""
    unit: str | None


Setting = dict[str, Value]


def sweep(
    scenario: Playable,
    axes: Sequence[Axis],
    replications: int | None = None,
    seed: int | None = None,
    *,
    design: Design | None = None,
    settings: int | None = None,
    milestone: str | None = None,
    workers: Workers | int = 1,
) -> Answer:
    """Play a scenario as it is, and with its inputs set as the axes say.

    `design` is every combination of the values ("full") or a Latin hypercube of so many `settings` ("lhs"); left out, a
    hypercube where an axis is a range. `replications` of each setting; left out, 2,000, or fewer if there are many.
    Settings that make no plan are listed. Raises ScenarioError, PlanError or EngineError.
    """
    base = prepare(scenario, seed)
    milestone_row(base.plan, milestone)
    chosen = design or ("full" if all(axis.values for axis in axes) else "lhs")
    found = inputs_of(base.bundle, axes)
    points = _full(found, axes) if chosen == "full" else _hypercube(found, axes, settings or USUAL_SETTINGS, base.seed)
    names = [str(number) for number in range(1, len(points) + 1)]
    tried = [_tried(base, name, point) for name, point in zip(names, points, strict=True)]
    ready = [(each, each.prepared) for each in tried if each.prepared is not None]
    if not ready:
        raise PlanError(f"sweep: no setting makes a plan; the first is refused because\n{tried[0].refused}")
    count = affordable(replications, USUAL, len(ready) + 1)
    samples = play([base, *(prepared for _, prepared in ready)], count, Workers.of(workers))
    about = milestone or base.plan.milestone_ids[samples[0].milestone(None)]
    values = dict(zip(names, points, strict=True))
    asked = {
        "set": {axis.path: flow(_settled(entry, axis).written()) for entry, axis in zip(found, axes, strict=True)},
        "design": chosen,
        "settings": len(points),
        "milestone": about,
        "replications": count,
    }
    title = base.bundle.scenario.milestones[about].title or about
    return base.answer(
        "sweep",
        count * len(samples),
        asked,
        {"milestone": about, "claim": title.rstrip("."), "replay": base.bundle.scenario.replay},
        (
            Table.of("inputs", [_swept(entry) for entry in found]),
            _outcomes(samples, found, [each.name for each, _ in ready], values, about),
            differences_table(samples, [BASE, *(each.name for each, _ in ready)], about),
            _levels(found, values),
            _refused([each for each in tried if each.prepared is None], values),
        ),
    )


# --- designs -------------------------------------------------------------------------------------


def _full(found: Sequence[Input], axes: Sequence[Axis]) -> list[Setting]:
    """Every combination of the values, the last axis changing fastest. Raises PlanError or ScenarioError."""
    for axis in axes:
        if not axis.values:
            raise PlanError(
                f"{axis.path}: a full design needs values, as in {axis.path}=V1,V2;"
                " a range is for a hypercube: --design lhs"
            )
    size = prod(len(axis.values) for axis in axes)
    if size > MOST_SETTINGS:
        raise PlanError(
            f"sweep: {size:,} combinations; expected at most {MOST_SETTINGS}: give fewer values,"
            " or take a part of them with --design lhs"
        )
    levels = [values_at(entry, axis) for entry, axis in zip(found, axes, strict=True)]
    paths = [axis.path for axis in axes]
    return [dict(zip(paths, point, strict=True)) for point in product(*levels)]


def _hypercube(found: Sequence[Input], axes: Sequence[Axis], settings: int, seed: int) -> list[Setting]:
    """So many settings, each with one part of every range or, of an axis of values, one of them."""
    if not 2 <= settings <= MOST_SETTINGS:
        raise PlanError(f"settings: {settings} is out of range; expected 2 to {MOST_SETTINGS}")
    columns = []
    for entry, axis in zip(found, axes, strict=True):
        parts = _shuffled(axis.path, settings, seed)
        if axis.values:
            levels = values_at(entry, axis)
            columns.append([levels[part * len(levels) // settings] for part in parts])
        else:
            ends = ends_of(entry, axis)
            columns.append([moved(entry.value, ends, Fraction(2 * part + 1, 2 * settings)) for part in parts])
    paths = [axis.path for axis in axes]
    return [dict(zip(paths, point, strict=True)) for point in zip(*columns, strict=True)]


def _shuffled(path: str, settings: int, seed: int) -> list[int]:
    """A permutation of the parts of one input's range, from its path and the seed alone."""
    counters = np.zeros((settings, 4), dtype=np.uint32)
    counters[:, 0] = np.arange(settings)
    counters[:, 1] = POINT << 16
    counters[:, 2] = owner_key("sweep", path)
    found: list[int] = np.argsort(philox_block(counters, key_of(seed))[:, 0], kind="stable").tolist()
    return found


def _settled(entry: Input, axis: Axis) -> Axis:
    """The axis with its range spelled out, for the scenario's digest says nothing of ranges."""
    if axis.values:
        return axis
    low, high = (end_of(entry.value, end) for end in ends_of(entry, axis))
    return replace(axis, ends=(low, high))


def _tried(base: Prepared, name: str, values: Setting) -> Variant:
    """The scenario with other values, checked for sense as a file would be.

    Documented totals are not checked again: a what-if may depart from them.
    """
    bundle = with_values(base.bundle, values)
    faults = check_sense(replace(bundle, scenario=bundle.scenario.model_copy(update={"totals": {}})))
    return Variant(name, None, "\n".join(faults)) if faults else variant(base, name, values)


# --- tables --------------------------------------------------------------------------------------


def _swept(entry: Input) -> Swept:
    value = entry.value
    number, _ = number_of(value, value) or (None, None)
    return Swept(entry.path, written(value), number, ground_of(value), value.lever)


def _outcomes(
    samples: Sequence[Sample], found: Sequence[Input], names: Sequence[str], values: dict[str, Setting], milestone: str
) -> Table:
    """The outcome of the scenario as it is, and of each setting, with what it sets."""
    about: list[dict[str, Cell]] = [{"name": BASE, **{entry.path: written(entry.value) for entry in found}}]
    about += [{"name": name, **{path: written(value) for path, value in values[name].items()}} for name in names]
    return outcomes_table(samples, about, milestone)


def _levels(found: Sequence[Input], values: dict[str, Setting]) -> Table:
    """What each setting sets each input to."""
    levels = []
    for name, setting in values.items():
        for entry in found:
            value = setting[entry.path]
            number, unit = number_of(value, entry.value) or (None, None)
            levels.append(Level(name, entry.path, written(value), number, unit))
    return Table.of("levels", levels)


def _refused(tried: Sequence[Variant], values: dict[str, Setting]) -> Table:
    """Settings that make no plan, with the reason."""
    rows = tuple(
        (each.name, ", ".join(f"{path}={written(value)}" for path, value in values[each.name].items()), each.refused)
        for each in tried
    )
    return Table("refused", ("name", "setting", "reason"), rows)
