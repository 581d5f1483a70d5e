"""Multi-input clusters by Spark: connected components of addresses spent together.

By alternating *large-star* and *small-star* (R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi,
S. Vassilvitskii, *Connected Components in MapReduce and Beyond*, SoCC 2014, section 3): each step
keeps what is connected connected. It ends when the edges are a star forest, which is checked as
such and not by comparing digests: then each part hangs on its smallest address id.

The same partition as `kancil.bitcoin.clusters.clusters`, with the same transactions set aside:
CoinJoins as far as a detector was asked, and what the guard stopped. The evidence of merges stays
local.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kancil.bitcoin.clusters.clusters import HEURISTIC, VERSION
from kancil.bitcoin.clusters.views import KNOWN_ERROR
from kancil.bitcoin.export.check import Checked
from kancil.bitcoin.export.manifest import Manifest

from .session import one_row, open_tables, rows_of, write_rows

LISTED = 20
"""The largest clusters that are listed."""

_EDGES = """
SELECT DISTINCT address_id AS child, least_id AS parent FROM (
  SELECT address_id, min(address_id) OVER (PARTITION BY tx_n) AS least_id
  FROM inputs JOIN transactions USING (tx_n)
  WHERE set_aside IS NULL AND address_id IS NOT NULL
) WHERE address_id > least_id
"""
_LARGE_STAR = """
WITH both_ways AS (
  SELECT child AS u, parent AS v FROM edges UNION ALL SELECT parent, child FROM edges
), least AS (
  SELECT u, least(u, min(v)) AS m FROM both_ways GROUP BY u
)
SELECT DISTINCT v AS child, m AS parent FROM both_ways JOIN least USING (u) WHERE v > u
"""
_SMALL_STAR = """
WITH least AS (SELECT child AS u, min(parent) AS m FROM edges GROUP BY child)
SELECT DISTINCT child, parent FROM (
  SELECT u AS child, m AS parent FROM least
  UNION ALL
  SELECT edges.parent, m FROM edges JOIN least ON edges.child = least.u WHERE edges.parent > m
)
"""
# A star forest: no child has two parents, and no parent is a child.
_NOT_STARS = """
SELECT
  (SELECT count(*) - count(DISTINCT child) FROM edges) AS doubled,
  (SELECT count(*) FROM edges LEFT SEMI JOIN (SELECT child AS c FROM edges) ON parent = c) AS deep
"""
_CLUSTERS = """
SELECT address_id, cluster_id, count(*) OVER (PARTITION BY cluster_id) AS cluster_size FROM (
  SELECT address_id, coalesce(parent, address_id) AS cluster_id
  FROM addresses LEFT JOIN edges ON address_id = child
)
"""
_COUNTS = """
SELECT count(*) AS addresses,
  count_if(cluster_size > 1) AS joined,
  count_if(cluster_size > 1 AND address_id = cluster_id) AS clusters,
  count_if(cluster_size = 1) AS alone
FROM found
"""
_LARGEST = """
SELECT cluster_id, cluster_size, address, script FROM found JOIN addresses USING (address_id)
WHERE address_id = cluster_id AND cluster_size > 1 ORDER BY cluster_size DESC, cluster_id LIMIT {}
"""
_ASIDE = """
SELECT set_aside AS reason, count(*) AS transactions FROM transactions
WHERE set_aside IS NOT NULL GROUP BY set_aside ORDER BY set_aside
"""
_DIFFERENT = """
SELECT count(*) AS differing FROM found FULL OUTER JOIN clusters USING (address_id)
WHERE NOT (found.cluster_id <=> clusters.cluster_id
  AND found.cluster_size <=> clusters.cluster_size)
"""


def find_clusters(session: Any, export: Checked, out: Path | None = None) -> dict[str, Any]:
    """Find the clusters of an export; `out`: a new folder for the row of each address.

    Where the export has the local clusters of a whole chain, they are compared row by row.
    """
    open_tables(session, export)
    edges = _keep(session.sql(_EDGES), "edges")
    rounds = 0
    while edges and _is_no_forest(session):
        rounds += 1
        _keep(session.sql(_LARGE_STAR), "edges")
        _keep(session.sql(_SMALL_STAR), "edges")
    found = session.sql(_CLUSTERS).localCheckpoint()
    found.createOrReplaceTempView("found")
    if out is not None:
        write_rows(found, out)
    manifest = export.manifest
    return {
        **one_row(session, _COUNTS),
        "rounds": rounds,
        "largest": rows_of(session, _LARGEST.format(LISTED)),
        "set_aside": rows_of(session, _ASIDE),
        "differing_from_local": _compared(session, manifest),
        "coinjoins_excluded_by": manifest.about["methods"]["clusters"]["coinjoins_excluded_by"],
        "method": {
            "heuristic": HEURISTIC,
            "version": VERSION,
            "known_error": KNOWN_ERROR,
            "by": "large-star and small-star, Kiveris et al. 2014",
        },
        "heuristic_finding": True,
        "one_owner_proved": False,
    }


def _keep(frame: Any, name: str) -> int:
    """Compute rows now and forget how they were made; else each round would make all before."""
    kept = frame.localCheckpoint()
    kept.createOrReplaceTempView(name)
    return int(kept.count())


def _is_no_forest(session: Any) -> bool:
    told = one_row(session, _NOT_STARS)
    return bool(told["doubled"] or told["deep"])


def _compared(session: Any, manifest: Manifest) -> int | None:
    """Count the addresses whose cluster differs from the local one; None if that is not here."""
    if not (manifest.has_clusters and manifest.about["whole"]):
        return None
    return int(one_row(session, _DIFFERENT)["differing"])
