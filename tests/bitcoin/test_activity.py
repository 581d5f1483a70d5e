"""What a subject received and sent, against a plain walk over every transaction."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from kancil.bitcoin.chain.activity import (
    activity_of,
    coins_of_scripts,
    payees_of,
    payers_of,
    script_numbers,
    spans_of,
)
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings.graph import COINBASE, UNKNOWN
from kancil.bitcoin.script.kind import ScriptKind
from tests.cli.sample_unit import FIRST_PAYMENT
from tests.studies.moneygraph.sample_chain import sample_chain

MOST = 10**6
SATOSHI = (
    "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e16"
    "0bfa9b8b64f9d4c03f999b8643f656b412a3"
)


@pytest.fixture(scope="module")
def chain() -> Chain:
    return sample_chain()


def plain(chain: Chain, scripts: set[Any]) -> dict[str, Any]:
    """The same by a walk over all transactions and Python's own numbers."""
    graph, columns = chain.graph, chain.columns
    stated = {
        int(number)
        for kind, payload in scripts
        for number in chain.find_stated_in_graph(kind, payload)
    }
    rows: list[tuple[int, int, int, int]] = []
    payers: dict[Any, list[int]] = defaultdict(list)
    payees: dict[Any, list[int]] = defaultdict(list)
    unknown = issued = 0
    for tx in np.argsort(graph.tx_rank, kind="stable").tolist():
        if graph.tx_rank[tx] < 0:
            continue
        paid = spent = 0
        sources: list[Any] = []
        for number in graph.inputs_of(tx):
            source = int(graph.input_source[number])
            sources.append(columns.script_at(source) if source >= 0 else source)
            own = source >= 0 and columns.script_at(source) in scripts
            if own or number in stated:
                spent += int(graph.input_value[number])
        outputs = [(columns.script_at(o), int(graph.output_value[o])) for o in graph.outputs_of(tx)]
        paid = sum(value for script, value in outputs if script in scripts)
        if not paid and not spent:
            continue
        rows.append((tx, paid, spent, 0))
        if spent:
            for script, value in outputs:
                if script not in scripts and script[0] != ScriptKind.NONSTANDARD:
                    payees[script].append(value)
            continue
        named = {each for each in sources if not isinstance(each, int)}
        for script in named:
            if script[0] != ScriptKind.NONSTANDARD:
                payers[script].append(paid)
        issued += COINBASE in sources
        unknown += UNKNOWN in sources or any(
            not isinstance(each, int) and each[0] == ScriptKind.NONSTANDARD for each in sources
        )
    return {
        "rows": rows, "payers": {k: sum(v) for k, v in payers.items()},
        "payees": {k: sum(v) for k, v in payees.items()}, "unknown": unknown, "issued": issued,
    }  # fmt: skip


def told(chain: Chain, parties: Any) -> dict[Any, int]:
    return {chain.columns.script_at(each.output): each.value_sat for each in parties.largest}


def asked(chain: Chain) -> list[list[Any]]:
    """Scripts of the sample, alone and several at once; chosen by a fixed seed."""
    rng = random.Random(7)
    graph = chain.graph
    live = [
        o for tx in range(graph.tx_count) if graph.tx_rank[tx] >= 0 for o in graph.outputs_of(tx)
    ]
    scripts = [chain.columns.script_at(o) for o in rng.sample(live, 40)]
    named = [each for each in scripts if each[0] != ScriptKind.NONSTANDARD]
    return [*([each] for each in named[:24]), list(dict.fromkeys(named[24:30]))]


def test_totals_and_counterparties_are_those_of_a_plain_walk(chain: Chain) -> None:
    for scripts in asked(chain):
        slow = plain(chain, set(scripts))
        coins = coins_of_scripts(chain, scripts)
        found = activity_of(chain, coins)
        rows = zip(found.txs.tolist(), found.in_sat.tolist(), found.out_sat.tolist(), strict=True)
        assert [(*row, 0) for row in rows] == slow["rows"]
        payers = payers_of(chain, coins, found, MOST)
        payees = payees_of(chain, coins, found, MOST)
        assert told(chain, payers) == slow["payers"]
        assert told(chain, payees) == slow["payees"]
        assert (payers.unknown, payers.newly_issued) == (slow["unknown"], slow["issued"])
        assert (payers.count, payees.count) == (len(slow["payers"]), len(slow["payees"]))


def test_the_key_of_the_first_payment_is_counted_as_everybody_knows_it(chain: Chain) -> None:
    script = (ScriptKind.P2PK, bytes.fromhex(SATOSHI))
    coins = coins_of_scripts(chain, [script])
    found = activity_of(chain, coins)
    assert found.received_sat - found.spent_sat == found.balance_sat
    (first,) = [n for n, tx in enumerate(found.txs) if chain.txid(int(tx)) == FIRST_PAYMENT]
    assert (int(found.in_sat[first]), int(found.out_sat[first])) == (40 * 10**8, 50 * 10**8)
    payees = payees_of(chain, coins, found, 20)
    assert [each.value_sat for each in payees.largest] == sorted(
        (each.value_sat for each in payees.largest), reverse=True
    )
    assert payers_of(chain, coins, found, 20).newly_issued == 1


def test_spans_hold_every_transaction_with_a_time_and_add_up(chain: Chain) -> None:
    script = (ScriptKind.P2PK, bytes.fromhex(SATOSHI))
    found = activity_of(chain, coins_of_scripts(chain, [script]))
    for most in (1, 2, 7, 60):
        spans = spans_of(chain.graph, found, most)
        assert 1 <= len(spans) <= most
        assert sum(each.transactions for each in spans) == len(found.txs)
        assert sum(each.in_sat for each in spans) == int(found.in_sat.sum())
        assert sum(each.out_sat for each in spans) == int(found.out_sat.sum())


def test_scripts_have_one_number_each(chain: Chain) -> None:
    rows = np.arange(chain.columns.output_count)
    numbers = script_numbers(chain, rows)
    scripts = [chain.columns.script_at(int(row)) for row in rows]
    by_number: dict[int, Any] = {}
    for number, script in zip(numbers.tolist(), scripts, strict=True):
        assert by_number.setdefault(number, script) == script
    assert len(by_number) == len(set(scripts))


def test_a_subject_that_is_not_held_did_nothing(chain: Chain) -> None:
    coins = coins_of_scripts(chain, [(ScriptKind.P2PKH, bytes(20))])
    found = activity_of(chain, coins)
    assert (found.received_sat, found.balance_sat, len(found.txs)) == (0, 0, 0)
    assert payers_of(chain, coins, found, 20).largest == ()
    assert payees_of(chain, coins, found, 20).largest == ()
    assert spans_of(chain.graph, found, 10) == []
