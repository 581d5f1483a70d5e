"""The money of a romance scam: victims' banks, a mule's account, USDT, wallets, a second exchange.

Everything is drawn first and conserved to the last unit: what the mule passes on is what came in
less their three per cent; what leaves a wallet is what entered it less the side branches. TRON's
network fees are paid in TRX and not shown, as in explorers' lists of token transfers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kancil.bitcoin.generator.counter import Draw
from kancil.training.lab import Knobs

from .everyday import DAY
from .tables import (
    BankRow,
    Credit,
    Customer,
    decimal_text,
    number,
    numbers,
    table,
    tron_address,
    tron_txid,
    utc_text,
)
from .voice import Voice

USDT_CONTRACT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
"""Of USDT on TRON, as `kancil.records.asset` has it; the one true identifier in these labs."""
USDT_DECIMALS = 2
"""Of amounts in these labs; the token itself has six."""
MULE_KEEPS = 3
"""Hundredths that the mule keeps."""
VICTIMS = 3
_EXPLORER_OFFSET = 8 * 60


@dataclass(frozen=True, slots=True)
class Victim:
    """Somebody who paid the mule."""

    name: str
    account: str
    paid_minor: int
    paid_at: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """A row of an explorer's list of TRC-20 transfers."""

    at: int
    txid: str
    sender: str
    receiver: str
    cents: int
    """Hundredths of a USDT, or of what only bears its name."""
    contract: str = USDT_CONTRACT


@dataclass(slots=True)
class Scam:
    """What happened, in the order of telling."""

    victims: list[Victim]
    mule: Customer
    """The mule's account at the first exchange; `bank_account` is theirs at the bank."""
    aunt: Victim
    """Who paid the mule for an honest reason."""
    first_deposits: list[Credit] = field(default_factory=list)
    first_withdrawals: list[Credit] = field(default_factory=list)
    """Of the mule's account; those of the victims' money go to `wallets[0]`."""
    hot_wallet: str = ""
    """From which the first exchange pays out."""
    own_wallet: str = ""
    """Where the mule sends their own money."""
    wallets: list[str] = field(default_factory=list)
    path: list[Transfer] = field(default_factory=list)
    """From the last withdrawal to the deposit at the second exchange."""
    transfers: list[Transfer] = field(default_factory=list)
    """Everything that the explorer's list shows, noise too."""
    branches: list[tuple[str, str]] = field(default_factory=list)
    """Kind and address of who was paid on the way."""
    deposit: str = ""
    """The deposit address at the second exchange."""
    fake_contract: str = ""

    @property
    def total_minor(self) -> int:
        """What the victims paid."""
        return sum(each.paid_minor for each in self.victims)

    @property
    def withdrawn_cents(self) -> int:
        """USDT that were bought with it and left the first exchange."""
        return sum(
            each.cents for each in self.transfers if each.receiver == self.wallets[0]
            and each.contract == USDT_CONTRACT
        )  # fmt: skip


def play_scam(voice: Voice, draw: Draw, begin: int, knobs: Knobs, used: set[str]) -> Scam:
    """Draw the whole story; `begin`: Unix time of its first day, `used`: names of others."""
    names, accounts = voice.people(draw, VICTIMS + 1, used), numbers(draw, 10, VICTIMS + 2)
    victims = [
        Victim(
            names[n], accounts[n], draw.between(700, 4_000) * voice.per_usdt * voice.unit,
            begin + (2 * n + draw.below(2)) * DAY + draw.between(3_600, 40_000),
        )
        for n in range(VICTIMS)
    ]  # fmt: skip
    mule = Customer(
        "TX-" + number(draw, 6), names[VICTIMS], False, "", begin - 40 * DAY, accounts[VICTIMS]
    )
    aunt = Victim(
        draw.pick(voice.said["shops"]), accounts[VICTIMS + 1],
        draw.between(90, 300) * voice.per_usdt * voice.unit,
        victims[1].paid_at + draw.between(4_000, 9_000),
    )  # fmt: skip
    scam = Scam(victims, mule, aunt)
    scam.wallets = [tron_address(draw) for _ in range(max(1, knobs.hops - 1))]
    scam.own_wallet, scam.deposit = tron_address(draw), tron_address(draw)
    scam.fake_contract, scam.hot_wallet = tron_address(draw), tron_address(draw)
    for payer in sorted([*victims, aunt], key=lambda each: each.paid_at):
        _buy(voice, draw, scam, payer)
    _move(draw, scam, knobs.hops, knobs.decoys)
    _crowd(draw, scam, knobs.noise)
    scam.transfers.sort(key=lambda each: (each.at, each.txid))
    return scam


def passed_on(payer: Victim, *, is_own: bool) -> int:
    """What the mule sends to the exchange of one payment, in the bank's smallest unit."""
    return payer.paid_minor if is_own else payer.paid_minor * (100 - MULE_KEEPS) // 100


