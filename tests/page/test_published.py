"""The list of published pages only grows, and knows the page that is built today."""

from __future__ import annotations

import hashlib
import re

from kancil.reports.casework.bundle.manifest import FORMAT_NUMBER, TRACES_NUMBER
from kancil.reports.casework.bundle.page.build import PAGE, published_module
from kancil.reports.casework.bundle.page.published import LIST, published, published_before

ONCE_PUBLISHED = (
    "2ef0a2091ad7dc781ff01315a2dd8495ddd896c90d57d829954492f9090b130d kancil-bundle/1",
    "aa04211fb3b586f5ae224606f703416b8cb73f6ad798553fd19bca08ee7a433b kancil-bundle/2",
)
"""Lines that are never changed or removed: bundles out there name these pages. Add, never edit."""


def test_published_lines_are_never_removed_or_changed() -> None:
    lines = tuple(LIST.read_text("ascii").splitlines())
    assert lines[: len(ONCE_PUBLISHED)] == ONCE_PUBLISHED
    assert len(set(lines)) == len(lines)
    assert all(re.fullmatch(r"[0-9a-f]{64} kancil-bundle/[1-9][0-9]*", line) for line in lines)


def test_the_page_of_today_is_published_last_and_for_the_format_of_today() -> None:
    digest = hashlib.sha256(PAGE.read_bytes()).hexdigest()
    assert LIST.read_text("ascii").splitlines()[-1] == f"{digest} kancil-bundle/{FORMAT_NUMBER}"
    assert published()[digest] == FORMAT_NUMBER


def test_the_page_holds_those_of_the_first_format_and_never_its_own() -> None:
    older = published_before(TRACES_NUMBER)
    assert {line.split()[0] for line in ONCE_PUBLISHED if line.endswith("/1")} <= older
    page = PAGE.read_text("utf-8")
    assert published_module() in page.replace("const PUBLISHED", "export const PUBLISHED")
    newer = set(published()) - older
    assert newer
    assert not [digest for digest in newer if digest in page]
