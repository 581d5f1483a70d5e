"""The transactions of ordinary life, as kernels: payments, deposits, sweeps, payouts, sales.

Each takes the oldest coins of one wallet, pays, and gives the change back by the wallet's profile.
What is paid to wallets of this economy goes into their queues; what a planted instance is paid
comes back as the outcome, for the stage to keep.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from kancil.bitcoin.generator.compiled import kernel, part
from kancil.bitcoin.generator.economy import (
    CHANGE_FORM,
    CHANGE_PLACE,
    CHANGE_SAME,
    CHANGE_WAY,
    EXCHANGES,
    FORM,
    HAS_HEIGHT,
    LOST,
    MINERS,
    NOTHING,
    PLACE_ANY,
    PLACE_FIRST,
    PROFILES,
    REUSE,
    ROUND,
    SEQUENCE,
    VERSION,
    any_user,
    deposits_of,
    draw,
    exchange_of,
    hot_of,
    new_address,
    put_coin,
    take_coin,
)
from kancil.bitcoin.generator.form import BARE, DATA, INPUT_WEIGHT, OUTPUT_WEIGHT, WPKH
from kancil.bitcoin.generator.rows import (
    FIRST_TX,
    HEIGHT,
    IN_TOTAL,
    INPUTS,
    MAX_WEIGHT,
    NO_PLANT,
    OPEN_WEIGHT,
    OUTPUTS,
    ROOM_WEIGHT,
    TXS,
    WEIGHT,
    OutputRole,
    TxRole,
    add_input,
    add_output,
    begin_tx,
    drop_tx,
    end_tx,
)

DUST_SAT = 1_000
"""No payment and no change is smaller."""
MOST_INPUTS = 60
_ROLE_PAYMENT, _ROLE_CHANGE, _ROLE_DEPOSIT = (
    int(OutputRole.PAYMENT), int(OutputRole.CHANGE), int(OutputRole.DEPOSIT),
)  # fmt: skip
_ROLE_SWEEP, _ROLE_PAYOUT, _ROLE_DATA = (
    int(OutputRole.SWEEP), int(OutputRole.PAYOUT), int(OutputRole.DATA),
)  # fmt: skip
_PAYMENT, _SWEEP, _BATCH, _SALE, _ENTRY = (
    int(TxRole.PAYMENT), int(TxRole.SWEEP), int(TxRole.BATCH), int(TxRole.SALE), int(TxRole.ENTRY),
)  # fmt: skip


@part
def _spend_coins(world, rows, wallet, count, least, rate, outputs_weight):
    """Spend the oldest coins: at least count of them, and until `least` and the fee are covered."""
    sequence = PROFILES[world.profile[wallet], SEQUENCE]
    taken = 0
    while world.head[wallet] >= 0 and taken < MOST_INPUTS:
        fee = (rows.counts[OPEN_WEIGHT] + outputs_weight + 3) // 4 * rate
        if taken >= count and rows.counts[IN_TOTAL] >= least + fee:
            break
        coin = take_coin(world, wallet)
        add_input(
            rows, world.coin_tx[coin], world.coin_n[coin], world.coin_address[coin],
            world.coin_form[coin], world.coin_value[coin], sequence,
        )  # fmt: skip
        taken += 1
    return taken


@part
def _receiving(world, wallet, where):
    """The address at which a wallet is paid now, in where: number, form, whether it is new."""
    profile = world.profile[wallet]
    where[1], where[2] = PROFILES[profile, FORM], 0
    if world.last_address[wallet] >= 0 and draw(world, 1000) < PROFILES[profile, REUSE]:
        where[0], where[1] = world.last_address[wallet], world.last_form[wallet]
        return
    where[0], where[2] = new_address(world), 1
    if where[1] == WPKH and draw(world, 2000) == 0:
        where[1] = BARE
    world.last_address[wallet], world.last_form[wallet] = where[0], where[1]


@part
def _account(world, wallet, where):
    """A wallet's deposit address at its exchange, in where as `_receiving` does."""
    where[1], where[2] = PROFILES[world.profile[deposits_of(world, 0)], FORM], 0
    if world.account[wallet] < 0:
        world.account[wallet], where[2] = new_address(world), 1
    where[0] = world.account[wallet]


