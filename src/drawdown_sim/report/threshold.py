"""The report and the picture of a threshold: how far, how sure, and at what price on either side of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .tables import WIDE, Section, table
from .words import count, day, interval, listed, percent, plural, short_day, wrapped

if TYPE_CHECKING:
    from ..experiment.answers import Answer

Plain = dict[str, Any]

#: Marks of the values in a table.
_AS_IS, _KEEPS, _BREAKS = "as it is", "keeps", "breaks"


def threshold_report(answer: Answer, width: int) -> list[Section]:
    """All sections, lines of at most `width` characters."""
    found = answer.found
    sections = [
        Section(f"How far until it breaks: {found['input']['path']} ({answer.scenario})", _verdict(answer, width)),
        Section(f"Chance, losses and exposure at {_values_of(found)}", _values(answer, width)),
    ]
    if "second" in found:
        sections.append(Section(_frontier_title(found), _frontier(answer, width)))
    sections.append(Section("How it was found", _method(answer, width)))
    return sections


#: What a row of a frontier says where the first input has no threshold.
_WITHOUT = {"always": "any keeps it", "never": "none keeps it", "undecided": "not decided"}


def records(answer: Answer, name: str) -> list[Plain]:
    """A table's rows as mappings."""
    rows: list[Any] = answer.table(name).records()
    return rows


# --- the verdict ---------------------------------------------------------------------------------


def _verdict(answer: Answer, width: int) -> list[str]:
    found = answer.found
    edges = records(answer, "crossings")
    if found["outcome"] == "crosses":
        lines = wrapped(_crosses(found, edges[0]), width)
    elif found["outcome"] == "several":
        lines = _several(found, edges, width)
    else:
        lines = wrapped(_no_crossing(answer), width)
    lines += wrapped(_as_it_is(found), width)
    for written, steps in zip([edge["kept_written"] for edge in edges], found["steps"], strict=True):
        lines += wrapped(f"{written} is: {steps}.", width) if steps else []
    for low, high in found["touches"]:
        text = f"Between {low} and {high} the estimate touches the line, but the runs do not decide whether it crosses."
        lines += wrapped(text, width)
    if found["refused"]:
        lines += wrapped(f"Values that make no plan count as broken: {'; '.join(found['refused'])}.", width)
    return lines


def _line(found: Plain) -> str:
    """The chance that is asked about."""
    is_moved = found["input"]["path"].startswith(f"milestones.{found['milestone']}.deadline")
    return f"the chance of {found['milestone']} by {'its deadline' if is_moved else day(found['deadline'])}"


def _crosses(found: Plain, edge: Plain) -> str:
    line = _line(found)
    bound = f"from {edge['kept_written']} on" if edge["rises"] else f"up to {edge['kept_written']}"
    return (
        f"{line[0].upper()}{line[1:]} stays at {percent(found['probability'])} or more {bound}, on these assumptions"
        f" ({_sure(edge)}). At {edge['broken_written']} it does not."
    )


def _sure(edge: Plain) -> str:
    """How well the runs measure a threshold."""
    low, high = edge["kept_low_written"], edge["kept_high_written"]
    return f"95 % interval: {_span(edge) if low != high else 'that value alone'}"


def _several(found: Plain, edges: list[Plain], width: int) -> list[str]:
    line = _line(found)
    text = (
        f"{line[0].upper()}{line[1:]} crosses {percent(found['probability'])} {len(edges)} times: it does not go one"
        " way as the value grows, so that more can be worse. On these assumptions:"
    )
    lines = wrapped(text, width)
    for edge in edges:
        way = "kept from" if edge["rises"] else "kept up to"
        lines += wrapped(
            f"- {way} {edge['kept_written']} ({_sure(edge)}), not at {edge['broken_written']}", width, "  "
        )
    return lines


def _no_crossing(answer: Answer) -> str:
    found, given = answer.found, answer.found["input"]
    rows = [row for row in records(answer, "values") if row["side"] != "refused"]
    line = percent(found["probability"])
    undecided = any(row["side"] == "undecided" for row in rows)
    note = " Near the line the runs do not decide it; more replications would." if undecided else ""
    if found["is_flat"] and rows:
        return (
            f"{given['path']} does not move {_line(found)}: it is {percent(rows[0]['chance'])} from {given['from']} to"
            f" {given['to']}, on these assumptions.{note}"
        )
    if found["outcome"] == "always":
        worst = min(rows, key=lambda row: row["chance"])
        return (
            f"Even {worst['written']} keeps {_line(found)} at {line} or more: {percent(worst['chance'])}"
            f" ({interval(worst['low'], worst['high'])}), on these assumptions. Nothing from {given['from']} to"
            f" {given['to']} breaks it.{note}"
        )
    if found["outcome"] == "undecided":
        ends = sorted(rows, key=lambda row: row["chance"])
        lowest, highest = (f"{percent(row['chance'])} at {row['written']}" for row in (ends[0], ends[-1]))
        return (
            f"Whether {_line(found)} keeps {line} everywhere from {given['from']} to {given['to']} the runs do not"
            f" decide: it is between {lowest} and {highest}, on these assumptions."
        )
    best = max(rows, key=lambda row: row["chance"], default=None)
    reached = (
        "no value makes a plan"
        if best is None
        else f"the best, {best['written']}, reaches {percent(best['chance'])} ({interval(best['low'], best['high'])})"
    )
    return (
        f"Nothing from {given['from']} to {given['to']} brings {_line(found)} to {line}: {reached}, on these"
        f" assumptions.{note}"
    )


