"""The reference engine: SimPy, written to be read."""

from .replication import simulate

__all__ = ["simulate"]
