"""The codes of `Hold` as plain integers: an enumeration costs numba a type of its own."""

from ...model.trajectory import Hold

globals().update({hold.name: int(hold) for hold in Hold})

#: No requirement has failed.
NONE = -1


def __getattr__(name: str) -> int:  # for the type checker; reached only by a word that is no hold
    raise AttributeError(name)
