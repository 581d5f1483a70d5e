"""Making a question of what was typed: starts are found in the chain, and named by outpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import read_asked, resolve_starts
from kancil.bitcoin.coinjoins.verdicts import PROTOCOLS

from .question import NamedStart, TraceQuestion


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when, by the miner's clock; None: open."""

    since: datetime | None = None
    until: datetime | None = None


def ask_trace(
    chain: Chain,
    asked: Sequence[str],
    *,
    window: Window,
    deposits: Window,
    policy: str,
    policy_reason: str,
    direction: Literal["forward", "backward"],
    hops: int | None,
    min_sat: int,
    pass_services: str | None,
    through_coinjoins: bool,
) -> TraceQuestion:
    """Make the question; `deposits`: which deposits of an address are meant.

    `through_coinjoins`: go on through what looks like a CoinJoin, where a trace stops else.

    Raises what finding a start raises: AddressNotReadable, NotInChain, StartHasNoCoins and others.
    """
    found = resolve_starts(chain, read_asked(asked), since=deposits.since, until=deposits.until)
    return TraceQuestion(
        starts=tuple(
            NamedStart(chain.outpoint(one.output), one.share_sat, one.reference)
            for one in found.starts
        ),
        policy=policy,
        policy_reason=policy_reason,
        direction=direction,
        hops=hops,
        min_sat=min_sat,
        since=window.since,
        until=window.until,
        pass_services=pass_services,
        all_coins_ever=found.all_coins_ever,
        last_height=chain.last_height,
        asked=tuple(asked),
        stops_at=stops_asked(through_coinjoins=through_coinjoins),
    )


def stops_asked(*, through_coinjoins: bool) -> tuple[tuple[str, str], ...]:
    """The heuristics at whose yes a trace stops that is asked now."""
    if through_coinjoins:
        return ()
    return tuple(sorted((each.name, each.version) for each in PROTOCOLS))
