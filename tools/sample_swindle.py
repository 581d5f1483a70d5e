"""The swindle of the demonstration: its tables and its chain, of the days before it is made.

Nobody here is real. The chain is generated (regtest): everyday life, and one story in it. What a
swap service pays out goes on in part to a deposit address at an exchange; the rest stays. The same
day gives the same files, byte for byte.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Coin, Stage
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.script import address_of_script
from kancil.ground.progress import SILENT
from kancil.training.plot.chain import BLOCK_FILE, ToldChain, make_chain
from tests.data.scam.make import MULE, Payout, tables_of
from tools.fat import File, fat_image

SEED, NOISE = 12, 60
PAYOUT_SAT = 3_250_000
"""About what the swap service takes in USDT is worth, so that the story holds together."""
MOST_FEE_SAT = 20_000
"""More than the one payment after it costs."""
_PAID_AT = time(3, 30, 25, tzinfo=UTC)
EXCHANGES = ("Example Harbour Exchange", "Example Peak Exchange")
LABELS, TABLES, STICK = "labels.csv", "tables", "stick.img"


class Story:
    """The swap service pays a suspect, who pays a part in at an exchange and keeps the rest."""

    name = "sample-swindle"
    version = "1"
    source = "invented for the demonstration"
    least = most = 2

    def __init__(self) -> None:
        """Begin: nothing was played yet."""
        self.payout: Coin | None = None
        self.address = ""
        """To which it is paid."""

    def holds(self) -> bool:
        """Whether the payout has the amount that the tables name."""
        return self.payout is not None and self.payout.value == PAYOUT_SAT

    def play(self, stage: Stage) -> Iterator[int]:
        """Pay out, wait half an hour, deposit six tenths."""
        suspect = stage.actor("suspect")
        self.payout = coin = stage.entry(stage.address(suspect, "paid"), PAYOUT_SAT, "payout")
        self.address = address_of_script(stage.script(coin.address), REGTEST) or ""
        yield 3
        account = stage.account(suspect, "deposit", 0)
        kept = stage.address(suspect, "kept", stage.change_form)
        stage.spend([coin], [(account, coin.value * 6 // 10, OutputRole.DEPOSIT)], "deposit",
                    change=kept)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Swindle:
    """What was made, and what is true of it."""

    folder: Path
    payout: Payout
    outpoint: str
    """Of the payout, `txid:n`."""

    @property
    def blocks(self) -> Path:
        """The block file of its chain."""
        return self.folder / BLOCK_FILE

    @property
    def labels(self) -> Path:
        """The deposit addresses of the chain's exchanges, as an invented publisher lists them."""
        return self.folder / LABELS

    @property
    def stick(self) -> Path:
        """A suspect's memory stick: a note that names the address, and a list that was deleted."""
        return self.folder / STICK

    @property
    def tables(self) -> Path:
        """The folder of the six tables."""
        return self.folder / TABLES


def make_swindle(folder: Path, day: date) -> Swindle:
    """Write chain, labels and tables of a swindle; the swap service paid out on the day before.

    Raises PlotNotPlayed, DiskFull, FileNotReadable.
    """
    folder.mkdir(parents=True)
    (folder / TABLES).mkdir()
    paid_at = datetime.combine(day - timedelta(days=1), _PAID_AT)
    begun = paid_at - timedelta(days=1)
    story, told = _chain(folder, begun)
    # The hours from a chain's start to each block depend on its seed alone.
    late = told.time_of(_coin(story).tx) - int(paid_at.timestamp())
    (folder / BLOCK_FILE).unlink()
    story, told = _chain(folder, begun - timedelta(seconds=late))
    coin = _coin(story)
    amount = f"{Decimal(coin.value).scaleb(-8):f}".rstrip("0")
    payout = Payout(paid_at, told.txids[coin.tx], story.address, amount)
    for name, data in tables_of(payout).items():
        (folder / TABLES / name).write_bytes(data)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("address", "label", "category", "publisher"))
    writer.writerows(
        (address, EXCHANGES[number], "exchange", "Example Labels")
        for address, number in sorted(told.exchanges.items())
    )
    (folder / LABELS).write_text(out.getvalue(), "utf-8")
    (folder / STICK).write_bytes(_stick(story.address, paid_at))
    return Swindle(folder, payout, f"{payout.txid}:{coin.n}")


def _stick(address: str, paid_at: datetime) -> bytes:
    """The disk, as it was the day before the payout; 2 MB."""
    written = (paid_at - timedelta(days=1)).replace(microsecond=0)
    note = f"When the swap is done, have it sent to\n{address}\nand tell nobody.\n"
    deleted = f"called today: 3\npay in to {MULE}\n"
    pay_in = "ໂອນເງິນເຂົ້າບັນຊີນີ້\n"
    return fat_image(
        [
            File("note.txt", note.encode(), written),
            File("lao/ຂໍ້ຄວາມ.txt", pay_in.encode(), written),
            File("list.txt", deleted.encode(), written, is_deleted=True),
        ],
        label="STICK",
    )


def _chain(folder: Path, start: datetime) -> tuple[Story, ToldChain]:
    story = Story()
    return story, make_chain(folder, SEED, NOISE, story, start, SILENT)


def _coin(story: Story) -> Coin:
    if story.payout is None:
        raise AssertionError("a chain was taken in which the story was not played")
    return story.payout
