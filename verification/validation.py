"""Measure the Mali case against its record and write the measured parts of docs/validation.md.

Run it from the root of the project: python verification/validation.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import compare
import controls
import numpy as np
import page
import runs
from record import Observation, read_record, seen
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from runs import Sample
from trajectories import Seen, look_at

from drawdown_sim.experiment.run import Result
from drawdown_sim.model.plan import Plan
from drawdown_sim.report.words import interval, percent
from drawdown_sim.scenario.values import Value

#: Shares of the range of the charter capacity between its ends and the value itself.
CHARTER_STEPS = 7

#: What is tried beside a scenario's own number and the ends of its range [persons]: the declared residual with 200 and
#: 400 more or fewer, the cap on people out with 100 more or fewer.
RESIDUAL_STEPS = (-400, -200, 200, 400)
CAP_STEPS = (-100, 100)

PLAN = "plan-2023-08"

#: Columns of every table of chances.
TITLES = ("chance (95 %)", "finish P50", "people left (mean)")


@dataclass(frozen=True, slots=True)
class Size:
    """How many replications are made of what."""

    main: int
    paired: int


class Work:
    """Runs with a progress bar, a line each."""

    def __init__(self, bar: Progress, size: Size) -> None:
        self.bar, self.size = bar, size

    @contextmanager
    def line(self, title: str, total: int) -> Iterator[runs.Progress]:
        """A line of the bar, and what is called as its work goes on."""
        task = self.bar.add_task(title, total=total)
        yield lambda done, whole: self.bar.update(task, completed=done, total=whole)

    def main(self, name: str) -> Result:
        with self.line(name, self.size.main) as progress:
            return runs.simulate(runs.scenario(name), self.size.main, progress)

    def paired(self, title: str, name: str, values: dict[str, object] | None = None) -> Sample:
        """A run for comparison with the first replications of the baseline."""
        with self.line(title, self.size.paired) as progress:
            return Sample(runs.simulate(runs.scenario(name, values), self.size.paired, progress), self.size.paired)


def measure(work: Work) -> dict[str, str]:
    """Every measured part of the page."""
    record = read_record()
    baseline, plan = work.main("baseline"), work.main(PLAN)
    with work.line("rows of the baseline", work.size.paired) as progress:
        rows = look_at("baseline", work.size.paired, progress)
    base = Sample(baseline, work.size.paired)
    return {
        "design": design(baseline, plan, work.size),
        **against_record("baseline", record, baseline),
        **against_record("plan", record, plan),
        **from_rows(record, baseline, rows),
        "finish": page.table(finish_table(baseline, plan)),
        "charters": page.table(charters_table(work, base)),
        "residual": page.table(residual_table(work, base)),
        "cap": page.table(cap_table(work, base)),
        **compared(work, base),
    }


def design(baseline: Result, plan: Result, size: Size) -> str:
    """What was run, in a paragraph."""
    names = " and ".join(f"`{r.prepared.bundle.name}` (digest {r.digest})" for r in (baseline, plan))
    return (
        f"Measured with seed {runs.SEED}: {size.main} replications of {names}; {size.paired} replications, paired by"
        " number, of all else. The command `python verification/validation.py` makes every table again."
    )


def against_record(name: str, record: list[Observation], result: Result) -> dict[str, str]:
    """Closings and people out of one scenario."""
    found = compare.closings(record, result)
    start = result.prepared.plan.start
    people = compare.people_table(record, result.block.people_out, start, "people out")
    return {
        f"{name}-closings": page.table(compare.closings_table(found)) + "\n" + compare.coverage(found),
        f"{name}-errors": page.table(compare.errors_table(found)),
        f"{name}-people": page.table(people),
    }


def from_rows(record: list[Observation], baseline: Result, rows: Seen) -> dict[str, str]:
    """What whole trajectories tell."""
    start = baseline.prepared.plan.start
    camps = [entry.subject for entry in seen(record, "left") if entry.subject in rows.chains]
    uniformed = compare.people_table(record, np.stack(rows.uniformed_out), start, "people uniformed")
    containers = compare.people_table(record, np.stack(rows.containers_out), start, "containers")
    north = np.array(rows.north)
    return {
        "causes": page.table(compare.causes_table(camps, rows)),
        "uniformed": page.table(uniformed),
        "containers": page.table(containers),
        "convoys": page.table(compare.convoys_table(record, rows, start)),
        "north": f"Lift convoys that left Gao for the north: mean {north.mean():.1f} a run, at most {north.max()}.",
    }


def finish_table(*results: Result) -> list[list[str]]:
    """The distribution of the day on which the withdrawal milestone is reached."""
    levels = (5, 10, 25, 50, 75, 90, 95)
    rows = [["scenario", "chance (95 %)", *(f"P{p}" for p in levels), "never"]]
    for result in results:
        sample = Sample(result, len(result.block.rows))
        found = [runs.quantile(sample["finish"], p) for p in levels]
        start = result.prepared.plan.start
        days = ["not reached" if m is None else f"{runs.day(start, m - 1):%d %b %Y}" for m in found]
        never = next(m["censored"] for m in result.summary["milestones"] if m["id"] == "withdrawal")
        rows.append([result.prepared.bundle.name, chance(sample), *days, str(never)])
    return rows


def charters_table(work: Work, base: Sample) -> list[list[str]]:
    """The chance across the range of the charter capacity, nominal steps included."""
    value = base.result.prepared.bundle.scenario.quotas["charters"].limit
    assert value.range is not None, "the charter capacity is published with a range"
    low, high = (float(end) for end in value.range)
    below, above = np.linspace(low, 1, CHARTER_STEPS // 2 + 1), np.linspace(1, high, CHARTER_STEPS // 2 + 1)
    rows = [
        ["factor", "flights a week from July, September, October", "chance (95 %)", "finish P50", "people left (mean)"]
    ]
    for factor in (*below, *above[1:]):
        moved = value.across(Fraction((factor - low) / (high - low)))
        sample = base
        if factor != 1:
            sample = work.paired(f"charters x {factor:.2f}", "baseline", {"quotas.charters.limit": moved})
        shown = ", ".join(str(number) for number in flights_a_week(sample.result.prepared.plan))
        rows.append([f"{factor:.2f}", shown, chance(sample), *after_chance(sample)])
    return rows


def flights_a_week(plan: Plan) -> list[int]:
    """The charters' limit as compiled: whole flights, by step."""
    series = plan.quota_limit[plan.quota_ids.index("charters")]
    steps = range(plan.series_at[series], plan.series_at[series + 1])
    return [int(plan.tables[plan.series_table[step]][0]) for step in steps]


