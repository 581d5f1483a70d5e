"""One open page for each way the browser can be."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.page.browser import MODES, Desk, open_desk


@pytest.fixture(scope="session")
def desk(browser: Browser) -> Desk:
    """The page in a browser that has all."""
    return open_desk(browser)


@pytest.fixture(scope="session", params=MODES)
def any_desk(request: pytest.FixtureRequest, browser: Browser) -> Desk:
    """The page in each of the browsers."""
    return open_desk(browser, MODES[request.param])
