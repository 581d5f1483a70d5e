"""The kernels piece by piece: hashes, Merkle roots, script forms, the cache on disk."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.parse import find_blocks, parse_blocks, parse_transaction
from kancil.bitcoin.blocks.plain_hash import merkle
from kancil.bitcoin.blocks.read import Fault
from kancil.bitcoin.compiled import memory, sha256
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin import slow_parser as slow
from tests.bitcoin.fuzz_blocks import SCRIPTS
from tests.bitcoin.twin import fault_words, slow_rows

ROOT = Path(__file__).parents[2]
BLOCK = (ROOT / "tests" / "data" / "bitcoin" / "blocks" / "mainnet-227836.raw").read_bytes()


@memory.kernel
def _hash_all(buffer: Any, ends: Any, work: Any) -> None:
    at, start = 0, 0
    for i in range(len(ends)):
        at = sha256.put_message(work, i, at, buffer, start, ends[i] - start)
        start = ends[i]
    sha256.hash_messages(work, len(ends))


def hashed(messages: list[bytes]) -> list[bytes]:
    """Double-hash up to BATCH messages with the kernels."""
    buffer = np.frombuffer(b"".join(messages) + b"\0", dtype=np.uint8)
    ends = np.cumsum([len(message) for message in messages], dtype=np.int64)
    work = sha256.new_work(2 * 64 * sha256.BATCH)
    _hash_all(buffer, ends, work)
    return [work.digests[i].tobytes() for i in range(len(messages))]


def test_libcrypto_is_found_on_the_machines_we_support() -> None:
    assert sha256.AVAILABLE


def test_double_sha256_is_that_of_hashlib_for_every_length_around_its_blocks() -> None:
    source = bytes(range(256)) * 3
    for first in range(0, 700, sha256.BATCH):
        messages = [source[:length] for length in range(first, first + sha256.BATCH)]
        assert hashed(messages) == [slow.sha256d(message) for message in messages]


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=sha256.BATCH))
def test_double_sha256_of_any_batch_is_that_of_hashlib(messages: list[bytes]) -> None:
    assert hashed(messages) == [slow.sha256d(message) for message in messages]


def test_double_sha256_of_the_word_hello_is_the_known_one() -> None:
    # Bitcoin wiki, "Protocol documentation", section "Hashes".
    assert hashed([b"hello"])[0].hex() == (
        "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 12, 63, 64, 65, 127, 129, 300])
def test_merkle_roots_equal_the_slow_twin(count: int) -> None:
    hashes = [hashlib.sha256(bytes([i % 251, i // 251])).digest() for i in range(count)]
    for leaves in (hashes, [*hashes, hashes[-1]], [hashes[0]] * count):
        tree = np.zeros((len(leaves) + 1, 8), dtype=np.uint32)
        tree[: len(leaves)] = np.frombuffer(b"".join(leaves), dtype=np.uint32).reshape(-1, 8)
        mutated = sha256.merkle_root(tree, len(leaves), sha256.new_work(64))
        assert (tree[0].tobytes(), bool(mutated)) == slow.merkle(leaves)
        assert merkle(leaves) == slow.merkle(leaves)


def transaction_paying(scripts: list[bytes]) -> bytes:
    """Make a transaction with these output scripts."""
    outputs = b"".join(bytes(8) + slow.compact(len(script)) + script for script in scripts)
    return (
        b"\1\0\0\0\1" + b"\1" * 36 + b"\0" + bytes(4)
        + slow.compact(len(scripts)) + outputs + bytes(4)
    )  # fmt: skip


def forms(scripts: list[bytes]) -> list[tuple[int, bytes]]:
    """Classify output scripts with the kernels."""
    columns = parse_transaction(transaction_paying(scripts))
    return [
        (int(kind), columns.payload_of(i)) for i, kind in enumerate(columns.output_script.tolist())
    ]


def test_every_script_form_and_its_near_misses_equal_the_slow_twin() -> None:
    near = [
        script[:place] + bytes([script[place] ^ change]) + script[place + 1 :]
        for script in SCRIPTS
        for place in range(len(script))
        for change in (1, 0x80)
    ]
    cut = [script[:end] for script in SCRIPTS for end in range(len(script))]
    scripts = [*SCRIPTS, *near, *cut, *(script + b"\0" for script in SCRIPTS)]
    expected = [slow.classify(script) for script in scripts]
    assert forms(scripts) == expected
    assert {kind for kind, _ in expected} == set(ScriptKind)


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=20))
def test_any_script_is_classified_as_by_the_slow_twin(scripts: list[bytes]) -> None:
    assert forms(scripts) == [slow.classify(script) for script in scripts]


def test_a_block_cut_at_every_byte_of_its_first_kilobyte_is_a_skip() -> None:
    spans = [(0, size) for size in range(1025)]
    columns, skipped = parse_blocks(BLOCK, spans)
    assert columns.block_count == 0
    assert len(skipped) == 1025
    assert fault_words(skipped) == slow_rows(BLOCK, spans)[1]


def test_a_count_of_four_billion_takes_no_memory_and_is_a_skip() -> None:
    lies = [b"\xfe\xff\xff\xff\xff", b"\xff" * 9, b"\xff" + bytes(7) + b"\x80", b"\xfe\0\0\0\2"]
    for lie in lies:
        raw = BLOCK[:80] + lie + BLOCK[81:]
        _, skipped = parse_blocks(raw, [(0, len(raw))])
        assert fault_words(skipped) in (
            [(Fault.NUMBER_TOO_LARGE.name, 80)],
            [(Fault.COUNT_TOO_LARGE.name, 80)],
        )


@given(st.binary(max_size=2000))
def test_random_bytes_are_no_block_and_do_no_harm(noise: bytes) -> None:
    columns, skipped = parse_blocks(noise, [(0, len(noise))])
    assert (columns.block_count, len(skipped)) == (0, 1)
    spans, gaps = find_blocks(noise, b"\xf9\xbe\xb4\xd9")
    assert len(spans) == 0
    assert (len(gaps) > 0) == bool(noise.strip(b"\0"))


SCRIPT_OF_THE_CACHE = """
import hashlib
from kancil.bitcoin.blocks.columns import LAYOUT
from kancil.bitcoin.blocks.kernels import fill_blocks
from kancil.bitcoin.compiled.sha256_lanes import LANES
from kancil.bitcoin.blocks.parse import parse_blocks
import sys
raw = open(sys.argv[1], "rb").read()
columns, skipped = parse_blocks(raw, [(0, len(raw))])
assert columns.block_merkle.tolist() == [1] and not skipped
stats = fill_blocks.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
digest = hashlib.sha256()
for name in LAYOUT:
    digest.update(getattr(columns, name).tobytes())
