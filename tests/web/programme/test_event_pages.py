"""Pages of attendance, of the door and of evaluations, as people and devices meet them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.programme.asking import sent, shown
from tests.web.programme.served import ProgrammeSite

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def room(programme: ProgrammeSite) -> Any:
    """A training of three days that began yesterday."""
    from kancil.web.acting import today
    from tests.desk.programme.event_stage import training

    day = timedelta(days=1)
    return training(programme.people["olga"], first=today() - day, last=today() + day)


def prepared(programme: ProgrammeSite, room: Any) -> tuple[str, str]:
    """Prepare a device as the officer does; its PIN, and the path of its page."""
    url = f"/activities/{room.id}/attendance/"
    answer = programme.client("olga").post(url, {"do": "prepare", "device_name": "Lea's"})
    text = answer.content.decode()
    pin = re.search(r'class="door-pin">([^<]+)<', text)
    path = re.search(r'href="http://localhost(/event/[^"]+)"', text)
    assert pin is not None
    assert path is not None
    assert "no-store" in answer.headers["Cache-Control"]
    return pin[1], path[1]


def post(client: Client, path: str, data: bytes) -> Any:
    return client.post(f"{path}marks/", data, content_type="application/json")


def today_mark(badge: str, **more: Any) -> dict[str, Any]:
    from kancil.ground import clock
    from kancil.web.acting import today
    from tests.desk.programme.event_stage import a_mark

    given = {"day": today().isoformat(), "at": clock.now().isoformat(), **more}
    return a_mark(badge, **given)


def test_a_device_is_prepared_opened_and_its_marks_are_seen(
    programme: ProgrammeSite, room: Any
) -> None:
    from tests.desk.programme.event_stage import NAMES, upload

    pin, path = prepared(programme, room)
    device = path.split("/")[2]
    door = programme.client(None)
    page = door.get(path)
    assert page.status_code == 200
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not any(name in page.content.decode() for name in (*NAMES, pin, "Tracing"))
    sealed = door.get(f"{path}sealed.json")
    assert not any(name in sealed.content.decode() for name in NAMES)
    assert json.loads(sealed.content)["device"] == device
    worker = door.get(f"{path}worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert f'const KEPT = ["{path}", "/static/' in worker.content.decode()
    assert door.get(f"{path}manifest.json").json()["start_url"] == path

    data = upload(device, [today_mark(room.badge(0)), today_mark("0" * 36)])
    answer = post(door, path, data)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["taken"], found["again"], len(found["refused"])) == (1, 0, 1)
    assert door.get(f"{path}sealed.json").status_code == 404, "fetched once"
    text = shown(programme, "olga", f"/activities/{room.id}/attendance/")
    assert "1 of 6" in text
    there = f"/activities/{room.id}/attendance/devices/{device}/"
    assert NAMES[0] in shown(programme, "olga", there)
    told = sent(programme, "olga", there, {"do": "revoke", "revoke_reason": "lost"})
    assert "Decide what becomes of them" in told
    again = post(door, path, upload(device, [today_mark(room.badge(1))]))
    assert (again.status_code, again.json()["code"]) == (400, "device-revoked")
    told = sent(programme, "olga", there, {"do": "drop", "drop_reason": "not on the sheet"})
    assert "not on the sheet" in told
    assert room.attended() == [0] * 6


def test_what_is_sent_to_a_device_address_is_bounded_and_signed(
    programme: ProgrammeSite, room: Any
) -> None:
    from tests.desk.programme.event_stage import upload

    _, path = prepared(programme, room)
    device, door = path.split("/")[2], programme.client(None)
    assert post(door, path, b"x" * 1_000_001).status_code == 413
    assert post(door, path, b"{}").json()["code"] == "marks-not-readable"
    for name in ("payload", "device", "hmac"):
        lone = json.dumps({**json.loads(upload(device, [])), name: "\ud800"}).encode()
        assert post(door, path, lone).json()["code"] == "marks-not-readable", name
    wrong = upload(device, [], key=bytes(32))
    assert post(door, path, wrong).json()["code"] == "marks-not-signed"
    assert door.get(f"{path}marks/").status_code == 405
    none = "/event/01a00000-0000-7000-8000-000000000000/"
    assert post(door, none, upload(device, [today_mark(room.badge(0))])).status_code == 200, (
        "a device is named by what it signed"
    )
    assert door.get(f"{none}sealed.json").status_code == 404


def test_half_a_sign_in_a_sheet_holds_up_no_marks(programme: ProgrammeSite, room: Any) -> None:
    from tests.desk.programme.event_stage import upload

    _, path = prepared(programme, room)
    sheet = {"answers": {"useful": 4, "best": "The lab \ud83d"}}
    data = upload(path.split("/")[2], [today_mark(room.badge(0))], sheets=[sheet])
    taken = post(programme.client(None), path, data).json()
    assert (taken["taken"], taken["sheets"], taken["refused"]) == (1, 1, [])


def test_the_sheet_is_typed_in_and_a_file_imported(programme: ProgrammeSite, room: Any) -> None:
    from kancil.web.acting import today
    from tests.desk.programme.event_stage import upload

    url = f"/activities/{room.id}/attendance/?event_day={today()}"
    ticked = [room.rows[0].pk, room.rows[1].pk, "x"]
    assert "Marked present" in sent(programme, "olga", url, {"do": "mark", "absent": ticked})
    drop = {"do": "withdraw", "there": [room.rows[0].pk], "withdraw_reason": "another signature"}
    assert "Marks withdrawn: 1" in sent(programme, "olga", url, drop)
    assert room.attended() == [0, 1, 0, 0, 0, 0]
    _, path = prepared(programme, room)
    data = upload(
        path.split("/")[2], [today_mark(room.badge(2)), today_mark(room.badge(2), day="x")]
    )
    file = SimpleUploadedFile("marks.json", data)
    told = sent(programme, "olga", url, {"do": "bring", "marks_file": file})
    assert "New marks: 1" in told
    assert "It cannot be read." in told
    broken = SimpleUploadedFile("marks.json", data.replace(b"badge", b"bodge"))
    told = sent(programme, "olga", url, {"do": "bring", "marks_file": broken})
    assert "changed on the way" in told


def test_sheets_and_badges_are_papers(programme: ProgrammeSite, room: Any) -> None:
    for name in ("sheet", "badges"):
        answer = programme.client("olga").get(f"/activities/{room.id}/attendance/{name}/")
        assert answer.content.startswith(b"%PDF")
    table = programme.client("olga").get(f"/activities/{room.id}/attendance/table.csv")
    assert table.content.decode().count("Kasa") == 6


def test_evaluations_show_nothing_under_five_and_then_their_average(
    programme: ProgrammeSite, room: Any
) -> None:
    url = f"/activities/{room.id}/evaluations/"
    for useful in ("4", "5", "4", "5"):
        sent(programme, "olga", f"{url}at-once/", {"do": "sheet", "useful": useful, "best": "Lab"})
    assert "Under five" in shown(programme, "fay", url)
    assert "Lab" not in shown(programme, "olga", url)
    one = {"id": "0b5f0c1e-8a52-4c8e-9d27-6d1f0f2f7a01", "answers": {"useful": 3, "best": "Lab"}}
    file = json.dumps({"format": "kancil-evaluation", "sheets": [one]}).encode()
    for told in ("New sheets: 1", "New sheets: 0"):
        given = {"do": "sheets", "sheets_file": SimpleUploadedFile("s.json", file)}
        assert told in sent(programme, "olga", f"{url}at-once/", given)
    assert "4.2 of 5" in shown(programme, "fay", url)
    assert "Lab" not in shown(programme, "fay", url), "words are for the officer"
    assert "Lab" in shown(programme, "olga", url)
    late = sent(programme, "olga", f"{url}3-months/", {"do": "sheet", "used": "often"})
    assert "This evaluation is asked from" in late
    wrong = {"do": "sheets", "sheets_file": SimpleUploadedFile("s.json", b"[]")}
    assert "not a file of evaluation sheets" in sent(programme, "olga", f"{url}at-once/", wrong)


def test_who_may_not_has_none_of_it(programme: ProgrammeSite, room: Any) -> None:
    base = f"/activities/{room.id}/"
    for path in ("attendance/", "attendance/sheet/", "attendance/badges/", "attendance/table.csv",
                 "attendance/devices/x/", "evaluations/at-once/"):  # fmt: skip
        for name, status in (("far", 404), ("out", 404), ("ada", 404), ("don", 404),
                             ("fay", 403), ("lea", 403), ("fin", 403)):  # fmt: skip
            assert programme.client(name).get(base + path).status_code == status, (path, name)
    for name, status in (("far", 404), ("ada", 404), ("fay", 200), ("mia", 200), ("lea", 200)):
        assert programme.client(name).get(f"{base}evaluations/").status_code == status


def test_the_panels_say_how_many_came_and_no_name(programme: ProgrammeSite, room: Any) -> None:
    from kancil.desk.programme.entering import enter_activity
    from kancil.web.programme.event.on_activity import attendance_panel, evaluation_panel

    for name, has_way in (("fay", False), ("olga", True)):
        sight = enter_activity(programme.people[name], room.id)
        (panel,) = attendance_panel(None, sight)  # type: ignore[arg-type]
        assert len(panel["rows"]) == 4
        assert ("more" in panel) is has_way
        assert evaluation_panel(None, sight) == []  # type: ignore[arg-type]


def test_the_door_warns_of_an_address_on_this_computer_and_of_more_sheets_than_people(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.programme.taking_part.evaluating import enter_sheets
    from kancil.programme.vocabulary import Moment
    from tests.desk.programme.event_stage import FIRST, training

    olga = programme.people["olga"]
    room = training(olga)
    url = f"/activities/{room.id}/attendance/"
    answer = programme.client("olga").post(url, {"do": "prepare", "device_name": "Lea's"})
    assert "works on this computer alone" in answer.content.decode()
    room.rows[0].attended = True
    room.rows[0].save()
    enter_sheets(
        by=olga, activity=room.id, moment=Moment.AT_ONCE, today=FIRST,
        sheets=[{"answers": {"useful": 4}}] * 6,
    )  # fmt: skip
    page = programme.client("olga").get(f"/activities/{room.id}/evaluations/").content.decode()
    assert "6 sheets, but 1 attended" in page


def test_finance_is_offered_where_accounts_are_made(programme: ProgrammeSite) -> None:
    page = programme.client("ada").get("/people/new/").content.decode()
    assert 'value="finance"' in page


@pytest.mark.usefixtures("programme")
def test_a_list_of_a_past_activity_says_nothing_of_single_days() -> None:
    from kancil.desk.programme.taking_part.attendance import Attendance, DayCount
    from kancil.web.parts import Done
    from kancil.web.programme.event.attendance import counted

    days = [date(2026, 3, 9), date(2026, 3, 10)]
    by_list = counted(Attendance(registered=5, attended=4, by_day=()), days)
    assert [each[1] for each in by_list["rows"]] == [Done(4, 5)]
    by_marks = Attendance(registered=5, attended=4, by_day=(DayCount(days[0], 4),))
    assert [each[0] for each in counted(by_marks, days)["rows"][:2]] == ["2026-03-09", "2026-03-10"]
    nobody = Attendance(registered=5, attended=0, by_day=())
    assert len(counted(nobody, days)["rows"]) == 3, "each day was looked at, and nobody was there"
