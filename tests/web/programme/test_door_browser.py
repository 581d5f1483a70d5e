"""The door in a browser: without network, under its PIN, at the width of a telephone.

The list of `tests/programme/attendance/vector.json` was sealed by Python and is opened by the
page's own script; what the page signs is checked by Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from kancil.programme.attendance.marks import signature
from tests.programme.attendance.test_sealed import VECTOR
from tests.web.look import serving
from tests.web.programme.served import ProgrammeSite, copied, opened
from tests.web.watching import BARRIERS, axe

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
DEVICE = VECTOR["sealed"]["device"]
PIN = VECTOR["pin"]
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def live(
    sample_programme: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ProgrammeSite, str]]:
    """Serve a copy of the sample programme for all tests of this file."""
    with (
        opened(copied(sample_programme, tmp_path_factory.mktemp("door"))) as site,
        pytest.MonkeyPatch.context() as patch,
    ):
        from django.core.wsgi import get_wsgi_application

        # Playwright leaves an event loop in this thread, in which Django would refuse its tables.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with serving(get_wsgi_application()) as address:
            yield site, address


@contextmanager
def door(
    browser: Browser, address: str, device: str = DEVICE, scheme: Scheme = "light"
) -> Iterator[Page]:
    """Open a device's page on a telephone; nothing may go wrong in its script."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme=scheme, base_url=address
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    if device == DEVICE:
        sealed = json.dumps(VECTOR["sealed"])
        page.route("**/sealed.json", lambda route: route.fulfill(body=sealed))
    try:
        page.goto(f"/event/{device}/")
        yield page
        assert not faults, faults
    finally:
        context.close()


def unlock(page: Page, pin: str = PIN) -> None:
    page.fill("#pin", pin)
    page.press("#pin", "Enter")
    expect(page.locator("#room")).to_be_visible()


def kept(page: Page) -> str:
    """All that the browser keeps of the page, as text."""
    found = page.evaluate(
        """async (name) => {
          const open = indexedDB.open(name);
          const db = await new Promise((good) => { open.onsuccess = () => good(open.result); });
          const all = db.transaction('held').objectStore('held').getAll();
          const rows = await new Promise((good) => { all.onsuccess = () => good(all.result); });
          db.close();
          const stored = {...localStorage, ...sessionStorage};
          return JSON.stringify([rows, stored, document.cookie, location.href]);
        }""",
        f"kancil-door-{page.url.split('/')[-2]}",
    )
    return str(found)


def test_the_page_opens_what_python_sealed_and_python_checks_what_it_signs(
    browser: Browser, live: tuple[ProgrammeSite, str]
) -> None:
    sent: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        route.fulfill(json={"taken": 1, "again": 0, "sheets": 0, "refused": []})

    with door(browser, live[1]) as page:
        page.route("**/marks/", answer)
        unlock(page, "7kmd x2qa")
        expect(page.locator("#people button")).to_have_count(2)
        page.fill("#find", "1F3A 8B12")
        page.click("#people button")
        expect(page.locator("#told")).to_contain_text("present")
        page.click("#send")
        expect(page.locator("#waiting")).to_contain_text("0 marks")
    key = bytes.fromhex(VECTOR["content"]["key"])
    assert all(signature(key, each["payload"]) == each["hmac"] for each in sent)
    (mark,) = json.loads(sent[-1]["payload"])["marks"]
    assert (mark["badge"], mark["how"]) == (VECTOR["content"]["people"][1]["badge"], "name")


def test_names_are_kept_nowhere_in_clear_and_ten_wrong_pins_remove_them(
    browser: Browser, live: tuple[ProgrammeSite, str]
) -> None:
    with door(browser, live[1]) as page:
        unlock(page)
        page.click("#people button >> nth=0")
        expect(page.locator("#waiting")).to_contain_text("1 marks")
        held = kept(page)
        people = VECTOR["content"]["people"]
        secrets = [PIN, VECTOR["content"]["key"], *(each[of] for each in people for of in each)]
        assert not [each for each in secrets if len(each) > 4 and each in held]
        page.click("#lock")
        for left in range(9, -1, -1):
            page.fill("#pin", "2222-2222")
            page.press("#pin", "Enter")
            wanted = f"Tries left: {left}" if left else "were removed"
            expect(page.locator("#told")).to_contain_text(wanted)
        assert VECTOR["sealed"]["sealed"] not in kept(page)
        page.reload()
        expect(page.locator("#told")).to_contain_text("were removed")
        expect(page.locator("#unlock")).to_be_hidden()


