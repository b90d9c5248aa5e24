"""The picture of benchmarks/scale.py: time and memory against the size of the mission and against replications."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

#: Colours that hold on a light page and on a dark one.
BLUE, ORANGE, GREEN, VIOLET = "#2f7fc1", "#d9772b", "#3a9a6b", "#9a6fc4"
GREY, GRID = "#858b94", "#858b9440"

SIZE = "size of the mission, times the baseline"

STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.titlecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "text.color": GREY,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "svg.hashsalt": "scale",
    "svg.fonttype": "path",
}


def draw(record: dict[str, Any], path: Path) -> None:
    """Write the picture."""
    sizes, counts = record["sizes"], record["replications"]
    x = [entry["size"] for entry in sizes]
    with plt.rc_context(STYLE):
        figure, grid = plt.subplots(2, 2, figsize=(9.6, 7.2), layout="constrained")
        figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12, wspace=0.06, hspace=0.06)
        (time_of_size, memory_of_size), (time_of_count, memory_of_count) = grid
        _time_of_size(time_of_size, sizes, x)
        _memory_of_size(memory_of_size, sizes, x)
        n = [entry["replications"] for entry in counts]
        _time_of_count(time_of_count, counts, n)
        _memory_of_count(memory_of_count, counts, n)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)
    # matplotlib leaves blanks at the ends of lines
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n", encoding="utf-8")


def _time_of_size(axes: Axes, sizes: list[dict[str, Any]], x: list[int]) -> None:
    _title(axes, "Time against the size of the mission", "processor time [s]", SIZE)
    first = sizes[0]
    rows = [entry["rows"] for entry in sizes]
    scale = first["replication_s"] / (rows[0] * log(rows[0]))
    _guide(axes, x, [scale * row * log(row) for row in rows], "n log n")
    _line(axes, x, [entry["reading_s"] for entry in sizes], BLUE, "reading and checking")
    _line(axes, x, [entry["compiling_s"] for entry in sizes], GREEN, "compiling the plan")
    _line(axes, x, [entry["laying_out_s"] for entry in sizes], VIOLET, "laying it out")
    _line(axes, x, [entry["replication_s"] for entry in sizes], ORANGE, "a replication")
    known = [entry for entry in sizes if entry.get("reference_s")]
    axes.plot(
        [entry["size"] for entry in known], [entry["reference_s"] for entry in known], color=ORANGE, marker="o",
        linewidth=1.4, linestyle=(0, (1, 1.5)), markersize=4.5, markerfacecolor="none",
    )  # fmt: skip
    last = known[-1]
    _label(axes, last["size"], last["reference_s"], "reference engine", ORANGE)
    _sizes_below(axes, x)
    _decades(axes, "y")


def _memory_of_size(axes: Axes, sizes: list[dict[str, Any]], x: list[int]) -> None:
    _title(axes, "Memory against the size of the mission", "memory [MB]", SIZE)
    first = sizes[0]["thread_mb"]
    _guide(axes, x, [first * size / x[0] for size in x], "n")
    _line(axes, x, [entry["process_mb"] for entry in sizes], BLUE, "peak of a process")
    _line(axes, x, [entry["thread_mb"] for entry in sizes], ORANGE, "of a thread")
    _sizes_below(axes, x)
    _decades(axes, "y")


def _time_of_count(axes: Axes, counts: list[dict[str, Any]], n: list[int]) -> None:
    _title(axes, "Time against replications", "processor time [s]", "replications of the baseline")
    spent = [entry["seconds"] for entry in counts]
    _guide(axes, n, [spent[-1] * count / n[-1] for count in n], "n")
    _line(axes, n, spent, ORANGE, "a run")
    _decades(axes, "x")
    _decades(axes, "y")


def _memory_of_count(axes: Axes, counts: list[dict[str, Any]], n: list[int]) -> None:
    _title(axes, "Memory against replications", "memory [MB]", "replications of the baseline")
    peaks = [entry["peak_mb"] for entry in counts]
    _line(axes, n, peaks, BLUE, "peak of the process")
    axes.set_ylim(10, 1000)
    _decades(axes, "x")
    _decades(axes, "y")


# --- parts of a picture --------------------------------------------------------------------------------


def _title(axes: Axes, title: str, y: str, x: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", pad=12)
    axes.set_ylabel(y)
    axes.set_xlabel(x)
    axes.grid(True, which="major", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def _line(axes: Axes, x: list[int], y: list[float], colour: str, name: str) -> None:
    axes.plot(x, y, color=colour, marker="o", linewidth=1.8, markersize=4.5)
    _label(axes, x[-1], y[-1], name, colour)


def _guide(axes: Axes, x: list[int], y: list[float], name: str) -> None:
    """How a line would run that grows as is said."""
    axes.plot(x, y, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(name, (x[-1], y[-1]), xytext=(8, -12), textcoords="offset points", va="center", fontsize=9)


def _label(axes: Axes, x: float, y: float, name: str, colour: str) -> None:
    axes.annotate(name, (x, y), xytext=(8, 0), textcoords="offset points", va="center", color=colour, fontsize=9)


def _sizes_below(axes: Axes, x: list[int]) -> None:
    axes.xaxis.set_major_locator(FixedLocator(x))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _: f"{size:g}"))


def _decades(axes: Axes, which: str) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
