"""Files of an exhibit by the API: listed, read as text from any place, sent whole or in part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kancil.custody.reading import DOWNLOADED, VIEWED
from tests.cli.running import Unit
from tests.evidence.reading.files import THAI
from tests.web.api_unit import Api, api_of
from tests.web.site import OUTSIDER

CHAT = "".join(f"{n} {THAI}\n" for n in range(500)).encode("cp874")
FILES = "/cases/C1/exhibits/E3/files"


@pytest.fixture
def api(unit: Unit, tmp_path: Path) -> Api:
    chat = tmp_path / "chat.txt"
    chat.write_bytes(CHAT)
    unit.say("exhibit", "add", "C1", chat, "--title", "Chat")
    return api_of(unit, tmp_path / "api")


def test_a_text_is_read_page_by_page(api: Api) -> None:
    (file,) = api.get(FILES)["items"]
    assert (file["number"], file["size_bytes"]) == (1, str(len(CHAT)))
    found: list[Any] = []
    page: Any = {"next_offset": "0", "next_line": 0}
    while page["next_offset"] is not None:
        offset, line = page["next_offset"], page["next_line"]
        page = api.get(f"{FILES}/{file['sha256']}/text", offset=offset, line=line)
        found += page["lines"]
    assert [each["text"] for each in found] == [f"{n} {THAI}" for n in range(500)]
    assert [each["number"] for each in found] == list(range(1, 501))
    assert page["encoding"] == "cp874"
    assert len(api.site.entries(VIEWED)) == 1


def test_bytes_are_sent_and_each_download_is_recorded(api: Api) -> None:
    url, token = f"{FILES}/1/download", api.tokens["reader"]
    assert api.ask("get", url, token).content == CHAT
    part = api.ask("get", url, token, HTTP_RANGE="bytes=5-9")
    assert (part.status, part.content) == (206, CHAT[5:10])
    assert [each.body["account"] for each in api.site.entries(DOWNLOADED)] == ["reader"]


@pytest.mark.parametrize("tail", ["", "/1/text", "/1/download"])
def test_a_stranger_finds_no_file(api: Api, tail: str) -> None:
    assert api.ask("get", f"{FILES}{tail}", api.tokens[OUTSIDER]).status == 404
    assert api.ask("get", f"{FILES}/2/text", api.tokens["officer"]).status == 404
