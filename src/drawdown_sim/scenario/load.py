"""From a file, or the name of a shipped scenario, to a checked bundle."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from ..errors import ScenarioError
from .checks import check_sense
from .patches import extend
from .quantities import shown
from .resolve import Bundle, values_of
from .schema import Scenario
from .sources import Register
from .translate import fault_line, translate
from .values import ValueContext, no_ground
from .yamlmarks import Node, parse, read_file

MOST_EXTENSIONS = 8

#: Scenarios are not looked for here: what happened is never an input.
_RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Place:
    """A scenario file and the folder that it may not reach out of."""

    path: Path
    root: Path
    shown: str


def load(name_or_path: str | Path) -> Bundle:
    """Read a scenario with all it extends, and check it.

    An existing path wins over the name of a shipped scenario. Raises `ScenarioError` with all
    faults, each as ``file:line:column: path: what is wrong, what was expected``.
    """
    place = _locate(str(name_or_path))
    return _checked(place, _read_chain(place))


def patched(bundle: Bundle, patch: str, called: str) -> Bundle:
    """The scenario with a patch (see `patches`) laid over its files, which are read again.

    `patch` is what stands under `patch:`, as YAML; faults name it as the file `called`. Values need a ground of their
    own or the scenario's default one. Raises `ScenarioError` as `load` does.
    """
    place = Place(bundle.path, bundle.root, bundle.files[-1])
    indented = "".join(f"  {line}\n" for line in patch.splitlines())
    top = parse(f"format: 1\nextends: {bundle.path.name}\npatch:\n{indented}", called)
    return _checked(place, [*_read_chain(place), (Place(place.path, place.root, called), top)])


def _checked(place: Place, chain: list[tuple[Place, Node]]) -> Bundle:
    """The bundle of a file with all that it extends, the first of all first."""
    faults: list[str] = []
    tree = chain[0][1]
    for _, node in chain[1:]:
        extend(tree, node, faults)
    if faults:
        raise ScenarioError(faults)
    grounds = {node.file: str(node.entries["because"].value) for _, node in chain if "because" in node.entries}
    register = _register(chain)
    scenario = _bind(tree, ValueContext(register, bool(grounds)))
    bundle = Bundle(
        scenario=scenario,
        name=_name_of(place),
        path=place.path,
        root=place.root,
        tree=tree,
        register=register,
        files=tuple(node.file for _, node in chain),
        default_grounds=grounds,
    )
    faults = _ungrounded(bundle, len(grounds) == len(chain)) + check_sense(bundle)
    if faults:
        raise ScenarioError(_in_order(faults, bundle.files))
    return bundle


def shipped_names() -> list[str]:
    """Names of the shipped scenarios, such as ``baseline`` and ``teaching/one-road``, sorted."""
    root = shipped_folder() / "scenarios"
    names = (path.relative_to(root).with_suffix("") for path in root.rglob("*.yaml"))
    return sorted(name.as_posix() for name in names if name.parts[0] != _RECORDS)


def shipped_folder() -> Path:
    """Where scenarios/ and seeds/ are: in the installed package, or at the root of a source tree."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent.parent


def shipped_register() -> Register:
    """The register of the shipped seeds."""
    seeds = shipped_folder() / "seeds"
    return Register([(seeds, _shown(seeds))])


# --- finding files -------------------------------------------------------------------------------


def _locate(name: str) -> Place:
    path = Path(name)
    if _exists(path):
        return _place(path, name)
    shipped = shipped_folder() / "scenarios" / f"{name}.yaml"
    names = shipped_names()
    if name in names:
        return _place(shipped, _shown(shipped))
    stem = path.with_suffix("").as_posix() if path.suffix in (".yaml", ".yml") else path.as_posix()
    known = next((known for known in names if stem == known or stem.endswith(f"/{known}")), None)
    if known is not None:
        raise ScenarioError([f"no file '{name}'; '{known}' is shipped: run it by that name"])
    raise ScenarioError([f"no file '{name}' and no shipped scenario of that name; {_offered(name, names)}"])


def _offered(name: str, names: list[str]) -> str:
    """The nearest shipped scenario, and the others; the many for teaching by their folder only."""
    close = get_close_matches(name, names, 1)
    guess = f"did you mean '{close[0]}'? " if close else ""
    teaching = [known for known in names if known.startswith("teaching/")]
    others = ", ".join(known for known in names if known not in teaching)
    return f"{guess}shipped are {others}, and {len(teaching)} under teaching/"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _place(path: Path, shown: str) -> Place:
    """A file with its root: the shipped scenarios for a shipped one, its own folder otherwise."""
    shipped = (shipped_folder() / "scenarios").resolve()
    actual = path.resolve()
    return Place(actual, shipped if actual.is_relative_to(shipped) else actual.parent, shown)


