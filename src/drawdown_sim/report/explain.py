"""The report of what binds: sentences and criticality over many runs, or one run's chain as a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..units import MINUTES_PER_DAY
from .chainwords import ON_THE_WAY, THEN, says
from .tables import Section, table
from .words import day, interval, listed, percent, plural, reason, who_is_left, wrapped

if TYPE_CHECKING:
    from ..experiment.answers import Answer

#: Sentences and rows that are printed; the answer holds more.
MOST_SENTENCES = 5
MOST_CAUSES = 6
MOST_OF_EACH = 3

_HEAD = ("share", "95 %", "mean", "P10", "P90")
_NUMBERS = (1, 2, 3, 4, 5)

Row = Mapping[str, Any]


def explain_report(answer: Answer, width: int) -> list[Section]:
    """All sections, lines of at most `width` characters."""
    title = f"What binds {_target(answer)} ({answer.scenario})"
    sections = [Section(title, _verdict(answer, width))]
    return sections + (_story(answer, width) if _is_story(answer) else _over_runs(answer, width))


def _target(answer: Answer) -> str:
    """What the chain leads to."""
    about, name = answer.asked["about"], answer.asked["id"]
    if about == "finish":
        return "the finish"
    if about == "milestone":
        return f"milestone {name}"
    return f"the closing of {called(answer, name)}"


def called(answer: Answer, name: str) -> str:
    """The name for people of a place or an authority; its id where it has none."""
    return str(answer.found["titles"].get(name, name))


def _verdict(answer: Answer, width: int) -> list[str]:
    """When the target is reached, with the chance and its price."""
    found, runs = answer.found, answer.replications
    lines = wrapped(_when_in_one(answer) if _is_story(answer) else _when(answer), width)
    lines += wrapped(f"{_chance(answer)} {_price(found['price'], runs)}", width)
    if found["censored"] and not _is_story(answer):
        share = f"{found['censored']:,} of {plural(runs, 'run')}"
        told = f"Not reached in {share}: their chain is that of what still waited at the end, and counts below."
        lines += wrapped(told, width)
    return lines


def _is_story(answer: Answer) -> bool:
    return answer.asked["replication"] is not None


def _when(answer: Answer) -> str:
    """In how many runs the target is reached, and when."""
    found, runs = answer.found, answer.replications
    last = ", the last of all milestones," if answer.asked["about"] == "finish" else ""
    target = f"{_target(answer)[0].upper()}{_target(answer)[1:]}{last}"
    verb = "is reached" if answer.asked["about"] == "milestone" else "comes"
    if not found["reached"]:
        return f"{target} {verb} in none of {plural(runs, 'run')}."
    share = "in every run" if found["reached"] == runs else f"in {found['reached']:,} of {plural(runs, 'run')}"
    if found["p50"] is None:
        return f"{target} {verb} {share}, at the median not at all."
    ends = f"P10 {day(found['p10'])}, P90 {day(found['p90'])}"
    return f"{target} {verb} {share}, at the median on {day(found['p50'])} ({ends})."


def _when_in_one(answer: Answer) -> str:
    found, number = answer.found, answer.asked["replication"]
    if found["reached"]:
        return f"In replication {number} {_reaches(answer)} on {day(found['p50'])}."
    target = _target(answer)
    missed = {"finish": "not every milestone is reached", "milestone": f"{target} is not reached"}
    told = missed.get(answer.asked["about"], f"{target} does not come")
    return f"In replication {number} {told}; this is the chain of what still waited at the end."


def _reaches(answer: Answer) -> str:
    """A clause without its date: the target comes about."""
    about, name = answer.asked["about"], answer.asked["id"]
    if about == "camp":
        return f"{called(answer, name)} closes"
    return "the finish comes" if about == "finish" else f"milestone {name} is reached"


def _chance(answer: Answer) -> str:
    verdict, runs = answer.found["verdict"], answer.replications
    claim = f"milestone {verdict['milestone']} is reached by {day(verdict['deadline'])}"
    if _is_story(answer):
        kept = "is reached by" if verdict["probability"] else "is not reached by"
        return f"Milestone {verdict['milestone']} {kept} {day(verdict['deadline'])}, on these assumptions."
    measured = (
        f"{percent(verdict['probability'])} of {plural(runs, 'run')}, 95 % interval"
        f" {interval(verdict['low'], verdict['high'])}"
    )
    if verdict["words"]:
        return f"It is {' to '.join(verdict['words'])} that {claim}, on these assumptions ({measured})."
    return f"{claim[0].upper()}{claim[1:]} in {measured}, on these assumptions."


def _price(price: Row, runs: int) -> str:
    """Who and what is left, the losses and the exposure of the runs, in medians."""
    counted = (
        (price["losses"]["p50"], "load destroyed, lost or left behind", "loads destroyed, lost or left behind"),
        (price["vehicles_lost"]["p50"], "vehicle lost", "vehicles lost"),
        (price["convoy_km"]["p50"], "convoy-km under threat", "convoy-km under threat"),
        (price["people_hurt"]["p50"], "person hurt", "people hurt"),
    )
    parts = [plural(number, one, many) for number, one, many in counted if number]
    where = "At the median" if runs > 1 else "In it"
    who = who_is_left(price["people_left"]["p50"], price["people_due"], price["loads_left"]["p50"], price["loads_due"])
    return f"{where} {who}, with {listed(parts) or 'nothing lost and nobody hurt'}."


# --- over many runs ---------------------------------------------------------------------------------


def _over_runs(answer: Answer, width: int) -> list[Section]:
    sections = [
        Section("Who waits for what", _sentences(answer, width)),
        Section("Causes: how often on the binding chain, and for how many days", _causes(answer, width)),
        Section("Camps that wait, legs and resources on the chain", _parts(answer, width)),
    ]
    if still := _still(answer, width):
        sections.append(Section("Not reached: what still waits at the end", still))
    return sections


def _sentences(answer: Answer, width: int) -> list[str]:
    rows = answer.table("waits").records()
    if not rows:
        return ["Nobody: every run is finished at its start."]
    lines = wrapped(_most(answer), width)
    return lines + [line for row in rows[:MOST_SENTENCES] for line in wrapped(_sentence(answer, row), width, "  ")]


def _most(answer: Answer) -> str:
    """What takes most days, and what binds most often."""
    longest, often = answer.found["most_days"], answer.found["most_often"]
    text = f"Most days: {reason(longest['hold'], longest['subject'])}, {longest['days']:.1f} of"
    text += f" {answer.found['days']:.1f} at the mean."
    if often is None:
        return text
    share = (
        "in every run" if often["on_chain"] == answer.replications else f"in {percent(often['criticality'])} of runs"
    )
    return f"{text} Most often waited for: {reason(often['hold'], often['subject'])}, {share}."


def _sentence(answer: Answer, row: Row) -> str:
    share = "In every run" if row["on_chain"] == answer.replications else f"In {percent(row['criticality'])} of runs"
    return f"{share} {clause(answer, row, _days(row['days_when_on']))}."


def clause(answer: Answer, row: Row, days: str = "") -> str:
    """Who waits for what, from a row of `waits`, `still_waiting` or `steps`; `days` says how long."""
    lift = answer.found["lifts"].get(row["lift"], {})
    who = called(answer, row["place"]) if row["place"] else "the mission"
    # on the way, the leg says more than whose movement it is
    subject = row.get("leg") if row["hold"] in ON_THE_WAY and row.get("leg") else row["subject"]
    told = "" if subject in ("", row["place"], row["lift"]) else called(answer, str(subject))
    to = called(answer, lift["to"]) if lift else ""
    return says(row["hold"], who, told, row["lift"], lift, to, days)


def _days(number: float) -> str:
    return f"{number:.0f} days" if number >= 10 else plural(round(number, 1), "day")


def _causes(answer: Answer, width: int) -> list[str]:
    rows = answer.table("causes").records()
    if not rows:
        return []
    shown = [(reason(str(row["hold"]), str(row["subject"])), *_cells(row)) for row in rows[:MOST_CAUSES]]
    if rest := rows[MOST_CAUSES:]:
        together = sum(float(str(row["days"])) for row in rest)
        shown.append((f"the next {plural(len(rest), 'cause')} together", "", "", f"{together:.1f}", "", ""))
    shown.append((f"all, from {day(answer.found['start'])} on", "", "", f"{answer.found['days']:.1f}", "", ""))
    note = "Days of causes add up to the end of the chain, in each run exactly. P10 and P90 count all runs."
    return table(("cause", *_HEAD), shown, width, _NUMBERS) + wrapped(note, width)


def _parts(answer: Answer, width: int) -> list[str]:
    shown: list[tuple[str, ...]] = []
    for name, word in (("camps", "camp"), ("legs", "leg"), ("resources", "")):
        for row in answer.table(name).records()[:MOST_OF_EACH]:
            label = f"{word} {row['id']}" if word else reason(str(row["hold"]), str(row["subject"]))
            shown.append((label, *_cells(row)))
    return table(("", *_HEAD), shown, width, _NUMBERS)


def _cells(row: Row) -> tuple[str, ...]:
    ends = (_number(row[name]) for name in ("p10", "p90"))
    return (percent(row["criticality"]), interval(row["low"], row["high"]), f"{row['days']:.1f}", *ends)


def _number(days: float) -> str:
    """Days for a table: a decimal below a hundred."""
    return f"{days:.1f}" if days < 99.95 else f"{days:.0f}"


def _still(answer: Answer, width: int) -> list[str]:
    rows = answer.table("still_waiting").records()
    shown = [(clause(answer, row), f"{row['replications']:,}") for row in rows[:MOST_OF_EACH]]
    return table(("who waits for what", "runs"), shown, width, (1,))


# --- one run ----------------------------------------------------------------------------------------


def _story(answer: Answer, width: int) -> list[Section]:
    steps = answer.table("steps").records()
    total = answer.found["minutes"]
    if not steps:
        return [Section("The chain", ["Nothing was waited for: it was finished at the start."])]
    lines: list[str] = []
    for step in steps:
        lines += _line(answer, int(str(step["since"])), int(str(step["minutes"])), _told(answer, step), width)
    end = f"{_reaches(answer)}" if answer.found["reached"] else "the run ends and this still waits"
    lines += wrapped(f"{_moment(answer, total)}  {end}; {_exact(steps, total)}.", width)
    return [Section("The chain, from the start to the end", lines)]


def _exact(steps: list[dict[str, Any]], total: int) -> str:
    if len(steps) == 1:
        return f"its one step takes {_span(total).strip()}"
    return f"the {len(steps)} steps add up to {_span(total).strip()}"


def _told(answer: Answer, step: Row) -> str:
    text = clause(answer, step)
    if step["users"]:
        others = [called(answer, user) for user in step["users"].split(",") if user != step["place"]]
        own = ["its own earlier movements"] if step["place"] in step["users"].split(",") else []
        text += f", in use for {listed(others + own)}"
    if step["refusals"]:
        text += f", refused {'once' if step['refusals'] == 1 else plural(step['refusals'], 'time')}"
    return f"{text}; then {THEN[step['then']]}."


def _line(answer: Answer, since: int, minutes: int, text: str, width: int) -> list[str]:
    head = f"{_moment(answer, since)}  {_span(minutes)}  "
    return wrapped(head + f"{text[0].upper()}{text[1:]}", width, " " * len(head))


def _moment(answer: Answer, minute: int) -> str:
    start = date.fromisoformat(answer.found["start"])
    return (datetime(start.year, start.month, start.day) + timedelta(minutes=minute)).isoformat(" ", "minutes")


def _span(minutes: int) -> str:
    """Days, hours and minutes, so that nothing is rounded: `` 21 d 04:30``."""
    days, rest = divmod(minutes, MINUTES_PER_DAY)
    return f"{days:>3} d {rest // 60:02}:{rest % 60:02}"
