"""Files compressed alone: their names, and what is left of them where they are cut off."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest

from kancil.evidence.members.archive import Member
from kancil.evidence.members.opening import members_of
from tests.evidence.members.making import opened

WAYS = [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")]


@pytest.mark.parametrize(("compress", "ending"), WAYS)
def test_each_is_read_under_its_name_without_the_ending(
    compress: Callable[[bytes], bytes], ending: str
) -> None:
    assert opened(f"logs/a.log.{ending}", compress(b"a line")) == ({"a.log": b"a line"}, {})
    assert opened("logs/rotated", compress(b"a line"))[0] == {"rotated.content": b"a line"}


@pytest.mark.parametrize(("compress", "ending"), WAYS[:1])
def test_one_cut_off_gives_its_beginning_and_is_listed(
    compress: Callable[[bytes], bytes], ending: str
) -> None:
    words = b"".join(b"line %d\n" % number for number in range(100_000))
    data = compress(words)
    members, left = opened(f"a.log.{ending}", data[: len(data) // 2])
    assert members["a.log"] == words[: len(members["a.log"])] != b""
    assert left == {f"a.log.{ending}/a.log": "member-damaged"}


def test_the_time_in_a_gzip_header_is_taken() -> None:
    (found,) = members_of("gzip", "a.gz", gzip.compress(b"x", mtime=1_600_000_000))
    assert isinstance(found, Member)
    assert found.modified_ns == 1_600_000_000_000_000_000
