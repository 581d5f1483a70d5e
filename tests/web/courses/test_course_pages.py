"""Courses on the classroom's pages: read by trainees, sat as tests, counted for the trainer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kancil.desk.people.models import Person
from kancil.desk.training.actions.sittings import hand_in, save_item, start_sitting
from kancil.desk.training.models import CourseTest, Sitting, SittingAnswer, WhichTest
from kancil.desk.training.queries.sittings import items_of
from kancil.training.courses.library import all_courses
from kancil.training.courses.pack import write_pack
from kancil.training.item_bank.gift_writing import write_bank
from kancil.training.item_bank.marking import order_of
from tests.desk.training.test_sittings import right_answer
from tests.training.courses.sample import sample_files
from tests.training.courses.test_own_test import own_gift
from tests.training.courses.test_pack import KEY, SIGNER
from tests.web.courses.schoolroom import Schoolroom


def text_of(answer: Any) -> str:
    """What a page says, without its markup."""
    bare = re.sub(r"<(script|style|template|head)\b.*?</\1>", " ", answer.content.decode(),
                  flags=re.DOTALL)  # fmt: skip
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def test_a_trainee_reads_the_course_of_their_class_alone(schoolroom: Schoolroom) -> None:
    page = schoolroom.of(schoolroom.school.join("noy"))
    assert "No course yet" in text_of(page.get("/training/courses/"))
    assert page.get("/training/courses/sample/").status_code == 404
    schoolroom.choose()
    assert "A digest and who held it" in text_of(page.get("/training/courses/"))
    shown = page.get("/training/courses/sample/")
    assert "Find a gap in a record of custody." in text_of(shown)
    assert b"/training/courses/sample/lessons/02-two-copies/" in shown.content
    assert page.get("/training/courses/sample/trainer/").status_code == 403
    assert "Keep the list" in text_of(page.get("/training/courses/sample/trainee/"))


def test_a_lesson_has_its_sources_its_picture_and_its_neighbours(schoolroom: Schoolroom) -> None:
    page = schoolroom.of(schoolroom.school.trainer)
    shown = page.get("/training/courses/sample/lessons/02-two-copies/")
    body = shown.content.decode()
    assert "Lesson 2 of 5" in text_of(shown)
    assert 'href="#source-s1" title="Secure Hash Standard (SHS), section 6.2"' in body
    assert "doi:10.6028/NIST.FIPS.180-4" in body
    assert "to be verified" in body
    assert "/training/courses/sample/lessons/01-a-digest/" in body
    assert "/training/courses/sample/lessons/03-who-held-it/" in body
    assert "<span>the lab</span>" in body  # no lab of this name was given to a class
    picture = page.get("/training/courses/sample/pictures/exhibit.svg")
    assert picture["Content-Type"].startswith("image/svg+xml")
    assert picture["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.get("/training/courses/sample/pictures/none.svg").status_code == 404
    assert page.get("/training/courses/sample/lessons/09-none/").status_code == 404
    assert "Common mistakes" in text_of(page.get("/training/courses/sample/trainer/"))


def test_a_trainer_prints_slides_and_manual_and_a_trainee_the_lessons(
    schoolroom: Schoolroom,
) -> None:
    trainer = schoolroom.of(schoolroom.school.trainer)
    trainee = schoolroom.of(schoolroom.school.join("noy"))
    schoolroom.choose()
    papers = {"trainer": 200, "speaker": 200, "slides": 200, "trainee": 200, "other": 404}
    for paper, status in papers.items():
        url = f"/training/courses/sample/papers/{paper}.pdf"
        answer = trainer.get(url)
        assert answer.status_code == status
        listed = trainer.get("/training/courses/sample/").content
        assert (url.encode() in listed) == (status == 200)
        if status == 200:
            assert (
                answer["Content-Disposition"]
                == f'attachment; filename="TRAINING-sample-1-{paper}.pdf"'
            )
            assert answer.content.startswith(b"%PDF-")
        is_own = paper == "trainee"
        assert trainee.get(url).status_code == (200 if is_own else 404)
        assert (url.encode() in trainee.get("/training/courses/sample/").content) == is_own


def test_a_trainer_imports_a_pack_and_a_broken_one_is_refused(schoolroom: Schoolroom) -> None:
    page = schoolroom.of(schoolroom.school.trainer)
    files = sample_files()
    files["course.yaml"] = files["course.yaml"].replace(b'version: "1"', b'version: "2"')
    data, _ = write_pack(files, SIGNER)

    def send(content: bytes, key: str) -> Any:
        sent = SimpleUploadedFile("sample.kancil-course", content)
        given = {"do": "import-course", "course_pack": sent, "course_fingerprint": key}
        return page.post("/training/courses/", given)

    assert "not the one that you named" in text_of(send(data, "another"))
    assert "is no pack" in text_of(send(b"PK\x03\x04 broken", KEY))
    assert send(data, KEY)["Location"] == "/training/courses/"
    assert len(list((schoolroom.school.workspace.root / "courses").iterdir())) == 2


@pytest.fixture
def begun(schoolroom: Schoolroom) -> tuple[Schoolroom, Client, CourseTest]:
    """A pre-test that a trainee has begun on the page."""
    schoolroom.choose()
    test = schoolroom.give(WhichTest.PRE)
    page = schoolroom.of(schoolroom.school.join("noy"))
    assert "Pre-test" in text_of(page.get("/training/courses/"))
    where = f"/training/tests/{test.id}/"
    assert "20 items. You have 20 minutes" in text_of(page.get(where))
    answer = page.post(where, {"do": "begin-test"})
    assert answer["Location"] == f"{where}items/1/"
    return schoolroom, page, test


def _sent(test: CourseTest, place: int) -> dict[str, Any]:
    """What the form of an item sends for its right answer."""
    item, sitting = items_of(test, "en")[place], Sitting.objects.get()
    value = right_answer(item)
    if isinstance(value, bool):
        return {"value": "true" if value else "false"}
    if isinstance(value, list):
        return {f"pair-{number}": each for number, each in enumerate(value)}
    if isinstance(value, int):
        return {"value": str(order_of(item, sitting.id).index(value))}
    return {"value": value}


def test_an_answer_is_saved_with_script_and_without_and_shown_again(
    begun: tuple[Schoolroom, Client, CourseTest],
) -> None:
    _, page, test = begun
    where = f"/training/tests/{test.id}/items"
    for place in range(5):
        answer = page.post(f"{where}/{place + 1}/", _sent(test, place))
        assert answer["Location"] == f"{where}/{place + 2}/"
        assert "Item" in text_of(page.get(f"{where}/{place + 1}/"))
    saved = {row.item: row.value for row in SittingAnswer.objects.all()}
    assert saved == {place: right_answer(items_of(test, "en")[place]) for place in range(5)}
    line = page.post(f"{where}/2/", {"value": "7"}, headers={"HX-Request": "true"})
    assert "Saved" in text_of(line)
    assert SittingAnswer.objects.get(item=1).value == "7"
    assert 'value="7"' in page.get(f"{where}/2/").content.decode()
    page.post(f"{where}/1/", {})
    assert not SittingAnswer.objects.filter(item=0).exists()
    assert "Answered: 4 of 20." in text_of(page.get(f"/training/tests/{test.id}/"))
    last = page.post(f"{where}/20/", _sent(test, 19))
    assert last["Location"] == f"/training/tests/{test.id}/"


def test_no_page_of_a_test_says_what_is_right_before_the_release(
    begun: tuple[Schoolroom, Client, CourseTest],
) -> None:
    schoolroom, page, test = begun
    where = f"/training/tests/{test.id}/"
    for number in range(1, 21):
        body = page.get(f"{where}items/{number}/").content.decode()
        assert "No: it is so." not in body  # feedback
        assert "objective:" not in body
    page.post(f"{where}items/1/", _sent(test, 0))
    assert "You answered 1 of 20" in text_of(page.post(where, {"do": "hand-in-test"}))
    page.post(where, {"do": "hand-in-test", "sure": "yes"})
    assert "The test is over. 1 of 20 items" in text_of(page.get(where))
    assert page.get(f"{where}items/1/")["Location"] == where
    late = page.post(f"{where}items/2/", _sent(test, 1), headers={"HX-Request": "true"})
    assert "handed this test in" in text_of(late)
    assert page.get(f"{where}result/").status_code == 404
    trainer = schoolroom.of(schoolroom.school.trainer)
    assert "Close it now" in text_of(trainer.get(f"{where}figures/"))
    trainer.post(f"{where}figures/", {"do": "close-test"})
    trainer.post(f"{where}figures/", {"do": "release-test"})
    assert page.get(where)["Location"] == f"{where}result/"
    shown = text_of(page.get(f"{where}result/"))
    assert "You earned 5 % of the points. 1 of 20 items were right." in shown
    assert "The right answer" in shown
    assert "give or take" not in shown  # a tolerance of 0 is the number itself


def test_nobody_sits_or_reads_the_test_of_another(
    begun: tuple[Schoolroom, Client, CourseTest],
) -> None:
    schoolroom, _, test = begun
    other = schoolroom.of(schoolroom.school.join("dara"))
    where = f"/training/tests/{test.id}/"
    assert other.get(f"{where}items/1/").status_code == 404  # not begun
    assert other.post(f"{where}items/1/", {"value": "true"}).status_code == 404
    assert other.get(f"{where}figures/").status_code == 403
    stranger = Person.objects.create(
        username="stranger", role="trainee", name="S", must_change_password=False
    )
    assert schoolroom.of(stranger).get(where).status_code == 404
    assert not SittingAnswer.objects.exists()


def _sit(schoolroom: Schoolroom, test: CourseTest, person: Person, right: int) -> None:
    ledger = schoolroom.school.ledger
    sitting = start_sitting(ledger, test=test, person=person, language="en")
    for place, item in enumerate(items_of(test, "en")[:right]):
        save_item(ledger, sitting=sitting, item=place, value=right_answer(item))
    hand_in(ledger, sitting=sitting)


def test_the_trainer_sees_items_and_gain_from_five_on(schoolroom: Schoolroom) -> None:
    schoolroom.choose()
    pre, post = schoolroom.give(WhichTest.PRE), schoolroom.give(WhichTest.POST)
    people = [schoolroom.school.join(f"trainee{number}") for number in range(5)]
    page = schoolroom.of(schoolroom.school.trainer)
    there = f"/training/classes/{schoolroom.school.training_class.id}/course/"
    for number, person in enumerate(people[:4]):
        _sit(schoolroom, pre, person, 6 + number)
    hidden = text_of(page.get(f"/training/tests/{pre.id}/figures/"))
    assert "Figures of items are shown from 5 trainees on; 4 have finished." in hidden
    assert "once 5 trainees have sat both" in text_of(page.get(there))
    _sit(schoolroom, pre, people[4], 10)
    for number, person in enumerate(people):
        _sit(schoolroom, post, person, 12 + number)
    shown = text_of(page.get(f"/training/tests/{pre.id}/figures/"))
    assert "KR-20 of this test is" in shown
    assert "read again" in shown
    gained = text_of(page.get(there))
    assert (
        "The class earned 40.0 % in the pre-test and 70.0 % in the post-test. Its normalised "
        "gain is 0.50, over the 5 trainees who sat both."
    ) in gained


def test_a_trainer_chooses_the_course_and_gives_the_test_on_the_page(
    schoolroom: Schoolroom,
) -> None:
    page = schoolroom.of(schoolroom.school.trainer)
    where = f"/training/classes/{schoolroom.school.training_class.id}/course/"
    assert "No course chosen" in text_of(page.get(where))
    chosen = page.post(where, {"do": "choose-course", "course_taught": "sample"})
    assert chosen["Location"] == where
    given = {
        "do": "give-test", "test_form": "pre", "test_opens_0": "2026-01-01",
        "test_opens_1": "08:00", "test_closes_0": "2099-01-01", "test_closes_1": "12:00",
    }  # fmt: skip
    assert page.post(where, given)["Location"] == where
    test = CourseTest.objects.get()
    assert (test.form, test.course, test.version, test.minutes) == ("pre", "sample", "1", 20)
    assert "has that test already" in text_of(page.post(where, given))
    assert "Pre-test" in text_of(page.get(where))


def test_a_trainer_sends_a_test_of_their_own_and_copied_items_are_refused(
    schoolroom: Schoolroom,
) -> None:
    schoolroom.choose()
    page = schoolroom.of(schoolroom.school.trainer)
    where = f"/training/classes/{schoolroom.school.training_class.id}/course/"
    given = {
        "do": "give-test", "test_form": "own", "test_opens_0": "2026-01-01",
        "test_opens_1": "08:00", "test_closes_0": "2099-01-01", "test_closes_1": "12:00",
    }  # fmt: skip
    assert "has no items" in text_of(page.post(where, given))
    copied = next(iter(all_courses())).own.post
    assert copied is not None
    sent = SimpleUploadedFile("mine.gift", write_bank(copied).encode())
    refused = text_of(page.post(where, {**given, "test_items": sent}))
    assert "its answer is published there" in refused
    assert "Questions of the file for which that is so: 20." in refused
    assert not CourseTest.objects.exists()
    sent = SimpleUploadedFile("mine.gift", own_gift())
    assert page.post(where, {**given, "test_items": sent})["Location"] == where
    own = CourseTest.objects.get()
    trainee = schoolroom.of(schoolroom.school.join("dara"))
    begin = text_of(trainee.get(f"/training/tests/{own.id}/"))
    assert "This test counts for the certificate." in begin
    practice = schoolroom.give(WhichTest.POST)
    assert "This test is practice." in text_of(trainee.get(f"/training/tests/{practice.id}/"))
