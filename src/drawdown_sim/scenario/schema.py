"""What an author writes: the scenario as frozen models that refuse unknown keys.

Every quantity is a *value* with a ground (see `values`); everything else is structure: ids,
references to ids, words from a fixed list. The text under a field is its description in the
generated JSON schema (see `descriptions`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .values import (
    AssetCount,
    Capacity,
    Count,
    Day,
    Degree,
    Distance,
    Duration,
    Hazard,
    Limit,
    Load,
    LoadsPerHead,
    People,
    PlainDate,
    RateOfAdvance,
    Ratio,
    StockPerVehicle,
    Work,
)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A name in small letters, digits and hyphens; ids order ties and address draws."""

Clock = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""A time of day, UTC, written as text: "05:00"."""

Mode = Literal["road", "river", "rail", "air", "sea"]
CargoClass = Literal["container", "vehicle", "towed", "sensitive", "structure"]
Direction = Literal["lift-out", "lift-back", "march-out", "exit"]
TrafficClass = Literal["cargo", "people", "arms", "medical", "overwatch", "supplies"]


class Strict(BaseModel):
    """House rules for every model of the format."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,  # "yes" is no truth value, 5 is no text
        arbitrary_types_allowed=True,
        defer_build=True,  # built once, within the scenario, when the first one is read
    )


class Span(Strict):
    """A window of dates; the last day is included."""

    first: Day
    """First day of the window."""
    last: Day
    """Last day of the window, included."""


# --- the world -----------------------------------------------------------------------------------


class Area(Strict):
    """A part of the theatre whose places and legs share drivers."""

    title: str = ""
    """Name for people."""


class State(Strict):
    """One level of a driver."""

    factor: Ratio
    """What a quantity that reads the driver is multiplied by at this level."""
    stays: Ratio
    """Chance, from one week to the next, of staying at this level."""
    initial: Ratio
    """Chance of starting at this level; the chances of all levels add up to 1."""


class Override(Strict):
    """A dated regime that replaces a driver's level without shifting any draw."""

    area: Id
    """Where the regime holds."""
    state: Id
    """The level it imposes."""
    during: Span
    """When."""


class Driver(Strict):
    """A small Markov chain per area and week: security, weather, an authority's mood.

    Leaving a level leads to the next one up or down, half and half; from the first or the last
    level there is one way to go. States are ordered by factor, then by id, whatever their order here.
    """

    states: dict[Id, State] = Field(min_length=2, max_length=5)
    """The levels, ordered by factor."""
    loading: Ratio
    """Share of weeks in which an area follows the mission-wide chain instead of its own luck."""
    overrides: dict[Id, Override] = {}
    """Dated regimes."""


class Supply(Strict):
    """Fuel, water and rations at a place, counted in days of its first population."""

    stock: Duration
    """What is there at the start, as days of supply for all people there at the start."""
    reserve: Duration
    """Level, in days for the people present, under which the decision rules speak."""


class Place(Strict):
    """Somewhere that people and loads start, gather, or leave."""

    kind: Literal["camp", "hub", "airfield", "border", "port", "exit"]
    """What it is. Whoever arrives at an exit is out."""
    title: str = ""
    """Name for people."""
    area: Id | None = None
    """The area whose drivers act here."""
    room: People | None = None
    """Most people in transit (arrived, not yet left); the move before waits when full."""
    yard: Load | None = None
    """Most loads in transit (arrived, not yet left); the move before waits when full."""
    supply: Supply | None = None
    """Stock of supplies; left out, supplies never bind here."""
    latitude: Degree | None = None
    """For maps."""
    longitude: Degree | None = None
    """For maps."""


class Threat(Strict):
    """Something that strikes a movement on a leg: a device, an ambush, a breakdown."""

    per: Literal["convoy", "vehicle"]
    """Whether the hazard counts per convoy or per vehicle."""
    halt: Duration
    """Time lost to one event."""
    hurt: People | None = None
    """People hurt in one event."""
    lost: AssetCount | None = None
    """Vehicles lost in one event, with their load."""
    driver: Id | None = None
    """Driver whose level in the leg's area multiplies the hazard."""
    uncovered: Ratio | None = None
    """Factor on the hazard when overwatch was asked for and refused."""
    exposed: Ratio | None = None
    """Factor on the hazard while a place of the leg's area is below its minimum force."""
    empty: Ratio | None = None
    """Factor on the hazard of an empty run."""


