"""From the invented swindle to a freeze letter: keepers, finding, draft, check, authority, PDF."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit
from tests.flows.workbench import PASSPHRASE, PASSWORD, served, signed_in
from tests.reports.poppler import need, text_of
from tests.web.scam_site import read_tables

pytestmark = pytest.mark.thorough


def signs_the_finding(page: Page) -> None:
    """Read what the table reports, and sign it with one's own key."""
    page.goto(urljoin(page.url, "/cases/1/keepers/"))
    page.locator("a[href*='/keepers/sign/']").first.click()
    assert "nothing in it proves it" in page.inner_text("main")
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/keepers/**")


def drafts(page: Page) -> None:
    """Tick the keeper to ask first; what is not in the case is filled in."""
    page.goto(urljoin(page.url, "/cases/1/keepers/"))
    page.locator("main table input[type=checkbox]").first.check()
    page.click("main form:has(table) button[type=submit]")
    page.wait_for_url("**/requests/1/**")
    page.click("main a[href$='/requests/1/edit/']")
    for label, text in (
        ("Contact", "duty@unit.example, day and night"),
        ("Signed by", "Head of the unit"),
        ("Hold sought until", "2099-01-31"),
        ("What follows", "An order of the court."),
        ("It follows by", "2099-01-15"),
        ("Law", "Penal Code of Tests"),
        ("Article", "12"),
        ("Human-rights check made by", "Dara S., head of the unit"),
        ("Text", "Whoever deceives another to obtain money is punished."),
    ):
        page.get_by_label(label, exact=True).first.fill(text)
    questions = page.locator("select[name^=r_]")
    assert questions.count() == 6
    for place in range(6):
        assert questions.nth(place).input_value() == "", "no answer by default"
        questions.nth(place).select_option("no-risk")
    page.locator("main form button.main[type=submit]").last.click()
    page.wait_for_url("**/requests/1/**")


def authorises(page: Page) -> None:
    """A named authority decides; who is at the keyboard confirms it."""
    page.goto(urljoin(page.url, "/cases/1/requests/1/authorise/"))
    page.fill("[name=authority_name]", "Dara S.")
    page.fill("[name=authority_post]", "Head of the unit")
    page.click("main form button[type=submit]")
    if page.locator("main [name=password]").count():
        page.fill("main [name=password]", PASSWORD)
        page.click("main form button[type=submit]")
    page.wait_for_url("**/requests/1/**")


@pytest.mark.browser
@pytest.mark.thorough
def test_a_freeze_letter_leaves_the_case_of_the_swindle(
    browser: Browser, sample: Unit, tmp_path: Path
) -> None:
    need("pdftotext")
    from tests.cli.sample_unit import copied

    unit = copied(sample, tmp_path)
    read_tables(unit, tmp_path)
    with served(unit) as bench, signed_in(browser, bench, "dara") as page:
        signs_the_finding(page)
        drafts(page)
        authorises(page)
        page.goto(urljoin(page.url, "/cases/1/requests/1/"))
        with page.expect_download() as download:
            page.click("main a[href$='/letter/pdf/']")
        letter = tmp_path / "letter.pdf"
        download.value.save_as(letter)
    printed = " ".join(text_of(letter).split())
    assert "DRAFT" not in printed
    for said in ("300.5", "USDT", "Tether", "E4, line 4", "Dara S.", "2099-01-31"):
        assert said in printed
