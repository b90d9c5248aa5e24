"""The decision calendar in words and as a picture: decide by when, with how many days to spare, at what price."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .figures import BLUE, INK, LATE, MUTED, date_axis, day_number
from .tables import WIDE, Section, cut, table
from .words import count, day, interval, listed, percent, plural, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Dates that are printed on two lines each and on one, the tightest and the unsteady ones that are named, rows of the
#: moves and of the requests, dates that are drawn; the JSON holds all.
MOST_NARROW, MOST_WIDE, MOST_TIGHT, MOST_UNSTEADY = 6, 12, 3, 2
MOST_PRINTED = 4
MOST_DRAWN = 40

#: Sorts of dates, in the order in which they are listed.
SORTS = {
    "start": "the start",
    "contract": "contracts",
    "decision": "decisions",
    "means": "means",
    "hold": "holds to be lifted",
    "ban": "bans",
    "clearance": "clearances",
    "plan": "plan dates",
    "work": "beginnings of preparation",
}

#: Sorts of dates that are few and argued about.
NAMED = ("start", "contract", "decision")

Row = dict[str, Any]


def calendar_report(answer: Answer, width: int) -> list[Section]:
    """All sections, lines of at most `width` characters."""
    entries = _records(answer, "calendar")
    binding = [entry for entry in entries if entry["state"] == "binds"]
    asked, found = answer.asked, answer.found
    line = percent(asked["probability"])
    heading = f"Decide by: the last day that keeps {line}, each date moved alone"
    if not found["keeps"]:
        heading = f"What would reach {line}: the last day that does, each date moved alone"
    span = f"{day(asked['from'])} to {day(found['to'])}"
    return [
        Section(f"Until when? {found['title']} ({answer.scenario})", _verdict(answer, width)),
        Section(heading, _calendar(binding, answer, width)),
        Section("Elsewhere", _elsewhere(entries, answer, width)),
        Section(f"Next moves, {span}", _moves(answer, width)),
        Section("Clearances to request for them, by authority", _requests(answer, width)),
    ]


def _records(answer: Answer, name: str) -> list[Row]:
    """A table's rows as mappings."""
    return [dict(row) for row in answer.table(name).records()]


def _verdict(answer: Answer, width: int) -> list[str]:
    asked, found, base = answer.asked, answer.found, answer.found["base"]
    line, runs = percent(asked["probability"]), asked["replications"]
    measured = f"in {percent(base['chance'])} of {plural(runs, 'replication')} ({_interval(base)})"
    verdict = "is kept" if found["keeps"] else "is not kept, even with every date as planned"
    claim = f"milestone {asked['milestone']} is reached by {day(found['deadline'])} {measured}"
    text = f"The chosen chance of {line} {verdict}: on these assumptions {claim}; mean price: {_price(base)}."
    lines = wrapped(text, width)
    if base["censored"]:
        late = f"Not reached by the horizon in {plural(base['censored'], 'replication')}, which count as later"
        lines += wrapped(f"{late} than any date.", width)
    if found["keeps"] and base["low"] < asked["probability"]:
        lines += wrapped(f"The interval of the chance reaches below {line}: more replications would tell.", width)
    if found["replay"]:
        lines += wrapped("A replay: dates of decisions or of the ends of holds are inputs; never scored.", width)
    return lines


def _interval(entry: Row) -> str:
    return f"95 % interval {interval(entry['low'], entry['high'])}"


def _price(entry: Row) -> str:
    """Losses and exposure, which stand beside every chance."""
    lost = f"{count(entry['losses'])} loads destroyed, lost or left behind"
    return f"{lost}, {count(entry['exposure'])} convoy-km under threat, {count(entry['hurt'])} people hurt"


def _calendar(entries: list[Row], answer: Answer, width: int) -> list[str]:
    """A row for each date that binds, narrow ones with the price on a second line."""
    if not entries:
        return ["No date binds." if answer.found["keeps"] else "No single date would."]
    is_wide = width >= WIDE
    shown = entries[: MOST_WIDE if is_wide else MOST_NARROW]
    if is_wide:
        dates = ("decision, order, clearance or contract", "day", "95 %", "planned", "spare")
        head = (*dates, "chance", "gone", "km", "hurt")
        lines = table(head, [_wide(entry) for entry in shown], width, (4, 5, 6, 7, 8))
    else:
        lines = [line for entry in shown for line in _narrow(entry, width)]
    later = len(entries) - len(shown)
    legend = (
        "by: this day or earlier; from: not before it. In brackets: what simulation error leaves open (.. past the days"
        " tried). Chance, loads gone (destroyed, lost or left), km under threat, people hurt: on that day."
        + (f" {plural(later, 'later date')} in --json." if later else "")
    )
    return lines + _tightest(entries, width) + wrapped(legend, width) + _unsteady(entries, width)


