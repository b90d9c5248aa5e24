"""The plan: a scenario as frozen integer tables, the only input of an engine.

Conventions for every table: entities are rows, ordered by id; a reference is the row number of
its target, -1 for none; a list per row is two arrays, `x_at` (row i owns entries
``x_at[i]:x_at[i+1]``) and the entries; minutes count from the scenario's start; ratios are per
mille; distances are metres; rates of advance are metres a day; hazards are millionths of an event
per 100 km. A *series* is a quantity by date, possibly drawn: row s owns steps
``series_at[s]:series_at[s+1]``, each the minute from which it holds and an inverse table.
An *inverse table* has `KNOTS` + 1 integers: the value at the quantiles 0/KNOTS .. KNOTS/KNOTS (tails
cut at 1/(2*KNOTS)); see `draws`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: Version of the contract between plan and engines (docs/events.md); part of every digest.
CONTRACT = 2

#: Intervals of an inverse table.
KNOTS = 1024

#: A minute later than any horizon.
NEVER = 1 << 40

#: A count without limit.
UNLIMITED = 1 << 40


class PlaceKind(IntEnum):
    CAMP = 0
    HUB = 1
    AIRFIELD = 2
    BORDER = 3
    PORT = 4
    EXIT = 5


class Mode(IntEnum):
    ROAD = 0
    RIVER = 1
    RAIL = 2
    AIR = 3
    SEA = 4


class Carries(IntEnum):
    CARGO = 0
    PEOPLE = 1
    COLUMN = 2


class Traffic(IntEnum):
    """Bits of a class mask."""

    CARGO = 1
    PEOPLE = 2
    ARMS = 4
    MEDICAL = 8
    OVERWATCH = 16
    SUPPLIES = 32


class Stance(IntEnum):
    COOPERATIVE = 0
    DELAYING = 1
    OBSTRUCTING = 2


class AssetKind(IntEnum):
    TRUCK = 0
    ESCORT = 1
    CREW = 2
    AIRCRAFT = 3
    DESK = 4
    SHIP = 5
    OTHER = 6


class Until(IntEnum):
    """What ends an asset's service."""

    NEVER = 0
    PACKED = 1
    GONE = 2
    TOUR_END = 3


class Period(IntEnum):
    DAY = 0
    WEEK = 1
    MONTH = 2


class Counts(IntEnum):
    MOVEMENTS = 0
    VEHICLES = 1
    PEOPLE = 2
    LOADS = 3


class QuotaKind(IntEnum):
    SLOT = 0
    SEAT = 1
    ROTATION_CAP = 2
    DESK = 3
    BERTH = 4
    BORDER = 5
    PLAN = 6


class CargoKind(IntEnum):
    CONTAINER = 0
    VEHICLE = 1
    TOWED = 2
    SENSITIVE = 3
    STRUCTURE = 4


class PeopleKind(IntEnum):
    TROOPS = 0
    POLICE = 1
    CIVILIAN = 2


class Does(IntEnum):
    """What a decision does."""

    ACCELERATE = 0
    DESTROY = 1
    DIVERT = 2
    GIVE_UP = 3


class Entry(IntEnum):
    """Kinds of calendar entries, in the order in which they act at one minute."""

    GAIN = 0  # subject: asset; amount
    LOSS = 1  # subject: asset; amount
    REGIME = 2  # subject: gate; amount: row of the regime
    WINDOW = 3  # subject: camp; amount: row of the window version that becomes known
    DEADLINE = 4  # subject: milestone; amount: the new deadline [minute]
    TOUR_END = 5  # subject: contingent
    OPENS = 6  # subject: camp (gate, start or end of a pause: look at it again)
    LIFT = 7  # subject: lift (first or after last day of service: look at it again)
    STEP = 8  # subject: -1 (a quota, keep or season changes: look at everything again); one a minute


