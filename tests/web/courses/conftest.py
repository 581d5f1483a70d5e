"""A classroom, served, with the sample course imported."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from kancil.training.courses import checks, kept, pack
from kancil.training.courses.pack import write_pack
from kancil.training.labs import LABS
from tests.desk import desks  # importing it sets Django up
from tests.desk.training.conftest import founded_room, room, sample, school, unit
from tests.desk.training.school import School
from tests.training.courses.sample import sample_files, the_sample_lab
from tests.training.courses.test_pack import KEY, SIGNER
from tests.web.courses.schoolroom import CLASSROOM, Schoolroom

__all__ = ["desks", "founded_room", "room", "sample", "school", "unit"]


@pytest.fixture
def schoolroom(school: School, monkeypatch: pytest.MonkeyPatch) -> Iterator[Schoolroom]:
    """The sample course among the courses; packs are read here, where its lab is known."""
    monkeypatch.setattr(checks, "LABS", (*LABS, *the_sample_lab()))
    for name in ("open_pack", "read_outline", "pack_files"):
        monkeypatch.setattr(pack, name, getattr(pack, name).here)
    for name in ("open_pack", "pack_files"):
        monkeypatch.setattr(kept, name, getattr(pack, name))
    data, _ = write_pack(sample_files(), SIGNER)
    opened = kept.keep_pack(school.workspace.root, data, name="sample", fingerprint=KEY)
    with override_settings(ROOT_URLCONF=CLASSROOM):
        yield Schoolroom(school, opened.course)
