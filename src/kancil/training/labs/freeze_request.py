"""Freeze request against the clock: coins have reached an exchange, and a withdrawal is pending.

Somebody's bank account was taken over. The trainee follows the coins that were bought, and says who
must be asked to freeze which account, how much is still there at a stated moment, which order
allows it, and by when the request must arrive. No file holds anything later than that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kancil.bitcoin.generator.counter import Draw
from kancil.ground.files import write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.training.lab import Audience, Knobs, Made
from kancil.training.plot.asking import Telling
from kancil.training.plot.chain import BLOCK_FILE, STREAM_CHAIN, ToldChain, cut_blocks, make_chain
from kancil.training.plot.chat import Chat, chat_export, everyday_chat, spoken
from kancil.training.plot.everyday import (
    DAY,
    Return,
    Role,
    exchange_return,
    fiat_units,
    person_rows,
)
from kancil.training.plot.tables import (
    ATTRIBUTION_DESK,
    BankRow,
    Credit,
    accounts_table,
    btc,
    decimal_text,
    exchange_clock,
    labels_table,
    number,
    numbers,
    statement,
    table,
    utc_text,
)
from kancil.training.plot.trail import EXCHANGE, Trail
from kancil.training.plot.voice import EXCHANGES, Voice, voice_of
from kancil.training.question import Kind

LAB, WORDS = "freeze-request", "lab.freeze-request-"
MINUTES = 45
"""Of the class's clock: what is handed in later comes too late."""
STATEMENT, MULE_STATEMENT, CHATS, LABELS = (
    "victim-statement.csv", "mule-statement.csv", "chats.json", "labels.csv",
)  # fmt: skip
ACCOUNTS, ACTIVITY, ORDERS = "exchange-accounts.csv", "exchange-activity.csv", "orders.csv"
PROCESS = ("basis-first", "hash-verified", "original-untouched", "traced-from-intake")
_STREAM = STREAM_CHAIN + 3
_FIRST_DAY = datetime(2026, 2, 2, tzinfo=UTC)
_DAYS = 12
_HOUR = 3_600


@dataclass(slots=True)
class _Case:
    """What is drawn and made for one variant."""

    voice: Voice
    draw: Draw
    trail: Trail
    chain: ToldChain
    exchanges: list[str]
    banks: list[str]
    city: str
    told: Telling
    back: Return
    victim: str
    mule: str
    mule_account: str
    used: set[str]
    """Names that somebody in the lab has."""
    lost_minor: int = 0
    """What was sent from the victim's account without their doing."""
    left_minor: int = 0
    """What of it is still at the mule's bank at the stated moment."""
    sold_sat: int = 0
    order: str = ""
    """Number of the order that allows the freeze."""
    txid_line: int = 0
    """Line of the deposit in the exchange's activity."""

    @property
    def holder(self) -> str:
        """The account at the exchange that is to be frozen."""
        return self.back.of_role[self.trail.places["deposit"]].account

    @property
    def paid_in_at(self) -> int:
        return self.chain.time_of(self.trail.path[-1])

    @property
    def stated_at(self) -> int:
        """The moment as of which is asked what is still there."""
        return self.paid_in_at + 5 * _HOUR

    @property
    def released_at(self) -> int:
        """When the exchange will let the pending withdrawal go."""
        return self.stated_at + 2 * _HOUR


class FreezeRequest:
    """The lab; see the module."""

    name = LAB
    version = "2"
    audience = Audience.INVESTIGATOR
    sources = (
        "FATF, Interpol, Egmont Group, Illicit Financial Flows from Cyber-Enabled Fraud, 2023",
        "Meiklejohn et al., A Fistful of Bitcoins, IMC 2013",
    )

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Write blocks, labels, statements, the exchange's activity, orders and chats."""
        draw, voice = Draw(seed, _STREAM), voice_of(knobs.language)
        start = _FIRST_DAY + timedelta(days=draw.below(120), minutes=draw.below(1_440))
        trail = Trail(knobs.hops, knobs.decoys, draw.between(30_000_000, 70_000_000), pause=2)
        chain = make_chain(folder, seed, knobs.noise, trail, start, progress)
        roles = [Role("launderer", trail.places["deposit"])]
        roles += [
            Role(each.kind, each.address) for each in trail.branches if each.kind != "outsider"
        ]
        used: set[str] = set()
        back = exchange_return(voice, draw, chain, roles, chain.times[-1], used)
        people = voice.people(draw, 2, used)
        case = _Case(
            voice, draw, trail, chain, draw.shuffled(EXCHANGES), draw.shuffled(voice.said["banks"]),
            draw.pick(voice.said["cities"]), Telling(WORDS), back, people[0], people[1],
            number(draw, 10), used,
        )  # fmt: skip
        cut_blocks(folder, case.stated_at)
        _write_statements(folder, case, knobs.missing)
        _write_exchange(folder, case)
        _write_orders(folder, case)
        _write_chats(folder, case)
        _tell_files(case)
        _ask_where(case)
        _ask_how_much(case)
        _ask_what(case)
        _tell_timeline(case)
        return Made(
            story=case.told.story(4, **_names(case)),
            basis=case.told.say("basis", number=number(draw, 3), court=_court(case)),
            evidence=tuple(case.told.evidence),
            questions=tuple(case.told.questions),
            expected=tuple(case.told.expected),
            timeline=case.told.in_time(),
            process=PROCESS,
            minutes=MINUTES,
        )


