"""A question on the site: answered, saved by itself, disputed, settled, and seen by whom."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, expect

from kancil.assessment.protocol import Confidence
from tests.web.programme.reading import text_of
from tests.web.programme.served import ProgrammeSite
from tests.web.test_every_page import entered, served_here
from tools.sample_programme import CAPABILITY, LEGAL

if TYPE_CHECKING:
    from django.test import Client

    from kancil.assessment.answer import Answer

HTMX = {"HX-Request": "true"}


def address(
    programme: ProgrammeSite, name: str, further: str = "", protocol: str = CAPABILITY
) -> str:
    return f"/rounds/{programme.second}/{protocol}/{name}/{further}"


def unanswered(programme: ProgrammeSite, *by: str) -> list[str]:
    """Name the questions that exactly these have answered."""
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.answers import settled

    sight = programme.sight("olga")
    wanted = {str(programme.people[name].pk) for name in by}
    now = settled(sight, CAPABILITY)
    return [
        each.id
        for each in protocol_in(sight, CAPABILITY).indicators.values()
        if {one.by for one in (now[each.id].answers if each.id in now else ())} == wanted
        and each.asked_if is None
    ]


def own(programme: ProgrammeSite, who: str, name: str) -> list[Answer]:
    from kancil.desk.assessment.queries.answers import own_latest

    return own_latest(programme.sight(who), CAPABILITY, name)


def give(client: Client, where: str, value: str, **more: str) -> Any:
    return client.post(where, {"given_whole": value, "confidence": "high", **more})


def follows_in(text: str) -> str:
    found = re.search(r'name="follows" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def test_an_answer_saves_itself_and_the_next_one_follows_it(programme: ProgrammeSite) -> None:
    name = unanswered(programme)[0]
    where, bo = address(programme, name), programme.client("bo")
    page = text_of(bo.get(where))
    assert 'hx-trigger="change delay:400ms"' in page
    assert follows_in(page) == ""
    sent = {"given_whole": "2", "confidence": "high", "comment": "<script>alert(1)</script>"}
    first = text_of(bo.post(where, sent, headers=HTMX))
    (answer,) = own(programme, "bo", name)
    assert follows_in(first) == answer.id
    assert "<body" not in first
    second = bo.post(where, {**sent, "given_whole": "3", "follows": answer.id}, headers=HTMX)
    (now,) = own(programme, "bo", name)
    assert (now.given and now.given.value, follows_in(text_of(second))) == (3, now.id)
    page = text_of(bo.get(where))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    history = text_of(bo.get(where + "history/"))
    assert (history.count("Answer 1"), history.count("Replaced")) == (1, 1)


def test_two_windows_that_change_one_answer_lose_nothing(programme: ProgrammeSite) -> None:
    name = unanswered(programme)[0]
    where, bo = address(programme, name), programme.client("bo")
    give(bo, where, "1", comment="From the first window")
    told = text_of(bo.post(where, {"given_whole": "4", "confidence": "low", "follows": ""},
                           headers=HTMX))  # fmt: skip
    assert "From the first window" in told
    assert follows_in(told) == "", "the next save by itself must not go over what Bo has not seen"
    assert [one.given and one.given.value for one in own(programme, "bo", name)] == [1]
    found = re.search(r'name="over" value="([^"]+)"', told)
    assert found is not None
    give(bo, where, "4", follows="", over=found[1])
    assert [one.given and one.given.value for one in own(programme, "bo", name)] == [4]
    assert "From the first window" in text_of(bo.get(where + "history/"))


def test_a_session_that_is_over_is_told_to_the_page_that_saves(programme: ProgrammeSite) -> None:
    name = unanswered(programme)[0]
    answer = programme.client(None).post(
        address(programme, name), {"given_whole": "1"}, headers=HTMX
    )
    assert (answer.status_code, answer["HX-Refresh"]) == (401, "true")
    assert own(programme, "bo", name) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"given_whole": "9"}, "Choose one of the options"),
        ({"given_whole": "na"}, "Not applicable needs a reason"),
        ({"given_whole": ""}, "must not be empty"),
        ({"given_whole": "1", "comment": "x" * 20_001}, "20000"),
        ({"given_whole": "1", "evidence": "no-such"}, "Choose one of the options"),
        ({"given_whole": "1", "follows": "0" * 37}, "36"),
    ],
)
def test_what_cannot_be_an_answer_is_told_and_stays_as_it_was_typed(
    programme: ProgrammeSite, sent: dict[str, str], said: str
) -> None:
    name = unanswered(programme)[0]
    where, bo = address(programme, name), programme.client("bo")
    whole = {"confidence": "low", "comment": "KEPT-WORDS", **sent}
    page = bo.post(where, whole)
    assert page.status_code == 200
    assert said in text_of(page)
    assert whole["comment"][:20] in text_of(page)
    assert own(programme, "bo", name) == []
    told = text_of(bo.post(where, whole, headers=HTMX))
    assert "data-unsaved" in told


def test_what_others_gave_is_shown_once_their_own_answer_stands(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.actions.answers import give_answer

    (name, *_) = unanswered(programme, "ann")
    (hers,) = own(programme, "ann", name)
    give_answer(
        by=programme.people["ann"], round=programme.second, protocol=CAPABILITY, indicator=name,
        given=hers.given, confidence=hers.confidence, comment="ANNS-WORDS", follows=hers.id,
    )  # fmt: skip
    (hers,) = own(programme, "ann", name)
    where, bo = address(programme, name), programme.client("bo")
    page = text_of(bo.get(where))
    assert "ANNS-WORDS" not in page
    assert "after you have given your own" in page
    assert "ANNS-WORDS" not in text_of(bo.get(where + "history/"))
    assert "ANNS-WORDS" not in text_of(bo.get(f"/rounds/{programme.second}/disputes/"))
    refused = bo.post(where + "settle/", {"do": f"agree:{hers.id}", "seen": hers.id})
    assert "after you have given your own" in text_of(refused)
    assert bo.get(f"/rounds/{programme.second}/files/export/").status_code == 403
    for who in ("lea", "olga", "rex"):
        assert "ANNS-WORDS" in text_of(programme.client(who).get(where)), who
    assert "ANNS-WORDS" not in text_of(programme.client("fay").get(where))
    give(bo, where, "4")
    assert "ANNS-WORDS" in text_of(bo.get(where))


def test_two_differ_record_it_and_agree_and_nobody_on_their_own(programme: ProgrammeSite) -> None:
    (name, *_) = unanswered(programme, "ann")
    where, bo, ann = address(programme, name), programme.client("bo"), programme.client("ann")
    (hers,) = own(programme, "ann", name)
    other = "4" if hers.given and hers.given.value != 4 else "3"
    give(bo, where, other)
    (his,) = own(programme, "bo", name)
    seen = f"{hers.id},{his.id}"
    settle, disputes = where + "settle/", f"/rounds/{programme.second}/disputes/"
    page = text_of(bo.post(settle, {"do": "dispute", "seen": seen, "settle_note": " "}))
    assert "why" in page.lower()
    sent = {"do": "dispute", "seen": seen, "settle_note": "NOT-ALIKE", "back": "disputes"}
    assert bo.post(settle, sent)["Location"] == disputes
    assert "NOT-ALIKE" in text_of(bo.get(where))
    refused = bo.post(settle, {"do": f"agree:{his.id}", "seen": seen, "settle_note": "MINE-IS"})
    assert "somebody else in the team must agree" in text_of(refused)
    assert "MINE-IS" in text_of(refused)
    assert f'value="agree:{his.id}"' not in text_of(bo.get(where))
    assert ann.post(settle, {"do": f"agree:{his.id}", "seen": hers.id}).status_code == 200
    assert "This is agreed" not in text_of(ann.get(where))
    for_it = {"do": f"agree:{his.id}", "seen": seen}
    assert "Reconciling a dispute needs a reason" in text_of(ann.post(settle, for_it))
    assert ann.post(settle, {**for_it, "settle_note": "Bo is right"}).status_code == 302
    assert "This is agreed" in text_of(ann.get(where))
    assert "Reconciled by" not in text_of(ann.get(where)), "both say so"
    assert "NOT-ALIKE" in text_of(ann.get(where)), "why they differed stays"
    assert 'id="answer"' not in text_of(ann.get(where))
    told = text_of(ann.post(where, {"given_whole": "1", "confidence": "low", "follows": hers.id}))
    assert "was agreed" in told or "is agreed" in told
    again = {"do": "reopen", "seen": seen, "settle_note": "A new law"}
    assert ann.post(settle, again).status_code == 302
    assert 'id="answer"' in text_of(ann.get(where))
    history = text_of(programme.client("rex").get(where + "history/"))
    for word in ("Dispute recorded", "Agreed", "Reopened", "NOT-ALIKE", "A new law"):
        assert word in history


def test_what_the_lead_settled_is_not_said_to_be_agreed(programme: ProgrammeSite) -> None:
    (name, *_) = unanswered(programme, "ann")
    where, bo = address(programme, name), programme.client("bo")
    (hers,) = own(programme, "ann", name)
    give(bo, where, "4" if hers.given and hers.given.value != 4 else "3")
    (his,) = own(programme, "bo", name)
    sent = {"do": f"agree:{hers.id}", "seen": f"{hers.id},{his.id}", "settle_note": "SO-IT-IS"}
    lea = programme.client("lea")
    assert lea.post(where + "settle/", sent).status_code == 302
    rounds = f"/rounds/{programme.second}/"
    for who in ("ann", "bo", "lea", "rex"):
        page = text_of(programme.client(who).get(where))
        assert "Reconciled by the team lead" in page
        assert "Reconciled by Lea Lim (team lead) on the answer of Ann Abreu." in page
        assert ">Agreed<" not in page
        assert "This is agreed" not in page
    fay = programme.client("fay")
    page = text_of(fay.get(where))
    assert "Reconciled by the team lead" in page
    assert "Lea Lim" not in page.partition("<main")[2]
    rows = text_of(fay.get(f"{rounds}{CAPABILITY}/"))
    assert "Reconciled by the team lead" in rows.partition(f">{name}<")[2].partition("</tr>")[0]
    area = name[:2].lower()
    lines = text_of(fay.get(f"{rounds}{CAPABILITY}/figures/area/{area}/"))
    assert "Reconciled by the team lead" in lines.partition(f">{name}<")[2].partition("</tr>")[0]
    record = text_of(programme.client("olga").get("/record/"))
    assert "the answer of Ann Abreu" in record
    assert "Reconciled by the team lead" in annex(programme, "fay")
    assert "Reconciled because: SO-IT-IS" in annex(programme, "fay")
    assert "by Lea Lim (team lead)" not in annex(programme, "fay"), "texts alone name who wrote"


def annex(programme: ProgrammeSite, who: str) -> str:
    sent = {"paper_kind": "report", "paper_format": "html", "paper_language": "en"}
    answer = programme.client(who).post(f"/rounds/{programme.second}/reports/", sent)
    return text_of(answer)


def test_two_answers_of_one_person_are_shown_and_they_keep_one(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Answer as Row
    from kancil.ground.ids import new_id

    (name, *_) = unanswered(programme, "ann")
    (hers,) = own(programme, "ann", name)
    row = Row.objects.get(id=hers.id)
    row.id, row.comment = new_id(), "FROM-THE-LAPTOP"
    row.save(force_insert=True)
    disputes = f"/rounds/{programme.second}/disputes/"
    ann = programme.client("ann")
    page = text_of(ann.get(address(programme, name)))
    assert "FROM-THE-LAPTOP" in page
    assert "Keep this one" in page
    assert 'hx-trigger="change' not in page
    assert "Keep this one" not in text_of(programme.client("lea").get(disputes))
    keep = address(programme, name, "keep/")
    for who in ("bo", "lea"):
        assert programme.client(who).post(keep, {"answer": row.id}).status_code == 400
    assert ann.post(keep, {"answer": row.id, "back": "disputes"})["Location"] == disputes
    (now,) = own(programme, "ann", name)
    assert (now.comment, now.given) == ("FROM-THE-LAPTOP", hers.given)
    assert text_of(ann.get(address(programme, name, "history/"))).count("Replaced") == 2


def test_who_may_read_and_who_may_answer(programme: ProgrammeSite) -> None:
    name = unanswered(programme)[0]
    where = address(programme, name)
    for who, status in (("olga", 200), ("rex", 200), ("fay", 200), ("don", 404), ("far", 404),
                        ("out", 404), ("ada", 404)):  # fmt: skip
        client = programme.client(who)
        assert client.get(where).status_code == status, who
        assert 'id="answer"' not in text_of(client.get(where)), who
        give(client, where, "2")
        assert client.post(where + "settle/", {"do": "dispute"}).status_code in (403, 404), who
    assert unanswered(programme)[0] == name, "nobody of them has answered"
    fay = programme.client("fay")
    for further in ("history/",):
        assert fay.get(where + further).status_code == 403
    assert fay.get(f"/rounds/{programme.second}/disputes/").status_code == 403
    assert programme.client("bo").get(address(programme, "NONE")).status_code == 404
    closed = f"/rounds/{programme.first}/{CAPABILITY}/{name}/"
    bo = programme.client("bo")
    assert "This round is closed" in text_of(bo.get(closed))
    assert give(bo, closed, "2").status_code == 302
    told = text_of(bo.post(closed, {"given_whole": "2", "confidence": "high"}, headers=HTMX))
    assert "data-unsaved" in told, "what saves itself says where it does not"
    assert "<body" not in told
    assert unanswered(programme)[0] == name


def test_on_what_others_answers_rest_is_told_once_their_own_stands(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.evidence import add_evidence

    ann, name = programme.people["ann"], unanswered(programme)[0]
    item = add_evidence(by=ann, round=programme.second, grade="a", kind="document", title="Decree")
    give_answer(
        by=ann, round=programme.second, protocol=CAPABILITY, indicator=name,
        given=Given(Kind.VALUE, 2), parts={}, confidence=Confidence.HIGH, comment="",
        evidence=[item],
    )  # fmt: skip
    bo, link = programme.client("bo"), f'href="{address(programme, name)}"'
    there = f"/rounds/{programme.second}/evidence/"
    brought = f'<a href="{there}{item}/">Decree'
    assert brought not in text_of(bo.get(address(programme, name)))
    assert link not in text_of(bo.get(f"{there}{item}/"))
    row = re.search(rf"<tr(?:(?!</tr>).)*{item}.*?</tr>", text_of(bo.get(there)), re.DOTALL)
    assert row is not None
    assert name not in row[0]
    for who in ("lea", "fay"):
        assert link in text_of(programme.client(who).get(f"{there}{item}/")), who
    give(bo, address(programme, name), "3")
    assert brought in text_of(bo.get(address(programme, name)))
    assert link in text_of(bo.get(f"{there}{item}/"))


def test_parts_are_answered_each_on_its_own(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.answers import own_latest, settled

    sight = programme.sight("bo")
    asked, now = protocol_in(sight, LEGAL), settled(programme.sight("olga"), LEGAL)
    each = next(one for one in asked.indicators.values() if one.parts and one.id not in now)
    first, *others = each.parts
    sent = {f"given_{first.id}": "na", f"reason_{first.id}": "No such act", "confidence": "low"}
    sent |= {f"given_{part.id}": "nk" for part in others}
    where = address(programme, each.id, protocol=LEGAL)
    if each.scale:
        sent["given_whole"] = "1"
    assert programme.client("bo").post(where, {**sent, "do": "next"}).status_code == 302
    (hers,) = own_latest(sight, LEGAL, each.id)
    assert hers.parts[first.id].reason == "No such act"
    assert {one.kind.value for name, one in hers.parts.items() if name != first.id} == {"nk"}


def queries(client: Client, where: str) -> int:
    """Count what a page asks the database."""
    from django.db import connection

    asked: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert client.get(where).status_code == 200
    return len(asked)


def test_the_table_shows_what_was_asked_for_in_few_queries(programme: ProgrammeSite) -> None:
    where = f"/rounds/{programme.second}/{CAPABILITY}/"
    bo = programme.client("bo")
    whole = text_of(bo.get(where))
    assert 0 < queries(bo, where) < 14
    assert 0 < queries(bo, address(programme, "LF01")) < 30, "it has comments"
    assert 0 < queries(bo, f"/rounds/{programme.second}/disputes/") < 30
    missing = unanswered(programme)
    assert all(f">{name}<" in whole for name in missing)
    part = text_of(bo.get(where, {"only": "missing"}))
    assert set(re.findall(r">([A-Z]{2}[0-9]{2})<", part)) == set(missing)
    own_ones = set(missing) | set(unanswered(programme, "ann"))
    part = text_of(bo.get(where, {"only": "not-mine"}))
    assert set(re.findall(r">([A-Z]{2}[0-9]{2})<", part)) == own_ones
    critical = text_of(bo.get(where, {"only": "critical", "area": "lf"}))
    assert "LF10" in critical
    assert "LE08" not in critical
    assert "LF01" in text_of(bo.get(where, {"only": "<script>", "area": "nowhere"}))
    assert bo.get(f"/rounds/{programme.second}/none-2026.1/").status_code == 404


def test_how_sure_they_are_nobody_says_for_them(programme: ProgrammeSite) -> None:
    name = unanswered(programme)[0]
    where, bo = address(programme, name), programme.client("bo")
    page = text_of(bo.get(where))
    assert not re.search(r'name="confidence"[^>]*checked', page)
    for headers in (HTMX, {}):
        sent = {"given_whole": "2", "comment": "KEPT-WORDS"}
        told = text_of(bo.post(where, sent, headers=headers))
        assert "Choose your confidence. What you filled in stays here until then." in told
        assert own(programme, "bo", name) == []
    assert "KEPT-WORDS" in told
    assert not re.search(r'name="confidence"[^>]*checked', told)
    give(bo, where, "2")
    assert re.search(r'value="high"[^>]*checked', text_of(bo.get(where))), "Bo's own stays"


@pytest.mark.browser
def test_by_keys_alone_they_answer_say_how_sure_and_go_on(
    browser: Browser, programme: ProgrammeSite
) -> None:
    name = unanswered(programme)[0]
    cookie = programme.client("bo").cookies["sessionid"].value
    with served_here() as where, entered(browser, where, cookie, "en") as context:
        page = context.new_page()
        page.goto(where + address(programme, name))
        page.keyboard.press("2")
        expect(page.locator("#saved")).to_contain_text("Choose your confidence")
        page.keyboard.press("n")
        expect(page.locator("#form-errors")).to_contain_text("Choose your confidence")
        assert page.locator("[name=given_whole][value='2']").is_checked()
        page.keyboard.press("m")
        expect(page.locator("#saved")).to_contain_text("Saved")
        page.keyboard.press("n")
        page.wait_for_url(lambda url: name not in url)
    (answer,) = own(programme, "bo", name)
    assert (answer.given and answer.given.value, answer.confidence) == (2, Confidence.MEDIUM)


def test_a_dispute_shows_its_stages_in_words_and_says_who_reads_the_reason(
    programme: ProgrammeSite,
) -> None:
    there = f"/rounds/{programme.second}/disputes/"
    page = unescape(text_of(programme.client("lea").get(there)))
    third = "It is done by agreement each year, on procedures and on closed or invented cases"
    fourth = f"{third}; in both directions, and findings are put right."
    shown = re.findall(r"<b>(\d) · [^<]*</b></p><p class=\"prose\">([^<]*)</p>", page)
    assert {("3", f"{third}."), ("4", fourth)} <= set(shown)
    assert "The country sees it once the question is agreed." in page
    assert not re.search(r">[^<]*\d\d:\d\d:\d\d[^<]*<", page), "no seconds in lists"
    page = text_of(programme.client("ann").get(address(programme, "RF02")))
    assert "The country sees this comment once the answer is agreed." in page
