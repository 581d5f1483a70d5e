"""Intake in the browser signed with the officer's own key: by the form, and after pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground.ids import new_id
from tests.cli.sample_unit import copied
from tests.web.signing import PASSPHRASE, confirm, forget_confirming, with_key
from tests.web.test_uploads import DATA, begin, send, sha
from tests.work.fixtures import _shop as shop_of
from tests.work.fixtures import staffed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from tests.cli.running import Unit
    from tests.work.shop import Shop

__all__ = ["staffed"]

INTAKE = "/cases/1/intake/"


@pytest.fixture(scope="module")
def shop(staffed: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A unit whose officer has a key of their own."""
    from kancil.desk.base.opening import close_desk

    found = shop_of(copied(staffed, tmp_path_factory.mktemp("own-key")), "")
    with_key(found.site, "officer")
    yield found
    close_desk()


@pytest.fixture
def officer(shop: Shop) -> Client:
    client = shop.site.client("officer")
    confirm(client)
    return client


def newest(shop: Shop) -> Any:
    return shop.site.entries("exhibit.added")[-1]


def is_own(shop: Shop, entry: Any) -> bool:
    return entry.on_behalf is None and entry.officer == shop.site.people["officer"].officer


def form(passphrase: str | None) -> dict[str, Any]:
    given = {"exhibit_title": "Disk", "stated_source": "A person", "upload": new_id()}
    signing = {} if passphrase is None else {"passphrase": passphrase}
    return {**given, **signing, "sent_files": [SimpleUploadedFile("a.bin", b"bytes")]}


def arrived(client: Client, data: bytes) -> dict[str, Any]:
    state = begin(client, {"name": "disk.img", "size": len(data), "sha256": sha(data)})
    send(client, f"{state['url']}1/", 0, data)
    return dict(state)


def take(client: Client, state: dict[str, Any], passphrase: str, **headers: str) -> Any:
    return client.post(state["take_url"], {"passphrase": passphrase}, headers=headers)


def test_the_form_signs_with_their_key_where_they_type_its_passphrase(
    shop: Shop, officer: Client
) -> None:
    assert officer.post(INTAKE, form(PASSPHRASE)).status_code == 302
    assert is_own(shop, newest(shop))
    assert "by own key" in officer.get("/cases/1/custody/?page=last").content.decode()


@pytest.mark.parametrize("passphrase", [None, ""])
def test_without_a_passphrase_the_server_signs_and_the_entry_says_so(
    shop: Shop, officer: Client, passphrase: str | None
) -> None:
    assert officer.post(INTAKE, form(passphrase)).status_code == 302
    assert newest(shop).on_behalf is not None


def test_a_wrong_passphrase_takes_nothing_in_and_never_lets_the_server_sign(
    shop: Shop, officer: Client
) -> None:
    before = newest(shop).n
    answer = officer.post(INTAKE, form("not this one 5"))
    assert answer.status_code == 200
    assert "passphrase" in answer.content.decode()
    state = arrived(officer, DATA[:10])
    assert take(officer, state, "not this one 5", **{"HX-Request": "true"}).status_code >= 400
    assert newest(shop).n == before
    assert f'action="{state["take_url"]}"' in officer.get(INTAKE).content.decode(), "it waits"


def test_their_key_is_offered_only_after_they_have_shown_who_they_are(
    shop: Shop, officer: Client
) -> None:
    before = newest(shop).n
    assert 'name="passphrase"' in officer.get(INTAKE).content.decode()
    forget_confirming(officer)
    page = officer.get(INTAKE).content.decode()
    assert 'name="passphrase"' not in page
    assert "/account/confirm/?next=" in page
    answer = officer.post(INTAKE, form(PASSPHRASE)).content.decode()
    assert "first confirm it is you" in answer
    state = arrived(officer, DATA[:20])
    assert "first confirm it is you" in take(officer, state, PASSPHRASE).content.decode()
    assert newest(shop).n == before
    supervisor = shop.site.client("supervisor").get(INTAKE).content.decode()
    assert "You can sign this intake" not in supervisor, "a supervisor has no key"


def test_what_was_sent_in_pieces_is_taken_at_once_and_asked_twice_only_once(
    shop: Shop, officer: Client
) -> None:
    state = arrived(officer, DATA)
    told = [take(officer, state, PASSPHRASE, **{"HX-Request": "true"}).json() for _ in range(2)]
    entry = newest(shop)
    assert is_own(shop, entry)
    assert entry.exhibit_id in state["url"]
    assert told[0] == told[1]
    assert told[0]["state"] == "done"
    assert told[0]["exhibit_url"] == f"/cases/1/exhibits/{entry.body['number']}/"
    sizes = {"name": "disk.img", "sha256": sha(DATA), "size_bytes": str(len(DATA))}
    assert told[0]["received"] == [sizes]
    assert shop.work_off() == 0, "no job was queued"
    assert not list(shop.site.workspace.uploads_dir.glob(f"sending-{entry.exhibit_id}"))
