"""The graph as files: the accepted ones, and other people's text that stays text."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from kancil.ground import words
from kancil.studies.moneygraph.drawing import draw_svg
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.twin import COLUMNS, node_name, twin_rows, write_csv
from kancil.studies.moneygraph.widget import NAMES, widget_words
from kancil.studies.reported.beside import BesideTransfer
from tests.cli.sample_unit import FIRST_COINS, LISTED_PAYMENT, PAID_ADDRESS
from tests.studies.moneygraph.sample_chain import (
    FAN,
    fan_chain,
    labels_of,
    sample_chain,
    sample_labels,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "moneygraph"
QUERIES = {
    "first-coins": GraphQuery(asked(FIRST_COINS), policy="fifo", compare="haircut", hops=6),
    "listed-payment": GraphQuery(
        asked(LISTED_PAYMENT), direction="backward", policy="haircut"
    ),
}  # fmt: skip
LISTED_TXID = LISTED_PAYMENT.partition(":")[0]


def files_of(name: str) -> dict[str, bytes]:
    """The three files of a query, as they are accepted."""
    graph = explore(sample_chain(), sample_labels(), QUERIES[name])
    told = json.dumps(graph.as_dict(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return {
        f"{name}.json": told.encode(),
        f"{name}.svg": draw_svg(graph),
        f"{name}.csv": write_csv(graph),
    }


@pytest.mark.parametrize("name", QUERIES)
def test_the_samples_graphs_are_the_accepted_ones(name: str) -> None:
    for file, data in files_of(name).items():
        accepted = (GOLDEN / file).read_bytes()
        assert data == accepted, (
            f"{file}: python -m tests.studies.moneygraph.make_golden, then look"
        )


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://evil")',
    "\u202eevil\u2066\u200b",
    "]]>&amp;\x00\x1b[31m",
    "A" * 5_000,
    "{publisher} %s {0}",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> MoneyGraph:
    """Label the spent outputs of the made chain with what an attacker would write."""
    chain, fan = fan_chain()
    rows = []
    for number, text in enumerate([*HOSTILE, *HOSTILE]):
        output = chain.output_row(fan.txid, FAN - 2 - number)
        rows.append((chain.address_of(output or 0) or "", text, text, "exchange"))
    labels = labels_of(chain, tmp_path_factory.mktemp("hostile"), rows)
    graph = explore(chain, labels, GraphQuery(asked(fan.shown), direction="both"))
    fold = next(node for node in graph.nodes if node.kind == "ends" and node.tone == "service")
    return explore(chain, labels, graph.query.opening(fold.id))


def test_labels_that_a_box_has_no_room_for_are_counted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    chain, fan = fan_chain()
    rows = []
    for number in range(14):
        output = chain.output_row(fan.txid, FAN - 2 - number)
        rows.append((chain.address_of(output or 0) or "", f"Label {number}", "A", "exchange"))
    labels = labels_of(chain, tmp_path_factory.mktemp("many"), rows)
    graph = explore(chain, labels, GraphQuery(asked(fan.shown), direction="both"))
    fold = next(node for node in graph.nodes if node.kind == "ends" and node.tone == "service")
    left = fold.labelled - 6
    assert (len(fold.labels), fold.labels_left) == (6, left)
    assert left > 0
    assert fold.as_dict()["labels_left"] == left
    assert f"and {left} more labels" in write_csv(graph).decode()


def test_hostile_labels_stay_text_in_the_picture(hostile: MoneyGraph) -> None:
    assert sum(node.labelled for node in hostile.nodes) == 2 * len(HOSTILE)
    root = ET.fromstring(draw_svg(hostile))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "desc", "style", "rect", "path", "text", "g"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]
    shown = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    assert any(text.startswith("<script>") for text in shown)


def test_hostile_labels_neither_turn_nor_hide_what_follows(hostile: MoneyGraph) -> None:
    texts = [line.text for node in hostile.nodes for line in node.lines]
    texts += [label.label for node in hostile.nodes for label in node.labels]
    texts += [label.publisher for node in hostile.nodes for label in node.labels]
    assert any("\ufffdevil" in text for text in texts)
    for text in texts:
        assert not {"\u202e", "\u2066", "\x00", "\x1b", "\n"} & set(text)
        assert len(text) <= 330


def test_no_cell_of_the_table_runs_as_a_formula(hostile: MoneyGraph) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(hostile).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(hostile.edges) + 1
    cells = [cell for row in rows[1:] for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert not [cell for cell in cells if cell[:1] == "-" and not cell[1:].isdigit()]
    assert any("HYPERLINK" in cell for cell in cells)


def test_the_table_says_the_same_as_the_picture_in_the_same_order() -> None:
    graph = explore(sample_chain(), sample_labels(), QUERIES["first-coins"])
    rows = twin_rows(graph)
    assert [row.edge for row in rows] == list(graph.edges)
    order = [node.id for node in graph.nodes]
    places = [order.index(row.source.id) for row in rows]
    assert places == sorted(places)
    assert {node_name(row.source) for row in rows} <= {node_name(node) for node in graph.nodes}
    assert all(len(node_name(node)) >= 64 for node in graph.nodes)
    assert all(row.times for row in rows)


def test_the_widget_has_every_word_that_its_script_asks_for() -> None:
    web = Path(__file__).parents[3] / "src" / "kancil" / "web"
    files = [*web.glob("static/js/canvas/*.js"), *web.glob("templates/kancil/canvas*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    told = widget_words()
    assert set(told) == {name.replace("-", "_") for name in NAMES}
    for name in told:
        assert f"words.{name}" in text
    assert not [word for word in told.values() if word.startswith("note.")]


def test_another_language_changes_words_and_nothing_else() -> None:
    query = QUERIES["listed-payment"]
    english = explore(sample_chain(), sample_labels(), query)
    before = words.spoken()
    words.speak("km")
    try:
        khmer = explore(sample_chain(), sample_labels(), query)
    finally:
        words.speak(before)
    assert [(n.id, n.amount, n.rows) for n in khmer.nodes] == [
        (n.id, n.amount, n.rows) for n in english.nodes
    ]


# --- stated transfers -----------------------------------------------------------------------------


def beside_row(
    row: int, amount: str, asset: str = "BTC", stated_by: str = "Exchange A", **more: Any
) -> BesideTransfer:
    """A stated transfer that lies beside a chain's picture; what is not given is not stated."""
    nothing = {
        each.name: None for each in fields(BesideTransfer) if each.name not in ("row", "amount")
    }
    given = {**nothing, "asset": asset, "stated_by": stated_by, "is_contradicted": False}
    return BesideTransfer(row=row, amount=amount, **{**given, "reasons": (), **more})


