"""Clearances: asking, waiting for the answer, being refused, asking again, letting one lapse."""

from __future__ import annotations

import simpy

from ...model.draws import Point
from ...model.plan import NEVER, Stance
from .clock import Bound, Rank, order_key
from .run import CLOSED, Hold, Kind, Movement, Run

#: attempts that have draws of their own; later ones repeat the last address
_MOST_ATTEMPTS = 8191


def request_all(run: Run, m: Movement, phase: int) -> None:
    """Ask every authority concerned for this phase of a movement; overwatch is asked at departure."""
    m.phase = phase
    m.pending = set()
    for slot, gate in run.view.gates[m.lift][phase]:
        if not run.p.gate_advisory[gate]:
            m.pending.add(slot)
    m.cleared_row = m.row
    for slot, gate in run.view.gates[m.lift][phase]:
        if slot in m.pending:
            request(run, m, slot, gate, m.row, Hold.LOADING if phase else Hold.CLEARANCE)


def request(run: Run, m: Movement, slot: int, gate: int, cause: int, held_by: int = Hold.CLEARANCE) -> None:
    """Send one request and bind its answer."""
    attempt = m.attempts.get(slot, -1) + 1
    m.attempts[slot] = attempt
    run.retrying[gate].pop(16 * m.number + slot, None)
    row = run.record(Kind.REQUEST, held_by, cause, movement=m.number, entity=m.lift, activity=gate, quantity=attempt)
    if any(run.camp_state[camp] != CLOSED for camp in run.view.gate_after[gate]):
        run.unanswered[gate].append((m, slot))
        return
    _bind_answer(run, m, slot, gate, row)


def _bind_answer(run: Run, m: Movement, slot: int, gate: int, row: int) -> None:
    regime = run.regime[gate]
    attempt = m.attempts[slot]
    if run.p.regime_stance[regime] == Stance.OBSTRUCTING:
        _refuse(run, m, slot, gate, row)
        return
    sub = 8 * min(attempt, _MOST_ATTEMPTS) + slot
    factor = run.factor(run.p.gate_driver[gate], run.view.lift_area[m.lift])
    lead = run.sample(run.p.regime_lead[regime], Point.CLEARANCE_LEAD, m.lift, m.ordinal, sub) * factor // 1000
    refusal = run.p.regime_refusal[regime]
    refused = False
    if refusal >= 0:
        threshold = run.at(refusal, run.now) * factor // 1000
        refused = run.draw(Point.CLEARANCE_ANSWER, m.lift, m.ordinal, sub) < threshold

    def answer(_: simpy.Event) -> None:
        run.active -= 1
        if m.home or slot not in m.pending or m.attempts[slot] != attempt:
            return
        if refused:
            _refuse(run, m, slot, gate, row)
        else:
            _grant(run, m, slot, gate, row)

    run.active += 1
    Bound(run.env, lead, order_key(Rank.ANSWER, 16 * m.number + slot), answer)


def _grant(run: Run, m: Movement, slot: int, gate: int, cause: int) -> None:
    row = run.record(Kind.GRANT, Hold.CLEARANCE, cause, movement=m.number, entity=m.lift, activity=gate)
    m.pending.discard(slot)
    m.cleared_row = row
    run.blocked_since[m.lift] = -1
    validity = run.p.gate_valid[gate]
    if validity < NEVER:
        m.valid[slot] = until = run.now + validity
        attempt, phase = m.attempts[slot], m.phase

        def lapse(_: simpy.Event) -> None:
            if not m.home and m.begun < phase and m.attempts[slot] == attempt and m.valid[slot] == until:
                lapsed = run.record(Kind.LAPSE, Hold.CLEARANCE, row, movement=m.number, entity=m.lift, activity=gate)
                m.pending.add(slot)
                if m.number in run.departing:
                    m.hold = Hold.CLEARANCE
                request(run, m, slot, gate, lapsed)

        Bound(run.env, validity, order_key(Rank.LAPSE, 16 * m.number + slot), lapse)
    if not m.pending and m.number in run.departing:
        run.due_movements.add(m.number)
        run.look()


