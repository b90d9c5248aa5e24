"""The plan's tables as plain Python lists, read once for all replications."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from drawdown_sim.model.plan import Plan

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 10080


class Quantity:
    """A number by date, possibly drawn: steps of the minute from which it holds and an inverse table."""

    def __init__(self, steps: list[tuple[int, list[int]]]) -> None:
        self.steps = steps

    def table(self, minute: int) -> list[int]:
        """The table that holds at a minute."""
        table = self.steps[0][1]
        for since, later in self.steps:
            if since > minute:
                break
            table = later
        return table

    def at(self, minute: int) -> int:
        """The number at a minute, where it holds no chance."""
        return self.table(minute)[0]


def entries(at: list[int], row: int, *columns: list[Any]) -> list[Any]:
    """The entries of one row of the arrays `x_at` and `x`; tuples if there are several columns."""
    slices = [column[at[row] : at[row + 1]] for column in columns]
    return slices[0] if len(slices) == 1 else list(zip(*slices, strict=True))


@lru_cache(maxsize=4)
def read(plan: Plan) -> Any:
    """Every array of the plan as (nested) lists, and its series as quantities."""
    p = SimpleNamespace(**{k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in vars(plan).items()})
    tables = [p.tables[row] for row in p.series_table]
    series = range(len(p.series_at) - 1)
    p.quantities = [Quantity(entries(p.series_at, row, p.series_minute, tables)) for row in series]
    return p
