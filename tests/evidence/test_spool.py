"""The spool: pieces in order, nothing believed before it is checked, nothing outside its folder."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence import spool as spool_module
from kancil.evidence.errors import UploadNotReadable
from kancil.evidence.spool import Sending, SentFile, Spool, read_files, read_names
from kancil.ground.errors import DiskFull, UploadNoRoom
from kancil.ground.files import stated_name
from kancil.ground.room import RESERVE_BYTES

BYTES = bytes(range(256)) * 40
USAGE = namedtuple("USAGE", "total used free")
HOSTILE = {
    "../../keys/secret": "..<U+002F>..<U+002F>keys<U+002F>secret",
    "/etc/passwd": "<U+002F>etc<U+002F>passwd",
    "C:\\windows\\x": "C:<U+005C>windows<U+005C>x",
    "photo\u202egpj.exe": "photo<U+202E>gpj.exe",
    "nul\0byte": "nul<U+0000>byte",
    "two\nlines": "two<U+000A>lines",
    "lone\ud800": "lone<U+D800>",
    "..": "<U+002E>.",
    " blank ": "<U+0020>blank<U+0020>",
    "ភស្តុតាង\u200b.txt": "ភស្តុតាង\u200b.txt",
    "plain name.dat": "plain name.dat",
}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "uploads")


def begin(spool: Spool, *contents: bytes, **more: Any) -> Sending:
    files = tuple(
        SentFile(f"{place}.bin", len(data), sha(data)) for place, data in enumerate(contents)
    )
    given: dict[str, Any] = {
        "case": "a case", "person": "7", "title": "Disk", "source": "A person", "files": files,
    }  # fmt: skip
    return spool.begin(**{**given, **more})


def add(spool: Spool, sending: Sending, offset: int, data: bytes, **more: Any) -> int:
    given: dict[str, Any] = {
        "offset": offset, "size_bytes": len(data), "sha256": sha(data), "stream": io.BytesIO(data),
    }  # fmt: skip
    return spool.add(sending, more.pop("place", 1), **{**given, **more})


def kept(spool: Spool, sending: Sending) -> list[bytes]:
    return [path.read_bytes() for path in spool.paths(sending)]


def test_pieces_in_order_are_the_file(spool: Spool) -> None:
    sending = begin(spool, BYTES, b"")
    assert not spool.is_whole(sending)
    for offset in range(0, len(BYTES), 1000):
        piece = BYTES[offset : offset + 1000]
        assert add(spool, sending, offset, piece) == offset + len(piece)
    assert spool.is_whole(sending)
    assert kept(spool, sending) == [BYTES, b""]
    assert spool.find(sending.id) == sending


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), max_size=12))
def test_whatever_comes_in_what_order_what_is_held_is_the_files_beginning(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[int, int]]
) -> None:
    spool = Spool(tmp_path_factory.mktemp("spool") / "uploads")
    data = BYTES[:16]
    sending = begin(spool, data)
    held = 0
    for offset, size in pieces:
        piece = data[offset : offset + size]
        after = add(spool, sending, offset, piece)
        assert after == (held + len(piece) if offset == held else held)
        held = after
        assert kept(spool, sending) == [data[:held]]
        assert spool.held(sending) == [held]


def test_the_same_files_again_are_the_same_upload_for_the_same_person_and_case(
    spool: Spool,
) -> None:
    first = begin(spool, BYTES)
    add(spool, first, 0, BYTES[:100])
    again = begin(Spool(spool.folder), BYTES, title="Said better")
    assert (again.id, again.title) == (first.id, "Said better")
    assert spool.held(again) == [100]
    others = [
        begin(spool, BYTES, person="8"),
        begin(spool, BYTES, case="another"),
        begin(spool, BYTES + b"x"),
        begin(spool, BYTES, files=(SentFile("renamed", len(BYTES), sha(BYTES)),)),
    ]
    assert len({each.id for each in (first, *others)}) == 5


def test_a_piece_that_was_written_and_not_confirmed_is_written_anew(spool: Spool) -> None:
    """Killed between bytes and their confirmation: the bytes count for nothing."""
    sending = begin(spool, BYTES)
    add(spool, sending, 0, BYTES[:100])
    (path,) = spool.paths(sending)
    with path.open("ab") as file:
        file.write(b"not confirmed, and longer than what follows" * 9)
    assert spool.held(sending) == [100]
    assert add(spool, sending, 100, BYTES[100:150]) == 150
    assert kept(spool, sending) == [BYTES[:150]]


def test_a_piece_that_is_cut_or_changed_leaves_the_file_as_it_was(spool: Spool) -> None:
    sending = begin(spool, BYTES)
    add(spool, sending, 0, BYTES[:100])
    for more in ({"sha256": sha(b"other")}, {"stream": io.BytesIO(BYTES[100:150])}):
        with pytest.raises(UploadNotReadable):
            add(spool, sending, 100, BYTES[100:200], **more)
        assert kept(spool, sending) == [BYTES[:100]]
    assert add(spool, sending, 100, BYTES[100:200]) == 200


def test_a_piece_that_meets_another_one_being_written_adds_nothing(spool: Spool) -> None:
    sending = begin(spool, BYTES)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert add(spool, sending, 0, BYTES[:50]) == 0
            return super().read(size)

    assert add(spool, sending, 0, BYTES[:100], stream=Slow(BYTES[:100])) == 100
    assert kept(spool, sending) == [BYTES[:100]]


@pytest.mark.parametrize(
    ("place", "offset", "size"),
    [(0, 0, 5), (2, 0, 5), (1, -1, 5), (1, len(BYTES), 1), (1, 0, 0), (1, 0, 9 << 20)],
)
def test_a_piece_that_is_of_no_file_or_too_large_is_refused(
    spool: Spool, place: int, offset: int, size: int
) -> None:
    sending = begin(spool, BYTES)
    with pytest.raises(UploadNotReadable):
        add(spool, sending, offset, BYTES[:5], place=place, size_bytes=size)


@pytest.mark.parametrize(("name", "stated"), HOSTILE.items())
def test_a_hostile_name_is_written_so_that_it_is_seen_and_is_no_path(
    name: str, stated: str, spool: Spool
) -> None:
    assert read_names([name]) == [stated]
    assert "/" not in stated
    (file,) = read_files([{"name": name, "size": 3, "sha256": sha(b"abc")}])
    sending = begin(spool, files=(file,))
    add(spool, sending, 0, b"abc")
    assert spool.find(sending.id) == sending
    inside = {path.name for path in (spool.folder / f"sending-{sending.id}").iterdir()}
    assert inside == {"0001", "0001.done", "sending.json", ".lock"}
    assert {path.name for path in spool.folder.parent.iterdir()} == {"uploads"}


@given(st.text(max_size=40))
def test_a_stated_name_holds_nothing_unseen(name: str) -> None:
    stated = stated_name(name)
    assert all(letter.isprintable() or letter in "\u200b\u200c\u200d" for letter in stated)
    assert not set(stated) & set("/\\")
    assert stated not in {".", ".."}
    assert stated == stated.strip(" ")


@pytest.mark.parametrize("name", ["", "   ", "n" * 4096, None, 7, ["a"]])
def test_a_name_that_is_none_or_too_long_is_refused(name: object) -> None:
    with pytest.raises(UploadNotReadable):
        read_names([name])


def test_names_equal_but_for_case_are_two_and_equal_ones_are_refused() -> None:
    assert read_names(["a.txt", "A.TXT"]) == ["a.txt", "A.TXT"]
    with pytest.raises(UploadNotReadable):
        read_names(["a.txt", "b.txt", "a.txt"])


@pytest.mark.parametrize(
    "given",
    [
        None, {}, [], ["a"], [{}], [{"name": "a"}], [{"name": "a", "size": 1, "sha256": "AB"}],
        [{"name": "a", "size": -1, "sha256": "0" * 64}],
        [{"name": "a", "size": True, "sha256": "0" * 64}],
        [{"name": "a", "size": 1.0, "sha256": "0" * 64}],
        [{"name": "a", "size": 1 << 60, "sha256": "0" * 64}],
        [{"name": str(n), "size": 1, "sha256": "0" * 64} for n in range(1001)],
    ],
)  # fmt: skip
def test_what_is_no_list_of_files_is_refused(given: object) -> None:
    with pytest.raises(UploadNotReadable):
        read_files(given)


STRANGE_ID = "01a20fd6-2266-754f-a322-9f739a8226d8"


@pytest.mark.parametrize(
    "name", ["", "..", "../keys", "/etc", STRANGE_ID, STRANGE_ID + "/..", "\0"]
)
def test_an_id_that_is_none_finds_nothing_and_removes_nothing(spool: Spool, name: str) -> None:
    sending = begin(spool, BYTES)
    assert spool.find(name) is None
    spool.drop(name)
    assert spool.all() == [sending]


def test_a_spool_that_was_never_used_is_empty(spool: Spool) -> None:
    assert spool.all() == []
    spool.sweep(lambda name: False)
    assert not spool.folder.exists()


def test_an_upload_that_is_dropped_or_renewed_is_gone_under_its_old_id(spool: Spool) -> None:
    sending = begin(spool, BYTES)
    add(spool, sending, 0, BYTES)
    fresh = spool.renew(sending)
    assert fresh is not None
    assert (spool.find(sending.id), kept(spool, fresh)) == (None, [BYTES])
    assert spool.renew(sending) is None
    spool.drop(fresh.id)
    assert [path.name for path in spool.folder.iterdir()] == [".spool"]


def test_only_what_was_left_for_seven_days_and_is_not_wanted_is_swept(spool: Spool) -> None:
    left, wanted, young = begin(spool, b"a"), begin(spool, b"b"), begin(spool, b"c")
    (spool.folder / ".new-killed").mkdir()
    old = time.time() - spool_module.KEPT_SECONDS - 60
    for folder in (*spool.folder.glob("sending-*"), spool.folder / ".new-killed"):
        for path in (*folder.iterdir(), folder):
            if young.id not in str(path):
                os.utime(path, (old, old))
    spool.sweep(lambda name: name == wanted.id)
    assert {each.id for each in spool.all()} == {wanted.id, young.id}, "ids of one ms have no order"
    assert spool.find(left.id) is None
    assert not (spool.folder / ".new-killed").exists()


def test_what_would_leave_the_disk_less_than_the_reserve_is_refused(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = begin(spool, BYTES)
    add(spool, sending, 0, BYTES[:100])
    free = [RESERVE_BYTES + 2 * len(BYTES) - 100]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**12, 0, free[0]))
    assert begin(spool, BYTES).id == sending.id, "what is here already is not asked for again"
    with pytest.raises(UploadNoRoom):
        begin(spool, BYTES, person="8")
    free[0] = RESERVE_BYTES + 99
    with pytest.raises(UploadNoRoom):
        add(spool, sending, 100, BYTES[100:200])
    assert spool.held(sending) == [100]


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted by root alone")
def test_a_disk_that_is_full_loses_nothing_that_was_there(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], check=True)
    try:
        spool = Spool(disk / "uploads", reserve_bytes=0)
        data = os.urandom(400_000)
        sending = begin(spool, data)
        assert add(spool, sending, 0, data[:200_000]) == 200_000
        with pytest.raises(DiskFull):
            add(spool, sending, 200_000, data[200_000:])
        assert spool.held(sending) == [200_000]
        assert kept(spool, sending) == [data[:200_000]]
        subprocess.run(["mount", "-o", "remount,size=900k", disk], check=True)
        assert add(spool, sending, 200_000, data[200_000:]) == 400_000
        assert spool.is_whole(sending)
    finally:
        subprocess.run(["umount", disk], check=True)
