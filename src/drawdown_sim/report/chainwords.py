"""The links of a binding chain in plain words: what is waited for, what for, and what happened then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What a hold looks like from the place that waits, `{who}`: `{n}` is how long, `{of}` whose it was that was waited
#: for, `{to}` what the lift is for, `{by}` the lift itself.
SAYS = {
    "start": "{who} waits{n} from the start of the scenario",
    "target_day": "{who} waits{n} for its target day in the plan{by}",
    "predecessor": "{who} waits{n} for its turn in the order of closure{of}",
    "guard": "{who} waits{n} because its minimum force must stay{by}",
    "plan": "{who} is held back or paused by the plan{for_n}{by}",
    "work": "{who} prepares cargo{for_n}{by}",
    "cargo": "{who} waits{n} for its cargo to leave{by}",
    "small": "{who} waits{n} until enough is ready{to}",
    "truck": "{who} waits{n} for trucks{of}",
    "escort": "{who} waits{n} for escorts{of}{to}",
    "crew": "{who} waits{n} for crews{of}",
    "seat": "{who} waits{n} for aircraft or ships{of}{to}",
    "asset": "{who} waits{n} for other means{of}{to}",
    "rotation_cap": "{who} waits{n} for room under the rotation cap{of}{to}",
    "slot": "{who} waits{n} for a slot or quota{of}{to}",
    "room": "{who} waits{n} for room in transit{of}{to}",
    "supply": "{who} waits{n} for supplies{by}",
    "clearance": "{who} waits{n} for clearance{of}{to}",
    "ban": "{who} waits{n} for the end of a ban or closure{of}{to}",
    "hours": "{who} waits{n} for the hours of departure{to}",
    "route": "{who}'s movement travels{n}{of}",
    "loading": "{who}'s movement loads{for_n}{by}",
    "unloading": "{who}'s movement unloads{for_n}{by}",
    "rest": "{who}'s movement rests{for_n}{by}",
    "incident": "{who}'s movement halts{n} after incidents{of}",
    "resupply": "{who}'s movement halts{n} for resupply{of}",
    "handover": "{who} hands over with its rear party{for_n}",
    "decision": "{who} waits{n} for a decision{of}",
    "calendar": "{who} waits{n} for a dated change{of}{by}",
}

#: Holds of a movement on a leg.
ON_THE_WAY = frozenset({"route", "incident", "resupply"})

#: What happened as a step ended, by kind of row.
THEN = {
    "start": "it begins",
    "gain": "means arrive",
    "loss": "means are taken away",
    "regime": "the authority's regime changes",
    "window": "the plan's window changes",
    "deadline": "the deadline changes",
    "tour_end": "a tour ends",
    "ban": "the ban begins",
    "ban_end": "the ban ends",
    "prepare": "work on a batch begins",
    "ready": "a batch is ready",
    "form": "a movement forms",
    "request": "clearance is asked for",
    "grant": "clearance is granted",
    "refuse": "clearance is refused",
    "lapse": "a clearance lapses",
    "depart": "the movement departs",
    "strike": "the movement is struck",
    "lost": "there are losses on the road",
    "resupply": "the movement halts for resupply",
    "resume": "the movement goes on",
    "arrive": "the movement arrives",
    "load": "it is loaded",
    "deliver": "it is unloaded",
    "release": "the means are free again",
    "disband": "the movement gives its means back",
    "handover": "the rear party begins",
    "rear_ready": "the rear party is ready",
    "close": "the camp is closed",
    "transfer": "the site is taken over",
    "below": "the minimum force changes",
    "supply_low": "supplies fall below their reserve",
    "supply_out": "supplies are out",
    "supply_in": "supplies come in",
    "decide": "the decision is taken",
    "destroy": "loads are destroyed",
    "residual": "loads are left behind",
    "last_days": "the last days before the deadline begin",
    "authority_ends": "authority ends",
    "milestone": "the milestone is reached",
    "waiting": "the run ends",
    "end": "the run ends",
}

#: What a lift's movements are called, by mode.
_MEANS = {"road": "trucks", "river": "boats", "rail": "trains", "air": "aircraft", "sea": "ships"}


def says(hold: str, who: str, subject: str, lift: str, what: Mapping[str, Any], to: str, days: str) -> str:
    """Who waits for what, as a clause: ``Kidal waits 21 days for clearance (host) to bring trucks from Gao``.

    `what` describes the lift as an answer's `lifts` do, `to` names its destination; both are empty where no lift waits.
    """
    return SAYS[hold].format(
        who=who,
        n=f" {days}" if days else "",
        for_n=f" for {days}" if days else "",
        of=f" ({subject})" if subject else "",
        to=f" {purpose(what, to)}" if what else "",
        by=f" ({lift})" if lift and lift != subject else "",
    )


def purpose(what: Mapping[str, Any], to: str) -> str:
    """What a lift is for: ``to bring trucks from Gao``, ``to march out to Gao``."""
    if what["carries"] == "column":
        return f"to march out to {to}"
    if what["fetches"]:
        return f"to bring {_MEANS[what['mode']]} from {to}"
    return f"to send {_MEANS[what['mode']]} to {to}"
