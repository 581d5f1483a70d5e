"""Clusters of the unit's chains: those that are made, and no others, for whoever may not wait.

A cluster of a very large service is not taken apart while somebody waits: that is for a command.
"""

from __future__ import annotations

import shlex

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.store import standing_clusters
from kancil.bitcoin.clusters.views import address_of_text
from kancil.bitcoin.labels.index import LabelIndex

from .errors import AnswerTakesLong, ClustersNotMade

MOST_ADDRESSES = 1_000_000
"""Addresses of a cluster that a page or a program asks about, at most."""


def made_clusters(chain: Chain, labels: LabelIndex) -> Clusters | None:
    """A chain's clusters, CoinJoins excluded, if they are made of the blocks that are here now.

    Labels that came since may leave some in doubt: whoever shows them says so (`is_doubtful`).
    """
    return standing_clusters(chain, labels, exclude_coinjoins())


def required_clusters(chain: Chain, labels: LabelIndex) -> Clusters:
    """A chain's clusters; raises ClustersNotMade."""
    found = made_clusters(chain, labels)
    if found is None:
        raise ClustersNotMade(chain=chain.name)
    return found


def require_few(
    chain: Chain, clusters: Clusters, address: str, command: str = "", most: int = MOST_ADDRESSES
) -> None:
    """Refuse a cluster that is too large to wait for, and name the command that answers.

    Raises AnswerTakesLong, and as `address_of_text`.
    """
    if len(clusters.members_of(address_of_text(chain, clusters, address))) > most:
        words = ["kancil", "bitcoin", "cluster", chain.name, address]
        raise AnswerTakesLong(command=command or shlex.join(words))
