"""A status that comes with Kancil has a source and a time, and unknown is never no."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kancil.assessment.country import countries
from kancil.legal.instruments.instrument import FOLDER
from kancil.legal.instruments.status import (
    Status,
    is_past,
    looked_up,
    statuses,
    treaties,
    treaties_compiled_on,
    treaty_status,
    treaty_warnings,
)

DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
DATED = ("signed_on", "ratified_on", "acceded_on", "in_force_on", "as_of")


def test_a_status_has_a_source_and_a_time() -> None:
    known = 0
    for iso2 in countries():
        for instrument in looked_up():
            found = treaty_status(iso2, instrument)
            assert (found.status is None) == (found.source is None) == (found.as_of is None)
            known += found.status is not None
            for key in DATED:
                value = getattr(found, key)
                assert value is None or DAY.fullmatch(value)
                assert value is None or value <= treaties_compiled_on().isoformat()
    written = (FOLDER / "treaty_status.yaml").read_text(encoding="utf-8")
    assert known == len(re.findall(r"^  - (?:\{)?country: ", written, re.MULTILINE)) > 0
    assert all(treaty_warnings())


@pytest.mark.parametrize(
    ("iso2", "instrument", "status"),
    [
        ("VN", "uncc", Status.SIGNED),
        ("PH", "budapest", Status.PARTY),
        ("TO", "budapest", Status.PARTY),
        ("ID", "uncc", Status.NOT_ON_LIST),
        ("NO", "budapest_p2", Status.SIGNED),
        ("TL", "asean_mlat", None),
        ("NR", "uncc", None),
        ("TN", "budapest", Status.PARTY),
        ("TH", "opsc", Status.PARTY),
        ("SG", "opsc", None),
        ("KH", "untoc", Status.PARTY),
        ("LA", "uncac", Status.PARTY),
        ("MY", "iccpr", None),
    ],
)
def test_unknown_is_not_no(iso2: str, instrument: str, status: Status | None) -> None:
    assert treaty_status(iso2, instrument).status is status


@pytest.mark.parametrize(
    ("written", "on", "come"),
    [
        ("2018", date(2018, 6, 1), None),
        ("2018", date(2019, 1, 1), True),
        ("2018", date(2017, 12, 31), False),
        ("2025-10", date(2025, 10, 31), None),
        ("2025-10-25", date(2025, 10, 25), True),
        ("2025-10-25", date(2025, 10, 24), False),
    ],
)
def test_a_day_is_as_exact_as_its_source(written: str, on: date, come: bool | None) -> None:
    assert is_past(written, on) is come


def test_what_is_general_knowledge_says_so_and_is_no_row_that_a_letter_states() -> None:
    every = [treaty_status(iso2, id) for iso2 in countries() for id in looked_up()]
    rows = [each for each in every if each.verify]
    assert len(rows) == 170
    for each in rows:
        assert "Verify with the depositary" in str(each.source)
        assert len(str(each.ratified_on or each.acceded_on)) == 4
        assert (each.country, each.instrument) not in statuses()
    assert set(looked_up()) > set(treaties())
