"""SHA-256 of many messages at once, one in each lane of the processor's vectors.

A vector holds the same word of 8 or 16 messages, and each instruction of FIPS 180-4, 6.2.2 works
on all of them. The instructions are written here as LLVM vectors of 32-bit numbers, so that any
processor can run them and the compiler chooses how; `LANES` says whether they are faster than
libcrypto on this one. The form is that of S. Gueron and V. Krasnov, "Simultaneous Hashing of
Multiple Messages", Journal of Information Security 3 (2012), 319-325, and of `sha256_avx2.cpp` in
Bitcoin Core, which hashes the pairs of a Merkle tree so.

Messages come in as addresses of whole 64-byte blocks and states as columns; nothing is checked
here. `sha256` decides which message goes into which lane.
"""

# Intrinsics are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import config
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic

_config: Any = config
_intrinsic: Any = intrinsic

INITIAL = (
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
)  # fmt: skip
"""First state (FIPS 180-4, 5.3.3)."""
CONSTANTS = (
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
)  # fmt: skip
"""Constants of the rounds (FIPS 180-4, 4.2.2)."""
_WIDE = {"+avx512f", "+avx512bw", "+avx512vl"}
_WORD, _PLACE = ir.IntType(32), ir.IntType(64)


def lanes_for(features: str) -> int:
    """Choose the number of lanes for a processor, 0 if libcrypto is the faster.

    With AVX-512 16 lanes are faster than the processor's own instructions for SHA-256 (feature
    `sha`); with AVX2 8 lanes are, only where it has none. `features`: as LLVM writes them,
    `+avx2,-sha`.
    """
    has = set(features.split(","))
    if has >= _WIDE:
        return 16
    return 8 if "+avx2" in has and "+sha" not in has else 0


def _features() -> str:
    """The features Numba compiles for; they are part of what it keeps kernels under."""
    chosen: str | None = _config.CPU_FEATURES
    return get_host_cpu_features() if chosen is None else chosen


LANES = lanes_for(_features())
"""Messages hashed at once in this process; 0 where libcrypto alone does it."""


