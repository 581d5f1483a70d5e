"""Everyday life in a lab's tables: an exchange's customers, lines that mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kancil.bitcoin.generator.counter import Draw

from .chain import ToldChain
from .tables import CREDITED_SECONDS, BankRow, Credit, Customer, btc, number, numbers
from .trail import EXCHANGE
from .voice import BTC_IN_USDT, Voice

DAY = 86_400
_CUSTOMERS = 12


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody whose account at the exchange the story needs."""

    kind: str
    """`launderer`, `shop`, `customer`."""
    address: str


@dataclass(slots=True)
class Return:
    """What the exchange hands over."""

    customers: list[Customer]
    deposits: list[Credit]
    withdrawals: list[Credit]
    of_role: dict[str, Customer]
    """The account of each role, by its deposit address."""


def exchange_return(
    voice: Voice,
    draw: Draw,
    chain: ToldChain,
    roles: Sequence[Role],
    begin: int,
    used: set[str],
) -> Return:
    """The accounts behind the roles' addresses among those of other customers, and their bookings.

    Every deposit to one of these addresses in the chain is booked, with its true transaction.
    `used`: names of others in the lab, as `Voice.people` takes them.
    """
    wanted = {role.address: role for role in roles}
    others = [
        address for address, exchange in sorted(chain.exchanges.items())
        if exchange == EXCHANGE and address not in wanted
    ]  # fmt: skip
    addresses = draw.shuffled([*wanted, *draw.shuffled(others)[:_CUSTOMERS]])
    accounts = numbers(draw, 6, len(addresses), "TX-")
    names = voice.people(draw, len(addresses), used)
    shops = iter(draw.shuffled(voice.said["shops"]))
    made = Return([], [], [], {})
    for place, address in enumerate(addresses):
        is_shop = address in wanted and wanted[address].kind == "shop"
        name = next(shops) if is_shop else names[place]
        opened = begin - draw.between(20, 900) * DAY
        customer = Customer(accounts[place], name, is_shop, address, opened, number(draw, 10))
        made.customers.append(customer)
        if address in wanted:
            made.of_role[address] = customer
    made.customers.sort(key=lambda each: each.account)
    _book(voice, draw, chain, made)
    return made


def _book(voice: Voice, draw: Draw, chain: ToldChain, made: Return) -> None:
    """The deposits of the chain to these accounts, and what was withdrawn in the local currency."""
    of_address = {each.address: each for each in made.customers}
    for deposit in chain.deposits:
        customer = of_address.get(deposit.address)
        if customer is None:
            continue
        booked = chain.time_of(deposit.tx) + CREDITED_SECONDS + draw.below(900)
        made.deposits.append(
            Credit(booked, "BTC", "Bitcoin", btc(deposit.value_sat), customer.address,
                   chain.txids[deposit.tx], customer.account)
        )  # fmt: skip
        share = draw.between(300, 950)
        fiat = fiat_units(voice, deposit.value_sat * share // 1000)
        made.withdrawals.append(
            Credit(booked + draw.between(1_800, 30_000), voice.currency, "bank",
                   str(fiat), customer.bank_account, "W" + number(draw, 12), customer.account)
        )  # fmt: skip


def fiat_units(voice: Voice, value_sat: int) -> int:
    """Whole units of the local currency for coins, at the labs' invented price."""
    return value_sat * BTC_IN_USDT * voice.per_usdt // 100_000_000


def institution_rows(
    voice: Voice, draw: Draw, begin: int, days: int, staff: Sequence[str]
) -> list[BankRow]:
    """What a hospital's account sees in some days: salaries, suppliers, patients, electricity."""
    unit = voice.unit
    rows = []
    for day in range(days):
        for _ in range(draw.between(2, 5)):
            at = begin + day * DAY + draw.between(1, 36_000)
            patient = voice.line("patient", number=number(draw, 5))
            rows.append(BankRow(at, patient, draw.between(5, 90) * voice.per_usdt * unit))
        if draw.chance(600_000):
            shop = voice.line(
                "supplier", number=number(draw, 4), shop=draw.pick(voice.said["shops"])
            )
            at = begin + day * DAY + draw.between(1, 36_000)
            rows.append(BankRow(at, shop, -draw.between(20, 400) * voice.per_usdt * unit))
    for name in staff:
        at = begin + draw.below(max(1, days)) * DAY + draw.between(1, 3_600)
        salary = voice.line("salary", name=name)
        rows.append(BankRow(at, salary, -draw.between(150, 500) * voice.per_usdt * unit))
    power = voice.line("power", number=number(draw, 1))
    rows.append(BankRow(begin + DAY, power, -draw.between(200, 900) * voice.per_usdt * unit))
    return rows


def person_rows(
    voice: Voice, draw: Draw, begin: int, days: int, holder: str, used: set[str]
) -> list[BankRow]:
    """What a private account sees: its holder's salary, the market, money for relatives."""
    family = voice.people(draw, 3, used)
    unit = voice.unit
    rows = []
    for day in range(days):
        if draw.chance(700_000):
            at = begin + day * DAY + draw.between(1, 50_000)
            food = voice.line("food")
            rows.append(BankRow(at, food, -draw.between(2, 15) * voice.per_usdt * unit))
        if draw.chance(150_000):
            at = begin + day * DAY + draw.between(1, 50_000)
            gift = voice.line("family", name=draw.pick(family))
            rows.append(BankRow(at, gift, -draw.between(10, 60) * voice.per_usdt * unit))
    pay = voice.line("salary", name=holder)
    rows.append(
        BankRow(begin + draw.below(DAY), pay, draw.between(400, 900) * voice.per_usdt * unit)
    )
    return rows