class Leg(Strict):
    """One stretch between two places, in both directions."""

    between: tuple[Id, Id] = Field(strict=False)
    """The two places."""
    mode: Mode
    """How it is travelled."""
    area: Id | None = None
    """The area whose drivers act on it."""
    distance: Distance
    """Length."""
    rate: RateOfAdvance
    """Rate of advance, night halts included; one draw per movement and leg."""
    season: Ratio | None = None
    """Factor on the rate of advance, usually by date."""
    weather: Id | None = None
    """Driver whose level divides the rate of advance."""
    threats: dict[Id, Hazard] = {}
    """Hazard of each threat."""
    after_closure: dict[Id, Ratio] = {}
    """Factor on all hazards of the leg once the named camp has closed."""


class Ban(Strict):
    """A window in which legs, places or lifts are closed to traffic, by date or by chance."""

    legs: list[Id] = []
    """Legs that nothing enters."""
    places: list[Id] = []
    """Places that nothing leaves or enters."""
    lifts: list[Id] = []
    """Lifts that may not depart."""
    classes: list[TrafficClass] = []
    """Only these classes of traffic; empty means all."""
    start: Day
    """First day; a distribution makes it a chance."""
    last: Day | None = None
    """Last day, included. Give this or a length."""
    length: Duration | None = None
    """How long it lasts; may be drawn."""
    chance: Ratio | None = None
    """Chance that it happens at all."""


# --- who permits ---------------------------------------------------------------------------------


class Authority(Strict):
    """Someone who gives or refuses clearances."""

    title: str = ""
    """Name for people."""


class Regime(Strict):
    """How an authority answers from a date on."""

    start: Day | None = None
    """First day of the regime; left out, it holds from the start of the scenario."""
    stance: Literal["cooperative", "delaying", "obstructing"]
    """Obstructing refuses everything; cooperative and delaying differ in name, for reports."""
    lead: Duration | None = None
    """Time from a request to its answer. Needed unless obstructing."""
    refusal: Ratio | None = None
    """Chance that the answer is no."""
    retry: Duration
    """Time after a refusal until the next request."""


class Clearance(Strict):
    """A permission that some movements need, and how it is given."""

    authority: Id
    """Who gives it."""
    classes: list[TrafficClass] = []
    """Classes of traffic that need it; empty means all."""
    directions: list[Direction] = []
    """Directions that need it; empty means all."""
    modes: list[Mode] = []
    """Modes that need it; empty means all."""
    areas: list[Id] = []
    """Only lifts that pick up in these areas; empty means all."""
    lifts: list[Id] = []
    """Only these lifts; empty means all."""
    regimes: dict[Id, Regime] = Field(min_length=1)
    """How it is given, by date."""
    valid: Duration | None = None
    """Time for which a clearance holds; then it lapses and is asked for again."""
    ahead: Duration | None = None
    """How long before loading ends the way back is requested."""
    driver: Id | None = None
    """Driver whose level multiplies lead time and refusal in the area of pick-up."""
    after: list[Id] = []
    """No answer before these camps have closed (another party's operation)."""
    advisory: bool = False
    """Asked for, but not waited for: refused overwatch raises the hazard, the convoy still goes."""


# --- means ---------------------------------------------------------------------------------------


class Change(Strict):
    """A dated gain or loss of assets."""

    on: Day
    """The day."""
    gain: AssetCount | None = None
    """How many arrive."""
    loss: AssetCount | None = None
    """How many leave; those on the road leave when they come back."""


class Asset(Strict):
    """Counted means with a home: trucks, escorts, crews, aircraft, desks, ships."""

    kind: Literal["truck", "escort", "crew", "aircraft", "desk", "ship", "other"]
    """What it is."""
    at: Id
    """Home."""
    number: AssetCount
    """How many at the start."""
    changes: dict[Id, Change] = {}
    """Dated gains and losses. A move is a loss here and a gain there."""
    contingent: Id | None = None
    """Who provides it: it is lost when that contingent's tour ends or its equipment is packed."""
    until: Literal["packed", "gone", "tour end"] | None = None
    """What ends its service: equipment packed, its people gone from its home, or the tour's end."""


class Quota(Strict):
    """What is counted per period: flights a day, calls a week, people rotated a month."""

    kind: Literal["slot", "seat", "rotation cap", "desk", "berth", "border", "plan"]
    """What it is called in reports."""
    per: Literal["day", "week", "month"]
    """Period; weeks start with the scenario, months are calendar months."""
    counts: Literal["movements", "vehicles", "people", "loads"]
    """What is counted."""
    limit: Limit
    """Most per period, often by date."""
    contingents: list[Id] = []
    """For people: only members of these contingents; empty means all."""
    lifts: list[Id] = Field(min_length=1)
    """Lifts that draw on it."""


