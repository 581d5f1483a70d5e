"""Ransom payment: a hospital pays in bitcoin, and the coins are followed to an exchange's account.

The trainee finds the payment in the blocks, follows it over the hops to a deposit at an exchange,
names the account from the exchange's return, and says how much of the deposit is the ransom's under
two policies. Beside the launderer stand customers who were paid by them and did nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kancil.bitcoin.generator.counter import Draw
from kancil.ground.files import read_file, write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.training.lab import Audience, Knobs, Made
from kancil.training.plot.asking import Telling
from kancil.training.plot.chain import BLOCK_FILE, STREAM_CHAIN, ToldChain, make_chain
from kancil.training.plot.chat import Chat, chat_export, everyday_chat, spoken
from kancil.training.plot.everyday import (
    DAY,
    Return,
    Role,
    exchange_return,
    fiat_units,
    institution_rows,
)
from kancil.training.plot.tables import (
    ATTRIBUTION_DESK,
    BankRow,
    accounts_table,
    btc,
    credits_table,
    decimal_text,
    labels_table,
    number,
    sha256,
    statement,
    unused_address,
    utc_text,
)
from kancil.training.plot.trail import EXCHANGE, Branch, Trail, fifo_share, haircut_share
from kancil.training.plot.voice import EXCHANGES, Voice, voice_of
from kancil.training.question import Kind

LAB, WORDS = "ransom-payment", "lab.ransom-payment-"
STATEMENT, CHATS, LABELS = "bank-statement.csv", "chats.json", "labels.csv"
ACCOUNTS, DEPOSITS, WITHDRAWALS = (
    "exchange-accounts.csv", "exchange-deposits.csv", "exchange-withdrawals.csv",
)  # fmt: skip
PROCESS = ("basis-first", "hash-verified", "original-untouched", "traced-from-intake",
           "limits-stated")  # fmt: skip
_STREAM = STREAM_CHAIN + 1
_FIRST_DAY = datetime(2026, 2, 2, tzinfo=UTC)
_DAYS_BEFORE, _DAYS = 20, 24
_BROKER_FEE, _REFUND = 102, 3
"""Hundredths: what the broker takes on top, and what it gives back."""


@dataclass(slots=True)
class _Case:
    """What is drawn and made for one variant."""

    seed: int
    knobs: Knobs
    voice: Voice
    draw: Draw
    trail: Trail
    chain: ToldChain
    exchanges: list[str]
    city: str
    told: Telling
    back: Return
    used: set[str]
    """Names that somebody in the lab has."""

    @property
    def paid_at(self) -> int:
        """Unix time of the block that holds the payment."""
        return self.chain.time_of(self.trail.payment.tx)


class RansomPayment:
    """The lab; see the module."""

    name = LAB
    version = "2"
    audience = Audience.INVESTIGATOR
    sources = (
        "FATF, Countering Ransomware Financing, 2023",
        "Meiklejohn et al., A Fistful of Bitcoins, IMC 2013",
        "Möser, Böhme, Breuker, Towards Risk Scoring of Bitcoin Transactions, FC 2014 Workshops",
        "Anderson, Shumailov, Ahmed, Making Bitcoin Legal, Security Protocols Workshop 2018",
    )

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Write blocks, labels, the exchange's return, the bank's statement and the chats."""
        draw, voice = Draw(seed, _STREAM), voice_of(knobs.language)
        start = _FIRST_DAY + timedelta(days=draw.below(120), minutes=draw.below(1_440))
        trail = Trail(knobs.hops, knobs.decoys, draw.between(60_000_000, 140_000_000))
        chain = make_chain(folder, seed, knobs.noise, trail, start, progress)
        exchanges, city = draw.shuffled(EXCHANGES), draw.pick(voice.said["cities"])
        roles = [Role("launderer", trail.places["deposit"])]
        roles += [
            Role(each.kind, each.address) for each in trail.branches if each.kind != "outsider"
        ]
        begin = chain.times[-1]
        used: set[str] = set()
        back = exchange_return(voice, draw, chain, roles, begin, used)
        case = _Case(
            seed, knobs, voice, draw, trail, chain, exchanges, city, Telling(WORDS), back, used
        )
        lines = _write_return(folder, case)
        cost_minor = _write_statement(folder, case)
        _write_chats(folder, case)
        _tell_files(case)
        _ask_chain(case, cost_minor)
        _ask_account(case, lines, sha256(read_file(folder / BLOCK_FILE)))
        _tell_timeline(case, lines)
        names = {"city": city, "hospital": _hospital(case), "exchange": exchanges[EXCHANGE]}
        return Made(
            story=case.told.story(4, **names, zone=voice.zone, currency=voice.currency),
            basis=case.told.say("basis", number=number(draw, 3), court=_court(case)),
            evidence=tuple(case.told.evidence),
            questions=tuple(case.told.questions),
            expected=tuple(case.told.expected),
            timeline=case.told.in_time(),
            process=PROCESS,
        )


