"""A backup that somebody wrote anew: who signed it is seen, and what was planted lets nobody in."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.hashers import make_password

from kancil.cli.errors import RowsDiffer
from kancil.custody.errors import LedgerBroken
from kancil.desk.base.opening import close_desk
from kancil.desk.people.models import Person, Role
from kancil.evidence.errors import BackupBroken, BackupSignerUnknown
from kancil.ground import canonical
from kancil.ground.ids import new_id
from kancil.ground.signing import MemorySigner, fingerprint
from tests.cli.running import run
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk, Maker
from tests.desk.test_backup import (
    HOSTILE,
    add_member_to,
    back_up,
    filled,
    other_desk,
    restore,
    rewritten,
)

PLANTED = "planted words of a stranger"


def planted(name: str, data: bytes) -> bytes:
    """Tables in which somebody gave the reader a role, a password, a passkey, and added himself."""
    if name != "desk/tables.jsonl":
        return data
    rows = [json.loads(line) for line in data.splitlines()]
    known = make_password(PLANTED)
    people = [row for row in rows if row["table"] == "people.person"]
    factor = next(row for row in rows if row["fields"].get("type") == "totp")
    for row in people:
        row["fields"]["password"] = known
    reader = next(row for row in people if row["fields"]["role"] == "reader")
    reader["fields"]["role"] = "administrator"
    stranger = {**people[0]["fields"], "id": "900", "username": "stranger", "officer": None}
    rows.append({"table": "people.person", "fields": {**stranger, "role": "administrator"}})
    passkey = {**factor["fields"], "id": "900", "type": "webauthn"}
    rows.append({"table": "mfa.authenticator", "fields": {**passkey, "user_id": "900"}})
    rows.append({"table": "mfa.authenticator", "fields": {**passkey, "id": "901"}})
    return b"".join(canonical.dumps(row) + b"\n" for row in rows)


def test_what_somebody_planted_in_an_unsigned_backup_lets_nobody_in(
    desk: Desk, maker: Maker
) -> None:
    filled(desk)
    source = rewritten(back_up(desk), planted)
    again = other_desk(desk, "sqlite", maker)
    answer = restore(again, source, status=RowsDiffer.exit_status)
    assert answer["signed_by"] is None
    differing = {(row["code"], row["column"]) for row in answer["rows"]}
    assert {("changed", "role"), ("stranger", "")} <= differing
    assert set(answer["passwords"]) == {"anna", "ຄໍາ"}, "the ledger knows of no administrator"
    again.open()
    assert not Person.objects.get(username="stranger").is_active
    assert Person.objects.get(username="ຄໍາ").role == Role.READER
    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert [each.type for each in Authenticator.objects.filter(type="totp")] == ["totp"]
    for username in ("anna", "ຄໍາ", "stranger"):
        assert not Person.objects.get(username=username).check_password(PLANTED)
    rows_against_ledger(again.ledger())
    close_desk()


@pytest.mark.parametrize("kept", [True, False])
def test_a_list_that_a_stranger_signed_restores_nothing(
    desk: Desk, maker: Maker, kept: bool
) -> None:
    """Nor does one signed rightly, of which the list was written anew after that."""
    _, by, _ = filled(desk)
    source = back_up(desk)
    again = other_desk(desk, "sqlite", maker)
    stranger = MemorySigner(Ed25519PrivateKey.generate())
    hostile = rewritten(source, planted, by.signer if kept else stranger)
    if kept:
        hostile = rewritten_list(hostile)
    answer = restore(again, hostile, status=BackupBroken.exit_status)
    code = BackupBroken.code if kept else BackupSignerUnknown.code
    assert answer["error"]["code"] == code
    assert not again.workspace.root.exists()
    ran = run("verify", hostile, "--json")
    assert json.loads(ran.out)["error"]["code"] == code
    other = fingerprint(stranger.public_raw)
    refused = run("restore", source, again.workspace.root, "--key", other, "--json")
    assert json.loads(refused.out)["error"]["code"] == BackupSignerUnknown.code


def rewritten_list(source: Path) -> Path:
    """A backup with the signature of another list."""
    out = source.with_name(f"{new_id()}.tar")
    with tarfile.open(source) as old, tarfile.open(out, "w") as new:
        for member in old:
            data = old.extractfile(member).read()  # type: ignore[union-attr]  # all are files
            if member.name == "BACKUP.json":
                data = data.replace(b'"missing":[]', b'"missing":["x"]')
            add_member_to(new, member.name, data)
    return out


def test_a_backup_is_verified_without_restoring_it(desk: Desk) -> None:
    _, by, _ = filled(desk)
    source = back_up(desk)
    ran = run("verify", source, "--json")
    answer = json.loads(ran.out)
    assert (ran.status, answer["answer"], answer["holder"]) == (0, "known", by.id)
    unsigned = rewritten(source, lambda _name, data: data)
    ran = run("verify", unsigned, "--json")
    assert (ran.status, json.loads(ran.out)["answer"]) == (28, "unsigned")
    hostile = rewritten(source, HOSTILE["an entry was changed"][0], by.signer)
    ran = run("verify", hostile, "--json")
    assert json.loads(ran.out)["error"]["code"] == LedgerBroken.code
