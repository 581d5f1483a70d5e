"""Solver of the lab `romance-scam`: statements and chats by amounts, USDT by their contract."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kancil.training.question import Answers
from kancil.training.solver import Given, Workbench
from kancil.training.solving import Worked, read_table, take_in

MULE_STATEMENT, CHATS, TOKENS = "mule-statement.csv", "chats.json", "tron-transfers.csv"
VICTIM_STATEMENT, WITHDRAWALS = "victim-1-statement.csv", "exchange-withdrawals.csv"
SECOND_ACCOUNTS, HELD = "second-exchange-accounts.csv", "USDT (TRC20) deposit address"
_OUT: Mapping[str, Any] = {
    "columns": {
        "amount": "Amount", "asset": "Coin", "chain": "Network", "status": "Status",
        "time": "Time", "time_of_day": "Clock", "to_address": "Address", "from_name": "Account",
        "txid": "TXID",
    },
    "direction": {"by": "none", "value": None, "words_in": [], "words_out": []},
}  # fmt: skip


class RomanceScamSolver:
    """The solver; see the module."""

    name = "romance-scam"

    def solve(self, bench: Workbench, given: Given) -> Answers:
        """Join statements and chats by amounts, follow only true USDT, name the last account."""
        work = take_in(bench, given)
        _read_tables(work)
        story = work.story
        chats = " ".join(str(each["text"]) for each in work.messages(CHATS))
        paid = [row for row in _paid_in(work) if _is_named(row["Credit"], chats)]
        wallet, out = _withdrawn(work, chats)
        real = [row for row in work.rows(TOKENS) if row["tokenAddress"] == story["contract"]]
        path = _follow(work, real, out[-1]["TXID"])
        last = path[-1]
        values = {
            "mule-account": [_mule(work)],
            "victims": [row["Counterparty Account"] for row in paid],
            "total": str(sum(Decimal(row["Credit"]) for row in paid)),
            "first-payment": _local(paid[0], ZoneInfo(story["zone"])),
            "wallet": wallet,
            "bought": str(sum(Decimal(row["Amount"]) for row in out)),
            "path": [row["Tx Hash"] for row in path],
            "deposit-address": last["to"],
            "arrived": last["value"],
            "arrived-at": last["blockTime(UTC)"].replace(" ", "T") + "+00:00",
            "digest": work.digests[TOKENS],
            "account": [_held(work)[last["to"]]],
            "finding": {
                "statement": "received",
                "pointers": [last["Tx Hash"], f"files/{TOKENS}:{last['line']}"],
            },
        }
        return Answers(work.variant, values)

    def guess(self, bench: Workbench, given: Given) -> Answers:
        """Believe that everybody who paid was cheated, and take the first account that was met."""
        work = take_in(bench, given)
        paid = _paid_in(work)
        out = work.rows(WITHDRAWALS)
        held = _held(work)
        sent = [row for row in work.rows(TOKENS) if row["from"] == out[0]["Address"]]
        first = next((row for row in sent if row["to"] in held), sent[0])
        rich = [row for row in work.rows(TOKENS) if row["to"] == first["to"]]
        values = {
            "mule-account": [_mule(work)],
            "victims": [row["Counterparty Account"] for row in paid],
            "total": str(sum(Decimal(row["Credit"]) for row in paid)),
            "first-payment": f"{paid[0]['Date']}T{paid[0]['Time']}+00:00",
            "wallet": out[0]["Address"],
            "bought": str(sum(Decimal(row["Amount"]) for row in out)),
            "path": [out[0]["TXID"], first["Tx Hash"]],
            "deposit-address": first["to"],
            "arrived": str(sum(Decimal(row["value"]) for row in rich)),
            "arrived-at": first["blockTime(UTC+8)"].replace(" ", "T") + "+00:00",
            "digest": work.digests[TOKENS],
            "account": [held.get(first["to"], next(iter(held.values())))],
            "finding": {"statement": "author", "pointers": [first["Tx Hash"]]},
        }
        return Answers(work.variant, values)


def _read_tables(work: Worked) -> None:
    """Have the workbench read the tables as reported transfers, as in a real case."""
    zone = work.story["zone"]
    time = {"formats": ["YYYY-MM-DD hh:mm:ss"], "zone": zone, "calendar": "gregorian"}
    with tempfile.TemporaryDirectory(prefix="kancil-solver-") as scratch:
        place = Path(scratch)
        read_table(work, MULE_STATEMENT, "the bank", place, {"time": time})
        read_table(work, WITHDRAWALS, "the exchange", place, _OUT)
        read_table(work, TOKENS, "the explorer", place, {})


def _is_named(amount: str, chats: str) -> bool:
    """Whether the chats name this very amount, and not a longer number that holds it."""
    return re.search(rf"(?<![0-9.]){re.escape(amount)}(?![0-9.])", chats) is not None


def _mule(work: Worked) -> str:
    """The account that the first victim paid: the only row with a counterparty."""
    return next(
        row["Counterparty Account"]
        for row in work.rows(VICTIM_STATEMENT)
        if row["Counterparty Account"]
    )


def _paid_in(work: Worked) -> list[dict[str, str]]:
    rows = work.rows(MULE_STATEMENT)
    return [row for row in rows if row["Credit"] and row["Counterparty Account"]]


def _withdrawn(work: Worked, chats: str) -> tuple[str, list[dict[str, str]]]:
    """The address of the withdrawals that the chats order, and these."""
    rows = work.rows(WITHDRAWALS)
    wallet = next(row["Address"] for row in rows if row["Address"] in chats)
    return wallet, [row for row in rows if row["Address"] == wallet]


def _held(work: Worked) -> dict[str, str]:
    """The second exchange's accounts by deposit address."""
    return {row[HELD]: row["Account"] for row in work.rows(SECOND_ACCOUNTS)}


def _follow(work: Worked, real: list[dict[str, str]], txid: str) -> list[dict[str, str]]:
    """What carries most on, transfer by transfer, to an address of the second exchange."""
    held = _held(work)
    found = [next(row for row in real if row["Tx Hash"] == txid)]
    while found[-1]["to"] not in held:
        at = found[-1]["to"]
        sent = [row for row in real if row["from"] == at]
        found.append(max(sent, key=lambda row: Decimal(row["value"])))
    return found


def _local(row: dict[str, str], zone: ZoneInfo) -> str:
    return datetime.fromisoformat(f"{row['Date']}T{row['Time']}").replace(tzinfo=zone).isoformat()


ROMANCE_SCAM_SOLVER = RomanceScamSolver()
