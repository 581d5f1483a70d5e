"""A process that is going to be confined has its kernels ready, and keeps no more of them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from kancil.bitcoin.chain import ready_kernels
from tools.tree import ROOT

COMPILES = """
import sys
if sys.argv[1] == "keeps no more":
    from kancil.bitcoin.compiled.memory import keep_no_more
    keep_no_more()
from small import twice
print(twice(21), twice.stats.cache_hits)
"""
READY = """
from kancil.bitcoin.chain.ready_kernels import ready_to_read
from kancil.bitcoin.blocks.kernels import fill_loose
ready_to_read()
print(len(fill_loose.signatures))
"""


def test_a_single_transaction_is_read_without_compiling() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", READY], check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.stdout == "1\n"


def test_the_known_block_is_the_first_one_of_mainnet() -> None:
    header = ready_kernels.GENESIS_BLOCK[:80]
    digest = hashlib.sha256(hashlib.sha256(header).digest()).digest()[::-1].hex()
    assert digest == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    assert len(ready_kernels.GENESIS_BLOCK) == 285


def test_kernels_that_are_kept_are_read_and_no_more_are_written(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(
        "import numba\n@numba.njit(cache=True)\ndef twice(n):\n    return 2 * n\n",
        encoding="utf-8",
    )
    kept = tmp_path / "kept"

    def run(how: str) -> tuple[str, set[str]]:
        done = subprocess.run(
            [sys.executable, "-P", "-c", COMPILES, how], check=True, capture_output=True, text=True,
            env={
                **os.environ, "NUMBA_CACHE_DIR": str(kept),
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(tmp_path)]),
            },
        )  # fmt: skip
        return done.stdout, {path.name for path in kept.rglob("*.nb*")}

    _, names = run("keeps")
    assert names
    said, after = run("keeps no more")
    assert said.split() == ["42", "Counter({(int64,):", "1})"]
    assert after == names
    for path in list(kept.rglob("*.nb*")):
        path.unlink()
    said, after = run("keeps no more")
    assert (said.split()[0], after) == ("42", set())
