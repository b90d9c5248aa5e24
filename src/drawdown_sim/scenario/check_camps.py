"""Whether camps can close, in the order and with the guards that the scenario asks for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from .findings import Findings, amount, cycle_in, first_day, last_day
from .quantities import plain
from .schema import Camp, Lot, Scenario
from .translate import Path


def check_camps(found: Findings) -> None:
    """Check camps, guards, totals and the residual; references must be sound."""
    columns, armed = _columns(found.scenario), _people_at(found.scenario, armed=True)
    for name, camp in found.scenario.camps.items():
        _check_column(found, name, camp, columns.get(name))
        _check_guard(found, name, camp, armed.get(name, Fraction(0)))
        _check_order(found, name, camp)
        for key, pause in camp.pauses.items():
            if last_day(pause.last) < first_day(pause.first):
                found.add(
                    ("camps", name, "pauses", key, "last"),
                    f"is {last_day(pause.last)}, before the first day {first_day(pause.first)}",
                )
    for name, lift in found.scenario.lifts.items():
        if lift.carries == "column" and lift.pick_up[0] not in found.scenario.camps:
            place = lift.pick_up[0]
            text = f"no camp '{place}' names this column; expected 'camps.{place}.column: {name}'"
            found.add(("lifts", name, "pick_up", 0), text)
    _check_cycles(found)
    _check_totals(found)
    _check_residual(found)


def _columns(scenario: Scenario) -> dict[str, str]:
    """The first column that picks up at each place."""
    columns: dict[str, str] = {}
    for name, lift in scenario.lifts.items():
        for place in lift.pick_up if lift.carries == "column" else ():
            columns.setdefault(place, name)
    return columns


def _people_at(scenario: Scenario, armed: bool = False) -> dict[str, Fraction]:
    """How many people, or armed people, are at each place at the start."""
    people: dict[str, Fraction] = {}
    for cohort in scenario.people.values():
        if cohort.armed or not armed:
            people[cohort.at] = people.get(cohort.at, Fraction(0)) + cohort.number.nominal
    return people


def _check_column(found: Findings, name: str, camp: Camp, passing: str | None) -> None:
    path: Path = ("camps", name)
    if found.scenario.places[name].kind == "exit":
        found.add(path, "is an exit, which does not close; expected a camp, a hub or another place", True)
    if camp.column is None:
        if passing is not None:
            found.add(path, f"'{passing}' picks up here as a column; expected 'column: {passing}'")
        return
    lift = found.scenario.lifts[camp.column]
    stops = [*lift.pick_up, *(join.at for join in lift.joins.values())]
    if lift.carries != "column":
        text = f"lift '{camp.column}' carries {lift.carries}; expected one with 'carries: column'"
        found.add((*path, "column"), text)
    elif name not in stops:
        found.add((*path, "column"), f"lift '{camp.column}' does not come by; it picks up at {', '.join(stops)}")


def _check_guard(found: Findings, name: str, camp: Camp, armed: Fraction) -> None:
    """The armed people at a camp must be enough at the start for all they are to guard."""
    if camp.guard is None:
        return
    parts = [part for part in (camp.guard.perimeter, camp.guard.cargo, camp.guard.satellites) if part]
    needed = max(camp.guard.least.nominal, sum((part.nominal for part in parts), Fraction(0)))
    if needed > armed:
        found.add(
            ("camps", name, "guard"),
            f"needs {amount(needed, 'guard')} and {plain(armed)} armed people are here at the start, so that"
            " they would be gone before what they guard; lower the guard or add armed people",
        )


def _before(scenario: Scenario, name: str) -> Iterator[tuple[str, str, int]]:
    """Camps that must close before this one, with the field and the position that say so."""
    camp = scenario.camps[name]
    for key, others in (("after", camp.after), ("serves", camp.serves)):
        for position, other in enumerate(others):
            yield other, key, position


def _check_order(found: Findings, name: str, camp: Camp) -> None:
    """A camp's window must not be over before the windows of those that close first begin."""
    camps = found.scenario.camps
    for other, key, position in _before(found.scenario, name):
        path: Path = ("camps", name, key, position)
        if not camps[other].closes:
            found.add(path, f"'{other}' never closes (closes: false), so that '{name}' would wait for ever")
        elif camp.window and camps[other].window:
            own = max(camp.window.values(), key=lambda window: window.known.nominal).target
            first = max(camps[other].window.values(), key=lambda window: window.known.nominal).target
            if last_day(own) < first_day(first):
                why = f"it serves '{other}'" if key == "serves" else f"it closes after '{other}'"
                found.add(
                    path,
                    f"{why}, but its own window ends on {last_day(own)}, before that of '{other}' begins"
                    f" ({first_day(first)}); expected a hub to close last",
                )


