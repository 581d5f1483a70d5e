"""Where a planted instance acts: coins from ordinary life in, transactions out, all written down.

One `Stage` belongs to one instance. It draws from a stream of its own, so that what one instance
does never changes how another is drawn. Values follow from what the payers can pay: an instance
asks for about so much and goes on with what it got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.generator.counter import STREAM_PLANTS, Draw
from kancil.bitcoin.generator.economy import (
    CHANGE_FORM,
    EXCHANGES,
    FORM,
    HAS_HEIGHT,
    MINERS,
    NEXT_ADDRESS,
    PROFILES,
    SEQUENCE,
    SPENDABLE,
    USERS,
    VERSION,
    World,
    find_purse,
    give_coins,
    typical_value,
)
from kancil.bitcoin.generator.form import INPUT_WEIGHT, OUTPUT_WEIGHT, TX_WEIGHT, Form
from kancil.bitcoin.generator.payments import DUST_SAT, add_planned, pay_in
from kancil.bitcoin.generator.rows import FIRST_TX, HEIGHT, OutputRole, Rows, TxRole

_IN_WEIGHT: list[int] = INPUT_WEIGHT.tolist()
_OUT_WEIGHT: list[int] = OUTPUT_WEIGHT.tolist()
_FORMS = (Form.WPKH, Form.WPKH, Form.WPKH, Form.NESTED, Form.PKH, Form.TR)
_TRIES, _SMALLEST_SAT = 200, 30 * DUST_SAT
_FINAL = 0xFFFFFFFF
_MOST_COINS = 10
"""No participant of a CoinJoin brings more coins."""


class Starved(Exception):
    """Nobody in the chain could pay what an instance needs now."""


@dataclass(slots=True, eq=False)
class Address:
    """An address that an instance pays or spends from."""

    number: int
    form: Form
    owner: int
    wallet: int
    """Whose queue in ordinary life its coins go to; -1: the instance keeps them."""
    is_paid: bool = False
    home: int = -1
    """The wallet that coins kept for a while go to in the end (`Stage.release`)."""


class Coin(NamedTuple):
    """An output that an instance may spend."""

    tx: int
    n: int
    value: int
    address: Address


class Purse(NamedTuple):
    """Coins with which one owner takes part in a CoinJoin."""

    coins: tuple[Coin, ...]

    @property
    def value(self) -> int:
        """Satoshi of all."""
        return sum(coin.value for coin in self.coins)

    @property
    def owner(self) -> int:
        """Who brings them."""
        return self.coins[0].address.owner

    @property
    def wallet(self) -> int:
        """The owner's wallet in ordinary life."""
        return max(self.coins[0].address.wallet, self.coins[0].address.home)


@dataclass(slots=True)
class Waiting:
    """What software of a protocol remembers from one instance to the next."""

    coins: list[Coin] = field(default_factory=list)
    """Coins of earlier rounds whose owners wait for another one."""
    value_sat: int = 0
    """The denomination in force; 0 before the first round."""


Payment: TypeAlias = tuple[Address, int, OutputRole]
"""What an output is to be: where to, satoshi, what it is."""


@dataclass(slots=True)
class Plant:
    """What is true of one planted instance."""

    number: int
    name: str
    first_height: int
    last_height: int = 0
    is_complete: bool = False
    transactions: list[tuple[int, str]] = field(default_factory=list)
    """Number and role of each transaction, in order."""
    addresses: list[tuple[Address, str]] = field(default_factory=list)
    """Each address with its role, in order."""
    facts: dict[str, int] = field(default_factory=dict)
    """What else is true of it, such as the threshold of a structuring."""


def _new_scratch() -> tuple[Any, Any, Any, Any, Any]:
    sizes = (4, 3, 3, 15, (_MOST_COINS, 6))
    return tuple(np.zeros(size, np.int64) for size in sizes)  # type: ignore[return-value]


