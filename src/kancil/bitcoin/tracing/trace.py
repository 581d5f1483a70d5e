"""Follow coins: forward from outputs to where they rest, backward to where they came from.

`trace` answers under one policy, `compare` under all of them. The chain proves which outputs a
transaction spent and made; which satoshi went where is the policy's choice. What is not held
here is *unknown*: shares that depend on it are answered by a lower and an upper bound with the
reason. Method, bounds and their proof: `docs/reference/policies.md`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from kancil.bitcoin.holdings.graph import Graph
from kancil.ground.clock import to_text
from kancil.ground.progress import SILENT, Progress

from .errors import (
    PolicyUnknown,
    ServicePassWithoutReason,
    TraceLimitWrong,
    TraceShareWrong,
    TraceStartMissing,
)
from .policies import EARLIER, POLICIES
from .policy import Policy
from .result import ZERO, Bounds, Label, Start, Totals, TraceResult
from .walk import Backward, Forward, LabelOf, Limits, StopsAt, Walk

Direction = Literal["forward", "backward"]
VERSION = "2"
"""Version of the walk; each policy has its own. Version 1 went through every CoinJoin: a question
without `stops_at` is answered as it was then."""
VERSIONS = ("1", "2")
"""Versions of the walk that are here."""


def no_labels(output: int) -> tuple[Label, ...]:
    """Answer that an output has no label."""
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """All that a trace is asked, apart from the policy; the same for each policy compared."""

    starts: tuple[Start, ...]
    direction: Direction = "forward"
    hops: int | None = None
    """Transactions away from the nearest start, at most."""
    min_sat: int = 0
    """Coins are not followed from an output on which even the upper bound is below."""
    since: datetime | None = None
    """Aware; transactions of blocks before are not followed."""
    until: datetime | None = None
    """Aware; transactions of blocks after are not followed."""
    label_of: LabelOf = field(default=no_labels)
    pass_services: str | None = None
    """The officer's reason for following coins through labelled services; None: stop there."""
    stops_at: StopsAt | None = None
    """Says at which transactions the trace stops, such as CoinJoins; None: at none."""
    all_coins_ever: bool = False
    """The starts are all coins ever received by an address here: not one deposit, not a time."""
    last_height: int | None = None
    """Height up to which blocks are held, if known: how far a spend would have been seen."""


class Options(TypedDict, total=False):
    """The keyword arguments of `trace` and `compare`: the fields of `Question`."""

    direction: Direction
    hops: int | None
    min_sat: int
    since: datetime | None
    until: datetime | None
    label_of: LabelOf
    pass_services: str | None
    stops_at: StopsAt | None
    all_coins_ever: bool
    last_height: int | None


def policy_named(name: str, version: str | None = None) -> Policy:
    """Find the policy of this name, in this version or else the newest; raises `PolicyUnknown`."""
    for policy in POLICIES if version is None else (*POLICIES, *EARLIER):
        if policy.name == name and version in (None, policy.version):
            return policy
    wanted = name if version is None else f"{name} {version}"
    raise PolicyUnknown(name=wanted, known=", ".join(policy.name for policy in POLICIES))


def trace(
    graph: Graph,
    starts: Sequence[Start],
    *,
    policy: Policy | str,
    progress: Progress = SILENT,
    **options: Unpack[Options],
) -> TraceResult:
    """Follow the coins of the starts under one policy; the options are explained at `Question`.

    The answer carries the opposite order too (`reversed_order`) where order inside a
    transaction can matter. Raises `TraceStartMissing`, `TraceShareWrong`, `TraceLimitWrong`,
    `ServicePassWithoutReason`, `PolicyUnknown`, and `TransactionOverspends` on impossible
    blocks.
    """
    question = Question(starts=tuple(starts), **options)
    limits = _checked(graph, question)
    chosen = policy_named(policy) if isinstance(policy, str) else policy
    result = _walk(graph, question, chosen, limits, progress, is_reversed=False)
    if not chosen.has_order:
        return result
    turned = _walk(graph, question, chosen, limits, progress, is_reversed=True)
    return replace(result, reversed_order=turned)


def compare(
    graph: Graph,
    starts: Sequence[Start],
    *,
    policies: Sequence[Policy] | None = None,
    progress: Progress = SILENT,
    **options: Unpack[Options],
) -> dict[str, TraceResult]:
    """Answer one question under several policies, by name in their order; None: all of today."""
    return {
        policy.name: trace(graph, starts, policy=policy, progress=progress, **options)
        for policy in (POLICIES if policies is None else policies)
    }


