"""From an address in the search field to a finding, a report and a checked bundle: each click.

An officer of one case, signed in for an hour, goes by the address's own page and by the graph.
Every press of a mouse button or of Enter counts, and each secret that is typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.look import serving
from tests.web.signing import PASSPHRASE, PASSWORD, with_key
from tests.web.site import Site, site_of

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

MOST_CLICKS = 12
ADDRESS = "1Bidh2XFr9JzfXppeZd2cPKpbnJGvqCY4h"
"""Paid in block 370661; its coins go on over seventy transactions of that block."""
WHERE = """([kind, value]) => {
  const { stage, now } = document.querySelector('[data-canvas]').workplace;
  const box = [...now.graph.nodes.values()].find((one) =>
    one.subject.kind === kind && (one.subject.value.startsWith(value) || one.address === value));
  const frame = stage.cy.container().getBoundingClientRect();
  const at = stage.cy.getElementById(box.id).renderedPosition();
  return [frame.x + at.x, frame.y + at.y];
}"""
"""Where the middle of a box is on the screen."""


TRACED = """() => document.querySelector('[data-canvas]').workplace.now.view.sources
  .some((one) => one.kind === 'trace')"""
PAID = "3Ek2yVSXs49UvsTwvnXGM8Kg913JRFxDUp"
"""What the first of these transactions paid out of them."""


@dataclass
class Hand:
    """An officer at a page, whose clicks, fields and secrets are counted."""

    page: Page
    clicks: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def click(self, what: str) -> None:
        """Press one thing, and wait for what it brings."""
        self.clicks.append(what)
        self.page.locator(what).first.click()
        self.page.wait_for_load_state("networkidle")

    def find(self, text: str) -> None:
        """Paste into the search field, and press Enter."""
        self.page.fill("[name=q]", text)
        self.fields.append("q")
        self.clicks.append("Enter")
        self.page.press("[name=q]", "Enter")
        self.page.wait_for_load_state("networkidle")

    def click_box(self, kind: str, value: str) -> None:
        """Press the middle of a box of the canvas."""
        self.page.wait_for_selector("[data-canvas]:not([aria-busy])", state="attached")
        self.clicks.append(f"{kind} {value[:8]}")
        self.page.mouse.click(*self.page.evaluate(WHERE, [kind, value]))
        self.page.wait_for_selector("[data-canvas-subject]")
        self.page.wait_for_load_state("networkidle")

    def fill(self, name: str, value: str) -> None:
        """Fill a field of the page."""
        (self.secrets if "pass" in name else self.fields).append(name)
        self.page.locator(f"main [name={name}]").fill(value)

    def signs(self) -> None:
        """Type what the page asks of who signs, where it is time the password too."""
        if self.page.locator("main [name=sign_in_password]").count():
            self.fill("sign_in_password", PASSWORD)
        self.fill("passphrase", PASSPHRASE)


@pytest.fixture
def live(sample: Unit, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """Serve a unit of its own, whose policy is set: no case of it names the address yet."""
    site = site_of(copied(sample, tmp_path))
    from kancil.desk.studies.asking import choose_default_policy

    with_key(site, "officer")
    choose_default_policy(site.ledger, policy="haircut", reason="rule 3 of the unit", by=site.by)
    from django.core.wsgi import get_wsgi_application

    with pytest.MonkeyPatch.context() as patch:
        # Playwright leaves an event loop in this thread, in which Django would refuse its tables.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with serving(get_wsgi_application()) as address:
            yield site, address


@contextmanager
def at_work(browser: Browser, live: tuple[Site, str]) -> Iterator[Hand]:
    """A window of the officer, who signed in an hour ago; nothing may go wrong in it."""
    site, address = live
    client = site.client("officer")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value,
                          "url": address}])  # fmt: skip
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/")
    try:
        yield Hand(page)
        assert not faults, faults
    finally:
        context.close()


def accepts_prints_and_checks(hand: Hand) -> None:
    """Sign a finding, its report and a bundle on one page, and have the bundle checked."""
    hand.click("main label:has(.sentence)")
    hand.click("main [name=also_make][value=report]")
    hand.click("main [name=also_make][value=bundle]")
    hand.fill("purpose", "for the court")
    assert "custody of E1–E2" in hand.page.inner_text("main"), "what is signed stands there"
    hand.signs()
    hand.click("main form button.main")
    told = hand.page.inner_text("main")
    for done in ("was accepted.", "The report was made.", "The bundle was made."):
        assert done in told
    hand.click("main form button.main")
    assert hand.page.locator("main .notice.intact").count()
    assert not hand.page.locator("main .notice.danger").count()


def took_few(hand: Hand, clicks: int) -> None:
    """So many clicks; the purpose; who is there, and the passphrase, once each."""
    assert len(hand.clicks) == clicks, hand.clicks
    assert hand.fields == ["q", "purpose"]
    assert hand.secrets == ["sign_in_password", "passphrase"]
    assert clicks <= MOST_CLICKS


def test_by_search_an_address_becomes_a_checked_bundle_in_nine_clicks(
    browser: Browser, live: tuple[Site, str]
) -> None:
    with at_work(browser, live) as hand:
        hand.find(ADDRESS)
        hand.click("main a[href$='/trace/']")
        hand.click("main form button.main")
        hand.click("main a[href*='/finding/?row=']")
        accepts_prints_and_checks(hand)
        took_few(hand, 9)


def test_by_the_graph_an_address_becomes_a_checked_bundle_in_eleven_clicks(
    browser: Browser, live: tuple[Site, str]
) -> None:
    with at_work(browser, live) as hand:
        hand.find(ADDRESS)
        hand.click("main a[href$='/graph/']")
        hand.page.wait_for_function(
            "document.querySelector('[data-canvas]').workplace !== undefined"
        )
        hand.click_box("output", ADDRESS)
        hand.click("[data-panel] [data-canvas-act=trace][data-direction=forward]")
        hand.page.wait_for_function(TRACED)
        hand.click_box("output", PAID)
        hand.click("[data-panel] a[href*='/finding/?row=']")
        accepts_prints_and_checks(hand)
        took_few(hand, 11)
