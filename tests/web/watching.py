"""A page that is watched: what the policy stopped, what the console said, how much was fetched."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, Response

AXE = Path(__file__).resolve().parents[1] / "data" / "vendor" / "axe.min.js.gz"
WATCH = """
window.stopped = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.stopped.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
BARRIERS = """async () => (await axe.run(document,
  {resultTypes: ['violations'], preload: false})).violations.map(
  (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
"""Style sheets are not fetched again (`preload`): no rule that axe has on asks for that."""
OF_COLOUR = BARRIERS.replace("{resultTypes", "{runOnly: ['color-contrast'], resultTypes")


@dataclass
class Watched:
    """A page, what went wrong in it, and what it fetched."""

    page: Page
    said: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def go(self, address: str) -> Response:
        """Go to an address as a new window would: what was said and fetched before is forgotten.

        So is what Chromium still has in memory, fonts above all: it names that as fetched by each
        page to come, needed or not, and gives no bytes of it. What it has on disk, it keeps.
        """
        memory = self.page.context.new_cdp_session(self.page)
        memory.send("Network.enable")
        for is_disabled in (True, False):
            memory.send("Network.setCacheDisabled", {"cacheDisabled": is_disabled})
        memory.detach()
        self.said.clear()
        self.answers.clear()
        answer = self.page.goto(address)
        assert answer is not None
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return answer

    def faults(self) -> list[str]:
        """List what the policy stopped and what the console and the script complained of."""
        stopped: list[str] = self.page.evaluate("window.stopped")
        return stopped + self.said

    def weight(self) -> dict[str, int]:
        """The bytes of each thing that was fetched, uncompressed; before going elsewhere."""
        return {answer.url: len(answer.body()) for answer in self.answers if answer.ok}

    def barriers(self, *, of_colour: bool = False) -> list[str]:
        """List what axe finds; `of_colour`: only what another theme can change on the same page."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe())
        found: list[str] = self.page.evaluate(OF_COLOUR if of_colour else BARRIERS)
        return found

    def sticks_out(self) -> list[str]:
        """List what makes the page wider than its window; empty where nothing does."""
        found: list[str] = self.page.evaluate(
            """() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              return [`page ${document.documentElement.scrollWidth} > ${wide}`,
                ...[...document.querySelectorAll('body *')]
                  .filter((each) => each.getBoundingClientRect().right > wide + 1
                    && each.closest('.scroll') === null)
                  .map((each) => each.outerHTML.slice(0, 120))];
            }"""
        )
        return found


@cache
def axe() -> str:
    """The script that looks for barriers; run by the debugger, so the policy stays."""
    return gzip.decompress(AXE.read_bytes()).decode()


def watch(
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    script: bool = True,
    **options: Any,
) -> Watched:
    """Open a page in a window of its own and watch it from the first byte."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
        reduced_motion="reduce",
        **options,
    )
    watched = follow(context.new_page())
    page = watched.page
    page.goto(address)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    return watched


def follow(page: Page) -> Watched:
    """Watch a page that has not been anywhere yet."""
    watched = Watched(page)
    page.add_init_script(WATCH)

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watched.said.append(message.text)

    def answered(answer: Response) -> None:
        watched.answers.append(answer)

    page.on("console", console)
    page.on("pageerror", lambda error: watched.said.append(str(error)))
    page.on("response", answered)
    return watched
