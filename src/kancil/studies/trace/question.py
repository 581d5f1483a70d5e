"""What a trace was asked, in words that travel: outpoints instead of row numbers.

It is `parameters.json` of a trace in a bundle, the parameters of its ledger entry, and enough to
run it again over any graph that holds the same transactions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.tracing.policies import EARLIER, POLICIES
from kancil.bitcoin.tracing.result import Label, Start, TraceResult
from kancil.bitcoin.tracing.trace import VERSION, VERSIONS, Options, compare, policy_named, trace
from kancil.bitcoin.tracing.walk import StopsAt
from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable
from kancil.ground.progress import SILENT, Progress
from kancil.ground.units import MAX_MONEY_SAT

from . import parameters_1

Named = tuple[tuple[str, str], ...]
"""Members of a folder, each by name and version."""
FORMAT = "kancil-parameters/2"
"""Form of the parameters that are written now; those of version 1 have no `format`."""
METHOD = "bitcoin.trace"
UNSTOPPED = "1"
"""Version of the method that stopped at no CoinJoin and had no `stops_at`."""
_OUTPOINT = re.compile(r"[0-9a-f]{64}:(0|[1-9][0-9]{0,9})")
_SAT = re.compile(r"0|[1-9][0-9]{0,15}")
_KEYS = {
    "all_coins_ever", "asked", "direction", "hops", "last_height", "method", "method_version",
    "min_sat", "pass_services", "policies", "policy", "policy_reason", "since", "starts", "until",
}  # fmt: skip
_KEYS_2 = {*_KEYS, "format", "heuristics"}
_STOPS = "stops_at"
"""Further key, from version 2 of the method on."""
_NAME = re.compile(r"[a-z0-9-]{1,40}")
_START_KEYS = {"outpoint", "reference", "share_sat"}


def compared_now() -> Named:
    """Name the policies that a trace asked today compares, in the order of the totals."""
    return tuple((each.name, each.version) for each in POLICIES)


def _speaking_now() -> Named:
    return tuple((each.name, each.version) for each in HEURISTICS)


@dataclass(frozen=True, slots=True)
class NamedStart:
    """Where a trace begins."""

    outpoint: str
    """`txid:n`."""
    share_sat: int | None = None
    """Satoshi of it that are meant; None: all; 0: change of an address that was asked about, from
    which its coins go on as from a start and to which nothing is added."""
    reference: str = ""
    """The victim's or deposit's reference."""


class Stopper(Protocol):
    """Says of transactions whether heuristics take them for CoinJoins."""

    def stops(self, tx: int, stops_at: Iterable[tuple[str, str]]) -> Collection[object]:
        """What the heuristics, named with their versions, say that say yes."""


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """All that a trace was asked; the fields of `kancil.bitcoin.tracing.trace.Question`, named."""

    starts: tuple[NamedStart, ...]
    policy: str
    """The policy that the officer chose; the others are shown beside it."""
    policies: Named = field(default_factory=compared_now)
    """The policies compared, in the order of the totals."""
    heuristics: Named = field(default_factory=_speaking_now)
    """The heuristics that speak of what the trace meets, in the order shown."""
    walk: str = VERSION
    """Version of the method, where it may stop at CoinJoins."""
    form: Literal[1, 2] = 2
    """Version of the parameters."""
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
    stops_at: Named | None = None
    """Name and version of each heuristic at whose yes the trace stops, sorted; empty: the officer
    chose to go through. None: asked when traces stopped at no CoinJoin."""

    @property
    def paid_in(self) -> tuple[NamedStart, ...]:
        """The starts that hold what is asked about."""
        return tuple(start for start in self.starts if start.share_sat != 0)

    @property
    def change(self) -> frozenset[str]:
        """Outpoints of the starts that are change of an address asked about: nothing is added."""
        return frozenset(start.outpoint for start in self.starts if start.share_sat == 0)

    @property
    def method_version(self) -> str:
        """Version of the walk that the question is asked of."""
        return UNSTOPPED if self.stops_at is None else self.walk

    @property
    def is_walk_here(self) -> bool:
        """Whether the method can still be run in the version that was asked."""
        return self.method_version in VERSIONS

    @property
    def policies_gone(self) -> Named:
        """Policies in versions that are not here."""
        here = {(each.name, each.version) for each in (*POLICIES, *EARLIER)}
        return tuple(each for each in self.policies if each not in here)

    def as_dict(self) -> dict[str, Any]:
        """The canonical-JSON-ready form."""
        stops = {} if self.stops_at is None else {_STOPS: dict(self.stops_at)}
        since_2 = {
            "format": FORMAT,
            "heuristics": write_listed(self.heuristics),
            "policies": write_listed(self.policies),
        }
        return {
            **stops,
            **({"policies": dict(self.policies)} if self.form == 1 else since_2),
            "all_coins_ever": self.all_coins_ever,
            "asked": list(self.asked),
            "direction": self.direction,
            "hops": self.hops,
            "last_height": self.last_height,
            "method": METHOD,
            "method_version": self.method_version,
            "min_sat": str(self.min_sat),
            "pass_services": self.pass_services,
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
        """Run the trace under the policies it compares; `outputs`: number of each by `txid:n`.

        `stopper`: says what is a CoinJoin; needed where the question stops at any.
        Raises what `kancil.bitcoin.tracing.trace.compare` raises, PolicyUnknown for a version that
        is not here, and KeyError for a start that the graph does not hold.
        """
        options = self._options(label_of, stopper)
        policies = [policy_named(*each) for each in self.policies]
        starts = self._starts(outputs)
        return compare(graph, starts, policies=policies, progress=progress, **options)

    def answer_under(
        self,
        policy: str,
        graph: Graph,
        outputs: Mapping[str, int],
        label_of: Callable[[int], tuple[Label, ...]],
        stopper: Stopper | None = None,
    ) -> TraceResult:
        """Run the trace under one of its policies; as `answer` otherwise."""
        options = self._options(label_of, stopper)
        chosen = policy_named(policy, dict(self.policies).get(policy))
        return trace(graph, self._starts(outputs), policy=chosen, **options)

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


def is_same_method(value: Any) -> bool:
    """Whether the very method and policy versions that parameters name are here.

    True for what is in no form that is known to be newer: `read_question` judges that.
    """
    if not isinstance(value, dict):
        return True
    if value.get("format", FORMAT) != FORMAT:
        return False
    question = read_question(value)
    return question is None or (question.is_walk_here and not question.policies_gone)


def read_question(value: Any) -> TraceQuestion | None:
    """Read what `as_dict` gives, in either form; None for anything else."""
    if not isinstance(value, dict):
        return None
    is_first = "format" not in value
    if set(value) - {_STOPS} != (_KEYS if is_first else _KEYS_2):
        return None
    named = _named_1(value) if is_first else _named_2(value)
    if named is None or not _has_right_types(value):
        return None
    policies, heuristics, stops_at = named
    if value["policy"] not in dict(policies):
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
        policies=policies,
        heuristics=heuristics,
        walk=value["method_version"] if stops_at is not None else VERSION,
        form=1 if is_first else 2,
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
        stops_at=stops_at,
    )


def _named_1(value: dict[str, Any]) -> tuple[Named, Named, Named | None] | None:
    """Read policies, heuristics and stops of version 1: the members of then, none other."""
    stops_at = read_named(value[_STOPS]) if _STOPS in value else None
    method = parameters_1.METHODS[_STOPS in value]
    if (value["method"], value["method_version"]) != (METHOD, method):
        return None
    if value["policies"] != dict(parameters_1.POLICIES):
        return None
    if _STOPS in value and (stops_at is None or not parameters_1.STOPS.issuperset(stops_at)):
        return None
    return parameters_1.POLICIES, parameters_1.HEURISTICS, stops_at


def _named_2(value: dict[str, Any]) -> tuple[Named, Named, Named | None] | None:
    """Read what version 2 names, whether it is here or not."""
    stops_at = read_named(value[_STOPS]) if _STOPS in value else None
    heuristics, policies = read_listed(value["heuristics"]), read_listed(value["policies"])
    if value["format"] != FORMAT or value["method"] != METHOD:
        return None
    if (stops_at is None) is (_STOPS in value) or heuristics is None or not policies:
        return None
    version = value["method_version"]
    if not isinstance(version, str) or _NAME.fullmatch(version) is None:
        return None
    if (version == UNSTOPPED) is (_STOPS in value):
        return None
    return policies, heuristics, stops_at


def write_listed(named: Named) -> list[dict[str, str]]:
    """Write members in their order."""
    return [{"name": name, "version": version} for name, version in named]


def read_listed(value: Any) -> Named | None:
    """Read members in their order, each name once; None for anything else."""
    if not isinstance(value, list):
        return None
    if not all(isinstance(one, dict) and set(one) == {"name", "version"} for one in value):
        return None
    named = [(one["name"], one["version"]) for one in value]
    if not all(isinstance(word, str) and _NAME.fullmatch(word) for one in named for word in one):
        return None
    return tuple(named) if len(dict(named)) == len(named) else None


def read_named(value: Any) -> Named | None:
    """Read versions by name, in the order of the names; None for anything else."""
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