def after_chance(sample: Sample) -> tuple[str, str]:
    """Median finish and mean number of people left."""
    return controls.typical(sample, "finish"), controls.typical(sample, "people_left")


def residual_table(work: Work, base: Sample) -> list[list[str]]:
    """The chance with more or fewer people who may stay."""
    residual = base.result.prepared.bundle.scenario.residual
    assert residual is not None, "the scenario declares its residual"
    return numbers_table(work, base, "residual.number", residual.number, RESIDUAL_STEPS)


def cap_table(work: Work, base: Sample) -> list[list[str]]:
    """The chance across the range of the cap on people out."""
    limit = base.result.prepared.bundle.scenario.quotas["people-out"].limit
    return numbers_table(work, base, "quotas.people-out.limit", limit, CAP_STEPS)


def numbers_table(work: Work, base: Sample, path: str, value: Value, steps: tuple[int, ...]) -> list[list[str]]:
    """The chance with other numbers of people at one path: steps from the scenario's own, and the ends of its range."""
    assert value.range is not None, "the number is published with a range"
    own, low, high = int(value.nominal), *(int(end) for end in value.range)
    rows = [["persons", "", *TITLES]]
    for number in sorted({low, own, high, *(own + step for step in steps)}):
        sample = base
        if number != own:
            sample = work.paired(f"{path}: {number}", "baseline", {path: f"{number} persons"})
        note = "" if low < number < high else "end of the range" if number in (low, high) else "beyond the range"
        rows.append(
            [str(number), "as in the scenario" if number == own else note, chance(sample), *after_chance(sample)]
        )
    return rows


def compared(work: Work, base: Sample) -> dict[str, str]:
    """Negative controls, other variants, and what explains one of them."""
    wanted = controls.read_controls()
    parts = []
    for name, entry in wanted["controls"].items():
        sample = work.paired(name, name)
        reasons = "".join(f"- {controls.titled(outcome)}: {why}.\n" for outcome, why in entry["why"].items())
        stated = f'Stated beforehand: "{entry["stated"]}".\n'
        parts.append(f"### {name}\n\n{stated}\n{page.table(controls.control_table(entry, base, sample))}\n{reasons}")
    variants = {name: work.paired(name, name) for name in wanted["variants"]}
    return {
        "controls": "\n".join(parts),
        "variants": page.table(controls.variants_table(base, variants)),
        "far-north": page.table(probes_table(work, wanted["probes"], base, variants["far-north-first"])),
    }


def probes_table(work: Work, probes: dict[str, dict[str, object]], base: Sample, variant: Sample) -> list[list[str]]:
    """Far north first against the baseline, with one more thing changed in both."""
    rows = [["changed in both", "baseline", "far north first", "finish, paired difference (95 %)"]]
    for probe in probes.values():
        values, title = probe["values"], str(probe["title"])
        assert isinstance(values, dict), "a probe's values are a mapping of paths"
        one = work.paired(f"{title}: baseline", "baseline", values) if values else base
        other = work.paired(f"{title}: far north", "far-north-first", values) if values else variant
        rows.append([title, chance(one), chance(other), str(controls.difference(one, other, "finish"))])
    return rows


def chance(sample: Sample) -> str:
    """A chance with its interval."""
    return f"{percent(sample.hits / sample.replications)} ({interval(*sample.interval)})"


def main() -> None:
    """Measure all and write the page."""
    parser = argparse.ArgumentParser(description="Measure the Mali case and write docs/validation.md.")
    parser.add_argument("--replications", type=int, default=500, help="of the baseline and of the plan (500)")
    parser.add_argument("--paired", type=int, default=200, help="of every run that is compared with the baseline (200)")
    size = parser.parse_args()
    if not 20 <= size.paired <= size.replications:
        parser.error("expected 20 or more paired replications, and no more than --replications")
    began = time.monotonic()
    with Progress(TextColumn("{task.description:45}"), BarColumn(), TimeElapsedColumn()) as bar:
        parts = measure(Work(bar, Size(size.replications, size.paired)))
    page.write(parts)
    print(f"{page.PAGE} written after {time.monotonic() - began:.0f} s; now read its words against its tables")


if __name__ == "__main__":
    main()
