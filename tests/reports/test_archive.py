"""The ZIP of a bundle has one form only, and every other form is told."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.reports.casework.bundle.archive import is_member_name, read_archive, write_archive

MEMBERS = {"b/two.txt": b"two\n", "a.txt": b"", "b/one.bin": bytes(range(256))}
WHOLE = write_archive(MEMBERS)
NAMES = st.from_regex(r"[a-z]{1,3}(/[a-z0-9_.-]{1,4}x)?", fullmatch=True)


def codes(data: bytes) -> set[str]:
    return {problem.code for problem in read_archive(data).problems}


def directory_at(data: bytes) -> int:
    return int(struct.unpack("<I", data[-6:-2])[0])


def test_equal_members_make_equal_files_in_the_order_of_their_names() -> None:
    again = write_archive(dict(reversed(MEMBERS.items())))
    assert again == WHOLE
    read = read_archive(WHOLE)
    assert read.problems == ()
    assert list(read.members) == ["a.txt", "b/one.bin", "b/two.txt"]
    assert read.members == MEMBERS


def test_common_tools_read_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
        info = archive.infolist()[0]
    assert info.date_time == (1980, 1, 1, 0, 0, 0)
    assert (info.create_version, info.create_system, info.compress_type) == (20, 3, 0)
    assert (info.external_attr, info.flag_bits, info.extra) == (0x81A40000, 0, b"")


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,3}(/[a-z0-9_.-]{1,4}x)?", fullmatch=True), st.binary(max_size=40)
    )
)
def test_what_is_written_is_read_back(members: dict[str, bytes]) -> None:
    read = read_archive(write_archive(members))
    assert read.members == members
    assert [problem.code for problem in read.problems] == ([] if members else ["zip-empty"])


def test_every_changed_byte_is_told() -> None:
    for place in range(len(WHOLE)):
        changed = bytearray(WHOLE)
        changed[place] ^= 1
        assert codes(bytes(changed)), f"byte {place}"


def test_every_cut_and_every_added_byte_is_told() -> None:
    for length in range(len(WHOLE)):
        assert codes(WHOLE[:length]), f"cut at {length}"
    for place in range(len(WHOLE) + 1):
        assert codes(WHOLE[:place] + b"x" + WHOLE[place:]), f"added at {place}"


def other_zip(names: list[str], **settings_: int) -> bytes:
    """Make a ZIP by Python's own writer, which has other forms."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **settings_) as archive:  # type: ignore[call-overload]
        for name in names:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0x81A40000
            archive.writestr(info, b"same\n")
    return out.getvalue()


def test_pythons_writer_makes_the_same_bytes_when_told_everything() -> None:
    assert other_zip(["a", "b"]) == write_archive({"a": b"same\n", "b": b"same\n"})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_doubled_name_is_told() -> None:
    assert "zip-name-doubled" in codes(other_zip(["a", "a"]))


def test_members_out_of_order_are_told() -> None:
    assert codes(other_zip(["b", "a"])) == {"zip-order"}


def test_a_compressed_member_is_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"same\n" * 100)
    assert codes(out.getvalue()) == {"zip-header-form"}


@pytest.mark.parametrize("name", ["../a", "/a", "a/", "a//b", "a/./b", "a b", "\u00e9", ""])
def test_a_name_that_could_leave_the_folder_is_told(name: str) -> None:
    assert not is_member_name(name)
    if name:
        assert codes(other_zip([name]))


def test_bytes_between_members_and_before_the_first_are_told() -> None:
    assert codes(b"PK" + WHOLE)
    place = WHOLE.index(b"PK\x03\x04", 4)
    assert codes(WHOLE[:place] + b"\0" * 7 + WHOLE[place:]) >= {"zip-gap"}
    at = directory_at(WHOLE)
    assert codes(WHOLE[:at] + b"hidden" + WHOLE[at:])


def test_bytes_after_the_end_and_a_comment_are_told() -> None:
    assert codes(WHOLE + b"\0") == {"zip-trailing-bytes"}
    assert codes(WHOLE[:-2] + struct.pack("<H", 3) + b"abc") == {"zip-gap"} or codes(
        WHOLE[:-2] + struct.pack("<H", 3) + b"abc"
    ) == {"zip-end"}


def test_two_archives_one_after_the_other_are_told() -> None:
    assert codes(WHOLE + WHOLE)


def test_a_directory_that_names_less_or_other_members_is_told() -> None:
    at = directory_at(WHOLE)
    first = WHOLE.index(b"PK\x01\x02", at + 4)
    assert codes(WHOLE[:at] + WHOLE[first:])
    other = bytearray(WHOLE)
    other[at + 46] = ord("z")
    assert codes(bytes(other)) >= {"zip-directory-differs"}


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_and_are_never_right(data: bytes) -> None:
    assert codes(data)
