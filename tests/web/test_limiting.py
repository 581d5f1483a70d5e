"""Limits of use on the site: set and lifted on the exhibit, shown where they follow."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.custody.handling import LIMITED, RELEASED
from kancil.custody.roll import Roll
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.cli.stated_files import RECEIVER, stated_files
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import OUTSIDER, Site, site_of
from tests.web.test_custody_acts import form_of, send

EXHIBIT = "/cases/1/exhibits/3/"
LIMIT = {"handling_codes": ["police-channel", "speciality"], "sending_office": "Bureau of X",
         "reason_of_act": "message 17", "limit_offences": "fraud\nmoney laundering"}  # fmt: skip
CONSENT = {"handling_code": "police-channel", "lifted_by": "consent", "lift_reference": "12/2026",
           "lifted_on": "2026-03-09", "passphrase": PASSPHRASE}  # fmt: skip

BY_CONSENT = ("--by", "consent", "--reference", "12/2026", "--date", "2026-03-09")


@pytest.fixture(scope="module")
def limited(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Exhibit 3 is a table that was read, and came from police to police for case 1 alone."""
    folder = tmp_path_factory.mktemp("limited")
    unit = copied(sample, folder)
    made = stated_files(folder)
    unit.say("exhibit", "add", "C1", made[0], "--title", "From a bureau abroad")
    unit.say("transfers", "read", "E3", "--mapping", made[1])
    site = site_of(unit)
    with_key(site, "officer")
    answer = send(site.client("officer"), f"{EXHIBIT}limit/", **LIMIT)
    assert answer.status_code == 302
    return site


def page(site: Site, url: str, name: str = "officer") -> str:
    answer = site.client(name).get(url, follow=True)
    assert answer.status_code == 200, (url, answer.status_code)
    return str(answer.content.decode())


def test_the_entry_says_what_was_typed_and_the_own_case(limited: Site) -> None:
    (entry,) = limited.entries(LIMITED)
    body = {name: value for name, value in entry.body.items() if name != "on_behalf"}
    assert body == {
        "codes": ["police-channel", "speciality"], "source_office": "Bureau of X",
        "until": None, "cases": [limited.case("C1")], "offences": ["fraud", "money laundering"],
        "reason": "message 17",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (EXHIBIT, "E3 is marked: police channel, by Bureau of X."),
        (EXHIBIT, "money laundering"),
        ("/cases/1/", "The use of E3 is limited."),
        ("/cases/1/exhibits/", "police channel"),
        ("/cases/1/custody/", "asked by Bureau of X"),
        ("/cases/1/stated/", "Rows of E3 came under: police channel"),
        ("/cases/1/stated/?tab=tables", "speciality"),
        (f"/find/?q={RECEIVER}", "came under a limit of use"),
        ("/cases/1/bundle/", "What rests on it is ticked below"),
        ("/cases/1/canvas/?transfers=1", "Use limited: E3 police channel, speciality"),
        ("/cases/1/report/", "Limited use: police channel"),
    ],
)
def test_a_limit_is_said_where_the_material_is_shown(limited: Site, url: str, said: str) -> None:
    assert said in page(limited, url)


def test_the_bundle_page_refuses_by_a_sentence_and_takes_what_is_ticked(limited: Site) -> None:
    client = limited.client("officer")
    confirm(client)
    given = {"purpose": "court", "passphrase": PASSPHRASE}
    text = client.post("/cases/1/bundle/", given).content.decode()
    assert "It may not go into a court bundle." in text
    shown = client.get("/cases/1/bundle/").content.decode()
    boxes = re.findall(r'<input type="checkbox" name="withhold_whole"[^>]*>', shown)
    is_ticked = [" checked" in each for each in boxes]
    assert is_ticked == sorted(is_ticked, reverse=True), "what is ticked stands first"
    assert any(is_ticked)
    roll = limited.ledger.folded(Roll)
    numbers = [str(event.n) for event in roll.exhibit("E3").events]
    ticks = {f"withhold_whole-{n}": "police channel" for n in numbers}
    assert all(f'value="{n}"' in shown for n in numbers)
    answer = client.post("/cases/1/bundle/", {**given, "withhold_whole": numbers, **ticks})
    assert answer.status_code == 302, answer.content.decode()


