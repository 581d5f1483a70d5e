"""A table of stated transfers, its mapping, and a price table, made up for the tests of the doors.

The first row names the first payment between two people, as the chain has it; the others say
something else of it, or of nothing. The prices are invented.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.real_payments import FIRST_PAYMENT

RECEIVER = "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"
"""Address form of the key that the payment's first output pays."""
TABLE = f"""\
Date(UTC+0),Coin,Network,Amount,Fee,Address,TXID,Status
2009-01-12 03:30:25,BTC,BTC,10,0,{RECEIVER},{FIRST_PAYMENT},Completed
2009-01-12 03:30:25,BTC,BTC,11,0,{RECEIVER},{FIRST_PAYMENT},Completed
2009-01-12 03:30:25,BTC,BTC,10,0,{RECEIVER},{"0" * 64},Completed
2009-01-12 03:30:25,USDT,TRX,10,0,T{"1" * 33},{"a" * 64},Completed
2009-01-12 03:30:25,BTC,BTC,10,0,{RECEIVER},,Completed
2009-01-12 03:30:25,BTC,BTC,10,0,{RECEIVER},,Failed
"""
MAPPING = {
    "amount": {"decimal": ".", "thousands": ","},
    "columns": {
        "amount": "Amount", "asset": "Coin", "chain": "Network", "fee": "Fee",
        "fee_asset": "Coin", "status": "Status", "time": "Date(UTC+0)", "to_address": "Address",
        "txid": "TXID",
    },
    "constants": {},
    "direction": {"by": "value", "value": "out", "words_in": [], "words_out": []},
    "done": ["Completed"],
    "format": "kancil-mapping/1",
    "name": "binance-withdrawals",
    "stated_by": "Example Exchange",
    "table": {"delimiter": ",", "encoding": "utf-8", "header_line": 1},
    "time": {"calendar": "gregorian", "formats": ["YYYY-MM-DD hh:mm:ss"], "zone": "UTC"},
    "version": 1,
}  # fmt: skip
PRICES = "Date,Price\n2026-03-08,50000.5\n2026-03-09,51000.25\n"


def stated_files(folder: Path) -> tuple[Path, Path, Path]:
    """Write the table, the mapping and the prices into a folder."""
    table, mapping, prices = folder / "return.csv", folder / "decided.json", folder / "prices.csv"
    table.write_text(TABLE, encoding="utf-8")
    mapping.write_text(json.dumps(MAPPING), encoding="utf-8")
    prices.write_text(PRICES, encoding="utf-8")
    return table, mapping, prices
