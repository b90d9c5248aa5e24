"""An experiment in a small YAML file: which scenarios are compared, or which inputs of one are set to what.

The file says everything that its answer depends on, so that it can be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ..errors import ScenarioError
from .axes import Axis, axis_of
from .load import shipped_folder, shipped_names
from .resolve import Bundle
from .schema import Id
from .translate import fault_line, translate
from .writing import flow, scalar
from .yamlmarks import Node, parse, read_text

#: The key by which a file is known as an experiment.
KEY = "experiment"

COMMANDS = ("compare", "sweep")

#: Stands for the file where a command was told the experiment.
_TOLD = "command"

#: The keys in the order in which they are written.
_ORDER = (
    *("format", KEY, "title", "scenario", "scenarios", "set"),
    *("design", "settings", "milestone", "replications", "seed"),
)

Design = Literal["full", "lhs"]


class _Experiment(BaseModel):
    """What every experiment says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal[1] = 1
    title: str | None = None
    milestone: Id | None = None
    """The milestone that is asked about; left out, the main one."""
    replications: Annotated[int, Field(ge=2, le=1_000_000)] | None = None
    """Of each scenario or setting; left out, as many as take under two minutes."""
    seed: Annotated[int, Field(ge=0, le=(1 << 64) - 1)] = 1


class Comparison(_Experiment):
    """Scenarios side by side."""

    experiment: Literal["compare"] = "compare"
    scenarios: Annotated[list[str], Field(min_length=2, max_length=40)]
    """Files, or names of shipped scenarios; the first is the base."""

    def placed(self, names: list[str]) -> Comparison:
        """The same with other names of the scenarios."""
        return self.model_copy(update={"scenarios": names})


class Sweep(_Experiment):
    """One scenario with inputs set to several values."""

    experiment: Literal["sweep"] = "sweep"
    scenario: str
    """A file, or the name of a shipped scenario."""
    set: Annotated[dict[str, Any], Field(min_length=1)]
    """Dotted path to a list of values, to ``{low: ..., high: ...}``, or to `range`."""
    design: Design | None = None
    """All combinations, or a Latin hypercube; left out, a hypercube where a range is set."""
    settings: Annotated[int, Field(ge=2, le=500)] | None = None
    """Of a Latin hypercube."""

    def placed(self, names: list[str]) -> Sweep:
        """The same with another name of the scenario."""
        return self.model_copy(update={"scenario": names[0]})


Asked = TypeVar("Asked", Comparison, Sweep)


def is_experiment(name: str) -> bool:
    """Whether a file is there that says it is an experiment; one that cannot be read is none."""
    try:
        return Path(name).is_file() and KEY in parse(read_text(Path(name), name), name).entries
    except (ScenarioError, OSError, ValueError):
        return False


def read_experiment(name: str, model: type[Asked]) -> tuple[Asked, list[Axis]]:
    """Read an experiment's file, with the axes of a sweep.

    Scenarios are looked for beside the file, then among the shipped ones. Raises `ScenarioError` with all faults, each
    as ``file:line:column: key: what is wrong, what was expected``.
    """
    path = Path(name)
    tree = parse(read_text(path, name), name)
    kind, wanted = tree.entries.get(KEY), model.model_fields[KEY].default
    if kind is None or kind.value not in COMMANDS:
        raise ScenarioError([f"{(kind or tree).mark}: {KEY}: expected one of {', '.join(COMMANDS)}"])
    if kind.value != wanted:
        told = f"is a {kind.value}, not a {wanted}; play it with 'drawdown-sim {kind.value} {name}'"
        raise ScenarioError([f"{kind.mark}: {KEY}: {told}"])
    try:
        asked = model.model_validate(tree.plain())
    except ValidationError as error:
        raise ScenarioError(_faults(error.errors(include_url=False), model, tree)) from None
    if isinstance(asked, Comparison):
        return asked.placed([_found(path, each) for each in asked.scenarios]), []
    node = tree.entries["set"]
    axes = [axis_of(key, entry, node.mark_of(key)) for key, entry in asked.set.items()]
    return asked.placed([_found(path, asked.scenario)]), axes


def as_told(model: type[Asked], said: Mapping[str, Any]) -> Asked:
    """An experiment as a command was told it. Raises `ScenarioError` for what a file might not say either."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        told = _faults(error.errors(include_url=False), model, Node("mapping", _TOLD, 1, 1))
        raise ScenarioError([fault.replace(f"{_TOLD}:1:1: ", "--", 1) for fault in told]) from None


def _faults(errors: list[ErrorDetails], model: type[BaseModel], tree: Node) -> list[str]:
    known = list(model.model_fields)
    faults = []
    for error in errors:
        path, kind = error["loc"], error["type"]
        if kind == "extra_forbidden":
            close = get_close_matches(str(path[-1]), known, 1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            text = f"unknown key '{path[-1]}'; {hint}known keys: {', '.join(known)}"
            faults.append(fault_line(tree, path, text, at_key=True))
        elif kind == "missing":
            faults.append(fault_line(tree, path[:-1], f"the key '{path[-1]}' is missing"))
        else:
            faults += translate([error], tree)
    return faults


def _found(file: Path, name: str) -> str:
    """A scenario named in a file: one beside the file, or as it stands."""
    for suffix in ("", ".yaml"):
        beside = file.parent / f"{name}{suffix}"
        if beside.is_file():
            return str(beside)
    return name


def name_for(bundle: Bundle, folder: Path) -> str:
    """What a file in `folder` calls a scenario: a shipped one by its name, another by its path from there."""
    shipped = (shipped_folder() / "scenarios" / f"{bundle.name}.yaml").resolve()
    if bundle.name in shipped_names() and shipped == bundle.path:
        return bundle.name
    return Path(os.path.relpath(bundle.path, folder.resolve())).as_posix()


def experiment_yaml(asked: Comparison | Sweep) -> str:
    """The text of a file that reads back as the experiment."""
    said = asked.model_dump(exclude_none=True)
    lines = []
    for key in (key for key in _ORDER if key in said):
        entry = said[key]
        if isinstance(entry, dict):
            lines += [f"{key}:", *(f"  {scalar(path)}: {flow(values)}" for path, values in entry.items())]
        else:
            lines.append(f"{key}: {flow(entry)}")
    return "\n".join(lines) + "\n"
