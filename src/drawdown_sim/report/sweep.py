"""The report of a sweep: chance, losses and exposure of each setting beside the scenario as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .outcomes import Record, in_time, never_reached, pairs, price, records
from .tables import Section, cut
from .words import day, percent, plural, wrapped

if TYPE_CHECKING:
    from ..experiment.answers import Answer

#: Settings up to which all are printed; of more, those with the least and with the greatest chance.
MOST_SETTINGS = 12

#: Settings up to which the paired differences are printed too.
MOST_PAIRS = 8


def sweep_report(answer: Answer, width: int) -> list[Section]:
    """All sections of a sweep, lines of at most `width` characters."""
    outcomes, paths = records(answer, "outcomes"), _paths(answer)
    shown, told = _shown(_ordered(answer, outcomes))
    labels = [_label(outcome, paths) for outcome in shown]
    runs = plural(answer.asked["replications"], "run")
    sections = [
        Section(f"{answer.found['claim']}: {answer.scenario}, with {_named(paths)}", _verdict(answer, outcomes, width)),
        Section("Inputs, as they stand", _inputs(answer, width)),
        Section(
            f"In time? {runs} each{told}",
            in_time("setting", labels, shown, width) + never_reached(labels, shown, width),
        ),
        Section("At what price? Means over whole runs", price("setting", labels, shown, width)),
    ]
    if len(outcomes) <= MOST_PAIRS + 1:
        names = {str(outcome["name"]): label for outcome, label in zip(shown, labels, strict=True)}
        names.pop(str(outcomes[0]["name"]))
        legend = (
            f"The setting less {answer.scenario} as it is: mean ± half of its 95 % interval; in brackets where that"
            " interval holds zero."
        )
        gaps = pairs("setting", names, records(answer, "differences"), width)
        sections.append(Section("Compared with the scenario as it is, pair by pair", gaps + wrapped(legend, width)))
    if len(answer.table("refused")):
        sections.append(Section("Refused, for they make no plan", _refused(answer, width)))
    return sections


def _paths(answer: Answer) -> list[str]:
    return [str(path) for path in answer.table("inputs").column("path")]


def _named(paths: Sequence[str]) -> str:
    return f"{paths[0]} set" if len(paths) == 1 else f"{plural(len(paths), 'input')} set"


def _label(outcome: Record, paths: Sequence[str]) -> str:
    """What a setting is called in a table."""
    values = ", ".join(str(outcome[path]) for path in paths)
    if outcome["name"] == "as it is":
        return f"as it is: {values}" if len(paths) == 1 else "as it is"
    return values if len(paths) <= 2 else f"{outcome['name']}: {values}"


def _ordered(answer: Answer, outcomes: Sequence[Record]) -> list[Record]:
    """The scenario as it is and the settings; those of one range from its least to its most."""
    base, *settings = outcomes
    numbers = {level["name"]: level["number"] for level in records(answer, "levels")}
    if answer.asked["design"] == "lhs" and len(answer.table("inputs")) == 1 and None not in numbers.values():
        settings.sort(key=lambda outcome: numbers[outcome["name"]])
    return [base, *settings]


def _shown(outcomes: Sequence[Record]) -> tuple[list[Record], str]:
    """The settings that are printed, after the scenario as it is, and how they were chosen."""
    base, settings = outcomes[0], list(outcomes[1:])
    if len(settings) <= MOST_SETTINGS:
        return [base, *settings], ""
    ordered = sorted(settings, key=lambda outcome: (outcome["chance"], -outcome["people_left"]))
    half = MOST_SETTINGS // 2
    return [base, *ordered[:half], *ordered[-half:]], f"; the {half} settings of least and of greatest chance"


def _verdict(answer: Answer, outcomes: Sequence[Record], width: int) -> list[str]:
    base, settings = outcomes[0], outcomes[1:]
    least = min(settings, key=lambda outcome: outcome["chance"])
    most = max(settings, key=lambda outcome: outcome["chance"])
    paths = _paths(answer)
    chance = percent(base["chance"])
    likely = f"{base['words']} ({chance})" if base["words"] else chance
    text = (
        f"On these assumptions, in time by {day(base['deadline'])} as it is: {likely}. Over"
        f" {plural(len(settings), 'setting')} the chance runs from {percent(least['chance'])} ({_label(least, paths)})"
        f" to {percent(most['chance'])} ({_label(most, paths)})."
    )
    lines = wrapped(text, width)
    if not base["words"]:
        lines += wrapped("Below 200 runs no likelihood word is given.", width)
    if len({outcome["deadline"] for outcome in outcomes}) > 1:
        lines += wrapped("Each setting is judged by its own deadline.", width)
    lines += wrapped("Settings say what would follow, not how likely they are; no evidence stands behind them.", width)
    if answer.found["replay"]:
        lines += wrapped("A replay: dates of decisions or of the ends of holds are inputs; never scored.", width)
    return lines


def _inputs(answer: Answer, width: int) -> list[str]:
    return [
        cut(f"{entry['path']}: {entry['base']}{' (lever)' * bool(entry['lever'])}; {entry['ground']}", width)
        for entry in records(answer, "inputs")
    ]


def _refused(answer: Answer, width: int) -> list[str]:
    """The settings without a plan, the first with their reasons."""
    found = records(answer, "refused")
    lines = []
    for entry in found[:3]:
        lines += wrapped(f"{entry['setting']}: {str(entry['reason']).splitlines()[0]}", width, "  ")
    return lines + ([f"and {len(found) - 3} more, which --json lists"] if len(found) > 3 else [])