def test_names_go_when_the_hours_end_and_marks_wait_under_the_pin(
    browser: Browser, live: tuple[ProgrammeSite, str]
) -> None:
    with door(browser, live[1]) as page:
        page.route("**/marks/", lambda route: route.abort())
        unlock(page)
        page.click("#people button >> nth=0")
        expect(page.locator("#waiting")).to_contain_text("1 marks")
        page.clock.set_fixed_time("2099-03-11T05:00:01Z")
        page.reload()
        expect(page.locator("#told")).to_contain_text("names were removed")
        assert VECTOR["sealed"]["sealed"] not in kept(page)
        unlock(page)
        expect(page.locator("#people button")).to_have_count(0)
        expect(page.locator("#waiting")).to_contain_text("1 marks")
        page.unroute("**/marks/")
        done = {"taken": 1, "again": 0, "sheets": 0, "refused": []}
        page.route("**/marks/", lambda route: route.fulfill(json=done))
        page.click("#send")
        expect(page.locator("#told")).to_contain_text("The list was removed")
        assert DEVICE not in json.loads(kept(page))[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_whole_day_without_network_arrives_when_there_is_one(
    browser: Browser, live: tuple[ProgrammeSite, str], scheme: Scheme
) -> None:
    site, address = live
    from kancil.desk.programme.entering import enter_activity
    from kancil.desk.programme.taking_part.evaluations import evaluations_of
    from kancil.desk.programme.taking_part.marking import prepare_device
    from kancil.web.acting import today
    from tests.desk.programme.event_stage import training

    day, olga = timedelta(days=1), site.people["olga"]
    room = training(olga, code=f"door-{scheme}", first=today() - day, last=today() + day)
    made = prepare_device(by=olga, activity=room.id, name="Lea's telephone")
    with door(browser, address, made.id, scheme) as page:
        expect(page.locator("#told")).to_contain_text("without network")
        page.evaluate(axe())
        assert page.evaluate(BARRIERS) == []
        unlock(page, made.pin)
        page.context.set_offline(True)
        page.reload()
        unlock(page, made.pin)
        first, second = (page.locator(f"#people button >> nth={n}") for n in (0, 1))
        first.click()
        second.click()
        expect(second).to_have_attribute("aria-pressed", "true")
        second.click()
        expect(second).to_have_attribute("aria-pressed", "false")
        page.evaluate(axe())
        assert page.evaluate(BARRIERS) == []
        page.click("#send")
        expect(page.locator("#told")).to_contain_text("Not sent")
        with page.expect_download() as waiting:
            page.click("#save")
        by_hand = Path(waiting.value.path()).read_bytes()
        page.click("#ask")
        expect(page.locator("#people button")).to_have_count(0)
        page.check("[name=useful][value='5']")
        page.evaluate(axe())
        assert page.evaluate(BARRIERS) == []
        page.click("#sheet button[type=submit]")
        expect(page.locator("#told")).to_contain_text("Thank you")
        page.click("#back")
        unlock(page, made.pin)
        expect(page.locator("#waiting")).to_contain_text("1 marks, 1 evaluation sheets")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, "nothing is wider than the telephone"
        page.context.set_offline(False)
        expect(page.locator("#waiting")).to_contain_text("0 marks, 0 evaluation sheets")
    assert sorted(room.attended()) == [0, 0, 0, 0, 0, 1]
    from kancil.desk.programme.taking_part.marking import import_marks

    again = import_marks(by=olga, activity=room.id, data=by_hand)
    assert (again.taken, again.again) == (0, 1), "the file by hand brings nothing new"
    told = evaluations_of(enter_activity(olga, room.id))[0].summary
    assert (told.sheets, told.questions) == (None, ())


def test_a_badge_is_read_by_the_camera_where_the_browser_can(
    browser: Browser, live: tuple[ProgrammeSite, str]
) -> None:
    badge = VECTOR["content"]["people"][0]["badge"]
    with door(browser, live[1]) as page:
        page.add_init_script(
            """window.BarcodeDetector = class {
              async detect() { return [{rawValue: 'BADGE'}]; }
            };
            navigator.mediaDevices.getUserMedia = async () => new MediaStream();
            HTMLMediaElement.prototype.play = async () => {};""".replace("BADGE", badge)
        )
        page.reload()
        unlock(page)
        page.click("#scan")
        expect(page.locator("#told")).to_contain_text("Dara Sok: present")
        expect(page.locator("#count")).to_contain_text("1 of 2")
        page.click("#scan")
        expect(page.locator("#camera")).to_be_hidden()
