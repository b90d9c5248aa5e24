"""Where compiled code is kept: in a folder that may be written, by a stamp of everything that it depends on.

numba checks only the file of the function that Python calls; here every source of the kernel counts, and what it takes
its constants from. Files appear whole or not at all, so that programs may start side by side. What cannot be read is
compiled again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.misc.appdirs import user_cache_dir

from ...errors import EngineError

#: Names a folder for compiled code, in place of the user's folder of caches.
VARIABLE = "DRAWDOWN_SIM_CACHE"

#: How long code of other versions is kept [second].
_KEPT_FOR = 90 * 86400

_MODEL = Path(__file__).parents[2] / "model"


def stamp() -> str:
    """A digest of the kernel's sources, of the constants they use, and of the tools that compile them."""
    told = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__} {sys.version}".encode())
    told.update(os.environ.get("DRAWDOWN_SIM_CHECKED", "").encode())
    for path in sorted([*Path(__file__).parent.glob("*.py"), *_MODEL.glob("*.py")]):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]


def folder() -> Path:
    """The first folder that may be written: the one named by the environment, the user's, a temporary one.

    Raises EngineError if there is none.
    """
    named = os.environ.get(VARIABLE)
    own = getattr(os, "getuid", lambda: "")()
    temporary = Path(tempfile.gettempdir()) / f"drawdown-sim-{own}"
    places = [Path(named)] if named else [Path(user_cache_dir("drawdown-sim", False)), temporary]
    for base in places:
        try:
            base.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(base, os.W_OK):
            return base / f"kernel-{stamp()}"
    raise EngineError(
        f"compiled code can be kept in none of {', '.join(map(str, places))}: they cannot be written; "
        f"name another folder in {VARIABLE}, or use the reference engine"
    )


class _Locator:
    """Tells numba where the kernel's code is kept."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._py_file = str(place)

    def ensure_cache_path(self) -> None:
        self._place.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        return str(self._place)

    def get_source_stamp(self) -> str:
        return self._place.name

    def get_disambiguator(self) -> str:
        return "1"


class _KernelCacheImpl(CompileResultCacheImpl):  # type: ignore[misc]
    def __init__(self, py_func: Callable[..., Any]) -> None:
        self._lineno = py_func.__code__.co_firstlineno
        self._locator = _Locator(folder())
        self._filename_base = self.get_filename_base(py_func.__qualname__, "")


class KernelCache(FunctionCache):  # type: ignore[misc]
    """The cache of the one function that Python calls."""

    _impl_class = _KernelCacheImpl

    def __init__(self, py_func: Callable[..., Any]) -> None:
        super().__init__(py_func)
        #: Called before the kernel is compiled, which takes a while.
        self.on_compile: Callable[[], None] | None = None

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            found = super().load_overload(sig, target_context)
        except Exception:  # a file cut off or of another program: whatever it is, the kernel is compiled again
            self._cache_file.flush()
            found = None
        if found is None and self.on_compile:
            self.on_compile()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
            _forget_old(Path(self.cache_path))
        except OSError:
            return  # a full disk costs the next start a compilation, not this run its result


def _forget_old(place: Path) -> None:
    """Remove what other versions have left beside a folder and nobody has made anew for long."""
    for other in place.parent.glob("kernel-*"):
        if other != place and time.time() - other.stat().st_mtime > _KEPT_FOR:
            shutil.rmtree(other, ignore_errors=True)


def keep(function: Any) -> KernelCache:
    """Have a compiled function keep its code, in a cache of ours."""
    function._cache = KernelCache(function.py_func)
    made: KernelCache = function._cache
    return made
