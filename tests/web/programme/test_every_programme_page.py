"""Every page of the programme's site in Chromium, at both widths.

`python -m tests.web.programme.test_every_programme_page FOLDER [LANGUAGE]` writes pictures for a
person to look at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.web.programme.pages import address, pages
from tests.web.programme.served import ProgrammeSite, made, opened
from tests.web.test_every_page import (
    ALL,
    LONGEST,
    ORDINARY_BYTES,
    PARTS,
    entered,
    looked_at,
    pictured,
    served_here,
    wide_and_light,
)
from tests.web.watching import Watched, follow

WHO = ("lea", "olga", "ada", "don")
"""The first of these who has a page looks at it."""
LONG = {
    "compare": 5_900, "country_law": 6_200, "gaps": 5_600, "matrix_instrument": 6_950,
    "threats": 6_000,
}  # fmt: skip
"""Name of a page that is longer on a telephone → its limit: what it was, and a tenth more."""


def visited(
    browser: Browser, site: ProgrammeSite, where: str, language: str = "en", part: slice = ALL
) -> Iterator[tuple[str, str, BrowserContext]]:
    """Name and address of each page of its own, and a browser of whoever has it."""
    from kancil.web.people.entrance import entrance
    from kancil.web.programme_page import EVERYONE

    with ExitStack() as open_ones:
        contexts = {
            name: open_ones.enter_context(
                entered(browser, where, site.client(name).cookies["sessionid"].value, language)
            )
            for name in WHO
        }
        of_both = {each.name for each in entrance(EVERYONE)} - {"account_login"}
        of_both.add("door")  # of a device; `test_door_browser` looks at one
        for each in pages()[part]:
            if "GET" not in each.methods or each.name in of_both:
                continue
            there = where + address(each, site)
            for name in WHO:
                answer = contexts[name].request.get(there)
                is_html = answer.headers.get("content-type", "").startswith("text/html")
                is_html &= "attachment" not in answer.headers.get("content-disposition", "")
                if answer.status == 200 and is_html and "<html" in answer.text():
                    yield each.name, there, contexts[name]
                    break


@pytest.mark.thorough
@pytest.mark.browser
def test_a_round_is_clean_and_without_barriers_on_a_wide_screen(
    browser: Browser, programme: ProgrammeSite
) -> None:
    """One page for everybody who waits; all of them, narrow and dark too, are thorough."""
    session = programme.client(WHO[0]).cookies["sessionid"].value
    (page,) = [each for each in pages() if each.name == "round"]
    with served_here() as where, entered(browser, where, session) as context:
        one = follow(context.new_page())
        assert wide_and_light(one, where + address(page, programme)) == []


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize("part", PARTS, ids=str)
def test_every_page_of_the_programme_is_clean_light_and_without_barriers(
    browser: Browser, programme: ProgrammeSite, part: slice
) -> None:
    faults: dict[str, list[str]] = {}
    weights: dict[str, int] = {}
    windows: dict[BrowserContext, Watched] = {}
    with served_here() as where:
        for name, there, context in visited(browser, programme, where, part=part):
            if context not in windows:
                windows[context] = follow(context.new_page())
            found, weights[name] = looked_at(windows[context], there, LONG.get(name, LONGEST))
            if found:
                faults[name] = found
    assert len(weights) > 15
    assert not faults, "\n".join(f"{name}: {one}" for name in faults for one in faults[name])
    assert {name: size for name, size in weights.items() if size > ORDINARY_BYTES} == {}


def main(folder: Path, language: str) -> None:
    """Write a picture of each page at both widths, light at the wide one and dark at the other."""
    from tests.page.browser import open_browser

    folder.mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with tempfile.TemporaryDirectory() as place, open_browser() as browser:
        root = Path(place) / "programme"
        made(root)
        with opened(root) as site, served_here() as where:
            for name, there, context in visited(browser, site, where, language):
                pictured(context, there, folder, name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "en")
