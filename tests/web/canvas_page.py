"""The canvas in a page of its own, served from memory under the strict policy.

A test opens a view over a chain; what the page asks is answered by the functions that the site
calls. `python -m tests.web.canvas_page FOLDER` writes pictures of the sample's views, in both
colours and widths, for a person to look at.
"""

from __future__ import annotations

import json
import mimetypes
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, Route

from kancil.bitcoin.chain.chain import Chain
from kancil.ground import words
from kancil.ground.errors import KancilError
from kancil.studies.canvas.acts import perform
from kancil.studies.canvas.picture import Material, draw_view
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import ChainSource, View, read_view
from kancil.studies.labels_used import LabelsUsed
from kancil.web.canvas.words import outside
from tests.cli.sample_unit import FIRST_COINS, LISTED_PAYMENT, LONG_CHAIN
from tests.page.browser import open_browser
from tests.studies.moneygraph.sample_chain import (
    fan_chain,
    no_labels,
    sample_chain,
    sample_labels,
)
from tests.web.look import POLICY, STATIC, render

ORIGIN = "http://graph.test"
PANEL = (
    "<div data-canvas-subject><h2>Told by the server</h2>"
    '<p>{kind}</p><p class="id">{value}</p></div>'
)
Scheme = Literal["light", "dark"]


@dataclass
class CanvasPage:
    """An open page with a canvas, and all that went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Requests to anywhere else."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """What the page sent to have a view drawn."""
    saved: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def ask(self, expression: str) -> Any:
        """Evaluate in the page; `place` is the workplace, `stage` its picture."""
        before = "() => { const place = document.querySelector('[data-canvas]').workplace;"
        return self.page.evaluate(f"{before} const stage = place.stage; return {expression}; }}")

    def act(self, name: str, *values: Any) -> None:
        """Do what a button does, and wait until the answer is drawn, where one is asked for."""
        given = "".join(f", {json.dumps(value)}" for value in values)
        self.ask(f"void place.do({name!r}{given})")
        self.page.wait_for_selector("[data-canvas]:not([aria-busy])", state="attached")
        self.settle()

    def opening(self) -> list[str]:
        """The ids of all boxes that open, in the order of the picture."""
        found: list[str] = self.ask(
            "place.now.graph.order.filter((id) => place.now.graph.nodes.get(id).opens)"
        )
        return found

    def settle(self) -> None:
        """Wait until everything asked for is painted."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    @property
    def status(self) -> str:
        """What was said last to who cannot see it."""
        return self.page.inner_text("[data-status]")

    @property
    def view(self) -> dict[str, Any]:
        """The view as it would be saved."""
        found: dict[str, Any] = self.ask("place.now.view")
        return found


def html_of(material: Material, view: View, language: str) -> str:
    """The page as the site renders it, without a case around it."""
    return render(
        "kancil/canvas.html",
        language,
        title="Graph",
        **{
            **outside(),
            "view": view.as_json(),
            "graph": as_json(material, view, draw_view(material, view)),
            "urls": {"draw": "/draw", "panel": "/panel", "save": "/save"},
            "caption": {"case": "C1 Sample"},
            "csrf_token": "made-up",
            "saved": None,
            "views": [],
            "acts": True,
            "note_url": "/note",
            "finding_url": "/finding/{trace}",
        },
    )


