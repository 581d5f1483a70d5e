"""Run tests; run those that failed once more, alone. What passes then is *unstable*, not wrong.

`.ci/run` runs its tests by this. All that failed are run in one process, one after another: nothing
runs beside them, and what they share is built once. Who passes then is named at the end of the
run, which goes on; it is mended the same day. Nothing is tried again where a worker died, a file
could not be collected, the run was broken off, or more than `MOST` tests failed: that is no chance.

    python3 -m tools.again VENV MARKERS UNSTABLE command that runs pytest in this folder

VENV: the environment of the command; MARKERS: what the tests were chosen by (`pytest -m`);
UNSTABLE: the file to which names are added.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MOST = 10
"""Failed tests at most that may have failed by chance."""
REPORT = "KANCIL_TEST_REPORT"
"""The variable that names the file to which `tests/conftest.py` writes what failed."""
_TIME_IS_OVER = "KANCIL_TESTS_UNTIL"


def may_be_chance(report: Mapping[str, Any]) -> bool:
    """Whether what a run left says that single tests failed, and no more than may be chance."""
    return 0 < len(report["failed"]) <= MOST and not report["broken"]


def passed_alone(failed: Sequence[str], report: Mapping[str, Any]) -> bool:
    """Whether every test that had failed was run again, and passed: a skipped one did not."""
    return not (report["failed"] or report["broken"]) and report["passed"] >= len(failed)


def main(words: Sequence[str]) -> int:
    """Run, and once more where that may help; gives the exit status."""
    venv, markers, unstable, *command = words
    status, report = _run(command, os.environ)
    if status == 0 or report is None or not may_be_chance(report):
        return status
    failed = report["failed"]
    sys.stdout.write(f"== once more, alone: {len(failed)} failed\n")
    sys.stdout.flush()
    alone = {name: value for name, value in os.environ.items() if name != _TIME_IS_OVER}
    pytest = (f"{venv}/bin/python", "-m", "pytest", "-n0", "-ra", "-m", markers)
    again, second = _run((*pytest, *failed), alone)
    if again != 0 or second is None or not passed_alone(failed, second):
        return status
    with Path(unstable).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in failed)
    return 0


def _run(command: Sequence[str], env: Mapping[str, str]) -> tuple[int, dict[str, Any] | None]:
    """Run a command; gives its status and what its tests left, None where they left nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        given = {**env, REPORT: str(report)}
        status = subprocess.run(command, env=given, check=False).returncode
        return status, json.loads(report.read_bytes()) if report.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
