"""Romance scam: victims pay a mule by bank, the mule buys USDT, and an account can be frozen.

Two victims complained; the mule's statement shows a third. Beside them an aunt's shop pays the mule
for an honest reason. The trainee joins bank statements, an exchange's return, an explorer's list of
token transfers and chats, whose clocks differ, and ends at one account of a second exchange.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kancil.bitcoin.generator.counter import Draw
from kancil.ground.files import read_file, write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.training.lab import Audience, Knobs, Made
from kancil.training.plot.asking import Telling
from kancil.training.plot.chain import STREAM_CHAIN
from kancil.training.plot.chat import Chat, Message, chat_export, everyday_chat, spoken
from kancil.training.plot.everyday import DAY, person_rows
from kancil.training.plot.scam import (
    USDT_CONTRACT,
    USDT_DECIMALS,
    Scam,
    mule_rows,
    play_scam,
    tron_table,
)
from kancil.training.plot.tables import (
    BankRow,
    Customer,
    accounts_table,
    credits_table,
    decimal_text,
    number,
    numbers,
    sha256,
    statement,
)
from kancil.training.plot.voice import EXCHANGES, Voice, voice_of
from kancil.training.question import Kind

LAB, WORDS = "romance-scam", "lab.romance-scam-"
MULE_STATEMENT, CHATS, TOKENS = "mule-statement.csv", "chats.json", "tron-transfers.csv"
VICTIM_STATEMENTS = ("victim-1-statement.csv", "victim-2-statement.csv")
ACCOUNTS, DEPOSITS, WITHDRAWALS = (
    "exchange-accounts.csv", "exchange-deposits.csv", "exchange-withdrawals.csv",
)  # fmt: skip
SECOND_ACCOUNTS = "second-exchange-accounts.csv"
PROCESS = ("basis-first", "hash-verified", "original-untouched")
_STREAM = STREAM_CHAIN + 2
_FIRST_DAY = datetime(2026, 2, 2, tzinfo=UTC)
_DAYS = 14


@dataclass(slots=True)
class _Case:
    """What is drawn and made for one variant."""

    knobs: Knobs
    voice: Voice
    draw: Draw
    begin: int
    scam: Scam
    exchanges: list[str]
    banks: list[str]
    city: str
    told: Telling
    used: set[str]
    """Names that somebody in the lab has."""
    holders: list[Customer] = field(default_factory=list)
    """Accounts of the second exchange; the one to freeze is among them."""
    lines: dict[str, int] = field(default_factory=dict)
    """Lines of the explorer's list by transaction."""

    @property
    def asked_for(self) -> Customer:
        """The account that holds the deposit address at the end."""
        return next(each for each in self.holders if each.address == self.scam.deposit)


