"""Reads and copies of several bytes at once, for the kernels.

Plain Numba reads a byte array one element at a time and allows negative indices, which costs a
branch each. These read and copy as the machine does. They check nothing by themselves: each
caller has compared with the end of its block before. Under NUMBA_BOUNDSCHECK=1 every one of
them checks both ends as well, and the mutation tests run so.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import caching as numba_caching
from numba.core import cgutils, config
from numba.extending import intrinsic

from kancil.ground.confine import is_confined

from .sha256_lanes import LANES

_intrinsic: Any = intrinsic
_config: Any = config
CHECKED = bool(_config.BOUNDSCHECK)
"""Whether reads and copies check their bounds; fixed when a kernel is compiled."""


OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Without Numba's runtime (NRT) arrays are not counted at each use: nothing here makes or keeps
any, their owner is the caller, and counting took as long as reading."""
_ROOM = Path(__file__).parents[1]
_SOURCES = (
    "compiled/memory", "compiled/sha256_lanes", "compiled/sha256", "blocks/read", "blocks/kernels",
    "blocks/columns", "script/kind",
)  # fmt: skip
"""The modules whose text goes into the kernels below."""


def stamp_of(sources: Iterable[str], *also: str) -> str:
    """Name a version of kernels: Numba itself looks only at a kernel's own file.

    `sources`: modules whose text goes into them, by path below `bitcoin/`; `also`: what else does.
    """
    digest = hashlib.sha256(", ".join(also).encode())
    for name in sources:
        digest.update((_ROOM / f"{name}.py").read_bytes())
    return digest.hexdigest()[:12]


def keep_no_more() -> None:
    """Let this process read kept kernels, and keep none: it may write nothing, or soon will not.

    Numba asks of the folder of a kept kernel that it can be written, and else does not read it.
    """
    caching: Any = numba_caching

    def read_only(locator: Any) -> None:
        """Take the folder that a process with the right to write would take."""
        folder = locator.get_cache_path()
        if not os.access(folder, os.W_OK):
            raise OSError(folder)
        with os.scandir(folder):
            """Raises OSError where a confined process may not read it."""

    caching._CacheLocator.ensure_cache_path = read_only
    caching.Cache.save_overload = lambda *_: None


if is_confined():
    keep_no_more()


def kernels_of(stamp: str, options: dict[str, Any] = OPTIONS) -> Callable[[Any], Any]:
    """The decorator that compiles the kernels of one version.

    They are kept on disk beside the package or else in the user's cache folder, and the name of
    the kept file tells the version. A machine where no folder can be written only compiles again
    in each process.
    """

    def kernel(function: Any) -> Any:
        function.__qualname__ += f"_{stamp}"
        try:
            return numba.njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no folder that it may write
            return numba.njit(**options)(function)

    return kernel


_STAMP = stamp_of(_SOURCES, f"checked {CHECKED}", f"lanes {LANES}")
kernel = kernels_of(_STAMP)


def entry(function: Any) -> Any:
    """Compile a function that other compiled code calls by its address; kept as kernels are."""
    function.__qualname__ += f"_{_STAMP}"
    signature = types.void(*[types.intp] * function.__code__.co_argcount)
    try:
        return numba.cfunc(signature, cache=True, **OPTIONS)(function)
    except RuntimeError:  # as for a kernel
        return numba.cfunc(signature, **OPTIONS)(function)


def part(function: Any) -> Any:
    """Compile a piece of a kernel that is set into its callers."""
    return numba.njit(forceinline=True, **OPTIONS)(function)


def _pointer(context, builder, array_type, array, index):
    data = context.make_array(array_type)(context, builder, array).data
    data = builder.bitcast(data, ir.IntType(8).as_pointer())
    return builder.gep(data, [index])


def _loader(bits):
    @_intrinsic
    def load(_typing, array, index):
        def codegen(context, builder, signature, args):
            pointer = _pointer(context, builder, signature.args[0], args[0], args[1])
            wide = builder.bitcast(pointer, ir.IntType(bits).as_pointer())
            return builder.load(wide, align=1)

        return types.Integer.from_bitwidth(bits, False)(array, types.intp), codegen

    return load


