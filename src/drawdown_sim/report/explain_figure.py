"""Pictures of what binds: criticality and days of the causes over many runs, or one run's chain along its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..units import MINUTES_PER_DAY
from .explain import called
from .figures import AMBER, BLUE, GREEN, INK, date_axis, day_number
from .words import plural, reason

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Causes, or steps of a chain, that a picture has room for.
MOST_CAUSES = 10
MOST_STEPS = 16


def draw_explain(answer: Answer, figure: Figure) -> None:
    """Draw an answer of `explain` on an empty figure."""
    if answer.asked["replication"] is None:
        _draw_causes(answer, figure)
    else:
        _draw_chain(answer, figure)


def _draw_causes(answer: Answer, figure: Figure) -> None:
    """Criticality with its interval on the left, days on the chain on the right, a cause in each row."""
    rows: list[dict[str, Any]] = answer.table("causes").records()[:MOST_CAUSES]
    at = list(range(len(rows)))
    left, right = figure.subplots(1, 2, sharey=True)
    shares = [100 * row["criticality"] for row in rows]
    spans = [
        [100 * (row["criticality"] - row["low"]) for row in rows],
        [100 * (row["high"] - row["criticality"]) for row in rows],
    ]
    left.barh(at, shares, color=BLUE, height=0.6, xerr=spans, error_kw={"ecolor": INK, "capsize": 2.5, "lw": 1})
    left.set(xlim=(0, 100), xlabel="runs [%], with 95 % interval", title="On the chain: how often")
    left.set_yticks(at, [reason(row["hold"], row["subject"]) for row in rows])
    left.invert_yaxis()
    right.hlines(at, [row["p10"] for row in rows], [row["p90"] for row in rows], color=AMBER, lw=7, label="P10 to P90")
    right.plot([row["days"] for row in rows], at, "o", color=INK, ms=5, label="mean")
    right.set(xlim=(0, None), xlabel="time on the chain [day]", title="For how long")
    right.legend(loc="lower right")
    for axes in (left, right):
        axes.grid(False, axis="y")


def _draw_chain(answer: Answer, figure: Figure) -> None:
    """One run's chain as bars along the dates; of a long chain the longest steps, in order of time."""
    steps: list[dict[str, Any]] = answer.table("steps").records()
    longest = sorted(steps, key=lambda step: (-step["minutes"], step["since"]))[:MOST_STEPS]
    shown = [step for step in steps if step in longest]
    start = day_number(answer.found["start"])
    axes = figure.subplots()
    labelled: set[str] = set()
    for at, step in enumerate(shown):
        begin, length = (step[name] / MINUTES_PER_DAY for name in ("since", "minutes"))
        sort, colour = _sort(step["hold"])
        label = None if sort in labelled else sort
        labelled.add(sort)
        axes.barh(at, length, left=start + begin, height=0.6, color=colour, label=label)
    axes.set_yticks(range(len(shown)), [_label(answer, step) for step in shown])
    axes.invert_yaxis()
    end = start + answer.found["minutes"] / MINUTES_PER_DAY
    axes.axvline(end, color=INK, lw=1, ls="--", label="end of the chain")
    axes.set_xlim(start, end + max(end - start, 1) / 40)
    date_axis(axes, "date")
    rest = len(steps) - len(shown)
    note = f"; {plural(rest, 'shorter step')} left out" if rest else ""
    axes.set(title=f"Replication {answer.asked['replication']}{note}")
    axes.legend(loc="lower left")
    axes.grid(False, axis="y")


def _label(answer: Answer, step: dict[str, Any]) -> str:
    """Who waits, and for what; the subject only where it is another."""
    subject = "" if step["subject"] in (step["place"], step["lift"]) else step["subject"]
    who = called(answer, step["place"]) if step["place"] else "mission"
    return f"{who}: {reason(step['hold'], subject)}"


def _sort(hold: str) -> tuple[str, str]:
    """What sort of hold it is, with its colour: lightness tells them apart in grey."""
    if hold in ("clearance", "ban", "decision"):
        return "permission or decision", INK
    if hold in ("truck", "escort", "crew", "seat", "asset", "slot", "rotation_cap", "room", "supply"):
        return "means, quotas, room", BLUE
    if hold in ("work", "handover", "loading", "unloading", "rest", "route", "incident", "resupply"):
        return "own work and travel", GREEN
    return "plan, order, size", AMBER