def _tightest(entries: list[Row], width: int) -> list[str]:
    """The dates with least days between the planned and the last day."""
    planned = sorted((entry for entry in entries if entry["to_spare"] is not None), key=lambda entry: entry["to_spare"])
    if not planned:
        return []
    parts = [f"{entry['decision']} ({plural(entry['to_spare'], 'day')})" for entry in planned[:MOST_TIGHT]]
    return wrapped(f"Least to spare: {listed(parts)}.", width)


def _wide(entry: Row) -> tuple[str, ...]:
    return (
        cut(entry["decision"], 44),
        f"{entry['direction']:4} {_short(entry['day'])}",
        _open(entry),
        _short(entry["planned"]),
        _spare(entry),
        percent(entry["chance"]),
        count(entry["losses"]),
        count(entry["exposure"]),
        count(entry["hurt"]),
    )


def _narrow(entry: Row, width: int) -> list[str]:
    """Two lines: until when and what; then the interval, the plan and the price."""
    lead = f"{entry['direction']:4} {_short(entry['day'])}  "
    first = cut(lead + entry["decision"], width)
    spare = "not planned" if entry["planned"] is None else f"{_spare(entry)} d from {_brief(entry['planned']).strip()}"
    price = f"{count(entry['losses'])} gone, {count(entry['exposure'])} km, {count(entry['hurt'])} hurt"
    return [first, cut(f"     {_open(entry)}  {spare}; {percent(entry['chance'])}, {price}", width)]


def _short(iso: str | None) -> str:
    """A date in nine characters: ``31 Dec 23``."""
    if iso is None:
        return "none"
    found = date.fromisoformat(iso)
    return f"{found.day:2} {found:%b %y}"


def _open(entry: Row) -> str:
    """The days between which simulation error leaves the last day open."""
    first, last = (_brief(entry[key]) for key in ("interval_first", "interval_last"))
    return f"[{first} - {last}]"


def _brief(iso: str | None) -> str:
    if iso is None:
        return "    .."
    found = date.fromisoformat(iso)
    return f"{found.day:2} {found:%b}"


def _spare(entry: Row) -> str:
    return "" if entry["to_spare"] is None else f"{entry['to_spare']:+d}"


def _unsteady(entries: list[Row], width: int) -> list[str]:
    """Where the chance does not fall steadily from day to day."""
    notes = [f"{entry['decision']} (kept again on {day(entry['again'])})" for entry in entries if entry["again"]]
    notes += [f"{entry['decision']} (too early on {day(entry['too_soon'])})" for entry in entries if entry["too_soon"]]
    if not notes:
        return []
    more = [f"{len(notes) - MOST_UNSTEADY} more"] if len(notes) > MOST_UNSTEADY else []
    return wrapped(f"Not steady: {listed([*notes[:MOST_UNSTEADY], *more])}.", width)


def _elsewhere(entries: list[Row], answer: Answer, width: int) -> list[str]:
    """Dates without a last day, counted by sort; those that people argue about, by name."""
    keeps, line = answer.found["keeps"], percent(answer.asked["probability"])
    lines = []
    for state, text in (
        ("never binds", f"Not binding: even its worst day within the horizon keeps {line}"),
        ("out of reach", f"No day that was tried {'keeps' if keeps else 'reaches'} {line} for"),
        ("refused", "Not answered, a day that had to be tried makes no plan"),
    ):
        found = [entry for entry in entries if entry["state"] == state]
        if found:
            lines += wrapped(f"{text} ({len(found)}): {_summed(found)}.", width)
    return lines


def _summed(entries: list[Row]) -> str:
    """The dates by name where they are few, else contracts and decisions by name and a count of the rest."""
    if len(entries) <= MOST_PRINTED:
        return listed([entry["decision"] for entry in entries])
    named = [entry["decision"] for entry in entries if entry["sort"] in NAMED]
    others = Counter(entry["sort"] for entry in entries if entry["sort"] not in NAMED)
    return listed([*named, *(f"{others[sort]} {SORTS[sort]}" for sort in SORTS if others[sort])])


def _moves(answer: Answer, width: int) -> list[str]:
    """A row for each lift: how often it leaves in the window, and its first departure."""
    moves = _records(answer, "moves")
    if not moves:
        return ["Nothing leaves in these days."]
    rows: list[tuple[str, ...]] = []
    for lift in dict.fromkeys(move["lift"] for move in moves):
        mine = [move for move in moves if move["lift"] == lift]
        first = min(mine, key=lambda move: move["number"])
        mean = sum(move["share"] for move in mine)
        way = f"{first['pick_up']}>{first['to']}"
        days = (_brief(first[key]) for key in ("earliest", "p50", "latest"))
        rows.append((lift, way, _carried(first), count(round(mean, 1)), *days, percent(first["share"])))
    head = ("lift", "from>to", "carries", "n", "early", "P50", "late", "share")
    fitted = [(row[0], cut(row[1], 22 if width < WIDE else 44), *row[2:]) for row in rows[:MOST_PRINTED]]
    told = (
        "n: mean number of departures; early, P50, late: of the first, where it leaves; share: of"
        f" {plural(answer.found['tried']['trajectories'], 'replication')}, in which it does.{_more(rows, 'lift')}"
    )
    return table(head, fitted, width, (3, 7)) + wrapped(told, width)


