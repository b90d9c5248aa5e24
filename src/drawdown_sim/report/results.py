"""The report of a run, from its summary: chance, losses and exposure always together."""

from __future__ import annotations

from typing import Any

from .tables import WIDE, Section, table
from .words import (
    ENDINGS,
    count,
    day,
    interval,
    listed,
    percent,
    plural,
    reason,
    short_day,
    who_is_left,
    window,
    wrapped,
)

#: Causes and endings that are printed; the summary holds more.
MOST_PRINTED = 5

Summary = dict[str, Any]

_AMOUNTS = ("mean", "p10", "p50", "p90")
_AMOUNT_HEAD = ("mean", "P10", "P50", "P90")


def run_report(
    summary: Summary, spread: Summary | None, folder: str | None, width: int, precision: Summary | None = None
) -> list[Section]:
    """All sections of a run's report, lines of at most `width` characters."""
    sections = [
        Section(f"{summary['title']} ({summary['scenario']})", _verdict(summary, spread, width)),
        Section("Milestones", _milestones(summary, width)),
        Section("Camps: planned window and day closed", _camps(summary, width)),
        Section(f"Left on {day(summary['remaining']['deadline'])}", _remaining(summary, width)),
        Section("Losses and exposure, over each whole run", _losses(summary, width)),
        Section("What binds: mean days on the chain that leads to the finish", _binds(summary, width)),
    ]
    if _unfinished(summary):
        sections.append(Section("Runs that did not complete: who waits for what", _endings(summary, width)))
    if precision is not None:
        sections.append(Section("Precision", _precision(precision, width)))
    sections.append(Section("Inputs", _inputs(summary, width)))
    sections.append(Section("Result", _where(summary, folder, width)))
    return sections


def _verdict(summary: Summary, spread: Summary | None, width: int) -> list[str]:
    verdict, runs = summary["verdict"], summary["replications"]
    main = next(m for m in summary["milestones"] if m["id"] == verdict["milestone"])
    claim = f"{verdict['claim']} by {day(main['deadline'])}"
    chance = f"{percent(verdict['probability'])} of {plural(runs, 'run')}"
    measured = f"{chance}, 95 % interval {interval(verdict['low'], verdict['high'])}"
    if verdict["words"]:
        text = f"It is {' to '.join(verdict['words'])} that {claim}, on these assumptions ({measured})."
    else:
        text = f"{claim[0].upper()}{claim[1:]}: {measured}. Below 200 runs no likelihood word is given."
    lines = wrapped(text, width)
    lines += wrapped(_price(summary), width)
    if spread is not None:
        lines += wrapped(_spread(summary, spread), width)
    if summary["replay"]:
        note = "A replay: dates of decisions or of the ends of holds are inputs, so it is never scored."
        lines += wrapped(note, width)
    return lines


def _price(summary: Summary) -> str:
    """The losses and the exposure that go with the chance, in one sentence of medians."""
    losses, exposure = summary["losses"], summary["exposure"]
    parts = [
        (losses["destroyed"]["p50"], "load destroyed", "loads destroyed"),
        (losses["lost_on_road"]["p50"], "load lost on the road", "loads lost on the road"),
        (losses["residual"]["p50"], "load left behind", "loads left behind"),
        (losses["vehicles_lost"]["p50"], "vehicle lost", "vehicles lost"),
        (exposure["convoy_km_under_threat"]["p50"], "convoy-km under threat", "convoy-km under threat"),
        (exposure["people_hurt"]["p50"], "person hurt", "people hurt"),
    ]
    price = listed([plural(number, one, many) for number, one, many in parts if number])
    due = summary["remaining"]
    who = who_is_left(due["people"]["p50"], due["people_due"], due["cargo"]["p50"], due["cargo_due"])
    return f"At the median {who}, with {price or 'nothing lost and nobody hurt'}."


