"""A programme's backup: it comes back whole on a second folder, and a spoilt one leaves nothing."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kancil.evidence.errors import BackupSignerUnknown
from tests.flows.programme_site import PLACE, Desk, Programme, founded
from tests.flows.test_assessment_by_command import FIRST, PERIOD, team

pytestmark = pytest.mark.thorough

CAPABILITY = "capability-2026.2"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A site with a round, an answer, a file of evidence and an interview."""
    folder = tmp_path_factory.mktemp("programme")
    programme = Programme()
    people = {"olga": "programme-officer", "lea": "team-lead", "ann": "assessor", "bo": "assessor"}
    desk = founded(Desk(programme, folder / "site"), {**people, "rex": "reviewer"})
    desk.ask("olga", "protocol", "keep", CAPABILITY)
    desk.ask("olga", "round", "new", "XKA", FIRST, "--protocol", CAPABILITY, *PERIOD)
    team(desk, FIRST)
    report = folder / "report.txt"
    report.write_text("figures of the unit", encoding="utf-8")
    item = desk.ask("ann", "evidence", "add", FIRST, report, "--title", "Report", "--grade", "a")
    desk.ask("ann", "answer", FIRST, "DN01", "2", "--evidence", item["id"])
    yield desk
    programme.close()


def backup(site: Desk, path: Path) -> Path:
    ran = site.run("olga", "backup", "-o", path)
    assert ran.status == 0, ran.err
    return path


def test_it_comes_back_whole_and_the_record_says_so(site: Desk, tmp_path: Path) -> None:
    assert PLACE
    second = Desk(site.programme, tmp_path / "second")
    path = backup(site, tmp_path / "programme.tar")
    with tarfile.open(path) as tar:
        assert not [name for name in tar.getnames() if name.startswith("keys/")]
    ran = site.run("", "restore", path, second.root)
    assert ran.status == 0, ran.err
    for words in (("answers", FIRST), ("evidence", "list", FIRST), ("score", FIRST)):
        assert second.ask("lea", *words) == site.ask("lea", *words), words
    assert second.run("olga", "upgrade").status == 0
    again = backup(second, tmp_path / "again.tar")
    assert again.stat().st_size > 0
    assert site.run("", "restore", path, second.root).status != 0, "a folder that is not empty"


def test_the_key_that_signed_is_compared_and_new_passwords_are_handed_out(
    site: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "programme.tar"
    made = json.loads(site.run("olga", "backup", "-o", path, "--json").out)
    refused = site.run("", "restore", path, tmp_path / "second", "--key", "SHA256:other")
    assert refused.status == BackupSignerUnknown.exit_status
    assert not (tmp_path / "second").exists()
    for more, status in (((), 28), (("--key", made["signed_by"]), 0)):
        assert site.run("", "verify", path, *more).status == status
    words = ("restore", path, tmp_path / "second", "--key", made["signed_by"], "--json")
    answer = json.loads(site.run("", *words).out)
    assert answer["signed_by"] == made["signed_by"]
    assert "olga" in answer["passwords"]
    assert "ann" not in answer["passwords"]


def test_a_lost_or_changed_file_is_named(site: Desk, tmp_path: Path) -> None:
    path = backup(site, tmp_path / "programme.tar")
    second = Desk(site.programme, tmp_path / "second")
    (stored,) = (site.root / "vault").glob("??/??/*")
    held = stored.read_bytes()
    stored.chmod(0o600)
    stored.write_bytes(b"figures of another")
    spoilt = backup(site, tmp_path / "spoilt.tar")
    stored.write_bytes(held)
    stored.chmod(0o444)
    ran = site.run("", "restore", spoilt, second.root)
    assert ran.status == 0, ran.err
    assert stored.name in ran.out
    assert "bytes have changed" in ran.out
    assert path.is_file()


def test_whoever_is_not_in_its_books_restores_nothing(site: Desk, tmp_path: Path) -> None:
    path = backup(site, tmp_path / "programme.tar")
    second = Desk(site.programme, tmp_path / "second")
    ran = site.run("nobody", "restore", path, second.root)
    assert ran.status != 0
    assert "nobody" in ran.err
    assert not second.root.exists()
    assert site.run("lea", "restore", path, second.root).status == 0


@pytest.mark.parametrize("left", [0, 600, 5_000])
def test_a_spoilt_backup_is_refused_and_leaves_nothing(
    site: Desk, tmp_path: Path, left: int
) -> None:
    path = backup(site, tmp_path / "programme.tar")
    path.write_bytes(path.read_bytes()[:left])
    ran = site.run("", "restore", path, tmp_path / "second")
    assert ran.status != 0
    assert ran.err.strip().count("\n") <= 1, ran.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["programme.tar"]


def test_a_backup_of_a_unit_cannot_bring_a_ledger_into_a_programme(
    site: Desk, tmp_path: Path
) -> None:
    path = backup(site, tmp_path / "programme.tar")
    unpacked = tmp_path / "unpacked"
    with tarfile.open(path) as tar:
        tar.extractall(unpacked, filter="data")
    (unpacked / "kancil.toml").write_text(
        (unpacked / "kancil.toml").read_text("utf-8").replace('site = "programme"\n', ""), "utf-8"
    )
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        for each in sorted(unpacked.rglob("*")):
            if each.is_file():
                tar.add(each, each.relative_to(unpacked).as_posix())
    ran = site.run("", "restore", tmp_path / "other.tar", tmp_path / "second")
    assert ran.status != 0
    assert not (tmp_path / "second").exists()
