"""Where to look: every plan where they are few, and else where an existing optimiser expects better ones.

The optimiser is Optuna's tree-structured Parzen estimator for several aims: Y. Ozaki and others, Journal of Artificial
Intelligence Research 73 (2022) 1209. It is asked for a batch of plans and told how they did, in an order that does not
depend on who plays them.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np

from ...errors import DrawdownError
from ...model.draws import key_of, owner_key, philox_block
from .space import Space
from .trials import BATCH, Trial, Trials

#: Code of this search in the addresses of draws; far above the engine's points.
POINT = 0xF5

#: The first share of the plans is spread by chance, before any is expected to be good.
STARTUP = 0.2

#: Plans that are asked for, as a multiple of those that are played: the optimiser may name one again.
MOST_ASKED = 4


def check_optimiser() -> None:
    """Raise DrawdownError where the optimiser is not installed: asked before the work, not after."""
    if find_spec("optuna") is None:
        raise DrawdownError(
            "the plans are too many to try them all, and the search needs optuna, which is not installed:"
            " pip install 'drawdown-sim[optimise]', or leave fewer inputs free, in shorter ranges"
        )


def enumerate_all(space: Space, trials: Trials) -> None:
    """Play every plan. Raises EngineError."""
    points = list(space.points())
    for at in range(0, len(points), BATCH):
        trials.try_all(points[at : at + BATCH])


def search(space: Space, trials: Trials, seed: int, most: int) -> None:
    """Play up to `most` plans where the optimiser expects good ones. Raises EngineError."""
    import optuna

    ranges = {c.path: optuna.distributions.IntDistribution(0, c.count - 1) for c in space.choices}
    study = _study(seed, most)
    study.enqueue_trial({choice.path: place for choice, place in zip(space.choices, space.start, strict=True)})
    asked = 0
    while len(trials) < most and asked < MOST_ASKED * most:
        batch = [study.ask(fixed_distributions=ranges) for _ in range(min(BATCH, most - len(trials)))]
        asked += len(batch)
        points = [space.fitted(tuple(one.params[choice.path] for choice in space.choices)) for one in batch]
        for one, trial in zip(batch, trials.try_all(points), strict=True):
            if trial is None:
                study.tell(one, state=optuna.trial.TrialState.FAIL)
            else:
                study.tell(one, _told(trial))


def _told(trial: Trial) -> tuple[float, float, float]:
    """What the optimiser hears: the futures in time, of equal plans the earlier one first; losses; exposure.

    The finish only settles ties: it adds less than one future, and gives a direction where no plan is in time, or all.
    """
    return trial.chance.hits + 1 / (1 + trial.finish), trial.losses, trial.exposure


def _study(seed: int, most: int) -> Any:
    """A study in memory with a sampler that depends on the seed alone."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        # in Optuna 4 both options are called experimental; in 5 they are the usual ones
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=_seed_of(seed), n_startup_trials=max(round(STARTUP * most), 1), multivariate=True, constant_liar=True
        )
    return optuna.create_study(directions=["maximize", "minimize", "minimize"], sampler=sampler)


def _seed_of(seed: int) -> int:
    """The sampler's seed, drawn like all chance from the run's seed."""
    counters = np.zeros((1, 4), dtype=np.uint32)
    counters[0, 1] = POINT << 16
    counters[0, 2] = owner_key("optimise", "")
    return int(philox_block(counters, key_of(seed))[0, 0])
