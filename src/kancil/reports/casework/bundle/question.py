"""What a trace was asked, in words that travel: outpoints instead of row numbers.

It is `parameters.json` of a trace in a bundle, the parameters of its ledger entry, and enough to
run it again over any graph that holds the same transactions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from kancil.bitcoin.graph import Graph
from kancil.bitcoin.policies import POLICIES
from kancil.bitcoin.trace import VERSION, Options, compare, trace
from kancil.bitcoin.trace_result import Label, Start, TraceResult
from kancil.bitcoin.trace_walk import StopsAt
from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable
from kancil.ground.progress import SILENT, Progress
from kancil.ground.units import MAX_MONEY_SAT

METHOD = "bitcoin.trace"
UNSTOPPED = "1"
"""Version of the method that stopped at no CoinJoin and had no `stops_at`."""
_OUTPOINT = re.compile(r"[0-9a-f]{64}:(0|[1-9][0-9]{0,9})")
_SAT = re.compile(r"0|[1-9][0-9]{0,15}")
_KEYS = {
    "all_coins_ever", "asked", "direction", "hops", "last_height", "method", "method_version",
    "min_sat", "pass_services", "policies", "policy", "policy_reason", "since", "starts", "until",
}  # fmt: skip
_STOPS = "stops_at"
"""Further key, from version 2 on."""
_NAME = re.compile(r"[a-z0-9-]{1,40}")
_START_KEYS = {"outpoint", "reference", "share_sat"}


@dataclass(frozen=True, slots=True)
class NamedStart:
    """Where a trace begins."""

    outpoint: str
    """`txid:n`."""
    share_sat: int | None = None
    """Satoshi of it that are meant; None: all."""
    reference: str = ""
    """The victim's or deposit's reference."""


class Stopper(Protocol):
    """Says of transactions whether heuristics take them for CoinJoins."""

    def stops(self, tx: int, stops_at: Iterable[tuple[str, str]]) -> Collection[object]:
        """Give what the heuristics, named with their versions, say that say yes."""
        ...


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """All that a trace was asked; the fields of `kancil.bitcoin.trace.Question`, named."""

    starts: tuple[NamedStart, ...]
    policy: str
    """The policy that the officer chose; the others are shown beside it."""
    policy_reason: str = ""
    """Why this policy, in the officer's words."""
    direction: Literal["forward", "backward"] = "forward"
    hops: int | None = None
    min_sat: int = 0
    since: datetime | None = None
    until: datetime | None = None
    pass_services: str | None = None
    all_coins_ever: bool = False
    last_height: int | None = None
    asked: tuple[str, ...] = ()
    """The starts as they were typed: address, transaction, outpoint or table."""
    stops_at: tuple[tuple[str, str], ...] | None = None
    """Name and version of each heuristic at whose yes the trace stops, sorted; empty: the officer
    chose to go through. None: asked when traces stopped at no CoinJoin."""

    @property
    def method_version(self) -> str:
        """Version of the walk that the question is asked of."""
        return UNSTOPPED if self.stops_at is None else VERSION

    def as_dict(self) -> dict[str, Any]:
        """Give the canonical-JSON-ready form."""
        stops = {} if self.stops_at is None else {_STOPS: dict(self.stops_at)}
        return {
            **stops,
            "all_coins_ever": self.all_coins_ever,
            "asked": list(self.asked),
            "direction": self.direction,
            "hops": self.hops,
            "last_height": self.last_height,
            "method": METHOD,
            "method_version": self.method_version,
            "min_sat": str(self.min_sat),
            "pass_services": self.pass_services,
            "policies": policy_versions(),
            "policy": self.policy,
            "policy_reason": self.policy_reason,
            "since": clock.to_text(self.since) if self.since else None,
            "starts": [
                {
                    "outpoint": start.outpoint,
                    "reference": start.reference,
                    "share_sat": None if start.share_sat is None else str(start.share_sat),
                }
                for start in self.starts
            ],
            "until": clock.to_text(self.until) if self.until else None,
        }

    def answer(
        self,
        graph: Graph,
        outputs: Mapping[str, int],
        label_of: Callable[[int], tuple[Label, ...]],
        stopper: Stopper | None = None,
        progress: Progress = SILENT,
    ) -> dict[str, TraceResult]:
        """Run the trace under every policy; `outputs`: number of each output by `txid:n`.

        `stopper`: says what is a CoinJoin; needed where the question stops at any.
        Raises what `kancil.bitcoin.trace.compare` raises, and KeyError for a start that the
        graph does not hold.
        """
        options = self._options(label_of, stopper)
        return compare(graph, self._starts(outputs), progress=progress, **options)

    def answer_under(
        self,
        policy: str,
        graph: Graph,
        outputs: Mapping[str, int],
        label_of: Callable[[int], tuple[Label, ...]],
        stopper: Stopper | None = None,
    ) -> TraceResult:
        """Run the trace under one policy; as `answer` otherwise, and PolicyUnknown."""
        options = self._options(label_of, stopper)
        return trace(graph, self._starts(outputs), policy=policy, **options)

    def _starts(self, outputs: Mapping[str, int]) -> list[Start]:
        return [
            Start(outputs[start.outpoint], start.share_sat, start.reference)
            for start in self.starts
        ]

    def _options(
        self, label_of: Callable[[int], tuple[Label, ...]], stopper: Stopper | None
    ) -> Options:
        return {
            "stops_at": self._stops_at(stopper),
            "direction": self.direction,
            "hops": self.hops,
            "min_sat": self.min_sat,
            "since": self.since,
            "until": self.until,
            "label_of": label_of,
            "pass_services": self.pass_services,
            "all_coins_ever": self.all_coins_ever,
            "last_height": self.last_height,
        }

    def _stops_at(self, stopper: Stopper | None) -> StopsAt | None:
        named = self.stops_at
        if not named:
            return None
        if stopper is None:
            raise TypeError("the question stops at CoinJoins, and nobody says what is one")
        return lambda tx: bool(stopper.stops(tx, named))


