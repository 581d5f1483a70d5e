"""Checkpoints: the C2SP form, by its own rule and strictly."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.custody.checkpoint import (
    is_signed_by,
    key_hash,
    make_checkpoint,
    make_head,
    read_checkpoint,
)
from kancil.custody.errors import CheckpointNotReadable
from kancil.custody.store import Head
from kancil.ground.ids import new_id
from kancil.ground.signing import verify
from tests.custody.sample import new_signer

AT = datetime(2026, 11, 24, 14, 34, 38, 123456, tzinfo=UTC)
UNIT = "0193a000-0000-7000-8000-000000000001"
SIGNER = new_signer()
NOTE = make_checkpoint(Head(9, bytes(32), b"\x07" * 32), UNIT, SIGNER, AT)


def test_the_note_has_the_form_of_c2sp() -> None:
    text, _, tail = NOTE.decode().partition("\n\n")
    assert text.split("\n") == [
        f"kancil/{UNIT}",
        "9",
        base64.b64encode(b"\x07" * 32).decode(),
        "time 2026-11-24T14:34:38.123456Z",
    ]
    dash, name, signature = tail.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", f"kancil/{UNIT}")
    raw = base64.b64decode(signature)
    expected = hashlib.sha256(f"kancil/{UNIT}\n".encode() + b"\x01" + SIGNER.public_raw).digest()
    assert raw[:4] == expected[:4] == key_hash(UNIT, SIGNER.public_raw)
    assert verify(SIGNER.public_raw, raw[4:], (text + "\n").encode())


def test_the_key_hash_is_that_of_the_go_reference() -> None:
    # The key of golang.org/x/mod/sumdb/note's example: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegw...
    raw = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert raw[0] == 1
    found = hashlib.sha256(b"PeterNeumann\n" + raw).digest()[:4]
    assert found.hex() == "c74f20a3"


def test_what_is_read_is_what_was_made() -> None:
    found = read_checkpoint(NOTE)
    assert (found.unit, found.scope, found.subject) == (UNIT, "ledger", None)
    assert (found.size, found.root, found.at) == (9, b"\x07" * 32, AT)
    assert found.sha256 == hashlib.sha256(NOTE).hexdigest()
    assert is_signed_by(found, SIGNER.public_raw)
    assert not is_signed_by(found, new_signer().public_raw)


def test_a_head_names_its_subject_and_its_checkpoint() -> None:
    within = read_checkpoint(NOTE)
    case = new_id()
    head = read_checkpoint(make_head("case", case, 5, bytes(32), within=within, signer=SIGNER))
    assert (head.scope, head.subject, head.size) == ("case", case, 5)
    assert (head.ledger_size, head.ledger_root) == (9, b"\x07" * 32)
    assert head.origin == f"kancil/{UNIT}/case/{case}"
    assert is_signed_by(head, SIGNER.public_raw)


@given(st.data())
def test_any_changed_byte_is_not_read_or_not_signed(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(NOTE) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != NOTE[place]))
    changed = NOTE[:place] + bytes([byte]) + NOTE[place + 1 :]
    try:
        found = read_checkpoint(changed)
    except CheckpointNotReadable:
        return
    assert not is_signed_by(found, SIGNER.public_raw)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n9\n", b"\n09\n"),
        (b"\n9\n", b"\n-9\n"),
        (b"\n9\n", b"\n99999999999999999\n"),
        (b"kancil/", b"other/"),
        (b"\ntime", b"\nmore\ntime"),
        (b"Z\n\n", b"Z\nledger 9 x\n\n"),
        (b"\n\n", b"\n\n\n"),
        (b"Z\n", b"\n"),
    ],
)
def test_another_form_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(CheckpointNotReadable):
        read_checkpoint(NOTE.replace(old, new, 1))


def test_further_lines_and_long_files_are_refused() -> None:
    for data in (NOTE + b"x\n", NOTE[:-1], NOTE + NOTE, b"x" * 5000, b"\xff", b""):
        with pytest.raises(CheckpointNotReadable):
            read_checkpoint(data)
