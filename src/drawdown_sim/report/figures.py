"""Pictures of answers: one style, readable in grey, with units and sources on the picture.

Each question's picture is a function that draws an answer on a figure; `save_figure` gives it the style, the line with
its source, and a file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DrawdownError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Draws an answer on an empty figure.
Draw = Callable[["Answer", "Figure"], None]

FORMATS = ("svg", "png", "pdf")

#: Colours with lightness apart, so that they differ in grey: first, second, third; red is for late and deadlines only.
INK, BLUE, AMBER, GREEN, LATE, MUTED = "#16202b", "#0b62a4", "#f0a830", "#2f8f83", "#c0391b", "#6b7480"

_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#d9dce0",
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "svg.hashsalt": "drawdown-sim",
    "svg.fonttype": "path",
}


def check_figure(path: Path) -> None:
    """Raise DrawdownError unless a picture can be made there: asked before the work, not after."""
    if path.suffix.removeprefix(".") not in FORMATS:
        raise DrawdownError(f"--plot {path}: expected a file that ends in .{', .'.join(FORMATS)}")
    if path.exists():
        raise DrawdownError(f"--plot {path}: is there already; nothing is overwritten: name another file")
    if not path.parent.is_dir():
        raise DrawdownError(f"--plot {path}: there is no folder {path.parent}")
    if find_spec("matplotlib") is None:
        raise DrawdownError("--plot needs matplotlib, which is not installed; pip install 'drawdown-sim[plot]'")


def save_figure(answer: Answer, draw: Draw, path: Path, size: tuple[float, float] = (8.4, 5.2)) -> None:
    """Draw an answer in the project's style and write it; `size` is in inches.

    Raises StoreError for a place that cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from ..experiment.store import write_whole

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        draw(answer, figure)
        figure.supxlabel(source_line(answer), fontsize=7.5, color=MUTED, x=0.01, ha="left")
        drawn, kind = BytesIO(), path.suffix.removeprefix(".")
        figure.savefig(drawn, format=kind, metadata={"Date": None} if kind == "svg" else None, dpi=150)
    write_whole(path, drawn.getvalue())


def day_number(day: date | str) -> float:
    """A day, or its ISO text, as matplotlib counts: since 1970."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return float((found - date(1970, 1, 1)).days)


def date_axis(axes: Axes, label: str) -> None:
    """Let the horizontal axis count dates."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_xlabel(label)


def source_line(answer: Answer) -> str:
    """Where a picture's numbers come from."""
    from .words import plural

    played = f"seed {answer.seed}, {plural(answer.replications, 'replication')}"
    return (
        f"drawdown-sim {answer.question} {answer.scenario}, digest {answer.digest}, "
        f"{played if answer.replications else 'nothing simulated'}; on the scenario's assumptions"
    )
