"""Counts of simple shapes of transactions by month, by Spark. A shape alone says nothing.

- *fan-in*: at least `FAN` inputs and at most `FEW` outputs;
- *fan-out*: at least `FAN` outputs and at most `FEW` inputs;
- *equal outputs*: at least `EQUAL` outputs of one and the same value above 0.

The numbers are our choice, from no paper. Coinbases are not counted. A month is that of the block's
time in UTC, the miner's word; transactions of unknown time are counted apart (`month` null).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kancil.bitcoin.export.check import Checked

from .session import open_tables, write_rows

FAN, FEW, EQUAL = 10, 2, 5
_BY_MONTH = f"""
SELECT date_format(timestamp_seconds(time_s), 'yyyy-MM') AS month,
  count(*) AS transactions,
  count_if(input_count >= {FAN} AND output_count <= {FEW}) AS fan_in,
  count_if(output_count >= {FAN} AND input_count <= {FEW}) AS fan_out,
  count(equal.tx_n) AS equal_outputs
FROM transactions LEFT JOIN (
  SELECT DISTINCT tx_n FROM (
    SELECT tx_n FROM outputs WHERE value_sat > 0 GROUP BY tx_n, value_sat
    HAVING count(*) >= {EQUAL}
  )
) AS equal ON transactions.tx_n = equal.tx_n
WHERE NOT is_coinbase GROUP BY 1 ORDER BY 1 NULLS LAST
"""  # noqa: S608 (numbers of our own)


def count_shapes(session: Any, export: Checked, out: Path | None = None) -> dict[str, Any]:
    """Count the shapes by month; `out`: a new folder for the rows."""
    open_tables(session, export)
    counted = session.sql(_BY_MONTH)
    if out is not None:
        write_rows(counted, out)
    return {
        "months": [row.asDict() for row in counted.collect()],
        "definitions": {
            "fan_in": {"least_inputs": FAN, "most_outputs": FEW},
            "fan_out": {"least_outputs": FAN, "most_inputs": FEW},
            "equal_outputs": {"least_of_one_value": EQUAL},
        },
    }
