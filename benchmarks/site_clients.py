"""Signed-in browsers for the site's load, in a process of their own.

`python -m benchmarks.site_clients URL FACTS SECONDS`: as many sessions as the big unit has
accounts, each signs in by the form and then asks for one page every five seconds, in turn over all
of `PAGES`; one of them also opens cases and takes small files in, by the forms. What each answer
took, from the first byte sent to the last one read, and what was written, goes to standard output
as JSON. A page that is not answered with 200 (or, by the search box, 302) is an error.
"""

from __future__ import annotations

import http.client
import itertools
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from benchmarks.big_unit import PASSWORD
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS

PERIOD_S = 5.0
WRITES_EVERY_S = 10.0
_AGAIN_S = 5.0
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_BOUNDARY = "generated-for-a-benchmark"

PAGES = (
    "home", "case", "exhibits", "exhibit", "custody", "studies", "findings", "transaction",
    "address", "money-graph", "search", "work",
)  # fmt: skip
"""The ten main pages; exhibits and custody count as one, and have three."""


def address_of(page: str, case: dict[str, Any], turn: int) -> str:
    """The address of a page, of one of the account's cases."""
    root = f"/cases/{case['number']}/"
    exhibit = case["exhibits"][turn % len(case["exhibits"])]
    searched = (
        case["digests"][turn % len(case["digests"])],
        f"E{exhibit}", case["title"][:14], "Phone", PAID_ADDRESS, FIRST_PAYMENT,
        PAID_ADDRESS[:-1] + "e", case["digests"][0][:9],
    )  # fmt: skip
    return {
        "home": "/",
        "case": root,
        "exhibits": f"{root}exhibits/?page={turn % 2 + 1}",
        "exhibit": f"{root}exhibits/{exhibit}/",
        "custody": f"{root}custody/?page={turn % 15 + 1}",
        "studies": f"{root}money/",
        "findings": f"{root}findings/",
        "transaction": f"/chains/main/tx/{FIRST_PAYMENT}/",
        "address": f"/chains/main/address/{PAID_ADDRESS}/",
        "money-graph": f"/chains/main/graph/?start={FIRST_PAYMENT}",
        "search": f"/find/?q={quote(searched[turn % len(searched)])}",
        "work": "/tasks/",
    }[page]


class Browser:
    """One signed-in session on one kept connection."""

    def __init__(self, url: str, username: str) -> None:
        """Sign in by the form."""
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), parts.port or 80
        self._connection = self._connect()
        self._cookies: dict[str, str] = {}
        token = self.token("/sign-in/")
        given = {"csrfmiddlewaretoken": token, "login": username, "password": PASSWORD}
        status, _ = self.post("/sign-in/", urlencode(given).encode())
        while status == 429:  # so many a minute from one address, and all of these are from one
            time.sleep(_AGAIN_S)
            status, _ = self.post("/sign-in/", urlencode(given).encode())
        if status != 302:
            raise SystemExit(f"{username} could not sign in: {status}")

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=60)

    def get(self, address: str) -> tuple[int, bytes]:
        """Ask for a page."""
        return self._ask("GET", address, None, "")

    def post(self, address: str, body: bytes, kind: str = "") -> tuple[int, bytes]:
        """Send a form."""
        return self._ask("POST", address, body, kind or "application/x-www-form-urlencoded")

    def token(self, address: str) -> str:
        """The token of a page's form."""
        status, page = self.get(address)
        found = _TOKEN.search(page)
        if found is None:
            raise SystemExit(f"{address} has no form: {status}")
        return found[1].decode()

    def _ask(self, method: str, address: str, body: bytes | None, kind: str) -> tuple[int, bytes]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            **({"Content-Type": kind} if body is not None else {}),
        }
        for last in (False, True):
            try:
                self._connection.request(method, address, body, headers)
                answer = self._connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server has closed a connection that was idle; a browser begins a new one.
                self._connection.close()
                self._connection = self._connect()
                if last:
                    raise
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, cookie in SimpleCookie(line).items():
                self._cookies[name] = cookie.value
        return answer.status, answer.read()


@dataclass
class Heard:
    """What came back."""

    answers: list[tuple[str, float, int]] = field(default_factory=list)
    """Page, seconds, status."""
    cases: list[str] = field(default_factory=list)
    """Titles of cases that were opened."""
    exhibits: list[str] = field(default_factory=list)
    """Titles of exhibits that were taken in."""
    write_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_pages(
    browser: Browser, account: dict[str, Any], first: float, ends: float, heard: Heard, start: int
) -> None:
    """Ask for one page every period until the time is over."""
    for turn in itertools.count():
        due = first + turn * PERIOD_S
        if due >= ends:
            return
        time.sleep(max(0.0, due - time.monotonic()))
        page = PAGES[(turn + start) % len(PAGES)]
        case = account["cases"][(turn // len(PAGES) + start) % len(account["cases"])]
        began = time.perf_counter()
        try:
            status, _ = browser.get(address_of(page, case, turn + start))
        except OSError as error:
            status = 0
            heard.faults.append(f"{page}: {error!r}")
        heard.answers.append((page, time.perf_counter() - began, status))


def write_now_and_then(
    browser: Browser, account: dict[str, Any], first: float, ends: float, heard: Heard
) -> None:
    """Open a case, then take a file in, in turn."""
    number = account["cases"][0]["number"]
    for turn in itertools.count():
        due = first + turn * WRITES_EVERY_S
        if due >= ends:
            return
        time.sleep(max(0.0, due - time.monotonic()))
        title = f"Written under load {turn}"
        address = "/cases/new/" if turn % 2 == 0 else f"/cases/{number}/intake/"
        token = browser.token(address)
        began = time.perf_counter()
        if turn % 2 == 0:
            given = {
                "csrfmiddlewaretoken": token, "case_title": title, "basis_kind": "warrant",
                "authority": "Court of Generated Cases",
            }  # fmt: skip
            status, page = browser.post(address, urlencode(given).encode())
        else:
            status, page = browser.post(address, _upload(token, title), _multipart())
        heard.write_s.append(time.perf_counter() - began)
        if status != 302:
            heard.faults.append(f"{address}: {status} {page[-400:]!r}")
            continue
        (heard.cases if turn % 2 == 0 else heard.exhibits).append(title)


def _multipart() -> str:
    return f"multipart/form-data; boundary={_BOUNDARY}"


def _upload(token: str, title: str) -> bytes:
    fields = {"csrfmiddlewaretoken": token, "exhibit_title": title, "stated_source": "generated"}
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="sent_files"; filename="generated.txt"'
    body = f"Content-Type: text/plain\r\n\r\ngenerated {title}\r\n--{_BOUNDARY}--\r\n"
    return "".join([*parts, f"--{_BOUNDARY}\r\n{head}\r\n", body]).encode()


def main(url: str, facts: Path, seconds: float) -> None:
    """Sign all in, read and write until the time is over, and tell what came back."""
    accounts = json.loads(facts.read_text("utf-8"))["accounts"]
    browsers = [Browser(url, account["username"]) for account in accounts]
    writer = Browser(url, accounts[0]["username"])
    heard = Heard()
    begins = time.monotonic() + 1.0
    ends = begins + seconds
    threads = [
        threading.Thread(
            target=read_pages,
            args=(browser, account, begins + place * PERIOD_S / len(accounts), ends, heard, place),
        )
        for place, (browser, account) in enumerate(zip(browsers, accounts, strict=True))
    ]
    threads.append(
        threading.Thread(target=write_now_and_then, args=(writer, accounts[0], begins, ends, heard))
    )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(vars(heard)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
