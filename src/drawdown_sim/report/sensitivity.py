"""The report of a sensitivity analysis: what to find out first, how much it moves, what moving one at a time hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .figures import AMBER, BLUE, INK, MUTED
from .tables import WIDE, Section, cut, table
from .words import count, day, interval, listed, percent, plural, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Assumptions in the tables, in words, and in the picture; the answer holds all.
MOST_PRINTED = 6
MOST_TOLD = 2
MOST_DRAWN = 15

#: Longest ground in words [character].
_LONGEST = 110

Row = dict[str, Any]

#: How the two ends of a range are drawn.
_LOOKS: dict[str, dict[str, Any]] = {
    "least": {"height": 0.7, "color": BLUE, "edgecolor": INK, "linewidth": 0.4},
    "most": {"height": 0.7, "color": AMBER, "edgecolor": INK, "linewidth": 0.4, "hatch": "////"},
}


def sensitivity_report(answer: Answer, width: int) -> list[Section]:
    """All sections, lines of at most `width` characters."""
    rows = answer.table("debt").records()
    top = rows[:MOST_PRINTED]
    moved = "chance" if _by_chance(answer) else "mean finish"
    found = answer.found
    return [
        Section(f"What matters among what is not known: {found['title']} ({answer.scenario})", _head(answer, width)),
        Section(f"Assumption debt: what moves the {moved} most, alone", _swings(answer, top, width)),
        Section("What else they move, and together with others", _others(answer, top, width)),
        Section("Find out first", _first(answer, rows, width) + _unseen(answer, width)),
    ]


def _by_chance(answer: Answer) -> bool:
    return bool(answer.asked["by"] == "chance")


def _head(answer: Answer, width: int) -> list[str]:
    found, asked = answer.found, answer.asked
    base, rows = found["as_written"], answer.table("debt").records()
    runs = plural(asked["replications"], "run")
    as_written = (
        f"As written, milestone {found['milestone']} by {day(found['deadline'])}: {percent(base['chance'])} of {runs},"
        f" 95 % interval {interval(base['low'], base['high'])}, median finish {day(base['p50'])}, on these assumptions;"
        f" on average {count(base['losses'])} loads gone (destroyed, lost or left behind),"
        f" {count(base['exposure'])} convoy-km under threat, {plural(base['hurt'], 'person', 'people')} hurt."
    )
    if base["censored"]:
        as_written += f" {base['censored']} of them did not get there, and count as later than any date."
    idle = sum(bool(row["idle"]) for row in rows)
    seen = sum(bool(row["detectable"]) for row in rows)
    together = "each moved by itself" if asked["apart"] else "those that share a ground move together"
    counted = plural(found["inputs"], "input has", "inputs have")
    answer_is = "chance" if _by_chance(answer) else "mean finish"
    moved = (
        f"{counted} a range; {together}: {plural(len(rows), 'assumption')}, each moved to both ends with all else as"
        f" written and the same luck, {runs} each. {count(seen)} of them {'moves' if seen == 1 else 'move'} the"
        f" {answer_is} detectably, {count(len(rows) - seen - idle)} not at this size, {count(idle)}"
        f" {'changes' if idle == 1 else 'change'} nothing in any run."
    )
    return wrapped(as_written, width) + wrapped(moved, width)


def _swings(answer: Answer, top: list[Row], width: int) -> list[str]:
    """A row for each assumption: its ground, the answers at its ends, and the swing."""
    by_chance, wide = _by_chance(answer), width >= WIDE
    head = ["assumption", "#", "ground", *(["plausible"] if wide else []), "least", "most", "swing", "95 %"]
    lines = []
    for row in top:
        ends = [_end(answer, row, end) for end in ("least", "most")]
        swing = [_size(row["chance_swing"], True), _span(row, "chance", 100)]
        if not by_chance:
            swing = [_size(row["finish_swing"], False), _span(row, "finish", 1)]
        if not row["detectable"]:
            swing = [swing[0], "not seen"]
        plausible = [cut(_range(row), 32)] if wide else []
        lines.append([row["assumption"], str(row["rank"]), row["ground"], *plausible, *ends, *swing])
    numbers = range(len(head) - 4, len(head))
    unit = "chances in %, swing in percentage points" if by_chance else "days later than as written, swing in days"
    note = (
        f"least, most: the answer at the ends of the range ({unit}); 95 %: an interval that the swings of all"
        f" {count(len(answer.table('debt')))} hold together."
    )
    return table(head, lines, width, (1, *numbers)) + wrapped(note, width)


def _end(answer: Answer, row: Row, end: str) -> str:
    """The answer at an end of a range."""
    if row[f"chance_{end}"] is None:
        return "refused"
    if _by_chance(answer):
        return count(round(row[f"chance_{end}"] * 100))
    return f"{row[f'finish_{end}'] - answer.found['as_written']['finish']:+.1f}"


def _size(swing: float, by_chance: bool) -> str:
    return count(round(swing * 100)) if by_chance else f"{swing:.1f}"


def _span(row: Row, measure: str, unit: float) -> str:
    low, high = (max(row[f"{measure}_swing_{end}"], 0) * unit for end in ("low", "high"))
    return f"{low:.0f} to {high:.0f}" if unit > 1 else f"{low:.1f} to {high:.1f}"


def _range(row: Row) -> str:
    """The range in the author's words."""
    return f"{row['least']} to {row['most']}" + ("" if row["same_range"] else " (first)")


