"""The pictures of a sweep: over one input's value, over two as a grid, over several side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from .figures import BLUE, INK, LATE, MUTED
from .outcomes import Record, records
from .tables import cut
from .words import count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: What is drawn: the column, its ends, its label and the scale.
MEASURES = (
    ("chance", "low", "high", "in time [%],\n95 % interval", 100.0),
    ("losses", "losses_p10", "losses_p90", "loads destroyed,\nlost and left", 1.0),
    ("exposure", "exposure_p10", "exposure_p90", "exposure\n[1,000 convoy-km]", 0.001),
)

#: Inputs of a hypercube that are drawn, and characters of a value on an axis.
MOST_INPUTS = 4
LONGEST = 22

_EPOCH = date(1970, 1, 1).toordinal()


def draw_sweep(answer: Answer, figure: Figure) -> None:
    """One input: chance, finish, losses and exposure against its value; two in full: a grid; else one column each."""
    paths = [str(path) for path in answer.table("inputs").column("path")]
    if len(paths) == 1:
        _draw_line(answer, paths[0], figure)
    elif len(paths) == 2 and answer.asked["design"] == "full":
        _draw_grid(answer, paths, figure)
    else:
        _draw_columns(answer, paths, figure)


def _places(answer: Answer, path: str) -> tuple[dict[str, float], list[str] | None, str]:
    """Where each setting stands on the axis of an input, labels where its values are no numbers, and the unit."""
    levels: dict[str, Mapping[str, Any]] = {
        str(level["name"]): level for level in records(answer, "levels") if level["path"] == path
    }
    units = {level["unit"] for level in levels.values()}
    if len(units) == 1 and None not in units:
        unit = units.pop()
        # days are drawn from 1970 on
        shift = _EPOCH if unit == "date" else 0
        return {name: level["number"] - shift for name, level in levels.items()}, None, unit
    texts = list(dict.fromkeys(str(level["written"]) for level in levels.values()))
    return {name: float(texts.index(level["written"])) for name, level in levels.items()}, texts, ""


def _label(axes: Axes, path: str, x: Sequence[float], texts: list[str] | None, unit: str, size: float) -> None:
    """What the axis below counts."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel(f"{path}\n[{unit}]" if unit else path, fontsize=size)
    if texts is not None:
        axes.set_xticks(range(len(texts)), [cut(text, LONGEST) for text in texts])
    elif unit == "date":
        _date(axes.xaxis, 3)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=all(at == int(at) for at in x)))


def _date(axis: Any, most: int) -> None:
    """An axis of days since 1970, in dates."""
    from matplotlib.dates import DateFormatter
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(most, integer=True))
    axis.set_major_formatter(DateFormatter("%d %b %y"))


def _day(iso: str) -> int:
    """Days since 1970."""
    return date.fromisoformat(iso).toordinal() - _EPOCH


def _title(answer: Answer, figure: Figure, told: str) -> None:
    figure.suptitle(f"{answer.found['claim']}\n{told}", x=0.01, ha="left", fontsize=11)


def _scale(axes: Axes, column: str) -> None:
    """The limits of a measure: a chance from 0 to 100 %, an amount from 0."""
    if column == "chance":
        axes.set_ylim(-4, 104)
    else:
        axes.set_ylim(0, max(axes.get_ylim()[1] * 1.1, 1))


# --- one input -----------------------------------------------------------------------------------