class RomanceScam:
    """The lab; see the module."""

    name = LAB
    version = "2"
    audience = Audience.INVESTIGATOR
    sources = (
        "FATF, Interpol, Egmont Group, Illicit Financial Flows from Cyber-Enabled Fraud, 2023",
        "FATF, Virtual Assets: Red Flag Indicators of Money Laundering, 2020",
    )

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Write statements, the return, the list of token transfers, and chats."""
        progress.start(4, "steps", "progress.generate")
        draw, voice = Draw(seed, _STREAM), voice_of(knobs.language)
        begin = int((_FIRST_DAY + timedelta(days=draw.below(120))).timestamp())
        used: set[str] = set()
        scam = play_scam(voice, draw, begin, knobs, used)
        case = _Case(
            knobs, voice, draw, begin, scam, draw.shuffled(EXCHANGES),
            draw.shuffled(voice.said["banks"]), draw.pick(voice.said["cities"]),
            Telling(WORDS), used,
        )  # fmt: skip
        progress.advance(1)
        _write_statements(folder, case)
        _write_exchanges(folder, case)
        progress.advance(1)
        _write_chats(folder, case)
        progress.advance(1)
        _tell_files(case)
        _ask_banks(case)
        _ask_tokens(case, sha256(read_file(folder / TOKENS)))
        _ask_account(case)
        _tell_timeline(case)
        progress.finish()
        court = str(voice.said["court"]).format(city=case.city)
        return Made(
            story=case.told.story(4, **_names(case)),
            basis=case.told.say("basis", number=number(draw, 3), court=court),
            evidence=tuple(case.told.evidence),
            questions=tuple(case.told.questions),
            expected=tuple(case.told.expected),
            timeline=case.told.in_time(),
            process=PROCESS,
        )


def _names(case: _Case) -> dict[str, str]:
    return {
        "city": case.city, "zone": case.voice.zone, "currency": case.voice.currency,
        "exchange": case.exchanges[0], "second": case.exchanges[1],
        "first_victim": case.scam.victims[0].name, "second_victim": case.scam.victims[1].name,
        "contract": USDT_CONTRACT,
    }  # fmt: skip


def _money(case: _Case, minor: int) -> str:
    return decimal_text(minor, case.voice.decimals)


def _usdt(cents: int) -> str:
    return decimal_text(cents, USDT_DECIMALS)


# --- files


def _write_statements(folder: Path, case: _Case) -> None:
    """Those of the two victims who complained, and the mule's."""
    voice, draw, scam = case.voice, case.draw, case.scam
    exchange_account = number(draw, 10)
    opening = 3 * max(each.paid_minor for each in scam.victims)
    for name, victim in zip(VICTIM_STATEMENTS, scam.victims, strict=False):
        rows = person_rows(voice, draw, case.begin - 5 * DAY, _DAYS, victim.name, case.used)
        words = voice.line("transfer", name=scam.mule.name)
        rows.append(BankRow(victim.paid_at, words, -victim.paid_minor,
                            scam.mule.bank_account, scam.mule.name))  # fmt: skip
        content, _, _ = statement(voice, victim.account, opening, rows)
        write_durably(folder / name, content)
    rows = person_rows(voice, draw, case.begin - 5 * DAY, _DAYS, scam.mule.name, case.used)
    rows += mule_rows(voice, scam, case.exchanges[0], exchange_account)
    content, _, left_out = statement(
        voice, scam.mule.bank_account, opening // 10, rows, left_out=case.knobs.missing
    )
    write_durably(folder / MULE_STATEMENT, content)
    for row in left_out:
        params = {
            "amount": _money(case, row.minor), "currency": voice.currency, "words": row.words,
        }  # fmt: skip
        case.told.did(row.at, case.banks[0], "left-out", f"files/{MULE_STATEMENT}", params=params)


def _write_exchanges(folder: Path, case: _Case) -> None:
    """The first exchange's return, the list of token transfers, the second's accounts."""
    scam, voice, draw = case.scam, case.voice, case.draw
    deposits, _ = credits_table(scam.first_deposits)
    withdrawals, _ = credits_table(scam.first_withdrawals)
    tokens, case.lines = tron_table(scam.transfers)
    write_durably(folder / ACCOUNTS, accounts_table([scam.mule]))
    write_durably(folder / DEPOSITS, deposits)
    write_durably(folder / WITHDRAWALS, withdrawals)
    write_durably(folder / TOKENS, tokens)
    roles = {scam.deposit: "suspect"}
    roles |= {address: kind for kind, address in scam.branches if kind != "outsider"}
    known = {*scam.wallets, scam.own_wallet, *(address for _, address in scam.branches)}
    others = dict.fromkeys(each.receiver for each in scam.transfers)
    crowd = [each for each in others if each not in known and each not in roles]
    addresses = draw.shuffled([*roles, *draw.shuffled(crowd)[:6]])
    names = voice.people(draw, len(addresses), case.used)
    shops = iter(each for each in draw.shuffled(voice.said["shops"]) if each != scam.aunt.name)
    ids = sorted(numbers(draw, 7, len(addresses), "U"))
    case.holders = [
        Customer(
            ids[n], next(shops) if roles.get(address) == "shop" else names[n],
            roles.get(address) == "shop", address, case.begin - draw.between(20, 900) * DAY,
            number(draw, 10),
        )
        for n, address in enumerate(addresses)
    ]  # fmt: skip
    content = accounts_table(case.holders, "USDT (TRC20) deposit address")
    write_durably(folder / SECOND_ACCOUNTS, content)


