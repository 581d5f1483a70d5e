"""Signed-in browsers of a class, in a process of their own.

`python -m benchmarks.classroom_clients URL FACTS SECONDS`: each trainee of the class signs in by
the form and then asks for one page every five seconds, in turn over all of `PAGES`; one of them
also saves an answer every ten seconds. What each answer took goes to standard output as JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.programme_clients import Heard, read_pages
from benchmarks.site_clients import PERIOD_S, WRITES_EVERY_S, Browser

ADDRESSES = {
    "home": "/",
    "class": "/training/",
    "lab": "/training/labs/{run}/",
    "case": "/cases/{case}/",
    "exhibits": "/cases/{case}/exhibits/",
    "money": "/cases/{case}/money/",
    "courses": "/training/courses/",
    "tasks": "/tasks/",
}
"""By page."""
PAGES = tuple(ADDRESSES)


def address_of(page: str, facts: dict[str, Any], account: dict[str, Any], _turn: int) -> str:
    """The address of a page of one trainee's."""
    return ADDRESSES[page].format(run=facts["run"], case=account["case"])


def save_now_and_then(
    browser: Browser, facts: dict[str, Any], first: float, ends: float, heard: Heard
) -> None:
    """Save another answer to one question every ten seconds, by its form."""
    attempt = facts["accounts"][0]["attempt"]
    address = f"/training/attempts/{attempt}/answers/{facts['question']}/"
    token = browser.token(f"/training/labs/{facts['run']}/")
    for turn in itertools.count():
        due = first + turn * WRITES_EVERY_S
        if due >= ends:
            return
        time.sleep(max(0.0, due - time.monotonic()))
        body = urlencode({"csrfmiddlewaretoken": token, "value": f"0.{turn + 1}"}).encode()
        began = time.perf_counter()
        status, _ = browser.post(address, body)
        heard.write_s.append(time.perf_counter() - began)
        if status not in (200, 302):
            heard.faults.append(f"answer: {status}")


def main(url: str, path: Path, seconds: float) -> None:
    """Sign all in, read until the time is over, and tell what came back."""
    facts = json.loads(path.read_text("utf-8"))
    accounts = facts["accounts"]
    browsers = [Browser(url, account["username"]) for account in accounts]
    writer, heard = Browser(url, accounts[0]["username"]), Heard()
    begins = time.monotonic() + 1.0
    ends = begins + seconds
    threads = [
        threading.Thread(
            target=read_pages,
            args=(
                browser, facts, place, begins + place * PERIOD_S / len(accounts), ends, heard,
                PAGES, address_of,
            ),
        )
        for place, browser in enumerate(browsers)
    ]  # fmt: skip
    saving = (writer, facts, begins, ends, heard)
    threads.append(threading.Thread(target=save_now_and_then, args=saving))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(vars(heard)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
