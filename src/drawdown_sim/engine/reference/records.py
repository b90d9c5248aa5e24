"""What the plan says of whatever a rule looks at often: one record each, instead of a cell in each of many columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .series import Series


@dataclass(slots=True)
class Candidate:
    """An item at a pick-up that a lift may carry."""

    pick: int
    item: int
    stage: int
    after: int  # the stage at which the lift sets it down
    people: bool
    armed: bool
    tied: bool  # people whom equipment may hold here
    with_column: bool  # from the rear party on it is left to the camp's column
    quotas: list[int]  # of the lift's quotas of people or loads, those that count it


#: units of a candidate that a movement takes
Take = tuple[Candidate, int]


@dataclass(slots=True)
class PickUp:
    """A place at which a lift loads, with what it may load there in order."""

    number: int
    place: int
    camp: int
    opens: int
    pauses: list[tuple[int, int]]
    keep: Series | None
    cands: list[Candidate]
    counts: Callable[[list[int]], Iterable[int]]  # picks what belongs to each of them out of a list by stage


@dataclass(slots=True)
class Threat:
    """What may happen on one leg."""

    row: int
    slot: int
    hazard: Series
    per_vehicle: bool
    driver: int
    uncovered: int
    exposed: int
    empty: int
    halt: Series
    hurt: Series
    lost: Series


@dataclass(slots=True)
class Leg:
    """A leg of a route."""

    row: int
    distance: int
    area: int
    rate: Series
    season: Series
    weather: int
    threats: list[Threat]
    after: list[tuple[int, int]]  # camps whose closure changes the hazard, and the factor


#: a leg to drive and the place at its end
Step = tuple[Leg, int]


@dataclass(slots=True)
class Stretch:
    """A part of the loaded run, up to a pick-up, a camp that may join or the end."""

    steps: list[Step]
    position: int  # of its first leg, counted over the whole movement
    pick: int  # the pick-up at its end, or -1
    join: int  # the row of the camp that may join at its end, or -1


@dataclass(slots=True)
class Lift:
    """All that the plan says of a lift, in the words of the scenario."""

    row: int
    rank: int
    # what it takes
    picks: list[PickUp]
    pick_of: dict[int, int]  # number of the pick-up by place
    cands: list[Candidate]  # of all pick-ups, in the order of loading
    carries_people: bool
    is_column: bool
    by_order: bool
    brings: int
    unit_quotas: list[int]  # of people or loads
    move_quotas: list[tuple[int, bool]]  # of movements or vehicles; whether vehicles count
    ceiling: int  # what its destination can ever hold
    # size, means, dates
    capacity: int
    least: int
    most: int
    wait: int
    reserve: int
    asset: int
    escort: int
    escort_vehicles: int
    escort_least: int
    needs: list[tuple[int, int]]
    first: int
    last: int
    hours_from: int
    hours_to: int
    hold: int
    # its way
    from_origin: bool
    returns: bool
    to: int
    home: int  # the first pick-up's place
    stretches: list[Stretch]
    empty: list[Step]
    classes: int
    supplies: int
    asked: tuple[list[tuple[int, int]], ...]  # per phase: (slot, gate) of the clearances to wait for
    overwatch: tuple[list[tuple[int, int]], ...]  # per phase: those that only cover
    ahead: int  # minutes before the end of loading at which the way back is asked for
    area: int
    # how long things take
    loading: Series
    loading_vehicle: Series
    unloading: Series
    rest: Series
    resupply: Series
    # numbers of its pairs in the draw book
    lead_draws: int
    answer_draws: int
    retry_draws: int
    rate_draws: int
    gap_draws: int
    strike_draws: int
    loading_draws: int
    unloading_draws: int
    rest_draws: int
    resupply_draws: int


@dataclass(slots=True)
class Task:
    """Work at a stage, for one crew."""

    stage: int
    item: int
    place: int
    camp: int
    is_first: bool
    starts: int
    rank: int
    batch: int
    minutes: Series
    draws: int


@dataclass(slots=True)
class Regime:
    """How an authority answers for a time."""

    stance: int
    is_obstructing: bool
    lead: Series
    refusal: Series  # threshold; 0 if it never refuses
    retry: Series
