"""A run as an answer: its summary's lists as tables, for pictures, notebooks and exports."""

from __future__ import annotations

from typing import Any

from .answers import Answer, Cell, Table
from .run import Result

_AMOUNTS = ("mean", "p10", "p50", "p90")


def answer_of(result: Result) -> Answer:
    """A run in the form of an answer, with the tables milestones, camps, price and people_out."""
    summary = result.summary
    return Answer(
        question="run",
        scenario=summary["scenario"],
        digest=summary["digest"],
        seed=summary["seed"],
        replications=summary["replications"],
        asked={"replications": summary["replications"]},
        found=summary,
        tables=summary_tables(summary),
    )


def summary_tables(summary: dict[str, Any]) -> tuple[Table, ...]:
    """The tables milestones, camps (where there are any), price and people_out."""
    lists = (_listed(summary, name) for name in ("milestones", "camps") if summary[name])
    return (*lists, _price(summary), _people_out(summary))


def _listed(summary: dict[str, Any], name: str) -> Table:
    """A list of the summary, without what is not plain."""
    entries = summary[name]
    keys = [key for key in entries[0] if not any(isinstance(entry[key], (dict, list)) for entry in entries)]
    return Table(name, tuple(keys), tuple(tuple(entry[key] for key in keys) for entry in entries))


def _price(summary: dict[str, Any]) -> Table:
    """What is left, lost and exposed, over the replications."""
    rows: list[tuple[Cell, ...]] = []
    for part in ("remaining", "losses", "exposure"):
        for name, amount in summary[part].items():
            if isinstance(amount, dict) and set(_AMOUNTS) <= set(amount):
                rows.append((part, name, *(amount[each] for each in _AMOUNTS)))
    return Table("price", ("part", "what", *_AMOUNTS), tuple(rows))


def _people_out(summary: dict[str, Any]) -> Table:
    rows = tuple((week["day"], week["p10"], week["p50"], week["p90"]) for week in summary["people_out"])
    return Table("people_out", ("day", "p10", "p50", "p90"), rows, dict.fromkeys(("p10", "p50", "p90"), "person"))
