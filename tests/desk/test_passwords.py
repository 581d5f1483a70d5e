"""How the password of an account is kept, by a process that nothing of the tests has touched."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.conftest import REAL_PASSWORD_ROUNDS, ROOT

LEAST_ROUNDS = 600_000
"""OWASP Password Storage Cheat Sheet (2023), PBKDF2 with HMAC-SHA-256."""


def test_a_password_is_kept_as_pbkdf2_with_a_salt_and_as_many_rounds_as_owasp_asks(
    tmp_path: Path,
) -> None:
    """The tests' own hashing is quick; what a unit keeps is not."""
    assert REAL_PASSWORD_ROUNDS >= LEAST_ROUNDS
    subprocess.run(
        [
            sys.executable, "-c", "from kancil.cli.main import main; main()", "init",
            str(tmp_path / "programme"), "--site", "programme", "--name", "A programme",
            "--officer", "Ada Adair", "--username", "ada",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "programme" / "desk" / "desk.sqlite")) as database:
        (password,) = database.execute("SELECT password FROM person").fetchone()
    method, rounds, salt, digest = password.split("$")
    assert method == "pbkdf2_sha256"
    assert int(rounds) == REAL_PASSWORD_ROUNDS
    assert len(salt) >= 16
    assert len(digest) == 44