def _hospital(case: _Case) -> str:
    return str(case.voice.said["hospital"]).format(city=case.city)


def _court(case: _Case) -> str:
    return str(case.voice.said["court"]).format(city=case.city)


def _write_return(folder: Path, case: _Case) -> dict[tuple[str, str], int]:
    """The exchange's tables and the labels; gives the lines of the deposits."""
    deposits, lines = credits_table(case.back.deposits)
    withdrawals, _ = credits_table(case.back.withdrawals)
    day = utc_text(case.chain.times[-1] + DAY)[:10]
    write_durably(folder / ACCOUNTS, accounts_table(case.back.customers))
    write_durably(folder / DEPOSITS, deposits)
    write_durably(folder / WITHDRAWALS, withdrawals)
    write_durably(folder / LABELS, labels_table(case.chain, case.exchanges, day))
    return lines


def _write_statement(folder: Path, case: _Case) -> int:
    """The hospital's statement; gives what the coins cost it, less what came back."""
    voice, draw, trail = case.voice, case.draw, case.trail
    unit = voice.unit
    begin = case.paid_at - _DAYS_BEFORE * DAY
    rows = institution_rows(voice, draw, begin, _DAYS, voice.people(draw, 6, case.used))
    broker, account, order = str(voice.said["broker"]), number(draw, 10), number(draw, 6)
    bought = case.chain.time_of(trail.purchase.tx)
    debit = fiat_units(voice, trail.purchase.value) * _BROKER_FEE // 100 * unit
    refund = debit * _REFUND // 100
    rows += [
        BankRow(bought - 2_700, voice.line("broker", broker=broker, number=order), -debit,
                account, broker),
        BankRow(bought + 21_600, voice.line("refund", broker=broker, number=order), refund,
                account, broker),
    ]  # fmt: skip
    own = number(draw, 10)
    content, _, left_out = statement(voice, own, 4 * debit, rows, left_out=case.knobs.missing)
    write_durably(folder / STATEMENT, content)
    for row in left_out:
        money = decimal_text(row.minor, voice.decimals)
        params = {"amount": money, "currency": voice.currency, "words": row.words}
        case.told.did(row.at, _hospital(case), "left-out", f"files/{STATEMENT}", params=params)
    case.told.did(bought - 2_700, _hospital(case), "bought", f"files/{STATEMENT}")
    return debit - refund


def _write_chats(folder: Path, case: _Case) -> None:
    """The chat of the hospital's staff, and the one with those who ask for the ransom."""
    voice, draw, trail = case.voice, case.draw, case.trail
    staff = voice.people(draw, 5, case.used)
    begin = case.paid_at - _DAYS_BEFORE * DAY
    asked = btc(trail.payment.value * 2)
    lines = voice.lines(
        "ransom", asked=asked, agreed=btc(trail.payment.value), wrong=unused_address(draw),
        address=trail.places["payment"],
    )  # fmt: skip
    paid = case.paid_at
    times = [paid - each for each in (86_400, 86_100, 79_000, 43_000, 20_000, 18_500)]
    times += [paid + each for each in (900, 2_400)]
    attacker = "locker_" + number(draw, 5)
    talk = spoken(lines, times, (attacker, staff[0]), "aabababa")
    chats = [
        everyday_chat(voice, draw, _hospital(case), staff, begin, _DAYS),
        Chat(attacker, talk),
    ]
    write_durably(folder / CHATS, chat_export(voice, chats))
    case.told.did(times[0], attacker, "demanded", f"files/{CHATS}")


def _tell_files(case: _Case) -> None:
    told, exchange = case.told, case.exchanges[EXCHANGE]
    told.file(BLOCK_FILE, "blocks", "blocks")
    told.file(LABELS, "labels", "labels", publisher=ATTRIBUTION_DESK)
    for name, word in (
        (ACCOUNTS, "accounts"),
        (DEPOSITS, "deposits"),
        (WITHDRAWALS, "withdrawals"),
    ):
        told.file(name, "exchange-return", word, exchange=exchange)
    told.file(STATEMENT, "bank-statement", "statement", bank=case.voice.said["banks"][0])
    told.file(CHATS, "chat", "chats", hospital=_hospital(case))


