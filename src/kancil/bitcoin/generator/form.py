"""The forms of output the generator makes, and the bytes of their keys, scripts and signatures.

A *form* is finer than a `ScriptKind`: P2SH is either a nested witness key or a multisig. Keys come
from the counter: key j of address a is word `(4 a + j) * 5` of the stream and the four after it.
Without signing, a public key is 33 bytes of the right form that need not lie on the curve, and a
signature is well-formed DER with a low s (BIP 66, BIP 146) or 64 bytes (BIP 340), and not valid.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.generator.compiled import kernel, part
from kancil.bitcoin.generator.counter import word_of
from kancil.bitcoin.generator.hashing import Hashing, hash160, new_hashing, sha256
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import (
    OP_1,
    OP_CHECKMULTISIG,
    OP_CHECKSIG,
    OP_DUP,
    OP_EQUAL,
    OP_EQUALVERIFY,
    OP_HASH160,
    OP_PUSHDATA1,
    OP_RETURN,
)


class Form(IntEnum):
    """What an output pays to; the numbers are those of the tables of truth."""

    PKH = 0
    """P2PKH, a compressed key."""
    NESTED = 1
    """P2SH that holds a P2WPKH program."""
    WPKH = 2
    """P2WPKH."""
    WSH = 3
    """P2WSH, 2 of 3 keys."""
    TR = 4
    """P2TR, spent by its key."""
    PK = 5
    """P2PK, an uncompressed key, as the first coinbases had."""
    BARE = 6
    """Bare multisig, 1 of 2 keys."""
    SHARED = 7
    """P2SH, 2 of 3 keys."""
    DATA = 8
    """OP_RETURN with 32 bytes, never spent."""
    DATA_64 = 9
    """OP_RETURN with 64 bytes."""
    DATA_80 = 10
    """OP_RETURN with 80 bytes, pushed by OP_PUSHDATA1."""


KINDS = {
    Form.PKH: ScriptKind.P2PKH,
    Form.NESTED: ScriptKind.P2SH,
    Form.WPKH: ScriptKind.P2WPKH,
    Form.WSH: ScriptKind.P2WSH,
    Form.TR: ScriptKind.P2TR,
    Form.PK: ScriptKind.P2PK,
    Form.BARE: ScriptKind.MULTISIG,
    Form.SHARED: ScriptKind.P2SH,
    Form.DATA: ScriptKind.OP_RETURN,
    Form.DATA_64: ScriptKind.OP_RETURN,
    Form.DATA_80: ScriptKind.OP_RETURN,
}

PKH, NESTED, WPKH, WSH, TR, PK, BARE, SHARED, DATA, DATA_64, DATA_80 = range(11)
"""From `DATA` on no form is ever spent, and none is an address."""

PROGRAM_BYTES = np.array([20, 20, 20, 32, 32, 65, 71, 20, 32, 64, 80], np.int64)
"""For each form, the bytes that are told of an output: hash, key, data, or a whole bare script."""
SCRIPT_BYTES = np.array([25, 23, 22, 34, 34, 67, 71, 23, 34, 66, 83], np.int64)
INPUT_WEIGHT = np.array([593, 365, 273, 419, 231, 457, 461, 1190, 0, 0, 0], np.int64)
"""At most so many weight units for an input that spends the form (BIP 141), signatures longest."""
OUTPUT_WEIGHT = 4 * (9 + SCRIPT_BYTES)
TX_WEIGHT = 66
"""A transaction without its inputs and outputs, counts of up to three bytes."""
HAS_WITNESS = np.array([0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], np.uint8)
MAX_PROGRAM = 80

_OP_0 = 0
MULTISIG_BYTES = 105
"""A script of 2 of 3 compressed keys."""


class Scratch(NamedTuple):
    """Scratch of the kernels that write scripts."""

    hashing: Hashing
    key: Any
    """uint8 `[66]`."""
    script: Any
    """uint8 `[128]`."""
    program: Any
    """uint8 `[MAX_PROGRAM]`."""


def new_scratch() -> Scratch:
    """Make the scratch arrays."""
    return Scratch(
        new_hashing(),
        np.zeros(66, np.uint8),
        np.zeros(128, np.uint8),
        np.zeros(MAX_PROGRAM, np.uint8),
    )


@part
def put_word(out, at, value):
    """Write a uint64, little-endian."""
    for i in range(8):
        out[at + i] = np.uint8((value >> np.uint64(8 * i)) & np.uint64(255))


@part
def put_key_words(stream, address, j, out, at):
    """Write the 32 bytes of key j of an address."""
    first = np.uint64((address * 4 + j) * 5)
    for i in range(4):
        put_word(out, at + 8 * i, word_of(stream, first + np.uint64(i)))


@part
def put_key(stream, address, j, out, at):
    """Write key j of an address, compressed: 33 bytes."""
    put_key_words(stream, address, j, out, at + 1)
    sign = word_of(stream, np.uint64((address * 4 + j) * 5 + 4))
    out[at] = np.uint8(np.uint64(2) + (sign & np.uint64(1)))


@part
def put_multisig(stream, address, required, keys, out, at):
    """Write a multisig script of some keys of an address; give the place behind it."""
    out[at] = 0x50 + required
    at += 1
    for j in range(keys):
        out[at] = 33
        put_key(stream, address, j, out, at + 1)
        at += 34
    out[at], out[at + 1] = 0x50 + keys, OP_CHECKMULTISIG
    return at + 2


@kernel
def put_program(scratch, stream, address, form, out, at):
    """Write what an output of this address and form pays to: `PROGRAM_BYTES[form]` bytes."""
    hashing, key, script = scratch.hashing, scratch.key, scratch.script
    if form in (PKH, WPKH):
        put_key(stream, address, 0, key, 0)
        hash160(hashing, key, 0, 33, out, at)
    elif form == NESTED:
        put_key(stream, address, 0, key, 0)
        script[0], script[1] = _OP_0, 20
        hash160(hashing, key, 0, 33, script, 2)
        hash160(hashing, script, 0, 22, out, at)
    elif form == WSH:
        put_multisig(stream, address, 2, 3, script, 0)
        sha256(hashing, script, 0, MULTISIG_BYTES, out, at)
    elif form == SHARED:
        put_multisig(stream, address, 2, 3, script, 0)
        hash160(hashing, script, 0, MULTISIG_BYTES, out, at)
    elif form == PK:
        out[at] = 4
        put_key_words(stream, address, 0, out, at + 1)
        put_key_words(stream, address, 1, out, at + 33)
    elif form == BARE:
        put_multisig(stream, address, 1, 2, out, at)
    else:
        put_key_words(stream, address, 0, out, at)
        if form in (DATA_64, DATA_80):
            put_key_words(stream, address, 1, out, at + 32)
        if form == DATA_80:
            put_key_words(stream, address, 2, key, 0)
            for i in range(16):
                out[at + 64 + i] = key[i]


@kernel
def put_script(form, program, program_at, out, at):
    """Write an output script with its length before it, from its program; give the place behind."""
    size = SCRIPT_BYTES[form]
    out[at] = size
    at += 1
    if form == PKH:
        out[at], out[at + 1], out[at + 2] = OP_DUP, OP_HASH160, 20
        out[at + 23], out[at + 24] = OP_EQUALVERIFY, OP_CHECKSIG
        start = at + 3
    elif form in (NESTED, SHARED):
        out[at], out[at + 1], out[at + 22] = OP_HASH160, 20, OP_EQUAL
        start = at + 2
    elif form == PK:
        out[at], out[at + 66] = 65, OP_CHECKSIG
        start = at + 1
    elif form == BARE:
        start = at
    elif form == DATA_80:
        out[at], out[at + 1], out[at + 2] = OP_RETURN, OP_PUSHDATA1, 80
        start = at + 3
    else:
        out[at] = OP_RETURN if form >= DATA else (OP_1 if form == TR else _OP_0)
        out[at + 1] = PROGRAM_BYTES[form]
        start = at + 2
    for i in range(PROGRAM_BYTES[form]):
        out[start + i] = program[program_at + i]
    return at + size


@part
def signature_words(stream, tx, index, j, out, at):
    """Write 64 bytes, r and s, for signature j of an input."""
    first = np.uint64(((tx << 20) + index * 4 + j) * 8)
    for i in range(8):
        put_word(out, at + 8 * i, word_of(stream, first + np.uint64(i)))


@part
def put_signature(stream, tx, index, j, key, out, at):
    """Write a DER signature and its sighash byte behind a length; give the place behind it.

    `key`: uint8 `[66]`, scratch. r has a high first bit about every other time, and is then longer.
    """
    signature_words(stream, tx, index, j, key, 0)
    long = 1 if key[0] & 0x80 else 0
    if not long:
        key[0] |= 1
    key[32] = (key[32] & 0x3F) | 1
    out[at] = 71 + long
    out[at + 1], out[at + 2] = 0x30, 68 + long
    out[at + 3], out[at + 4], out[at + 5] = 2, 32 + long, 0
    at += 5 + long
    for i in range(32):
        out[at + i] = key[i]
    at += 32
    out[at], out[at + 1] = 2, 32
    at += 2
    for i in range(32):
        out[at + i] = key[32 + i]
    out[at + 32] = 1
    return at + 33
