"""What the intake page's script asks for: resent, cut, hostile, another's; and the page itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.evidence.spool import Spool
from kancil.ground.ids import new_id
from kancil.ground.room import RESERVE_BYTES
from tests.cli.sample_unit import copied
from tests.web.site import OUTSIDER
from tests.web.test_permissions import RAW_KEY
from tests.work.fixtures import _shop as shop_of
from tests.work.fixtures import staffed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from tests.cli.running import Unit
    from tests.work.shop import Shop

__all__ = ["staffed"]

DATA = bytes(range(256)) * 30
HALF = len(DATA) // 2


@pytest.fixture(scope="module")
def unit_of_all(staffed: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One unit for all tests of this file."""
    from kancil.desk.base.opening import close_desk

    yield shop_of(copied(staffed, tmp_path_factory.mktemp("uploads")), "")
    close_desk()


@pytest.fixture
def shop(unit_of_all: Shop) -> Shop:
    """The unit with an empty spool and no folder to choose; `added` leaves out the past."""
    spool = Spool(unit_of_all.site.workspace.uploads_dir)
    for each in spool.all():
        spool.drop(each.id)
    shutil.rmtree(unit_of_all.site.workspace.intake_dir, ignore_errors=True)
    BEFORE[:] = [unit_of_all.site.ledger.head().size]
    return unit_of_all


BEFORE: list[int] = []


@pytest.fixture
def officer(shop: Shop) -> Client:
    return shop.site.client("officer")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def begin(
    client: Client, *files: dict[str, Any], case: int = 1, status: int = 200, **more: Any
) -> Any:
    stated = {
        "title": "Disk",
        "source": "A person",
        "files": list(files) or [stated_file()],
        **more,
    }
    answer = client.post(
        f"/cases/{case}/uploads/", json.dumps(stated), content_type="application/json"
    )
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.json() if status == 200 else answer.content.decode()


def stated_file(name: str = "disk.img", data: bytes = DATA) -> dict[str, Any]:
    return {"name": name, "size": len(data), "sha256": sha(data)}


def send(
    client: Client, url: str, offset: int, data: bytes, *, sha256: str = "", status: int = 200
) -> Any:
    answer = client.post(
        url,
        data,
        content_type="application/octet-stream",
        headers={"X-Kancil-Offset": str(offset), "X-Kancil-Sha256": sha256 or sha(data)},
    )
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.json()["done"] if status == 200 else answer.content.decode()


