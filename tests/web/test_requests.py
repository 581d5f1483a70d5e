"""A request by its pages: from its draft to its renewal, its partial answer and what came of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kancil.ground import clock
from tests.data.scam.make import FILES
from tests.legal.letters import good
from tests.web.scam_site import read_scam
from tests.web.signing import PASSPHRASE, confirm, forget_confirming, with_key
from tests.web.site import Site
from tests.web.test_permissions import RAW_KEY
from tests.web.test_request_form import newest, saved, sent_of
from tests.web.test_requests_due import NEW, RECEIPT, post

if TYPE_CHECKING:
    from django.test import Client

ONE = "/cases/1/requests/1/"


def day(days: int) -> str:
    """So many days after today, as the unit's zone has it."""
    return (clock.now().astimezone(ZoneInfo("Asia/Vientiane")).date() + timedelta(days)).isoformat()


def page(client: Client, url: str) -> str:
    """A page as text with one space between words."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def record(client: Client, what: str, **sent: str) -> str:
    """Record something of R1; gives the page with the form where it was refused."""
    answer = client.post(f"{ONE}record/{what}/", {"happened_on": day(0), **sent})
    return "" if answer.status_code == 302 else answer.content.decode()


def letter(site: Site) -> str:
    """Keep a preservation against which nothing stands; gives its number."""
    draft = good("preservation")
    texts = {**draft.texts, "order_by": day(30)}
    return saved(site, replace(draft, texts=texts, findings=()))


def authorised(site: Site, client: Client) -> None:
    """Authorise R1 as the page asks."""
    confirm(client)
    answer = client.post(
        f"{ONE}authorise/", {"authority_post": "Unit of Tests", "passphrase": PASSPHRASE}
    )
    assert answer.status_code == 302, answer.content.decode()


def test_one_page_shows_a_request_its_renewal_its_partial_answer_and_what_came_of_it(
    site: Site, tmp_path: Path
) -> None:
    with_key(site, "officer")
    client = site.client("officer")
    assert "No request yet" in page(client, "/cases/1/requests/")
    letter(site)
    assert "Next: a named authority authorises it." in page(client, ONE)
    authorised(site, client)
    assert "Then record the sending" in page(client, ONE)
    printed = client.get(f"{ONE}letter/pdf/")
    assert printed.content[:5] == b"%PDF-"
    assert "C1-R1.pdf" in printed.headers["Content-Disposition"]
    assert client.get(f"{ONE}letter/json/").json()["format"] == "kancil-letter/1"
    assert client.get(f"{ONE}letter/exe/").status_code == 404
    form = page(client, f"{ONE}record/sent/")
    assert "Sent by" in form
    assert "money mules" not in form, "the hint of a form that drafts letters"
    assert record(client, "sent", sent_by_channel="portal", sent_as="pdf") == ""
    (sent,) = site.entries("request.recorded")
    assert sent.body["letter_sha256"] == sha256(printed.content).hexdigest()
    assert record(client, "acknowledged", their_reference="P-77") == ""
    assert record(client, "hold-set", held_until=day(4)) == ""
    assert record(client, "renewed", new_end=day(94), their_reference="P-78") == ""
    answer = tmp_path / "answer.csv"
    answer.write_bytes(FILES[next(iter(FILES))])
    exhibit = site.unit.ask("exhibit", "add", "C1", answer, "--title", "Answer")["label"]
    offered = client.get(f"/cases/1/exhibits/{exhibit}/").content.decode()
    assert f"Is {exhibit} the answer?" in offered
    where = f"/cases/1/requests/1/record/answered/?exhibit={exhibit}"
    assert where in offered
    assert f'<option value="{exhibit}" selected>' in client.get(where).content.decode()
    assert record(client, "answered-in-part", answer_exhibit=exhibit, held_until=day(94)) == ""
    told = page(client, ONE)
    for part in ("R1 asks Example Mail to preserve the data of someone@mail.example.",
                 "It stands at: answered in part", f"until {day(94)}; their reference P-78",
                 "by portal", "Unit of Tests", exhibit, "Read its table"):  # fmt: skip
        assert part in told, part
    assert f"/exhibits/{exhibit[1:]}/transfers/" in client.get(ONE).content.decode()
    assert f"Is {exhibit} the answer?" not in page(client, f"/cases/1/exhibits/{exhibit}/")
    listed = page(client, "/cases/1/requests/")
    assert "One request waits for an answer." in listed
    assert f"data preserved until: {day(94)}" in listed
    assert "Requests: 1. Waiting for an answer: 1." in page(client, "/cases/1/")
    assert page(site.client("reader"), ONE).count("Record what happened") == 0
    tabs = [f"{ONE}?tab={each}" for each in ("letter", "check", "reader", "versions")]
    for url in (
        ONE,
        *tabs,
        "/cases/1/requests/new/",
        "/cases/1/requests/new/?kind=freeze&after=R1",
    ):
        assert not RAW_KEY.findall(client.get(url).content.decode()), url
    site.verify()


def test_authorising_asks_who_is_there_and_names_what_stops_it(site: Site) -> None:
    with_key(site, "officer")
    client = site.client("officer")
    saved(site, replace(good("preservation"), texts={"facts": "short"}, findings=()))
    told = page(client, f"{ONE}authorise/")
    assert "What stops it: 7." in told
    assert "The facts are 1 words" in told
    confirm(client)
    sent = {"authority_post": "Unit", "passphrase": PASSPHRASE}
    assert "cannot be authorised yet" in client.post(
        f"{ONE}authorise/", sent).content.decode()  # fmt: skip
    assert not site.entries("request.authorised")
    forget_confirming(client)
    answer = client.post(f"{ONE}authorise/", sent)
    assert '<a href="#id_sign_in_password">' in answer.content.decode()


def test_each_problem_leads_to_its_field(site: Site) -> None:
    saved(site, replace(good("preservation"), texts={"facts": "short"}, findings=()))
    client = site.client("officer")
    checked = client.get(ONE).content.decode()
    edit = client.get(f"{ONE}edit/").content.decode()
    fields = set(re.findall(r"/edit/#(field-[a-z_]+)", checked))
    assert {"field-facts", "field-contact", "field-necessity"} <= fields
    for each in fields:
        assert f'id="{each}"' in edit, each
    seen = page(client, f"{ONE}?tab=reader")
    assert "Why this, and why now?" in seen
    assert "missing Link to the offence" in seen


def test_of_two_who_record_one_sending_the_second_is_told_who_did(site: Site) -> None:
    with_key(site, "officer")
    client = site.client("officer")
    letter(site)
    authorised(site, client)
    assert record(client, "sent") == ""
    refused = record(site.client("examiner"), "sent")
    assert "Officer" in refused
    assert "has recorded it already" in refused
    assert len(site.entries("request.recorded")) == 1


def test_what_cannot_follow_is_refused_and_nothing_is_recorded(site: Site) -> None:
    client = site.client("officer")
    letter(site)
    assert "The request was never sent" in record(client, "answered")
    assert "was never sent" in record(client, "refused", refusal="too-broad")
    assert "form-errors" in record(client, "refused", refusal="their mood")
    assert "form-errors" in record(client, "sent", happened_on="2026-02-30")
    assert client.get(f"{ONE}record/danced/").status_code == 404
    assert client.get("/cases/1/requests/9/").status_code == 404
    assert not site.entries("request.recorded")


def test_a_refusal_keeps_its_documented_reason_and_an_amount_is_a_number(site: Site) -> None:
    with_key(site, "officer")
    client = site.client("officer")
    letter(site)
    authorised(site, client)
    record(client, "sent")
    assert "is not a number" in record(client, "answered-in-part", amounts="held much THB")
    assert record(client, "refused", refusal="too-broad", reason_more="name one account") == ""
    (_, refused) = site.entries("request.recorded")
    assert refused.body["reason"] == "too-broad: name one account"
    assert "refused: too broad; name one account" in page(client, ONE)


def test_a_letter_that_was_sent_is_not_changed(site: Site) -> None:
    with_key(site, "officer")
    client = site.client("officer")
    letter(site)
    authorised(site, client)
    record(client, "sent")
    assert "Change the letter" not in page(client, ONE)
    answer = client.post(f"{ONE}edit/", sent_of(newest(site, "1"), t_contact="another"))
    assert answer.status_code == 200
    assert "another" in answer.content.decode()
    assert len(site.entries("request.drafted")) == 1


def test_what_an_answer_names_is_shown_where_the_case_names_it_too(
    site: Site, tmp_path: Path
) -> None:
    with_key(site, "officer")
    client = site.client("officer")
    read_scam(site, tmp_path, tuple(FILES)[:2])
    first, second = [each["label"] for each in site.unit.ask("exhibit", "list", "C1")][-2:]
    letter(site)
    authorised(site, client)
    record(client, "sent")
    assert record(client, "answered", answer_exhibit=second) == ""
    told = page(client, ONE)
    assert "Rows read:" in told
    assert re.search(rf"\S+ {first}\b", told.partition("Identifiers met elsewhere")[2])


def test_a_request_of_others_has_a_page_of_its_own_and_no_letter_here(site: Site) -> None:
    client = site.client("officer")
    assert post(site, NEW, **RECEIPT).status_code == 302
    assert client.get(ONE).headers["Location"] == "/cases/1/requests/received/R1/"
    assert "from others" in page(client, "/cases/1/requests/")
    for there in ("edit/", "authorise/", "record/sent/", "letter/json/"):
        assert client.get(f"{ONE}{there}").status_code == 404, there
    assert client.get("/cases/1/requests/new/?kind=freeze&after=R1").status_code == 200


def test_a_letter_is_authorised_by_the_authoritys_own_key_and_the_drafter_is_warned(
    site: Site,
) -> None:
    for name in ("officer", "supervisor"):
        with_key(site, name)
    letter(site)
    mine, theirs = site.client("officer"), site.client("supervisor")
    assert "You drafted this letter." not in page(theirs, f"{ONE}authorise/")
    confirm(theirs)
    asked = {"authority_post": "Head of the unit", "passphrase": PASSPHRASE}
    refused = theirs.post(f"{ONE}authorise/", {**asked, "passphrase": "another"})
    assert refused.status_code == 200
    assert not site.entries("request.authorised")
    assert theirs.post(f"{ONE}authorise/", asked).status_code == 302
    (entry,) = site.entries("request.authorised")
    assert entry.officer == site.people["supervisor"].officer, "signed by the authority's own key"
    assert not entry.on_behalf
    assert entry.body["authority"]["post"] == "Head of the unit"
    assert entry.body["authority"]["name"] == site.people["supervisor"].name
    with_drafter = page(mine, ONE)
    assert "authorised" in with_drafter
    letter(site)
    theirs_again, mine_first = (
        re.findall(r'<input[^>]*name="authority_post"[^>]*>',
                   each.get("/cases/1/requests/2/authorise/").content.decode())
        for each in (theirs, mine)
    )  # fmt: skip
    assert 'value="Head of the unit"' in theirs_again[0], "as they last authorised"
    assert "value=" not in mine_first[0], "a role in Kancil is nobody's post"
    assert "lets this version leave, in your name" in page(mine, "/cases/1/requests/2/authorise/")
