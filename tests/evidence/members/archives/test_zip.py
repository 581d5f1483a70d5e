"""ZIP: names in their encoding, encrypted members listed, damaged ones read as far as they go."""

from __future__ import annotations

import zipfile

import pytest

from tests.evidence.members.making import opened, zipped


def test_names_without_the_mark_of_utf8_are_read_as_such_where_they_are() -> None:
    name = "ເອກະສານ.txt"
    placeholder = "x" * len(name.encode())
    data = zipped({placeholder: b"text"}).replace(placeholder.encode(), name.encode())
    assert opened("a.zip", data)[0] == {name: b"text"}


def test_an_encrypted_member_is_listed() -> None:
    data = bytearray(zipped({"secret.txt": b"text"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert opened("a.zip", bytes(data)) == ({}, {"a.zip/secret.txt": "member-encrypted"})


def test_a_damaged_member_is_listed_and_the_others_are_read() -> None:
    data = bytearray(zipped({"a.txt": b"first words", "b.txt": b"second words"}))
    data[data.index(b"a.txt") + 7] ^= 0xFF
    members, left = opened("a.zip", bytes(data))
    assert members["b.txt"] == b"second words"
    assert left == {"a.zip/a.txt": "member-damaged"}


@pytest.mark.parametrize("cut", [10, 40])
def test_one_cut_off_is_listed(cut: int) -> None:
    data = zipped({"a.txt": b"first words" * 20})
    assert opened("a.zip", data[: len(data) - cut])[1] == {"a.zip": "archive-damaged"}


def test_a_folder_is_no_member() -> None:
    assert opened("a.zip", zipped({"folder/": b"", "folder/a": b"x"}))[0] == {"folder/a": b"x"}
    assert zipfile.ZipInfo("folder/").is_dir()
