"""The trail: coins of a victim go over several hops to an account at an exchange.

Before the payment the launderer holds older coins of their own on two addresses, which are spent
together once, and one of which is spent with the victim's coins in the last hop: so that addresses
are linked by common inputs, and haircut and FIFO differ. At each side branch a part is peeled off
to somebody who did nothing: a shop's account at the same exchange, another customer, an outsider.
Forms as described by Meiklejohn et al., A Fistful of Bitcoins, IMC 2013, sections 4.1 and 5.1.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Address, Coin, Payment, Stage
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.script import address_of_script

EXCHANGE = 0
"""The exchange to which the coins go, by the generator's number."""
_LEAST_PAID_SAT = 2_000_000
_ROUND_SAT = 10_000
NO_COIN = Coin(-1, 0, 0, Address(-1, Form.WPKH, -1, -1))
"""Before the story is played."""


@dataclass(slots=True)
class Branch:
    """A part that was peeled off."""

    kind: str
    """`shop`, `customer` (both with an account at the exchange) or `outsider`."""
    address: str
    coin: Coin


@dataclass(slots=True)
class Trail:
    """One trail; after the chain is made, what happened stands in its fields."""

    hops: int
    decoys: int
    about_sat: int
    """What the victim is to pay, if anybody in the chain holds so much."""
    pause: int = 5
    """Blocks at most between two hops."""
    name: str = "lab-trail"
    version: str = "1"
    source: str = "Meiklejohn et al., A Fistful of Bitcoins, IMC 2013, sections 4.1 and 5.1"
    path: list[int] = field(default_factory=list)
    """Numbers of the transactions from the victim's payment to the deposit."""
    payment: Coin = NO_COIN
    deposit: Coin = NO_COIN
    rest: Coin = NO_COIN
    """What the launderer kept in the last hop; unspent."""
    branches: list[Branch] = field(default_factory=list)
    last_inputs: list[tuple[int, bool]] = field(default_factory=list)
    """Of the last transaction, in order: satoshi, and whether they are the victim's."""
    last_outputs: list[int] = field(default_factory=list)
    """Satoshi of the last transaction's outputs, in order."""
    linked: list[str] = field(default_factory=list)
    """Addresses linked by common inputs with the one that paid into the exchange; it is first."""
    places: dict[str, str] = field(default_factory=dict)
    """Texts of addresses: `payer`, `payment`, `deposit`."""
    purchase: Coin = NO_COIN
    """The coins that the victim bought."""
    older: list[Coin] = field(default_factory=list)
    """Coins that the launderer held before."""
    sale: int = 0
    """Number of the transaction in which two of them were spent together."""

    @property
    def least(self) -> int:
        """Transactions of the whole story; it has no smaller form."""
        return self.hops + 5

    @property
    def most(self) -> int:
        """The same."""
        return self.least

    def holds(self) -> bool:
        """Whether enough was paid and mixed for every question to have one plain answer."""
        if NO_COIN in (self.payment, self.deposit, self.rest):
            return False
        clean = sum(value for value, is_theirs in self.last_inputs if not is_theirs)
        theirs = sum(value for value, is_theirs in self.last_inputs if is_theirs)
        texts = [self.places["deposit"], *(each.address for each in self.branches), *self.linked]
        return (
            self.payment.value >= _LEAST_PAID_SAT
            and clean * 8 >= theirs
            and theirs * 2 >= clean
            and len(set(texts)) == len(texts)
        )

    def _forget(self) -> None:
        """Begin again: the generator starts a story anew that found nobody who could pay."""
        self.path, self.branches, self.older, self.places = [], [], [], {}
        self.payment = self.deposit = self.rest = self.purchase = NO_COIN
        self.last_inputs, self.last_outputs, self.linked = [], [], []

    def play(self, stage: Stage) -> Iterator[int]:
        """Hold older coins, take the payment, pass it on, pay it in; yield blocks to wait."""
        self._forget()
        draw = stage.draw
        yield stage.horizon // 3 + draw.between(0, stage.horizon // 10)
        launderer, form = stage.actor("launderer"), stage.change_form
        first, second = (stage.address(launderer, "older", form) for _ in range(2))
        for to, share in ((first, draw.between(350, 700)), (first, 120), (second, 150)):
            coin = stage.entry(to, self.about_sat * share // 1000, "older-coins")
            self.older.append(coin)
            yield draw.between(1, 2)
        # The large coin is kept for the last hop; the two small ones are spent together.
        sold = stage.send_all(
            self.older[1:], stage.outsider("sale"), "older-spend", OutputRole.PAYMENT
        )
        self.sale = sold.tx
        yield draw.between(1, 4)
        coin = yield from self._pay(stage, launderer)
        steps = self.hops - 1
        for step in range(1, steps):
            peels = self._peels(stage, coin, step, steps)
            hop = stage.address(launderer, "hop", form)
            made = stage.spend([coin], [pay for _, pay in peels], "hop", change=hop)
            self._keep(peels, made)
            coin = made[-1]
            self.path.append(coin.tx)
            yield draw.between(1, self.pause)
        self._pay_in(stage, launderer, coin, self._peels(stage, coin, steps, steps))
        self.linked = [_text(stage, each) for each in (coin.address, first, second)]
        yield draw.between(1, 3)

    def _pay(self, stage: Stage, launderer: int) -> Generator[int, None, Coin]:
        """The victim buys coins and pays; gives the coin that was paid."""
        draw, payer = stage.draw, stage.actor("payer")
        wallet = stage.address(payer, "payer", stage.change_form)
        bought = stage.entry(wallet, self.about_sat * 11 // 10, "purchase")
        self.purchase = bought
        yield draw.between(2, 5)
        value = bought.value * draw.between(820, 930) // 1000 // _ROUND_SAT * _ROUND_SAT
        asked = stage.address(launderer, "payment", stage.change_form)
        change = stage.address(payer, "payer-change", stage.change_form)
        paid = stage.spend(
            [bought], [(asked, value, OutputRole.PAYMENT)], "payment", change=change
        )[0]
        self.payment, self.path = paid, [paid.tx]
        self.places.update(payer=_text(stage, wallet), payment=_text(stage, asked))
        yield draw.between(1, self.pause)
        return paid

    def _peels(
        self, stage: Stage, coin: Coin, step: int, steps: int
    ) -> list[tuple[Branch, Payment]]:
        """The side branches of one hop: what is peeled off for whom."""
        found = []
        for number in range(self.decoys):
            if number % steps != step - 1:
                continue
            kind = ("shop", "customer", "outsider")[number % 3]
            value = coin.value * stage.draw.between(15, 45) // 1000
            if kind == "outsider":
                to, what = stage.outsider("branch"), OutputRole.PAYMENT
            else:
                actor = stage.actor(kind)
                to, what = stage.account(actor, f"{kind}-account", EXCHANGE), OutputRole.DEPOSIT
            found.append((Branch(kind, _text(stage, to), coin), (to, value, what)))
        return found

    def _keep(self, peels: list[tuple[Branch, Payment]], made: list[Coin]) -> None:
        for (branch, _), coin in zip(peels, made, strict=False):
            branch.coin = coin
            self.branches.append(branch)

    def _pay_in(
        self, stage: Stage, launderer: int, coin: Coin, peels: list[tuple[Branch, Payment]]
    ) -> None:
        """The last hop: the victim's coins and an older coin together, to the exchange."""
        draw = stage.draw
        account = stage.account(launderer, "deposit", EXCHANGE)
        inputs = [(coin, True), (self.older[0], False)]
        inputs = draw.shuffled(inputs)
        whole = coin.value + self.older[0].value
        value = whole * draw.between(560, 780) // 1000
        payments = [(account, value, OutputRole.DEPOSIT), *(pay for _, pay in peels)]
        rest = stage.address(launderer, "rest", stage.change_form)
        made = stage.spend([each for each, _ in inputs], payments, "pay-in", change=rest)
        self._keep(peels, made[1:])
        self.deposit, self.rest = made[0], made[-1]
        self.path.append(made[0].tx)
        self.places["deposit"] = _text(stage, account)
        self.last_inputs = [(each.value, is_theirs) for each, is_theirs in inputs]
        self.last_outputs = [each.value for each in sorted(made, key=lambda each: each.n)]


def _text(stage: Stage, address: Address) -> str:
    """An address as people write it."""
    return address_of_script(stage.script(address), REGTEST) or ""


def haircut_share(inputs: list[tuple[int, bool]], value_sat: int) -> int:
    """What part of an output is the victim's if each output bears its share; rounded down.

    `inputs`: satoshi, and whether all of them are the victim's. Möser, Böhme, Breuker, FC 2014.
    """
    whole = sum(value for value, _ in inputs)
    theirs = sum(value for value, is_theirs in inputs if is_theirs)
    return theirs * value_sat // whole


def fifo_share(inputs: list[tuple[int, bool]], outputs: list[int], n: int) -> int:
    """What part of output `n` is the victim's if the first satoshi in is the first out.

    Clayton's case (1816) as applied by Anderson, Shumailov, Ahmed, Making Bitcoin Legal, 2018.
    """
    begin = sum(outputs[:n])
    end, at, found = begin + outputs[n], 0, 0
    for value, is_theirs in inputs:
        if is_theirs:
            found += max(0, min(end, at + value) - max(begin, at))
        at += value
    return found
