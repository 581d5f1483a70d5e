"""In a browser: drafts of traces are kept and set aside by one press, and the list says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cli.sample_unit import FIRST_PAYMENT, LISTED_PAYMENT
from tests.web.look import serving
from tests.web.signing import with_key
from tests.web.site import Site
from tests.web.test_live_people import opened, sign_in
from tests.web.test_trace_drafts import draft, results, site

__all__ = ["site"]

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture
def live(site: Site) -> Iterator[tuple[Site, str]]:
    """Serve the unit of the test from this process."""
    with_key(site, "officer")
    from django.core.wsgi import get_wsgi_application

    with pytest.MonkeyPatch.context() as patch:
        # Playwright leaves an event loop in this thread, in which Django would refuse its tables.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with serving(get_wsgi_application()) as address:
            yield site, address


def listed(page: Page, path: str) -> None:
    """Open a page that lists drafts, and unfold the list."""
    page.goto(path)
    folded = page.locator("#trace-drafts details")
    if folded.get_attribute("open") is None:
        page.click("#trace-drafts summary")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/cases/1/money/", "/cases/1/canvas/"])
def test_a_draft_is_kept_and_another_set_aside_without_leaving_the_page(
    browser: Browser, live: tuple[Site, str], path: str, width: int
) -> None:
    made, address = live
    kept, aside = draft(made, FIRST_PAYMENT), draft(made, LISTED_PAYMENT)
    at = f"{path}?trace={aside}" if "canvas" in path else path
    with opened(browser, address, width=width) as page:
        sign_in(page, "officer")
        listed(page, at)
        drafts = page.locator("#trace-drafts")
        keep = drafts.get_by_role("button", name=f"Keep T{kept}")
        box = keep.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width, "the button stands inside the screen"
        keep.click()
        expect(keep).to_have_count(0)
        put_aside = drafts.get_by_role("button", name=f"Set T{aside} aside")
        put_aside.click()
        expect(put_aside).to_have_count(0)
        expect(drafts).to_contain_text(f"T{aside}")
        expect(drafts.get_by_role("button", name=f"Keep T{aside}")).to_be_visible()
        assert re.search(rf"{re.escape(path)}(\?|$)", page.url), "the page was not left"
    assert kept in results(made)
    assert aside not in results(made)
    made.verify()
