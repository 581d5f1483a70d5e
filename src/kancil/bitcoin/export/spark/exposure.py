"""Direct exposure of every address to label categories, within one transaction, by Spark.

**Definition.** In a transaction whose inputs hold I satoshi in all, an address that puts in a and
receives r, other addresses of a category that receive v and put in l:

- *sent*: the part of v that is a's by the haircut share, floor(v x a / I);
- *received*: the part of r that is l's, floor(r x l / I).

Haircut: every output holds a part of each input, in proportion (Möser, Böhme, Breuker, *Towards
Risk Scoring of Bitcoin Transactions*, FC Workshops 2014). It is a policy, a legal choice and no
fact. Divisions are exact in integers: each amount is rounded down once for a transaction, and the
rows tell how many were, so that the true sum lies less than that many satoshi above. (The trace's
haircut gives the satoshi that remain to the largest remainder, for there an amount must go on.)

An address is not exposed to its own labels. Categories overlap: an address with two terms counts
in both, and the rows do not add up. Left out and counted: transactions with an input whose value
is not known, and those that are set aside as CoinJoins or by the guard. What comes by more than
one transaction is not direct and is not here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kancil.bitcoin.export.check import Checked
from kancil.bitcoin.export.schema import COINBASE

from .session import one_row, open_tables, rows_of, write_rows

METHOD, VERSION = "direct-haircut", 1
LISTED = 20

_TERMS = "SELECT DISTINCT address_id, term FROM labels"
_PUT_IN = """
SELECT tx_n, address_id, sum(value_sat) AS sat FROM inputs
WHERE address_id IS NOT NULL AND value_sat IS NOT NULL GROUP BY tx_n, address_id
"""
_PAID = """
SELECT tx_n, address_id, sum(value_sat) AS sat FROM outputs
WHERE address_id IS NOT NULL GROUP BY tx_n, address_id
"""
_TOUCHED = """
SELECT DISTINCT tx_n FROM (
  SELECT tx_n FROM outputs LEFT SEMI JOIN terms USING (address_id)
  UNION ALL SELECT tx_n FROM inputs LEFT SEMI JOIN terms USING (address_id)
)
"""
_USED = """
SELECT tx_n, input_sat FROM transactions LEFT SEMI JOIN touched USING (tx_n)
WHERE input_sat > 0 AND set_aside IS NULL
"""
# One side: who is exposed (`ours`), and through whom (`theirs`).
_SIDE = """
SELECT '{side}' AS side, tx_n, address_id, term,
  CAST(met_sat AS DECIMAL(16, 0)) * CAST(own_sat AS DECIMAL(16, 0)) AS product,
  CAST(input_sat AS DECIMAL(16, 0)) AS input_sat
FROM (
  SELECT tx_n, ours.address_id, term, input_sat, ours.sat AS own_sat, sum(theirs.sat) AS met_sat
  FROM used JOIN {ours} AS ours USING (tx_n) JOIN (
    SELECT tx_n, address_id AS other_id, term, sat FROM {theirs} JOIN terms USING (address_id)
  ) AS theirs USING (tx_n)
  WHERE ours.address_id <> other_id
  GROUP BY tx_n, ours.address_id, term, input_sat, ours.sat
)
"""
_ROWS = f"""
SELECT side, address_id, term, count(*) AS transactions, sum(product div input_sat) AS sat,
  count_if(product % input_sat <> 0) AS rounded_down
FROM (
  {_SIDE.format(side="sent", ours="put_in", theirs="paid")}
  UNION ALL
  {_SIDE.format(side="received", ours="paid", theirs="put_in")}
) GROUP BY side, address_id, term
"""  # noqa: S608 (names of our own)
_BY_TERM = """
SELECT side, term, count(*) AS addresses, sum(transactions) AS transactions,
  sum(sat) AS sat, sum(rounded_down) AS rounded_down
FROM found GROUP BY side, term ORDER BY side, term
"""
_MOST = """
SELECT side, term, address_id, address, script, transactions, sat, rounded_down
FROM found JOIN addresses USING (address_id) ORDER BY sat DESC, side, term, address_id LIMIT {}
"""
_LEFT_OUT = f"""
SELECT
  count_if(set_aside IS NULL AND input_sat IS NULL AND input_unknown <> '{COINBASE}')
    AS input_value_not_known,
  count_if(set_aside IS NOT NULL) AS set_aside,
  (SELECT count(*) FROM terms) AS terms
FROM transactions LEFT SEMI JOIN touched USING (tx_n)
"""  # noqa: S608 (a constant of our own)


def find_exposure(session: Any, export: Checked, out: Path | None = None) -> dict[str, Any]:
    """Find the direct exposure of every address of an export to each category of its labels.

    `out`: a new folder for the row of each side, address and category.
    """
    open_tables(session, export)
    views = {
        "terms": _TERMS, "put_in": _PUT_IN, "paid": _PAID, "touched": _TOUCHED, "used": _USED,
    }  # fmt: skip
    for name, query in views.items():
        session.sql(query).createOrReplaceTempView(name)
    found = session.sql(_ROWS).localCheckpoint()
    found.createOrReplaceTempView("found")
    if out is not None:
        write_rows(found, out)
    left_out = one_row(session, _LEFT_OUT)
    return {
        "by_term": _as_text(rows_of(session, _BY_TERM)),
        "most": _as_text(rows_of(session, _MOST.format(LISTED))),
        "labelled_terms": left_out.pop("terms"),
        "left_out": left_out,
        "method": {"name": METHOD, "version": VERSION, "policy": "haircut", "hops": 1},
    }


def _as_text(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write satoshi as text."""
    return [{**row, "sat": str(int(row["sat"]))} for row in rows]
