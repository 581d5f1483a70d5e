"""What a command writes of a classroom says so inside; what it writes of a unit does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from kancil.cli.bitcoin.trace import _fetch_text
from kancil.cli.frame.door import Door
from kancil.ground.workspace import Site
from kancil.legal.calendar_file import calendar_file
from tests.desk.training.conftest import founded_room, room, sample, school, unit
from tests.desk.training.school import School
from tools.tree import ROOT

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
__all__ = ["founded_room", "room", "sample", "school", "unit"]


@pytest.mark.parametrize(
    ("site", "written"),
    [
        (Site.CLASSROOM, b"a,b,training\n1,2,TRAINING\n"),
        (Site.UNIT, b"a,b\n1,2\n"),
    ],
)
def test_a_table_of_a_classroom_is_marked(
    school: School, tmp_path: Path, site: Site, written: bytes
) -> None:
    door = Door(SimpleNamespace(obj={}), site=None)
    door.__dict__["workspace"] = replace(school.workspace, site=site)
    for name in ("trace.csv", "TRACE.CSV"):
        door.write(tmp_path / name, b"a,b\n1,2\n")
        assert (tmp_path / name).read_bytes() == written
    door.write(tmp_path / "list.txt", b"a,b\n")
    assert (tmp_path / "list.txt").read_bytes() == b"a,b\n"


def test_a_calendar_is_marked_and_what_is_read_again_is_not(school: School, tmp_path: Path) -> None:
    door = Door(SimpleNamespace(obj={}), site=None)
    door.__dict__["workspace"] = school.workspace
    door.write(tmp_path / "due.ics", calendar_file([], NOW))
    assert b"\r\nNAME:TRAINING\r\n" in (tmp_path / "due.ics").read_bytes()
    door.write(tmp_path / "mapping.json", b"{}")
    assert (tmp_path / "mapping.json").read_bytes() == b"{}"


@pytest.mark.parametrize(("mark", "first"), [("TRAINING", "# TRAINING\n"), ("", "")])
def test_a_fetch_list_of_a_classroom_begins_with_a_remark(mark: str, first: str) -> None:
    rows = [{"kind": "source", "outpoint": "ab:0"}, {"kind": "spend", "outpoint": "cd:1"}]
    assert _fetch_text({"fetch_list": rows}, mark) == first + "source ab:0\nspend cd:1\n"


def test_what_commands_write_for_people_goes_through_the_door_that_marks_it() -> None:
    """But for what is signed as it is: a certificate, a time stamp and its request, a slip."""
    doors = {"frame/door.py", "unit/slips.py", "unit/timestamps.py", "workspace/serve.py"}
    cli = ROOT / "src" / "kancil" / "cli"
    assert doors == {
        path.relative_to(cli).as_posix()
        for path in cli.rglob("*.py")
        if "write_durably" in path.read_text("utf-8")
    }
