"""A shortened transaction id names the transactions that begin and end so, and no others."""

from __future__ import annotations

import random

import pytest

from kancil.bitcoin.chain.short_ids import read_short, transactions_like
from tests.cli.sample_unit import FIRST_PAYMENT
from tests.studies.moneygraph.sample_chain import sample_chain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("f4184fc5", ("f4184fc5", "")),
        ("F4184FC5…831e9e16", ("f4184fc5", "831e9e16")),
        ("f4184fc5...9e16:1", ("f4184fc5", "9e16")),
        ("f4184fc5 .. 9e16", ("f4184fc5", "9e16")),
        ("123456", None), ("f418", None), ("f4184fc5…", None), ("xyz", None), ("", None),
    ],
)  # fmt: skip
def test_a_shortened_id_is_read(text: str, read: tuple[str, str] | None) -> None:
    assert read_short(text) == read


def test_what_is_found_is_what_a_plain_search_finds() -> None:
    chain = sample_chain()
    ids = [chain.txid(tx) for tx in range(chain.columns.tx_count)]
    rng = random.Random(5)
    for _ in range(60):
        txid = rng.choice(ids)
        head, tail = txid[: rng.randint(1, 9)], txid[len(txid) - rng.randint(0, 7) :]
        tail = "" if len(tail) == 64 else tail
        plain = [each for each in dict.fromkeys(ids) if each.startswith(head)]
        plain = [each for each in plain if each.endswith(tail)]
        assert transactions_like(chain, head, tail, 10**6) == plain, (head, tail)
    assert transactions_like(chain, FIRST_PAYMENT[:12], "", 5) == [FIRST_PAYMENT]
    assert len(transactions_like(chain, "a", "", 3) or ()) == 3


def test_a_chain_that_is_too_large_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kancil.bitcoin.chain.short_ids.MOST_LOOKED_AT", 1)
    assert transactions_like(sample_chain(), "f4184fc5", "", 5) is None
