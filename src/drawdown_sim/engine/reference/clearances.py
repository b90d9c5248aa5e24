"""Clearances: asking, waiting for the answer, being refused, asking again, letting one lapse."""

from __future__ import annotations

import simpy

from . import ranks
from .records import Regime
from .run import CLOSED, NEVER, Hold, Kind, Movement, Run

#: attempts that have draws of their own; later ones repeat the last address
_MOST_ATTEMPTS = 8191


def request_all(run: Run, m: Movement, phase: int) -> None:
    """Ask every authority concerned for this phase of a movement; overwatch is asked at departure."""
    asked = m.lift.asked[phase]
    m.phase = phase
    m.pending = {slot for slot, _ in asked} if asked else set()
    m.cleared_row = cause = m.row
    for slot, gate in asked:
        request(run, m, slot, gate, cause, Hold.LOADING if phase else Hold.CLEARANCE)


def request(run: Run, m: Movement, slot: int, gate: int, cause: int, held_by: int = Hold.CLEARANCE) -> None:
    """Send one request and bind its answer."""
    attempt = m.attempts.get(slot, -1) + 1
    m.attempts[slot] = attempt
    if run.retrying[gate]:
        run.retrying[gate].pop(16 * m.number + slot, None)
    row = run.record(Kind.REQUEST, held_by, cause, m.number, m.lift.row, gate, quantity=attempt)
    if run.view.gate_after[gate] and _waits_for_camps(run, gate):
        run.unanswered[gate].append((m, slot))
    else:
        _bind_answer(run, m, slot, gate, row)


def _waits_for_camps(run: Run, gate: int) -> bool:
    """Whether a camp is still open that an authority wants closed before it answers."""
    return any(run.camp_state[camp] != CLOSED for camp in run.view.gate_after[gate])


def _draw_sub(slot: int, attempt: int) -> int:
    return 8 * min(attempt, _MOST_ATTEMPTS) + slot


def _is_refused(run: Run, m: Movement, regime: Regime, sub: int, factor: int) -> bool:
    """Whether the draw of an attempt is below the threshold, which the factor of the gate's driver raises."""
    refusal = regime.refusal.at(run.now)
    return refusal > 0 and run.draw(m.lift.answer_draws, m.ordinal, sub) < refusal * factor // 1000


def _bind_answer(run: Run, m: Movement, slot: int, gate: int, row: int) -> None:
    regime = run.view.regime[run.regime[gate]]
    if regime.is_obstructing:
        _refuse(run, m, slot, gate, row)
        return
    attempt = m.attempts[slot]
    sub = _draw_sub(slot, attempt)
    factor = run.factor(run.p.gate_driver[gate], m.lift.area)
    lead = run.sample(regime.lead, m.lift.lead_draws, m.ordinal, sub) * factor // 1000
    refused = _is_refused(run, m, regime, sub, factor)

    def answer(_: simpy.Event) -> None:
        run.active -= 1
        if m.home or slot not in m.pending or m.attempts[slot] != attempt:
            return
        if refused:
            _refuse(run, m, slot, gate, row)
        else:
            _grant(run, m, slot, gate, row)

    run.active += 1
    run.bind(lead, ranks.ANSWER, 16 * m.number + slot, answer)


def _grant(run: Run, m: Movement, slot: int, gate: int, cause: int) -> None:
    row = run.record(Kind.GRANT, Hold.CLEARANCE, cause, m.number, m.lift.row, gate)
    m.pending.discard(slot)
    m.cleared_row = row
    run.blocked_since[m.lift.row] = -1
    validity = run.p.gate_valid[gate]
    if validity < NEVER:
        m.valid[slot] = until = run.now + validity
        attempt, phase = m.attempts[slot], m.phase

        def lapse(_: simpy.Event) -> None:
            if not m.home and m.begun < phase and m.attempts[slot] == attempt and m.valid[slot] == until:
                lapsed = run.record(Kind.LAPSE, Hold.CLEARANCE, row, m.number, m.lift.row, gate)
                m.pending.add(slot)
                if m.number in run.departing:
                    m.hold = Hold.CLEARANCE
                request(run, m, slot, gate, lapsed)

        run.bind(validity, ranks.LAPSE, 16 * m.number + slot, lapse)
    if not m.pending and m.number in run.departing:
        run.due_movements.add(m.number)
        run.look()


