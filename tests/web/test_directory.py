"""The directory on the site: searched, verified, corrected, added, exchanged; or refused."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground.signing import fingerprint
from kancil.legal.directory.signed import read_directory, write_directory
from tests.cli.running import Unit
from tests.cli.sample_unit import found
from tests.legal.directory.sample import DAY, NEIGHBOUR, SIGNER, office
from tests.web.site import Site, site_of

NEW = {
    "office_kind": "bank", "office_name": "Example Bank", "office_country": "la",
    "office_services": "EXB\nexb.example", "office_channel": "e-mail",
    "office_address": "legal@exb.example", "office_languages": "lo, en",
    "office_working_days": "mon tue wed", "office_zone": "Asia/Vientiane",
    "office_source": "letter of the bank", "office_as_of": "2026-03-03",
    "office_confidence": "high", "office_on": "2026-03-09", "office_how": "called <them>",
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Any) -> Site:
    """A unit of its own, without cases but for the one in which its people are."""
    unit: Unit = found(tmp_path / "unit")
    unit.say("case", "new", "Invented", "--legal-basis", "Order 1/2026")
    return site_of(unit)


def page(site: Site, address: str, name: str = "officer") -> str:
    answer = site.client(name).get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_the_directory_is_searched_and_says_what_is_not_verified(site: Site) -> None:
    whole = page(site, "/directory/", "reader")
    assert "this unit has verified 0 of them" in whole
    assert "Add an office" not in whole
    assert "Lao" in whole
    assert "/directory/office/google/" not in whole, "offices of the unit's own country first"
    every = page(site, "/directory/?office_where=&office_search=&office_kind=", "reader")
    assert every.count("/directory/office/") > whole.count("/directory/office/")
    found = page(site, "/directory/?office_search=amlio&office_where=LA&office_kind=fiu")
    assert "Anti-Money Laundering Intelligence Office" in found
    assert "not verified by this unit" in found
    assert "Google" not in found
    assert "No office fits" in page(site, "/directory/?office_search=nobody")
    assert "No office fits" not in page(site, "/directory/?office_kind=friend")
    google = page(site, "/directory/office/google/")
    assert "Requests to Google go by its portal: lers.google.com." in google
    assert "verify before first use" in google
    assert "Send a preservation request before anything else" in google
    assert site.client("reader").get("/directory/office/nobody/").status_code == 404


def test_an_officer_verifies_what_they_saw_and_nothing_else(site: Site) -> None:
    at = "/directory/office/google/verify/"
    client = site.client("officer")
    assert site.client("reader").get(at).status_code == 403
    form = page(site, at)
    seen = form.partition('name="office_seen" value="')[2].partition('"')[0]
    given = {"office_on": "2026-03-09", "office_how": "signed in", "office_seen": seen}
    assert client.post(at, {**given, "office_seen": "other"}).status_code == 200
    assert client.post(at, {**given, "office_on": "2999-01-01"}).status_code == 200
    assert not site.entries("directory.verified")
    assert client.post(at, given).status_code == 302
    (entry,) = site.entries("directory.verified")
    assert (entry.body["what"], entry.body["how"]) == ("verified", "signed in")
    assert entry.body["on_behalf"]["account"] == "officer"
    shown = page(site, "/directory/office/google/")
    assert "Verified by this unit" in shown
    assert "comes with Kancil" in shown, "what others state of it stays"
    again = client.post(at, given)
    assert "changed after you opened this page" in unescape(again.content.decode())


def test_an_office_is_added_corrected_and_refused_at_its_field(site: Site) -> None:
    client = site.client("officer")
    for wrong, told in (
        ({"office_zone": "Mars"}, "no time zone such as"),
        ({"office_country": "9"}, "does not have the form"),
        ({"office_address": "a.person@gmail.com"}, "where anyone can open a mailbox"),
        ({"office_on": "2999-01-01"}, "has not come yet"),
    ):
        answer = client.post("/directory/new/", {**NEW, **wrong})
        assert answer.status_code == 200
        assert told in unescape(answer.content.decode())
    assert not site.entries("directory.verified")
    added = client.post("/directory/new/", NEW)
    assert added.headers["Location"] == "/directory/office/la-example-bank/"
    shown = page(site, added.headers["Location"])
    assert "called <them>" in shown
    assert "Mon Tue Wed, Asia/Vientiane" in shown
    twice = unescape(client.post("/directory/new/", NEW).content.decode())
    assert "The directory has la-example-bank already" in twice
    at = "/directory/office/la-example-bank/correct/"
    seen = page(site, at).partition('name="office_seen" value="')[2].partition('"')[0]
    right = {**NEW, "office_address": "freeze@exb.example", "office_seen": seen}
    other = client.post(at, {**right, "office_kind": "court"})
    assert "keeps the id and the kind" in unescape(other.content.decode())
    assert client.post(at, right).status_code == 302
    assert "go by e-mail: freeze@exb.example." in page(site, added.headers["Location"])
    assert [each.body["what"] for each in site.entries("directory.verified")] == [
        "added", "corrected",
    ]  # fmt: skip


def send(site: Site, data: bytes, **given: str) -> Any:
    file = SimpleUploadedFile("theirs.kancil-directory", data)
    at = "/directory/exchange/"
    return site.client("supervisor").post(at, {"directory_file": file, **given})


def test_a_file_of_another_unit_is_taken_in_once_its_key_was_compared(site: Site) -> None:
    data = write_directory([office()], unit=NEIGHBOUR, version=1, as_of=DAY, signer=SIGNER)
    key = fingerprint(SIGNER.public_raw)
    assert site.client("officer").get("/directory/exchange/").status_code == 403
    told = unescape(send(site, data).content.decode())
    assert key in told
    assert "another way, by telephone or in person" in told
    for spoilt, says in ((data.replace(b"EXB", b"EXC"), "was changed after it was signed"),
                         (b"{" * 20_000_000, "is larger than 10 MB")):  # fmt: skip
        assert says in unescape(send(site, spoilt).content.decode())
    assert not site.entries("directory.imported")
    compared = {"unit_fingerprint": key, "unit_compared_how": "read out"}
    assert send(site, data, **compared).status_code == 302
    assert send(site, data).status_code == 302
    assert len(site.entries("directory.imported")) == 1
    shown = page(site, "/directory/exchange/", "supervisor")
    assert NEIGHBOUR.name in shown
    assert "read out" in shown
    bank = page(site, "/directory/office/la-example-bank/")
    assert f"by {NEIGHBOUR.name}" in bank
    assert "not verified by this unit" in bank


def test_the_own_directory_is_sent_signed(site: Site) -> None:
    client = site.client("supervisor")
    assert client.post("/directory/export/").status_code != 200
    assert site.client("officer").post("/directory/new/", NEW).status_code == 302
    answer = client.post("/directory/export/")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="directory-1.kancil-directory"'
    )
    file = read_directory(answer.content, "ours")
    assert [each.id for each in file.offices] == ["la-example-bank"]
    assert file.fingerprint in page(site, "/directory/exchange/", "supervisor")
    assert site.client("officer").post("/directory/export/").status_code == 403
