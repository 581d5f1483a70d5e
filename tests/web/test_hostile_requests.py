"""What no browser of ours would send: forged ids, wrong methods, broken bodies, foreign hosts.

Each is answered with a sentence, never with a fault, and nothing is changed or told.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from kancil.ground.errors import DiskFull
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of
from tests.web.test_permissions import address, pages

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.thorough

FORGED = (
    "0", "-1", "1e3", "9" * 30, "9" * 3000, "\u0663", "\u00b2", "\uff11", "..", "None",
    "<img src=x onerror=alert(1)>", "'\"", "1\n", "\u202e1", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
"""For any part of an address: no number, too large a one, digits of other scripts, markup."""
WRONG = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET")
FORM = "application/x-www-form-urlencoded"
BODIES: tuple[tuple[str, bytes, tuple[int, ...]], ...] = (
    (FORM, b"&".join(b"a%d=1" % n for n in range(1500)), (413,)),
    (FORM, b"a=" + b"x" * 2_600_000, (413,)),
    (FORM, b"\xff=\xfe&a=%ff%00", (400,)),
    (f"{FORM}; charset=nonsense", b"a=b", ()),
    ("multipart/form-data", b"abc", (400,)),
    ("multipart/form-data; boundary=x", b"--x\r\ngarbage", ()),
    ("multipart/form-data; boundary=\u00ff", b"--x", (400,)),
    ("application/json", b"[" * 100_000, ()),
    ("", b"x", ()),
)  # fmt: skip
"""What is sent, and the answers it may get; none: anything but a fault."""


@pytest.fixture(scope="module")
def shared(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site for tests that leave it as it is."""
    return site_of(copied(sample, tmp_path_factory.mktemp("hostile")))


def patient(site: Site, name: str | None = "officer") -> Client:
    """A browser that shows faults as pages, as a real one does."""
    client = site.client(name)
    client.raise_request_exception = False
    return client


def parts(page: Any) -> list[str]:
    return re.findall(r"<\w+:(\w+)>", page.address)


def forged(page: Any, part: str, text: str) -> str:
    """Write a page's address with one of its parts forged."""
    given = {**dict.fromkeys(parts(page), 1), **page.sample, part: text}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda m: quote(str(given[m[1]]), safe=""), page.address)


def told(answer: Any, status: int) -> str:
    """Hold an answer to be one of our pages: a sentence, a next step, and no more."""
    text = str(answer.content.decode())
    assert answer.status_code == status, text[:300]
    assert "data-sentence" in text
    assert "data-next" in text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    return text


@pytest.mark.thorough
def test_a_forged_part_of_an_address_is_never_a_fault_and_never_a_page(shared: Site) -> None:
    client, before = patient(shared), shared.ledger.head().size
    for page in pages():
        for part in parts(page):
            for text in FORGED:
                url = forged(page, part, text)
                answer = getattr(client, page.methods[0].lower())(url)
                assert answer.status_code < 500, (page.name, part, text)
                assert "<img src=x" not in answer.content.decode(), (page.name, part)
                if part in ("case", "exhibit", "trace", "task"):
                    assert answer.status_code == 404, (page.name, part, text)
    assert {entry.kind for entry in shared.ledger.entries(before + 1)} <= {"case.entered"}


QUERIES = (
    "page", "q", "start", "row", "compare", "chain", "next", "file", "tried", "table", "part",
    "label_search", "header_line",
)  # fmt: skip


@pytest.mark.thorough
def test_a_forged_query_is_never_a_fault(shared: Site) -> None:
    client = patient(shared)
    for page in pages():
        if "GET" in page.methods:
            for text in FORGED[::4]:
                answer = client.get(address(page), dict.fromkeys(QUERIES, text))
                assert answer.status_code < 500, (page.name, text)
                assert b"<img src=x" not in answer.getvalue(), page.name