def _refuse(run: Run, m: Movement, slot: int, gate: int, cause: int) -> None:
    """A refusal starts the lift's block, unless it is already blocked, and is followed by another try."""
    row = run.record(Kind.REFUSE, Hold.CLEARANCE, cause, m.number, m.lift.row, gate)
    _begin_block(run, m.lift.row, row)
    attempt = m.attempts[slot]
    retry_after = run.view.regime[run.regime[gate]].retry
    wait = run.sample(retry_after, m.lift.retry_draws, m.ordinal, _draw_sub(slot, attempt))
    run.retrying[gate][16 * m.number + slot] = m
    hopeless = is_hopeless(run, gate)
    if not hopeless:
        run.active += 1

    def retry(_: simpy.Event) -> None:
        if not hopeless:
            run.active -= 1
        if not m.home and slot in m.pending and m.attempts[slot] == attempt:
            request(run, m, slot, gate, row)

    # a retry in the same minute would never let time pass
    run.bind(max(wait, 1), ranks.RETRY, 16 * m.number + slot, retry)


def is_hopeless(run: Run, gate: int) -> bool:
    """Whether the present regime refuses every request."""
    regime = run.view.regime[run.regime[gate]]
    return regime.is_obstructing or regime.refusal.at(run.now) >= 1 << 32


def change_regime(run: Run, gate: int, regime: int) -> None:
    """A new regime: its start is known to all, so a block begins or ends with it, and those refused ask again."""
    new = run.view.regime[regime]
    row = run.record(Kind.REGIME, Hold.CALENDAR, 0, entity=gate, quantity=new.stance)
    run.regime[gate] = regime
    run.regime_row[gate] = row
    if new.is_obstructing:
        begin_blocks(run, run.view.lifts_of_gate[gate], row)
        return
    for lift in run.view.lifts_of_gate[gate]:
        run.blocked_since[lift] = -1
    for key, m in sorted(run.retrying[gate].items()):
        if not m.home and key % 16 in m.pending:
            request(run, m, key % 16, gate, row)


def begin_blocks(run: Run, lifts: list[int], row: int) -> None:
    """Lifts that still have something to carry are blocked from now on."""
    for lift in lifts:
        if any(run.due_at[cand.stage] for cand in run.view.lift[lift].cands):
            _begin_block(run, lift, row)


def _begin_block(run: Run, lift: int, row: int) -> None:
    if run.blocked_since[lift] < 0:
        run.blocked_since[lift] = run.now
        run.blocked_row[lift] = row


def answer_after(run: Run, row: int) -> None:
    """A camp has closed: authorities that waited for it begin to deal with the requests they hold."""
    for gate, waiting in enumerate(run.unanswered):
        if not waiting or _waits_for_camps(run, gate):
            continue
        run.unanswered[gate] = []
        for m, slot in waiting:
            if not m.home and slot in m.pending:
                _bind_answer(run, m, slot, gate, row)


def ask_overwatch(run: Run, m: Movement, cause: int) -> int:
    """Ask for cover of the run that begins now: a refusal does not stop it. Gives the last row."""
    row = cause
    m.covered = True
    for slot, gate in m.lift.overwatch[m.phase]:
        attempt = m.attempts.get(slot, -1) + 1
        m.attempts[slot] = attempt
        regime = run.view.regime[run.regime[gate]]
        refused = regime.is_obstructing
        if not refused:
            factor = run.factor(run.p.gate_driver[gate], m.lift.area)
            refused = _is_refused(run, m, regime, _draw_sub(slot, attempt), factor)
        kind = Kind.REFUSE if refused else Kind.GRANT
        row = run.record(kind, Hold.CLEARANCE, row, m.number, m.lift.row, gate)
        m.covered &= not refused
    return row
