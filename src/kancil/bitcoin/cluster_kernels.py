"""Numba kernels of the clusters: which addresses are spent together, and what joined them.

Arrays in and out; each kernel has a slow plain twin in `tests/bitcoin/test_cluster_kernels.py`.
Imported only where clusters are made (`kancil.bitcoin.clusters`), for Numba is slow to import.

`parent` (`[addresses]`): the parent of an address in its tree; of a root, minus the number of
addresses below it, itself included. Trees are joined by size, and paths are halved (Tarjan, van
Leeuwen, *Worst-case analysis of set union algorithms*, Journal of the ACM 31 (1984)). A *group* is
the addresses that one transaction spends from: rows `start[i]` to `start[i + 1] - 1` of `member`.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.memory import ask, kernel, nth, part

NONE = -1
_AHEAD = 256
"""How many members ahead the memory of a parent is asked for; halfway there, its parent's."""


@part
def _ask_ahead(parent, member, place, last):
    """Ask for the memory that the members soon to come will need."""
    if place < last:
        ask(parent, np.int64(member[nth(place + _AHEAD)]))
        ask(parent, np.int64(parent[nth(member[nth(place + _AHEAD // 2)])]))


@part
def _root(parent, address):
    """Give the root of an address, halving the path to it."""
    at = np.int64(address)
    above = np.int64(parent[nth(at)])
    while above >= 0:
        next_above = np.int64(parent[nth(above)])
        if next_above < 0:
            return above
        parent[nth(at)] = next_above
        at = next_above
        above = np.int64(parent[nth(at)])
    return at


@part
def _near_root(parent, address):
    """Give the root of an address and what `parent` holds of it.

    As `_root`; but of an address that is a root or stands below one, as nearly all do, without a
    branch: which of the two it is cannot be foretold.
    """
    above = np.int64(parent[nth(address)])
    root = above if above >= 0 else address
    held = np.int64(parent[nth(root)])
    if held >= 0:
        root = _root(parent, address)
        held = np.int64(parent[nth(root)])
    return root, held


@part
def _spent(input_source, of_row, stated, number):
    """Give the address that an input spends, held or by a spent-outputs file; -1 if not known."""
    stated_input, stated_row = stated
    source = input_source[nth(number)]
    if source >= 0:
        return np.int64(of_row[nth(source)])
    low, high = 0, len(stated_input)
    while low < high:
        middle = (low + high) >> 1
        if stated_input[middle] < number:
            low = middle + 1
        else:
            high = middle
    if low < len(stated_input) and stated_input[low] == number:
        return np.int64(of_row[stated_row[low]])
    return np.int64(NONE)


@kernel
def gather(txs, tx_input_start, input_source, of_row, stated, groups):
    """Gather the groups of transactions that spend from two addresses or more.

    `txs`: rows of transactions. `stated`: inputs whose script a spent-outputs file states,
    ascending, and their row in `of_row`. `groups`: the answer: transactions, starts (one more) and
    members, with room for all inputs. The first address spent from comes first; repetitions of it
    are left out. Gives the number of groups.
    """
    tx_of, start, member = groups
    count, at = 0, 0
    start[0] = 0
    most = len(input_source) - _AHEAD
    for place in range(len(txs)):
        tx = txs[place]
        first, begin = np.int64(NONE), at
        for number in range(tx_input_start[tx], tx_input_start[tx + 1]):
            if number < most:
                ask(of_row, np.int64(input_source[nth(number + _AHEAD)]))
            address = _spent(input_source, of_row, stated, number)
            if address < 0 or address == first:
                continue
            if first < 0:
                first = address
            member[at] = address
            at += 1
        if at - begin < 2:
            at = begin
            continue
        tx_of[count] = tx
        count += 1
        start[count] = at
    return count


@kernel
def join(start, member, parent, merges, count):
    """Join the addresses of each group, and keep what joined them.

    `merges`: for each join that made two trees one, the address and the number of the group, with
    room for as many as there are addresses; `count` stand there already. The address was joined
    to the first of its group. Gives how many stand there now.

    Whether a member is joined already cannot be foretold, and a wrong guess costs the machine more
    than the work. So every member is worked through alike, without a branch: where nothing is
    joined, what was written last (`target`, `value`) is written again and the merge is not
    counted. The size of the tree at hand is kept aside until the group ends.
    """
    merge_address, merge_group = merges
    last = len(member) - _AHEAD
    for group in range(len(start) - 1):
        begin, end = start[nth(group)], start[nth(group + 1)]
        if end - begin < 2:
            continue
        _ask_ahead(parent, member, begin, last)
        root, size = _near_root(parent, np.int64(member[nth(begin)]))
        target, value = root, size
        for place in range(begin + 1, end):
            _ask_ahead(parent, member, place, last)
            address = np.int64(member[nth(place)])
            other, theirs = _near_root(parent, address)
            is_same = other == root
            is_larger = theirs < size and not is_same
            loser = root if is_larger else other
            root = other if is_larger else root
            size = size if is_same else size + theirs
            target = target if is_same else loser
            value = value if is_same else root
            parent[nth(target)] = value
            merge_address[nth(count)] = address
            merge_group[nth(count)] = group
            count += 0 if is_same else 1
        parent[nth(root)] = size
    return count


@part
def _collapse(start, member, group, parent, owner, large):
    """Give two large clusters of two owners that a group would make one, by their roots.

    The larger first; -1 and -1 if there are none. Joins nothing.
    """
    held = np.int64(NONE)
    for place in range(start[group], start[group + 1]):
        root = _root(parent, member[place])
        if owner[root] == 0 or -parent[root] < large:
            continue
        if held < 0:
            held = root
        elif owner[held] != owner[root]:
            if parent[root] < parent[held]:
                return root, held
            return held, root
    return np.int64(NONE), np.int64(NONE)


@kernel
def join_guarded(start, member, parent, owner, large, merges, count, halts):
    """Join as `join`, but leave out every group that would make two large clusters one.

    `owner`: `[addresses]`, of a root the owner that labels name, 0 none. Clusters of `large`
    addresses or more and of different owners are left apart. A joined root takes the owner of the
    larger cluster that has one, by equal sizes the lower number.
    `halts`: int64 `[groups, 5]`: for each group left out its number, the two owners and the sizes
    of their clusters, the larger first. Gives the number of merges and of halts.
    """
    merge_address, merge_group = merges
    halted = 0
    for group in range(len(start) - 1):
        one, other = _collapse(start, member, group, parent, owner, large)
        if one >= 0:
            halts[halted, 0] = group
            halts[halted, 1], halts[halted, 2] = owner[one], owner[other]
            halts[halted, 3], halts[halted, 4] = -parent[one], -parent[other]
            halted += 1
            continue
        begin = start[group]
        root = _root(parent, member[begin])
        for place in range(begin + 1, start[group + 1]):
            other = _root(parent, member[place])
            if other == root:
                continue
            ours, theirs = parent[root], parent[other]
            winner = owner[root]
            if owner[other] != 0:
                is_lower = theirs == ours and owner[other] < winner
                if winner == 0 or theirs < ours or is_lower:
                    winner = owner[other]
            if theirs < ours:
                root, other = other, root
            parent[root] = ours + theirs
            parent[other] = root
            if owner[root] != winner:  # owners are few: memory that nobody writes is not taken
                owner[root] = winner
            merge_address[count] = member[place]
            merge_group[count] = group
            count += 1
    return count, halted


@kernel
def number_clusters(parent, cluster):
    """Number the clusters of two addresses or more, by their roots.

    `cluster`: `[addresses]`; the answer: number of the cluster, -1 for an address that stands
    alone. Gives how many clusters there are. The sizes in `parent` are lost: a root then holds
    minus 2 minus its number.
    """
    count, last = 0, len(parent) - _AHEAD
    for address in range(len(parent)):
        held = np.int64(parent[nth(address)])
        is_root = held < -1
        parent[nth(address)] = -2 - count if is_root else held
        count += 1 if is_root else 0
    for address in range(len(parent)):
        if address < last:
            ask(parent, np.int64(parent[nth(address + _AHEAD)]))
        above = np.int64(parent[nth(address)])
        root = above if above >= 0 else address
        held = np.int64(parent[nth(root)])
        while held >= 0:
            held = np.int64(parent[nth(held)])
        cluster[nth(address)] = -2 - held  # of one that stands alone: -2 - -1, NONE
    return count


@part
def _begin_keys(start):
    """Turn the numbers of values of each key into where they begin."""
    for key in range(1, len(start)):
        start[key] += start[key - 1]


@part
def _begin_again(start):
    """Turn where the values of each key end into where they begin."""
    for key in range(len(start) - 1, 0, -1):
        start[key] = start[key - 1]
    start[0] = 0


@kernel
def places_by(keys, start, answer):
    """List the places of each key, ascending; key -1 is left out.

    `start`: int64 `[keys + 1]`, zeros; the answer: where the places of each key begin.
    `answer`: with room for all places.
    """
    for place in range(len(keys)):
        if keys[place] >= 0:
            start[keys[place] + 1] += 1
    _begin_keys(start)
    for place in range(len(keys)):
        key = keys[place]
        if key >= 0:
            answer[start[key]] = place
            start[key] += 1
    _begin_again(start)


@kernel
def sort_by(cluster, address, values, start, answer):
    """Sort values by the clusters of their addresses, those of one cluster in the order given.

    `cluster`: `[addresses]`; `address`: `[values]`, each in a cluster. `start`, `answer`: as
    `places_by` has them.
    """
    last = len(address) - _AHEAD
    for place in range(len(address)):
        if place < last:
            ask(cluster, np.int64(address[nth(place + _AHEAD)]))
        start[nth(cluster[nth(address[nth(place)])] + 1)] += 1
    _begin_keys(start)
    for place in range(len(address)):
        if place < last:
            ask(cluster, np.int64(address[nth(place + _AHEAD)]))
        key = cluster[nth(address[nth(place)])]
        answer[nth(start[nth(key)])] = values[nth(place)]
        start[nth(key)] += 1
    _begin_again(start)


@part
def _ask_both(first, last, address):
    """Ask for what is noted of an address."""
    ask(first, np.int64(address))
    ask(last, np.int64(address))


@part
def _see(first, last, address, tx):
    """Note that a transaction pays or spends an address, later than those noted before."""
    if address >= 0:
        if len(first):
            before = first[nth(address)]
            first[nth(address)] = tx if before < 0 else before
        last[nth(address)] = tx


@kernel
def span(order, tx_input_start, tx_output_start, input_source, of_row, stated, seen):
    """Find the first and the last transaction, in the order given, that pays or spends an address.

    `seen`: the answer: two arrays `[addresses]` of transaction rows, all -1; with an empty one for
    the first, only the last are found.
    """
    first, last = seen
    most_row = len(of_row) - _AHEAD
    most_input = len(input_source) - _AHEAD if len(of_row) else 0
    for place in range(len(order)):
        tx = order[place]
        for row in range(tx_output_start[tx], tx_output_start[tx + 1]):
            if row < most_row:
                _ask_both(first, last, of_row[nth(row + _AHEAD)])
            _see(first, last, of_row[nth(row)], tx)
        for number in range(tx_input_start[tx], tx_input_start[tx + 1]):
            if number < most_input:
                ask(of_row, np.int64(input_source[nth(number + _AHEAD)]))
                source = max(input_source[nth(number + _AHEAD // 2)], 0)
                _ask_both(first, last, of_row[nth(source)])
            _see(first, last, _spent(input_source, of_row, stated, number), tx)


@kernel
def find_way(start, near, came, queue):
    """Find a way through a graph, from `queue[0]` on, breadth first.

    `start`, `near`: the neighbours of each node. `came`: int64 `[nodes]`, all -1; the answer: the
    place in `near` of the step by which a node was reached first. `queue`: int64 `[nodes]`.
    """
    first = queue[0]
    head, tail = 0, 1
    while head < tail:
        node = queue[head]
        head += 1
        for place in range(start[node], start[node + 1]):
            other = near[place]
            if other != first and came[other] < 0:
                came[other] = place
                queue[tail] = other
                tail += 1