def policy_versions() -> dict[str, str]:
    """Give the version of each policy's arithmetic that this Kancil runs."""
    return {policy.name: policy.version for policy in POLICIES}


def is_same_method(value: Any) -> bool:
    """Say whether this Kancil computes by the very method and policy versions that are named."""
    return (
        isinstance(value, dict)
        and value.get("method") == METHOD
        and value.get("method_version") == (VERSION if _STOPS in value else UNSTOPPED)
        and value.get("policies") == policy_versions()
    )


def read_question(value: Any) -> TraceQuestion | None:
    """Read what `as_dict` gives; None for anything else."""
    if not isinstance(value, dict) or set(value) - {_STOPS} != _KEYS:
        return None
    if not _has_right_types(value) or not _has_right_stops(value):
        return None
    starts = [_read_start(start) for start in value["starts"]]
    try:
        since = clock.from_text(value["since"]) if value["since"] is not None else None
        until = clock.from_text(value["until"]) if value["until"] is not None else None
    except TimeNotReadable:
        return None
    if not starts or None in starts:
        return None
    return TraceQuestion(
        starts=cast("tuple[NamedStart, ...]", tuple(starts)),
        policy=value["policy"],
        policy_reason=value["policy_reason"],
        direction=value["direction"],
        hops=value["hops"],
        min_sat=int(value["min_sat"]),
        since=since,
        until=until,
        pass_services=value["pass_services"],
        all_coins_ever=value["all_coins_ever"],
        last_height=value["last_height"],
        asked=tuple(value["asked"]),
        stops_at=read_stops(value[_STOPS]) if _STOPS in value else None,
    )


def _has_right_stops(value: dict[str, Any]) -> bool:
    """Say whether the heuristics at which the trace stops are named as they must be, or not."""
    if _STOPS not in value:
        return True
    return value["method_version"] != UNSTOPPED and read_stops(value[_STOPS]) is not None


def read_stops(value: Any) -> tuple[tuple[str, str], ...] | None:
    """Read names and versions of heuristics, in their order; None for anything else."""
    if not isinstance(value, dict):
        return None
    words = [*value, *value.values()]
    if not all(isinstance(word, str) and _NAME.fullmatch(word) for word in words):
        return None
    return tuple(sorted(value.items()))


def _has_right_types(value: dict[str, Any]) -> bool:
    def is_text(name: str, *, may_be_none: bool = False) -> bool:
        return isinstance(value[name], str) or (may_be_none and value[name] is None)

    def is_count(name: str) -> bool:
        return value[name] is None or (type(value[name]) is int and value[name] >= 0)

    return (
        isinstance(value["all_coins_ever"], bool)
        and isinstance(value["asked"], list)
        and all(isinstance(text, str) for text in value["asked"])
        and value["direction"] in ("forward", "backward")
        and is_count("hops")
        and is_count("last_height")
        and is_text("min_sat")
        and _SAT.fullmatch(value["min_sat"]) is not None
        and is_text("pass_services", may_be_none=True)
        and is_text("policy")
        and isinstance(value["policies"], dict)
        and value["policy"] in value["policies"]
        and is_text("policy_reason")
        and is_text("since", may_be_none=True)
        and is_text("until", may_be_none=True)
        and isinstance(value["starts"], list)
    )


def _read_start(value: Any) -> NamedStart | None:
    if not isinstance(value, dict) or set(value) != _START_KEYS:
        return None
    if not isinstance(value["outpoint"], str) or not _OUTPOINT.fullmatch(value["outpoint"]):
        return None
    share = value["share_sat"]
    if share is not None:
        if not isinstance(share, str) or not _SAT.fullmatch(share) or int(share) > MAX_MONEY_SAT:
            return None
        share = int(share)
    if not isinstance(value["reference"], str):
        return None
    return NamedStart(value["outpoint"], share, value["reference"])
