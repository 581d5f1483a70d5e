"""How the page looks and can be used: contrast, small screens, keyboard, print, large files."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kancil.reports.casework.bundle.page.build import FOLDER
from tests.page.browser import WITHOUT_CRYPTO, Desk, open_desk
from tests.page.bundle_maker import Plan, make_bundle

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

TEXT_PAIRS = [
    ("ink", "ground"), ("ink", "paper"), ("ink-2", "ground"), ("ink-2", "paper"),
    ("brand", "paper"), ("brand-ink", "brand"), ("intact", "intact-soft"), ("warn", "warn-soft"),
    ("danger", "danger-soft"), ("ink", "intact-soft"), ("ink", "warn-soft"),
    ("ink", "danger-soft"), ("ink-2", "still-soft"),
]  # fmt: skip
EDGE_PAIRS = [("line-strong", "paper"), ("line-strong", "ground"), ("intact", "paper"),
              ("warn", "paper"), ("danger", "paper")]  # fmt: skip
LARGE_BYTES = 50_000_000


def tokens(theme: str) -> dict[str, str]:
    css = (FOLDER / "style.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    held = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", blocks[0]))
    if theme == "dark":
        held |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", blocks[1]))
    return held


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_have_the_contrast_of_aa(theme: str) -> None:
    held = tokens(theme)
    for pairs, least in ((TEXT_PAIRS, 4.5), (EDGE_PAIRS, 3.0)):
        for one, other in pairs:
            assert contrast(held[one], held[other]) >= least, (one, other)


def test_only_the_tokens_have_numbers_for_colours() -> None:
    css = (FOLDER / "style.css").read_text()
    rest = re.sub(r":root \{.*?\}", "", css, flags=re.DOTALL).replace("color: #fff;", "", 1)
    assert re.findall(r"#[0-9a-f]{3,6}\b", rest) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_over_the_side(browser: Browser, width: int) -> None:
    desk = open_desk(browser, viewport={"width": width, "height": 800})
    desk.check(make_bundle())
    over = desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not over


def test_the_answer_is_announced_and_the_page_has_its_parts(desk: Desk) -> None:
    desk.check(make_bundle())
    live = desk.page.locator("[aria-live=polite]")
    assert "Unchanged since it was signed" in live.inner_text()
    assert desk.page.locator("h1").count() == 1
    assert desk.page.get_by_label("Fingerprint of the signer’s key").count() == 1
    assert desk.page.get_by_label("Checkpoint", exact=True).count() == 1
    assert desk.page.get_by_label("Choose the bundle").count() == 1


def test_everything_can_be_reached_by_keyboard(browser: Browser) -> None:
    desk = open_desk(browser)
    desk.check(make_bundle())
    desk.page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(12):
        desk.page.keyboard.press("Tab")
        reached.add(
            desk.page.evaluate("document.activeElement.id || document.activeElement.tagName")
        )
    wanted = {"bundle", "SUMMARY", "fingerprint", "checkpoint", "checkpoint-file", "again", "own",
              "print"}  # fmt: skip
    assert wanted <= reached


def test_the_answer_prints_on_one_page_and_the_statements_on_another(browser: Browser) -> None:
    desk = open_desk(browser)
    desk.check(make_bundle(Plan(sealed=frozenset({6}))))
    printed = desk.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2


def test_a_file_is_taken_by_drag_and_drop(browser: Browser) -> None:
    desk = open_desk(browser)
    desk.page.evaluate(
        """(text) => {
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const files = new DataTransfer();
          files.items.add(new File([bytes], 'bundle.zip'));
          document.body.dispatchEvent(
            new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
        }""",
        base64.b64encode(make_bundle()).decode(),
    )
    desk.page.wait_for_selector("#result:not([hidden])")
    assert desk.read().verdict == "unchanged"


@pytest.mark.thorough
@pytest.mark.parametrize("before", ["", WITHOUT_CRYPTO])
def test_fifty_megabytes_do_not_freeze_the_page(
    browser: Browser, tmp_path: Path, before: str
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(make_bundle(Plan(extra={"analysis/report.html": b"x" * LARGE_BYTES})))
    desk = open_desk(browser, before)
    desk.page.evaluate(
        """() => {
          window.longest = 0;
          let last = performance.now();
          setInterval(() => {
            const now = performance.now();
            window.longest = Math.max(window.longest, now - last);
            last = now;
          }, 20);
        }"""
    )
    began = time.monotonic()
    answer = desk.check(path)
    took = time.monotonic() - began
    longest = desk.page.evaluate("window.longest")
    print(f"50 MB in {took:.1f} s, longest pause {longest:.0f} ms")  # noqa: T201
    assert answer.verdict == "unchanged"
    # A frozen page pauses once, for all of it, however quick the machine is.
    assert longest < took * 1000 / 2
