"""Donation campaign: an address takes gifts, its group is designated, coins are cashed out.

The trainee finds the address and the moment of its publication in channels, puts each payment
before or after the publication and the designation, follows the coins to an account at an exchange,
and writes no more than that shows. Innocent are the charity whose call the group passed on, a donor
who is a customer of the exchange, all other donors, and a researcher who sent dust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kancil.bitcoin.generator.counter import Draw
from kancil.bitcoin.generator.stage import Coin
from kancil.ground.files import write_durably
from kancil.ground.phrase import Param, Phrase
from kancil.ground.progress import Progress
from kancil.ground.words import render
from kancil.training.lab import Audience, Knobs, Made
from kancil.training.plot.asking import Telling
from kancil.training.plot.campaign import EARLY, Campaign
from kancil.training.plot.chain import BLOCK_FILE, STREAM_CHAIN, ToldChain, make_chain
from kancil.training.plot.chat import Chat, Message, chat_export, everyday_chat
from kancil.training.plot.everyday import DAY, Return, Role, exchange_return
from kancil.training.plot.paper import facts, paragraph, write_paper
from kancil.training.plot.tables import (
    ATTRIBUTION_DESK,
    Credit,
    Customer,
    accounts_table,
    btc,
    credits_table,
    labels_table,
    number,
    utc_text,
)
from kancil.training.plot.trail import EXCHANGE
from kancil.training.plot.voice import EXCHANGES, Voice, voice_of
from kancil.training.question import Kind

LAB, WORDS = "donation-campaign", "lab.donation-campaign-"
CHANNELS, LABELS = "channels.json", "labels.csv"
ACCOUNTS, DEPOSITS, WITHDRAWALS = (
    "exchange-accounts.csv", "exchange-deposits.csv", "exchange-withdrawals.csv",
)  # fmt: skip
DESIGNATION, LISTING, NOTE = "designation.html", "regional-listing.html", "research-note.html"
PROCESS = ("basis-first", "hash-verified", "original-untouched", "traced-from-intake",
           "limits-stated")  # fmt: skip
_STREAM = STREAM_CHAIN + 7
_FIRST_DAY = datetime(2026, 2, 2, tzinfo=UTC)
_CLEAR_SECONDS = 900
"""No payment stands so near to the designation, if a day can be found for which that is so."""


@dataclass(slots=True)
class _Case:
    """What is drawn and made for one variant."""

    knobs: Knobs
    voice: Voice
    draw: Draw
    plot: Campaign
    chain: ToldChain
    exchange: str
    city: str
    told: Telling
    back: Return
    used: set[str]
    """Names that somebody in the lab has."""
    donor: Customer
    published: int
    """Unix time of the first post that names the address."""
    in_force: int
    """Unix time from which the State's designation is in force: a local midnight."""
    listed: int
    """Unix time of the regional body's listing: a later midnight of UTC."""

    def at(self, coin: Coin) -> int:
        """The time that the block of a payment states."""
        return self.chain.time_of(coin.tx)

    def txids(self, coins: Sequence[Coin]) -> list[str]:
        """The transactions of some payments, sorted."""
        return sorted(self.chain.txids[each.tx] for each in coins)

    @property
    def group(self) -> str:
        """The designated group."""
        return str(self.voice.said["group"])

    @property
    def charity(self) -> str:
        """The charity that has nothing to do with it."""
        return str(self.voice.said["charity"])

    @property
    def between(self) -> list[Coin]:
        """Gifts after the publication and before the designation."""
        return [each for each in self.plot.later if self.at(each) < self.in_force]

    @property
    def after(self) -> list[Coin]:
        """Payments from the designation on, the dust among them."""
        return [each for each in self.plot.gifts if self.at(each) >= self.in_force]


class DonationCampaign:
    """The lab; see the module."""

    name = LAB
    version = "2"
    audience = Audience.INVESTIGATOR
    sources = (
        "FATF, Crowdfunding for Terrorism Financing, 2023",
        "International Convention for the Suppression of the Financing of Terrorism, 1999, art. 2",
        "UN Security Council resolutions 1267 (1999) and 1373 (2001)",
    )

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Write blocks, labels, the exchange's return, channels and three papers."""
        case = _begin(folder, seed, knobs, progress)
        lines = _write_return(folder, case)
        post = _write_channels(folder, case)
        _write_papers(folder, case)
        _tell_files(case)
        _ask_address(case)
        _ask_days(case)
        _ask_account(case)
        _ask_findings(case, lines, post)
        _tell_timeline(case, lines, post)
        told, court = case.told, str(case.voice.said["court"]).format(city=case.city)
        return Made(
            story=told.story(4, **_names(case), city=case.city, zone=case.voice.zone),
            basis=told.say("basis", number=number(case.draw, 3), court=court),
            evidence=tuple(told.evidence),
            questions=tuple(told.questions),
            expected=tuple(told.expected),
            timeline=told.in_time(),
            process=PROCESS,
        )


