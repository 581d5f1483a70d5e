"""A certificate is verified by a command without a workspace and without a network."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kancil.training.badges.certificate import credential_bytes, hashed_identifier
from kancil.training.badges.reading import compact_text
from kancil.training.badges.revocations import (
    Revocation,
    RevocationReason,
    Revocations,
    write_revocations,
)
from tests.cli.running import Ran, run
from tests.training.badges.samples import AT, BOX, ID, signed

FINGERPRINT = signed().fingerprint


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KANCIL_HOME", raising=False)
    path = tmp_path / "dala.credential.json"
    path.write_bytes(credential_bytes(signed(identifier=hashed_identifier("STAFF-2031"))))
    return path


def listed(folder: Path, number: int, *revoked: Revocation) -> Path:
    path = folder / f"{number}.kancil-revocations"
    made = Revocations("Training centre (invented)", number, AT + timedelta(number), revoked)
    path.write_bytes(write_revocations(made, BOX))
    return path


def answer(ran: Ran) -> Any:
    return json.loads(ran.out)


def test_a_certificate_is_verified_without_a_workspace(file: Path) -> None:
    ran = run("certificate", "verify", file, "--key", FINGERPRINT)
    assert ran.status == 0
    assert ran.out.startswith("This certificate is unchanged, and Training centre (invented)")
    assert "Not checked against any list of revoked certificates." in ran.out
    assert ran.out.rstrip().endswith("It is no qualification as an expert witness.")


def test_the_text_of_the_code_is_verified_as_the_file_is(file: Path, tmp_path: Path) -> None:
    text = tmp_path / "scanned.txt"
    text.write_text(compact_text(signed()) + "\r\n", encoding="utf-8")
    found = answer(run("certificate", "verify", text, "--key", FINGERPRINT, "--json"))
    assert (found["good"], found["name"]) == (True, "Chanthavong Dala")


def test_without_a_key_the_answer_says_that_the_issuer_is_not_known(file: Path) -> None:
    ran = run("certificate", "verify", file, "--json")
    assert ran.status == 28
    assert answer(ran)["key"] == "not-compared"
    assert FINGERPRINT in answer(ran)["answer"]


def test_a_revoked_one_is_named_as_of_its_list(file: Path, tmp_path: Path) -> None:
    reason = RevocationReason.FRAUD
    lists = listed(tmp_path, 1), listed(tmp_path, 2, Revocation(ID, date(2026, 12, 1), reason))
    given = [word for each in lists for word in ("--list", each)]
    ran = run("certificate", "verify", file, "--key", FINGERPRINT, *given)
    assert ran.status == 12
    assert ran.out.startswith("This certificate was revoked on 2026-12-01. Do not rely on it.")
    assert "Checked against list 2 of 2026-11-29. Not checked against a newer list." in ran.out


def test_the_holders_number_is_compared(file: Path) -> None:
    words = ("certificate", "verify", file, "--key", FINGERPRINT, "--json", "--identifier")
    assert run(*words, "STAFF-2031").status == 0
    assert run(*words, "STAFF-2032").status == 12


def test_a_changed_certificate_ends_the_work(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"83"', b'"98"'))
    ran = run("certificate", "verify", file, "--json")
    assert (ran.status, answer(ran)["error"]["code"]) == (12, "badge-broken")


def test_another_file_is_refused_with_what_to_do(file: Path) -> None:
    file.write_bytes(b"%PDF-1.7")
    ran = run("certificate", "verify", file)
    assert ran.status == 13
    assert "ends in .credential.json" in ran.err
