"""Blocks as bytes, one transaction after another in plain Python: the writer that can sign.

With `CounterKeys` it is the slow twin of `write`, byte for byte; with `SigningKeys` every input
carries valid signatures: ECDSA over the old digest or that of BIP 143, Schnorr over that of
BIP 341, all of them over everything (SIGHASH_ALL, SIGHASH_DEFAULT).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.merkle_proof import write_compact_size
from kancil.bitcoin.blocks.plain_hash import double, merkle
from kancil.bitcoin.generator import curve
from kancil.bitcoin.generator.counter import (
    STREAM_KEYS,
    STREAM_SIGNATURES,
    stream_key,
    word,
)
from kancil.bitcoin.generator.form import (
    HAS_WITNESS,
    KINDS,
    MAX_PROGRAM,
    PROGRAM_BYTES,
    Form,
)
from kancil.bitcoin.generator.rows import FIRST_TX, HEIGHT, OUTPUTS, TXS, Rows
from kancil.bitcoin.generator.write import coinbase_parts, worked_header
from kancil.bitcoin.script.ripemd160 import hash160
from kancil.bitcoin.script.script import script_of

Digest: TypeAlias = Callable[[], bytes]
"""Gives what is to be signed; not asked by keys that only look like it."""
_MULTISIG_KEYS = 3
_MOST_KEPT = 50_000


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Keys(Protocol):
    """Where keys and signatures come from."""

    def compressed(self, address: int, j: int) -> bytes:
        """Key j of an address, 33 bytes."""

    def uncompressed(self, address: int) -> bytes:
        """The key of a bare-key address, 65 bytes."""

    def output_key(self, address: int) -> bytes:
        """The key of a taproot output, 32 bytes."""

    def note(self, address: int, size: int) -> bytes:
        """The bytes of an OP_RETURN output, at most 96."""

    def ecdsa(self, address: int, j: int, place: tuple[int, int], digest: Digest) -> bytes:
        """Sign for key j; `place`: transaction and input. DER, without the sighash byte."""

    def schnorr(self, address: int, place: tuple[int, int], digest: Digest) -> bytes:
        """Sign for a taproot output, 64 bytes."""


class CounterKeys:
    """Bytes of the right form, from the counter; the twin of the kernels in `form`."""

    def __init__(self, seed: int) -> None:
        """Take the two streams."""
        self._keys, self._signatures = (
            stream_key(seed, STREAM_KEYS),
            stream_key(seed, STREAM_SIGNATURES),
        )

    def _words(self, address: int, j: int) -> bytes:
        first = (address * 4 + j) * 5
        return b"".join(word(self._keys, first + i).to_bytes(8, "little") for i in range(4))

    def compressed(self, address: int, j: int) -> bytes:
        """02 or 03 and 32 bytes."""
        sign = word(self._keys, (address * 4 + j) * 5 + 4) & 1
        return bytes([2 + sign]) + self._words(address, j)

    def uncompressed(self, address: int) -> bytes:
        """04 and 64 bytes."""
        return b"\x04" + self._words(address, 0) + self._words(address, 1)

    def output_key(self, address: int) -> bytes:
        """32 bytes."""
        return self._words(address, 0)

    def note(self, address: int, size: int) -> bytes:
        """As many bytes of the words of the first keys."""
        return b"".join(self._words(address, j) for j in range(3))[:size]

    def _signature(self, place: tuple[int, int], j: int) -> bytes:
        tx, index = place
        first = ((tx << 20) + index * 4 + j) * 8
        return b"".join(word(self._signatures, first + i).to_bytes(8, "little") for i in range(8))

    def ecdsa(self, address: int, j: int, place: tuple[int, int], digest: Digest) -> bytes:
        """Well-formed DER."""
        raw = bytearray(self._signature(place, j))
        if raw[0] < 0x80:
            raw[0] |= 1
        raw[32] = (raw[32] & 0x3F) | 1
        return curve.der(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))

    def schnorr(self, address: int, place: tuple[int, int], digest: Digest) -> bytes:
        """64 bytes."""
        return self._signature(place, 0)


class SigningKeys:
    """Real keys: the secret of key j of an address is a hash of seed, address and j."""

    def __init__(self, seed: int) -> None:
        """Begin with no key known."""
        self._seed = seed.to_bytes(8, "little")
        self._points: dict[int, curve.Point] = {}

    def secret(self, address: int, j: int) -> int:
        """The private key."""
        number = (4 * address + j).to_bytes(8, "little")
        drawn = _sha256(b"kancil generated key" + self._seed + number)
        return int.from_bytes(drawn, "big") % (curve.N - 1) + 1

    def _point(self, address: int, j: int) -> curve.Point:
        at = 4 * address + j
        if at not in self._points:
            if len(self._points) > _MOST_KEPT:
                self._points.clear()
            self._points[at] = curve.public_point(self.secret(address, j))
        return self._points[at]

    def compressed(self, address: int, j: int) -> bytes:
        """A key on the curve."""
        return curve.compressed(self._point(address, j))

    def uncompressed(self, address: int) -> bytes:
        """A key on the curve."""
        return curve.uncompressed(self._point(address, 0))

    def output_key(self, address: int) -> bytes:
        """The tweaked key."""
        return curve.x_only(curve.tweaked(self.secret(address, 0)))

    def note(self, address: int, size: int) -> bytes:
        """Bytes that mean nothing."""
        place = b"kancil generated note" + self._seed + address.to_bytes(8, "little")
        parts = [_sha256(place + (bytes([j]) if j else b"")) for j in range(3)]
        return b"".join(parts)[:size]

    def ecdsa(self, address: int, j: int, place: tuple[int, int], digest: Digest) -> bytes:
        """Sign."""
        return curve.der(*curve.sign(self.secret(address, j), digest()))

    def schnorr(self, address: int, place: tuple[int, int], digest: Digest) -> bytes:
        """Sign."""
        return curve.sign_schnorr(curve.tweaked(self.secret(address, 0)), digest())


def push(data: bytes) -> bytes:
    """Push up to 255 bytes."""
    return (b"\x4c" if len(data) > 75 else b"") + bytes([len(data)]) + data


def sized(data: bytes) -> bytes:
    """Write bytes behind their length."""
    return write_compact_size(len(data)) + data


def multisig(keys: Keys, address: int, required: int, count: int) -> bytes:
    """Write a multisig script."""
    pushed = b"".join(push(keys.compressed(address, j)) for j in range(count))
    return bytes([0x50 + required]) + pushed + bytes([0x50 + count, 0xAE])


def program_of(keys: Keys, address: int, form: Form) -> bytes:
    """What an output of this address and form pays to."""
    match form:
        case Form.PKH | Form.WPKH:
            return hash160(keys.compressed(address, 0))
        case Form.NESTED:
            return hash160(b"\0\x14" + hash160(keys.compressed(address, 0)))
        case Form.WSH:
            return _sha256(multisig(keys, address, 2, _MULTISIG_KEYS))
        case Form.SHARED:
            return hash160(multisig(keys, address, 2, _MULTISIG_KEYS))
        case Form.TR:
            return keys.output_key(address)
        case Form.PK:
            return keys.uncompressed(address)
        case Form.BARE:
            return multisig(keys, address, 1, 2)
    return keys.note(address, int(PROGRAM_BYTES[form]))


def script_of_form(form: Form, program: bytes) -> bytes:
    """The output script."""
    payload = push(program) if form >= Form.DATA else program
    # Of a bare script the program is the whole; every other form is of a kind that has a script.
    return program if form is Form.BARE else cast(bytes, script_of(KINDS[form], payload))


class PlainTx:
    """One transaction of the rows, on its way to bytes."""

    def __init__(self, rows: Rows, tx: int, ids: NDArray[np.uint8], keys: Keys) -> None:
        """Read the rows of one transaction."""
        inputs = range(int(rows.tx_in[tx]), int(rows.tx_in[tx + 1]))
        outputs = range(int(rows.tx_out[tx]), int(rows.tx_out[tx + 1]))
        self._keys, self._number = keys, int(rows.counts[FIRST_TX]) + tx
        self.version = int(rows.tx_version[tx]).to_bytes(4, "little")
        self.locktime = int(rows.tx_locktime[tx]).to_bytes(4, "little")
        self.sources = [
            ids[rows.in_tx[i]].tobytes() + int(rows.in_n[i]).to_bytes(4, "little") for i in inputs
        ]
        self.sequences = [int(rows.in_sequence[i]).to_bytes(4, "little") for i in inputs]
        self.values = [int(rows.in_value[i]).to_bytes(8, "little") for i in inputs]
        self.spends = [(int(rows.in_address[i]), Form(int(rows.in_form[i]))) for i in inputs]
        self.programs = [
            program_of(keys, int(rows.out_address[i]), Form(int(rows.out_form[i]))) for i in outputs
        ]
        self.outputs = [
            int(rows.out_value[i]).to_bytes(8, "little")
            + sized(script_of_form(Form(int(rows.out_form[i])), program))
            for i, program in zip(outputs, self.programs, strict=True)
        ]

    def both(self) -> tuple[bytes, bytes]:
        """The transaction without and with its witness data."""
        pairs = [self._unlock(i) for i in range(len(self.spends))]
        body = self._body([script for script, _ in pairs])
        bare = self.version + body + self.locktime
        if not any(HAS_WITNESS[form] for _, form in self.spends):
            return bare, bare
        stacks = b"".join(write_compact_size(len(s)) + b"".join(map(sized, s)) for _, s in pairs)
        return bare, self.version + b"\0\1" + body + stacks + self.locktime

    def _body(self, scripts: list[bytes]) -> bytes:
        spent = b"".join(
            source + sized(script) + sequence
            for source, script, sequence in zip(self.sources, scripts, self.sequences, strict=True)
        )
        return (
            write_compact_size(len(self.sources))
            + spent
            + write_compact_size(len(self.outputs))
            + b"".join(self.outputs)
        )

    def _unlock(self, i: int) -> tuple[bytes, list[bytes]]:
        """The script and the witness stack of input i."""
        keys, (address, form) = self._keys, self.spends[i]
        match form:
            case Form.PKH:
                return push(self._old(i, 0)) + push(keys.compressed(address, 0)), []
            case Form.PK:
                return push(self._old(i, 0)), []
            case Form.BARE:
                return b"\0" + push(self._old(i, 0)), []
            case Form.SHARED:
                script = multisig(keys, address, 2, _MULTISIG_KEYS)
                return b"\0" + push(self._old(i, 0)) + push(self._old(i, 1)) + push(script), []
            case Form.TR:
                place = self._number, i
                return b"", [keys.schnorr(address, place, lambda: self.digest_341(i))]
            case Form.WSH:
                script = multisig(keys, address, 2, _MULTISIG_KEYS)
                return b"", [b"", self._new(i, 0, script), self._new(i, 1, script), script]
        key = keys.compressed(address, 0)
        code = script_of_form(Form.PKH, hash160(key))
        redeem = push(b"\0\x14" + hash160(key)) if form is Form.NESTED else b""
        return redeem, [self._new(i, 0, code), key]

    def _script_spent(self, i: int) -> bytes:
        address, form = self.spends[i]
        return script_of_form(form, program_of(self._keys, address, form))

    def _old(self, i: int, j: int) -> bytes:
        place = self._number, i
        return self._keys.ecdsa(self.spends[i][0], j, place, lambda: self.digest_old(i)) + b"\x01"

    def _new(self, i: int, j: int, code: bytes) -> bytes:
        place, address = (self._number, i), self.spends[i][0]
        return self._keys.ecdsa(address, j, place, lambda: self.digest_143(i, code)) + b"\x01"

    def digest_old(self, i: int) -> bytes:
        """What SIGHASH_ALL signs of an input without witness data."""
        address, form = self.spends[i]
        code = (
            multisig(self._keys, address, 2, _MULTISIG_KEYS)
            if form is Form.SHARED
            else self._script_spent(i)
        )
        scripts = [code if n == i else b"" for n in range(len(self.spends))]
        return double(self.version + self._body(scripts) + self.locktime + b"\x01\0\0\0")

    def digest_143(self, i: int, code: bytes) -> bytes:
        """What SIGHASH_ALL signs of a version 0 witness input (BIP 143, specification)."""
        return double(
            self.version + double(b"".join(self.sources)) + double(b"".join(self.sequences))
            + self.sources[i] + sized(code) + self.values[i] + self.sequences[i]
            + double(b"".join(self.outputs)) + self.locktime + b"\x01\0\0\0"
        )  # fmt: skip

    def digest_341(self, i: int) -> bytes:
        """What SIGHASH_DEFAULT signs of a taproot input spent by key (BIP 341)."""
        scripts = b"".join(sized(self._script_spent(n)) for n in range(len(self.spends)))
        return curve.tagged(
            "TapSighash",
            b"\0\0" + self.version + self.locktime + _sha256(b"".join(self.sources))
            + _sha256(b"".join(self.values)) + _sha256(scripts)
            + _sha256(b"".join(self.sequences)) + _sha256(b"".join(self.outputs))
            + b"\0" + i.to_bytes(4, "little"),
        )  # fmt: skip


class PlainWriter:
    """Writes the blocks that rows plan, with the keys given."""

    def __init__(self, rows: Rows, keys: Keys) -> None:
        """Make room for the programs of one block."""
        self._rows, self._keys = rows, keys
        self.programs = np.zeros((len(rows.out_value), MAX_PROGRAM), np.uint8)
        """uint8 `[n outputs, MAX_PROGRAM]`."""

    def script(self, address: int, form: Form) -> bytes:
        """The output script of an address."""
        return script_of_form(form, program_of(self._keys, address, form))

    def _keep(self, first: int, programs: list[bytes]) -> None:
        for i, program in enumerate(programs):
            self.programs[first + i, : len(program)] = np.frombuffer(program, np.uint8)

    def write(self, ids: NDArray[np.uint8], prev: bytes, time: int) -> tuple[bytes, bytes]:
        """Write the block that the rows plan now; give its bytes and hash, add its ids to `ids`."""
        rows, counts = self._rows, self._rows.counts
        count, first = int(counts[TXS]), int(counts[FIRST_TX])
        self.programs[: int(counts[OUTPUTS])] = 0
        bodies, witness_ids = [], [bytes(32)]
        for tx in range(1, count):
            made = PlainTx(rows, tx, ids, self._keys)
            bare, whole = made.both()
            bodies.append(whole)
            ids[first + tx] = np.frombuffer(double(bare), np.uint8)
            witness_ids.append(double(whole))
            self._keep(int(rows.tx_out[tx]), made.programs)
        commitment = double(merkle(witness_ids)[0] + bytes(32))
        form = Form(int(rows.out_form[0]))
        program = program_of(self._keys, int(rows.out_address[0]), form)
        self._keep(0, [program, commitment])
        bare, whole = coinbase_parts(
            int(counts[HEIGHT]), int(rows.out_value[0]), sized(script_of_form(form, program)),
            commitment,
        )  # fmt: skip
        ids[first] = np.frombuffer(double(bare), np.uint8)
        root = merkle([ids[first + tx].tobytes() for tx in range(count)])[0]
        header, block_hash = worked_header(prev, root, time)
        return header + write_compact_size(count) + whole + b"".join(bodies), block_hash
