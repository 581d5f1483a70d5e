"""Every file that a classroom's pages send says TRAINING, whichever page sends it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from kancil.ground.training_mark import marked_calendar, marked_object
from kancil.ground.workspace import Site as Kind
from kancil.legal.calendar_file import Entry, calendar_file
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.legal.letters import good
from tests.web.site import Site, site_of
from tests.web.test_permissions import address, pages
from tests.web.test_request_form import saved

SIGNED = {"signature", "statement", "proof"}
UNMARKED = {
    "application/octet-stream": "evidence and sealed files, whose SHA-256 is recorded or published",
    "application/x-x509-ca-cert": "the certificate of the site itself, which browsers read",
}
"""Kinds of files that keep their bytes in a classroom, and why; their names are marked."""


def assert_marked(page: str, answer: Any, data: bytes) -> str:
    """Assert that a file says TRAINING in its name and, by its kind, inside; gives the kind."""
    assert re.search(r"filename\*?=(\"|utf-8'')?TRAINING-", answer["Content-Disposition"]), page
    kind: str = answer["Content-Type"].partition(";")[0]
    if kind == "text/csv":
        first, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        assert first[-1] == "training", page
        assert {row[-1] for row in rows} <= {"TRAINING"}, page
        assert {len(row) for row in rows} <= {len(first)}, page
    elif kind == "application/json":
        value = json.loads(data)
        assert value.get("training") == "TRAINING" or SIGNED & value.keys(), page
    elif kind == "image/svg+xml":
        assert b">TRAINING</text></svg>" in data, page
    elif kind == "text/calendar":
        calendar = Calendar.from_ical(data)
        assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "TRAINING", page
        entries = calendar.walk("VEVENT")
        assert all(str(each["SUMMARY"]).startswith("TRAINING: ") for each in entries), page
    else:
        assert kind in UNMARKED, page
    return kind


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit with a trace, and the draft of a letter."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("marked")))
    saved(found, good("freeze"))
    return found


@pytest.fixture
def _in_classroom(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are those of a unit, with its cases; what leaves is marked as in a classroom."""
    from kancil.web import training_mark

    room = replace(site.workspace, site=Kind.CLASSROOM)
    monkeypatch.setattr(training_mark, "current_workspace", lambda: room)


def files_of(site: Site) -> dict[str, tuple[Any, bytes]]:
    """What each page with a sample sends as a file, by the page's name."""
    client = site.client("administrator")
    found: dict[str, tuple[Any, bytes]] = {}
    for each in pages():
        if "GET" not in each.methods:
            continue
        answer = client.get(address(each))
        if answer.status_code == 200 and answer.has_header("Content-Disposition"):
            data: Any = answer.getvalue()
            found[each.name] = (answer, data)
    return found


@pytest.mark.usefixtures("_in_classroom")
def test_every_file_of_a_classroom_is_marked_in_its_name_and_inside(site: Site) -> None:
    files = files_of(site)
    assert {"audit_file", "request_letter", "trace_picture"} <= files.keys()
    assert len(files) > 5
    kinds = {assert_marked(name, answer, data) for name, (answer, data) in files.items()}
    assert {"text/csv", "application/json", "image/svg+xml", "text/calendar"} <= kinds


def test_a_units_files_are_as_they_are(site: Site) -> None:
    for name, (answer, data) in files_of(site).items():
        assert "TRAINING" not in answer["Content-Disposition"], name
        assert b"TRAINING" not in data, name


def test_a_table_keeps_its_cells_whatever_pieces_it_comes_in() -> None:
    from kancil.ground.training_table import marked_table

    rows = [["a", "b"], ["ຄໍາ, x", 'says "no"\nand goes'], ["'=1+1", ""]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    whole = ("\ufeff" + out.getvalue()).encode()
    for size in (1, 3, 1000):
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        made = b"".join(marked_table(pieces, "TRAINING")).decode()
        assert made.startswith("\ufeff")
        read = list(csv.reader(io.StringIO(made.removeprefix("\ufeff"), newline="")))
        assert [row[:-1] for row in read] == rows
        assert [row[-1] for row in read] == ["training", "TRAINING", "TRAINING"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a":1}\n', b'{"a":1,"training":"T"}\n'),
        (b"{}", b'{"training":"T"}'),
        (b'{"signature":"s"}', b'{"signature":"s"}'),
        (b"[1]", b"[1]"),
        (b"no json", b"no json"),
    ],
)
def test_an_object_gets_a_member_and_a_signed_one_stays(data: bytes, expected: bytes) -> None:
    assert b"".join(marked_object([data], "T")) == expected


def test_a_calendar_is_the_same_but_for_the_word() -> None:
    at = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)
    said = "C1 R3: freeze, hold ends; \\ Δ — ខ្មែរ " * 4
    plain = calendar_file([Entry("a", at, said.strip(), 3), Entry("b", at, "short")], at)
    marked = b"".join(marked_calendar([plain[:50], plain[50:]], "TRAINING, a room"))
    assert max(len(line) for line in marked.split(b"\r\n")) <= 75, "RFC 5545, section 3.1"
    before, after = Calendar.from_ical(plain), Calendar.from_ical(marked)
    assert b"\r\nNAME:TRAINING\\, a room\r\n" in marked
    for one, two in zip(before.walk("VEVENT"), after.walk("VEVENT"), strict=True):
        assert two["SUMMARY"] == f"TRAINING, a room: {one['SUMMARY']}"
        assert two.walk("VALARM")[0]["DESCRIPTION"] == two["SUMMARY"]
        assert {k: v for k, v in two.items() if k != "SUMMARY"} == {
            k: v for k, v in one.items() if k != "SUMMARY"
        }
