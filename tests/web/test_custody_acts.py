"""What happens to an exhibit on the site: each act is the entry that the command writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.custody.entry import Entry
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Roll
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.digests import digest_stream
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.signing import PASSPHRASE, confirm, forget_confirming, with_key
from tests.web.site import Site, site_of

SEIZE = "/cases/1/exhibits/seize/"
PHONE = {
    "exhibit_title": "Black phone", "make": "Maker", "model": "M 12", "serial": "860000000000001",
    "seal": "S-1", "seized_place": "Market 5", "seized_from": "Keeper of the shop",
    "seized_at": "2024-01-02T10:30",
}  # fmt: skip


@dataclass
class Bench:
    """A site with an officer and a supervisor who have keys of their own."""

    site: Site
    vault: Vault

    def officer_of(self, name: str) -> str:
        return str(self.site.people[name].officer)

    def client(self, name: str = "officer", *, is_confirmed: bool = True) -> Any:
        client = self.site.client(name)
        if is_confirmed:
            confirm(client)
        return client

    def seized(self, **more: object) -> str:
        """Seize a phone as the officer; gives its address."""
        given = {**PHONE, "seized_by": self.officer_of("officer"), **more}
        answer = self.client().post(SEIZE, given)
        assert answer.status_code == 302, complaints(answer)
        return str(answer.headers["Location"])

    def label(self, url: str) -> str:
        return "E" + url.split("/")[4]

    def last(self) -> Entry:
        *_, last = self.site.ledger.entries()
        return last

    def recorded(self) -> int:
        """Count the entries that are about an exhibit."""
        return sum(entry.exhibit_id is not None for entry in self.site.ledger.entries())


@pytest.fixture(scope="module")
def bench(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    site = site_of(copied(sample, tmp_path_factory.mktemp("acts")))
    for name in ("officer", "supervisor"):
        with_key(site, name)
    return Bench(site, Vault(site.workspace.vault_dir, site.workspace.incoming_dir))


def complaints(answer: Any) -> list[str]:
    return re.findall(r"<li>.*?</li>", answer.content.decode())


def form_of(client: Any, url: str) -> dict[str, str]:
    """Open the page of an act; gives what it holds hidden."""
    found = re.search(r'name="seen" value="([0-9]+)"', client.get(url).content.decode())
    assert found is not None, "the page has no form"
    return {"seen": found[1]}


def send(client: Any, url: str, **given: object) -> Any:
    return client.post(url, {**form_of(client, url), **given})


def said(body: dict[str, Any], *apart: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("on_behalf", *apart)}


def hand_over(bench: Bench, **more: str) -> dict[str, str]:
    """What the officer and the supervisor type together."""
    given = {"receiver": bench.officer_of("supervisor"), "place": "Laboratory", "seal": "S-1"}
    return {**given, "receiver_passphrase": PASSPHRASE, "passphrase": PASSPHRASE, **more}


def disposal(url: str, **more: object) -> dict[str, object]:
    typed = "e" + url.split("/")[4]
    given = {"ordered_by": "Court", "order_date": "2024-05-06", "typed_number": typed}
    return {**given, "passphrase": PASSPHRASE, **more}


# --- the same entry as the command's ---


def test_a_seizure_gives_the_entry_that_the_command_gives(bench: Bench) -> None:
    first = bench.site.ledger.folded(Roll).officer("O1")
    bench.seized(seized_by=first.id)
    on_site = bench.last()
    bench.site.unit.say(
        "exhibit", "seize", "C1", "Black phone", "--make", "Maker", "--model", "M 12",
        "--serial", "860000000000001", "--seal", "S-1", "--place", "Market 5",
        "--from", "Keeper of the shop", "--at", "2024-01-02T10:30",
    )  # fmt: skip
    by_command = bench.last()
    assert on_site.kind == by_command.kind == "exhibit.seized"
    assert said(on_site.body, "number") == said(by_command.body, "number")
    assert on_site.body["seized_at"] == "2024-01-02T03:30:00.000000Z", "the unit's zone was meant"
    assert on_site.body["on_behalf"]["officer"] == bench.officer_of("officer")


@pytest.mark.parametrize(
    ("path", "fields", "event", "options"),
    [
        ("seal", {"seal": "S-2", "place": "Room"}, "sealed", ("--seal", "S-2")),
        ("store", {"place": "Room", "reason_of_act": "why"}, "stored", ("--reason", "why")),
        (
            "open",
            {"seal_found": "S-1", "place": "Room", "reason_of_act": "why"},
            "opened",
            ("--seal", "S-1", "--reason", "why"),
        ),
        ("deposit", {"court": "Court", "place": "Room"}, "deposited", ("--to", "Court")),
        ("return", {"given_to": "Owner", "place": "Room"}, "returned", ("--to", "Owner")),
    ],
)
def test_what_happened_gives_the_entry_that_the_command_gives(
    bench: Bench, path: str, fields: dict[str, str], event: str, options: tuple[str, ...]
) -> None:
    one, two = bench.seized(), bench.seized()
    client = bench.client(is_confirmed=False)
    answer = send(client, f"{one}{path}/", **fields)
    assert answer.headers["Location"] == one
    on_site = bench.last()
    bench.site.unit.say("exhibit", "record", bench.label(two), event, "--place", "Room", *options)
    by_command = bench.last()
    assert on_site.kind == by_command.kind == f"exhibit.{event}"
    assert said(on_site.body) == said(by_command.body)
    assert on_site.actor == bench.officer_of("officer")
    page = client.get(one).content.decode()
    assert "Room" in page
    is_offered = "Next act" in page
    assert is_offered == (event != "returned")
    assert ("take-back/" in page) == (event == "deposited"), "who holds it decides who may give"


def test_a_copy_gives_the_entry_that_the_command_gives(bench: Bench, tmp_path: Path) -> None:
    one, two = bench.seized(), bench.seized()
    (tmp_path / "image.dd").write_bytes(b"an image")
    fields = {"tool": "dc3dd", "tool_version": "7.3.1", "write_blocker": "Model 5"}
    sent = SimpleUploadedFile("image.dd", b"an image")
    assert send(bench.client(), f"{one}acquire/", sent_files=sent, **fields).status_code == 302
    on_site = bench.last()
    bench.site.unit.say(
        "exhibit", "acquire", bench.label(two), tmp_path / "image.dd", "--tool", "dc3dd",
        "--tool-version", "7.3.1", "--write-blocker", "Model 5",
    )  # fmt: skip
    by_command = bench.last()
    assert on_site.kind == by_command.kind == "exhibit.acquired"
    for entry in (on_site, by_command):
        # Listings name the file as it was stated: on the site without a folder.
        entry.body["content"].pop("listing_sha256")
    assert said(on_site.body) == said(by_command.body)
    assert bench.vault.holds(on_site.body["content"]["sha256"])


def test_photographs_are_an_exhibit_of_their_own_and_their_digests_stand_in_the_seizure(
    bench: Bench,
) -> None:
    pictures = [SimpleUploadedFile(f"{n}.jpg", b"picture %d" % n) for n in (1, 2)]
    url = bench.seized(photographs=pictures)
    taken = bench.last()
    seizure = bench.site.entries("exhibit.seized")[-1]
    assert taken.n == seizure.n + 1
    assert taken.kind == "exhibit.added"
    assert taken.body["title"] == f"Photographs of {bench.label(url)}"
    photographs = seizure.body["item"]["photographs"]
    assert len(photographs) == 2
    assert all(bench.vault.holds(each) for each in photographs)
    assert photographs[0] in bench.client().get(url).content.decode()


def test_a_hand_over_is_signed_by_both_and_verifies(bench: Bench) -> None:
    url = bench.seized()
    answer = send(bench.client(), f"{url}hand-over/", **hand_over(bench))
    assert answer.headers["Location"] == url, complaints(answer)
    on_site = bench.last()
    by_command = ("exhibit", "seize", "C1", "Phone", "--place", "x", "--seal", "S-1")
    number = bench.site.unit.ask(*by_command)["label"]
    bench.site.unit.say(
        "exhibit", "transfer", number, "--to", "O2", "--place", "Laboratory", "--seal", "S-1",
        "--present", "said yes",
    )  # fmt: skip
    by_command_entry = bench.last()
    assert on_site.kind == "exhibit.transferred"
    assert on_site.body.keys() == by_command_entry.body.keys()
    alike = ("place", "seal", "to_kind")
    assert [on_site.body[each] for each in alike] == [by_command_entry.body[each] for each in alike]
    assert on_site.on_behalf is None
    assert on_site.officer == on_site.body["from"] == bench.officer_of("officer")
    assert on_site.body["to"] == bench.officer_of("supervisor")
    assert on_site.body["presence"] is None
    bench.site.verify()
    theirs = bench.client("supervisor").get(f"{url}hand-over/").content.decode()
    assert 'name="receiver_passphrase"' in theirs, "who received it may hand it on"


def paper(**more: object) -> dict[str, object]:
    """What is typed where somebody outside signs a paper."""
    scan = SimpleUploadedFile("receipt.pdf", b"signed on paper")
    return {"place": "Gate", "paper": scan, "passphrase": PASSPHRASE, **more}


def test_what_goes_outside_on_paper_and_comes_back_is_the_entry_of_the_command(
    bench: Bench, tmp_path: Path
) -> None:
    url, client = bench.seized(), bench.client()
    out = {"outside_kind": "laboratory", "given_to": "National laboratory"}
    first = {**form_of(client, f"{url}hand-out/"), **out}
    for _ in range(2):
        assert client.post(f"{url}hand-out/", {**first, **paper()}).status_code == 302
    went = bench.last()
    scan = tmp_path / "receipt.pdf"
    scan.write_bytes(b"signed on paper")
    number = bench.site.unit.ask("exhibit", "seize", "C1", "Phone", "--place", "x")["label"]
    bench.site.unit.say(
        "exhibit", "transfer", number, "--to", "National laboratory", "--to-kind", "laboratory",
        "--place", "Gate", "--receipt", scan,
    )  # fmt: skip
    assert said(went.body, "from") == said(bench.last().body, "from")
    assert went.body["from"] == bench.officer_of("officer")

    page = client.get(url).content.decode()
    assert "Take back" in page
    assert "hand-over/" not in page, "whoever is outside hands nothing over here"
    theirs = bench.client("supervisor")
    back = form_of(theirs, f"{url}take-back/")
    before = bench.recorded()
    for _ in range(2):
        assert theirs.post(f"{url}take-back/", {**back, **paper()}).status_code == 302
    came = bench.last()
    assert bench.recorded() == before + 1
    assert came.body["from"] == "National laboratory"
    assert came.body["to"] == came.officer == bench.officer_of("supervisor")
    assert came.on_behalf is None
    assert 'name="receiver"' in theirs.get(f"{url}hand-over/").content.decode()
    bench.site.verify()


def test_what_a_court_holds_is_taken_back_by_command_as_on_the_site(
    bench: Bench, tmp_path: Path
) -> None:
    unit, scan = bench.site.unit, tmp_path / "receipt.pdf"
    scan.write_bytes(b"signed on paper")
    url, label = bench.seized(), bench.label(bench.seized())
    client = bench.client()
    assert send(client, f"{url}deposit/", court="Court", place="Hall").status_code == 302
    assert send(client, f"{url}take-back/", **paper()).status_code == 302
    on_site = bench.last()
    words = ("exhibit", "record", label)
    unit.say(*words, "deposited", "--to", "Court", "--place", "Hall")
    unit.say(*words, "stored", "--place", "Shelf")
    assert holder(bench, label) == "Court", "storing it changes no holder"
    unit.say(*words, "taken-back", "--place", "Gate", "--receipt", scan)
    by_command = bench.last()
    assert by_command.kind == on_site.kind == "exhibit.transferred"
    assert said(by_command.body, "to") == said(on_site.body, "to")
    assert by_command.body["to"] == by_command.officer == holder(bench, label)
    assert by_command.on_behalf is None
    bench.site.verify()
    unit.say(*words, "sealed", "--seal", "S-9", "--place", "Gate")


def holder(bench: Bench, label: str) -> str | None:
    return bench.site.ledger.folded(Roll).exhibit(label).holder


def test_nobody_takes_back_what_an_officer_holds(bench: Bench) -> None:
    url = bench.seized()
    before = bench.recorded()
    for name in ("officer", "supervisor"):
        client = bench.client(name)
        page = client.get(f"{url}take-back/").content.decode()
        assert "held by an officer of the unit" in page
        answer = client.post(f"{url}take-back/", {"seen": str(bench.last().n), **paper()})
        assert answer.status_code == 200
    given = {"outside_kind": "person", "given_to": "Somebody", "seen": str(bench.last().n)}
    assert (
        bench.client("supervisor").post(f"{url}hand-out/", {**given, **paper()}).status_code == 200
    )
    assert bench.recorded() == before


# --- keys and who is there ---


@pytest.mark.parametrize("wrong", ["passphrase", "receiver_passphrase"])
def test_a_wrong_passphrase_is_said_at_its_field_and_nothing_is_recorded(
    bench: Bench, wrong: str
) -> None:
    url, client = f"{bench.seized()}hand-over/", bench.client()
    before = bench.recorded()
    answer = send(client, url, **hand_over(bench, **{wrong: "not this one 5"}))
    assert answer.status_code == 200
    assert bench.recorded() == before
    page = answer.content.decode()
    assert f'href="#id_{wrong}"' in page
    assert page.count("passphrase of your signing key is wrong") == 2, (
        "once above, once at its field"
    )
    assert "Laboratory" in page
    assert "not this one 5" not in page
    assert PASSPHRASE not in page


def test_a_receiver_whose_key_has_no_passphrase_must_be_said_to_have_agreed(bench: Bench) -> None:
    url, client = f"{bench.seized()}hand-over/", bench.client()
    boun = bench.site.ledger.folded(Roll).officer("O2")
    given = hand_over(bench, receiver=boun.id, receiver_passphrase="")
    before = bench.recorded()
    refused = send(client, url, **given)
    assert "it would sign without them" in refused.content.decode()
    assert 'href="#id_presence"' in refused.content.decode()
    assert bench.recorded() == before
    assert send(client, url, **given, presence="she stood beside me").status_code == 302
    assert bench.last().body["presence"] == "she stood beside me"
    assert bench.last().body["to"] == boun.id


def test_only_officers_who_serve_and_have_a_key_may_receive(bench: Bench) -> None:
    url, client = f"{bench.seized()}hand-over/", bench.client()
    page = client.get(url).content.decode()
    roll = bench.site.ledger.folded(Roll)
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    expected = {roll.officer("O1").id, roll.officer("O2").id, bench.officer_of("supervisor")}
    assert offered == expected, "the retired one, the server and the giver are none"
    before = bench.recorded()
    answer = send(client, url, **hand_over(bench, receiver=roll.officer("O3").id))
    assert answer.status_code == 200
    assert bench.recorded() == before


def test_who_does_not_hold_it_cannot_hand_it_over(bench: Bench) -> None:
    url = f"{bench.seized()}hand-over/"
    client = bench.client("supervisor")
    page = client.get(url).content.decode()
    assert "Only the holder of" in page
    assert "passphrase" not in page
    before = bench.recorded()
    given = hand_over(bench, receiver=bench.officer_of("officer"), seen=str(bench.last().n))
    answer = client.post(url, given)
    assert answer.status_code == 200
    assert bench.recorded() == before
    unkeyed = bench.site.client("examiner").get(url).content.decode()
    assert "you do not have one yet" in unkeyed


def test_who_is_there_is_asked_first_and_nothing_typed_is_lost(bench: Bench) -> None:
    url = f"{bench.seized()}hand-over/"
    client = bench.client(is_confirmed=False)
    forget_confirming(client)
    before = bench.recorded()
    page = send(client, url, **hand_over(bench)).content.decode()
    assert '<a href="#id_sign_in_password">' in page
    assert bench.recorded() == before
    assert PASSPHRASE not in str(dict(client.session))
    assert 'value="Laboratory"' in page
    assert f'value="{bench.officer_of("supervisor")}" selected' in page
    assert PASSPHRASE not in page
    dispose = url.replace("hand-over", "dispose")
    forget_confirming(client)
    asked = send(client, dispose, **disposal(url)).content.decode()
    assert '<a href="#id_sign_in_password">' in asked
    assert bench.recorded() == before


# --- twice, too late, without a legal basis ---


def test_what_is_sent_twice_is_recorded_once(bench: Bench) -> None:
    client = bench.client()
    url = bench.seized()
    acts: list[tuple[str, dict[str, Any]]] = [
        ("store", {"place": "Shelf"}),
        ("open", {"place": "Room", "reason_of_act": "why"}),
        ("hand-over", hand_over(bench)),
    ]
    for path, fields in acts:
        given = {**form_of(client, f"{url}{path}/"), **fields}
        before = bench.recorded()
        answers = [client.post(f"{url}{path}/", given) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302], path
        assert bench.recorded() == before + 1, path
    hidden = re.search(r'name="new_exhibit" value="([^"]+)"', client.get(SEIZE).content.decode())
    assert hidden is not None
    seizure = {**PHONE, "seized_by": bench.officer_of("officer"), "new_exhibit": hidden[1]}
    before = bench.recorded()
    first, second = (client.post(SEIZE, seizure) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert bench.recorded() == before + 1
    copies = {"tool": "t", "tool_version": "1", **form_of(client, f"{url}acquire/")}
    for _ in range(2):
        sent = {**copies, "sent_files": SimpleUploadedFile("a.bin", b"abc")}
        assert client.post(f"{url}acquire/", sent).status_code == 302
    assert bench.recorded() == before + 2


def test_what_was_recorded_since_the_page_was_opened_is_looked_at_first(bench: Bench) -> None:
    url = bench.seized()
    mine, theirs = bench.client(), bench.client("supervisor")
    old = form_of(mine, f"{url}store/")
    assert send(theirs, f"{url}store/", place="Shelf 1").status_code == 302
    before = bench.recorded()
    answer = mine.post(f"{url}store/", {**old, "place": "Shelf 1"})
    assert answer.status_code == 200, "the same words of another person are another act"
    assert bench.recorded() == before
    page = answer.content.decode()
    assert "Something was recorded" in page
    assert "by Supervisor" in page
    again = re.search(r'name="seen" value="([0-9]+)"', page)
    assert again is not None
    assert mine.post(f"{url}store/", {"seen": again[1], "place": "Shelf 1"}).status_code == 302
    assert bench.recorded() == before + 1


def test_without_a_legal_basis_nothing_new_is_taken_in_but_custody_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = tmp_path / "order.toml"
    order.write_text('kind = "order"\nnumber = "17"\nexpires_on = 2099-01-01\n', encoding="utf-8")
    label = bench.site.unit.ask("case", "new", "Soon over", "--legal-basis", order)["label"]
    from kancil.desk.access.actions import add_member

    case = bench.site.case(label)
    add_member(bench.site.ledger, case=case, username="officer", by=bench.site.by, adder=None)
    client = bench.client()
    later = datetime(2100, 1, 1, tzinfo=UTC)
    seize = f"/cases/{label[1:]}/exhibits/seize/"
    given = {**PHONE, "seized_by": bench.officer_of("officer")}
    url = str(client.post(seize, given).headers["Location"])
    still = SimpleNamespace(now=lambda: later, to_text=clock.to_text)
    # Only what asks whether a legal basis has ended; the ledger's own time stays.
    monkeypatch.setattr("kancil.custody.cases.clock", still)
    before = bench.recorded()
    picture = SimpleUploadedFile("1.jpg", b"a picture of a phone")
    refused = client.post(seize, {**given, "photographs": picture})
    assert "ended on 2099-01-01" in refused.content.decode()
    sent = SimpleUploadedFile("image.dd", b"an image of a phone")
    fields = {"sent_files": sent, "tool": "t", "tool_version": "1"}
    assert "ended on" in send(client, f"{url}acquire/", **fields).content.decode()
    assert bench.recorded() == before, "neither seizure nor photographs"
    assert client.post(seize, given).status_code == 302, "what was seized is recorded"
    assert send(client, f"{url}store/", place="Shelf").status_code == 302
    assert bench.recorded() == before + 2


# --- disposal ---


def test_a_disposal_removes_the_bytes_and_keeps_digests_list_and_history(bench: Bench) -> None:
    client, url = bench.client(), bench.seized()
    files = [SimpleUploadedFile("own", b"only here"), SimpleUploadedFile("shared", b"both")]
    fields = {"tool": "t", "tool_version": "1"}
    assert send(client, f"{url}acquire/", sent_files=files, **fields).status_code == 302
    other = SimpleUploadedFile("shared", b"both")
    intake = {"exhibit_title": "Other", "stated_source": "x", "sent_files": other, "upload": ""}
    assert client.post("/cases/1/intake/", intake).status_code == 302
    own, shared = (sha256_of(data) for data in (b"only here", b"both"))
    page = client.get(f"{url}dispose/").content.decode()
    assert "can bring them back" in page

    before = bench.recorded()
    for wrong in ({"typed_number": "E1"}, {"passphrase": "not this one 5"}, {"ordered_by": ""}):
        answer = send(client, f"{url}dispose/", **disposal(url, **wrong))
        assert answer.status_code == 200
        assert bench.recorded() == before
        assert bench.vault.holds(own)

    paper = SimpleUploadedFile("order.pdf", b"the order")
    given = disposal(url, order_number="5/2024", **form_of(client, f"{url}dispose/"))
    answer = client.post(f"{url}dispose/", {**given, "order_document": paper})
    assert answer.headers["Location"] == url, complaints(answer)
    entry = bench.last()
    assert entry.kind == "exhibit.disposed"
    assert entry.on_behalf is None
    assert entry.officer == bench.officer_of("officer")
    assert entry.body["order"] == {
        "authority": "Court", "date": "2024-05-06", "number": "5/2024",
        "document_sha256": sha256_of(b"the order"),
    }  # fmt: skip
    assert not bench.vault.holds(own)
    assert bench.vault.holds(shared), "another exhibit needs it"
    assert bench.vault.holds(entry.body["tombstone"][0]["listing_sha256"])
    bench.site.verify()
    page = client.get(url).content.decode()
    assert "disposed of" in page
    assert "Next act" not in page
    again = {**given, "order_document": SimpleUploadedFile("order.pdf", b"the order")}
    assert client.post(f"{url}dispose/", again).status_code == 302, "sent twice"
    assert bench.last().n == entry.n


def sha256_of(data: bytes) -> str:
    import io

    return digest_stream(io.BytesIO(data)).sha256


# --- what is empty, gone, wrong, or another's ---


def test_what_is_gone_can_be_acted_on_no_more(bench: Bench) -> None:
    client, url = bench.client(), bench.seized()
    seen = form_of(client, f"{url}store/")
    assert send(client, f"{url}return/", given_to="Owner", place="x").status_code == 302
    before = bench.recorded()
    for path in ("store", "seal", "open", "deposit", "return", "acquire", "hand-over", "hand-out",
                 "take-back", "dispose"):  # fmt: skip
        page = client.get(f"{url}{path}/").content.decode()
        assert "has left the unit" in page, path
        assert 'name="seen"' not in page, path
    assert client.post(f"{url}store/", {**seen, "place": "Shelf"}).status_code == 200
    assert bench.recorded() == before


def test_an_empty_form_says_what_is_missing_and_records_nothing(bench: Bench) -> None:
    client, url = bench.client(), bench.seized()
    before = bench.recorded()
    for path in ("seal", "open", "deposit", "return", "acquire", "hand-over", "dispose"):
        answer = send(client, f"{url}{path}/", place="   ")
        assert answer.status_code == 200, path
        assert complaints(answer), path
    assert complaints(client.post(SEIZE, {}))
    assert bench.recorded() == before


@pytest.mark.parametrize("typed", ["yesterday", "2999-01-01T00:00", "2024-02-30T00:00"])
def test_a_time_that_is_none_or_has_not_come_is_told_at_its_field(bench: Bench, typed: str) -> None:
    before = bench.recorded()
    given = {**PHONE, "seized_by": bench.officer_of("officer"), "seized_at": typed}
    answer = bench.client().post(SEIZE, given)
    assert answer.status_code == 200
    assert 'href="#id_seized_at"' in answer.content.decode()
    assert bench.recorded() == before


def test_a_reader_sees_the_exhibit_and_is_offered_no_act(bench: Bench) -> None:
    url = bench.seized()
    page = bench.site.client("reader").get(url).content.decode()
    assert "860000000000001" in page
    assert "Next act" not in page
    assert bench.site.client("reader").post(f"{url}store/", {"place": "x"}).status_code == 403


def test_an_exhibit_of_another_case_is_no_exhibit_of_this_one(bench: Bench) -> None:
    client = bench.client()
    for path in ("store", "hand-over", "dispose", "acquire"):
        assert client.get(f"/cases/1/exhibits/9999/{path}/").status_code == 404


def test_a_disposal_cannot_be_signed_by_the_server(bench: Bench) -> None:
    from datetime import date

    from kancil.custody.errors import OwnKeyNeeded
    from kancil.custody.exhibits import DisposalOrder, dispose_exhibit
    from kancil.desk.access.server import server_for
    from kancil.ground.ids import ExhibitId

    bench.seized()
    keys = KeyRing(bench.site.workspace.keys_dir)
    by = server_for(bench.site.ledger, keys, bench.site.people["officer"], "password")
    exhibit = ExhibitId(str(bench.last().exhibit_id))
    order = DisposalOrder("Court", None, date(2024, 1, 1), None)
    with pytest.raises(OwnKeyNeeded):
        dispose_exhibit(bench.site.ledger, exhibit=exhibit, order=order, by=by)
