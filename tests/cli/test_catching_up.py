"""`kancil bitcoin catch-up`: fetched, ingested, recorded; what it says, and what it never does."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bitcoin import regtest
from tests.bitcoin.regtest import block_file, grow
from tests.bitcoin.store.making import raws, write_blocks
from tests.cli.running import Unit
from tests.wire.nodes import COOKIE, FakeNode, serving

COMMAND = ("bitcoin", "catch-up", "caught")
BLOCKS = grow(regtest.GENESIS_HASH, 1, 8)
BRANCH = [*BLOCKS[:6], *grow(BLOCKS[5].hash, 7, 4, key=9)]


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with serving(FakeNode(BLOCKS[:5], first=1)) as served:
        yield served


def fetched(unit: Unit) -> bytes:
    files = sorted((unit.root / "fetched" / "caught").glob("blk*.dat"))
    return b"".join(path.read_bytes() for path in files)


def last_entry(unit: Unit) -> Any:
    path = unit.root.parent / "ledger.jsonl"
    path.unlink(missing_ok=True)
    unit.say("ledger", "export", "-o", path)
    lines = [json.loads(line)["statement"] for line in path.read_text().splitlines()]
    entries = [line for line in lines if line["kind"] == "chain.ingested"]
    return entries[-1] if entries else None


def test_a_new_chain_is_fetched_ingested_and_recorded_with_its_node(
    unit: Unit, node: FakeNode
) -> None:
    words = (*COMMAND, "--node", node.url, "--network", "regtest", "--from", "1")
    told = unit.ask(*words)
    assert (told["blocks"], told["first_height"], told["last_height"]) == (5, 1, 5)
    assert (told["node"], told["way"], told["warning"]) == (node.url, "REST", None)
    assert told["held"]["blocks"] == 5
    assert fetched(unit) == block_file(BLOCKS[:5])
    node.blocks = list(BRANCH)
    cookie = unit.root.parent / "cookie"
    cookie.write_text(COOKIE)
    by_rpc = (*COMMAND, "--node", node.url, "--rpc", "--cookie", str(cookie))
    text = unit.say(*by_rpc, "--at-most", "2")
    assert "Fetched 2 blocks" in text
    assert "heights 6 to 7" in text
    body = last_entry(unit)["body"]
    assert (body["chain"], body["blocks"], body["fetched_from"]) == (
        "caught", 7, f"RPC {node.url}",
    )  # fmt: skip
    status = unit.ask("bitcoin", "status", "caught")
    assert status["scope"] == "up to height 7 in the blocks held"
    node.blocks = [*BRANCH[:6], *grow(BRANCH[5].hash, 7, 2, key=4)]
    turned = unit.say(*by_rpc)
    assert f"The latest is {BRANCH[6].shown}." in turned
    assert "has no block that this chain lacks" in unit.say(*by_rpc)
    unit.say("verify", unit.root)


def test_what_new_blocks_touch_is_told(unit: Unit, node: FakeNode) -> None:
    words = (*COMMAND, "--node", node.url, "--network", "regtest", "--from", "1")
    unit.say(*words, "--at-most", "4")
    paid = unit.ask("bitcoin", "block", "caught", "4")["hash"]
    assert paid == BLOCKS[3].shown
    held = unit.ask("bitcoin", "tx", "caught", BLOCKS[3].txs[0].shown)["outputs"][0]["address"]
    why = ("--reason", "named by the victim", "--legal-basis", "order 1/2026")
    unit.say("bitcoin", "watch", "add", "caught", held, *why)
    node.blocks = [*BLOCKS[:3], *grow(BLOCKS[2].hash, 4, 3, key=9)]
    told = unit.ask(*COMMAND, "--node", node.url)["watched"]["transactions"]
    assert [(row["txid"], row["change"]) for row in told] == [(BLOCKS[3].txs[0].shown, "gone")]
    assert unit.ask(*COMMAND, "--node", node.url)["watched"] is None, "nothing new was read"


def test_a_request_that_is_made_again_is_told(unit: Unit, node: FakeNode) -> None:
    tries = 0

    def fault(asked: Any, _path: str) -> bool:
        nonlocal tries
        tries += 1
        if tries > 1:
            return False
        asked.close_connection = True
        return True

    node.fault = fault
    ran = unit.run(*COMMAND, "--node", node.url, "--network", "regtest", "--from", "1")
    assert ran.status == 0
    assert f"The node at {node.url} did not answer (try 1); trying again." in ran.err


def test_blocks_fetched_before_a_kill_are_ingested_and_gone_on_with(
    unit: Unit, node: FakeNode
) -> None:
    node.blocks = list(BLOCKS)
    blocks_asked = itertools.count(1)
    killed = threading.Event()

    def hold(path: str) -> None:
        """Withhold the sixth block and all after it: the command cannot end before it is killed."""
        if "/rest/block/" in path and next(blocks_asked) > 5:
            killed.wait(60)

    node.before = hold
    words = (*COMMAND, "--node", node.url, "--network", "regtest", "--from", "1")
    part = unit.root / "fetched" / "caught" / "unfinished.part"
    with unit.spawn(*words) as child:
        deadline = time.monotonic() + 60
        while not (part.is_file() and part.stat().st_size > 450) and time.monotonic() < deadline:
            time.sleep(0.02)
        child.kill()
    killed.set()
    assert part.stat().st_size > 450
    node.before = None
    told = unit.ask(*words)
    assert told["taken_up"] + told["blocks"] == 8
    assert told["taken_up"] >= 2
    assert fetched(unit) == block_file(BLOCKS)
    assert told["held"]["blocks"] == 8


def test_another_machine_is_never_spoken_to_unless_allowed(unit: Unit) -> None:
    error = unit.refused(*COMMAND, "--node", "http://192.0.2.7:8332")
    assert error["code"] == "node-not-allowed"
    assert not (unit.root / "fetched").exists()


def test_what_another_machine_learns_is_said_before_it_is_asked(
    unit: Unit, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.wire.gate.is_loopback", lambda _host: False)
    words = (*COMMAND, "--node", node.url, "--network", "regtest", "--from", "1", "--other-host")
    text = unit.say(*words)
    assert "is not this machine" in text
    assert "never an address or a transaction" in text
    assert "not encrypted" in unit.ask(*words)["warning"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--node", "https://127.0.0.1"), "option-not-usable"),
        (("--node", "http://127.0.0.1:1", "--rpc"), "option-not-usable"),
        (("--node", "http://127.0.0.1:1", "--cookie", "x"), "option-not-usable"),
        (("--node", "http://127.0.0.1:1", "--from", "-3"), "option-not-usable"),
        (("--node", "http://127.0.0.1:1", "--at-most", "0"), "option-not-usable"),
        (("--node", "http://127.0.0.1:1", "--network", "moon"), "network-unknown"),
        (("--node", "http://127.0.0.1:1", "--rpc", "--cookie", "/no/such"), "file-not-readable"),
    ],
)
def test_bad_input_is_refused_by_name(sample: Unit, words: tuple[str, ...], code: str) -> None:
    ran = sample.run(*COMMAND, *words, "--json")
    assert json.loads(ran.out)["error"]["code"] == code
    assert not (sample.root / "fetched").exists()


def test_a_bad_node_is_one_sentence(unit: Unit, node: FakeNode, tmp_path: Path) -> None:
    node.fault = lambda request, _path: request.give(200, b"<html>") is None
    words = (*COMMAND, "--node", node.url, "--network", "regtest")
    ran = unit.run(*words)
    assert ran.err.splitlines()[0].endswith("is not what was requested: it is not readable.")
    assert ran.status == 12


def test_a_whole_chain_is_caught_up_and_follows_its_node_to_another_branch(
    unit: Unit, node: FakeNode, tmp_path: Path
) -> None:
    folder = tmp_path / "blocks"
    write_blocks(folder / "blk00000.dat", raws(BLOCKS[:3]))
    unit.say("bitcoin", "ingest", "caught", folder, "--network", "regtest", "--whole")
    node.blocks = list(BLOCKS)
    told = unit.ask(*COMMAND, "--node", node.url, "--network", "regtest")
    assert (told["first_height"], told["last_height"]) == (4, 8)
    assert unit.ask("bitcoin", "status", "caught")["form"] == "whole"
    assert unit.ask("bitcoin", "verify", "caught", "--blocks")["blocks_proved"] == 9
    node.blocks = list(BRANCH)
    unit.say(*COMMAND, "--node", node.url, "--network", "regtest")
    status = unit.ask("bitcoin", "status", "caught")
    assert [one["height"] for one in status["left"]] == [7, 8]
    assert unit.ask("bitcoin", "block", "caught", "10")["hash"] == BRANCH[-1].shown
    assert unit.ask("bitcoin", "verify", "caught", "--blocks")["blocks_proved"] == 11
