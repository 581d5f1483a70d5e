"""A swindle on one canvas: from a victim's bank account over an exchange and TRON into bitcoin.

The tables are read; in a browser an officer says which accounts and rows are one, follows the
money on the canvas, saves the view, and prints it in the report of the case.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, LONG_CHAIN
from tests.data.scam.make import MULE, VICTIM
from tests.flows.workbench import PASSPHRASE, served, signed_in
from tests.reports.poppler import need, text_of
from tests.web.scam_site import read_tables

pytestmark = pytest.mark.thorough

SELECT = """(account) => {
  const place = document.querySelector('[data-canvas]').workplace;
  const boxes = [...place.now.graph.nodes.values()];
  place.stage.clear();
  place.stage.select(boxes.find((one) => one.subject.value.startsWith(account)).id, false);
}"""
NAME = "From the victim's bank into bitcoin"
CASH_OUT = f"{FIRST_PAYMENT}:0"
"""What the swap service says that it paid."""
PICTURE = """() => {
  const { now } = document.querySelector('[data-canvas]').workplace;
  const nodes = [...now.graph.nodes.values()].map((one) =>
    ({ id: one.id, x: one.x, address: one.address, subject: one.subject,
      lines: one.lines.map(([, text]) => text) }));
  const edges = [...now.graph.edges.values()].map((one) =>
    ({ source: one.source, target: one.target, told: one.told, tone: one.tone }));
  return { nodes, edges };
}"""


def says_what_is_one(page: Page) -> None:
    """Tick all that is suggested, also what is suggested then, see what follows, and record it."""
    page.goto(urljoin(page.url, "/cases/1/stated/?tab=joins"))
    while page.locator("[name=pair]").count():
        form = page.locator("form:has([name=pair])")
        for each in form.locator("[name=pair]").all():
            each.check()
        form.locator("[name=decision]").select_option("same")
        form.locator("[name=decision_remark]").fill("the tables were laid side by side")
        form.get_by_role("button", name="Show what follows").click()
        page.wait_for_selector("text=Nothing is recorded yet.")
        page.get_by_role("button", name="Record the decision").click()
        page.wait_for_url("**/stated/?tab=joins")


def joins_at_the_box(page: Page, account: str) -> None:
    """Select the first box of an account, tick all that is suggested there, join it; till none."""
    while True:
        page.evaluate(SELECT, account)
        page.wait_for_selector(f"[data-canvas-subject][data-value^='{account}']")
        form = page.locator("[data-canvas-join]")
        if not form.count():
            return
        left = form.locator("[name=pair]").count()
        form.get_by_role("button", name="Tick all").click()
        assert form.locator("[name=pair]:checked").count() == left
        with page.expect_response("**/canvas/draw/"):
            form.get_by_role("button", name="Join").click()
        page.wait_for_selector("[data-canvas]:not([aria-busy])")


def says_who(page: Page, address: str) -> None:
    """Tag an address: a label of the unit, which no trace before it looked at."""
    page.goto(urljoin(page.url, f"/tags/new/?kind=address&chain=main&value={address}"))
    page.fill("[name=label]", "Example Shop")
    page.locator("[name=confidence]").select_option("medium")
    page.fill("[name=reason]", "an invented shop's own page names it")
    page.click("main form button.main")
    page.wait_for_url(lambda url: "/tags/new" not in url)


def canvas(page: Page, query: str) -> dict[str, Any]:
    page.goto(urljoin(page.url, f"/cases/1/canvas/?{query}"))
    page.wait_for_function("document.querySelector('[data-canvas]').workplace !== undefined")
    found: dict[str, Any] = page.evaluate(PICTURE)
    return found


def way(picture: dict[str, Any], first: str, last: str) -> list[dict[str, Any]]:
    """The boxes from one to another along the arrows, the fewest that lead there."""
    nodes = {node["id"]: node for node in picture["nodes"]}
    came: dict[str, str] = {first: ""}
    queue = deque([first])
    while queue:
        at = queue.popleft()
        for edge in picture["edges"]:
            if edge["source"] == at and edge["target"] not in came:
                came[edge["target"]] = at
                queue.append(edge["target"])
    steps = [last]
    while came[steps[-1]]:
        steps.append(came[steps[-1]])
    return [nodes[one] for one in reversed(steps)]


def box(picture: dict[str, Any], kind: str, value: str) -> str:
    """The id of the box of a value, whoever's it is."""
    (found,) = {
        node["id"]
        for node in picture["nodes"]
        if node["subject"]["kind"] == kind and node["subject"]["value"].startswith(value)
    }
    return str(found)


