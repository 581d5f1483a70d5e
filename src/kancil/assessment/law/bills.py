"""What a draft statute would change: gaps that it would close, once it were law.

A bill is no law: an answer says what the law is, and stays. That a bill would close a gap is what
those say who cite it for that provision; nothing here reads the bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kancil.assessment.law.matrix import Extract, Matrix, Row, RowStatus, is_in_law
from kancil.assessment.protocol import Protocol

_OPEN = (RowStatus.NOT_ASKED, RowStatus.OPEN, RowStatus.DISPUTED)


def closed_by(protocol: Protocol, matrix: Matrix, row: Row) -> tuple[Extract, ...]:
    """The bills that are cited for a provision whose answer that counts is below in law."""
    bills = tuple(_bills(matrix.extracts, row.extracts))
    if not bills or row.status in _OPEN:
        return ()
    indicator = protocol.indicators[row.indicator]
    return bills if is_in_law(protocol, indicator, row.given) is False else ()


def cites_law(matrix: Matrix, row: Row) -> bool:
    """Whether an answer cites a law; one that was not given is taken as one, a bill is none."""
    bills = {each.id for each in _bills(matrix.extracts, row.extracts)}
    return bool(set(row.extracts) - bills)


def gaps_closed(protocol: Protocol, matrix: Matrix, extract: str) -> tuple[Row, ...]:
    """The provisions whose gap one bill would close, in the protocol's order."""
    return tuple(
        row
        for row in matrix.rows
        if extract in {each.id for each in closed_by(protocol, matrix, row)}
    )


def _bills(known: Mapping[str, Extract], ids: Iterable[str]) -> Iterable[Extract]:
    return (known[id] for id in ids if id in known and known[id].is_bill)
