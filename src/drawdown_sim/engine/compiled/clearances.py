"""Clearances: asking, waiting for the answer, being refused, asking again, letting one lapse."""

from __future__ import annotations

from ...model.plan import NEVER, Stance
from . import holds, kinds
from .chance import CLEARANCE_ANSWER, CLEARANCE_LEAD, CLEARANCE_RETRY, draw, factor_of, sample, value_at
from .clock import ANSWER, LAPSE, RETRY, bind
from .link import part
from .memory import fixed, record_at
from .order import row_at
from .records import GATE_SLOTS
from .run import (
    CLOSED,
    REQUEST,
    Record,
    ask_of,
    camp_of,
    choose_active,
    gate_of,
    lift_of,
    listed,
    mark_movement,
    movement_of,
    record,
    regime_of,
    stage_of,
)

#: Attempts that have draws of their own; later ones repeat the last address.
_MOST_ATTEMPTS = 8191

_OBSTRUCTING = int(Stance.OBSTRUCTING)
_CERTAIN = 1 << 32


@part
def first_slot(run: Record, m: Record, phase: int) -> int:
    """The first gate slot of a phase; phase 2, the way home, has nothing to ask."""
    lift = lift_of(run, m.lift)
    return 0 if phase == 0 else lift.back - lift.gates if phase == 1 else lift.gates_end - lift.gates


@part
def gate_at(run: Record, m: Record, slot: int) -> int:
    """The gate of a movement's gate slot."""
    return listed(run, lift_of(run, m.lift).gates + slot)


@part
def request_all(run: Record, m: Record, phase: int) -> None:
    """Ask every authority concerned for this phase of a movement; overwatch is asked at departure."""
    m.phase = phase
    m.pending = 0
    for slot in range(GATE_SLOTS):
        ask_of(run, m.number, slot).pending = 0
    first, last = first_slot(run, m, phase), first_slot(run, m, phase + 1)
    for slot in range(first, last):
        if not gate_of(run, gate_at(run, m, slot)).advisory:
            ask_of(run, m.number, slot).pending = 1
            m.pending += 1
    m.cleared_row = m.row
    for slot in range(first, last):
        if ask_of(run, m.number, slot).pending:
            request(run, m, slot, m.row, holds.LOADING if phase else holds.CLEARANCE)


@part
def request(run: Record, m: Record, slot: int, cause: int, held_by: int) -> None:
    """Send one request and bind its answer."""
    ask = ask_of(run, m.number, slot)
    ask.attempt += 1
    ask.retrying = 0
    number = gate_at(run, m, slot)
    row = record(run, kinds.REQUEST, held_by, cause, m.number, m.lift, number, -1, -1, ask.attempt)
    if not _has_cause_to_answer(run, number):
        waiting = record_at(fixed(run, "waiting"), run.waiting_count, REQUEST)
        waiting.gate, waiting.movement, waiting.slot = number, m.number, slot
        run.waiting_count += 1
        return
    _bind_answer(run, m, slot, row)


@part
def _has_cause_to_answer(run: Record, number: int) -> bool:
    """Whether every camp that the authority waits for has closed."""
    gate = gate_of(run, number)
    for at in range(gate.after, gate.after_end):
        if camp_of(run, listed(run, at)).state != CLOSED:
            return False
    return True


@part
def _bind_answer(run: Record, m: Record, slot: int, row: int) -> None:
    gate = gate_of(run, gate_at(run, m, slot))
    regime = regime_of(run, gate.regime)
    ask, lift = ask_of(run, m.number, slot), lift_of(run, m.lift)
    if regime.stance == _OBSTRUCTING:
        _refuse(run, m, slot, row)
        return
    sub = 8 * min(ask.attempt, _MOST_ATTEMPTS) + slot
    factor = factor_of(run, gate.driver, lift.area)
    lead = sample(run, regime.lead, CLEARANCE_LEAD, lift.key, m.ordinal, sub) * factor // 1000
    refused = 0
    if regime.refusal >= 0:
        threshold = value_at(run, regime.refusal, run.now) * factor // 1000
        refused = 1 if draw(run, CLEARANCE_ANSWER, lift.key, m.ordinal, sub) < threshold else 0
    run.active += 1
    bind(run, lead, ANSWER, 16 * m.number + slot, ask.attempt, refused, row)


