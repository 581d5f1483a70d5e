"""Freeze first: from a reported transfer to a letter that may leave, in a browser, without script.

Two clicks make the letter; the officer signs what the table reports, adds what they alone know, and
a named authority lets it go. What is printed names the account, the amount and the victim's report.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit
from tests.flows.workbench import PASSPHRASE, served, signed_in
from tests.reports.poppler import need, text_of
from tests.web.scam_site import read_tables

KNOWN_TO_THE_OFFICER = {
    "t_contact": "duty@unit.example, answered day and night",
    "t_order_to_follow": "An order of the court follows.",
    "t_signatory": "Head of the unit",
    "offences-country": "LA",
    "offences-law": "Penal Code of Tests",
    "offences-article": "12",
    "offences-text": "Whoever deceives another to obtain money is punished.",
}


def fill(page: Page) -> None:
    """Add what the case does not say."""
    today = date.today()  # noqa: DTZ011  # a day far enough ahead in any zone
    days = {"t_hold_until": 14, "t_order_by": 7}
    given = {name: (today + timedelta(days=ahead)).isoformat() for name, ahead in days.items()}
    if not page.locator("[name=offences-law]").count():
        page.click("button[value='add:offences']")
        page.wait_for_load_state("networkidle")
    for name, value in {**KNOWN_TO_THE_OFFICER, **given}.items():
        page.locator(f"[name={name}]").last.fill(value)
    page.click(".save button[value=save]")
    page.wait_for_url(lambda url: "tab=check" in url)


@pytest.mark.browser
@pytest.mark.thorough
def test_from_a_reported_transfer_to_a_letter_that_may_leave(
    browser: Browser, unit: Unit, tmp_path: Path
) -> None:
    read_tables(unit, tmp_path)
    with served(unit) as bench, signed_in(browser, bench, "dara") as page:
        page.goto(f"{bench.address}/cases/1/stated/")
        page.click("tr:has-text('E4, line 2') a:has-text('stop it')")
        row = page.locator("tr:has-text('Mekong Example Bank')")
        row.get_by_text("Sign this finding first").click()
        assert "50\u202f000\u202f000 LAK came to 0305551112" in page.inner_text("main")
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main form button.main")
        page.wait_for_load_state("networkidle")
        assert "F1" in row.inner_text()

        row.locator("[name=keeper]").check()
        page.click("main form.choosing button.main")
        page.wait_for_url(lambda url: "/requests/1/" in url)
        page.goto(f"{bench.address}/cases/1/requests/1/edit/")
        fill(page)
        page.goto(f"{bench.address}/cases/1/requests/1/authorise/")
        page.fill("[name=authority_name]", "A. Head")
        page.fill("[name=authority_post]", "Head of the unit")
        page.click("main form button.main")
        page.wait_for_url(lambda url: "tab=happened" in url)
    letter = tmp_path / "letter.pdf"
    unit.say("request", "print", "R1", "-o", letter)
    need("pdftotext")
    printed = " ".join(text_of(letter).split())
    for words in (
        "Mekong Example Bank",
        "0305551112",
        "50 000 000 LAK",
        "TXN-778120",
        "F1",
    ):
        assert words in printed, words
    assert "Invented One" not in printed
    assert "TXN-778121" not in printed, "the transfer that was asked about alone"
