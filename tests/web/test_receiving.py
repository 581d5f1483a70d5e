"""A body is held to what a page takes from whoever asks, before any of it is read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kancil.ground.room import RESERVE_BYTES
from kancil.web.framing import SMALL_BODY_BYTES
from tests.web.site import Site
from tests.web.test_permissions import address, pages

if TYPE_CHECKING:
    from django.test import Client

    from kancil.web.paging import Page

MULTIPART = "multipart/form-data; boundary=x"
BEGUN = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'


class Unread(BytesIO):
    """A body that fails the test when anybody reads it."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


class Endless(BytesIO):
    """A body that has the beginning of a form, then zeros until it was read whole."""

    begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.begun:
            return bytes(size or 0)
        self.begun = True
        return BEGUN


def sent(client: Client, url: str, size: int, body: BytesIO) -> Any:
    """Post a form of so many bytes."""
    given: dict[str, Any] = {
        "wsgi.input": body, "CONTENT_LENGTH": str(size), "CONTENT_TYPE": MULTIPART,
    }  # fmt: skip
    return client.generic("POST", url, **given)


def posted() -> Iterator[Page]:
    """List what takes a form."""
    yield from (page for page in pages() if "POST" in page.methods)


def test_a_stranger_sends_a_small_form_and_no_more(site: Site) -> None:
    client = site.client(None)
    for page in posted():
        answer = sent(client, address(page), SMALL_BODY_BYTES + 1, Unread())
        ours = getattr(page.view, "may", None) is not None
        assert answer.status_code == (302 if ours else 413), page.name
        assert not ours or answer.headers["Location"].startswith("/sign-in/")
    assert sent(client, "/sign-in/", 300_000_000, Unread()).status_code == 413
    assert list(site.workspace.uploads_dir.glob("*")) == []


def test_whoever_is_signed_in_sends_no_more_than_the_page_declares(site: Site) -> None:
    from kancil.web.paging import FORM_BYTES

    declared = set()
    for page in posted():
        most = getattr(page.view, "body_bytes", FORM_BYTES)
        answer = sent(site.client("examiner"), address(page), most + 1, Unread())
        assert answer.status_code == 413, page.name
        if most != FORM_BYTES:
            declared.add(page.name)
    assert declared == {
        "directory_exchange", "exhibit_acquire", "exhibit_dispose", "exhibit_hand_out",
        "exhibit_take_back", "intake", "labels_new", "law_import", "prices_new", "seize",
        "upload_piece", "verify",
    }  # fmt: skip


def test_whoever_may_not_have_a_page_does_not_send_it_files(site: Site) -> None:
    reader = site.client("reader")
    assert sent(reader, "/cases/1/intake/", 3_000_000, Unread()).status_code == 413
    officer = site.people["officer"]
    officer.must_change_password = True
    officer.save()
    answer = sent(site.client("officer"), "/cases/1/intake/", 3_000_000, Unread())
    assert answer.status_code == 413


def test_a_form_that_would_touch_the_reserve_is_refused_before_it_is_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": RESERVE_BYTES + 2_900_000})()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    answer = sent(site.client("officer"), "/cases/1/intake/", 3_000_000, Unread())
    assert answer.status_code == 400
    assert "would leave less free disk space than the 2.0 GB that must stay free" in str(
        answer.content.decode()
    )


def test_a_form_that_meets_the_reserve_while_it_is_read_leaves_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [RESERVE_BYTES + 5_000_000]

    def usage(_: Path) -> Any:
        free[0] -= 1_000_000
        return type("Usage", (), {"free": free[0]})()

    monkeypatch.setattr(shutil, "disk_usage", usage)
    client = site.client("officer")
    client.raise_request_exception = False
    answer = sent(client, "/cases/1/intake/", 3_000_000, Endless())
    assert "that must stay free" in answer.content.decode()
    assert list(site.workspace.uploads_dir.glob("*")) == []


@pytest.mark.parametrize("charset", ["raw_unicode_escape", "utf-7", "utf-16", "unicode_escape"])
def test_a_form_in_another_charset_is_not_read(site: Site, charset: str) -> None:
    """Its text could be a lone surrogate, which no database and no answer can hold."""
    part = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n\\ud800\r\n'
    body = part % b"login" + part % b"password" + b"--x--\r\n"
    kind = f"{MULTIPART}; charset={charset}"
    assert site.client(None).post("/sign-in/", body, content_type=kind).status_code == 400
    answer = site.client(None).post("/sign-in/", body, content_type=f"{MULTIPART}; charset=UTF-8")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "credential", ['{"id": "\\ud800"}', '"\\ud800"', "5", "[]", '{"response": {}}', '{"id": 1}']
)
def test_a_passkeys_answer_that_no_browser_gives_is_refused(site: Site, credential: str) -> None:
    answer = site.client(None).post("/sign-in/passkey/", {"credential": credential})
    assert answer.status_code in (200, 302)
    assert "_auth_user_id" not in answer.client.session
