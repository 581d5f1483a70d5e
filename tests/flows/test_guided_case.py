"""The guided case in a browser: an officer does it all, a reader reads, a stranger is sent off."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit, run, spawn
from tests.web.test_serving import ask, begun

PASSPHRASE = "sample key of a sample officer"
PASSWORD = "a password of my own 7"
WIDTHS = {"en": 1280, "km": 390}


@contextmanager
def served(unit: Unit) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve the unit with an officer, a reader and a stranger; gives the address and passwords."""
    words = ("--as", "O1")
    passwords = {"admin": unit.ask(*words, "serve", "--prepare")["administrator"]["password"]}
    for name, role, more in (
        ("dara", "examiner", ("--officer", "O1")),
        ("prosecutor", "reader", ()),
        ("stranger", "officer", ()),
    ):
        made = unit.ask("person", "add", name, "--name", name.title(), "--role", role, *more)
        passwords[name] = made["password"]
    for name in ("dara", "prosecutor"):
        unit.say(*words, "person", "join", "C1", name)
    assert (
        run("key", "guard", "O1", env={**unit.env(None), "KANCIL_PASSPHRASE": PASSPHRASE}).status
        == 0
    )
    child = spawn("--workspace", unit.root, "serve", "--port", "0")
    try:
        port, _ = begun(child)
        assert ask(port, "/sign-in/").status == 200
        yield f"http://localhost:{port}", passwords
    finally:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)


@contextmanager
def signed_in(
    browser: Browser, address: str, name: str, password: str, *, language: str = "en"
) -> Iterator[Page]:
    """Sign in for the first time, with a new password; nothing may go wrong on any page."""
    size = {"width": WIDTHS[language], "height": 900}
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if said.type in ("error", "warning") and "404" not in said.text
            else None
        ),
    )
    page.goto(address)
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("main button.main")
    page.fill("[name=oldpassword]", password)
    for field in page.query_selector_all("[name=password1], [name=password2]"):
        field.fill(PASSWORD)
    page.click("main button[type=submit]")
    try:
        yield page
        assert not faults, faults
    finally:
        context.close()


def fits(page: Page) -> None:
    """No page scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "km"])
def test_an_officer_does_the_whole_case_in_a_browser(
    browser: Browser, unit: Unit, tmp_path: Path, language: str
) -> None:
    with (
        served(unit) as (address, passwords),
        signed_in(browser, address, "dara", passwords["dara"], language=language) as page,
    ):
        page.goto(f"{address}/cases/1/")
        assert page.get_attribute("html", "lang") == language
        for path in ("", "exhibits/1/", "custody/", "people/", "findings/"):
            page.goto(f"{address}/cases/1/{path}")
            fits(page)
        page.goto(f"{address}/cases/1/money/1/")
        page.wait_for_selector("[data-money-graph] canvas", state="attached")
        fits(page)
        page.goto(f"{address}/cases/1/money/1/finding/?row=1")
        page.click("main .notice a[href*='/account/confirm/']")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**row=1")
        page.select_option("[name=finding_class]", "chain-fact")
        page.fill("[name=passphrase]", "not her passphrase")
        page.click("main button[type=submit]")
        assert page.url.endswith("row=1"), "a wrong passphrase accepts nothing"
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main button[type=submit]")
        page.wait_for_url("**/cases/1/findings/")
        page.goto(f"{address}/cases/1/report/")
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main button[type=submit]")
        with page.expect_download() as report:
            page.click("main table a")
        report.value.save_as(tmp_path / "report.pdf")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
        page.goto(f"{address}/cases/1/bundle/")
        page.fill("[name=purpose]", "for the court")
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main button[type=submit]")
        with page.expect_download() as bundle:
            page.click("main table a")
        bundle.value.save_as(tmp_path / "bundle.zip")
        page.goto(f"{address}/verify/")
        page.set_input_files("[name=bundle_file]", tmp_path / "bundle.zip")
        page.click("main button[type=submit]")
        page.wait_for_selector(".notice.intact")
        fits(page)
        data = bytearray((tmp_path / "bundle.zip").read_bytes())
        data[len(data) // 2] ^= 1
        (tmp_path / "changed.zip").write_bytes(data)
        page.set_input_files("[name=bundle_file]", tmp_path / "changed.zip")
        page.click("main button[type=submit]")
        page.wait_for_selector(".notice.danger")
    assert run("verify", tmp_path / "bundle.zip").status == 0
    assert run("verify", tmp_path / "changed.zip").status != 0
    checked = unit.ask("verify", unit.root)
    assert checked["intact"], checked


@pytest.mark.browser
def test_a_reader_reads_and_a_stranger_is_refused(browser: Browser, unit: Unit) -> None:
    with served(unit) as (address, passwords):
        with signed_in(browser, address, "prosecutor", passwords["prosecutor"]) as page:
            page.goto(f"{address}/cases/1/money/1/")
            assert page.query_selector("[data-money-graph]")
            assert not page.query_selector("a[href*='/finding/']")
            page.goto(f"{address}/cases/1/bundle/")
            assert not page.query_selector("[name=passphrase]")
            assert page.goto(f"{address}/cases/2/").status == 404  # type: ignore[union-attr]
        with signed_in(browser, address, "stranger", passwords["stranger"]) as page:
            for path in ("", "exhibits/1/", "money/1/", "bundle/", "report/", "people/"):
                assert page.goto(f"{address}/cases/1/{path}").status == 404, path  # type: ignore[union-attr]
            assert not re.search("The first payment", page.content())