# --- what must leave -----------------------------------------------------------------------------


class Contingent(Strict):
    """A formed body from one contributor, or a body of civilians."""

    title: str = ""
    """Name for people."""
    tour_end: Day | None = None
    """Last day of duty: afterwards it guards but does not escort, and is reported overdue."""


class Cohort(Strict):
    """People of one contingent at one place who take the same way out."""

    contingent: Id
    """Whose people."""
    kind: Literal["troops", "police", "civilian"]
    """Class of people."""
    at: Id
    """Where they are at the start."""
    number: People
    """How many."""
    armed: bool = True
    """Whether they count towards minimum force."""
    via: list[Id] = Field(min_length=1)
    """Places on the way, the last one an exit."""
    rank: int = Field(default=5, ge=0, le=9)
    """Class rank: low goes first."""
    stays: Ratio | None = None
    """Weight in the declared residual: how many of those who stay are taken from this cohort."""
    with_equipment: bool = False
    """Leave only as the contingent's own cargo at the same place is packed, in proportion."""
    advance: Ratio | None = None
    """Share that may go before any equipment is packed (advance party)."""


class Inspection(Strict):
    """Work on a load at a place on its way."""

    crews: Id
    """Desks or crews that do it."""
    work: Work
    """Time for one load."""


class Lot(Strict):
    """Cargo of one owner and class at one place: a count of loads, divisible."""

    owner: Id
    """Contingent that owns it, or `un`."""
    kind: CargoClass
    """Class."""
    at: Id
    """Where it is at the start."""
    number: Load | None = None
    """How many loads. Give this or a ratio per person."""
    per_person: LoadsPerHead | None = None
    """Loads per person at the place at the start, rounded up over the place."""
    via: list[Id] = []
    """Places on the way, the last one an exit or where it is stored; empty if it stays."""
    disposition: Literal["repatriate", "redeploy", "store", "sell", "gift", "dispose", "destroy", "stay"]
    """What is planned for it. Only the first three are moved."""
    arms: bool = False
    """Arms, ammunition or armour: may not be sold or given."""
    own_means: bool = False
    """Travels with the camp's own column: own vehicles and what they carry."""
    work: Work | None = None
    """Crew time to make one load ready: inventory, inspection, cleaning, packing, papers."""
    crews: Id | None = None
    """The crews that do it."""
    batch: int = Field(default=10, ge=1, le=10_000)
    """Loads made ready together."""
    starts: Day | None = None
    """Day from which preparation may begin; left out, the start of the scenario."""
    rank: int = Field(default=5, ge=0, le=9)
    """Class rank: low goes first."""
    inspection: dict[Id, Inspection] = {}
    """Work at a place on the way (customs, sorting yard) before the next move."""


# --- movement ------------------------------------------------------------------------------------


class Escort(Strict):
    """The protection a lift needs."""

    asset: Id
    """Escorts it takes."""
    vehicles: AssetCount | None = None
    """Most vehicles per escort; left out, one escort whatever the size."""
    least: int = Field(default=1, ge=1)
    """Escorts below which it does not form."""


class Join(Strict):
    """A column on its way picks up another camp that is ready to close."""

    at: Id
    """The camp passed."""
    wait: Duration
    """Longest wait there for the camp to be ready."""


