"""What plan would do: a search over what planners may choose."""

from __future__ import annotations

from .question import Effort, optimise
from .space import space_of

__all__ = ["Effort", "optimise", "space_of"]
