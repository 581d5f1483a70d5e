"""What the money graph is asked, and what of it is open.

The picture depends on this, the chain and the labels alone, so that the same query gives the same
bytes. What travels to a page and back is a view (`studies.canvas.view`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from kancil.bitcoin.chain.starts import AskedStart
from kancil.ground.phrase import Phrase
from kancil.studies.errors import GraphQueryNotReadable
from kancil.studies.trace.asking import stops_asked
from kancil.studies.trace.question import Named, compared_now

Direction = Literal["forward", "backward", "both"]


@dataclass(frozen=True, slots=True)
class GraphQuery:
    """One view of the money graph."""

    starts: tuple[AskedStart, ...]
    """Addresses, transaction ids or outpoints, as they were typed."""
    direction: Direction = "forward"
    """`both` only without a policy."""
    policy: str | None = None
    """Policy by which shares are told; None: the chain alone, whole outputs."""
    compare: str | None = None
    """A second policy to show beside it."""
    policies: Named = field(default_factory=compared_now)
    """The versions of policies that are meant: today's, or those of a recorded trace."""
    hops: int | None = None
    """Transactions away from the start at most; None: no limit under a policy, else 1."""
    min_sat: int = 0
    """Coins are not followed from an output that holds less."""
    since: datetime | None = None
    until: datetime | None = None
    pass_services: str | None = None
    """Reason for going on through labelled services; None: stop there."""
    stops_at: tuple[tuple[str, str], ...] | None = stops_asked(through_coinjoins=False)
    """Heuristics at whose yes one stops: under a policy as in `TraceQuestion`, without one what
    they call is drawn and not gone beyond; empty: go on."""
    patterns: bool = False
    """Look for patterns that what is drawn takes part in."""
    clusters: bool = False
    """Fold addresses that were spent together to one node."""
    opened: tuple[str, ...] = ()
    """What the officer opened, in that order."""
    collapsed: tuple[str, ...] = ()
    """Transactions behind which all is hidden."""

    def __post_init__(self) -> None:
        """Refuse what has no meaning; raises GraphQueryNotReadable."""
        if not self.starts:
            raise _wrong("starts")
        if self.direction == "both" and self.policy is not None:
            raise _wrong("direction")
        if self.compare is not None and (self.policy is None or self.compare == self.policy):
            raise _wrong("compare")

    def opening(self, token: str) -> GraphQuery:
        """The query with one thing more open."""
        if token in self.opened:
            return self
        return replace(self, opened=(*self.opened, token))


@dataclass(frozen=True, slots=True)
class Joint:
    """Several questions to one chain, drawn as one picture; each opens and folds the same."""

    queries: tuple[GraphQuery, ...]
    names: tuple[str, ...]
    """What each is called beside a box that several reach; empty: it has no shares to tell."""
    level: str = "transactions"

    @property
    def frame(self) -> GraphQuery:
        """The first question, which says what is open and what is told besides."""
        return self.queries[0]

    @property
    def is_one(self) -> bool:
        """Whether one question alone is drawn, so that its shares stand in the boxes."""
        return len(self.queries) == 1


def asked(*texts: str) -> tuple[AskedStart, ...]:
    """Starts of the words that were typed; a word is never read as the name of a file."""
    return tuple(AskedStart(text.strip()) for text in texts)


def _wrong(part: str) -> GraphQueryNotReadable:
    return GraphQueryNotReadable(part=Phrase(f"thing.graph-{part.replace('_', '-')}"))
