"""What cannot be, in words: the dates, and the proofs behind them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from .tables import Section, table
from .words import count, day, plural, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Proofs that are printed in words; the answer keeps more.
MOST_PRINTED = 4

Row = dict[str, Any]

#: What a bound rests on, for a table and for a picture.
KINDS = {"item": "way of", "camp": "closing of", "means": "capacity of", "quota": "quota", "work": "work of"}


def bound_report(answer: Answer, width: int) -> list[Section]:
    """All sections: the verdict, the milestones, the strongest proofs of the one asked about."""
    main = _milestones(answer)[answer.found["milestone"]]
    proofs = _proofs(answer)[:MOST_PRINTED]
    lines = [line for proof in proofs for line in wrapped(f"{proof['rank']}. {_says(answer, proof)}", width, "   ")]
    return [
        Section(f"What cannot be: {answer.found['title']} ({answer.scenario})", wrapped(_verdict(answer, main), width)),
        Section("Milestones: no future reaches them before", _table(answer, width)),
        Section(f"Why {main['milestone']} cannot be earlier, the strongest reason first", lines),
        Section("How to read this", wrapped(_READING, width)),
    ]


_READING = (
    "Each reason is a proof of its own: quickest travel, no refusal, no incident, and every rule that could help acting"
    " at once. It is no forecast, since what chance adds comes on top; and it says nothing about what a rule that helps"
    " would cost in loads destroyed or left, nor about people at risk: for those, and for the chance, use run."
)


def _milestones(answer: Answer) -> dict[str, Row]:
    return {str(row["milestone"]): row for row in answer.table("milestones").records()}


def _proofs(answer: Answer) -> list[Row]:
    """The proofs of the milestone asked about, the strongest first."""
    if len(answer.tables) < 2:
        return []
    return [row for row in answer.table("bounds").records() if row["milestone"] == answer.found["milestone"]]


def _verdict(answer: Answer, main: Row) -> str:
    name, deadline = main["milestone"], day(main["deadline"])
    if main["minute"] is None:
        return (
            f"No future reaches {name} by {day(answer.found['horizon'])}, when the clock stops: on these assumptions"
            f" its deadline, {deadline}, cannot be met, whatever chance does."
        )
    if main["impossible"]:
        late = plural(_whole(-main["slack_days"]), "day")
        return (
            f"No future reaches {name} before {_at(main['earliest'])}, {late} after its deadline, {deadline}: on"
            " these assumptions it cannot be met, whatever chance does."
        )
    return (
        f"No future reaches {name} before {_at(main['earliest'])}. Its deadline, {deadline}, leaves"
        f" {plural(_whole(main['slack_days']), 'day')} more, so nothing here shows that it cannot be met, on these"
        " assumptions; whether it is likely, only simulation tells."
    )


def _whole(days: float) -> int:
    """Days without their fraction, as dates count them."""
    return int(-(-days // 1)) if days < 1 else int(days)


def _table(answer: Answer, width: int) -> list[str]:
    head = ("milestone", "deadline", "not before", "days left", "rests on")
    rows = [
        (
            name,
            str(row["deadline"]),
            str(row["earliest"] or "never"),
            "none" if row["slack_days"] is None else f"{row['slack_days']:.1f}",
            f"{KINDS[row['kind']]} {row['resource']}" if row["kind"] else "nothing",
        )
        for name, row in _milestones(answer).items()
    ]
    return table(head, rows, width, (3,))


# --- proofs in words ---------------------------------------------------------------------------------


def _says(answer: Answer, proof: Row) -> str:
    """One proof as sentences: which work, which capacity, which dates."""
    if proof["kind"] in ("item", "camp"):
        text = _path(answer, proof)
    elif proof["kind"] == "work":
        text = _work(proof)
    else:
        text = _capacity(proof)
    return f"Not before {_at(proof['earliest'])}: {text}" if proof["minute"] is not None else f"Never: {text}"


def _units(proof: Row) -> str:
    units = plural(proof["number"], *(("person", "people") if proof["people"] else ("load", "loads")))
    if proof["kept"]:
        return f"{units} whom the plan keeps at {proof['places']} until {_at(proof['released'])}"
    many = len(str(proof["items"]).split(", "))
    sort = "cohorts" if proof["people"] else "lots"
    return f"{units} ({proof['items'] if many < 3 else f'{many} {sort}'}) at {proof['places']}"


def _capacity(proof: Row) -> str:
    """Means or a quota: uses needed, the most that there is, the last use."""
    uses, resource = proof["uses"], proof["resource"]
    since = "" if proof["kept"] else f" from {_at(proof['since'])} on"
    if proof["kind"] == "quota":
        what = {"movements": "movement", "vehicles": "vehicle"}.get(proof["counts"])
        take = f"take at least {plural(uses, what)} of {resource}" if what else f"count for {resource}"
        least, most = count(proof["fewest"]), count(proof["most"])
        limit = f"at most {most}" if least == most else f"{least} to {most}, by date,"
        most = f"which allows {limit} a {proof['period']}{since}"
    else:
        days = proof["held_days"]
        held = "none of which can be back" if days is None else f"each for {_long(days)} or more"
        take = f"take at least {plural(uses, 'turn')} of {resource}"
        ends = f" and none from {_at(proof['ends'])} on" if proof["ends"] else ""
        most = f"of which there are never more than {count(proof['most'])}{ends}, {held}{since}"
    if proof["last"] is None:
        begins = "so they cannot all leave by the horizon"
    else:
        begins = f"so the last cannot begin before {_at(proof['last'])}"
    return f"{_units(proof)} {take}, {most}; {begins}{_unless(proof)}."


def _work(proof: Row) -> str:
    days = count(round(proof["uses"], 1))
    over = "not by the horizon" if proof["last"] is None else f"not before {_at(proof['last'])}"
    return (
        f"{_units(proof)} take {proof['resource']} at least {days} crew-days, and there are never more than"
        f" {plural(proof['most'], 'crew')}, from {_at(proof['since'])} on; the work is over {over}{_unless(proof)}."
    )


def _unless(proof: Row) -> str:
    """What a rule may take away ends the proof."""
    return f", and no rule may take any of them away before {_at(proof['removable'])}" if proof["removable"] else ""


_STEPS = {
    "ready": "ready at {subject}",
    "arrives": "at {subject} by {by}",
    "removed": "taken away by a rule",
    "window": "the plan lets {subject} close",
    "after": "{subject} closes, which the plan puts first",
    "serves": "{subject} closes, which it serves",
    "empty": "{subject} is packed and gone",
    "accelerated": "a decision drops its target day",
    "removable": "a rule may take {subject} away, which cannot have left by then",
    "stuck": "a rule may take {subject} away, which nothing is let carry{by}",
    "given up": "{subject} may be given up",
    "rear": "rear party ready",
    "closes": "{subject} closes",
}


def _path(answer: Answer, proof: Row) -> str:
    """The dated steps of a longest path."""
    steps = next(
        path["steps"]
        for path in answer.found["paths"]
        if (path["milestone"], path["rank"]) == (proof["milestone"], proof["rank"])
    )
    told = "; ".join(_step(step) for step in steps)
    who = f"the last of {proof['resource']}" if proof["kind"] == "item" else proof["resource"]
    return f"{who}, each at the earliest: {told}."


def _step(step: dict[str, str]) -> str:
    by = step["by"]
    if step["what"] == "stuck" and by:
        by = f" (never granted: {by})"
    return f"{_at(step['moment'])} {_STEPS[step['what']].format(subject=step['subject'], by=by)}"


def _at(moment: str | None) -> str:
    """A date and time for a sentence, the time only where it is not midnight: `16 Dec 2023`, `17 Dec 2023 06:00`."""
    if moment is None:
        return "the horizon"
    iso, clock = moment.split(" ")
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%b %Y}" + ("" if clock == "00:00" else f" {clock}")


def _long(days: float) -> str:
    return plural(round(days, 1), "day") if days >= 1 else plural(round(days * 24, 1), "hour")


# --- the picture -------------------------------------------------------------------------------------


def draw_bound(answer: Answer, figure: Figure) -> None:
    """Each proof as a bar up to the date before which the milestone cannot be reached, with the deadline."""
    from .figures import BLUE, INK, LATE, MUTED, date_axis, day_number

    main = _milestones(answer)[answer.found["milestone"]]
    proofs = _proofs(answer)[:8][::-1]
    start, horizon = (day_number(answer.found[key]) for key in ("start", "horizon"))
    deadline = day_number(main["deadline"]) + 1
    axes = figure.add_subplot()
    label = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    ends = [horizon if proof["minute"] is None else start + proof["minute"] / 1440 for proof in proofs]
    for y, (proof, end) in enumerate(zip(proofs, ends, strict=True)):
        late = proof["minute"] is None or end > deadline
        axes.barh(y, end - start, left=start, height=0.55, color=BLUE if y == len(proofs) - 1 else MUTED, alpha=0.85)
        said = "never" if proof["minute"] is None else _at(proof["earliest"])
        axes.annotate(
            said, (end, y), (5, 0), textcoords="offset points", va="center", fontsize=9, bbox=label, zorder=4,
            color=LATE if late else INK,
        )  # fmt: skip
    axes.axvline(deadline, color=LATE, linewidth=1.6)
    axes.text(deadline, len(proofs) - 0.45, " deadline", color=LATE, fontsize=9, ha="left", va="bottom")
    axes.set_yticks(range(len(proofs)), [f"{KINDS[proof['kind']]} {proof['resource']}" for proof in proofs])
    latest = max([*ends, deadline])
    axes.set_xlim(start, latest + 0.25 * (latest - start))
    axes.set_ylim(-0.6, len(proofs) + 0.1)
    date_axis(axes, "date before which no future reaches it")
    axes.grid(visible=False, axis="y")
    axes.set_title(f"What cannot be: {main['milestone']}")