def _checked(graph: Graph, question: Question) -> Limits:
    """Refuse what has no meaning, and give the limits as the walk reads them."""
    if not question.starts:
        raise TraceStartMissing()
    if question.pass_services is not None and not question.pass_services.strip():
        raise ServicePassWithoutReason()
    if question.hops is not None and question.hops < 1:
        raise TraceLimitWrong(limit="hops", value=question.hops)
    if question.min_sat < 0:
        raise TraceLimitWrong(limit="min-sat", value=question.min_sat)
    for limit, time in (("since", question.since), ("until", question.until)):
        if time is not None and time.tzinfo is None:
            raise TraceLimitWrong(limit=limit, value=time.isoformat())
    if question.since and question.until and question.since > question.until:
        raise TraceLimitWrong(limit="until", value=to_text(question.until))
    _check_shares(graph, question.starts)
    return Limits(
        hops=question.hops,
        min_sat=question.min_sat,
        since=math.ceil(question.since.timestamp()) if question.since else None,
        until=math.floor(question.until.timestamp()) if question.until else None,
        passes_services=question.pass_services is not None,
        stops_at=question.stops_at,
    )


def _check_shares(graph: Graph, starts: Sequence[Start]) -> None:
    declared: dict[int, int] = {}
    for start in starts:
        value = int(graph.output_value[start.output])
        share = value if start.share_sat is None else start.share_sat
        declared[start.output] = declared.get(start.output, 0) + share
        if share < 0 or declared[start.output] > value:
            raise TraceShareWrong(
                reference=start.reference, share_sat=declared[start.output], value_sat=value
            )


def _walk(
    graph: Graph,
    question: Question,
    policy: Policy,
    limits: Limits,
    progress: Progress,
    *,
    is_reversed: bool,
) -> TraceResult:
    kind = Forward if question.direction == "forward" else Backward
    walk = kind(
        graph=graph,
        policy=policy,
        limits=limits,
        label_of=question.label_of,
        is_reversed=is_reversed,
        progress=progress,
    )
    walk.run(question.starts)
    return TraceResult(
        parameters=_parameters(question, policy, is_reversed=is_reversed),
        starts=question.starts,
        transfers=tuple(walk.transfers),
        steps=tuple(walk.steps),
        holdings=tuple(walk.holdings),
        left_out=tuple(walk.left_out),
        fetch_list=tuple(sorted(walk.fetches)),
        totals=_totals(walk, adds_up=policy.conserves),
    )


def _parameters(question: Question, policy: Policy, *, is_reversed: bool) -> dict[str, Any]:
    """Write down what the answer depends on; `starts` stand beside them in the result."""
    return {
        "all_coins_ever": question.all_coins_ever,
        "direction": question.direction,
        "hops": question.hops,
        "last_height": question.last_height,
        "method": "bitcoin.trace",
        "method_version": VERSION,
        "min_sat": str(question.min_sat),
        "order": "reversed" if is_reversed else "as-written",
        "pass_services": question.pass_services,
        "policy": policy.name,
        "policy_source": policy.source,
        "policy_version": policy.version,
        "stops_at_coinjoins": question.stops_at is not None,
        "since": to_text(question.since) if question.since else None,
        "until": to_text(question.until) if question.until else None,
    }


def _totals(walk: Walk, *, adds_up: bool) -> Totals:
    ends = {"newly-issued": ZERO, "unknown-source": ZERO, "resting": ZERO}
    for holding in walk.holdings:
        end = holding.state if holding.state in ends else "resting"
        ends[end] += (holding.lower, holding.upper)
    fees = Bounds(
        sum(step.fee_lower for step in walk.steps), sum(step.fee_upper for step in walk.steps)
    )
    left_out = Bounds(
        sum(row.lower for row in walk.left_out), sum(row.upper for row in walk.left_out)
    )
    declared = walk.pool.declared_all
    parts = [*ends.values(), walk.overlap, fees, left_out]
    return Totals(
        adds_up=adds_up,
        start=declared,
        overlap=walk.overlap,
        resting=_within(ends["resting"], declared, adds_up),
        newly_issued=_within(ends["newly-issued"], declared, adds_up),
        unknown_source=_within(ends["unknown-source"], declared, adds_up),
        fees=_within(fees, declared, adds_up),
        left_out=_within(left_out, declared, adds_up),
        undetermined=declared - sum(part.lower for part in parts) if adds_up else 0,
        may_return=walk.pool.unseen_return(),
    )


def _within(bounds: Bounds, declared: int, adds_up: bool) -> Bounds:
    """Cap a sum of upper bounds: the parts cannot all be at their most at once."""
    return Bounds(bounds.lower, min(bounds.upper, declared)) if adds_up else bounds
