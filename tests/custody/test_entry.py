"""Entries: the normative bytes, by commands alone, and strict reading."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.custody.entry import (
    Draft,
    make_entry,
    read_canonical,
    read_entry,
    write_canonical,
    write_line,
)
from kancil.custody.errors import EntryNotReadable
from kancil.custody.spans import read_public_key
from kancil.ground import canonical, clock
from kancil.ground.errors import NotCanonical
from kancil.ground.ids import new_id
from kancil.ground.signing import public_pem
from tests.custody.sample import make_sample, new_signer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def good_line() -> bytes:
    draft = Draft("exhibit.stored", {"place": "ຫ້ອງ 3"})
    return make_entry(
        draft, new_signer(), unit=new_id(), n=7, prev="a" * 64, at=clock.now(), case=None,
        exhibit=None,
    ).data  # fmt: skip


def test_entries_check_with_openssl_and_sha256sum_alone(tmp_path: Path) -> None:
    sample = make_sample()
    keys = {}
    for line in sample.lines():
        body = json.loads(line)["statement"]["body"]
        raw = read_public_key(body.get("public_key"))
        if raw is not None:
            keys[read_entry(line).n] = raw
    (tmp_path / "unit.pem").write_bytes(public_pem(keys[1]))
    (tmp_path / "anna.pem").write_bytes(public_pem(keys[2]))
    lines = sample.lines()
    (tmp_path / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    script = """
        set -eu
        check() {  # number, key file, hash of the entry before
            sed -n "$1p" entries.jsonl | head -c -1 > entry
            tail -c +117 entry | head -c -1 > statement
            tail -c +15 entry | head -c 88 | base64 -d > signature
            openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in statement -sigfile signature
            grep -q "\\"prev\\":\\"$3\\"" statement
        }
        hash() { (printf '\\0'; sed -n "$1p" entries.jsonl | head -c -1) | sha256sum | head -c 64; }
        check 1 unit.pem 0000000000000000000000000000000000000000000000000000000000000000
        check 2 unit.pem "$(hash 1)"
        check 3 anna.pem "$(hash 2)"
        hash 3
    """
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("Signature Verified Successfully") == 3
    assert done.stdout.endswith(read_entry(lines[2]).hash.hex())


def test_what_is_written_is_read_back_the_same() -> None:
    line = good_line()
    entry = read_entry(line)
    assert (entry.n, entry.kind, entry.prev) == (7, "exhibit.stored", "a" * 64)
    assert entry.body == {"place": "ຫ້ອງ 3"}
    assert write_line(entry.signature, entry.signed_bytes) == line
    assert canonical.dumps(json.loads(line)) == line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"n":7', b'"n":0'),
        (b'"n":7', b'"n":7.0'),
        (b'"n":7', b'"n":"7"'),
        (b'"n":7', b'"n":true'),
        (b'"n":7', b'"n": 7'),
        (b'"n":7', b'"n":7,"n":7'),
        (b'"n":7', b'"n":7,"o":1'),
        (b'"n":7', b'"n":9007199254740993'),
        (b'"officer":null', b'"officer":3'),
        (b'"case":null', b'"case":{"id":"x","n":1}'),
        (b'"case":null', b'"case":"x"'),
        (b"aaaa", b"AAAA"),
        (b"kancil-ledger/1", b"kancil-ledger/2"),
        (b'Z","body', b'","body'),
        (b'"at":"2', b'"at":"x'),
        (b"}}", b"}}\n"),
        (b'{"signature"', b' {"signature"'),
        (b'=="', b'="'),
        ("ຫ້ອງ".encode(), b"\\u0eab"),
        ("ຫ້ອງ".encode(), b"\xff"),
        (b'"body":{', b'"body":{"b":NaN,'),
    ],
)
def test_another_form_is_refused(old: bytes, new: bytes) -> None:
    line = good_line()
    assert old in line
    with pytest.raises(EntryNotReadable):
        read_entry(line.replace(old, new, 1))


@given(JSON)
def test_quick_canonical_reading_agrees_with_rfc_8785(value: object) -> None:
    try:
        data = canonical.dumps(value)
    except NotCanonical:  # lone surrogates
        return
    assert read_canonical(data) == value


@given(JSON)
def test_other_writings_are_read_only_if_they_are_canonical(value: object) -> None:
    try:
        right = canonical.dumps(value)
        other = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except (NotCanonical, UnicodeEncodeError):
        return
    if other == right:
        assert read_canonical(other) == value
    else:
        with pytest.raises(EntryNotReadable):
            read_canonical(other)


def test_keys_beyond_the_first_plane_are_sorted_as_rfc_8785_says() -> None:
    # U+E000 sorts after U+1F600 by UTF-16 code units, before it by code points.
    right = '{"\U0001f600":1,"\ue000":2}'.encode()
    assert canonical.dumps({"\ue000": 2, "\U0001f600": 1}) == right
    assert read_canonical(right) == {"\U0001f600": 1, "\ue000": 2}
    with pytest.raises(EntryNotReadable):
        read_canonical('{"\ue000":2,"\U0001f600":1}'.encode())
    with pytest.raises(EntryNotReadable):
        read_canonical(b"[" * 100_000)


@given(JSON)
def test_quick_canonical_writing_agrees_with_rfc_8785(value: object) -> None:
    try:
        expected = canonical.dumps(value)
    except NotCanonical:
        with pytest.raises(NotCanonical):
            write_canonical(value)
        return
    assert write_canonical(value) == (expected, value)


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, {1: "x"}, {"a": {None: 1}}, {True: 1}])
def test_what_has_no_canonical_form_is_not_written(value: object) -> None:
    with pytest.raises(NotCanonical):
        write_canonical(value)


def test_a_body_changed_later_does_not_change_the_entry() -> None:
    body: dict[str, tuple[str, ...]] = {"places": ("a", "b")}
    entry = make_entry(
        Draft("x", body), new_signer(), unit=new_id(), n=1, prev="0" * 64, at=clock.now(),
        case=None, exhibit=None,
    )  # fmt: skip
    body["places"] = ("c",)
    assert entry.body == {"places": ["a", "b"]}
    assert read_entry(entry.data) == entry