@pytest.mark.thorough
def test_what_belongs_to_another_case_is_nothing_in_this_one(shared: Site) -> None:
    from kancil.custody.roll import Roll

    roll, client = shared.ledger.folded(Roll), patient(shared)
    others = [trace for trace in roll.traces.values() if trace.case != shared.case("C1")]
    ids = [str(shared.case("C2")), "2", "3", "C2"]
    assert len(others) == 2
    for text in [*ids, *(str(trace.id) for trace in others)]:
        for page in pages():
            for part in set(parts(page)) & {"case", "exhibit", "trace", "n"}:
                if part == "exhibit" and text == "2":
                    continue  # C1 has a second exhibit
                if part == "n" and not text.isdigit():
                    continue
                answer = getattr(client, page.methods[0].lower())(forged(page, part, text))
                assert answer.status_code == 404, (page.name, part, text)


@pytest.mark.thorough
def test_a_method_that_a_page_does_not_take_is_told_in_words(shared: Site) -> None:
    client, before = patient(shared), shared.ledger.head().size
    for page in pages():
        if page.view.__module__.startswith("allauth"):
            continue
        for method in WRONG:
            if method in page.methods:
                continue
            answer = client.generic(method, address(page))
            told(answer, 405)
            assert answer.headers["Allow"] == ", ".join(page.methods)
    assert shared.ledger.head().size == before


@pytest.mark.parametrize(("sort", "body", "wanted"), BODIES)
def test_a_body_that_is_no_form_is_never_a_fault(
    sort: str, body: bytes, wanted: tuple[int, ...], shared: Site
) -> None:
    client, before = patient(shared), shared.ledger.head().size
    for page in pages():
        if "POST" in page.methods:
            answer = client.generic("POST", address(page), body, content_type=sort)
            assert answer.status_code < 500, page.name
            assert not wanted or answer.status_code in (*wanted, 302), page.name
            if answer.status_code in wanted and page.may is not None:
                told(answer, answer.status_code)
    assert {entry.kind for entry in shared.ledger.entries(before + 1)} <= {"case.entered"}


def test_only_a_declared_host_is_answered(shared: Site) -> None:
    client = patient(shared)
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "", "a b"):
        text = told(client.get("/", headers={"host": host}), 400)
        assert "evil" not in text
        assert "ALLOWED" not in text
    ways = {"X-Forwarded-Host": "evil.example", "X-Host": "evil", "Forwarded": "host=evil.example"}
    answer = client.get("/", headers=ways)
    assert answer.status_code == 200
    assert "evil" not in answer.content.decode()


def test_nonsense_in_headers_and_cookies_changes_nothing(shared: Site) -> None:
    for text in ('"><script>alert(1)</script>', "x" * 8000, "\u00ff", "../../etc/passwd", "a\tb"):
        client = patient(shared)
        client.cookies["kancil_theme"] = client.cookies["language"] = text
        headers = {"Accept-Language": text, "Referer": text, "Accept": text, "HX-Target": text}
        answer = client.get("/", headers=headers)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        client.cookies["sessionid"] = text
        assert client.get("/").status_code == 302


# --- when the machine does not do its part ---

SECRETS = ("Traceback", "SECRET", "DATABASES", "sqlite3", "/tmp", "site-packages", "kancil.desk")


def holds_nothing_back(text: str, site: Site) -> None:
    """Hold a page of an error to tell nothing of the machine and nothing of a case."""
    for secret in (*SECRETS, str(site.workspace.root), "The first payment", "Seventy-one"):
        assert secret not in text, secret


