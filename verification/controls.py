"""Negative controls and other variants: paired differences against the baseline, and what was expected of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from runs import Sample, day, quantile

from drawdown_sim.analysis.summary import Z95
from drawdown_sim.model.plan import NEVER
from drawdown_sim.report.words import interval, percent
from drawdown_sim.units import MINUTES_PER_DAY

CONTROLS = Path(__file__).parent / "controls.yaml"

#: Outcomes that are no times, in words.
COUNTS = {
    "people_left": "people left at the deadline",
    "people_never": "people in Mali at the end of the run",
    "destroyed": "loads destroyed",
    "residual": "loads left behind",
    "destroyed_or_left": "loads destroyed or left behind",
    "strikes": "strikes on convoys",
    "hurt": "people hurt",
    "convoy_km": "convoy-km under threat",
}
_SIGNS = {"up": 1, "later": 1, "down": -1, "earlier": -1}


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean paired difference, variant less base, with its 95 % interval."""

    mean: float
    low: float
    high: float
    censored: int
    """Pairs in which one side was never reached and counts with the horizon."""
    moved: int
    """Pairs that differ."""
    unit: str

    def __str__(self) -> str:
        if not self.moved:
            return "0 in every pair"
        shown = f"{self.mean:+,.1f} ({self.low:+,.1f} to {self.high:+,.1f}){self.unit}"
        return shown + (f"; horizon taken in {self.censored} pairs" if self.censored else "")


def read_controls() -> dict[str, Any]:
    """The file of expectations."""
    content: dict[str, Any] = yaml.safe_load(CONTROLS.read_text(encoding="utf-8"))
    return content


def titled(outcome: str) -> str:
    """An outcome in words."""
    return COUNTS.get(outcome) or ("finish" if outcome == "finish" else f"{outcome} closed")


def is_time(outcome: str) -> bool:
    """Whether an outcome is a day and not a count."""
    return outcome not in COUNTS


def difference(base: Sample, variant: Sample, outcome: str) -> Difference:
    """Paired by replication, times in days. What was never reached counts with the horizon: a least difference."""
    one, other = base[outcome], variant[outcome]
    scale, unit = (MINUTES_PER_DAY, " d") if is_time(outcome) else (1, "")
    censored = int(((one >= NEVER) | (other >= NEVER)).sum())
    reached = np.where(one >= NEVER, base.horizon, one), np.where(other >= NEVER, variant.horizon, other)
    gap = (reached[1] - reached[0]) / scale
    half = Z95 * float(gap.std(ddof=1)) / len(gap) ** 0.5
    mean = float(gap.mean())
    return Difference(mean, mean - half, mean + half, censored, int((gap != 0).sum()), unit)


def judged(expected: str | None, base: Sample, variant: Sample, outcome: str) -> str:
    """Whether an outcome went where it was expected to go."""
    if expected is None:
        return ""
    if expected in ("zero", "never"):
        held = (variant[outcome] == 0) if expected == "zero" else (variant[outcome] >= NEVER)
        return "yes" if held.all() else f"**no**, not in {int((~held).sum())} runs"
    gap = difference(base, variant, outcome)
    sign = _SIGNS[expected]
    if not gap.moved:
        return "**no**, it does not move"
    if min(sign * gap.low, sign * gap.high) > 0:
        return "yes"
    return "**no**, the opposite" if max(sign * gap.low, sign * gap.high) < 0 else "**no**, not clearly"


def control_table(entry: dict[str, Any], base: Sample, variant: Sample) -> list[list[str]]:
    """A row per outcome of one control."""
    rows = [["outcome", "expected", "baseline", "control", "paired difference (95 %)", "as expected"]]
    for outcome in entry["outcomes"]:
        expected = entry["expected"].get(outcome)
        rows.append(
            [
                titled(outcome),
                expected or "",
                typical(base, outcome),
                typical(variant, outcome),
                str(difference(base, variant, outcome)),
                judged(expected, base, variant, outcome),
            ]
        )
    return rows


def typical(sample: Sample, outcome: str) -> str:
    """The median day of a time, the mean of a count."""
    if not is_time(outcome):
        return f"{float(sample[outcome].mean()):,.0f}"
    middle = quantile(sample[outcome], 50)
    if middle is None:
        return "not reached"
    # what is done at midnight is done by the end of the day before, but a camp closes on the day that begins
    return f"{day(sample.result.prepared.plan.start, middle - (outcome == 'finish')):%d %b %Y}"


def variants_table(base: Sample, variants: dict[str, Sample]) -> list[list[str]]:
    """A row per variant; the baseline first."""
    titles = ["variant", "chance of its deadline (95 %)", "finish P50", "finish, difference"]
    rows = [[*titles, "destroyed", "left behind", "hurt, difference", "people left (mean)"]]
    for name, sample in {"baseline": base, **variants}.items():
        own = name == "baseline"
        rows.append(
            [
                name,
                f"{percent(sample.hits / sample.replications)} ({interval(*sample.interval)})",
                typical(sample, "finish"),
                "" if own else str(difference(base, sample, "finish")),
                typical(sample, "destroyed"),
                typical(sample, "residual"),
                "" if own else str(difference(base, sample, "hurt")),
                typical(sample, "people_left"),
            ]
        )
    return rows
