"""How the kernel is put together: parts are compiled one by one, linked once, and kept in a cache.

numba links every function's callees into it and optimises the sum again at every level, which takes
minutes for a kernel of this size. Here a *part* is only lowered; the *whole*, the one function that Python
calls, links all parts, is optimised once, and is what the cache holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite.binding import Linkage
from numba import njit, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder


class _Nowhere:
    """Where the environments of parts go: only functions that Python calls have one."""

    @staticmethod
    def set_env(name: str, env: object) -> None:
        """Nothing to be set."""


class _PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of one part, which waits to be linked into the whole."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> type[_Nowhere]:
        return _Nowhere


class _WholeLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of the whole, into which every part that it reaches is linked once."""

    _linking_libraries: list[Any]

    def finalize(self) -> None:
        reached: dict[int, Any] = {}
        waiting: list[Any] = list(reversed(self._linking_libraries))
        while waiting:
            library = waiting.pop()
            if id(library) not in reached:
                reached[id(library)] = library
                if isinstance(library, _PartLibrary):
                    waiting.extend(reversed(library._linking_libraries))
        self._linking_libraries = list(reached.values())
        super().finalize()

    def _optimize_final_module(self) -> None:
        # nobody else calls a part: so its conventions may change, and what is called once goes where it is called
        for function in self._final_module.functions:
            if function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.internal
        super()._optimize_final_module()


class _Compiler(CompilerBase):  # type: ignore[misc]
    """numba's pipeline, with a library of ours."""

    library: type[JITCodeLibrary]

    def define_pipelines(self) -> list[Any]:
        state = self.state
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return [DefaultPassBuilder.define_nopython_pipeline(state)]


class _PartCompiler(_Compiler):
    library = _PartLibrary


class _WholeCompiler(_Compiler):
    library = _WholeLibrary


#: Division is checked where a divisor could be 0, so no part needs to raise.
_OPTIONS = {"error_model": "numpy", "nogil": True}

Function = TypeVar("Function", bound=Callable[..., Any])


def part(function: Function) -> Function:
    """A function of the kernel that only the kernel calls."""
    made: Function = njit(
        function, pipeline_class=_PartCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS
    )
    return made


def whole(function: Function) -> Function:
    """The function of the kernel that Python calls, by its address (see `cache`)."""
    made: Function = njit(
        function, pipeline_class=_WholeCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS
    )
    return made


def object_code(function: Any, arguments: int) -> tuple[str, bytes]:
    """Compile a whole of so many integers: its symbol and its object code."""
    function.compile((types.int64,) * arguments)
    (made,) = function.overloads.values()
    _, _, (code, _) = made.library.serialize_using_object_code()
    return made.fndesc.llvm_func_name, code