def reverse(lists: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    """For each target, the rows whose list names it, in order and once."""
    out: list[list[int]] = [[] for _ in range(size)]
    for row, targets in enumerate(lists):
        for target in dict.fromkeys(targets):
            out[target].append(row)
    return out


@dataclass(frozen=True, eq=False)
class Plan:
    """Frozen integer tables of one scenario; see the module's conventions."""

    # names: id of each row, for reports and for the trajectory's readers
    place_ids: tuple[str, ...]
    area_ids: tuple[str, ...]
    driver_ids: tuple[str, ...]
    leg_ids: tuple[str, ...]
    threat_ids: tuple[str, ...]
    ban_ids: tuple[str, ...]
    authority_ids: tuple[str, ...]
    gate_ids: tuple[str, ...]
    asset_ids: tuple[str, ...]
    quota_ids: tuple[str, ...]
    contingent_ids: tuple[str, ...]
    item_ids: tuple[str, ...]  # cohorts and lots together, ordered by (kind: people first, id)
    lift_ids: tuple[str, ...]
    camp_ids: tuple[str, ...]
    decision_ids: tuple[str, ...]
    milestone_ids: tuple[str, ...]
    start: date
    horizon: int  # [minute]

    # quantities
    tables: Ints  # (tables, KNOTS + 1); row 0 is the unit exponential in millionths
    series_at: Ints
    series_minute: Ints
    series_table: Ints

    # owners of draws: a 32-bit key per row, from the id alone, so that no row shifts another's luck
    area_key: Ints
    driver_key: Ints  # of the mission-wide chain
    driver_area_key: Ints  # (drivers, areas) of the area's chain
    camp_key: Ints
    lift_key: Ints
    item_key: Ints
    ban_key: Ints

    # places
    place_kind: Ints  # PlaceKind
    place_area: Ints
    place_camp: Ints  # camp row of the place, or -1
    place_room: Ints  # people in transit, UNLIMITED if none
    place_yard: Ints  # loads in transit, UNLIMITED if none
    place_stock: Ints  # [person day] at the start, -1 if supplies never bind here
    place_reserve: Ints  # [minute] of supply for those present

    # drivers: per driver, area and week; thresholds are 32-bit (a draw below it goes there)
    driver_states: Ints  # number of states; they are ordered by (factor, id)
    driver_factor: Ints  # (drivers, 5) per mille
    driver_initial: Ints  # (drivers, 5) cumulative thresholds, last 2**32
    driver_step: Ints  # (drivers, 5, 5) cumulative thresholds from state to state, last 2**32
    driver_loading: Ints  # threshold
    driver_override: Ints  # (drivers, areas, weeks) imposed state or -1; week w starts at w * 10080

    # legs and threats
    leg_a: Ints
    leg_b: Ints
    leg_area: Ints
    leg_distance: Ints  # [m]
    leg_rate: Ints  # series [m/day]
    leg_season: Ints  # series [per mille] or -1
    leg_weather: Ints  # driver or -1
    leg_threat_at: Ints
    leg_threat: Ints
    leg_hazard: Ints  # series, along leg_threat [events per 100 km, millionths]
    leg_after_at: Ints
    leg_after_camp: Ints
    leg_after_factor: Ints  # [per mille]
    threat_per_vehicle: Ints  # 0 or 1
    threat_halt: Ints  # series [minute]
    threat_hurt: Ints  # series [person] or -1
    threat_lost: Ints  # series [vehicle] or -1
    threat_driver: Ints
    threat_uncovered: Ints  # [per mille], 1000 if none
    threat_exposed: Ints  # [per mille], 1000 if none
    threat_empty: Ints  # [per mille], 1000 if none

    # bans
    ban_start: Ints  # series [minute]
    ban_end: Ints  # minute after the last day, or -1 if a length is given
    ban_length: Ints  # series [minute] or -1
    ban_chance: Ints  # 32-bit threshold, 2**32 if certain
    ban_classes: Ints  # Traffic mask, all bits if any class
    ban_leg_at: Ints
    ban_leg: Ints
    ban_place_at: Ints
    ban_place: Ints
    ban_lift_at: Ints
    ban_lift: Ints

    # clearances ("gates")
    gate_authority: Ints
    gate_driver: Ints
    gate_valid: Ints  # [minute], NEVER if it does not lapse
    gate_ahead: Ints  # [minute]
    gate_advisory: Ints  # 0 or 1
    gate_after_at: Ints
    gate_after: Ints  # camps
    regime_at: Ints  # per gate; the first is in force at the start
    regime_minute: Ints  # ascending, the first 0
    regime_stance: Ints
    regime_lead: Ints  # series [minute], -1 if obstructing
    regime_refusal: Ints  # series [32-bit threshold], -1 if never refused
    regime_retry: Ints  # series [minute]

    # assets and quotas
    asset_kind: Ints
    asset_place: Ints
    asset_number: Ints  # at the start, changes of minute 0 included
    asset_contingent: Ints
    asset_until: Ints  # Until; NEVER where the scenario names none
    quota_kind: Ints
    quota_period: Ints  # Period
    quota_counts: Ints  # Counts
    quota_limit: Ints  # series
    quota_contingent: Ints  # (quotas, contingents) 1 if its people count
    quota_unowned: Ints  # 1 if people or loads of no listed contingent filter count (no filter)
    month_minute: Ints  # start of each calendar month, from the one that holds the start (0 or before)

    # contingents
    contingent_tour_end: Ints  # minute after the last day (negative if before the start), or NEVER

    # items: cohorts of people and lots of cargo
    item_people: Ints  # 1 people, 0 cargo
    item_kind: Ints  # PeopleKind or CargoKind
    item_contingent: Ints  # -1 for the UN
    item_rank: Ints
    item_number: Ints  # due to leave
    item_stays: Ints  # present, not due to leave
    item_armed: Ints  # 1 if it counts for minimum force
    item_arms: Ints  # 1 if it may not be sold or given
    item_own_means: Ints  # 1 if it leaves its first place by a column, where one picks up there
    item_moves: Ints  # 0 if it is planned to stay (then number is 0 and stays holds the count)
    item_batch: Ints
    item_starts: Ints  # [minute]
    item_tied: Ints  # 1 if people go only as their contingent's cargo here is packed (and there is any)
    item_advance: Ints  # [per mille]
    item_tie_at: Ints
    item_tie: Ints  # the lots (items) that tie it
    stage_at: Ints  # per item: the places on its way, first where it is at the start
    stage_place: Ints
    stage_work: Ints  # series [minute per load] or -1
    stage_asset: Ints  # crews that do the work, or -1

    # lifts
    lift_mode: Ints  # Mode
    lift_from_origin: Ints  # 1 if means are based at the origin
    lift_returns: Ints
    lift_carries: Ints  # Carries
    lift_classes: Ints  # Traffic mask
    lift_asset: Ints
    lift_capacity: Ints
    lift_least: Ints  # vehicles, at least 1
    lift_most: Ints  # vehicles, UNLIMITED
    lift_wait: Ints  # [minute], NEVER if none
    lift_reserve: Ints  # [minute], NEVER if none
    lift_escort: Ints
    lift_escort_vehicles: Ints  # vehicles per escort, UNLIMITED
    lift_escort_least: Ints  # 0 if no escort is needed
    lift_need_at: Ints
    lift_need_asset: Ints
    lift_need_count: Ints
    lift_loading: Ints  # series or -1 [minute]
    lift_loading_vehicle: Ints  # series or -1 [minute per vehicle]
    lift_unloading: Ints  # series or -1
    lift_rest: Ints  # series or -1
    lift_hours_from: Ints  # minute of the day, -1 if any hour
    lift_hours_to: Ints
    lift_hold: Ints  # [minute], NEVER if none
    lift_supplies: Ints  # [minute], NEVER if they never run out
    lift_resupply: Ints  # series or -1 [minute]
    lift_brings: Ints  # [person day per vehicle]
    lift_rank: Ints
    lift_first: Ints  # [minute]
    lift_last: Ints  # minute after the last day, NEVER if none
    lift_by_order: Ints  # 1 if minimum force does not hold its people
    lift_stopped: Ints  # 1 if it waits for a divert to begin it
    lift_to: Ints
    pick_at: Ints  # per lift: the pick-ups, in order
    pick_place: Ints
    pick_leg: Ints  # loaded legs driven before this pick-up
    join_at: Ints  # per lift, by (legs driven, camp)
    join_camp: Ints
    join_leg: Ints  # loaded legs driven when it is there
    join_wait: Ints
    route_at: Ints  # per lift: the loaded run
    route_leg: Ints
    route_to: Ints  # place at the end of that leg
    cand_at: Ints  # per pick-up row: what it may load, by (rank, item row)
    cand_item: Ints
    cand_stage: Ints  # number of the stage within its item; it is set down at its later stage at `lift_to`
    join_cand_at: Ints  # per join row: the same for the camp that joins
    join_cand_item: Ints
    join_cand_stage: Ints
    lift_quota_at: Ints
    lift_quota: Ints
    lift_gate_at: Ints  # (lifts, 2) flattened: row 2*lift + phase; phase 1 is the way back
    lift_gate: Ints

    # camps
    camp_place: Ints
    camp_closes: Ints
    camp_column: Ints
    camp_handover: Ints  # series or -1
    camp_least: Ints  # minimum force; 0 if none
    camp_perimeter: Ints
    camp_cargo: Ints
    camp_satellites: Ints
    camp_keep: Ints  # series or -1
    camp_opens: Ints  # [minute], 0 if open from the start
    camp_receiver: Ints  # [minute], 0 if ready from the start
    window_at: Ints  # per camp: versions by the minute they become known, 0 for the one known at the start
    window_known: Ints
    window_target: Ints  # series [minute]
    camp_after_at: Ints
    camp_after: Ints
    camp_serves_at: Ints
    camp_serves: Ints
    pause_at: Ints
    pause_from: Ints
    pause_to: Ints

    # decisions
    decision_does: Ints
    decision_milestone: Ints  # the only milestone if none is named, -1 if there are several
    decision_rate: Ints  # loads a day, UNLIMITED
    decision_spare: Ints  # bit mask of CargoKind
    decision_camp_at: Ints
    decision_camp: Ints
    decision_stop_at: Ints
    decision_stop: Ints
    decision_begin_at: Ints
    decision_begin: Ints
    cond_at: Ints
    cond_blocked: Ints  # [minute] or -1
    cond_driver: Ints
    cond_area: Ints
    cond_state: Ints
    cond_before: Ints  # [minute] or -1
    cond_on: Ints  # minute or -1
    cond_below_at: Ints
    cond_below: Ints  # places
    cond_closed_at: Ints
    cond_closed: Ints  # camps

    # milestones
    mile_deadline: Ints  # minute after the deadline's day, as known at the start
    mile_people: Ints
    mile_contingent: Ints  # (milestones, contingents) 1 if its people count
    mile_cargo: Ints  # bit mask of CargoKind
    mile_last_days: Ints  # [minute] or -1
    mile_people_go: Ints
    mile_cargo_left: Ints
    mile_camp_at: Ints
    mile_camp: Ints
    mile_end_at: Ints  # assets whose authority ends with the deadline
    mile_end: Ints
    mile_authority: Ints  # 1 if authority ends
    mile_guarded: Ints  # (milestones, places) 1 if a named guard force stays

    # calendar, ordered by (minute, entry, subject, amount)
    calendar_minute: Ints
    calendar_entry: Ints
    calendar_subject: Ints
    calendar_amount: Ints

    def digest(self) -> str:
        """SHA-256 over every table and name, in the order of the fields."""
        h = hashlib.sha256(f"contract {CONTRACT}".encode())
        for field in fields(self):
            value = getattr(self, field.name)
            h.update(field.name.encode())
            if isinstance(value, np.ndarray):
                h.update(str(value.shape).encode())
                h.update(value.astype("<i8").tobytes())
            else:
                h.update(repr(value).encode())
        return h.hexdigest()