def _others(answer: Answer, top: list[Row], width: int) -> list[str]:
    """The other measure, losses and exposure at the ends, and what the screening saw."""
    by, other = ("chance", "finish") if _by_chance(answer) else ("finish", "chance")
    head = [
        "#",
        "elsewhere",
        "interaction",
        f"{'days' if other == 'finish' else '%-pts'}",
        "loads",
        "convoy-km",
        "hurt",
    ]
    lines = [
        [
            str(row["rank"]),
            _elsewhere(row, by),
            row[f"{by}_interaction"] or "-",
            _size(row[f"{other}_swing"], other == "chance"),
            *(_both(row, measure) for measure in ("losses", "exposure", "hurt")),
        ]
        for row in top
    ]
    swing = "the mean finish" if other == "finish" else "the chance"
    note = f"{head[3]}: swing of {swing}; loads gone, convoy-km under threat, people hurt: means at both ends."
    return table(head, lines, width, (0, 1, 3, 4, 5, 6)) + wrapped(f"{note} {_screening(answer, by)}", width)


def _elsewhere(row: Row, by: str) -> str:
    size, half = row[f"{by}_elsewhere"], row[f"{by}_elsewhere_half"]
    if size is None:
        return "-"
    return f"{size * 100:.0f}±{half * 100:.0f}" if by == "chance" else f"{size:.1f}±{half:.1f}"


def _both(row: Row, measure: str) -> str:
    """A measure at both ends of a range."""
    ends = [row[f"{measure}_{end}"] for end in ("least", "most")]
    return " to ".join("refused" if end is None else count(round(end)) for end in ends)


def _screening(answer: Answer, by: str) -> str:
    """What moving one at a time cannot see."""
    told = answer.found["screening"]
    if told is None:
        return "Interactions were not screened."
    if not told["trajectories"]:
        return "Interactions could not be screened: no two trajectories were free of refused settings."
    unit = "percentage points" if by == "chance" else "days"
    ways = plural(told["trajectories"], "trajectory", "trajectories")
    text = (
        f"elsewhere: mean swing [{unit}] with all other assumptions anywhere in their ranges (Morris screening, {ways},"
        f" {plural(told['replications'], 'run')} a point); interaction: how far it depends on the others, which one at"
        " a time cannot see (unseen: no more than simulation error)."
    )
    if told["dropped"]:
        text += f" {plural(told['dropped'], 'trajectory', 'trajectories')} dropped for a refused setting."
    if others := told["others"][by]:
        size = _elsewhere({f"{by}_elsewhere": others["size"], f"{by}_elsewhere_half": others["half"]}, by)
        rest = len(answer.table("debt")) - answer.asked["alone"]
        text += f" The other {plural(rest, 'assumption')}, moved as one: {size if others['seen'] else 'not seen'}."
    found = told["chance"]
    ends = f"{percent(found['min'])} to {percent(found['max'])}, median {percent(found['median'])}"
    return f"{text} Over all {count(told['points'])} points the chance runs from {ends}."


