"""A test that fails by chance is run once more, alone, and named; a wrong one fails the run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import again
from tools.tree import ROOT

FIRST_TIME = """
from pathlib import Path

HERE = Path(__file__).with_name("ran")


def test_it():
    ran = HERE.exists()
    HERE.touch()
    assert {condition}
"""


def run(folder: Path, text: str, workers: str = "-n0") -> tuple[int, str, list[str]]:
    """Status, output and names of unstable tests of a run over one made-up test file."""
    path = folder / "test_made_up.py"
    path.write_text(text, "utf-8")
    unstable = folder / "unstable"
    unstable.touch()
    words = [sys.executable, "-m", "tools.again", sys.prefix, "not thorough", str(unstable)]
    ran = subprocess.run(
        [*words, sys.executable, "-m", "pytest", workers, str(path)], cwd=folder,
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
             "PYTEST_ADDOPTS": f"-p tests.conftest --rootdir={folder}"},
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr, unstable.read_text("utf-8").splitlines()


def test_what_passes_alone_the_second_time_is_named_unstable(tmp_path: Path) -> None:
    status, said, unstable = run(tmp_path, FIRST_TIME.format(condition="ran"))
    assert status == 0, said
    assert [name.rpartition("::")[2] for name in unstable] == ["test_it"]
    assert "once more, alone: 1 failed" in said


@pytest.mark.parametrize("text", [
    FIRST_TIME.format(condition="False"),
    "import nowhere_at_all",
    "".join(f"def test_{number}():\n    assert not {number + 1}\n" for number in range(11)),
])  # fmt: skip
def test_what_is_wrong_fails_the_run(tmp_path: Path, text: str) -> None:
    status, said, unstable = run(tmp_path, text)
    assert status != 0, said
    assert unstable == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("workers", "ends"), [("-n0", "raise KeyboardInterrupt"), ("-n1", "import os; os._exit(1)")]
)
def test_a_run_that_was_broken_off_or_lost_a_worker_fails(
    tmp_path: Path, workers: str, ends: str
) -> None:
    text = f"{FIRST_TIME.format(condition='ran')}\n\ndef test_end():\n    {ends}\n"
    status, said, unstable = run(tmp_path, text, workers=workers)
    assert status != 0, said
    assert unstable == []
    assert "once more" not in said


def test_a_test_that_was_skipped_the_second_time_did_not_pass() -> None:
    assert not again.passed_alone(["a"], {"failed": [], "broken": False, "passed": 0})
    assert again.passed_alone(["a"], {"failed": [], "broken": False, "passed": 1})
    assert not again.may_be_chance({"failed": ["a"], "broken": True})
    assert not again.may_be_chance({"failed": [], "broken": False}), "nothing says which failed"


def test_the_check_of_a_change_runs_its_tests_so() -> None:
    told = (ROOT / ".ci" / "run").read_text("utf-8")
    assert told.count("tools.again") == told.count("stage ") - 1 == 3, "all but the checks"
    assert "== unstable" in told