def test_consent_needs_the_own_key_and_is_recorded_with_it(limited: Site) -> None:
    client = limited.client("officer")
    confirm(client)
    url = f"{EXHIBIT}release/"
    assert "police channel" in client.get(url).content.decode()
    wrong = send(client, url, **{**CONSENT, "lifted_on": "2026-02-30"})
    assert wrong.status_code == 200
    before = form_of(client, url)
    assert client.post(url, {**before, **CONSENT}).status_code == 302
    (entry,) = limited.entries(RELEASED)
    assert (entry.body["code"], entry.body["by"], entry.on_behalf) == (
        "police-channel", "consent", None,
    )  # fmt: skip
    assert "lifted: the office that sent it consents" in page(limited, EXHIBIT)
    client.post(url, {**before, **CONSENT})
    assert len(limited.entries(RELEASED)) == 1
    assert "No limit" not in page(limited, url)


def test_nobody_else_sees_or_sets_a_limit(limited: Site) -> None:
    assert limited.client(OUTSIDER).get(f"{EXHIBIT}limit/").status_code == 404
    reader = limited.client("reader")
    assert reader.post(f"{EXHIBIT}limit/", {**LIMIT, "seen": "1"}).status_code in (403, 404)
    assert len(limited.entries(LIMITED)) == 1


def test_a_wrong_limit_says_why(limited: Site) -> None:
    client = limited.client("officer")
    answer = send(client, f"{EXHIBIT}limit/", **{**LIMIT, "limit_until": "2026-12-31"})
    assert "a last day is needed" in answer.content.decode()
    answer = send(client, f"{EXHIBIT}limit/", **{**LIMIT, "limit_cases": "C99"})
    assert "C99" in answer.content.decode()
    assert len(limited.entries(LIMITED)) == 1


def test_an_intake_says_under_which_code_files_came(limited: Site) -> None:
    client = limited.client("officer")
    given = {"exhibit_title": "Answer", "stated_source": "by courier", "handling_code": "fiu"}
    files = {"sent_files": SimpleUploadedFile("a.txt", b"an answer")}
    refused = client.post("/cases/1/intake/", {**given, **files})
    assert refused.status_code == 200, "whose condition it is was not said"
    files = {"sent_files": SimpleUploadedFile("a.txt", b"an answer")}
    taken = client.post("/cases/1/intake/", {**given, **files, "sending_office": "Unit of X"})
    assert taken.status_code == 302
    *_, added, entry = limited.ledger.entries()
    assert (added.kind, entry.kind, entry.exhibit_id) == (
        "exhibit.added", LIMITED, added.exhibit_id,
    )  # fmt: skip
    assert (entry.body["codes"], entry.body["source_office"]) == (["fiu"], "Unit of X")


def test_answers_over_limited_blocks_are_left_out_on_the_page(limited: Site) -> None:
    limited.unit.say("exhibit", "release", "E3", "--code", "speciality", *BY_CONSENT)
    limited.unit.say("exhibit", "limit", "E2", "--code", "fiu", "--from", "Unit of X")
    before = len(limited.entries("bundle.made"))
    client = limited.client("officer")
    confirm(client)
    page = client.get("/cases/1/bundle/").content.decode()
    assert re.search(r'name="leave_out" value="T1"[^>]* checked', page)
    given = {"purpose": "court", "passphrase": PASSPHRASE}
    refused = client.post("/cases/1/bundle/", given).content.decode()
    assert "E2 is marked: financial intelligence unit" in refused
    refused = client.post("/cases/1/bundle/", {**given, "leave_out": "T1"}).content.decode()
    assert "no trace" in refused
    assert len(limited.entries("bundle.made")) == before
