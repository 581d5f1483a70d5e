"""The swindle of the demonstration happens in the days before the day that it is made for."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.data.scam.make import FILES, FIRST_PAYOUT, HERE, tables_of
from tools.sample_swindle import PAYOUT_SAT, Swindle, make_swindle

DAY = date(2026, 3, 2)
"""In a year without a 29 February: the story goes back over the month's end."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Swindle:
    return make_swindle(tmp_path_factory.mktemp("swindle") / "made", DAY)


def test_the_last_payment_is_on_the_chain_at_the_time_that_the_table_states(made: Swindle) -> None:
    last = (made.tables / "swap.csv").read_text().splitlines()[-1].split(",")
    assert (last[0], last[4]) == ("2026-03-01 03:30:25", "0.0325")
    assert made.payout.at == datetime(2026, 3, 1, 3, 30, 25, tzinfo=UTC)
    assert last[6:8] == [made.payout.address, made.payout.txid]
    blocks = made.blocks.read_bytes()
    assert int(made.payout.at.timestamp()).to_bytes(4, "little") in blocks, "its block's time"
    assert PAYOUT_SAT.to_bytes(8, "little") in blocks


def test_every_day_of_the_tables_is_in_the_two_weeks_before(made: Swindle) -> None:
    for path in made.tables.glob("*.csv"):
        text = path.read_text("utf-8")
        days = [date.fromisoformat(each) for each in re.findall(r"\b\d{4}-\d\d-\d\d\b", text)]
        days += [date(int(y), int(m), int(d))
                 for d, m, y in re.findall(r"\b(\d\d)/(\d\d)/(\d{4})\b", text)]  # fmt: skip
        assert days
        assert all(0 <= (DAY - each).days <= 12 for each in days), (path.name, days)


def test_a_part_goes_on_to_an_exchange_that_the_labels_name(made: Swindle) -> None:
    rows = list(csv.DictReader(io.StringIO(made.labels.read_text("utf-8"))))
    assert {each["category"] for each in rows} == {"exchange"}
    assert len(rows) >= 2


def test_the_same_day_makes_the_same_bytes(made: Swindle, tmp_path: Path) -> None:
    again = make_swindle(tmp_path / "again", DAY)
    for path in made.folder.rglob("*"):
        if path.is_file():
            assert (again.folder / path.relative_to(made.folder)).read_bytes() == path.read_bytes()


def test_the_tables_that_lie_in_the_tree_are_those_of_the_first_payment_of_all() -> None:
    assert tables_of(FIRST_PAYOUT) == FILES
    for name, data in FILES.items():
        assert (HERE / name).read_bytes() == data, name
