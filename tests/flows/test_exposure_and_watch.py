"""Exposure and watch lists by command, on blocks made here: payments, labels, a fork."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain import ingest as ingest_room
from kancil.bitcoin.chain import ingest_child
from tests.bitcoin import regtest
from tests.bitcoin.regtest import Block, Tx, coinbase, mine, pay
from tests.bitcoin.test_exposure import address
from tests.cli.running import Unit
from tests.cli.sample_unit import BASIS, found

pytestmark = pytest.mark.thorough

VICTIM, HOUSE, GROUP, MIDDLE = 21, 22, 23, 24
WATCHING = "kancil.desk.studies.watching"
BASIS_OF_WATCH = ("--reason", "named by the victim", "--legal-basis", "order 1/2026")


class Blocks:
    """A private chain, one payment a block."""

    def __init__(self) -> None:
        self.first = coinbase(1, VICTIM, 10_000)
        self.blocks = [mine(regtest.GENESIS_HASH, [self.first])]
        self.paid = pay(self.first, 0, (4_000, HOUSE), (5_000, MIDDLE), (1_000, VICTIM))
        self.on = pay(self.paid, 1, (4_500, GROUP))
        self.blocks.append(self._after(self.blocks[-1], 2, self.paid))

    def _after(self, previous: Block, height: int, *txs: Tx, key: int = 3000) -> Block:
        made = [coinbase(height, key + height, 0), *txs]
        return mine(previous.hash, made, time=1_300_000_000 + 600 * height)

    def spent_on(self) -> Block:
        """Block 3, in which MIDDLE pays GROUP."""
        return self._after(self.blocks[-1], 3, self.on)

    def branch(self) -> list[Block]:
        """Blocks 3 and 4 without that payment: a longer branch."""
        third = self._after(self.blocks[-1], 3, key=4000)
        return [third, self._after(third, 4, key=4000)]

    def mined_again(self, after: list[Block]) -> Block:
        """Block 5 with the payment, on the longer branch."""
        return self._after(after[-1], 5, self.on)


@pytest.fixture(scope="module")
def blocks() -> Blocks:
    return Blocks()


def ingest(unit: Unit, folder: Path, name: str, blocks: list[Block], chain: str = "reg") -> Any:
    path = folder / name
    path.write_bytes(regtest.block_file(blocks))
    return unit.ask("bitcoin", "ingest", chain, path, "--network", "regtest")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read blocks without a child process: there are many small ingests here."""

    def run(request: dict[str, Any], *_rest: Any) -> dict[str, Any]:
        return ingest_child.run(request, lambda _message: None)

    monkeypatch.setattr(ingest_room, "_in_child", run)


@pytest.fixture
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    made = found(tmp_path_factory.mktemp("watch") / "unit")
    made.say("case", "new", "A victim paid", "--legal-basis", BASIS)
    made.say("case", "new", "Another", "--legal-basis", BASIS)
    return made


def refused(unit: Unit, *words: str) -> str:
    """What an error says; on a test network its watermark may stand before it."""
    ran = unit.run(*words)
    assert ran.status != 0
    return ran.err


def touched(answer: Any) -> list[tuple[str, str, str]]:
    rows = answer["transactions"]
    return [(row["watch"], row["txid"], row["change"]) for row in rows]


def test_exposure_opens_to_its_transactions_and_adds_up(
    unit: Unit, tmp_path: Path, blocks: Blocks
) -> None:
    ingest(unit, tmp_path, "a.dat", [*blocks.blocks, blocks.spent_on()], "paid")
    table = tmp_path / "labels.csv"
    table.write_text(
        "address,label,category,abuse,publisher,law,listed_on,authority\n"
        f"{address(HOUSE)},House,exchange,,Tests,,,\n"
        f"{address(GROUP)},Group,,terrorism,Ministry,Exampleland,2011-03-01,national-designation\n"
        f"{address(MIDDLE)},Middle,,terrorism,Research,,,\n",
        "utf-8",
    )
    unit.say("labels", "import", table, "--network", "regtest")
    words = ("bitcoin", "exposure", "paid", address(VICTIM), "--direction", "sent")
    found_ = unit.ask(*words, "--also-allegations")
    (side,) = found_["sides"]
    lines = {tuple(row["categories"]): row["direct_lower_sat"] for row in side["categories"]}
    assert lines == {("terrorism",): "5000", ("exchange",): "4000"}
    for parts in (side["one_transaction"], side["within"]):
        assert sum(int(row["lower_sat"]) for row in parts["groups"]) == int(parts["all_sat"])
    counted, alleged = side["terrorist_financing"], side["terrorism_allegations"]
    (row,) = counted["rows"]
    assert (row["way"], row["listed"]) == ([blocks.paid.shown, blocks.on.shown], "before")
    assert (row["lower_sat"], row["labels"][0]["law"]) == ("4500", "Exampleland")
    assert [row["labels"][0]["publisher"] for row in alleged["rows"]] == ["Research"]
    text = unit.say(*words, "--also-allegations", "--policy", "fifo")
    assert "Listed before the payment" in text
    assert "Labels (labels)" in text
    assert "(their allegation)" in text
    assert "Group" not in unit.say(*words, "--hops", "1")
    assert unit.refused(*words[:3], address(VICTIM), "--direction", "up")["code"] == (
        "option-not-usable"
    )


