"""What lies in a file comes out, whatever lies in what, and a bomb ends at a stated limit."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.members.archive import Limits
from kancil.evidence.members.opening import members_of
from tests.evidence.members.making import opened, zipped


def test_a_member_of_an_archive_in_an_archive_has_both_in_its_path() -> None:
    inner = zipped({"list.txt": b"three names"})
    data = zipped({"a.txt": b"one", "old/b.zip": inner, "c.txt.gz": gzip.compress(b"two")})
    members, left = opened("disk/x.zip", data)
    assert members == {
        "a.txt": b"one",
        "old/b.zip": inner,
        "old/b.zip/list.txt": b"three names",
        "c.txt.gz": gzip.compress(b"two"),
        "c.txt.gz/c.txt": b"two",
    }
    assert not left


def test_nested_bombs_end_at_the_limits() -> None:
    """As 42.zip: each level holds many copies of the next, and the last one states far more."""
    data = zipped({"0.bin": bytes(1_000_000)}, 9)
    for level in range(1, 7):
        data = zipped({f"{level}-{copy}.zip": data for copy in range(4)}, 9)
    limits = Limits(depth=8, members=100, member_bytes=100_000, total_bytes=1_500_000)
    members, left = opened("42.zip", data, limits)
    assert sum(map(len, members.values())) <= limits.total_bytes
    assert len(members) <= limits.members
    assert set(left.values()) == {"member-too-large", "archive-too-large"}
    _, left = opened("42.zip", data)
    assert set(left.values()) == {"archive-too-deep"}


def test_a_longer_member_is_read_up_to_the_limit_and_listed() -> None:
    data = zipped({"long.txt": b"x" * 5_000, "short.txt": b"y"})
    members, left = opened("z.zip", data, Limits(member_bytes=4_096))
    assert members == {"long.txt": b"x" * 4_096, "short.txt": b"y"}
    assert left == {"z.zip/long.txt": "member-too-large"}


def test_an_archive_without_a_reader_is_listed() -> None:
    assert opened("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40)) == ({}, {"a.7z": "archive-no-reader"})


def test_what_is_no_archive_has_no_members() -> None:
    assert list(members_of("text", "a.txt", b"PK but text")) == []


@pytest.mark.parametrize("packed", [zipped, lambda files: gzip.compress(files["a.txt"])])
@given(st.binary(max_size=2_000))
def test_what_was_packed_comes_out_whole(packed: object, content: bytes) -> None:
    assert callable(packed)
    assert opened("a.txt.gz", packed({"a.txt": content}))[0]["a.txt"] == content


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_changed_byte_raises_nothing(place: int, change: int) -> None:
    data = bytearray(zipped({"a.txt": b"some words " * 20, "b.zip": zipped({"c.txt": b"more"})}))
    data[place % len(data)] ^= change
    for kind in ("zip", "gzip", "xz", "bzip2"):
        if kind == "zip" or data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")):
            list(members_of(kind, "a.zip", bytes(data)))
