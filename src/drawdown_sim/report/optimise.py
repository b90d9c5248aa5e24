"""What plan would do: the plan found, its price, what the search saw and what fresh luck says, and the front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .figures import INK, LATE, MUTED
from .tables import GAP, Section, table
from .words import count, day, interval, listed, percent, plural, short_day, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

Found = dict[str, Any]

#: Measures as rows of a table.
_MEASURES = {
    "chance": "chance",
    "losses": "loads gone",
    "exposure": "convoy-km under threat",
    "hurt": "people hurt",
    "finish": "mean finish [day]",
}

#: Below this room for paths, the ranges searched are left out.
LEAST_PATH = 30


def optimise_report(answer: Answer, width: int) -> list[Section]:
    """All sections, lines of at most `width` characters."""
    return [
        Section(f"What plan would do: {answer.found['title']} ({answer.scenario})", _verdict(answer, width)),
        Section("The plan found", _plan(answer, width)),
        Section("What the search saw, and what fresh runs say (means)", _measures(answer, width)),
        Section("What each aim would take (losses in loads)", _aims(answer, width)),
        Section("How", _how(answer, width)),
    ]


def _verdict(answer: Answer, width: int) -> list[str]:
    found, mile = answer.found, answer.found["milestone"]
    asked = f"milestone {mile['id']} by {day(mile['deadline'])}"
    if found["is_base"]:
        text = (
            f"On these assumptions no plan was found that is better for '{answer.asked['for']}' than the scenario as it"
            f" stands, which reaches {asked} in {_chance(found['base'])}."
        )
    else:
        before = found["base"]
        text = (
            f"On these assumptions the plan found reaches {asked} in {_chance(found['found'])}; the scenario as it"
            f" stands in {percent(before['probability'])} ({interval(before['low'], before['high'])}). {_gains(answer)}"
        )
    return wrapped(text, width) + _finish(found, width)


def _gains(answer: Answer) -> str:
    """What changes on fresh runs beyond the simulation error, and what does not, in a sentence."""
    changed, same = [], []
    for entry in answer.table("measures").records():
        gap, low, high = (_number(entry[key]) for key in ("difference", "low", "high"))
        what = _MEASURES[str(entry["measure"])].partition(" [")[0]
        if low <= 0 <= high:
            same.append(what)
        elif entry["measure"] == "chance":
            changed.append(f"a chance {abs(gap) * 100:.1f} points {'higher' if gap > 0 else 'lower'}")
        elif entry["measure"] == "finish":
            changed.append(f"a mean finish {abs(gap):.1f} days {'later' if gap > 0 else 'earlier'}")
        else:
            changed.append(f"{count(abs(gap))} {'more' if gap > 0 else 'fewer'} {what}")
    if same:
        changed.append(f"no detectable change in {listed(same)}")
    return f"Compared with that: {', '.join(changed)}."


def _chance(confirmed: Found) -> str:
    """A chance with its interval, in words where there are runs enough."""
    words = f", {' to '.join(confirmed['words'])}" if confirmed["words"] else ""
    return (
        f"{percent(confirmed['probability'])} of {plural(confirmed['runs'], 'fresh run')}"
        f" (95 % interval {interval(confirmed['low'], confirmed['high'])}{words})"
    )


def _finish(found: Found, width: int) -> list[str]:
    """When each is out, and how often never."""
    plans = (("as it stands", found["base"]), ("plan found", found["found"]))
    rows = []
    for name, plan in plans[:1] if found["is_base"] else plans:
        days = [short_day(plan[quantile]) for quantile in ("p10", "p50", "p90")]
        rows.append((name, *days, f"{count(plan['censored'])} of {count(plan['runs'])}"))
    return table(("reached on", "P10", "P50", "P90", "never"), rows, width, (4,))


def _plan(answer: Answer, width: int) -> list[str]:
    head: tuple[str, ...] = ("input", "as it stands", "found", "searched")
    entries: list[tuple[str, ...]] = [tuple(map(str, entry[:4])) for entry in answer.table("choices").rows]
    room = _room(head, entries, width)
    if room < LEAST_PATH:
        head, entries = head[:3], [entry[:3] for entry in entries]
        room = _room(head, entries, width)
    lines = table(head, [(_tail(entry[0], room), *entry[1:]) for entry in entries], width)
    for paths in answer.asked["keep_sum"]:
        lines += wrapped(f"Kept the same in sum: {', '.join(paths)}.", width)
    return lines


def _room(head: tuple[str, ...], entries: list[tuple[str, ...]], width: int) -> int:
    """What the other columns leave to the first."""
    others = range(1, len(head))
    return width - sum(max(len(line[column]) for line in (head, *entries)) + len(GAP) for column in others)


def _tail(path: str, room: int) -> str:
    """A path whose end, which tells it from others, is kept where room is short."""
    return path if len(path) <= room else f"...{path[len(path) + 3 - room :]}"


def _measures(answer: Answer, width: int) -> list[str]:
    head = ("", "now", "fresh", "found", "fresh", "change, 95 %")
    rows = []
    for entry in answer.table("measures").records():
        name = str(entry["measure"])
        show = _SHOWN.get(name, count)
        cells = [show(_number(entry[key])) for key in ("base_searched", "base_confirmed", "searched", "confirmed")]
        rows.append((_MEASURES[name], *cells, _change(name, _number(entry["low"]), _number(entry["high"]))))
    return table(head, rows, width, (1, 2, 3, 4, 5)) + _lost(answer.found, width)


def _lost(found: Found, width: int) -> list[str]:
    """What the losses of the plan found are; nothing where there are none."""
    plan = found["found"]
    names = {"destroyed": "destroyed", "lost_on_road": "lost on the road", "residual": "left behind"}
    if not any(plan[name] for name in names):
        return []
    parts = [f"{count(plan[name])} {called}" for name, called in names.items()]
    before = "" if found["is_base"] else f" (as it stands {listed([count(found['base'][name]) for name in names])})"
    return wrapped(f"Of the loads {listed(parts)}{before}.", width)


def _one_place(number: float) -> str:
    return f"{number:.1f}"


#: How the means of a measure are shown, if not as counts.
_SHOWN = {"chance": percent, "finish": _one_place}


def _number(cell: object) -> float:
    assert isinstance(cell, (int, float))
    return float(cell)


def _change(name: str, low: float, high: float) -> str:
    """The interval of a change, signed; of a chance in points."""
    if name == "chance":
        return f"{low * 100:+.2f} to {high * 100:+.2f} points" if low or high else "none"
    if name == "finish":
        return f"{low:+.2f} to {high:+.2f}" if low or high else "none"
    return f"{_signed(low)} to {_signed(high)}" if low or high else "none"


def _signed(amount: float) -> str:
    return f"{'+' if amount > 0 else '-' if amount < 0 else ''}{count(abs(amount))}"


def _aims(answer: Answer, width: int) -> list[str]:
    rows = []
    for entry in answer.table("picks").rows:
        aim, plan, *amounts = entry
        searched, chance, low, high, *price = map(_number, amounts)
        mark = " *" if aim == answer.asked["for"] else ""
        shown = (percent(searched), percent(chance), interval(low, high), *map(count, price))
        rows.append((f"{aim}{mark}", str(plan), *shown))
    head = ("aim", "plan", "searched", "fresh", "95 %", "losses", "convoy-km", "hurt")
    return table(head, rows, width, range(1, 8))


def _how(answer: Answer, width: int) -> list[str]:
    found, asked = answer.found["search"], answer.asked
    each = f"{plural(asked['replications'], 'run')} each with the same luck"
    if found["is_whole"]:
        text = f"All plans that the free inputs allow were played: {plural(found['played'], 'plan')}, {each}."
    else:
        text = (
            f"{plural(found['played'], 'plan')} tried of {_size(found['plans'])} ({found['method']}), {each}; a better"
            " plan may exist."
        )
    if found["refused"]:
        text += f" {plural(found['refused'], 'plan')} refused as senseless, such as: {found['refusals'][0]}."
    text += f" {plural(found['front'], 'plan')} on the front. Taken for '{asked['for']}' (*): {answer.found['rule']}."
    text += (
        f" A search favours plans that its luck favoured; the {count(asked['confirm'])} fresh runs are new luck, the"
        " same for all plans."
    )
    if known := answer.found["hindsight"]:
        text += (
            f" It used all that the scenario knows, with {plural(known, 'input')} of hindsight: nobody could have"
            " chosen this plan at the time."
        )
    return wrapped(text, width)


def _size(plans: int) -> str:
    """How many plans there are; of very many, the power of ten."""
    return count(plans) if plans < 10_000_000 else f"about 10^{len(str(plans)) - 1}"


#: What the front is drawn against: the first that differs among the plans.
_ACROSS = {
    "losses": "losses, mean [load]",
    "exposure": "exposure, mean [convoy-km under threat]",
    "finish": "finish, mean [day after the start]",
}


def draw_optimise(answer: Answer, figure: Figure) -> None:
    """The front: chance against losses, or against what differs where losses do not; the shade tells exposure."""
    axes = figure.add_subplot()
    plans = answer.table("plans").records()
    across = next((name for name in _ACROSS if any(plan[name] != plans[0][name] for plan in plans)), "losses")
    shades = _dots(axes, plans, across)
    if any(plan["exposure"] != plans[0]["exposure"] for plan in plans):
        figure.colorbar(shades, ax=axes, label=_ACROSS["exposure"])
    _marks(axes, answer, across)
    axes.set_xlabel(_ACROSS[across])
    mile = answer.found["milestone"]
    axes.set_ylabel(f"chance of '{mile['id']}' by {mile['deadline']} [%]")
    axes.set_title("Plans tried; on the front: beaten by none in chance, losses and exposure together")
    figure.legend(loc="outside upper left", ncols=3, fontsize=8.5)


def _dots(axes: Axes, plans: list[dict[str, Any]], across: str) -> Any:
    """Every plan that was played: those on the front large and outlined."""
    exposures = [plan["exposure"] for plan in plans]
    ends = {"vmin": min(exposures), "vmax": max(exposures)}
    shades = None
    for front, size, edge, label in ((False, 14, MUTED, "tried, beaten"), (True, 46, INK, "on the front")):
        some = [plan for plan in plans if plan["front"] is front]
        shades = axes.scatter(
            [plan[across] for plan in some],
            [plan["chance"] * 100 for plan in some],
            c=[plan["exposure"] for plan in some],
            s=size,
            cmap="cividis_r",
            edgecolors=edge,
            linewidths=0.8 if front else 0.3,
            label=label,
            **ends,
        )
    return shades


def _marks(axes: Axes, answer: Answer, across: str) -> None:
    """The scenario as it stands and the plan found: as the search saw them, and on fresh runs with the interval."""
    measures: dict[Any, dict[str, Any]] = {entry["measure"]: entry for entry in answer.table("measures").records()}
    shown = [("base_", "as it stands", "s", MUTED)]
    if not answer.found["is_base"]:
        shown.append(("", f"plan found for {answer.asked['for']}", "*", LATE))
    for prefix, label, marker, colour in shown:
        size = 15 if marker == "*" else 9
        ends = answer.found["base" if prefix else "found"]
        seen = (measures[across][f"{prefix}searched"], measures["chance"][f"{prefix}searched"] * 100)
        fresh = (measures[across][f"{prefix}confirmed"], ends["probability"] * 100)
        error = [[fresh[1] - ends["low"] * 100], [ends["high"] * 100 - fresh[1]]]
        axes.plot(*seen, marker, color=colour, markeredgecolor=INK, markersize=size, label=f"{label}, searched")
        axes.errorbar(
            *fresh, error, fmt=marker, color=colour, markerfacecolor="white", markersize=size, capsize=3,
            label=f"{label}, fresh runs, 95 %",
        )  # fmt: skip
