"""Background jobs on the programme's site: asked for, watched, cancelled, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desk.programme.sheets_made import csv
from tests.web.programme.asking import plain, words_of
from tests.web.programme.served import ProgrammeSite

if TYPE_CHECKING:
    from kancil.desk.jobs.models import Task

MAPPED = {"do": "map", "column_0": "name", "column_1": "country"}
WATCHING = {"HX-Request": "true"}


@pytest.fixture
def site(programme: ProgrammeSite) -> Iterator[ProgrammeSite]:
    """The programme, for which a file of more than two rows is a large one."""
    from kancil.desk.programme.imports import importing as acts
    from kancil.desk.programme.jobs import imports as jobs

    names = ("read_table", "read_table_head", "read_whole_rows")
    with (
        patch.multiple(acts, **{name: getattr(acts, name).here for name in names}),
        patch.object(jobs, "AT_ONCE_ROWS", 2),
    ):
        yield programme


def work_off(site: ProgrammeSite) -> int:
    from kancil.desk.jobs.worker import Pace, Worker
    from kancil.desk.programme.doing import ProgrammeBench
    from kancil.ground.workspace import open_workspace

    worker = Worker(ProgrammeBench(open_workspace(site.root)), Pace(pause_seconds=0.0))
    starts = 0
    while worker.do_next():
        starts += 1
    return starts


def newest() -> Task:
    from kancil.desk.jobs.models import Task

    return Task.objects.order_by("-id")[0]


def handed_in(site: ProgrammeSite, *names: str) -> str:
    """Send a list of people; gives the address of its import."""
    file = SimpleUploadedFile("list.csv", csv("name,country", *(f"{each},XKA" for each in names)))
    asked = {"do": "send", "import_kind": "participants", "import_file": file,
             "import_activity": "2027-SEA-001"}  # fmt: skip
    return str(site.client("olga").post("/imports/", asked).headers["Location"])


def test_a_large_list_is_tried_and_taken_while_its_page_tells_how_far_it_is(
    site: ProgrammeSite,
) -> None:
    from kancil.desk.jobs.actions import Told, claim, give_back, renew
    from kancil.desk.programme.models import Participation
    from kancil.desk.programme.people.participants import add_participant
    from kancil.programme.people import ParticipantInput

    client = site.client("olga")
    add_participant(by=site.people["olga"], given=ParticipantInput(name="Mei Lin", country="XKA"))
    there = handed_in(site, "mei lin", "Ana", "Bo", "")
    assert "Nothing is written yet" not in words_of(client.get(f"{there}?look=1"))
    job = client.post(there, MAPPED).headers["Location"]
    assert job == f"/tasks/{newest().id}/"
    assert client.get(there).content.count(b"every 2s") == 1
    task = claim("w", 30)
    assert task is not None
    renew(task, 30, Told("progress.import-plan", "rows", 1200, 2400))
    for address in (job, "/tasks/now/", "/tasks/", there, f"{job}here/"):
        page = client.get(address).content.decode()
        assert "Comparing each row with the books" in plain(page), address
        assert '<progress value="1200" max="2400"' in page, address
        assert f"{job}cancel/" in page, address
    give_back(task)
    assert work_off(site) == 1
    look = client.get(job, headers=WATCHING).headers["HX-Redirect"]
    assert look == f"{there}?look=1"
    assert client.get(f"{job}here/").headers["HX-Refresh"] == "true"
    dry = words_of(client.get(look))
    for said in ("Nothing is written yet", "Compared with the books at", "Mei Lin", "mei lin"):
        assert said in dry
    assert "What each column is" not in dry
    assert f'href="{there}"' in client.get(look).content.decode()
    taking = client.post(look, {"do": "take", "same": ["2"]}).headers["Location"]
    assert client.post(look, {"do": "take", "same": ["2"]}).status_code == 200, "it is under way"
    assert newest().parameters["same"] == [2]
    assert not Participation.objects.filter(activity__code="2027-SEA-001").exists()
    assert work_off(site) == 1
    assert client.get(taking, headers=WATCHING).headers["HX-Redirect"] == there
    assert Participation.objects.filter(activity__code="2027-SEA-001").count() == 3
    assert "Taken: 3" in words_of(client.get(taking))
    assert "Entries that an undo would remove: 5." in words_of(client.get(there))
    ended = words_of(client.get("/tasks/"))
    assert "Import of a spreadsheet" in ended
    assert "Dry run of an import" in ended


def test_a_small_list_is_answered_at_once(site: ProgrammeSite) -> None:
    client, there = site.client("olga"), handed_in(site, "Ana", "Bo")
    assert client.post(there, MAPPED).headers["Location"] == f"{there}?look=1"
    assert "Nothing is written yet" in words_of(client.get(f"{there}?look=1"))
    assert client.post(f"{there}?look=1", {"do": "take"}).headers["Location"] == there
    assert "No jobs yet" in words_of(client.get("/tasks/"))


def test_nobody_sees_or_cancels_what_somebody_else_asked_for(site: ProgrammeSite) -> None:
    from kancil.desk.people.models import Person

    client, there = site.client("olga"), handed_in(site, "Ana", "Bo", "Cy")
    job = str(client.post(there, MAPPED).headers["Location"])
    site.people["otto"] = Person.objects.create(
        username="otto", name="Otto", role=site.people["olga"].role, must_change_password=False
    )
    for name in ("otto", "fin"):
        stranger = site.client(name)
        assert stranger.get(job).status_code == 404
        assert stranger.get(f"{job}here/").status_code == 404
        assert stranger.post(f"{job}cancel/").status_code == 404
        for address in ("/tasks/", "/tasks/now/"):
            assert job not in stranger.get(address).content.decode()
    assert "Olga" in words_of(site.client("otto").get(there)), "who may import sees that it goes on"
    assert site.client("fin").get(there).status_code == 404
    for name in ("ada", "lea", "ann", "rex", "fay", "mia", "don", "far", "out"):
        for address in ("/tasks/", "/tasks/now/", job, f"{job}here/"):
            assert site.client(name).get(address).status_code == 403, (name, address)
        assert site.client(name).post(f"{job}cancel/").status_code == 403
    assert newest().state == "waiting"
    assert client.post(f"{job}cancel/").headers["Location"] == job
    assert newest().state == "cancelled"
    assert "What each column is" in words_of(client.get(there)), "its columns can be chosen again"


def test_a_job_that_failed_says_its_error_and_what_to_do_next(site: ProgrammeSite) -> None:
    from kancil.desk.people.models import Person

    client, there = site.client("olga"), handed_in(site, "Ana", "Bo", "Cy")
    job = client.post(there, MAPPED).headers["Location"]
    Person.objects.filter(username="olga").update(is_active=False)
    work_off(site)
    Person.objects.filter(username="olga").update(is_active=True)
    page = words_of(site.client("olga").get(job))
    assert "their account is closed" in page
    assert "Ask somebody who may do this to start it." in page
    assert "their account is closed" in words_of(site.client("olga").get("/tasks/"))
    assert words_of(site.client("olga").get(there)), "it can be looked at again"


def test_a_job_that_nobody_does_says_that_there_may_be_no_worker(site: ProgrammeSite) -> None:
    client, there = site.client("olga"), handed_in(site, "Ana", "Bo", "Cy")
    client.post(there, MAPPED)
    row = newest()
    row.run_after -= timedelta(seconds=90)
    row.save()
    assert "none is running" in words_of(client.get("/tasks/"))


def test_an_iati_file_of_a_large_programme_is_published_by_a_job(programme: ProgrammeSite) -> None:
    from kancil.desk.programme.iati.publishing import set_reporter
    from kancil.desk.programme.jobs import iati as jobs
    from kancil.desk.programme.models import IatiFile
    from tests.desk.programme.iati_books import REPORTER, books

    olga, client = programme.people["olga"], programme.client("olga")
    books(olga)
    set_reporter(by=olga, reporter=replace(REPORTER, documents_at=""))
    with patch.object(jobs, "AT_ONCE", 0):
        job = client.post("/iati/", {"do": "publish"}).headers["Location"]
        assert client.post("/iati/", {"do": "publish"}).headers["Location"] == job
    page = client.get("/iati/").content.decode()
    assert job in page
    assert 'value="publish"' not in page
    assert not IatiFile.objects.exists()
    assert work_off(programme) == 1
    row = IatiFile.objects.get()
    led = client.get(job, headers=WATCHING).headers["HX-Redirect"]
    assert led == f"/iati/files/{row.id}/"
    assert client.get(led).status_code == 200
    said = words_of(client.get(job))
    assert re.search(rf"A file with {row.activities} activities was published", said)
    assert 'value="publish"' in client.get("/iati/").content.decode()
