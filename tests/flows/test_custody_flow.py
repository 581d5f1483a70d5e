"""One phone from its seizure to its return, its bytes under an order, and the unit's people."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Unit, run
from tests.cli.sample_unit import found

AGREED = ("--present", "at the counter, in person")


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    """A unit with two officers and a case."""
    made = found(tmp_path / "unit")
    made.say("officer", "add", "Boun Souk", "--vouch", "known for years", "--role", "custodian")
    made.say("case", "new", "Threats", "--legal-basis", "Warrant 12/2026")
    return made


def _seized(unit: Unit, folder: Path) -> Any:
    photos = [folder / "front.jpg", folder / "back.jpg"]
    for photo in photos:
        photo.write_bytes(photo.name.encode())
    return unit.ask(
        "exhibit", "seize", "C1", "Black phone", "--place", "Vientiane", "--from", "Mr A",
        "--at", "2026-03-09T14:30:00+07:00", "--make", "Acme", "--model", "X1",
        "--serial", "SN-1", "--seal", "S-001",
        "--photograph", photos[0], "--photograph", photos[1],
    )  # fmt: skip


def _events(unit: Unit, exhibit: str) -> list[str]:
    rows = {row["label"]: row for row in unit.ask("exhibit", "list")}
    return [event["kind"].removeprefix("exhibit.") for event in rows[exhibit]["events"]]


def _row(unit: Unit, exhibit: str) -> Any:
    return next(row for row in unit.ask("exhibit", "list") if row["label"] == exhibit)


def _through_its_life(unit: Unit, folder: Path) -> None:
    _seized(unit, folder)
    dump = folder / "phone.tar"
    dump.write_bytes(b"bytes of a phone")
    record = ("exhibit", "record", "E1")
    unit.say(*record, "sealed", "--place", "Station", "--seal", "S-002")
    unit.say(
        "exhibit", "acquire", "E1", dump, "--tool", "Copier", "--tool-version", "1.2",
        "--write-blocker", "none", "--source-digest", "md5:abc",
    )  # fmt: skip
    unit.say(
        "exhibit",
        "transfer",
        "E1",
        "--to",
        "O2",
        "--place",
        "Laboratory",
        "--seal",
        "S-002",
        *AGREED,
    )
    unit.say(*record, "stored", "--place", "Shelf 4", officer="O2")
    unit.say(*record, "opened", "--place", "Bench", "--reason", "examination", officer="O2")
    unit.say(*record, "deposited", "--place", "Court", "--to", "Court of Vientiane", officer="O2")
    unit.say(*record, "returned", "--place", "Station", "--to", "Mr A", officer="O2")


def test_a_phone_goes_through_its_whole_life(unit: Unit, tmp_path: Path) -> None:
    _through_its_life(unit, tmp_path)
    assert _events(unit, "E1") == [
        "seized", "sealed", "acquired", "transferred", "stored", "opened", "deposited", "returned",
    ]  # fmt: skip
    row = _row(unit, "E1")
    assert (row["status"], row["holder"], row["seal"]) == ("returned", "Mr A", None)
    photos = _row(unit, "E2")
    assert photos["files"] == 2
    assert unit.refused("exhibit", "record", "E1", "stored", "--place", "x")["code"] == (
        "exhibit-gone"
    )
    assert unit.ask("verify", unit.root)["intact"] is True


def test_a_hand_over_is_signed_by_both_sides(unit: Unit, tmp_path: Path) -> None:
    _seized(unit, tmp_path)
    hand_over = ("exhibit", "transfer", "E1", "--to", "O2", "--place", "Laboratory", *AGREED)
    entry = unit.ask(*hand_over)["entry"]
    out = tmp_path / "ledger.jsonl"
    unit.say("ledger", "export", "-o", out)
    statement = json.loads(out.read_bytes().splitlines()[entry - 1])["statement"]
    keys = {row["label"]: row["fingerprint"] for row in unit.ask("officer", "list")}
    assert statement["key"] == keys["O1"]
    assert statement["body"]["receipt"]["key"] == keys["O2"]
    # Who gave it away cannot give it again; who holds it can.
    assert unit.refused(*hand_over)["code"] == "receipt-wrong"
    unit.say("exhibit", "transfer", "E1", "--to", "O1", "--place", "Desk", *AGREED, officer="O2")


def test_a_receiver_whose_key_is_locked_must_unlock_it(unit: Unit, tmp_path: Path) -> None:
    secret = {**unit.env(), "KANCIL_PASSPHRASE": "four words not together"}
    words = ("officer", "add", "Noy", "--vouch", "seen", "--passphrase")
    assert run(*words, env=secret).status == 0
    _seized(unit, tmp_path)
    error = unit.refused("exhibit", "transfer", "E1", "--to", "Noy", "--place", "x")
    assert error["code"] == "key-locked"
    assert _events(unit, "E1") == ["seized"]


def test_a_court_receives_on_paper(unit: Unit, tmp_path: Path) -> None:
    _seized(unit, tmp_path)
    scan = tmp_path / "receipt.pdf"
    scan.write_bytes(b"signed")
    to_court = ("exhibit", "transfer", "E1", "--to", "Court", "--to-kind", "court", "--place", "x")
    assert unit.refused(*to_court)["code"] == "option-missing"
    unit.say(*to_court, "--receipt", scan)
    assert _row(unit, "E1")["holder"] == "Court"
    verified = unit.ask("verify", unit.root)
    assert verified["intact"] is True
    assert verified["not_checked"]


def test_disposal_leaves_digests_and_a_ledger_that_verifies(unit: Unit, tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("own", "shared")}
    for name, path in paths.items():
        path.write_bytes(name.encode())
    digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in paths}
    unit.say("exhibit", "add", "C1", paths["own"], paths["shared"], "--title", "Two")
    unit.say("exhibit", "add", "C1", paths["shared"], "--title", "One")
    order = ("--authority", "Court", "--number", "9/2026", "--date", "2026-03-09")
    removed = unit.ask("exhibit", "dispose", "E1", *order)["removed"]
    # Another exhibit still needs the shared bytes.
    assert removed == [digests["own"]]
    vault = unit.root / "vault"
    held = {path.name for path in vault.glob("??/??/*")}
    assert digests["own"] not in held
    assert digests["shared"] in held
    assert _row(unit, "E1")["status"] == "disposed"
    assert unit.ask("verify", unit.root)["intact"] is True
    assert unit.ask("verify", unit.root)["orphans"] == []
    out = tmp_path / "ledger.jsonl"
    unit.say("ledger", "export", "-o", out)
    tombstone = json.loads(out.read_bytes().splitlines()[-1])["statement"]["body"]["tombstone"]
    listing = vault / tombstone[0]["listing_sha256"][:2] / tombstone[0]["listing_sha256"][2:4]
    assert digests["own"] in (listing / tombstone[0]["listing_sha256"]).read_text("utf-8")
    assert unit.refused("exhibit", "dispose", "E1", *order)["code"] == "exhibit-gone"
    unit.say("backup", "-o", tmp_path / "backup.tar")
    assert run("restore", tmp_path / "backup.tar", tmp_path / "second").status == 0
    assert Unit(tmp_path / "second").ask("verify", tmp_path / "second")["intact"] is True


def test_a_backup_comes_back_in_a_second_folder_and_verifies(unit: Unit, tmp_path: Path) -> None:
    _through_its_life(unit, tmp_path)
    before = unit.ask("verify", unit.root)
    made = unit.ask("backup", "-o", tmp_path / "unit.tar")
    assert made["missing"] == []
    with tarfile.open(tmp_path / "unit.tar") as tar:
        assert not [name for name in tar.getnames() if "keys" in name or name.endswith(".pem")]
    second = Unit(tmp_path / "second")
    restored = Unit(tmp_path).ask("restore", tmp_path / "unit.tar", second.root)
    assert (restored["has_keys"], restored["troubles"]) == (False, [])
    after = second.ask("verify", second.root)
    assert (after["intact"], after["root"]) == (True, before["root"])
    assert second.ask("exhibit", "list") == unit.ask("exhibit", "list")
    assert (
        second.refused("case", "new", "T", "--legal-basis", "x")["code"] == "officer-key-not-found"
    )
    note = unit.ask("ledger", "checkpoint")["path"]
    # The backup ends before the entry that tells of it: it is an older ledger, not a false one.
    assert second.run("verify", second.root, "--against", note).status == 22


def test_a_backup_with_keys_needs_to_know_who_restores(unit: Unit, tmp_path: Path) -> None:
    unit.say("backup", "-o", tmp_path / "unit.tar", "--with-keys")
    second = tmp_path / "second"
    error = Unit(tmp_path).refused("restore", tmp_path / "unit.tar", second, officer="")
    assert error["code"] == "officer-not-named"
    assert not second.exists()
    assert not list(tmp_path.glob(".tmp-*"))
    assert run("restore", tmp_path / "unit.tar", second, "--as", "O2").status == 0
    Unit(second).say("case", "new", "Goes on", "--legal-basis", "x")


def test_a_changed_backup_restores_nothing(unit: Unit, tmp_path: Path) -> None:
    unit.say("backup", "-o", tmp_path / "unit.tar")
    data = bytearray((tmp_path / "unit.tar").read_bytes())
    data[data.index(b"unit.founded")] ^= 1
    (tmp_path / "bad.tar").write_bytes(data)
    error = Unit(tmp_path).refused("restore", tmp_path / "bad.tar", tmp_path / "second")
    assert error["code"] in {"backup-broken", "ledger-broken"}
    assert not (tmp_path / "second").exists()


def test_the_peoples_history_is_told_and_what_was_signed_stays(unit: Unit) -> None:
    old = unit.ask("officer", "list")[1]["fingerprint"]
    unit.say("case", "new", "By Boun", "--legal-basis", "x", officer="O2")
    unit.say("key", "rotate", "O2", "--reason", "yearly", officer="O2")
    new = unit.ask("officer", "list")[1]["fingerprint"]
    assert new != old
    unit.say("case", "new", "By her new key", "--legal-basis", "x", officer="O2")
    unit.say("key", "revoke", "O2", "--cause", "lost", "--reason", "laptop stolen")
    unit.say("officer", "retire", "O2", "--reason", "moved")
    row = unit.ask("officer", "list")[1]
    assert row["retired_at"] is not None
    assert row["vouched_how"] == "known for years"
    assert unit.refused("officer", "retire", "O1", "--reason", "x")["code"] == "last-officer"
    assert unit.ask("verify", unit.root)["intact"] is True


def test_an_interrupted_rotation_is_settled_by_the_next_command(unit: Unit) -> None:
    keys = unit.root / "keys" / "officers"
    officer = unit.ask("officer", "list")[1]["id"]
    old = (keys / f"{officer}.pem").read_bytes()
    unit.say("key", "rotate", "O2", "--reason", "yearly")
    # As if the machine had stopped between the entry and the renaming.
    (keys / f"{officer}.pem").rename(keys / f"{officer}.next.pem")
    (keys / f"{officer}.pem").write_bytes(old)
    (keys / f"{officer}.pem").chmod(0o600)
    unit.say("case", "new", "T", "--legal-basis", "x", officer="O2")
    assert not (keys / f"{officer}.next.pem").exists()


def test_a_history_with_a_sealed_entry_is_complete_and_verifies(unit: Unit, tmp_path: Path) -> None:
    _through_its_life(unit, tmp_path)
    numbers = [event["n"] for event in _row(unit, "E1")["events"]]
    out = tmp_path / "history.json"
    proved = unit.ask("ledger", "prove", "E1", "-o", out, "--seal", str(numbers[4]))
    assert (proved["entries"], proved["sealed"]) == (8, [numbers[4]])
    assert b"Shelf 4" not in out.read_bytes()
    note = unit.ask("ledger", "checkpoint")["path"]
    stranger = Unit(tmp_path)
    verdict = stranger.ask("verify", out, "--against", note)
    assert verdict["intact"] is True
    assert verdict["complete"] == [proved["id"]]
    # One byte anywhere in what is shown, and it does not hold.
    data = out.read_bytes()
    for word in (b"Bench", b"Vientiane", b"S-001"):
        at = data.index(word)
        (tmp_path / "x.json").write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert stranger.run("verify", tmp_path / "x.json").status != 0
    error = unit.refused("ledger", "prove", "E1", "-o", tmp_path / "y", "--seal", "1")
    assert error["code"] == "option-not-usable"
    early = unit.root / "checkpoints" / "5.txt"
    old = unit.refused("ledger", "prove", "E1", "-o", tmp_path / "y", "--checkpoint", early)
    assert old["code"] in {"option-not-usable", "file-not-readable"}


def test_a_slip_is_printed_at_opening_and_seizure_and_holds_the_hash(
    unit: Unit, tmp_path: Path
) -> None:
    slip = tmp_path / "slip.html"
    made = unit.ask("case", "new", "<b>Bold</b>", "--legal-basis", "x", "--slip", slip)
    page = slip.read_text("utf-8")
    assert made["checkpoint"]["slip"] == str(slip)
    assert "&lt;b&gt;Bold" in page
    assert "<b>Bold" not in page
    assert "<svg" in page
    digest = hashlib.sha256(Path(made["checkpoint"]["path"]).read_bytes()).hexdigest()
    assert digest == made["checkpoint"]["id"]
    text = unit.say("exhibit", "seize", "C1", "Phone", "--place", "x")
    assert "Signature: ....." in text


def _tar(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, data in members:
            header = tarfile.TarInfo(name)
            header.size = len(data)
            tar.addfile(header, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    "listing",
    [
        b"",
        b"{}",
        b"[]",
        b'{"what":"kancil-backup"}',
        b'{"files":[{}],"format":1,"missing":[],"what":"kancil-backup"}',
        b'{"files":[],"format":"x","missing":[],"what":"kancil-backup"}',
        b'{"files":{},"format":1,"missing":[],"what":"kancil-backup"}',
        b'{"files":[],"format":1,"missing":[],"what":"kancil-backup"}',
    ],
)
def test_a_hostile_backup_is_refused_in_words(tmp_path: Path, listing: bytes) -> None:
    path = _tar(tmp_path / "backup.tar", ("BACKUP.json", listing))
    error = Unit(tmp_path).refused("restore", path, tmp_path / "second")
    assert error["status"] != 1
    assert {item.name for item in tmp_path.iterdir()} == {"backup.tar"}


@pytest.mark.parametrize("name", ["../../x", "/x", "a/../../x", "x" * 300, "kancil.toml/x"])
def test_a_backup_never_writes_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = _tar(tmp_path / "backup.tar", ("kancil.toml", b""), (name, b"x"), ("BACKUP.json", b"{}"))
    Unit(tmp_path).refused("restore", path, tmp_path / "in" / "second")
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "in" / "second").exists()
