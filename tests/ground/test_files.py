"""Files that are either whole or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from kancil.ground.errors import DiskFull, FileExists
from kancil.ground.files import new_file


def test_a_new_file_is_gone_again_where_its_writing_ends_by_an_error(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyError):
        _write(out, KeyError())
    assert not out.exists()
    with pytest.raises(DiskFull):
        _write(out, OSError(errno.ENOSPC, "full"))
    assert not out.exists()


def _write(out: Path, error: Exception) -> None:
    with new_file(out) as file:
        file.write(b"half")
        raise error


def test_a_file_that_is_there_already_stays_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"mine")
    with pytest.raises(FileExists), new_file(out):
        raise AssertionError
    assert out.read_bytes() == b"mine"
