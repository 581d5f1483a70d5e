"""Pages of activities: who sees which, planning one, two editors, drafts, the calendar."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.programme.asking import sent, shown
from tests.web.programme.pages import address, pages
from tests.web.programme.served import ProgrammeSite

FORM = {
    "do": "activity", "activity_kind": "training", "activity_title": "Tracing coins",
    "activity_countries": ["XKA"], "activity_begins_on": "2027-04-05",
    "activity_ends_on": "2027-04-07", "activity_place": "Kasa City",
}  # fmt: skip


def there(site: ProgrammeSite, page: str = "", activity: str = "") -> str:
    return f"/activities/{activity or site.ids['activity']}/{page}"


def made(site: ProgrammeSite, **changed: Any) -> str:
    """Plan one more activity; gives its id."""
    from kancil.desk.programme.models import Activity

    sent(site, "olga", "/activities/new/", {**FORM, **changed})
    return str(Activity.objects.latest("at").pk)


@pytest.fixture
def funded(programme: ProgrammeSite) -> ProgrammeSite:
    """The sample, whose activity a donor pays for; `don` reads for them, `dot` for another."""
    from kancil.desk.people.models import Person
    from kancil.desk.programme.activities.planning import set_funding
    from kancil.desk.programme.models import Donor, DonorSeat, Grant
    from kancil.ground import clock

    olga, now = programme.people["olga"], clock.now()
    programme.people["dot"] = Person.objects.create(
        username="dot", name="Dot", role="donor-reader", must_change_password=False
    )
    shares = {}
    for name, reader, share in (("Norland", "don", 6000), ("Sudland", "dot", 4000)):
        donor = Donor.objects.create(name=name, by=olga, at=now)
        DonorSeat.objects.create(person=programme.people[reader], donor=donor)
        grant = Grant.objects.create(
            donor=donor, reference=f"G-{name}", title=name, amount_minor=1_000_000, currency="USD",
            begins_on=date(2026, 1, 1), ends_on=date(2028, 12, 31),
            audit_until=date(2033, 1, 1), by=olga, at=now,
        )  # fmt: skip
        shares[grant.pk] = share
    set_funding(by=olga, activity=programme.ids["activity"], shares_bp=shares)
    return programme


def test_a_focal_point_of_another_country_finds_none_of_its_pages(
    programme: ProgrammeSite,
) -> None:
    mine = [each for each in pages() if each.of == "activity"]
    assert len(mine) >= 9
    for name in ("far", "out", "don", "ada"):
        client = programme.client(name)
        for each in mine:
            for method in each.methods:
                answer = getattr(client, method.lower())(address(each, programme))
                assert answer.status_code == 404, (name, each.name)
    assert "Regional training" not in shown(programme, "far", "/activities/")
    assert shown(programme, "far", "/calendar/?month=2027-03").count("Regional training") == 0
    assert b"2027-SEA-001" not in programme.client("far").get("/calendar/activities.ics").content


def test_each_sees_of_an_activity_what_is_theirs(funded: ProgrammeSite) -> None:
    pages_of = {name: shown(funded, name, there(funded))
                for name in ("olga", "fin", "fay", "don", "dot")}  # fmt: skip
    assert all("Regional training on tracing" in text for text in pages_of.values())
    assert "Norland (G-Norland, 60 %); Sudland (G-Sudland, 40 %)" in pages_of["fin"]
    assert "Norland; Sudland" in pages_of["fay"]
    assert "Norland (G-Norland, 60 %)" in pages_of["don"]
    assert "Sudland" not in pages_of["don"]
    assert "Norland" not in pages_of["dot"]
    assert "Missing before it is confirmed" in pages_of["fin"]
    assert "Missing" not in pages_of["fay"]
    for name, may in (("fin", True), ("olga", True), ("fay", False), ("don", False)):
        answer = funded.client(name).get(there(funded, "state/"))
        assert (answer.status_code == 200) is may, name
    assert "Confirm" not in shown(funded, "fin", there(funded, "state/")).partition("Funding")[2]
    assert "Norland" not in shown(funded, "dot", "/activities/")


def test_an_activity_is_planned_from_a_template_and_shown_with_its_agenda(
    programme: ProgrammeSite,
) -> None:
    new = "/activities/new/?template=child-exploitation-conference"
    form = shown(programme, "olga", new)
    assert "brings an agenda (sessions: 7)" in form
    given = {**FORM, "activity_kind": "conference", "activity_to_security_forces": "on"}
    page = sent(programme, "olga", new, given)
    assert "The activity is planned." in page
    assert "Conference for Kasa, 2027-04-05 – 07, Kasa City. Status: Planned." in page
    assert "Outcome statement: adoption" in page
    assert "No delegation is invited." in page
    assert "no Human Rights Due Diligence is recorded" in page
    assert "2027-04-07 09:00 – 12:00" not in page.partition("Opening")[0]
    assert programme.client("lea").get("/activities/new/").status_code == 403


def test_an_item_of_a_plan_becomes_an_activity_and_its_diligence_travels(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import PlanItem

    item = PlanItem.objects.filter(round_id=programme.second, state="approved").first()
    assert item is not None
    page = programme.client("olga").get(f"/rounds/{programme.second}/plan/{item.pk}/")
    assert f"/activities/new/?item={item.pk}" in page.content.decode()
    new = programme.client("olga").get(f"/activities/new/?item={item.pk}").content.decode()
    assert f'value="{item.title}"' in new
    assert re.search(r'value="XKA"[^>]* checked', new)
    given = {**FORM, "activity_plan_items": [item.pk]}
    shown_there = sent(programme, "olga", f"/activities/new/?item={item.pk}", given)
    needs = shown_there.partition("Needs of countries that it answers")[2]
    assert item.title in needs
    decided = item.due_diligence.first() if hasattr(item, "due_diligence") else None
    assert decided is None or decided.risk in shown_there


def test_two_editors_lose_nothing(programme: ProgrammeSite) -> None:
    activity = made(programme)
    edit = there(programme, "edit/", activity)
    first = {**FORM, "activity_version": "1", "activity_title": "Theirs", "activity_place": "Bola"}
    assert "The activity is changed." in sent(programme, "olga", edit, first)
    second = {**FORM, "activity_version": "1", "activity_title": "Mine",
              "activity_purpose": "A purpose"}  # fmt: skip
    client = programme.client("olga")
    answer = client.post(edit, second).content.decode()
    assert "Olga Osei changed the same fields" in answer
    assert re.search(r"Title.*Theirs.*Mine", answer, re.DOTALL)
    assert 'value="Mine"' in answer  # what they typed is still in the form
    assert 'value="Bola"' in answer  # and what the first one changed elsewhere is there too
    assert 'name="activity_version" value="2"' in answer
    merged = {**second, "activity_version": "2", "activity_place": "Bola"}
    assert "The activity is changed." in sent(programme, "olga", edit, merged)
    page = shown(programme, "olga", there(programme, "", activity))
    assert "Mine" in page
    assert "Bola" in page
    assert "A purpose" in page


def test_a_form_that_is_refused_is_kept_as_a_draft_and_offered_again(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.programme.models import FormDraft

    wrong = {**FORM, "activity_ends_on": "2027-04-01", "activity_purpose": "Long thought of"}
    page = sent(programme, "olga", "/activities/new/", wrong)
    assert "The end is before the beginning." in page
    assert "kept as a draft" in page
    assert "You have a draft of this form" in shown(programme, "olga", "/activities/new/")
    kept = programme.client("olga").get("/activities/new/?draft=activity").content.decode()
    assert "Long thought of" in kept
    assert 'value="2027-04-01"' in kept
    assert re.search(r'value="XKA"[^>]* checked', kept)
    for other in ("lea", "fay"):
        assert "Long thought of" not in programme.client(other).get("/activities/").content.decode()
    sent(programme, "olga", "/activities/new/", FORM)
    assert not FormDraft.objects.exists()


def test_a_draft_is_kept_and_discarded_by_its_buttons(programme: ProgrammeSite) -> None:
    from kancil.desk.programme.models import FormDraft

    new = "/activities/new/?template=darknet-penetration-study"
    begun = {"do": ["activity", "keep-draft"], "activity_title": "Half of",
             "csrfmiddlewaretoken": "x" * 32}  # fmt: skip
    page = sent(programme, "olga", new, begun)
    assert "The draft is kept." in page
    assert set(FormDraft.objects.get().given) == {"activity_title"}
    page = sent(programme, "olga", new, {**begun, "do": ["activity", "discard-draft"]})
    assert "The draft is discarded." in page
    assert not FormDraft.objects.exists()
    long = {**begun, "activity_purpose": "x" * 250_000}
    assert "could not be kept" in sent(programme, "olga", new, long)


def test_an_activity_lives_from_funding_to_done(funded: ProgrammeSite) -> None:
    state = there(funded, "state/")
    assert "no Human Rights Due Diligence is recorded" in shown(funded, "olga", state)
    weighed = {"do": "weigh", "hrdd_risk": "R", "hrdd_mitigation": "M", "hrdd_decision": "proceed",
               "hrdd_decided_by": "Head", "hrdd_review": "2090-01-01"}  # fmt: skip
    assert "due diligence is recorded" in sent(funded, "olga", state, weighed)
    assert "The activity is confirmed." in sent(funded, "olga", state, {"do": "confirm"})
    page = sent(funded, "olga", state, {"do": "done"})
    assert "It ends on 2027-03-04" in page
    assert "Status: Confirmed." in page
    over = {"do": "funding", "share_0": "70", "share_1": "40"}
    assert "more than 100 %" in sent(funded, "olga", state, over)
    assert "The funding is saved." in sent(
        funded, "fin", state, {"do": "funding", "share_0": "33.33", "share_1": "66.67"}
    )
    assert "33.33 %" in shown(funded, "olga", there(funded))
    page = sent(funded, "olga", state, {"do": "postpone", "state_reason": "Floods in the region"})
    assert "The activity is postponed." in page
    assert "Floods in the region" in shown(funded, "fay", there(funded))
    calendar = shown(funded, "olga", "/calendar/?month=2027-03")
    assert "Nothing in this month" in calendar
    again = {"do": "again", "again_begins_on": "2027-06-01", "again_ends_on": "2027-06-04"}
    assert "planned again" in sent(funded, "olga", state, again)
    assert "2027-06-01 09:00 – 10:30" in shown(funded, "fay", there(funded, "agenda/"))


def test_parts_are_added_on_their_pages(programme: ProgrammeSite) -> None:
    agenda = there(programme, "agenda/")
    session = {"do": "session", "session_day": "2027-03-02", "session_begins": "17:00",
               "session_ends": "18:00", "session_title": "Evening lecture"}  # fmt: skip
    assert "Evening lecture" in sent(programme, "olga", agenda, session)
    from kancil.desk.programme.models import AgendaItem

    gone = AgendaItem.objects.get(title="Evening lecture").pk
    assert "Evening lecture" not in sent(programme, "olga", agenda, {"session": [gone]})
    wrong = {**session, "session_day": "2027-09-02"}
    assert "not held on this day" in sent(programme, "olga", agenda, wrong)

    invited = {"do": "invite", "delegation_country": "XKA", "delegation_places": "4",
               "delegation_answer_by": "2020-01-01"}  # fmt: skip
    delegations = there(programme, "delegations/")
    assert "Answer overdue" in sent(programme, "olga", delegations, invited)
    from kancil.desk.programme.models import Delegation

    answer = {"do": "answer", "answer_delegation": str(Delegation.objects.get().pk),
              "answer_answer": "accepted", "answer_head": "Ministry of Justice"}  # fmt: skip
    page = sent(programme, "fay", delegations, answer)
    assert "Accepted" in page
    assert "Ministry of Justice" in page
    assert programme.client("mia").post(delegations, answer).status_code == 200
    assert "Choose a country or an organisation" in sent(
        programme, "olga", delegations, {"do": "invite", "delegation_places": "1"}
    )

    after = there(programme, "after/")
    report = {"do": "report", "after_report": "Forty officers traced coins", "after_version": "1"}
    assert "Saved." in sent(programme, "olga", after, report)
    page = sent(programme, "olga", after, {**report, "after_report": "Another text"})
    assert "changed the same text" in page
    assert "Another text" in page
    assert "Forty officers traced coins" in page
    follow = {"do": "follow", "follow_what": "Train the next", "follow_owner": "Academy",
              "follow_due_on": "2020-01-01"}  # fmt: skip
    assert "Overdue" in sent(programme, "olga", after, follow)
    assert "Forty officers traced coins" in shown(programme, "fay", there(programme))


def test_a_document_is_public_or_not_and_can_be_withdrawn(funded: ProgrammeSite) -> None:
    from kancil.desk.programme.models import Document

    documents = there(funded, "documents/")
    assert "Choose … Training material" in shown(funded, "olga", documents)
    file = SimpleUploadedFile("slides.pdf", b"slides")
    given = {"do": "document", "document_title": "Slides", "document_kind": "material",
             "document_file": file}  # fmt: skip
    assert "Not public" in sent(funded, "olga", documents, given)
    row = Document.objects.get()
    url = f"{documents}{row.pk}/"
    answer = funded.client("fay").get(url)
    assert answer.getvalue() == b"slides"
    assert answer["Content-Disposition"] == 'attachment; filename="slides.pdf"'
    assert funded.client("don").get(url).status_code == 404
    sent(funded, "olga", documents, {"document": [row.pk], "then": "publish"})
    assert funded.client("don").get(url).getvalue() == b"slides"
    assert funded.client("fay").post(documents, {"document": [row.pk]}).status_code == 403
    sent(funded, "olga", documents, {"document": [row.pk], "then": "withdraw"})
    assert funded.client("olga").get(url).status_code == 404


def test_equipment_and_mentors_have_their_own_pages(programme: ProgrammeSite) -> None:
    from kancil.desk.programme.models import (
        Activity,
        Handover,
        Organisation,
        Participant,
        Participation,
    )
    from kancil.ground import clock

    olga, now = programme.people["olga"], clock.now()
    unit = Organisation.objects.create(name="Unit", country_id="XKA", kind="police", by=olga,
                                       at=now)  # fmt: skip
    equipment = there(programme, "equipment/")
    handed = {"do": "handover", "handover_what": "Laptops", "handover_quantity": "3",
              "handover_organisation": unit.pk, "handover_received_by": "Head of unit",
              "handover_handed_on": "2025-01-10", "handover_worth": "4500.5",
              "handover_currency": "usd"}  # fmt: skip
    page = sent(programme, "olga", equipment, handed)
    assert "USD 4,500.50" in page
    assert "Check after 6 months overdue since 2025-07-10" in page
    assert "cannot be read" in sent(programme, "olga", equipment,
                                    {**handed, "handover_worth": "4.500,5"})  # fmt: skip
    url = f"{equipment}?handover={Handover.objects.get().pk}"
    check = {"do": "check", "check_months": "6", "check_checked_on": "2025-07-12"}
    assert "Only 3 were handed over." in sent(
        programme, "olga", url, {**check, "check_in_use": "4"}
    )
    page = sent(programme, "olga", url, {**check, "check_in_use": "2"})
    assert "After 6 months: 2 of 3 in use" in page

    mentoring = there(programme, "mentoring/")
    assert "Register the mentor" in shown(programme, "olga", mentoring)
    mentor = Participant.objects.create(name="M. Mentor", by=olga, at=now)
    Participation.objects.create(activity=Activity.objects.get(pk=programme.ids["activity"]),
                                 participant=mentor, part="mentor", by=olga, at=now)  # fmt: skip
    placed = {"do": "placement", "placement_mentor": mentor.pk, "placement_organisation": unit.pk,
              "placement_begins_on": "2027-03-01", "placement_ends_on": "2027-08-31",
              "placement_aims": "Triage in a day\nA case of its own"}  # fmt: skip
    assert "A case of its own" in sent(programme, "olga", mentoring, placed)
    from kancil.desk.programme.models import Placement

    visit = {"do": "visit", "visit_visited_on": "2026-01-05", "visit_log": "Looked on",
             "aim_0": "some", "aim_1": "none"}  # fmt: skip
    url = f"{mentoring}?placement={Placement.objects.get().pk}"
    assert "Triage in a day: Some progress" in sent(programme, "olga", url, visit)
    assert "M. Mentor" in shown(programme, "olga", there(programme))
    for name in ("fin", "fay"):
        assert "M. Mentor" not in shown(programme, name, there(programme))
    assert "Looked on" in shown(programme, "fay", there(programme))
    assert "Looked on" not in shown(programme, "fin", there(programme))


def test_the_list_is_filtered_and_leaves_as_a_file(programme: ProgrammeSite) -> None:
    made(programme, activity_title="=cmd", activity_kind="study")
    assert "Activities: 2." in shown(programme, "olga", "/activities/")
    found = shown(programme, "olga", "/activities/?sought_kind=study&sought_text=CMD")
    assert "Activities: 1." in found
    assert "Regional training" not in found
    assert "Nothing found" in shown(programme, "olga", "/activities/?sought_state=done")
    assert "Activities: 2." in shown(programme, "olga", "/activities/?sought_since=yesterday")
    answer = programme.client("olga").get("/activities/activities.csv?sought_kind=study")
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert (row["code"], row["kind"], row["begins_on"]) == ("2027-GLO-001", "study", "2027-04-05")
    assert not row["title"].startswith("=")
    assert row["officer"] == "Olga Osei"
    own = programme.client("fay").get("/activities/activities.csv").getvalue().decode()
    assert "Olga" not in own


def test_the_calendar_shows_months_and_leaves_as_a_file(programme: ProgrammeSite) -> None:
    page = shown(programme, "fay", "/calendar/?month=2027-03")
    assert "Calendar 2027-03" in page
    assert page.count("Regional training on tracing") == 5  # four days, and once in the list
    assert "Nothing in this month" in shown(programme, "fay", "/calendar/?month=2027-02")
    for asked in ("2027-13", "0000-01", "9999-12", "x"):
        assert programme.client("fay").get(f"/calendar/?month={asked}").status_code == 200
    answer = programme.client("fay").get("/calendar/activities.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = re.sub(r"\r\n[ \t]", "", answer.content.decode()).split("\r\n")
    assert "DTSTART;VALUE=DATE:20270301" in lines
    assert "DTEND;VALUE=DATE:20270305" in lines
    assert "SUMMARY:2027-SEA-001 Training: Regional training on tracing" in lines
    assert "STATUS:TENTATIVE" in lines


@pytest.mark.parametrize(("attended", "is_told"), [(None, True), (23, False)])
def test_a_number_of_people_that_is_not_shown_says_why(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch, attended: int | None, is_told: bool
) -> None:
    from kancil.desk.programme.models import Activity
    from kancil.web.programme.people import registrations

    found = SimpleNamespace(total=25, attended=attended, by_part={}, by_sex={}, by_country={})
    monkeypatch.setattr(registrations, "taking_part", lambda _sight: found)
    text = shown(programme, "olga", f"/activities/{Activity.objects.earliest('begins_on').id}/")
    assert ("Not shown: a group of fewer than five people" in text) is is_told
