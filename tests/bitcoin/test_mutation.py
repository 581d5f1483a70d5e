"""Mutated blocks: the kernels under bounds checks against the slow twin, in a process apart."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKS = 2000
SEED = 20261124


@pytest.mark.thorough
def test_mutated_blocks_read_alike_by_kernels_and_slow_twin() -> None:
    program = Path(__file__).with_name("fuzz_blocks.py")
    done = subprocess.run(
        [sys.executable, str(program), "--blocks", str(BLOCKS), "--seed", str(SEED)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    told = re.search(
        r"(\d+) mutated blocks, no difference, seed (\d+), bounds checks on", done.stdout
    )
    assert told
    assert int(told[1]) >= BLOCKS
    assert int(told[2]) == SEED
    sys.stdout.write(done.stdout)
