"""Rows chosen on a trace become drafts; several drafts are accepted with one passphrase."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from kancil.ground.ids import CaseId
from tests.cli.running import Unit
from tests.cli.sample_unit import LISTED_PAYMENT, LONG_CHAIN, copied
from tests.web.signing import PASSPHRASE, case_of, confirm, with_key
from tests.web.site import OUTSIDER, Site, site_of
from tests.web.test_every_page import opened
from tests.web.watching import Watched, follow

TRACE = "/cases/1/money/4/"
SELECT = f"{TRACE}select/"
DRAFTS = "/cases/1/findings/drafts/"
HOSTILE = ("0", "-1", "99999", "9" * 30, "x", "", "1 2", "<script>alert(1)</script>", "\u0661")


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file; each takes rows that no other takes."""
    unit = copied(sample, tmp_path_factory.mktemp("choosing"))
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    served = site_of(unit)
    for name in ("officer", "administrator"):
        with_key(served, name)
    return served


def open_drafts(site: Site) -> list[Any]:
    from kancil.desk.studies.queries import drafts

    return [each for each in drafts(case_of(site)) if each.state == "open"]


def keep(site: Site, *rows: int, kind: str = "chain-fact") -> Any:
    """Take rows, each in that class."""
    sent = {f"class-{row}": kind for row in rows}
    return site.client("officer").post(SELECT, {"do": "keep", "row": rows, **sent})


def ticks(page: str) -> list[str]:
    return re.findall(r'name="draft" value="([0-9a-f.]+)"', page)


def test_ticked_rows_of_the_table_become_a_draft_each_without_script(site: Site) -> None:
    client = site.client("officer")
    table = client.get(TRACE).content.decode()
    assert 'type="checkbox" name="row" value="2"' in table
    listed = client.get(SELECT, {"row": [3, 2]}).content.decode()
    assert re.findall(r'name="row" value="(\d+)" checked', listed) == ["2", "3"]
    assert 'value="policy-result" selected' in listed
    before = site.ledger.head().size
    answer = client.post(
        SELECT,
        {"do": "keep", "row": ["3", "2"], "class-2": "chain-fact", "class-3": "policy-result"},
    )
    made = open_drafts(site)[-2:]
    assert [(each.wording.row, each.wording.finding_class) for each in made] == [
        (2, "chain-fact"), (3, "policy-result"),
    ]  # fmt: skip
    wanted = "&".join(f"draft={each.number}" for each in made)
    assert answer.headers["Location"] == f"{DRAFTS}?{wanted}"
    shown = client.get(answer.headers["Location"]).content.decode()
    assert len(ticks(shown)) == 2
    assert "2 drafts were started" in shown
    kinds = {entry.kind for entry in site.ledger.entries(before + 1)}
    assert kinds <= {"case.entered"}, "a draft is in no ledger"


def test_the_same_rows_sent_again_begin_no_second_draft(site: Site) -> None:
    keep(site, 4, 5)
    count = len(open_drafts(site))
    answer = keep(site, 4, 5)
    assert len(open_drafts(site)) == count
    assert answer.headers["Location"].count("draft=") == 2
    assert "A draft is open" in site.client("officer").get(SELECT, {"row": 4}).content.decode()


def test_rows_beyond_what_is_taken_at_once_are_named_and_no_draft_is_made_of_them(
    site: Site,
) -> None:
    before, sent = len(open_drafts(site)), {"do": "keep", "row": [*range(50, 70), 80, 71, 72]}
    shown = site.client("officer").post(SELECT, sent, follow=True).content.decode()
    assert "Not used, because at most 20 rows become drafts at once: rows 71–72, 80." in shown
    made = open_drafts(site)[before:]
    assert [each.wording.row for each in made] == list(range(50, 70))
    assert len(ticks(shown)) == 20