def _spread(summary: Summary, spread: Summary) -> str:
    """The chance over what is not known, with how little each setting's chance is known."""
    size = f"{plural(spread['settings'], 'setting')} of {plural(len(spread['inputs']), 'input')}"
    refused = f"; {plural(len(spread['refused']), 'setting')} refused as impossible" if spread["refused"] else ""
    if not spread["inputs"]:
        return "No assumed, calibrated or borrowed input has a range, so what is not known is not explored."
    if not spread["settings"]:
        return f"What is not known could not be explored{refused}."
    found = next(m for m in spread["milestones"] if m["id"] == summary["verdict"]["milestone"])
    return (
        f"Over the ranges of what is assumed, calibrated or borrowed the chance runs from"
        f" {percent(found['min'])} to {percent(found['max'])}, median {percent(found['median'])} ({size},"
        f" {plural(spread['replications'], 'run')} each{refused}); that is not knowing, apart from luck."
    )


def _milestones(summary: Summary, width: int) -> list[str]:
    head = ("milestone", "deadline", "chance", "95 %", "P10", "P50", "P90")
    rows = [
        (
            m["id"],
            m["deadline"],
            percent(m["probability"]),
            interval(m["low"], m["high"]),
            *(short_day(m[p]) for p in _AMOUNTS[1:]),
        )
        for m in summary["milestones"]
    ]
    late = [
        f"{m['id']}: not reached in {m['censored']} of {plural(summary['replications'], 'run')}, which count as"
        " later than any date."
        for m in summary["milestones"]
        if m["censored"]
    ]
    meant = [f"{m['id']}: {m['title'].rstrip('.')}." for m in summary["milestones"] if m["title"]]
    return table(head, rows, width, (2, 3)) + [line for text in meant + late for line in wrapped(text, width)]


def _camps(summary: Summary, width: int) -> list[str]:
    head = ("camp", "planned", "P10", "P50", "P90")
    if not summary["camps"]:
        return []
    # in the order of closure; what never closes comes last
    closing = sorted(
        (camp for camp in summary["camps"] if camp["closes"]), key=lambda c: (c["p50"] is None, c["p50"], c["id"])
    )
    rows = [
        (_called(camp, width), window(camp["window"]), *(short_day(camp[p]) for p in _AMOUNTS[1:])) for camp in closing
    ]
    lines = table(head, rows, width) if rows else ["No camp closes in this scenario."]
    open_ = [camp["id"] for camp in summary["camps"] if not camp["closes"]]
    return lines + (wrapped(f"Planned to stay open: {listed(open_)}.", width) if open_ else [])


def _called(entry: Summary, width: int) -> str:
    """An entry's id, with its name for people where there is room."""
    titled = entry["title"] and width >= WIDE and entry["title"].lower() != entry["id"]
    return f"{entry['id']} ({entry['title']})" if titled else str(entry["id"])


def _remaining(summary: Summary, width: int) -> list[str]:
    left = summary["remaining"]
    rows = []
    if left["people_due"]:
        rows += [(f"people, of {count(left['people_due'])} due to leave", *_cells(left["people"]))]
    if left["cargo_due"]:
        rows += [
            (f"loads not delivered, of {count(left['cargo_due'])} due", *_cells(left["cargo"])),
            ("  of these still where they stood at the start", *_cells(left["cargo_in_camps"])),
        ]
    residual = left["declared_residual"]
    stayers = plural(residual["number"], "person", "people") if residual["number"] else "nobody"
    text = f"Declared residual, not due to leave: {stayers}"
    if residual["title"]:
        text += f" ({residual['title']})"
    planned = [f"{name} {count(loads)}" for name, loads in summary["losses"]["planned"].items()]
    text += f". Planned to stay: {plural(stay, 'load') if (stay := left['cargo_planned_to_stay']) else 'no cargo'}"
    text += f" ({', '.join(planned)})." if planned else "."
    return table(("", *_AMOUNT_HEAD), rows, width, (1, 2, 3, 4)) + wrapped(text, width)


