"""What stops an exposure's walk at an output: a label, its cluster's label, or a CoinJoin.

Made from the labels of the workspace, a chain, its clusters where labels are to reach them, and the
CoinJoin heuristics; handed to the trace as its labels, so that each coin is counted at the first
mark it meets and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.views import script_of
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label

OWN, CLUSTER = "own", "cluster"
COINJOIN = "coinjoin"
UNCATEGORISED, LISTED_BY_LAW = "no-category", "listed-by-law"
Side = Literal["sent", "received"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One reason why a walk stops at an output. It is a label to the trace, and always stops it."""

    label: Label | None
    """None for a CoinJoin."""
    is_counted: bool
    """Whether the coins count as exposed to it; else they are only not followed further."""
    reach: str = OWN
    """`own`, or `cluster`: another address of the output's multi-input cluster has the label."""
    labelled: str = ""
    """The address that has the label."""
    heuristic: str = ""
    """For a CoinJoin: which heuristics say so."""

    @property
    def category(self) -> str:
        """Kind of owner."""
        return COINJOIN if self.label is None else self.label.category

    @property
    def publisher(self) -> str:
        """Who says so; empty for a CoinJoin."""
        return "" if self.label is None else self.label.publisher

    @property
    def is_service(self) -> bool:
        """Stop the trace."""
        return True


def terms_of(label: Label) -> frozenset[str]:
    """The categories that a label puts an address in: kind of owner, and abuse, as words.

    A term of INTERPOL's taxonomy where the publisher's word has one, else that word. A label with
    neither is `listed-by-law` if it rests on a law, else `no-category`.
    """
    words = {label.category or label.published_category, label.abuse}
    found = frozenset(word.strip() for word in words) - {""}
    return found or frozenset({LISTED_BY_LAW if label.law else UNCATEGORISED})


Counts = Callable[[Label], bool]


class Marks:
    """The marks of outputs, for one side of one subject."""

    def __init__(
        self,
        chain: Chain,
        labels: LabelIndex,
        subject: frozenset[int],
        side: Side,
        counts: Counts,
        *,
        clusters: Clusters | None = None,
        looks: CoinjoinLooks | None = None,
    ) -> None:
        """Take what is asked. `subject`: its outputs, never marked. `clusters`: labels reach them.

        `counts`: labels whose coins are exposed. The walk goes past others unless they are a
        service's. `coinjoins.verdicts`: of this chain, so that several walks judge a transaction
        once.
        """
        self.chain, self.subject, self.side = chain, subject, side
        self.counts, self.clusters = counts, clusters
        self._index = labels
        self._own = labels.label_of(chain.columns)
        self._looks = looks or CoinjoinLooks(chain)
        self._coinjoins: dict[int, str] = {}
        self._labelled_in = _labelled_in(clusters)
        self.maybe_coinjoins: set[int] = set()
        """Transactions met that may be CoinJoins: for want of inputs heuristics cannot tell."""

    def of(self, output: int) -> tuple[Mark, ...]:
        """The marks of an output; none for the subject's own."""
        if output in self.subject:
            return ()
        heuristics = self._coinjoin_at(output)
        if heuristics:
            return (Mark(None, is_counted=False, heuristic=heuristics),)
        own = self._marked(self._own(output), OWN)
        return own or self._of_cluster(output)

    def _marked(self, labels: tuple[Label, ...], reach: str) -> tuple[Mark, ...]:
        marks = []
        for label in labels:
            is_counted = self.counts(label)
            if is_counted or label.is_service:
                marks.append(Mark(label, is_counted, reach, label.address))
        return tuple(marks)

    def _of_cluster(self, output: int) -> tuple[Mark, ...]:
        if self.clusters is None:
            return ()
        address = int(self.clusters.of_row[output])
        number = int(self.clusters.cluster[address]) if address >= 0 else -1
        marks: list[Mark] = []
        for other in self._labelled_in.get(number, ()):
            found = self._index.of(*script_of(self.chain, self.clusters, other))
            marks += self._marked(found, CLUSTER)
        return tuple(marks)

    def _coinjoin_at(self, output: int) -> str:
        """Name the heuristics that take the transaction behind an output for a CoinJoin.

        Sent coins meet it where they are made, received coins where they were spent.
        """
        graph = self.chain.graph
        if self.side == "sent":
            tx = graph.tx_of_output(output)
        else:
            spender = int(graph.output_spender[output])
            tx = graph.tx_of_input(spender) if spender >= 0 else -1
        return self.coinjoin_of(tx) if tx >= 0 else ""

    def coinjoin_of(self, tx: int) -> str:
        """Name the heuristics that take a transaction for a CoinJoin, empty if none does."""
        if tx not in self._coinjoins:
            looks = [one for one in self._looks.of(tx) if one.heuristic.says == "coinjoin"]
            said = [look for look in looks if look.is_fired]
            names = sorted(f"{each.heuristic.name} {each.heuristic.version}" for each in said)
            if looks and not said:
                self.maybe_coinjoins.add(tx)
            self._coinjoins[tx] = ", ".join(names)
        return self._coinjoins[tx]


def _labelled_in(clusters: Clusters | None) -> dict[int, list[int]]:
    """The labelled addresses of each cluster that has any."""
    found: dict[int, list[int]] = {}
    if clusters is None:
        return found
    for address in clusters.labelled.tolist():
        number = int(clusters.cluster[address])
        if number >= 0:
            found.setdefault(number, []).append(address)
    return found
