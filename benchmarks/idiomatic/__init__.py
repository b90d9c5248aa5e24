"""The scenario `baseline` as somebody who knows SimPy would write it: a yardstick for the engines.

It plays a compiled plan by the rules of docs/events.md and gives the same closures and milestones to the minute, but
keeps no table: no rows, holds or causes. It takes nothing from the engines.

- *Processes* are movements, each of their clearances, camps, lifts, crews, quotas, bans, milestones, the calendar, the
  mornings, a destruction. What takes time is a `timeout`; what may end in two ways waits for one event or the other.
- *Resources* are containers of means and stores of orders and batches. What is scarce is granted by one process, the
  allocator (`World.allocate`): the contract's order among those who wait at the same minute is not that of their
  arrival, and most need several things together or none, which a queue at each resource cannot say. It sleeps until
  something changes, lets everything else in that minute happen, and looks at all that waits in that order until
  nothing more can be granted: at every movement, camp and crew, and at the lifts that pick up where something has
  changed or use what has come free. Looking at all lifts each time gives the same and takes two to three times as long.
- *Chance* is drawn when it is needed, by `model.draws.draw`; only the levels of drivers are drawn ahead.

Left out are rules that this plan does not use: room in transit, seasons, pauses, monthly quotas, quotas of vehicles
and loads, further needs, loading times per vehicle, hours over midnight, means that do not come back or serve until
packed, gone or the end of a tour, changes of crews and deadlines, gates that wait for camps, bans of places and bans
by chance, milestones by contingent or cargo, decisions to give up a camp, by driver, date or closure, destruction
without a rate, columns that disband, camps that were to stay and are given up, transfers, the end of runs that stall,
and people hurt. A plan that uses one of them is played wrongly, without a word.
"""

from __future__ import annotations

from drawdown_sim.model.plan import Plan

from .world import World

__all__ = ["simulate"]


def simulate(plan: Plan, seed: int, replication: int) -> dict[str, int]:
    """Play one replication; gives the minutes at which camps closed and milestones were reached, by sort and id."""
    world = World(plan, seed, replication)
    world.run()
    minutes = {f"camp {plan.camp_ids[row]}": minute for row, minute in world.closures.items()}
    for name, milestone in zip(plan.milestone_ids, world.milestones, strict=True):
        if milestone.minute is not None:
            minutes[f"milestone {name}"] = milestone.minute
    return minutes