def test_each_touch_is_told_once_and_a_block_that_left_is_told_too(
    unit: Unit, tmp_path: Path, blocks: Blocks
) -> None:
    ingest(unit, tmp_path, "a.dat", blocks.blocks)
    watch = ("bitcoin", "watch")
    made = unit.ask(*watch, "add", "reg", address(MIDDLE), *BASIS_OF_WATCH)
    assert (made["id"], made["case"], made["by"], made["transactions"]) == ("W1", None, "O1", 0)
    unit.say(*watch, "add", "reg", address(GROUP), *BASIS_OF_WATCH, "--case", "C1")
    again = refused(unit, *watch, "add", "reg", address(MIDDLE), *BASIS_OF_WATCH)
    assert "W1 is the same" in again
    assert "--reason" in refused(unit, *watch, "add", "reg", address(HOUSE))
    assert touched(unit.ask(*watch, "check", "reg")) == []

    third = blocks.spent_on()
    answer = ingest(unit, tmp_path, "b.dat", [third])["watched"]
    assert touched(answer) == [("W1", blocks.on.shown, "new")]
    assert answer["cases"] == [{"case": "C1", "transactions": 1}]
    assert touched(ingest(unit, tmp_path, "b.dat", [third])["watched"]) == []
    told = unit.ask(*watch, "check", "reg")["transactions"]
    assert [(row["height"], row["in_sat"], row["out_sat"]) for row in told] == [(3, "0", "5000")]
    assert touched(unit.ask(*watch, "check", "reg")) == []
    # What case 1 watches is told to whoever asks for it, and to none but it.
    assert touched(unit.ask(*watch, "check", "reg", "--case", "C2")) == []
    assert [row["id"] for row in unit.ask(*watch, "list", "reg")] == ["W1"]
    assert [row["id"] for row in unit.ask(*watch, "list", "reg", "--case", "C1")] == ["W2"]
    assert "W2" in refused(unit, *watch, "remove", "reg", "W2", "--why", "x")
    assert touched(unit.ask(*watch, "check", "reg", "--case", "C1")) == [
        ("W2", blocks.on.shown, "new")
    ]

    branch = blocks.branch()
    said = ingest(unit, tmp_path, "c.dat", branch)["watched"]
    assert touched(said) == [("W1", blocks.on.shown, "gone")]
    assert "the block is no longer in the chain" in unit.say(*watch, "check", "reg")
    assert touched(unit.ask(*watch, "check", "reg")) == []
    ingest(unit, tmp_path, "d.dat", [blocks.mined_again(branch)])
    (row,) = unit.ask(*watch, "check", "reg")["transactions"]
    assert (row["change"], row["height"], row["in_chain"]) == ("back", 5, True)

    # Made anew under the same name, from all files at once: nothing is told a second time.
    for path in (unit.root / "chains" / "reg").iterdir():
        path.unlink()
    every = [*blocks.blocks, third, *branch, blocks.mined_again(branch)]
    assert touched(ingest(unit, tmp_path, "e.dat", every)["watched"]) == []
    assert touched(unit.ask(*watch, "check", "reg")) == []
    kept = unit.ask(*watch, "check", "reg", "--all")["transactions"]
    assert [(row["txid"], row["change"]) for row in kept] == [(blocks.on.shown, "back")]
    ended = unit.ask(*watch, "remove", "reg", "W1", "--why", "paid back")
    assert (ended["ended_why"], ended["ended_by"]) == ("paid back", "O1")
    assert unit.ask(*watch, "list", "reg") == []
    (over,) = unit.ask(*watch, "list", "reg", "--ended")
    assert (over["id"], over["ended_by"], over["ended_why"]) == ("W1", "O1", "paid back")
    assert over["ended_at"] >= over["since"]
    assert "paid back" in unit.say(*watch, "list", "reg", "--ended")
    (going,) = unit.ask(*watch, "list", "reg", "--case", "C1", "--ended")
    assert (going["id"], going["ended_by"]) == ("W2", None)


