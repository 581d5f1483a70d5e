"""The law of a country, the legal matrix and the road map, as people use them."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.assessment.protocol_files.library import named_protocol
from tests.assessment.official.statute_files import statute_docx
from tests.web.programme.asking import confirm, plain, sent, shown
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import LEGAL

LAW = "/countries/XKA/law/"
FIRST_ASKED = next(iter(named_protocol("capability-2026.2").indicators))
TYPED = {
    "do": "extract",
    "law_name": "Act on Evidence <script>alert(1)</script>",
    "law_citation": "No. 9 of 2020",
    "law_article": "12",
    "law_text": "Data may be <b>kept</b>.",
    "law_language": "en",
    "law_source": "Gazette",
}


def matrix(site: ProgrammeSite, *further: str) -> str:
    return "/".join([f"/rounds/{site.second}/{LEGAL}/law", *further, ""])


def extract_id(site: ProgrammeSite, article: str) -> str:
    from kancil.desk.assessment.queries.countries import enter_country, extracts

    rows = extracts(enter_country(site.people["ann"], "XKA"))
    return next(row.id for row in rows if row.article == article and not row.is_replaced)


def cite(site: ProgrammeSite, indicator: str, article: str) -> None:
    """Have both assessors answer a provision alike, resting on an extract."""
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.evidence import use_extract
    from kancil.desk.assessment.queries.answers import own_latest

    item = use_extract(
        by=site.people["ann"], round=site.second, extract=extract_id(site, article), grade="a"
    )
    for who in ("ann", "bo"):
        own = own_latest(site.sight(who), LEGAL, indicator)
        give_answer(
            by=site.people[who], round=site.second, protocol=LEGAL, indicator=indicator,
            given=Given(Kind.VALUE, 2), parts={}, confidence=Confidence.HIGH, comment="",
            evidence=[item], follows=own[-1].id if own else None,
        )  # fmt: skip


def test_a_piece_of_law_is_added_with_its_file_and_replaced(programme: ProgrammeSite) -> None:
    client = programme.client("ann")
    file = io.BytesIO(b"the act, scanned")
    file.name = "act.pdf"
    answer = client.post(f"{LAW}new/", {**TYPED, "law_file": file}, follow=True)
    page = answer.content.decode()
    assert "Data may be &lt;b&gt;kept&lt;/b&gt;." in page
    assert "<script>alert" not in page
    assert hashlib.sha256(b"the act, scanned").hexdigest() in page
    first = extract_id(programme, "12")
    sheet = client.get(f"{LAW}{first}/file/")
    assert sheet.getvalue() == b"the act, scanned"
    assert "attachment" in sheet["Content-Disposition"]

    form = client.get(f"{LAW}new/?replaces={first}").content.decode()
    assert "No. 9 of 2020" in form
    new = {**TYPED, "law_text": "Data may be kept for ninety days."}
    sent(programme, "ann", f"{LAW}new/?replaces=none", new, 404)
    sent(programme, "ann", f"{LAW}new/?replaces={first}", new)
    assert "Replaced by a newer one" in shown(programme, "fay", f"{LAW}{first}/")
    assert "ninety days" in shown(programme, "fay", f"{LAW}{extract_id(programme, '12')}/")


def test_what_is_wrong_with_an_extract_is_said_and_what_was_typed_stays(
    programme: ProgrammeSite,
) -> None:
    wrong = {**TYPED, "law_translation": "Kept.", "law_article": "4", "law_in_force": "soon"}
    answer = programme.client("ann").post(f"{LAW}new/", wrong).content.decode()
    assert "Write a day as year, month and day" in plain(answer)
    assert "No. 9 of 2020" in answer
    del wrong["law_in_force"]
    assert "It must not be empty" in sent(programme, "ann", f"{LAW}new/", wrong)
    long = {**TYPED, "law_article": "x" * 61}
    assert "at most 60" in sent(programme, "ann", f"{LAW}new/", long)


def test_a_status_has_its_day_and_older_records_stay_behind_it(programme: ProgrammeSite) -> None:
    there = f"{LAW}instruments/budapest/"
    given = {
        "do": "status", "law_consent": "acceded", "law_consent_on": "2026-05-04",
        "law_as_of": "2026-06-01", "law_source": "The depositary's list",
    }  # fmt: skip
    text = sent(programme, "lea", there, given)
    assert "acceded on 2026-05-04" in text
    assert "Older records" in text
    assert "Letter of the foreign ministry" in text
    future = (date.today() + timedelta(days=400)).isoformat()  # noqa: DTZ011
    assert "in the future" in sent(programme, "lea", there, {**given, "law_as_of": future})
    without = {**given, "law_consent": "none"}
    assert "needs the kind of consent" in sent(programme, "lea", there, without)
    assert "Not recorded" in shown(programme, "fay", LAW)
    assert "unknown here. This does not mean no." in shown(
        programme, "fay", f"{LAW}instruments/lanzarote/"
    )


def test_the_packaged_snapshot_is_marked_until_somebody_records_a_status(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.actions.packaged import add_packaged_country

    add_packaged_country(by=programme.people["ada"], code="KHM")
    there = "/countries/KHM/law/"
    assert "Packaged snapshot" in shown(programme, "olga", there)
    assert "nobody here has checked it" in shown(programme, "olga", f"{there}instruments/uncc/")
    given = {"do": "status", "law_as_of": "2026-06-01", "law_source": "The depositary"}
    text = sent(programme, "olga", f"{there}instruments/uncc/", given)
    assert "Packaged snapshot" not in text


def test_the_books_of_a_country_are_for_those_who_have_to_do_with_it(
    programme: ProgrammeSite,
) -> None:
    extract = f"{LAW}{extract_id(programme, '4')}/"
    for who in ("far", "out"):
        shown(programme, who, LAW, 404)
        shown(programme, who, extract, 404)
        shown(programme, who, matrix(programme), 404)
    for who in ("don", "ada"):
        shown(programme, who, LAW, 403)
    for who in ("fay", "rex"):
        assert "Add a piece of law" not in shown(programme, who, LAW)
        sent(programme, who, f"{LAW}new/", TYPED, 403)
        assert "Record the status" not in shown(programme, who, f"{LAW}instruments/uncc/")
        status = {"do": "status", "law_as_of": "2026-06-01", "law_source": "Hearsay"}
        sent(programme, who, f"{LAW}instruments/uncc/", status, 403)
        shown(programme, who, matrix(programme, "sign"), 403)
    shown(programme, "don", matrix(programme), 404)


def signed_at(moment: datetime) -> None:
    from kancil.desk.assessment.models import LegalSignature

    assert LegalSignature.objects.update(at=moment)


def test_a_signature_counts_for_the_very_matrix_that_was_read(programme: ProgrammeSite) -> None:
    cite(programme, "budapest.2", "4")
    client = programme.client("lea")
    body = client.get(matrix(programme) + "matrix.json").content
    digest = hashlib.sha256(body).hexdigest()
    assert digest in shown(programme, "lea", matrix(programme))
    assert "Draft." in shown(programme, "fay", matrix(programme))
    given = {
        "do": "sign", "matrix_sha256": digest, "matrix_lawyer": "Rosa Rime",
        "matrix_admitted": "Bar of Kasa, 2011, 482", "matrix_signed_on": "2026-06-28",
    }  # fmt: skip
    before = shown(programme, "lea", matrix(programme, "sign"))
    for fact in ("No law cited", "Disputed", "Open or not known", "By one person only",
                 "Contradicts itself", "does not cover"):  # fmt: skip
        assert fact in before
    asked = client.post(matrix(programme, "sign"), given)
    assert asked.status_code == 302
    assert "confirm" in asked["Location"]
    kept = client.get(matrix(programme, "sign")).content.decode()
    assert "Rosa Rime" in kept
    confirm(client)
    stale = client.post(matrix(programme, "sign"), {**given, "matrix_sha256": "0" * 64})
    assert "The legal matrix" in plain(stale.content.decode())
    later = {**given, "matrix_signed_on": "9999-01-01"}
    assert "in the future" in plain(client.post(matrix(programme, "sign"), later).content.decode())
    paper = io.BytesIO(b"signed on paper")
    paper.name = "signed.pdf"
    sent_whole = {**given, "matrix_paper": paper}
    answer = client.post(matrix(programme, "sign"), sent_whole, follow=True).content.decode()
    notice = answer[: answer.index("recorded that Rosa")].rpartition('class="notice ')[2]
    assert notice.startswith("info"), "no colour of what somebody has checked"
    signed = plain(answer)
    told = "Rosa Rime, Bar of Kasa, 2011, 482, signed this matrix on 2026-06-28."
    assert f"Lea Lim recorded that {told}" in signed
    assert "Only the person who recorded it has checked the lawyer or the signature." in signed
    assert hashlib.sha256(b"signed on paper").hexdigest() in signed
    there = re.search(r'href="([^"]*/law/signature/[^"]*)"', answer)
    assert there is not None
    assert client.get(there[1]).getvalue() == b"signed on paper"
    shown(programme, "fay", there[1], 403)
    seen = shown(programme, "fay", matrix(programme))
    assert "Lea Lim" not in seen
    assert "/law/signature/" not in seen
    signed_at(datetime(2026, 6, 30, 20, tzinfo=UTC))
    seen = shown(programme, "fay", matrix(programme))
    assert f"On 2026-07-01 the team recorded that {told}" in seen, "the day where the workspace is"

    cite(programme, "budapest.3", "7")
    text = shown(programme, "fay", matrix(programme))
    assert "Draft." in text
    assert "Signatures of earlier versions" in text


def test_one_extract_serves_every_article_that_cites_it(programme: ProgrammeSite) -> None:
    cite(programme, "budapest.2", "4")
    cite(programme, "uncc.7", "4")
    text = shown(programme, "fay", matrix(programme))
    for one in ("Budapest Convention, 2:", "UN Convention against Cybercrime, 7:"):
        assert f"{one} Illegal access" in text
    assert "No answer cites a law yet" not in text
    text = shown(programme, "fay", f"/rounds/{programme.second}/{LEGAL}/budapest.2/law/")
    assert "Whoever enters a computer system without right" in text
    assert "2 · Covered in law" in text
    assert "Same as UN Convention against Cybercrime, 7" in text
    assert "Not yet compared with the official texts" in text
    text = shown(programme, "lea", matrix(programme, "budapest"))
    assert "Illegal access" in text
    assert "2 · Covered in law" in text


def test_a_piece_of_law_becomes_evidence_from_the_page_of_a_provision(
    programme: ProgrammeSite,
) -> None:
    there = f"/rounds/{programme.second}/{LEGAL}/budapest.5/law/"
    given = {"do": "cite", "matrix_extract": extract_id(programme, "7"), "matrix_grade": "b"}
    assert "write the lawyer’s name" in sent(programme, "ann", there, given).replace("'", "’")
    given |= {"matrix_confirmed_by": "Rosa Rime"}
    text = sent(programme, "ann", there, given)
    assert "Tick it in your answer below" in text
    assert "Act on Computers of Kasa, 7" in text
    assert "B: confirmed by a lawyer: Rosa Rime" in text
    for who, status in (("fay", 403), ("rex", 403), ("olga", 403), ("far", 404)):
        sent(programme, who, there, given, status)
    grade = {**given, "matrix_grade": "c"}
    assert "Choose one of the options" in sent(programme, "ann", there, grade)
    other = {**given, "matrix_extract": "of another country"}
    assert "Choose one of the options" in sent(programme, "ann", there, other)
    answered = there.replace("budapest.5", "budapest.2")
    assert "Bo Bakri" in shown(programme, "rex", answered)
    assert "Bo Bakri" not in shown(programme, "fay", answered)


def test_only_the_text_of_a_law_is_called_official_text(programme: ProgrammeSite) -> None:
    cite(programme, "budapest.2", "4")
    question = shown(programme, "ann", f"/rounds/{programme.second}/{LEGAL}/budapest.2/")
    assert "Yearly report of the unit (no text of a law)" in question
    assert "Act on Computers of Kasa, 4 (A: official text)" in question
    other = shown(programme, "ann", f"/rounds/{programme.second}/capability-2026.2/{FIRST_ASKED}/")
    assert "Yearly report of the unit (A" in other
    law = shown(programme, "ann", evidence_of(programme, "statute"))
    assert "A: official text" in law
    assert "A: official text" not in shown(programme, "ann", evidence_of(programme, "document"))


def test_a_report_that_has_the_grade_of_a_lawyer_is_no_law_all_the_same(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Evidence
    from kancil.web.assessment.rounds.given import pick_name

    report = Evidence("e", "b", "Yearly report", "document", reference="Report 12")
    law = Evidence("e", "b", "Act, 4", "statute", reference="No. 9 · by A. B.", extract="x")
    asked = named_protocol(LEGAL)
    assert pick_name(asked, report) == "Yearly report (no text of a law)"
    assert pick_name(asked, law) == "Act, 4 (No. 9 · by A. B.)"


def test_a_piece_of_law_cannot_be_withheld_and_the_page_says_why(programme: ProgrammeSite) -> None:
    cite(programme, "budapest.2", "4")
    there = evidence_of(programme, "statute")
    page = shown(programme, "lea", there)
    assert "Law is public" in page
    assert "Withhold it" not in page
    sent(programme, "lea", f"{there}withhold/", {"withheld_reason": "Secret"})
    assert "Withheld" not in shown(programme, "lea", there)
    assert "Withhold it" in shown(programme, "lea", evidence_of(programme, "data"))


def answer_as(site: ProgrammeSite, who: str, indicator: str, value: int, **parts: str) -> None:
    """Have somebody answer a provision and its elements."""
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.queries.answers import own_latest

    own = own_latest(site.sight(who), LEGAL, indicator)
    give_answer(
        by=site.people[who], round=site.second, protocol=LEGAL, indicator=indicator,
        given=Given(Kind.VALUE, value),
        parts={name: Given(Kind.VALUE, each) for name, each in parts.items()},
        confidence=Confidence.HIGH, comment="", follows=own[-1].id if own else None,
    )  # fmt: skip


def test_an_answer_that_contradicts_its_elements_is_shown_where_it_is_read(
    programme: ProgrammeSite,
) -> None:
    for who in ("ann", "bo"):
        answer_as(programme, who, "budapest.5", 3, conduct="no", mental="no")
    told = "Answered 3, as in law. But of 2 elements, answered “No”: 2."
    question = f"/rounds/{programme.second}/{LEGAL}/budapest.5/"
    assert told in shown(programme, "ann", question)
    assert told in shown(programme, "fay", f"{question}law/")
    assert told in shown(programme, "fay", matrix(programme, "budapest"))
    body = programme.client("lea").get(matrix(programme) + "matrix.json").content.decode()
    assert '"why.law-missing"' in body
    for who in ("ann", "bo"):
        answer_as(programme, who, "budapest.5", 3, conduct="yes", mental="yes")
    assert "Contradicts itself" not in shown(programme, "ann", question)


def test_what_is_saved_by_itself_says_what_contradicts_it(programme: ProgrammeSite) -> None:
    there = f"/rounds/{programme.second}/{LEGAL}/budapest.5/"
    from kancil.desk.assessment.queries.answers import own_latest

    own = own_latest(programme.sight("ann"), LEGAL, "budapest.5")
    given = {"given_whole": "3", "given_conduct": "no", "confidence": "low", "also": "",
             "follows": own[-1].id if own else ""}  # fmt: skip
    client = programme.client("ann")
    saved = client.post(there, given, headers={"HX-Request": "true"}).content.decode()
    assert "Contradicts itself" in saved


def test_the_parts_of_a_disputed_provision_are_not_called_unanswered(
    programme: ProgrammeSite,
) -> None:
    answer_as(programme, "ann", "budapest.5", 3, conduct="yes", mental="yes")
    answer_as(programme, "bo", "budapest.5", 0, conduct="no", mental="no")
    text = shown(programme, "fay", f"/rounds/{programme.second}/{LEGAL}/budapest.5/law/")
    assert "Disputed" in text
    assert "Not answered" not in text


def test_that_one_alone_answered_is_seen_beside_that_no_law_is_cited(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.queries.legal import legal_matrix

    rows = legal_matrix(programme.sight("lea"), LEGAL).rows
    row = next(row for row in rows if row.is_alone and row.status.value == "uncited")
    text = shown(programme, "fay", f"/rounds/{programme.second}/{LEGAL}/{row.indicator}/law/")
    assert "No law cited" in text
    assert "By one assessor only" in text


def test_the_columns_of_the_overview_add_up(programme: ProgrammeSite) -> None:
    page = programme.client("fay").get(matrix(programme)).content.decode()
    table = page[page.index("Instruments, each by itself") :]
    table = table[: table.index("</table>")]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[table.index("<tbody") :], re.DOTALL)
    assert len(rows) > 10
    for row in rows:
        numbers = [int(each) for each in re.findall(r">\s*([0-9]+)\s*<", row)]
        asked, *kinds = numbers[-8:]
        assert asked == sum(kinds[:5]), row


def test_a_paper_of_the_matrix_has_its_questions_and_the_digest_of_the_file(
    programme: ProgrammeSite,
) -> None:
    cite(programme, "budapest.2", "4")
    client = programme.client("lea")
    digest = hashlib.sha256(client.get(matrix(programme) + "matrix.json").content).hexdigest()
    answer = client.get(matrix(programme) + "matrix.html")
    assert "attachment" in answer["Content-Disposition"]
    body = answer.content.decode()
    text = plain(body)
    assert text.count(digest) >= 2
    asked = named_protocol(LEGAL).indicators["budapest.2"]
    for words in (asked.question, asked.parts[0].question):
        assert plain(words.in_language("en")) in text
    assert "Whoever enters a computer system without right" in text
    assert "not of this paper" in text
    assert "legal-matrix-XKA.json" in text
    assert "sha256sum" in text
    assert "<script" not in body
    shown(programme, "don", matrix(programme) + "matrix.html", 404)


def test_what_nobody_consents_to_is_said_to_be_so(programme: ProgrammeSite) -> None:
    for there in (matrix(programme), LAW, matrix(programme, "unscr_1373"),
                  matrix(programme, "fatf_r15")):  # fmt: skip
        assert "nothing to consent to" in shown(programme, "fay", there)
    text = shown(programme, "fay", f"{LAW}instruments/unscr_1373/")
    assert "States do not consent to this instrument" in text
    assert "nothing to consent to" not in shown(programme, "fay", matrix(programme, "budapest"))


def test_an_unchecked_question_is_not_called_sure(programme: ProgrammeSite) -> None:
    text = shown(programme, "fay", f"/rounds/{programme.second}/{LEGAL}/budapest.2/law/")
    assert "Not compared with the official text" in text
    assert text.index("Not compared") < text.index("High")
    assert "confidence when they wrote it" in text
    text = shown(programme, "ann", f"/rounds/{programme.second}/{LEGAL}/budapest.2/")
    assert "Not compared with the official text" in text


def evidence_of(site: ProgrammeSite, kind: str) -> str:
    """The address of an item of evidence of a kind."""
    from kancil.desk.assessment.queries.evidence import evidence

    rows = evidence(site.sight("ann"))
    id = next(row.item.id for row in rows if row.item.kind == kind and not row.withheld)
    return f"/rounds/{site.second}/evidence/{id}/"


def test_an_assessor_answers_before_they_see_what_others_gave(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Answer

    rows = Answer.objects.filter(round_id=programme.second, protocol=LEGAL, is_latest=True)
    by_bo = set(rows.filter(author=programme.people["bo"]).values_list("indicator", flat=True))
    alone = rows.filter(author=programme.people["ann"]).exclude(indicator__in=by_bo)
    asked = alone.exclude(given=None).first()
    assert asked is not None, "the sample has a provision that ann alone has answered"
    there = f"/rounds/{programme.second}/{LEGAL}/{asked.indicator}/law/"
    assert "Answer first" in shown(programme, "bo", there)
    assert "Answer first" not in shown(programme, "ann", there)
    assert "Answer first" not in shown(programme, "lea", there)
    assert "you have not" in shown(programme, "bo", matrix(programme))
    shown(programme, "bo", matrix(programme) + "matrix.json", 403)


def test_no_interview_is_told_on_any_of_these_pages(programme: ProgrammeSite) -> None:
    round = f"/rounds/{programme.second}/"
    for who in ("fay", "bo", "rex", "olga"):
        for url in (
            matrix(programme), matrix(programme, "budapest"), f"{round}road/", f"{round}plan/",
            f"{round}plan/gaps/capability-2026.2/", f"{round}releases/", LAW,
        ):  # fmt: skip
            text = shown(programme, who, url)
            assert "wait five months" not in text
            assert "Two investigators" not in text


def test_a_protocol_without_provisions_has_no_matrix(programme: ProgrammeSite) -> None:
    shown(programme, "lea", f"/rounds/{programme.second}/threat-2026.1/law/", 404)
    shown(programme, "lea", matrix(programme, "no-such"), 404)
    assert "No legal matrix" in shown(programme, "olga", f"/rounds/{programme.bola}/law/")


def test_a_road_is_mapped_and_walked(programme: ProgrammeSite) -> None:
    road = f"/rounds/{programme.second}/road/"
    text = shown(programme, "fay", road)
    assert "Overdue" in text
    assert "It drafts no clause of a law" in text
    given = {
        "do": "step", "road_subject": "Act on Evidence", "road_stage": "committee",
        "road_owner": "Committee <i>on law</i>", "road_due_on": "2031-01-31",
    }  # fmt: skip
    text = sent(programme, "ann", f"{road}new/", given)
    assert "Committee <i>on law</i>" in text
    sent(programme, "ann", f"{road}new/", {**given, "road_owner": "Second committee"})
    sent(programme, "rex", f"{road}new/", given, 403)
    by_fay = {**given, "road_subject": "Act on Data", "road_owner": "Ministry of Justice"}
    assert "Ministry of Justice" in sent(programme, "fay", f"{road}new/", by_fay)
    sent(programme, "far", f"{road}new/", by_fay, 404)
    sent(programme, "out", f"{road}new/", given, 404)

    from kancil.desk.assessment.queries.legal import road as steps

    def ours() -> list[str]:
        rows = steps(programme.sight("lea"))
        return [row.owner for row in rows if row.subject == "Act on Evidence"]

    row = next(row for row in steps(programme.sight("lea")) if row.owner == "Second committee")
    assert ours() == ["Committee <i>on law</i>", "Second committee"]
    sent(programme, "ann", f"{road}{row.id}/", {"do": "earlier"})
    assert ours() == ["Second committee", "Committee <i>on law</i>"]
    future = {"do": "finish", "road_done": "2999-01-01"}
    assert "in the future" in sent(programme, "ann", f"{road}{row.id}/", future)
    done = sent(programme, "ann", f"{road}{row.id}/", {"do": "finish", "road_done": "2026-04-02"})
    assert "2026-04-02" in done
    done = sent(programme, "fay", f"{road}{row.id}/", {"do": "finish", "road_done": "2026-04-03"})
    assert "2026-04-03" in done
    wrong = {**given, "road_stage": "decree"}
    assert "Choose one of the options" in sent(programme, "ann", f"{road}{row.id}/", wrong)
    shown(programme, "ann", f"{road}no-such/", 404)


def test_a_pasted_statute_is_split_looked_over_and_kept_at_once(programme: ProgrammeSite) -> None:
    there = "/countries/XKA/law-split/"
    assert there in programme.client("ann").get(LAW).content.decode()
    law = {name: value for name, value in TYPED.items() if name.startswith("law_")}
    law = {name: law[name] for name in law if name not in ("law_article", "law_text")}
    pasted = (
        "Act on Splitting\n\nArticle 1. Aim\nThis Act <b>aims</b>.\nArticle 2\nWhoever enters …"
    )
    page = programme.client("ann").post(there, {"do": "split", **law, "statute_text": pasted})
    text = page.content.decode()
    assert "3 pieces found" in text
    assert "<b>aims</b>" not in text
    pieces = {
        "do": "pieces", **law, "pieces_count": "3", "article_1": "", "body_1": "Act on Splitting",
        "take_2": "on", "article_2": "Article 1", "body_2": "Aim. This Act aims.",
        "take_3": "on", "article_3": "", "body_3": "Whoever enters …",
    }  # fmt: skip
    again = programme.client("ann").post(there, pieces).content.decode()
    assert "Needed for a piece that is saved" in again
    assert "2 articles are saved" in sent(programme, "ann", there, pieces | {"article_3": "Art. 2"})
    listed = shown(programme, "ann", LAW)
    assert "Article 1 Act on Evidence" in listed
    assert "Art. 2 Act on Evidence" in listed
    assert "Act on Splitting" not in listed
    assert programme.client("fay").post(there, pieces).status_code == 403
    thai = {"article_2": "มาตรา ๑๐", "article_3": "มาตรา ๙/๑", "law_name": "พระราชบัญญัติ"}
    sent(programme, "ann", there, pieces | thai)
    listed = shown(programme, "ann", LAW)
    assert listed.index("มาตรา ๙/๑") < listed.index("มาตรา ๑๐")


def test_a_statute_is_sent_as_a_file_and_split(programme: ProgrammeSite) -> None:
    there = "/countries/XKA/law-split/"
    law = {name: value for name, value in TYPED.items() if name.startswith("law_")}
    law = {name: law[name] for name in law if name not in ("law_article", "law_text")}
    client = programme.client("ann")

    def answer(name: str, data: bytes, **more: str) -> str:
        sent = SimpleUploadedFile(name, data)
        given = {"do": "split", **law, "statute_file": sent, **more}
        return client.post(there, given).content.decode()

    assert "2 pieces found" in answer("act.docx", statute_docx("Article 1", "Article 2"))
    thai = "".join(f"มาตรา {number} ผู้ใดทำให้เสียหาย\n" for number in range(1, 203))
    assert "Thai (TIS-620, Windows-874)" in answer("act.txt", thai.encode("cp874"))
    many = answer("act.txt", thai.encode())
    assert "The statute has 202 pieces; the first 200 are here, up to มาตรา 200." in many
    assert "article_201" not in many
    scan = answer("scan.pdf", b"%PDF-1.7 no page")
    assert "No articles can be read from scan.pdf" in scan
    assert "pieces found" not in scan
    assert "one of the two" in answer("act.txt", b"Article 1", statute_text="Article 1")
    nothing = client.post(there, {"do": "split", **law}).content.decode()
    assert "one of the two" in nothing
