"""Clusters on the money graph: addresses that were spent together, drawn as one node.

From the clusters that are kept beside a chain (`kancil.bitcoin.clusters.store`), never made here,
since making them may take hours. Only clusters from which CoinJoins were left out are used. A
cluster is the finding of a heuristic: that it has one owner is not proved, and every node says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import HEURISTIC, VERSION, Clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.relabelled import is_doubtful
from kancil.bitcoin.clusters.store import standing_clusters
from kancil.bitcoin.clusters.views import SOURCES, name_of, script_of, told_address
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.units import grouped
from kancil.ground.words import render

from .heard import Heard

MOST_LABELLED = 50
"""Labelled addresses of one cluster whose labels are read; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class OneCluster:
    """What is known of a cluster, beside what is drawn of it."""

    size: int
    name: str
    """Its first address in the chain."""
    labels: tuple[tuple[str, Label], ...]
    """Address and label of each labelled address, as many as are read."""
    labelled: int
    """Addresses with a label."""
    heard: Heard


class Clustered:
    """The kept clusters of a chain, asked by its outputs."""

    def __init__(self, chain: Chain, clusters: Clusters, labels: LabelIndex) -> None:
        """Take the clusters, and the labels that stand on their addresses."""
        self._chain, self._clusters, self._labels = chain, clusters, labels
        self._told: dict[int, OneCluster] = {}

    @property
    def is_doubtful(self) -> bool:
        """Whether labels that came after them may make some of them otherwise."""
        return is_doubtful(self._clusters)

    def address_of(self, output: int) -> int:
        """The number of the address that an output pays, -1 if none."""
        return int(self._clusters.of_row[output])

    def of(self, output: int) -> int:
        """The cluster of two addresses or more that an output pays, -1 if none."""
        address = self.address_of(output)
        return int(self._clusters.cluster[address]) if address >= 0 else -1

    def name_of(self, number: int) -> str:
        """What a cluster is known by: its first address."""
        return self.told(number).name

    def is_set_aside(self, tx: int, address: int) -> bool:
        """Whether a transaction that spends from an address was kept out, so joins nothing."""
        return tx in self._clusters.aside_of(np.array([address]))

    def told(self, number: int) -> OneCluster:
        """What is known of a cluster."""
        if number not in self._told:
            self._told[number] = self._tell(number)
        return self._told[number]

    def _tell(self, number: int) -> OneCluster:
        clusters = self._clusters
        start, stop = clusters.member_start[number : number + 2].tolist()
        members = clusters.member[start:stop]
        labelled = np.intersect1d(members, clusters.labelled).tolist()
        labels = tuple(
            (self._name(address), label)
            for address in labelled[:MOST_LABELLED]
            for label in self._labels.of(*self._script(address))
        )
        held_by = int(clusters.tx_start[number + 1] - clusters.tx_start[number])
        return OneCluster(
            size=len(members),
            name=self._name(int(members[0])),
            labels=labels,
            labelled=len(labelled),
            heard=self._heard(len(members), held_by),
        )

    def _heard(self, size: int, held_by: int) -> Heard:
        told = self._clusters.told
        whys = (
            render("note.graph-cluster-why", count=grouped(held_by), size=grouped(size)),
            render("note.cluster-not-proved"),
            render(
                "note.cluster-coinjoins-out",
                count=grouped(told["excluded"]),
                method=told["method"],
            ),
        )
        return Heard(
            heuristic=HEURISTIC,
            version=str(VERSION),
            says="cluster",
            answer="yes",
            count=size,
            told=render("note.graph-cluster", name=f"{HEURISTIC} {VERSION}", count=grouped(size)),
            whys=whys,
            source="; ".join(SOURCES),
            error=render("note.cluster-error"),
        )

    def _script(self, address: int) -> tuple[ScriptKind, bytes]:
        return script_of(self._chain, self._clusters, address)

    def _name(self, address: int) -> str:
        return name_of(told_address(self._chain, *self._script(address)))


def kept_here(chain: Chain, labels: LabelIndex) -> Clustered | None:
    """The clusters kept of a chain, without CoinJoins; None if not made.

    Labels that came since may leave some in doubt: whoever shows them says so (`is_doubtful`).
    """
    found = standing_clusters(chain, labels, exclude_coinjoins())
    return None if found is None else Clustered(chain, found, labels)
