"""Numba kernels of the clusters: which addresses are spent together, and what joined them.

Arrays in and out; each kernel has a slow plain twin in `tests/bitcoin/test_cluster_kernels.py`.
Imported only where clusters are made (`kancil.bitcoin.clusters.clusters`), for Numba is slow to
import.

`parent` (`[addresses]`): the parent of an address in its tree, always a lower number; -1 of an
address that stands alone; of any other root less than that. Of two trees the one whose root has the
lower number takes the other, and paths are halved: no more than a logarithm of steps each, on the
average of all (Tarjan, van Leeuwen, *Worst-case analysis of set union algorithms*, Journal of the
ACM 31 (1984)), and nearly none where numbers come at random (Goel, Khanna, Larkin, Tarjan,
*Disjoint set union with randomized linking*, SODA 2014). A *group* is the addresses that one
transaction spends from: rows `start[i]` to `start[i + 1] - 1` of `member`, the first of which
`begins` marks.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import ask, choose, kernel, nth, part

NONE = -1
_ROOT = -2
"""What the root of several addresses holds; or, where sizes are kept, less."""
_AHEAD = 256
"""How many elements ahead memory is asked for."""
NEAR = 512
"""How many members ahead `join` asks for the memory of a parent; a power of two."""
_HALF, _QUARTER = NEAR // 2, NEAR // 4


@part
def _root(parent, address):
    """The root of an address, halving the path to it."""
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
def _spent(input_source, of_row, stated, number):
    """The address that an input spends, held or by a spent-outputs file; -1 if not known."""
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
    ascending, and their row in `of_row`. `groups`: the answer: transactions, starts (one more),
    members and `begins` (uint8), with room for all inputs. The first address spent from comes
    first; repetitions of it are left out. Gives the number of groups.
    """
    tx_of, start, member, begins = groups
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
            begins[at] = first < 0
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


@part
def _join_next(parent, node, root, begins):
    """Join a root with that of its group, `root`, unless a group begins with it.

    Gives the root of both, the root that it took or, where nothing was joined, the same; and
    whether something was. All without a branch: what happens cannot be foretold.
    """
    held = np.int64(parent[nth(node)])
    root = choose(begins, node, root)
    is_same, is_lower = node == root, node < root
    low, high = choose(is_lower, node, root), choose(is_lower, root, node)
    parent[nth(low)] = choose(is_same, held, np.int64(_ROOT))
    parent[nth(high)] = choose(is_same, held, low)
    return low, high, np.int64(not is_same)


@part
def _above(parent, address):
    """What stands above an address, of a root itself."""
    above = np.int64(parent[nth(address)])
    return choose(above >= 0, above, address)


@kernel
def join(begins, member, parent, near, places):
    """Join the addresses of each group, and keep what joined them.

    `places`: for each join that made two trees one, the place in `member` of the address that was
    joined to the first of its group, ascending, with room for all members. Gives how many. A root
    of several addresses holds -2. `near`: `[NEAR]`, to work in.

    Memory is what takes long, and guesses that fail. So of each member the parent is asked for
    long before, then what stands above it (kept in `near`), then what stands above that, if
    anything does; and one that was just taken by the root at hand is known to be below it.
    """
    last = max(0, len(member) - NEAR)
    if last:
        for place in range(NEAR):
            ask(parent, np.int64(member[nth(place)]))
        for place in range(_HALF):
            near[nth(place)] = _above(parent, np.int64(member[nth(place)]))
    root, taken, count = np.int64(0), np.int64(NONE), 0
    for place in range(last):
        ask(parent, np.int64(member[nth(place + NEAR)]))
        above = _above(parent, np.int64(member[nth(place + _HALF)]))
        ask(parent, above)
        slot = place & (NEAR - 1)
        near[nth(slot ^ _HALF)] = above
        sooner = (place + _QUARTER) & (NEAR - 1)
        above = np.int64(parent[nth(near[nth(sooner)])])
        if above >= 0:
            near[nth(sooner)] = above
            ask(parent, above)
        node = np.int64(near[nth(slot)])
        node = choose(node == taken, root, node)
        if parent[nth(node)] >= 0:
            node = _root(parent, node)
        root, taken, is_joined = _join_next(parent, node, root, begins[nth(place)] != 0)
        places[nth(count)] = place
        count += is_joined
    for place in range(last, len(member)):
        node = _root(parent, np.int64(member[nth(place)]))
        root, taken, is_joined = _join_next(parent, node, root, begins[nth(place)] != 0)
        places[nth(count)] = place
        count += is_joined
    return count


@kernel
def groups_at(start, places, answer):
    """The group of each of these places in `member`, ascending."""
    group = 0
    for number in range(len(places)):
        while start[nth(group + 1)] <= places[nth(number)]:
            group += 1
        answer[nth(number)] = group


@part
def _collapse(start, member, group, parent, owner, large):
    """Two large clusters of two owners that a group would make one, by their roots.

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
def join_guarded(start, member, parent, owner, large, places, halts):
    """Join as `join`, but leave out every group that would make two large clusters one.

    `parent`: of a root, minus the number of addresses below it, itself included.
    `owner`: `[addresses]`, of a root the owner that labels name, 0 none. Clusters of `large`
    addresses or more and of different owners are left apart. A joined root takes the owner of the
    larger cluster that has one, by equal sizes the lower number.
    `halts`: int64 `[groups, 5]`: for each group left out its number, the two owners and the sizes
    of their clusters, the larger first. Gives the number of merges and of halts.
    """
    count, halted = 0, 0
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
            root, other = min(root, other), max(root, other)
            parent[root] = ours + theirs
            parent[other] = root
            if owner[root] != winner:  # owners are few: memory that nobody writes is not taken
                owner[root] = winner
            places[count] = place
            count += 1
    return count, halted


@kernel
def number_clusters(parent):
    """Number the clusters of two addresses or more, by their lowest addresses.

    `parent` becomes the answer: the number of each address's cluster, -1 for one that stands
    alone. What stands above an address has a lower number and is answered before it. Gives how
    many clusters there are.
    """
    count, last = np.int64(0), len(parent) - _AHEAD
    for address in range(len(parent)):
        if address < last:
            ask(parent, np.int64(parent[nth(address + _AHEAD)]))
        above = np.int64(parent[nth(address)])
        answered = np.int64(parent[nth(choose(above >= 0, above, np.int64(address)))])
        own = choose(above == NONE, np.int64(NONE), count)
        parent[nth(address)] = choose(above >= 0, answered, own)
        count += np.int64(above < NONE)
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
