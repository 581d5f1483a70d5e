"""Wasabi 2 (WabiSabi): outputs of standard denominations, in two forms, and the odd change.

The protocol is WabiSabi (Ficsór, Kogman, Ontivero, Seres, 2021); the form is that of the code
(WalletWasabi 2): WabiSabiConfig (21 to 100 inputs: at most 100, of which other coordinators asked
for 21; 0.3 % of each input above 0.01 BTC to the coordinator, nothing for coins that come from a
round), SigningState (inputs and outputs from the largest to the smallest, then by bytes),
DenominationBuilder, and AmountDecomposer, of which this is a small relation: denominations that
the inputs of the round make likely, too close ones left out, several cuts, and the one with the
least change. Room for outputs is 255 virtual bytes for each input, less the input's own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from kancil.bitcoin.generator.counter import Draw
from kancil.bitcoin.generator.form import INPUT_WEIGHT, OUTPUT_WEIGHT, Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Coin, Payment, Purse, Stage, Starved

LEAST_SAT, MOST_SAT = 5_000, 134_375_000_000
_FORMS = (Form.WPKH, Form.TR)
_FEWEST_INPUTS, _MOST_INPUTS = 21, 100
_MOST_COINS, _MOST_NEW_COINS, _MOST_OUTPUTS, _CUTS = 10, 3, 10, 12
_LEAST_PURSE_SAT = 30_000
_VBYTES_EACH = 255
_IN_VBYTES = {form: (int(INPUT_WEIGHT[form]) + 3) // 4 for form in _FORMS}
_OUT_VBYTES = {form: int(OUTPUT_WEIGHT[form]) // 4 for form in _FORMS}
_FREE_SAT, _FEE_THOUSANDTHS = 1_000_000, 3
_AGAIN_PER_MILLION = 500_000


def _denominations() -> tuple[int, ...]:
    """The standard values, smallest first: 2^n, 3^n, 2·3^n, 10^n, 2·10^n, 5·10^n satoshi."""
    found = {2**n for n in range(41)} | {3**n for n in range(26)} | {2 * 3**n for n in range(26)}
    found |= {many * 10**n for many in (1, 2, 5) for n in range(12)}
    return tuple(sorted(value for value in found if LEAST_SAT <= value <= MOST_SAT))


DENOMINATIONS = _denominations()


class Cut(NamedTuple):
    """One way to cut what a participant has."""

    values: tuple[int, ...]
    change: int
    """0: none."""


class Wasabi2:
    """Some of those who were in a round wait with all their outputs for the next."""

    name = "wasabi-2"
    version = "2"
    source = (
        "Ficsór, Kogman, Ontivero, Seres, WabiSabi, 2021; WalletWasabi 2, WabiSabiConfig, "
        "SigningState, DenominationBuilder, AmountDecomposer"
    )
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One round."""
        draw = stage.draw
        stage.software(version=1)
        waiting = stage.waiting(self.name)
        again = _again([coin for coin in waiting.coins if stage.is_confirmed(coin)])
        purses = [*again, *_enter(stage, again)]
        free = {coin[:2] for purse in again for coin in purse.coins}
        payments = _outputs(stage, purses, free)
        inputs = sorted(
            (coin for purse in purses for coin in purse.coins),
            key=lambda coin: (-coin.value, stage.txid(coin), coin.n),
        )
        stage.plant.facts["inputs_of_rounds"] = len(free)
        made = stage.spend(
            inputs, payments, "coinjoin", kind=TxRole.COINJOIN,
            key=lambda payment: (-payment[1], stage.script(payment[0])),
        )  # fmt: skip
        stage.release(coin for coin in waiting.coins if coin[:2] not in free)
        waits = {purse.owner for purse in purses if draw.chance(_AGAIN_PER_MILLION)}
        kept = [coin for coin in made if coin.address.home >= 0]
        waiting.coins = [coin for coin in kept if coin.address.owner in waits]
        stage.release(coin for coin in kept if coin.address.owner not in waits)
        yield 0


def _again(coins: Sequence[Coin]) -> list[Purse]:
    """The purses of those who join again, at most half of the inputs."""
    held: dict[int, list[Coin]] = {}
    for coin in coins:
        held.setdefault(coin.address.owner, []).append(coin)
    purses: list[Purse] = []
    count = 0
    for mine in held.values():
        if count + len(mine[:_MOST_COINS]) <= _MOST_INPUTS // 2:
            purses.append(Purse(tuple(mine[:_MOST_COINS])))
            count += len(purses[-1].coins)
    return purses


