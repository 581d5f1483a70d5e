"""Making a question of what was typed: starts are found in the chain, and named by outpoint."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import read_asked, resolve_starts
from kancil.bitcoin.coinjoins.verdicts import PROTOCOLS
from kancil.ground import clock
from kancil.records.described import Input

from .question import NamedStart, TraceQuestion


def _moment(value: Any) -> Any:
    """A time as the ledger writes it; raises TimeNotReadable."""
    return clock.from_text(value) if isinstance(value, str) else value


Moment = Annotated[datetime, BeforeValidator(_moment)]


class TraceInput(Input):
    """What somebody asks of a chain, whichever door they come by.

    As JSON, which jobs carry: satoshi as text, times as in the ledger.
    """

    starts: tuple[str, ...]
    """Addresses, transactions, outpoints, or tables of them."""
    policy: str
    why: str = ""
    """Why this policy."""
    direction: Literal["forward", "backward"] = "forward"
    hops: int | None = None
    min_sat: int = 0
    since: Moment | None = None
    """By the miner's clock."""
    until: Moment | None = None
    received_since: Moment | None = None
    """Which deposits of an address are meant; else those between `since` and `until`."""
    received_until: Moment | None = None
    pass_services: str | None = None
    through_coinjoins: bool = False
    """Go on through what looks like a CoinJoin, where a trace stops else."""


def ask_trace(chain: Chain, asked: TraceInput) -> TraceQuestion:
    """Make the question of what was typed.

    Raises what finding a start raises: AddressNotReadable, NotInChain, StartHasNoCoins and others.
    """
    since, until = asked.received_since or asked.since, asked.received_until or asked.until
    found = resolve_starts(chain, read_asked(asked.starts), since=since, until=until)
    return TraceQuestion(
        starts=tuple(
            NamedStart(chain.outpoint(one.output), one.share_sat, one.reference)
            for one in found.starts
        ),
        policy=asked.policy,
        policy_reason=asked.why,
        direction=asked.direction,
        hops=asked.hops,
        min_sat=asked.min_sat,
        since=asked.since,
        until=asked.until,
        pass_services=asked.pass_services or None,
        all_coins_ever=found.all_coins_ever,
        last_height=chain.last_height,
        asked=asked.starts,
        stops_at=stops_asked(through_coinjoins=asked.through_coinjoins),
    )


def stops_asked(*, through_coinjoins: bool) -> tuple[tuple[str, str], ...]:
    """The heuristics at whose yes a trace stops that is asked now."""
    if through_coinjoins:
        return ()
    return tuple(sorted((each.name, each.version) for each in PROTOCOLS))
