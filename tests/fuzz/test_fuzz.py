"""Mutations of the shipped files: each loads or is refused in our own words, and none hangs.

What loads is compiled and shown; a teaching case is simulated once, within a budget of rows. The
mutants follow from their number alone. `DRAWDOWN_FUZZ` is how many there are, `DRAWDOWN_FUZZ_FIRST`
the first: a mutant that fails is reported with its number and kept in the folder `kept` once it is mended.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from drawdown_sim.engine import simulate
from drawdown_sim.engine.reference import run as engine_run
from drawdown_sim.errors import PlanError, ScenarioError
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.report.listings import check_report, input_entries, overview
from drawdown_sim.scenario import Bundle, canonical_json, load, resolved_yaml
from drawdown_sim.scenario.sources import Register

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "kept"

MUTANTS = int(os.environ.get("DRAWDOWN_FUZZ", "600"))
FIRST = int(os.environ.get("DRAWDOWN_FUZZ_FIRST", "0"))
#: Mutants to a test: enough to share the copies of the shipped files, few enough to spread over processes.
BATCH = 30

NUMBERS = ("0", "1", "2", "-1", "0.5", "1000", "9999999", "1e400", "1e18")

#: A mutant that takes longer [s] hangs.
LONGEST = 20.0
ROW_BUDGET = 20_000

NASTY = (
    "", "~", "no", "on", "1:30", "-1", "0", "0 days", "-5 persons", "1000000000000000000 persons", "10000000 persons",
    "10000000 loads", ".nan", ".inf", "1e400", "1e400 km", "1e-400 km", "0.1 km/day", "50000 km", "1000000 days",
    "0x7fffffff", "9999999999999999999999", "[]", "{}", "[[]]", "{value: }", "{fact: }", "{by_date: {}}", "[a, b, c]",
    '""', '"\\0"', "'", '"', "!!int 3", "&a [*a]", "*a", "<<", "|", "2023-02-30", "1900-01-01", "2199-12-31",
    "0000-00-00", "true", "false", "null", "un", "é", "\U0001f69a", "\t", "{uniform: [1 day, 9 days]}",
    "{uniform: [9 days, 1 day]}",
    "{lognormal: {median: 1 minute, p90: 900000 days}}", "{lognormal: {median: 2 days, p90: 3 days}}", "1 minute",
    "{empirical: [1 day, 2 days, 1000000 days]}", "{triangular: [0 days, 0 days, 0 days]}", "100 percent", "0.5", "5",
    '{value: 3 days, from: "9**9**9"}', '{value: 3 days, from: "1/0"}',
    "{value: 2 days, because: x, range: [1 day, 3 days]}",
    "{by_date: {start: 1 day, 2024-01-03: 2 days}}", "{uniform: [2024-01-02, 2024-03-02]}", "2024-01", "accelerate",
)  # fmt: skip
SIGNS = "{}[]:,#&*!|>'\"%@`\t\r\n\0\x07é-+.<?~ 09"

_SCALAR = re.compile(r"(?<=: )[^\s,{}\[\]#]+(?: [a-z/]+)?|(?<=[\[,] )[^\s,{}\[\]#]+|(?<=\[)[^\s,{}\[\]#]+")
_NUMBER = re.compile(r"(?<![\w-])\d+(?:\.\d+)?(?![\w-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{2,}")
_PAIR = re.compile(r"[a-z_-]+: [^,{}\[\]\n]+, ")

Change = Callable[[random.Random, str], str]


def _lines(change: Callable[[random.Random, list[str], int], None]) -> Change:
    """A change of lines, given one of them."""

    def apply(chance: random.Random, text: str) -> str:
        lines = text.splitlines(keepends=True) or [""]
        change(chance, lines, chance.randrange(len(lines)))
        return "".join(lines)

    return apply


def _delete(chance: random.Random, lines: list[str], at: int) -> None:
    del lines[at : at + chance.choice((1, 1, 1, 3))]


def _double(chance: random.Random, lines: list[str], at: int) -> None:
    lines.insert(chance.choice((at, chance.randrange(len(lines)))), lines[at])


def _swap(chance: random.Random, lines: list[str], at: int) -> None:
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _indent(chance: random.Random, lines: list[str], at: int) -> None:
    bare = lines[at].lstrip(" ")
    width = len(lines[at]) - len(bare) + chance.choice((-4, -2, -1, 1, 2, 4))
    lines[at] = (" " * max(width, 0) if chance.random() < 0.9 else "\t") + bare


def _sign(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice((*SIGNS, "")) + text[at + chance.choice((0, 1)) :]


def _truncate(chance: random.Random, text: str) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _replace(pattern: re.Pattern[str], new: Callable[[random.Random, str], str]) -> Change:
    """Replace one match of a pattern by what `new` makes of the text."""

    def apply(chance: random.Random, text: str) -> str:
        matches = list(pattern.finditer(text))
        if not matches:
            return text
        match = chance.choice(matches)
        return text[: match.start()] + new(chance, text) + text[match.end() :]

    return apply


def _other(pattern: re.Pattern[str]) -> Change:
    """Another match of the same pattern, so that ids, words and dates come where they do not belong."""
    return lambda chance, text: chance.choice(pattern.findall(text))


CHANGES: tuple[Change, ...] = (
    _lines(_delete),
    _lines(_double),
    _lines(_swap),
    _lines(_indent),
    _sign,
    _truncate,
    _replace(_SCALAR, lambda chance, _: chance.choice(NASTY)),
    _replace(_SCALAR, lambda chance, _: chance.choice(NASTY)),
    _replace(_NUMBER, lambda chance, _: chance.choice(NUMBERS)),
    _replace(_NUMBER, lambda chance, _: str(chance.randrange(1, 60))),
    _replace(_DATE, _other(_DATE)),
    _replace(_WORD, _other(_WORD)),
    _replace(_WORD, _other(_WORD)),
    _replace(_SCALAR, _other(_SCALAR)),
    _replace(_PAIR, lambda *_: ""),
)


def mutant(number: int, texts: dict[str, str]) -> tuple[str, str]:
    """The file that this mutant comes from, and its text."""
    chance = random.Random(number)
    kinds = {
        "teaching": [name for name in texts if "/teaching/" in name],
        "scenario": [name for name in texts if name.startswith("scenarios/") and name.count("/") == 1],
        "seeds": [name for name in texts if name.startswith("seeds/")],
    }
    kind = chance.choices(list(kinds), weights=(8, 2, 1))[0]
    name = chance.choice(sorted(kinds[kind]))
    text = texts[name]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choice(CHANGES)(chance, text)
    return name, text


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped scenarios and seeds that may be written to."""
    root = tmp_path_factory.mktemp("fuzz")
    for folder in ("scenarios", "seeds"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.fixture(scope="module")
def texts(tree: Path) -> dict[str, str]:
    """The shipped files by name, without the long seeds, of which every fact is alike."""
    paths = [path for path in tree.rglob("*.yaml") if "records" not in path.parts]
    read = {path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}
    return {name: text for name, text in read.items() if name.startswith("scenarios/") or len(text) < 60_000}


@pytest.fixture(autouse=True)
def _small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_run, "ROW_BUDGET", ROW_BUDGET)


