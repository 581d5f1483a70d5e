"""Every page of the look, in Chromium under the strict policy: clean, readable, light."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from tests.web.look import VIEWS, serving
from tests.web.watching import watch

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

SCRIPTS = {
    "km": "Noto Sans Khmer", "th": "Noto Sans Thai", "lo": "Noto Sans Lao",
    "my": "Noto Sans Myanmar", "vi": "Noto Sans",
}  # fmt: skip


THOROUGH = pytest.mark.thorough


@pytest.mark.parametrize("language", ["en", pytest.param("km", marks=THOROUGH)])
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=THOROUGH)])
@pytest.mark.parametrize("path", VIEWS)
def test_a_page_is_clean_has_no_barrier_and_never_scrolls_sideways(
    browser: Browser,
    look_address: str,
    path: str,
    scheme: Literal["light", "dark"],
    language: str,
) -> None:
    watched = watch(browser, f"{look_address}{path}?language={language}", scheme=scheme)
    for width in (1280, 390):
        watched.page.set_viewport_size({"width": width, "height": 900})
        assert not watched.sticks_out()
        assert not watched.barriers()
        assert not watched.faults()
    watched.page.context.close()


@pytest.mark.parametrize("path", ["/style", "/form", "/money"])
def test_a_page_can_be_read_and_used_without_script(
    browser: Browser, look_address: str, path: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{look_address}{path}")
    page.click(".rail-small > summary")
    assert page.locator(".rail-small .rail-list a").first.is_visible()
    page.click("details.menu > summary")
    assert page.locator(".menu-body button[value=km]").is_visible()
    assert not page.locator(".copier").first.is_visible()
    context.close()


def test_the_policy_is_in_force_and_what_it_stops_is_seen(browser: Browser) -> None:
    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        start(
            "200 OK",
            [("Content-Type", "text/html"), ("Content-Security-Policy", "default-src 'self'")],
        )
        return [b"<!doctype html><html lang=en><title>x</title><p style='color:red'>x</p>"]

    with serving(answer) as address:
        watched = watch(browser, address)
        assert any("style-src" in each for each in watched.faults())
        watched.page.context.close()


def test_the_search_for_barriers_finds_one(browser: Browser, look_address: str) -> None:
    watched = watch(browser, f"{look_address}/nothing")
    watched.page.evaluate("document.querySelector('main').append(new Image())")
    assert any(each.startswith("image-alt") for each in watched.barriers())
    watched.page.context.close()


def test_the_search_for_what_sticks_out_finds_it(browser: Browser, look_address: str) -> None:
    watched = watch(browser, f"{look_address}/nothing", width=390)
    watched.page.evaluate(
        "(() => { const wide = document.createElement('hr'); wide.style.width = '900px';"
        " document.querySelector('main').append(wide); })()"
    )
    assert watched.sticks_out()
    watched.page.context.close()


@pytest.mark.parametrize("language", ["en", "km", "my"])
def test_an_ordinary_page_weighs_less_than_400_kilobytes(
    browser: Browser, look_address: str, language: str
) -> None:
    watched = watch(browser, f"{look_address}/money?language={language}")
    weight = watched.weight()
    assert any("NotoSans-Bold" in name for name in weight)
    assert any("htmx" in name for name in weight)
    assert sum(weight.values()) < 400_000, weight
    watched.page.context.close()


@pytest.mark.parametrize("weight", ["400", "700"])
@pytest.mark.parametrize("language", SCRIPTS)
def test_each_script_is_set_in_our_own_font_regular_and_bold(
    browser: Browser, look_address: str, language: str, weight: str
) -> None:
    """What the browser really drew with, not what it was asked to."""
    watched = watch(browser, f"{look_address}/style")
    page = watched.page
    selector = f"p[lang={language}]" + (" b" if weight == "700" else "")
    if weight == "400":
        page.evaluate(f"document.querySelector('{selector} b').remove()")
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    drawn = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ours = {font["familyName"] for font in drawn if font["isCustomFont"]}
    assert SCRIPTS[language] in {name.removesuffix(" Bold") for name in ours}
    assert not [font["familyName"] for font in drawn if not font["isCustomFont"]]
    watched.page.context.close()
