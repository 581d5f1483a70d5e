"""The page of a case: questions with their answers, findings, what is open, notes, events."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from html import unescape

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import PAID_ADDRESS, copied
from tests.web.site import Site, site_of

CASE = "/cases/1/"
NEW = f"{CASE}notes/new/"


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit of its own for each test."""
    return site_of(copied(sample, tmp_path_factory.mktemp("overview")))


def page(site: Site, address: str = CASE, name: str = "officer") -> str:
    answer = site.client(name).get(address)
    assert answer.status_code == 200, address
    return unescape(str(answer.content.decode()))


def test_each_question_stands_with_its_answer_and_a_link(site: Site) -> None:
    told = page(site)
    assert 'href="/cases/1/money/1/">T1</a> Where did the coins of 0437cd7f' in told
    assert "Of the 50 BTC asked about, 10 BTC went to" in told
    assert "What happened last" in told
    assert re.search(r'href="/cases/1/money/1/">trace recorded</a>: T1', told)


@pytest.mark.parametrize("case", [1, 2, 3])
def test_the_case_and_its_trace_say_the_very_same_sentence(site: Site, case: int) -> None:
    if case > 1:
        site.unit.say("person", "join", f"C{case}", "officer")
    there = re.findall(
        "Of the [0-9.]+ BTC asked about, [^<]+", page(site, f"/cases/{case}/money/{case}/")
    )
    here = re.findall("Of the [0-9.]+ BTC asked about, [^<]+", page(site, f"/cases/{case}/"))
    assert there
    assert there[:1] == here[:1]
    if case == 1:
        assert "10 BTC went to the key 04ae1a62" in here[0]
        assert "40 BTC back to the payer, the key 0411db93" in here[0]


def test_a_case_with_an_answer_and_no_exhibit_begins_with_the_answer(site: Site) -> None:
    from kancil.desk.access.actions import add_member

    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    page = site.client("officer").get("/cases/2/").content.decode()
    assert "What was asked, and the answer" in page
    assert "No exhibit yet" not in page


def test_who_opened_a_case_is_a_person_and_the_day_is_that_of_the_unit(site: Site) -> None:
    from kancil.desk.cases.queries import Case

    case = {"case_title": "Scam", "basis_kind": "statute", "authority": "Penal Code, article 5"}
    opened = site.client("officer").post("/cases/new/", case).headers["Location"]
    number = int(opened.split("/")[2])
    night = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)  # 1 December in Vientiane
    Case.objects.filter(number=number).update(opened_at=night)
    assert "opened by officer on 2026-12-01" in page(site, f"/cases/{number}/")


def test_a_sentence_stands_where_the_chain_is_gone_but_names_no_payee(site: Site) -> None:
    shutil.rmtree(site.workspace.chains_dir / "main")
    assert "Of the 50 BTC asked about, 40 BTC went to" in page(site)


def test_a_kept_answer_that_was_changed_is_not_told(site: Site) -> None:
    for path in site.workspace.traces_dir.iterdir():
        data = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(data.replace(b'"4000000000"', b'"4000000001"'))
    told = page(site)
    assert "What was kept of this answer cannot be read" in told
    assert "Of the 50 BTC" not in told


def test_a_draft_is_open_with_whoever_writes_it(site: Site) -> None:
    client = site.client("officer")
    assert "What is open, and with whom" not in page(site)
    client.post("/cases/1/money/1/select/", {"do": "keep", "row": ["2"], "class-2": "chain-fact"})
    told = page(site, name="reader")
    assert "What is open, and with whom" in told
    assert "Officer is writing it" in told


def test_a_note_is_an_entry_and_stands_on_the_case_with_its_writer(site: Site) -> None:
    before = site.ledger.head().size
    sent = {"text": "Same address in the chat <b>on E3</b>", "next": f"{CASE}#notes"}
    answer = site.client("officer").post(NEW, sent)
    assert answer.headers["Location"] == f"{CASE}#notes"
    (entry,) = [each for each in site.ledger.entries(before + 1) if each.kind == "note.added"]
    assert entry.body["subject"] is None
    assert entry.body["text"] == sent["text"]
    raw = site.client("reader").get(CASE).content.decode()
    assert "Same address in the chat &lt;b&gt;on E3&lt;/b&gt;" in raw
    assert "Withdraw note" not in raw, "a reader takes nothing back"
    site.verify()


def test_a_note_about_an_address_is_found_by_it(site: Site) -> None:
    from kancil.desk.notes.queries import notes_about
    from kancil.studies.moneygraph.parts import Subject

    sent = {"text": "Seen", "kind": "address", "chain": "main", "value": PAID_ADDRESS}
    assert site.client("officer").post(NEW, sent).status_code == 302
    about = Subject("address", "main", PAID_ADDRESS)
    (found,) = notes_about(site.ledger, about, site.case("C1"))
    assert found.subject == about
    assert not notes_about(site.ledger, about, site.case("C2"))
    assert f'href="/chains/main/address/{PAID_ADDRESS}/"' in page(site)


def test_a_withdrawn_note_is_shown_as_withdrawn_and_only_once(site: Site) -> None:
    from kancil.desk.notes.queries import notes_of

    client = site.client("officer")
    client.post(NEW, {"text": "Wrong"})
    (note,) = notes_of(site.ledger, site.case("C1"))
    where = f"{CASE}notes/{note.id}/withdraw/"
    assert client.post(where, {"reason": ""}).status_code == 200, "a reason is needed"
    assert client.post(where, {"reason": "mistyped"}).status_code == 302
    again = client.post(where, {"reason": "again"}).content.decode()
    assert "was withdrawn before" in again
    told = page(site)
    assert "Wrong" in told
    assert "mistyped" in told
    (gone,) = notes_of(site.ledger, site.case("C1"))
    assert gone.reason == "mistyped"


@pytest.mark.parametrize(
    "sent",
    [
        {"text": ""}, {"text": "x" * 4001}, {"text": "a\x00b"},
        {"text": "x", "kind": "planet", "value": "y"},
    ],
)  # fmt: skip
def test_a_note_that_is_none_is_refused_at_the_form(site: Site, sent: dict[str, str]) -> None:
    before = site.ledger.head().size
    assert site.client("officer").post(NEW, sent).status_code in (200, 400)
    kinds = {entry.kind for entry in site.ledger.entries(before + 1)}
    assert "note.added" not in kinds


def test_who_may_not_write_or_see_cannot(site: Site) -> None:
    assert site.client("reader").post(NEW, {"text": "x"}).status_code == 403
    assert site.client("outsider").post(NEW, {"text": "x"}).status_code == 404


def test_one_is_led_to_no_other_site(site: Site) -> None:
    answer = site.client("officer").post(NEW, {"text": "x", "next": "https://elsewhere.test/"})
    assert answer.headers["Location"] == f"{CASE}#notes"
