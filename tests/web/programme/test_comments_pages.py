"""Comments on the site: made beside a question, answered, signed off; and who may."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.programme.asking import sent, shown, words_of
from tests.web.programme.reading import bytes_of
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

OFFICIAL = {
    "signing_official": "Secretary <b>S</b>", "signing_office": "Ministry",
    "signing_day": "2026-06-30",
}  # fmt: skip
TEXT = {"comment_kind": "comment", "comment_text": "Not <i>so</i>", "comment_office": "Ministry"}
EVERYBODY = ("ada", "olga", "lea", "ann", "bo", "rex", "fay", "mia", "don", "far", "out")
ROUND = {"olga", "lea", "ann", "bo", "rex", "fay", "mia"}


def at(programme: ProgrammeSite, *parts: str) -> str:
    return "/".join(("/rounds", programme.second, *parts, ""))


def new(programme: ProgrammeSite, **about: str) -> str:
    given = about or {"protocol": CAPABILITY, "indicator": "LF01"}
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return f"{at(programme, 'comments', 'new')}?{query}"


PAGES: dict[str, tuple[str, set[str]]] = {
    "comments": ("comments/", ROUND),
    "new": (f"comments/new/?protocol={CAPABILITY}&indicator=LF01", {"rex", "fay", "mia"}),
    "reply": ("comments/{comment}/reply/", {"lea", "ann", "bo"}),
    "term": ("comment-term/", {"lea"}),
    "sign-off": ("sign-off/", {"fay"}),
    "close": ("close/", {"lea"}),
}
"""Who is answered with a page; everybody else of the round is refused, and others find nothing."""


def test_each_page_is_for_those_it_is_for_and_for_others_it_is_not_there(
    programme: ProgrammeSite,
) -> None:
    for name, (path, may) in PAGES.items():
        url = at(programme) + path.format(comment=programme.ids["comment"])
        for who in EVERYBODY:
            wanted = 200 if who in may else 403 if who in ROUND else 404
            for method in ("get",) if name == "comments" else ("get", "post"):
                status = getattr(programme.client(who), method)(url).status_code
                assert status == wanted, (name, who, method)


def test_what_nobody_opened_is_refused_to_whoever_may_not_do_it(programme: ProgrammeSite) -> None:
    rest = at(programme, "comments", programme.ids["comment"], "rest")
    for who in set(EVERYBODY) - {"lea", "ann", "bo"}:
        status = programme.client(who).post(rest).status_code
        assert status == (403 if who in ROUND else 404), who
    for who in EVERYBODY:
        assert programme.client(who).get(at(programme, "sign-off", "file")).status_code == 404, who
    for who, status in (
        ("lea", 200),
        ("fay", 200),
        ("mia", 200),
        ("fin", 200),
        ("don", 403),
        ("ada", 403),
    ):
        assert programme.client(who).get("/due/").status_code == status, who
        assert programme.client(who).get("/due/calendar.ics").status_code == status, who
    calendar = programme.client("lea").get("/due/calendar.ics")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in calendar.content


def test_a_comment_with_its_evidence_is_made_beside_the_question_and_answered_by_the_team(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.queries.comments import comments

    question = at(programme, CAPABILITY, "LF02")
    assert "Add a comment" in shown(programme, "mia", question)
    assert "Add a comment" not in shown(programme, "ann", question)
    url = new(programme, protocol=CAPABILITY, indicator="LF02")
    given: dict[str, Any] = {**TEXT, "comment_kind": "evidence", "grade": "a",
                             "evidence_kind": "document"}  # fmt: skip
    assert "Say what the evidence is." in sent(programme, "mia", url, given)
    given["evidence_title"] = "Decree"
    assert "Attach a file, or say where to find" in sent(programme, "mia", url, given)
    assert comments(programme.sight("lea"), CAPABILITY, "LF02") == []
    given["evidence_file"] = SimpleUploadedFile("decree.html", b"decree", "text/html")
    text = sent(programme, "mia", url, given)
    assert "The comment was added." in text
    assert "Not <i>so</i>" in text, "shown as it was typed"
    assert "Waits for a reply" in text
    (one,) = comments(programme.sight("lea"), CAPABILITY, "LF02")
    file = at(programme, "evidence", one.evidence[0].id, "file")
    assert bytes_of(programme.client("lea").get(file)) == b"decree"
    there = at(programme, "comments", one.id)
    assert "choose" in sent(programme, "ann", f"{there}reply/", {"reply_text": "x"}).lower()
    answer = {"reply_outcome": "corrected", "reply_text": "Stage 2 stands now"}
    assert "Stage 2 stands now" in sent(programme, "lea", f"{there}reply/", answer)
    text = shown(programme, "mia", question)
    assert "Stage 2 stands now" in text
    assert "The assessment team" in text, "of the team, nobody is named to the country"
    assert "Lea Lim" not in text
    waiting = shown(programme, "lea", at(programme, "comments") + "?show=waiting")
    assert "Stage 2 stands now" not in waiting


def test_evidence_of_a_comment_and_of_a_question_is_beside_the_answer_at_once(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import Act, Comment
    from kancil.desk.assessment.queries.answers import own_latest

    brought = Comment.objects.get(kind="evidence", round_id=programme.second)
    rest = at(programme, "comments", brought.pk, "rest")
    assert "Base my answer" not in shown(programme, "lea", at(programme, CAPABILITY, "LF01"))
    assert "Base my answer" in shown(programme, "ann", at(programme, CAPABILITY, "LF01"))
    assert programme.client("ann").post(rest).status_code == 302
    (own,) = own_latest(programme.sight("ann"), CAPABILITY, "LF01")
    assert "Decree on the cybercrime unit" in {each.title for each in own.evidence}
    fresh = next(
        name for name in ("DN01", "DN02", "DN03", "DN04", "DN05", "LF02", "LF03", "LF04", "PR01")
        if not own_latest(programme.sight("bo"), CAPABILITY, name)
    )  # fmt: skip
    url = at(programme, "evidence", "new") + f"?protocol={CAPABILITY}&indicator={fresh}"
    given = {"evidence_title": "Register", "evidence_kind": "data", "grade": "a"}
    text = programme.client("bo").post(url, given, follow=True).content.decode()
    assert "Register" in text[text.index("<aside") :]
    item = Act.objects.filter(kind="evidence.added").latest("id").details["evidence"]
    box = re.search(f'<input[^>]*value="{item}"[^>]*>', text)
    assert box is not None
    assert "checked" in box[0], "ticked before there is an answer"


def test_after_a_comment_one_comes_back_to_the_same_round_and_nowhere_else(
    programme: ProgrammeSite,
) -> None:
    url = new(programme, section="area/x")
    mia = programme.client("mia")
    for back, wanted in (
        (at(programme, "plan"), at(programme, "plan")),
        ("https://elsewhere.invalid/", at(programme, "comments")),
        (f"//elsewhere.invalid{at(programme)}", at(programme, "comments")),
        (f"/rounds/{programme.bola}/", at(programme, "comments")),
    ):
        answer = mia.post(url, {**TEXT, "back": back})
        assert answer["Location"] == wanted, back
    assert mia.get(new(programme, protocol=CAPABILITY, indicator="none")).status_code == 404
    assert "Report, section area/x" in shown(programme, "lea", at(programme, "comments"))


def test_the_focal_point_signs_off_what_was_before_them_and_the_lead_closes_it(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.queries.comments import comments

    page = at(programme, "sign-off")
    assert "Official" not in shown(programme, "fay", page), "comments wait for a reply"
    for one in comments(programme.sight("lea")):
        given = {"reply_outcome": "noted", "reply_text": "Read"}
        answered = programme.client("lea").post(at(programme, "comments", one.id, "reply"), given)
        assert answered.status_code == 302
    stood = programme.client("fay").get(page).content.decode()
    seen = stood.partition('name="stood" value="')[2][:64]
    assert f"SHA-256 of what is signed: {seen}." in stood, "the brief prints the same"
    moved = {**OFFICIAL, "stood": "0" * 64}
    assert "has changed since this page was opened" in sent(programme, "fay", page, moved)
    scan = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 signed", "application/pdf")
    text = sent(programme, "fay", page, {**OFFICIAL, "stood": seen, "signing_file": scan})
    assert "Secretary <b>S</b>, Ministry, on 2026-06-30, as the round stands now" in text
    assert f"SHA-256 of what was signed: {seen}." in text
    voids = "that sign-off no longer counts"
    written = at(programme, "report-texts", "headline")
    assert voids in shown(programme, "lea", written), "said before it is saved"
    assert voids not in shown(programme, "fay", written), "who cannot write is not warned"
    assert bytes_of(programme.client("olga").get(at(programme, "sign-off", "file"))).endswith(
        b"signed"
    )
    refused = sent(programme, "mia", new(programme), TEXT)
    assert "it takes no more comments" in refused
    closing = at(programme, "close")
    assert "Close as not commented" not in shown(programme, "lea", closing)
    assert "The round was closed." in sent(programme, "lea", closing, {"do": "signed"})
    assert "Closed, signed off" in shown(programme, "fay", "/rounds/")
    assert "Add a comment" not in shown(programme, "mia", at(programme, CAPABILITY, "LF01"))


def test_a_round_of_whose_country_no_word_came_is_closed_after_one_more_tick(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.actions.comments import set_term
    from kancil.desk.assessment.models import CommentTerm
    from kancil.web.acting import today

    there = f"/rounds/{programme.bola}/"
    assert "The period of this round ended on" in shown(programme, "lea", there)
    day = {"term_day": "2000-01-01"}
    assert "This day has passed" in sent(programme, "lea", f"{there}comment-term/", day)
    text = sent(programme, "lea", f"{there}comment-term/", {"term_day": str(today())})
    assert f"asked to comment by {today()}" in text
    set_term(by=programme.people["lea"], round=programme.bola, due_on=today())
    CommentTerm.objects.filter(round_id=programme.bola).update(due_on="2026-01-01")
    assert "never as agreed" in shown(programme, "lea", f"{there}close/")
    assert "never as agreed" in sent(programme, "lea", f"{there}close/", {"do": "silent"})
    done = sent(programme, "lea", f"{there}close/", {"do": "silent", "act_sure": "on"})
    assert "That is not agreement" in done
    answer = programme.client("lea").get("/rounds/")
    assert "Closed, not commented" in words_of(answer)
