"""From keepers to a freeze letter in few clicks: findings, draft, check, authority, PDF."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from kancil.ground import clock
from kancil.ground.plain import plain
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, copied
from tests.cli.stated_files import RECEIVER
from tests.data.scam.make import MULE, Payout, tables_of
from tests.flows.workbench import PASSPHRASE, served, signed_in
from tests.legal.directory.sample import office
from tests.legal.lawfiles import LAW
from tests.reports.poppler import need, text_of
from tests.studies.reported.scam import mapping_of

pytestmark = pytest.mark.thorough

MOST_CLICKS, MOST_FIELDS = 8, 5
BANK = "Mekong Example Bank"


@dataclass
class Hand:
    """An officer at a page, whose clicks and fields are counted."""

    page: Page
    clicks: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def click(self, what: str) -> None:
        """Press one thing."""
        self.clicks.append(what)
        self.page.locator(what).first.click()
        self.page.wait_for_load_state("networkidle")

    def fill(self, name: str, value: str) -> None:
        """Fill a field of the page."""
        self.fields.append(name)
        self.page.locator(f"main [name={name}]").first.fill(value)


def prepared(unit: Unit, folder: Path) -> None:
    """Money of this week at a bank that the directory knows, and the unit's law."""
    at = clock.now().replace(microsecond=0) - timedelta(hours=20)
    tables = tables_of(Payout(at, FIRST_PAYMENT, RECEIVER, "10"))
    tables["complaints.csv"] = b"".join(tables["complaints.csv"].splitlines(keepends=True)[:3])
    for name in ("complaints.csv", "mule-bank.xlsx"):
        file, mapping = folder / name, folder / f"{name}.json"
        file.write_bytes(tables[name])
        mapping.write_text(json.dumps(mapping_of(name).as_dict()), encoding="utf-8")
        exhibit = unit.ask("exhibit", "add", "C1", file, "--title", name)["label"]
        unit.say("transfers", "read", exhibit, "--mapping", mapping)
    offices = folder / "offices.yaml"
    bank = office(id="la-mekong-bank", name=BANK, services=("MEB",))
    offices.write_text(json.dumps({"offices": [plain(bank)]}))
    unit.say("directory", "add", offices, "--how", "called")
    law = folder / "law.yaml"
    law.write_text(LAW.replace("country: XA", "country: LA"), encoding="utf-8")
    unit.say("law", "import", law)


@pytest.mark.browser
@pytest.mark.thorough
def test_a_first_freeze_letter_takes_eight_clicks_and_five_fields(
    browser: Browser, sample: Unit, tmp_path: Path
) -> None:
    need("pdftotext")
    unit = copied(sample, tmp_path)
    prepared(unit, tmp_path)
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    with served(unit) as bench, signed_in(browser, bench, "dara") as page:
        hand = Hand(page)
        page.goto(urljoin(page.url, "/cases/1/keepers/"))
        assert f"Ask first: {BANK}" in page.inner_text("main") or BANK in page.inner_text("main")
        hand.click("main form:has(table) button[type=submit]")
        assert "nothing in it proves it" in page.inner_text("main")
        hand.fill("passphrase", PASSPHRASE)
        hand.click("main form:has([name=passphrase]) button[type=submit]")
        assert page.locator("details.step").count() == 3
        hand.fill("t_contact", "duty@unit.example, day and night")
        hand.fill("t_hold_until", until)
        hand.click("main [name=law][value^='offences:']")
        hand.click("main [name=do][value=save-none]")
        hand.click("main a[href$='/requests/1/authorise/']")
        assert "You drafted this letter." in page.inner_text("main")
        if not page.locator("main [name=authority_post]").input_value():
            hand.fill("authority_post", "Head of the unit")
        hand.fill("passphrase", PASSPHRASE)
        hand.click("main form:has([name=passphrase]) button[type=submit]")
        with page.expect_download() as download:
            hand.clicks.append("pdf")
            page.click("main a[href$='/letter/pdf/']")
        letter = tmp_path / "letter.pdf"
        download.value.save_as(letter)
    assert len(hand.clicks) <= MOST_CLICKS, hand.clicks
    assert len(hand.fields) <= MOST_FIELDS, hand.fields
    printed = " ".join(text_of(letter).split())
    assert "DRAFT" not in printed
    for said in (BANK, MULE.replace("-", ""), "Annex 1:", until, "Cybercrime Act 2015"):
        assert said in printed, said
    assert "E4, line" not in printed, "the unit's own labels say nothing to a bank"