def _shown(path: Path) -> str:
    """A path as faults show it: relative to the working folder where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)


def _name_of(place: Place) -> str:
    return place.path.relative_to(place.root).with_suffix("").as_posix()


def _read_chain(place: Place) -> list[tuple[Place, Node]]:
    """The file and all it extends, the first of all first."""
    chain: list[tuple[Place, Node]] = []
    here: Place | None = place
    while here is not None:
        node = read_file(here.path, here.shown)
        _check_header(node)
        chain.append((here, node))
        here = _base_of(here, node)
        if here is not None and any(here.path == earlier.path for earlier, _ in chain):
            names = " -> ".join([earlier.shown for earlier, _ in chain] + [here.shown])
            raise ScenarioError([f"{node.entries['extends'].mark}: extends: goes round in a circle: {names}"])
        if here is not None and len(chain) > MOST_EXTENSIONS:
            text = f"more than {MOST_EXTENSIONS} deep, one file extending the next; lay some of them together"
            raise ScenarioError([f"{node.entries['extends'].mark}: extends: {text}"])
    return chain[::-1]


def _check_header(node: Node) -> None:
    """Refuse what is no scenario at all. Raises `ScenarioError`."""
    if node.kind != "mapping":
        raise ScenarioError([f"{node.mark}: expected a mapping that begins with 'format: 1'"])
    for key, what in (("record", "a record of what happened"), ("facts", "a file of seeds")):
        if key in node.entries and "places" not in node.entries:
            raise ScenarioError([f"{node.mark_of(key)}: {key}: this is {what}, not a scenario"])
    if "patch" in node.entries and "extends" not in node.entries:
        raise ScenarioError([f"{node.mark_of('patch')}: patch: there is nothing to patch; expected 'extends'"])
    version = node.entries.get("format")
    if version is None:
        raise ScenarioError([f"{node.mark}: the key 'format' is missing; expected 'format: 1'"])
    if version.value != 1 or isinstance(version.value, bool):
        raise ScenarioError([f"{version.mark}: format: this program reads 'format: 1' only"])
    because = node.entries.get("because")
    if because is not None and not (isinstance(because.value, str) and because.value.strip()):
        raise ScenarioError([f"{because.mark}: because: expected a text: the ground of values that name none"])


def _base_of(place: Place, node: Node) -> Place | None:
    """The file that this one extends: beside it, or shipped; None if it extends nothing."""
    entry = node.entries.get("extends")
    if entry is None:
        return None
    if not isinstance(entry.value, str) or not entry.value:
        text = f"expected the name of a scenario or a relative path; found {shown(entry.plain())}"
        raise ScenarioError([f"{entry.mark}: extends: {text}"])
    name = entry.value
    relative = Path(name if name.endswith(".yaml") else f"{name}.yaml")
    if relative.is_absolute():
        raise ScenarioError([f"{entry.mark}: extends: '{name}' is absolute; expected a path beside this file"])
    shipped = (shipped_folder() / "scenarios").resolve()
    for folder, root in ((place.path.parent, place.root), (shipped, shipped)):
        try:
            path = (folder / relative).resolve()
        except (OSError, ValueError, RuntimeError):
            raise ScenarioError([f"{entry.mark}: extends: '{name[:60]}' is not a usable path"]) from None
        if not path.is_relative_to(root):
            raise ScenarioError(
                [f"{entry.mark}: extends: '{name}' leads out of the folder {_shown(root)}; copy the file there"]
            )
        if _exists(path):
            return Place(path, root, _shown_beside(place, folder, relative, path))
    raise ScenarioError(
        [f"{entry.mark}: extends: there is no '{name}' beside this file, nor a shipped scenario of that name"]
    )


def _shown_beside(place: Place, folder: Path, relative: Path, path: Path) -> str:
    """The base's path in the manner in which the user wrote the first one."""
    if folder == place.path.parent and ".." not in relative.parts:
        return str(Path(place.shown).parent / relative)
    return _shown(path)


def _register(chain: list[tuple[Place, Node]]) -> Register:
    """The shipped facts, and those of a `seeds` folder beside the scenarios."""
    shipped = shipped_folder() / "seeds"
    folders = [(shipped, _shown(shipped))]
    for place, _ in chain:
        near = [place.root / "seeds"]
        if place.root.name == "scenarios":
            near.append(place.root.parent / "seeds")
        for folder in near:
            if folder.is_dir() and all(folder.resolve() != other.resolve() for other, _ in folders):
                folders.append((folder, _shown(folder)))
    return Register(folders)


# --- reading the tree ----------------------------------------------------------------------------


def _bind(tree: Node, context: ValueContext) -> Scenario:
    """The tree as a scenario. Raises `ScenarioError` with all faults of form and of values."""
    written = tree.plain()
    assert isinstance(written, dict), "the header was checked"
    try:
        return Scenario.model_validate(
            {key: entry for key, entry in written.items() if key not in ("extends", "patch")}, context=context
        )
    except ValidationError as error:
        raise ScenarioError(_in_order(translate(error.errors(include_url=False), tree), ())) from None


def _ungrounded(bundle: Bundle, all_grounded: bool) -> list[str]:
    """Values that name no ground, from files that give no default ground."""
    if all_grounded:
        return []
    faults = []
    for path, value in values_of(bundle.scenario):
        if value.ground == "because" and not value.text:
            node, _ = bundle.node_at(path)
            if node.file not in bundle.default_grounds:
                faults.append(fault_line(bundle.tree, path, no_ground(value.written)))
    return faults


def _in_order(faults: list[str], files: tuple[str, ...]) -> list[str]:
    """Faults by file, line and column."""

    def place(fault: str) -> tuple[str, int, int]:
        file, *rest = fault.split(":", 3)
        line, column = (int(part) if part.isdigit() else 0 for part in [*rest, "", ""][:2])
        return file, line, column

    order = {file: number for number, file in enumerate(files)}
    return sorted(dict.fromkeys(faults), key=lambda fault: (order.get(place(fault)[0], -1), *place(fault)))