class Lift(Strict):
    """A kind of movement between two places: convoy, march-out, sortie, charter, ship."""

    mode: Mode
    """How it moves."""
    pick_up: list[Id] = Field(min_length=1)
    """Places where it loads, in the order of the loaded run."""
    to: Id
    """Where it delivers."""
    route: list[Id] = Field(min_length=1)
    """Legs of the loaded run, from the first pick-up on."""
    based: Literal["destination", "origin"]
    """Where its means have their home: trucks of a hub run empty to the camp (destination)."""
    returns: bool = True
    """Whether means based at the origin come back; a march-out does not, and its assets are gone for good."""
    carries: Literal["cargo", "people", "column"]
    """Loads, people, or a whole camp that closes (people and own means)."""
    kinds: list[CargoClass] = []
    """Cargo classes it takes; empty means all."""
    contingents: list[Id] = []
    """Only these contingents; empty means all (with loads of the UN)."""
    classes: list[TrafficClass] = Field(min_length=1)
    """Class of traffic, for clearances and bans."""
    asset: Id | None = None
    """Vehicles, aircraft or ships it takes; left out, own means."""
    capacity: Capacity
    """Loads or people one vehicle carries."""
    least: AssetCount | None = None
    """Least vehicles worth moving; smaller only after the longest wait or for the last of it."""
    most: AssetCount | None = None
    """Most vehicles in one movement; left out, no limit."""
    wait: Duration | None = None
    """Longest wait of a unit for a movement of the least size; left out, none."""
    reserve: Duration | None = None
    """After this wait it keeps free vehicles and escorts from lifts of a lower rank."""
    escort: Escort | None = None
    """Escort needed."""
    needs: dict[Id, Annotated[int, Field(ge=1)]] = {}
    """Any further assets and how many, held for the whole movement."""
    loading: Duration | None = None
    """Time to load at each pick-up."""
    loading_per_vehicle: Duration | None = None
    """Time added per vehicle."""
    unloading: Duration | None = None
    """Time to unload at the destination."""
    rest: Duration | None = None
    """Time after the return before means are free again."""
    hours: tuple[Clock, Clock] | None = Field(default=None, strict=False)
    """Hours of departure; a movement leaves a place only within them."""
    hold: Duration | None = None
    """Longest time a formed movement keeps its means while it waits to depart."""
    supplies: Duration | None = None
    """Supplies carried; a run that lasts longer is resupplied each time they are used up."""
    resupply_halt: Duration | None = None
    """Time lost to one resupply on the road."""
    brings: StockPerVehicle | None = None
    """Supplies each vehicle brings to the pick-ups on its empty run."""
    joins: dict[Id, Join] = {}
    """Camps whose column joins this one on its way."""
    by_order: bool = False
    """A national order: its people go even where that leaves a place below its minimum force."""
    rank: int = Field(default=5, ge=0, le=9)
    """Order among lifts: low first."""
    first: Day | None = None
    """First day of service."""
    last: Day | None = None
    """Last day of service."""


# --- a camp's life -------------------------------------------------------------------------------


class Guard(Strict):
    """Minimum force: armed people a camp keeps while there is something to guard."""

    least: People
    """Never fewer while cargo or unarmed people are due to leave or, where a column leaves last, until it goes."""
    perimeter: People | None = None
    """Kept in full until the camp is empty of cargo due to leave or has accelerated."""
    cargo: People | None = None
    """Kept in proportion to the cargo still due to leave."""
    satellites: People | None = None
    """Kept in proportion to the camps it still serves."""


class Window(Strict):
    """The plan's closing date for a camp, as known from a day on."""

    known: Day
    """Day on which this version became known."""
    target: Day
    """Target day, usually uniform over a window; one draw per camp."""


class Camp(Strict):
    """How a camp, or a hub, is emptied and closed. Its key is the place."""

    window: dict[Id, Window] = {}
    """Versions of the planned closing date; the latest one known holds. Empty: when ready."""
    after: list[Id] = []
    """Camps that must have closed before (order of closure)."""
    serves: list[Id] = []
    """Camps that move through here: a hub cannot close before them."""
    closes: bool = True
    """False for a site that stays open past the milestone (liquidation)."""
    column: Id | None = None
    """Lift by which the last people and the own vehicles leave; left out, ordinary lifts."""
    handover: Duration | None = None
    """Rear party: time from empty to ready for the last march."""
    guard: Guard | None = None
    """Minimum force."""
    keep: People | None = None
    """People who must still be here, by date (hold-back of the plan)."""
    opens: Day | None = None
    """Day before which no people and no cargo leave (phase gate)."""
    pauses: dict[Id, Span] = {}
    """Windows in which nothing leaves."""
    receiver_ready: Day | None = None
    """Day on which someone can take the site over; a camp closed before is not transferred."""


# --- decisions and milestones --------------------------------------------------------------------


class Level(Strict):
    """A driver's level as a condition."""

    driver: Id
    area: Id
    state: Id
    """At this level or above (in the order of factors)."""


class Condition(Strict):
    """All that is given must hold."""

    blocked: Duration | None = None
    """Clearances for a lift of the camps refused for this long, counted from the start of the block."""
    level: Level | None = None
    """A driver at a level."""
    below_reserve: list[Id] = []
    """Supplies below reserve at any of these places."""
    closed: list[Id] = []
    """These camps have closed."""
    before_deadline: Duration | None = None
    """So long before the milestone's deadline, or less."""
    on: Day | None = None
    """A date: what was ordered from outside, or a replay."""


