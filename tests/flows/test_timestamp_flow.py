"""An outside time stamp, carried out and in by file, into a bundle and through its check."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED
from tests.cli.running import Unit, run
from tests.custody.test_timestamp import answer, make_authority

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a local authority, made by openssl."""
    return make_authority(tmp_path_factory.mktemp("authority") / "one")


def test_a_checkpoint_is_stamped_and_the_bundle_carries_it(
    unit: Unit, authority: Path, tmp_path: Path
) -> None:
    first = unit.ask("bundle", "C1", "-o", tmp_path / "first.zip")
    size = str(first["checkpoint"]["size"])
    request = tmp_path / "request.tsq"
    asked = unit.ask("timestamp", "request", "-o", request, "--size", size)
    assert asked["id"] == first["checkpoint"]["id"]
    response = tmp_path / "answer.tsr"
    response.write_bytes(answer(authority, request.read_bytes()))
    root = authority / "root.pem"
    attached = unit.ask("timestamp", "attach", response, "--authority", root, "--size", size)
    assert attached["time"].endswith("Z")
    out = tmp_path / "second.zip"
    unit.say("bundle", "C1", "-o", out, "--stamped", size)
    verdict = Unit(tmp_path).ask("verify", out, "--authority", root, status=EXIT_NOT_CONFIRMED)
    (when,) = [step for step in verdict["steps"] if step["step"] == "when"]
    assert (verdict["answer"], when["state"]) == ("unchanged", "holds")
    # Without the authority's certificate, the stamp is not believed, and this is said.
    (when,) = [
        step
        for step in Unit(tmp_path).ask("verify", out, status=EXIT_NOT_CONFIRMED)["steps"]
        if step["step"] == "when"
    ]
    assert when["state"] == "not-checked"
    assert unit.ask("verify", unit.root)["intact"] is True


def test_a_stamp_of_something_else_or_by_a_stranger_is_refused(
    unit: Unit, authority: Path, tmp_path: Path
) -> None:
    request = tmp_path / "request.tsq"
    unit.say("timestamp", "request", "-o", request)
    response = tmp_path / "answer.tsr"
    response.write_bytes(answer(authority, request.read_bytes(), "right"))
    stranger = make_authority(tmp_path / "stranger") / "root.pem"
    before = unit.ask("verify", unit.root)["entries"]
    attach = ("timestamp", "attach", response, "--authority")
    assert unit.refused(*attach, stranger)["code"] == "time-stamp-authority-unknown"
    assert unit.refused(*attach, request)["code"] == "time-stamp-not-readable"
    other = tmp_path / "other.tsq"
    unit.say("case", "new", "Later", "--legal-basis", "x")
    unit.say("timestamp", "request", "-o", other)
    assert unit.refused(*attach, authority / "root.pem")["code"] == "time-stamp-of-other"
    assert unit.ask("verify", unit.root)["entries"] == before + 1
    assert run("verify", response).status == 20
