"""What comes back from a browser: read strictly, or refused in one sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain.starts import AskedStart
from kancil.ground.clock import from_unix
from kancil.studies.errors import GraphQueryNotReadable
from kancil.studies.moneygraph.query import GraphQuery, asked, read_id, read_query

TX = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad"
texts = st.text(max_size=40)
ids = st.lists(st.from_regex(r"ends-[0-9a-f]{16}", fullmatch=True), unique=True, max_size=4)
moments = st.none() | st.integers(1_230_000_000, 1_900_000_000).map(from_unix)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@st.composite
def queries(draw: st.DrawFn) -> GraphQuery:
    policy = draw(st.sampled_from((None, "fifo", "poison")))
    return GraphQuery(
        starts=tuple(
            AskedStart(draw(texts).strip(), draw(st.none() | st.integers(0, 10**12)), draw(texts))
            for _ in range(draw(st.integers(1, 3)))
        ),
        direction=draw(st.sampled_from(("forward", "backward"))),
        policy=policy,
        compare=draw(st.sampled_from((None, "haircut"))) if policy else None,
        hops=draw(st.none() | st.integers(1, 50)),
        min_sat=draw(st.integers(0, 10**9)),
        since=draw(moments),
        until=draw(moments),
        pass_services=draw(st.none() | texts),
        stops_at=draw(st.sampled_from((None, (), (("joinmarket", "1"), ("whirlpool", "2"))))),
        opened=tuple(draw(ids)),
        collapsed=tuple(draw(ids)),
    )


@given(queries())
def test_a_query_comes_back_from_a_browser_as_it_went(query: GraphQuery) -> None:
    assert read_query(query.as_dict()) == query


@given(anything)
def test_anything_else_is_refused_in_one_sentence(value: Any) -> None:
    with pytest.raises(GraphQueryNotReadable):
        read_query(value)


@given(st.sampled_from(sorted(GraphQuery(asked(TX)).as_dict())), anything)
def test_a_query_with_one_wrong_part_is_refused_or_means_what_it_says(
    part: str, value: Any
) -> None:
    told = {**GraphQuery(asked(TX)).as_dict(), part: value}
    try:
        query = read_query(told)
    except GraphQueryNotReadable:
        return
    assert query.as_dict() == told


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": ()},
        {"direction": "both", "policy": "fifo"},
        {"policy": "fifo", "compare": "fifo"},
        {"compare": "fifo"},
    ],
    ids=str,
)
def test_a_query_without_meaning_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(GraphQueryNotReadable):
        GraphQuery(**{"starts": asked(TX), **wrong})


@pytest.mark.parametrize("text", ["", "ends-", "<b>", "tx-" + "g" * 64, "../" + TX, 7, None])
def test_an_id_that_is_none_is_refused(text: object) -> None:
    with pytest.raises(GraphQueryNotReadable):
        read_id(text)


def test_opening_and_closing_leave_the_query_as_it_was() -> None:
    query = GraphQuery(asked(TX))
    assert query.opening("ends-1").opening("ends-1").closing("ends-1") == query
    assert query.hiding("tx-1").hiding("tx-1").showing("tx-1") == query
