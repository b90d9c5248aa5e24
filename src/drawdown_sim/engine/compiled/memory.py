"""Records and integers at addresses: how the kernel reaches its memory.

The kernel keeps its state in a few blocks of memory that numpy owns (`records`), and passes one pointer, the
head record `run`, from function to function. A table's address is a field of the head, so that a field of
an entity costs what it costs in C, and no function has more arguments than its reference twin.
Scenario sizes are data and not types: the kernel is compiled once for all scenarios.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_WORD = ir.IntType(64)


@intrinsic
def _record_at(typing_context: Any, address: Any, row: Any, dtype: Any) -> Any:
    """The record of type `dtype` in row `row` of the table at `address`; a pointer, not a copy."""
    record = dtype.dtype
    signature = record(types.int64, types.int64, dtype)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start, number, _ = args
        place = builder.add(start, builder.mul(number, ir.Constant(_WORD, record.size)))
        return builder.inttoptr(place, context.get_value_type(record))

    return signature, generate


@intrinsic(prefer_literal=True)
def _fixed(typing_context: Any, run: Any, name: Any) -> Any:
    """The address in a field of the head: the same while the kernel runs, so it is not read again after a store."""
    signature = types.int64(run, name)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        field = ir.Constant(_WORD, run.offset(name.literal_value))
        place = builder.add(builder.ptrtoint(args[0], _WORD), field)
        return _load_fixed(builder, builder.inttoptr(place, cgutils.intp_t.as_pointer()))

    return signature, generate


@intrinsic
def _get_fixed(typing_context: Any, address: Any, row: Any) -> Any:
    """As `get`, of a list that never changes."""
    signature = types.int64(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _load_fixed(builder, _word_at(builder, *args))

    return signature, generate


@intrinsic
def _get(typing_context: Any, address: Any, row: Any) -> Any:
    """The integer in row `row` of the list at `address`."""
    signature = types.int64(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_word_at(builder, *args))

    return signature, generate


@intrinsic
def _put(typing_context: Any, address: Any, row: Any, value: Any) -> Any:
    """Set the integer in row `row` of the list at `address`."""
    signature = types.void(types.int64, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _word_at(builder, args[0], args[1]))
        return context.get_dummy_value()

    return signature, generate


def _word_at(builder: Any, address: Any, row: Any) -> Any:
    place = builder.add(address, builder.shl(row, ir.Constant(_WORD, 3)))
    return builder.inttoptr(place, cgutils.intp_t.as_pointer())


def _load_fixed(builder: Any, place: Any) -> Any:
    found = builder.load(place)
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


#: What the kernel calls: numba replaces the calls by the code above.
record_at: Callable[[int, int, Any], Any] = _record_at
get: Callable[[int, int], int] = _get
put: Callable[[int, int, int], None] = _put
fixed: Callable[[Any, str], int] = _fixed
get_fixed: Callable[[int, int], int] = _get_fixed