def _enter(stage: Stage, again: Sequence[Purse]) -> list[Purse]:
    """The purses of those who are new. Raises Starved."""
    count = sum(len(purse.coins) for purse in again)
    many = max(1, (stage.draw.between(60, _MOST_INPUTS) - count) // _MOST_NEW_COINS)
    found = stage.participants(
        many, 1, _LEAST_PURSE_SAT, forms=_FORMS, coins=(1, _MOST_NEW_COINS),
        without={purse.owner for purse in again},
    )  # fmt: skip
    if count + sum(len(purse.coins) for purse in found) < _FEWEST_INPUTS:
        stage.release(coin for purse in found for coin in purse.coins)
        raise Starved
    stage.join(again)
    return found


def _outputs(stage: Stage, purses: Sequence[Purse], free: Set[tuple[int, int]]) -> list[Payment]:
    """All outputs; `free`: coins that pay the coordinator nothing."""
    each = stage.fee_out(Form.TR)
    taken = 0
    effective: list[list[int]] = []
    for purse in purses:
        mine = []
        for coin in purse.coins:
            pays = coin.value > _FREE_SAT and coin[:2] not in free
            fee = coin.value * _FEE_THOUSANDTHS // 1_000 if pays else 0
            taken += fee
            mine.append(coin.value - fee - stage.fee_in(coin.address.form))
        effective.append(mine)
    likely = likely_values([value for mine in effective for value in mine], each)
    payments: list[Payment] = []
    for purse, mine in zip(purses, effective, strict=True):
        room = sum(_VBYTES_EACH - _IN_VBYTES[coin.address.form] for coin in purse.coins)
        forms = {value: stage.draw.pick(_FORMS) for value in likely}
        cut = best_cut(stage.draw, likely, forms, each, sum(mine), room)
        for value in cut.values:
            to = stage.own(purse, "joined", forms[value], waits=True)
            payments.append((to, value, OutputRole.JOINED))
        if cut.change:
            to = stage.own(purse, "change", stage.draw.pick(_FORMS), waits=True)
            payments.append((to, cut.change, OutputRole.CHANGE))
    taken -= stage.fee_out(Form.WPKH)
    if taken > LEAST_SAT:
        to = stage.address(stage.actor("coordinator"), "coordinator fee", Form.WPKH)
        payments.append((to, taken, OutputRole.PAYMENT))
    return payments


def likely_values(effective: Sequence[int], each: int) -> list[int]:
    """The denominations that two inputs or more make likely, smallest first.

    `effective`: what each input is worth after fees; `each`: the fee of an output. Close to another
    one are left out, above all at the top (AmountDecomposer, GetFilteredDenominations).
    """
    largest = sorted(effective)[-2:][0]
    most = bisect_right(DENOMINATIONS, largest - each)
    counts: Counter[int] = Counter()
    for left in effective:
        place = most
        while left >= LEAST_SAT + each and (
            place := bisect_right(DENOMINATIONS, left - each, 0, place)
        ):
            value = DENOMINATIONS[place - 1]
            times = left // (value + each)
            counts[value] += times
            left -= times * (value + each)
    found = sorted((value for value, times in counts.items() if times > 1), reverse=True)
    kept: list[int] = []
    for place, value in enumerate(found):
        rank = len(found) - place
        if not kept or value * (2 * len(found) + rank) <= kept[-1] * 2 * len(found):
            kept.append(value)
    return kept[::-1]


def best_cut(
    draw: Draw, likely: Sequence[int], forms: Mapping[int, Form], each: int, total: int, room: int
) -> Cut:
    """One of the cuts without change, or the one with the least.

    `total`: satoshi; `room`: virtual bytes for outputs; `each`: the fee of an output.
    """
    cuts = [_cut(None, likely, forms, each, total, room)]
    cuts += [_cut(draw, likely, forms, each, total, room) for _ in range(_CUTS - 1)]
    whole = [cut for cut in cuts if not cut.change and cut.values]
    return draw.pick(whole) if whole else min(cuts, key=lambda cut: cut.change)


def _cut(
    draw: Draw | None,
    likely: Sequence[int],
    forms: Mapping[int, Form],
    each: int,
    total: int,
    room: int,
) -> Cut:
    """Cut a total: always the largest denomination, or a drawn one of a third of it or more."""
    values: list[int] = []
    left = total
    while len(values) < _MOST_OUTPUTS - 1:
        high = bisect_right(likely, left - each)
        if not high:
            break
        low = bisect_left(likely, left // 3 - each)
        place = high - 1 if draw is None or low >= high else draw.between(low, high - 1)
        value = likely[place]
        rest = left - value - each
        size = _OUT_VBYTES[forms[value]]
        if size + (_OUT_VBYTES[Form.TR] if rest >= LEAST_SAT + each else 0) > room:
            break
        values.append(value)
        left, room = rest, room - size
    return Cut(tuple(values), left - each if left >= LEAST_SAT + each else 0)


WASABI_2 = Wasabi2()