def test_error_pages_tell_nothing_of_the_machine_or_of_a_case(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.web.cases import pages as module

    client = patient(shared, "outsider")
    for answer, status in (
        (client.get("/cases/1/"), 404),
        (client.get("/no/such/page/"), 404),
        (client.get("/people/"), 403),
        (client.get("/language/"), 405),
        (client.get("/", headers={"host": "evil.example"}), 400),
        (client.post("/verify/", "a=" + "x" * 2_600_000, content_type=FORM), 413),
    ):
        holds_nothing_back(told(answer, status), shared)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError(f"{shared.workspace.root} SECRET DATABASES")

    monkeypatch.setattr(module, "case_ids_of", broken)
    holds_nothing_back(told(client.get("/cases/"), 500), shared)


def test_a_database_that_takes_nothing_is_told_and_works_again_after(site: Site) -> None:
    from django.db import connection

    client, before = patient(site), site.ledger.head().size
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON")
    try:
        seen = told(client.get("/cases/1/"), 503)
        typed = client.post("/cases/new/", CASE).content.decode()
        assert 'value="A court"' in typed, "what was typed is lost"
        for text in (seen, typed):
            assert "Nothing was changed" in text
            holds_nothing_back(text, site)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=OFF")
    assert site.ledger.head().size == before
    assert client.post("/cases/new/", CASE).status_code == 302


CASE = {
    "case_title": "A case", "basis_kind": "warrant", "authority": "A court",
    "basis_number": "7/2026", "issued_on": "2026-03-09",
}  # fmt: skip


@pytest.fixture
def small_disk(tmp_path: Path, sample: Unit) -> Iterator[Site]:
    """A site on a disk of its own that is nearly full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = sum(path.stat().st_size for path in sample.root.rglob("*") if path.is_file())
    options = f"size={size + 4_000_000}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "kancil", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk needs root: {mounted.stderr.decode().strip()}")
    try:
        unit = copied(sample, folder)
        settings = unit.root / "kancil.toml"
        settings.write_text("reserve_bytes = 0\n" + settings.read_text("utf-8"), "utf-8")
        yield site_of(unit)
    finally:
        from kancil.desk.base.opening import close_desk

        close_desk()
        subprocess.run(["umount", "-l", folder], check=True)


def fill(site: Site) -> Path:
    """Leave nothing of the disk; what it says of its free room is only about right."""
    ballast = site.workspace.root.parent / "ballast"
    with ballast.open("wb", buffering=0) as file:
        with suppress(OSError):
            while file.write(b"x" * 65_536):
                pass
        file.truncate(max(0, file.tell() - 8192))
    return ballast


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half_done(small_disk: Site) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from kancil.custody.roll import Roll
    from kancil.evidence.named import named_contents
    from kancil.evidence.vault import Vault

    site = small_disk
    client = patient(site)
    assert client.get("/cases/1/").status_code == 200
    before, ballast = site.ledger.head().size, fill(site)

    def files() -> dict[str, Any]:
        sent = SimpleUploadedFile("a.bin", b"y" * 600_000)
        return {"exhibit_title": "A", "stated_source": "B", "sent_files": sent}

    for answer in (
        client.post("/cases/new/", {**CASE, "scope": "x" * 1900}),
        client.post("/cases/1/intake/", files()),
    ):
        text = str(answer.content.decode())
        assert "The disk is full" in text, text[-3000:]
        assert answer.status_code in (200, 503)
        # The intake's form comes back with what was typed, under the case's own name.
        holds_nothing_back(text.replace("C1 The first payment", ""), site)
    ballast.unlink()
    assert site.ledger.head().size == before
    assert site.ledger.derived_faults() == []
    assert client.post("/cases/new/", CASE).status_code == 302
    assert client.post("/cases/1/intake/", files()).status_code == 302
    # At the latest the next intake, which has room, has swept what a refused one had taken.
    assert not [path for path in site.workspace.incoming_dir.iterdir() if path.name != ".lock"]
    vault = Vault(site.workspace.vault_dir, site.workspace.incoming_dir)
    named = named_contents(site.ledger.folded(Roll), site.ledger.entries(), vault)
    assert vault.orphans(named) == []


def test_a_disk_that_is_full_for_the_database_alone_leaves_no_bytes_either(
    site: Site, tmp_path: Path
) -> None:
    from django.db import OperationalError

    from kancil.desk.cases.actions import admit_exhibit
    from kancil.evidence.vault import Vault

    vault = Vault(site.workspace.vault_dir, site.workspace.incoming_dir)
    file, held = tmp_path / "a.bin", list(vault.contents())
    file.write_bytes(b"for which the database has no room")

    def full(*_: object) -> Any:
        cause = sqlite3.OperationalError("database or disk is full")
        cause.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise OperationalError(*cause.args) from cause

    case, by = site.case("C1"), site.by
    with pytest.raises(DiskFull):
        admit_exhibit(
            site.ledger, vault, case=case, paths=[file], title="A", source="B", by=by, record=full
        )
    assert list(vault.contents()) == held
    assert [path.name for path in vault.incoming.iterdir()] == [".lock"]
