"""Working arrays in memory and in files without a name."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kancil.bitcoin.holdings.scratch import Scratch
from kancil.ground.errors import DiskFull


def is_in_a_file(array: Any) -> bool:
    return array.base is not None


def test_large_arrays_stand_in_files_that_leave_nothing_behind(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, memory_bytes=100)
    small, large = scratch.empty(25, np.int32), scratch.empty(26, np.int32)
    assert (is_in_a_file(small), is_in_a_file(large)) == (False, True)
    large[:] = np.arange(26)
    assert large.tolist() == list(range(26))
    assert large.flags.writeable
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_and_without_rows_all_stands_in_memory(tmp_path: Path) -> None:
    assert not is_in_a_file(Scratch(None, memory_bytes=0).empty(26, np.int32))
    assert Scratch(tmp_path, memory_bytes=0).empty(0, np.int64).shape == (0,)


def test_what_is_kept_has_the_same_numbers(tmp_path: Path) -> None:
    numbers = np.arange(1000, dtype=np.int64)
    scratch = Scratch(tmp_path, memory_bytes=100)
    kept = scratch.kept(numbers)
    assert is_in_a_file(kept)
    assert kept.dtype == numbers.dtype
    assert kept.tolist() == numbers.tolist()
    assert scratch.kept(numbers[:12]).base is numbers, "small: left where it is"
    assert Scratch(None).kept(numbers) is numbers


def test_a_full_disk_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(DiskFull):
        Scratch(tmp_path, memory_bytes=0).empty(10, np.int64)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_written_is_answered_from_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(**_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert not is_in_a_file(Scratch(tmp_path, memory_bytes=0).empty(10, np.int64))