def _court(case: _Case) -> str:
    return str(case.voice.said["court"]).format(city=case.city)


def _names(case: _Case) -> dict[str, str | int]:
    return {
        "city": case.city, "victim": case.victim, "bank": case.banks[1], "mule": case.mule,
        "at": case.voice.local(case.stated_at).isoformat(), "zone": case.voice.zone,
        "minutes": MINUTES, "currency": case.voice.currency,
        "start": f"{case.chain.txids[case.trail.path[0]]}:{case.trail.payment.n}",
        "counter": str(case.voice.said["broker"]),
    }  # fmt: skip


# --- files


def _write_statements(folder: Path, case: _Case, missing: int) -> None:
    """The victim's and the mule's: two payments in, one out to a counter that sells coins."""
    voice, draw, trail = case.voice, case.draw, case.trail
    bought = case.chain.time_of(trail.purchase.tx) - 2_700
    spent = fiat_units(voice, trail.purchase.value) * voice.unit
    case.left_minor = spent * draw.between(40, 90) // 1_000
    case.lost_minor = spent + case.left_minor
    first = case.lost_minor * draw.between(300, 600) // 1_000
    victim_account, counter = number(draw, 10), number(draw, 10)
    sent = voice.line("transfer", name=case.mule)
    parts = ((bought - 9_000, first), (bought - 6_000, case.lost_minor - first))
    begin = bought - 10 * DAY
    rows = person_rows(voice, draw, begin, _DAYS, case.victim, case.used)
    rows += [BankRow(at, sent, -minor, case.mule_account, case.mule) for at, minor in parts]
    content, _, _ = statement(voice, victim_account, 2 * case.lost_minor, rows)
    write_durably(folder / STATEMENT, content)
    broker = str(voice.said["broker"])
    order = voice.line("broker", broker=broker, number=number(draw, 6))
    rows = person_rows(voice, draw, begin, _DAYS, case.mule, case.used)
    rows += [BankRow(at, sent, minor, victim_account, case.victim) for at, minor in parts]
    rows.append(BankRow(bought, order, -spent, counter, broker))
    own = 50 * voice.per_usdt * voice.unit
    content, _, left_out = statement(voice, case.mule_account, 40 * own, rows, left_out=missing)
    write_durably(folder / MULE_STATEMENT, content)
    for row in left_out:
        params = {"amount": decimal_text(row.minor, voice.decimals), "currency": voice.currency,
                  "words": row.words}  # fmt: skip
        case.told.did(row.at, case.banks[1], "left-out", f"files/{MULE_STATEMENT}", params=params)
    for at, _ in parts:
        case.told.did(at, "launderer", "took", f"files/{STATEMENT}")
    case.told.did(bought, case.mule, "bought", f"files/{MULE_STATEMENT}")


