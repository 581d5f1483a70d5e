"""`kancil verify WORKSPACE` against somebody with a local account and sqlite3."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kancil.cli.errors import RowsDiffer
from kancil.cli.unit.verify import CONTENT_BROKEN_STATUS, LEDGER_BROKEN_STATUS
from tests.cli.running import Unit
from tests.legal.lawfiles import law_file

PASSKEY = (
    "INSERT INTO mfa_authenticator (type, data, user_id, created_at) "
    "SELECT 'webauthn', '{}', id, '2026-01-01' FROM person WHERE username = 'dara'"
)
TOKEN = (
    "INSERT INTO token (id, person_id, name, sha256, may_write, made_at, expires_at) "
    "SELECT 'x', id, 'mine', 'x', 1, '2026-01-01', '2027-01-01' FROM person"
    " WHERE username = 'dara'"
)
ACCOUNT = (
    "INSERT INTO person (password, username, name, role, is_active, must_change_password,"
    " needs_second_factor, language, theme, added_at) "
    "VALUES ('x', 'mallory', 'M', 'administrator', 1, 0, 0, '', '', '2026-01-01')"
)


@pytest.fixture
def peopled(unit: Unit) -> Unit:
    """The sample unit two accounts, one a member of a case, and a token."""
    unit.say("person", "add", "dara", "--name", "Dara", "--role", "examiner", "--officer", "O1")
    unit.say("person", "add", "boun", "--name", "Boun", "--role", "reader")
    unit.say("person", "join", "C1", "boun")
    return unit


def by_sql(unit: Unit, *acts: str) -> None:
    """Change the database as somebody with the file would."""
    with closing(sqlite3.connect(unit.root / "desk" / "desk.sqlite")) as database, database:
        for act in acts:
            assert database.execute(act).rowcount > 0, act


def verdict(unit: Unit, status: int) -> Any:
    """Verify the workspace, which must end with a status; gives the answer."""
    return unit.ask("verify", unit.root, status=status)


def test_an_untouched_workspace_is_intact_and_names_what_is_not_compared(peopled: Unit) -> None:
    answer = verdict(peopled, 0)
    assert answer["intact"] is True
    said = " ".join(answer["not_checked"])
    for word in ("Passwords", "Private keys", "Time stamps", "imported labels"):
        assert word in said


@pytest.mark.parametrize(
    ("act", "table", "column", "code"),
    [
        ("UPDATE person SET role = 'administrator' WHERE username = 'boun'", "person", "role",
         "changed"),
        ("UPDATE person SET officer = 'x' WHERE username = 'dara'", "person", "officer", "changed"),
        ("UPDATE person SET name = 'Kham' WHERE username = 'dara'", "person", "name", "changed"),
        ("UPDATE person SET is_active = 0 WHERE username = 'dara'", "person", "is_active",
         "changed"),
        ("UPDATE person SET needs_second_factor = 1 WHERE username = 'dara'", "person",
         "needs_second_factor", "changed"),
        (ACCOUNT, "person", "", "stranger"),
        (PASSKEY, "mfa_authenticator", "", "stranger"),
        (TOKEN, "token", "", "stranger"),
    ],
)  # fmt: skip
def test_a_row_changed_by_sql_is_not_intact(
    peopled: Unit, act: str, table: str, column: str, code: str
) -> None:
    by_sql(peopled, act)
    answer = verdict(peopled, RowsDiffer.exit_status)
    assert answer["intact"] is False
    assert [(row["table"], row["column"], row["code"]) for row in answer["rows"]] == [
        (table, column, code)
    ]


def test_upgrade_brings_an_account_back_to_what_the_ledger_says(peopled: Unit) -> None:
    by_sql(peopled, "UPDATE person SET role = 'administrator' WHERE username = 'boun'")
    peopled.say("upgrade")
    assert verdict(peopled, 0)["intact"] is True
    by_sql(peopled, ACCOUNT, TOKEN)
    assert peopled.refused("upgrade")["code"] == "rows-differ"
    peopled.say("upgrade", "--drop-unknown-rows")
    assert verdict(peopled, 0)["intact"] is True


def cut(unit: Unit, size: int) -> None:
    """Cut a ledger's end and make everything beside it fit, as an insider would."""
    from kancil.custody.merkle import RightEdge, leaf_hash

    with closing(sqlite3.connect(unit.root / "desk" / "desk.sqlite")) as database, database:
        database.execute("DELETE FROM ledger_entry WHERE n > ?", (size,))
        edge, last = RightEdge(), b""
        for (data,) in database.execute("SELECT data FROM ledger_entry ORDER BY n"):
            last = leaf_hash(data)
            edge.append(last)
        database.execute(
            "UPDATE ledger_head SET size = ?, hash = ?, edge = ?", (size, last, edge.to_bytes())
        )


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A drive that comes and goes."""
    folder = tmp_path / "drive"
    folder.mkdir()
    return folder


def codes(answer: Any) -> set[str]:
    return {problem["code"] for problem in answer["problems"]}


def test_a_cut_end_is_betrayed_by_a_checkpoint_of_the_workspace(unit: Unit) -> None:
    size = unit.ask("ledger", "checkpoint")["size"]
    cut(unit, size - 1)
    answer = verdict(unit, LEDGER_BROKEN_STATUS)
    assert "kept-checkpoint-later" in codes(answer)
    assert f"checkpoints/{size}.txt" in answer["problems"][-1]["sentence"]


def test_and_by_its_copy_where_the_workspaces_own_were_cut_too(unit: Unit, drive: Path) -> None:
    unit.say("ledger", "copy-to", drive)
    size = unit.ask("ledger", "checkpoint")["size"]
    for path in (unit.root / "checkpoints").iterdir():
        path.unlink()
    cut(unit, size - 1)
    assert "kept-checkpoint-later" in codes(verdict(unit, LEDGER_BROKEN_STATUS))
    shutil.rmtree(drive)
    said = unit.ask("verify", unit.root, status=RowsDiffer.exit_status)["not_checked"]
    assert any(str(drive) in each for each in said)


def test_a_checkpoint_of_another_ledger_or_key_is_told(unit: Unit, tmp_path: Path) -> None:
    path = Path(unit.ask("ledger", "checkpoint")["path"])
    note = path.read_text(encoding="utf-8")
    lines = note.splitlines(keepends=True)
    lines[1] = "1\n"
    path.with_name("1.txt").write_text("".join(lines), encoding="utf-8")
    path.with_name("2.txt").write_text("no checkpoint", encoding="utf-8")
    assert codes(verdict(unit, LEDGER_BROKEN_STATUS)) == {
        "kept-checkpoint-foreign",
        "kept-checkpoint-not-readable",
    }


def test_an_absent_drive_stops_nobody_and_gets_what_is_owed(unit: Unit, drive: Path) -> None:
    assert unit.ask("status")["workspace"]["copies"] is None
    before = unit.ask("status")["workspace"]["checkpoints"]
    assert unit.ask("ledger", "copy-to", drive)["owed"] == 0
    copies = drive / unit.ask("status")["workspace"]["id"]
    assert len(list(copies.iterdir())) == before
    away = drive.with_name("away")
    drive.rename(away)
    drive.mkdir()  # an empty mount point is not the drive
    unit.say("case", "new", "Another", "--legal-basis", "Court")
    standing = unit.ask("status")["workspace"]
    assert (standing["owed"], standing["copies_there"]) == (before + 1, False)
    assert "is not there now" in unit.say("status")
    assert list(drive.iterdir()) == []
    drive.rmdir()
    away.rename(drive)
    assert unit.ask("status")["workspace"]["owed"] == 1
    unit.say("case", "new", "A third", "--legal-basis", "Court")
    assert unit.ask("status")["workspace"]["owed"] == 0
    assert {path.stat().st_mode & 0o777 for path in copies.iterdir()} == {0o600}
    assert verdict(unit, 0)["intact"] is True


def test_a_copy_is_never_written_over_and_restores_send_none(
    unit: Unit, drive: Path, tmp_path: Path
) -> None:
    settings = unit.root / "kancil.toml"
    settings.write_text(f"reserve_bytes = 7\n{settings.read_text(encoding='utf-8')}", "utf-8")
    unit.say("ledger", "copy-to", drive)
    assert "reserve_bytes = 7" in settings.read_text(encoding="utf-8")
    made = unit.ask("ledger", "checkpoint")
    copy = drive / unit.ask("status")["workspace"]["id"] / f"{made['size']}.txt"
    copy.write_text("something else", encoding="utf-8")
    unit.say("ledger", "checkpoint")
    assert copy.read_text(encoding="utf-8") == "something else"
    assert "kept-checkpoint-not-readable" in codes(verdict(unit, LEDGER_BROKEN_STATUS))
    unit.say("backup", "-o", tmp_path / "unit.tar")
    unit.say("restore", tmp_path / "unit.tar", tmp_path / "second")
    assert Unit(tmp_path / "second").ask("status")["workspace"]["copies"] is None
    unit.say("ledger", "copy-to", "--nowhere")
    assert unit.ask("status")["workspace"]["copies"] is None


@pytest.mark.parametrize("words", [(), ("/nowhere/at/all",), (".",)])
def test_a_place_that_is_none_is_refused(unit: Unit, words: tuple[str, ...]) -> None:
    given = [str(unit.root / "checkpoints") if word == "." else word for word in words]
    assert unit.refused("ledger", "copy-to", *given)["code"] == "option-not-usable"


def test_a_flipped_byte_in_a_listing_is_named_and_the_rest_is_checked(unit: Unit) -> None:
    with closing(sqlite3.connect(unit.root / "desk" / "desk.sqlite")) as database:
        (data,) = database.execute(
            "SELECT data FROM ledger_entry WHERE kind = 'exhibit.added' ORDER BY n"
        ).fetchone()
    listing = json.loads(data)["statement"]["body"]["content"]["listing_sha256"]
    path = unit.root / "vault" / listing[:2] / listing[2:4] / listing
    flipped = bytearray(path.read_bytes())
    flipped[0] ^= 1
    path.chmod(0o600)
    path.write_bytes(flipped)
    answer = verdict(unit, CONTENT_BROKEN_STATUS)
    assert [each["code"] for each in answer["troubles"]] == ["vault-bytes-broken"]
    assert answer["troubles"][0]["exhibit"] == "E1"
    assert answer["rows"] == []
    assert any("listing" in each for each in answer["not_checked"])


def test_files_that_no_entry_names_are_listed_and_law_is_compared(
    unit: Unit, tmp_path: Path
) -> None:
    unit.say("law", "import", law_file(tmp_path))
    for folder in ("studies", "law", "requests"):
        (unit.root / folder / "planted.json").write_text("{}", encoding="utf-8")
    (said,) = [each for each in verdict(unit, 0)["not_checked"] if "planted" in each]
    assert "3" in said
    (kept,) = (unit.root / "law").glob("*.yaml")
    kept.write_text("another: law", encoding="utf-8")
    answer = verdict(unit, RowsDiffer.exit_status)
    assert [each["code"] for each in answer["kept"]] == ["changed"]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("UPDATE ledger_entry SET data = 'text' WHERE n = 2", "ledger-file-broken"),
        ("UPDATE ledger_entry SET hash = 1e300 WHERE n = 2", "ledger-file-broken"),
        ("UPDATE ledger_head SET size = 'many'", "ledger-file-broken"),
        ("UPDATE ledger_head SET edge = 5", "ledger-file-broken"),
        ("UPDATE person SET added_at = X'fffe'", "desk-not-readable"),
        ("UPDATE case_row SET opened_at = X'fffe'", "desk-not-readable"),
    ],
)
def test_a_row_of_another_type_is_answered_in_a_sentence(
    peopled: Unit, act: str, code: str
) -> None:
    by_sql(peopled, act)
    assert peopled.refused("verify", peopled.root)["code"] == code
