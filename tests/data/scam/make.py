"""Make the tables of an invented swindle: bank, second bank, exchange, TRON, swap, bitcoin.

Nobody here is real: accounts, names, addresses and amounts are made up, and the TRON addresses are
digests of words, so that nobody holds their keys. The last payment names the first payment between
two people in the sample's blocks, whose days the tables therefore have; `tables_of` writes the same
story for other days and another last payment.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import xlsxwriter

from kancil.ground import base58
from tests.cli.real_payments import FIRST_PAYMENT
from tests.cli.stated_files import RECEIVER

HERE = Path(__file__).parent


def invented(words: str) -> str:
    """A TRON address of which nobody has the key."""
    return base58.encode_check(b"\x41" + sha256(words.encode()).digest()[:20])


HOT, FIRST, SECOND, SPAMMER, DEPOSIT = (
    invented(f"invented {name}") for name in ("hot wallet", "first", "second", "spammer", "deposit")
)
LOOK_ALIKE = base58.encode_check(bytes.fromhex("4137be019d0bfa6211db98cb702a19b4654a99d727"))
"""First four and last three characters as SECOND has them; found by trying."""
TETHER = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
VICTIM, MULE, SWAP = "010-12-00-12345678", "030-555-1112", "SW-4471-2009"
TXIDS = {name: sha256(name.encode()).hexdigest() for name in ("out", "on", "dust", "false", "swap")}

BANK = f"""\
ທະນາຄານ ຕົວຢ່າງ ວຽງຈັນ,,,,,
ເລກບັນຊີ: {VICTIM},,,ສະກຸນເງິນ: LAK,,
ວັນທີ,ລາຍລະອຽດ,ບັນຊີຄູ່,ຖອນ,ຝາກ,ຍອດເຫຼືອ
01/01/2009,ຍອດຍົກມາ,,,,"1,000,000.00"
05/01/2009,ເງິນເດືອນ,,,"60,000,000.00","61,000,000.00"
09/01/2009,TXN-778120,{MULE},"50,000,000.00",,"11,000,000.00"
13/01/2009,ຮ້ານຄ້າ,010-77-00-00000042,"2,000,000.00",,"9,000,000.00"
ລວມ,,,"52,000,000.00","60,000,000.00",
"""
COMPLAINTS = f"""\
Case no,Victim name,Date paid,Amount,Currency,Paid to account,Address paid
TXN-778120,Invented One,2009-01-09,50000000,LAK,{MULE},
TXN-778121,Invented Two,2009-01-09,20000000,LAK,{MULE},
TXN-778122,Invented Three,2009-01-11,300.50,USDT,,{FIRST}
"""
EXCHANGE = f"""\
Time(UTC),Type,Currency,Network,Amount,Counterparty account,Counterparty address,TxID,Status
2009-01-10 02:00:00,Deposit,LAK,,69000000,{MULE},,,Completed
2009-01-10 09:00:00,Withdrawal,USDT,TRC20,3190,,{FIRST},{TXIDS["out"]},Completed
2009-01-10 09:30:00,Withdrawal,USDT,TRC20,50,,{FIRST},,Failed
"""
TRONSCAN = f"""\
From,To,Time(UTC),Amount,Token,Contract,Tx Hash,Status
{HOT},{FIRST},2009-01-10 09:00:12,3190,USDT,{TETHER},{TXIDS["out"]},SUCCESS
{FIRST},{SECOND},2009-01-11 10:00:00,3190,USDT,{TETHER},{TXIDS["on"]},SUCCESS
{LOOK_ALIKE},{FIRST},2009-01-11 10:05:00,0.000001,USDT,{TETHER},{TXIDS["dust"]},SUCCESS
{SPAMMER},{SECOND},2009-01-11 11:00:00,5000,USDT,{SPAMMER},{TXIDS["false"]},SUCCESS
{SECOND},{DEPOSIT},2009-01-11 20:00:00,3100,USDT,{TETHER},{TXIDS["swap"]},SUCCESS
"""
SWAPPED = f"""\
Time(UTC),Type,Currency,Network,Amount,Account,Counterparty address,TxID,Status
2009-01-11 20:02:00,Deposit,USDT,TRC20,3100,{SWAP},{SECOND},{TXIDS["swap"]},Completed
2009-01-12 03:30:25,Withdrawal,BTC,BTC,10,{SWAP},{RECEIVER},{FIRST_PAYMENT},Completed
"""


LAST_DAY = date(2009, 1, 12)
"""Of the last payment."""
_WRITTEN = re.compile(r"\b(?:(\d\d)/01/2009|2009-01-(\d\d))\b")


@dataclass(frozen=True, slots=True)
class Payout:
    """The last payment: what the swap service paid out in bitcoin."""

    at: datetime
    """UTC, whole seconds."""
    txid: str
    address: str
    amount: str
    """In BTC."""


FIRST_PAYOUT = Payout(datetime(2009, 1, 12, 3, 30, 25, tzinfo=UTC), FIRST_PAYMENT, RECEIVER, "10")


def _moved(text: str, days: timedelta) -> str:
    """A text with the days of its story moved, each as it is written."""

    def written(found: re.Match[str]) -> str:
        day = date(2009, 1, int(found[1] or found[2])) + days
        return f"{day:%d/%m/%Y}" if found[1] else day.isoformat()

    return _WRITTEN.sub(written, text)


def tables_of(payout: Payout) -> dict[str, bytes]:
    """The six tables of the story that ends with this payment, by name."""
    days = payout.at.date() - LAST_DAY
    last = (f"2009-01-12 03:30:25,Withdrawal,BTC,BTC,10,{SWAP},{RECEIVER},{FIRST_PAYMENT}",
            f"{payout.at:%Y-%m-%d %H:%M:%S},Withdrawal,BTC,BTC,{payout.amount},{SWAP},"
            f"{payout.address},{payout.txid}")  # fmt: skip
    before, _, after = SWAPPED.partition(last[0])
    return {
        "victim-bank.csv": _moved(BANK, days).encode(),
        "complaints.csv": _moved(COMPLAINTS, days).encode(),
        "mule-bank.xlsx": mule_bank(days),
        "exchange.csv": _moved(EXCHANGE, days).encode(),
        "tronscan.csv": _moved(TRONSCAN, days).encode(),
        "swap.csv": (_moved(before, days) + last[1] + after).encode(),
    }


def mule_bank(days: timedelta = timedelta(0)) -> bytes:
    """The second bank's statement: a workbook whose column names take two lines."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2009, 1, 20)})  # noqa: DTZ001 (as the file has it)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, ["Mekong Example Bank"])
    sheet.write_row(1, 0, [f"Account No: {MULE}", "", "Currency: LAK"])
    sheet.write_row(2, 0, ["Date", "Counterparty account", "Amount", "", "Balance"])
    sheet.write_row(3, 2, ["Debit", "Credit"])
    rows: list[tuple[int, int, int, str, int, int, int]] = [
        (9, 4, 10, VICTIM, 0, 50_000_000, 50_500_000),
        (9, 5, 40, "010-88-00-00000007", 0, 20_000_000, 70_500_000),
        (10, 8, 55, "777-000-1234", 69_000_000, 0, 1_400_000),
    ]
    for at, (number, hour, minute, other, debit, credit, balance) in enumerate(rows, 4):
        moment = datetime(2009, 1, number, hour, minute) + days  # noqa: DTZ001 (as a cell)
        sheet.write_datetime(at, 0, moment, day)
        sheet.write_string(at, 1, other)
        for column, amount in ((2, debit), (3, credit), (4, balance)):
            if amount:
                sheet.write_number(at, column, amount)
    book.close()
    return out.getvalue()


FILES = tables_of(FIRST_PAYOUT)
PUBLISHERS = {
    "victim-bank.csv": ("Vientiane Example Bank", {"zone": "Asia/Vientiane"}),
    "complaints.csv": ("Example Police", {"zone": "Asia/Vientiane"}),
    "mule-bank.xlsx": ("Mekong Example Bank", {"zone": "Asia/Vientiane"}),
    "exchange.csv": ("Example Exchange", {}),
    "tronscan.csv": ("Tronscan export", {}),
    "swap.csv": ("Example Swap", {}),
}
"""Who made each table, and what else an officer decides of it."""


if __name__ == "__main__":
    for name, data in FILES.items():
        (HERE / name).write_bytes(data)
