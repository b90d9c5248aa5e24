"""The search of `calendar` against a full grid: every day of one date of a scenario, played with the same luck.

    python verification/calendar_grid.py baseline "limit of charters rises to 9" 2023-10-01 2023-12-31

prints the chance of each day, and exits with 1 where the last day of the grid is not the one that the search finds. The
search looks at about fifteen days; the grid shows whether those between them hold a surprise.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

from drawdown_sim.experiment.calendar.decide_by import DecideBy, Question, trial_of
from drawdown_sim.experiment.run import prepare
from drawdown_sim.experiment.variants import play
from drawdown_sim.experiment.workers import Workers

LINE, REPLICATIONS = 0.8, 300


def main(scenario: str, words: str, first: date, last: date) -> int:
    """Compare the grid with the search for the date that these words name."""
    base, team = prepare(scenario), Workers(2)
    now = trial_of(play([base], REPLICATIONS, team)[0], None)
    search = DecideBy(base, now, Question(LINE, None, REPLICATIONS, team))
    at = next(at for at, each in enumerate(search.dates) if each.words == words)
    search.dates, search.searches = [search.dates[at]], [search.searches[at]]
    moved = search.dates[0]
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    kept = []
    for day in days:
        trial = trial_of(play([prepare(moved.move(day))], REPLICATIONS, team)[0], None)
        keeps = trial.chance.probability >= LINE
        kept += [day] if keeps else []
        print(day, f"{trial.chance.probability:.3f} [{trial.chance.low:.3f}, {trial.chance.high:.3f}]", "*" * keeps)
    (entry,) = search.entries()
    expected = (max if moved.later_is_worse else min)(kept, default=None)
    print(f"search: {entry.day} after {len(search.tried[0])} days; grid: {expected} after {len(days)}")
    print(f"interval of the search: {entry.interval_first} to {entry.interval_last}")
    return int(entry.day != str(expected))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(date.fromisoformat, sys.argv[3:5])))
