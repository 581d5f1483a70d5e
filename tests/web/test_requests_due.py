"""What is due of requests on the site, and requests of others."""

from __future__ import annotations

from html import unescape as told
from pathlib import Path
from typing import Any

from tests.cli.test_request_due import sent
from tests.web.site import OUTSIDER, Site

RECEIPT = {
    "received_kind": "preservation", "sender": "Contact Point of Tests",
    "sender_kind": "network-24-7", "sender_country": "TH", "received_on": "2026-03-09",
    "received_answer_by": "2026-03-20", "received_reference": "TH-7", "received_letter": "E1",
}  # fmt: skip
CHECKS = {"signed": "yes", "confirmed": "yes", "basis": "yes", "scope": "yes", "no-ground": "yes",
          "rights": "yes"}  # fmt: skip
NEW = "/cases/1/requests/received/new/"


def page(site: Site, address: str, person: str = "officer") -> str:
    return told(site.client(person).get(address).content.decode())


def post(site: Site, address: str, **given: str) -> Any:
    return site.client("officer").post(address, given)


def test_days_of_my_cases_stand_on_their_page_on_home_and_in_the_calendar(
    site: Site, tmp_path: Path
) -> None:
    assert "Nothing is due" in page(site, "/requests/due/")
    sent(site.unit, tmp_path)
    shown = page(site, "/requests/due/")
    assert "formal order due" in shown
    assert "C1 R1" in shown
    assert "no country's official calendar" in shown
    answer = site.client("reader").get("/requests/due/calendar/")
    assert answer.headers["Content-Type"] == "text/calendar"
    assert b"SUMMARY:C1 R1: Preservation" in answer.content
    assert "C1 R1" not in page(site, "/requests/due/", OUTSIDER)
    assert b"VEVENT" not in site.client(OUTSIDER).get("/requests/due/calendar/").content
    (letter,) = site.workspace.requests_dir.glob("*.json")
    letter.chmod(0o600)
    letter.write_bytes(letter.read_bytes() + b" ")
    assert "gone or was changed" in page(site, "/")
    assert site.client("officer").get("/requests/due/").status_code != 200


def test_a_request_of_others_goes_from_its_letter_to_its_answer(site: Site) -> None:
    assert site.client("reader").get(NEW).status_code == 403
    wrong = post(site, NEW, **{**RECEIPT, "received_on": "2026-02-30"})
    assert 'href="#id_received_on"' in wrong.content.decode()
    answer = post(site, NEW, **RECEIPT)
    assert answer.status_code == 302
    there = answer.headers["Location"]
    shown = page(site, there)
    assert "Contact Point of Tests (TH) asks: Preservation. Status: received." in shown
    assert "still to check: 6" in shown
    assert "Overdue" in shown
    assert "Requests: 2 overdue" in page(site, "/")  # our answer, and the last reminder
    assert "registered already, as R1" in told(post(site, NEW, **RECEIPT).content.decode())
    early = post(site, f"{there}event/", received_what="in-execution")
    assert "is not carried out: 6" in told(early.content.decode())
    assert post(site, f"{there}check/", **CHECKS).status_code == 302
    assert "The check lets it be carried out." in page(site, there)
    assert post(site, f"{there}event/", received_what="in-execution").status_code == 302
    done = {"received_what": "answered", "received_until": "2098-03-31", "received_exhibit": "E2"}
    assert post(site, f"{there}event/", **done).status_code == 302
    shown = page(site, there, "reader")
    assert "Status: answered." in shown
    assert "2098-03-31" in shown
    assert "Record check" not in shown
    assert "R1" in page(site, "/requests/received/")
    assert "overdue" not in page(site, "/")
    (receipt,) = site.entries("request.received")
    assert receipt.body["until"] == "2026-03-20"
    recorded = [each.body.get("checks") for each in site.entries("request.recorded")]
    assert recorded == [CHECKS, None, None]
    assert site.client("officer").get("/cases/1/requests/received/2/").status_code == 404
    assert site.client(OUTSIDER).get(there).status_code == 404
    site.verify()