_TO_READ, _SECOND_CACHE, _DATA = 0, 2, 1
"""As `llvm.prefetch` has them: not to write; of its levels 0 to 3 the one before the nearest."""
_load8, _load16, _load32, _load64 = _loader(8), _loader(16), _loader(32), _loader(64)


@_intrinsic
def _store64(_typing, array, index, value):
    def codegen(context, builder, signature, args):
        pointer = _pointer(context, builder, signature.args[0], args[0], args[1])
        wide = builder.bitcast(pointer, ir.IntType(64).as_pointer())
        builder.store(args[2], wide, align=1)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.uint64), codegen


@_intrinsic
def _copy(_typing, target, target_at, source, source_at, count):
    def codegen(context, builder, signature, args):
        to = _pointer(context, builder, signature.args[0], args[0], args[1])
        of = _pointer(context, builder, signature.args[2], args[2], args[3])
        cgutils.raw_memcpy(builder, to, of, args[4], 1)
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp, types.intp), codegen


@_intrinsic
def ask(_typing, array, index):
    """Ask for the memory of an element, so that it is near when it is read or written.

    Into the second cache, not the first: more of such lines can be on their way at a time, and a
    union in random order was half as fast again. Any index may be asked for: the machine passes
    over what is no memory.
    """

    def codegen(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        address = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, word, word, word])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(call, [address, word(_TO_READ), word(_SECOND_CACHE), word(_DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp), codegen


@_intrinsic
def choose(_typing, condition, one, other):
    """One number if a condition holds, else the other, both int64, without a branch.

    Told that the condition cannot be foretold, the compiler makes no jump of it; of
    `one if condition else other` it often does.
    """

    def codegen(_context, builder, _signature, args):
        chosen = builder.select(args[0], args[1], args[2])
        chosen.set_metadata("unpredictable", builder.module.add_metadata([]))
        return chosen

    return types.int64(types.boolean, types.int64, types.int64), codegen


@part
def nth(index):
    """An index without its sign: a negative one would count from the end, at a cost."""
    return np.uint64(index)


@_intrinsic
def swap32(_typing, value):
    """Turn the bytes of a 32-bit number round."""

    def codegen(_context, builder, _signature, args):
        return builder.bswap(args[0])

    return types.uint32(types.uint32), codegen


@part
def _check(array, at, count):
    if at < 0 or count < 0 or at + count > array.size:
        raise IndexError("kernel left its buffer")


@part
def byte(buffer, at):
    """Read one byte of a uint8 array, as an integer."""
    if CHECKED:
        _check(buffer, at, 1)
    return numba.int64(_load8(buffer, at))


@part
def u16(buffer, at):
    """Read 2 bytes, little-endian."""
    if CHECKED:
        _check(buffer, at, 2)
    return numba.int64(_load16(buffer, at))


@part
def u32(buffer, at):
    """Read 4 bytes, little-endian."""
    if CHECKED:
        _check(buffer, at, 4)
    return numba.int64(_load32(buffer, at))


@part
def u64(buffer, at):
    """Read 8 bytes, little-endian, unsigned."""
    if CHECKED:
        _check(buffer, at, 8)
    return _load64(buffer, at)


@part
def put64(buffer, at, value):
    """Write 8 bytes, little-endian."""
    if CHECKED:
        _check(buffer, at, 8)
    _store64(buffer, at, value)


@part
def copy(target, target_at, source, source_at, count):
    """Copy count bytes between two uint8 arrays that do not overlap."""
    if CHECKED:
        _check(target, target_at, count)
        _check(source, source_at, count)
    _copy(target, target_at, source, source_at, count)


@part
def copy_hashes(target, source, first, count):
    """Copy rows first and on of one uint32 `[n, 8]` array to the head of another."""
    if CHECKED:
        _check(target, 0, 8 * count)
        _check(source, 8 * first, 8 * count)
    _copy(target, 0, source, 32 * first, 32 * count)
