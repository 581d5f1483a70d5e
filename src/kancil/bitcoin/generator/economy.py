"""Ordinary life: the wallets, the coins they hold, and how a wallet receives, picks and gives back.

Wallets are few kinds (`PROFILES`) that differ in what they leave on the chain: form of address,
where change goes and stands, version, lock time, sequence, round amounts. Miners, exchanges and
users hold their coins in queues; the oldest coin is spent first. All is integers, in arrays that
kernels (`payments`) work on.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.generator.compiled import kernel, part
from kancil.bitcoin.generator.counter import STREAM_LIFE, below, stream_key
from kancil.bitcoin.generator.form import NESTED, PKH, SHARED, TR, WPKH, WSH

NOTHING = -1
NEXT_ADDRESS, FREE_COIN, COINS_USED, MINERS, EXCHANGES, USERS, LOST, SPENDABLE = range(8)

FORM, CHANGE_FORM, CHANGE_WAY, CHANGE_PLACE, VERSION, HAS_HEIGHT, SEQUENCE, ROUND, REUSE = range(9)
CHANGE_NEW, CHANGE_SAME = 0, 1
PLACE_ANY, PLACE_LAST, PLACE_FIRST = 0, 1, 2
_FINAL, _NO_REPLACE, _REPLACE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

PROFILES = np.array(
    [
        # form, change form, change way, place, version, height, sequence, round, reuse per thousand
        [WPKH, WPKH, CHANGE_NEW, PLACE_ANY, 2, 1, _REPLACE, 200, 20],
        [WPKH, WPKH, CHANGE_NEW, PLACE_LAST, 2, 0, _FINAL, 400, 50],
        [PKH, PKH, CHANGE_SAME, PLACE_LAST, 1, 0, _FINAL, 500, 950],
        [PKH, PKH, CHANGE_NEW, PLACE_ANY, 1, 0, _FINAL, 300, 100],
        [NESTED, NESTED, CHANGE_NEW, PLACE_FIRST, 1, 0, _FINAL, 300, 100],
        [NESTED, WPKH, CHANGE_NEW, PLACE_ANY, 2, 1, _NO_REPLACE, 300, 50],
        [TR, TR, CHANGE_NEW, PLACE_ANY, 2, 1, _REPLACE, 200, 10],
        [WSH, WSH, CHANGE_NEW, PLACE_LAST, 2, 1, _NO_REPLACE, 100, 20],
        [SHARED, SHARED, CHANGE_SAME, PLACE_LAST, 1, 0, _FINAL, 100, 800],
    ],
    np.int64,
)
PROFILE_NAMES = (
    "node", "light", "phone-one-address", "legacy", "nested-change-first", "nested-change-native",
    "taproot", "shared-2-of-3", "shared-old",
)  # fmt: skip
_SHARES = np.array([180, 460, 560, 640, 720, 800, 940, 980, 1000], np.int64)
"""Of a thousand users so many have this profile or one before it."""
HOT_PROFILE, DEPOSIT_PROFILE, MINER_PROFILE = 1, 5, 3


class World(NamedTuple):
    """Wallets and coins."""

    state: Any
    """int64 `[8]`: next address, head of the free coins, coins ever used, miners, exchanges, users,
    satoshi in coins too small to be worth spending, satoshi in the queues."""
    numbers: Any
    """uint64 `[2]`: the stream of ordinary life."""
    head: Any
    """int32: for each wallet its oldest coin."""
    tail: Any
    held: Any
    """int32: coins in the queue."""
    profile: Any
    owner: Any
    last_address: Any
    """int64: the address it received at last, -1 if none."""
    last_form: Any
    account: Any
    """int64: a user's deposit address at an exchange, -1 before the first deposit."""
    coin_tx: Any
    coin_n: Any
    coin_value: Any
    coin_address: Any
    coin_form: Any
    coin_next: Any


def new_world(seed: int, miners: int, exchanges: int, users: int, coins: int) -> World:
    """Make wallets without coins: miners, two for each exchange (deposits, then hot), users."""
    wallets = miners + 2 * exchanges + users
    state = np.zeros(8, np.int64)
    state[FREE_COIN], state[MINERS], state[EXCHANGES], state[USERS] = -1, miners, exchanges, users
    profile, owner = np.zeros(wallets, np.uint8), np.zeros(wallets, np.int64)
    numbers = np.array([stream_key(seed, STREAM_LIFE), 0], np.uint64)
    _settle(numbers, profile, owner, miners, exchanges, _SHARES)
    return World(
        state, numbers,
        np.full(wallets, -1, np.int32), np.full(wallets, -1, np.int32), np.zeros(wallets, np.int32),
        profile, owner, np.full(wallets, -1, np.int64), np.zeros(wallets, np.uint8),
        np.full(wallets, -1, np.int64),
        np.zeros(coins, np.int32), np.zeros(coins, np.int32), np.zeros(coins, np.int64),
        np.zeros(coins, np.int64), np.zeros(coins, np.uint8), np.zeros(coins, np.int32),
    )  # fmt: skip


@kernel
def _settle(numbers, profile, owner, miners, exchanges, shares):
    for wallet in range(len(profile)):
        if wallet < miners:
            profile[wallet], owner[wallet] = MINER_PROFILE, wallet
        elif wallet < miners + 2 * exchanges:
            place = wallet - miners
            profile[wallet] = HOT_PROFILE if place & 1 else DEPOSIT_PROFILE
            owner[wallet] = miners + place // 2
        else:
            drawn, kind = below(numbers, 1000), 0
            while drawn >= shares[kind]:
                kind += 1
            profile[wallet], owner[wallet] = kind, wallet - exchanges


