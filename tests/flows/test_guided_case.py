"""The guided case in a browser: an officer does it all, a reader reads, a stranger is sent off.

One served unit for every width and language, one case, in which each run accepts a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import Browser, Download, Page

from kancil.cli.frame.desk import desk_ledger
from kancil.custody.roll import Roll
from kancil.ground.clock import now
from kancil.ground.workspace import open_workspace
from kancil.reports.casework.bundle.checker.verdict import EXIT_BYTES, EXIT_NOT_CONFIRMED
from kancil.reports.pdf.check import check_pdf
from tests.cli.running import Unit, run
from tests.cli.sample_unit import copied
from tests.flows.workbench import PASSPHRASE, PASSWORD, Served, served, signed_in
from tests.reports import poppler

pytestmark = pytest.mark.thorough

TITLE = "The first payment"
STEPS = 8
"""From the legal basis to the checked bundle; a reader has three of their own."""


@dataclass(frozen=True)
class Papers:
    """What an officer leaves with."""

    report: Path
    bundle: Path


@pytest.fixture(scope="module")
def workbench(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve one unit for all runs, as `make demo` leaves it: its first case is the guided one."""
    unit = copied(sample, tmp_path_factory.mktemp("guided"))
    with served(unit) as given:
        (unit.root / "desk" / "guided-case").write_text("1\n", "ascii")
        yield given


def fits(page: Page) -> None:
    """No page scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def begin(page: Page, bench: Served, count: int) -> None:
    """Begin the guided case from the home page, once."""
    page.goto(bench.address)
    page.click("main .notice a[href*='/cases/1/']")
    page.wait_for_load_state()
    stands_at(page, 1, count)


def next_step(page: Page, number: int, count: int = STEPS) -> None:
    """Go on by the button of the guided case, wherever the step has led."""
    page.click(".guide a.btn")
    page.wait_for_load_state()
    stands_at(page, number, count)


def stands_at(page: Page, number: int, count: int) -> None:
    """The page is there, and says which step it is of how many."""
    assert page.locator("main h1").count() == 1
    assert re.search(rf"{number}\D+{count}", page.inner_text(".guide b")), page.url
    assert page.locator(".step-bar [aria-current=step]").count() or number == STEPS
    fits(page)


def shows_themselves(page: Page) -> None:
    """Show who is there, where the page asks for it."""
    asks = page.locator("main [name=sign_in_password]")
    if asks.count():
        asks.fill(PASSWORD)


def made_file(page: Page) -> Download:
    """Sign what the page makes, and take the file that was not there before."""

    def links() -> list[str]:
        return [str(each.get_attribute("href")) for each in page.query_selector_all("main table a")]

    before = set(links())
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    (new,) = [each for each in links() if each not in before]
    with page.expect_download() as download:
        page.click(f'main table a[href="{new}"]')
    return download.value


def findings(page: Page) -> set[str]:
    """Name the findings that the page shows."""
    return set(re.findall(r"\bF[0-9]+\b", page.inner_text("main")))


def accepts_a_finding(page: Page, bench: Served, row: int) -> None:
    there = page.url
    page.goto(f"{bench.address}/cases/1/findings/")
    before = findings(page)
    page.goto(f"{there}?row={row}")
    shows_themselves(page)
    page.locator("main label:has(.sentence)").nth(1).click()
    page.fill("[name=passphrase]", "not her passphrase")
    page.click("main button[type=submit]")
    page.wait_for_selector("#form-errors")
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("main button[type=submit]")
    page.wait_for_url("**/cases/1/findings/")
    assert len(findings(page) - before) == 1, "each run accepts one more"


def officer_does_it_all(page: Page, bench: Served, row: int, folder: Path) -> Papers:
    """Walk every step of the guided case by its own button, and look at the case's other rooms."""
    begin(page, bench, STEPS)
    assert TITLE in page.inner_text("h1")
    next_step(page, 2)
    assert page.locator("main .id").count(), "an exhibit shows its digest"
    next_step(page, 3)
    fits(page)
    next_step(page, 4)
    accepts_a_finding(page, bench, row)
    papers = Papers(folder / "report.pdf", folder / "bundle.zip")
    next_step(page, 5)
    next_step(page, 6)
    shows_themselves(page)
    made_file(page).save_as(papers.report)
    next_step(page, 7)
    page.fill("[name=purpose]", "for the court")
    made_file(page).save_as(papers.bundle)
    next_step(page, 8)
    sees_a_damaged_copy_fail(page)
    for path in ("custody/", "people/", "findings/drafts/"):
        page.goto(f"{bench.address}/cases/1/{path}")
        fits(page)
    return papers


