"""A key that a classroom signed for is no key of a programme's site."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Unit, run


def test_a_public_key_of_a_classroom_is_refused_by_a_programme(room: Unit, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    told = room.ask("key", "export-public", "-o", key)
    folder = tmp_path / "programme"
    assert run("init", folder, "--site", "programme", "--name", "Programme").status == 0
    error = Unit(folder, "admin").refused(
        "assess", "key", "add", "admin", key, "--fingerprint", told["fingerprint"],
        "--compared", "read out",
    )  # fmt: skip
    assert error["code"] == "made-in-classroom"
    assert "key.json" in error["sentence"]
