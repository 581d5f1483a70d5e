"""Signed-in browsers for the programme's load, in a process of their own.

`python -m benchmarks.programme_clients URL FACTS SECONDS`: as many sessions as the big programme
has accounts, each signs in by the form and then asks for one page every five seconds, in turn over
all of `PAGES`; one of them also answers a question every ten seconds, by its form. What each answer
took, from the first byte sent to the last one read, goes to standard output as JSON. A page that is
not answered with 200 is an error.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.site_clients import PERIOD_S, WRITES_EVERY_S, Browser

PAGES = (
    "home", "rounds", "round", "questions", "question", "profile", "compare", "plan", "disputes",
    "evidence", "country", "board", "countries", "region",
)  # fmt: skip
_HIDDEN = re.compile(rb'name="(follows|also)"[^>]* value="([^"]*)"')


def address_of(page: str, facts: dict[str, Any], account: dict[str, Any], turn: int) -> str:
    """The address of a page, of one of the account's rounds."""
    mine = account["rounds"][turn % len(account["rounds"])]
    root = f"/rounds/{mine['id']}/"
    asked = f"{root}{facts['protocol']}/"
    indicator = facts["indicators"][turn * 7 % len(facts["indicators"])]
    return {
        "home": "/",
        "rounds": "/rounds/",
        "round": root,
        "questions": asked,
        "question": f"{asked}{indicator}/",
        "profile": f"{asked}profile/",
        "compare": f"{asked}compare/",
        "plan": f"{root}plan/",
        "disputes": f"{root}disputes/",
        "evidence": f"{root}evidence/",
        "country": f"/countries/{mine['country']}/",
        "board": f"/countries/{mine['country']}/board/",
        "countries": "/countries/",
        "region": "/region/",
    }[page]


@dataclass
class Heard:
    """What came back; `answers` has page, seconds and status of each."""

    answers: list[tuple[str, float, int]] = field(default_factory=list)
    write_s: list[float] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    """Indicators that were answered, in the round under way of the first account."""
    faults: list[str] = field(default_factory=list)


Address = Callable[[str, dict[str, Any], dict[str, Any], int], str]
"""The address of a page, by facts, account and turn."""


def read_pages(
    browser: Browser,
    facts: dict[str, Any],
    place: int,
    first: float,
    ends: float,
    heard: Heard,
    pages: Sequence[str] = PAGES,
    address: Address = address_of,
) -> None:
    """Ask for one page every five seconds."""
    account = facts["accounts"][place]
    for turn in itertools.count():
        due = first + turn * PERIOD_S
        if due >= ends:
            return
        time.sleep(max(0.0, due - time.monotonic()))
        page = pages[(turn + place) % len(pages)]
        began = time.perf_counter()
        try:
            status, _ = browser.get(address(page, facts, account, turn + place))
        except OSError as error:
            status = 0
            heard.faults.append(f"{page}: {error!r}")
        heard.answers.append((page, time.perf_counter() - began, status))


def answer_now_and_then(
    browser: Browser, facts: dict[str, Any], first: float, ends: float, heard: Heard
) -> None:
    """Answer a question of the round under way every ten seconds."""
    mine = facts["accounts"][0]["open"]
    for turn in itertools.count():
        due = first + turn * WRITES_EVERY_S
        if due >= ends:
            return
        time.sleep(max(0.0, due - time.monotonic()))
        indicator = facts["indicators"][1 + turn % 19]  # every twentieth is settled already
        address = f"/rounds/{mine}/{facts['protocol']}/{indicator}/"
        _, page = browser.get(address)
        hidden = {name.decode(): value.decode() for name, value in _HIDDEN.findall(page)}
        given = {
            "csrfmiddlewaretoken": browser.token(address), **hidden, "given_whole": str(turn % 5),
            "confidence": "low", "comment": f"Under load {turn}", "do": "stay",
        }  # fmt: skip
        began = time.perf_counter()
        status, page = browser.post(address, urlencode(given).encode())
        heard.write_s.append(time.perf_counter() - began)
        if status != 302:
            heard.faults.append(f"{address}: {status} {page[-400:]!r}")
            continue
        heard.given.append(indicator)


def main(url: str, path: Path, seconds: float) -> None:
    """Sign all in, read and write until the time is over, and tell what came back."""
    facts = json.loads(path.read_text("utf-8"))
    accounts = facts["accounts"]
    browsers = [Browser(url, account["username"]) for account in accounts]
    writer = Browser(url, accounts[0]["username"])
    heard = Heard()
    begins = time.monotonic() + 1.0
    ends = begins + seconds
    threads = [
        threading.Thread(
            target=read_pages,
            args=(browser, facts, place, begins + place * PERIOD_S / len(accounts), ends, heard),
        )
        for place, browser in enumerate(browsers)
    ]
    threads.append(
        threading.Thread(target=answer_now_and_then, args=(writer, facts, begins, ends, heard))
    )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(vars(heard)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
