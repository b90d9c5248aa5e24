"""What a threshold leaves: its tables and plain data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any

from ...analysis.measures import final_deadlines
from ..answers import Cell, Table
from ..run import Prepared
from ..summarise import last_day
from .axis import Axis
from .crossings import GROWTH, Crossing, Found, keeps
from .moved import UNITS, Moved, Setting

#: Fewest replications of the first solution, where so many are allowed.
FEWEST = 50


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look: replications of one value at most, values of the grid, rows of a frontier."""

    replications: int = 2000
    grid: int = 9
    rows: int = 7

    @property
    def first(self) -> int:
        """Replications of one value in the first solution, and in a frontier."""
        return min(self.replications, max(self.replications // GROWTH, FEWEST))


@dataclass(frozen=True, slots=True)
class Line:
    """The chance that is to be kept, of which milestone; the primary one if none is named."""

    probability: float = 0.8
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One crossing: the value that still keeps the line, its interval, and the nearest that does not keep it."""

    kept: float
    kept_written: str
    kept_low: float | None
    kept_low_written: str | None
    kept_high: float | None
    kept_high_written: str | None
    broken: float
    broken_written: str
    rises: bool


#: Columns of a frontier: of the second input, of the first one's threshold (none where nothing crosses), and what comes
#: of the value `at` of the first: the threshold, or the one with its chance nearest to the line.
_OF_SETTING = ("replications", "chance", "low", "high", "losses", "exposure", "hurt")


def crossings_table(axis: Axis, found: Found) -> Table:
    """A row for each crossing, if any."""
    edges = tuple(_cells(_edge(axis, crossing)) for crossing in found.crossings)
    return Table("crossings", _names(Edge), edges, _edge_units(axis))


def values_table(curve: Moved, line: Line, shown: Collection[int]) -> Table:
    """Every value that was played; `shown` says which a report prints: the grid's and those at a crossing."""
    entries = tuple((*_cells(curve.setting(value, line.probability)), value in shown) for value in curve.known())
    return Table("values", (*_names(Setting), "shown"), entries, {"value": curve.axis.unit, **UNITS})


def frontier_table(axis: Axis, across: Axis, rows: list[tuple[Cell, ...]]) -> Table:
    """A row for each value of the second input."""
    units = {name: unit for name, unit in UNITS.items() if name in _OF_SETTING}
    names = ("value", "written", "outcome", *_names(Edge), "at", *_OF_SETTING)
    return Table("frontier", names, tuple(rows), {"value": across.unit, **_edge_units(axis), **units})


def frontier_row(across: Axis, number: Fraction, curve: Moved, found: Found, line: Line) -> tuple[Cell, ...]:
    """What the first input comes to at one value of the second."""
    crossing = found.crossings[0] if found.crossings else None
    at = crossing.kept if crossing else _nearest(curve, line)
    edge = _cells(_edge(curve.axis, crossing)) if crossing else (None,) * len(fields(Edge))
    there = curve.setting(at, line.probability)
    measured = (getattr(there, name) for name in _OF_SETTING)
    return (across.size(number), across.told(number), _outcome(curve, found, line), *edge, there.written, *measured)


def asked(axis: Axis, across: Axis | None, line: Line, effort: Effort) -> dict[str, Any]:
    """Everything that the answer depends on beside scenario and seed."""

    def told(axis: Axis) -> dict[str, str]:
        return {"path": axis.path, "from": axis.told(axis.low), "to": axis.told(axis.high)}

    return {"vary": told(axis), "and": None if across is None else told(across)} | asdict(line) | asdict(effort)


def input_of(axis: Axis) -> dict[str, Any]:
    """An input and how it was moved."""
    return {
        "path": axis.path,
        "dimension": axis.value.dimension,
        "by_date": axis.value.is_by_date,
        "distribution": axis.value.content[0][1].kind,
        "lever": axis.value.lever,
        "unit": axis.unit,
        "is": axis.told(axis.base),
        "is_value": axis.size(axis.base),
        "steps": axis.steps(axis.base),
        "from": axis.told(axis.low),
        "to": axis.told(axis.high),
        "step": axis.amount(axis.step),
        "ends": axis.ends,
    }


def found_of(base: Prepared, curve: Moved, found: Found, line: Line) -> dict[str, Any]:
    """What the search came to, beside its tables."""
    axis, plan = curve.axis, base.plan
    settings = [curve.setting(value, line.probability) for value in curve.known()]
    deadline = int(final_deadlines(plan)[plan.milestone_ids.index(line.milestone)])
    kept = [axis.number(crossing.kept) for crossing in found.crossings]
    return {
        "title": base.bundle.scenario.title,
        "milestone": line.milestone,
        "deadline": last_day(plan, deadline),
        "probability": line.probability,
        "input": input_of(axis),
        "outcome": _outcome(curve, found, line),
        "steps": [axis.steps(number) for number in kept],
        "room": axis.amount(min(abs(number - axis.base) for number in kept)) if kept else None,
        "is_flat": len({entry.chance for entry in settings}) == 1,
        "touches": [[axis.told(axis.number(low)), axis.told(axis.number(high))] for low, high in found.touches],
        "refused": [f"{entry.written}: {entry.refused}" for entry in settings if entry.refused],
    }


def _outcome(curve: Moved, found: Found, line: Line) -> str:
    """Crosses, several, undecided, always or never."""
    if found.crossings:
        return "crosses" if len(found.crossings) == 1 else "several"
    if found.touches:
        return "undecided"
    return "always" if keeps(curve.chance(curve.known()[0]), line.probability) else "never"


def _nearest(curve: Moved, line: Line) -> int:
    """Of the values measured, the one with its chance nearest to the line."""
    return min(curve.known(), key=lambda value: abs(curve.chance(value).probability - line.probability))


def _edge(axis: Axis, crossing: Crossing) -> Edge:
    def both(value: int | None) -> tuple[float | None, str | None]:
        return (None, None) if value is None else (axis.size(axis.number(value)), axis.told(axis.number(value)))

    kept, broken = axis.number(crossing.kept), axis.number(crossing.broken)
    low, high = both(crossing.kept_from), both(crossing.kept_to)
    return Edge(axis.size(kept), axis.told(kept), *low, *high, axis.size(broken), axis.told(broken), crossing.rises)


def _edge_units(axis: Axis) -> dict[str, str]:
    return dict.fromkeys(("kept", "kept_low", "kept_high", "broken"), axis.unit)


def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(kind))


def _cells(entry: Edge | Setting) -> tuple[Cell, ...]:
    return tuple(getattr(entry, name) for name in _names(type(entry)))
