"""The codes of rows as plain integers.

A member of an enumeration costs ten times what an attribute of a plain class costs, each time it is looked up,
and a rule looks up several for every row. The names and values are those of `model.trajectory`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar, cast

from ...model import trajectory

E = TypeVar("E", bound=IntEnum)


def _plain(enumeration: type[E]) -> type[E]:
    return cast("type[E]", type(enumeration.__name__, (), {member.name: member.value for member in enumeration}))


Kind = _plain(trajectory.Kind)
Hold = _plain(trajectory.Hold)
