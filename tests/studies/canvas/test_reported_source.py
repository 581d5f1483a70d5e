"""Reported transfers on the canvas: every rail, dashed, joined to the chain where it is one."""

from __future__ import annotations

from hypothesis import given

from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import read_labels
from kancil.studies.canvas.picture import Material, draw_view
from kancil.studies.canvas.reported_source import ReportedSource, subject_of
from kancil.studies.canvas.source import Ground, Hung
from kancil.studies.canvas.view import TransfersSource, View
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.parts import Folded, Subject
from kancil.studies.reported.book import NONE, Book, Party
from kancil.studies.reported.tricks import find_tricks
from tests.data.scam.make import FIRST, MULE, VICTIM
from tests.studies.canvas.made_chain import FIRST as FIRST_TX
from tests.studies.canvas.made_chain import LAST, address_of, material, view_of
from tests.studies.reported.making import book_of, paid, row
from tests.studies.reported.scam import all_confirmed, scam_book
from tests.studies.reported.test_follow import books


def drawn(source: ReportedSource) -> tuple[Folded, tuple[str, ...]]:
    folded = Folded({}, [])
    return folded, Hung((source,)).on(Ground(folded))


def test_the_swindle_is_one_picture_from_bank_to_bitcoin_and_every_arrow_is_reported() -> None:
    book = scam_book(all_confirmed())
    aside = find_tricks(book).aside | frozenset(book.kept_for)
    picture = draw_view(
        Material(None, None, hung=(Hung((ReportedSource(book, 1, aside=aside),)),)),
        View(sources=(TransfersSource(),)),
    )
    assert all(edge.stated_by for edge in picture.edges)
    assert {node.tone for node in picture.nodes} == {"stated"}
    assert all(edge.amount.value_sat is None for edge in picture.edges), "it enters no sum"
    nodes = {node.id: node for node in picture.nodes}
    pays = {(edge.source, edge.target) for edge in picture.edges}
    assert all(nodes[source].x < nodes[target].x for source, target in pays)
    told = {line.text for node in picture.nodes for line in node.lines}
    assert {VICTIM.replace("-", "")[:10], MULE.replace("-", "")} & {text[:10] for text in told}
    assert "2 reported rows are not drawn" not in " ".join(picture.notes)
    assert any("not drawn" in note for note in picture.notes)


def test_a_party_is_one_box_and_two_accounts_of_one_name_are_two() -> None:
    book = book_of([
        row(1, "5", from_account="0101200300", from_name="Som", to_name="X"),
        row(2, "5", from_account="0101200400", from_name="Som", to_name="X"),
        row(3, "7", from_account="0101200300", from_name="Som", to_name="X"),
    ])  # fmt: skip
    folded, notes = drawn(ReportedSource(book, 1))
    assert (len(folded.parts), len(folded.ties)) == (3, 2)
    assert notes
    sums = sorted(tie.stated.told for tie in folded.ties if tie.stated is not None)
    assert sums == ["12 USDT (2)", "5 USDT"]


def test_a_bitcoin_address_that_is_drawn_is_the_party_itself() -> None:
    made = material()
    address = address_of(41)
    book = book_of([row(1, "2", asset="BTC", from_name="Exchange customer", to_address=address)])
    source = ReportedSource(book, 1, is_asked=False)
    picture = draw_view(
        Material(made.chain, made.labels, hung=(Hung((source,)),)), view_of(LAST.shown)
    )
    (edge,) = [edge for edge in picture.edges if edge.stated_by]
    nodes = {node.id: node for node in picture.nodes}
    assert nodes[edge.target].kind != "party"
    assert nodes[edge.source].kind == "party"


def test_what_names_nothing_drawn_is_counted_unless_it_is_asked_for() -> None:
    book = book_of([paid(1, "A", "B", "5")])
    made = material()
    for is_asked, edges in ((False, 0), (True, 1)):
        source = ReportedSource(book, is_asked, is_asked=is_asked)
        picture = draw_view(
            Material(made.chain, made.labels, hung=(Hung((source,)),)), view_of(FIRST_TX.shown)
        )
        assert len([edge for edge in picture.edges if edge.stated_by]) == edges


def test_beyond_the_room_those_with_the_fewest_transfers_are_one_box_and_it_is_said() -> None:
    rows = [paid(n, "Hub", f"Party {n}", "1") for n in range(1, MOST_NODES + 40)]
    folded, notes = drawn(ReportedSource(book_of(rows), 1))
    assert len(folded.parts) == MOST_NODES
    assert any("one box" in note for note in notes)


def test_the_panel_tells_of_a_party_what_is_reported_and_by_whom() -> None:
    book = scam_book()
    source = ReportedSource(book, 1, services=[book.numbers[Party("tron-address", FIRST)]])
    facts = dict(source.facts(Subject("party", "tron", FIRST)))
    assert facts["Kind"] == "TRON address"
    assert "Example Exchange" in facts["Reported by"]
    assert source.facts(Subject("party", "tron", "nobody")) == ()
    assert source.party_of(subject_of(book.parties[0])) == book.parties[0]


def test_what_a_publisher_says_of_a_tron_address_stands_in_its_box() -> None:
    file = LabelFile("sanctioned_addresses_TRX.txt", f"{FIRST}\n".encode())
    labels = read_labels(file, Given()).labels
    source = ReportedSource(
        scam_book(), 1, labels_of=lambda address: labels if address == FIRST else ()
    )
    folded, _ = drawn(source)
    labelled = [
        part for part in folded.parts.values()
        if "Listed by OFAC" in {line.text for line in part.own_lines}
    ]  # fmt: skip
    assert [part.subject for part in labelled] == [Subject("party", "tron", FIRST)]


@given(books())
def test_every_row_with_two_ends_is_in_one_sum_and_no_other_is(book: Book) -> None:
    folded, _ = drawn(ReportedSource(book, 1))
    rows = book.rows
    both = [place for place in range(len(book))
            if NONE not in (rows.payer[place], rows.payee[place])
            and rows.payer[place] != rows.payee[place]]  # fmt: skip
    ties = [tie.stated for tie in folded.ties]
    assert sum(len(getattr(tie, "amounts", ())) for tie in ties) == len(both)
    assert sum(sum(getattr(tie, "amounts", ())) for tie in ties) == sum(
        rows.amount[place] for place in both
    )
