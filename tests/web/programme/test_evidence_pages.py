"""Evidence and interviews on the site: brought, withheld, sent back, and shown to whom."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground.digests import sha256_hex
from tests.web.programme.reading import bytes_of, text_of
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

if TYPE_CHECKING:
    from kancil.assessment.answer import Evidence

DECREE = b"A decree of Kasa, invented."
EVERYBODY = ("ada", "olga", "lea", "ann", "bo", "rex", "fay", "don", "far", "out")
GROUP, NOTES, CONSENT = "SECRET-GROUP", "SECRET-NOTES", "SECRET-CONSENT"


def at(programme: ProgrammeSite, *parts: str) -> str:
    return "/".join(("/rounds", programme.second, *parts, ""))


def added(programme: ProgrammeSite, title: str, who: str = "ann") -> Evidence:
    from kancil.desk.assessment.queries.evidence import evidence

    return next(row.item for row in evidence(programme.sight(who)) if row.item.title == title)


def upload(name: str = "decree.pdf", content: bytes = DECREE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


FIELDS = {
    "evidence_title": "Decree <script>1</script>", "evidence_kind": "document", "grade": "a",
    "reference": "No. 4", "evidence_dated": "2026-03-09",
}  # fmt: skip


def test_a_file_is_brought_from_a_question_and_comes_back_as_it_was(
    programme: ProgrammeSite,
) -> None:
    bo = programme.client("bo")
    new = at(programme, "evidence", "new") + f"?protocol={CAPABILITY}&indicator=LF01"
    sent = bo.post(new, {**FIELDS, "evidence_file": upload("<a>\u202e.html")})
    assert sent["Location"] == at(programme, CAPABILITY, "LF01")
    item = added(programme, FIELDS["evidence_title"])
    assert item.sha256 == sha256_hex(DECREE)
    for page in (at(programme, "evidence"), at(programme, "evidence", item.id)):
        text = text_of(bo.get(page))
        assert "<script>1" not in text
        assert "Decree &lt;script&gt;1" in text
        assert (item.sha256 or "")[:8] in text
    where = at(programme, "evidence", item.id, "file")
    for who in EVERYBODY:
        answer = programme.client(who).get(where)
        assert answer.status_code == (200 if who in ("olga", "lea", "ann", "bo", "rex", "fay")
                                      else 404), who  # fmt: skip
    file = bo.get(where)
    assert bytes_of(file) == DECREE
    assert file["Content-Disposition"].startswith("attachment")
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == (
        "application/octet-stream", "nosniff",
    )  # fmt: skip


def test_what_cannot_be_evidence_is_told_and_stays_as_it_was_typed(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.assessment import stored
    from kancil.desk.assessment.models import EvidenceItem

    before = EvidenceItem.objects.count()
    bo, new = programme.client("bo"), at(programme, "evidence", "new")
    for wrong, said in (
        ({"evidence_title": " "}, "This must be filled in."),
        ({"evidence_title": "x" * 301}, "300"),
        ({"grade": "c"}, "Choose one of the options"),
        ({"grade": ""}, "This must be filled in."),
        ({"evidence_kind": ""}, "This must be filled in."),
        ({"evidence_kind": "interview"}, "Choose one of the options"),
        ({"evidence_dated": "9 March"}, "date"),
        ({"evidence_file": upload(content=b"")}, "This file is empty."),
    ):
        page = text_of(bo.post(new, {**FIELDS, **wrong}))
        assert said in page
        assert 'value="No. 4"' in page
    monkeypatch.setattr(stored, "MOST_MEGABYTES", 0)
    page = text_of(bo.post(new, {**FIELDS, "evidence_file": upload()}))
    assert "0 MB" in page
    assert EvidenceItem.objects.count() == before
    for who in ("rex", "olga", "fay", "don", "far", "out"):
        assert programme.client(who).post(new, FIELDS).status_code in (403, 404), who
    assert EvidenceItem.objects.count() == before


def test_no_grade_and_no_kind_is_chosen_beforehand(programme: ProgrammeSite) -> None:
    page = text_of(programme.client("bo").get(at(programme, "evidence", "new")))
    for name in ("evidence_kind", "grade"):
        (offered,) = re.findall(rf'<select name="{name}".*?</select>', page, re.S)
        assert offered.index('value=""') < offered.index("selected") < offered.index("</option>")


def test_what_is_withheld_is_hidden_from_the_country_and_shown_again(
    programme: ProgrammeSite,
) -> None:
    item = added(programme, "Yearly report of the unit")
    page, fay = at(programme, "evidence", item.id), programme.client("fay")
    assert fay.get(page).status_code == 200
    ann = programme.client("ann")
    assert "This must be filled in." in text_of(ann.post(page + "withhold/", {}))
    assert (
        programme.client("bo").post(page + "withhold/", {"withheld_reason": "x"}).status_code == 200
    ), "told at the form: neither the lead nor whoever added it"
    assert "Stop withholding it" not in text_of(ann.get(page))
    ann.post(page + "withhold/", {"withheld_reason": "It names people"})
    assert "It names people" in text_of(programme.client("rex").get(page))
    assert fay.get(page).status_code == 404
    assert fay.get(page + "file/").status_code == 404
    text = text_of(fay.get(at(programme, "evidence")))
    assert ("Yearly report" in text, "Withheld from this list: 2" in text) == (False, True)
    programme.client("lea").post(page + "show/", {})
    assert fay.get(page).status_code == 200
    assert ann.post(page + "other/", {}).status_code == 200


INTERVIEW = {
    "held_on": "2026-04-03", "people_count": "2", "group": GROUP, "interview_grade": "c",
    "consent": CONSENT, "interview_notes": f"{NOTES} <script>2</script>",
}  # fmt: skip


def all_of(answer: Any) -> str:
    if answer.streaming:
        return bytes_of(answer).decode()
    return text_of(answer)


def pages(programme: ProgrammeSite, evidence: str, interview: str) -> list[str]:
    return [
        at(programme), at(programme, CAPABILITY), at(programme, CAPABILITY, "LF01"),
        at(programme, CAPABILITY, "LF01", "history"), at(programme, "disputes"),
        at(programme, "evidence"), at(programme, "evidence", evidence),
        at(programme, "interviews"), at(programme, "interviews", interview),
        at(programme, "files"), at(programme, "files", "export"),
    ]  # fmt: skip


def test_an_interview_is_read_by_its_author_and_the_lead_alone(programme: ProgrammeSite) -> None:
    ann = programme.client("ann")
    sent = ann.post(at(programme, "interviews", "new"), INTERVIEW)
    assert sent.status_code == 302
    interview = str(sent["Location"]).rstrip("/").rpartition("/")[2]
    item = added(programme, GROUP)
    from kancil.desk.assessment.queries.answers import own_latest

    hers = own_latest(programme.sight("ann"), CAPABILITY, "LF01")[-1]
    given = {"given_whole": "1", "confidence": "low", "evidence": item.id, "follows": hers.id}
    assert ann.post(at(programme, CAPABILITY, "LF01"), given).status_code == 302
    for who in EVERYBODY:
        client, seen, elsewhere = programme.client(who), [], []
        for page in pages(programme, item.id, interview):
            text = all_of(client.get(page))
            seen.append(text)
            if item.id not in page and interview not in page:
                elsewhere.append(text)
        for secret in (GROUP, NOTES, CONSENT):
            assert any(secret in one for one in seen) is (who in ("ann", "lea")), (who, secret)
        for id in (item.id, interview):
            assert any(id in one for one in elsewhere) is (who in ("ann", "lea")), (who, id)
    assert "<script>2" not in text_of(ann.get(at(programme, "interviews", interview)))
    lea = text_of(programme.client("lea").get(at(programme, "interviews", interview)))
    assert ("Fewer than three" in lea, ">2<" in lea) == (True, False)
    assert ">2<" in text_of(ann.get(at(programme, "interviews", interview)))
    bo = programme.client("bo")
    given = {"given_whole": "1", "confidence": "low", "evidence": item.id}
    assert "Choose one of the options" in text_of(bo.post(at(programme, CAPABILITY, "LF01"), given))
    assert bo.post(at(programme, "evidence", item.id, "show"), {}).status_code == 404


def test_an_interview_that_lacks_something_is_told(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Interview

    before = Interview.objects.count()
    new = at(programme, "interviews", "new")
    wrongs = (
        {"people_count": "0"}, {"people_count": "two"}, {"consent": ""}, {"interview_grade": "a"},
        {"held_on": "yesterday"}, {"held_on": "2999-01-01"}, {"group": "x" * 201},
    )  # fmt: skip
    for wrong in wrongs:
        page = text_of(programme.client("bo").post(new, {**INTERVIEW, **wrong}))
        assert re.search(r'class="errorlist"', page), wrong
        assert NOTES in page
    for who in ("rex", "olga", "fay", "don"):
        assert programme.client(who).post(new, INTERVIEW).status_code in (403, 404), who
    assert Interview.objects.count() == before


def test_one_without_its_file_takes_the_very_same_file(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import EvidenceItem

    item = added(programme, "Register of cases opened and closed")
    EvidenceItem.objects.filter(id=item.id).update(sha256=sha256_hex(DECREE))
    page, bo = at(programme, "evidence", item.id), programme.client("bo")
    assert "Add its file" in text_of(bo.get(page))
    wrong = text_of(bo.post(page + "bring/", {"evidence_file": upload(content=b"other")}))
    assert re.search(r'class="errorlist"', wrong)
    assert bo.post(page + "bring/", {"evidence_file": upload()}).status_code == 302
    file = bo.get(page + "file/")
    assert bytes_of(file) == DECREE


def test_a_round_without_evidence_says_what_to_do(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.queries.site import Part

    olga = programme.people["olga"]
    made = open_round(
        by=olga, country="XKA", title="Third", period_from=date(2026, 9, 1),
        period_to=date(2026, 9, 30), protocols=[CAPABILITY],
    )  # fmt: skip
    parts = {"lea": Part.LEAD, "ann": Part.ASSESSOR}
    members = [Member(programme.people[name].pk, part) for name, part in parts.items()]
    set_team(by=olga, round=made, members=members)
    ann = programme.client("ann")
    for page, said in (
        ("evidence", "No evidence yet"), ("interviews", "No interviews"),
        ("disputes", "Nothing is disputed"), (f"{CAPABILITY}/LF01/history", "Nothing to show"),
    ):  # fmt: skip
        assert said in text_of(ann.get(f"/rounds/{made}/{page}/")), page
