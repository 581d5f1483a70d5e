"""What the money graph is asked, and what of it is open: a value that a page carries to and fro.

The picture depends on this, the chain and the labels alone, so that the same query gives the same
bytes. What comes back from a browser is read strictly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

from kancil.bitcoin.chain.starts import AskedStart
from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.units import MAX_MONEY_SAT
from kancil.studies.errors import GraphQueryNotReadable
from kancil.studies.trace.asking import stops_asked
from kancil.studies.trace.question import Named, compared_now, read_listed, read_named, write_listed

Direction = Literal["forward", "backward", "both"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward", "both")
MOST_STARTS = 1_000
MOST_OPENED = 500
MOST_HOPS = 100_000
LONGEST_TEXT = 2_000
_ID = re.compile(r"[a-z]{2,8}-[0-9a-f]{16,64}(-[0-9]{1,10})?")
_SAT = re.compile(r"0|[1-9][0-9]{0,15}")
_KEYS = {
    "clusters", "collapsed", "compare", "direction", "hops", "min_sat", "opened", "pass_services",
    "patterns", "policies", "policy", "since", "starts", "stops_at", "until",
}  # fmt: skip
_START_KEYS = {"text", "share_sat", "reference"}


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

    def as_dict(self) -> dict[str, Any]:
        """The canonical-JSON-ready form."""
        return {
            "clusters": self.clusters,
            "collapsed": list(self.collapsed),
            "compare": self.compare,
            "direction": self.direction,
            "hops": self.hops,
            "min_sat": str(self.min_sat),
            "opened": list(self.opened),
            "pass_services": self.pass_services,
            "patterns": self.patterns,
            "policies": write_listed(self.policies),
            "policy": self.policy,
            "since": clock.to_text(self.since) if self.since else None,
            "starts": [
                {
                    "reference": start.reference,
                    "share_sat": None if start.share_sat is None else str(start.share_sat),
                    "text": start.text,
                }
                for start in self.starts
            ],
            "stops_at": None if self.stops_at is None else dict(self.stops_at),
            "until": clock.to_text(self.until) if self.until else None,
        }

    def opening(self, token: str) -> GraphQuery:
        """The query with one thing more open."""
        if token in self.opened:
            return self
        return replace(self, opened=(*self.opened, token))

    def closing(self, token: str) -> GraphQuery:
        """The query with one thing less open."""
        return replace(self, opened=tuple(one for one in self.opened if one != token))

    def hiding(self, node: str) -> GraphQuery:
        """The query with all behind a transaction hidden."""
        if node in self.collapsed:
            return self
        return replace(self, collapsed=(*self.collapsed, node))

    def showing(self, node: str) -> GraphQuery:
        """The query with what was hidden behind a transaction shown again."""
        return replace(self, collapsed=tuple(one for one in self.collapsed if one != node))


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

    def with_frame(self, **told: Any) -> Joint:
        """The same questions with something else open or told."""
        return replace(self, queries=tuple(replace(one, **told) for one in self.queries))


def asked(*texts: str) -> tuple[AskedStart, ...]:
    """Give starts of the words that were typed; a word is never read as the name of a file."""
    return tuple(AskedStart(text.strip()) for text in texts)


def read_query(value: Any) -> GraphQuery:
    """Read what `as_dict` gives, from a browser; raises GraphQueryNotReadable."""
    if not isinstance(value, dict) or set(value) != _KEYS:
        raise _wrong("query")
    direction = value["direction"]
    if direction not in DIRECTIONS:
        raise _wrong("direction")
    return GraphQuery(
        starts=_starts(value["starts"]),
        direction=cast("Direction", direction),
        policies=_policies(value["policies"]),
        policy=_text(value, "policy"),
        compare=_text(value, "compare"),
        hops=_hops(value["hops"]),
        min_sat=_sat(value["min_sat"], "min_sat"),
        since=_time(value, "since"),
        until=_time(value, "until"),
        pass_services=_text(value, "pass_services"),
        stops_at=_stops(value["stops_at"]),
        patterns=_yes_no(value, "patterns"),
        clusters=_yes_no(value, "clusters"),
        opened=_ids(value, "opened"),
        collapsed=_ids(value, "collapsed"),
    )


def read_id(value: Any) -> str:
    """Read the id of a node from a browser; raises GraphQueryNotReadable."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise _wrong("node")
    return value


def _wrong(part: str) -> GraphQueryNotReadable:
    return GraphQueryNotReadable(part=Phrase(f"thing.graph-{part.replace('_', '-')}"))


def _text(value: dict[str, Any], name: str) -> str | None:
    found = value[name]
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > LONGEST_TEXT:
        raise _wrong(name)
    return found


def _yes_no(value: dict[str, Any], name: str) -> bool:
    found = value[name]
    if not isinstance(found, bool):
        raise _wrong(name)
    return found


def _policies(value: Any) -> Named:
    found = read_listed(value)
    if found is None:
        raise _wrong("policy")
    return found


def _stops(value: Any) -> Named | None:
    if value is None:
        return None
    found = read_named(value)
    if found is None:
        raise _wrong("stops_at")
    return found


def _starts(value: Any) -> tuple[AskedStart, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_STARTS:
        raise _wrong("starts")
    starts = []
    for one in value:
        if not isinstance(one, dict) or set(one) != _START_KEYS:
            raise _wrong("starts")
        texts = (one["text"], one["reference"])
        if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
            raise _wrong("starts")
        share = None if one["share_sat"] is None else _sat(one["share_sat"], "starts")
        starts.append(AskedStart(one["text"].strip(), share, one["reference"]))
    return tuple(starts)


def _hops(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= MOST_HOPS:
        raise _wrong("hops")
    return value


def _sat(value: Any, name: str) -> int:
    if not isinstance(value, str) or _SAT.fullmatch(value) is None or int(value) > MAX_MONEY_SAT:
        raise _wrong(name)
    return int(value)


def _time(value: dict[str, Any], name: str) -> datetime | None:
    text = _text(value, name)
    if text is None:
        return None
    try:
        return clock.from_text(text)
    except TimeNotReadable as error:
        raise _wrong(name) from error


def _ids(value: dict[str, Any], name: str) -> tuple[str, ...]:
    found = value[name]
    if not isinstance(found, list) or len(found) > MOST_OPENED:
        raise _wrong(name)
    ids = tuple(dict.fromkeys(read_id(one) for one in found))
    if len(ids) != len(found):
        raise _wrong(name)
    return ids