@part
def _change_address(world, rows, wallet, where):
    """Where a wallet's change goes: back to the address of its last input, or a new one."""
    profile = world.profile[wallet]
    where[1], where[2] = PROFILES[profile, CHANGE_FORM], 0
    if PROFILES[profile, CHANGE_WAY] == CHANGE_SAME:
        last = rows.counts[INPUTS] - 1
        where[0], where[1] = rows.in_address[last], rows.in_form[last]
    else:
        where[0], where[2] = new_address(world), 1


@part
def _swap_outputs(rows, one, two):
    rows.out_value[one], rows.out_value[two] = rows.out_value[two], rows.out_value[one]
    rows.out_address[one], rows.out_address[two] = rows.out_address[two], rows.out_address[one]
    rows.out_form[one], rows.out_form[two] = rows.out_form[two], rows.out_form[one]
    rows.out_owner[one], rows.out_owner[two] = rows.out_owner[two], rows.out_owner[one]
    rows.out_role[one], rows.out_role[two] = rows.out_role[two], rows.out_role[one]
    rows.out_is_new[one], rows.out_is_new[two] = rows.out_is_new[two], rows.out_is_new[one]


@part
def _rounded(world, wallet, value):
    """Round an amount down to two or three digits, as people do, if this wallet's owner does."""
    if draw(world, 1000) >= PROFILES[world.profile[wallet], ROUND]:
        return value
    step = 1
    while value // (step * 10) >= 10:
        step *= 10
    if draw(world, 2) and step >= 10:
        step //= 10
    return value // step * step


@part
def _finish(world, rows, wallet, payee, role, plant):
    """End a payment of one or two outputs, in the profile's order; coins go to the queues.

    The payment is the first output, change the second if there is one. `payee`: its wallet or -1.
    Gives the payment's place among the outputs.
    """
    profile = world.profile[wallet]
    first = rows.tx_out[rows.counts[TXS]]
    has_change = rows.counts[OUTPUTS] - first == 2
    paid = first
    if has_change:
        way = PROFILES[profile, CHANGE_PLACE]
        if way == PLACE_FIRST or (way == PLACE_ANY and draw(world, 2)):
            _swap_outputs(rows, first, first + 1)
            paid = first + 1
    height = rows.counts[HEIGHT]
    locktime = height - 1 if PROFILES[profile, HAS_HEIGHT] else 0
    tx = end_tx(rows, PROFILES[profile, VERSION], locktime, role, plant)
    if payee >= 0:
        put_coin(
            world, payee, tx, paid - first, rows.out_value[paid], rows.out_address[paid],
            rows.out_form[paid],
        )  # fmt: skip
    if has_change:
        back = 2 * first + 1 - paid
        put_coin(
            world, wallet, tx, back - first, rows.out_value[back], rows.out_address[back],
            rows.out_form[back],
        )  # fmt: skip
    return paid - first


