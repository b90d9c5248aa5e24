"""The README: its commands are those that are checked, its code runs, its output blocks are real."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from drawdown_sim.experiment import prepare

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

_SHELL = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def blocks() -> ModuleType:
    """The script that renews the README's output blocks."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import readme_block
    finally:
        sys.path.pop(0)
    return readme_block


def set_ups() -> list[str]:
    """The commands of the README that set up an environment of their own."""
    return [line for block in _SHELL.findall(README) for line in block.splitlines() if "-m venv" in line]


def test_the_readme_has_two_commands_that_set_up_themselves() -> None:
    run, test = set_ups()
    assert run.endswith("&& .venv/bin/drawdown-sim run scenarios/baseline.yaml")
    assert test.endswith("&& .venv/bin/pytest -n auto")
    assert all("-c constraints.txt" in command for command in (run, test))


def test_the_ci_script_runs_the_readmes_test_command_and_installs_like_its_other() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    run, test = set_ups()
    assert test in script
    install, _, command = run.rpartition(" && ")
    assert f"{install} && {command} --replications 200 --no-spread --no-store" in script


@pytest.mark.parametrize(
    "name", ["baseline", "faults", "fact", "compare", "explain", "explain-once", "threshold", "bound"]
)
def test_an_output_block_of_the_readme_is_what_is_printed_today(blocks: ModuleType, name: str) -> None:
    if name in ("compare", "explain", "explain-once", "threshold"):
        pytest.importorskip("numba")  # thousands of futures
    fresh = blocks.renewed(README, frozenset({name}))
    assert fresh == README, "renew it: python docs/readme_block.py"


def test_the_readmes_advice_quotes_the_spread_that_its_run_shows() -> None:
    spread = re.search(r"(\d+ %) to (\d+ %), median (\d+ %) \(24 settings", README)
    assert spread is not None
    assert "runs from {} to {}, with a median of {},".format(*spread.groups()) in " ".join(README.split())


def test_the_what_if_block_belongs_to_the_variant_above_it(blocks: ModuleType) -> None:
    digest = prepare(blocks.written("mine.yaml", blocks.variant())).digest
    assert f"digest {digest}, seed 1, 200 runs" in README, "renew it: python docs/readme_block.py"


def test_the_readmes_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = _PYTHON.findall(README)
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert "more loads destroyed" in capsys.readouterr().out
