"""The report and the picture of a sweep: chance, losses and exposure of each setting beside the scenario as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from .figures import BLUE, INK, LATE, MUTED
from .outcomes import Record, in_time, never_reached, pairs, price, records
from .tables import Section, cut
from .words import day, percent, plural, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Settings up to which all are printed; of more, those with the least and with the greatest chance.
MOST_SETTINGS = 12

#: Settings up to which the paired differences are printed too.
MOST_PAIRS = 8

#: Inputs of a hypercube that are drawn.
MOST_PANELS = 6


def sweep_report(answer: Answer, width: int) -> list[Section]:
    """All sections of a sweep, lines of at most `width` characters."""
    outcomes, paths = records(answer, "outcomes"), _paths(answer)
    shown, told = _shown(outcomes)
    labels = [_label(outcome, paths) for outcome in shown]
    runs = plural(answer.asked["replications"], "run")
    sections = [
        Section(f"{answer.found['claim']}: {answer.scenario}, with {_named(paths)}", _verdict(answer, outcomes, width)),
        Section("Inputs, as they stand", _inputs(answer, width)),
        Section(
            f"In time? {runs} each{told}",
            in_time("setting", labels, shown, width) + never_reached(labels, shown, width),
        ),
        Section("At what price? Means over whole runs", price("setting", labels, shown, width)),
    ]
    if len(outcomes) <= MOST_PAIRS + 1:
        names = {str(outcome["name"]): label for outcome, label in zip(shown, labels, strict=True)}
        names.pop(str(outcomes[0]["name"]))
        legend = (
            f"The setting less {answer.scenario} as it is: mean ± half of its 95 % interval; in brackets where that"
            " interval holds zero."
        )
        gaps = pairs("setting", names, records(answer, "differences"), width)
        sections.append(Section("Compared with the scenario as it is, pair by pair", gaps + wrapped(legend, width)))
    if len(answer.table("refused")):
        sections.append(Section("Refused, for they make no plan", _refused(answer, width)))
    return sections


def _paths(answer: Answer) -> list[str]:
    return [str(path) for path in answer.table("inputs").column("path")]


def _named(paths: Sequence[str]) -> str:
    return f"{paths[0]} set" if len(paths) == 1 else f"{plural(len(paths), 'input')} set"


def _label(outcome: Record, paths: Sequence[str]) -> str:
    """What a setting is called in a table."""
    values = ", ".join(str(outcome[path]) for path in paths)
    if outcome["name"] == "as it is":
        return f"as it is: {values}" if len(paths) == 1 else "as it is"
    return values if len(paths) <= 2 else f"{outcome['name']}: {values}"


def _shown(outcomes: Sequence[Record]) -> tuple[list[Record], str]:
    """The settings that are printed, after the scenario as it is, and how they were chosen."""
    base, settings = outcomes[0], list(outcomes[1:])
    if len(settings) <= MOST_SETTINGS:
        return [base, *settings], ""
    ordered = sorted(settings, key=lambda outcome: (outcome["chance"], -outcome["people_left"]))
    half = MOST_SETTINGS // 2
    return [base, *ordered[:half], *ordered[-half:]], f"; the {half} settings of least and of greatest chance"


def _verdict(answer: Answer, outcomes: Sequence[Record], width: int) -> list[str]:
    base, settings = outcomes[0], outcomes[1:]
    least = min(settings, key=lambda outcome: outcome["chance"])
    most = max(settings, key=lambda outcome: outcome["chance"])
    paths = _paths(answer)
    words = f"{base['words']} " if base["words"] else ""
    text = (
        f"On these assumptions, in time by {day(base['deadline'])} as it is: {words}({percent(base['chance'])}). Over"
        f" {plural(len(settings), 'setting')} the chance runs from {percent(least['chance'])} ({_label(least, paths)})"
        f" to {percent(most['chance'])} ({_label(most, paths)})."
    )
    lines = wrapped(text, width)
    if not base["words"]:
        lines += wrapped("Below 200 runs no likelihood word is given.", width)
    if len({outcome["deadline"] for outcome in outcomes}) > 1:
        lines += wrapped("Each setting is judged by its own deadline.", width)
    lines += wrapped("Settings say what would follow, not how likely they are; no evidence stands behind them.", width)
    if answer.found["replay"]:
        lines += wrapped("A replay: dates of decisions or of the ends of holds are inputs; never scored.", width)
    return lines


def _inputs(answer: Answer, width: int) -> list[str]:
    return [
        cut(f"{entry['path']}: {entry['base']}{' (lever)' * bool(entry['lever'])}; {entry['ground']}", width)
        for entry in records(answer, "inputs")
    ]


def _refused(answer: Answer, width: int) -> list[str]:
    """The settings without a plan, the first with their reasons."""
    found = records(answer, "refused")
    lines = []
    for entry in found[:3]:
        lines += wrapped(f"{entry['setting']}: {str(entry['reason']).splitlines()[0]}", width, "  ")
    return lines + ([f"and {len(found) - 3} more, which --json lists"] if len(found) > 3 else [])


# --- pictures ------------------------------------------------------------------------------------


def draw_sweep(answer: Answer, figure: Figure) -> None:
    """One input: chance and dates against its value; two in full: a grid; else a panel for each input."""
    paths = _paths(answer)
    if len(paths) == 1:
        _draw_line(answer, paths[0], figure)
    elif len(paths) == 2 and answer.asked["design"] == "full":
        _draw_grid(answer, paths, figure)
    else:
        _draw_panels(answer, paths[:MOST_PANELS], figure)


def _levels(answer: Answer, path: str) -> dict[str, Mapping[str, Any]]:
    return {str(level["name"]): level for level in records(answer, "levels") if level["path"] == path}


def _places(answer: Answer, path: str) -> tuple[dict[str, float], list[str] | None]:
    """Where each setting stands on the axis of an input; with labels where its values are no numbers."""
    levels = _levels(answer, path)
    if all(level["number"] is not None for level in levels.values()):
        units = {level["unit"] for level in levels.values()}
        # matplotlib counts days from 1970
        shift = date(1970, 1, 1).toordinal() if units == {"date"} else 0
        return {name: level["number"] - shift for name, level in levels.items()}, None
    texts = list(dict.fromkeys(str(level["written"]) for level in levels.values()))
    return {name: float(texts.index(level["written"])) for name, level in levels.items()}, texts


def _label_axis(answer: Answer, path: str, axes: Axes, texts: list[str] | None) -> None:
    units = {level["unit"] for level in _levels(answer, path).values()}
    unit = units.pop() if len(units) == 1 else None
    axes.set_xlabel(f"{path} [{unit}]" if texts is None and unit else path)
    if texts is not None:
        axes.set_xticks(range(len(texts)), [cut(text, 22) for text in texts])
    elif unit == "date":
        _dated(axes.xaxis)


def _dated(axis: Any) -> None:
    """An axis of days since 1970 as dates."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=7)
    axis.set_major_locator(locator)
    axis.set_major_formatter(ConciseDateFormatter(locator))


