"""Ingest behind the pages: the same chain as by command, one entry, nothing of another case."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings.store import read_record
from kancil.ground.plain import plain
from tests.work.launch import worker as launched
from tests.work.shop import Shop


def test_the_exhibits_of_a_case_become_a_chain_like_the_commands(any_shop: Shop) -> None:
    site = any_shop.site
    by_command = site.entries("chain.ingested")[-1]
    task_id = any_shop.ask("ingest", case="C1", chain="second", exhibits=["E1"], spent=["E2"])
    assert any_shop.work_off() == 1
    gave = any_shop.gave(task_id)
    entry = site.entries("chain.ingested")[-1]
    named = ("blocks", "transactions", "sources", "skipped", "network")
    assert {name: entry.body[name] for name in named} == {
        name: by_command.body[name] for name in named
    }
    assert entry.body["on_behalf"]["account"] == "officer"
    assert gave["entry"] == entry.n
    assert gave["blocks"] == entry.body["blocks"] == 603
    second, main = (Chain.open(site.workspace.chains_dir / name) for name in ("second", "main"))
    assert replace(second.status(), name="main", ingests=main.status().ingests) == main.status()


def test_an_exhibit_of_another_case_is_not_read(shop: Shop) -> None:
    shop.site.add("two", "officer", case="C2")
    task_id = shop.ask("ingest", person="two", case="C2", chain="second", exhibits=["E1"])
    shop.work_off()
    assert shop.task(task_id).error == {"code": "exhibit-not-found", "params": {"name": "E1"}}
    assert not (shop.site.workspace.chains_dir / "second").exists()


@pytest.mark.parametrize("name", ["", "..", "../main", "a/b", "a\x01", "x" * 65, "សាកល្បង"])
def test_a_name_that_is_none_reaches_no_folder(shop: Shop, name: str) -> None:
    before = sorted(shop.site.workspace.root.rglob("*"))
    task_id = shop.ask("ingest", case="C1", chain=name, exhibits=["E1"])
    shop.work_off()
    assert shop.met(task_id) == "chain-name-wrong"
    assert [path for path in sorted(shop.site.workspace.root.rglob("*")) if path.is_dir()] == [
        path for path in before if path.is_dir()
    ]


def test_cancelled_in_the_middle_the_chain_is_as_before(shop: Shop) -> None:
    """The cancel is there before the first word: the child that reads is ended, nothing is kept."""
    from kancil.desk.jobs.hold import Hold, Why

    folder = shop.site.workspace.chains_dir / "second"
    task_id = shop.ask("ingest", case="C1", chain="second", exhibits=["E1"])
    told = Hold.advance

    def advance(hold: Hold, amount: int) -> None:
        hold.stop(Why.CANCELLED)
        told(hold, amount)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hold, "advance", advance)
        shop.work_off()
    assert shop.task(task_id).state == "cancelled"
    assert not folder.exists()
    assert len(shop.site.entries("chain.ingested")) == 1


def test_killed_between_folder_and_entry_the_next_try_writes_the_entry_once(
    any_shop: Shop,
) -> None:
    """What is there after such a death: the chain holds the blocks, the ledger does not say so."""
    from kancil.desk.jobs.doing import Doing

    folder = any_shop.site.workspace.chains_dir / "second"
    task_id = any_shop.ask("ingest", case="C1", chain="second", exhibits=["E1"], spent=["E2"])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Doing, "once", killed)
        with pytest.raises(KeyboardInterrupt):
            any_shop.worker(lease_seconds=0.05).do_next()
    assert any_shop.task(task_id).state == "running"
    assert len(read_record(folder).ingests) == 1
    time.sleep(0.1)
    assert any_shop.work_off() == 1
    task = any_shop.task(task_id)
    assert (task.state, task.attempt) == ("done", 2), task.error
    first, second = any_shop.site.entries("chain.ingested")
    assert first.body["blocks"] == second.body["blocks"] == 603
    assert first.body["sources"] == second.body["sources"]


@pytest.mark.thorough
def test_a_worker_killed_while_it_reads_leaves_the_task_to_another(shop: Shop) -> None:
    """Its child ends with it, and so does the lock on the chain."""
    task_id = shop.ask("ingest", case="C1", chain="second", exhibits=["E1"], spent=["E2"])
    root = shop.site.workspace.root
    first = launched(root)
    shop.wait(lambda: bool(list((root / "chains").glob("second*"))), "it does not begin")
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = launched(root)
    shop.wait(lambda: shop.task(task_id).state in ("done", "failed"), "nobody took it over")
    second.terminate()
    second.communicate()
    task = shop.task(task_id)
    assert task.state == "done", task.error
    assert len(shop.site.entries("chain.ingested")) == 2
    assert plain(Chain.open(root / "chains" / "second").status())["blocks"] == 603
