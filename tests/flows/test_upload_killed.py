"""Uploads to a real server that is killed: between pieces, and while it takes the whole in."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.upload import unit_with_case, upload
from kancil.cli.frame.desk import desk_ledger
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.evidence.named import check_contents, named_contents
from kancil.evidence.vault import Vault
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit, spawn
from tests.web.sending import PASSWORD, PIECE_BYTES, Sender, children, sha256_of
from tests.web.test_serving import begun

pytestmark = pytest.mark.thorough

SIZE_BYTES = 3 * PIECE_BYTES + 12_345
SHA256 = sha256_of(SIZE_BYTES)
SECONDS = 60


def serve(unit: Unit, *, workers: int = 0) -> tuple[subprocess.Popen[bytes], Sender]:
    """Serve a unit on a free port, for somebody who sends."""
    words = ("--workspace", unit.root, "serve", "--port", "0", "--workers", str(workers))
    child = spawn(*words)
    return child, Sender(begun(child)[0])


def kill(child: subprocess.Popen[bytes]) -> None:
    """End server and workers as a power cut does; nobody has time for anything."""
    for pid in children(child.pid):
        os.kill(pid, signal.SIGKILL)
    child.kill()
    child.communicate(timeout=SECONDS)


def wait(is_so: Callable[[], object], what: str) -> None:
    ends = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < ends, what
        time.sleep(0.02)


def taken(unit: Unit) -> list[str]:
    """The SHA-256 of each exhibit of the case, once ledger and vault were found to agree."""
    workspace = open_workspace(unit.root)
    ledger = desk_ledger(workspace)
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    roll = ledger.folded(Roll)
    assert verify_ledger(ledger).problems == []
    assert list(check_contents(roll, vault)) == []

    def named() -> set[str]:
        return named_contents(roll, ledger.entries(), vault)

    with vault.intake_open(named):
        assert vault.orphans(named()) == []
    entries = [entry for entry in ledger.entries() if entry.kind == "exhibit.added"]
    from kancil.desk.base.opening import close_desk

    close_desk()
    return [entry.body["content"]["sha256"] for entry in entries]


@pytest.mark.thorough
def test_a_server_killed_between_pieces_and_in_the_last_step_takes_it_in_once(
    tmp_path: Path,
) -> None:
    unit, password = unit_with_case(tmp_path)
    child, sender = serve(unit)
    sender.sign_in("dara", password)
    state = sender.begin(SIZE_BYTES, SHA256)
    sender.send(state, SIZE_BYTES, until=SIZE_BYTES // 2)
    kill(child)
    assert taken(unit) == []

    child, sender = serve(unit)
    sender.sign_in("dara", PASSWORD)
    again = sender.begin(SIZE_BYTES, SHA256)
    assert (again["url"], again["done"]) == (state["url"], [2 * PIECE_BYTES])
    sender.send(again, SIZE_BYTES)
    assert sender.take(again)["state"] == "waiting"
    kill(child)
    assert taken(unit) == []

    # Killed while a worker copies into the vault: the marker of an open intake says that it does.
    incoming = unit.root / "incoming"
    worker = spawn("--workspace", unit.root, "work", "--lease", "2")
    wait(lambda: list(incoming.glob("*.intake")), "the worker does not begin")
    worker.kill()
    worker.communicate(timeout=SECONDS)
    assert taken(unit) in ([], [SHA256])

    child, sender = serve(unit, workers=1)
    try:
        sender.sign_in("dara", PASSWORD)
        told = sender.wait(again, SECONDS)
        assert told["state"] == "done"
        assert sender.take(again)["exhibit"] == told["exhibit"]
        assert [each["sha256"] for each in told["received"]] == [SHA256]
    finally:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=SECONDS)
    assert taken(unit) == [SHA256]
    wait(lambda: not list((unit.root / "desk" / "uploads").glob("sending-*")), "spool not empty")


@pytest.mark.thorough
def test_memory_stays_flat_while_64_megabytes_are_sent(tmp_path: Path) -> None:
    """A small form of `python -m benchmarks.upload 5000000000`."""
    assert upload(tmp_path, 64_000_000)["grown_mb"] < 40
