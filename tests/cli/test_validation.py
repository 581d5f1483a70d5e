"""The command that validates the reading of disks says what it found, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kancil.cli.unit import validation
from kancil.evidence.validation.validate import ASSERTIONS
from kancil.evidence.validation.verdict import Verdict
from kancil.ground.errors import IntegrityBroken
from tests.cli.running import read_json, run

DIGEST = "5d41402abc4b2a76b9719d911017c592"


def verdicts(actual: int) -> Iterator[Verdict]:
    yield Verdict("stored-digest", "a.E01", (("md5", DIGEST),), (("md5", DIGEST),))
    yield Verdict("entries", "a.E01", ((7,),), ((actual,),))
    yield Verdict("contents", "a.E01", (), tuple((each,) for each in range(7, actual * 8)))


def test_every_verdict_is_answered_without_a_workspace() -> None:
    ran = run("evidence", "validate", "--json")
    found = read_json(ran.out)
    assert (ran.status, found["holds"]) == (0, True)
    assert [each["assertion"] for each in found["verdicts"]] == [*ASSERTIONS] * 2
    assert {"kancil", "pytsk3", "libewf-python"} <= set(found["tools"])


def test_the_answer_comes_first_and_the_limits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "validate", lambda: list(verdicts(7))[:2])
    ran = run("evidence", "validate")
    assert ran.status == 0
    assert ran.out.startswith("All 2 assertions hold, on 1 reference images.")
    for words in ("not an accreditation (ISO/IEC 17025)", "Computer Forensics Tool Testing",
                  "Not tested:", f"md5 {DIGEST[:12]}…"):  # fmt: skip
        assert words in " ".join(ran.out.split()), words


def test_an_assertion_that_does_not_hold_ends_with_a_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(validation, "validate", lambda: verdicts(8))
    ran = run("evidence", "validate")
    said = " ".join(ran.out.split())
    assert ran.status == IntegrityBroken.exit_status == 12
    assert said.startswith("2 of 3 assertions do not hold")
    assert "a.E01, Number of entries: expected, not found: 7" in said
    assert "a.E01, Number of entries: found, not expected: 8" in said
    assert "more rows differ" in said
    assert read_json(run("evidence", "validate", "--json").out)["holds"] is False
