"""Numbers, dates and causes in words."""

from __future__ import annotations

from datetime import date
from textwrap import fill

#: What a hold is called when it is given as the reason for days lost.
HOLDS = {
    "start": "the start of the scenario",
    "target_day": "target day of the plan",
    "predecessor": "order of closure",
    "guard": "minimum force",
    "plan": "hold-back or pause of the plan",
    "work": "preparation of cargo",
    "cargo": "cargo still due to leave",
    "small": "convoy too small to leave",
    "truck": "waiting for trucks",
    "escort": "waiting for escorts",
    "crew": "waiting for crews",
    "seat": "waiting for aircraft or ships",
    "asset": "waiting for other means",
    "rotation_cap": "rotation cap",
    "slot": "slots and quotas",
    "room": "room in transit",
    "supply": "supplies",
    "clearance": "clearance",
    "ban": "ban or closure",
    "hours": "hours of departure",
    "route": "travel",
    "loading": "loading",
    "unloading": "unloading",
    "rest": "rest after a movement",
    "incident": "halts after incidents",
    "resupply": "resupply on the road",
    "handover": "rear party and handover",
    "decision": "a decision",
    "calendar": "a dated change",
}

#: What a run that did not complete did instead.
ENDINGS = {
    "stalled": "stalled",
    "past_horizon": "went past the horizon",
    "row_budget": "used up its budget of rows",
}

NEVER = "not reached"


def percent(probability: float) -> str:
    """A chance as a percentage, with a decimal near the ends: ``91 %``, ``99.4 %``."""
    return f"{percent_number(probability)} %"


def percent_number(probability: float) -> str:
    """A chance as the number of a percentage; 0 and 100 only where nothing or everything is meant."""
    number = probability * 100
    if number in (0, 100):
        return f"{number:.0f}"
    if 1 <= number <= 99:
        return f"{number:.0f}"
    return f"{min(max(number, 0.1), 99.9):.1f}"


def interval(low: float, high: float) -> str:
    """An interval of chances: ``88 to 93 %``."""
    return f"{percent_number(low)} to {percent_number(high)} %"


def day(iso: str | None) -> str:
    """A date for a sentence: ``31 December 2023``."""
    if iso is None:
        return NEVER
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%B %Y}"


def short_day(iso: str | None) -> str:
    """A date for a table: ``2023-12-31``."""
    return NEVER if iso is None else iso


def window(span: dict[str, str] | None) -> str:
    """A window of days for a table, as short as it is clear: ``15 to 31 Oct 2023``."""
    if span is None:
        return "when ready"
    first, last = date.fromisoformat(span["first"]), date.fromisoformat(span["last"])
    end = f"{last.day} {last:%b %Y}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    if first.year == last.year:
        return f"{first.day} {first:%b} to {end}"
    return f"{first.day} {first:%b %Y} to {end}"


def count(number: float) -> str:
    """A count with thousands set apart; one decimal below ten where it is not whole."""
    if number != int(number) and abs(number) < 10:
        return f"{number:.1f}"
    return f"{number:,.0f}"


def plural(number: float, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 camp``, ``3 camps``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def who_is_left(people: float, people_due: int, loads: float, loads_due: int) -> str:
    """Who is left at the deadline; where no people are due to leave, what."""
    if people_due or not loads_due:
        who = (
            plural(people, "person due to leave is", "people due to leave are") if people else "nobody due to leave is"
        )
        return f"{who} left at the deadline"
    return f"{count(loads)} of {plural(loads_due, 'load')} due are not delivered at the deadline"


def reason(hold: str, subject: str) -> str:
    """A hold and whose it was: ``waiting for trucks (gao-trucks)``."""
    words = HOLDS.get(hold, hold)
    return f"{words} ({subject})" if subject else words


def listed(items: list[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """A paragraph as lines of at most `width` characters; further lines are indented."""
    kept = text.replace(" %", "\u00a0%")  # a number keeps its sign
    lines = fill(kept, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return lines.replace("\u00a0", " ").split("\n")
