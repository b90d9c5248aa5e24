"""The compiled engine: the reference's rules as one numba kernel, row for row the same trajectory.

A module here has the name of its twin in `engine.reference` and tells the same rules in the same words, so that the two
can be read side by side. What differs is said in `docs/compiled.md`.
"""

from .cache import load_kernel
from .engine import Batch, Memory, simulate

__all__ = ["Batch", "Memory", "load_kernel", "simulate"]
