"""Bad input of any kind gives one clear fault and exit code 2, never a traceback.

Each file here and in the folders below holds one fault and says on its first line what must be told:
``# expect: file:line:column: path: message``, of which the end may be left out. Files without that
line are read by others. What no such file can hold (nothing at all, another encoding, a folder) is
made by the tests.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drawdown_sim.cli import app
from drawdown_sim.errors import DrawdownError, PlanError, ScenarioError
from drawdown_sim.experiment.run import prepare
from drawdown_sim.scenario import load

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
EXPECT = b"# expect: "

#: Longest time to refuse a file [s] and most memory for it [byte] in a process of its own.
LONGEST, MOST_MEMORY = 5.0, 2 << 30


def _expectations() -> dict[str, str]:
    """The fault expected of each file that states one, by the file's path below this folder."""
    found = {}
    for path in sorted(HERE.rglob("*.yaml")):
        first = path.read_bytes().partition(b"\n")[0] if path.is_file() else b""
        if first.startswith(EXPECT):
            found[path.relative_to(HERE).as_posix()] = first.removeprefix(EXPECT).decode()
    return found


EXPECTED = _expectations()

#: Checked through the whole program in a process with limits: bombs, and some of every kind.
APART = (
    "alias-bomb.yaml",
    "arithmetic-of-powers.yaml",
    "arithmetic-that-imports.yaml",
    "extends-circle.yaml",
    "extends-outside.yaml",
    "not-utf-8.yaml",
    "nul-bytes.yaml",
    "number-of-people-10-18.yaml",
    "text-that-steers-the-terminal.yaml",
)


@pytest.fixture(autouse=True)
def _in_this_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)


def faults_of(name: str | Path) -> list[str]:
    """The faults of a scenario, which must have some and be quick about them."""
    begin = time.monotonic()
    with pytest.raises((ScenarioError, PlanError)) as caught:
        prepare(name)
    assert time.monotonic() - begin < LONGEST
    return str(caught.value).splitlines()


def check_apart(*words: str, folder: Path = HERE) -> subprocess.CompletedProcess[str]:
    """`drawdown-sim check` in a process with bounded time and memory."""

    def limit() -> None:
        if sys.platform == "linux":  # elsewhere the address space cannot be bounded
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(LONGEST), int(LONGEST)))

    environment = {**os.environ, "PYTHONPATH": str(SRC), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "drawdown_sim", "check", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, preexec_fn=limit, check=False
    )


def test_there_are_at_least_sixty_files_and_the_base_of_most_is_valid() -> None:
    assert len(EXPECTED) >= 60
    assert prepare("base.yaml").bundle.name == "base"


@pytest.mark.parametrize("name", EXPECTED)
def test_one_fault_is_told_with_its_place(name: str) -> None:
    faults = faults_of(name)
    assert len(faults) == 1, faults
    assert faults[0].startswith(EXPECTED[name])


@pytest.mark.parametrize("name", EXPECTED)
def test_the_command_line_tells_the_fault_and_exits_with_2(name: str) -> None:
    found = CliRunner().invoke(app, ["check", name])
    assert found.exit_code == 2
    assert found.stderr.startswith(EXPECTED[name])
    assert found.stderr.count("\n") == 1, "one fault, one line"
    assert found.stdout == ""


@pytest.mark.parametrize("name", APART)
def test_the_program_refuses_it_within_time_and_memory(name: str) -> None:
    done = check_apart(name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(EXPECTED[name])
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "show", "trace", "sources"])
def test_every_command_tells_a_fault_in_the_same_words(command: str) -> None:
    found = CliRunner().invoke(app, [command, "bare-number.yaml"])
    assert found.exit_code == 2
    assert found.stderr.startswith(EXPECTED["bare-number.yaml"])


