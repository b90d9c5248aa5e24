"""One replication's table with names instead of numbers, for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from ..analysis.names import activity_name, entity_name, name_of, waiter_name
from ..model.plan import Plan, Stance
from ..model.trajectory import COLUMNS, Hold, Kind, Status, Trajectory

HEAD = ("row", "time", *COLUMNS[1:])


def trace_rows(plan: Plan, trajectory: Trajectory) -> list[dict[str, Any]]:
    """A mapping per row, with the keys of `HEAD`; times are UTC, None where a column says nothing."""
    start = datetime(plan.start.year, plan.start.month, plan.start.day)

    def time(minute: int) -> str:
        return (start + timedelta(minutes=minute)).isoformat(" ", "minutes")

    def quantity(kind: int, number: int) -> int | str | None:
        """A quantity in words where it stands for a time or a state."""
        if kind in (Kind.WINDOW, Kind.DEADLINE):
            return time(number)
        if kind == Kind.REGIME:
            return Stance(number).name.lower()
        if kind == Kind.END:
            return Status(number).name.lower()
        return None if number == -1 else number

    def who(kind: int, movement: int, entity: int, number: int) -> str:
        if kind == Kind.WAITING:
            return waiter_name(plan, movement, entity, number)
        return entity_name(plan, kind, entity)

    columns = [getattr(trajectory, name).tolist() for name in ("minute", "kind", "movement", "entity")]
    columns += [getattr(trajectory, name).tolist() for name in ("activity", "place", "item", "quantity")]
    columns += [trajectory.held_by.tolist(), trajectory.cause.tolist()]
    return [
        {
            "row": row,
            "time": time(minute),
            "kind": Kind(kind).name.lower(),
            "movement": None if movement < 0 else movement,
            "entity": who(kind, movement, entity, number) or None,
            "activity": activity_name(plan, kind, activity) or (None if activity < 0 else activity),
            "place": name_of(plan.place_ids, place) or None,
            "item": name_of(plan.item_ids, item) or None,
            "quantity": quantity(kind, number),
            "held_by": Hold(held_by).name.lower(),
            "cause": cause,
        }
        for row, (minute, kind, movement, entity, activity, place, item, number, held_by, cause) in enumerate(
            zip(*columns, strict=True)
        )
    ]


def trace_csv(plan: Plan, trajectory: Trajectory) -> str:
    """The rows as CSV with a heading; empty cells where a column says nothing."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows(trace_rows(plan, trajectory))
    return text.getvalue()