def take(client: Client, state: Any) -> Any:
    answer = client.post(state["take_url"], headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return answer.json()


def added(shop: Shop) -> list[Any]:
    entries = shop.site.ledger.entries(BEFORE[0] + 1)
    return [entry for entry in entries if entry.kind == "exhibit.added"]


def page(client: Client, address: str = "/cases/1/intake/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    text = str(answer.content.decode())
    assert not RAW_KEY.findall(text)
    return text


def test_an_upload_is_limited_with_its_intake(shop: Shop, officer: Client) -> None:
    refused = begin(officer, handling_code="fiu", status=400)
    assert "needs the office" in refused
    state = begin(officer, handling_code="fiu", sending_office="Unit of X")
    send(officer, f"{state['url']}1/", 0, DATA)
    take(officer, state)
    shop.work_off()
    (entry,), (limit,) = added(shop), shop.site.entries("exhibit.limited")
    assert (limit.exhibit_id, limit.body["codes"]) == (entry.exhibit_id, ["fiu"])


def test_cut_at_half_gone_on_with_and_every_request_sent_twice(shop: Shop, officer: Client) -> None:
    state = begin(officer)
    assert (state["done"], state["state"]) == ([0], "sending")
    assert begin(officer)["url"] == state["url"]
    piece = f"{state['url']}1/"
    assert [send(officer, piece, 0, DATA[:HALF]) for _ in range(2)] == [HALF, HALF]
    assert "Interrupted at 3.8 kB of 7.7 kB: choose the same file again" in page(officer)
    again = begin(shop.site.client("officer"))
    assert (again["url"], again["done"]) == (state["url"], [HALF])
    assert [send(officer, piece, HALF, DATA[HALF:]) for _ in range(2)] == [len(DATA)] * 2
    assert officer.get(state["url"]).json()["done"] == [len(DATA)]
    assert [take(officer, state)["state"] for _ in range(2)] == ["waiting", "waiting"]
    assert "being added" in page(officer)
    shop.work_off()
    told = [take(officer, state), officer.get(state["url"]).json(), take(officer, state)]
    assert [each["state"] for each in told] == ["done"] * 3
    assert told[0]["received"] == [
        {"name": "disk.img", "sha256": sha(DATA), "size_bytes": str(len(DATA))}
    ]
    (entry,) = added(shop)
    assert told[0]["exhibit_url"] == f"/cases/1/exhibits/{entry.body['number']}/"
    assert sha(DATA) in page(officer, told[0]["exhibit_url"])
    assert "disk.img" not in page(officer)
    assert list(shop.site.workspace.uploads_dir.glob("sending-*")) == []


def test_a_piece_that_changed_on_its_way_is_told_in_a_sentence_and_sent_anew(
    officer: Client,
) -> None:
    state = begin(officer)
    piece = f"{state['url']}1/"
    text = send(officer, piece, 0, DATA[:HALF], sha256=sha(b"other"), status=400)
    assert "a piece changed on its way and was deleted" in text
    assert officer.get(state["url"]).json()["done"] == [0]
    assert send(officer, piece, 0, DATA) == len(DATA)


def test_what_is_not_whole_is_not_taken(shop: Shop, officer: Client) -> None:
    state = begin(officer)
    send(officer, f"{state['url']}1/", 0, DATA[:HALF])
    answer = officer.post(state["take_url"])
    assert answer.status_code == 400
    assert "not everything has arrived yet" in answer.content.decode()
    assert shop.work_off() == 0
    assert added(shop) == []


def test_bytes_that_differ_from_what_was_stated_are_told_and_nothing_is_taken(
    shop: Shop, officer: Client
) -> None:
    state = begin(officer, {**stated_file(), "sha256": "0" * 64})
    send(officer, f"{state['url']}1/", 0, DATA)
    take(officer, state)
    shop.work_off()
    told = officer.get(state["url"]).json()
    assert told["state"] == "failed"
    assert sha(DATA) in told["sentence"]
    assert "Nothing was added" in told["sentence"]
    assert added(shop) == []
    assert "disk.img" not in page(officer)


def test_a_refused_intake_is_kept_shown_and_taken_in_at_the_second_asking(
    shop: Shop, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.evidence.vault import Vault
    from kancil.ground.errors import DiskFull

    def full(*_: object) -> None:
        raise DiskFull(path="/vault")

    state = begin(officer)
    send(officer, f"{state['url']}1/", 0, DATA)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "take", full)
        take(officer, state)
        shop.work_off()
    text = page(officer)
    assert "/vault" in text
    assert "Try again" in text
    answer = officer.post(state["take_url"])
    assert answer.status_code == 302
    assert officer.post(state["take_url"]).status_code == 302
    shop.work_off()
    assert len(added(shop)) == 1
    assert "done" in page(officer, answer.headers["Location"])


def test_an_upload_is_its_senders_and_their_cases_alone(shop: Shop, officer: Client) -> None:
    state = begin(officer)
    piece = f"{state['url']}1/"
    send(officer, piece, 0, DATA[:HALF])
    colleague, stranger = shop.site.client("examiner"), shop.site.client(OUTSIDER)
    assert begin(colleague)["url"] != state["url"]
    send(colleague, piece, HALF, DATA[HALF:], status=404)
    assert "A person" not in page(
        colleague, f"/cases/1/intake/?upload={state['url'].split('/')[4]}"
    )
    drop = state["take_url"].replace("/take/", "/drop/")
    assert colleague.post(drop).status_code == 404
    for address in (state["url"], state["take_url"], drop, piece):
        assert stranger.post(address).status_code in (404, 405)
        assert stranger.get(address).status_code in (404, 405)
    for name in (new_id(), "..", "%ff%fe", "x" * 300):
        assert officer.get(f"/cases/1/uploads/{name}/").status_code == 404
    assert shop.site.client("supervisor").post(drop).status_code == 302
    assert officer.get(state["url"]).status_code == 404
    assert (
        shop.site.client(None).get(state["url"], headers={"HX-Request": "true"}).status_code == 401
    )


def test_an_upload_of_one_case_is_none_of_another(shop: Shop, officer: Client) -> None:
    from kancil.custody.basis import from_text
    from kancil.desk.cases.actions import open_case
    from kancil.desk.cases.queries import find_case

    case = open_case(
        shop.site.ledger,
        title="Another",
        basis=from_text("Court"),
        opener=shop.site.people["officer"],
        by=shop.site.by,
    )
    found = find_case(case)
    assert found is not None
    state = begin(officer)
    send(officer, f"{state['url']}1/", 0, DATA)
    for address in (state["url"], state["take_url"]):
        other = address.replace("/cases/1/", f"/cases/{found.number}/")
        assert officer.get(other).status_code in (404, 405)
        assert officer.post(other).status_code in (404, 405)
    assert "disk.img" not in page(officer, f"/cases/{found.number}/intake/")
    assert shop.work_off() == 0


def test_names_that_would_mislead_are_shown_for_what_they_are(shop: Shop, officer: Client) -> None:
    names = ["../../keys/secret", "a\u202egpj.exe", "nul\0.txt", "A.txt", "a.txt", "<b>bold</b>"]
    state = begin(officer, *(stated_file(name, name.encode()) for name in names))
    shown = page(officer)
    assert "..&lt;U+002F&gt;..&lt;U+002F&gt;keys&lt;U+002F&gt;secret" in shown
    assert "a&lt;U+202E&gt;gpj.exe" in shown
    assert "<b>bold" not in shown
    assert "\u202e" not in shown
    for place, name in enumerate(names, 1):
        send(officer, f"{state['url']}{place}/", 0, name.encode())
    take(officer, state)
    shop.work_off()
    told = officer.get(state["url"]).json()
    assert {each["sha256"] for each in told["received"]} == {sha(n.encode()) for n in names}
    assert {each["name"] for each in told["received"]} == set(state["names"])


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"title": 7}',
        b"{" + b" " * 2_100_000,
        json.dumps({"title": " ", "source": "x", "files": [stated_file()]}).encode(),
        json.dumps({"title": "x\0", "source": "x", "files": [stated_file()]}).encode(),
        json.dumps({"title": "x", "source": "x", "files": [stated_file("n" * 4096)]}).encode(),
        json.dumps({"title": "x", "source": "x", "files": [stated_file("")]}).encode(),
        json.dumps({"title": "x", "source": "x" * 1001, "files": [stated_file()]}).encode(),
    ],
)  # fmt: skip
def test_what_no_intake_page_sends_is_refused_in_a_sentence(officer: Client, body: bytes) -> None:
    answer = officer.post("/cases/1/uploads/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "What was sent cannot be used:" in answer.content.decode()


@pytest.mark.parametrize("offset", ["", "-1", "1e3", "٣", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(officer: Client, offset: str) -> None:
    state = begin(officer)
    answer = officer.post(
        f"{state['url']}1/",
        DATA,
        content_type="application/octet-stream",
        headers={
            "X-Kancil-Offset": offset.encode().decode("latin-1"),
            "X-Kancil-Sha256": sha(DATA),
        },
    )
    assert answer.status_code == 400


def test_a_disk_with_too_little_room_is_told_in_one_sentence(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = RESERVE_BYTES + 100
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": free})())
    text = begin(officer, status=400)
    assert "would leave less free disk space than the 2.0 GB that must stay free" in text


def test_what_was_left_for_a_week_is_gone_with_the_next_look(shop: Shop, officer: Client) -> None:
    begin(officer)
    (folder,) = shop.site.workspace.uploads_dir.glob("sending-*")
    old = time.time() - 8 * 24 * 3600
    for path in folder.iterdir():
        os.utime(path, (old, old))
    assert "disk.img" not in page(officer)
    assert Spool(shop.site.workspace.uploads_dir).all() == []


def test_a_dropped_upload_is_gone_and_one_that_is_taken_in_is_not_dropped(
    shop: Shop, officer: Client
) -> None:
    dropped = begin(officer, stated_file("dropped.img"))
    assert officer.post(dropped["take_url"].replace("/take/", "/drop/")).status_code == 302
    assert "was deleted" in page(officer)
    state = begin(officer)
    send(officer, f"{state['url']}1/", 0, DATA)
    take(officer, state)
    officer.post(state["take_url"].replace("/take/", "/drop/"))
    shop.work_off()
    assert len(added(shop)) == 1


def form(*files: SimpleUploadedFile, **more: Any) -> dict[str, Any]:
    given = {"exhibit_title": "Disk", "stated_source": "A person", "sent_files": list(files)}
    return {**given, **more}


def test_without_script_a_form_sent_twice_takes_in_once(shop: Shop, officer: Client) -> None:
    upload = new_id()
    for _ in range(2):
        files = (SimpleUploadedFile("a\u202eb.txt", b"a"), SimpleUploadedFile("B.txt", b""))
        answer = officer.post("/cases/1/intake/", form(*files, upload=upload))
        assert answer.status_code == 302, answer.content.decode()
    (entry,) = added(shop)
    assert answer.headers["Location"] == f"/cases/1/exhibits/{entry.body['number']}/"
    assert entry.body["content"]["files"] == 2
    assert list(shop.site.workspace.uploads_dir.glob("upload-*")) == []


def test_what_a_form_carries_rests_in_the_workspace_and_nowhere_else(
    shop: Shop, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.web.cases import intake

    kept, places = intake._kept, []

    def watched(folder: Any, place: int, sent: Any) -> Any:
        places.append(sent.temporary_file_path())
        return kept(folder, place, sent)

    monkeypatch.setattr(intake, "_kept", watched)
    uploads = shop.site.workspace.uploads_dir
    shutil.rmtree(uploads, ignore_errors=True)
    large = SimpleUploadedFile("large.img", bytes(3_000_000))
    assert officer.post("/cases/1/intake/", form(large)).status_code == 302
    assert [place.startswith(f"{uploads}/tmp") for place in places] == [True]
    assert list(uploads.iterdir()) == []


def test_without_script_equal_names_are_refused_at_the_form(shop: Shop, officer: Client) -> None:
    files = (SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("a.txt", b"b"))
    answer = officer.post("/cases/1/intake/", form(*files))
    assert answer.status_code == 200
    assert "two of the files are named a.txt" in answer.content.decode()
    assert added(shop) == []


def test_the_id_of_a_known_exhibit_adds_nothing_to_it(shop: Shop, officer: Client) -> None:
    from kancil.custody.basis import from_text
    from kancil.desk.cases.actions import open_case
    from kancil.desk.cases.queries import find_case

    known = next(e for e in shop.site.entries("exhibit.added") if e.case.id == shop.site.case("C1"))
    file = SimpleUploadedFile("a.txt", b"a")
    answer = officer.post("/cases/1/intake/", form(file, upload=str(known.exhibit_id)))
    assert answer.headers["Location"] == f"/cases/1/exhibits/{known.body['number']}/"
    elsewhere = open_case(
        shop.site.ledger,
        title="Elsewhere",
        basis=from_text("Court"),
        opener=shop.site.people["officer"],
        by=shop.site.by,
    )
    other, upload = find_case(elsewhere), new_id()
    assert other is not None
    for case, status in ((other.number, 302), (1, 200)):
        file = SimpleUploadedFile("a.txt", b"a")
        answer = officer.post(f"/cases/{case}/intake/", form(file, upload=upload))
        assert answer.status_code == status
    assert "already" in answer.content.decode()
    assert [entry.case.id for entry in added(shop)] == [elsewhere]


def test_a_folder_of_the_server_is_chosen_and_taken_in_behind_the_pages(
    shop: Shop, officer: Client
) -> None:
    text = page(officer)
    assert "No folder is ready on the server" in text
    assert "An administrator puts folders" in text
    folder = shop.site.workspace.intake_dir / "seized disk"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a")
    assert '<option value="seized disk">' in page(officer)
    given = {"folder-exhibit_title": "Disk", "folder-stated_source": "Seized"}
    wrong = officer.post("/cases/1/intake/folder/", {**given, "folder-offered_folder": "../keys"})
    assert wrong.status_code == 200
    assert "errorlist" in wrong.content.decode()
    answer = officer.post(
        "/cases/1/intake/folder/", {**given, "folder-offered_folder": "seized disk"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/tasks/")
    shop.work_off()
    (entry,) = added(shop)
    assert entry.body["source"] == "Seized"
    assert f"/exhibits/{entry.body['number']}/" in page(officer, answer.headers["Location"])
    assert officer.get("/cases/1/intake/folder/").headers["Location"] == "/cases/1/intake/#folder"


def test_a_folder_whose_name_misleads_is_shown_for_what_it_is_and_one_that_is_no_text_is_told(
    shop: Shop, officer: Client
) -> None:
    offered = shop.site.workspace.intake_dir
    (offered / "a\u202eb").mkdir(parents=True, exist_ok=True)
    (offered / os.fsdecode(b"\xff")).mkdir(exist_ok=True)
    text = page(officer)
    assert ">a&lt;U+202E&gt;b</option>" in text
    assert "Not offered, because their names are not UTF-8: 1." in text
    given = {"folder-exhibit_title": "Disk", "folder-stated_source": "Seized"}
    chosen = {**given, "folder-offered_folder": "a\u202eb"}
    assert officer.post("/cases/1/intake/folder/", chosen).status_code == 302