# --- what no file with a first line of its own can hold ------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "bad.yaml: is empty; expected a mapping that begins with 'format: 1'"),
        (b"\xef\xbb\xbf", "bad.yaml: is empty"),
        ("format: 1\n".encode("utf-16"), "bad.yaml: holds NUL bytes; expected a text file in UTF-8"),
        (b"\xff\xd8\xff\xe0JFIF", "bad.yaml:1:1: is not UTF-8; save the file as UTF-8"),
        (b"\x7fELF\0\0\0\0", "bad.yaml: holds NUL bytes; expected a text file in UTF-8, not a binary one"),
        (b"[" * 10_000, "bad.yaml:1:41: nested deeper than 40 levels"),
        (b"{a: " * 10_000, "bad.yaml:1:161: nested deeper than 40 levels"),
        (b"- " * 10_000, "bad.yaml:1:81: nested deeper than 40 levels"),
        (b"k: 1\n" * 1_000_000, "bad.yaml: larger than 4 MB"),
        (b"a: [" + b"1," * 250_000 + b"]", "bad.yaml:1:400001: more than 200,000 entries in one file"),
        (b"a: " + b"x" * 4_000_000, "bad.yaml:1:1: the key 'format' is missing"),
        (b"a" * 4_000_000 + b": 1", "bad.yaml:1:"),
        (b"\n" * 4_000_000, "bad.yaml: is empty"),
        (b"&a [*a]", "bad.yaml:1:1: the anchor '&a' is not part of this format"),
        (b"%YAML 9.9\n---\na: 1", "bad.yaml:1:1: not valid YAML"),
        (b"? a\n? b\n", "bad.yaml:1:1: the key 'format' is missing"),
    ],
    ids=lambda entry: entry[:24] if isinstance(entry, str) else "",
)
def test_a_file_that_is_no_scenario_at_all(
    content: bytes, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.yaml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert faults_of("bad.yaml")[0].startswith(expected)


def test_bombs_in_a_process_of_their_own_stay_within_time_and_memory(tmp_path: Path) -> None:
    bombs = {
        "deep.yaml": "[" * 2_000_000,
        "wide.yaml": "format: 1\nplaces: {" + ", ".join(f"p{i}: {{kind: kamp}}" for i in range(20_000)) + "}\n",
        "twice.yaml": "a: 1\n" * 100_000,
    }
    for name, text in bombs.items():
        (tmp_path / name).write_text(text)
        done = check_apart(name, folder=tmp_path)
        assert done.returncode == 2, done.stderr[-500:]
        assert "Traceback" not in done.stderr


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == [f"{tmp_path}: is a folder; expected a YAML file"]


def test_a_pipe_that_nobody_writes_to_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "is a pipe or a device; expected a YAML file" in faults_of(tmp_path / "pipe.yaml")[0]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_an_endless_device_is_refused() -> None:
    assert "is a pipe or a device; expected a YAML file" in faults_of("/dev/zero")[0]


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("format: 1\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user (root) may read a file of mode 000")
    assert faults_of(path) == [f"{path}: cannot be read: permission denied"]


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "no file" in faults_of(tmp_path / "loop.yaml")[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nowhere.yaml", "no file 'nowhere.yaml' and no shipped scenario of that name; shipped are baseline"),
        ("x/baseline.yaml", "no file 'x/baseline.yaml'; 'baseline' is shipped: run it by that name"),
        ("x/teaching/two-escorts", "no file 'x/teaching/two-escorts'; 'teaching/two-escorts' is shipped"),
        ("line\nbreak", r"no file 'line\nbreak' and no shipped scenario"),
        ("a" * 5000, "no file 'aaaa"),
        ("nul\0byte", r"no file 'nul\x00byte' and no shipped scenario"),
    ],
    ids=lambda entry: entry[:16].replace("\0", "").replace("\n", ""),
)
def test_a_missing_file_says_what_there_is(name: str, expected: str) -> None:
    assert faults_of(name)[0].startswith(expected)


def test_a_file_that_extends_may_lie_in_a_folder_below_and_climb_back(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_bytes((HERE / "base.yaml").read_bytes())
    (tmp_path / "variants").mkdir()
    (tmp_path / "variants" / "late.yaml").write_text("format: 1\nextends: ../base.yaml\n")
    (tmp_path / "top.yaml").write_text("format: 1\nextends: variants/late.yaml\n")
    assert load(tmp_path / "top.yaml").scenario.title == "Two camps, a hub and a port"


def test_many_faults_come_at_once_each_on_a_line(tmp_path: Path) -> None:
    text = (HERE / "base.yaml").read_text()
    for old, new in (("352 km", "352"), ("20 trucks", "-1 trucks"), ("kind: camp", "kind: kamp"), ("title", "titel")):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(DrawdownError) as caught:
        load(tmp_path / "bad.yaml")
    assert not isinstance(caught.value, PlanError)
    assert len(str(caught.value).splitlines()) == 5
