"""Scenarios and settings side by side in tables: in time or not, at what price, and how they differ pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .tables import WIDE, table
from .words import count, interval, percent, percent_number, plural, short_day, wrapped

if TYPE_CHECKING:
    from ..experiment.answers import Answer

Record = Mapping[str, Any]

#: The measures of a paired difference in the order of columns, with their heads and what one unit is shown as.
MEASURES = (
    ("chance", "chance, pts", 100.0),
    ("finish", "finish, days", 1.0),
    ("losses", "loads gone", 1.0),
    ("exposure", "convoy-km", 1.0),
    ("hurt", "hurt", 1.0),
)

#: A ratio of variances above this is only said to be so.
MOST_RATIO = 1000


def records(answer: Answer, name: str) -> list[Record]:
    """The rows of an answer's table, each as a mapping."""
    return list(answer.table(name).records())


def in_time(head: str, labels: Sequence[str], outcomes: Sequence[Record], width: int) -> list[str]:
    """The table of chances and dates."""
    wide = width >= WIDE
    names = (head, "in time", "95 %", "P10", "P50", "P90", *(("never",) if wide else ()))
    rows = [(label, *_when(outcome, wide)) for label, outcome in zip(labels, outcomes, strict=True)]
    return table(names, rows, width, (1, 2, 6))


def _when(outcome: Record, wide: bool) -> tuple[str, ...]:
    if outcome["chance"] is None:
        return ("-",) * (6 if wide else 5)
    ends = outcome["low"], outcome["high"]
    between = interval(*ends) if wide else "-".join(percent_number(end) for end in ends)
    days = (short_day(outcome[name]) if outcome[name] else "never" for name in ("p10", "p50", "p90"))
    return (percent(outcome["chance"]), between, *days, *((count(outcome["never"]),) if wide else ()))


def price(head: str, labels: Sequence[str], outcomes: Sequence[Record], width: int) -> list[str]:
    """The table of losses and exposure: means, in a wide one with what luck leaves between P10 and P90."""
    names = (head, "not out", "destroyed", "lost", "left", "convoy-km", "hurt")
    rows = [
        (
            label,
            *(count(round(outcome[name], 1)) for name in ("people_left", "destroyed", "lost_on_road", "residual")),
            *(_lucky(outcome, name, width >= WIDE) for name in ("exposure", "hurt")),
        )
        for label, outcome in zip(labels, outcomes, strict=True)
    ]
    legend = (
        "People not out at the deadline; loads destroyed, lost on the road, left behind; convoy-km under threat; people"
        " hurt."
    )
    between = " In brackets P10 to P90, which is luck." if width >= WIDE else ""
    return table(names, rows, width, range(1, 7)) + wrapped(legend + between, width)


def _lucky(outcome: Record, name: str, wide: bool) -> str:
    mean = count(round(outcome[name], 0 if outcome[name] >= 10 else 1))
    return f"{mean} ({count(outcome[f'{name}_p10'])} to {count(outcome[f'{name}_p90'])})" if wide else mean


def pairs(head: str, labels: Mapping[str, str], differences: Sequence[Record], width: int) -> list[str]:
    """The table of paired differences, `labels` giving what each name is shown as."""
    rows = [
        (label, *(_gap(_of(differences, name, measure), scale) for measure, _, scale in MEASURES))
        for name, label in labels.items()
    ]
    return table((head, *(shown for _, shown, _ in MEASURES)), rows, width, range(1, 6))


def saved(head: str, labels: Mapping[str, str], differences: Sequence[Record], width: int) -> list[str]:
    """The table of how many times as many independent replications the same intervals would take."""
    rows = [
        (label, *(_ratio(_of(differences, name, measure)) for measure, _, _ in MEASURES))
        for name, label in labels.items()
    ]
    return table((head, *(shown.partition(",")[0] for _, shown, _ in MEASURES)), rows, width, range(1, 6))


def _of(differences: Sequence[Record], name: str, measure: str) -> Record | None:
    return next((each for each in differences if (each["name"], each["measure"]) == (name, measure)), None)


def _gap(difference: Record | None, scale: float) -> str:
    """A mean with half of its interval; in brackets where the interval holds zero."""
    if difference is None:
        return "-"
    mean, half = difference["mean"] * scale, (difference["high"] - difference["low"]) / 2 * scale
    if not mean and not half:
        return "0"
    places = 0 if half >= 1 else 1 if half >= 0.05 else 2
    shown = f"{round(mean, places) + 0.0:+,.{places}f} ±{half:,.{places}f}"
    return shown if difference["is_detectable"] else f"({shown})"


def _ratio(difference: Record | None) -> str:
    if difference is None:
        return "-"
    ratio = difference["variance_ratio"]
    if ratio is None:
        return "same"
    return f"over {count(MOST_RATIO)}" if ratio > MOST_RATIO else f"{ratio:,.1f}"


def never_reached(labels: Sequence[str], outcomes: Sequence[Record], width: int) -> list[str]:
    """Who did not get there in some runs, in a sentence."""
    found = [
        f"{label} in {count(outcome['never'])}"
        for label, outcome in zip(labels, outcomes, strict=True)
        if outcome["never"]
    ]
    if not found:
        return []
    told = ", ".join(found[:6]) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
    runs = plural(outcomes[0]["replications"], "run")
    return wrapped(f"Not reached by the horizon, which counts as later than any date: {told} of {runs}.", width)
