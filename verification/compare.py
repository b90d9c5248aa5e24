"""The record against a run and against the plan's own dates: closings, people out, convoys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import runs
from record import Observation, seen, verdict
from trajectories import Seen

from drawdown_sim.experiment.run import Result
from drawdown_sim.model.plan import NEVER, Ints
from drawdown_sim.report.words import reason
from drawdown_sim.units import MINUTES_PER_DAY


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing seen, simulated and planned."""

    seen: Observation
    days: tuple[date | None, date | None, date | None]
    """P10, P50, P90; None if censored."""
    planned: date | None
    """The middle of the planned window; None if there is no plan date."""
    ground: str
    """What the window rests on."""

    @property
    def error(self) -> int | None:
        """Days that the median lies after the record."""
        return None if self.days[1] is None else (self.days[1] - self.seen.value).days

    @property
    def naive_error(self) -> int | None:
        """Days that the middle of the window lies after the record."""
        return None if self.planned is None else (self.planned - self.seen.value).days

    @property
    def fits(self) -> str:
        low, high = (None if d is None else d.toordinal() for d in (self.days[0], self.days[2]))
        return verdict(low, high, self.seen.value.toordinal(), self.seen.precision)


def closings(record: list[Observation], result: Result) -> list[Closing]:
    """Every camp that was left on a known day and closes in the scenario, in the order of the record."""
    plan, scenario = result.prepared.plan, result.prepared.bundle.scenario
    closing = {name for name, closes in zip(plan.camp_ids, plan.camp_closes, strict=True) if closes}
    windows = {camp["id"]: camp["window"] for camp in result.summary["camps"]}
    found = []
    for entry in seen(record, "left", closing):
        times = result.column(f"camp:{entry.subject}:closed")
        days = [runs.quantile(times, percent) for percent in (10, 50, 90)]
        versions = scenario.camps[entry.subject].window.values()
        latest = max(versions, key=lambda version: version.known.nominal, default=None)
        found.append(
            Closing(
                seen=entry,
                days=tuple(None if d is None else runs.day(plan.start, d) for d in days),  # type: ignore[arg-type]
                planned=_middle(windows[entry.subject], result),
                ground="" if latest is None else latest.target.kind,
            )
        )
    return found