@pytest.mark.thorough
@pytest.mark.browser
def test_a_swindle_is_followed_on_one_canvas_saved_and_printed(
    browser: Browser, unit: Unit, tmp_path: Path
) -> None:
    read_tables(unit, tmp_path)
    unit.say("bitcoin", "trace", "main", CASH_OUT, "--case", "C1", "--why", "the way on")
    with served(unit) as bench, signed_in(browser, bench, "dara") as page:
        page.goto(f"{bench.address}/cases/1/")
        says_what_is_one(page)
        picture = canvas(page, "trace=4&transfers=1")
        victim = box(picture, "party", VICTIM.replace("-", ""))
        steps = way(picture, victim, box(picture, "output", CASH_OUT))
        told = [" ".join(one["lines"]) for one in steps]
        assert MULE.replace("-", "") in told[1]
        assert "Example Exchange" in told[2]
        assert [one["subject"]["chain"] for one in steps[3:5]] == ["tron", "tron"]
        assert "Example Swap" in told[5]
        assert "10 BTC" in told[6]
        assert len(steps) == 7
        assert [one["x"] for one in steps] == sorted(one["x"] for one in steps)
        by = {(one["source"], one["target"]): one for one in picture["edges"]}
        ids = [one["id"] for one in steps]
        assert {by[pair]["tone"] for pair in pairwise(ids)} == {"stated"}

        page.click("[data-do=save]")
        page.fill("dialog[open] [name=name]", NAME)
        page.click("dialog[open] button.main")
        page.wait_for_selector("[data-views] a:has-text('V1')", state="attached")

        page.goto(f"{bench.address}/cases/1/stated/?tab=victims")
        victims = page.inner_text("main")
        assert "50,000,000.00" in victims
        assert "Invented One" not in victims

        page.goto(f"{bench.address}/cases/1/report/")
        page.get_by_label(f"V1 {NAME}").check()
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main form button.main")
        page.wait_for_selector("main table a[href$='.pdf']", timeout=120_000)
        with page.expect_download() as download:
            page.click("main table a[href$='.pdf']")
        report = tmp_path / "report.pdf"
        download.value.save_as(report)
    need("pdftotext")
    printed = " ".join(text_of(report).split())
    assert NAME in printed
    assert "TXN-778120" in printed
    assert "Invented One" not in printed


@pytest.mark.thorough
@pytest.mark.browser
def test_accounts_are_joined_at_their_box_and_the_sentence_goes_from_victims_to_cash_out(
    browser: Browser, unit: Unit, tmp_path: Path
) -> None:
    read_tables(unit, tmp_path)
    with served(unit) as bench, signed_in(browser, bench, "dara") as page:
        page.goto(f"{bench.address}/cases/1/")
        account = MULE.replace("-", "")
        picture = canvas(page, "transfers=1")
        boxes = [one for one in picture["nodes"] if one["subject"]["value"].startswith(account)]
        assert len(boxes) == 4, "each publisher's number is its own"
        answer = page.locator("[data-title]")
        assert "what became of 70\u202f000\u202f000 LAK, 300.5 USDT is not known" in (
            answer.inner_text()
        )
        page.evaluate(SELECT, account)
        page.wait_for_selector("[data-canvas-join]")
        assert "These 4 look like the same account" in page.inner_text("[data-canvas-join]")
        page.locator("[data-canvas-join]").get_by_role("button", name="Join").click()
        assert "Nothing is ticked" in page.inner_text("[data-fault-said]")
        joins_at_the_box(page, account)
        after: dict[str, Any] = page.evaluate(PICTURE)
        boxes = [one for one in after["nodes"] if one["subject"]["value"].startswith(account)]
        assert len(boxes) == 1
        said = answer.inner_text().replace("\u202f", " ")
        assert "to 0305551112 at Mekong Example Bank" in said
        assert "68 500 000 to 68 510 638.29 LAK came to an account at Example Exchange" in said
        assert "what became of 300.5 USDT is not known" in said
        page.evaluate(SELECT, "E6 (Example Exchange)")
        page.click("[data-canvas-subject] a:has-text('Confirm the conversion')")
        confirm = page.locator("form:has([name=row_one])")
        confirm.locator("[name=decision_remark]").fill("the exchange's letter of 3 March")
        confirm.locator("button[type=submit]").last.click()
        page.wait_for_load_state("networkidle")
        canvas(page, "transfers=1")
        said = page.inner_text("[data-title]").replace("\u202f", " ")
        assert "68 500 000 to 68 510 638.29 LAK became USDT at an account at Example Exchange" in (
            said
        )


@pytest.mark.thorough
@pytest.mark.browser
def test_new_labels_are_told_on_the_canvas_and_one_press_runs_again_in_place(
    browser: Browser, unit: Unit
) -> None:
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    with served(unit) as bench, signed_in(browser, bench, "dara") as page:
        page.goto(f"{bench.address}/cases/1/")
        picture = canvas(page, "trace=4")
        assert not page.locator("[data-changed]").is_visible()
        says_who(page, next(one["address"] for one in picture["nodes"] if one["address"]))
        canvas(page, "trace=4")
        page.click("[data-changed] button")
        page.wait_for_selector("[data-changed]", state="hidden")
        sources = page.evaluate(
            "() => document.querySelector('[data-canvas]').workplace.now.view.sources"
        )
        assert [(one["kind"], one["trace"]) for one in sources] == [("trace", 5)]
        assert "/canvas/" in page.url, "nobody leaves the picture"
        page.click("[data-do=undo]")
        page.wait_for_selector("[data-changed]", state="visible")