@part
def answer(run: Record, index: int, attempt: int, refused: int, row: int) -> None:
    """The answer to a request, if that is still the last one."""
    run.active -= 1
    m, slot = movement_of(run, index >> 4), index & 15
    ask = ask_of(run, m.number, slot)
    if m.home or not ask.pending or ask.attempt != attempt:
        return
    if refused:
        _refuse(run, m, slot, row)
    else:
        _grant(run, m, slot, row)


@part
def _grant(run: Record, m: Record, slot: int, cause: int) -> None:
    number = gate_at(run, m, slot)
    row = record(run, kinds.GRANT, holds.CLEARANCE, cause, m.number, m.lift, number, -1, -1, -1)
    ask = ask_of(run, m.number, slot)
    ask.pending = 0
    m.pending -= 1
    m.cleared_row = row
    lift_of(run, m.lift).blocked_since = -1
    validity = gate_of(run, number).valid
    if validity < NEVER:
        ask.until = run.now + validity
        bind(run, validity, LAPSE, 16 * m.number + slot, ask.attempt, m.phase, row)
    if not m.pending and m.departing >= 0:
        mark_movement(run, m)


@part
def lapse(run: Record, index: int, attempt: int, phase: int, row: int) -> None:
    """A clearance whose run has not started in time is asked for again."""
    m, slot = movement_of(run, index >> 4), index & 15
    ask = ask_of(run, m.number, slot)
    if m.home or m.begun >= phase or ask.attempt != attempt or ask.until != run.now:
        return
    lapsed = record(run, kinds.LAPSE, holds.CLEARANCE, row, m.number, m.lift, gate_at(run, m, slot), -1, -1, -1)
    if not ask.pending:
        ask.pending = 1
        m.pending += 1
    if m.departing >= 0:
        m.hold = holds.CLEARANCE
    request(run, m, slot, lapsed, holds.CLEARANCE)


@part
def _refuse(run: Record, m: Record, slot: int, cause: int) -> None:
    """A refusal starts the lift's block, unless it is already blocked, and is followed by another try."""
    number = gate_at(run, m, slot)
    row = record(run, kinds.REFUSE, holds.CLEARANCE, cause, m.number, m.lift, number, -1, -1, -1)
    lift, ask = lift_of(run, m.lift), ask_of(run, m.number, slot)
    if lift.blocked_since < 0:
        lift.blocked_since = run.now
        lift.blocked_row = row
    sub = 8 * min(ask.attempt, _MOST_ATTEMPTS) + slot
    retry_series = regime_of(run, gate_of(run, number).regime).retry
    wait = sample(run, retry_series, CLEARANCE_RETRY, lift.key, m.ordinal, sub)
    ask.retrying = 1
    hopeless = is_hopeless(run, number)
    if not hopeless:
        run.active += 1
    # a retry in the same minute would never let time pass
    bind(run, max(wait, 1), RETRY, 16 * m.number + slot, ask.attempt, hopeless, row)


@part
def retry(run: Record, index: int, attempt: int, hopeless: int, row: int) -> None:
    """Ask again after a refusal, if that was the last word."""
    if not hopeless:
        run.active -= 1
    m, slot = movement_of(run, index >> 4), index & 15
    ask = ask_of(run, m.number, slot)
    if not m.home and ask.pending and ask.attempt == attempt:
        request(run, m, slot, row, holds.CLEARANCE)


@part
def is_obstructing(run: Record, row: int) -> bool:
    """Whether a regime refuses everything."""
    return regime_of(run, row).stance == _OBSTRUCTING


