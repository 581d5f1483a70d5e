"""What a trace's page says of CoinJoins: where it stopped, what it passed, what is not told."""

from __future__ import annotations

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.heuristic import outside_period
from kancil.ground.phrase import Phrase
from kancil.studies.trace.cited import stops_said, way_of
from kancil.studies.trace.run import CoinjoinMet, TraceAnswer, coinjoins_met
from kancil.web.cells import Section, note, number, rows_left, table
from kancil.web.parts import Cell
from kancil.web.studies.chain_cells import tx_cell

SHOWN_ROWS = 200


def stops_told(answer: TraceAnswer) -> Phrase:
    """Whether the trace was to stop at CoinJoins."""
    stops_at = answer.question.stops_at
    return Phrase("web.trace.coinjoins-before") if stops_at is None else stops_said(stops_at)


def coinjoin_sections(chain: Chain, answer: TraceAnswer) -> list[Section]:
    """List what heuristics say of the transactions met, each with what is known of its error."""
    met = coinjoins_met(chain, answer)
    found = [one for one in met if one.look.is_fired]
    left = {one.txid for one in met if not one.look.is_fired}
    sections: list[Section] = []
    if found:
        sections += rows_left(min(len(found), SHOWN_ROWS), len(found))
        columns = ("hop>", "transaction", "looks-like", "why", "known-error", "rules-from")
        rows = [_row(chain.name, one) for one in found[:SHOWN_ROWS]]
        sections.append(table("web.trace.coinjoins", columns, rows))
    if left:
        sections.append(note("warn", "note.trace-coinjoin-unknown", count=len(left)))
    return sections


def _outside(met: CoinjoinMet) -> Phrase:
    """Say beside the reason that the protocol is not known to have run then."""
    outside = outside_period(met.look.heuristic)
    return Phrase("web.trace.outside-period", {"why": met.look.verdict.why, "outside": outside})


def _row(chain: str, met: CoinjoinMet) -> tuple[Cell, ...]:
    heuristic, verdict = met.look.heuristic, met.look.verdict
    way = way_of(met.look.manner, is_stop=met.is_stop)
    words = {"heuristic": heuristic.name, "version": heuristic.version, "rule": verdict.rule}
    return (
        number(met.hop),
        tx_cell(chain, met.txid),
        Phrase(f"note.report-coinjoin-{way}", words),
        verdict.why if met.look.in_period is not False else _outside(met),
        Phrase(met.look.error),
        heuristic.source,
    )
