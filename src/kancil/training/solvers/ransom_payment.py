"""Solver of the lab `ransom-payment`: follow the payment, compare the amounts, read the return."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from kancil.training.question import Answers
from kancil.training.solver import Given, Workbench
from kancil.training.solving import (
    CASE,
    CHAIN,
    COINS_IN,
    Worked,
    btc_text,
    ingest,
    read_table,
    take_in,
    way_back,
)

BLOCKS, CHATS, STATEMENT = "blk00000.dat", "chats.json", "bank-statement.csv"
ACCOUNTS, DEPOSITS = "exchange-accounts.csv", "exchange-deposits.csv"
_WHY = "asked for in the exercise"


class RansomPaymentSolver:
    """The solver; see the module."""

    name = "ransom-payment"

    def solve(self, bench: Workbench, given: Given) -> Answers:
        """Check each address, take the path of most coins, and name only its account."""
        work = take_in(bench, given)
        ingest(work)
        paid = next(each for each in _seen(work) if each["deposits"])
        deposit = paid["deposits"][0]
        start = deposit["outpoint"]
        trace = _trace(work, start, "haircut")
        end = max(trace["left_out"], key=_held)
        path = way_back(trace["transfers"], start, end["output"])
        fifo = next(
            row for row in _trace(work, start, "fifo")["left_out"] if row["output"] == end["output"]
        )
        account = _account(work, end["address"])
        line = _credited(work, path[-1], end["address"])
        values = {
            "payment-address": paid["address"],
            "payment-amount": btc_text(deposit["value_sat"]),
            "payment-time": deposit["time"],
            "cost": _cost(work),
            "path": path,
            "deposit-address": end["address"],
            "linked": _linked(work, path[-1]),
            "account": [account],
            "haircut": btc_text(end["upper_sat"]),
            "fifo": btc_text(fifo["upper_sat"]),
            "block-digest": work.digests[BLOCKS],
            "finding": {"statement": "received", "pointers": [path[-1], line]},
        }
        return Answers(work.variant, values)

    def guess(self, bench: Workbench, given: Given) -> Answers:
        """Take the first address, the first labelled deposit, and what sounds like a culprit."""
        work = take_in(bench, given)
        ingest(work)
        first = work.addresses(CHATS)[0]
        paid = next(each for each in _seen(work) if each["deposits"])
        deposit = paid["deposits"][0]
        trace = _trace(work, deposit["outpoint"], "poison")
        end = trace["left_out"][0]
        path = way_back(trace["transfers"], deposit["outpoint"], end["output"])
        debit = next(row["Debit"] for row in work.rows(STATEMENT) if row["Counterparty"])
        values = {
            "payment-address": first,
            "payment-amount": btc_text(deposit["value_sat"]),
            "payment-time": work.messages(CHATS)[-2]["date"] + "+00:00",
            "cost": debit,
            "path": path,
            "deposit-address": end["address"],
            "linked": [end["address"]],
            "account": [_account(work, end["address"])],
            "haircut": btc_text(end["upper_sat"]),
            "fifo": btc_text(end["upper_sat"]),
            "block-digest": work.digests[BLOCKS],
            "finding": {"statement": "attacker", "pointers": [path[-1]]},
        }
        return Answers(work.variant, values)


def _seen(work: Worked) -> list[dict[str, Any]]:
    """What the chain holds of each address that the chats name."""
    named = work.addresses(CHATS)
    return [work.bench.ask("bitcoin", "address", CHAIN, address) for address in named]


def _trace(work: Worked, start: str, policy: str) -> Any:
    return work.bench.ask(
        "bitcoin", "trace", CHAIN, start, "--policy", policy, "--why", _WHY, "--case", CASE
    )


def _held(row: dict[str, Any]) -> int:
    return int(row["upper_sat"]) if row["limit"] == "service" else -1


def _linked(work: Worked, txid: str) -> list[str]:
    """The cluster of what the last transaction spent."""
    spent = work.bench.ask("bitcoin", "tx", CHAIN, txid)["inputs"][0]["address"]
    cluster = work.bench.ask("bitcoin", "cluster", CHAIN, spent)
    return [each["address"] for each in cluster["members"]]


def _account(work: Worked, address: str) -> str:
    """Whose deposit address it is, by the exchange's table."""
    return next(
        row["Account"] for row in work.rows(ACCOUNTS) if row["BTC deposit address"] == address
    )


def _credited(work: Worked, txid: str, address: str) -> str:
    """The line of the deposits that credits a transaction, once the chain agrees with it."""
    with tempfile.TemporaryDirectory(prefix="kancil-solver-") as scratch:
        read_table(work, DEPOSITS, "the exchange", Path(scratch), COINS_IN)
    rows = work.bench.ask("transfers", "join", CHAIN, work.exhibits[DEPOSITS])
    if not any(row["stated"]["txid"] == txid and row["state"] == "joined" for row in rows):
        return f"files/{DEPOSITS}"
    line = next(
        row["line"]
        for row in work.rows(DEPOSITS)
        if (row["TXID"], row["Address"]) == (txid, address)
    )
    return f"files/{DEPOSITS}:{line}"


def _cost(work: Worked) -> str:
    """What went to the broker less what came back: the only rows with a counterparty."""
    rows = [row for row in work.rows(STATEMENT) if row["Counterparty"]]
    out = sum(Decimal(row["Debit"] or "0") for row in rows)
    return str(out - sum(Decimal(row["Credit"] or "0") for row in rows))


RANSOM_PAYMENT_SOLVER = RansomPaymentSolver()