def _days(iso: str) -> int:
    """Days since 1970."""
    return date.fromisoformat(iso).toordinal() - date(1970, 1, 1).toordinal()


def _draw_line(answer: Answer, path: str, figure: Figure) -> None:
    """Chance with its interval, finish with P10 to P90, and losses, against one input's value."""
    places, texts = _places(answer, path)
    outcomes = records(answer, "outcomes")
    base = outcomes[0]
    settings = sorted(outcomes[1:], key=lambda outcome: places[str(outcome["name"])])
    x = [places[str(outcome["name"])] for outcome in settings]
    chance, finish, losses = figure.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2))
    chance.fill_between(x, *([o[end] * 100 for o in settings] for end in ("low", "high")), color=BLUE, alpha=0.25, lw=0)
    chance.plot(x, [o["chance"] * 100 for o in settings], "o-", color=BLUE)
    chance.axhline(base["chance"] * 100, color=MUTED, linestyle=":")
    chance.set_ylim(-3, 103)
    chance.set_ylabel("in time [%]")
    chance.set_title(f"{answer.found['claim']}: chance with 95 % interval; dotted: as it is ({base[path]})")
    _draw_finish(finish, x, settings)
    losses.plot(x, [o["losses"] for o in settings], "s-", color=INK)
    losses.fill_between(
        x, *([o[f"losses_{end}"] for o in settings] for end in ("p10", "p90")), color=INK, alpha=0.2, lw=0
    )
    losses.set_ylim(bottom=0)
    losses.set_ylabel("loads lost")
    _label_axis(answer, path, losses, texts)


