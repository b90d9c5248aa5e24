"""What the package promises to those who install it: names, version, pins, and the files it carries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import drawdown_sim

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()


def named(requirement: str) -> str:
    """The name of a requirement, in the form that is compared."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return found[0].lower().replace("_", "-")


def test_the_public_names_are_these() -> None:
    questions = ["bound", "calendar", "compare", "explain", "optimise", "relief", "sensitivity", "sweep", "threshold"]
    assert sorted(drawdown_sim.__all__) == sorted(["__version__", "load", "run", "export", "query", *questions])
    assert dir(drawdown_sim) == sorted(drawdown_sim.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        _ = drawdown_sim.simulate


def test_one_version_is_told_everywhere() -> None:
    version = drawdown_sim.__version__
    assert PROJECT["project"]["version"] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_requirement_has_an_exact_pin_and_no_address() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = [*PROJECT["project"]["dependencies"], *(entry for extra in extras for entry in extra)]
    wanted += PROJECT["build-system"]["requires"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in PINS)
    # an extra may name others of its own project
    assert {named(entry) for entry in wanted} - {"drawdown-sim"} <= {named(pin) for pin in PINS}


def test_the_pins_satisfy_the_least_versions() -> None:
    def numbers(version: str) -> tuple[int, ...]:
        return tuple(map(int, re.findall(r"\d+", version)))

    pinned = {named(pin): numbers(pin.partition("==")[2]) for pin in PINS}
    for requirement in PROJECT["project"]["dependencies"]:
        least = numbers(requirement.partition(">=")[2])
        assert pinned[named(requirement)] >= least, requirement


def test_types_are_shipped_and_the_wheel_carries_scenarios_and_seeds() -> None:
    assert (ROOT / "src" / "drawdown_sim" / "py.typed").exists()
    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried == {"scenarios": "drawdown_sim/shipped/scenarios", "seeds": "drawdown_sim/shipped/seeds"}


def test_the_source_archive_names_what_is_there() -> None:
    listed = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert {"/scenarios", "/seeds", "/results", "/CONTRIBUTING.md", "/CITATION.cff", "/LICENSE"} <= set(listed)
    missing = [path for path in listed if not (ROOT / path.lstrip("/")).exists()]
    assert not missing


@pytest.mark.parametrize("name", ["reference", "engines", "questions", "cluster", "steps"])
def test_a_table_of_measures_is_that_of_its_record(name: str) -> None:
    if name == "cluster":
        pytest.importorskip("distributed")
    record = json.loads((ROOT / "benchmarks" / f"{name}.json").read_text(encoding="utf-8"))
    code = f"import json, sys, {name}; print({name}.table(json.load(sys.stdin)), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(record),
        cwd=ROOT / "benchmarks",
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout in (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert record.get("rounds", 7) >= 7
