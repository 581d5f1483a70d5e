"""Time stamps over the checkpoint: read, never called checked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.page.browser import Desk
from tests.page.bundle_maker import Plan, checkpoint_of, make_bundle
from tests.page.stamp import stamp

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


def with_stamp(response: bytes) -> bytes:
    return make_bundle(Plan(extra={"custody/checkpoint.tsr": response}))


def test_a_time_stamp_is_read_and_not_called_checked(desk: Desk, tmp_path: Path) -> None:
    answer = desk.check(with_stamp(stamp(tmp_path, checkpoint_of(make_bundle()))))
    assert (answer.states["when"], answer.verdict) == ("unknown", "unchanged"), answer.texts["when"]
    assert f"{datetime.now(UTC):%Y-%m-%d}" in answer.texts["when"]  # noqa: TID251
    assert "The signature of its authority is not checked by this page" in answer.texts["when"]


def test_a_time_stamp_over_something_else_is_caught(desk: Desk, tmp_path: Path) -> None:
    answer = desk.check(with_stamp(stamp(tmp_path, b"something else")))
    assert (answer.states["when"], answer.verdict) == ("bad", "not-intact")


def test_a_time_stamp_by_another_digest_is_not_taken(desk: Desk, tmp_path: Path) -> None:
    response = stamp(tmp_path, checkpoint_of(make_bundle()), "sha512")
    assert desk.check(with_stamp(response)).states["when"] == "bad"


def test_a_broken_time_stamp_is_caught_at_every_length(desk: Desk, tmp_path: Path) -> None:
    response = stamp(tmp_path, checkpoint_of(make_bundle()))
    for cut in (0, 1, 2, 5, 30, 60, 100, 200, len(response) - 1):
        answer = desk.check(with_stamp(response[:cut]))
        assert answer.states["when"] == "bad", cut
        assert "not made for" not in answer.texts["when"]
    assert desk.check(with_stamp(response + b"\0")).states["when"] == "bad"
