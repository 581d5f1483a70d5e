"""What The Sleuth Kit says of an entry, taken over as far as it can be kept."""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest
import pytsk3

from kancil.evidence.images import tsk
from kancil.evidence.images.entry import Zone
from kancil.evidence.images.tsk import Found
from kancil.ground.skipped import Skipped

LAST_OF_EXT4 = 15_032_385_535
"""In 2446: 34 bits of seconds (Linux, Documentation/filesystems/ext4/inodes.rst)."""


@pytest.mark.parametrize(("seconds", "is_kept"), [(9_223_372_035, True), (LAST_OF_EXT4, False)])
def test_a_time_too_late_to_be_kept_is_listed_and_its_entry_stays(
    seconds: int, is_kept: bool
) -> None:
    times = dict.fromkeys(("mtime", "atime", "ctime", "crtime"), 1)
    fractions = dict.fromkeys(("mtime_nano", "atime_nano", "ctime_nano", "crtime_nano"), 7)
    meta = SimpleNamespace(
        **{**times, "mtime": seconds}, **fractions, type=pytsk3.TSK_FS_META_TYPE_REG, addr=12,
        flags=0, size=3,
    )  # fmt: skip
    name = SimpleNamespace(meta_addr=12, flags=0, type=pytsk3.TSK_FS_NAME_TYPE_REG)
    file = SimpleNamespace(info=SimpleNamespace(meta=meta, name=name))
    system = SimpleNamespace(info=SimpleNamespace(ftype=pytsk3.TSK_FS_TYPE_EXT4))
    *skipped, found = tsk._streams(system, file, "a", Zone.UTC)
    assert skipped == ([] if is_kept else [Skipped("time-too-late", "a")])
    assert isinstance(found, Found)
    first, *others = found.times_ns
    assert first == (seconds * 1_000_000_000 + 7 if is_kept else None)
    assert set(others) == {1_000_000_007}
    assert len(pa.array(found.times_ns, pa.int64())) == 4
