"""Signed-in browsers for the load of the programme's desk, in a process of their own.

`python -m benchmarks.delivery_clients URL FACTS SECONDS`: as many sessions as the big desk has
accounts, each signs in by the form and then asks for one page every five seconds, in turn over all
of `PAGES`. What each answer took goes to standard output as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.programme_clients import Heard, read_pages
from benchmarks.site_clients import PERIOD_S, Browser

ADDRESSES = {
    "home": "/",
    "activities": "/activities/",
    "of-country": "/activities/?country={country}",
    "found": "/activities/?text=tracing&state=planned",
    "activity": "/activities/{activity}/",
    "calendar": "/calendar/",
    "participants": "/participants/",
    "people-of": "/participants/?person_country={country}",
    "registrations": "/activities/{activity}/registrations/",
    "donors": "/grants/donors/",
    "grants": "/grants/",
    "grant": "/grants/{grant}/",
    "spending": "/grants/spending/",
    "results": "/results/",
    "indicator": "/results/indicators/{indicator}/",
    "reports": "/donor-reports/",
    "imports": "/imports/",
}
"""By page."""
PAGES = tuple(ADDRESSES)


def address_of(page: str, facts: dict[str, Any], _account: dict[str, Any], turn: int) -> str:
    """The address of a page, each turn of another thing."""
    named = {"activity": "activities", "country": "countries", "grant": "grants",
             "indicator": "indicators"}  # fmt: skip
    chosen = {name: facts[key][turn * 7 % len(facts[key])] for name, key in named.items()}
    return ADDRESSES[page].format(**chosen)


def main(url: str, path: Path, seconds: float) -> None:
    """Sign all in, read until the time is over, and tell what came back."""
    facts = json.loads(path.read_text("utf-8"))
    accounts = facts["accounts"]
    browsers = [Browser(url, account["username"]) for account in accounts]
    heard = Heard()
    begins = time.monotonic() + 1.0
    threads = [
        threading.Thread(
            target=read_pages,
            args=(
                browser, facts, place, begins + place * PERIOD_S / len(accounts),
                begins + seconds, heard, PAGES, address_of,
            ),
        )
        for place, browser in enumerate(browsers)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(vars(heard)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
