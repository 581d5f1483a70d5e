"""Bundles that Kancil itself writes: intact whole, and never once they are spoilt."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kancil.reports.casework.bundle.checker.verify import verify_bytes
from tests.cli.running import Unit, run
from tests.cli.sample_unit import found
from tests.page.browser import Desk
from tests.reports.make_sample_bundle import make_sample
from tests.reports.mutations import mutations

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@cache
def whole() -> bytes:
    return make_sample().seal()


def test_a_bundle_that_kancil_writes_is_intact_in_every_browser(any_desk: Desk) -> None:
    answer = any_desk.check(whole())
    assert answer.verdict == "unchanged", answer.texts
    assert verify_bytes(whole()).is_intact
    assert any_desk.faults == []


@pytest.mark.thorough
def test_two_hundred_spoilt_ones_are_not_intact(desk: Desk) -> None:
    spoilt = mutations(whole())
    assert len(spoilt) == 200
    wrong = []
    for name, data in spoilt:
        answer = desk.check(data)
        if answer.verdict != "not-intact" or "not made for" in str(answer.texts):
            wrong.append((name, answer.verdict, answer.states))
    assert wrong == []
    assert desk.faults == []


@pytest.mark.thorough
def test_some_of_them_are_not_intact_in_any_browser(any_desk: Desk) -> None:
    for name, data in mutations(whole(), seed=2)[::10]:
        assert any_desk.check(data).verdict == "not-intact", name


def without_first_block(unit: Unit, folder: Path) -> str:
    """Ingest a generated regtest chain as `late`, but for its first block; gives a transaction."""
    made = run("bitcoin", "generate", folder / "made", "--seed", "7", "--transactions", "20")
    assert made.status == 0, made.err
    (file,) = (folder / "made").rglob("blk*.dat")
    data = file.read_bytes()
    late = folder / "late.dat"
    late.write_bytes(data[8 + int.from_bytes(data[4:8], "little") :])
    unit.say("case", "new", "Late blocks", "--legal-basis", "exercise")
    unit.say("exhibit", "add", "C1", late, "--title", "Blocks")
    unit.say("bitcoin", "ingest", "late", "E1", "--network", "regtest")
    block = unit.ask("bitcoin", "block", "late", "1")
    assert (block["height_source"], block["work"]) == ("linked", "own target only")
    ids = pq.read_table(folder / "made" / "truth" / "transactions.parquet")["txid"]
    return bytes(ids[-1].as_py())[::-1].hex()


def test_a_height_that_the_maker_knew_by_blocks_not_shown_is_told_as_not_shown(
    desk: Desk, tmp_path: Path
) -> None:
    unit = found(tmp_path / "unit")
    txid = without_first_block(unit, tmp_path)
    unit.say("bitcoin", "trace", "late", txid, "--case", "C1", "--why", "sample")
    bundle = tmp_path / "bundle.zip"
    unit.say("bundle", "C1", "-o", bundle)
    by_command = verify_bytes(bundle.read_bytes())
    assert by_command.is_intact
    assert "height-not-shown" in {one.code for one in by_command.steps["chain"].not_checked}
    answer = desk.check(bundle)
    assert answer.verdict == "unchanged", answer.texts
    assert "only stated, not proved" in answer.texts["chain"]
