"""Taking files in, in a browser: hashed there, cut, gone on with, equal, and in the case."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.cli.fixtures import sample
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.flows.workbench import served
from tests.web.watching import Watched, watch

__all__ = ["sample"]
PASSWORD = "a password of my own 7"
DATA = os.urandom(9_500_000)
PIECE = re.compile(r"/uploads/[0-9a-f-]{36}/1/$")

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def address(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a unit whose officer has a password."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KANCIL_HOME", "KANCIL_OFFICER"):
            patch.delenv(name, raising=False)
        unit = copied(sample, tmp_path_factory.mktemp("intake"))
        with served(unit) as bench:
            PASSWORDS.update(bench.passwords)
            FOLDER.append(unit.root)
            yield bench.address


PASSWORDS: dict[str, str] = {}
FOLDER: list[Path] = []


def signed_in(browser: Browser, address: str, width: int, *, script: bool = True) -> Watched:
    """Sign in, the first time with a new password, and open the intake page."""
    watched = watch(browser, f"{address}/cases/1/intake/", width=width, script=script)
    page = watched.page
    page.fill("[name=login]", "dara")
    page.fill("[name=password]", PASSWORDS["dara"])
    page.click("main button.main")
    if page.query_selector("[name=oldpassword]"):
        page.fill("[name=oldpassword]", PASSWORDS["dara"])
        for field in page.query_selector_all("[name=password1], [name=password2]"):
            field.fill(PASSWORD)
        page.click("main button[type=submit]")
        PASSWORDS["dara"] = PASSWORD
    page.goto(f"{address}/cases/1/intake/")
    return watched


def choose(page: Page, *files: Path) -> None:
    page.fill("#id_exhibit_title", "Image of a telephone")
    page.fill("#id_stated_source", "Brought by the victim on a card")
    page.set_input_files("#id_sent_files", list(files))
    page.click("form[data-intake] button[type=submit]")


def picture(page: Page, name: str) -> None:
    """Keep a picture for a person to look at, where a folder for them is named."""
    folder = os.environ.get("KANCIL_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def cut_after_one(page: Page) -> list[str]:
    """Let the first piece through and cut every other one; gives where they begin."""
    pieces: list[str] = []

    def cut(route: Route) -> None:
        pieces.append(route.request.headers["x-kancil-offset"])
        if len(pieces) > 1:
            route.abort()
        else:
            route.continue_()

    page.route(PIECE, cut)
    page.evaluate("document.querySelector('form[data-intake]').dataset.pause = '20'")
    return pieces


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390])
def test_cut_in_the_middle_and_gone_on_with_it_stands_in_the_case(
    browser: Browser, address: str, tmp_path: Path, width: int
) -> None:
    file = tmp_path / f"telephone-{width}\u202e.img"
    file.write_bytes(DATA + str(width).encode())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if width == 390:
        (FOLDER[0] / "intake" / "seized disk").mkdir(parents=True)  # else it says who lays one
    watched = signed_in(browser, address, width)
    page = watched.page
    picture(page, f"intake-empty-{width}")
    assert watched.sticks_out() == []
    assert watched.barriers() == []
    pieces = cut_after_one(page)
    choose(page, file)
    sent = page.locator("#sending")
    expect(sent.locator("[data-browser]")).to_have_text(digest, timeout=30_000)
    expect(sent.locator(".notice.warn")).to_contain_text(
        "Interrupted at 4.2 MB of 9.5 MB: choose the same file again to continue.", timeout=30_000
    )
    assert set(pieces) == {"0", str(4 << 20)}
    picture(page, f"intake-cut-{width}")
    watched.page.unroute(PIECE)
    page.goto("about:blank")  # the window is closed; all it knew is gone
    page.goto(f"{address}/cases/1/intake/")
    unfinished = page.locator("#unfinished .unfinished")
    expect(unfinished).to_have_count(1)
    expect(unfinished).to_contain_text("Interrupted at 4.2 MB of 9.5 MB")
    expect(unfinished).to_contain_text("<U+202E>.img")
    unfinished.get_by_role("link", name="Continue").click()
    expect(page.locator("#id_exhibit_title")).to_have_value("Image of a telephone")
    picture(page, f"intake-go-on-{width}")
    assert watched.sticks_out() == []
    assert watched.barriers() == []
    offsets = []
    page.on(
        "request",
        lambda request: (
            offsets.append(request.headers["x-kancil-offset"])
            if PIECE.search(request.url)
            else None
        ),
    )
    choose(page, file)
    expect(sent.locator("[data-server]")).to_have_text(digest, timeout=60_000)
    expect(sent.locator(".notice.intact")).to_contain_text("is equal to the one")
    assert offsets == [str(4 << 20), str(8 << 20)], "it continues where it stopped"
    picture(page, f"intake-equal-{width}")
    assert watched.sticks_out() == []
    assert watched.barriers() == []
    page.get_by_role("link", name="Open the exhibit").click()
    expect(page.locator("main")).to_contain_text(digest)
    faults = [fault for fault in watched.faults() if "ERR_FAILED" not in fault]
    assert faults == []
    page.context.close()


def test_a_session_that_ends_on_the_way_is_gone_on_with_after_signing_in_again(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "session.img"
    file.write_bytes(DATA + b"session")
    watched = signed_in(browser, address, 1280)
    page, context = watched.page, watched.page.context
    cookies = context.cookies()

    def end(route: Route) -> None:
        context.clear_cookies(name="sessionid")
        route.continue_()

    page.route(PIECE, end)
    choose(page, file)
    said = page.locator("#sending .notice")
    expect(said).to_contain_text("Your session has ended. Sign in again", timeout=30_000)
    page.unroute(PIECE)
    for each in cookies:  # signed in again, in another window
        kept = {name: each[name] for name in ("name", "value", "domain", "path")}
        context.add_cookies([kept])  # type: ignore[list-item]
    page.get_by_role("button", name="Continue").click()
    expect(said).to_contain_text("is equal to the one", timeout=60_000)
    context.close()


def test_without_script_the_form_takes_files_in(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "plain.img"
    file.write_bytes(DATA + b"plain")
    page = signed_in(browser, address, 390, script=False).page
    expect(page.locator(".only-without-script")).to_be_visible()
    expect(page.locator(".only-with-script")).to_be_hidden()
    choose(page, file)
    expect(page.locator("main")).to_contain_text(hashlib.sha256(file.read_bytes()).hexdigest())
    page.context.close()
