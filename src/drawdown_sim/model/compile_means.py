"""Compiling means and permissions: assets, quotas, clearances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import PlanError
from ..scenario.schema import Asset, Clearance, Lift
from .plan import AssetKind, Counts, Entry, Ints, Period, PlaceKind, QuotaKind, Stance, Until
from .reading import (
    THRESHOLD,
    Reader,
    columns,
    flag_matrix,
    in_order,
    ints,
    month_starts,
    ragged,
    records,
)

#: clearances that one lift may need over both runs; the address of their draws has room for no more
MOST_GATES = 8


def compile_assets(reader: Reader) -> dict[str, Ints]:
    """Assets; an asset that names no `until` serves to the end, whoever provides it."""
    rows = []
    for name, asset in in_order(reader.scenario.assets):
        where = f"assets.{name}"
        until = Until.NEVER if asset.until is None else Until[asset.until.replace(" ", "_").upper()]
        if until != Until.NEVER and asset.contingent is None:
            raise PlanError(f"{where}.until: '{asset.until}' of whom? name the contingent that provides it")
        rows.append(
            {
                "asset_kind": AssetKind[asset.kind.upper()],
                "asset_place": reader.row("places", asset.at, f"{where}.at"),
                "asset_number": _number_at_start(reader, name, asset),
                "asset_contingent": reader.row("contingents", asset.contingent, f"{where}.contingent"),
                "asset_until": until,
            }
        )
    return columns(rows, [f"asset_{name}" for name in ("kind", "place", "number", "contingent", "until")])


def _number_at_start(reader: Reader, name: str, asset: Asset) -> int:
    """The number at the start, after the changes of the first day; later changes go to the calendar.

    A change acts at 00:00 of its day: what leaves on a day does not serve on it. What leaves while it
    is on the road is for the engine. Raises PlanError if more leave than there are.
    """
    where = f"assets.{name}"
    number = reader.number(asset.number, f"{where}.number")
    changes = []
    for key, change in in_order(asset.changes):
        minute = reader.day(change.on, f"{where}.changes.{key}.on")
        if minute < 0:
            raise PlanError(
                f"{where}.changes.{key}.on: lies before the start, {reader.start}; "
                "let 'number' be what is there at the start and drop the change"
            )
        gain = reader.optional(change.gain, f"{where}.changes.{key}.gain", 0)
        loss = reader.optional(change.loss, f"{where}.changes.{key}.loss", 0)
        changes.append((minute, gain, loss, key))
    row = reader.rows["assets"][name]
    at_start = held = number
    for minute, gain, loss, key in sorted(changes):
        held += gain - loss
        if held < 0:
            raise PlanError(f"{where}.changes.{key}.loss: {loss} leave but only {held + loss} are there")
        if minute == 0:
            at_start = held
        if gain:
            reader.enter(minute, Entry.GAIN, row, gain)
        if loss:
            reader.enter(minute, Entry.LOSS, row, loss)
    return at_start


def compile_quotas(reader: Reader) -> dict[str, Ints]:
    """Quotas: what is counted, for whom, and the most per period by date."""
    quotas = in_order(reader.scenario.quotas)
    rows = []
    chosen: list[list[int] | None] = []
    for name, quota in quotas:
        where = f"quotas.{name}"
        limit = reader.series(quota.limit, f"{where}.limit")
        reader.enter_steps(limit)
        rows.append(
            {
                "quota_kind": QuotaKind[quota.kind.replace(" ", "_").upper()],
                "quota_period": Period[quota.per.upper()],
                "quota_counts": Counts[quota.counts.upper()],
                "quota_limit": limit,
                "quota_unowned": int(not quota.contingents),
            }
        )
        listed = reader.rows_of("contingents", quota.contingents, f"{where}.contingents")
        chosen.append(listed or None)
    return {
        **columns(rows, [f"quota_{name}" for name in ("kind", "period", "counts", "limit", "unowned")]),
        "quota_contingent": flag_matrix(len(quotas), len(reader.scenario.contingents), chosen),
        "month_minute": ints(month_starts(reader.start, reader.scenario.horizon)),
    }


def compile_gates(reader: Reader) -> dict[str, Ints]:
    """Clearances: a gate row each, its regimes by date, and which gates each lift must pass."""
    gates = in_order(reader.scenario.clearances)
    rows, regimes, after = [], [], []
    first_regime = 0
    for row, (name, gate) in enumerate(gates):
        where = f"clearances.{name}"
        rows.append(
            {
                "gate_authority": reader.row("authorities", gate.authority, f"{where}.authority"),
                "gate_driver": reader.row("drivers", gate.driver, f"{where}.driver"),
                "gate_valid": reader.never(gate.valid, f"{where}.valid"),
                "gate_ahead": reader.optional(gate.ahead, f"{where}.ahead", 0),
                "gate_advisory": int(gate.advisory),
            }
        )
        regimes.append(_regimes(reader, name, gate))
        for i, regime in enumerate(regimes[-1]):
            reader.enter(regime[0], Entry.REGIME, row, first_regime + i)
        first_regime += len(regimes[-1])
        after.append(reader.rows_of("camps", gate.after, f"{where}.after"))
    passed = _gates_of_lifts(reader, gates)
    for (name, _), out, back in zip(in_order(reader.scenario.lifts), passed[::2], passed[1::2], strict=True):
        if len(out) + len(back) > MOST_GATES:
            count = len(out) + len(back)
            raise PlanError(f"lifts.{name}: needs {count} clearances in all; expected at most {MOST_GATES}")
    columns_of_regime = [f"regime_{name}" for name in ("minute", "stance", "lead", "refusal", "retry")]
    return {
        **columns(rows, [f"gate_{name}" for name in ("authority", "driver", "valid", "ahead", "advisory")]),
        **ragged("gate_after_at", after, "gate_after"),
        **records("regime_at", regimes, columns_of_regime),
        **ragged("lift_gate_at", passed, "lift_gate"),
    }


def _gates_of_lifts(reader: Reader, gates: Sequence[tuple[str, Clearance]]) -> list[list[int]]:
    """The gates that a lift must pass: for each lift those of its first phase, then those of its second."""
    lifts, places = reader.scenario.lifts, reader.scenario.places
    in_area: dict[str | None, list[str]] = {}
    for name, lift in lifts.items():
        for area in dict.fromkeys(places[place].area for place in lift.pick_up):
            in_area.setdefault(area, []).append(name)
    passed: list[list[int]] = [[] for _ in range(2 * len(lifts))]
    for row, (key, gate) in enumerate(gates):
        # a gate has few lifts as a rule: only those it names, or those of its areas, are asked
        asked = gate.lifts or [name for area in gate.areas for name in in_area.get(area, ())] or lifts
        for name in dict.fromkeys(asked):
            lift_row = reader.row("lifts", name, f"clearances.{key}.lifts")
            for phase in (0, 1):
                if _needed(reader, gate, name, lifts[name], phase):
                    passed[2 * lift_row + phase].append(row)
    return passed


def _regimes(reader: Reader, name: str, gate: Clearance) -> list[tuple[int, ...]]:
    """Regimes of a clearance by date: the one in force at the start (minute 0), then the later ones.

    Raises PlanError if two begin on a day, or none is in force at the start.
    """
    dated: dict[int, tuple[int, ...]] = {}
    for key, regime in in_order(gate.regimes):
        where = f"clearances.{name}.regimes.{key}"
        # a regime that names no day holds from the start, so that one dated before it is superseded
        minute = 0 if regime.start is None else reader.day(regime.start, f"{where}.start")
        if minute in dated:
            raise PlanError(f"{where}.start: another regime begins on that day; expected one regime a day")
        obstructing = regime.stance == "obstructing"
        if regime.lead is None and not obstructing:
            raise PlanError(f"{where}.lead: an authority that answers needs a time to do so; add 'lead'")
        lead = -1 if obstructing else reader.optional_series(regime.lead, f"{where}.lead")
        refusal = reader.optional_series(regime.refusal, f"{where}.refusal", THRESHOLD)
        retry = reader.series(regime.retry, f"{where}.retry", least=1)
        dated[minute] = (Stance[regime.stance.upper()], lead, refusal, retry)
    current = max((minute for minute in dated if minute <= 0), default=None)
    if current is None:
        raise PlanError(f"clearances.{name}.regimes: none is in force on {reader.start}; add one without 'start'")
    later = sorted(minute for minute in dated if minute > 0)
    return [(0, *dated[current]), *((minute, *dated[minute]) for minute in later)]


def _needed(reader: Reader, gate: Clearance, name: str, lift: Lift, phase: int) -> bool:
    """Whether a lift needs a clearance in a phase: every filter that is given must fit.

    A class fits if the lift has any of those named; an area fits if the lift picks up there.
    """
    direction = direction_of(reader, lift, phase)
    places = reader.scenario.places
    return direction is not None and all(
        (
            _fits(gate.classes, lift.classes),
            _fits(gate.directions, [direction]),
            _fits(gate.modes, [lift.mode]),
            _fits(gate.areas, [area for place in lift.pick_up if (area := places[place].area) is not None]),
            _fits(gate.lifts, [name]),
        )
    )


def _fits(named: Iterable[str], has: Iterable[str]) -> bool:
    """Whether something has any of what is named; naming nothing means all."""
    wanted = set(named)
    return not wanted or not wanted.isdisjoint(has)


def direction_of(reader: Reader, lift: Lift, phase: int) -> str | None:
    """The direction that is cleared in a phase of a lift, None if it has no such phase.

    Means based at the destination run out empty (phase 0: lift-out) and come back loaded (phase 1:
    lift-back). Means based at the origin leave loaded: an exit where they deliver to an exit, a border
    post or a port, else a march-out; their empty way home needs no clearance.
    """
    if lift.based == "destination":
        return ("lift-out", "lift-back")[phase]
    if phase == 1:
        return None
    kind = PlaceKind[reader.scenario.places[lift.to].kind.upper()]
    return "exit" if kind in (PlaceKind.EXIT, PlaceKind.BORDER, PlaceKind.PORT) else "march-out"