def _write_exchange(folder: Path, case: _Case) -> None:
    """Accounts, and what happened on them: deposits, sales, withdrawals made and pending."""
    draw, trail = case.draw, case.trail
    rows = [("deposit", each) for each in case.back.deposits if each.at <= case.stated_at]
    for each in case.back.withdrawals:
        if each.account != case.holder and each.at <= case.stated_at:
            rows.append(("withdrawal", each))
    deposit = trail.deposit.value
    case.sold_sat = deposit * draw.between(250, 450) // 1_000 // 1_000 * 1_000
    kept = deposit - case.sold_sat
    at = case.paid_in_at + 2 * _HOUR + draw.below(1_800)
    fiat = str(fiat_units(case.voice, case.sold_sat))
    bank = case.back.of_role[trail.places["deposit"]].bank_account
    ids = ["S" + number(draw, 12), "W" + number(draw, 12), "W" + number(draw, 12)]
    rows += [
        ("sale", Credit(at, "BTC", "internal", btc(case.sold_sat), "", ids[0], case.holder)),
        ("withdrawal", Credit(at + 1_200, case.voice.currency, "bank", fiat, bank, ids[1],
                              case.holder)),
        ("withdrawal", Credit(case.released_at, "BTC", "Bitcoin", btc(kept), "", ids[2],
                              case.holder, "pending")),
    ]  # fmt: skip
    rows.sort(key=lambda row: (row[1].at, row[1].reference, row[1].account))
    header = ("Time", "Clock", "Type", "Coin", "Network", "Amount", "Address", "TXID", "Account",
              "Status")  # fmt: skip
    content = table(header, [_activity(kind, each) for kind, each in rows])
    txid = case.chain.txids[trail.path[-1]]
    case.txid_line = next(
        line for line, (_, each) in enumerate(rows, start=2)
        if (each.reference, each.account) == (txid, case.holder)
    )  # fmt: skip
    write_durably(folder / ACTIVITY, content)
    write_durably(folder / ACCOUNTS, accounts_table(case.back.customers))
    day = utc_text(case.chain.times[-1] + DAY)[:10]
    write_durably(folder / LABELS, labels_table(case.chain, case.exchanges, day))
    case.told.did(at, case.holder, "sold", f"files/{ACTIVITY}")
    case.told.did(case.released_at, case.holder, "pending", f"files/{ACTIVITY}")


def _activity(kind: str, each: Credit) -> tuple[str, ...]:
    when = exchange_clock(each.at).strftime("%Y-%m-%d %H:%M:%S")
    return (when, "+09:00", kind, each.coin, each.network, each.amount, each.address,
            each.reference, each.account, each.status)  # fmt: skip


def _write_orders(folder: Path, case: _Case) -> None:
    """The orders that the unit holds; one of them allows the freeze at the stated moment."""
    keeper, other = case.exchanges[EXCHANGE], case.exchanges[1]
    ids = [f"{each}/2026" for each in numbers(case.draw, 3, 4)]
    case.order = ids[0]
    at, until = case.stated_at, case.stated_at + 6 * DAY
    rows = [
        (ids[0], "freeze", keeper, at - DAY, until),
        (ids[1], "freeze", keeper, at - 40 * DAY, at - 10 * DAY),
        (ids[2], "subscriber-data", keeper, at - DAY, until),
        (ids[3], "freeze", other, at - DAY, until),
    ]
    local = case.voice.local
    written = [
        (order, _court(case), act, to, local(first).isoformat(), local(last).isoformat())
        for order, act, to, first, last in sorted(rows)
    ]
    header = ("Number", "Court", "Act", "Addressed to", "Valid from", "Valid until")
    write_durably(folder / ORDERS, table(header, written))


def _write_chats(folder: Path, case: _Case) -> None:
    """The victim's family, and the victim with the desk of the police."""
    voice, draw = case.voice, case.draw
    lines = voice.lines("freeze", name=case.mule, bank=case.banks[1], account=case.mule_account)
    told_at = case.stated_at - 2 * _HOUR
    desk = str(voice.said["police"]).format(city=case.city)
    times = [told_at, told_at + 120, told_at + 300, told_at + 420]
    family = [case.victim, *voice.people(draw, 3, case.used)]
    begin = case.stated_at - 10 * DAY
    chats = [
        everyday_chat(voice, draw, "group " + number(draw, 2), family, begin, 10),
        Chat(desk, spoken(lines, times, (case.victim, desk), "abab")),
    ]
    write_durably(folder / CHATS, chat_export(voice, chats))
    case.told.did(told_at, case.victim, "reported", f"files/{CHATS}")


def _tell_files(case: _Case) -> None:
    told = case.told
    told.file(BLOCK_FILE, "blocks", "blocks")
    told.file(LABELS, "labels", "labels", publisher=ATTRIBUTION_DESK)
    told.file(STATEMENT, "bank-statement", "victim", victim=case.victim)
    told.file(MULE_STATEMENT, "bank-statement", "mule", bank=case.banks[1])
    told.file(ACCOUNTS, "exchange-return", "accounts")
    told.file(ACTIVITY, "exchange-return", "activity")
    told.file(ORDERS, "document", "orders")
    told.file(CHATS, "chat", "chats", victim=case.victim)


