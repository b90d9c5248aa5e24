"""What the kernel's memory is made of: a record for every sort of entity, for what a replication makes, and the head.

Three blocks of 64-bit integers serve a thread:

- the *state*: the head record and a table of records per sort of entity, its constants and what changes of it
  side by side. Copied from the template at the start of each replication.
- the *lists*: everything of variable length that never changes, and the inverse tables; shared by all threads.
- the *pools*: what a replication makes as it goes.

A field `xs` of a record with a twin `xs_end` owns entries xs .. xs_end - 1 of the lists. -1 is none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...model.trajectory import COLUMNS, Hold


def _record(*fields: str) -> np.dtype[Any]:
    """A record of 64-bit integers."""
    return np.dtype([(name, np.int64) for words in fields for name in words.split()])


#: Sorts of entities that have a table in the state: the field of the head with its address is the name, the
#: field with its number of rows `name_count`.
TABLES = {
    "places": _record(
        "kind area camp room yard reserve supplied unarmed_stay lifts lifts_end stages stages_end",
        "cargo cargo_end people people_end",
        "present unreserved armed due_other due_own left_row due_first due_row guard_row transit transit_loads",
        "room_row below stock is_low is_out low_row supply_row loaded_here inbound inbound_row supply_inbound",
        "dry_since first_departing crews crews_end",
    ),
    "areas": _record("below"),
    "contingents": _record("people people_end assets assets_end"),
    "drivers": _record("states loading key factors initial steps weeks"),
    "levels": _record("key override week state"),  # per driver and area
    "legs": _record("area distance rate season weather threats threats_end after after_end"),
    "threats": _record("per_vehicle halt hurt lost driver uncovered exposed empty"),
    "bans": _record(
        "start end length chance classes key legs legs_end places places_end lifts lifts_end blocks blocks_end",
        "active row",
    ),
    "gates": _record("driver authority valid ahead advisory after after_end lifts lifts_end regime"),
    "regimes": _record("stance lead refusal retry"),
    "assets": _record("hold place contingent until stages stages_end lifts lifts_end number busy row claimant is_due"),
    "quotas": _record("hold period counts limit unowned contingents until used row left"),
    "items": _record(
        "people kind contingent rank number stays armed batch starts tied advance key first last",
        "ties ties_end tied_to tied_to_end packers packers_end fellows fellows_end",
        "first_place last_place tour_end",
        "packed packed_row tie_row may_go gone out batches",
    ),
    "stages": _record(
        "place item work asset own last in_column pair lifts lifts_end raw ready here due_at ready_row raw_row"
    ),
    "pairs": _record("assets assets_end people"),  # contingents whose presence at a place some means depend on
    "lifts": _record(
        "from_origin returns carries is_column classes asset capacity least most wait reserve escort",
        "escort_vehicles escort_least needs needs_end loading loading_vehicle unloading rest hours_from hours_to",
        "hold supplies resupply brings rank first last by_order to area key legs route picks picks_end stops",
        "cands cands_end quotas quotas_end unit_quotas unit_quotas_end move_quotas move_quotas_end gates back",
        "gates_end ahead bans bans_end joining",
        "ready since held_by cause hold_is_means held_by_place held_by_ties wake lacks_means stopped formed",
        "formed_row blocked_since blocked_row is_due first_active last_active",
    ),
    "joins": _record("camp wait cands cands_end"),
    "camps": _record(
        "place column column_starts_here handover least perimeter cargo satellites keep opens receiver key windows",
        "windows_end after after_end serves serves_end served_by served_by_end before before_end pauses pauses_end",
        "miles miles_end gates gates_end passing passing_end",
        "closes force state accelerated given_up target target_row close_row rear_row hold destroying joiners is_due",
    ),
    "decisions": _record(
        "does milestone rate spare camps camps_end stops stops_end begins begins_end lifts lifts_end conds conds_end",
        "decided",
    ),
    "conds": _record("blocked driver area state before on below below_end closed closed_end"),
    "miles": _record(
        "people cargo last_days people_go leaves_cargo authority ends ends_end contingents guarded",
        "deadline deadline_row people_left cargo_left camps_left reached in_last_days authority_over",
    ),
    "calendar": _record("minute entry subject amount"),
    "series": _record("steps count is_fixed value"),
}

#: What a replication makes as it goes, by the field of the head with the address.
POOLS = {
    "movements": _record(
        "number lift ordinal vehicles escorts manifest manifest_count aboard aboard_count row cleared_row camp begun",
        "phase pending covered leg to run_start since hold hold_cause place started lost room yard supply home",
        "departing departs_before departs_behind wake next previous run first until done pick arrived doing minutes",
        "driven left stretch strikes threat cause join column is_called is_due is_disbanded last_minute",
    ),
    "asks": _record("attempt until pending retrying"),  # per movement and gate slot
    "takes": _record("pick item stage quantity"),
    "strikes": _record("driven threat sub next"),
    "events": _record("key order a b c"),
    "rows": _record(*COLUMNS),
    "waiting": _record("gate movement slot"),  # requests that a gate does not answer yet
    "due_movements": _record("number"),
    "departing": _record("number"),
    "formed": _record("number"),
    "granted": _record("number"),
    "sorted": _record("entry"),
    "chosen": _record("entry"),
    "merged": _record("entry"),
}

GATE_SLOTS = 8

#: Lists whose length the plan fixes, in the state behind the tables: the head's field has the address.
SETS = ("due_lifts", "due_camps", "due_crews", "look_takes")

HEAD = _record(
    *(f"{name} {name}_count" for name in TABLES),
    *(f"{name} {name}_limit" for name in POOLS),
    *SETS,
    "look_takes_count look_total look_hold look_cause look_lacks_means look_by_place look_by_ties look_again",
    "lists tables months months_count",
    "now horizon seed_low seed_high replication",
    "rows_count movement_count takes_count strikes_count events_count events_order batch_count",
    "due_movements_count due_lifts_count due_camps_count due_crews_count departing_count formed_count granted_count",
    "waiting_count active wakes calendar_left active_bans is_looking people_go_row",
    "below_nowhere miles_left camps_left is_done status last_milestone fault subjects",
)

#: What a subject can be, with the plan's ids of it; the first is nobody, the lifts among authorities stand for all
#: whom a lift asks.
SORTS = {
    "nobody": "",
    "authority": "authority_ids",
    "asked": "lift_ids",
    "ban": "ban_ids",
    "decision": "decision_ids",
    "camp": "camp_ids",
    "leg": "leg_ids",
    "place": "place_ids",
    "asset": "asset_ids",
    "quota": "quota_ids",
    "lift": "lift_ids",
    "contingent": "contingent_ids",
    "milestone": "milestone_ids",
}

#: Columns of measures that every plan has (see `measures`).
FIXED_MEASURES = 17

HOLDS = len(Hold)

#: What stops the kernel itself; the caller mends it and plays the replication again.
OUT_OF_BOUNDS, ROWS_FULL, MOVEMENTS_FULL, TAKES_FULL, STRIKES_FULL, EVENTS_FULL = range(1, 7)


def measures_count(milestones: int, camps: int) -> int:
    """How many columns a row of measures has."""
    return FIXED_MEASURES + milestones + 3 * camps + HOLDS