def _ask_chain(case: _Case, cost_minor: int) -> None:
    """What the blocks and the bank's statement answer."""
    told, trail, chain, voice = case.told, case.trail, case.chain, case.voice
    innocent = _innocent_addresses(case)
    at = voice.local(case.paid_at)
    told.ask("payment-address", Kind.ADDRESS, 3, trail.places["payment"], hints=(1,))
    told.ask("payment-amount", Kind.AMOUNT, 3, btc(trail.payment.value), unit="BTC",
             tolerance="0")  # fmt: skip
    told.ask("payment-time", Kind.TIME, 4, at.isoformat(), tolerance="60", hints=(1,))
    told.ask(
        "cost", Kind.AMOUNT, 4, decimal_text(cost_minor, voice.decimals), unit=voice.currency,
        tolerance="0", hints=(1,), words={"hospital": _hospital(case)},
    )  # fmt: skip
    told.ask("path", Kind.PATH, 10, [chain.txids[tx] for tx in trail.path], hints=(2, 2),
             words={"exchange": case.exchanges[EXCHANGE]})  # fmt: skip
    told.ask(
        "deposit-address", Kind.ADDRESS, 6, trail.places["deposit"], hints=(2,),
        accusations=innocent, words={"exchange": case.exchanges[EXCHANGE]},
    )  # fmt: skip
    told.ask("linked", Kind.SET, 6, sorted(trail.linked), hints=(2,))


def _innocent_addresses(case: _Case) -> dict[str, Phrase]:
    """Deposit addresses of customers who were paid and did nothing."""
    return {
        address: case.told.say("innocent-" + _kind_of(case, address), account=customer.account)
        for address, customer in case.back.of_role.items()
        if address != case.trail.places["deposit"]
    }


def _kind_of(case: _Case, address: str) -> str:
    return next(each.kind for each in case.trail.branches if each.address == address)


def _ask_account(case: _Case, lines: dict[tuple[str, str], int], digest: str) -> None:
    """What the exchange's return answers, and what may be said of it."""
    told, trail = case.told, case.trail
    deposit = trail.deposit
    holder = case.back.of_role[trail.places["deposit"]].account
    innocent = {
        case.back.of_role[address].account: words
        for address, words in _innocent_addresses(case).items()
    }
    told.ask("account", Kind.SET, 10, [holder], hints=(3,), accusations=innocent)
    share = haircut_share(trail.last_inputs, deposit.value)
    told.ask("haircut", Kind.AMOUNT, 6, btc(share), unit="BTC", tolerance="0.00000020", hints=(2,))
    share = fifo_share(trail.last_inputs, trail.last_outputs, deposit.n)
    told.ask("fifo", Kind.AMOUNT, 6, btc(share), unit="BTC", tolerance="0.00000020", hints=(2,))
    told.ask("block-digest", Kind.DIGEST, 2, digest)
    _ask_finding(case, holder, lines)


def _ask_finding(case: _Case, holder: str, lines: dict[tuple[str, str], int]) -> None:
    """The statement that the evidence bears, among those that say more."""
    told, trail = case.told, case.trail
    txid = case.chain.txids[trail.path[-1]]
    line = lines[txid, holder]
    offered = ["attacker", "received", "exchange"]
    accusations = {
        "attacker": told.say("innocent-attacker"), "exchange": told.say("innocent-exchange"),
    }  # fmt: skip
    shop = next((each for each in trail.branches if each.kind == "shop"), None)
    if shop is not None:
        account = case.back.of_role[shop.address].account
        offered.append("shop")
        accusations["shop"] = told.say("innocent-shop", account=account)
    right = {"statement": "received", "pointers": [txid, f"files/{DEPOSITS}:{line}"]}
    told.ask(
        "finding", Kind.FINDING, 8, right, hints=(2,),
        choices=[(each, {}) for each in case.draw.shuffled(offered)],
        accusations=accusations, why={"txid": txid, "line": line},
    )  # fmt: skip
    rubric = (("says-policy", 2), ("says-limits", 2), ("says-next", 2))
    told.ask("explain", Kind.TEXT, 6, "", rubric=rubric)


def _tell_timeline(case: _Case, lines: dict[tuple[str, str], int]) -> None:
    """What the invented actors did, with where it shows."""
    told, trail, chain = case.told, case.trail, case.chain
    for coin in trail.older:
        told.did(chain.time_of(coin.tx), "launderer", "older-coins", chain.txids[coin.tx])
    told.did(chain.time_of(trail.sale), "launderer", "older-spend", chain.txids[trail.sale])
    told.did(case.paid_at, _hospital(case), "paid", chain.txids[trail.path[0]])
    for tx in trail.path[1:-1]:
        told.did(chain.time_of(tx), "launderer", "hop", chain.txids[tx])
    for branch in trail.branches:
        _tell_branch(case, branch)
    last = trail.path[-1]
    holder = case.back.of_role[trail.places["deposit"]].account
    line = f"files/{DEPOSITS}:{lines[chain.txids[last], holder]}"
    told.did(chain.time_of(last), holder, "paid-in", chain.txids[last], line)


def _tell_branch(case: _Case, branch: Branch) -> None:
    tx = branch.coin.tx
    case.told.did(
        case.chain.time_of(tx), "launderer", "branch-" + branch.kind, case.chain.txids[tx],
        params={"address": branch.address},
    )  # fmt: skip


RANSOM_PAYMENT = RansomPayment()
