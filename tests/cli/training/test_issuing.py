"""Certificates are issued, listed and revoked by commands, in a classroom alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.desk.training.actions.classes import end_class
from kancil.training.badges.certificate import credential_bytes
from kancil.training.badges.reading import read_certificate
from kancil.training.badges.revocations import read_revocations
from tests.cli.running import run
from tests.desk.training.conftest import founded_room, room, sample, school, unit
from tests.desk.training.school import School
from tests.desk.training.test_certificates import worked
from tests.training.badges.samples import signed

__all__ = ["founded_room", "room", "sample", "school", "unit"]


def ask(school: School, *words: str | Path, status: int = 0) -> Any:
    ran = run(*words, "--workspace", school.workspace.root, "--json")
    assert ran.status == status, ran.err
    return json.loads(ran.out)


@pytest.mark.thorough
def test_a_class_is_given_certificates_that_a_stranger_verifies(
    school: School, tmp_path: Path
) -> None:
    worked(school, "noy")
    end_class(by=school.trainer, training_class=school.training_class)
    out = tmp_path / "certificates"
    title = school.training_class.title
    made = ask(school, "certificate", "issue", title, "--hours", "30", "-o", out)
    (issued,) = made["issued"]
    assert issued["name"] == "Noy"
    names = {path.name for path in out.iterdir()}
    assert names == {
        f"{issued['id']}.credential.json", f"{issued['id']}.pdf", "verify-certificate.html",
        "verify-certificate.html.sha256",
    }  # fmt: skip
    credential = out / f"{issued['id']}.credential.json"
    assert read_certificate(credential.read_bytes(), "c").fingerprint == made["fingerprint"]
    verified = run("certificate", "verify", credential, "--key", made["fingerprint"])
    assert verified.status == 0
    (row,) = ask(school, "certificate", "list")
    assert (row["id"], row["revoked_on"]) == (issued["id"], None)
    first, second = tmp_path / "1", tmp_path / "2"
    ask(school, "certificate", "revocations", "-o", first)
    words = ("certificate", "revoke", issued["id"], "--reason", "mistake", "-o")
    assert ask(school, *words, second)["number"] == 2
    assert read_revocations(second.read_bytes(), "l").list.of(issued["id"]) is not None
    judged = run("certificate", "verify", credential, "--key", made["fingerprint"],
                 "--list", first, "--list", second)  # fmt: skip
    assert judged.status == 12
    again = ask(school, *words, tmp_path / "3", status=10)
    assert again["error"]["code"] == "already-revoked"
    unknown = ask(school, "certificate", "issue", "x", "--hours", "1", "-o", tmp_path / "4",
                  status=14)  # fmt: skip
    assert unknown["error"]["code"] == "class-not-found"


def test_a_certificate_in_utf_16_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "dala.credential.json"
    path.write_bytes(credential_bytes(signed()).decode().encode("utf-16"))
    ran = run("certificate", "verify", path)
    assert ran.status == 13
    assert "saved again in another encoding (UTF-16)" in ran.err
    assert "Traceback" not in ran.err