def test_hostile_rows_and_classes_begin_nothing(site: Site) -> None:
    client, before = site.client("officer"), len(open_drafts(site))
    for row in HOSTILE:
        for answer in (
            client.post(SELECT, {"do": "keep", "row": ["1", row]}),
            client.get(SELECT, {"row": row}),
        ):
            assert answer.status_code == 400, row
            assert "<script>alert" not in answer.content.decode()
    for kind in ("certain", "attribution-1", "attribution-0", "attribution-x", "", "attribution"):
        answer = client.post(SELECT, {"do": "keep", "row": "1", "class-1": kind})
        assert answer.status_code == 400, kind
    assert client.post(SELECT, {"do": "keep", "row": "\0"}).status_code == 400
    for view, nodes in (("", "x"), ("{", "x"), ("[]", ""), ("{}", "tx-0")):
        assert client.post(SELECT, {"view": view, "nodes": nodes}).status_code == 400
    none = client.post(SELECT, {"do": "keep", "class-1": "chain-fact"}).content.decode()
    assert "No row is ticked" in none
    assert 'name="row" value="1"' in none, "what was listed stands there still"
    assert "The selection contains nothing" in client.get(SELECT).content.decode()
    assert len(open_drafts(site)) == before


def picture(site: Site, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The view that the canvas begins with for a trace of case 1, and its boxes."""
    page = site.client("officer").get(f"/cases/1/money/{number}/graph/", follow=True)
    view, graph = (
        json.loads(
            re.search(  # type: ignore[index]
                rf'<script id="canvas-{name}"[^>]*>(.*?)</script>', page.content.decode(), re.S
            )[1]
        )
        for name in ("view", "graph")
    )
    return view, graph["nodes"]


def test_a_picture_of_another_question_makes_no_finding_and_says_so(site: Site) -> None:
    client = site.client("officer")
    view, nodes = picture(site, 4)
    node = next(each["id"] for each in nodes if each["row_count"])
    sent = {"view": json.dumps(view), "nodes": node}
    assert "Out of a selected transaction" in client.post(SELECT, sent).content.decode()
    reported = client.post(SELECT, {**sent, "nodes": f"{node} party-{'0' * 16}"})
    assert "Out of a selected transaction" in reported.content.decode(), "no row is a party's"
    (source,) = view["sources"]
    for wrong in ({**source, "result_sha256": "0" * 64}, {**source, "trace": 99}):
        answer = client.post(SELECT, {**sent, "view": json.dumps({**view, "sources": [wrong]})})
        assert answer.headers["Location"] == TRACE
        assert "answers another question" in client.get(TRACE).content.decode()
    assert client.post(SELECT, {**sent, "nodes": "tx-" + "0" * 64}).status_code == 404


def test_a_listed_box_that_is_no_row_offers_what_its_publisher_alleges(site: Site) -> None:
    site.unit.say(
        "bitcoin", "trace", "main", LISTED_PAYMENT, "--direction", "backward", "--case", "C1",
        "--why", "sample",
    )  # fmt: skip
    view, nodes = picture(site, 5)
    listed = next(each for each in nodes if each["labels"] and not each["row_count"])
    where = "/cases/1/money/5/select/"
    client = site.client("officer")
    page = client.post(where, {"view": json.dumps(view), "nodes": listed["id"]}).content.decode()
    assert "The selection contains nothing" not in page
    (finding,) = set(re.findall(r'href="(/cases/1/money/5/finding/\?label=\d+)"', page))
    told = unescape(client.get(finding).content.decode())
    assert "What a publisher alleges of an address" in told
    assert listed["address"] in told


def test_a_picture_begins_with_the_very_starts_of_its_trace() -> None:
    from kancil.studies.canvas.picture import trace_query
    from kancil.studies.trace.question import NamedStart, TraceQuestion

    start = NamedStart(f"{LONG_CHAIN}:0", 5000, "case 7")
    (asked,) = trace_query(TraceQuestion((start,), "fifo"), None).starts
    assert (asked.text, asked.share_sat, asked.reference) == (start.outpoint, 5000, "case 7")


def test_several_drafts_are_accepted_with_one_passphrase_and_are_an_entry_each(site: Site) -> None:
    where = keep(site, 28, 29, 30).headers["Location"]
    client = site.client("officer")
    seen = ticks(client.get(where).content.decode())
    before = len(site.entries("finding.accepted"))
    asked = client.post(where, {"draft": seen[:2], "passphrase": PASSPHRASE}).content.decode()
    assert '<a href="#id_sign_in_password">' in asked
    assert len(re.findall(r'name="draft" value="[^"]+" checked', asked)) == 2
    assert PASSPHRASE not in repr(dict(client.session.items()))
    confirm(client)
    wrong = client.post(where, {"draft": seen[:2], "passphrase": "not hers at all"})
    assert "None of them was recorded" in wrong.content.decode()
    assert len(re.findall(r'name="draft" value="[^"]+" checked', wrong.content.decode())) == 2
    none = client.post(where, {"passphrase": PASSPHRASE})
    assert "No draft is ticked" in none.content.decode()
    assert len(site.entries("finding.accepted")) == before
    done = client.post(where, {"draft": seen[:2], "passphrase": PASSPHRASE})
    assert done.headers["Location"] == "/cases/1/findings/"
    entries = site.entries("finding.accepted")[before:]
    assert len(entries) == 2
    assert entries[0].body["text"] != entries[1].body["text"]
    assert [each.body["number"] for each in entries] == [before + 1, before + 2]
    again = client.get(where).content.decode()
    assert ticks(again) == seen[2:]
    assert "It was accepted or put aside" in again
    site.verify()


def test_one_that_changed_meanwhile_stops_them_all_and_is_named(site: Site) -> None:
    from kancil.desk.studies.actions import save_draft
    from kancil.desk.studies.queries import Wording, read_draft

    where = keep(site, 31, 32).headers["Location"]
    client = site.client("officer")
    confirm(client)
    seen = ticks(client.get(where).content.decode())
    number = int(seen[1].partition(".")[0])
    draft = read_draft(case_of(site), number)
    assert draft is not None
    other = Wording(draft.wording.trace, "chain-fact", 32, 1, "somebody else's words")
    assert save_draft(
        case=case_of(site), number=number, version=1, wording=other, by=site.people["examiner"]
    )
    before = len(site.entries("finding.accepted"))
    for forged in (seen, [seen[0], seen[0][:-1] + "!"], [*seen, "x"], [seen[0], "99999999.1.ab"]):
        page = client.post(where, {"draft": forged, "passphrase": PASSPHRASE}).content.decode()
        assert "None of them was recorded" in page
    named = client.post(where, {"draft": seen, "passphrase": PASSPHRASE}).content.decode()
    assert f"D{number}: It changed after you read it" in named
    assert f"D{number - 1}: It changed" not in named
    assert "somebody else&#x27;s words" in named, "the newest text is there to be read"
    assert len(site.entries("finding.accepted")) == before
    assert len([each for each in open_drafts(site) if each.number in (number, number - 1)]) == 2


def test_a_text_in_another_language_than_was_read_is_not_recorded(site: Site) -> None:
    where = keep(site, 33).headers["Location"]
    client = site.client("officer")
    confirm(client)
    (seen,) = ticks(client.get(where).content.decode())
    number, version, digest = seen.split(".")
    other = f"{number}.{version}.{digest[::-1]}"
    before = len(site.entries("finding.accepted"))
    page = client.post(where, {"draft": other, "passphrase": PASSPHRASE}).content.decode()
    assert "its text would now be different" in page
    assert len(site.entries("finding.accepted")) == before


def test_an_act_that_moved_between_reading_and_writing_writes_nothing(site: Site) -> None:
    from kancil.desk.studies.actions import DraftToAccept, accept_drafts, set_draft_aside

    keep(site, 34, 35)
    first, second = open_drafts(site)[-2:]
    assert set_draft_aside(case=case_of(site), number=second.number, version=1)
    size = site.ledger.head().size
    several = [DraftToAccept(each.number, 1, {}) for each in (first, second)]
    for drafts, moved in ((several, (second.number,)), ([several[0]] * 2, (first.number,))):
        done = accept_drafts(site.ledger, case=case_of(site), drafts=drafts, by=site.by)
        assert (done.entries, done.moved) == ((), moved)
    assert site.ledger.head().size == size


def test_a_basis_that_ended_records_none_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.custody import cases
    from kancil.custody.errors import LegalBasisExpired

    where = keep(site, 36, 37).headers["Location"]
    client = site.client("officer")
    confirm(client)
    seen = ticks(client.get(where).content.decode())
    real, said = cases.accept_finding, []

    def ends_at_the_second(*given: Any, **named: Any) -> Any:
        said.append(named["text"])
        if len(said) == 2:
            raise LegalBasisExpired(case="C1", basis="order 17", expired_on="2026-01-01")
        return real(*given, **named)

    monkeypatch.setattr(cases, "accept_finding", ends_at_the_second)
    size = site.ledger.head().size
    page = client.post(where, {"draft": seen, "passphrase": PASSPHRASE}).content.decode()
    assert len(said) == 2
    assert "order 17" in page
    assert "None of them was recorded" in page
    assert site.ledger.head().size == size, "the entry before it is taken back"
    assert {each.wording.row for each in open_drafts(site)} >= {36, 37}


def test_a_reader_chooses_and_accepts_nothing_and_a_stranger_finds_no_case(site: Site) -> None:
    where = keep(site, 38).headers["Location"]
    before, size = len(open_drafts(site)), len(site.entries("finding.accepted"))
    reader = site.client("reader")
    for address, sent in (
        (SELECT, {"do": "keep", "row": "1"}), (where, {"draft": "1.1.x", "passphrase": "x"}),
    ):  # fmt: skip
        assert reader.get(address).status_code == 403
        assert reader.post(address, sent).status_code == 403
        assert site.client(OUTSIDER).post(address, sent).status_code == 404
    for address in (TRACE, "/cases/1/findings/"):
        assert 'type="checkbox"' not in reader.get(address).content.decode()
    assert len(open_drafts(site)) == before
    assert len(site.entries("finding.accepted")) == size


def test_drafts_of_a_case_are_not_read_in_another(site: Site) -> None:
    where = keep(site, 39).headers["Location"]
    number = where.rpartition("=")[2]
    from kancil.desk.access.actions import add_member

    other = CaseId(site.case("C2"))
    add_member(site.ledger, case=other, username="officer", by=site.by, adder=None)
    page = site.client("officer").get(f"/cases/2/findings/drafts/?draft={number}").content.decode()
    assert "The case has no such draft" in page
    assert not ticks(page)


@given(st.sets(st.integers(1, 60)))
def test_ranges_say_every_number_once_and_nothing_else(numbers: set[int]) -> None:
    from kancil.web.studies.findings.choosing import ranges

    said: list[int] = []
    for part in filter(None, ranges(numbers, "D").replace("D", "").split(", ")):
        first, _, last = part.partition("–")
        said += range(int(first), int(last or first) + 1)
    assert said == sorted(numbers)


def barriers_of(one: Watched) -> list[str]:
    """What sticks out of the page or bars somebody from it, at both widths."""
    found = []
    for width in (390, 1280):
        one.page.set_viewport_size({"width": width, "height": 900})
        found += [*one.sticks_out(), *one.barriers()]
    return found


@pytest.mark.thorough
@pytest.mark.browser
def test_boxes_selected_on_the_picture_become_drafts_and_findings(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site) as (where, context):
        one = follow(context.new_page())
        page = one.page
        page.goto(f"{where}{TRACE}graph/")
        page.wait_for_function("document.querySelector('[data-canvas]')?.workplace !== undefined")
        chosen = page.evaluate("""() => {
          const place = document.querySelector('[data-canvas]').workplace;
          const nodes = [...place.now.graph.nodes.values()];
          const tx = nodes.find((node) => node.kind === 'tx' && node.row_count);
          const fold = nodes.find((node) => node.kind === 'ends' || node.kind === 'chain');
          for (const node of [tx, fold]) place.stage.select(node.id, true);
          return [tx, fold].map((node) => node.row_count);
        }""")
        assert all(chosen), "both boxes stand for rows"
        page.click("[data-panel] button:text-is('Make a finding')")
        page.wait_for_url(f"**{SELECT}")
        text = page.inner_text("main")
        assert "Held in a selected fold" in text
        assert "Out of a selected transaction" in text
        assert not barriers_of(one)
        on = page.locator("[name=row]:checked")
        assert on.count() == min(20, sum(chosen))
        for index in range(on.count() - 1, 1, -1):
            on.nth(index).uncheck()
        page.click("main button[name=do][value=keep]")
        page.wait_for_url(f"**{DRAFTS}?draft=*")
        assert page.locator("[name=draft]:checked").count() == 2
        assert not barriers_of(one)
        page.fill("[name=sign_in_password]", "seven horses in the rain")
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main form.choosing button[type=submit]")
        page.wait_for_url("**/cases/1/findings/")
        assert "2 findings were recorded" in page.inner_text("main")
        assert not one.faults()
        page.close()
