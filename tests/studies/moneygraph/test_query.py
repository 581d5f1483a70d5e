"""A query that has no meaning cannot be made; opening a thing twice opens it once."""

from __future__ import annotations

from typing import Any

import pytest

from kancil.studies.errors import GraphQueryNotReadable
from kancil.studies.moneygraph.query import GraphQuery, asked

TX = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad"


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


def test_opening_a_thing_twice_opens_it_once() -> None:
    query = GraphQuery(asked(TX))
    assert query.opening("ends-1").opening("ends-1").opened == ("ends-1",)
