"""The sample unit served to a browser, with an officer, a reader and a stranger who sign in."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from kancil.ground.offered import is_offered
from tests.cli.running import Unit, run, spawn
from tests.web.test_serving import ask, begun

PASSPHRASE = "sample key of a sample officer"
PASSWORD = "a password of my own 7"


@dataclass
class Served:
    """A unit that is served, with an officer, a reader and a stranger."""

    unit: Unit
    address: str
    passwords: dict[str, str]
    """Passwords of those who have not signed in yet."""


@contextmanager
def served(unit: Unit) -> Iterator[Served]:
    """Serve a unit until the end of the block; the officer has a key that nobody else opens."""
    words = ("--as", "O1")
    passwords = {"admin": unit.ask(*words, "serve", "--prepare")["administrator"]["password"]}
    for name, role, more in (
        ("dara", "examiner", ("--officer", "O1")),
        ("prosecutor", "reader", ()),
        ("stranger", "officer", ()),
    ):
        made = unit.ask("person", "add", name, "--name", name.title(), "--role", role, *more)
        passwords[name] = made["password"]
    unit.say(*words, "person", "join", "C1", "prosecutor")  # who opened the case is its member
    guarded = {**unit.env(None), "KANCIL_PASSPHRASE": PASSPHRASE}
    assert run("key", "guard", "O1", env=guarded).status == 0
    child = spawn("--workspace", unit.root, "serve", "--port", "0")
    try:
        port, _ = begun(child)
        assert ask(port, "/sign-in/").status == 200
        yield Served(unit, f"http://localhost:{port}", passwords)
    finally:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)


@contextmanager
def signed_in(
    browser: Browser, served: Served, name: str, *, width: int = 1280, language: str = "en"
) -> Iterator[Page]:
    """Sign in, the first time with a new password; nothing may go wrong on any page."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "language", "value": language, "url": served.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if said.type in ("error", "warning") and "404" not in said.text
            else None
        ),
    )
    page.goto(served.address)
    first = served.passwords.pop(name, None)
    page.fill("[name=login]", name)
    page.fill("[name=password]", first or PASSWORD)
    page.click("main button.main")
    if first is not None:
        page.fill("[name=oldpassword]", first)
        for each in page.query_selector_all("[name=password1], [name=password2]"):
            each.fill(PASSWORD)
        page.click("main button[type=submit]")
    page.wait_for_selector("[action*='sign-out'], [href*='sign-out']", state="attached")
    page.goto(served.address)
    speaks = language if is_offered(language, "web.home") else "en"
    assert page.get_attribute("html", "lang") == speaks
    try:
        yield page
        assert not faults, faults
    finally:
        context.close()
