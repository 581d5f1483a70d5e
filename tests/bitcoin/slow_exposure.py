"""Direct exposure by plain Python, from transactions as they were made: the slow twin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.bitcoin.regtest import Tx

Key = bytes
"""The script of an address."""


def _shares(traced: Sequence[tuple[int, bool]], parts: Sequence[int], policy: str) -> list[int]:
    """Divide the traced ones of values that stand in a row among parts that stand in a row."""
    whole = sum(value for value, _ in traced)
    taken = sum(value for value, is_traced in traced if is_traced)
    if policy == "haircut":
        exact = [divmod(taken * part, whole) for part in parts]
        found = [floor for floor, _ in exact]
        left = taken - sum(found)
        order = sorted(range(len(parts)), key=lambda place: (-exact[place][1], place))
        for place in order[:left]:
            found[place] += 1
        return found
    row = [is_traced for value, is_traced in traced for _ in range(value)]
    if policy == "lifo":
        row.reverse()
    found, at = [], 0
    for part in parts:
        found.append(sum(row[at : at + part]))
        at += part
    return found


def sent_directly(txs: Iterable[Tx], subject: Key, policy: str) -> dict[tuple[bytes, int], int]:
    """What each output got of the subject's coins, one transaction away; values small."""
    outputs = {(tx.txid, n): out for tx in txs for n, out in enumerate(tx.outputs)}
    found: dict[tuple[bytes, int], int] = {}
    for tx in txs:
        spent = [outputs[point] for point in tx.inputs if point in outputs]
        if not any(script == subject for _, script in spent):
            continue
        traced = [(value, script == subject) for value, script in spent]
        paid = [value for value, _ in tx.outputs]
        fee = sum(value for value, _ in spent) - sum(paid)
        for n, share in enumerate(_shares(traced, [*paid, fee], policy)[:-1]):
            found[tx.txid, n] = share
    return found


def received_directly(txs: Iterable[Tx], subject: Key, policy: str) -> dict[tuple[bytes, int], int]:
    """What each output that was spent gave to the subject, one transaction away."""
    outputs = {(tx.txid, n): out for tx in txs for n, out in enumerate(tx.outputs)}
    found: dict[tuple[bytes, int], int] = {}
    for tx in txs:
        spent = [outputs[point] for point in tx.inputs if point in outputs]
        asked = [(value, script == subject) for value, script in tx.outputs]
        if not spent or not any(is_asked and value for value, is_asked in asked):
            continue
        given = [value for value, _ in spent]
        fee = sum(given) - sum(value for value, _ in asked)
        if policy == "haircut":
            whole = sum(given)
            taken = sum(value for value, is_asked in asked if is_asked)
            exact = [divmod(taken * value, whole) for value in given]
            shares = [floor for floor, _ in exact]
            order = sorted(range(len(given)), key=lambda place: (-exact[place][1], place))
            for place in order[: taken - sum(shares)]:
                shares[place] += 1
        else:
            row = [is_asked for value, is_asked in [*asked, (fee, False)] for _ in range(value)]
            if policy == "lifo":
                row.reverse()
            shares, at = [], 0
            for value in given:
                shares.append(sum(row[at : at + value]))
                at += value
        for point, share in zip(tx.inputs, shares, strict=True):
            found[point] = share
    return found
