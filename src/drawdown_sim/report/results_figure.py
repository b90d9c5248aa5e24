"""The picture of a run: who is still there, week by week, and when milestones are reached and camps close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .figures import BLUE, INK, LATE, MUTED, date_axis, day_number
from .words import count, day, interval, percent, plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Camps that a picture has room for; the table holds all.
MOST_CAMPS = 30

#: Days that are shown before the first date and after the last.
_MARGIN = 7

Row = dict[str, Any]


def draw_run(answer: Answer, figure: Figure) -> None:
    """People due to leave who are still there; below, milestones with deadlines, and camps with the plan's windows."""
    found = answer.found
    main = next(each for each in found["milestones"] if each["id"] == found["verdict"]["milestone"])
    camps = [camp for camp in found["camps"] if camp["closes"]]
    camps = sorted(camps, key=lambda camp: (not camp["p50"], camp["p50"], camp["id"]))
    rows = [*found["milestones"], *camps[:MOST_CAMPS]]
    people = bool(found["remaining"]["people_due"])
    low = 0.7 + 0.24 * len(rows)
    figure.set_size_inches(8.4, 1.5 + low + (2.6 if people else 0))
    panels = figure.subplots(1 + people, 1, sharex=True, squeeze=False, height_ratios=(2.6, low) if people else None)
    if people:
        _draw_people(panels[0, 0], found)
    bottom = panels[-1, 0]
    _draw_dates(bottom, rows)
    for axes in panels[:, 0]:
        axes.axvline(day_number(main["deadline"]), color=LATE, linewidth=1.2)
    ends = [day_number(each[name]) for each in rows for name in ("p10", "p50", "p90", "deadline") if each.get(name)]
    first = min([day_number(week["day"]) for week in found["people_out"][:1]] + ends)
    bottom.set_xlim(first - _MARGIN, max(ends) + _MARGIN)
    date_axis(bottom, f"date; the line is the deadline of {main['id']}")
    figure.suptitle(_title(found, main), x=0.01, ha="left", fontsize=9.5)


def _title(found: Row, main: Row) -> str:
    verdict, losses, exposure = found["verdict"], found["losses"], found["exposure"]
    gone = sum(losses[name]["mean"] for name in ("destroyed", "lost_on_road", "residual"))
    km, hurt = exposure["convoy_km_under_threat"]["mean"], exposure["people_hurt"]["mean"]
    return (
        f"{found['title']}\n{main['id']} by {day(main['deadline'])}: {percent(verdict['probability'])} of"
        f" {plural(found['replications'], 'run')} (95 % interval {interval(verdict['low'], verdict['high'])})\n"
        f"means: {count(round(gone))} loads gone, {count(round(km))} convoy-km under threat,"
        f" {count(round(hurt))} people hurt"
    )


def _draw_people(axes: Axes, found: Row) -> None:
    """A band from P10 to P90 with the median, from weekly counts."""
    due, weeks = found["remaining"]["people_due"], found["people_out"]
    days = [day_number(week["day"]) for week in weeks]
    left = {name: [due - week[name] for week in weeks] for name in ("p10", "p50", "p90")}
    axes.fill_between(days, left["p90"], left["p10"], color=BLUE, alpha=0.3, linewidth=0, label="P10 to P90")
    axes.plot(days, left["p50"], color=BLUE, linewidth=1.6, label="median")
    axes.set_ylabel("due to leave,\nstill there [person]", fontsize=9)
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower left", fontsize=8)


def _draw_dates(axes: Axes, rows: list[Row]) -> None:
    """A row for each milestone and camp: median and P10 to P90; the deadline, or the window of the plan."""
    for at, row in enumerate(rows):
        deadline, window = row.get("deadline"), row.get("window")
        if deadline:
            axes.plot([day_number(deadline)] * 2, [at - 0.4, at + 0.4], color=LATE, linewidth=2.4)
        if window:
            begin, end = day_number(window["first"]), day_number(window["last"])
            axes.barh(at, end - begin, left=begin, height=0.62, color="white", edgecolor=MUTED, linewidth=0.8)
        ends = [day_number(row[name]) for name in ("p10", "p90") if row[name]]
        if len(ends) > 1:
            axes.plot(ends, [at, at], color=BLUE, linewidth=3, alpha=0.6, solid_capstyle="butt")
        if row["p50"]:
            axes.plot(day_number(row["p50"]), at, "D" if deadline else "o", color=INK, markersize=4)
        else:
            axes.annotate("not in half of the runs", (0.01, at), xycoords=("axes fraction", "data"), fontsize=8,
                          va="center", color=MUTED)  # fmt: skip
    axes.set_yticks(range(len(rows)), [_name(row) for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_title(
        "reached (diamond) and closed (dot): median, bar from P10 to P90; tick: its deadline; frame: the plan's window",
        fontsize=8.5,
    )


def _name(row: Row) -> str:
    """A milestone by its id, since its title is a sentence; a camp by its title."""
    return str(row["id"] if row.get("deadline") else row["title"] or row["id"])