@contextmanager
def no_hang() -> Iterator[None]:
    """Interrupt what takes too long."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"took longer than {LONGEST} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def try_scenario(path: Path, is_small: bool) -> Bundle | None:
    """Load, compile, show and, if it is small, simulate; None if it is refused."""
    try:
        bundle = load(path)
        plan = compile_plan(bundle)
    except (ScenarioError, PlanError) as refused:
        told = str(refused)
        assert told.strip()
        assert not re.search(r"pydantic|Traceback|Input should|<class|NoneType", told), told
        assert all(line.isprintable() for line in told.splitlines())
        return None
    canonical_json(bundle)
    resolved_yaml(bundle, origin=True)
    overview(bundle, 80)
    check_report(bundle, 80)
    input_entries(bundle)
    if is_small:
        simulate(plan, 1, 0)
    return bundle


def try_seeds(path: Path, text: str) -> None:
    """Read every entry of a mutated seeds file."""
    alone = path.parents[1] / "alone"
    alone.mkdir(exist_ok=True)
    (alone / path.name).write_bytes(text.encode())
    with suppress(ScenarioError):
        Register([(alone, "alone")]).check()
    (alone / path.name).unlink()


@pytest.mark.parametrize("first", range(FIRST, FIRST + MUTANTS, BATCH))
def test_a_mutant_loads_or_is_refused(first: int, tree: Path, texts: dict[str, str]) -> None:
    for number in range(first, min(first + BATCH, FIRST + MUTANTS)):
        name, text = mutant(number, texts)
        path = tree / name
        try:
            with no_hang():
                if name.startswith("seeds/"):
                    try_seeds(path, text)
                else:
                    path.write_bytes(text.encode())
                    try_scenario(path, "teaching" in path.parts)
        except Exception as error:
            (tree / f"mutant-{number}.yaml").write_bytes(text.encode())
            pytest.fail(f"mutant {number} of {name}, written to {tree}/mutant-{number}.yaml: {error!r}")
        finally:
            path.write_bytes(texts[name].encode())


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_mutant_that_once_failed_still_loads_or_is_refused(path: Path) -> None:
    with no_hang():
        try_scenario(path, is_small=True)
