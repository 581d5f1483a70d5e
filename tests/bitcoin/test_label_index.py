"""Looking outputs up: by script, fast and slow alike, and never by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import read_label_file, read_labels
from kancil.bitcoin.labels.store import store_import
from kancil.bitcoin.network import MAINNET, TESTNET3
from kancil.bitcoin.script.address import decode_address
from kancil.bitcoin.script.kind import ScriptKind

TAGS = Path(__file__).parent.parent / "data" / "bitcoin" / "tags"
FETCHED = Given(fetched_on=date(2024, 9, 27))
LISTED = decode_address("1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d", MAINNET)
HACK = decode_address("1LnNsUycA3iAWhqKj1L3vEH1GV6nJE5NtF", MAINNET)
ANCHOR = (ScriptKind.P2A, bytes.fromhex("4e73"))


@dataclass
class Outputs:
    output_script: NDArray[np.uint8]
    output_payload_start: NDArray[np.int64]
    payload: NDArray[np.uint8]

    def payload_of(self, output: int) -> bytes:
        start, stop = self.output_payload_start[output : output + 2]
        return self.payload[start:stop].tobytes()


def outputs_of(*scripts: tuple[int, bytes]) -> Outputs:
    lengths = [len(payload) for _, payload in scripts]
    return Outputs(
        np.array([kind for kind, _ in scripts], np.uint8),
        np.cumsum([0, *lengths]).astype(np.int64),
        np.frombuffer(b"".join(payload for _, payload in scripts), np.uint8),
    )


@pytest.fixture
def index(tmp_path: Path) -> LabelIndex:
    for name in ("sanctioned_addresses_XBT.txt", "hacks.yaml", "blender_io.yaml"):
        store_import(tmp_path, read_label_file(TAGS / name, FETCHED))
    raw = b"address,label,publisher\nbc1pfeessrawgf,Anchor,P\n"
    store_import(tmp_path, read_labels(LabelFile("labels.csv", raw), FETCHED))
    raw = b"address,label,publisher\nmrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r,Test,P\n"
    store_import(tmp_path, read_labels(LabelFile("test.csv", raw), FETCHED, TESTNET3))
    return LabelIndex.load(tmp_path)


def test_an_output_is_found_by_its_script(index: LabelIndex) -> None:
    (label,) = index.of(*LISTED)
    assert label.label == "Listed by OFAC"
    assert index.of(*HACK)[0].actor == "zaif"
    assert index.of(ScriptKind.P2SH, LISTED[1]) == ()
    assert (len(index), index.address_count, len(index.imports)) == (12, 12, 4)


def test_labels_of_a_test_network_are_not_found_on_mainnet(index: LabelIndex) -> None:
    test = decode_address("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", TESTNET3)
    assert index.of(*test) == ()


def test_the_trace_asks_by_output_number(index: LabelIndex) -> None:
    outputs = outputs_of((0, b""), HACK, (ScriptKind.OP_RETURN, HACK[1]), LISTED)
    label_of = index.label_of(outputs)
    assert [len(label_of(output)) for output in range(4)] == [0, 1, 0, 1]
    assert label_of(1)[0].is_service


def test_every_labelled_output_is_found_among_many_as_one_by_one(index: LabelIndex) -> None:
    random = np.random.default_rng(3)
    kinds = [ScriptKind.P2PKH, ScriptKind.P2SH, ScriptKind.P2WPKH, ScriptKind.OP_RETURN]
    scripts: list[tuple[int, bytes]] = [
        (int(random.choice(kinds)), random.bytes(20)) for _ in range(3000)
    ]
    scripts += [(ScriptKind.NONSTANDARD, b""), (ScriptKind.OP_RETURN, b"hi"), ANCHOR]
    scripts += [LISTED, HACK, LISTED, (ScriptKind.P2SH, HACK[1]), (ScriptKind.P2PKH, HACK[1][:8])]
    scripts = [scripts[at] for at in random.permutation(len(scripts))]
    outputs = outputs_of(*scripts)
    label_of = index.label_of(outputs)
    slow = [row for row in range(len(scripts)) if label_of(row)]
    assert index.labelled_outputs(outputs).tolist() == slow
    assert len(slow) == 4


def test_no_outputs_and_no_labels_find_nothing(index: LabelIndex) -> None:
    assert index.labelled_outputs(outputs_of()).tolist() == []
    empty = LabelIndex([])
    assert empty.labelled_outputs(outputs_of(HACK, LISTED)).tolist() == []
    assert empty.all_labels() == []