@part
def _pay_someone(world, rows, wallet, to_exchange, where):
    """A wallet pays another, or its own account at an exchange. Gives whether it could."""
    held = world.held[wallet]
    if held == 0:
        return False
    rate = 1 + draw(world, 12)
    many = draw(world, 100)
    count = 1 if many < 65 else (2 if many < 88 else 3 + draw(world, 4))
    if held > 20:
        count += 8
    begin_tx(rows)
    spare = OUTPUT_WEIGHT[WPKH] * 2 + 60
    _spend_coins(world, rows, wallet, count, 2 * DUST_SAT, rate, spare)
    fee = (rows.counts[OPEN_WEIGHT] + spare + 3) // 4 * rate
    free = rows.counts[IN_TOTAL] - fee
    if free < DUST_SAT:
        world.state[LOST] += rows.counts[IN_TOTAL]
        drop_tx(rows)
        return False
    value = free
    if draw(world, 100) >= 6:
        value = _rounded(world, wallet, free // 1000 * (30 + draw(world, 900)))
    if value < DUST_SAT or free - value < DUST_SAT:
        value = free
    payee = any_user(world)
    if to_exchange:
        payee = deposits_of(world, exchange_of(world, wallet))
        _account(world, wallet, where)
        out_role = _ROLE_DEPOSIT
    else:
        _receiving(world, payee, where)
        out_role = _ROLE_PAYMENT
    add_output(rows, value, where[0], where[1], world.owner[payee], out_role, where[2])
    if value < free:
        _change_address(world, rows, wallet, where)
        owner = world.owner[wallet]
        add_output(rows, free - value, where[0], where[1], owner, _ROLE_CHANGE, where[2])
    role = _SALE if wallet < world.state[MINERS] else _PAYMENT
    _finish(world, rows, wallet, payee, role, NO_PLANT)
    return True


@part
def _sweep(world, rows, where):
    """An exchange gathers deposits into one coin of its hot wallet."""
    exchange = draw(world, world.state[EXCHANGES])
    wallet, hot = deposits_of(world, exchange), hot_of(world, exchange)
    if world.held[wallet] == 0:
        return False
    rate = 1 + draw(world, 4)
    begin_tx(rows)
    _spend_coins(world, rows, wallet, 2 + draw(world, 48), DUST_SAT, rate, OUTPUT_WEIGHT[WPKH])
    _receiving(world, hot, where)
    fee = (rows.counts[OPEN_WEIGHT] + OUTPUT_WEIGHT[where[1]] + 3) // 4 * rate
    value = rows.counts[IN_TOTAL] - fee
    if value < DUST_SAT:
        world.state[LOST] += rows.counts[IN_TOTAL]
        drop_tx(rows)
        return False
    add_output(rows, value, where[0], where[1], world.owner[hot], _ROLE_SWEEP, where[2])
    _finish(world, rows, wallet, hot, _SWEEP, NO_PLANT)
    return True


@part
def _batch(world, rows, where):
    """An exchange pays customers, many at once, and keeps the change."""
    exchange = draw(world, world.state[EXCHANGES])
    wallet = hot_of(world, exchange)
    if world.held[wallet] == 0:
        return False
    rate, payees = 2 + draw(world, 10), 2 + draw(world, 8) * (1 + draw(world, 4))
    begin_tx(rows)
    spare = OUTPUT_WEIGHT[WPKH] * (payees + 1) + 60 * payees
    _spend_coins(world, rows, wallet, 1 + draw(world, 3), DUST_SAT * payees, rate, spare)
    free = rows.counts[IN_TOTAL] - (rows.counts[OPEN_WEIGHT] + spare + 3) // 4 * rate
    share = free // (2 * payees + 1)
    if share < 6 * DUST_SAT:
        world.state[LOST] += rows.counts[IN_TOTAL]
        drop_tx(rows)
        return False
    tx = rows.counts[FIRST_TX] + rows.counts[TXS]
    for n in range(payees):
        payee = any_user(world)
        value = _rounded(world, wallet, share // 1000 * (200 + draw(world, 790)))
        _receiving(world, payee, where)
        add_output(rows, value, where[0], where[1], world.owner[payee], _ROLE_PAYOUT, where[2])
        put_coin(world, payee, tx, n, value, where[0], where[1])
        free -= value
    _change_address(world, rows, wallet, where)
    add_output(rows, free, where[0], where[1], world.owner[wallet], _ROLE_CHANGE, where[2])
    end_tx(rows, PROFILES[world.profile[wallet], VERSION], 0, _BATCH, NO_PLANT)
    put_coin(world, wallet, tx, payees, free, where[0], where[1])
    return True


@part
def _note(world, rows, where):
    """A user pays with a note of 32 bytes: three outputs, the second OP_RETURN."""
    wallet = any_user(world)
    if world.held[wallet] == 0:
        return False
    begin_tx(rows)
    spare = OUTPUT_WEIGHT[WPKH] + 60 + OUTPUT_WEIGHT[DATA]
    _spend_coins(world, rows, wallet, 1, 2 * DUST_SAT, 3, spare)
    free = rows.counts[IN_TOTAL] - (rows.counts[OPEN_WEIGHT] + spare + 3) // 4 * 3
    if free < DUST_SAT:
        world.state[LOST] += rows.counts[IN_TOTAL]
        drop_tx(rows)
        return False
    _change_address(world, rows, wallet, where)
    add_output(rows, free, where[0], where[1], world.owner[wallet], _ROLE_CHANGE, where[2])
    add_output(rows, 0, new_address(world), DATA, NOTHING, _ROLE_DATA, 1)
    tx = end_tx(rows, PROFILES[world.profile[wallet], VERSION], 0, _PAYMENT, NO_PLANT)
    put_coin(world, wallet, tx, 0, free, where[0], where[1])
    return True


@part
def _sell(world, rows, where):
    return _pay_someone(world, rows, draw(world, world.state[MINERS]), True, where)


@part
def _one(world, rows, where):
    """Make one transaction of ordinary life. Gives whether any wallet could pay."""
    for _ in range(6):
        drawn = draw(world, 1000)
        if drawn < 760:
            for _ in range(12):
                if _pay_someone(world, rows, any_user(world), draw(world, 100) < 30, where):
                    return True
        elif drawn < 870:
            if _batch(world, rows, where):
                return True
        elif drawn < 940:
            if _sweep(world, rows, where):
                return True
        elif drawn < 985:
            if _sell(world, rows, where):
                return True
        elif _note(world, rows, where):
            return True
    return _batch(world, rows, where) or _sweep(world, rows, where) or _sell(world, rows, where)


@kernel
def live(world, rows, count, where):
    """Make up to count transactions of ordinary life; gives how many.

    Fewer only where the block is full or no wallet drawn could pay. `where`: int64 `[3]`, scratch.
    """
    made = 0
    while made < count and rows.counts[WEIGHT] < MAX_WEIGHT - ROOM_WEIGHT:
        if not _one(world, rows, where):
            break
        made += 1
    return made


@part
def _can_pay(world, wallet, value):
    """Whether a wallet's oldest coins, as many as one payment takes, come to so much."""
    coin, total, taken = world.head[wallet], 0, 0
    while coin >= 0 and taken < MOST_INPUTS:
        total += world.coin_value[coin] - 2 * INPUT_WEIGHT[world.coin_form[coin]]
        if total >= value + 5 * DUST_SAT:
            return True
        coin, taken = world.coin_next[coin], taken + 1
    return False


@part
def _payer(world, value):
    """Find a wallet that can pay so much: a drawn user, else an exchange or miner, else any."""
    for _ in range(40):
        wallet = any_user(world)
        if _can_pay(world, wallet, value):
            return wallet
    others = world.state[MINERS] + 2 * world.state[EXCHANGES]
    start = draw(world, others)
    for i in range(others):
        wallet = others - 1 - (start + i) % others
        if _can_pay(world, wallet, value):
            return wallet
    for wallet in range(len(world.head)):
        if _can_pay(world, wallet, value):
            return wallet
    return NOTHING


@kernel
def pay_in(world, rows, exchange, to, value, plant, where, outcome):
    """Have an ordinary wallet pay a stated value to a planted address. Gives whether one can.

    `exchange`: the one whose hot wallet pays, -1 for whoever can. `to`: int64 `[4]`: number of the
    address, form, owner, whether it is new. `outcome`: int64 `[3]`: the transaction's number, the
    output's place, the payer's owner.
    """
    if exchange >= 0:
        wallet = hot_of(world, exchange)
        if not _can_pay(world, wallet, value):
            return False
    else:
        wallet = _payer(world, value)
        if wallet < 0:
            return False
    begin_tx(rows)
    spare = OUTPUT_WEIGHT[WPKH] * 2 + 60
    _spend_coins(world, rows, wallet, 1, value + DUST_SAT, 2, spare)
    fee = (rows.counts[OPEN_WEIGHT] + spare + 3) // 4 * 2
    add_output(rows, value, to[0], to[1], to[2], _ROLE_PAYMENT, to[3])
    change = rows.counts[IN_TOTAL] - fee - value
    if change >= DUST_SAT:
        _change_address(world, rows, wallet, where)
        payer = world.owner[wallet]
        add_output(rows, change, where[0], where[1], payer, _ROLE_CHANGE, where[2])
    tx = rows.counts[FIRST_TX] + rows.counts[TXS]
    place = _finish(world, rows, wallet, NOTHING, _ENTRY, plant)
    outcome[0], outcome[1], outcome[2] = tx, place, world.owner[wallet]
    return True


@kernel
def add_planned(rows, inputs, outputs, version, locktime, role, plant):
    """Add a transaction that was planned whole; gives its number.

    `inputs`: int64 `[n, 6]`: transaction, place, address, form, value, sequence. `outputs`: int64
    `[m, 6]`: value, address, form, owner, role, whether the address is new.
    """
    begin_tx(rows)
    for i in range(len(inputs)):
        one = inputs[i]
        add_input(rows, one[0], one[1], one[2], one[3], one[4], one[5])
    for i in range(len(outputs)):
        one = outputs[i]
        add_output(rows, one[0], one[1], one[2], one[3], one[4], one[5])
    return end_tx(rows, version, locktime, role, plant)
