"""Blocks as labelled sets: negatives by the dates, where the form was possible at all."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from kancil.bitcoin.coinjoins.heuristic import Shown
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.evaluation.evaluate import evaluate
from kancil.bitcoin.evaluation.labelled import Truth, open_labelled
from kancil.bitcoin.evaluation.measure import Called, Counts
from tests.bitcoin.regtest import GENESIS_HASH, Tx, coinbase, mine

BLOCKS = Path(__file__).parent.parent / "data" / "bitcoin" / "blocks"
SEPTEMBER_2017, JUNE_2019, JANUARY_2023 = 1_504_500_000, 1_560_000_000, 1_672_900_000


def block(folder: Path, time: int) -> Path:
    new = coinbase(1, 1)
    spend = Tx(((new.txid, 0), (b"\x07" * 32, 1)), ((5, b"\x00\x14" + bytes(20)),))
    path = folder / "1.raw"
    path.write_bytes(mine(GENESIS_HASH, [new, spend], time=time).raw)
    return path


@pytest.mark.parametrize(
    ("time", "names"),
    [
        (1_300_000_000, {"joinmarket"}),
        (SEPTEMBER_2017, {"whirlpool", "whirlpool-tx0", "wasabi1", "wasabi2"}),
        (JUNE_2019, {"wasabi2"}),
        (JANUARY_2023, set()),
    ],
)
def test_a_block_is_a_negative_of_what_was_possible_and_had_not_begun(
    time: int, names: set[str], tmp_path: Path
) -> None:
    (one,) = open_labelled([block(tmp_path, time)]).sets
    assert (one.truth, one.meaning.is_of, set(one.meaning.is_not_of)) == (
        Truth.PROTOCOL, (), names
    )  # fmt: skip


def test_before_segwit_a_no_of_a_segwit_form_is_not_counted() -> None:
    for heuristic in HEURISTICS:
        if heuristic.name not in {"joinmarket", "equal-output"}:
            assert heuristic.possible_from == date(2017, 8, 25)
    (one,) = open_labelled([BLOCKS / "mainnet-227836.raw"]).sets
    assert one.meaning.is_not_of == ("joinmarket",)


def test_inputs_are_known_where_the_spent_outputs_stand_beside(tmp_path: Path) -> None:
    path = block(tmp_path, JUNE_2019)
    first, second = open_labelled([path]).sets[0].transactions()
    assert isinstance(first, Shown)
    assert isinstance(second, Shown)
    assert (first.inputs, len(second.inputs)) == ((), 2)
    assert not second.has_known_inputs
    coin = (700).to_bytes(8, "little") + b"\x16\x00\x14" + bytes(20)
    (tmp_path / "1.spent-outputs.raw").write_bytes(coin * 2)
    second = list(open_labelled([path]).sets[0].transactions())[1]
    assert isinstance(second, Shown)
    assert second.input_values == (700, 700)
    (tmp_path / "1.spent-outputs.raw").write_bytes(coin)
    with pytest.raises(LabelledSetNotReadable):
        open_labelled([path])


def test_a_changed_block_and_what_is_none_are_refused(tmp_path: Path) -> None:
    path = block(tmp_path, JUNE_2019)
    raw = bytearray(path.read_bytes())
    raw[-10] ^= 1
    for data in (bytes(raw), b"", b"no block", path.read_bytes() + b"x"):
        path.write_bytes(data)
        with pytest.raises(LabelledSetNotReadable):
            open_labelled([path])


def test_false_calls_in_a_real_block_of_before_make_an_error_rate(tmp_path: Path) -> None:
    shutil.copy(BLOCKS / "mainnet-227836.raw", tmp_path)
    measures = evaluate(open_labelled([tmp_path / "mainnet-227836.raw"]), HEURISTICS).measures
    (one,) = [each for each in measures if each.truth is not None]
    assert (one.heuristic, one.called) == ("joinmarket", Called.ERROR_RATE)
    assert one.labelled == Counts(found=0, missed=0, wrong=0, left=100)
    assert one.labelled.recall.bounds is None
    assert one.known_by == ("mined before the protocol began",)


def test_no_wide_block_of_before_holds_a_call(shared_data: Path) -> None:
    folder = shared_data / "bitcoin" / "blocks" / "mainnet"
    paths = [path for path in sorted(folder.glob("*.raw")) if path.stem.isdigit()]
    found = {
        each.heuristic: (each.labelled.wrong, each.labelled.left, each.untold)
        for each in evaluate(open_labelled(paths), HEURISTICS).measures
        if each.truth is Truth.PROTOCOL
    }
    assert found == {"wasabi2": (0, 5_815, 0), "joinmarket": (0, 697, 0)}
