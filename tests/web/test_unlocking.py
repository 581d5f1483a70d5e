"""Guessing a passphrase on any form of the site that opens a key: told, counted, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.house.survey import PACKAGE
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import Site, site_of
from tests.web.test_custody_acts import PHONE, SEIZE, form_of

WRONG = "not this one 5"
TYPED = "what she had typed"
SPENT = "Too many wrong passphrases were typed from your account. Wait 15 min"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit with two officers who have keys, an accepted finding and a draft."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("unlocking")))
    for name in ("officer", "supervisor"):
        with_key(found, name)
    found.unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    return found


@pytest.fixture(autouse=True)
def _nothing_tried(site: Site) -> None:
    """Begin each test with nothing counted."""
    from kancil.desk.people.models import KeyTry

    KeyTry.objects.all().delete()


def officer(site: Site) -> Any:
    client = site.client("officer")
    confirm(client)
    return client


def seized(site: Site, client: Any) -> str:
    given = {**PHONE, "seized_by": str(site.people["officer"].officer)}
    return str(client.post(SEIZE, given).headers["Location"])


def of_exhibit(path: str, **fields: object) -> Any:
    def form(site: Site, client: Any) -> tuple[str, dict[str, object]]:
        url = f"{seized(site, client)}{path}/"
        number = "e" + url.split("/")[4]
        own = {"typed_number": number} if path == "dispose" else {}
        if path == "hand-over":
            own["receiver"] = str(site.people["supervisor"].officer)
        if path == "hand-out":
            fields["paper"] = SimpleUploadedFile("receipt.pdf", b"signed")
        return url, {**form_of(client, url), **fields, **own}

    return form


def plain(url: str, **fields: object) -> Any:
    return lambda *_: (url, fields)


def of_draft(site: Site, client: Any) -> tuple[str, dict[str, object]]:
    import re

    given = {"finding_class": "chain-fact", "row": "1", "remark": "x", "do": "keep"}
    assert client.post("/cases/1/money/1/finding/", given).status_code == 302
    page = client.get("/cases/1/findings/drafts/").content.decode()
    found = re.search(r'name="draft" value="([^"]+)"', page)
    assert found is not None
    return "/cases/1/findings/drafts/", {"draft": found[1]}


def of_report(site: Site, client: Any) -> tuple[str, dict[str, object]]:
    n = site.entries("exhibit.added")[0].n
    asked = {"report_kind": "disclosure", "report_language": "en"}
    return "/cases/1/report/", {**asked, "withhold": n, f"withhold-{n}": TYPED}


FORMS: dict[str, Any] = {
    "hand-over": of_exhibit("hand-over", place=TYPED, receiver_passphrase=PASSPHRASE),
    "hand-out": of_exhibit("hand-out", place="x", given_to=TYPED, outside_kind="court"),
    "dispose": of_exhibit("dispose", ordered_by=TYPED, order_date="2024-05-06"),
    "bundle": plain("/cases/1/bundle/", purpose=TYPED),
    "report": of_report,
    "finding": plain(
        "/cases/1/money/1/finding/", finding_class="chain-fact", row="1", remark=TYPED, again="on"
    ),
    "withdraw": plain("/cases/1/findings/1/withdraw/", reason=TYPED),
    "drafts": of_draft,
}


def spend(site: Site) -> None:
    """Let the officer have typed as many wrong ones as there are tries."""
    from kancil.desk.access.unlocking import ACCOUNT_TRIES
    from kancil.desk.people.models import KeyTry
    from kancil.ground import clock

    person = site.people["officer"]
    for _ in range(ACCOUNT_TRIES):
        KeyTry.objects.create(person=person, officer="somebody", tried_at=clock.now())


@pytest.mark.parametrize("name", FORMS)
def test_no_form_opens_a_key_once_the_tries_are_spent(site: Site, name: str) -> None:
    client = officer(site)
    url, given = FORMS[name](site, client)
    spend(site)
    before = site.ledger.head().size
    answer = client.post(url, {**given, "passphrase": PASSPHRASE})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert SPENT in page
    assert page.count('<a href="#id_passphrase">') == 1, "it stands at the passphrase"
    assert "tell the unit" in page, "and what to do next"
    assert name == "drafts" or TYPED in page
    assert PASSPHRASE not in page
    entries = [entry.kind for entry in site.ledger.entries(before + 1)]
    assert set(entries) <= {"case.entered"}


@pytest.mark.parametrize("name", ["bundle", "finding", "withdraw"])
def test_a_wrong_passphrase_is_said_at_its_field_and_nothing_typed_is_lost(
    site: Site, name: str
) -> None:
    client = officer(site)
    url, given = FORMS[name](site, client)
    page = client.post(url, {**given, "passphrase": WRONG}).content.decode()
    said = "The passphrase of your signing key is wrong. This is not your sign-in password."
    assert page.count(said) == 2, "above the form, which leads to the field, and at the field"
    assert page.count('<a href="#id_passphrase">') == 1
    assert TYPED in page
    assert WRONG not in page


def test_guessing_a_colleagues_passphrase_ends_and_the_audit_shows_it(site: Site) -> None:
    client = officer(site)
    url, given = FORMS["hand-over"](site, client)
    given |= {"passphrase": PASSPHRASE, "receiver_passphrase": WRONG}
    pages = [client.post(url, given).content.decode() for _ in range(6)]
    assert all("passphrase of your signing key is wrong" in page for page in pages[:5])
    assert SPENT in pages[5]
    assert WRONG not in pages[5]
    before = site.ledger.head().size
    assert client.post(url, given | {"receiver_passphrase": PASSPHRASE}).status_code == 200
    assert site.ledger.head().size == before, "the right one comes too late"
    for where in ("/audit/sign-ins/", f"/people/{site.people['officer'].pk}/"):
        shown = site.client("administrator").get(where).content.decode()
        assert shown.count("wrong passphrase for the key of Supervisor") == 5
        assert shown.count("and locked") == 1


def test_the_site_opens_keys_with_a_passphrase_in_one_place_that_counts() -> None:
    """A form that called the key ring itself would be tried without limit."""
    opening = [
        path.relative_to(PACKAGE).as_posix()
        for room in ("web", "desk")
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if "officer_signer(" in line and "passphrase" in line
    ]
    assert opening == ["desk/access/unlocking.py"]