class Decision(Strict):
    """A rule that the mission follows; looked at once a day."""

    do: Literal["accelerate", "destroy", "divert", "give up"]
    """What is decided."""
    camps: list[Id] = []
    """For which camps; for a give-up, the hubs."""
    when: dict[Id, Condition] = Field(min_length=1)
    """Any one of these conditions, once, starts it."""
    milestone: Id | None = None
    """Milestone whose deadline `before_deadline` counts from; needed if there are several."""
    rate: Limit | None = None
    """Destroy: loads a day at each camp; left out, at once."""
    spare: list[CargoClass] = []
    """Destroy: classes left alone (given or abandoned where they stand)."""
    stop: list[Id] = []
    """Divert: lifts that stop."""
    begin: list[Id] = []
    """Divert: lifts that begin."""


class Moved(Strict):
    """A later version of a deadline."""

    known: Day
    """Day it became known."""
    deadline: Day
    """The new deadline, that day included."""


class LastDays(Strict):
    """What gives way before a deadline."""

    length: Duration
    """How long before the deadline's end."""
    people_go: bool = True
    """People no longer wait for their equipment nor for hold-backs."""
    cargo_left: bool = True
    """Cargo not yet prepared is declared residual and holds nobody."""


class Milestone(Strict):
    """A date by which stated people, cargo and camps must be out or closed."""

    title: str = ""
    """Name for people."""
    deadline: Day
    """That day is included."""
    moved: dict[Id, Moved] = {}
    """Later versions, each from the day it became known."""
    people: bool = True
    """All people due to leave are out (the declared residual stays)."""
    contingents: list[Id] = []
    """Only these contingents; empty means all."""
    cargo: list[CargoClass] = []
    """Cargo classes due to leave that must be out of their camps and delivered."""
    camps: list[Id] = []
    """Camps that must be closed."""
    last_days: LastDays | None = None
    """What gives way shortly before."""
    authority_ends: bool = False
    """Whether guard and escort authority end with the deadline."""
    ends: list[Id] = []
    """Assets whose authority ends with the deadline."""
    guarded: list[Id] = []
    """Places with a named guard force afterwards; any other place must be empty by then."""


class Residual(Strict):
    """Who stays after the milestone, by declaration: one number, shared out by weights."""

    number: People
    """How many people stay."""
    title: str = ""
    """Who they are."""


class Total(Strict):
    """A documented total that entries must add up to."""

    of: Literal["people", "uniformed", "civilian", "loads", "containers", "vehicles"]
    """What is added up over the scenario."""
    is_: Count = Field(alias="is")
    """The documented total."""
    tolerance: Ratio
    """Share by which the sum may miss it."""


class Scenario(Strict):
    """A withdrawal, as an author writes it."""

    format: Literal[1]
    """Version of this format."""
    title: str
    """What the scenario is, in a line."""
    note: str = ""
    """Background for readers."""
    answer: dict[Id, str] = {}
    """For teaching cases: what a student works out by hand, checked by the tests."""
    because: str | None = None
    """Ground of every value that names none; for invented cases only."""
    start: PlainDate
    """First day, at 00:00 UTC."""
    horizon: PlainDate
    """Day on which the clock stops, well past the deadline."""
    as_of: PlainDate
    """Day of knowledge: an input known only later must be marked hindsight."""
    replay: bool = False
    """True if dates of decisions or ends of holds are inputs: such a run is never scored."""
    areas: dict[Id, Area] = {}
    drivers: dict[Id, Driver] = {}
    places: dict[Id, Place] = Field(min_length=1)
    legs: dict[Id, Leg] = {}
    threats: dict[Id, Threat] = {}
    bans: dict[Id, Ban] = {}
    authorities: dict[Id, Authority] = {}
    clearances: dict[Id, Clearance] = {}
    assets: dict[Id, Asset] = {}
    quotas: dict[Id, Quota] = {}
    contingents: dict[Id, Contingent] = {}
    people: dict[Id, Cohort] = {}
    cargo: dict[Id, Lot] = {}
    lifts: dict[Id, Lift] = {}
    camps: dict[Id, Camp] = {}
    decisions: dict[Id, Decision] = {}
    milestones: dict[Id, Milestone] = Field(min_length=1)
    residual: Residual | None = None
    totals: dict[Id, Total] = {}
