"""Where compiled code is kept: in a folder that may be written, by a stamp of everything that it depends on.

What is kept is the object code that a linker would get, so that a start needs neither numba nor the rules' sources:
LLVM's linker puts it into this process. Files appear whole or not at all, so that programs may start side by side; one
that was damaged is known by its digest, and made again.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
from platformdirs import user_cache_path

from ...errors import EngineError

#: Plays replications in memory at addresses: see `kernel.play_replications`.
Kernel = Callable[..., int]

#: Names a folder for compiled code, in place of the user's folder of caches.
VARIABLE = "DRAWDOWN_SIM_CACHE"

#: How long code of other versions is kept [second].
_KEPT_FOR = 90 * 86400

#: Integers that the kernel takes, and bytes of a digest.
_ARGUMENTS, _DIGEST = 12, 32

_MODEL = Path(__file__).parents[2] / "model"

_lock = Lock()
_loaded: list[Kernel] = []


def load_kernel(tell: Callable[[], None] | None = None) -> Kernel:
    """The kernel: from the cache, or compiled, which takes half a minute; `tell` is called before that.

    Raises EngineError if no folder can be written.
    """
    with _lock:
        if not _loaded:
            _loaded.append(_made(tell))
        return _loaded[0]


def _made(tell: Callable[[], None] | None) -> Kernel:
    place = _folder() / f"kernel-{_stamp()}"
    kept = _read(place)
    if kept is None:
        if tell:
            tell()
        kept = _compiled_apart()
        _write(place, kept)
    name, code = kept.split(b"\0", 1)
    return linked(name.decode(), code, _ARGUMENTS)


def compiled() -> bytes:
    """Compile the kernel in this process: its symbol and its object code."""
    # numba and every rule are loaded only for this
    from .kernel import play_replications
    from .link import object_code

    symbol, code = object_code(play_replications, _ARGUMENTS)
    return symbol.encode() + b"\0" + code


def _compiled_apart() -> bytes:
    """The same, from a process of its own: LLVM hears no Ctrl-C, and so it can be stopped all the same."""
    make = f"import sys; from {__name__} import compiled; sys.stdout.buffer.write(compiled())"
    done = subprocess.run(
        [sys.executable, "-c", make],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        # in a session of its own Ctrl-C does not reach it, so that it cannot fail of it before this process stops
        start_new_session=True,
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise EngineError(
            f"the compiled engine could not be made: {last or f'status {done.returncode}'}; use the reference engine, "
            "which gives the same results"
        )
    return done.stdout


def _stamp() -> str:
    """A digest of the kernel's sources, of the constants they use, of the tools that compile them, of the processor."""
    told = hashlib.sha256(f"{version('numba')} {version('llvmlite')} {sys.version}".encode())
    told.update(f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features()}".encode())
    told.update(os.environ.get("DRAWDOWN_SIM_CHECKED", "").encode())
    for path in sorted([*Path(__file__).parent.glob("*.py"), *_MODEL.glob("*.py")]):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _folder() -> Path:
    """The first folder that may be written: the one named by the environment, the user's, a temporary one."""
    named = os.environ.get(VARIABLE)
    own = getattr(os, "getuid", lambda: "")()
    temporary = Path(tempfile.gettempdir()) / f"drawdown-sim-{own}"
    places = [Path(named)] if named else [user_cache_path("drawdown-sim", False), temporary]
    for base in places:
        try:
            base.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(base, os.W_OK):
            return base
    raise EngineError(
        f"compiled code can be kept in none of {', '.join(map(str, places))}: they cannot be written; "
        f"name another folder in {VARIABLE}, or use the reference engine"
    )


def _read(place: Path) -> bytes | None:
    """What is kept there, if it is whole."""
    try:
        kept = place.read_bytes()
    except OSError:
        return None
    digest, content = kept[:_DIGEST], kept[_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None


def _write(place: Path, content: bytes) -> None:
    """Keep it whole or not at all, and remove what other versions have left and nobody has made anew for long."""
    try:
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(hashlib.sha256(content).digest() + content)
        os.replace(file.name, place)
        for other in place.parent.glob("kernel-*"):
            if other != place and time.time() - other.stat().st_mtime > _KEPT_FOR:
                shutil.rmtree(other) if other.is_dir() else other.unlink()
    except OSError:
        return  # a full disk costs the next start a compilation, not this run its result


def linked(symbol: str, code: bytes, arguments: int) -> Kernel:
    """The function of so many integers that goes by a symbol in object code, linked into this process."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    # numba's convention: a status, and where the value and what was raised go; nothing in the kernel raises
    convention: list[Any] = [ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_void_p)]
    convention += [ctypes.c_int64] * arguments
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *convention)(engine.get_function_address(symbol))

    def play(*numbers: int, code: Any = engine) -> int:  # the code lives as long as this function
        value, raised = ctypes.c_int64(), ctypes.c_void_p()
        if function(ctypes.byref(value), ctypes.byref(raised), *numbers):
            raise EngineError("the compiled engine broke off, which is a fault of the program: please report it")
        return value.value

    return play
