"""A view says the same after it was written and read, and nothing that is no view is read."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import canonical
from kancil.studies.canvas.errors import ViewNotReadable
from kancil.studies.canvas.view import (
    COLOURS,
    LEVELS,
    LONGEST_VIEW,
    ChainSource,
    Filter,
    Group,
    Path,
    TraceSource,
    TransfersSource,
    View,
    read_view,
    read_view_file,
)

ids = st.from_regex(r"tx-[0-9a-f]{64}", fullmatch=True)
names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)
colours = st.sampled_from(COLOURS)
outpoints = st.from_regex(r"[0-9a-f]{64}:[1-9][0-9]?", fullmatch=True)
digests = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
sources = st.one_of(
    st.builds(TraceSource, st.integers(1, 9_999), digests),
    st.builds(
        ChainSource,
        st.just("main"),
        st.lists(outpoints, min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from(("forward", "backward", "both")),
    ),
    st.builds(TransfersSource, st.just(("E4",))),
)
moments = st.none() | st.integers(1_230_768_000, 1_900_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
some_ids = st.lists(ids, max_size=3, unique=True).map(tuple)
views = st.builds(
    View,
    level=st.sampled_from(LEVELS),
    sources=st.lists(sources, max_size=3).map(tuple),
    opened=some_ids,
    collapsed=some_ids,
    compare=st.none() | st.just("haircut"),
    patterns=st.booleans(),
    clusters=st.booleans(),
    hidden=some_ids,
    positions=st.dictionaries(ids, st.tuples(st.integers(-900, 900), st.integers(-900, 900))),
    groups=st.lists(st.builds(Group, st.just("group-1"), names, colours, some_ids)).map(tuple),
    colours=st.dictionaries(ids, colours, max_size=3),
    paths=st.lists(
        st.builds(Path, names, colours, st.lists(outpoints, min_size=1, max_size=3).map(tuple)),
        max_size=2,
    ).map(tuple),
    filter=st.builds(Filter, st.integers(0, 10**12), moments, moments),
)


@given(views)
def test_a_view_that_was_written_is_read_as_the_same(view: View) -> None:
    again = read_view_file(view.canonical)
    assert again == view
    assert again.sha256 == view.sha256
    assert read_view(view.as_json()).canonical == view.canonical


def _changed(value: Any, path: tuple[Any, ...], put: Any) -> Any:
    found = copy.deepcopy(value)
    here = found
    for name in path[:-1]:
        here = here[name]
    here[path[-1]] = put
    return found


WHOLE = View(
    sources=(TraceSource(3, "0" * 64), ChainSource("main", ("a",)), TransfersSource(("E1",))),
    groups=(Group("group-1", "Ours", "mark-1", ("tx-00",)),),
    paths=(Path("way", "mark-2", (f"{'a' * 64}:0",)),),
).as_json()
BROKEN = [
    (("format",), "kancil-view/2"), (("level",), "houses"), (("level",), None),
    (("sources",), {}), (("sources", 0, "trace"), 0), (("sources", 0, "trace"), True),
    (("sources", 0, "result_sha256"), "x"), (("sources", 0, "kind"), "other"),
    (("sources", 1, "starts"), []), (("sources", 1, "starts"), ["a", "a"]),
    (("sources", 1, "starts"), ["a"] * 1_001), (("sources", 1, "starts"), ["x" * 201]),
    (("sources", 1, "direction"), "up"), (("sources", 1, "chain"), "../main"),
    (("sources", 2, "exhibits"), ["4"]), (("sources", 0, "more"), 1),
    (("opened",), ["x"]), (("opened",), ["tx-1", "tx-1"]), (("hidden",), "tx-1"),
    (("hidden",), [f"tx-{n}" for n in range(2_001)]), (("compare",), "a b"),
    (("patterns",), 1), (("clusters",), None), (("positions",), []),
    (("positions",), {"tx-1": [1]}), (("positions",), {"tx-1": [1, 2.0]}),
    (("positions",), {"tx-1": [1, 10**9]}), (("positions",), {"x": [1, 2]}),
    (("groups", 0, "name"), " "), (("groups", 0, "name"), "a\x00"),
    (("groups", 0, "name"), "a\u202e"),
    (("groups", 0, "colour"), "red"), (("groups", 0, "nodes"), None),
    (("colours",), {"tx-1": "red"}), (("paths", 0, "outpoints"), []),
    (("paths", 0, "outpoints"), ["A" * 64 + ":0"]), (("paths", 0, "name"), "x" * 121),
    (("filter", "min_sat"), 0), (("filter", "min_sat"), "-1"), (("filter", "min_sat"), "9" * 16),
    (("filter", "since"), "yesterday"), (("filter", "until"), 5), (("more",), 1),
]  # fmt: skip


@pytest.mark.parametrize(("path", "put"), BROKEN, ids=str)
def test_what_breaks_a_rule_is_refused_whole(path: tuple[Any, ...], put: Any) -> None:
    with pytest.raises(ViewNotReadable):
        read_view(_changed(WHOLE, path, put))


@pytest.mark.parametrize("value", [None, [], "x", 5, {}, {"format": "kancil-view/1"}])
def test_what_is_no_view_is_refused(value: Any) -> None:
    with pytest.raises(ViewNotReadable):
        read_view(value)


def test_a_file_that_is_no_view_or_too_large_is_refused() -> None:
    for data in (b"", b"{", b"[]", b"\xff", b'{"a":1,"a":1}', b" " * (LONGEST_VIEW + 1)):
        with pytest.raises(ViewNotReadable):
            read_view_file(data)
    assert read_view_file(canonical.dumps(WHOLE)).as_json() == WHOLE