def with_room(world: World, coins: int) -> World:
    """The world with room for so many more coins."""
    used = int(world.state[COINS_USED])
    if used + coins <= len(world.coin_tx):
        return world
    size = max(used + coins, len(world.coin_tx) * 3 // 2)
    grown = {}
    for name in ("coin_tx", "coin_n", "coin_value", "coin_address", "coin_form", "coin_next"):
        old = getattr(world, name)
        grown[name] = np.zeros(size, old.dtype)
        grown[name][:used] = old[:used]
    return world._replace(**grown)


@part
def draw(world, bound):
    """Draw a number below the bound from ordinary life's stream."""
    return below(world.numbers, bound)


@part
def new_address(world):
    """The number of an address that was never used."""
    found = world.state[NEXT_ADDRESS]
    world.state[NEXT_ADDRESS] = found + 1
    return found


@part
def hot_of(world, exchange):
    """The wallet from which an exchange pays."""
    return world.state[MINERS] + 2 * exchange + 1


@part
def deposits_of(world, exchange):
    """The wallet of an exchange's deposits."""
    return world.state[MINERS] + 2 * exchange


@part
def exchange_of(world, wallet):
    """The exchange where a wallet's owner has an account."""
    return wallet % world.state[EXCHANGES]


@part
def any_user(world):
    """Draw a user's wallet."""
    state = world.state
    return state[MINERS] + 2 * state[EXCHANGES] + draw(world, state[USERS])


@part
def put_coin(world, wallet, tx, n, value, address, form):
    """Put a coin at the end of a wallet's queue."""
    state = world.state
    coin = state[FREE_COIN]
    if coin >= 0:
        state[FREE_COIN] = world.coin_next[coin]
    else:
        coin = state[COINS_USED]
        state[COINS_USED] = coin + 1
    world.coin_tx[coin], world.coin_n[coin], world.coin_value[coin] = tx, n, value
    world.coin_address[coin], world.coin_form[coin], world.coin_next[coin] = address, form, -1
    if world.tail[wallet] >= 0:
        world.coin_next[world.tail[wallet]] = coin
    else:
        world.head[wallet] = coin
    world.tail[wallet] = coin
    world.held[wallet] += 1
    state[SPENDABLE] += value


@kernel
def give_coin(world, wallet, tx, n, value, address, form):
    """Put a coin at the end of a wallet's queue, asked from outside."""
    put_coin(world, wallet, tx, n, value, address, form)


@kernel
def give_coins(world, coins):
    """Put coins into queues.

    `coins`: int64 `[n, 6]`: wallet, transaction, n, value, address, form.
    """
    for i in range(len(coins)):
        one = coins[i]
        put_coin(world, one[0], one[1], one[2], one[3], one[4], one[5])


@part
def take_coin(world, wallet):
    """Take the oldest coin out of a wallet that has one; its row is good until the next `put`."""
    coin = world.head[wallet]
    world.head[wallet] = world.coin_next[coin]
    if world.head[wallet] < 0:
        world.tail[wallet] = -1
    world.held[wallet] -= 1
    world.coin_next[coin] = world.state[FREE_COIN]
    world.state[FREE_COIN] = coin
    world.state[SPENDABLE] -= world.coin_value[coin]
    return coin


@part
def _purse_size(world, wallet, least, wanted, most, forms, before):
    """Count the oldest coins that make a purse; 0 if they do not come to `least`."""
    coin, total, count = world.head[wallet], 0, 0
    while coin >= 0 and count < most and (total < least or count < wanted):
        if not (forms >> world.coin_form[coin]) & 1 or world.coin_tx[coin] >= before:
            break
        total += world.coin_value[coin]
        coin, count = world.coin_next[coin], count + 1
    return count if total >= least else 0


@kernel
def find_purse(world, least, wanted, most, forms, before, most_tries, found):
    """Take the oldest coins of a drawn user, together worth at least so much, out of its queue.

    As many as are wanted, fewer if there are no more, and up to `most` if the value asks for it;
    of the forms whose bits stand in `forms`; of transactions before number `before`. `found`: int64
    `[most, 6]`: wallet, transaction, n, value, address, form. Gives how many there are.
    """
    for _ in range(most_tries):
        wallet = any_user(world)
        count = _purse_size(world, wallet, least, wanted, most, forms, before)
        for i in range(count):
            coin = take_coin(world, wallet)
            found[i, 0], found[i, 1], found[i, 2] = wallet, world.coin_tx[coin], world.coin_n[coin]
            found[i, 3], found[i, 4] = world.coin_value[coin], world.coin_address[coin]
            found[i, 5] = world.coin_form[coin]
        if count:
            return count
    return 0


@kernel
def typical_value(world, sample):
    """The median value of the oldest coins of drawn users; 0 if hardly any has one.

    `sample`: int64 `[n]`, scratch.
    """
    found = 0
    for _ in range(4 * len(sample)):
        coin = world.head[any_user(world)]
        if coin < 0:
            continue
        value, place = world.coin_value[coin], found
        while place > 0 and sample[place - 1] > value:
            sample[place] = sample[place - 1]
            place -= 1
        sample[place] = value
        found += 1
        if found == len(sample):
            break
    return sample[found // 2] if found >= 3 else 0
