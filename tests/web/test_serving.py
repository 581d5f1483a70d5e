"""`kancil serve` begins, answers, and ends when it is told to."""

from __future__ import annotations

import http.client
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from kancil.cli.frame.desk import desk_ledger
from kancil.custody.roll import Roll
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit, spawn
from tests.web.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60
"""For a machine that has other things to do; a server that hangs is told from one that is slow."""


def begun(child: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait until a server says where it is; give its port, and all that it has said."""
    said, ends = b"", time.monotonic() + SECONDS
    assert child.stdout is not None
    while not (found := re.search(rb"Open https?://[^ ]*:([0-9]+) in .*\n", said)):
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, ends - time.monotonic()))
        assert ready, f"the server does not begin: {said!r}"
        more = child.stdout.read1()  # type: ignore[attr-defined]  # a pipe has it
        assert more, child.communicate()
        said += more
    return int(found[1]), said.decode()


def ask(port: int, path: str, host: str = "localhost") -> http.client.HTTPResponse:
    """Ask a server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse()


@contextmanager
def served(
    unit: Unit, *words: str, env: dict[str, str] | None = None
) -> Iterator[tuple[int, subprocess.Popen[bytes], str]]:
    """Serve a unit on a port that is free; whatever is left of it is ended."""
    child = spawn("--workspace", unit.root, "--as", "O1", "serve", "--port", "0", *words, env=env)
    try:
        yield (*(told := begun(child))[:1], child, told[1])
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def ended(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """A server to end, and wait until it has; it has complained of nothing."""
    child.send_signal(number)
    _, err = child.communicate(timeout=SECONDS)
    assert (child.returncode, b"Traceback" in err) == (0, False), err.decode()


@pytest.mark.thorough
def test_the_first_start_prints_a_one_time_password_and_the_second_none(unit: Unit) -> None:
    printed = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with served(unit) as (port, child, said):
            answer = ask(port, "/sign-in/")
            assert answer.status == 200
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
            page = answer.read().decode()
            assert "Sample Unit" in page
            (sheet,) = re.findall(r'href="(/static/[0-9a-f]{16}/css/tokens\.css)"', page)
            kept = ask(port, sheet)
            assert kept.status == 200
            assert "immutable" in kept.headers["Cache-Control"]
            assert "Access-Control-Allow-Origin" not in kept.headers
            ended(child, number)
            printed.append(said)
    assert "One-time password: " in printed[0]
    assert "One-time password: " not in printed[1]
    assert all("http://localhost:" in text for text in printed)


def test_a_server_whose_shell_had_interrupts_ignored_ends_all_the_same(unit: Unit) -> None:
    """As a shell does for what it starts in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with served(unit, "--workers", "0") as (_, child, _said):
            ended(child, signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_request_at_hand_is_answered_before_the_server_ends(unit: Unit) -> None:
    with served(unit, "--workers", "1") as (port, child, said):
        sender = Sender(port)
        (password,) = re.findall(r"One-time password: (\S+)\.", said)
        sender.sign_in("admin", password)
        body = b"login=" + b"a" * 100_000
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as half:
            half.sendall(
                b"POST /verify/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                b"Cookie: sessionid=%s; csrftoken=%s\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
                % (
                    sender.cookies["sessionid"].encode(),
                    sender.cookies["csrftoken"].encode(),
                    len(body),
                )
            )
            assert half.recv(4096).startswith(b"HTTP/1.1 100 ")
            child.send_signal(signal.SIGTERM)
            await_closed(port)
            half.sendall(body)
            assert half.recv(4096).startswith(b"HTTP/1.1 403 "), "a form without its token"
        _, err = child.communicate(timeout=SECONDS)
        assert (child.returncode, b"Traceback" in err) == (0, False), err.decode()


def test_word_to_end_is_heard_whichever_thread_the_system_gives_it_to() -> None:
    code = (
        "import signal, threading, time\n"
        "from kancil.cli.workspace.serve import Ending\n"
        "told = Ending()\n"
        "def other():\n"
        "    time.sleep(0.5)\n"
        "    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)\n"
        "    time.sleep(3600)\n"
        "threading.Thread(target=other, daemon=True).start()\n"
        "told.wait()\n"
        "print('heard', signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=SECONDS, check=True
    )
    assert ran.stdout == b"heard True\n"


def await_closed(port: int) -> None:
    """Wait until nobody is let in any more."""
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS):
                time.sleep(0.05)
        except ConnectionError:
            return
    pytest.fail("it goes on letting people in")


def over_tls(port: int, context: ssl.SSLContext, path: str, host: str) -> Any:
    """Ask a server under TLS, as a browser that reached it by that name."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = context.wrap_socket(raw, server_hostname="kancil.unit.lan")
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.thorough
def test_a_unit_serves_a_network_under_a_certificate_of_its_own(unit: Unit) -> None:
    words = ("--host", "0.0.0.0", "--own-certificate", "--name", "kancil.unit.lan")
    prints: list[str] = []
    for _ in range(2):
        with served(unit, *words, "--workers", "0") as (port, child, said):
            assert f"https://kancil.unit.lan:{port}" in said
            context = ssl.create_default_context(cafile=unit.root / "site-authority.pem")
            with socket.create_connection(("127.0.0.1", port)):  # says nothing, holds up nobody
                answer = over_tls(port, context, "/sign-in/", "kancil.unit.lan")
                assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
            assert "; Secure" in answer.headers["Set-Cookie"]
            assert over_tls(port, context, "/sign-in/", "evil.example").status == 400
            with pytest.raises(ssl.SSLCertVerificationError):
                over_tls(port, ssl.create_default_context(), "/", "kancil.unit.lan")
            with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
                ask(port, "/")
            ended(child, signal.SIGTERM)
        prints += re.findall(r"\b[0-9a-f]{64}\b", said.partition("authority")[2])
    assert len(prints) == 2
    assert prints[0] == prints[1], "the second start keeps the authority"


def test_a_port_that_is_none_is_refused(unit: Unit) -> None:
    for port in ("70000", "-1"):
        assert unit.refused("serve", "--port", port)["code"] == "option-not-usable"


def test_a_first_start_on_a_taken_port_makes_no_password_that_nobody_reads(unit: Unit) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ("--as", "O1", "serve", "--port", str(taken.getsockname()[1]))
        ran = unit.process(*words)
    assert (ran.status, ran.out) == (15, "")
    ledger = desk_ledger(open_workspace(unit.root))
    from kancil.desk.access.server import server_officer
    from kancil.desk.people.queries import has_administrator

    assert server_officer(ledger.folded(Roll)) is None
    assert not has_administrator()
