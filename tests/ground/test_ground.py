"""Ground: ids, clock, canonical JSON, digests, signing, words, units, files, workspace."""

from __future__ import annotations

import hashlib
import io
import json
import math
import pickle
from contextvars import copy_context
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import canonical, clock, disk, files, ids, units, words
from kancil.ground.digests import digest_stream
from kancil.ground.errors import (
    FileExists,
    FormatTooNew,
    MemberNotFound,
    NotCanonical,
    SettingNotReadable,
    SignatureWrong,
    TimeNotReadable,
    WorkspaceExists,
    WorkspaceNotFound,
)
from kancil.ground.phrase import Phrase, as_json, from_json
from kancil.ground.registry import Registry
from kancil.ground.signedfile import read_signed, write_signed
from kancil.ground.signing import MemorySigner, fingerprint, is_sound_key, verify
from kancil.ground.workspace import Unit, find_workspace, lay_out, mark, open_workspace

# RFC 8032 section 7.1, test 2.
RFC_8032_SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
RFC_8032_PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
RFC_8032_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_ids_are_uuid7_and_rise_with_time() -> None:
    first, second = ids.new_id(), ids.new_id()
    assert ids.is_id(first)
    assert ids.is_id(second)
    assert first[:13] <= second[:13]
    assert not ids.is_id(first.upper())
    assert not ids.is_id("0" * 36)


def test_ids_of_one_millisecond_rise_too(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1_796_000_000_000_000_000, 1_796_000_000_001_000_000, 250))
    monkeypatch.setattr("time.time_ns", lambda: next(moments))
    made = [ids.new_id() for _ in range(4000)]
    assert made == sorted(made)
    assert len({each[:13] for each in made}) == 1


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year >= 1970))
def test_clock_text_comes_back_the_same(moment: datetime) -> None:
    assert clock.from_text(clock.to_text(moment)) == moment
    assert len(clock.to_text(moment)) == 27


def test_clock_refuses_a_time_without_zone_and_other_forms() -> None:
    with pytest.raises(TimeNotReadable):
        clock.to_text(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))
    for text in ("2026-01-01T00:00:00Z", "2026-02-30T00:00:00.000000Z", ""):
        with pytest.raises(TimeNotReadable):
            clock.from_text(text)


