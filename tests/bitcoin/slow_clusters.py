"""The clusters, plainly: sets that are merged, one address at a time. Twin of the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Joined(NamedTuple):
    """One merge: an address, joined to the first of a group, and the number of the group."""

    first: int
    address: int
    group: int


def join_slowly(
    groups: Sequence[Sequence[int]],
    count: int,
    *,
    owners: Sequence[int] | None = None,
    large: int = 0,
) -> tuple[list[set[int]], list[Joined]]:
    """The clusters and the merges in order; with `owners` (0 none) as the guard has it."""
    part_of = {address: {address} for address in range(count)}
    owner_of = {address: owners[address] if owners else 0 for address in range(count)}
    merges = []
    for number, group in enumerate(groups):
        named = {
            owner_of[min(part_of[address])]
            for address in group
            if owner_of[min(part_of[address])] and len(part_of[address]) >= large
        }
        if owners and len(named) > 1:
            continue
        for address in group[1:]:
            one, other = part_of[group[0]], part_of[address]
            if one is other:
                continue
            candidates = [
                (-len(part), owner_of[min(part)]) for part in (one, other) if owner_of[min(part)]
            ]
            both = one | other
            owner_of[min(both)] = min(candidates)[1] if candidates else 0
            for each in both:
                part_of[each] = both
            merges.append(Joined(group[0], address, number))
    parts = {min(part): part for part in part_of.values()}
    return list(parts.values()), merges