def _draw_line(answer: Answer, path: str, figure: Figure) -> None:
    places, texts, unit = _places(answer, path)
    base, *others = records(answer, "outcomes")
    settings = sorted(others, key=lambda outcome: places[outcome["name"]])
    x = [places[outcome["name"]] for outcome in settings]
    (chance, finish), (losses, exposure) = figure.subplots(2, 2, sharex=True)
    for axes, (column, low, high, label, scale) in zip((chance, losses, exposure), MEASURES, strict=True):
        ends = ([outcome[end] * scale for outcome in settings] for end in (low, high))
        axes.fill_between(x, *ends, color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(x, [outcome[column] * scale for outcome in settings], "o-", color=BLUE, markersize=5)
        axes.axhline(base[column] * scale, color=MUTED, linestyle=":")
        axes.set_ylabel(label)
        _scale(axes, column)
    _draw_finish(finish, x, settings)
    for axes in (losses, exposure):
        _label(axes, path, x, texts, unit, 10)
    stands = str(base[path])
    told = f"dotted: as it is ({stands})" if len(stands) <= LONGEST else "dotted: as it is"
    _title(answer, figure, f"{told}; the other bands are P10 to P90, which is luck")


def _draw_finish(axes: Axes, x: Sequence[float], settings: Sequence[Record]) -> None:
    """P50 with P10 to P90; what is not reached is not drawn."""
    both = [(at, outcome) for at, outcome in zip(x, settings, strict=True) if outcome["p50"] and outcome["p90"]]
    low, high = ([_day(outcome[end]) for _, outcome in both] for end in ("p10", "p90"))
    axes.fill_between([at for at, _ in both], low, high, color=BLUE, alpha=0.25, linewidth=0)
    known = [(at, _day(outcome["p50"])) for at, outcome in zip(x, settings, strict=True) if outcome["p50"]]
    axes.plot([at for at, _ in known], [day for _, day in known], "o-", color=BLUE, markersize=5)
    axes.plot(x, [_day(outcome["deadline"]) for outcome in settings], color=LATE, linestyle="--", linewidth=1.2)
    axes.set_ylabel("finish, P50\n(dashed: deadline)")
    _date(axes.yaxis, 6)


# --- two inputs ----------------------------------------------------------------------------------


def _draw_grid(answer: Answer, paths: Sequence[str], figure: Figure) -> None:
    axes = figure.subplots()
    outcomes = records(answer, "outcomes")[1:]
    across, up = (list(dict.fromkeys(str(outcome[path]) for outcome in outcomes)) for path in paths)
    shades = [[float("nan")] * len(across) for _ in up]
    size = 8 if len(across) <= 6 else 6
    for outcome in outcomes:
        column, row = across.index(outcome[paths[0]]), up.index(outcome[paths[1]])
        shades[row][column] = outcome["chance"] * 100
        lines = (
            percent(outcome["chance"]),
            outcome["p50"] or "never",
            f"{count(round(outcome['losses']))} loads",
            f"{count(round(outcome['exposure']))} km",
        )
        colour = "white" if outcome["chance"] > 0.55 else INK
        axes.text(column, row, "\n".join(lines), ha="center", va="center", fontsize=size, color=colour)
    image = axes.imshow(shades, cmap="Blues", vmin=0, vmax=100, aspect="auto", origin="lower")
    axes.set_xticks(range(len(across)), [cut(text, LONGEST) for text in across])
    axes.set_yticks(range(len(up)), [cut(text, LONGEST) for text in up])
    axes.set_xlabel(paths[0])
    axes.set_ylabel(paths[1])
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes, label="in time [%]")
    _title(answer, figure, "chance; P50 of the finish; means of loads destroyed, lost and left and of convoy-km")


# --- several -------------------------------------------------------------------------------------


def _draw_columns(answer: Answer, paths: Sequence[str], figure: Figure) -> None:
    drawn = paths[:MOST_INPUTS]
    base, *settings = records(answer, "outcomes")
    panels = figure.subplots(len(MEASURES), len(drawn), sharex="col", sharey="row", squeeze=False)
    for column, path in enumerate(drawn):
        places, texts, unit = _places(answer, path)
        x = [places[outcome["name"]] for outcome in settings]
        for row, (measure, low, high, label, scale) in enumerate(MEASURES):
            axes = panels[row][column]
            axes.vlines(x, *([o[end] * scale for o in settings] for end in (low, high)), color=BLUE, linewidth=0.8)
            axes.plot(x, [outcome[measure] * scale for outcome in settings], "o", color=BLUE, markersize=3.5)
            axes.axhline(base[measure] * scale, color=MUTED, linestyle=":")
            if not column:
                axes.set_ylabel(label, fontsize=9)
            _scale(axes, measure)
        _label(panels[-1][column], path, x, texts, unit, 7.5)
        panels[-1][column].tick_params(axis="x", labelsize=8)
    more = f"; the first {len(drawn)} of {len(paths)} inputs" if len(drawn) < len(paths) else ""
    _title(answer, figure, f"each dot is a setting, all inputs moving at once; dotted: as it is{more}")
