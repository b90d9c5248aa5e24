"""The compiled engine: the reference's stories as one numba kernel, row for row the same trajectory."""

from .engine import simulate

__all__ = ["simulate"]
