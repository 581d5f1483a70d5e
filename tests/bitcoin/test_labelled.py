"""Reading labelled sets: the text of Dumplings, zips, lists, and what is broken in them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.coinjoins.heuristic import Shown
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.evaluation.labelled import (
    DUMPLINGS,
    Truth,
    open_labelled,
    read_dumplings,
    shown_of_line,
)
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.errors import FileNotReadable
from kancil.ground.skipped import Skipped
from tests.bitcoin.made_coinjoins import SAMPLE, sample

A, B = "aa" * 32, "bb" * 32
INPUT = f"{B}-3-700000+0014{'11' * 20}+TxWitnessV0Keyhash"
OUTPUT = f"600000+5120{'22' * 32}+Unknown"
LINE = f"{A}:::{'00' * 32}:::7:::1717130617:::{INPUT}}}{{{INPUT}:::{OUTPUT}}}{{0+6a01ff+TxNullData"


def read(data: bytes) -> list[Shown | Skipped]:
    return list(read_dumplings(io.BytesIO(data), "x.txt"))


def test_a_line_holds_a_transaction() -> None:
    shown = shown_of_line(LINE)
    assert shown is not None
    assert shown.txid == A
    assert shown.time is not None
    assert shown.time.isoformat() == "2024-05-31T04:43:37+00:00"
    assert [(coin.value_sat, coin.kind) for coin in shown.inputs] == [
        (700_000, ScriptKind.P2WPKH)
    ] * 2
    # The stated type of a taproot script is "Unknown"; the script itself is read.
    assert [(coin.value_sat, coin.kind) for coin in shown.outputs] == [
        (600_000, ScriptKind.P2TR),
        (0, ScriptKind.OP_RETURN),
    ]
    assert shown.input_scripts == 1


def test_a_byte_order_mark_and_empty_lines_are_passed_over() -> None:
    text = b"\xef\xbb\xbf" + LINE.encode() + b"\r\n\n" + LINE.encode()
    assert [each.txid for each in read(text) if isinstance(each, Shown)] == [A, A]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nothing",
        LINE.replace(A, "AA" * 32),
        LINE.replace(B, B[:-1]),
        LINE.replace("-3-", "--3-"),
        LINE.replace("700000", "7_0"),
        LINE.replace("700000", "2100000000000001"),
        LINE.replace("6a01ff", "6a01f"),
        LINE.replace("1717130617", "9" * 20),
        LINE + ":::more",
    ],
)
def test_a_broken_line_is_left_out_and_the_rest_is_read(line: str) -> None:
    found = read(f"{LINE}\n{line}\n{LINE}\n".encode())
    skips = [each for each in found if isinstance(each, Skipped)]
    assert sum(isinstance(each, Shown) for each in found) == 2
    assert [(each.code, each.place) for each in skips] == (
        [("labelled-line", "x.txt, line 2")] if line else []
    )


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    for each in read(data):
        assert isinstance(each, Shown | Skipped)


def test_a_line_without_end_is_left_out_without_being_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kancil.bitcoin.evaluation.labelled.MAX_LINE_BYTES", len(LINE))
    found = read(f"{LINE}x{LINE}\n{LINE}\n".encode())
    assert [type(each) for each in found] == [Skipped, Shown]
    assert found[0] == Skipped("labelled-line-long", "x.txt, line 1")


def test_the_sample_says_what_each_set_is() -> None:
    labelled = sample()
    assert {each.name for each in labelled.sets} <= set(DUMPLINGS)
    assert {each.truth for each in labelled.sets} == {Truth.HEURISTIC}
    counts = {each.name: len(list(each.transactions())) for each in labelled.sets}
    assert counts["SamouraiCoinJoins"] == 4
    assert sum(counts.values()) == 190
    assert {each.protocol: len(each.txids) for each in labelled.false} == {
        "wasabi1": 6, "wasabi2": 11,
    }  # fmt: skip


def test_a_zip_and_a_text_with_more_in_its_name_are_known(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("Scanner/WasabiCoinJoins.txt", LINE + "\n")
        archive.writestr("Stats/other.txt", "x")
    (tmp_path / "Wasabi2CoinJoins_first17.txt").write_text(LINE + "\n")
    labelled = open_labelled([tmp_path / "d.zip", tmp_path / "Wasabi2CoinJoins_first17.txt"])
    assert [each.name for each in labelled.sets] == ["WasabiCoinJoins", "Wasabi2CoinJoins"]
    assert labelled.sets[0].file == "d.zip/Scanner/WasabiCoinJoins.txt"
    assert [len(list(each.transactions())) for each in labelled.sets] == [1, 1]


def test_a_list_without_a_protocol_in_its_name_has_it_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "wasabi1"
    folder.mkdir()
    (folder / "false_cjtxs.json").write_text(json.dumps([A, B, A]))
    (listed,) = open_labelled([folder / "false_cjtxs.json"]).false
    assert (listed.protocol, listed.txids) == ("wasabi1", frozenset({A, B}))


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("transactions.txt", LINE.encode(), "why.labelled-name"),
        ("wasabi2_false_cjtxs.json", b"{", "why.labelled-json"),
        ("wasabi2_false_cjtxs.json", b'{"manual": ["no id"]}', "why.labelled-json"),
        ("wasabi2_false_cjtxs.json", b"7", "why.labelled-json"),
        ("wasabi2_false_cjtxs.json", b"[" * 100_000, "why.labelled-json"),
        ("d.zip", b"PK\x05\x06" + bytes(18), "why.labelled-name"),
    ],
)
def test_what_holds_no_set_is_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(LabelledSetNotReadable) as raised:
        open_labelled([tmp_path / name])
    assert getattr(raised.value.params["why"], "key", None) == why


def test_a_set_given_twice_is_refused() -> None:
    path = SAMPLE / "SamouraiTx0s.txt"
    with pytest.raises(LabelledSetNotReadable) as raised:
        open_labelled([path, path])
    assert getattr(raised.value.params["why"], "key", None) == "why.labelled-twice"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable):
        open_labelled([tmp_path / "SamouraiTx0s.txt"])


def test_a_zip_broken_inside_is_told(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WasabiCoinJoins.txt", LINE * 50)
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    (one,) = open_labelled([path]).sets
    with pytest.raises(LabelledSetNotReadable):
        list(one.transactions())


def test_a_zip_whose_packed_bytes_are_broken_is_told(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WasabiCoinJoins.txt", LINE * 50)
    data = bytearray(path.read_bytes())
    data[49:60] = b"\xff" * 11
    path.write_bytes(data)
    (one,) = open_labelled([path]).sets
    with pytest.raises(LabelledSetNotReadable):
        list(one.transactions())


def test_a_zip_locked_with_a_password_is_told(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WasabiCoinJoins.txt", LINE)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1  # the flag that says so, in both of its places
    path.write_bytes(data)
    (one,) = open_labelled([path]).sets
    with pytest.raises(LabelledSetNotReadable):
        list(one.transactions())


def test_a_text_that_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "WasabiCoinJoins.txt"
    path.write_text(LINE + "\n")
    (one,) = open_labelled([path]).sets
    path.unlink()
    with pytest.raises(FileNotReadable):
        list(one.transactions())


def own(folder: Path, **changed: object) -> Path:
    (folder / "planted.txt").write_text(LINE + "\n")
    value = {
        "truth": "generated",
        "known_by": "a generator of our own, seed 7",
        "sets": [{"name": "planted", "file": "planted.txt", "is_of": ["whirlpool"]}],
    }
    path = folder / "seed7.labelled.json"
    path.write_text(json.dumps({**value, **changed}))
    return path


def test_our_own_form_says_how_its_truth_is_known(tmp_path: Path) -> None:
    (one,) = open_labelled([own(tmp_path)]).sets
    assert (one.name, one.truth, one.meaning.is_of) == ("planted", Truth.GENERATED, ("whirlpool",))
    assert one.known_by == "a generator of our own, seed 7"
    assert len(list(one.transactions())) == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"truth": "surely"}, "why.labelled-own"),
        ({"sets": [{"name": "x", "file": "planted.txt", "is_of": ["tea"]}]}, "why.labelled-own"),
        ({"sets": [{"name": "x"}]}, "why.labelled-own"),
        ({"sets": 7}, "why.labelled-own"),
        ({"sets": [{"name": "x", "file": "gone.txt"}]}, "why.labelled-beside"),
        ({"sets": [{"name": "x", "file": "../planted.txt"}]}, "why.labelled-beside"),
    ],
)
def test_our_own_form_is_read_strictly(
    changed: dict[str, object], why: str, tmp_path: Path
) -> None:
    with pytest.raises(LabelledSetNotReadable) as raised:
        open_labelled([own(tmp_path, **changed)])
    assert getattr(raised.value.params["why"], "key", None) == why