def stated_graph(*rows: BesideTransfer) -> MoneyGraph:
    query = QUERIES["listed-payment"]
    return explore(sample_chain(), sample_labels(), query, stated=rows)


def test_a_stated_transfer_that_names_a_transaction_hangs_on_it_and_is_no_chain_fact() -> None:
    graph = stated_graph(
        beside_row(1, "0.38", txid=LISTED_TXID, from_name="Customer 8841", to_address=PAID_ADDRESS)
    )
    plain = explore(sample_chain(), sample_labels(), QUERIES["listed-payment"])
    (party,) = [node for node in graph.nodes if node.kind == "party"]
    assert [line.text for line in party.lines] == ["Customer 8841", "reported by Exchange A"]
    stated = [edge for edge in graph.edges if edge.stated_by]
    assert {(edge.source[:6], edge.target[:6]) for edge in stated} == {
        ("party-", "tx-41f"), ("tx-41f", "out-41"),
    }  # fmt: skip
    for edge in stated:
        assert edge.amount.share is None
        assert edge.amount.value_sat is None
        assert edge.rows == ()
        assert edge.words == ("0.38 BTC", "reported by Exchange A")
    proved = {edge.id: edge.amount for edge in graph.edges if not edge.stated_by}
    assert proved == {edge.id: edge.amount for edge in plain.edges}
    assert graph.totals == plain.totals
    assert graph.notes[0].startswith("Dashed arrows are 1 reported transfers from tables")


def test_stated_transfers_of_one_pair_are_one_arrow_with_their_exact_sum() -> None:
    one = beside_row(1, "0.1", from_account="0012", to_address=PAID_ADDRESS, day="2019-05-02")
    two = beside_row(2, "0.2", from_account="0012", to_address=PAID_ADDRESS, day="2019-05-03")
    graph = stated_graph(one, two)
    (edge,) = [edge for edge in graph.edges if edge.stated_by]
    assert edge.words[0] == "0.3 BTC (2) · 2019-05-02 – 05-03"
    assert edge.times == ("2019-05-02", "2019-05-03")


def test_a_stated_transfer_that_names_nothing_drawn_here_is_counted_and_not_drawn() -> None:
    graph = stated_graph(
        beside_row(1, "5", txid="0" * 64, from_name="A", to_name="B"),
        beside_row(2, "7", to_name="C"),
    )
    assert not [edge for edge in graph.edges if edge.stated_by]
    assert graph.notes[0].startswith("2 reported transfers refer to nothing")


def test_what_a_table_states_stands_in_the_csv_under_who_states_it() -> None:
    graph = stated_graph(
        beside_row(1, "21500000", "LAK", "=Bank", to_address=PAID_ADDRESS, from_name="+X")
    )
    lines = list(csv.DictReader(io.StringIO(write_csv(graph).decode())))
    (line,) = [line for line in lines if line["stated_by"]]
    assert (line["stated_by"], line["lower_sat"], line["first_time"]) == ("'=Bank", "", "")
    assert line["from"].startswith("'+X")
