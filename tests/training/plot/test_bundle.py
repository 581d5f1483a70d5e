"""The kept bundle of a classroom is intact, and each change of it is found where it was made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kancil.reports.casework.bundle.checker.check import check_bundle
from kancil.reports.casework.bundle.checker.verdict import CONFIRMED, NOT_INTACT, BundleVerdict
from kancil.training.courses.library import course_named
from kancil.training.plot.bundle import CHANGES, Change, changed_bundle, intact_bundle


def _checked(data: bytes, folder: Path) -> BundleVerdict:
    path = folder / "trace-bundle.zip"
    path.write_bytes(data)
    return check_bundle(path)


def test_the_kept_bundle_is_intact_and_says_that_it_is_exercise(tmp_path: Path) -> None:
    verdict = _checked(intact_bundle(), tmp_path)
    assert verdict.answer != NOT_INTACT
    assert verdict.is_training


def test_the_manual_for_judges_has_the_fingerprint_that_confirms_the_signer(tmp_path: Path) -> None:
    manual = course_named("judges-and-prosecutors").own.trainer
    written = re.findall(r"SHA256:[A-Za-z0-9+/]{43}", manual)
    assert len(written) == 1
    path = tmp_path / "trace-bundle.zip"
    path.write_bytes(intact_bundle())
    assert check_bundle(path, key=written[0]).answer == CONFIRMED


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.member)
def test_a_change_is_found_in_the_file_in_which_it_was_made(change: Change, tmp_path: Path) -> None:
    data = changed_bundle(change)
    assert len(data) == len(intact_bundle())
    verdict = _checked(data, tmp_path)
    assert verdict.answer == NOT_INTACT
    assert [remark.place for remark in verdict.steps["bytes"].problems] == [change.member]
