"""A trace behind the pages: the very result of the command, recorded under the task's id."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.sample_unit import FIRST_COINS, LISTED_PAYMENT, PAID_ADDRESS
from tests.work.shop import Shop


def test_a_trace_gives_the_result_of_the_command_and_one_entry(any_shop: Shop) -> None:
    site = any_shop.site
    by_command = site.entries("trace.run")[0]
    task_id = any_shop.ask(
        "run-trace", case="C1", chain="main", starts=[FIRST_COINS], policy="haircut", why="sample"
    )
    assert any_shop.work_off() == 1
    gave = any_shop.gave(task_id)
    entry = site.entries("trace.run")[-1]
    assert entry.body["trace"] == task_id
    assert entry.body["provenance"] == by_command.body["provenance"]
    assert entry.body["result_sha256"] == by_command.body["result_sha256"]
    assert gave["trace"] == entry.body["number"] == 4
    kept = json.loads((site.workspace.traces_dir / f"{task_id}.json").read_bytes())
    assert (kept["label"], kept["result_sha256"]) == ("T4", entry.body["result_sha256"])
    assert len(kept["transfers"]) == gave["transfers"]


def test_backward_and_by_address_within_a_window(shop: Shop) -> None:
    given = {"case": "C1", "chain": "main", "policy": "fifo", "why": "sample"}
    back = shop.ask("run-trace", starts=[LISTED_PAYMENT], direction="backward", **given)
    window = {"since": "2009-01-01T00:00:00.000000Z", "until": "2030-01-01T00:00:00.000000Z"}
    address = shop.ask("run-trace", starts=[PAID_ADDRESS], **window, **given)
    shop.work_off()
    assert shop.task(back).state == "done", shop.task(back).error
    assert shop.task(address).state == "done", shop.task(address).error


@pytest.mark.parametrize("start", ["/etc/passwd.csv", "keys/secret.tsv", "a b", "", "x" * 200])
def test_a_start_names_no_file_of_the_server(shop: Shop, start: str) -> None:
    task_id = shop.ask("run-trace", case="C1", chain="main", starts=[start], policy="fifo")
    shop.work_off()
    assert shop.met(task_id) == "name-not-readable"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"policy": "guess"}, "policy-unknown"),
        ({"chain": "none"}, "chain-not-found"),
        ({"starts": ["f" * 64 + ":0"]}, "not-in-chain"),
    ],
)
def test_what_cannot_be_traced_is_told_and_leaves_no_file(
    shop: Shop, given: dict[str, object], code: str
) -> None:
    asked: dict[str, Any] = {"chain": "main", "starts": [FIRST_COINS], "policy": "fifo", **given}
    task_id = shop.ask("run-trace", case="C1", **asked)
    shop.work_off()
    task = shop.task(task_id)
    assert (task.state, shop.met(task_id)) == ("failed", code)
    assert not (shop.site.workspace.traces_dir / f"{task_id}.json").exists()


def test_a_case_whose_legal_basis_is_over_is_refused_before_anything_is_computed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.custody.errors import LegalBasisExpired
    from kancil.desk.studies.jobs import traces

    def expired(*_: object) -> None:
        raise LegalBasisExpired(case="C1", basis="x", expired_on="2020-01-01")

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was computed")

    monkeypatch.setattr(traces, "require_basis", expired)
    monkeypatch.setattr(traces, "run", never)
    task_id = shop.ask("run-trace", case="C1", chain="main", starts=[FIRST_COINS], policy="fifo")
    shop.work_off()
    assert shop.met(task_id) == "legal-basis-expired"
