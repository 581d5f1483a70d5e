"""The gate and the window: where may be spoken to, for how long, how much, and what ends it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kancil.ground.errors import KancilError, OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.wire.errors import NodeAnswerWrong, NodeNotAllowed, NodeRefuses, NodeUnreachable
from kancil.wire.gate import is_loopback, let_through
from kancil.wire.window import Limits, Window
from tests.bitcoin import regtest
from tests.wire.nodes import FakeNode, serving

pytestmark = pytest.mark.thorough

PATIENT = Limits(silence_seconds=60, answer_seconds=60, pauses=(0.01, 0.01))
"""For answers that come: a machine with other things to do is no silent node."""
HURRIED = {
    "silent": replace(PATIENT, silence_seconds=0.3),
    "dripping": replace(PATIENT, answer_seconds=0.6),
}
"""For answers that do not, by what the node does: only the limit that is tried is short."""
BLOCKS = regtest.grow(regtest.GENESIS_HASH, 1, 2)


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with serving(FakeNode(BLOCKS, first=1)) as served:
        yield served


def window_to(node: FakeNode, limits: Limits = PATIENT) -> Window:
    return Window(let_through(node.url, 1, other_hosts=False), limits)


def why(error: KancilError) -> str:
    told = error.params["why"]
    assert isinstance(told, Phrase)
    return told.key


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("http://127.0.0.1:8332", "127.0.0.1", 8332),
        ("http://localhost/", "localhost", 18443),
        ("http://[::1]:9", "::1", 9),
        ("http://127.9.9.9", "127.9.9.9", 18443),
    ],
)
def test_this_machine_is_let_through(text: str, host: str, port: int) -> None:
    address = let_through(text, 18443, other_hosts=False)
    assert (address.host, address.port, address.is_local) == (host, port, True)


@pytest.mark.parametrize("host", ["10.0.0.1", "example.org", "127.0.0.1.example.org", "0.0.0.0"])
def test_another_machine_is_let_through_only_when_told_to(host: str) -> None:
    with pytest.raises(NodeNotAllowed):
        let_through(f"http://{host}:8332", 1, other_hosts=False)
    assert not let_through(f"http://{host}:8332", 1, other_hosts=True).is_local
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:8332",
        "https://127.0.0.1",
        "ftp://127.0.0.1",
        "http://",
        "http://u:p@127.0.0.1",
        "http://127.0.0.1/rest",
        "http://127.0.0.1?x=1",
        "http://127.0.0.1:99999",
        "http://[::1",
        "",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(OptionNotUsable) as refused:
        let_through(text, 1, other_hosts=True)
    assert "p@" not in str(refused.value.params["value"])


def test_an_answer_comes_back_over_one_connection(node: FakeNode) -> None:
    window = window_to(node)
    for _ in range(3):
        answer = window.get("/rest/chaininfo.json", most_bytes=1000)
        assert answer.status == 200
    assert window.requests == 3
    window.close()


def silent(asked: Any, _path: str) -> bool:
    time.sleep(0.9)
    asked.close_connection = True
    return True


def dripping(asked: Any, _path: str) -> bool:
    asked.send_response(200)
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    try:
        for _ in range(20):
            asked.wfile.write(b"x")
            asked.wfile.flush()
            time.sleep(0.1)
    except OSError:
        asked.close_connection = True
    return True


def cut(asked: Any, _path: str) -> bool:
    asked.send_response(200)
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    asked.wfile.write(b"x" * 400)
    asked.close_connection = True
    return True


def status_of(number: int, kind: str = "text/plain") -> Any:
    def answer(asked: Any, _path: str) -> bool:
        asked.give(number, b"no", kind)
        return True

    return answer


def endless(asked: Any, _path: str) -> bool:
    asked.send_response(200)
    asked.send_header("Connection", "close")
    asked.end_headers()
    try:
        while True:
            asked.wfile.write(b"x" * 10_000)
    except OSError:
        asked.close_connection = True
    return True


def too_long(asked: Any, _path: str) -> bool:
    asked.give(200, b"x" * 2000)
    return True


def no_http(asked: Any, _path: str) -> bool:
    asked.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    asked.close_connection = True
    return True


def elsewhere(asked: Any, _path: str) -> bool:
    asked.send_response(302)
    asked.send_header("Location", f"http://127.0.0.1:{asked.node.port}/rest/elsewhere")
    asked.send_header("Content-Length", "0")
    asked.end_headers()
    return True


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (silent, "why.node-silent"),
        (dripping, "why.node-slow"),
        (cut, "why.node-broke-off"),
        (no_http, "why.node-broke-off"),
        (status_of(500), "why.node-status"),
        (status_of(503), "why.node-status"),
    ],
)
def test_what_may_pass_is_tried_again_and_then_told(
    node: FakeNode, fault: Any, reason: str
) -> None:
    node.fault = fault
    tried: list[int] = []
    window = window_to(node, HURRIED.get(fault.__name__, PATIENT))
    window.tell_retry = tried.append
    with pytest.raises(NodeUnreachable) as told:
        window.get("/rest/x", most_bytes=1000)
    assert (why(told.value), told.value.params["tries"], tried) == (reason, 3, [1, 2])


@pytest.mark.parametrize(
    ("fault", "kind", "reason"),
    [
        (endless, NodeAnswerWrong, "why.node-too-large"),
        (too_long, NodeAnswerWrong, "why.node-too-large"),
        (elsewhere, NodeAnswerWrong, "why.node-redirect"),
        (status_of(401), NodeRefuses, "why.node-no-right"),
        (status_of(403), NodeRefuses, "why.node-no-right"),
    ],
)
def test_what_does_not_pass_ends_at_once(
    node: FakeNode, fault: Any, kind: type[KancilError], reason: str
) -> None:
    node.fault = fault
    with pytest.raises(kind) as told:
        window_to(node).get("/rest/x", most_bytes=1000)
    assert why(told.value) == reason
    assert node.paths == ["/rest/x"]


def test_a_fault_that_passes_is_not_seen(node: FakeNode) -> None:
    def once(asked: Any, path: str) -> bool:
        node.fault = None
        return cut(asked, path)

    node.fault = once
    assert window_to(node).get("/rest/chaininfo.json", most_bytes=1000).status == 200


def test_nobody_there_is_told() -> None:
    with serving(FakeNode(BLOCKS)) as gone:
        address = let_through(gone.url, 1, other_hosts=False)
    with pytest.raises(NodeUnreachable) as told:
        Window(address, PATIENT).get("/", most_bytes=10)
    assert why(told.value) == "why.node-no-connection"


def test_no_proxy_of_the_environment_is_asked(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert window_to(node).get("/rest/chaininfo.json", most_bytes=1000).status == 200
