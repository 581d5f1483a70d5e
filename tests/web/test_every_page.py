"""Every page of the unit's site in Chromium, in both colours and both widths.

`python -m tests.web.test_every_page FOLDER [LANGUAGE]` writes pictures for a person to look at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.cli.running import Unit
from tests.legal.letters import good
from tests.web.look import SCHEMES, serving
from tests.web.site import Site, site_of
from tests.web.test_permissions import address, pages
from tests.web.test_request_form import saved
from tests.web.watching import Watched, follow

SPENT = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"
NAME = "administrator"
"""Also a member of the case, so that every page is theirs."""
ORDINARY_BYTES = 400_000
GRAPH_BYTES = 1_100_000
LONGEST = 5_000
"""Pixels that a page may be long at 390 px, with what the sample has; `LONG` lists longer ones."""
LONG: dict[str, int] = {"audit": 6_200}
"""Name of a page that is longer → its limit: what it was, and a tenth more."""
PARTS = [slice(first, None, 4) for first in range(4)]
"""The pages in four parts, so that two browsers can share them."""
ALL = slice(None)
GRAPHS = {"graph", "canvas", "trace_canvas", "case_graph"}
"""Pages that may draw the money graph."""
WIDTHS = {1280: SCHEMES, 390: SCHEMES[-1:]}
"""In which colours each width is looked at for barriers: colours do not depend on the width."""


def filled(unit: Unit) -> Site:
    """The sample unit's site with something on every page: findings, a recorded study."""
    unit.say("bitcoin", "cluster", "main", SPENT, "--case", "C1")
    for row in ("1", "2"):
        unit.say("finding", "accept", "C1", "--trace", "T1", "--row", row, "--class", "chain-fact")
    site = site_of(unit)
    saved(site, good("freeze"))
    site.make_clusters()
    return site


def visited(context: BrowserContext, where: str, part: slice = ALL) -> Iterator[tuple[str, str]]:
    """Name and address of what a browser shows as a page: no files, no parts of pages.

    A page that is not for whoever is signed in is left out.
    """
    for each in pages()[part]:
        if "GET" in each.methods:
            answer = context.request.get(where + address(each))
            if answer.status == 403:
                continue
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            if is_html and "<html" in answer.text():
                yield each.name, where + address(each)


@contextmanager
def opened(
    browser: Browser, site: Site, language: str = "en"
) -> Iterator[tuple[str, BrowserContext]]:
    """Serve the site in this process; gives its address and a signed-in browser."""
    cookie = site.client(NAME).cookies["sessionid"].value
    with served_here() as where, entered(browser, where, cookie, language) as context:
        yield where, context


@contextmanager
def served_here() -> Iterator[str]:
    """Serve the site that is open in this process; gives its address."""
    from django.core.wsgi import get_wsgi_application

    with serving(get_wsgi_application()) as where:
        yield where


@contextmanager
def entered(
    browser: Browser, where: str, session: str, language: str = "en"
) -> Iterator[BrowserContext]:
    """A browser in which somebody is signed in; `session`: their cookie."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    cookies = {"sessionid": session, "language": language}
    context.add_cookies(
        [{"name": name, "value": value, "url": where} for name, value in cookies.items()]
    )
    try:
        yield context
    finally:
        context.close()


def looked_at(one: Watched, there: str, most: int = LONGEST) -> tuple[list[str], int]:
    """Look at a page at both widths; gives what is wrong with it, and the bytes it fetched.

    `most`: pixels that it may be long on a telephone. `one`: the window it is opened in. One window
    serves for all pages of a person, since a new one takes as long as the looking: a process, the
    fonts, and axe translated anew.
    """
    one.page.set_viewport_size({"width": next(iter(WIDTHS)), "height": 900})
    one.page.emulate_media(color_scheme=SCHEMES[0])
    if one.go(there).status == 404:  # the sample has none of it; the page of errors is looked at
        one.said.clear()
    weight = sum(one.weight().values())
    found = one.faults()
    for width, schemes in WIDTHS.items():
        one.page.set_viewport_size({"width": width, "height": 900})
        found += one.sticks_out()
        for place, scheme in enumerate(schemes):
            one.page.emulate_media(color_scheme=scheme)
            found += one.barriers(of_colour=place > 0)
    length = one.page.evaluate("document.documentElement.scrollHeight")
    return [*found, *([f"{length} px long, at most {most}"] if length > most else [])], weight


def wide_and_light(one: Watched, there: str) -> list[str]:
    """Look at a page on a wide screen in light colours alone; gives what is wrong with it."""
    assert one.go(there).status == 200, there
    return one.faults() + one.sticks_out() + one.barriers()


def pictured(context: BrowserContext, there: str, folder: Path, name: str) -> None:
    """Write a picture of a page at both widths, light at the wide one and dark at the other."""
    page = context.new_page()
    for width, scheme in zip((1280, 390), SCHEMES, strict=True):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(there)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.close()


@pytest.mark.thorough
@pytest.mark.browser
def test_a_case_is_clean_and_without_barriers_on_a_wide_screen(
    browser: Browser, unit: Unit
) -> None:
    """One page for everybody who waits; all of them, narrow and dark too, are thorough."""
    with opened(browser, site_of(unit)) as (where, context):
        assert wide_and_light(follow(context.new_page()), f"{where}/cases/1/") == []


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize("part", PARTS, ids=str)
def test_every_page_is_clean_light_and_without_barriers_in_both_colours_and_widths(
    browser: Browser, unit: Unit, part: slice
) -> None:
    faults: dict[str, list[str]] = {}
    weights: dict[str, int] = {}
    with opened(browser, filled(unit)) as (where, context):
        one = follow(context.new_page())
        for name, there in visited(context, where, part):
            found, weights[name] = looked_at(one, there, LONG.get(name, LONGEST))
            if found:
                faults[name] = found
    assert len(weights) > 10
    assert not faults, "\n".join(f"{name}: {one}" for name in faults for one in faults[name])
    heavy = {
        name: weight
        for name, weight in weights.items()
        if weight > (GRAPH_BYTES if name in GRAPHS else ORDINARY_BYTES)
    }
    assert heavy == {}


@pytest.mark.thorough
@pytest.mark.browser
def test_the_page_of_those_who_see_no_case_is_clean_too(browser: Browser, unit: Unit) -> None:
    site = site_of(unit)
    site.add("between", "deconfliction")
    cookie = site.client("between").cookies["sessionid"].value
    with served_here() as where, entered(browser, where, cookie) as context:
        found, weight = looked_at(follow(context.new_page()), f"{where}/deconfliction/")
    assert found == []
    assert weight <= ORDINARY_BYTES


def main(folder: Path, language: str) -> None:
    """Write a picture of each page at both widths, light at the wide one and dark at the other."""
    from tests.cli.sample_unit import built
    from tests.page.browser import open_browser

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        site = filled(built(Path(place)))
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
        with (
            open_browser() as browser,
            opened(browser, site, language) as (where, context),
        ):
            for name, there in visited(context, where):
                pictured(context, there, folder, name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "en")
