"""The clusters that an answer rests on: those kept beside the chain, else made for this answer.

Clusters of other label imports than today's are never kept: they would take the place of those
that pages ask for.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters, build_clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins, kept_out
from kancil.bitcoin.clusters.store import kept_clusters
from kancil.bitcoin.coinjoins.heuristic import Heuristic
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.progress import SILENT, Progress


def clusters_for(
    chain: Chain,
    labels: LabelIndex,
    heuristics: Sequence[Heuristic] = HEURISTICS,
    *,
    coinjoins_join: bool = False,
    unsure_join: bool = False,
    progress: Progress = SILENT,
) -> Clusters:
    """The clusters of a chain by these labels; what looks like a CoinJoin joins only if asked.

    `heuristics`: those that say what looks like one.
    """
    excluding = None
    if not coinjoins_join:
        excluding = exclude_coinjoins(
            kept_out(heuristics), progress=progress, unsure_join=unsure_join
        )
    kept = kept_clusters(chain, labels, excluding)
    if kept is not None:
        return kept
    return build_clusters(chain, labels, excluding, progress=progress)
