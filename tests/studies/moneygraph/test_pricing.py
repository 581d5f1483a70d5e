"""Values beside the lines of a picture: of a day for which a price is kept, and of no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kancil.records.price import PriceBook
from kancil.studies.fiat_value import worth_of
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import Edge, MoneyGraph
from tests.cli.sample_unit import PAID_ADDRESS
from tests.records.test_price import ROW
from tests.studies.moneygraph.sample_chain import sample_chain, sample_labels
from tests.studies.moneygraph.test_files import (
    LISTED_TXID,
    QUERIES,
    beside_row,
    stated_graph,
)


def lines(graph: MoneyGraph) -> dict[str, Edge]:
    return {edge.id: edge for edge in graph.edges}


def test_a_line_of_the_chain_bears_its_value_where_the_unit_has_a_price_of_that_day() -> None:
    query = QUERIES["listed-payment"]
    without = explore(sample_chain(), sample_labels(), query)
    plain = lines(without)
    times = {time for node in without.nodes for time in node.times}
    moment = datetime.fromisoformat(max(times))
    day = moment.replace(hour=0, minute=0, second=0)
    row = replace(ROW, start=day, end=day + timedelta(days=1), dated=f"{day:%Y-%m-%d}")
    worth = worth_of(PriceBook([row]), ("one",))
    found = lines(explore(sample_chain(), sample_labels(), query, worth=worth))
    valued = [each for each in found.values() if each.words != plain[each.id].words]
    assert valued
    for each in valued:
        *amount, value = each.words
        assert tuple(amount) == plain[each.id].words
        assert value.endswith(f" {row.currency}")
        assert value in each.worth, "the list names its source and day, too"
    for each in found.values():
        if each not in valued:
            assert not any(word.endswith(f" {row.currency}") for word in each.words)


def test_what_a_table_states_bears_its_day_and_no_value() -> None:
    graph = stated_graph(
        beside_row(1, "0.38", txid=LISTED_TXID, from_name="Customer 8841", to_address=PAID_ADDRESS,
            day="2019-05-02")
    )  # fmt: skip
    for edge in (edge for edge in graph.edges if edge.stated_by):
        assert edge.words[0] == "0.38 BTC · 2019-05-02"
        assert edge.worth == ""
