"""A new officer goes from a pasted address to a signed report, in few clicks and three forms.

Signing in comes before: the first password, and the officer's own key. Then every click on the
page is counted by the page itself, and each form that is sent. The legal basis is stated, and the
finding is chosen by the sentence that is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from kancil.cli.frame.desk import desk_ledger
from kancil.custody.acting import ActingOfficer
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Roll
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.flows.workbench import PASSWORD, Served, served

pytestmark = pytest.mark.thorough

KEY_PHRASE = "my own key, known to nobody"
NEW = "stranger"
"""An officer of the unit who has no key yet and belongs to no case."""
MOST_CLICKS, MOST_FORMS = 12, 3
ADDRESS = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S"
"""Of the key that block 9 paid: ten of its fifty coins were the first payment."""
COUNT = """
addEventListener('click', (event) => { if (event.isTrusted) count('clicks'); }, true);
addEventListener('submit', () => count('forms'), true);
function count(name) {
  sessionStorage[name] = Number(sessionStorage[name] || 0) + 1;
}
"""


@pytest.fixture(scope="module")
def bench(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    unit = copied(sample, tmp_path_factory.mktemp("new-officer"))
    set_policy(unit)
    with served(unit) as given:
        yield given


def set_policy(unit: Unit) -> None:
    """Have the unit's policy set, as a supervisor does once."""
    workspace = open_workspace(unit.root)
    ledger = desk_ledger(workspace)
    from kancil.desk.studies.asking import choose_default_policy

    officer = ledger.folded(Roll).officer("O1").id
    by = ActingOfficer(officer, KeyRing(workspace.keys_dir).officer_signer(officer))
    choose_default_policy(ledger, policy="haircut", reason="rule 3 of the unit", by=by)


def signs_in(page: Page, bench: Served) -> None:
    """Sign in for the first time: a password of one's own, and a key of one's own."""
    page.goto(bench.address)
    page.fill("[name=login]", NEW)
    page.fill("[name=password]", bench.passwords[NEW])
    page.click("main button.main")
    assert "At least 12 characters" in page.inner_text("main"), "the rule stands before failing"
    page.fill("[name=oldpassword]", bench.passwords[NEW])
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/key/")
    page.fill("[name=passphrase]", KEY_PHRASE)
    page.fill("[name=passphrase_again]", KEY_PHRASE)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{bench.address}/")


@pytest.mark.browser
def test_a_pasted_address_becomes_a_signed_report_in_few_clicks(
    browser: Browser, bench: Served, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    signs_in(page, bench)
    page.add_init_script(COUNT)
    page.reload()

    page.click("main a[href='/cases/new/']")
    page.fill("[name=case_title]", "Paid to a listed address")
    page.select_option("[name=basis_kind]", "order")
    page.fill("[name=authority]", "Court of Vientiane")
    page.fill("[name=basis_number]", "7/2026")
    page.fill("[name=issued_on]", "2026-03-09")
    page.fill("[name=first_start]", f"bitcoin:{ADDRESS}?amount=1")
    page.click("main button.main")
    page.wait_for_url("**/money/*/")
    page.click("a[href*='/finding/?row=']")
    chosen = page.locator("main label:has(.sentence)").nth(1)
    assert "Transaction" in chosen.inner_text()
    chosen.click()
    page.fill("[name=passphrase]", KEY_PHRASE)
    page.click("main button.main")
    page.wait_for_url("**/findings/")
    page.click(".step-bar a[href$='/report/']")
    page.fill("[name=passphrase]", KEY_PHRASE)
    page.click("main button.main")
    page.wait_for_selector("main table a[href$='.pdf']")
    with page.expect_download() as download:
        page.click("main table a[href$='.pdf']")
    report = tmp_path / "report.pdf"
    download.value.save_as(report)

    assert report.read_bytes().startswith(b"%PDF")
    assert int(page.evaluate("sessionStorage.clicks")) <= MOST_CLICKS
    assert int(page.evaluate("sessionStorage.forms")) == MOST_FORMS
    context.close()
