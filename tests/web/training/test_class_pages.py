"""The classroom's pages, from an open class to marks that trainees read."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.desk.cases.queries import find_case
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Person, Role
from kancil.desk.training.actions.sittings import choose_course
from kancil.desk.training.folders import folder_of
from kancil.desk.training.models import (
    Answer,
    Attempt,
    Enrolment,
    JoinSlip,
    LabRun,
    Mark,
    TrainingClass,
)
from kancil.evidence.age import identities_in
from kancil.ground.words import render
from kancil.training import labs
from kancil.training.courses.kept import find_course
from kancil.training.labs.freeze_request import FREEZE_REQUEST
from tests.desk.training.school import PASSWORD, School
from tests.web.training.browser import Browsers, text_of

START = {
    "case_title": "Exercise", "basis_kind": "warrant", "authority": "Court of an invented town",
}  # fmt: skip


def test_a_trainer_opens_a_class_with_a_key_file_that_the_page_made(browsers: Browsers) -> None:
    page = browsers.of(browsers.school.trainer)
    made = page.post("/training/classes/new/", {"do": "make-key"})
    assert made["Content-Disposition"].startswith("attachment")
    (identity,) = identities_in(made.content, "key file", "key")
    sent = SimpleUploadedFile("key.txt", made.content)
    given = {
        "do": "open-class", "class_title": "Second class", "class_begins": "2026-03-16",
        "class_ends": "2026-03-20", "class_key_file": sent, "class_recipient": "",
    }  # fmt: skip
    answer = page.post("/training/classes/new/", given)
    found = TrainingClass.objects.get(title="Second class")
    assert answer["Location"] == f"/training/classes/{found.id}/"
    assert found.recipients == str(identity.to_public())
    code = found.join_code or ""
    shown = page.get(answer["Location"])
    assert f"{code[:4]} {code[4:]}" in text_of(shown)
    assert b"<svg" in shown.content
    kept = [each for each in browsers.school.workspace.root.rglob("*") if each.is_file()]
    assert not [each for each in kept if str(identity).encode() in each.read_bytes()]


def test_a_key_file_is_called_optional_only_where_another_recipient_is_named(
    browsers: Browsers,
) -> None:
    page = browsers.of(browsers.school.trainer)
    field = page.get("/training/classes/new/").content.decode()
    at = field.index('for="id_class_key_file"')
    assert "optional" not in field[at : at + 200].partition("<input")[0]
    given = {"do": "open-class", "class_title": "Third", "class_begins": "2026-03-16",
             "class_ends": "2026-03-20", "class_recipient": ""}  # fmt: skip
    assert page.post("/training/classes/new/", given).status_code == 200
    key = str(browsers.school.identity.to_public())
    answer = page.post("/training/classes/new/", {**given, "class_recipient": key})
    assert answer.status_code == 302, text_of(answer)


def test_a_trainer_gives_a_lab_with_its_difficulty(browsers: Browsers) -> None:
    school = browsers.school
    noy = school.join("noy")
    page = browsers.of(school.trainer)
    where = f"/training/classes/{school.training_class.id}/labs/new/"
    assert page.get(where).status_code == 200
    given = {
        "do": "give-lab", "lab_name": "tiny", "lab_opens_0": "2026-01-01", "lab_opens_1": "08:00",
        "lab_closes_0": "2099-01-01", "lab_closes_1": "12:00", "lab_minutes": "90",
        "lab_language": "lo", "lab_hops": "3", "lab_decoys": "1", "lab_missing": "0",
        "lab_noise": "250",
    }  # fmt: skip
    answer = page.post(where, given)
    run = LabRun.objects.get()
    assert answer["Location"] == f"/training/runs/{run.id}/"
    assert (run.minutes, run.knobs["language"], run.knobs["hops"]) == (90, "lo", 3)
    assert run.opens_at.isoformat() == "2026-01-01T01:00:00+00:00", "in the classroom's zone"
    school.work()
    assert school.variant(run, noy).run == run
    assert page.get(answer["Location"]).status_code == 200
    for name in ("lab_hops", "lab_noise"):
        refused = page.post(where, {**given, name: "1"})
        assert refused.status_code == 200
        assert LabRun.objects.count() == 1


@pytest.fixture
def begun(browsers: Browsers) -> tuple[Browsers, Attempt]:
    """An attempt that a trainee began on the pages."""
    school = browsers.school
    noy = school.join("noy")
    run = school.give()
    page = browsers.of(noy)
    assert "is open" in text_of(page.get("/training/"))
    where = f"/training/labs/{run.id}/"
    assert "What happened" in text_of(page.get(where))
    answer = page.post(where, START)
    assert answer["Location"] == where
    return browsers, Attempt.objects.get()


def test_an_answer_is_saved_with_script_and_without(begun: tuple[Browsers, Attempt]) -> None:
    browsers, attempt = begun
    page = browsers.of(attempt.person)
    there = f"/training/attempts/{attempt.id}/answers"
    plain = page.post(f"{there}/amount/", {"value": "0.25"})
    assert plain["Location"].endswith("#q-amount")
    by_script = page.post(
        f"{there}/admit/", {"ruling": "exclude", "reasons": ["hash", "gap"]},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "Saved" in text_of(by_script)
    assert "2 of 9 answered" in text_of(by_script), "the count on the page follows"
    told = {each.question: each.value for each in Answer.objects.all()}
    assert told == {
        "amount": "0.25", "admit": {"ruling": "exclude", "reasons": ["gap", "hash"]},
    }  # fmt: skip
    refused = page.post(f"{there}/moment/", {"value": "2026-03-09 14:05"})
    assert "no offset" in text_of(refused)
    page.post(f"{there}/moment/", {"value": "2026-03-09 14:05 +07:00"})
    assert Answer.objects.get(question="moment").value == "2026-03-09T14:05:00+07:00"
    shown = page.get(f"/training/labs/{attempt.variant.run_id}/").content.decode()
    assert 'value="0.25"' in shown
    assert "3 of 9 answered" in shown


def test_files_are_laid_ready_at_the_units_own_intake(begun: tuple[Browsers, Attempt]) -> None:
    browsers, attempt = begun
    page = browsers.of(attempt.person)
    answer = page.post(
        f"/training/labs/{attempt.variant.run_id}/",
        {"do": "lay", "piece": ["payments.csv", "blocks"]},
    )
    case = find_case(attempt.case_id)
    assert case is not None
    assert answer["Location"] == f"/cases/{case.number}/intake/#unfinished"
    shown = page.get(f"/cases/{case.number}/intake/")
    assert "payments.csv" in text_of(shown)
    assert "blk00000.dat" in text_of(shown)
    (first, second) = re.findall(r'action="([^"]+/take/)"', shown.content.decode())
    assert page.post(first)["Location"].startswith("/tasks/")
    browsers.school.work()
    again = page.get(f"/cases/{case.number}/intake/").content.decode()
    assert re.findall(r'action="([^"]+/take/)"', again) == [second]
    assert page.get(f"/cases/{case.number}/exhibits/").content.decode().count("E1") >= 1
    assert "tiny" in text_of(page.get("/")), "Home says what is next"
    assert "Tracing in March" in text_of(browsers.of(browsers.school.trainer).get("/"))


def test_a_lab_goes_from_handing_in_to_marks_that_only_its_trainee_reads(
    begun: tuple[Browsers, Attempt],
) -> None:
    browsers, attempt = begun
    school = browsers.school
    kham = school.join("kham")
    school.answer_rightly(attempt)
    school.answer(attempt, "account", "It went to the exchange.")
    page, other = browsers.of(attempt.person), browsers.of(kham)
    teacher = browsers.of(school.trainer)
    run, marks = attempt.variant.run_id, f"/training/attempts/{attempt.id}/marks/"
    asked = page.post(f"/training/labs/{run}/", {"do": "hand-in"})
    assert "You answered 9 of 9 questions" in text_of(asked), "it asks once"
    assert Attempt.objects.get().submitted_at is None
    page.post(f"/training/labs/{run}/", {"do": "hand-in", "sure": "yes"})
    assert "handed this lab in" in text_of(page.get(f"/training/labs/{run}/"))
    assert teacher.get(marks).status_code == 404, "not marked yet"
    teacher.post(f"/training/runs/{run}/", {"do": "mark-all", "trainer_key": browsers.key_file()})
    assert Mark.objects.count() == 1
    assert page.get(marks).status_code == 404, "not released"
    points = {"line-clear": "2", "line-limits": "2", "text_comment": "Clear."}
    teacher.post(
        f"/training/attempts/{attempt.id}/texts/",
        {"do": "mark-text", "question": "account", **points},
    )
    before = text_of(teacher.post(f"/training/runs/{run}/", {"do": "release"}))
    assert "Marked: 1 of 2. Not handed in: 1. With a text that is not marked: 0." in before
    assert page.get(marks).status_code == 404, "it asks once"
    teacher.post(f"/training/runs/{run}/", {"do": "release", "sure": "yes"})
    told = text_of(page.get(marks))
    assert "Noy: 35 of 37 points." in told, "nothing was taken in"
    assert "Trainer: Clear." in told
    assert other.get(marks).status_code == 404
    assert other.post(f"/training/attempts/{attempt.id}/answers/payee/").status_code == 404
    assert "is marked" in text_of(page.get("/training/"))


def test_a_key_is_corrected_on_the_page_and_trainees_read_why(
    begun: tuple[Browsers, Attempt],
) -> None:
    browsers, attempt = begun
    school = browsers.school
    school.answer(attempt, "payee", "bcrt1qelsewhere")
    page, teacher = browsers.of(attempt.person), browsers.of(school.trainer)
    run = attempt.variant.run_id
    page.post(f"/training/labs/{run}/", {"do": "hand-in", "sure": "yes"})
    teacher.post(f"/training/runs/{run}/", {"do": "mark-all", "trainer_key": browsers.key_file()})
    given = {
        "do": "correct-key", "key_question": "payee", "key_of": attempt.variant_id,
        "key_how": "also", "key_value": "bcrt1qelsewhere", "key_reason": "Both are one purse.",
        "trainer_key": browsers.key_file(),
    }  # fmt: skip
    assert teacher.post(f"/training/runs/{run}/", given).status_code == 302
    teacher.post(f"/training/runs/{run}/", {"do": "release", "sure": "yes"})
    told = text_of(page.get(f"/training/attempts/{attempt.id}/marks/"))
    assert "The key was corrected at question 1. Points before: 0; now: 4." in told
    assert "Both are one purse." in told
    assert "Both are one purse." in text_of(teacher.get(f"/training/runs/{run}/"))


def test_the_board_and_the_class_say_who_is_where(begun: tuple[Browsers, Attempt]) -> None:
    browsers, attempt = begun
    school = browsers.school
    teacher = browsers.of(school.trainer)
    there = f"/training/classes/{school.training_class.id}/board/"
    assert "Noy working" in text_of(teacher.get(there))
    assert browsers.of(attempt.person).get(there).status_code == 403


@pytest.mark.parametrize("who", ["nobody", "trainee", "trainer"])
def test_pages_are_for_those_they_are_for(browsers: Browsers, who: str) -> None:
    school: School = browsers.school
    noy = school.join("noy")
    page = browsers.of({"nobody": None, "trainee": noy, "trainer": school.trainer}[who])
    found = {
        "nobody": (302, 302, 302), "trainee": (200, 403, 200), "trainer": (200, 200, 403),
    }  # fmt: skip
    addresses = ("/training/", "/training/classes/new/", "/training/join/")
    assert tuple(page.get(each).status_code for each in addresses) == found[who]


def test_an_ended_class_is_still_read(browsers: Browsers) -> None:
    school = browsers.school
    page = browsers.of(school.trainer)
    where = f"/training/classes/{school.training_class.id}/"
    assert "End the class?" in text_of(page.post(where, {"do": "end-class"})), "it asks once"
    assert b'value="end-class"' in page.get(where).content
    page.post(where, {"do": "end-class", "sure": "yes"})
    told = page.get(where)
    assert told.status_code == 200
    assert b'value="end-class"' not in told.content
    page.post(where, {"do": "reopen-class", "reopen_because": ""})
    assert b'value="end-class"' not in page.get(where).content, "no reason"
    page.post(where, {"do": "reopen-class", "reopen_because": "Ended too early"})
    told = page.get(where)
    assert b'value="end-class"' in told.content
    assert "Ended too early" in text_of(told)


def test_an_address_that_leads_to_this_laptop_alone_is_warned_of(browsers: Browsers) -> None:
    school = browsers.school
    teacher, of = browsers.of(school.trainer), f"/training/classes/{school.training_class.id}/"
    teacher.post(f"{of}trainees/new/", {"do": "add-trainees", "trainee_names": "Noy"})
    warning = "lead to this laptop alone"
    for address in (of, f"{of}slips/"):
        assert warning in text_of(teacher.get(address, headers={"host": "localhost"}))
        assert warning not in text_of(teacher.get(address, headers={"host": "box.local"}))
    assert "Trainees ask their trainer" in text_of(browsers.of(None).get("/sign-in/"))


def test_a_pasted_list_has_slips_and_a_slip_signs_in(browsers: Browsers) -> None:
    school = browsers.school
    teacher, of = browsers.of(school.trainer), f"/training/classes/{school.training_class.id}/"
    names = {"do": "add-trainees", "trainee_names": "Noy\tnoy@x.example\nKham"}
    assert teacher.post(f"{of}trainees/new/", names)["Location"] == f"{of}slips/"
    told = text_of(teacher.get(f"{of}slips/"))
    slip = JoinSlip.objects.get(enrolment__person__username="noy")
    assert slip.code is not None
    assert f"{slip.code[:4]} {slip.code[4:]}" in told
    assert teacher.get(f"{of}slips/").content.count(b'class="qr"') == 2
    assert browsers.of(slip.enrolment.person).get(f"{of}slips/").status_code == 403
    page = browsers.of(None)
    assert "Join as Noy" in text_of(page.get(f"/join/?code={slip.code}"))
    given = {"join_code": slip.code, "password1": PASSWORD, "password2": PASSWORD}
    assert page.post("/join/", {**given, "password2": "another"}).status_code == 200
    assert page.post("/join/", given)["Location"] == "/training/next/"
    assert page.get("/training/next/")["Location"] == "/"
    home = text_of(page.get("/"))
    assert "Your user name is noy" in home
    assert render("web.home.no-key") not in home, "a key is made when it is first needed"
    assert "Slips to print and cut: 1" in text_of(teacher.get(f"{of}slips/"))
    assert "not joined yet" in text_of(teacher.get(of))
    assert "Your code" in text_of(browsers.of(None).get("/join/"))
    school.give()
    school.work()
    board = text_of(teacher.get(f"{of}board/"))
    assert (board.count("has not joined"), board.count("not begun")) == (1, 1)


def test_a_trainer_of_another_class_gives_no_password_to_somebody_who_joined_theirs(
    browsers: Browsers,
) -> None:
    school = browsers.school
    noy = school.join("noy")
    other, _ = add_person(username="other", name="Other", role=Role.TRAINER)
    Person.objects.filter(pk=other.pk).update(must_change_password=False)
    there = f"/training/classes/{school.training_class.id}/trainees/{noy.enrolments.get().pk}/"
    assert "Give a one-time password" in text_of(browsers.of(school.trainer).get(there))
    told = text_of(browsers.of(other).get(there))
    assert "A trainer of the class that made this account gives a new password" in told
    assert "Give a one-time password" not in told


def test_a_pasted_name_that_is_there_is_asked_about_on_the_page(browsers: Browsers) -> None:
    school = browsers.school
    teacher, of = browsers.of(school.trainer), f"/training/classes/{school.training_class.id}/"
    noy, new = school.join("noy"), f"{of}trainees/new/"
    names = {"do": "add-trainees", "trainee_names": "Noy\nKham\nKham"}
    asked = teacher.post(new, names)
    told = text_of(asked)
    assert "Who is Noy? (name 1 of the list)" in told
    assert "who is in this class already" in told
    assert "The same person as in the line above" in told
    assert (asked.status_code, Person.objects.filter(name="Kham").count()) == (200, 0)
    html = asked.content.decode()
    ticked = re.search(rf'name="(who-[^"]+)" value="{noy.pk}"[^>]* checked', html)
    assert ticked is not None, "nothing changes for who is here"
    twice = re.search(r'name="(who-[^"]+)" value="twice"', html)
    assert twice is not None
    answered = {**names, ticked[1]: str(noy.pk)}
    assert teacher.post(new, answered).status_code == 200, "one is not answered"
    assert teacher.post(new, {**answered, twice[1]: "another"})["Location"] == f"{of}slips/"
    assert sorted(Enrolment.objects.values_list("person__username", flat=True)) == [
        "kham", "kham2", "noy",
    ]  # fmt: skip
    one = {"do": "add-trainees", "trainee_names": "Noy", ticked[1]: str(noy.pk)}
    assert teacher.post(new, one)["Location"] == of
    assert "password they have" in text_of(teacher.get(of))


def test_a_trainer_who_confirmed_gives_a_trainee_a_password_once(browsers: Browsers) -> None:
    school = browsers.school
    noy = school.join("noy")
    of = f"/training/classes/{school.training_class.id}/trainees/{noy.enrolments.get().pk}/"
    given = {"do": "new-password", "reason_of_act": "forgot it"}
    teacher = browsers.of(school.trainer)
    assert teacher.post(of, given).status_code == 302, "asked who is there first"
    noy.refresh_from_db()
    assert noy.check_password(PASSWORD)
    school.trainer.set_password(PASSWORD)
    school.trainer.save()
    signed_in = browsers.of(None)
    signed_in.post("/sign-in/", {"login": "teacher", "password": PASSWORD})
    told = text_of(signed_in.post(of, given))
    noy.refresh_from_db()
    assert noy.must_change_password
    assert any(noy.check_password(each) for each in told.split() if len(each) == 23)
    assert browsers.of(noy).post(of, given).status_code in (302, 403)


def test_handed_in_work_is_reopened_on_its_page(begun: tuple[Browsers, Attempt]) -> None:
    browsers, attempt = begun
    run, teacher = attempt.variant.run_id, browsers.of(browsers.school.trainer)
    page = browsers.of(attempt.person)
    page.post(f"/training/labs/{run}/", {"do": "hand-in", "sure": "yes"})
    again = f"/training/attempts/{attempt.id}/reopen/"
    assert again in teacher.get(f"/training/runs/{run}/").content.decode()
    given = {"do": "reopen-attempt", "reopen_minutes": "30", "reopen_because": "By mistake"}
    assert page.post(again, given).status_code == 403
    assert teacher.post(again, {**given, "reopen_because": ""}).status_code == 200
    assert teacher.post(again, given).status_code == 302
    assert Attempt.objects.get().submitted_at is None
    of = browsers.school.training_class.id
    assert "By mistake" in text_of(teacher.get(f"/training/classes/{of}/"))


def test_a_lab_opens_now_and_closes_on_the_last_evening_unless_it_is_said(
    browsers: Browsers,
) -> None:
    school = browsers.school
    of = f"/training/classes/{school.training_class.id}/labs/new/"
    shown = browsers.of(school.trainer).get(of).content.decode()
    assert re.search(r'name="lab_opens_0" value="20\d\d-\d\d-\d\d"', shown)
    assert re.search(r'name="lab_closes_1" value="17:00"', shown)


def test_home_offers_a_trainer_the_next_class_and_nobody_a_case_outside_a_lab(
    browsers: Browsers,
) -> None:
    school = browsers.school
    noy = school.join("noy")
    homes = {each: browsers.of(each).get("/").content for each in (school.trainer, noy)}
    assert b"/training/classes/new/" in homes[school.trainer]
    assert all(b"/cases/new/" not in each for each in homes.values())


def test_a_test_opens_now_and_closes_in_the_evening_unless_it_is_said(browsers: Browsers) -> None:
    school = browsers.school
    course = find_course(school.workspace.root, "bitcoin-tracing")
    choose_course(by=school.trainer, training_class=school.training_class, course=course)
    of = f"/training/classes/{school.training_class.id}/course/"
    shown = browsers.of(school.trainer).get(of).content.decode()
    assert re.search(r'name="test_opens_0" value="20\d\d-\d\d-\d\d"[^>]*aria-label="Day"', shown)
    assert re.search(r'name="test_closes_1" value="17:00"[^>]*aria-label="Time"', shown)


def test_a_lesson_shows_one_part_and_all_of_them_on_request(browsers: Browsers) -> None:
    page = browsers.of(browsers.school.trainer)
    there = "/training/courses/bitcoin-tracing/lessons/01-transaction/"
    folded, whole = (page.get(f"{there}{more}").content for more in ("", "?parts=all"))
    lesson = re.compile(rb'<article class="card lesson".*?</article>', re.DOTALL)
    shown, all_of_it = (lesson.findall(each)[0] for each in (folded, whole))
    assert (shown.count(b"<details open>"), shown.count(b"<details>") > 3) == (1, True)
    assert b"<details>" not in all_of_it
    assert shown.replace(b" open>", b">") == all_of_it.replace(b" open>", b">")


def test_who_joined_twice_is_taken_out_and_who_worked_is_not(browsers: Browsers) -> None:
    school = browsers.school
    noy, again = school.join("noy"), school.join("noy2")
    school.start(school.give(), noy)
    teacher = browsers.of(school.trainer)
    of = f"/training/classes/{school.training_class.id}/trainees/"
    there = {each: f"{of}{each.enrolments.get().pk}/" for each in (noy, again)}
    act = {"do": "remove-trainee"}
    asked = text_of(teacher.post(there[again], act))
    assert "Noy2 leaves the class Tracing in March" in asked
    assert again.enrolments.count() == 1, "it asks once"
    assert browsers.of(noy).post(there[again], {**act, "sure": "yes"}).status_code == 403
    told = teacher.post(there[again], {**act, "sure": "yes"})
    assert told.status_code == 302, text_of(told)
    assert (again.enrolments.count(), noy.enrolments.count()) == (0, 1)
    refused = text_of(teacher.post(there[noy], {**act, "sure": "yes"}))
    assert "has begun a lab or a test" in refused
    assert noy.enrolments.count() == 1
    assert browsers.of(again).get("/training/").status_code == 200


def test_only_who_joined_took_part(browsers: Browsers) -> None:
    school = browsers.school
    for name in ("ai", "bo", "chi", "dao", "ek"):
        school.join(name)
    teacher, of = browsers.of(school.trainer), f"/training/classes/{school.training_class.id}/"
    names = {"do": "add-trainees", "trainee_names": "Noy"}
    teacher.post(f"{of}trainees/new/", names)
    assert "5 people took part" in text_of(teacher.get(f"{of}results/"))


def test_times_of_a_story_are_written_for_a_reader_and_recorded_as_before(
    browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = browsers.school
    monkeypatch.setattr(labs, "LABS", (FREEZE_REQUEST,))
    noy = school.join("noy")
    attempt = school.start(school.give(lab=FREEZE_REQUEST), noy)
    where = f"/training/labs/{attempt.variant.run_id}/"
    shown = text_of(browsers.of(attempt.person).get(where))
    recorded = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
    written = re.compile(r"It is \d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? [+-]\d\d:\d\d")
    assert recorded.search(shown) is None
    assert written.search(shown) is not None
    manifest = folder_of(school.workspace, attempt.variant) / "lab.json"
    assert recorded.search(manifest.read_text("utf-8")) is not None