def _refuse(run: Run, m: Movement, slot: int, gate: int, cause: int) -> None:
    """A refusal starts the lift's block, unless it is already blocked, and is followed by another try."""
    row = run.record(Kind.REFUSE, Hold.CLEARANCE, cause, movement=m.number, entity=m.lift, activity=gate)
    if run.blocked_since[m.lift] < 0:
        run.blocked_since[m.lift] = run.now
        run.blocked_row[m.lift] = row
    attempt = m.attempts[slot]
    sub = 8 * min(attempt, _MOST_ATTEMPTS) + slot
    wait = run.sample(run.p.regime_retry[run.regime[gate]], Point.CLEARANCE_RETRY, m.lift, m.ordinal, sub)
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
    Bound(run.env, max(wait, 1), order_key(Rank.RETRY, 16 * m.number + slot), retry)


def is_obstructing(run: Run, regime: int) -> bool:
    """Whether a regime refuses everything."""
    return bool(run.p.regime_stance[regime] == Stance.OBSTRUCTING)


def is_hopeless(run: Run, gate: int) -> bool:
    """Whether the present regime refuses every request."""
    regime = run.regime[gate]
    if run.p.regime_stance[regime] == Stance.OBSTRUCTING:
        return True
    refusal: int = run.p.regime_refusal[regime]
    return refusal >= 0 and run.at(refusal, run.now) >= 1 << 32


def change_regime(run: Run, gate: int, regime: int) -> None:
    """A new regime: its start is known to all, so a block begins or ends with it, and those refused ask again."""
    row = run.record(Kind.REGIME, Hold.CALENDAR, 0, entity=gate, quantity=run.p.regime_stance[regime])
    run.regime[gate] = regime
    run.regime_row[gate] = row
    if run.p.regime_stance[regime] == Stance.OBSTRUCTING:
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
        if run.blocked_since[lift] < 0 and any(run.due_at[s] for _, _, _, s in run.view.cands[lift]):
            run.blocked_since[lift] = run.now
            run.blocked_row[lift] = row


def answer_after(run: Run, row: int) -> None:
    """A camp has closed: authorities that waited for it begin to deal with the requests they hold."""
    for gate, waiting in enumerate(run.unanswered):
        if not waiting or any(run.camp_state[camp] != CLOSED for camp in run.view.gate_after[gate]):
            continue
        run.unanswered[gate] = []
        for m, slot in waiting:
            if not m.home and slot in m.pending:
                _bind_answer(run, m, slot, gate, row)


def ask_overwatch(run: Run, m: Movement, cause: int) -> int:
    """Ask for cover of the run that begins now: a refusal does not stop it. Gives the last row."""
    row = cause
    m.covered = True
    for slot, gate in run.view.gates[m.lift][m.phase]:
        if not run.p.gate_advisory[gate]:
            continue
        attempt = m.attempts.get(slot, -1) + 1
        m.attempts[slot] = attempt
        regime = run.regime[gate]
        refusal = run.p.regime_refusal[regime]
        refused = run.p.regime_stance[regime] == Stance.OBSTRUCTING
        if not refused and refusal >= 0:
            factor = run.factor(run.p.gate_driver[gate], run.view.lift_area[m.lift])
            sub = 8 * min(attempt, _MOST_ATTEMPTS) + slot
            threshold = run.at(refusal, run.now) * factor // 1000
            refused = run.draw(Point.CLEARANCE_ANSWER, m.lift, m.ordinal, sub) < threshold
        kind = Kind.REFUSE if refused else Kind.GRANT
        row = run.record(kind, Hold.CLEARANCE, row, movement=m.number, entity=m.lift, activity=gate)
        m.covered &= not refused
    return row