def _first(answer: Answer, rows: list[Row], width: int) -> list[str]:
    """The worst debts in words, and the levers apart."""
    seen = [row for row in rows if row["detectable"]]
    if not seen:
        return ["No assumption moves the answer detectably at this size; more replications see smaller swings."]
    owed = [row for row in seen if not row["lever"]][:MOST_TOLD]
    lines = [line for row in owed for line in wrapped(_told(row), width, "   ")]
    levers = [f"#{row['rank']}" for row in seen if row["lever"]]
    if levers:
        shown = listed(levers if len(levers) <= MOST_PRINTED else [*levers[:MOST_PRINTED], "others"])
        lines += wrapped(f"Levers, which planners set rather than find out: {shown}.", width)
    return lines


def _told(row: Row) -> str:
    """An assumption with its value, its range and its ground."""
    ground = " ".join(filter(None, (cut(row["because"], _LONGEST), f"[{row['facts']}]" if row["facts"] else "")))
    free = ", no evidence bounds it" if row["free"] else ""
    what = f"#{row['rank']} {row['assumption']}: {row['as_written']}, plausible {_range(row)}"
    return f"{what}; {row['ground']}{free}: {ground}"


def _unseen(answer: Answer, width: int) -> list[str]:
    """What has no range, and what was refused."""
    found = answer.found
    counts = {kind: number for kind, number in found["without_range"].items() if number}
    lines: list[str] = []
    if counts:
        kinds = listed([f"{number} {kind}" for kind, number in counts.items()])
        total = plural(sum(counts.values()), "input has", "inputs have")
        lines += wrapped(f"{total} no range and so stayed as written: {kinds}.", width)
    for refusal in found["refused"][:MOST_TOLD]:
        text = f"Refused: {refusal['assumption']} at its {refusal['end']}: {refusal['why']}"
        lines += wrapped(cut(text, 2 * _LONGEST), width, "   ")
    if more := found["refused"][MOST_TOLD:]:
        lines += [f"Refused as well: {plural(len(more), 'setting')}."]
    return lines


def draw_sensitivity(answer: Answer, figure: Figure) -> None:
    """A tornado of the answer with its grounds, and beside each bar its losses and exposure."""
    rows = answer.table("debt").records()[:MOST_DRAWN]
    base, by = answer.found["as_written"], answer.asked["by"]
    axes = figure.subplots(1, 3, sharey=True, width_ratios=(3, 1, 1))
    scale = 100.0 if by == "chance" else 1.0
    label = "chance in time [%]" if by == "chance" else "mean finish [day after the start]"
    panels = (
        (by, scale, label),
        ("losses", 1.0, "loads gone\n[load]"),
        ("exposure", 0.001, "under threat\n[1000 km]"),
    )
    for axis, (measure, unit, name) in zip(axes, panels, strict=True):
        _bars(axis, rows, measure, base[measure] * unit, unit)
        axis.set_xlabel(name)
        axis.grid(axis="y", visible=False)
        axis.locator_params(axis="x", nbins=8 if measure == by else 3)
        axis.tick_params(axis="x", labelsize=8)
    names = [f"{cut(str(row['assumption']), 40)}\n{row['ground']}{', a lever' if row['lever'] else ''}" for row in rows]
    axes[0].set_yticks(range(len(rows)), names, fontsize=7)
    axes[0].invert_yaxis()
    axes[0].set_title(f"{answer.found['milestone']}: one assumption at a time (pale: not detectable)", fontsize=10)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", ncols=3, fontsize=8)


def _bars(axis: Axes, rows: list[Row], measure: str, middle: float, unit: float) -> None:
    """Bars from the answer as written to the answers at both ends; those not detectable are pale."""
    for place, row in enumerate(rows):
        lengths = {
            end: row[f"{measure}_{end}"] * unit - middle for end in _LOOKS if row[f"{measure}_{end}"] is not None
        }
        # the longer first, lest it hide the shorter where both lie on one side
        for end in sorted(lengths, key=lambda end: -abs(lengths[end])):
            axis.barh(place, lengths[end], left=middle, alpha=1.0 if row["detectable"] else 0.35, **_LOOKS[end])
    for end, look in _LOOKS.items():
        axis.barh([0], [0], left=middle, label=f"at the {end}", **look)
    axis.axvline(middle, color=MUTED, linewidth=1.2, label="as written")
