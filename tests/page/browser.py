"""One headless Chromium for all tests of the page, and what a person sees there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from kancil.reports.casework.bundle.page.build import PAGE

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WITH_ALL = ""
WITHOUT_SUBTLE = "Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined});"
WITHOUT_CRYPTO = "Object.defineProperty(globalThis, 'crypto', {value: undefined});"
WITHOUT_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
  const name = algorithm?.name ?? algorithm;
  if (name === 'Ed25519') return Promise.reject(new DOMException('unknown', 'NotSupportedError'));
  return importKey.call(this, format, key, algorithm, ...rest);
};
"""
WITH_LYING_ED25519 = "SubtleCrypto.prototype.verify = async () => true;"
MODES = {
    "with WebCrypto": WITH_ALL,
    "without crypto.subtle": WITHOUT_SUBTLE,
    "without crypto": WITHOUT_CRYPTO,
    "without Ed25519": WITHOUT_ED25519,
    "with an Ed25519 that says yes to all": WITH_LYING_ED25519,
}


@dataclass
class Answer:
    """What the page says of one bundle."""

    verdict: str
    title: str
    states: dict[str, str]
    texts: dict[str, str]
    facts: str


@dataclass
class Desk:
    """The open page, and what went wrong in it: console errors, requests to anywhere."""

    page: Page
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def check(
        self,
        bundle: bytes | Path,
        *,
        key: str = "",
        checkpoint: str = "",
        consistency: str = "",
    ) -> Answer:
        """Do what a person does: fill in what came by another road, choose the file, read."""
        self.page.evaluate(
            """([key, checkpoint, consistency]) => {
              document.getElementById('fingerprint').value = key;
              document.getElementById('checkpoint').value = checkpoint;
              document.getElementById('consistency').value = consistency;
            }""",
            [key, checkpoint, consistency],
        )
        if isinstance(bundle, Path):
            self.page.set_input_files("#bundle", bundle)
        else:
            file = FilePayload(name="bundle.zip", mimeType="application/zip", buffer=bundle)
            self.page.set_input_files("#bundle", file)
        self.wait()
        return self.read()

    def wait(self) -> None:
        """Wait until the page is at rest."""
        self.page.wait_for_selector("body[aria-busy=false]", timeout=60_000)

    def read(self) -> Answer:
        """Read what stands on the page."""
        found = self.page.evaluate(
            """() => ({
              verdict: document.getElementById('verdict').dataset.verdict,
              title: document.getElementById('verdict-title').textContent,
              hidden: document.getElementById('result').hidden,
              facts: document.getElementById('facts').textContent,
              answers: [...document.querySelectorAll('.answer')].map(
                (one) => [one.dataset.answer, one.dataset.state, one.innerText]),
            })"""
        )
        assert found["hidden"] is False
        return Answer(
            found["verdict"],
            found["title"],
            {name: state for name, state, _ in found["answers"]},
            {name: text for name, _, text in found["answers"]},
            found["facts"],
        )


def chromium() -> str:
    """The path of the browser; the tests fail without one, they are not skipped."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "install Debian's chromium"
    return path


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def open_desk(browser: Browser, before: str = WITH_ALL, **options: object) -> Desk:
    """Open the page from its file, as a person would, after `before` has changed the browser."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    if before:
        page.add_init_script(before)
    desk = Desk(page)
    page.on("pageerror", lambda error: desk.faults.append(str(error)))
    page.on("console", lambda message: _note(desk, message.type, message.text))
    page.on("request", lambda request: desk.asked.append(request.url))
    page.goto(PAGE.as_uri())
    page.click("summary")
    desk.wait()
    return desk


def _note(desk: Desk, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        desk.faults.append(text)
