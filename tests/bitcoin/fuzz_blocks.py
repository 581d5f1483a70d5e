"""Structure-aware mutation of real blocks: the kernels against the slow twin.

    NUMBA_BOUNDSCHECK=1 python tests/bitcoin/fuzz_blocks.py --seconds 60 --seed 1

Run as a program it sets NUMBA_BOUNDSCHECK itself, so that a kernel that reads outside its arrays
raises. Prints how many blocks it tried and the seed; ends with status 1 at the first difference,
with the bytes that show it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    os.environ["NUMBA_BOUNDSCHECK"] = "1"
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from kancil.bitcoin.blocks.parse import find_blocks, parse_blocks  # noqa: E402
from kancil.bitcoin.compiled import memory  # noqa: E402
from tests.bitcoin import slow_parser as slow  # noqa: E402
from tests.bitcoin.twin import differences, fault_words, slow_rows  # noqa: E402

DATA = ROOT / "tests" / "data" / "bitcoin"
MAGIC = bytes.fromhex("f9beb4d9")
BATCH = 8
EXTREMES = [
    b"\x00", b"\x01", b"\xfc", b"\xfd\xfd\x00", b"\xfd\x01\x00", b"\xfd\xff\xff", b"\xfe\0\0\1\0",
    b"\xfe\xff\xff\xff\xff", b"\xfe\x05\0\0\0", b"\xfe\0\0\0\2", b"\xfe\1\0\0\2",
    b"\xff" * 9, b"\xff" + bytes(8), b"\xff\0\0\0\0\1\0\0\0", b"\xff" + bytes(7) + b"\x80",
]  # fmt: skip
VALUES = [0, 1, 2_100_000_000_000_000, 2_100_000_000_000_001, 2**63 - 1, 2**63, 2**64 - 1]
KEY, LONG_KEY = b"\2" * 33, b"\4" * 65
SCRIPTS = [
    b"",
    b"\x6a",
    b"\x6a\x24\xaa\x21\xa9\xed" + b"\x11" * 32,
    b"\x51\x02\x4e\x73",
    b"\x00\x14" + b"\1" * 20,
    b"\x00\x20" + b"\1" * 32,
    b"\x51\x20" + b"\1" * 32,
    b"\x60\x02\1\1",
    b"\x00\x03\1\1\1",
    b"\x52\x28" + b"\1" * 40,
    b"\x21" + KEY + b"\xac",
    b"\x41" + LONG_KEY + b"\xac",
    b"\xa9\x14" + b"\1" * 20 + b"\x87",
    b"\x76\xa9\x14" + b"\1" * 20 + b"\x88\xac",
    b"\x51\x21" + KEY + b"\x51\xae",
    b"\x51\x4c\x21" + KEY + b"\x41" + LONG_KEY + b"\x52\xae",
    b"\x52\x21" + KEY + b"\x51\xae",
    b"\x01\x11" + (b"\x21" + KEY) * 17 + b"\x01\x11\xae",
    b"\x51\x4d\x21\0" + KEY + b"\x51\xae",
    b"\x51\x4e\x21\0\0\0" + KEY + b"\x51\xae",
    b"\x51\x4e\xff\xff\xff\xff\x51\xae",
    b"\x51\x4c\xae",
    b"\xae",
    b"\x51\xae",
    b"\x51\x51\xae",
    b"\x21\x04" + b"\1" * 32 + b"\xac",
]


class MarkingReader(slow.Reader):
    """A reader that remembers where each field began: counts and lengths apart from the rest."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        """Begin with no marks."""
        super().__init__(data, start, end)
        self.fields: list[tuple[int, int]] = []
        self.varints: list[tuple[int, int]] = []

    def take(self, count: int) -> bytes:
        """Read and mark a field."""
        self.fields.append((self.at, count))
        return super().take(count)

    def compact(self) -> int:
        """Read and mark a count or length."""
        start = self.at
        value = super().compact()
        self.varints.append((start, self.at - start))
        return value


class Sample:
    """A block cut into header, transactions and the places of their fields."""

    def __init__(self, header: bytes, txs: list[bytes]) -> None:
        """Keep the parts."""
        self.header, self.txs = header, txs

    def join(self) -> bytes:
        """Write the block, its Merkle root made right."""
        ids = [slow.read_tx(slow.Reader(tx, 0, len(tx))).txid for tx in self.txs]
        header = self.header[:36] + slow.merkle(ids)[0] + self.header[68:]
        return header + slow.compact(len(self.txs)) + b"".join(self.txs)


def samples() -> tuple[list[Sample], list[bytes], list[bytes]]:
    """Read the real blocks, coinbases and other transactions of the test data."""
    blocks = []
    for path in sorted((DATA / "blocks").glob("*.raw")):
        raw = path.read_bytes()
        txs = slow.read_block(raw, 0, len(raw)).txs
        blocks.append(Sample(raw[:80], [raw[tx.offset : tx.offset + tx.size] for tx in txs]))
    raws = [bytes.fromhex(line) for line in (DATA / "transactions.txt").read_text().split()]
    coinbases = [raw for raw in raws if bytes(32) + b"\xff" * 4 in raw[:50]]
    return blocks, coinbases, [raw for raw in raws if raw not in set(coinbases)]


def fresh_block(
    chance: random.Random, pool: tuple[list[Sample], list[bytes], list[bytes]]
) -> bytes:
    """Make a block that is right: a real one, or real transactions under a new header."""
    blocks, coinbases, others = pool
    base = chance.choice(blocks)
    if chance.random() < 0.1:
        return (
            base.join()
            if chance.random() < 0.5
            else base.header + slow.compact(len(base.txs)) + b"".join(base.txs)
        )
    txs = [chance.choice(coinbases), *chance.choices(others, k=chance.randrange(12))]
    if chance.random() < 0.2:
        txs[-1:] = [commit(chance, txs)]
        txs = txs[-1:] + txs[1:-1] if len(txs) > 1 else txs
    header = bytearray(base.header)
    if chance.random() < 0.3:
        header[72:76] = chance.randbytes(3) + bytes(
            [chance.choice([0, 1, 2, 3, 4, 29, 32, 33, 34, 35, 255])]
        )
    return Sample(bytes(header), txs).join()


def commit(chance: random.Random, txs: list[bytes]) -> bytes:
    """Make a coinbase with a right witness commitment to the transactions behind the first."""
    wtxids = [slow.read_tx(slow.Reader(tx, 0, len(tx))).wtxid for tx in txs[1:-1]]
    nonce = chance.randbytes(32)
    mark = b"\x6a\x24\xaa\x21\xa9\xed" + slow.sha256d(slow.merkle([bytes(32), *wtxids])[0] + nonce)
    outputs = b"\2" + bytes(8) + b"\0" + bytes(8) + bytes([len(mark)]) + mark
    script = chance.choice([b"\x03\x40\x42\x0f", b"\x01\x10", b"\x51\0", b"\x02\x80\x00"])
    body = b"\1" + bytes(32) + b"\xff" * 4 + bytes([len(script)]) + script + b"\xff" * 4 + outputs
    return b"\2\0\0\0\0\1" + body + b"\1\x20" + nonce + bytes(4)


def marks(raw: bytes) -> MarkingReader:
    """Find the fields of a block as far as it can be read."""
    reader = MarkingReader(raw, min(80, len(raw)), len(raw))
    try:
        for _ in range(reader.compact()):
            slow.read_tx(reader)
    except slow.BadError:
        pass
    return reader


def mutate(chance: random.Random, raw: bytes) -> bytes:
    """Change one thing about a block."""
    change = chance.choice(CHANGES)
    found = marks(raw)
    return (
        change(chance, raw, found)
        if found.varints and found.fields
        else raw[: chance.randrange(100)]
    )


def _varint(chance: random.Random, raw: bytes, found: MarkingReader) -> bytes:
    at, width = chance.choice(found.varints)
    if chance.random() < 0.3:
        value = slow.Reader(raw, at, len(raw)).compact() + chance.choice([-1, 0, 1, 2, 252, 65536])
        new = slow.compact(max(value, 0))
        if chance.random() < 0.3 and value >= 0:
            new = b"\xfd" + (value & 0xFFFF).to_bytes(2, "little")
    else:
        new = chance.choice(EXTREMES)
    return raw[:at] + new + raw[at + width :]


def _flip(chance: random.Random, raw: bytes, _found: MarkingReader) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def _cut(chance: random.Random, raw: bytes, found: MarkingReader) -> bytes:
    at, width = chance.choice(found.fields)
    return (
        raw[: at + chance.randrange(width + 1)]
        if chance.random() < 0.5
        else raw[: chance.randrange(len(raw))]
    )


def _remove(chance: random.Random, raw: bytes, found: MarkingReader) -> bytes:
    at, width = chance.choice(found.fields)
    return raw[:at] + raw[at + chance.randrange(width + 1) :]


def _insert(chance: random.Random, raw: bytes, found: MarkingReader) -> bytes:
    at, _ = chance.choice(found.fields)
    return (
        raw[:at]
        + chance.choice([chance.randbytes(chance.randrange(40)), b"\0\1", b"\0\2", b"\0\0"])
        + raw[at:]
    )


def _value(chance: random.Random, raw: bytes, found: MarkingReader) -> bytes:
    places = [at for at, width in found.fields if width == 8] or [80]
    at = chance.choice(places)
    return raw[:at] + chance.choice(VALUES).to_bytes(8, "little") + raw[at + 8 :]


def _script(chance: random.Random, raw: bytes, found: MarkingReader) -> bytes:
    at, width = chance.choice(found.varints)
    length = slow.Reader(raw, at, len(raw)).compact()
    script = chance.choice(SCRIPTS)
    if script and chance.random() < 0.3:
        place = chance.randrange(len(script))
        script = script[:place] + chance.randbytes(1) + script[place + 1 :]
    if chance.random() < 0.1:
        script = script[: chance.randrange(len(script) + 1)]
    return raw[:at] + slow.compact(len(script)) + script + raw[at + width + length :]


def _window(chance: random.Random, raw: bytes, _found: MarkingReader) -> bytes:
    at, width = chance.randrange(len(raw)), chance.randrange(64)
    filling = chance.choice([chance.randbytes(width), bytes(width), b"\xff" * width])
    return raw[:at] + filling + raw[at + width :]


def _trail(chance: random.Random, raw: bytes, _found: MarkingReader) -> bytes:
    return raw + chance.randbytes(1 + chance.randrange(80))


def _double(_chance: random.Random, raw: bytes, _found: MarkingReader) -> bytes:
    try:
        txs = slow.read_block(raw, 0, len(raw)).txs
    except slow.BadError:
        return raw + raw[80:]
    pieces = [raw[tx.offset : tx.offset + tx.size] for tx in txs]
    tail = len(pieces) & -len(pieces)
    return raw[:80] + slow.compact(len(pieces) + tail) + b"".join(pieces + pieces[-tail:])


def _noise(chance: random.Random, raw: bytes, _found: MarkingReader) -> bytes:
    return raw[: chance.choice([0, 4, 80, 81])] + chance.randbytes(chance.randrange(400))


CHANGES: list[Callable[[random.Random, bytes, MarkingReader], bytes]] = [
    _varint, _varint, _varint, _flip, _flip, _cut, _remove, _insert, _value, _script, _script,
    _window, _trail, _double, _noise,
]  # fmt: skip


def try_batch(
    chance: random.Random, pool: tuple[list[Sample], list[bytes], list[bytes]], seen: Counter[str]
) -> str | None:
    """Compare parser and twin on a few mutated blocks in one buffer; tell the first difference."""
    pieces = []
    for _ in range(BATCH):
        raw = fresh_block(chance, pool)
        for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
            raw = mutate(chance, raw)
        pieces.append(raw)
    data, spans, at = b"".join(pieces), [], 0
    for piece in pieces:
        spans.append((at, len(piece)))
        at += len(piece)
    if chance.random() < 0.1:
        spans.append((chance.randrange(-9, at + 9), chance.randrange(-9, at + 9)))
    with_witness = chance.random() < 0.8
    columns, skipped = parse_blocks(data, spans, with_witness=with_witness)
    rows, faults = slow_rows(data, spans, with_witness=with_witness)
    seen.update(fault for fault, _ in faults)
    for name in ("merkle", "witness", "target"):
        seen.update(f"{name} {state}" for state in rows[f"block_{name}"])
    seen.update(f"script {kind}" for kind in rows["output_script"])
    wrong = differences(columns, rows)
    if fault_words(skipped) != faults:
        wrong.append(f"faults {fault_words(skipped)} for {faults}")
    return f"{wrong}\n{spans}\n{data.hex()}" if wrong else try_file(chance, pieces)


def try_file(chance: random.Random, pieces: list[bytes]) -> str | None:
    """Compare the walk over a block file of the same pieces, with garbage between and behind."""
    data = b""
    for piece in pieces[:4]:
        size = (
            len(piece)
            if chance.random() < 0.8
            else chance.choice([0, 80, 81, 1 << 25, 1 << 31, 500])
        )
        data += MAGIC + size.to_bytes(4, "little") + piece
        if chance.random() < 0.3:
            data += chance.choice(
                [bytes(chance.randrange(30)), chance.randbytes(9), MAGIC, MAGIC[:2]]
            )
    data = data[: chance.randrange(len(data))] if chance.random() < 0.3 else data
    spans, gaps = find_blocks(data, MAGIC)
    words = [(gap.code.removeprefix("block-file-").upper(), gap.params["offset"]) for gap in gaps]
    expected, slow_gaps = slow.find_records(data, MAGIC)
    if [tuple(span) for span in spans.tolist()] == expected and words == slow_gaps:
        return None
    return f"records {spans.tolist()} {words} for {expected} {slow_gaps}\n{data.hex()}"


def main() -> int:
    """Run for the seconds asked, or until so many blocks were tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--blocks", type=int, default=None)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    chance, pool, tried, seen = random.Random(seed), samples(), 0, Counter[str]()
    parse_blocks(b"", [[0, 0]])
    until = time.monotonic() + options.seconds
    while tried < options.blocks if options.blocks else time.monotonic() < until:
        wrong = try_batch(chance, pool, seen)
        if wrong:
            sys.stdout.write(f"difference after {tried} blocks, seed {seed}: {wrong}\n")
            return 1
        tried += BATCH
    sys.stdout.write(", ".join(f"{name} {count}" for name, count in sorted(seen.items())) + "\n")
    checked = "on" if memory.CHECKED else "off"
    sys.stdout.write(
        f"{tried} mutated blocks, no difference, seed {seed}, bounds checks {checked}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