def _as_it_is(found: Plain) -> str:
    here, line = found["base"], found["probability"]
    text = f"As it is, at {here['written']}, it is {percent(here['chance'])} ({interval(here['low'], here['high'])})"
    if found["room"] is None:
        return f"{text}."
    room = f"{found['room']} to spare" if here["chance"] >= line else f"{found['room']} short of it"
    return f"{text}, {room}."


# --- the tables ----------------------------------------------------------------------------------


def _values_of(found: Plain) -> str:
    given = found["input"]
    return "values" if given["distribution"] == "fixed" or given["by_date"] else "values (medians; the form is kept)"


def _values(answer: Answer, width: int) -> list[str]:
    """The values of the grid, those at each crossing, and the scenario's own."""
    found, rows = answer.found, [row for row in records(answer, "values") if row["shown"]]
    edges = records(answer, "crossings")
    marks = {edge["kept"]: _KEEPS for edge in edges} | {edge["broken"]: _BREAKS for edge in edges}
    base = found["base"]
    if base["value"] not in [row["value"] for row in rows]:
        rows = sorted([*rows, base], key=lambda row: row["value"])
    wide = width >= WIDE
    head = ["value", "", "chance", "95 %", "finish P50", "gone", "km", "hurt"]
    head[5:7] = ["loads gone", "convoy-km under threat"] if wide else head[5:7]
    head[5:5] = ["P90"] if wide else []
    head += ["runs"] if wide else []
    lines = []
    for row in rows:
        mark = listed(
            [m for m in (_AS_IS if row["value"] == base["value"] else "", marks.get(row["value"], "")) if m], ","
        )
        if row["side"] == "refused":
            lines.append([row["written"], mark, "no plan", *[""] * (len(head) - 3)])
            continue
        cells = [row["written"], mark, _near(row["chance"], found["probability"]), interval(row["low"], row["high"])]
        cells += [short_day(row["finish_p50"])] + ([short_day(row["finish_p90"])] if wide else [])
        cells += [count(round(row[name])) for name in ("losses", "exposure", "hurt")]
        lines.append(cells + ([count(row["replications"])] if wide else []))
    numbers = [2, 3, *range(6 if wide else 5, len(head))]
    late = [row for row in rows if row["censored"]]
    text = "Loads gone (destroyed, lost or left behind), convoy-km under threat and people hurt are means of the runs."
    if late:
        each = [f"{row['censored']} of {count(row['replications'])} at {row['written']}" for row in late]
        text += f" Never reached by the horizon, and later than any date: {listed(each)}."
    return table(head, lines, width, numbers) + wrapped(text, width)


def _near(chance: float, line: float) -> str:
    """A chance; with a decimal where the line could not be told from it without."""
    return f"{100 * chance:.1f} %" if percent(chance) == percent(line) and chance != line else percent(chance)


def _frontier_title(found: Plain) -> str:
    return f"Together with {found['second']['path']}"


def _frontier(answer: Answer, width: int) -> list[str]:
    found, rows = answer.found, records(answer, "frontier")
    ways = {row["rises"] for row in rows if row["rises"] is not None}
    head = ("second", "first", "95 %", "chance", "gone", "km", "hurt")
    lines = [_frontier_line(row, found["second"]["is_value"], len(ways) > 1) for row in rows]
    way = " from which on" if ways == {True} else " up to which" if ways == {False} else " at which"
    text = (
        f"second: {found['second']['path']}, as it is {found['second']['is']} (*); first: the value of"
        f" {found['input']['path']}{way} the chance is kept, to a fortieth of its span. Chance, loads gone, convoy-km"
        " under threat and people hurt are those there; where there is no such value, of the one nearest to the line."
    )
    refused = [f"No plan with {entry}." for entry in found["second"]["refused"]]
    return table(head, lines, width, (3, 4, 5, 6)) + [
        line for part in (text, *refused) for line in wrapped(part, width)
    ]


def _frontier_line(row: Plain, own: float, with_way: bool) -> list[str]:
    name = f"{row['written']} *" if row["value"] == own else row["written"]
    if row["kept"] is None:
        first, sure = _WITHOUT[row["outcome"]], ""
    else:
        way = ("from " if row["rises"] else "up to ") if with_way else ""
        first = f"{way}{row['kept_written']}" + (" (not alone)" if row["outcome"] == "several" else "")
        sure = _span(row)
    price = [count(round(row[key])) if row[key] is not None else "" for key in ("losses", "exposure", "hurt")]
    return [name, first, sure, percent(row["chance"]), *price]


def _span(row: Plain) -> str:
    """The interval of a threshold; a unit is named once."""
    low, high = row["kept_low_written"], row["kept_high_written"]
    if low is None and high is None:
        return "no bound within the span"
    if low is None or high is None:
        # the nearest decided value lies beyond the end of the span
        return f"up to {high}" if low is None else f"from {low} on"
    if low == high:
        return str(low)
    number, _, unit = low.partition(" ")
    return f"{number} to {high}" if unit and unit == high.partition(" ")[2] else f"{low} to {high}"


def _method(answer: Answer, width: int) -> list[str]:
    given, asked = answer.found["input"], answer.asked
    runs = [row["replications"] for row in records(answer, "values") if row["replications"]]
    least, most = min(runs, default=0), max(runs, default=0)
    played = count(most) if least == most else f"{count(least)} to {count(most)}"
    text = (
        f"{given['path']} was moved from {given['from']} to {given['to']} ({given['ends']}) in steps of"
        f" {given['step']}: {plural(len(runs), 'value')} with {played} runs each, all with the same luck. A crossing"
        f" and a return between two of the {asked['grid']} values of the grid would be missed. The interval is"
        " simulation error alone: it shrinks with --replications. Luck is in the chance itself, and what is not known"
        " about the other inputs is in neither."
    )
    return wrapped(text, width)