def _begin(folder: Path, seed: int, knobs: Knobs, progress: Progress) -> _Case:
    """Make the chain, and decide what follows from its times: publication, designation."""
    draw, voice = Draw(seed, _STREAM), voice_of(knobs.language)
    start = _FIRST_DAY + timedelta(days=draw.below(120), minutes=draw.below(1_440))
    plot = Campaign(knobs.hops, knobs.decoys)
    chain = make_chain(folder, seed, knobs.noise, plot, start, progress)
    first, last = (chain.time_of(each.tx) for each in (plot.later[0], plot.early[-1]))
    published = last + (first - last) * draw.between(35, 65) // 100
    in_force = _midnight(voice, [chain.time_of(each.tx) for each in plot.gifts[EARLY:]])
    listed = (in_force // DAY + 1 + draw.between(1, 2)) * DAY
    roles = [Role("collector", plot.places["deposit"]),
             Role("charity", plot.places["kitchen-deposit"])]  # fmt: skip
    roles += [Role(each.kind, each.address) for each in plot.branches if each.kind != "outsider"]
    used: set[str] = set()
    back = exchange_return(voice, draw, chain, roles, chain.times[-1], used)
    _name_charity(back, plot.places["kitchen-deposit"], str(voice.said["charity"]))
    donor = draw.pick([each for each in back.customers if each.address not in back.of_role])
    return _Case(
        knobs, voice, draw, plot, chain, draw.shuffled(EXCHANGES)[EXCHANGE],
        draw.pick(voice.said["cities"]), Telling(WORDS), back, used, donor, published, in_force,
        listed,
    )  # fmt: skip


def _midnight(voice: Voice, paid: Sequence[int]) -> int:
    """The first local midnight after three gifts that no payment is near to; three come after it.

    `paid`: Unix times of the payments after the publication. If each is near one: the farthest.
    """
    shift = voice.offset_minutes * 60
    first = ((paid[2] + shift) // DAY + 1) * DAY - shift
    days = list(range(first, paid[-3], DAY))
    clear = {day: min(abs(day - each) for each in paid) for day in days}
    free = [day for day in days if clear[day] >= _CLEAR_SECONDS]
    return free[0] if free else max(days, key=lambda day: clear[day])


def _name_charity(back: Return, address: str, name: str) -> None:
    """Have the exchange's table give the charity its own name."""
    named = replace(back.of_role[address], name=name, is_business=True)
    back.customers = [named if each.address == address else each for each in back.customers]
    back.of_role[address] = named


def _names(case: _Case) -> dict[str, Param]:
    return {"group": case.group, "charity": case.charity, "exchange": case.exchange}


def _write_return(folder: Path, case: _Case) -> dict[tuple[str, str], int]:
    """The exchange's tables and the labels; gives the lines of deposits and withdrawals."""
    back, plot = case.back, case.plot
    gift = plot.customer
    booked = case.at(gift) - case.draw.between(600, 1_500)
    back.withdrawals.append(
        Credit(booked, "BTC", "Bitcoin", btc(gift.value), plot.places["campaign"],
               case.chain.txids[gift.tx], case.donor.account)
    )  # fmt: skip
    _leave_out(case)
    deposits, lines = credits_table(back.deposits)
    withdrawals, more = credits_table(back.withdrawals)
    exchanges = [case.exchange, *(each for each in EXCHANGES if each != case.exchange)]
    day = utc_text(case.chain.times[-1] + DAY)[:10]
    write_durably(folder / ACCOUNTS, accounts_table(back.customers))
    write_durably(folder / DEPOSITS, deposits)
    write_durably(folder / WITHDRAWALS, withdrawals)
    write_durably(folder / LABELS, labels_table(case.chain, exchanges, day))
    return lines | more


def _leave_out(case: _Case) -> None:
    """Deposits of uninvolved customers that the return lacks; the blocks show them."""
    roles = {each.account for each in case.back.of_role.values()}
    others = [each for each in case.back.deposits if each.account not in roles]
    for credit in case.draw.shuffled(others)[: case.knobs.missing]:
        case.back.deposits.remove(credit)
        params = {"amount": credit.amount, "address": credit.address}
        case.told.did(credit.at, credit.account, "left-out", credit.reference, params=params)


def _write_channels(folder: Path, case: _Case) -> int:
    """The channels of charity and group, and a talk of neighbours; gives the line of the appeal."""
    voice, plot, group, charity = case.voice, case.plot, case.group, case.charity
    names = {"group": group, "charity": charity, "kitchen": plot.places["kitchen"]}
    said = voice.lines("campaign", **names, address=plot.places["campaign"])
    begin, published = case.at(plot.kitchen[0]), case.published
    kitchen = [Message(begin - 5_400, charity, said[0]), Message(begin + 30_000, charity, said[1])]
    times = (begin + 3_600, published, published + DAY // 2, published + DAY,
             case.in_force + 10_800)  # fmt: skip
    posts = [Message(at, group, text) for at, text in zip(times, said[2:], strict=True)]
    people = voice.people(case.draw, 5, case.used)
    chats = [
        Chat(charity, kitchen, "public_channel"),
        Chat(group, posts, "public_channel"),
        everyday_chat(voice, case.draw, case.city, people, begin - DAY, 6),
    ]
    content = chat_export(voice, chats)
    write_durably(folder / CHANNELS, content)
    written = content.decode().splitlines()
    return 1 + next(n for n, line in enumerate(written) if plot.places["campaign"] in line)


def _write_papers(folder: Path, case: _Case) -> None:
    """The State's designation, the regional listing, and the researcher's note."""
    language, plot = case.knobs.language, case.plot

    def say(name: str, **params: Param) -> str:
        return render(WORDS + name, language, **params)

    def clock(seconds: int) -> str:
        return case.voice.local(seconds).isoformat(" ", "minutes")

    rows = [
        (say("paper-law"), say("paper-law-is")),
        (say("paper-name"), case.group),
        (say("paper-decided"), clock(case.in_force - 2 * DAY)[:10]),
        (say("paper-in-force"), clock(case.in_force)),
        (say("paper-effect"), say("paper-effect-is")),
    ]
    write_paper(folder / DESIGNATION, say("file-designation"), [facts(rows)], language)
    rows = [
        (say("paper-body"), say("paper-body-is")),
        (say("paper-name"), case.group),
        (say("paper-listed"), utc_text(case.listed)),
        (say("paper-effect"), say("paper-body-effect-is")),
    ]
    write_paper(folder / LISTING, say("file-listing"), [facts(rows)], language)
    txid = case.chain.txids[plot.dust.tx]
    parts = [
        paragraph(say("paper-note", amount=btc(plot.dust.value))),
        facts([(say("paper-transaction"), txid)]),
    ]
    write_paper(folder / NOTE, say("file-note"), parts, language)


def _tell_files(case: _Case) -> None:
    told, exchange = case.told, case.exchange
    told.file(BLOCK_FILE, "blocks", "blocks")
    told.file(LABELS, "labels", "labels", publisher=ATTRIBUTION_DESK)
    told.file(ACCOUNTS, "exchange-return", "accounts", exchange=exchange)
    told.file(DEPOSITS, "exchange-return", "deposits", exchange=exchange)
    told.file(WITHDRAWALS, "exchange-return", "withdrawals", exchange=exchange)
    told.file(CHANNELS, "chat", "channels")
    told.file(DESIGNATION, "document", "designation")
    told.file(LISTING, "document", "listing")
    told.file(NOTE, "document", "note")


def _ask_address(case: _Case) -> None:
    """What the channels answer."""
    told, plot = case.told, case.plot
    innocent = told.say("innocent-charity", charity=case.charity)
    told.ask(
        "address", Kind.ADDRESS, 8, plot.places["campaign"], hints=(2,), words=_names(case),
        accusations={plot.places["kitchen"]: innocent}, why=_names(case),
    )  # fmt: skip
    at = case.voice.local(case.published).isoformat()
    told.ask("published", Kind.TIME, 8, at, tolerance="60", hints=(2,), words=_names(case))


def _ask_days(case: _Case) -> None:
    """What channels, papers and blocks answer together."""
    told, plot = case.told, case.plot
    told.ask("before", Kind.SET, 8, case.txids(plot.early), hints=(2,))
    total = sum(each.value for each in case.between)
    told.ask("between", Kind.AMOUNT, 12, btc(total), unit="BTC", tolerance="0", hints=(2, 2),
             why={"count": len(case.between)})  # fmt: skip
    told.ask("after", Kind.SET, 12, case.txids(case.after), hints=(3,))


def _ask_account(case: _Case) -> None:
    """What labels and the exchange's return answer."""
    told, plot, back = case.told, case.plot, case.back
    told.ask("path", Kind.PATH, 14, [case.chain.txids[tx] for tx in plot.path], hints=(2, 2),
             words=_names(case))  # fmt: skip
    holder = back.of_role[plot.places["deposit"]].account
    innocent: dict[str, Phrase] = {
        case.donor.account: told.say("innocent-donor", account=case.donor.account)
    }
    charity = back.of_role[plot.places["kitchen-deposit"]].account
    innocent[charity] = told.say("innocent-charity", charity=case.charity)
    for branch in plot.branches:
        if branch.kind != "outsider":
            account = back.of_role[branch.address].account
            innocent[account] = told.say("innocent-" + branch.kind, account=account)
    told.ask("account", Kind.SET, 10, [holder], hints=(3,), accusations=innocent,
             words=_names(case))  # fmt: skip


def _ask_findings(case: _Case, lines: dict[tuple[str, str], int], post: int) -> None:
    """The statements that the evidence bears, among those that say more."""
    told, chain, plot = case.told, case.chain, case.plot
    names, gift = _names(case), chain.txids[plot.customer.tx]
    row = f"files/{WITHDRAWALS}:{lines[gift, case.donor.account]}"
    wrong = ["financed", "knew"]
    told.ask(
        "donor", Kind.FINDING, 8, {"statement": "gave", "pointers": [gift, row]}, hints=(2,),
        choices=case.draw.shuffled([(each, names) for each in ("gave", *wrong)]), words=names,
        accusations={each: told.say("innocent-" + each, **names) for each in wrong},
        why={"txid": gift, "row": row},
    )  # fmt: skip
    last, holder = chain.txids[plot.path[-1]], case.back.of_role[plot.places["deposit"]].account
    pointers = [last, f"files/{DEPOSITS}:{lines[last, holder]}", f"files/{CHANNELS}:{post}"]
    wrong = ["donors", "holder", "charity", "exchange"]
    told.ask(
        "finding", Kind.FINDING, 8, {"statement": "received", "pointers": pointers}, hints=(2,),
        choices=case.draw.shuffled([(each, names) for each in ("received", *wrong)]),
        accusations={each: told.say("innocent-" + each, **names) for each in wrong},
        why={"txid": last, "row": pointers[1], "post": pointers[2]},
    )  # fmt: skip
    rubric = (("says-days", 4), ("says-limits", 4), ("says-next", 4))
    told.ask("explain", Kind.TEXT, 12, "", rubric=rubric)


def _tell_timeline(case: _Case, lines: dict[tuple[str, str], int], post: int) -> None:
    """What the invented actors did, with where it shows."""
    told, plot, chain = case.told, case.plot, case.chain
    told.did(case.published, case.group, "published", f"files/{CHANNELS}:{post}")
    told.did(case.in_force, "state", "designated", f"files/{DESIGNATION}")
    told.did(case.listed, "regional-body", "listed", f"files/{LISTING}")
    for coin in plot.gifts:
        known = {plot.customer: "customer", plot.dust: "researcher"}
        who = known.get(coin, "donor")
        told.did(case.at(coin), who, "gave-" + who, chain.txids[coin.tx])
    told.did(case.at(plot.kitchen_deposit), case.charity, "kitchen",
             chain.txids[plot.kitchen_deposit.tx])  # fmt: skip
    for tx in plot.path[:-1]:
        told.did(chain.time_of(tx), "collector", "moved", chain.txids[tx])
    for branch in plot.branches:
        told.did(case.at(branch.coin), "collector", "branch", chain.txids[branch.coin.tx],
                 params={"address": branch.address})  # fmt: skip
    last, holder = chain.txids[plot.path[-1]], case.back.of_role[plot.places["deposit"]].account
    told.did(case.at(plot.deposit), holder, "paid-in", last,
             f"files/{DEPOSITS}:{lines[last, holder]}")  # fmt: skip


DONATION_CAMPAIGN = DonationCampaign()