def test_a_persons_date_is_read_in_the_units_zone() -> None:
    zone = ZoneInfo("Asia/Vientiane")
    assert clock.from_person("2026-03-09", zone) == datetime(2026, 3, 8, 17, tzinfo=UTC)
    last = clock.from_person("2026-03-09", zone, end_of_day=True)
    assert last == datetime(2026, 3, 9, 17, tzinfo=UTC) - timedelta(microseconds=1)
    stated = clock.from_person("2026-03-09T14:30:00+02:00", zone)
    assert stated == datetime(2026, 3, 9, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    with pytest.raises(TimeNotReadable):
        clock.from_person("yesterday", zone)


def test_canonical_form_is_that_of_rfc_8785() -> None:
    # RFC 8785 section 3.2.3: keys sort by UTF-16 code units.
    value = {
        "\u20ac": "Euro",
        "\r": "CR",
        "1": "One",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"): "Smile",
        "\u00f6": "o",
        "\ufb33": "Dalet",
    }
    keys = list(json.loads(canonical.dumps(value)))
    assert keys == ["\r", "1", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("value", [1.5, math.nan, 2**53, -(2**53), {1: 2}, ["\ud800"], [[1.0]]])
def test_canonical_refuses_what_others_would_read_otherwise(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical.dumps(value)


@pytest.mark.parametrize(
    "data",
    [b'{"a":1,"a":2}', b"1.0", b"NaN", b"9007199254740992", b"\xff", b"{", b"[" * 100_000, b"1e3"],
)
def test_strict_reading_refuses(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical.loads(data)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_canonical_comes_back_the_same(value: object) -> None:
    data = canonical.dumps(value)
    assert canonical.loads_canonical(data) == value


def test_only_the_canonical_bytes_are_read_as_canonical() -> None:
    with pytest.raises(NotCanonical):
        canonical.loads_canonical(b'{"a": 1}')


@given(st.binary(max_size=5000))
def test_one_pass_gives_the_digests_of_the_whole(data: bytes) -> None:
    copied = bytearray()
    found = digest_stream(io.BytesIO(data), copied.extend)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.sha1 == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    assert found.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert (found.size_bytes, bytes(copied)) == (len(data), data)


def test_signatures_are_those_of_rfc_8032() -> None:
    signer = MemorySigner(Ed25519PrivateKey.from_private_bytes(RFC_8032_SECRET))
    assert signer.public_raw == RFC_8032_PUBLIC
    assert signer.sign(b"\x72") == RFC_8032_SIGNATURE
    assert verify(RFC_8032_PUBLIC, RFC_8032_SIGNATURE, b"\x72")
    assert not verify(RFC_8032_PUBLIC, RFC_8032_SIGNATURE, b"\x73")
    assert not verify(b"short", RFC_8032_SIGNATURE, b"\x72")
    assert fingerprint(RFC_8032_PUBLIC).startswith("SHA256:")
    assert len(fingerprint(RFC_8032_PUBLIC)) == 7 + 43


def test_keys_of_small_order_or_odd_form_fit_nothing() -> None:
    prime = 2**255 - 19
    # With the neutral element as key, R = identity and S = 0 fit every message.
    neutral = (1).to_bytes(32, "little")
    assert not verify(neutral, neutral + bytes(32), b"anything")
    for y in (0, 1, prime - 1, prime, prime + 1, 2**255 - 1):
        for sign in (0, 1 << 255):
            assert not is_sound_key((y | sign).to_bytes(32, "little"))
    assert is_sound_key(RFC_8032_PUBLIC)
    assert not is_sound_key(b"")


def test_a_signed_file_comes_back_and_no_changed_byte_passes() -> None:
    signer = MemorySigner(Ed25519PrivateKey.from_private_bytes(RFC_8032_SECRET))
    data = write_signed({"format": "test/1", "name": "Dara"}, signer)
    statement = read_signed(data, format_name="test/1", path="file")
    assert statement["name"] == "Dara"
    with pytest.raises(SignatureWrong):
        read_signed(data, format_name="test/2", path="file")
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises((SignatureWrong, NotCanonical)):
            read_signed(bytes(changed), format_name="test/1", path="file")


def test_a_phrase_inside_a_sentence_is_put_into_words_with_it() -> None:
    why = Phrase("why.json-number", {"number": "1.5"})
    whole = words.render("error.not-canonical.sentence", why=why)
    assert "(the number 1.5)" in whole
    assert from_json(json.loads(json.dumps(as_json({"why": why, "n": 3})))) == {"why": why, "n": 3}
    unknown = Phrase("no.such.key", {"a": 1})
    assert "no.such.key (a=1)" in words.render("error.not-canonical.sentence", why=unknown)


def test_a_sentence_inside_a_sentence_ends_with_one_full_stop() -> None:
    why = Phrase("why.sheet-encoding")
    whole = words.render("error.ledger-not-readable.sentence", path="a.csv", why=why)
    assert whole.endswith("UTF-16.")
    assert not whole.endswith("..")
    named = words.render("web.prog-import-remark-unread", names="Pos., No.")
    assert named.endswith("Pos., No.")


def test_an_error_with_a_phrase_crosses_from_a_child_whole() -> None:
    error = NotCanonical(why=Phrase("why.json-number", {"number": "1.5"}))
    assert pickle.loads(pickle.dumps(error)).params == error.params


def test_words_are_rendered_in_the_spoken_language_where_none_is_named() -> None:
    def ask() -> str:
        words.speak("xx")  # no such language: its words are English, its name is kept
        return words.spoken() + words.render("why.json-doubled-key")

    assert copy_context().run(ask) == "xx" + words.render("why.json-doubled-key", "en")
    assert words.spoken() == "en"


def test_words_fill_in_parameters_and_never_fail() -> None:
    assert "/tmp/x" in words.render("error.disk-full.sentence", path="/tmp/x")
    assert words.render("no.such.key", a=1) == "no.such.key (a=1)"
    assert words.render("error.disk-full.sentence") == "error.disk-full.sentence"
    assert words.languages()[0] == "en"


def test_amounts_are_grouped_and_exact() -> None:
    assert units.btc_text(5_000_000_000) == "50.00000000"
    assert units.btc_text(123_456_789_012_345) == "1\u202f234\u202f567.89012345"
    assert units.btc_text(-1) == "-0.00000001"
    assert units.bytes_text(999) == "999 B"
    assert units.bytes_text(68_852) == "68.9 kB"


def test_a_file_is_written_whole_and_not_over_another(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a"
    files.write_durably(path, b"one")
    files.write_durably(path, b"two")
    assert path.read_bytes() == b"two"
    with pytest.raises(FileExists):
        files.write_durably(path, b"three", replace=False)
    assert [entry.name for entry in path.parent.iterdir()] == ["a"]


class _Member:
    name = "fifo"


def test_a_registry_names_its_members() -> None:
    registry = Registry("policy", (_Member(),))
    assert registry.names == ("fifo",)
    assert registry.named("fifo").name == "fifo"
    with pytest.raises(MemberNotFound) as missed:
        registry.named("lifo")
    assert missed.value.params["what"] == Phrase("thing.policy")


def _unit() -> Unit:
    return Unit(
        ids.UnitId(ids.new_id()), 'A "unit" \\ ខ្មែរ', "LA", ZoneInfo("Asia/Vientiane"), "en"
    )


def test_a_workspace_is_found_by_name_home_or_parent(tmp_path: Path) -> None:
    root = tmp_path / "unit"
    lay_out(root)
    made = mark(root, _unit())
    assert (root / "keys").stat().st_mode & 0o777 == 0o700
    assert find_workspace(root, environment={}, here=tmp_path).unit == made.unit
    assert find_workspace(None, environment={"KANCIL_HOME": str(root)}, here=tmp_path) == made
    assert find_workspace(None, environment={}, here=root / "vault") == made
    with pytest.raises(WorkspaceNotFound):
        find_workspace(None, environment={}, here=tmp_path)
    with pytest.raises(WorkspaceExists):
        lay_out(root)


def test_settings_that_are_wrong_or_newer_are_refused(tmp_path: Path) -> None:
    lay_out(tmp_path)
    mark(tmp_path, _unit())
    settings = tmp_path / "kancil.toml"
    good = settings.read_text(encoding="utf-8")
    settings.write_text(good.replace("format = 2", "format = 3"), encoding="utf-8")
    with pytest.raises(FormatTooNew):
        open_workspace(tmp_path)
    for old, new in (
        ("format = 2", "format = true"),
        ("Asia/Vientiane", "Asia/Nowhere"),
        ("Asia/Vientiane", "../../etc/passwd"),
        ('country = "LA"', "country = 5"),
        ("[unit]", "[unit"),
        ("[unit]", "reserve_bytes = -1\n[unit]"),
        ("[unit]", 'reserve_bytes = "1 GB"\n[unit]'),
        ("[unit]", "reserve_bytes = true\n[unit]"),
    ):
        settings.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(SettingNotReadable):
            open_workspace(tmp_path)
    settings.write_text(good.replace("[unit]", "reserve_bytes = 5\n[unit]"), encoding="utf-8")
    assert open_workspace(tmp_path).reserve_bytes == 5


def test_the_disk_is_never_called_encrypted_without_seeing_it(tmp_path: Path) -> None:
    seen = disk.look_at(tmp_path)
    assert seen.encrypted in {"yes", "no", "not known"}
    assert seen.seen
    device = tmp_path.stat().st_dev
    number = f"{device >> 8 & 0xFFF}:{device & 0xFF}"
    table = tmp_path / "mounts"
    table.write_text(f"1 0 {number} / / rw - nfs4 server:/share rw\n")
    assert disk.look_at(tmp_path, mounts=table).is_network
    table.write_text("")
    assert disk.look_at(tmp_path, mounts=table).encrypted == "not known"


def test_what_a_killed_init_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "unit"
    lay_out(root)
    (root / "keys" / "unit.pem").write_bytes(b"half")
    lay_out(root)
    assert not (root / "keys" / "unit.pem").exists()
    mark(root, _unit())
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True)
    (other / "keys" / "mine").write_bytes(b"a person's own")
    with pytest.raises(WorkspaceExists):
        lay_out(other)
    assert (other / "keys" / "mine").exists()
