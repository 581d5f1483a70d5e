"""Parts of the kernels that look at 64 bytes at once: which of them are of a class, as bits.

Plain Numba reads one byte at a time. LLVM makes of these the vector instructions of the machine.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_intrinsic: Any = intrinsic
LANES = 64
_BYTE, _WORD = ir.IntType(8), ir.IntType(64)


def _pointer(context, builder, array_type, array, index):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(builder.bitcast(data, _BYTE.as_pointer()), [index])


def _bits_of(*ranges: tuple[int, int]) -> Any:
    """A part that gives, as bits of a uint64, which of 64 bytes lie in some ranges."""

    @_intrinsic
    def bits(_typing, buffer, index):
        def codegen(context, builder, signature, args):
            vector = ir.VectorType(_BYTE, LANES)
            pointer = _pointer(context, builder, signature.args[0], args[0], args[1])
            lanes = builder.load(builder.bitcast(pointer, vector.as_pointer()), align=1)
            held = None
            for first, last in ranges:
                least = ir.Constant(vector, [first] * LANES)
                width = ir.Constant(vector, [last - first] * LANES)
                one = builder.icmp_unsigned("<=", builder.sub(lanes, least), width)
                held = one if held is None else builder.or_(held, one)
            return builder.bitcast(held, _WORD)

        return types.uint64(buffer, types.intp), codegen

    return bits


def _of(*characters: str) -> Any:
    return _bits_of(*((ord(each[0]), ord(each[-1])) for each in characters))


alnum_bits, digit_bits, base64_bits = _of("09", "AZ", "az"), _of("09"), _of("/9", "AZ", "az", "+")
zero_bits, printable_bits = _of("\0"), _of(" ~", "\t\n", "\r")
at_bits, colon_bits, dot_bits, plus_bits = _of("@"), _of(":"), _of("."), _of("+")


@_intrinsic
def lowest(_typing, bits):
    """The place of the lowest bit of a uint64 that is not 0, int64."""

    def codegen(_context, builder, _signature, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), codegen


@_intrinsic
def four(_typing, buffer, index):
    """4 bytes at an index, little-endian, uint32."""

    def codegen(context, builder, signature, args):
        pointer = _pointer(context, builder, signature.args[0], args[0], args[1])
        return builder.load(builder.bitcast(pointer, ir.IntType(32).as_pointer()), align=1)

    return types.uint32(buffer, types.intp), codegen
