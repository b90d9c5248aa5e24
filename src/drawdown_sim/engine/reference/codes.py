"""The codes of rows as plain integers, with the names of `model.trajectory`.

A rule looks several up for every row. A member of an enumeration costs ten times what an attribute of a module
costs, which Python finds fastest of all: so the names are put into modules made for them.
"""

from __future__ import annotations

from enum import IntEnum
from types import ModuleType
from typing import TypeVar, cast

from ...model import trajectory

E = TypeVar("E", bound=IntEnum)


def _plain(enumeration: type[E]) -> type[E]:
    """A module with the members as integers; for the type checker it is the enumeration."""
    module = ModuleType(enumeration.__name__, enumeration.__doc__)
    vars(module).update({member.name: member.value for member in enumeration})
    return cast("type[E]", module)


Kind = _plain(trajectory.Kind)
Hold = _plain(trajectory.Hold)