def _losses(summary: Summary, width: int) -> list[str]:
    losses, exposure = summary["losses"], summary["exposure"]
    entries = (
        ("loads destroyed", losses["destroyed"]),
        ("loads lost on the road", losses["lost_on_road"]),
        ("loads left behind as residual", losses["residual"]),
        ("vehicles lost", losses["vehicles_lost"]),
        ("convoy-km under threat", exposure["convoy_km_under_threat"]),
        ("strikes on convoys", exposure["strikes"]),
        ("people hurt", exposure["people_hurt"]),
        ("times a camp fell below minimum force", exposure["falls_below_minimum_force"]),
        ("days of people past their tour's end", exposure["overdue_person_days"]),
        ("days of places without supplies", exposure["days_without_supplies"]),
    )
    rows = [(name, *_cells(amount)) for name, amount in entries if amount["mean"]]
    none = [name for name, amount in entries if not amount["mean"]]
    lines = table(("", *_AMOUNT_HEAD), rows, width, (1, 2, 3, 4)) if rows else []
    return lines + (wrapped(f"None in any run: {', '.join(none)}.", width) if none else [])


def _cells(amount: dict[str, float]) -> tuple[str, ...]:
    return tuple(count(amount[name]) for name in _AMOUNTS)


def _binds(summary: Summary, width: int) -> list[str]:
    found = summary["binds"][:MOST_PRINTED]
    if not found:
        return ["Nothing: every run finished at its start."]
    rows = [(reason(cause["hold"], cause["subject"]), f"{cause['days']:.1f}") for cause in found]
    if rest := summary["binds"][MOST_PRINTED:]:
        rows += [(f"the next {plural(len(rest), 'cause')} together", f"{sum(cause['days'] for cause in rest):.1f}")]
    note = "Runs that reached no milestone count with the chain of what they still waited for."
    return table(("cause", "days"), rows, width, (1,)) + (wrapped(note, width) if _unfinished(summary) else [])


def _unfinished(summary: Summary) -> int:
    return sum(runs for name, runs in summary["status"].items() if name != "complete")


def _endings(summary: Summary, width: int) -> list[str]:
    runs = summary["replications"]
    parts = [f"{n} {ENDINGS[name]}" for name, n in summary["status"].items() if n and name in ENDINGS]
    lines = wrapped(f"Of {plural(runs, 'run')}, {listed(parts)}.", width)
    rows = [(e["who"], reason(e["hold"], e["subject"]), str(e["runs"])) for e in summary["endings"][:MOST_PRINTED]]
    return lines + (table(("who", "waits for", "runs"), rows, width, (2,)) if rows else [])


def _precision(found: Summary, width: int) -> list[str]:
    """How closely the milestones are known, and what half the width would cost."""
    head = ("milestone", "chance within", "mean date within", "never")
    rows = [
        (
            m["id"],
            f"{100 * m['half_width']:.2f} points",
            "no date" if m["mean_date_half_width_days"] is None else f"{m['mean_date_half_width_days']:.2f} days",
            count(m["censored"]),
        )
        for m in found["milestones"]
    ]
    asked = f"within {100 * found['asked']:g} percentage points, and each mean date within {100 * found['asked']:g} %"
    done = plural(found["replications"], "replication")
    if found["reached"]:
        text = (
            f"Asked: each chance {asked}. {done} were enough; half the width would take {count(found['half_as_wide'])}."
        )
    else:
        text = f"Asked: each chance {asked}. Not reached with {done}, the most that are played."
    return wrapped(text, width) + table(head, rows, width, (1, 2, 3))


def _inputs(summary: Summary, width: int) -> list[str]:
    """How many inputs rest on what."""
    counts = summary["inputs"]
    kinds = [f"{counts[name]} {name}" for name in ("documented", "derived", "analogy", "calibrated", "assumed")]
    text = f"{counts['total']} inputs: {', '.join(kinds)}; {counts['hindsight']} of them hindsight (known only"
    text += f" after {day(summary['as_of'])}), {counts['replay']} replay."
    return wrapped(text, width)


def _where(summary: Summary, folder: str | None, width: int) -> list[str]:
    lines = [f"digest {summary['digest']}, seed {summary['seed']}, {plural(summary['replications'], 'run')}"]
    return lines + ([f"written to {folder}"] if folder else ["not written to disk"])