def _check_cycles(found: Findings) -> None:
    scenario = found.scenario
    cycle = cycle_in({name: [other for other, _, _ in _before(scenario, name)] for name in scenario.camps})
    if cycle:
        field = "serves" if cycle[1] in scenario.camps[cycle[0]].serves else "after"
        found.add(
            ("camps", cycle[0], field),
            f"camps wait for each other in a circle: {' after '.join(cycle)}; expected an order of closure",
        )


# --- numbers that must add up --------------------------------------------------------------------


def _sum_of(scenario: Scenario, of: str) -> Fraction:
    people = [
        cohort.number.nominal
        for cohort in scenario.people.values()
        if of == "people" or (of == "civilian") == (cohort.kind == "civilian")
    ]
    kinds = {"containers": ("container",), "vehicles": ("vehicle", "towed")}.get(of)
    here = _people_at(scenario)
    loads = [
        _loads(lot, here.get(lot.at, Fraction(0)))
        for lot in scenario.cargo.values()
        if kinds is None or lot.kind in kinds
    ]
    return sum(loads if of in ("loads", "containers", "vehicles") else people, Fraction(0))


def _loads(lot: Lot, people: Fraction) -> Fraction:
    """How many loads a lot has: as given, or by the people at its place at the start, rounded up."""
    if lot.number is not None:
        return lot.number.nominal
    if lot.per_person is None:
        return Fraction(0)
    return Fraction(ceil(lot.per_person.nominal * people))


def _check_totals(found: Findings) -> None:
    for name, total in found.scenario.totals.items():
        documented = total.is_.nominal
        is_people = total.of in ("people", "uniformed", "civilian")
        if is_people != (total.is_.dimension == "people"):
            text = f"is in '{total.is_.unit}', which does not count {total.of}"
            found.add(("totals", name, "is"), f"{text}; expected {'persons' if is_people else 'loads'}")
            continue
        added = _sum_of(found.scenario, total.of)
        missed = added - documented
        if abs(missed) > documented * total.tolerance.nominal:
            share = f"{float(abs(missed) / documented):.1%}" if documented else "all"
            found.add(
                ("totals", name),
                f"{total.of} add up to {plain(added)}, {plain(abs(missed))} ({share})"
                f" {'more' if missed > 0 else 'fewer'} than the documented {plain(documented)};"
                f" expected within {plain(total.tolerance.nominal * 100)} %",
            )


def _check_residual(found: Findings) -> None:
    residual = found.scenario.residual
    if residual is None:
        return
    staying = [cohort for cohort in found.scenario.people.values() if cohort.stays and cohort.stays.nominal > 0]
    held = sum((cohort.number.nominal for cohort in staying), Fraction(0))
    if residual.number.nominal > 0 and not staying:
        found.add(("residual",), "nobody is marked to stay; expected a weight 'stays' on one cohort or more")
    elif residual.number.nominal > held:
        found.add(
            ("residual", "number"),
            f"{plain(residual.number.nominal)} people are to stay, but the cohorts with a weight 'stays' hold"
            f" {plain(held)}",
        )
