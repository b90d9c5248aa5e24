"""The picture of a threshold: the chance over the values with its price below, or the frontier of two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .figures import BLUE, INK, LATE, MUTED
from .threshold import Plain, records
from .words import percent_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: The panels below the chance: a column, what it counts.
_PRICES = (("losses", "loads lost"), ("exposure", "convoy-km\nunder threat"), ("hurt", "people\nhurt"))


def draw_threshold(answer: Answer, figure: Figure) -> None:
    """The chance with its interval, the line and where they cross; the frontier, if there is a second input."""
    if "second" in answer.found:
        _draw_frontier(answer, figure)
    else:
        _draw_curve(answer, figure)


def _axes(figure: Figure) -> tuple[Axes, list[Axes]]:
    """A tall panel over one for each price, with one horizontal axis."""
    panels = figure.subplots(1 + len(_PRICES), 1, sharex=True, height_ratios=[5, *[1.3] * len(_PRICES)])
    return panels[0], list(panels[1:])


def _prices(panels: list[Axes], x: list[float], rows: list[Plain]) -> None:
    for panel, (name, label) in zip(panels, _PRICES, strict=True):
        panel.plot(x, [row[name] for row in rows], color=INK, linewidth=1.2, marker=".", markersize=4)
        panel.set_ylabel(label, fontsize=7.5, rotation=0, ha="right", va="center")
        panel.set_ylim(0, 1.25 * max([row[name] for row in rows if row[name]], default=0.8))
        panel.tick_params(labelsize=8)
        panel.locator_params(axis="y", nbins=2)


def _label(given: Plain) -> str:
    """An axis: the input and its unit."""
    if given["dimension"] == "date":
        return f"{given['path']} [days after {given['is']}]"
    return f"{given['path']} [{'factor on its steps' if given['by_date'] else given['unit']}]"


def _draw_curve(answer: Answer, figure: Figure) -> None:
    found = answer.found
    rows = [row for row in records(answer, "values") if row["side"] != "refused"]
    top, below = _axes(figure)
    for edge in records(answer, "crossings"):
        low = rows[0]["value"] if edge["kept_low"] is None else edge["kept_low"]
        high = rows[-1]["value"] if edge["kept_high"] is None else edge["kept_high"]
        for panel in (top, *below):
            panel.axvspan(low, high, color="#d9dce0", linewidth=0, zorder=0)
            panel.axvline(edge["kept"], color=LATE, linewidth=1)
        _told_beside(top, edge["kept"], f"{'from' if edge['rises'] else 'up to'} {edge['kept_written']}", rows)
    _draw_chances(top, rows, found)
    _prices(below, [row["value"] for row in rows], rows)
    below[-1].set_xlabel(_label(found["input"]))


def _told_beside(panel: Axes, x: float, text: str, rows: list[Plain]) -> None:
    """A text at the foot of a vertical line, on the side where there is more room."""
    is_left = x < (rows[0]["value"] + rows[-1]["value"]) / 2
    shift, side = (4, "left") if is_left else (-4, "right")
    panel.annotate(text, (x, 3), color=LATE, xytext=(shift, 0), textcoords="offset points", ha=side)


def _draw_chances(panel: Axes, rows: list[Plain], found: Plain) -> None:
    chances = [100 * row["chance"] for row in rows]
    spread = [
        [100 * max(row["chance"] - row["low"], 0) for row in rows],
        [100 * max(row["high"] - row["chance"], 0) for row in rows],
    ]
    x, line, base = [row["value"] for row in rows], 100 * found["probability"], found["base"]
    panel.axhline(line, color=LATE, linewidth=1, linestyle="--", label=f"the line: {line:g} %")
    panel.errorbar(
        x, chances, spread, color=BLUE, ecolor=MUTED, elinewidth=0.8, linewidth=1.2, marker="o", markersize=3.5,
        label="chance, with the 95 % interval of its runs",
    )  # fmt: skip
    panel.plot(
        [base["value"]], [100 * base["chance"]], "D", color=INK, markersize=7, label=f"as it is: {base['written']}"
    )
    panel.set_ylim(0, 102)
    panel.set_ylabel("chance [%]")
    panel.legend(loc="best", fontsize=8)
    panel.set_title(f"Chance of {found['milestone']} by {found['deadline']}; grey: 95 % interval of the threshold")


def _draw_frontier(answer: Answer, figure: Figure) -> None:
    found, rows = answer.found, records(answer, "frontier")
    first, second = found["input"], found["second"]
    top, below = _axes(figure)
    low, high = _ends(answer)
    crossed = [row for row in rows if row["kept"] is not None]
    x = [row["value"] for row in crossed]
    y = [row["kept"] for row in crossed]
    spread = [
        [row["kept"] - (low if row["kept_low"] is None else row["kept_low"]) for row in crossed],
        [(high if row["kept_high"] is None else row["kept_high"]) - row["kept"] for row in crossed],
    ]
    rises = {row["rises"] for row in crossed}
    if len(rises) == 1:
        top.fill_between(x, y, high if rises.pop() else low, color="#d9dce0", linewidth=0, zorder=0, label="kept")
    top.errorbar(
        x, y, spread, color=BLUE, ecolor=MUTED, linewidth=1.4, marker="o", markersize=4,
        label=f"threshold of {percent_number(found['probability'])} %, with its 95 % interval",
    )  # fmt: skip
    for outcome, marker, text in (
        ("always", "^", "any value keeps it"),
        ("never", "x", "no value keeps it"),
        ("undecided", "s", "not decided"),
    ):
        there = [row["value"] for row in rows if row["outcome"] == outcome]
        if there:
            top.plot(there, [(low + high) / 2] * len(there), marker, color=INK, linestyle="none", label=text)
    top.plot([second["is_value"]], [first["is_value"]], "D", color=INK, markersize=7, label="as it is")
    top.set_ylim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    top.set_ylabel(_label(first), fontsize=8.5)
    top.set_title(f"Where the chance of {found['milestone']} by {found['deadline']} crosses the line", fontsize=10)
    top.legend(loc="best", fontsize=8)
    _prices(below, [row["value"] for row in rows], rows)
    below[-1].set_xlabel(_label(second))


def _ends(answer: Answer) -> tuple[float, float]:
    """Both ends of the first input."""
    values = [row["value"] for row in records(answer, "values")]
    return values[0], values[-1]