# --- questions


def _ask_where(case: _Case) -> None:
    """Which keeper, which account, by which path."""
    told, trail, chain = case.told, case.trail, case.chain
    told.ask("keeper", Kind.SET, 6, [case.exchanges[EXCHANGE]], hints=(2,))
    told.ask("path", Kind.PATH, 8, [chain.txids[tx] for tx in trail.path[1:]], hints=(2,))
    told.ask("account", Kind.SET, 10, [case.holder], accusations=_innocent(case), hints=(3,))
    at = datetime.fromtimestamp(case.paid_in_at, UTC).isoformat()
    told.ask("arrived-at", Kind.TIME, 4, at, tolerance="60")


def _innocent(case: _Case) -> dict[str, Phrase]:
    """Accounts at the exchange that were paid on the way."""
    kinds = {each.address: each.kind for each in case.trail.branches}
    return {
        customer.account: case.told.say("innocent-" + kinds[address], account=customer.account)
        for address, customer in case.back.of_role.items()
        if address in kinds
    }


def _ask_how_much(case: _Case) -> None:
    """What was lost, and what is where at the stated moment."""
    told, currency = case.told, case.voice.currency
    moment = {"at": case.voice.local(case.stated_at).isoformat()}
    lost = decimal_text(case.lost_minor, case.voice.decimals)
    told.ask("lost", Kind.AMOUNT, 4, lost, unit=currency, tolerance="0",
             words={"victim": case.victim}, hints=(1,))  # fmt: skip
    left = decimal_text(case.left_minor, case.voice.decimals)
    told.ask("at-bank", Kind.AMOUNT, 5, left, unit=currency, tolerance="0",
             words={"bank": case.banks[1], **moment}, hints=(1,))  # fmt: skip
    still = case.trail.deposit.value - case.sold_sat
    told.ask("still-there", Kind.AMOUNT, 8, btc(still), unit="BTC", tolerance="0", words=moment,
             hints=(2,))  # fmt: skip
    released = case.voice.local(case.released_at).isoformat()
    told.ask("until", Kind.TIME, 6, released, tolerance="60", hints=(2,))


def _ask_what(case: _Case) -> None:
    """By which authority, and what exactly is asked for."""
    told, exchange = case.told, case.exchanges[EXCHANGE]
    moment = {"at": case.voice.local(case.stated_at).isoformat()}
    told.ask("order", Kind.SET, 6, [case.order], words=moment, hints=(1,))
    offered = ["freeze", "identity", "all", "return"]
    txid = case.chain.txids[case.trail.path[-1]]
    right = {"statement": "freeze", "pointers": [txid, f"files/{ACTIVITY}:{case.txid_line}"]}
    accusations = {"all": told.say("innocent-all", exchange=exchange)}
    shop = next((each for each in case.trail.branches if each.kind == "shop"), None)
    if shop is not None:
        account = case.back.of_role[shop.address].account
        offered.append("shop")
        accusations["shop"] = told.say("innocent-shop", account=account)
    told.ask(
        "request", Kind.FINDING, 9, right, hints=(2,),
        choices=[(each, {}) for each in case.draw.shuffled(offered)],
        accusations=accusations, why={"txid": txid, "line": case.txid_line},
    )  # fmt: skip
    rubric = (("asks-exactly", 2), ("asks-urgently", 2), ("asks-fairly", 2))
    told.ask("letter", Kind.TEXT, 6, "", rubric=rubric)


def _tell_timeline(case: _Case) -> None:
    told, trail, chain = case.told, case.trail, case.chain
    told.did(chain.time_of(trail.path[0]), case.mule, "paid", chain.txids[trail.path[0]])
    for tx in trail.path[1:-1]:
        told.did(chain.time_of(tx), "launderer", "hop", chain.txids[tx])
    for branch in trail.branches:
        txid = chain.txids[branch.coin.tx]
        told.did(chain.time_of(branch.coin.tx), "launderer", "branch-" + branch.kind, txid)
    line = f"files/{ACTIVITY}:{case.txid_line}"
    told.did(case.paid_in_at, case.holder, "paid-in", chain.txids[trail.path[-1]], line)


FREEZE_REQUEST = FreezeRequest()