@part
def is_hopeless(run: Record, row: int) -> int:
    """Whether the present regime of a gate refuses every request."""
    regime = regime_of(run, gate_of(run, row).regime)
    if regime.stance == _OBSTRUCTING:
        return 1
    return 1 if regime.refusal >= 0 and value_at(run, regime.refusal, run.now) >= _CERTAIN else 0


@part
def change_regime(run: Record, number: int, regime: int) -> None:
    """A new regime: its start is known to all, so a block begins or ends with it, and those refused ask again."""
    gate = gate_of(run, number)
    stance = regime_of(run, regime).stance
    row = record(run, kinds.REGIME, holds.CALENDAR, 0, -1, number, -1, -1, -1, stance)
    gate.regime = regime
    if stance == _OBSTRUCTING:
        begin_blocks(run, gate.lifts, gate.lifts_end, row)
        return
    for at in range(gate.lifts, gate.lifts_end):
        lift_of(run, listed(run, at)).blocked_since = -1
    for at in range(choose_active(run, gate.lifts, gate.lifts_end)):
        m = movement_of(run, row_at(fixed(run, "chosen"), at))
        for slot in range(first_slot(run, m, 2)):
            ask = ask_of(run, m.number, slot)
            if ask.retrying and ask.pending and gate_at(run, m, slot) == number:
                request(run, m, slot, row, holds.CLEARANCE)


@part
def begin_blocks(run: Record, at: int, end: int, row: int) -> None:
    """Lifts of a list that still have something to carry are blocked from now on."""
    while at < end:
        lift = lift_of(run, listed(run, at))
        at += 1
        if lift.blocked_since < 0 and _has_something_due(run, lift):
            lift.blocked_since = run.now
            lift.blocked_row = row


@part
def _has_something_due(run: Record, lift: Record) -> bool:
    for at in range(lift.cands, lift.cands_end, 4):
        if stage_of(run, listed(run, at + 3)).due_at:
            return True
    return False


@part
def answer_after(run: Record, gates: int, gates_end: int, row: int) -> None:
    """A camp has closed: authorities that waited for it begin to deal with the requests they hold."""
    for listed_at in range(gates, gates_end):
        number = listed(run, listed_at)
        if not run.waiting_count or not _has_cause_to_answer(run, number):
            continue
        kept, count = 0, run.waiting_count
        for at in range(count):
            waiting = record_at(fixed(run, "waiting"), at, REQUEST)
            asking, slot = waiting.movement, waiting.slot
            if waiting.gate != number:
                left = record_at(fixed(run, "waiting"), kept, REQUEST)
                left.gate, left.movement, left.slot = waiting.gate, asking, slot
                kept += 1
                continue
            m = movement_of(run, asking)
            if not m.home and ask_of(run, asking, slot).pending:
                _bind_answer(run, m, slot, row)
        run.waiting_count = kept


@part
def ask_overwatch(run: Record, m: Record, cause: int) -> int:
    """Ask for cover of the run that begins now: a refusal does not stop it. Gives the last row."""
    row = cause
    m.covered = 1
    lift = lift_of(run, m.lift)
    for slot in range(first_slot(run, m, m.phase), first_slot(run, m, m.phase + 1)):
        number = gate_at(run, m, slot)
        gate, ask = gate_of(run, number), ask_of(run, m.number, slot)
        if not gate.advisory:
            continue
        ask.attempt += 1
        regime = regime_of(run, gate.regime)
        refused = regime.stance == _OBSTRUCTING
        if not refused and regime.refusal >= 0:
            sub = 8 * min(ask.attempt, _MOST_ATTEMPTS) + slot
            threshold = value_at(run, regime.refusal, run.now) * factor_of(run, gate.driver, lift.area) // 1000
            refused = draw(run, CLEARANCE_ANSWER, lift.key, m.ordinal, sub) < threshold
        kind = kinds.REFUSE if refused else kinds.GRANT
        row = record(run, kind, holds.CLEARANCE, row, m.number, m.lift, number, -1, -1, -1)
        if refused:
            m.covered = 0
    return row
