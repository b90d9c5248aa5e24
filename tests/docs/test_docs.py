"""The documents: scenarios in them load, links lead somewhere, counts are those of the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from drawdown_sim.model.compile import compile_plan
from drawdown_sim.scenario import load, shipped_names, shipped_register

ROOT = Path(__file__).parents[2]
FOLDERS = (".", "docs", "docs/questions", "seeds", "scenarios", "results")
PAGES = sorted(page for folder in FOLDERS for page in (ROOT / folder).glob("*.md"))

#: First line of a block that is a scenario and not a part of one.
WHOLE = "# a whole scenario"

_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def whole_scenarios() -> Iterator[tuple[str, str]]:
    """Every block that says it is a whole scenario, under the page's name and its number there."""
    for page in PAGES:
        blocks = [text for text in _BLOCK.findall(page.read_text(encoding="utf-8")) if text.startswith(WHOLE)]
        for number, text in enumerate(blocks, 1):
            yield f"{named(page)} block {number}", text


def anchor(heading: str) -> str:
    """What a forge makes of a heading for links: small letters, hyphens for spaces, no other signs."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower()).replace(" ", "-")


SCENARIOS = dict(whole_scenarios())


def test_the_format_page_shows_whole_scenarios() -> None:
    assert sum(name.startswith("docs/format.md") for name in SCENARIOS) >= 4


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_in_a_page_loads_and_compiles(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIOS[name], encoding="utf-8")
    compile_plan(load(path))


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a link is to another site, to a file that is there, or to a heading that is there."""
    if re.match(r"[a-z]+:", target):
        return True
    path, _, part = target.partition("#")
    file = page.parent / path if path else page
    if not part:
        return file.exists()
    return file.is_file() and part in map(anchor, _HEADING.findall(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_relative_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8")))
    lost = [target for target in links if not leads_somewhere(page, target)]
    assert not lost, f"{named(page)}: nothing there: {', '.join(lost)}"


def rows_of(page: str) -> list[list[str]]:
    """The cells of all table rows of a page, without marks of code and links."""
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", row).replace("`", "") for row in rows]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in plain]


def test_the_seeds_page_counts_what_is_there() -> None:
    register = shipped_register()
    facts, sources = Counter[str](), Counter[str]()
    for fact in map(register.fact, register.fact_ids()):
        assert fact is not None
        facts[Path(fact.file).name] += 1
        facts[fact.role] += 1
        facts[f"confidence {fact.confidence}"] += 1
    for source in map(register.source, register.source_ids()):
        assert source is not None
        sources[Path(source.mark.rsplit(":", 2)[0]).name] += 1
    files = sorted(path.name for path in (ROOT / "seeds").glob("*.yaml"))
    expected = [[name, str(sources[name]), str(facts[name])] for name in files]
    expected.append(["all files", str(sum(sources.values())), str(len(register.fact_ids()))])
    shown = rows_of("seeds/README.md")
    assert [row[:3] for row in shown if row[0] in {name for name, *_ in expected}] == expected
    for role in ("plan", "constraint", "capability", "outcome", "context"):
        assert [role, str(facts[role])] in [row[:2] for row in shown]
    for confidence in ("high", "medium", "low"):
        assert [f"confidence {confidence}", str(facts[f"confidence {confidence}"])] in [row[:2] for row in shown]


def test_the_scenarios_page_names_every_scenario() -> None:
    shown = [row[0] for row in rows_of("scenarios/README.md")]
    missing = [name for name in shipped_names() if f"{name.removeprefix('teaching/')}.yaml" not in shown]
    assert not missing, f"scenarios/README.md has no row for {', '.join(missing)}"


@pytest.mark.parametrize("name", ["minusma-2023", "baseline", "plan-2023-08"])
def test_the_scenarios_page_counts_camps_people_and_lifts(name: str) -> None:
    scenario = load(name).scenario
    people = sum(int(cohort.number.nominal) for cohort in scenario.people.values())
    (shown,) = [row[3:] for row in rows_of("scenarios/README.md") if row[0] == f"{name}.yaml"]
    assert shown == [str(len(scenario.camps)), f"{people:,}", str(len(scenario.lifts))]


def test_the_scenarios_page_counts_teaching_files_and_observations() -> None:
    page = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    cases = [path.read_text(encoding="utf-8") for path in (ROOT / "scenarios" / "teaching").glob("*.yaml")]
    variants = [text for text in cases if re.search(r"^extends:", text, re.MULTILINE)]
    assert f"{len(cases)} files, of which {len(variants)} are variants" in page
    record = (ROOT / "scenarios" / "records" / "minusma-2023.yaml").read_text(encoding="utf-8")
    uses = Counter(re.findall(r"^    use: (\w+)", record, re.MULTILINE))
    (shown,) = [row[1:] for row in rows_of("scenarios/README.md") if row[0] == "records/minusma-2023.yaml"]
    assert shown == [str(uses.total()), str(uses["fit"]), str(uses["score"])]
