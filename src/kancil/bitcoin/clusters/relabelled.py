"""Clusters kept from before a label import: whether the guard would still decide alike.

Labels join nothing; they only stop two large clusters of different owners from becoming one (the
guard). So clusters that were made by earlier labels are those of today, unless a label that came
since names an owner where the guard had to decide: in a cluster large enough to be two large ones
that now has owners of two names, or beside a transaction that the guard stopped. Only what the new
imports name is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.index import LabelIndex

from .clusters import GUARD_REASON, Clusters, find_address

NEWER = "labels_newer"
"""Key of `Clusters.told`: how many labelled addresses came since, and the clusters in doubt."""


def relabel(chain: Chain, kept: Clusters, labels: LabelIndex, new: Iterable[str]) -> Clusters:
    """The kept clusters under today's labels; `new`: ids of the imports that came since.

    What cannot be decided without making them anew is named in `told[NEWER]["doubtful"]`: numbers
    of clusters, ascending. Without any, they are the clusters that would be made today.
    """
    named = _addresses(chain, kept, labels.only(new))
    if not len(named):
        return kept
    numbers = np.unique(kept.cluster[named])
    large = int(kept.told["large"])
    labelled = np.union1d(kept.labelled, named).astype(kept.labelled.dtype)
    beside = _halted(kept)
    doubtful = [
        number
        for number in numbers[numbers >= 0].tolist()
        if number in beside
        or (
            kept.member_start[number + 1] - kept.member_start[number] >= 2 * large
            and len(_owners_in(chain, kept, labels, labelled, number)) > 1
        )
    ]
    told = {**kept.told, NEWER: {"addresses": len(named), "doubtful": doubtful}}
    return replace(kept, labelled=labelled, told=told)


def is_doubtful(clusters: Clusters, address: int | None = None) -> bool:
    """Whether newer labels might change a cluster: that of an address, or any."""
    doubtful = clusters.told.get(NEWER, {}).get("doubtful", [])
    return bool(doubtful) if address is None else int(clusters.cluster[address]) in doubtful


def _addresses(chain: Chain, kept: Clusters, labels: LabelIndex) -> Array:
    """The numbers of the addresses that labels name, ascending."""
    found = {find_address(chain, kept.of_row, kind, payload) for kind, payload in labels.scripts()}
    return np.array(sorted(found - {-1}), np.int64)


def _halted(kept: Clusters) -> set[int]:
    """The clusters beside a transaction that the guard stopped."""
    if not len(kept.halts):
        return set()
    guard = kept.told["reasons"].index(GUARD_REASON)
    touched = kept.aside_address[kept.aside_reason == guard]
    return set(np.unique(kept.cluster[touched]).tolist())


def _owners_in(
    chain: Chain, kept: Clusters, labels: LabelIndex, labelled: Array, number: int
) -> set[str]:
    """The owners that labels name in a cluster, as the guard takes them."""
    members = kept.member[kept.member_start[number] : kept.member_start[number + 1]]
    owners: set[str] = set()
    for address in np.intersect1d(members, labelled).tolist():
        row, count = int(kept.first_row[address]), chain.columns.output_count
        script = chain.columns.script_at(row) if row < count else chain.stated_at(row - count)
        names = {each.entity for each in labels.of(*script)} - {""}
        if len(names) == 1:
            owners |= names
    return owners
