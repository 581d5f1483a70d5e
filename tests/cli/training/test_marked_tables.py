"""A table that a command writes of a classroom says so in its last column; one of a unit not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kancil.cli.frame.door import Door
from kancil.ground.workspace import Site
from tests.desk.training.conftest import founded_room, room, sample, school, unit
from tests.desk.training.school import School

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