def _carried(move: Row) -> str:
    """What one movement carries at the median."""
    parts = [(move["people"], "people"), (move["loads"], "loads")]
    return " + ".join(f"{count(number)} {what}" for number, what in parts if number) or "nothing"


def _requests(answer: Answer, width: int) -> list[str]:
    """A row for each clearance and lift: how many requests, and by when the first and the last."""
    requests = _records(answer, "requests")
    if not requests:
        return ["None."]
    rows: list[tuple[str, ...]] = []
    keys = dict.fromkeys((entry["authority"], entry["clearance"], entry["lift"]) for entry in requests)
    for key in keys:
        mine = [entry for entry in requests if (entry["authority"], entry["clearance"], entry["lift"]) == key]
        likely = [entry for entry in mine if entry["share"] >= 0.5] or mine[:1]
        mean = count(round(sum(entry["share"] for entry in mine), 1))
        rows.append((*key, mean, _brief(min(e["by"] for e in likely)), _brief(max(e["by"] for e in likely))))
    head = ("authority", "clearance", "lift", "requests", "first by", "last by")
    told = (
        "requests: mean number, refusals not counted; by: when one replication in ten has asked (P10), of those"
        f" that half of them make.{_more(rows, 'row')}"
    )
    return table(head, rows[:MOST_PRINTED], width, (3,)) + wrapped(told, width)


def _more(rows: list[tuple[str, ...]], what: str) -> str:
    more = len(rows) - MOST_PRINTED
    return f" {plural(more, 'more ' + what)} in --json." if more > 0 else ""


# --- the picture ---------------------------------------------------------------------------------


def draw_calendar(answer: Answer, figure: Figure) -> None:
    """A row for each date that binds: planned day, last day with its interval, and the deadline."""
    binding = [entry for entry in _records(answer, "calendar") if entry["state"] == "binds"]
    shown = binding[:MOST_DRAWN]
    figure.set_size_inches(9.6, max(3.0, 1.7 + 0.24 * len(shown)))
    axes = figure.subplots()
    deadline = date.fromisoformat(answer.found["deadline"])
    for row, entry in enumerate(shown):
        _draw_row(axes, row, entry)
    axes.axvline(day_number(deadline), color=LATE, linewidth=1.5)
    axes.annotate(
        "deadline", (day_number(deadline), 1), xycoords=("data", "axes fraction"), color=LATE, ha="center", va="bottom"
    )
    days = [deadline] + [date.fromisoformat(e[k]) for e in shown for k in ("day", "planned") if e[k]]
    axes.set_xlim(day_number(min(days) - timedelta(10)), day_number(max(days) + timedelta(10)))
    axes.set_yticks(range(len(shown)), [cut(entry["decision"], 52) for entry in shown], fontsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    date_axis(axes, "date")
    more = f" ({len(shown)} of {len(binding)} dates)" if len(binding) > len(shown) else ""
    axes.set_title(f"Last day that keeps {percent(answer.asked['probability'])}, each date moved alone{more}", pad=16)
    _draw_legend(figure)


def _draw_row(axes: Axes, row: int, entry: Row) -> None:
    last = day_number(date.fromisoformat(entry["day"]))
    low, high = (date.fromisoformat(entry[key]) if entry[key] else None for key in ("interval_first", "interval_last"))
    ends = (day_number(low) if low else last, day_number(high) if high else last)
    if entry["planned"]:
        planned = day_number(date.fromisoformat(entry["planned"]))
        axes.plot([planned, last], [row, row], color=MUTED, linewidth=0.8, linestyle=":")
        axes.plot(planned, row, "o", markerfacecolor="white", markeredgecolor=INK, markersize=5)
    axes.plot(ends, [row, row], color=BLUE, linewidth=3, solid_capstyle="butt", alpha=0.5)
    axes.plot(last, row, "<" if entry["direction"] == "by" else ">", color=BLUE, markersize=7)


def _draw_legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker="o", linestyle="", markerfacecolor="white", markeredgecolor=INK, label="planned"),
        Line2D([], [], marker="<", linestyle="", color=BLUE, label="by this day at the latest"),
        Line2D([], [], marker=">", linestyle="", color=BLUE, label="not before this day"),
        Line2D([], [], color=BLUE, linewidth=3, alpha=0.5, label="left open by simulation error"),
    ]
    figure.legend(handles=marks, loc="outside upper left", ncols=len(marks), fontsize=8)
