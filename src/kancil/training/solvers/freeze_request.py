"""Solver of the lab `freeze-request`: the keeper by the trace, the rest by the rows before now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from kancil.training.question import Answers
from kancil.training.solver import Given, Workbench
from kancil.training.solving import CASE, CHAIN, Worked, ingest, take_in, way_back

STATEMENT, MULE_STATEMENT = "victim-statement.csv", "mule-statement.csv"
ACCOUNTS, ACTIVITY, ORDERS = "exchange-accounts.csv", "exchange-activity.csv", "orders.csv"
_WHY = "asked for in the exercise"


class FreezeRequestSolver:
    """The solver; see the module."""

    name = "freeze-request"

    def solve(self, bench: Workbench, given: Given) -> Answers:
        """Trace, let the workbench name the keepers, and count what is there at the moment."""
        work = take_in(bench, given)
        ingest(work)
        start, moment = work.story["start"], datetime.fromisoformat(work.story["at"])
        trace = _trace(work, start)
        end = max(trace["left_out"], key=_held)
        path = way_back(trace["transfers"], start, end["output"])
        keeper = _keeper(work, trace["label"], end["address"])
        account = _account(work, end["address"])
        own = [row for row in work.rows(ACTIVITY) if row["Account"] == account]
        deposit = next(row for row in own if row["TXID"] == path[-1])
        sold = [row for row in own if row["Type"] == "sale" and _at(row) <= moment]
        pending = min(_at(row) for row in own if row["Status"] == "pending")
        lost = _sum(work, STATEMENT, "Debit")
        values = {
            "keeper": [keeper],
            "path": path[1:],
            "account": [account],
            "arrived-at": work.bench.ask("bitcoin", "tx", CHAIN, path[-1])["time"],
            "lost": str(lost),
            "at-bank": str(lost - _sum(work, MULE_STATEMENT, "Debit")),
            "still-there": str(
                Decimal(deposit["Amount"]) - sum(Decimal(row["Amount"]) for row in sold)
            ),
            "until": pending.isoformat(),
            "order": [_order(work, keeper, moment)],
            "request": {
                "statement": "freeze",
                "pointers": [path[-1], f"files/{ACTIVITY}:{deposit['line']}"],
            },
        }
        return Answers(work.variant, values)

    def guess(self, bench: Workbench, given: Given) -> Answers:
        """Ask the first labelled exchange for everything, under the first order that is found."""
        work = take_in(bench, given)
        ingest(work)
        start = work.story["start"]
        trace = _trace(work, start)
        end = trace["left_out"][0]
        path = way_back(trace["transfers"], start, end["output"])
        account = _account(work, end["address"])
        rows = [row for row in work.rows(ACTIVITY) if row["Account"] == account]
        keeper = trace["labels"][0]["label"]
        sent = [row for row in work.rows(STATEMENT) if row["Counterparty"]]
        values = {
            "keeper": [keeper],
            "path": path[1:],
            "account": [account],
            "arrived-at": rows[0]["Time"].replace(" ", "T") + "+00:00",
            "lost": sent[0]["Debit"],
            "at-bank": work.rows(MULE_STATEMENT)[-1]["Balance"],
            "still-there": rows[0]["Amount"],
            "until": work.story["at"],
            "order": [work.rows(ORDERS)[0]["Number"]],
            "request": {"statement": "all", "pointers": [path[-1]]},
        }
        return Answers(work.variant, values)


def _trace(work: Worked, start: str) -> Any:
    return work.bench.ask("bitcoin", "trace", CHAIN, start, "--why", _WHY, "--case", CASE)


def _held(row: dict[str, Any]) -> int:
    return int(row["upper_sat"]) if row["limit"] == "service" else -1


def _keeper(work: Worked, trace: str, address: str) -> str:
    """The keeper of an address, as the workbench lists those that the money met."""
    found = work.bench.ask("keepers", "--case", CASE, "--trace", trace)["keepers"]
    return next(str(row["keeper"]) for row in found if row["held_at"] == address)


def _account(work: Worked, address: str) -> str:
    return next(
        row["Account"] for row in work.rows(ACCOUNTS) if row["BTC deposit address"] == address
    )


def _at(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(f"{row['Time']}{row['Clock']}")


def _sum(work: Worked, name: str, column: str) -> Decimal:
    """The sum of a column over the rows with a counterparty."""
    rows: Sequence[dict[str, str]] = work.rows(name)
    return sum((Decimal(row[column] or "0") for row in rows if row["Counterparty"]), Decimal(0))


def _order(work: Worked, keeper: str, moment: datetime) -> str:
    """The order for a freeze that is addressed to the keeper and valid at the moment."""
    return next(
        row["Number"]
        for row in work.rows(ORDERS)
        if (row["Act"], row["Addressed to"]) == ("freeze", keeper)
        and datetime.fromisoformat(row["Valid from"])
        <= moment
        <= datetime.fromisoformat(row["Valid until"])
    )


FREEZE_REQUEST_SOLVER = FreezeRequestSolver()
