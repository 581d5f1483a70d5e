"""From an exhibit to the graph in a browser: a table is mapped, tried, recorded, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT
from tests.cli.stated_files import TABLE
from tests.flows.workbench import served, signed_in
from tests.web.watching import BARRIERS, axe

pytestmark = pytest.mark.thorough

HOSTILE = "12/01/2009,BTC,BTC,=1+1,0,<img src=x onerror=alert(1)>,,Completed\n"
PRICES = "Date,Price\n" + "".join(f"2009-01-{day:02d},0.{day:04d}\n" for day in range(3, 19))


def look(page: Page) -> None:
    """Nothing sticks out at either width, and nothing bars the way of anybody."""
    page.evaluate(axe())
    assert page.evaluate(BARRIERS) == [], page.url
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], (page.url, wide)


def stated(page: Page) -> dict[str, Any]:
    """Give, of each arrow that a table states, how it is drawn and said, by its amount."""
    page.wait_for_selector("[data-canvas] canvas", state="attached")
    page.wait_for_function("document.querySelector('[data-canvas]').workplace !== undefined")
    found: dict[str, Any] = page.evaluate(
        """() => {
          const { stage } = document.querySelector('[data-canvas]').workplace;
          return Object.fromEntries(stage.cy.edges('.stated').map((edge) =>
            [stage.placed.edges.get(edge.id()).told, edge.style('line-style')]));
        }"""
    )
    return found


@pytest.mark.thorough
@pytest.mark.browser
def test_a_table_goes_from_an_exhibit_over_its_mapping_onto_the_graph(
    browser: Browser, unit: Unit, tmp_path: Path
) -> None:
    table, prices = tmp_path / "return.csv", tmp_path / "rates.csv"
    table.write_text(TABLE + HOSTILE, encoding="utf-8")
    prices.write_text(PRICES, encoding="utf-8")
    unit.say("exhibit", "add", "C1", table, "--title", "Return of an exchange")
    with (
        served(unit) as bench,
        signed_in(browser, bench, "dara") as page,
    ):
        address = bench.address
        page.goto(f"{address}/prices/import/")
        look(page)
        page.set_input_files("[name=price_file]", prices)
        page.fill("[name=price_source]", "Invented for tests")
        page.fill("[name=currency]", "USD")
        page.click("main form button[type=submit]")
        page.wait_for_selector("text=16 prices were imported")
        look(page)
        page.goto(f"{address}/cases/1/exhibits/3/")
        page.click("text=Import reported transfers")
        assert page.locator(".preview").inner_text().count("<img src=x") == 1, "text, and no image"
        look(page)
        page.fill("[name=stated_by]", "Example Exchange")
        assert page.query_selector("[name=record]") is None, "first it is tried"
        page.click("[name=try]")
        told = page.inner_text("#trial")
        assert "Transfers that would be recorded: 5; rows left out: 2" in told
        assert "line 7" in told
        assert "line 8" in told
        look(page)
        page.click("[name=record]")
        page.wait_for_url("**/cases/1/stated/")
        assert "Transfers reported by Example Exchange and recorded: 5" in page.inner_text("main")
        look(page)
        page.click("text=on the graph >> nth=0")
        assert stated(page).items() >= {"10 BTC": "dashed", "11 BTC": "dashed"}.items()
        assert set(stated(page).values()) == {"dashed"}
        look(page)
        page.click("[data-do=list]")
        page.wait_for_selector(".cv-said")
        listed = page.inner_text(".cv-list")
        assert "reported by Example Exchange · contradicted by the blockchain" in listed
        assert "0.06 USD (Invented for tests, dated 2009-01-12)" in listed
        page.goto(f"{address}/cases/1/money/1/graph/")
        assert stated(page).items() >= {"10 BTC": "dashed", "11 BTC": "dashed"}.items()
        assert set(stated(page).values()) == {"dashed"}
        for path in (
            "/chains/", "/labels/", "/labels/import/", "/prices/", "/cases/1/blocks/",
            f"/chains/main/tx/{FIRST_PAYMENT}/",
        ):  # fmt: skip
            page.goto(address + path)
            look(page)
        page.goto(f"{address}/labels/")
        page.click("main table a >> nth=-1")
        look(page)
    checked = unit.ask("verify", unit.root)
    assert checked["intact"], checked
