"""Bundles of an older Kancil, opened in the page of today and in one that knows a policy more."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from kancil.reports.casework.bundle.page import build
from tests.flows.kept import ARCHIVE
from tests.page.browser import Desk
from tests.reports.make_sample_bundle import make_sample

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
MORE = ('byPlaces("lifo", true)];', 'byPlaces("lifo", true), byPlaces("extra-policy", true)];')


def papers() -> dict[str, bytes]:
    found = {}
    with tarfile.open(ARCHIVE) as packed:
        for name in ("first.zip", "mixed.zip"):
            file = packed.extractfile(f"papers/{name}")
            assert file is not None
            found[name] = file.read()
    return found


def test_bundles_of_an_older_kancil_come_out_the_same(desk: Desk) -> None:
    for name, bundle in papers().items():
        answer = desk.check(bundle)
        assert answer.verdict != "bad", (name, answer.texts)
        assert answer.states["table"] == "ok", (name, answer.texts)


def test_a_page_that_knows_a_policy_more_computes_them_by_the_policies_they_name(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = build.read_part
    monkeypatch.setattr(build, "read_part", lambda name: read(name).replace(*MORE))
    page = tmp_path / "verify.html"
    page.write_bytes(build.build_page())
    assert b"extra-policy" in page.read_bytes()
    before = desk.page.url
    desk.page.goto(page.as_uri())
    desk.page.click("summary")
    desk.wait()
    for name, bundle in papers().items():
        assert desk.check(bundle).states["table"] == "ok", name
    assert desk.check(make_sample().seal()).states["table"] == "ok"
    desk.page.goto(before)
    desk.page.click("summary")
    desk.wait()
