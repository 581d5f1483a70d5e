"""The campaign: a published address takes gifts for days, is emptied, and pays into an exchange.

Two gifts come before the address is published, the others after it; a customer of the exchange
gives early, a researcher sends dust late. A charity collects at an address of its own and pays into
the same exchange. On the way side branches are peeled off to people who did nothing. The form is
FATF's, Crowdfunding for Terrorism Financing, 2023; numbers and pauses are choices.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Address, Coin, Payment, Stage, Starved
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.script import address_of_script

from .trail import EXCHANGE, NO_COIN, Branch

EARLY, LATER = 2, 12
"""Gifts before the address is published, and after it."""
DUST_SAT = 1_000
_BY_CUSTOMER = 3
"""One of so many first gifts after the publication is the customer's."""
_PAUSE = (28, 40)
"""Blocks between two gifts: about five to seven hours."""
_KITCHEN = 3
_KINDS = ("shop", "customer", "outsider")


@dataclass(slots=True)
class Campaign:
    """One campaign; after the chain is made, what happened stands in its fields."""

    hops: int
    decoys: int
    name: str = "lab-campaign"
    version: str = "1"
    source: str = "FATF, Crowdfunding for Terrorism Financing, 2023"
    early: list[Coin] = field(default_factory=list)
    later: list[Coin] = field(default_factory=list)
    """Gifts after the publication, in order; the dust is not among them."""
    dust: Coin = NO_COIN
    customer: Coin = NO_COIN
    """The gift that a customer withdrew from the exchange to the address."""
    kitchen: list[Coin] = field(default_factory=list)
    """Gifts to the charity."""
    kitchen_deposit: Coin = NO_COIN
    path: list[int] = field(default_factory=list)
    """Numbers of the transactions from the emptied address to the deposit."""
    deposit: Coin = NO_COIN
    branches: list[Branch] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Texts of addresses: `campaign`, `kitchen`, `deposit`, `kitchen-deposit`."""

    @property
    def least(self) -> int:
        """Transactions of the whole story; it has no smaller form."""
        return EARLY + LATER + _KITCHEN + 1 + 2 + self.hops

    @property
    def most(self) -> int:
        """The same."""
        return self.least

    @property
    def gifts(self) -> list[Coin]:
        """All that the campaign's address received, in order."""
        return [*self.early, *self.later, self.dust]

    def holds(self) -> bool:
        """Whether everything happened, and each amount and address is told from the others."""
        if NO_COIN in (self.dust, self.customer, self.deposit, self.kitchen_deposit):
            return False
        texts = [*self.places.values(), *(each.address for each in self.branches)]
        return len(self.later) == LATER and len(set(texts)) == len(texts)

    def _forget(self) -> None:
        """Begin again: the generator starts a story anew that found nobody who could pay."""
        self.early, self.later, self.kitchen, self.path = [], [], [], []
        self.branches, self.places = [], {}
        self.dust = self.customer = self.kitchen_deposit = self.deposit = NO_COIN

    def play(self, stage: Stage) -> Iterator[int]:
        """Take gifts for some days, empty the address, pay in; yield blocks to wait."""
        self._forget()
        draw, form = stage.draw, stage.change_form
        keeper, charity = stage.actor("campaign"), stage.actor("charity")
        address = stage.address(keeper, "campaign", form)
        kitchen = stage.address(charity, "kitchen")
        self.places.update(campaign=_text(stage, address), kitchen=_text(stage, kitchen))
        yield stage.horizon // 4 + draw.between(0, stage.horizon // 10)
        for _ in range(EARLY):
            self.kitchen.append(_gift(stage, kitchen, "kitchen-gift"))
            yield draw.between(2, 6)
            self.early.append(_gift(stage, address, "early-gift"))
            yield draw.between(8, 16)
        yield draw.between(*_PAUSE)
        for number in range(LATER - 1):
            self._take(stage, address, number)
            if number == _BY_CUSTOMER:
                self.kitchen.append(_gift(stage, kitchen, "kitchen-gift"))
            if number == _BY_CUSTOMER + 1:
                self._pay_in_kitchen(stage, charity)
            yield draw.between(*_PAUSE)
        yield from self._move(stage, keeper)
        yield draw.between(6, 20)
        self._take(stage, address, LATER)
        yield draw.between(3, 9)
        yield from self._send_dust(stage, address, kitchen)
        yield draw.between(1, 3)

    def _take(self, stage: Stage, address: Address, number: int) -> None:
        """A gift; one of the first comes from a customer of the exchange, if that can pay."""
        if number < _BY_CUSTOMER and self.customer == NO_COIN:
            try:
                self.customer = _gift(stage, address, "customer-gift", EXCHANGE)
            except Starved:
                pass
            else:
                self.later.append(self.customer)
                return
        self.later.append(_gift(stage, address, "gift"))

    def _pay_in_kitchen(self, stage: Stage, charity: int) -> None:
        account = stage.account(charity, "kitchen-account", EXCHANGE)
        self.places["kitchen-deposit"] = _text(stage, account)
        self.kitchen_deposit = stage.send_all(
            self.kitchen, account, "kitchen-pay-in", OutputRole.DEPOSIT
        )

    def _move(self, stage: Stage, keeper: int) -> Generator[int, None, None]:
        """Empty the address, pass the coins on, pay them in."""
        draw, form = stage.draw, stage.change_form
        hop = stage.address(keeper, "hop", form)
        coin = stage.send_all(
            [*self.early, *self.later], hop, "collect", OutputRole.PAYMENT
        )  # fmt: skip
        self.path.append(coin.tx)
        steps = self.hops - 1
        for step in range(1, steps):
            yield draw.between(1, 5)
            peels = self._peels(stage, coin, step, steps)
            hop = stage.address(keeper, "hop", form)
            made = stage.spend([coin], [pay for _, pay in peels], "hop", change=hop)
            self._keep(peels, made)
            coin = made[-1]
            self.path.append(coin.tx)
        yield draw.between(1, 5)
        peels = self._peels(stage, coin, steps, steps)
        account = stage.account(keeper, "deposit", EXCHANGE)
        value = coin.value * draw.between(700, 850) // 1000
        rest = stage.address(keeper, "rest", form)
        payments = [(account, value, OutputRole.DEPOSIT), *(pay for _, pay in peels)]
        made = stage.spend([coin], payments, "pay-in", change=rest)
        self._keep(peels, made[1:])
        self.deposit = made[0]
        self.places["deposit"] = _text(stage, account)
        self.path.append(made[0].tx)

    def _peels(
        self, stage: Stage, coin: Coin, step: int, steps: int
    ) -> list[tuple[Branch, Payment]]:
        """The side branches of one hop: what is peeled off for whom."""
        found = []
        for number in range(self.decoys):
            if number % steps != step - 1:
                continue
            kind = _KINDS[number % len(_KINDS)]
            value = coin.value * stage.draw.between(15, 45) // 1000
            to, what = stage.outsider("branch"), OutputRole.PAYMENT
            if kind != "outsider":
                to = stage.account(stage.actor(kind), f"{kind}-account", EXCHANGE)
                what = OutputRole.DEPOSIT
            found.append((Branch(kind, _text(stage, to), coin), (to, value, what)))
        return found

    def _keep(self, peels: list[tuple[Branch, Payment]], made: list[Coin]) -> None:
        for (branch, _), coin in zip(peels, made, strict=False):
            branch.coin = coin
            self.branches.append(branch)

    def _send_dust(
        self, stage: Stage, address: Address, kitchen: Address
    ) -> Generator[int, None, None]:
        """A researcher pays a thousand satoshi to three published addresses at once."""
        own = stage.address(stage.actor("researcher"), "researcher")
        coin = _gift(stage, own, "researcher-coins")
        yield stage.draw.between(1, 3)
        to = (address, kitchen, stage.outsider("survey"))
        payments = [(each, DUST_SAT, OutputRole.PAYMENT) for each in to]
        self.dust = stage.spend([coin], payments, "dust", change=own)[0]


def _gift(stage: Stage, to: Address, role: str, exchange: int = -1) -> Coin:
    """About 0.003 to 0.03 BTC."""
    return stage.entry(to, stage.draw.between(30, 300) * 10_000, role, exchange)


def _text(stage: Stage, address: Address) -> str:
    """An address as people write it."""
    return address_of_script(stage.script(address), REGTEST) or ""
