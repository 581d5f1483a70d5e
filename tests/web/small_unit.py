"""A unit of four pages with a session that can end: enough to try what the page's script promises.

It is no part of Kancil: the tests need a server that signs out, refuses, fails and takes a form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote

from tests.web.look import POLICY, answer, render, sample, sample_form

Start = Callable[..., Any]


@dataclass
class SmallUnit:
    """Its state, which a test changes from outside."""

    person: int | None = 7
    fails: bool = False
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path.startswith("/static/"):
            return answer(environ, start)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length).decode() if length else ""
        given = {name: values[0] for name, values in parse_qs(body).items()}
        there = parse_qs(environ.get("QUERY_STRING", ""))
        if path == "/sign-in":
            return self.sign_in(method, given, there, start)
        if path == "/signed-out":
            self.person = None
            return self.page(start, "kancil/signed-out.html")
        if self.fails:
            return self.page(start, "kancil/error.html", "500 Internal Server Error", status=500)
        if self.person is None:
            return go(start, f"/sign-in?next={quote(path)}")
        if method == "POST":
            self.asked.append({"token": environ.get("HTTP_X_CSRFTOKEN", ""), **given})
            return self.take(given, start)
        if path == "/part":
            return self.page(start, "part.html")
        return self.page(start, "form.html" if path == "/form" else "nothing.html")

    def sign_in(
        self, method: str, given: dict[str, str], there: dict[str, list[str]], start: Start
    ) -> Iterable[bytes]:
        """Sign in whoever says who they are."""
        if method == "GET":
            return self.page(start, "sign_in.html")
        self.person = int(given["login"])
        return go(start, there.get("next", ["/"])[0])

    def take(self, given: dict[str, str], start: Start) -> Iterable[bytes]:
        """Take a form that has a name, send back one that has none."""
        if not given.get("name"):
            return self.page(start, "form.html", form=sample_form(given))
        self.taken.append(given)
        return go(start, "/nothing")

    def page(
        self, start: Start, template: str, status_line: str = "200 OK", **more: Any
    ) -> Iterable[bytes]:
        """Show a page to whoever is signed in."""
        context = sample() | {"csrf_token": "a-token", **more}
        context["person"] = {"id": self.person, "name": "Sample"} if self.person else None
        if template.startswith("kancil/") or template == "sign_in.html":
            context |= {"rail": [], "crumbs": []}
        start(
            status_line,
            [("Content-Security-Policy", POLICY), ("Content-Type", "text/html; charset=utf-8")],
        )
        return [render(template, "en", **context).encode()]


def go(start: Start, where: str) -> Iterable[bytes]:
    """Send the browser elsewhere."""
    start("302 Found", [("Location", where), ("Content-Security-Policy", POLICY)])
    return [b""]
