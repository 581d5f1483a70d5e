"""What the page's own script promises: nothing typed is lost, nothing is kept for a stranger."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.look import TXID, serving
from tests.web.small_unit import SmallUnit
from tests.web.watching import watch

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture
def unit() -> SmallUnit:
    return SmallUnit()


@pytest.fixture
def address(unit: SmallUnit) -> Iterator[str]:
    with serving(unit) as where:
        yield where


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    watched = watch(browser, f"{address}/form", permissions=["clipboard-read", "clipboard-write"])
    watched.page.on("dialog", lambda dialog: dialog.accept())
    yield watched.page
    watched.page.context.close()


def fill(page: Page, name: str = "A case") -> None:
    page.fill("#id_name", name)
    page.select_option("#id_basis", "warrant")
    page.check("#id_direction_1")
    page.check("#id_sealed")


def kept(page: Page) -> int:
    count: int = page.evaluate(
        "Object.keys(sessionStorage).filter((key) => key.startsWith('kancil.')).length"
    )
    return count


def all_forgotten(page: Page) -> bool:
    """A page that has just come the time to run its script."""
    until = time.monotonic() + 10
    while kept(page) and time.monotonic() < until:
        page.wait_for_timeout(20)
    return kept(page) == 0


def sign_in(page: Page, person: int) -> None:
    page.fill("#id_login", str(person))
    page.fill("#id_password", "not kept")
    page.click("main button[type=submit]")


def test_a_session_that_ends_loses_nothing_that_was_typed(page: Page, unit: SmallUnit) -> None:
    fill(page, "Typed before the end")
    unit.person = None
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile("/sign-in[?]next="))
    sign_in(page, 7)
    expect(page.locator("#id_name")).to_have_value("Typed before the end")
    expect(page.locator("#id_basis")).to_have_value("warrant")
    expect(page.locator("#id_direction_1")).to_be_checked()
    expect(page.locator("#id_sealed")).to_be_checked()
    expect(page.locator(".notice", has_text="What you typed before was restored")).to_be_visible()
    page.click("main button[type=submit]")
    page.wait_for_url("**/nothing")
    assert [each["name"] for each in unit.taken] == ["Typed before the end"]
    assert all_forgotten(page)


def test_the_next_person_in_the_same_window_sees_nothing_of_it(page: Page, unit: SmallUnit) -> None:
    fill(page, "Not for others")
    unit.person = None
    page.click("main button[type=submit]")
    sign_in(page, 8)
    expect(page.locator("#id_name")).to_have_value("")
    assert all_forgotten(page)


def test_signing_out_on_purpose_forgets_all_drafts(page: Page, address: str) -> None:
    fill(page)
    assert kept(page) == 1
    page.goto(f"{address}/signed-out")
    assert all_forgotten(page)


def test_no_password_and_no_token_is_ever_kept(page: Page) -> None:
    fill(page)
    page.evaluate(
        """() => { const field = document.createElement('input');
        field.type = 'password'; field.name = 'secret'; field.value = 'hidden words';
        document.querySelector('form[data-keep]').append(field);
        field.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    text = page.evaluate("JSON.stringify({...sessionStorage})")
    assert "hidden words" not in text
    assert "a-token" not in text
    assert "A case" in text


def test_a_form_that_comes_back_with_faults_holds_what_was_sent(
    page: Page, unit: SmallUnit
) -> None:
    fill(page, "")
    page.click("main button[type=submit]")
    expect(page.locator("#form-errors")).to_be_focused()
    expect(page.locator("#id_basis")).to_have_value("warrant")
    assert page.locator(".notice", has_text="What you typed before").count() == 0
    page.fill("#id_name", "Now with a name")
    page.click("main button[type=submit]")
    page.wait_for_url("**/nothing")
    assert [each["name"] for each in unit.taken] == ["Now with a name"]


def test_a_fault_of_the_server_keeps_the_draft(page: Page, unit: SmallUnit, address: str) -> None:
    fill(page, "Through a fault")
    unit.fails = True
    page.click("main button[type=submit]")
    expect(page.locator("[data-fault]")).to_be_visible()
    page.wait_for_load_state()  # the page is seen before its scripts have run
    unit.fails = False
    page.goto(f"{address}/form")
    expect(page.locator("#id_name")).to_have_value("Through a fault")


def test_a_draft_can_be_thrown_away(page: Page, address: str) -> None:
    fill(page, "Unwanted")
    page.goto(f"{address}/form")
    page.click("[data-discard]")
    expect(page.locator("#id_name")).to_have_value("")
    assert all_forgotten(page)


def test_leaving_a_form_half_filled_asks_first(browser: Browser, address: str) -> None:
    watched = watch(browser, f"{address}/form")
    asked: list[str] = []

    def note(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    watched.page.on("dialog", note)
    watched.page.goto(f"{address}/nothing")
    assert asked == []
    watched.page.goto(f"{address}/form")
    watched.page.click("#id_name")
    watched.page.keyboard.type("Half")
    watched.page.goto(f"{address}/nothing")
    assert asked == ["beforeunload"]
    watched.page.context.close()


def test_a_part_of_a_page_sends_the_token_and_its_draft_is_forgotten(
    page: Page, unit: SmallUnit, address: str
) -> None:
    page.goto(f"{address}/part")
    page.fill("#id_name", "Quick")
    page.click("#quick button")
    expect(page.locator("#here .empty")).to_be_visible()
    assert unit.asked == [{"token": "a-token", "name": "Quick"}]
    assert all_forgotten(page)


def test_a_part_of_a_page_whose_session_ended_goes_to_sign_in_and_comes_back(
    page: Page, unit: SmallUnit, address: str
) -> None:
    page.goto(f"{address}/part")
    page.fill("#id_name", "Quick and kept")
    unit.person = None
    page.click("#quick button")
    page.wait_for_url(re.compile("/sign-in[?]next=%2Fpart$"))
    sign_in(page, 7)
    expect(page.locator("#id_name")).to_have_value("Quick and kept")


def test_a_fault_in_a_part_of_a_page_is_said_in_words(
    page: Page, unit: SmallUnit, address: str
) -> None:
    page.goto(f"{address}/part")
    unit.fails = True
    page.click("#more")
    card = page.locator("#notices .notice.danger")
    expect(card).to_be_focused()
    expect(card).to_contain_text("Kancil met a fault of its own.")
    assert page.locator("#more").is_visible()
    card.locator("[data-close]").click()
    expect(card).to_have_count(0)


def test_a_server_that_does_not_answer_is_said_in_words(page: Page, address: str) -> None:
    page.goto(f"{address}/part")
    page.route("**/form", lambda route: route.abort())
    page.click("#more")
    expect(page.locator("#notices")).to_contain_text("Kancil does not answer")


def test_the_theme_is_remembered_and_is_in_the_first_bytes(
    browser: Browser, look_address: str
) -> None:
    page = watch(browser, f"{look_address}/style").page
    page.click("details.menu > summary")
    page.click("[data-theme-set=dark]")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(23, 22, 19)"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(ground) == "rgb(23, 22, 19)"
    page.click("details.menu > summary")
    page.click('[data-theme-set=""]')
    page.reload()
    assert page.locator("html").get_attribute("data-theme") is None
    page.context.close()


def test_one_key_copies_the_whole_identifier(browser: Browser, look_address: str) -> None:
    page = watch(
        browser, f"{look_address}/money", permissions=["clipboard-read", "clipboard-write"]
    ).page
    page.focus(".facts .copier")
    page.keyboard.press("c")
    expect(page.locator("#status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == TXID
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator("table a.id").first.focus()
    page.keyboard.press("c")
    page.wait_for_function(f"navigator.clipboard.readText().then((t) => t === '{TXID}')")
    page.context.close()


def test_a_slash_goes_to_the_find_box_and_typing_is_left_alone(
    browser: Browser, look_address: str
) -> None:
    page = watch(browser, f"{look_address}/form").page
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("a/c")
    expect(page.locator("#find")).to_have_value("a/c")
    page.context.close()


@pytest.mark.parametrize("pieces", [0, 1, pytest.param(200, marks=pytest.mark.thorough)])
def test_the_worker_hashes_a_file_of_any_size_and_says_how_far_it_is(
    browser: Browser, look_address: str, pieces: int
) -> None:
    """200 pieces of 1,000,003 bytes: 200 MB, no multiple of a block or of a reading piece."""
    page = watch(browser, f"{look_address}/nothing").page
    said = page.evaluate(
        """async (pieces) => {
          const piece = new Uint8Array(1000003).map((_, place) => (place * 31 + 7) % 251);
          const file = new Blob(Array(pieces).fill(piece));
          const worker = new Worker('/static/js/sha256-worker.js', {type: 'module'});
          const said = [];
          await new Promise((done, fail) => {
            worker.onerror = fail;
            worker.onmessage = ({data}) => {
              said.push(data);
              if (data.say !== 'progress') done();
            };
            worker.postMessage({ask: 'hash', name: 'a', file});
          });
          return said;
        }""",
        pieces,
    )
    piece = bytes((place * 31 + 7) % 251 for place in range(1_000_003))
    wanted = hashlib.sha256()
    for _ in range(pieces):
        wanted.update(piece)
    assert said[-1] == {
        "name": "a", "say": "digest", "hex": wanted.hexdigest(), "size": pieces * 1_000_003
    }  # fmt: skip
    steps = [each["done"] for each in said[:-1]]
    assert steps == sorted(steps)
    assert not pieces or steps[-1] == pieces * 1_000_003
    assert pieces < 200 or len(steps) > 5
    assert page.evaluate("window.stopped") == []
    page.context.close()


def test_the_worker_stops_when_it_is_told_to(browser: Browser, look_address: str) -> None:
    page = watch(browser, f"{look_address}/nothing").page
    said = page.evaluate(
        """async () => {
          const worker = new Worker('/static/js/sha256-worker.js', {type: 'module'});
          const file = new Blob(Array(200).fill(new Uint8Array(1000000)));
          return await new Promise((done) => {
            worker.onmessage = ({data}) => {
              if (data.say === 'progress') worker.postMessage({ask: 'stop', name: 'a'});
              else done(data);
            };
            worker.postMessage({ask: 'hash', name: 'a', file});
          });
        }"""
    )
    assert said == {"name": "a", "say": "stopped"}
    page.context.close()