def test_a_watched_cluster_grows_with_the_heuristic(
    unit: Unit, tmp_path: Path, blocks: Blocks
) -> None:
    ingest(unit, tmp_path, "a.dat", blocks.blocks, "grown")
    watch = ("bitcoin", "watch")
    made = unit.ask(*watch, "add", "grown", address(MIDDLE), *BASIS_OF_WATCH, "--cluster")
    assert (made["is_cluster"], made["addresses"]) == (True, 1)
    both = Tx(((blocks.paid.txid, 1), (blocks.paid.txid, 2)), ((6_000, regtest.p2pkh(GROUP)),))
    joined = mine(blocks.blocks[-1].hash, [coinbase(3, 5000, 0), both], time=1_300_000_000 + 1800)
    ingest(unit, tmp_path, "b.dat", [joined], "grown")
    answer = unit.ask(*watch, "check", "grown")
    assert answer["clusters_grown"] == {made["id"]: 1}
    assert touched(answer) == [(made["id"], both.shown, "new")]
    assert touched(unit.ask(*watch, "check", "grown")) == []
    assert "one owner is not proved" in unit.say(*watch, "list", "grown")


def joining(blocks: Blocks) -> list[Block]:
    """Block 3, in which MIDDLE's address is spent together with the victim's, and block 4."""
    both = Tx(((blocks.paid.txid, 1), (blocks.paid.txid, 2)), ((6_000, regtest.p2pkh(GROUP)),))
    made = [coinbase(3, 5000, 0), both]
    joined = mine(blocks.blocks[-1].hash, made, time=1_300_000_000 + 1800)
    made = [coinbase(4, 5001, 0), pay(both, 0, (6_000, MIDDLE))]
    return [joined, mine(joined.hash, made, time=1_300_000_000 + 2400)]


def test_a_cluster_that_is_too_large_is_refused_before_any_of_it_is_read(
    unit: Unit, tmp_path: Path, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(unit, tmp_path, "a.dat", [*blocks.blocks, joining(blocks)[0]], "wide")

    def read(*_args: object) -> None:
        raise AssertionError("an address of the cluster was read")

    monkeypatch.setattr(f"{WATCHING}.MOST_SCRIPTS", 1)
    monkeypatch.setattr(f"{WATCHING}.script_of", read)
    monkeypatch.setattr(f"{WATCHING}.touches", read)
    words = ("bitcoin", "watch", "add", "wide", address(MIDDLE), *BASIS_OF_WATCH)
    assert "this one is larger" in refused(unit, *words, "--cluster")


def test_a_watch_that_has_become_too_large_says_that_it_was_cut(
    unit: Unit, tmp_path: Path, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    third, fourth = joining(blocks)
    ingest(unit, tmp_path, "a.dat", blocks.blocks, "cut")
    watch = ("bitcoin", "watch")
    name = unit.ask(*watch, "add", "cut", address(MIDDLE), *BASIS_OF_WATCH, "--cluster")["id"]
    unit.say(*watch, "add", "cut", address(MIDDLE), *BASIS_OF_WATCH, "--case", "C1")
    ingest(unit, tmp_path, "b.dat", [third], "cut")
    with monkeypatch.context() as bounds:
        bounds.setattr(f"{WATCHING}.MOST_SCRIPTS", 1)
        answer = unit.ask(*watch, "check", "cut")
        assert answer["clusters_grown"] == {}
        (cut,) = answer["cut"]
        assert (cut["id"], cut["addresses"]) == (name, 1)
        assert cut["cluster_addresses_not_all_watched"] == 2
        assert f"{name} is cut: its cluster has 2 addresses" in unit.say(*watch, "check", "cut")
        assert f"{name} is cut" in unit.say(*watch, "list", "cut")
    with monkeypatch.context() as bounds:
        bounds.setattr("kancil.bitcoin.chain.watch.MOST_TOUCHES", 1)
        (cut,) = unit.ask(*watch, "check", "cut")["cut"]
        assert cut["cluster_addresses_not_all_watched"] == 2, "its payments would be too many"
        told = ingest(unit, tmp_path, "c.dat", [fourth], "cut")["watched"]
        assert (told["transactions"], told["too_wide"]) == ([], [name])
        assert told["cases_too_wide"] == ["C1"]
        answer = unit.ask(*watch, "check", "cut")
        assert (answer["transactions"], answer["cut"][0]["too_wide_to_look"]) == ([], True)
        assert "no longer checked" in unit.say(*watch, "check", "cut")
    # Where the bounds let it, all of it is watched again, and what came meanwhile is told.
    answer = unit.ask(*watch, "check", "cut")
    assert (answer["clusters_grown"], answer["cut"]) == ({name: 1}, [])
    assert len(touched(answer)) == 1


def test_a_desk_that_lacks_its_tables_is_told_in_one_sentence(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    (tmp_path / "1.raw").write_bytes(Blocks().blocks[0].raw)
    with sqlite3.connect(unit.root / "desk" / "desk.sqlite") as desk:
        for name in ("watch_touch", "watch_script", "watch"):
            desk.execute(f"DROP TABLE IF EXISTS {name}")
    ran = unit.run("bitcoin", "ingest", "main", tmp_path / "1.raw", "--network", "regtest")
    assert ran.status == 0, "the ingest is done"
    assert "no such table" in ran.out
    assert unit.refused("bitcoin", "watch", "list", "main")["code"] == "desk-not-readable"
