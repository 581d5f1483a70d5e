"""From `kancil init` to twelve trainees at work: what is clicked and typed is counted.

The figures are printed: `pytest -s`. The trainer uses a pasted list; each trainee scans the code of
a slip, chooses a password, states the legal basis of the story and takes all files in. The smallest
difficulty is chosen without being counted, so that the test is quick.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.flows.class_room import (
    Attempt,
    Exhibit,
    JoinSlip,
    Room,
    TrainingClass,
    pictures,
    room_served,
)
from tests.flows.workbench import PASSWORD

pytestmark = [pytest.mark.thorough, pytest.mark.browser]

NAMES = (
    "Anong Chai", "Binh Tran", "Chan Dara", "Dao Vong", "Emi Sato", "Fatimah Ali",
    "Gun Lee", "Hla Myint", "Intan Sari", "Jose Cruz", "Kham Lue", "Lan Pham",
)  # fmt: skip
MOST_CLICKS = 60


@dataclass
class Hand:
    """One person's hand, whose clicks and fields are counted."""

    page: Page
    counts: dict[str, int]
    who: str

    def click(self, at: str) -> None:
        """A click that leads to another page."""
        self.counts[f"{self.who} clicks"] += 1
        self.page.click(at)
        self.page.wait_for_load_state()

    def fill(self, name: str, value: str) -> None:
        """A field that is typed into."""
        self.counts[f"{self.who} fields"] += 1
        self.page.fill(f"[name={name}]", value)

    def choose(self, name: str, value: str) -> None:
        """A field of which one is chosen."""
        self.counts[f"{self.who} fields"] += 1
        self.page.select_option(f"[name={name}]", value)


@dataclass
class Morning:
    """What the morning comes to."""

    room: Room
    browser: Browser
    folder: Path
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("trainer clicks", "trainer fields", "trainees clicks", "trainees fields"), 0
        )
    )


def _trainer(morning: Morning) -> None:
    """Sign in, open a class, paste the names, give a lab."""
    served = morning.room.served
    page = morning.browser.new_context().new_page()
    hand = Hand(page, morning.counts, "trainer")
    page.goto(f"{served.address}/sign-in/")
    hand.fill("login", "tess")
    hand.fill("password", served.passwords["tess"])
    hand.click("main button[type=submit]")
    hand.fill("oldpassword", served.passwords["tess"])
    hand.fill("password1", PASSWORD)
    hand.fill("password2", PASSWORD)
    hand.click("main button[type=submit]")
    page.goto(f"{served.address}/")
    hand.click("nav a[href='/training/']")
    hand.click("a[href='/training/classes/new/']")
    with page.expect_download() as download:
        hand.click("main form:has([value=make-key]) button[type=submit]")
    download.value.save_as(morning.room.key_file)
    hand.fill("class_title", "Monday")
    morning.counts["trainer fields"] += 1
    page.set_input_files("[name=class_key_file]", morning.room.key_file)
    hand.click("main form:has([value=open-class]) button[type=submit]")
    pictures(page, "monday-class")
    hand.click("a[href$='/trainees/new/']")
    hand.fill("trainee_names", "\n".join(NAMES))
    hand.click("main button[type=submit]")
    pictures(page, "monday-slips")
    hand.click("a[href$='/labs/new/']")
    hand.choose("lab_name", "ransom-payment")
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    for name, value in (("hops", "3"), ("decoys", "1"), ("missing", "0"), ("noise", "250")):
        page.fill(f"[name=lab_{name}]", value)
    hand.click("main form:has([value=give-lab]) button[type=submit]")
    page.context.close()


def _trainee(morning: Morning, slip: JoinSlip, *, shows: bool) -> None:
    """Scan the slip, choose a password, open the case of the lab, take its files in."""
    page = morning.browser.new_context().new_page()
    hand = Hand(page, morning.counts, "trainees")
    page.goto(f"{morning.room.served.address}/join/?code={slip.code}")
    if shows:
        pictures(page, "monday-join")
    hand.fill("password1", PASSWORD)
    hand.fill("password2", PASSWORD)
    hand.click("main button[type=submit]")
    hand.choose("basis_kind", "warrant")
    hand.fill("authority", "District court of the story")
    hand.click("main button.main")
    hand.click("main button[value=take-all]")
    assert "Files being taken in" in page.inner_text("body")
    if shows:
        pictures(page, "monday-lab")
    page.context.close()


def test_twelve_trainees_are_at_work_within_sixty_clicks(browser: Browser, tmp_path: Path) -> None:
    began = time.monotonic()
    with room_served(tmp_path) as room:
        morning = Morning(room, browser, tmp_path)
        _trainer(morning)
        room.work()  # variants are made behind the pages
        of = TrainingClass.objects.get()
        slips = list(JoinSlip.objects.order_by("id"))
        assert len(slips) == len(NAMES)
        for slip in slips:
            _trainee(morning, slip, shows=slip is slips[0])
        room.work()
        cases = Attempt.objects.filter(variant__run__training_class=of).values_list("case_id")
        assert len(cases) == len(NAMES)
        for case in cases:
            assert Exhibit.objects.filter(case_id=case[0]).count() == 7
        told = {**morning.counts, "seconds by machine": round(time.monotonic() - began)}
        sys.stdout.write(f"\n{told}\n")
        clicks = sum(number for name, number in morning.counts.items() if "clicks" in name)
        assert clicks <= MOST_CLICKS, morning.counts
