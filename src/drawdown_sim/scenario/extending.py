"""Values moved to a number, and the short file that lays them over the scenario they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from .. import units
from ..errors import DrawdownError
from .contents import Content, write_content, write_number
from .load import shipped_folder
from .quantities import DATE, WHOLE, plain
from .resolve import Bundle, inputs
from .values import Value
from .writing import flow, scalar
from .yamlmarks import Plain


def moved_to(value: Value, number: Fraction) -> Value:
    """A value moved until its median is `number`; of a value by date, all steps times `number`.

    What comes whole is rounded, and the value is read back from how it is written, so that what is played is what a
    file would say. Raises `Refused` for a number that its dimension does not bear.
    """
    moved = replace(value, range=(number, number)).across(Fraction(0))
    content = moved.content
    if value.dimension in WHOLE:
        content = tuple((day, dist.moved(lambda part: Fraction(round(part)))) for day, dist in content)
    found = value.rewritten(_written(value, content))
    return replace(found, written=value.written) if found.content == value.content else found


def _written(value: Value, content: Content) -> Plain:
    """How an author could write a content; one number in the unit that was used before."""
    if value.is_fixed:
        return in_unit(content[0][1].numbers[0], value)
    return write_content(content, value.dimension)


def in_unit(number: Fraction, value: Value) -> str:
    """A number in the base unit as written in the unit of a value: ``22 days``."""
    factor = None if value.dimension == DATE else units.factor(value.unit, value.dimension)
    if factor is None:
        return write_number(number, value.dimension)
    amount = number / factor
    return plain(amount) if value.unit == "ratio" else f"{plain(amount)} {units.plural(value.unit, amount)}"


def in_brief(value: Value) -> str:
    """A constant value for a table: its number, or the median of its distribution."""
    number = in_unit(value.nominal, value)
    return number if value.is_fixed else f"median {number}"


def extension(bundle: Bundle, values: Mapping[str, Value], title: str, because: str) -> str:
    """A file that extends the scenario with these values at their paths, each on the ground `because`.

    A range is left out, for what was decided is not in doubt; what was hindsight or replay stays so.
    """
    written = {entry.path: entry.origin is not None for entry in inputs(bundle)}
    lines = ["format: 1", f"extends: {scalar(called_beside(bundle))}", f"title: {scalar(title)}", "patch:"]
    for path, value in values.items():
        entry: dict[str, Plain] = {"value": _written(value, value.content), "because": because}
        entry |= {key: True for key in ("lever", "hindsight", "replay") if getattr(value, key)}
        lines.append(f"  {'' if written[path] else '+'}{path}: {flow(entry)}")
    return "\n".join(lines) + "\n"


def called_beside(bundle: Bundle) -> str:
    """What a file beside a scenario's own calls it under `extends`: a shipped one by its name, another by its file."""
    return bundle.name if _is_shipped(bundle) else bundle.path.name


def check_extension(bundle: Bundle, path: Path) -> None:
    """Raise DrawdownError unless a file that extends the scenario can be written there: asked before the work."""
    if path.suffix != ".yaml":
        raise DrawdownError(f"{path}: expected a file that ends in .yaml")
    if path.exists():
        raise DrawdownError(f"{path}: is there already; nothing is overwritten: name another file")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise DrawdownError(f"{path}: there is no folder {path.parent}; make it first")
    beside = folder / f"{bundle.name}.yaml"
    if _is_shipped(bundle):
        if beside.exists() and beside.resolve() != bundle.path:
            raise DrawdownError(
                f"{path}: a file {beside.name} beside it hides the shipped scenario; choose another folder"
            )
    elif folder != bundle.path.parent:
        raise DrawdownError(
            f"{path}: extends {bundle.path.name} and must stand beside it; expected a file in {bundle.path.parent}"
        )
    elif bundle.path.suffix != ".yaml":
        raise DrawdownError(f"{bundle.path.name}: only a file that ends in .yaml can be extended; rename it first")


def _is_shipped(bundle: Bundle) -> bool:
    return bundle.path == (shipped_folder() / "scenarios" / f"{bundle.name}.yaml").resolve()