def _buy(voice: Voice, draw: Draw, scam: Scam, payer: Victim) -> None:
    """The mule pays the exchange, buys USDT and withdraws them."""
    is_own = payer is scam.aunt
    minor = passed_on(payer, is_own=is_own)
    at, account = payer.paid_at + draw.between(2_000, 6_000), scam.mule.account
    scam.first_deposits.append(
        Credit(at, voice.currency, "bank", decimal_text(minor, voice.decimals),
               scam.mule.bank_account, "D" + number(draw, 12), account)
    )  # fmt: skip
    cents = minor * 10**USDT_DECIMALS // (voice.per_usdt * voice.unit)
    to = scam.own_wallet if is_own else scam.wallets[0]
    moved = Transfer(at + draw.between(900, 3_000), tron_txid(draw), scam.hot_wallet, to, cents)
    scam.transfers.append(moved)
    if not is_own:
        scam.path = [moved]
    scam.first_withdrawals.append(
        Credit(moved.at, "USDT", "TRC20", decimal_text(cents, USDT_DECIMALS), to, moved.txid,
               account)
    )  # fmt: skip


def _move(draw: Draw, scam: Scam, hops: int, decoys: int) -> None:
    """All that came to the first wallet goes on, hop by hop, a little less at each branch."""
    cents = scam.withdrawn_cents
    at = scam.path[0].at
    stops = [*scam.wallets, scam.deposit]
    for hop in range(1, hops):
        sender, receiver = stops[hop - 1], stops[hop]
        for n in range(decoys):
            if n % (hops - 1) != hop - 1:
                continue
            kind, to = ("shop", "customer", "outsider")[n % 3], tron_address(draw)
            part = cents * draw.between(10, 40) // 1_000
            at += draw.between(120, 900)
            scam.transfers.append(Transfer(at, tron_txid(draw), sender, to, part))
            scam.branches.append((kind, to))
            cents -= part
        at += draw.between(600, 5_000)
        moved = Transfer(at, tron_txid(draw), sender, receiver, cents)
        scam.transfers.append(moved)
        scam.path.append(moved)
    # Tokens that only bear the name come to the same address, to make it look richer.
    fake = Transfer(at + 700, tron_txid(draw), tron_address(draw), scam.deposit,
                    draw.between(2_000_000, 9_000_000), scam.fake_contract)  # fmt: skip
    scam.transfers.append(fake)


def _crowd(draw: Draw, scam: Scam, noise: int) -> None:
    """Transfers of others, which have nothing to do with it."""
    first, last = scam.victims[0].paid_at - DAY, scam.path[-1].at + DAY
    crowd = [tron_address(draw) for _ in range(12)]
    for _ in range(noise // 10):
        at, cents = first + draw.below(last - first), draw.between(500, 900_000)
        sender, away = draw.below(len(crowd)), draw.between(1, len(crowd) - 1)
        receiver = crowd[(sender + away) % len(crowd)]
        scam.transfers.append(Transfer(at, tron_txid(draw), crowd[sender], receiver, cents))


def tron_table(transfers: Sequence[Transfer]) -> tuple[bytes, dict[str, int]]:
    """The list as explorers export it; the line of each transaction (from 1)."""
    rows = [
        (
            each.txid, str(60_000_000 + each.at // 3 % 10_000_000),
            _explorer(each.at, _EXPLORER_OFFSET), _explorer(each.at, 0), each.sender,
            each.receiver, decimal_text(each.cents, USDT_DECIMALS), "USDT", each.contract, "true",
        )
        for each in transfers
    ]  # fmt: skip
    header = ("Tx Hash", "blockHeight", "blockTime(UTC+8)", "blockTime(UTC)", "from", "to", "value",
              "symbol", "tokenAddress", "isConfirm")  # fmt: skip
    return table(header, rows), {each.txid: n for n, each in enumerate(transfers, start=2)}


def _explorer(seconds: int, minutes: int) -> str:
    moved = utc_text(seconds + 60 * minutes)
    return moved.replace("T", " ").rstrip("Z")


def mule_rows(voice: Voice, scam: Scam, exchange: str, exchange_account: str) -> list[BankRow]:
    """What the mule's bank saw of it: each payment in, and what went on to the exchange."""
    rows = []
    for payer in [*scam.victims, scam.aunt]:
        words = voice.line("transfer", name=scam.mule.name)
        rows.append(BankRow(payer.paid_at, words, payer.paid_minor, payer.account, payer.name))
        minor = passed_on(payer, is_own=payer is scam.aunt)
        words = voice.line("transfer", name=exchange)
        rows.append(BankRow(payer.paid_at + 1_500, words, -minor, exchange_account, exchange))
    return rows