@dataclass
class _Server:
    """Answers what the page asks."""

    material: Material
    view: View
    language: str
    opened: CanvasPage

    def answer(self, route: Route) -> None:
        """Answer one request; one to elsewhere is kept and goes nowhere."""
        url = route.request.url
        path = url.removeprefix(ORIGIN).partition("?")[0]
        headers = {"Content-Security-Policy": POLICY}
        if not url.startswith(ORIGIN):
            self.opened.foreign.append(url)
            route.abort()
        elif path == "/":
            text = html_of(self.material, self.view, self.language)
            route.fulfill(body=text, content_type="text/html; charset=utf-8", headers=headers)
        elif path == "/draw":
            self.draw(route)
        elif path == "/save":
            self.save(route)
        elif path == "/panel":
            self.panel(route)
        else:
            file = STATIC / re.sub(r"^/static/(?:[0-9a-f]{16}/)?", "", path)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind, headers=headers)

    def draw(self, route: Route) -> None:
        """Do an act to a view, as the site does."""
        sent = json.loads(route.request.post_data or "{}")
        self.opened.asked.append(sent)
        self.opened.headers.append(route.request.headers)
        try:
            done = perform(self.material, read_view(sent["view"]), sent["act"], _in_words)
        except KancilError as error:
            told = {"sentence": _in_words(error), "next": words.render(f"error.{error.code}.next")}
            route.fulfill(status=409, json=told)
            return
        graph = as_json(self.material, done.view, done.graph)
        answer = {"view": done.view.as_json(), "graph": graph, "said": done.said, "rejected": []}
        route.fulfill(json=answer)

    def save(self, route: Route) -> None:
        """Keep a view in memory; one that was saved beside another's is told, as the site does."""
        sent = json.loads(route.request.post_data or "{}")
        read_view(sent["view"])
        number = len(self.opened.saved) + 1
        beside = [] if not self.opened.saved else [{"label": f"V{number - 1}"}]
        self.opened.saved.append(sent)
        one = {"number": number, "label": f"V{number}", "name": sent["name"], "by": "Officer",
               "at": "2026-03-09T10:00:00Z", "url": f"/?view={number}"}  # fmt: skip
        said = f"Saved as V{number}." + (
            " Somebody saved another; both are kept." if beside else ""
        )
        route.fulfill(json={"saved": one, "beside": beside, "views": [one], "said": said})

    def panel(self, route: Route) -> None:
        """A part of a page about what is asked, data escaped."""
        asked = parse_qs(urlsplit(route.request.url).query)
        given = {name: escape(asked.get(name, [""])[0]) for name in ("kind", "value")}
        route.fulfill(body=PANEL.format(**given), content_type="text/html; charset=utf-8")


def _in_words(error: KancilError, part: str = "sentence") -> str:
    return words.render(f"error.{error.code}.{part}", **error.params)


@contextmanager
def open_canvas(
    browser: Browser,
    material: Material,
    view: View,
    *,
    width: int = 1280,
    height: int = 900,
    scheme: Scheme = "light",
    language: str = "en",
) -> Iterator[CanvasPage]:
    """Open a view in a browser window of this size."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    opened = CanvasPage(page)
    server = _Server(material, view, language, opened)
    before = words.spoken()
    words.speak(language)
    page.on("pageerror", lambda error: opened.faults.append(str(error)))
    page.on(
        "console",
        lambda said: opened.faults.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.route("**/*", server.answer)
    try:
        page.goto(f"{ORIGIN}/")
        page.wait_for_function("document.querySelector('[data-canvas]').workplace !== undefined")
        page.evaluate("() => document.fonts.ready")
        opened.settle()
        yield opened
    finally:
        words.speak(before)
        context.close()


def of_chain(chain: Chain, labels: LabelsUsed, **more: Any) -> Material:
    """What views of one chain are drawn from, where no trace is recorded."""
    return Material(chain=chain, labels=labels, **more)


def view_of(start: str, **more: Any) -> View:
    """A view that begins with one start of the sample's chain."""
    return View(sources=(ChainSource("main", (start,)),), **more)


SAMPLES: dict[str, View] = {
    "first-coins": view_of(FIRST_COINS),
    "long-chain": view_of(LONG_CHAIN),
    "listed-payment": view_of(LISTED_PAYMENT),
    "exchange": view_of("1Kr6QSydW9bFQG1mXiPNNu6WpJGmUa9i1g"),
}
LOOKS: tuple[tuple[int, Scheme, str], ...] = (
    (1280, "light", "en"),
    (1280, "dark", "en"),
    (390, "light", "km"),
)


def pictures(folder: Path) -> Iterator[str]:
    """Write pictures of the sample's views, closed and with one box open.

    `python -m tests.web.canvas_page FOLDER`
    """
    folder.mkdir(parents=True, exist_ok=True)
    fan, tx = fan_chain()
    ours = of_chain(sample_chain(), sample_labels())
    all_of = [(name, ours, view) for name, view in SAMPLES.items()]
    all_of.append(("three-thousand", of_chain(fan, no_labels(fan)), view_of(tx.shown)))
    with open_browser() as browser:
        for name, material, view in all_of:
            for width, scheme, language in LOOKS:
                with open_canvas(
                    browser, material, view, width=width, scheme=scheme, language=language
                ) as opened:
                    picture = folder / f"{name}-{width}-{scheme}-{language}.png"
                    opened.page.screenshot(path=picture)
                    for node in opened.opening()[:1]:
                        opened.act("toggle", node)
                        opened.page.screenshot(path=picture.with_suffix(".open.png"))
                    yield f"{name} {width} {scheme} {opened.faults} {opened.foreign}"


if __name__ == "__main__":
    for line in pictures(Path(sys.argv[1])):
        sys.stdout.write(line + "\n")