def _write_chats(folder: Path, case: _Case) -> None:
    """The first victim's chats, and the mule's with whoever gives the orders."""
    voice, draw, scam = case.voice, case.draw, case.scam
    victim = scam.victims[0]
    lover, boss = "captain_" + number(draw, 4), "office_" + number(draw, 5)
    lines = voice.lines(
        "romance", amount=_money(case, victim.paid_minor), currency=voice.currency,
        name=scam.mule.name, bank=case.banks[0], account=scam.mule.bank_account,
    )  # fmt: skip
    paid = victim.paid_at
    times = [paid - each for each in (90_000, 86_000, 70_000, 69_000, 40_000)]
    talk = spoken(lines, [*times, paid + 300, paid + 900, paid + 90_000],
                  (lover, victim.name), "aaababaa")  # fmt: skip
    family = [victim.name, *voice.people(draw, 3, case.used)]
    chats = [
        everyday_chat(voice, draw, "group " + number(draw, 2), family, case.begin - 5 * DAY, _DAYS),
        Chat(lover, talk),
        Chat(boss, _orders(case, boss)),
    ]
    write_durably(folder / CHATS, chat_export(voice, chats))
    case.told.did(times[4], lover, "asked", f"files/{CHATS}")


def _orders(case: _Case, boss: str) -> list[Message]:
    """What the mule is told: an amount for each victim, and of the aunt's money nothing."""
    scam, voice = case.scam, case.voice
    messages = []
    for place, victim in enumerate(scam.victims):
        lines = voice.lines(
            "mule", amount=f"{_money(case, victim.paid_minor)} {voice.currency}",
            address=scam.wallets[0],
        )  # fmt: skip
        at = victim.paid_at + 600
        messages.append(Message(at, boss, lines[0]))
        if place == 0:
            messages.append(Message(at + 200, boss, lines[1]))
        if place == 1:
            messages.append(Message(scam.aunt.paid_at + 1_900, scam.mule.name, lines[2]))
        if place == len(scam.victims) - 1:
            messages.append(Message(at + 8_000, boss, lines[3]))
    return messages


def _tell_files(case: _Case) -> None:
    told, names = case.told, case.exchanges
    for name, victim in zip(VICTIM_STATEMENTS, case.scam.victims, strict=False):
        told.file(name, "bank-statement", "victim", victim=victim.name)
    told.file(MULE_STATEMENT, "bank-statement", "mule", bank=case.banks[0])
    told.file(ACCOUNTS, "exchange-return", "accounts", exchange=names[0])
    told.file(DEPOSITS, "exchange-return", "deposits", exchange=names[0])
    told.file(WITHDRAWALS, "exchange-return", "withdrawals", exchange=names[0])
    told.file(TOKENS, "document", "tokens")
    told.file(SECOND_ACCOUNTS, "exchange-return", "second", exchange=names[1])
    told.file(CHATS, "chat", "chats", victim=case.scam.victims[0].name, mule=case.scam.mule.name)


# --- questions


def _ask_banks(case: _Case) -> None:
    """What the statements and the chats answer together."""
    told, scam, voice = case.told, case.scam, case.voice
    aunt = told.say("innocent-aunt", name=scam.aunt.name)
    told.ask("mule-account", Kind.SET, 4, [scam.mule.bank_account],
             accusations={scam.aunt.account: aunt})  # fmt: skip
    told.ask("victims", Kind.SET, 9, sorted(each.account for each in scam.victims), hints=(2, 2),
             why={"third": scam.victims[2].name, "aunt": scam.aunt.name})  # fmt: skip
    told.ask("total", Kind.AMOUNT, 5, _money(case, scam.total_minor), unit=voice.currency,
             tolerance="0", hints=(1,))  # fmt: skip
    first = min(each.paid_at for each in scam.victims)
    told.ask("first-payment", Kind.TIME, 4, voice.local(first).isoformat(), tolerance="60")


