"""What the commands that play an experiment share: their options, and the file that repeats it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..experiment.answers import Answer
    from ..scenario.experiment import Comparison, Sweep
    from ..scenario.resolve import Bundle

#: As in `options`, but left out they do not override what an experiment's file says.
Replications = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=2,
        max=1_000_000,
        help="Futures of each; left out, 10,000 or 2,000, or fewer if there are many to play.",
    ),
]
Seed = Annotated[int | None, typer.Option(metavar="N", min=0, help="Seed of all draws; left out, 1.")]
Save = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the experiment to a YAML file, which repeats it.")
]


def stated(**options: Any) -> dict[str, Any]:
    """The options that were given."""
    return {key: entry for key, entry in options.items() if entry is not None}


def check_save(path: Path | None) -> None:
    """Raise DrawdownError unless an experiment can be written there: asked before the work, not after."""
    from ..errors import DrawdownError

    if path is None:
        return
    if path.exists():
        raise DrawdownError(f"--save {path}: is there already; nothing is overwritten: name another file")
    if not path.parent.is_dir():
        raise DrawdownError(f"--save {path}: there is no folder {path.parent}")


def save_experiment(path: Path | None, asked: Comparison | Sweep, bundles: Sequence[Bundle], answer: Answer) -> None:
    """Write the experiment that gave an answer, with what was left out filled in."""
    from ..experiment.store import write_whole
    from ..scenario.experiment import experiment_yaml, name_for

    if path is not None:
        names = [name_for(bundle, path.parent) for bundle in bundles]
        keys = ["milestone", "replications"]
        if answer.question == "sweep":
            keys += ["design", "settings"] if answer.asked["design"] == "lhs" else ["design"]
        filled = {key: answer.asked[key] for key in keys}
        write_whole(path, experiment_yaml(asked.placed(names).model_copy(update=filled)).encode())
