"""What an upgrade sweeps from the store of a programme, and what it only finds there."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from kancil.desk.assessment import copying
from kancil.desk.assessment.copying import swept_files
from kancil.desk.assessment.stored import store_of
from tests.desk.desks import Desk


def test_files_that_no_row_names_are_swept_and_told(sqlite_desk: Desk) -> None:
    store = store_of(sqlite_desk.workspace)
    left = store.take(io.BytesIO(b"left by a killed request")).sha256
    assert swept_files(store) == [left]
    assert list(store.contents()) == []
    assert swept_files(store) == []


def test_a_file_that_is_being_taken_in_is_not_told_as_swept(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(sqlite_desk.workspace)

    def named() -> Iterator[set[str]]:
        yield set()
        while True:
            yield {digest}

    with store.intake_open(set):
        digest = store.take(io.BytesIO(b"its row is written meanwhile")).sha256
        known = named()
        monkeypatch.setattr(copying, "named_files", lambda: next(known))
        assert swept_files(store) == []
    assert list(store.contents()) == [digest]
