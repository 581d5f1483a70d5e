"""Accept the sample report as it is now: `python tests/reports/make_golden.py`, then look at it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.reports.make_sample_bundle import make_sample
from tests.reports.test_analysis import ACCEPTED, GOLDEN

if __name__ == "__main__":
    for name, member in ACCEPTED.items():
        (GOLDEN / name).write_bytes(make_sample().analysis[member])
