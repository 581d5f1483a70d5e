"""Each kernel of the store against the plainest Python that does the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kancil.bitcoin.store import check_kernels, grow, kernels, runs
from kancil.bitcoin.store.files import FOLDER
from tests.examples import examples

Array = NDArray[Any]
SEED = 0x1234_5678_9ABC_DEF0
KEYS = st.lists(st.sampled_from([0, 1, 5, 2**20, 2**52 + 3, 2**63, 2**64 - 1]), max_size=40)
FEW = examples(60)


def key_array(numbers: list[int]) -> Array:
    return np.array(numbers, np.uint64)


@given(st.one_of(KEYS, st.lists(st.integers(0, 2**64 - 1), max_size=300)))
@FEW
def test_pairs_are_sorted_and_equal_keys_keep_the_order_of_their_rows(numbers: list[int]) -> None:
    keys, rows = key_array(numbers), np.arange(len(numbers), dtype=np.int64)
    runs.Sorter().by_key(keys, rows)
    wanted = sorted(range(len(numbers)), key=lambda row: (numbers[row], row))
    assert rows.tolist() == wanted
    assert keys.tolist() == sorted(numbers)


@given(st.lists(st.integers(0, 2**40), max_size=200))
@FEW
def test_numbers_are_sorted_stably(numbers: list[int]) -> None:
    values, rows = np.array(numbers, np.int64), np.arange(len(numbers), dtype=np.int64)
    runs.Sorter.by_number(values, rows)
    assert rows.tolist() == sorted(range(len(numbers)), key=lambda row: numbers[row])
    assert values.tolist() == sorted(numbers)


def slow_join(held: list[bytes], asked: list[bytes], before: list[int]) -> list[int]:
    return [
        max((row for row in range(bound) if held[row] == wanted), default=-1)
        for wanted, bound in zip(asked, before, strict=True)
    ]


@given(st.data())
@FEW
def test_the_join_finds_the_last_of_equal_ids_below_the_bound(data: st.DataObject) -> None:
    ids = [bytes([number]) * 32 for number in range(6)]
    held = data.draw(st.lists(st.sampled_from(ids), max_size=30))
    asked = data.draw(st.lists(st.sampled_from(ids), max_size=30))
    before = [data.draw(st.integers(0, len(held))) for _ in asked]
    answer = np.full(len(asked), -1, np.int64)
    grow.join_rows(
        grow.keys_of(as_ids(held), SEED),
        grow.keys_of(as_ids(asked), SEED),
        np.array(before, np.int64),
        answer,
    )
    assert answer.tolist() == slow_join(held, asked, before)


def as_ids(ids: list[bytes]) -> Array:
    return np.frombuffer(b"".join(ids), np.uint8).reshape(-1, 32)


def test_ids_that_share_their_first_half_are_told_apart() -> None:
    one, other = b"\x01" * 8 + b"\x02" * 24, b"\x01" * 8 + b"\x03" * 24
    answer = np.full(2, -1, np.int64)
    keys = grow.keys_of(as_ids([one, other]), SEED)
    asked = grow.keys_of(as_ids([other, one]), SEED)
    grow.join_rows(keys, asked, np.array([2, 2]), answer)
    assert answer.tolist() == [1, 0]


@given(st.data())
@FEW
def test_ids_are_found_in_a_run_below_the_limit(data: st.DataObject) -> None:
    ids = [bytes([number]) * 32 for number in range(8)]
    held = data.draw(st.lists(st.sampled_from(ids), max_size=30))
    asked = data.draw(st.lists(st.sampled_from(ids), max_size=30))
    limit = data.draw(st.integers(0, 130))
    sorter = runs.Sorter()
    run = runs.id_run(as_ids(held), 100, SEED, sorter)
    high, low = grow.keys_of(as_ids(asked), SEED)
    place = np.arange(len(asked), dtype=np.int64)
    sorter.by_key(high, place)
    answer = np.full(len(asked), -1, np.int64)
    kernels.find_ids(*run, limit, high, low[place], answer)
    assert answer[np.argsort(place)].tolist() == [
        max((100 + row for row, one in enumerate(held) if one == wanted and 100 + row < limit),
            default=-1)
        for wanted in asked
    ]  # fmt: skip


@given(
    st.lists(KEYS, min_size=4, max_size=4), st.integers(0, 190), st.integers(1, 9), st.booleans()
)
@FEW
def test_four_runs_become_one_without_the_rows_that_were_taken_back(
    numbers: list[list[int]], limit: int, room: int, has_low: bool
) -> None:
    """Part by part, each of a few entries; runs of scripts have no second key."""

    def run(keys: Array, base: int) -> tuple[Array, Array, Array]:
        low = keys // 2 if has_low else keys[:0].copy()
        return keys, low, np.arange(len(keys), dtype=np.int64) + base

    four = tuple(run(key_array(sorted(each)), 50 * place) for place, each in enumerate(numbers))
    into = np.empty(room, np.uint64), np.empty(room * has_low, np.uint64), np.empty(room, np.int64)
    places = np.zeros(4, np.int64)
    pairs: list[tuple[int, int]] = []
    while places.tolist() != [len(each) for each in numbers]:
        written = int(kernels.merge_runs(four, limit, into, places))
        pairs += zip(into[0][:written].tolist(), into[2][:written].tolist(), strict=True)
        assert not has_low or (into[1][:written] == into[0][:written] // 2).all()
    every = [pair for key, _, row in four for pair in zip(key.tolist(), row.tolist(), strict=True)]
    assert pairs == sorted((pair for pair in every if pair[1] < limit), key=lambda pair: pair[0])


SCRIPTS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from([b"", b"a", b"ab", b"a" * 20, b"a" * 19 + b"b"])),
    max_size=40,
)


def table_of(scripts: list[tuple[int, bytes]]) -> tuple[Array, Array, Array]:
    start = np.concatenate(([0], np.cumsum([len(payload) for _, payload in scripts])))
    pool = np.frombuffer(b"".join(payload for _, payload in scripts) + b"\0", np.uint8)
    return np.array([kind for kind, _ in scripts], np.uint8), start.astype(np.int64), pool


@given(SCRIPTS, SCRIPTS, st.sampled_from([2**64 - 1, 2**63, 0]))
@FEW
def test_scripts_are_numbered_by_first_appearance_and_found_again(
    scripts: list[tuple[int, bytes]], asked: list[tuple[int, bytes]], mask: int
) -> None:
    """With a mask many keys fall together, and are spread unevenly, as they never should."""
    table = table_of(scripts)
    sorter = runs.Sorter()
    keys, rows = np.empty(len(scripts), np.uint64), np.arange(len(scripts), dtype=np.int64)
    kernels.script_keys(*table, rows, np.uint64(SEED), keys)
    keys &= np.uint64(mask)
    sorter.by_key(keys, rows)
    numbers, first = np.empty(len(scripts), np.int64), np.empty(len(scripts), np.int64)
    count = int(kernels.number_all(table, keys, rows, (numbers, first)))
    distinct = list(dict.fromkeys(scripts))
    assert numbers.tolist() == [distinct.index(one) for one in scripts]
    assert first[:count].tolist() == [scripts.index(one) for one in distinct]
    held = table_of(distinct)
    ordered = np.empty(count, np.uint64), np.arange(count, dtype=np.int64)
    kernels.script_keys(*held, ordered[1], np.uint64(SEED), ordered[0])
    ordered[0][:] &= np.uint64(mask)
    sorter.by_key(*ordered)
    keys, rows = keys[:count], rows[:count]
    assert (keys.tolist(), rows.tolist()) == tuple(each.tolist() for each in ordered)
    wanted = table_of(asked)
    asked_keys, asked_rows = np.empty(len(asked), np.uint64), np.arange(len(asked), dtype=np.int64)
    kernels.script_keys(*wanted, asked_rows, np.uint64(SEED), asked_keys)
    asked_keys &= np.uint64(mask)
    sorter.by_key(asked_keys, asked_rows)
    answer = np.full(len(asked), -1, np.int64)
    kernels.find_scripts((keys, rows), held, count, asked_keys, asked_rows, wanted, answer)
    assert answer.tolist() == [
        distinct.index(asked[row]) if asked[row] in distinct else -1 for row in asked_rows.tolist()
    ]


@given(st.lists(st.integers(0, 5), max_size=40))
@FEW
def test_outputs_of_a_script_are_chained_and_the_chain_is_checked(scripts: list[int]) -> None:
    last, before = np.full(6, -1, np.int64), np.empty(len(scripts), np.int64)
    kernels.link_outputs(np.array(scripts, np.int64), 0, 0, last, before)
    for place, script in enumerate(scripts):
        assert before[place] == max(
            (at for at in range(place) if scripts[at] == script), default=-1
        )
    of = np.array(scripts, np.uint32)
    seen = np.full(6, -1, np.int64)
    assert check_kernels.links_that_differ(of, before, seen) == 0
    assert seen.tolist() == last.tolist()
    again = np.empty(6, np.int64)
    check_kernels.fill_last(of, again)
    assert again.tolist() == last.tolist()
    if len(scripts):
        before[0] += 1
        assert check_kernels.links_that_differ(of, before, np.full(6, -1, np.int64)) == 1


@given(st.lists(st.integers(-2, 9), max_size=20))
@FEW
def test_spends_are_noted_once_and_checked(source: list[int]) -> None:
    inputs = np.array(source, np.int64)
    spender = np.full(10, -1, np.int64)
    spends = [output for output in source if output >= 0]
    twice = kernels.spend_new(inputs, 0, 0, spender)
    if len(set(spends)) < len(spends):
        assert source[twice] in source[:twice]
        return
    assert twice == -1
    assert [source.index(output) if output in source else -1 for output in range(10)] == (
        spender.tolist()
    )
    told = np.full(2, -1, np.int64)
    assert check_kernels.spends_that_differ(inputs, spender, told) == 0
    again = np.empty(10, np.int64)
    check_kernels.fill_spenders(inputs, again)
    assert again.tolist() == spender.tolist()
    wrong = spender.copy()
    wrong[3] = 0 if spender[3] != 0 else -1
    assert check_kernels.spends_that_differ(inputs, wrong, told) > 0
    old = np.full(10, -1, np.int64)
    order = np.argsort(inputs[inputs >= 0], kind="stable")
    numbers = np.flatnonzero(inputs >= 0)[order]
    assert kernels.spend_old(inputs[numbers], numbers, len(source), old) == -1
    assert old.tolist() == spender.tolist()


def test_an_output_that_was_spent_before_is_found_and_an_open_number_is_not() -> None:
    spender = np.array([7, 99, -1], np.int64)
    assert kernels.spend_old(np.array([1, 2]), np.array([20, 21]), 50, spender) == -1
    assert spender.tolist() == [7, 20, 21]
    assert kernels.spend_old(np.array([0]), np.array([30]), 50, spender) == 0


@pytest.mark.parametrize(
    ("starts", "place"), [([0, 2, 2, 5], -1), ([0, 3, 2, 5], 2), ([1, 2], 0), ([0, 9], 1), ([], -1)]
)
def test_starts_rise_within_their_table(starts: list[int], place: int) -> None:
    assert check_kernels.falls_at(np.array(starts, np.int64), 5) == place


def test_runs_of_like_size_are_merged_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    sorter = runs.Sorter()
    files: tuple[Any, ...] = ()
    done = 0
    counts = []
    for size in (64, 8, 8, 8, 8, 4, 4, 4, 4, 2):
        ids = np.arange(done * 32, (done + size) * 32, dtype=np.int64).astype(np.uint8)
        run = runs.id_run(ids.reshape(-1, 32), done, SEED, sorter)
        done += size
        files = runs.joined(tmp_path, (*files, runs.write_run(tmp_path, run)), done)
        counts.append([file.entries for file in files])
    assert counts[3] == [64, 8, 8, 8]
    assert counts[4] == [64, 32]
    assert counts[-1] == [64, 32, 16, 2]
    rows = np.concatenate([run.row for run in runs.open_runs(tmp_path, files)])
    assert sorted(rows.tolist()) == list(range(done))
    shorter = runs.cut(tmp_path, files, 70)
    kept = np.concatenate([run.row for run in runs.open_runs(tmp_path, shorter)])
    assert sorted(kept.tolist()) == list(range(70))


@given(st.data())
@FEW
def test_a_found_transaction_is_compared_whole(data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=5))
    outputs = data.draw(st.lists(st.integers(0, 3), min_size=len(ids), max_size=len(ids)))
    start = np.concatenate(([0], np.cumsum(outputs))).astype(np.int64)
    asked = []
    for _ in range(data.draw(st.integers(0, 8))):
        tx = data.draw(st.integers(0, len(ids) - 1))
        is_other = data.draw(st.booleans())
        named = ids[tx][:31] + bytes([ids[tx][31] ^ 1]) if is_other else ids[tx]
        asked.append((tx, named, data.draw(st.sampled_from([0, 1, 2, 3, 2**32 - 1]))))
    source = np.full(len(asked), -1, np.int64)
    outpoints = (
        np.frombuffer(b"".join(named for _, named, _ in asked), np.uint8),
        np.array([index for _, _, index in asked], np.uint32),
    )
    found = np.array([tx for tx, _, _ in asked], np.int64)
    held = np.frombuffer(b"".join(ids), np.uint8), start
    kernels.take_found(found, np.arange(len(asked)), outpoints, held, 1000, source)
    assert source.tolist() == [
        1000 + int(start[tx]) + index if named == ids[tx] and index < outputs[tx] else -1
        for tx, named, index in asked
    ]


@given(st.data())
@FEW
def test_new_scripts_are_numbered_by_first_appearance_and_their_payloads_copied(
    data: st.DataObject,
) -> None:
    known = data.draw(st.lists(st.sampled_from([-1, 0, 3, 8]), max_size=40))
    order = data.draw(st.permutations(range(len(known))))
    lengths = data.draw(st.lists(st.integers(0, 35), min_size=90, max_size=90))
    first_row = sorted(data.draw(st.permutations(range(90)))[: len(known)])
    base, keys = 9, np.arange(len(known), dtype=np.uint64) * 7
    start = np.cumsum([0, *lengths]).astype(np.int64)
    pool = np.arange(max(1, int(start[-1])), dtype=np.int64).astype(np.uint8)
    known_of = {place: known[at] for at, place in enumerate(order)}
    new = [place for place in range(len(known)) if known_of[place] < 0]
    wanted = {place: base + new.index(place) if place in new else known_of[place]
              for place in range(len(known))}  # fmt: skip

    rows, number_of = np.array(first_row, np.int64), np.empty(len(known), np.int64)
    known_array, order_array = np.array(known, np.int64), np.array(order, np.int64)
    count = kernels.number_new(known_array, order_array, base, number_of, rows)
    assert number_of.tolist() == [wanted[place] for place in range(len(known))]
    assert rows[:count].tolist() == [first_row[place] for place in new]
    assert kernels.keep_new(known_array, keys, order_array, number_of) == count == len(new)
    at_new = [at for at, number in enumerate(known) if number < 0]
    assert keys[:count].tolist() == [7 * at for at in at_new]
    assert order_array[:count].tolist() == [wanted[order[at]] for at in at_new]

    target_start = np.empty(count + 1, np.int64)
    kernels.payload_starts(start, rows[:count], target_start)
    target = np.empty(int(target_start[-1]), np.uint8)
    kernels.copy_payloads(start, pool, rows[:count], target_start, target)
    parts = [pool[start[row] : start[row + 1]].tobytes() for row in rows[:count].tolist()]
    assert target.tobytes() == b"".join(parts)
    assert np.diff(target_start).tolist() == [len(part) for part in parts]
