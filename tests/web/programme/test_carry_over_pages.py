"""One statute for many treaties: shown at the first click, answered at the second."""

from __future__ import annotations

import re

from tests.web.programme.asking import sent, shown
from tests.web.programme.opening import empty_round
from tests.web.programme.served import ProgrammeSite
from tests.web.programme.test_law_pages import LAW, extract_id
from tools.sample_programme import LEGAL


def answered(programme: ProgrammeSite, indicator: str = "budapest.2") -> str:
    """A new round in which ann alone has answered a provision, resting on article 4."""
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.evidence import use_extract

    round = empty_round(programme, [LEGAL], title="Law round")
    ann = programme.people["ann"]
    item = use_extract(by=ann, round=round, extract=extract_id(programme, "4"), grade="a")
    give_answer(
        by=ann, round=round, protocol=LEGAL, indicator=indicator, given=Given(Kind.VALUE, 2),
        parts={"conduct": Given(Kind.VALUE, "yes")}, confidence=Confidence.HIGH, evidence=[item],
    )  # fmt: skip
    return round


def test_a_statute_answers_a_second_treaty_with_two_clicks(programme: ProgrammeSite) -> None:
    round = answered(programme)
    question = f"/rounds/{round}/{LEGAL}/uncc.7/"
    text = shown(programme, "ann", question)
    assert "You answered Budapest Convention, 2: 2 · Covered in law" in text
    page = programme.client("ann").get(question).content.decode()
    there = re.search(r'href="(/rounds/[^"]*carry-over/\?to=uncc\.7)"', page)
    assert there is not None
    first = programme.client("ann").get(there[1]).content.decode()
    (take,) = re.findall(r'name="take" value="([^"]+)"', first)
    assert "stays open" in first
    assert "Budapest Convention, 2 asks: Is access to the whole" in shown(
        programme, "ann", there[1]
    )
    text = sent(programme, "ann", there[1], {"take": take})
    assert "Answers taken over: 1" in text
    assert "Taken over from Budapest Convention, 2, answered on" in text
    assert "You have answered this for another treaty" not in text


def test_the_page_of_an_extract_lists_what_it_answers_too(programme: ProgrammeSite) -> None:
    round = answered(programme)
    id = extract_id(programme, "4")
    text = shown(programme, "ann", f"{LAW}{id}/")
    heading = "Provisions that ask the same as one you have answered"
    assert heading in text
    for other in ("bo", "fay", "olga"):
        assert heading not in shown(programme, other, f"{LAW}{id}/")
    there = f"/rounds/{round}/{LEGAL}/law/carry-over/?extract={id}"
    text = shown(programme, "ann", there)
    assert "Act on Computers of Kasa, 4" in text
    assert "names no offence" in text, "the Declaration is related, and asks something else"
    client = programme.client("ann")
    page = client.get(there).content.decode()
    near = re.search(r'href="(/rounds/[^"]*\?with=[^"]+)"', page)
    assert near is not None
    form = client.get(near[1]).content.decode()
    assert re.search(r'name="evidence"[^>]*checked', form)
    assert not re.search(r'name="given_whole"[^>]*checked', form), "nothing else is filled in"


def test_a_source_that_changed_is_told_where_its_answer_stands(programme: ProgrammeSite) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.queries.answers import own_latest

    round = answered(programme)
    there = f"/rounds/{round}/{LEGAL}/law/carry-over/"
    (take,) = re.findall(
        r'value="(uncc.7=[^"]+)"', programme.client("ann").get(there).content.decode()
    )
    sent(programme, "ann", there, {"take": take})
    (own,) = own_latest(programme.sight("ann", round), LEGAL, "budapest.2")
    give_answer(
        by=programme.people["ann"], round=round, protocol=LEGAL, indicator="budapest.2",
        given=Given(Kind.VALUE, 1), confidence=Confidence.LOW, follows=own.id,
    )  # fmt: skip
    for url in (
        f"/rounds/{round}/{LEGAL}/uncc.7/", there, f"/rounds/{round}/{LEGAL}/law/uncc/", "/",
    ):  # fmt: skip
        assert "Its source was changed on" in shown(programme, "ann", url), url
    assert "Its source was changed on" not in shown(
        programme, "bo", f"/rounds/{round}/{LEGAL}/law/uncc/"
    )
    assert "what is proposed for it has changed" in sent(
        programme, "ann", there, {"take": take}, 400
    )


def test_only_who_answers_in_the_round_may_carry_over(programme: ProgrammeSite) -> None:
    round = answered(programme)
    there = f"/rounds/{round}/{LEGAL}/law/carry-over/"
    for who, status in (("far", 404), ("out", 404), ("rex", 404), ("fay", 403), ("olga", 403)):
        shown(programme, who, there, status)
        sent(programme, who, there, {"take": "uncc.7=none"}, status)
    assert "None of your answers" in shown(programme, "bo", there)


def test_a_bill_is_never_called_law_and_lists_the_gaps_that_it_would_close(
    programme: ProgrammeSite,
) -> None:
    bill = f"{LAW}{extract_id(programme, '21A')}/"
    for who in ("ann", "fay"):
        text = shown(programme, who, bill)
        assert "This is a bill, not law" in text
        assert "The words of the law" not in text
        assert "Gaps that this bill would close: Second round" in text
        assert "Budapest Convention, 18" in text
    assert "Bill, not law" in shown(programme, "fay", LAW)
    here = f"/rounds/{programme.second}/{LEGAL}"
    for url in (f"{here}/law/budapest/", f"{here}/budapest.18/law/"):
        assert "A bill would close this gap" in shown(programme, "fay", url)
    typed = {
        "do": "extract", "law_name": "Bill", "law_citation": "No. 1", "law_article": "1",
        "law_text": "Whoever …", "law_language": "en", "law_source": "Parliament",
        "law_is_bill": "on", "law_in_force": "2026-01-01",
    }  # fmt: skip
    assert "A bill is not in force" in sent(programme, "ann", f"{LAW}new/", typed)
    del typed["law_in_force"]
    assert "No provision that is answered as short of law cites this bill" in sent(
        programme, "ann", f"{LAW}new/", typed
    )


def test_a_country_that_signed_alone_is_said_to_have_signed(programme: ProgrammeSite) -> None:
    for url in (
        LAW, f"{LAW}instruments/uncc/", f"/rounds/{programme.second}/{LEGAL}/law/uncc/",
        f"/rounds/{programme.second}/{LEGAL}/law/",
    ):  # fmt: skip
        assert "signed, not ratified" in shown(programme, "fay", url), url
    assert "Signed, not ratified" in shown(programme, "fay", "/countries/XKA/")
