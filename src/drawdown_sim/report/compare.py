"""The report and the picture of a comparison: chance, losses and exposure of each course of action side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from .figures import BLUE, INK, MUTED
from .outcomes import Record, in_time, never_reached, pairs, price, records, saved
from .tables import LEAST, Section, cut
from .words import day, listed, percent, plural, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Differences in what scenarios say that are printed in all; the answer holds every one.
MOST_CHANGES = 8

#: Characters from which the beginning that two texts share is left out.
LONG_BEGINNING = 20

#: What is drawn: the column, its ends, what they mean, the scale and the decimals shown.
PANELS = (
    ("chance", "low", "high", "in time [%]\n95 % interval", 100.0, 0),
    ("losses", "losses_p10", "losses_p90", "loads destroyed, lost and left\nmean, P10 to P90", 1.0, 0),
    ("exposure", "exposure_p10", "exposure_p90", "exposure [1,000 convoy-km]\nmean, P10 to P90", 0.001, 1),
)


def compare_report(answer: Answer, width: int) -> list[Section]:
    """All sections of a comparison, lines of at most `width` characters."""
    outcomes = records(answer, "outcomes")
    scenarios = records(answer, "scenarios")
    differences = records(answer, "differences")
    names = [str(scenario["name"]) for scenario in scenarios]
    others = {name: name for name in names[1:]}
    runs = answer.asked["replications"]
    legend = (
        f"The other less {names[0]}, over {plural(runs, 'pair')} with the same luck: mean ± half of its 95 % interval;"
        " in brackets where that interval holds zero. Loads gone are those destroyed, lost and left."
    )
    if any(outcome["never"] for outcome in outcomes):
        legend += " A run that never finishes stands at the horizon, so that the difference in finish is at least so."
    spared = (
        "How many times as many runs with luck of their own would measure each difference as well; same: no pair"
        " differs."
    )
    return [
        Section(f"{answer.found['claim']}: {listed(names)}", _verdict(answer, outcomes, scenarios, width)),
        Section(
            f"In time? {plural(runs, 'run')} each",
            in_time("scenario", names, outcomes, width) + never_reached(names, outcomes, width),
        ),
        Section("At what price? Means over whole runs", price("scenario", names, outcomes, width)),
        Section(
            f"Compared with {names[0]}, pair by pair",
            pairs("scenario", others, differences, width) + wrapped(legend, width),
        ),
        Section("Runs that pairing saved", saved("scenario", others, differences, width) + wrapped(spared, width)),
        Section(f"What differs from {names[0]}", _changes(answer, names[1:], width)),
    ]


def _verdict(answer: Answer, outcomes: Sequence[Record], scenarios: Sequence[Record], width: int) -> list[str]:
    """How likely each is, and what the scenarios do not share."""
    told = [_likely(outcome) for outcome in outcomes if outcome["chance"] is not None]
    words = "" if any(outcome["words"] for outcome in outcomes) else " Below 200 runs no likelihood word is given."
    lines = wrapped(f"On these assumptions, in time: {'; '.join(told)}.{words}", width)
    for text in _apart(answer.found["milestone"], outcomes, scenarios):
        lines += wrapped(text, width)
    return lines


def _likely(outcome: Record) -> str:
    shown = percent(outcome["chance"])
    return f"{outcome['name']} {outcome['words']} ({shown})" if outcome["words"] else f"{outcome['name']} {shown}"


def _apart(milestone: str, outcomes: Sequence[Record], scenarios: Sequence[Record]) -> list[str]:
    """What the scenarios do not share, so that the reader does not take unlike for like."""
    told = []
    lacking = [scenario for scenario in scenarios if not scenario["has_milestone"]]
    if lacking:
        have = "; ".join(f"{scenario['name']} has {scenario['milestones']}" for scenario in lacking)
        told.append(f"Not all have the milestone {milestone}: {have}. Of these only losses and exposure are compared.")
    dates = {outcome["deadline"] for outcome in outcomes if outcome["deadline"]}
    if len(dates) > 1:
        each = "; ".join(f"{o['name']} by {day(o['deadline'])}" for o in outcomes if o["deadline"])
        told.append(f"Each is judged by its own deadline: {each}.")
    elif dates:
        told.append(f"The deadline of all is {day(dates.pop())}.")
    base = scenarios[0]
    for key, what in (("start", "starts"), ("horizon", "has its horizon")):
        unlike = [scenario for scenario in scenarios if scenario[key] != base[key]]
        each = "; ".join(f"{scenario['name']} {what} on {day(scenario[key])}" for scenario in unlike)
        if unlike:
            told.append(f"{each}; {base['name']} on {day(base[key])}.")
            told.append("Finishes are compared by date, up to the earlier horizon of the two.")
    replays = [str(scenario["name"]) for scenario in scenarios if scenario["replay"]]
    if replays:
        told.append(f"{listed(replays)}: a replay, in which dates of decisions or of the ends of holds are inputs.")
    return list(dict.fromkeys(told))


def _changes(answer: Answer, names: Sequence[str], width: int) -> list[str]:
    """What each scenario says differently, as many entries as there is room for."""
    share = max(MOST_CHANGES // len(names), 1)
    lines = []
    for name in names:
        changes = [change for change in records(answer, "changes") if change["name"] == name]
        lines.append(
            f"{name}: {plural(len(changes), 'difference')}" if changes else f"{name}: none; the two play the same"
        )
        for change in changes[:share]:
            lines += _change(change, width)
        if len(changes) > share:
            lines.append(f"  and {len(changes) - share} more, which --json lists")
    return lines


def _change(change: Record, width: int) -> list[str]:
    """One difference: what was and what is on a line, what it rests on below it."""
    head, room = f"  {change['path']}: ", width - len(change["path"]) - 8
    what, was, new = change["what"], change["base"], change["new"]
    if what == "added":
        told = f"added {new}"
    elif what == "removed":
        told = f"taken away; was {was}"
    elif what == "ground":
        told = f"{new} as before, on another ground"
    else:
        was, new = _unlike(was, new)
        # a long text gives way to a short one, so that both ends are seen
        told = f"{cut(was, max(room - len(new), room // 2, LEAST))} -> {new}"
    below = [cut(f"    {change['ground']}", width)] if change["ground"] else []
    return [cut(head + told, width), *below]


def _unlike(was: str, new: str) -> tuple[str, str]:
    """Two texts without the words with which both begin, where these are many."""
    pairs_of_words = zip(was.split(" "), new.split(" "), strict=False)
    same = sum(len(one) + 1 for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs_of_words))
    return (was, new) if same < LONG_BEGINNING else (f"... {was[same:]}", f"... {new[same:]}")


def draw_compare(answer: Answer, figure: Figure) -> None:
    """Chance, losses and exposure of each scenario, one row each, the base first."""
    outcomes = records(answer, "outcomes")
    panels = figure.subplots(1, len(PANELS), sharey=True)
    rows = range(len(outcomes))
    for axes, (column, low, high, label, scale, places) in zip(panels, PANELS, strict=True):
        for row, outcome in zip(rows, outcomes, strict=True):
            if outcome[column] is None:
                axes.annotate("no such milestone", (0, row), color=MUTED, fontsize=8, va="center")
                continue
            middle, ends = outcome[column] * scale, [outcome[low] * scale, outcome[high] * scale]
            colour, shape = (INK, "s") if row == 0 else (BLUE, "o")
            axes.plot(ends, [row, row], color=colour, linewidth=2.2, solid_capstyle="butt")
            axes.plot([middle], [row], shape, color=colour, markersize=7)
            axes.annotate(
                f"{middle:,.{places}f}", (middle, row), (0, 8), textcoords="offset points", ha="center", fontsize=9
            )
        axes.set_xlabel(label)
        axes.margins(x=0.15)
        axes.set_xlim(left=0)
        axes.grid(visible=False, axis="y")
    panels[0].set_xlim(-8, 108)
    panels[0].set_yticks(list(rows), [str(outcome["name"]) for outcome in outcomes])
    panels[0].set_ylim(len(outcomes) - 0.5, -0.5)
    figure.suptitle(f"{answer.found['claim']}: in time, and at what price", x=0.01, ha="left", fontsize=11)
