"""Clusters: those of a whole chain are made and kept beside it, for pages to ask.

Outside the database one file of the chain's folder is written, `clusters.map`, which says of what
it was made: a second try finds it there, and nothing is made twice. It rests on no case, and no
entry is written: it can be made again from the chain at any time.
"""

from __future__ import annotations

from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.store import open_clusters
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.studies.chains import chain_folder


@work("make-clusters")
def make_clusters(context: CaseDoing, *, chain: str) -> None:
    """Make the clusters of a chain as it is now, with the labels as they are now.

    Raises ChainNameWrong, ChainBusy, and what opening a chain raises.
    """
    opened = Chain.open(chain_folder(context.workspace, chain))
    labels = LabelIndex.load(context.workspace.labels_dir, opened.network, chain)
    excluding = exclude_coinjoins(progress=context.progress)
    made = open_clusters(opened, labels, excluding, progress=context.progress)
    context.once(lambda _by: None, lambda _none: _told(chain, made))


def _told(chain: str, made: Clusters) -> dict[str, Any]:
    return {
        "clusters_of": chain,
        "addresses": made.address_count,
        "clusters": made.cluster_count,
        "set_aside": int(made.told["excluded"]) + len(made.halts),
    }
