"""A view: the picture that an officer built, as it travels to and fro and as it is saved.

It names what is drawn (sources, level, what is open) and what the officer did to the picture
(hidden, moved, grouped, coloured, paths). It holds no result: sources are named by number and
digest, so that who opens it sees today's answer or is told why not. `docs/formats/view.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, TypeVar, cast

from kancil.ground import canonical, clock
from kancil.ground.errors import NotCanonical, TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.units import MAX_MONEY_SAT

from .errors import ViewNotReadable

FORMAT = "kancil-view/1"
Level = Literal["transactions", "addresses", "entities"]
LEVELS: tuple[Level, ...] = ("transactions", "addresses", "entities")
Direction = Literal["forward", "backward", "both"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward", "both")
COLOURS = ("mark-1", "mark-2", "mark-3", "mark-4", "mark-5", "mark-6")
"""The officer's own colours; what each looks like is the style sheet's and the report's."""
MOST_SOURCES = 40
MOST_STARTS = 1_000
MOST_OPENED = 500
MOST_IDS = 2_000
MOST_GROUPS = 100
MOST_PATHS = 50
MOST_STEPS = 500
LONGEST_NAME = 120
LONGEST_START = 200
LONGEST_VIEW = 400_000
FARTHEST = 10_000_000
"""Pixels from the corner of a picture beyond which no box can be moved."""
_ID = re.compile(r"[a-z]{2,8}-[0-9A-Za-z:_-]{1,200}")
_CHAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_EXHIBIT = re.compile(r"E[1-9][0-9]{0,6}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OUTPOINT = re.compile(r"[0-9a-f]{64}:(0|[1-9][0-9]{0,9})")
_POLICY = re.compile(r"[a-z0-9-]{1,40}")
_SAT = re.compile(r"0|[1-9][0-9]{0,15}")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TraceSource:
    """A recorded trace of the case."""

    trace: int
    result_sha256: str
    """Digest of its result, as its ledger entry has it."""
    kind: Literal["trace"] = "trace"


@dataclass(frozen=True, slots=True)
class ChainSource:
    """The chain around some starts, under no policy."""

    chain: str
    starts: tuple[str, ...]
    """Addresses, transaction ids or outpoints."""
    direction: Direction = "both"
    kind: Literal["chain"] = "chain"


@dataclass(frozen=True, slots=True)
class TransfersSource:
    """Reported transfers of the case."""

    exhibits: tuple[str, ...] = ()
    """Labels of the exhibits whose tables are meant; none: all of the case."""
    kind: Literal["transfers"] = "transfers"


Source = TraceSource | ChainSource | TransfersSource


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes that the officer put together."""

    id: str
    name: str
    colour: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A way that the officer marked: which output went into which transaction."""

    name: str
    colour: str
    outpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown of the picture by value and time; it changes no result."""

    min_sat: int = 0
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One picture, as its author left it."""

    format: str = field(default=FORMAT, init=False)
    level: Level = "transactions"
    sources: tuple[Source, ...] = ()
    opened: tuple[str, ...] = ()
    """What was opened, in that order."""
    collapsed: tuple[str, ...] = ()
    """Transactions behind which all is folded."""
    compare: str | None = None
    """A second policy beside the trace's own; only where one trace alone is drawn."""
    patterns: bool = False
    clusters: bool = False
    hidden: tuple[str, ...] = ()
    """Boxes that the officer does not show."""
    positions: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Left upper corner of each box that was moved, whole pixels."""
    groups: tuple[Group, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[Path, ...] = ()
    filter: Filter = field(default=Filter())

    def as_json(self) -> dict[str, Any]:
        """The form for JSON, and of a saved file."""
        found: dict[str, Any] = plain(self)
        return found

    @property
    def canonical(self) -> bytes:
        """The bytes of a saved view."""
        return canonical.dumps(self.as_json())

    @property
    def sha256(self) -> str:
        """The digest by which the ledger names a saved view."""
        return sha256(self.canonical).hexdigest()

    def opening(self, token: str) -> View:
        """The view with one thing more open."""
        return self if token in self.opened else replace(self, opened=(*self.opened, token))

    def closing(self, token: str) -> View:
        """The view with one thing less open."""
        return replace(self, opened=tuple(one for one in self.opened if one != token))

    def adding(self, source: Source) -> View:
        """The view with one source more; a source that is there already is not added again."""
        if source in self.sources:
            return self
        if len(self.sources) >= MOST_SOURCES:
            raise _wrong("sources")
        return replace(self, sources=(*self.sources, source))

    def with_sources(self, sources: Sequence[Source]) -> View:
        """The view with other sources."""
        return replace(self, sources=tuple(sources))


def read_view_file(data: bytes) -> View:
    """Read a saved view; raises ViewNotReadable."""
    if len(data) > LONGEST_VIEW:
        raise _wrong("view")
    try:
        return read_view(canonical.loads(data))
    except NotCanonical as error:
        raise _wrong("view") from error


def read_view(value: Any) -> View:
    """Read what `View.as_json` gives, from a browser or a file; raises ViewNotReadable."""
    given = _object(value, "view", _VIEW_KEYS)
    if given["format"] != FORMAT:
        raise _wrong("format")
    return View(
        level=cast("Level", _one_of(given["level"], "level", LEVELS)),
        sources=_list(given["sources"], "sources", MOST_SOURCES, _source),
        opened=_ids(given["opened"], "opened", MOST_OPENED),
        collapsed=_ids(given["collapsed"], "collapsed", MOST_OPENED),
        compare=_optional(given["compare"], "compare", _POLICY),
        patterns=_yes_no(given["patterns"], "patterns"),
        clusters=_yes_no(given["clusters"], "clusters"),
        hidden=_ids(given["hidden"], "hidden", MOST_IDS),
        positions=_by_id(given["positions"], "positions", _position),
        groups=_list(given["groups"], "groups", MOST_GROUPS, _group),
        colours=_by_id(given["colours"], "colours", _colour),
        paths=_list(given["paths"], "paths", MOST_PATHS, _path),
        filter=_filter(given["filter"]),
    )


_VIEW_KEYS = frozenset(plain(View()))


def _wrong(part: str) -> ViewNotReadable:
    return ViewNotReadable(part=Phrase(f"thing.view-{part.replace('_', '-')}"))


def _object(value: Any, part: str, keys: Collection[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(keys):
        raise _wrong(part)
    return value


def _list(value: Any, part: str, most: int, read: Callable[[Any], T]) -> tuple[T, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise _wrong(part)
    return tuple(read(one) for one in value)


def _matching(value: Any, part: str, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise _wrong(part)
    return value


def _optional(value: Any, part: str, form: re.Pattern[str]) -> str | None:
    return None if value is None else _matching(value, part, form)


def _one_of(value: Any, part: str, offered: Collection[str]) -> str:
    if not isinstance(value, str) or value not in offered:
        raise _wrong(part)
    return value


def _yes_no(value: Any, part: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(part)
    return value


def _text(value: Any, part: str, most: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise _wrong(part)
    if not value.isprintable():
        raise _wrong(part)
    return value


def _ids(value: Any, part: str, most: int) -> tuple[str, ...]:
    found = _list(value, part, most, lambda one: _matching(one, part, _ID))
    if len(set(found)) != len(found):
        raise _wrong(part)
    return found


def read_id(value: Any) -> str:
    """Read the id of a box from a browser; raises ViewNotReadable."""
    return _matching(value, "node", _ID)


def read_outpoint(value: Any) -> str:
    """Read the name of an output from a browser; raises ViewNotReadable."""
    return _matching(value, "paths", _OUTPOINT)


def read_path(value: Any) -> Path:
    """Read a path from a browser; raises ViewNotReadable."""
    return _path(value)


def read_starts(value: Any) -> tuple[str, ...]:
    """Read starts from a browser, each once; raises ViewNotReadable."""
    return _list(value, "starts", MOST_STARTS, lambda one: _text(one, "starts", LONGEST_START))


def _by_id(value: Any, part: str, read: Callable[[Any], T]) -> dict[str, T]:
    if not isinstance(value, dict) or len(value) > MOST_IDS:
        raise _wrong(part)
    return {_matching(name, part, _ID): read(each) for name, each in sorted(value.items())}


def _position(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise _wrong("positions")
    x, y = value
    if not all(type(one) is int and abs(one) <= FARTHEST for one in (x, y)):
        raise _wrong("positions")
    return x, y


def _colour(value: Any) -> str:
    return _one_of(value, "colours", COLOURS)


def _group(value: Any) -> Group:
    given = _object(value, "groups", ("id", "name", "colour", "nodes"))
    return Group(
        id=_matching(given["id"], "groups", _ID),
        name=_text(given["name"], "groups", LONGEST_NAME),
        colour=_colour(given["colour"]),
        nodes=_ids(given["nodes"], "groups", MOST_IDS),
    )


def _path(value: Any) -> Path:
    given = _object(value, "paths", ("name", "colour", "outpoints"))
    outpoints = _list(given["outpoints"], "paths", MOST_STEPS, read_outpoint)
    if not outpoints:
        raise _wrong("paths")
    return Path(_text(given["name"], "paths", LONGEST_NAME), _colour(given["colour"]), outpoints)


def _filter(value: Any) -> Filter:
    given = _object(value, "filter", ("min_sat", "since", "until"))
    sat = int(_matching(given["min_sat"], "filter", _SAT))
    if sat > MAX_MONEY_SAT:
        raise _wrong("filter")
    return Filter(sat, _time(given["since"]), _time(given["until"]))


def _time(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong("filter")
    try:
        return clock.from_text(value)
    except TimeNotReadable as error:
        raise _wrong("filter") from error


def _source(value: Any) -> Source:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "trace":
        given = _object(value, "sources", ("kind", "trace", "result_sha256"))
        number = given["trace"]
        if type(number) is not int or not 0 < number < 10_000_000:
            raise _wrong("sources")
        return TraceSource(number, _matching(given["result_sha256"], "sources", _DIGEST))
    if kind == "chain":
        given = _object(value, "sources", ("kind", "chain", "starts", "direction"))
        starts = read_starts(given["starts"])
        if not starts or len(set(starts)) != len(starts):
            raise _wrong("starts")
        direction = cast("Direction", _one_of(given["direction"], "sources", DIRECTIONS))
        return ChainSource(_matching(given["chain"], "sources", _CHAIN), starts, direction)
    given = _object(value, "sources", ("kind", "exhibits"))
    if kind != "transfers":
        raise _wrong("sources")
    return TransfersSource(
        _list(given["exhibits"], "sources", 1_000, lambda one: _matching(one, "sources", _EXHIBIT))
    )