def _draw_finish(axes: Axes, x: Sequence[float], settings: Sequence[Record]) -> None:
    """P50 with P10 to P90; what is never reached is not drawn."""
    known = [(at, outcome) for at, outcome in zip(x, settings, strict=True) if outcome["p50"]]
    here = [at for at, _ in known]
    low, high = ([_days(o["p10"]) for _, o in known], [_days(o["p90"] or o["p50"]) for _, o in known])
    axes.fill_between(here, low, high, color=BLUE, alpha=0.25, lw=0)
    axes.plot(here, [_days(o["p50"]) for _, o in known], "o-", color=BLUE)
    axes.plot(x, [_days(outcome["deadline"]) for outcome in settings], color=LATE, linestyle="--", linewidth=1.2)
    axes.set_ylabel("finish, P10 P50 P90\n(dashed: deadline)")
    _dated(axes.yaxis)


def _draw_grid(answer: Answer, paths: Sequence[str], figure: Figure) -> None:
    """Chance, with P50 and loads lost written in, over two inputs."""
    axes = figure.subplots()
    outcomes = records(answer, "outcomes")[1:]
    across, up = ([str(text) for text in dict.fromkeys(outcome[path] for outcome in outcomes)] for path in paths)
    shades: list[list[float]] = [[float("nan")] * len(across) for _ in up]
    for outcome in outcomes:
        column, row = across.index(str(outcome[paths[0]])), up.index(str(outcome[paths[1]]))
        shades[row][column] = outcome["chance"] * 100
        told = f"{percent(outcome['chance'])}\n{outcome['p50'] or 'never'}\n{outcome['losses']:,.0f} lost"
        dark = outcome["chance"] > 0.55
        axes.text(column, row, told, ha="center", va="center", fontsize=8, color="white" if dark else INK)
    image = axes.imshow(shades, cmap="Blues", vmin=0, vmax=100, aspect="auto", origin="lower")
    axes.set_xticks(range(len(across)), [cut(text, 22) for text in across])
    axes.set_yticks(range(len(up)), [cut(text, 22) for text in up])
    axes.set_xlabel(paths[0])
    axes.set_ylabel(paths[1])
    axes.grid(visible=False)
    axes.set_title(f"{answer.found['claim']}: chance, P50 of the finish, mean of loads lost")
    figure.colorbar(image, ax=axes, label="in time [%]")


def _draw_panels(answer: Answer, paths: Sequence[str], figure: Figure) -> None:
    """Chance of every setting against each input in turn."""
    panels = figure.subplots(-(-len(paths) // 3), min(len(paths), 3), sharey=True, squeeze=False).flat
    outcomes = records(answer, "outcomes")
    for axes, path in zip(panels, paths, strict=False):
        places, texts = _places(answer, path)
        x = [places[str(outcome["name"])] for outcome in outcomes[1:]]
        y = [outcome["chance"] * 100 for outcome in outcomes[1:]]
        reach = [
            [(outcome["chance"] - outcome["low"]) * 100 for outcome in outcomes[1:]],
            [(outcome["high"] - outcome["chance"]) * 100 for outcome in outcomes[1:]],
        ]
        axes.errorbar(x, y, reach, fmt="o", color=BLUE, markersize=4, elinewidth=0.8)
        axes.axhline(outcomes[0]["chance"] * 100, color=MUTED, linestyle=":")
        axes.set_ylim(-3, 103)
        _label_axis(answer, path, axes, texts)
        axes.set_xlabel(axes.get_xlabel(), fontsize=8)
    for axes in list(panels)[len(paths) :]:
        axes.set_axis_off()
    figure.supylabel("in time [%], 95 % interval")
    figure.suptitle(f"{answer.found['claim']}: each dot is a setting; dotted: as it is", x=0.01, ha="left", fontsize=11)