@dataclass(slots=True)
class Ground:
    """What all instances share: ordinary life, the block in hand, and the count of owners."""

    seed: int
    world: World
    rows: Rows
    horizon: int
    """Blocks the chain is planned to have."""
    owners: list[str]
    """The role of each owner; those of ordinary life come first."""
    ids: NDArray[np.uint8]
    """uint8 `[n, 32]`: ids of the transactions of all blocks before this one."""
    script: Callable[[int, Form], bytes]
    """Gives the output script of an address."""
    waiting: dict[str, Waiting] = field(default_factory=dict)
    """What each protocol's software remembers."""
    scratch: tuple[Any, Any, Any, Any, Any] = field(default_factory=_new_scratch)


class Stage:
    """One instance's view of the chain."""

    def __init__(self, ground: Ground, plant: Plant, room: int) -> None:
        """Begin; `room`: transactions it may make."""
        self._ground, self.plant, self.room = ground, plant, room
        self.draw = Draw(ground.seed, STREAM_PLANTS + plant.number)
        self.horizon = ground.horizon
        self._style: list[int] = PROFILES[self.draw.below(len(PROFILES))].tolist()
        self._rate = self.draw.between(2, 15)
        self._accounts: dict[tuple[int, int], Address] = {}

    dust = DUST_SAT
    """No output is smaller."""

    # --- people and addresses

    def actor(self, role: str) -> int:
        """A new owner who plays this role and has no other coins."""
        self._ground.owners.append(intern(f"{self.plant.name}: {role}"))
        return len(self._ground.owners) - 1

    def address(self, owner: int, role: str, form: Form | None = None, wallet: int = -1) -> Address:
        """A new address of an owner, and note its role."""
        chosen = self.draw.pick(_FORMS) if form is None else form
        made = Address(self._next_address(), chosen, owner, wallet)
        self.plant.addresses.append((made, role))
        return made

    def same_owner(self, coin: Coin, role: str, form: Form) -> Address:
        """A new address of whoever owns a coin."""
        return self.address(coin.address.owner, role, form, coin.address.wallet)

    def own(self, purse: Purse, role: str, form: Form, *, waits: bool = False) -> Address:
        """A new address of a participant; `waits`: its coins are kept, to be released."""
        made = self.address(purse.owner, role, form, -1 if waits else purse.wallet)
        made.home = purse.wallet
        return made

    def account(self, owner: int, role: str, exchange: int | None = None) -> Address:
        """An owner's deposit address at an exchange; the exchange holds its keys."""
        state = self._ground.world.state
        count, miners = int(state[EXCHANGES]), int(state[MINERS])
        chosen = self.draw.below(count) if exchange is None else exchange
        known = self._accounts.get((owner, chosen))
        if known is None:
            wallet = miners + 2 * chosen
            holder = int(self._ground.world.owner[wallet])
            known = self.address(holder, role, Form.NESTED, wallet)
            self._accounts[owner, chosen] = known
        return known

    def outsider(self, role: str) -> Address:
        """A new address of an ordinary user who has no other part in this."""
        world = self._ground.world
        wallet = len(world.head) - 1 - self.draw.below(int(world.state[USERS]))
        form = Form(int(PROFILES[world.profile[wallet], FORM]))
        return self.address(int(world.owner[wallet]), role, form, wallet)

    @property
    def exchanges(self) -> int:
        """How many exchanges there are."""
        return int(self._ground.world.state[EXCHANGES])

    @property
    def change_form(self) -> Form:
        """The form of change of this instance's wallet software."""
        return Form(self._style[CHANGE_FORM])

    # --- coins in

    def about(self, thousandths: int) -> int:
        """A value near so many thousandths of what there is for each user, half to twice.

        Few users hold so much; exchanges and miners do.
        """
        state = self._ground.world.state
        return self._near(int(state[SPENDABLE]) // int(state[USERS]), thousandths)

    def usual(self, thousandths: int) -> int:
        """A value near so many thousandths of a user's coin, the median of some."""
        typical = int(typical_value(self._ground.world, self._ground.scratch[3]))
        return self._near(typical, thousandths)

    def _near(self, base: int, thousandths: int) -> int:
        value = base * thousandths // 1000 * self.draw.between(500, 2000) // 1000
        return max(_SMALLEST_SAT, value)

    def entry(self, address: Address, about_sat: int, role: str, exchange: int = -1) -> Coin:
        """Have an ordinary wallet pay the address: so much, or less if nobody holds as much.

        `exchange`: the one that pays it out, so much and not less; -1 for whoever can. Raises
        Starved.
        """
        self._need_room()
        ground, value = self._ground, max(about_sat, _SMALLEST_SAT)
        to, outcome, where = ground.scratch[0], ground.scratch[1], ground.scratch[2]
        to[:] = address.number, int(address.form), address.owner, int(not address.is_paid)
        plant = self.plant.number
        while not pay_in(ground.world, ground.rows, exchange, to, value, plant, where, outcome):
            value //= 3
            if value < _SMALLEST_SAT or exchange >= 0:
                raise Starved
        address.is_paid = True
        self.plant.transactions.append((int(outcome[0]), role))
        return Coin(int(outcome[0]), int(outcome[1]), value, address)

    def participants(
        self,
        count: int,
        fewest: int,
        least_sat: int,
        *,
        forms: Iterable[Form] = Form,
        coins: tuple[int, int] = (1, 1),
        most: int = 1,
        without: Iterable[int] = (),
    ) -> list[Purse]:
        """The purses of ordinary users, each worth at least so much, as many as can be found.

        Each user brings a drawn number of `coins`, from and to, and up to `most` where the value
        asks for it; of these forms, none made in this block. They are taken out of ordinary life.
        `without`: owners who are part of this already. Raises Starved, and takes none, if too few
        are found.
        """
        ground, found = self._ground, self._ground.scratch[4]
        bits = sum(1 << form for form in set(forms))
        before = int(ground.rows.counts[FIRST_TX])
        purses: list[Purse] = []
        owners = set(without)
        for _ in range(2 * count):
            if len(purses) == count:
                break
            wanted = self.draw.between(*coins)
            many = find_purse(
                ground.world, least_sat, wanted, max(most, wanted), bits, before, _TRIES, found
            )
            if not many:
                break
            purse = self._purse(found[:many].tolist())
            if purse.owner in owners:
                self.release(purse.coins)
                continue
            owners.add(purse.owner)
            purses.append(purse)
        if len(purses) < fewest:
            self.release(coin for purse in purses for coin in purse.coins)
            raise Starved
        self.join(purses)
        return purses

    def _purse(self, found: list[list[int]]) -> Purse:
        owner = int(self._ground.world.owner[found[0][0]])
        return Purse(
            tuple(
                Coin(tx, n, value, Address(number, Form(form), owner, wallet, True))
                for wallet, tx, n, value, number, form in found
            )
        )

    def join(self, purses: Iterable[Purse]) -> None:
        """Note the addresses of those who take part."""
        self.plant.addresses.extend(
            (coin.address, "participant") for purse in purses for coin in purse.coins
        )

    def is_confirmed(self, coin: Coin) -> bool:
        """Whether a coin was made in an earlier block."""
        return coin.tx < int(self._ground.rows.counts[FIRST_TX])

    def waiting(self, protocol: str) -> Waiting:
        """What a protocol's software remembers from the instances before."""
        return self._ground.waiting.setdefault(protocol, Waiting())

    def release(self, coins: Iterable[Coin]) -> None:
        """Give coins back to ordinary life, each to the wallet of its address."""
        given = [
            (max(to.wallet, to.home), tx, n, value, to.number, int(to.form))
            for tx, n, value, to in coins
        ]
        if given:
            give_coins(self._ground.world, np.array(given, np.int64))

    # --- coins on

    def software(self, version: int) -> None:
        """Have transactions as a program without lock times makes them: this version, final."""
        self._style[VERSION], self._style[HAS_HEIGHT], self._style[SEQUENCE] = version, 0, _FINAL

    def txid(self, coin: Coin) -> bytes:
        """The id of a coin's transaction, which is in an earlier block, as blocks hold it."""
        return bytes(self._ground.ids[coin.tx])

    def script(self, to: Address) -> bytes:
        """The output script of an address."""
        return self._ground.script(to.number, to.form)

    def in_order(self, coins: Iterable[Coin]) -> list[Coin]:
        """Sort inputs as BIP 69 says: by id as people read it, then by place."""
        return sorted(coins, key=lambda coin: (self.txid(coin)[::-1], coin.n))

    def by_value(self, payment: Payment) -> tuple[int, bytes]:
        """The key of outputs sorted as BIP 69 says: by value, then by script."""
        return payment[1], self.script(payment[0])

    def fee_in(self, form: Form) -> int:
        """The fee for an input of a form."""
        return (_IN_WEIGHT[form] + 3) // 4 * self._rate

    def fee_out(self, form: Form) -> int:
        """The fee for an output of a form."""
        return (_OUT_WEIGHT[form] + 3) // 4 * self._rate

    def fee(self, inputs: Sequence[Coin], forms: Sequence[Form]) -> int:
        """The fee of a transaction with these inputs and outputs of these forms."""
        weight = TX_WEIGHT + sum(_IN_WEIGHT[coin.address.form] for coin in inputs)
        return (weight + sum(_OUT_WEIGHT[form] for form in forms) + 3) // 4 * self._rate

    def spend(
        self,
        inputs: Sequence[Coin],
        payments: Sequence[Payment],
        role: str,
        *,
        change: Address | None = None,
        kind: TxRole = TxRole.STEP,
        mixed: bool = True,
        key: Callable[[Payment], Any] | None = None,
    ) -> list[Coin]:
        """Spend coins; what is left after payments and fee goes to `change`, if it is worth it.

        Gives the coins paid in the order of `payments`, then the change if there is any. Without
        `change` all that is left is the fee. `mixed`: outputs stand in a drawn order; `key`: in
        the order of this key, and drawn where it is the same. Raises Starved if the coins do not
        suffice.
        """
        self._need_room()
        wanted = list(payments)
        left = sum(coin.value for coin in inputs) - sum(value for _, value, _ in wanted)
        if change is not None:
            left -= self.fee(inputs, [*(to.form for to, _, _ in wanted), change.form])
            if left >= DUST_SAT:
                wanted.append((change, left, OutputRole.CHANGE))
        if left < 0 or any(
            value < DUST_SAT for _, value, kind_of in wanted if kind_of is not OutputRole.DATA
        ):
            raise Starved
        order = list(range(len(wanted)))
        if mixed:
            order = self.draw.shuffled(order)
        if key is not None:
            sorting = key
            order.sort(key=lambda i: sorting(wanted[i]))
        tx = self._add(inputs, [wanted[i] for i in order], kind)
        self.plant.transactions.append((tx, role))
        place = {i: n for n, i in enumerate(order)}
        made = [Coin(tx, place[i], value, to) for i, (to, value, _) in enumerate(wanted)]
        self.release(coin for coin in made if coin.address.wallet >= 0)
        return made

    def send_all(self, inputs: Sequence[Coin], to: Address, role: str, what: OutputRole) -> Coin:
        """Send everything to one address, less the fee."""
        value = sum(coin.value for coin in inputs) - self.fee(inputs, [to.form])
        return self.spend(inputs, [(to, value, what)], role)[0]

    def data(self, form: Form = Form.DATA) -> Payment:
        """An OP_RETURN output, which is nobody's."""
        return Address(self._next_address(), form, -1, -1), 0, OutputRole.DATA

    def _need_room(self) -> None:
        """Stop an instance that would make more than was kept free for it."""
        if len(self.plant.transactions) >= self.room:
            raise Starved

    def _next_address(self) -> int:
        state = self._ground.world.state
        state[NEXT_ADDRESS] += 1
        return int(state[NEXT_ADDRESS]) - 1

    def _add(self, inputs: Sequence[Coin], outputs: Sequence[Payment], kind: TxRole) -> int:
        rows, style = self._ground.rows, self._style
        spent = [
            (one.tx, one.n, one.address.number, int(one.address.form), one.value, style[SEQUENCE])
            for one in inputs
        ]
        paid = []
        for to, value, what in outputs:
            form, role = int(to.form), int(what)
            paid.append((value, to.number, form, to.owner, role, int(not to.is_paid)))
            to.is_paid = True
        locktime = int(rows.counts[HEIGHT]) - 1 if style[HAS_HEIGHT] else 0
        return int(
            add_planned(
                rows, np.array(spent, np.int64), np.array(paid, np.int64), style[VERSION], locktime,
                int(kind), self.plant.number,
            )
        )  # fmt: skip
