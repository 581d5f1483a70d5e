"""Every file that a classroom's pages send says TRAINING, whichever page sends it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from kancil.ground.workspace import Site as Kind
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.legal.letters import good
from tests.web.site import Site, site_of
from tests.web.test_permissions import address, pages
from tests.web.test_request_form import saved

SIGNED = {"signature", "statement", "proof"}


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
    kinds = set()
    for name, (answer, data) in files.items():
        assert re.search(r"filename\*?=(\"|utf-8'')?TRAINING-", answer["Content-Disposition"]), name
        kind = answer["Content-Type"].partition(";")[0]
        kinds.add(kind)
        if kind == "text/csv":
            first, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            assert first[-1] == "training", name
            assert {row[-1] for row in rows} <= {"TRAINING"}, name
            assert {len(row) for row in rows} <= {len(first)}, name
        elif kind == "application/json":
            value = json.loads(data)
            assert value.get("training") == "TRAINING" or SIGNED & value.keys(), name
        elif kind == "image/svg+xml":
            assert b">TRAINING</text></svg>" in data, name
    assert {"text/csv", "application/json", "image/svg+xml"} <= kinds


def test_a_units_files_are_as_they_are(site: Site) -> None:
    for name, (answer, data) in files_of(site).items():
        assert "TRAINING" not in answer["Content-Disposition"], name
        if answer["Content-Type"].startswith(("text/csv", "image/svg", "application/json")):
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
    from kancil.web.training_mark import _json

    assert b"".join(_json([data], "T")) == expected
