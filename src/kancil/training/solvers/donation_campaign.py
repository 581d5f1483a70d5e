"""Solver of the lab `donation-campaign`: read channels and papers, sort payments by their days."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from kancil.training.question import Answers
from kancil.training.solver import Given, Workbench
from kancil.training.solving import (
    CASE,
    CHAIN,
    Worked,
    addresses_in,
    btc_text,
    ingest,
    take_in,
    way_back,
)

CHANNELS, DESIGNATION = "channels.json", "designation.html"
ACCOUNTS, DEPOSITS = "exchange-accounts.csv", "exchange-deposits.csv"
WITHDRAWALS = "exchange-withdrawals.csv"
_WHY = "asked for in the exercise"
_CELL = re.compile(r"<dd>(.*?)</dd>")
_NAME, _DECIDED, _IN_FORCE = 1, 2, 3
"""Places of the group's name, the day of decision and the moment in the designation."""

_Payment = dict[str, Any]
"""A deposit of an address as the workbench states it, with `at`: its block's time."""
_Post = tuple[datetime, str, str]
"""Time, channel and address."""


class DonationCampaignSolver:
    """The solver; see the module."""

    name = "donation-campaign"

    def solve(self, bench: Workbench, given: Given) -> Answers:
        """Take the address that the group was the first to publish; put all times into one zone."""
        work = take_in(bench, given)
        ingest(work)
        cells = _cells(work)
        in_force = datetime.fromisoformat(cells[_IN_FORCE])
        published, _, address = _appeal(work, cells[_NAME])
        payments = _payments(work, address)
        between = [each for each in payments if published <= each["at"] < in_force]
        path, end = _cashed_out(work, payments)
        account = _account(work, end)
        gave, line = _gave(work, address)
        values = {
            "address": address,
            "published": published.isoformat(),
            "before": _txids(each for each in payments if each["at"] < published),
            "between": btc_text(sum(int(each["value_sat"]) for each in between)),
            "after": _txids(each for each in payments if each["at"] >= in_force),
            "path": path,
            "account": [account],
            "donor": {"statement": "gave", "pointers": [gave, line]},
            "finding": {
                "statement": "received",
                "pointers": [path[-1], _credited(work, path[-1], account), _line(work, address)],
            },
        }
        return Answers(work.variant, values)

    def guess(self, bench: Workbench, given: Given) -> Answers:
        """Take the last post, the day of decision, local times as UTC, and accuse whoever paid."""
        work = take_in(bench, given)
        ingest(work)
        cells = _cells(work)
        decided = datetime.fromisoformat(cells[_DECIDED] + "T00:00:00+00:00")
        posted, _, address = _posts(work)[-1]
        payments = _payments(work, address)
        path, end = _cashed_out(work, payments)
        gave, line = _gave(work, address)
        giver = next(r["Account"] for r in work.rows(WITHDRAWALS) if r["Address"] == address)
        values = {
            "address": address,
            "published": posted.isoformat(),
            "before": _txids(each for each in payments if each["at"] < posted),
            "between": btc_text(sum(int(each["value_sat"]) for each in payments)),
            "after": _txids(each for each in payments if each["at"] >= decided),
            "path": path,
            "account": [_account(work, end), giver],
            "donor": {"statement": "financed", "pointers": [gave, line]},
            "finding": {"statement": "donors", "pointers": [path[-1]]},
        }
        return Answers(work.variant, values)


def _cells(work: Worked) -> list[str]:
    """What the designation states, in its order."""
    text = work.path(DESIGNATION).read_text("utf-8")
    return [unescape(cell) for cell in _CELL.findall(text)]


def _posts(work: Worked) -> list[_Post]:
    """Every post of a channel that names an address, by time."""
    chats = json.loads(work.path(CHANNELS).read_text("utf-8"))["chats"]["list"]
    return sorted(
        (datetime.fromtimestamp(int(post["date_unixtime"]), UTC), str(chat["name"]), address)
        for chat in chats
        for post in chat["messages"]
        for address in addresses_in(str(post["text"]))
    )


def _appeal(work: Worked, group: str) -> _Post:
    """The first post of an address that nobody but the group had published before."""
    known: set[str] = set()
    for post in _posts(work):
        if post[1] == group and post[2] not in known:
            return post
        known.add(post[2])
    raise LookupError(group)


def _payments(work: Worked, address: str) -> list[_Payment]:
    """All that the blocks show an address to have received."""
    seen = work.bench.ask("bitcoin", "address", CHAIN, address)["deposits"]
    return [{**each, "at": datetime.fromisoformat(each["time"])} for each in seen]


def _txids(payments: Any) -> list[str]:
    return sorted(each["outpoint"].partition(":")[0] for each in payments)


def _cashed_out(work: Worked, payments: list[_Payment]) -> tuple[list[str], str]:
    """The path of most coins from the transaction that spent the gifts, and where it ends."""
    spent = [each for each in payments if each["spent_by"]]
    start = max(spent, key=lambda each: int(each["value_sat"]))["outpoint"]
    trace = work.bench.ask(
        "bitcoin", "trace", CHAIN, start, "--policy", "haircut", "--why", _WHY, "--case", CASE
    )
    reached = [row for row in trace["left_out"] if row["limit"] == "service"]
    end = max(reached, key=lambda row: int(row["upper_sat"]))
    return way_back(trace["transfers"], start, end["output"])[1:], str(end["address"])


def _account(work: Worked, address: str) -> str:
    """Whose deposit address it is, by the exchange's table."""
    return next(
        row["Account"] for row in work.rows(ACCOUNTS) if row["BTC deposit address"] == address
    )


def _gave(work: Worked, address: str) -> tuple[str, str]:
    """The transaction of a withdrawal to the address, and its line."""
    row = next(row for row in work.rows(WITHDRAWALS) if row["Address"] == address)
    return row["TXID"], f"files/{WITHDRAWALS}:{row['line']}"


def _credited(work: Worked, txid: str, account: str) -> str:
    """The line of the deposits that credits a transaction to an account."""
    rows = work.rows(DEPOSITS)
    line = next(row["line"] for row in rows if (row["TXID"], row["Account"]) == (txid, account))
    return f"files/{DEPOSITS}:{line}"


def _line(work: Worked, address: str) -> str:
    """The first line of the channels' export that names the address."""
    lines = work.path(CHANNELS).read_text("utf-8").splitlines()
    return f"files/{CHANNELS}:{1 + next(n for n, line in enumerate(lines) if address in line)}"


DONATION_CAMPAIGN_SOLVER = DonationCampaignSolver()
