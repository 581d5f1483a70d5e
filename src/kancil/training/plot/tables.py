"""The tables that keepers hand over in a lab: a bank's statement, an exchange's return, labels.

Columns bear the usual names that `kancil transfers suggest` knows (`evidence/tables/layouts`), so
that trainees read them with the tools as they stand. Amounts are exact decimals without thousands
marks; times are on the keeper's own clock, whose offset stands in its own column or letter.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kancil.bitcoin.generator.counter import Draw
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.base58 import encode_check

from .chain import ToldChain
from .voice import Voice, offset

EXCHANGE_OFFSET = 9 * 60
"""Minutes: the exchanges of the labs keep a clock of their own, apart from all places."""
CREDITED_SECONDS = 1_800
"""After its block's time a deposit is credited to the customer's account (three blocks)."""
ATTRIBUTION_DESK = "Example Attribution Desk"
_TRON = b"\x41"


@dataclass(frozen=True, slots=True)
class BankRow:
    """One line of a statement."""

    at: int
    """Unix time."""
    words: str
    minor: int
    """In the currency's smallest unit that the bank writes; negative: a debit."""
    other_account: str = ""
    other_name: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who an exchange says holds an account."""

    account: str
    name: str
    is_business: bool
    address: str
    """The deposit address that the exchange gave them."""
    opened: int
    """Unix time."""
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """A deposit or a withdrawal as the exchange states it."""

    at: int
    """Unix time at which it was booked."""
    coin: str
    network: str
    amount: str
    address: str
    reference: str
    """Transaction id of a deposit or a withdrawal of coins; a bank's reference else."""
    account: str
    status: str = "completed"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file: UTF-8, commas, a line feed after each row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue().encode("utf-8")


def decimal_text(minor: int, decimals: int) -> str:
    """A count of smallest units as a decimal number: `1234.50`."""
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def btc(value_sat: int) -> str:
    """Satoshi as bitcoin with all eight places, as an answer has it."""
    return decimal_text(value_sat, 8)


def utc_text(seconds: int) -> str:
    """A Unix time as a timeline has it: `2026-03-09T07:05:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def statement(
    voice: Voice, account: str, opening_minor: int, rows: Sequence[BankRow], *, left_out: int = 0
) -> tuple[bytes, dict[int, int], list[BankRow]]:
    """A bank's statement on the local clock; rows in order of time, with the running balance.

    `left_out`: so many everyday rows, evenly spread, are not printed though the balance goes on:
    the statement is incomplete, and shows it. Gives the file, the line of each row (from 1, by its
    place in `rows` sorted by time), and the rows that were left out.
    """
    ordered = sorted(rows, key=lambda row: (row.at, row.words, row.minor))
    everyday = [place for place, row in enumerate(ordered) if not row.other_account]
    missing = {everyday[(n + 1) * len(everyday) // (left_out + 1) - 1] for n in range(left_out)}
    balance, printed, lines = opening_minor, [], {}
    for place, row in enumerate(ordered):
        balance += row.minor
        if place in missing:
            continue
        when = voice.local(row.at)
        places = voice.decimals
        printed.append(
            (
                when.strftime("%Y-%m-%d"), when.strftime("%H:%M:%S"), row.words,
                decimal_text(-row.minor, places) if row.minor < 0 else "",
                decimal_text(row.minor, places) if row.minor >= 0 else "",
                decimal_text(balance, places), voice.currency, account,
                row.other_account, row.other_name,
            )
        )  # fmt: skip
        lines[place] = len(printed) + 1
    header = ("Date", "Time", "Description", "Debit", "Credit", "Balance", "Currency", "Account",
              "Counterparty Account", "Counterparty")  # fmt: skip
    return table(header, printed), lines, [ordered[place] for place in sorted(missing)]


def accounts_table(customers: Sequence[Customer]) -> bytes:
    """Who the exchange says holds which account."""
    return table(
        ("Account", "Name", "Kind", "E-mail", "Opened", "BTC deposit address", "Bank account"),
        [
            (
                each.account, each.name, "business" if each.is_business else "person",
                f"{each.account.lower()}@mail.example",
                exchange_clock(each.opened).strftime("%Y-%m-%d"), each.address, each.bank_account,
            )
            for each in customers
        ],
    )  # fmt: skip


def credits_table(credits: Sequence[Credit]) -> tuple[bytes, dict[tuple[str, str], int]]:
    """Deposits or withdrawals on the exchange's clock; the line of each (reference, account)."""
    ordered = sorted(credits, key=lambda each: (each.at, each.reference, each.account))
    rows = [
        (
            exchange_clock(each.at).strftime("%Y-%m-%d %H:%M:%S"), "+09:00", each.coin,
            each.network, each.amount, each.address, each.reference, each.account, each.status,
        )
        for each in ordered
    ]  # fmt: skip
    lines = {(each.reference, each.account): line for line, each in enumerate(ordered, start=2)}
    header = ("Time", "Clock", "Coin", "Network", "Amount", "Address", "TXID", "Account", "Status")
    return table(header, rows), lines


def exchange_clock(seconds: int) -> datetime:
    """A Unix time on the exchange's own clock."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(offset(EXCHANGE_OFFSET))


def labels_table(chain: ToldChain, exchanges: Sequence[str], fetched_on: str) -> bytes:
    """Deposit addresses of the exchanges, in the columns of Kancil's own table of labels."""
    rows = [
        (address, exchanges[number], "BTC", "exchange", ATTRIBUTION_DESK, fetched_on, "medium",
         "invented for a lab")
        for address, number in sorted(chain.exchanges.items())
    ]  # fmt: skip
    header = ("address", "label", "currency", "category", "publisher", "fetched_on", "confidence",
              "source")  # fmt: skip
    return table(header, rows)


def unused_address(draw: Draw) -> str:
    """A regtest address that nobody holds."""
    program = b"".join(draw.word().to_bytes(8, "big") for _ in range(3))[:20]
    return encode_address(ScriptKind.P2WPKH, program, REGTEST) or ""


def tron_address(draw: Draw) -> str:
    """A well-formed TRON address that nobody holds: 20 drawn bytes."""
    program = b"".join(draw.word().to_bytes(8, "big") for _ in range(3))[:20]
    return encode_check(_TRON + program)


def tron_txid(draw: Draw) -> str:
    """64 hexadecimal digits of no transaction."""
    return b"".join(draw.word().to_bytes(8, "big") for _ in range(4)).hex()


def number(draw: Draw, digits: int) -> str:
    """A drawn number of so many digits, the first not 0."""
    return str(draw.between(10 ** (digits - 1), 10**digits - 1))


def numbers(draw: Draw, digits: int, count: int, before: str = "") -> list[str]:
    """As many different ones."""
    found: list[str] = []
    while len(found) < count:
        one = before + number(draw, digits)
        if one not in found:
            found.append(one)
    return found


def sha256(data: bytes) -> str:
    """The digest of a file's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
