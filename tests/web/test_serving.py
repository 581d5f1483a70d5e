"""`kancil serve` begins, answers, and ends when it is told to."""

from __future__ import annotations

import http.client
import signal
import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING

from kancil.cli.desk import desk_ledger
from kancil.custody.roll import Roll
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit, spawn

if TYPE_CHECKING:
    import subprocess

SECONDS = 30


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(port: int, path: str, child: subprocess.Popen[bytes]) -> http.client.HTTPResponse:
    """Ask the server, which may still be starting."""
    ends = time.monotonic() + SECONDS
    while True:
        try:
            connection = http.client.HTTPConnection("localhost", port, timeout=SECONDS)
            connection.request("GET", path)
            return connection.getresponse()
        except ConnectionError:
            assert child.poll() is None, "the server ended"
            assert time.monotonic() < ends, "the server does not answer"
            time.sleep(0.1)


def test_the_first_start_prints_a_one_time_password_and_the_second_none(unit: Unit) -> None:
    printed = []
    for _ in range(2):
        port = free_port()
        child = spawn("--workspace", unit.root, "--as", "O1", "serve", "--port", str(port))
        answer = ask(port, "/sign-in/", child)
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert b"Sample Unit" in answer.read()
        assert ask(port, "/static/css/tokens.css", child).status == 200
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=SECONDS)
        assert child.returncode == 0
        printed.append(out.decode())
    assert "One-time password: " in printed[0]
    assert "One-time password: " not in printed[1]
    assert all("http://localhost:" in text for text in printed)


def test_a_port_that_is_none_is_refused(unit: Unit) -> None:
    assert unit.refused("serve", "--port", "70000")["code"] == "option-not-usable"


def test_a_first_start_on_a_taken_port_makes_no_password_that_nobody_reads(unit: Unit) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ("--as", "O1", "serve", "--port", str(taken.getsockname()[1]))
        ran = unit.process(*words)
    assert (ran.status, ran.out) == (189, "")
    ledger = desk_ledger(open_workspace(unit.root))
    from kancil.desk.people.queries import has_administrator
    from kancil.desk.people.server import server_officer

    assert server_officer(ledger.folded(Roll)) is None
    assert not has_administrator()
