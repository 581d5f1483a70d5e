"""Texts of the report as people write them: by version, never over one another."""

from __future__ import annotations

from tests.web.programme.asking import sent, shown
from tests.web.programme.opening import empty_round
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

LAW, HEADLINE = f"area/{CAPABILITY}/lf", "headline"


def at(site: ProgrammeSite, section: str = "", round: str = "") -> str:
    there = f"/rounds/{round or site.second}/report-texts/"
    return f"{there}{section}/" if section else there


def typed(kind: str, text: str, follows: str = "") -> dict[str, str]:
    return {"do": kind, "narrative_text": text, "narrative_follows": follows}


def latest(site: ProgrammeSite, section: str, kind: str) -> str:
    from kancil.desk.assessment.models import Narrative

    return Narrative.objects.get(
        round_id=site.second, section=section, kind=kind, is_latest=True
    ).id


def test_the_texts_are_listed_with_their_authors(programme: ProgrammeSite) -> None:
    text = shown(programme, "fay", at(programme))
    assert "Headline Narrative: Lea Lim." in text
    assert "Darknet Not written yet" in text
    assert "You may write it" not in text
    assert "You may write it" in shown(programme, "olga", at(programme))


def test_a_text_is_written_read_by_the_country_and_its_versions_stay(
    programme: ProgrammeSite,
) -> None:
    there = at(programme, LAW)
    first = latest(programme, LAW, "finding")
    assert "The text is saved" in sent(
        programme, "ann", there, typed("finding", "A newer <b> finding.", first)
    )
    text = shown(programme, "fay", there)
    assert "A newer <b> finding. Ann Abreu" in text
    assert "Powers over data rest on general words" in text, "the older version"
    assert "Save text" not in text
    assert "<b> finding" not in programme.client("fay").get(there).content.decode()


def test_who_saves_second_is_shown_the_first_ones_text_and_keeps_their_own(
    programme: ProgrammeSite,
) -> None:
    there, stood = at(programme, LAW), latest(programme, LAW, "narrative")
    sent(programme, "ann", there, typed("narrative", "What Ann wrote.", stood))
    answer = programme.client("olga").post(there, typed("narrative", "What Olga wrote.", stood))
    page = answer.content.decode()
    assert "Ann Abreu has saved this text since you opened it" in page
    assert "What Ann wrote." in page
    assert "What Olga wrote.</textarea>" in page
    now = latest(programme, LAW, "narrative")
    assert f'value="{now}"' in page, "it can be saved over what was shown"
    assert "The text is saved" in sent(
        programme, "olga", there, typed("narrative", "What both wrote.", now)
    )
    assert "What Ann wrote." in shown(programme, "lea", there)


def test_what_is_too_long_is_refused_and_still_in_the_form(programme: ProgrammeSite) -> None:
    stood = latest(programme, HEADLINE, "narrative")
    long = "word " * 60
    text = sent(programme, "lea", at(programme, HEADLINE), typed("narrative", long, stood))
    assert "it has 299 characters, and there is room for 170" in text
    assert long.strip() in text
    assert latest(programme, HEADLINE, "narrative") == stood


def test_only_the_lead_the_officer_and_assessors_of_the_area_write(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import Narrative, TeamMember

    TeamMember.objects.filter(round_id=programme.second, person=programme.people["bo"]).update(
        areas=[f"{CAPABILITY}:gv"]
    )
    count = Narrative.objects.count()
    for who, section in (("bo", LAW), ("bo", HEADLINE), ("ann", HEADLINE), ("rex", LAW),
                         ("fay", LAW)):  # fmt: skip
        answer = programme.client(who).post(at(programme, section), typed("narrative", "Mine"))
        assert "Save text" not in answer.content.decode(), (who, section)
    assert Narrative.objects.count() == count
    for who in ("far", "out", "don", "ada"):
        for section in ("", LAW):
            answer = programme.client(who).get(at(programme, section))
            assert answer.status_code in (302, 403, 404), (who, section)
    assert programme.client("lea").get(at(programme, "area/none/x")).status_code == 404


def test_who_still_has_to_answer_an_area_reads_no_text_of_it(programme: ProgrammeSite) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.assessment.protocol_files.library import named_protocol
    from kancil.desk.assessment.actions.answers import give_answer

    round = empty_round(programme, [CAPABILITY])
    first = next(iter(named_protocol(CAPABILITY).indicators))
    give_answer(
        by=programme.people["ann"], round=round, protocol=CAPABILITY, indicator=first,
        given=Given(Kind.VALUE, 1), parts={}, confidence=Confidence.HIGH, comment="", evidence=[],
    )  # fmt: skip
    text = "Stage 1, I say."
    sent(programme, "lea", at(programme, LAW, round), typed("finding", text))
    assert text in shown(programme, "ann", at(programme, LAW, round))
    assert programme.client("bo").get(at(programme, LAW, round)).status_code == 404
    assert "Legal framework" not in shown(programme, "bo", at(programme, "", round))


def test_the_country_is_heard_beside_the_text(programme: ProgrammeSite) -> None:
    from kancil.assessment.voice import CommentKind
    from kancil.desk.assessment.actions.comments import add_comment

    add_comment(
        by=programme.people["fay"], round=programme.second, section=LAW,
        kind=CommentKind.CORRECTION, text="The bill is tabled.", office="Ministry of Justice",
    )  # fmt: skip
    assert "The bill is tabled." in shown(programme, "lea", at(programme, LAW))
    row = shown(programme, "lea", at(programme)).partition("Legal framework")[2][:200]
    assert "Recommendation: Lea Lim. 1 " in row


def test_each_language_has_a_text_of_its_own_and_an_old_one_can_be_given_its_language(
    programme: ProgrammeSite,
) -> None:
    there = at(programme, HEADLINE)
    old = latest(programme, HEADLINE, "narrative")
    page = shown(programme, "lea", there)
    assert "Language not stated" in page
    stated = typed("narrative", "In English now.", old) | {"narrative_language": "en"}
    assert "The text is saved" in sent(programme, "lea", there, stated)
    spanish = typed("narrative", "En español.") | {"narrative_language": "es"}
    assert "The text is saved" in sent(programme, "lea", f"{there}?language=es", spanish)
    page = shown(programme, "lea", at(programme))
    assert "Narrative (English): Lea Lim. Narrative (Spanish): Lea Lim." in page
    from kancil.desk.assessment.models import Narrative

    rows = Narrative.objects.filter(round_id=programme.second, section=HEADLINE, is_latest=True)
    assert {row.language: row.text for row in rows} == {
        "en": "In English now.",
        "es": "En español.",
    }


def test_an_item_of_the_plan_is_written_in_another_language(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import PlanItem

    item = PlanItem.objects.filter(round_id=programme.second).exclude(state="rejected")[0]
    there = at(programme, f"plan/{item.id}")
    assert item.title in shown(programme, "olga", there)
    given = {**typed("title", "El primer paso"), "narrative_language": "es"}
    assert "The text is saved" in sent(programme, "olga", f"{there}?language=es", given)
    assert "El primer paso" in shown(programme, "olga", f"{there}?language=es")
    assert "Title (Spanish)" in shown(programme, "olga", at(programme))
