"""Files of exhibits on the site: opened and downloaded by right, and the ledger says by whom."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.reading import DOWNLOADED, VIEWED
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.evidence.reading.files import KHMER, THAI, mail, pdf, picture
from tests.web.site import OUTSIDER, Site, site_of
from tests.web.test_custody_acts import form_of, send

FILES = {
    "chat.txt": f"{THAI}\n{KHMER}\n<script>alert(1)</script>\n".encode(),
    "table.csv": b"name,amount\n<b>A</b>,1\n",
    "order.html": f"<h1>Order</h1><p>{KHMER}</p><script>alert(1)</script>".encode(),
    "chat.json": b'{"list": [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}]}',
    "mail.eml": mail(),
    "pages.pdf": pdf(2),
    "photo.jpg": picture(form="JPEG"),
    "rest.bin": bytes(range(256)) * 64,
}
SHA = {name: sha256(data).hexdigest() for name, data in FILES.items()}


@pytest.fixture(scope="module")
def read_unit(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """Exhibit 3 is a folder of a file of each kind, exhibit 4 the chat alone."""
    folder = tmp_path_factory.mktemp("reading")
    unit = copied(sample, folder)
    held = folder / "held"
    held.mkdir()
    for name, data in FILES.items():
        (held / name).write_bytes(data)
    unit.say("exhibit", "add", "C1", held, "--title", "Files")
    unit.say("exhibit", "add", "C1", held / "chat.txt", "--title", "Chat")
    return unit


@pytest.fixture(scope="module")
def read_site(read_unit: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A copy for the tests that come first and only read."""
    return site_of(copied(read_unit, tmp_path_factory.mktemp("read")))


@pytest.fixture
def own_site(read_unit: Unit, tmp_path: Path) -> Site:
    """A copy that a test may change."""
    return site_of(copied(read_unit, tmp_path))


def address(name: str, exhibit: int = 3) -> str:
    return f"/cases/1/exhibits/{exhibit}/files/{SHA[name]}/"


def sent(answer: Any) -> bytes:
    """All bytes of a streamed answer."""
    return b"".join(answer.streaming_content)


def shown(site: Site, url: str, name: str = "officer") -> str:
    answer = site.client(name).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("chat.txt", "", (THAI, KHMER, "&lt;script&gt;", "valid UTF-8")),
        ("chat.txt", "?encoding=cp874", ("that you chose",)),
        ("chat.txt", "?way=bytes", ("00000000",)),
        ("table.csv", "", ("&lt;b&gt;A&lt;/b&gt;", "amount")),
        ("order.html", "", ("Order</h3>", KHMER)),
        ("order.html", "?way=text", ("&lt;h1&gt;Order",)),
        ("chat.json", "", ("/list", "2 parts")),
        ("chat.json", "?pointer=/list", ("<th scope=", "two")),
        ("mail.eml", "", (THAI, "table.csv", "part=2")),
        ("mail.eml", "?part=2", ("Back to the mail", "amount")),
        ("pages.pdf", "?at=1", ("Page 2 of 2", "/picture/?at=1")),
        ("photo.jpg", "", ("Show this picture", "300 × 200")),
        ("rest.bin", "?at=4096", ("00001000", "no format that Kancil knows")),
        ("rest.bin", "?percent=50", ("00002000",)),
        ("rest.bin", "?way=json", ("cannot be shown as",)),
        ("rest.bin", "?at=x&percent=nan&part=a.b&way=none", ("00000000",)),
    ],
)
def test_a_file_is_opened_in_its_way(
    read_site: Site, name: str, query: str, said: tuple[str, ...]
) -> None:
    page = shown(read_site, address(name) + query)
    assert [each for each in said if each not in page] == []
    assert "<script>alert" not in page


def test_the_exhibit_leads_to_its_files(read_site: Site) -> None:
    many, one = shown(read_site, "/cases/1/exhibits/3/"), shown(read_site, "/cases/1/exhibits/4/")
    assert all(address(name) in many for name in FILES)
    assert f'href="{address("chat.txt", 4)}"' in one
    assert f'href="{address("chat.txt", 4)}download/"' in one
    listed = shown(read_site, "/cases/1/exhibits/3/files/?from=2")
    assert address("chat.json") not in listed
    assert address("table.csv") in listed


def test_a_picture_is_drawn_only_on_request(read_site: Site) -> None:
    url = address("photo.jpg")
    assert "<img" not in shown(read_site, url)
    assert f'src="{url}picture/' in shown(read_site, f"{url}?way=picture&show=1")
    answer = read_site.client("reader").get(f"{url}picture/")
    assert answer.content.startswith(b"\x89PNG")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert read_site.client("reader").get(f"{address('chat.txt')}picture/").status_code == 404


def test_opening_is_recorded_once_for_each_person_exhibit_and_day(own_site: Site) -> None:
    for url in (address("chat.txt"), address("table.csv"), f"{address('photo.jpg')}picture/"):
        shown_twice = [own_site.client("officer").get(url) for _ in range(2)]
        assert {each.status_code for each in shown_twice} == {200}
    own_site.client("reader").get(address("mail.eml"))
    own_site.client("reader").get(address("chat.txt", 4))
    told = [(entry.body["account"], entry.body["sha256"]) for entry in own_site.entries(VIEWED)]
    assert told == [
        ("officer", SHA["chat.txt"]), ("reader", SHA["mail.eml"]), ("reader", SHA["chat.txt"]),
    ]  # fmt: skip
    assert "file opened" in shown(own_site, "/cases/1/custody/?page=99")
    own_site.verify()


