"""The reference engine: SimPy, written to be read."""

from .simulate import simulate

__all__ = ["simulate"]