def sees_a_damaged_copy_fail(page: Page) -> None:
    """The bundle that is kept holds; a copy with one other bit does not. The bundle stays."""
    for do, is_danger in (("main button.main", False), ("[name=do][value=damage]", True)):
        page.click(do)
        page.wait_for_selector("main .notice.danger" if is_danger else "main .notice.intact")
        assert page.locator("main .notice.danger").count() == is_danger
        fits(page)


def checks_papers(page: Page, bench: Served, papers: Papers) -> None:
    """Check both papers on the site: as they are they hold, with one byte changed they do not.

    By whom the bundle was signed nobody has told yet.
    """
    for paper, holds in ((papers.bundle, "warn"), (papers.report, "intact")):
        changed = flipped(paper)
        for file, level in ((paper, holds), (changed, "danger")):
            page.goto(f"{bench.address}/verify/")
            page.set_input_files("[name=bundle_file]", file)
            page.click("main button[type=submit]")
            page.wait_for_selector(f"main .notice.{level}")
            fits(page)
            assert page.locator("main .notice.danger").count() == (level == "danger")


def flipped(paper: Path) -> Path:
    """Write a copy in which one bit of one byte in the middle is another."""
    data = bytearray(paper.read_bytes())
    data[len(data) // 2] ^= 1
    changed = paper.with_stem(f"{paper.stem}-changed")
    changed.write_bytes(data)
    return changed


def papers_hold(bench: Served, papers: Papers) -> None:
    """Check both papers without the site, by pyHanko, by poppler, by the command."""
    ledger = desk_ledger(open_workspace(bench.unit.root))
    pems = [str(each.body["pem"]) for each in ledger.folded(Roll).certificates]
    trusted = [x509.load_pem_x509_certificate(pem.encode("ascii")) for pem in pems]
    whole = check_pdf(papers.report, trusted, at=now())
    assert whole.is_unchanged
    assert whole.is_trusted, "it hangs on the certificate that the ledger names"
    assert not poppler.run("pdfsig", "-nocert", flipped(papers.report)).count("Signature is Valid")
    assert not check_pdf(flipped(papers.report), trusted, at=now()).is_unchanged
    poppler.need("pdfsig")
    said = poppler.run("pdfsig", "-nocert", papers.report)
    assert "Signature is Valid" in said, said
    assert run("verify", papers.bundle).status == EXIT_NOT_CONFIRMED
    assert run("verify", flipped(papers.bundle)).status == EXIT_BYTES


def reader_reads(page: Page, bench: Served, papers: Papers) -> None:
    """See the case and check its papers; everything that writes is refused."""
    begin(page, bench, 3)
    for number in (2, 3):
        next_step(page, number, 3)
        assert not page.locator("main [name=passphrase]").count(), number
    sees_a_damaged_copy_fail(page)
    page.goto(f"{bench.address}/cases/1/money/1/")
    page.wait_for_selector("img[src$='/picture.svg']", state="attached")
    assert not page.locator("a[href*='/finding/'], form[action$='/select/']").count()
    ask_for = page.context.request
    for path in ("money/1/finding/", "money/1/select/", "findings/drafts/"):
        assert ask_for.get(f"{bench.address}/cases/1/{path}").status == 403, path
    assert ask_for.get(f"{bench.address}/cases/2/").status == 404
    checks_papers(page, bench, papers)


def stranger_is_refused(page: Page, bench: Served) -> None:
    """Find no case at all: not its pages, not its files, not on the home page."""
    assert not page.locator("main a[href*='/cases/1/']").count()
    for path in ("", "exhibits/1/", "money/1/", "bundle/", "report/", "people/", "findings/"):
        answer = page.goto(f"{bench.address}/cases/1/{path}")
        assert answer is not None
        assert answer.status == 404, path
        fits(page)
        assert TITLE not in page.content(), path
    page.goto(bench.address)
    assert TITLE not in page.content()


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width", "row"),
    [("en", 1280, 1), ("km", 390, 2), ("km", 1280, 3), ("en", 390, 4)],
)
def test_an_officer_a_reader_and_a_stranger_walk_the_guided_case(
    browser: Browser, workbench: Served, tmp_path: Path, language: str, width: int, row: int
) -> None:
    with signed_in(browser, workbench, "dara", width=width, language=language) as page:
        papers = officer_does_it_all(page, workbench, row, tmp_path)
        checks_papers(page, workbench, papers)
    papers_hold(workbench, papers)
    with signed_in(browser, workbench, "prosecutor", width=width, language=language) as page:
        reader_reads(page, workbench, papers)
    with signed_in(browser, workbench, "stranger", width=width, language=language) as page:
        stranger_is_refused(page, workbench)
    checked = workbench.unit.ask("verify", workbench.unit.root)
    assert checked["intact"], checked
