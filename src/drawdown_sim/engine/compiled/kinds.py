"""The codes of `Kind` as plain integers: an enumeration costs numba a type of its own."""

from ...model.trajectory import Kind

globals().update({kind.name: int(kind) for kind in Kind})


def __getattr__(name: str) -> int:  # for the type checker; reached only by a word that is no kind
    raise AttributeError(name)