def _ask_tokens(case: _Case, digest: str) -> None:
    """What the return and the list of token transfers answer."""
    told, scam = case.told, case.scam
    innocent = _innocent_addresses(case)
    names = {"exchange": case.exchanges[0], "second": case.exchanges[1]}
    told.ask("wallet", Kind.ADDRESS, 4, scam.wallets[0], words=names, hints=(1,))
    told.ask("bought", Kind.AMOUNT, 6, _usdt(scam.withdrawn_cents), unit="USDT", tolerance="0",
             words=names, hints=(2,))  # fmt: skip
    told.ask("path", Kind.PATH, 8, [each.txid for each in scam.path], words=names, hints=(2,))
    told.ask(
        "deposit-address",
        Kind.ADDRESS,
        6,
        scam.deposit,
        accusations=innocent,
        words=names,
        why=names,
    )
    told.ask("arrived", Kind.AMOUNT, 6, _usdt(scam.path[-1].cents), unit="USDT", tolerance="0",
             hints=(2,), why={"contract": USDT_CONTRACT})  # fmt: skip
    at = datetime.fromtimestamp(scam.path[-1].at, UTC).isoformat()
    told.ask("arrived-at", Kind.TIME, 4, at, tolerance="60", hints=(1,))
    told.ask("digest", Kind.DIGEST, 2, digest)


def _innocent_addresses(case: _Case) -> dict[str, Phrase]:
    holders = {each.address: each.account for each in case.holders}
    return {
        address: case.told.say("innocent-" + kind, account=holders[address])
        for kind, address in case.scam.branches
        if kind != "outsider"
    }


def _ask_account(case: _Case) -> None:
    """Whose account it is, and what may be said of it."""
    told, scam, asked_for = case.told, case.scam, case.asked_for
    holders = {each.address: each.account for each in case.holders}
    innocent = {holders[a]: words for a, words in _innocent_addresses(case).items()}
    names = {"second": case.exchanges[1]}
    told.ask("account", Kind.SET, 10, [asked_for.account], accusations=innocent, words=names,
             hints=(3,))  # fmt: skip
    last = scam.path[-1].txid
    right = {"statement": "received", "pointers": [last, f"files/{TOKENS}:{case.lines[last]}"]}
    offered = ["author", "received", "aunt", "holder"]
    told.ask(
        "finding", Kind.FINDING, 8, right, hints=(2,),
        choices=[(each, {}) for each in case.draw.shuffled(offered)],
        accusations={
            "author": told.say("innocent-author", mule=scam.mule.name),
            "aunt": told.say("innocent-aunt", name=scam.aunt.name),
            "holder": told.say("innocent-holder"),
        },
        why={"txid": last, "line": case.lines[last]},
    )  # fmt: skip
    rubric = (("says-clocks", 2), ("says-limits", 2), ("says-victims", 2))
    told.ask("explain", Kind.TEXT, 6, "", rubric=rubric)


def _tell_timeline(case: _Case) -> None:
    told, scam = case.told, case.scam
    for victim in scam.victims:
        told.did(victim.paid_at, victim.name, "victim-paid", f"files/{MULE_STATEMENT}")
    told.did(scam.aunt.paid_at, scam.aunt.name, "aunt-paid", f"files/{MULE_STATEMENT}")
    for deposit, withdrawal in zip(scam.first_deposits, scam.first_withdrawals, strict=True):
        told.did(deposit.at, scam.mule.name, "bought", f"files/{DEPOSITS}")
        told.did(withdrawal.at, scam.mule.name, "withdrew", withdrawal.reference)
    branches = {address: kind for kind, address in scam.branches}
    for moved in scam.transfers:
        line = f"files/{TOKENS}:{case.lines[moved.txid]}"
        if moved.receiver in branches:
            told.did(moved.at, "launderer", "branch-" + branches[moved.receiver], moved.txid, line)
        elif moved.contract == scam.fake_contract:
            told.did(moved.at, "launderer", "fake", moved.txid, line)
    for moved in scam.path[1:-1]:
        told.did(moved.at, "launderer", "hop", moved.txid)
    told.did(scam.path[-1].at, case.asked_for.account, "paid-in", scam.path[-1].txid)


ROMANCE_SCAM = RomanceScam()
