"""Catching up: from nothing, from a window, over turns of the node's chain, killed anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBusy
from kancil.bitcoin.network import REGTEST
from kancil.ground.errors import KancilError, OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.wire.bitcoin_node import Node, RestNode, RpcNode, read_cookie
from kancil.wire.catch_up import CatchUp, catch_up
from kancil.wire.errors import (
    NodeAnswerWrong,
    NodeChainDiffers,
    NodeOtherNetwork,
    NodeRefuses,
    NodeUnreachable,
)
from kancil.wire.fetched import JOURNAL_NAME, PART_NAME, held
from kancil.wire.gate import let_through
from kancil.wire.window import Limits, Window
from tests.bitcoin import regtest
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.regtest import block_file, coinbase, grow, mine, pay
from tests.wire.nodes import COOKIE, FakeNode, serving

QUICK = Limits(silence_seconds=2, answer_seconds=3, pauses=(0.01,))
MAIN = grow(regtest.GENESIS_HASH, 1, 12)
SPEND = mine(MAIN[-1].hash, [coinbase(13, 99), pay(MAIN[0].txs[0], 0, (1000, 5))])
LONG = [*MAIN, SPEND]
OTHER = [*MAIN[:9], *grow(MAIN[8].hash, 10, 6, key=7)]
"""The same up to height 9, and then a longer branch."""


class Unit:
    """A chain folder, and the folder of what is fetched for it."""

    def __init__(self, folder: Path) -> None:
        self.chain_dir = folder / "chains" / "test"
        self.blocks_dir = folder / "fetched"

    @property
    def chain(self) -> Chain | None:
        return Chain.open(self.chain_dir) if chain_store.exists(self.chain_dir) else None

    def have(self, blocks: list[regtest.Block]) -> None:
        path = self.chain_dir.parent.parent / "blk00000.dat"
        path.write_bytes(block_file(blocks))
        ingest_here(self.chain_dir, [path])

    def fetch(self, served: FakeNode, *, rpc: bool = False, **more: Any) -> CatchUp:
        with held(self.blocks_dir, REGTEST) as fetched:
            return catch_up(self.chain, asked(served, rpc=rpc), fetched, REGTEST, **more)

    def follow(self, served: FakeNode, **more: Any) -> CatchUp:
        """Fetch, and ingest what came."""
        run = self.fetch(served, **more)
        if files := self.files():
            ingest_here(self.chain_dir, files)
        return run

    def files(self) -> list[Path]:
        return sorted(self.blocks_dir.glob("blk*.dat"))

    def kept(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.files())


def asked(served: FakeNode, *, rpc: bool = False) -> Node:
    window = Window(let_through(served.url, 1, other_hosts=False), QUICK)
    return RpcNode(window, COOKIE) if rpc else RestNode(window)


def why(error: KancilError) -> str:
    told = error.params["why"]
    assert isinstance(told, Phrase)
    return told.key


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return Unit(tmp_path)


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with serving(FakeNode(list(LONG), first=1)) as served:
        yield served


@pytest.mark.parametrize("rpc", [False, True])
def test_a_chain_that_lacks_the_latest_blocks_gets_them(
    unit: Unit, node: FakeNode, rpc: bool
) -> None:
    unit.have(MAIN[:7])
    run = unit.follow(node, rpc=rpc)
    assert (run.first_height, run.last_height, run.blocks, run.is_linked) == (8, 13, 6, True)
    assert unit.kept() == block_file(LONG[7:])
    chain = unit.chain
    assert chain is not None
    assert (chain.status().blocks_in_chain, len(chain.status().islands)) == (13, 1)
    assert chain.tx(SPEND.txs[1].shown).inputs[0].status == "known"
    again = unit.follow(node, rpc=rpc)
    assert (again.blocks, again.left_count, unit.kept()) == (0, 0, block_file(LONG[7:]))


def test_nothing_but_heights_hashes_and_whole_blocks_is_asked_for(
    unit: Unit, node: FakeNode
) -> None:
    unit.have(MAIN[:7])
    unit.fetch(node)
    kinds = {path.removeprefix("/rest/").split("/")[0] for path in node.paths}
    assert kinds == {"chaininfo.json", "headers", "blockhashbyheight", "block"}
    node.paths.clear()
    unit.fetch(node, rpc=True)
    methods = {path.split(" ")[0] for path in node.paths}
    assert methods <= {"getblockchaininfo", "getblockheader", "getblockhash", "getblock"}


def test_a_window_since_a_height_begins_where_nothing_is_held(unit: Unit, node: FakeNode) -> None:
    first = unit.follow(node, first_height=5, most_blocks=3)
    assert (first.first_height, first.last_height, first.is_linked) == (5, 7, False)
    second = unit.follow(node)
    assert (second.first_height, second.last_height, second.is_linked) == (8, 13, True)
    third = unit.follow(node, first_height=3)
    assert third.blocks == 0
    assert unit.kept() == block_file(LONG[4:])
    assert len(unit.files()) == 2


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9, 12])
def test_a_node_that_left_blocks_held_here_is_followed_and_told(unit: Unit, count: int) -> None:
    unit.have(MAIN)
    branch = [*MAIN[: 12 - count], *grow(MAIN[11 - count].hash, 13 - count, count + 1, key=8)]
    if count == 12:
        with serving(FakeNode(branch[:1], first=1)) as served, pytest.raises(NodeChainDiffers):
            unit.fetch(served)
        return
    with serving(FakeNode(branch, first=1)) as served:
        run = unit.follow(served)
    assert run.left == [block.shown for block in reversed(MAIN[12 - count :])]
    assert (run.first_height, run.blocks, run.left_count) == (13 - count, count + 1, count)
    chain = unit.chain
    assert chain is not None
    assert set(chain.status().stale) == set(run.left)
    assert chain.last_height == 13


@pytest.mark.parametrize("rpc", [False, True])
@pytest.mark.parametrize("when", [1, 2, 3, 5])
def test_a_chain_that_turns_between_two_requests_is_followed(
    unit: Unit, node: FakeNode, when: int, rpc: bool
) -> None:
    unit.have(MAIN[:8])
    blocks = 0

    def turn(path: str) -> None:
        nonlocal blocks
        blocks += path.startswith(("/rest/blockhash", "getblockhash"))
        if blocks == when:
            node.blocks = list(OTHER)

    node.before = turn
    run = unit.follow(node, rpc=rpc)
    left = max(0, when - 2)
    assert run.left == [block.shown for block in reversed(LONG[9 : 8 + when - 1])][:left]
    assert run.turns == (1 if left else 0)
    assert run.last_hash == OTHER[12].shown
    assert unit.follow(node).blocks == 2
    chain = unit.chain
    assert chain is not None
    assert chain.last_height == 15
    assert chain.hash_of(chain.graph.last_block) == OTHER[-1].hash


def test_a_block_that_was_left_is_told_once_however_often_the_node_turns(unit: Unit) -> None:
    unit.have(MAIN)
    short = grow(MAIN[9].hash, 11, 3, key=8)
    deep = [*MAIN[:8], *grow(MAIN[7].hash, 9, 6, key=9)]
    with serving(FakeNode([*MAIN[:10], *short], first=1)) as served:

        def turn(path: str) -> None:
            if path.startswith("/rest/blockhashbyheight/12"):
                served.blocks = deep

        served.before = turn
        run = unit.follow(served)
    left = [MAIN[11], MAIN[10], short[0], MAIN[9], MAIN[8]]
    assert (run.turns, run.left_count) == (1, 5)
    assert run.left == [block.shown for block in left]


def test_a_held_block_that_the_node_returned_to_is_not_told_as_left(unit: Unit) -> None:
    unit.have(MAIN)
    short = grow(MAIN[9].hash, 11, 3, key=8)
    with serving(FakeNode([*MAIN[:10], *short], first=1)) as served:

        def turn(path: str) -> None:
            if path.startswith("/rest/blockhashbyheight/12"):
                served.blocks = list(LONG)

        served.before = turn
        run = unit.follow(served)
    assert (run.turns, run.last_hash) == (1, SPEND.shown)
    assert (run.left, run.left_count) == ([short[0].shown], 1)


def test_a_fetched_block_that_the_node_returned_to_is_not_told_as_left(unit: Unit) -> None:
    unit.have(MAIN[:10])
    short = grow(MAIN[9].hash, 11, 3, key=8)
    with serving(FakeNode(list(LONG), first=1)) as served:

        def turn(path: str) -> None:
            if path.startswith("/rest/blockhashbyheight/12"):
                served.blocks = [*MAIN[:10], *short]
            if path.startswith("/rest/blockhashbyheight/13"):
                served.blocks = list(LONG)
                served.before = lambda _path: None

        served.before = turn
        run = unit.follow(served)
    assert (run.turns, run.last_hash) == (2, SPEND.shown)
    assert (run.left, run.left_count) == ([short[1].shown, short[0].shown], 2)


def test_a_node_that_is_behind_gives_nothing_and_leaves_nothing(unit: Unit) -> None:
    unit.have(MAIN)
    with serving(FakeNode(MAIN[:6], first=1)) as behind:
        run = unit.follow(behind)
    assert (run.blocks, run.state.height) == (0, 6)
    assert run.left_count == 6


def test_a_node_without_end_of_turns_is_left(unit: Unit, node: FakeNode) -> None:
    unit.have(MAIN[:9])
    turns = 0
    flip = [list(LONG), list(OTHER)]

    def change(path: str) -> None:
        nonlocal turns
        if path.startswith("/rest/blockhashbyheight/11"):
            turns += 1
            node.blocks = flip[turns % 2]

    node.before = change
    with pytest.raises(NodeAnswerWrong) as told:
        unit.fetch(node)
    assert why(told.value) == "why.node-turns"


# --- bad answers ----------------------------------------------------------------------------------


def giving(body: Any, path: str) -> Any:
    """Answer one kind of request with these bytes or JSON."""

    def answer(request: Any, asked_for: str) -> bool:
        if path not in asked_for:
            return False
        if isinstance(body, bytes):
            request.give(200, body)
        else:
            request.give_json(body)
        return True

    return answer


NINTH = LONG[8]
BAD_BLOCKS = {
    "why.block-hash": [b"", NINTH.raw[:79], LONG[9].raw, bytes(500)],
    "why.block-unreadable": [NINTH.raw[:-1], NINTH.raw + b"\x00", NINTH.header, NINTH.raw[:81]],
    "why.block-merkle": [NINTH.header + LONG[9].raw[80:]],
}


@pytest.mark.parametrize(
    ("reason", "raw"), [(reason, raw) for reason, all_ in BAD_BLOCKS.items() for raw in all_]
)
def test_a_block_that_is_not_the_one_asked_for_is_never_kept(
    unit: Unit, node: FakeNode, reason: str, raw: bytes
) -> None:
    unit.have(MAIN[:7])
    node.fault = giving(raw, f"block/{NINTH.shown}")
    with pytest.raises(NodeAnswerWrong) as told:
        unit.fetch(node)
    assert why(told.value) == reason
    assert (unit.blocks_dir / PART_NAME).read_bytes() == block_file(LONG[7:8])
    node.fault = None
    run = unit.follow(node)
    assert (run.taken_up, run.blocks) == (1, 5)
    assert unit.kept() == block_file(LONG[7:])


def test_a_block_without_work_is_never_kept(unit: Unit, node: FakeNode) -> None:
    weak = mine(MAIN[6].hash, [coinbase(8, 3)], must_fail=True)
    unit.have(MAIN[:7])
    node.blocks = [*MAIN[:7], weak]
    with pytest.raises(NodeAnswerWrong) as told:
        unit.fetch(node)
    assert why(told.value) == "why.block-work"


def test_a_block_that_does_not_follow_is_never_kept(unit: Unit, node: FakeNode) -> None:
    stranger = mine(b"\x77" * 32, [coinbase(8, 3)])
    unit.have(MAIN[:7])
    node.blocks = [*MAIN[:7], stranger]
    with pytest.raises(NodeAnswerWrong) as told:
        unit.fetch(node)
    assert why(told.value) == "why.block-link"


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("chaininfo", b"{", "why.node-not-json"),
        ("chaininfo", b"[" * 100_000, "why.node-not-json"),
        ("chaininfo", [1], "why.node-not-json"),
        ("chaininfo", {"chain": "regtest", "blocks": "9"}, "why.node-state"),
        ("chaininfo", {"chain": "regtest", "blocks": 10**30}, "why.node-state"),
        ("chaininfo", {"chain": "regtest", "blocks": 9}, "why.node-hash"),
        ("chaininfo", b"9" * 300_000, "why.node-too-large"),
        ("headers", {}, "why.node-header"),
        ("headers", [{"hash": "00", "height": 7}], "why.node-header"),
        ("headers", [7], "why.node-header"),
        ("blockhashbyheight", {"blockhash": "zz" * 32}, "why.node-hash"),
        ("blockhashbyheight", ["x"], "why.node-hash"),
        ("rest/block/", bytes(4_000_001), "why.node-too-large"),
    ],
)
def test_an_answer_of_another_form_is_one_sentence(
    unit: Unit, node: FakeNode, path: str, body: Any, reason: str
) -> None:
    unit.have(MAIN[:7])
    node.fault = giving(body, path)
    with pytest.raises(NodeAnswerWrong) as told:
        unit.fetch(node)
    assert why(told.value) == reason


def test_another_network_a_node_without_rest_and_a_wrong_cookie_are_told(
    unit: Unit, node: FakeNode
) -> None:
    node.name = "main"
    with pytest.raises(NodeOtherNetwork):
        unit.fetch(node)
    node.fault = lambda request, _path: request.give(404, b"") is None
    with pytest.raises(NodeRefuses) as told:
        unit.fetch(node)
    assert why(told.value) == "why.node-no-way"
    window = Window(let_through(node.url, 1, other_hosts=False), QUICK)
    with pytest.raises(NodeRefuses) as told:
        RpcNode(window, "__cookie__:old").state()
    assert why(told.value) == "why.node-no-right"


def test_what_a_node_says_by_rpc_is_quoted_and_bounded(unit: Unit, node: FakeNode) -> None:
    body = {"result": None, "error": {"code": -28, "message": "Loading " + "x" * 900}, "id": 1}
    node.fault = giving(body, "getblockchaininfo")
    with pytest.raises(NodeRefuses) as told:
        unit.fetch(node, rpc=True)
    quoted = told.value.params["why"]
    assert isinstance(quoted, Phrase)
    assert len(str(quoted.params["message"])) == 120


@pytest.mark.parametrize("rpc", [False, True])
def test_a_node_that_has_thrown_blocks_away_says_which(
    unit: Unit, node: FakeNode, rpc: bool
) -> None:
    node.pruned_below = 9
    unit.have(MAIN[:7])
    with pytest.raises(NodeRefuses) as told:
        unit.fetch(node, rpc=rpc)
    params = told.value.params["why"]
    assert isinstance(params, Phrase)
    assert (params.params["height"], params.params["pruned"]) == (8, 9)


def test_a_chain_of_others_is_not_mixed_in(unit: Unit, node: FakeNode) -> None:
    unit.have(grow(b"\x42" * 32, 3, 2))
    with pytest.raises(NodeChainDiffers):
        unit.fetch(node)
    assert unit.follow(node, first_height=11).blocks == 3


@pytest.mark.parametrize("text", ["", "nothing", "a:b\nc:d", "x" * 5000, b"\xff:\xff"])
def test_a_cookie_file_of_another_form_is_refused(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / ".cookie"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(OptionNotUsable):
        read_cookie(path)
    path.write_text("__cookie__:00\n")
    assert read_cookie(path) == "__cookie__:00"


# --- kept, whatever happens -----------------------------------------------------------------------


def test_killed_after_any_byte_the_same_blocks_are_kept_in_the_end(
    unit: Unit, node: FakeNode
) -> None:
    whole = block_file(LONG)
    part = unit.blocks_dir / PART_NAME
    for length in [*range(0, 700, 41), len(whole) - 1, len(whole)]:
        unit.blocks_dir.mkdir(exist_ok=True)
        for path in unit.blocks_dir.iterdir():
            path.unlink()
        part.write_bytes(whole[:length] + bytes(length % 5 * 9))
        run = unit.fetch(node, first_height=1)
        assert unit.kept() == whole
        assert run.taken_up + run.blocks == len(LONG)
        assert not part.exists()


def test_killed_between_any_two_steps_of_the_end_the_files_are_told(
    unit: Unit, node: FakeNode
) -> None:
    unit.fetch(node, first_height=1)
    (path,) = unit.files()
    journal = unit.blocks_dir / JOURNAL_NAME
    before = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["name"] for line in before] == [path.name]
    journal.write_bytes(b'{"event": "fi')
    with held(unit.blocks_dir, REGTEST) as fetched:
        (line,) = fetched.told()
    assert line | {"at": ""} == before[0] | {"at": ""}
    assert path.stat().st_mode & 0o222 == 0


def test_one_alone_fetches_into_a_folder(unit: Unit) -> None:
    with held(unit.blocks_dir, REGTEST), pytest.raises(ChainBusy), held(unit.blocks_dir, REGTEST):
        pass


def test_a_line_that_breaks_off_and_comes_back_is_gone_on_with(unit: Unit, node: FakeNode) -> None:
    unit.have(MAIN[:7])

    def cut(request: Any, path: str) -> bool:
        if LONG[10].shown not in path:
            return False
        request.send_response(200)
        request.send_header("Content-Length", "9999")
        request.end_headers()
        request.wfile.write(LONG[10].raw[:100])
        request.close_connection = True
        return True

    node.fault = cut
    with pytest.raises(NodeUnreachable):
        unit.fetch(node)
    node.fault = None
    run = unit.follow(node)
    assert (run.taken_up, run.blocks, run.first_height) == (3, 3, 11)
    assert unit.kept() == block_file(LONG[7:])


def test_a_file_ends_where_cores_would_end(
    unit: Unit, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.wire.fetched.MOST_FILE_BYTES", 600)
    unit.fetch(node, first_height=1)
    assert unit.kept() == block_file(LONG)
    assert len(unit.files()) > 3
    assert all(path.stat().st_size <= 600 for path in unit.files())