print(LANES, digest.hexdigest())
"""


def run_python(
    script: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.thorough
def test_kernels_are_kept_on_disk_for_processors_with_the_same_features(tmp_path: Path) -> None:
    block = str(ROOT / "tests" / "data" / "bitcoin" / "blocks" / "mainnet-227836.raw")
    first = run_python(SCRIPT_OF_THE_CACHE, block, NUMBA_CACHE_DIR=str(tmp_path))
    assert first.stdout.split()[:2] == ["0", "1"], first.stderr
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")}
    assert kept
    second = run_python(SCRIPT_OF_THE_CACHE, block, NUMBA_CACHE_DIR=str(tmp_path))
    assert second.stdout.split()[:2] == ["1", "0"], second.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")} == kept
    # A processor without vectors, as far as Numba is told, neither runs nor harms what is kept.
    plain = run_python(
        SCRIPT_OF_THE_CACHE,
        block,
        NUMBA_CACHE_DIR=str(tmp_path),
        NUMBA_CPU_NAME="generic",
        NUMBA_CPU_FEATURES="",
    )
    assert plain.stdout.split()[:3] == ["0", "1", "0"], plain.stderr
    assert first.stdout.split()[3] == second.stdout.split()[3] == plain.stdout.split()[3]
    now = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")}
    assert kept.items() <= now.items()


SCRIPT_OF_THE_LANES = """
import sys
from tests.bitcoin.test_sha256lanes import (
    test_every_count_of_messages_with_one_that_is_long_hashes_as_hashlib_does as every_count,
)
from tests.bitcoin.test_kernels import test_merkle_roots_equal_the_slow_twin as roots
from kancil.bitcoin.compiled import sha256_lanes as sha256lanes
every_count()
for count in (1, 2, 3, 9, 64, 300):
    roots(count)
print(sha256lanes.LANES)
"""


@pytest.mark.thorough
@pytest.mark.skipif(
    not llvm.get_host_cpu_features().get("avx2"), reason="this processor has no AVX2"
)
def test_an_older_processor_hashes_in_eight_lanes_as_hashlib_does() -> None:
    done = run_python(
        SCRIPT_OF_THE_LANES,
        NUMBA_CPU_NAME="haswell",
        NUMBA_CPU_FEATURES="+avx,+avx2,+bmi,+bmi2",
        PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    )
    assert done.stdout.split() == ["8"], done.stderr


def test_a_machine_without_any_cache_folder_only_compiles_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real: Any = numba.njit

    def no_folder(**options: object) -> object:
        if "cache" in options:
            raise RuntimeError("cannot cache function: no locator available")
        return real(**options)

    monkeypatch.setattr(numba, "njit", no_folder)

    def first_byte(buffer: Any) -> Any:
        return memory.byte(buffer, 0)

    assert memory.kernel(first_byte)(np.array([7], dtype=np.uint8)) == 7


def test_bounds_checks_raise_where_a_kernel_leaves_its_buffer(tmp_path: Path) -> None:
    script = """
import numpy as np
from kancil.bitcoin.compiled import memory
@memory.kernel
def read(buffer, at):
    return memory.u32(buffer, at)
buffer = np.arange(8, dtype=np.uint8)
assert memory.CHECKED and read(buffer, 4) == 0x07060504
for at in (5, 8, -1, 1 << 62):
    try:
        read(buffer, at)
    except IndexError:
        print("caught")
"""
    path = tmp_path / "read.py"
    path.write_text(script)
    done = run_python(f"import runpy; runpy.run_path({str(path)!r})", NUMBA_BOUNDSCHECK="1")
    assert done.stdout.split() == ["caught"] * 4, done.stderr