def _middle(window: dict[str, str] | None, result: Result) -> date | None:
    """The middle of a window; None for one after the deadline, which was no date of the withdrawal."""
    if window is None:
        return None
    first, last = date.fromisoformat(window["first"]), date.fromisoformat(window["last"])
    middle = first + timedelta((last - first).days // 2)
    deadline = next(m["deadline"] for m in result.summary["milestones"] if m["id"] == "withdrawal")
    return middle if middle <= date.fromisoformat(deadline) else None


def closings_table(found: list[Closing]) -> list[list[str]]:
    """A row per closing."""
    rows = [["camp", "record", "use", "P10", "P50", "P90", "error [d]", "in band", "middle of window", "its error [d]"]]
    for c in found:
        shown = ["not reached" if d is None else f"{d:%d %b}" for d in c.days]
        planned = "none" if c.planned is None else f"{c.planned:%d %b} ({c.ground})"
        rows.append(
            [
                c.seen.subject + (" (cluster)" if c.seen.cluster else ""),
                f"{c.seen.value:%d %b} ± {c.seen.precision:g} d",
                c.seen.use,
                *shown,
                signed(c.error),
                c.fits,
                planned,
                signed(c.naive_error),
            ]
        )
    return rows


def errors_table(found: list[Closing]) -> list[list[str]]:
    """Mean absolute errors of the medians and of the plan's dates on the same camps, by group."""
    groups = {
        "all with a plan date": lambda c: True,
        "without the Kidal cluster": lambda c: not c.seen.cluster,
        "fit (to 30 September)": lambda c: c.seen.use == "fit",
        "score (after)": lambda c: c.seen.use == "score",
        "score, without the Kidal cluster": lambda c: c.seen.use == "score" and not c.seen.cluster,
        "plan date documented": lambda c: c.ground == "documented",
    }
    rows = [["closings", "number", "model: mean error [d]", "plan: mean error [d]", "model closer", "plan closer"]]
    for title, chosen in groups.items():
        both = [(abs(c.error), abs(c.naive_error)) for c in found if _comparable(c) and chosen(c)]  # type: ignore[arg-type]
        if not both:
            rows.append([title, "0", "", "", "", ""])
            continue
        model, plan = np.mean(both, axis=0)
        nearer = (sum(m < n for m, n in both), sum(n < m for m, n in both))
        rows.append([title, str(len(both)), f"{model:.1f}", f"{plan:.1f}", str(nearer[0]), str(nearer[1])])
    return rows


def _comparable(c: Closing) -> bool:
    return c.error is not None and c.naive_error is not None


def coverage(found: list[Closing]) -> str:
    """How many closings lie in their bands, in words."""
    inside, near = sum(c.fits == "yes" for c in found), sum(c.fits.startswith("by") for c in found)
    late = sum(c.error is None or c.error > 0 for c in found)
    return (
        f"{inside} of {len(found)} record days lie inside the band from P10 to P90, {near} more by the record's own"
        f" precision; bands that hold what they promise would hold about {0.8 * len(found):.0f}. The median is late in"
        f" {late} cases."
    )


def causes_table(camps: Iterable[str], found: Seen) -> list[list[str]]:
    """Per camp: what has most days on the chain that leads to its closing."""
    rows = [["camp", "mean days on the chain that leads to its closing"]]
    for camp in camps:
        largest = found.chains[camp].most_common(4)
        causes = [(name.partition(": "), minutes / found.runs / MINUTES_PER_DAY) for name, minutes in largest]
        shown = "; ".join(f"{reason(hold, subject)} {days:.0f}" for (hold, _, subject), days in causes if days >= 1)
        rows.append([camp, shown])
    return rows


def people_table(record: list[Observation], curve: Ints, start: date, subject: str) -> list[list[str]]:
    """Each count of the record against the curve of people out, a row per replication in `curve`."""
    rows = [["day", "record", "use", "P10", "P50", "P90", "error", "in band"]]
    for entry in seen(record, "out", [subject]):
        values = curve[:, (entry.day - start).days]
        low, middle, high = (runs.quantile(values, percent) for percent in (10, 50, 90))
        assert low is not None
        assert middle is not None
        assert high is not None
        rows.append(
            [
                f"{entry.day:%d %b}",
                f"{entry.value:,} ± {entry.precision:g}",
                entry.use,
                *(f"{number:,}" for number in (low, middle, high)),
                f"{middle - entry.value:+,} ({(middle / entry.value - 1) * 100:+.0f} %)",
                verdict(low, high, entry.value, entry.precision),
            ]
        )
    return rows


def convoys_table(record: list[Observation], found: Seen, start: date) -> list[list[str]]:
    """Time on the road of the record's convoys, and the days of the column to Chad."""
    rows = [["convoy", "saw", "record", "use", "P10", "P50", "P90", "movements", "in band"]]
    for entry in seen(record, "completed", found.hours):
        hours = 1 if entry.unit == "hour" else 24
        times = np.sort(np.array(found.hours[entry.subject])) / hours
        if len(times) == 0:
            continue
        low, middle, high = (float(times[max(-(-len(times) * p // 100), 1) - 1]) for p in (10, 50, 90))
        rows.append(
            [
                entry.subject,
                "time on the road",
                f"{entry.value:g} ± {entry.precision:g} {entry.unit}s",
                entry.use,
                *(f"{number:.1f}" for number in (low, middle, high)),
                str(len(times)),
                verdict(low, high, entry.value, entry.precision),
            ]
        )
    for title, saw, minutes in (
        ("first column left", "departed", found.first_departed),
        ("last column left", "departed", found.last_departed),
        ("last column arrived", "arrived", found.last_arrived),
    ):
        for entry in seen(record, saw, ["chad-home"]):
            rows.append(_dated(entry, title, np.array(minutes["chad-home"], dtype=np.int64), found.runs, start))
    return rows


def _dated(entry: Observation, title: str, minutes: Ints, replications: int, start: date) -> list[str]:
    missing = np.full(replications - len(minutes), NEVER, dtype=np.int64)
    found = [runs.quantile(np.concatenate([minutes, missing]), percent) for percent in (10, 50, 90)]
    days = [None if minute is None else runs.day(start, minute) for minute in found]
    low, high = (None if d is None else d.toordinal() for d in (days[0], days[2]))
    return [
        entry.subject,
        title,
        f"{entry.value:%d %b} ± {entry.precision:g} d",
        entry.use,
        *("not by road" if d is None else f"{d:%d %b}" for d in days),
        f"in {len(minutes)} of {replications} runs",
        verdict(low, high, entry.value.toordinal(), entry.precision),
    ]


def signed(number: int | None) -> str:
    """A number with its sign; nothing for none."""
    return "" if number is None else f"{number:+d}"
