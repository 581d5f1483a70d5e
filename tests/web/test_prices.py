"""Prices on the site: imported with their source, shown beside amounts, or *no price*."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cli.sample_unit import FIRST_PAYMENT, LISTED_PAYMENT
from tests.web.site import OUTSIDER, Site
from tests.web.test_permissions import RAW_KEY
from tests.web.test_stated import told

TABLE = b"Date,Price\n" + b"".join(b"2009-01-%02d,0.%04d\n" % (day, day) for day in range(3, 19))
STATED = {
    "price_source": "Invented for tests", "asset": "BTC", "currency": "usd", "table_zone": "UTC",
    "span": "day",
}  # fmt: skip


def send(site: Site, data: bytes = TABLE, **stated: str) -> Any:
    file = SimpleUploadedFile("rates.csv", data)
    return site.client("officer").post("/prices/import/", {**STATED, **stated, "price_file": file})


def test_a_price_table_is_imported_with_its_source_and_recorded_once(site: Site) -> None:
    assert "No price table yet" in site.client("reader").get("/prices/").content.decode()
    assert site.client("reader").get("/prices/import/").status_code == 403
    answer = send(site, TABLE + b"soon,5\n")
    assert answer.status_code == 302
    page = site.client("reader").get(answer.headers["Location"]).content.decode()
    assert "Invented for tests" in page
    assert "0.0012 USD" in page
    assert not RAW_KEY.findall(page)
    (entry,) = site.entries("prices.imported")
    assert (entry.body["rows"], entry.body["skipped"]) == (16, 1)
    assert send(site, TABLE + b"soon,5\n").headers["Location"] == answer.headers["Location"]
    assert len(site.entries("prices.imported")) == 1
    assert (
        site.client("officer").get("/prices/01a20fa2-0861-7117-90f4-e13d10787663/").status_code
        == 404
    )


def test_what_can_be_read_in_two_ways_is_asked_at_its_field_and_nothing_is_kept(site: Site) -> None:
    for data, stated, field in (
        (b"Date,Price\n03/04/2009,5\n", {}, "id_date_format"),
        (b'Date,Price\n2009-01-12,"1,234"\n', {}, "id_price_decimal"),
        (TABLE, {"table_zone": "Mars"}, "id_table_zone"),
        (TABLE, {"currency": "XXQ"}, "id_currency"),
        (TABLE, {"currency": ""}, "id_currency"),
        (TABLE, {"fetched_on": "2999-01-01"}, "id_fetched_on"),
        (b"\n", {}, "form-errors"),
        (b"PK\x03\x04", {}, "form-errors"),
    ):
        answer = send(site, data, **stated)
        page = answer.content.decode()
        assert answer.status_code == 200, (data, stated)
        assert f'href="#{field}"' in page or field == "form-errors" in page, (data, stated)
    assert not site.entries("prices.imported")
    assert not list(site.workspace.prices_dir.glob("*"))


def test_amounts_are_valued_at_block_time_with_source_and_date_else_no_price(site: Site) -> None:
    client = site.client("officer")
    address = f"/chains/main/tx/{FIRST_PAYMENT}/"
    assert "no price table was imported" in client.get(address).content.decode()
    send(site)
    page = client.get(address).content.decode()
    assert ">0.05 USD<" in page, "40 BTC at 0.0012, half to even"
    assert "Invented for tests, dated 2009-01-12" in page
    assert "claim, up to about two hours off" in page
    listed = client.get(f"/chains/main/tx/{LISTED_PAYMENT.partition(':')[0]}/").content.decode()
    assert "no price in USD" in listed
    assert "no row covers that time" in listed
    spent = f"/chains/main/tx/{LISTED_PAYMENT.partition(':')[0]}/?tab=inputs"
    assert "the amount is not known" in client.get(spent).content.decode()
    trace = client.get("/cases/1/money/1/").content.decode()
    assert "Invented for tests, dated 2009-01-12" in trace
    page = client.get("/cases/1/money/1/graph/", follow=True).content.decode()
    graph, view = told(page), told(page, "canvas-view")
    payment = next(node for node in graph["nodes"] if node["txid"] == FIRST_PAYMENT)
    assert payment["worth"] == "0.06 USD (Invented for tests, dated 2009-01-12)"
    sent = {"view": json.dumps(view)}
    rows = csv.DictReader(io.StringIO(client.post("/cases/1/canvas/csv/", sent).content.decode()))
    assert any("dated 2009-01-12" in row["value_at_block_time"] for row in rows)


def test_where_sources_differ_both_are_told_and_none_is_taken(site: Site) -> None:
    send(site)
    send(site, TABLE.replace(b"2009-01-12,0.0012", b"2009-01-12,0.0013"), price_source="Another")
    page = site.client("officer").get(f"/chains/main/tx/{FIRST_PAYMENT}/").content.decode()
    assert "sources differ: 0.0012, Invented for tests, 2009-01-12; 0.0013, Another" in page
    assert ">0.05 USD<" not in page


def test_hostile_text_of_a_price_table_stays_text(site: Site) -> None:
    send(site, price_source="<script>alert(1)</script>=1+1\u202e")
    for address in ("/prices/", f"/chains/main/tx/{FIRST_PAYMENT}/", "/cases/1/money/1/"):
        page = site.client("officer").get(address).content.decode()
        assert "<script>alert" not in page, address
    assert site.client(OUTSIDER).get("/prices/").status_code == 200, "prices belong to the unit"
