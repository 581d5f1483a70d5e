"""The picture holds all coins of the trace, however it is folded, and is drawn within its frame."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.network import REGTEST
from kancil.reports.casework.bundle.answers import Answers
from kancil.reports.casework.bundle.content import report_content
from kancil.reports.casework.bundle.report import write_report
from kancil.studies.amounts import btc, btc_range, sat_range, short
from kancil.studies.drawing.flow import END, FOLD, START, TRANSACTION, flow_of
from kancil.studies.drawing.layout import BOX_WIDTH, WIDTH, lay_out
from kancil.studies.drawing.picture import draw_picture
from kancil.studies.trace.question import NamedStart, TraceQuestion
from tests.examples import examples
from tests.reports.make_sample_bundle import answers_for, label_for, make_sample
from tests.reports.test_small_graph import question_of
from tests.reports.tiny_mint import Mint, random_slice
from tests.reports.tiny_view import TinyView


def random_answers(seed: int) -> Answers:
    chance = random.Random(seed)
    view = TinyView(random_slice(seed), REGTEST)
    question = question_of(view, chance)
    addresses = [view.address_of(output) for output in range(view.columns.output_count)]
    labels = {
        address: [label_for(address, is_service=chance.random() < 0.5, law="Law")]
        for address in chance.sample(addresses, min(2, len(addresses)))
    }
    return answers_for(view, [question], labels)


@examples(60)
@given(st.integers(0, 2**32))
def test_no_coin_is_lost_by_folding(seed: int) -> None:
    answers = random_answers(seed)
    (answer,) = answers.answers
    flow = flow_of(answer, answers)
    result = answer.chosen
    ends = sum(box.count for box in flow.boxes.values() if box.kind == END)
    assert ends <= len(result.holdings) + len(result.left_out)
    steps = sum(box.count for box in flow.boxes.values() if box.kind in (TRANSACTION, FOLD))
    assert steps == len(result.steps)
    lower = sum(box.lower for box in flow.boxes.values() if box.kind == END)
    found = sum(row.lower for row in result.holdings) + sum(row.lower for row in result.left_out)
    assert lower <= found
    for ribbon in flow.ribbons:
        assert ribbon.source in flow.boxes
        assert ribbon.target in flow.boxes


@examples(60)
@given(st.integers(0, 2**32))
def test_boxes_stand_apart_and_inside_the_picture(seed: int) -> None:
    answers = random_answers(seed)
    flow = flow_of(answers.answers[0], answers)
    layout = lay_out(flow, lambda _: 4)
    places = [
        (layout.x_of(slot.layer), slot.y, slot.height)
        for slot in layout.slots
        if slot.box is not None
    ]
    for x, y, height in places:
        assert 0 <= x <= WIDTH - BOX_WIDTH
        assert y >= 0
        assert y + height <= layout.height
    for number, (x, y, height) in enumerate(places):
        for other_x, other_y, other_height in places[number + 1 :]:
            apart = y + height <= other_y or other_y + other_height <= y
            assert x != other_x or apart
    picture = draw_picture(answers.answers[0], answers)
    assert ET.fromstring(picture).tag.endswith("svg")
    assert write_report(answers).startswith(b"<!doctype html>")


def long_row(count: int) -> Answers:
    """Trace a row of transactions that each pay a little and pass the rest on."""
    mint = Mint(random.Random(5))
    blocks = [mint.mine(0)]
    start = mint.unspent[0]
    for number in range(count):
        txid, place, value = mint.unspent[-1] if number else start
        outpoint = txid + place.to_bytes(4, "little")
        raw = mint._transaction([(outpoint, b"")], [10, value - 10])
        coinbase = mint._coinbase()
        mint.time += 600
        blocks.append(mint._seal([coinbase, raw]))
        mint.parent = blocks[-1].hash
        mint.unspent = [item for item in mint.unspent if item[2] not in (5000,)]
    view = TinyView(blocks, REGTEST)
    name = f"{start[0][::-1].hex()}:0"
    return answers_for(view, [TraceQuestion((NamedStart(name),), "haircut")])


def test_a_row_of_71_hops_is_folded_into_a_picture_that_can_be_read() -> None:
    answers = long_row(71)
    (answer,) = answers.answers
    assert max(row.hop for row in answer.chosen.transfers) == 71
    flow = flow_of(answer, answers)
    assert len(flow.boxes) <= 30
    folds = [box for box in flow.boxes.values() if box.kind == FOLD]
    assert sum(box.count for box in folds) == 69
    ends = [box for box in flow.boxes.values() if box.kind == END]
    assert sum(box.count for box in ends) == 72
    assert sum(box.lower for box in ends) == 5000
    assert [box.lower for box in flow.boxes.values() if box.kind == START] == [5000]
    picture = draw_picture(answer, answers).decode()
    assert "12 transactions folded" in picture
    assert "hops 2\u201313" in picture


def test_a_network_that_is_not_money_is_watermarked() -> None:
    report = write_report(long_row(2)).decode()
    assert "Not real money: this is the network regtest" in report


def test_a_service_is_blue_and_a_listing_by_law_is_red() -> None:
    mint = Mint(random.Random(9))
    blocks = [mint.mine(0), mint.mine(0)]
    txid, place, _ = mint.unspent[0]
    raw = mint._transaction([(txid + place.to_bytes(4, "little"), b"")], [2000, 3000])
    blocks.append(mint._seal([mint._coinbase(), raw]))
    mint.parent = blocks[-1].hash
    view = TinyView(blocks, REGTEST)
    outputs = view.outpoints()
    made = view.columns.output_count
    one, other = view.address_of(made - 2), view.address_of(made - 1)
    labels = {one: [label_for(one, is_service=True)], other: [label_for(other, law="Some Law")]}
    question = TraceQuestion((NamedStart(next(iter(outputs))),), "fifo")
    answers = answers_for(view, [question], labels)
    picture = draw_picture(answers.answers[0], answers).decode()
    assert 'class="node service"' in picture
    assert 'class="node sanctioned"' in picture
    report = write_report(answers).decode()
    assert "Sample Publisher says of" in report
    assert "stopped: labelled service" in report


def test_only_ids_and_amounts_and_words_are_drawn_and_no_markup_of_others() -> None:
    mint = Mint(random.Random(3))
    view = TinyView([mint.mine(0), mint.mine(1)], REGTEST)
    address = view.address_of(0)
    bad = label_for(address, law="<script>alert(1)</script>")
    name = next(iter(view.outpoints()))
    question = TraceQuestion((NamedStart(name),), "fifo", policy_reason="<b>&\"'")
    report = write_report(answers_for(view, [question], {address: [bad]})).decode()
    assert "<script>" not in report
    assert "&lt;script&gt;" in report
    assert "&lt;b&gt;" in report


def test_every_word_of_the_report_has_its_sentence() -> None:
    for answers in (make_sample().answers, random_answers(4), random_answers(11)):
        assert not re.findall(r"note\.[a-z]", write_report(answers).decode())


def test_the_list_for_small_screens_numbers_every_step() -> None:
    content = report_content(make_sample().answers)
    (trace,) = content.traces
    assert [rung.lines[0].text for rung in trace.ladder] == [str(n) for n in range(1, 10)]
    assert trace.ladder[0].goes[0][0] == "50 BTC"


def test_amounts_are_written_for_people() -> None:
    assert btc(5_000_000_000) == "50 BTC"
    assert btc(38_796_959) == "0.38796959 BTC"
    assert btc_range(0, 4_000_000_000) == "0\u201340 BTC"
    assert sat_range(5, 5) == "5"
    assert sat_range(0, 12_400) == "0\u201312\u202f400"
    assert short("ab" * 32) == "abababab\u2026ababab"


def test_a_start_of_no_coins_gives_an_empty_picture_and_no_error() -> None:
    mint = Mint(random.Random(3))
    view = TinyView([mint.mine(0), mint.mine(1)], REGTEST)
    name = next(iter(view.outpoints()))
    answers = answers_for(view, [TraceQuestion((NamedStart(name, 0),), "fifo")])
    assert draw_picture(answers.answers[0], answers).count(b"<rect") == 1
    assert b"Where did the 0 BTC go?" in write_report(answers)