def test_a_download_is_the_bytes_and_each_is_recorded(own_site: Site) -> None:
    client, url = own_site.client("reader"), f"{address('rest.bin')}download/"
    for _ in range(2):
        answer = client.get(url)
        assert sent(answer) == FILES["rest.bin"]
    assert answer["Content-Disposition"] == 'attachment; filename="rest.bin"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Length"] == str(len(FILES["rest.bin"]))
    assert client.head(url).status_code == 200
    told = [(entry.body["account"], entry.body["sha256"]) for entry in own_site.entries(DOWNLOADED)]
    assert told == [("reader", SHA["rest.bin"])] * 2
    own_site.verify()


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9), ("bytes=100-", 206, 100, 16_383),
        ("bytes=-5", 206, 16_379, 16_383), ("bytes=9-2", 200, 0, 16_383),
        ("bytes=0-1,5-6", 200, 0, 16_383), ("lines=1-2", 200, 0, 16_383),
        ("bytes=0-99999999", 206, 0, 16_383),
    ],
)  # fmt: skip
def test_a_stretch_of_a_file_is_sent(
    own_site: Site, asked: str, status: int, first: int, last: int
) -> None:
    answer = own_site.client("officer").get(
        f"{address('rest.bin')}download/", headers={"range": asked}
    )
    assert answer.status_code == status
    assert sent(answer) == FILES["rest.bin"][first : last + 1]
    if status == 206:
        assert answer["Content-Range"] == f"bytes {first}-{last}/16384"


def test_a_stretch_behind_the_end_and_one_of_other_bytes(own_site: Site) -> None:
    client, url = own_site.client("officer"), f"{address('rest.bin')}download/"
    beyond = client.get(url, headers={"range": "bytes=20000-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, "bytes */16384")
    other = client.get(url, headers={"range": "bytes=5-", "if-range": '"of other bytes"'})
    assert (other.status_code, other["ETag"]) == (200, f'"{SHA["rest.bin"]}"')


def test_a_download_that_goes_on_is_recorded_once_a_day(own_site: Site) -> None:
    client, url = own_site.client("officer"), f"{address('rest.bin')}download/"
    for first in (5, 100, 200):
        client.get(url, headers={"range": f"bytes={first}-"})
    assert len(own_site.entries(DOWNLOADED)) == 1
    client.get(url, headers={"range": "bytes=0-"})
    assert len(own_site.entries(DOWNLOADED)) == 2


def test_changed_bytes_do_not_arrive_whole(own_site: Site) -> None:
    kept = own_site.workspace.vault_dir / SHA["rest.bin"][:2] / SHA["rest.bin"][2:4]
    path = kept / SHA["rest.bin"]
    path.chmod(0o600)
    path.write_bytes(b"x" * len(FILES["rest.bin"]))
    answer = own_site.client("officer").get(f"{address('rest.bin')}download/")
    with pytest.raises(Exception, match="vault-bytes-broken"):
        sent(answer)
    assert own_site.client("officer").get(address("rest.bin")).status_code >= 400
    path.write_bytes(b"shorter")
    assert own_site.client("officer").get(f"{address('rest.bin')}download/").status_code >= 400


@pytest.mark.parametrize("tail", ["", "download/", "picture/"])
def test_whoever_is_no_member_learns_nothing(own_site: Site, tail: str) -> None:
    url = f"{address('pages.pdf')}{tail}"
    assert own_site.client(OUTSIDER).get(url).status_code == 404
    unknown = url.replace(SHA["pages.pdf"], "0" * 64)
    assert own_site.client("officer").get(unknown).status_code == 404
    elsewhere = url.replace("exhibits/3", "exhibits/4")
    assert own_site.client("officer").get(elsewhere).status_code == 404
    assert own_site.entries(VIEWED) + own_site.entries(DOWNLOADED) == []


@pytest.mark.parametrize("tail", ["", "download/", "picture/"])
def test_an_ended_basis_and_an_exhibit_that_is_gone_are_refused(
    own_site: Site, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    url = f"{address('chat.txt', 4)}{tail}"
    client = own_site.client("officer")
    with monkeypatch.context() as patch:
        patch.setattr("kancil.custody.basis.LegalBasis.has_expired", lambda *_: True)
        refused = client.get(url)
    assert refused.status_code == 403
    assert "legal basis" in refused.content.decode().lower()
    own_site.unit.say("exhibit", "record", "E4", "returned", "--to", "Owner", "--place", "Door")
    assert client.get(url).status_code >= 400
    assert "cannot be opened" in shown(own_site, "/cases/1/exhibits/4/")
    assert own_site.entries(VIEWED) + own_site.entries(DOWNLOADED) == []


def test_reading_does_not_send_back_a_form_that_is_open(own_site: Site) -> None:
    client, url = own_site.client("officer"), "/cases/1/exhibits/4/store/"
    sent = form_of(client, url)
    own_site.client("reader").get(address("chat.txt", 4))
    answer = client.post(url, {**sent, "place": "Shelf 1"})
    assert answer.status_code == 302
    assert send(client, url, place="Shelf 2").status_code == 302


def test_a_listing_that_is_gone_is_told_and_the_exhibit_stays_readable(own_site: Site) -> None:
    shutil.rmtree(own_site.workspace.vault_dir)
    assert "recorded but not in the vault" in shown(own_site, "/cases/1/exhibits/4/")


def test_a_table_is_mapped_from_the_exhibit(own_site: Site) -> None:
    url = f"/cases/1/exhibits/3/transfers/?file={SHA['table.csv']}"
    assert url in shown(own_site, address("table.csv"))
    assert "amount" in shown(own_site, url)
