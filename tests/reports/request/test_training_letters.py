"""A letter of a classroom says TRAINING in each of its forms; a unit's says nothing of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kancil.reports.casework.request.facts import Letterhead
from tests.reports.poppler import text_of
from tests.reports.request.sample import AUTHORISED, UNIT, draft, made

ROOM = replace(UNIT, is_training=True)


def _text(folder: Path, unit: Letterhead, *, is_draft: bool) -> str:
    path = folder / "letter.pdf"
    path.write_bytes(made(draft(), unit=unit, authorised=None if is_draft else AUTHORISED).data)
    return text_of(path)


@pytest.mark.parametrize("unit", [UNIT, ROOM], ids=["unit", "classroom"])
def test_every_page_of_a_letter_is_marked(unit: Letterhead, tmp_path: Path) -> None:
    pages = _text(tmp_path, unit, is_draft=False).rstrip("\f").split("\f")
    assert {"TRAINING" in page for page in pages} == {unit.is_training}
    text = _text(tmp_path, unit, is_draft=True)
    assert ("TRAINING" in text) is unit.is_training
    assert "DRAFT" in text.upper()


def test_its_machine_form_names_the_site() -> None:
    for unit, site in ((UNIT, None), (ROOM, "classroom")):
        assert json.loads(made(draft(), "json", unit=unit).data).get("site") == site
        html = made(draft(), "html", unit=unit).data.decode("utf-8")
        assert ("TRAINING" in html) is (site is not None)