class _Vectors:
    """Writes instructions over vectors of `lanes` words, at one place of the code."""

    def __init__(self, builder: Any, lanes: int) -> None:
        self.builder, self.lanes = builder, lanes
        self.type = ir.VectorType(_WORD, lanes)

    def all(self, value: int) -> Any:
        """The vector that holds a number in each lane."""
        return ir.Constant(self.type, [_WORD(value)] * self.lanes)

    def call(self, name: str, *vectors: Any) -> Any:
        """Call an operation that LLVM knows for vectors."""
        name = f"llvm.{name}.v{self.lanes}i32"
        module = self.builder.module
        if name not in module.globals:
            ir.Function(module, ir.FunctionType(self.type, [self.type] * len(vectors)), name)
        return self.builder.call(module.globals[name], vectors)

    def sum(self, first: Any, *rest: Any) -> Any:
        """Add vectors modulo 2^32."""
        for each in rest:
            first = self.builder.add(first, each)
        return first

    def mix(self, x: Any, one: int, two: int, three: int, *, shifted: bool = False) -> Any:
        """The exclusive or of x turned right by three counts, the third shifted if asked."""
        turned = [self.call("fshr", x, x, self.all(count)) for count in (one, two, three)]
        if shifted:
            turned[2] = self.builder.lshr(x, self.all(three))
        return self.builder.xor(self.builder.xor(turned[0], turned[1]), turned[2])

    def constant(self, table: Any, index: Any) -> Any:
        """Read a word of the table into each lane."""
        word = self.builder.load(self.builder.gep(table, [_WORD(0), index]))
        empty = ir.Constant(self.type, ir.Undefined)
        one = self.builder.insert_element(empty, word, _WORD(0))
        return self.builder.shuffle_vector(one, empty, self.all(0))

    def turn(self, rows: list[Any]) -> list[Any]:
        """Transpose: lane i of row k becomes place `i * len(rows) + k` of all words in order."""
        half = len(rows) // 2
        # Words of two vectors in turn: of their first halves, of their second halves.
        order = [place for at in range(self.lanes) for place in (at, at + self.lanes)]
        masks = [
            ir.Constant(self.type, [_WORD(place) for place in part])
            for part in (order[: self.lanes], order[self.lanes :])
        ]
        for _ in range(len(rows).bit_length() - 1):
            rows = [
                self.builder.shuffle_vector(rows[i // 2], rows[i // 2 + half], masks[i % 2])
                for i in range(len(rows))
            ]
        return rows

    def words(self, places: list[Any]) -> list[Any]:
        """Read the block at each lane's address: 16 vectors of words (FIPS 180-4, 6.2.2, 1)."""
        found, pointer = [], self.type.as_pointer()
        for part in range(16 // self.lanes):
            rows = []
            for place in places:
                at = self.builder.gep(self.builder.inttoptr(place, pointer), [_WORD(part)])
                rows.append(self.call("bswap", self.builder.load(at, align=1)))
            found += self.turn(rows)
        return found

    def round(self, state: list[Any], word: Any, constant: Any) -> list[Any]:
        """Write one round (FIPS 180-4, 6.2.2, 3)."""
        a, b, c, d, e, f, g, h = state
        build = self.builder
        choice = build.xor(g, build.and_(e, build.xor(f, g)))
        majority = build.or_(build.and_(a, b), build.and_(c, build.or_(a, b)))
        first = self.sum(h, self.sum(word, constant), self.sum(self.mix(e, 6, 11, 25), choice))
        second = self.sum(self.mix(a, 2, 13, 22), majority)
        return [self.sum(first, second), a, b, c, self.sum(d, first), e, f, g]

    def next_word(self, words: list[Any], i: int) -> Any:
        """Write the word that takes the place of word i (FIPS 180-4, 6.2.2, 1)."""
        before, behind = words[(i + 1) % 16], words[(i + 14) % 16]
        return self.sum(
            self.sum(words[i], self.mix(before, 7, 18, 3, shifted=True)),
            self.sum(words[(i + 9) % 16], self.mix(behind, 17, 19, 10, shifted=True)),
        )

    def loop_values(self, values: list[Any], origin: Any) -> list[Any]:
        """Begin values that a loop changes, at the head of its first block."""
        found = []
        for value in values:
            found.append(self.builder.phi(value.type))
            found[-1].add_incoming(value, origin)
        return found

    def compress(self, state: list[Any], words: list[Any]) -> list[Any]:
        """Write the 64 rounds over a block, as 16 and a loop of three times 16; add the state."""
        build, table, rounded = self.builder, _table(self.builder.module), state
        for i in range(16):
            rounded = self.round(rounded, words[i], self.constant(table, _WORD(i)))
        before, loop = build.block, build.append_basic_block("rounds")
        build.branch(loop)
        build.position_at_end(loop)
        begun = self.loop_values([_WORD(16), *rounded, *words], before)
        at, rounded, words = begun[0], begun[1:9], begun[9:]
        for i in range(16):
            words[i] = self.next_word(words, i)
            constant = self.constant(table, build.add(at, _WORD(i)))
            rounded = self.round(rounded, words[i], constant)
        following = build.add(at, _WORD(16))
        for value, changed in zip(begun, [following, *rounded, *words], strict=True):
            value.add_incoming(changed, loop)
        done = build.append_basic_block("rounds.done")
        build.cbranch(build.icmp_unsigned("<", following, _WORD(64)), loop, done)
        build.position_at_end(done)
        return [self.sum(one, other) for one, other in zip(rounded, state, strict=True)]


def _table(module: Any) -> Any:
    name = "kancil_sha256_k"
    if name not in module.globals:
        kind = ir.ArrayType(_WORD, 64)
        table = ir.GlobalVariable(module, kind, name)
        table.initializer = ir.Constant(kind, [_WORD(word) for word in CONSTANTS])
        table.global_constant, table.linkage = True, "internal"
    return module.globals[name]


def _begin(module: Any, name: str, arguments: int) -> tuple[Any, Any]:
    """Begin a function over addresses in the module; give it and where to write."""
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [_PLACE] * arguments), name)
    function.linkage = "linkonce_odr"
    for attribute in ("noinline", "nounwind"):
        function.attributes.add(attribute)
    return function, ir.IRBuilder(function.append_basic_block("entry"))


def _write_steps(module: Any, name: str, lanes: int) -> Any:
    function, build = _begin(module, name, 3)
    vectors = _Vectors(build, lanes)
    columns = build.inttoptr(function.args[0], vectors.type.as_pointer())
    table = build.inttoptr(function.args[1], _PLACE.as_pointer())
    state = [build.load(build.gep(columns, [_WORD(i)]), align=4) for i in range(8)]
    places = [build.load(build.gep(table, [_WORD(i)]), align=8) for i in range(lanes)]
    before, loop = build.block, build.append_basic_block("block")
    build.branch(loop)
    build.position_at_end(loop)
    begun = vectors.loop_values([_PLACE(0), *state], before)
    words = vectors.words([build.add(place, begun[0]) for place in places])
    state = vectors.compress(begun[1:], words)
    following = build.add(begun[0], _PLACE(64))
    for value, changed in zip(begun, [following, *state], strict=True):
        value.add_incoming(changed, build.block)
    done = build.append_basic_block("done")
    build.cbranch(build.icmp_unsigned("<", following, function.args[2]), loop, done)
    build.position_at_end(done)
    for i in range(8):
        build.store(state[i], build.gep(columns, [_WORD(i)]), align=4)
    build.ret_void()
    return function


def _write_second(module: Any, name: str, lanes: int) -> Any:
    function, build = _begin(module, name, 2)
    vectors = _Vectors(build, lanes)
    columns, rows = (build.inttoptr(each, vectors.type.as_pointer()) for each in function.args)
    first = [build.load(build.gep(columns, [_WORD(i)]), align=4) for i in range(8)]
    padding = [vectors.all(word) for word in (0x80000000, 0, 0, 0, 0, 0, 0, 256)]
    state = vectors.compress([vectors.all(word) for word in INITIAL], first + padding)
    swapped = [vectors.call("bswap", each) for each in state]
    for i, row in enumerate(vectors.turn(swapped)):
        build.store(row, build.gep(rows, [_WORD(i)]), align=4)
    build.ret_void()
    return function


def steps(lanes: int) -> Any:
    """Make the call that hashes blocks of so many messages at once.

    `columns`: address of uint32 `[8, lanes]`, the states, changed. `places`: address of int64
    `[lanes]`, where each message's blocks stand. `size`: bytes of each to hash, at least 64 and a
    multiple of it.
    """

    @_intrinsic
    def step(_typing, columns, places, size):
        def codegen(context, builder, _signature, args):
            name = f"kancil_sha256_steps_{lanes}"
            known = builder.module.globals.get(name)
            builder.call(known or _write_steps(builder.module, name, lanes), args)
            return context.get_dummy_value()

        return types.void(types.intp, types.intp, types.intp), codegen

    return step


def seconds(lanes: int) -> Any:
    """Make the call that hashes so many digests: SHA-256 of their 32 bytes each.

    `columns`: address of uint32 `[8, lanes]`, states. `rows`: address of uint32 `[lanes, 8]`, for
    the digests, as on the wire.
    """

    @_intrinsic
    def second(_typing, columns, rows):
        def codegen(context, builder, _signature, args):
            name = f"kancil_sha256_second_{lanes}"
            known = builder.module.globals.get(name)
            builder.call(known or _write_second(builder.module, name, lanes), args)
            return context.get_dummy_value()

        return types.void(types.intp, types.intp), codegen

    return second
