"""Reading label files: real extracts, what is left out and why, and who contradicts whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from kancil.bitcoin.labels.errors import LabelFileNotReadable, LabelFileTooLarge, LabelFormatUnknown
from kancil.bitcoin.labels.label import Given, Label
from kancil.bitcoin.labels.label_format import MAX_FILE_BYTES, LabelFile
from kancil.bitcoin.labels.labels import LabelImport, conflicts, read_label_file, read_labels
from kancil.bitcoin.network import TESTNET3
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.canonical import dumps
from kancil.ground.errors import FileNotReadable
from kancil.ground.plain import plain
from kancil.ground.words import has, render

TAGS = Path(__file__).parent.parent / "data" / "bitcoin" / "tags"
FETCHED = Given(fetched_on=date(2024, 9, 27))
GENESIS_REWARD = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


def extract(name: str) -> LabelImport:
    return read_label_file(TAGS / name, FETCHED)


def table(text: str, given: Given = FETCHED) -> LabelImport:
    return read_labels(LabelFile("labels.csv", text.encode()), given)


def test_an_ofac_label_carries_all_that_is_needed_to_weigh_it() -> None:
    read = extract("sanctioned_addresses_XBT.txt")
    (label,) = [each for each in read.labels if each.address.startswith("1NpHuti")]
    assert label.key == (
        ScriptKind.P2PKH,
        bytes.fromhex("ef4c4f1c52532fe6880ddede8ecc385b456b6d17"),
    )
    assert label.law == "United States"
    assert label.listed_on is None
    assert label.fetched_on == date(2024, 9, 27)
    assert not label.is_service
    assert label.file_sha256 == read.file_sha256
    assert read.laws == ("United States",)


def test_the_tron_address_on_the_bitcoin_list_is_left_out_with_its_reason() -> None:
    read = extract("sanctioned_addresses_XBT.txt")
    assert len(read.labels) == 6
    (skip,) = read.skipped
    assert skip.code == "label-address-wrong"
    assert skip.place == "sanctioned_addresses_XBT.txt, line 5"
    assert "is of TRON, not of bitcoin" in render(f"skip.{skip.code}", **skip.params)


def test_a_mistyped_address_of_a_seizure_order_is_left_out_with_its_reason() -> None:
    read = extract("il_nbctf_wallets.csv")
    assert read.currencies == {"BTC": 3, "TRX": 2, "ETH": 1}
    (skip,) = read.skipped
    assert "mistyped; wrong places, counted from 1: 17" in render(
        f"skip.{skip.code}", **skip.params
    )


def test_the_hack_label_is_a_service_by_its_publishers_word_and_says_it_is_of_hacks() -> None:
    label = extract("hacks.yaml").labels[-1]
    assert label.address == "1LnNsUycA3iAWhqKj1L3vEH1GV6nJE5NtF"
    assert label.is_service
    assert label.stop_reason == "pooled"
    assert "hacks" in label.context
    assert label.modified_on == date(2021, 11, 12)


def test_labels_of_other_currencies_are_kept_and_counted_apart() -> None:
    read = extract("sanctioned_addresses_ETH.txt")
    assert len(read.labels) == 3
    assert read.bitcoin_count == 0
    assert {label.key for label in read.labels} == {None}


def test_what_the_officer_states_fills_what_the_file_does_not_say() -> None:
    stated = Given(date(2025, 1, 2), "Ministry", "Exampleland", "public", "letter 7")
    rows = f"address,label,publisher,law,fetched_on\n{GENESIS_REWARD},x,,,\n"
    (label,) = table(rows, stated).labels
    assert (label.publisher, label.law, label.licence, label.source) == (
        "Ministry",
        "Exampleland",
        "public",
        "letter 7",
    )
    assert label.fetched_on == date(2025, 1, 2)
    rows = f"address,label,publisher,law,fetched_on\n{GENESIS_REWARD},x,Own,Ownland,2024-01-01\n"
    (label,) = table(rows, stated).labels
    assert (label.publisher, label.law) == ("Own", "Ownland")
    assert label.fetched_on == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{GENESIS_REWARD},x,,", "label-publisher-missing"),
        (f"{GENESIS_REWARD},x,P,1.3.2024", "label-date-wrong"),
        ("5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss,x,P,", "label-is-key"),
        (f"{GENESIS_REWARD[:-1]}b,x,P,", "label-address-wrong"),
        ("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx,x,P,", "label-address-wrong"),
    ],
)
def test_rows_that_cannot_be_used_are_counted_skips_with_words(row: str, code: str) -> None:
    read = table(f"address,label,publisher,listed_on\n{row}\n")
    assert read.labels == []
    assert read.skipped_codes == {code: 1}
    assert has(f"skip.{code}")
    assert "{" not in render(f"skip.{code}", **read.skipped[0].params)
    assert "5KYZ" not in str(read.skipped)


def test_the_same_label_twice_is_kept_once() -> None:
    row = f"{GENESIS_REWARD},x,P,\n"
    read = table(f"address,label,publisher,category\n{row}{row}{row[:-1]}exchange\n")
    assert len(read.labels) == 2
    assert read.skipped_codes == {"label-repeated": 1}


def test_labels_of_a_test_network_are_read_with_its_addresses() -> None:
    raw = b"address,label,publisher\ntb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx,x,P\n"
    read = read_labels(LabelFile("labels.csv", raw), FETCHED, TESTNET3)
    assert read.bitcoin_count == 1


def test_a_file_of_no_known_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir,\n")
    with pytest.raises(LabelFormatUnknown) as caught:
        read_label_file(path, FETCHED)
    assert caught.value.params["known"] == "ofac, nbctf, tagpack, table"
    with pytest.raises(FileNotReadable):
        read_label_file(tmp_path / "nothing.csv", FETCHED)


def test_a_file_larger_than_any_list_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(LabelFileTooLarge):
        read_label_file(path, FETCHED)


def test_a_label_becomes_canonical_json() -> None:
    for name in ("sanctioned_addresses_XBT.txt", "sanctioned_addresses_ETH.txt", "hacks.yaml"):
        for label in extract(name).labels:
            assert label.address.encode() in dumps(plain(label))


# --- conflicts ------------------------------------------------------------------------------------


def test_two_publishers_who_sort_one_address_differently_are_shown() -> None:
    labels = [
        label
        for name in ("sanctioned_addresses_XBT.txt", "blender_io.yaml", "ofac.yaml")
        for label in extract(name).labels
    ]
    (conflict,) = conflicts(labels)
    assert conflict.address == "15PggTG7YhJKiE6B16vkKzA1YDTZipXEX4"
    assert conflict.on == ("category",)
    assert conflict.between_publishers
    assert {label.publisher for label in conflict.labels} == {
        "GraphSense Core Team",
        "INTERPOL CNTL",
    }


def test_one_publisher_who_contradicts_itself_is_shown_as_such() -> None:
    read = table(
        "address,label,publisher,category\n"
        f"{GENESIS_REWARD},House A,P,exchange\n{GENESIS_REWARD},House B,P,exchange\n"
    )
    (conflict,) = conflicts(read.labels)
    assert conflict.on == ("entity",)
    assert not conflict.between_publishers


def test_the_two_writings_of_one_address_are_one_address() -> None:
    small = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    read = table(
        f"address,label,publisher,category\n{small},A,P,exchange\n{small.upper()},A,Q,gambling\n"
    )
    assert [conflict.on for conflict in conflicts(read.labels)] == [("category",)]


def test_agreement_and_silence_are_no_conflict() -> None:
    read = table(
        "address,label,publisher,category\n"
        f"{GENESIS_REWARD},House A,P,exchange\n"
        f"{GENESIS_REWARD},HOUSE A,Q,exchange\n"
        f"{GENESIS_REWARD},On a list,R,\n"
    )
    assert len(read.labels) == 3
    assert conflicts(read.labels) == []


# --- wider ----------------------------------------------------------------------------------------


@for_all(
    st.text(max_size=400), st.sampled_from(["x.csv", "x.yaml", "sanctioned_addresses_XBT.txt"])
)
def test_any_text_gives_labels_skips_or_our_own_error(text: str, name: str) -> None:
    for head in ("", "address,label,publisher\n", "order,address,kind\n", "creator: A\ntags:\n- "):
        try:
            read = read_labels(LabelFile(name, (head + text).encode("utf-8", "replace")), FETCHED)
        except (LabelFormatUnknown, LabelFileNotReadable):
            continue
        assert all(isinstance(label, Label) for label in read.labels)


def test_all_published_lists_import_with_the_counts_seen_before(shared_data: Path) -> None:
    tags = shared_data / "bitcoin" / "tags"
    files = sorted([*tags.glob("*.csv"), *tags.glob("*/*")])
    reads = {path.name: read_label_file(path, FETCHED) for path in files}
    assert len(files) == 34
    assert len(reads["sanctioned_addresses_XBT.txt"].labels) == 434
    assert len(reads["samourai.yaml"].labels) == 36548
    assert reads["ofac.yaml"].bitcoin_count == 384
    assert reads["walletexplorer.yaml"].service_count == 386
    assert sum(read.bitcoin_count for read in reads.values()) == 66775
    skips = [skip.code for read in reads.values() for skip in read.skipped]
    assert (len(skips), skips.count("label-repeated")) == (16, 6)
