"""Files of an exhibit by commands: listed, opened, copied out; the ledger says by whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.custody.reading import DOWNLOADED, VIEWED
from tests.cli.running import Unit
from tests.evidence.reading.files import THAI, mail, pdf, picture

CHAT = "".join(f"{n} {THAI}\n" for n in range(1_000)).encode()


@pytest.fixture
def held(unit: Unit, tmp_path: Path) -> Unit:
    """Exhibit 3 is a folder of files."""
    folder = tmp_path / "held"
    folder.mkdir()
    files = {
        "chat.txt": CHAT, "mail.eml": mail(), "a.pdf": pdf(2), "a.png": picture(),
        "a.csv": b"a,b\n1,2\n", "a.json": b'{"a": [1]}', "a.html": b"<p>One</p>",
        "a.bin": bytes(99),
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    unit.say("exhibit", "add", "C1", folder, "--title", "Files")
    return unit


def test_files_are_listed_opened_and_exported(held: Unit, tmp_path: Path) -> None:
    listed = held.ask("exhibit", "files", "E3")
    assert [Path(each["path"]).name for each in listed] == [
        "a.bin", "a.csv", "a.html", "a.json", "a.pdf", "a.png", "chat.txt", "mail.eml",
    ]  # fmt: skip
    page = held.ask("exhibit", "open", "E3", "--file", "chat.txt")
    assert (page["way"], len(page["shown"]["lines"])) == ("text", 200)
    after = held.say("exhibit", "open", "E3", "--file", "chat.txt",
                     "--at", str(page["shown"]["after"]))  # fmt: skip
    assert after.startswith(f"200 {THAI}")
    out = tmp_path / "copy.txt"
    assert held.ask("exhibit", "export", "E3", "--file", "chat.txt", "-o", out)["sha256"] in (
        each["sha256"] for each in listed
    )
    assert out.read_bytes() == CHAT
    assert out.stat().st_mode & 0o077 == 0
    assert held.refused("exhibit", "export", "E3", "--file", "chat.txt", "-o", out)
    *_, last = held.ask("exhibit", "list", "C1")
    kinds = [each["kind"] for each in last["events"]]
    assert (kinds.count(VIEWED), kinds.count(DOWNLOADED)) == (1, 1)


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("mail.eml", (), "the address is below."),
        ("mail.eml", ("--part", "2"), "amount"),
        ("a.pdf", ("--at", "1"), "Page 2 of 2"),
        ("a.png", (), "300 × 200"),
        ("a.csv", (), "1       2"),
        ("a.csv", ("--way", "bytes"), "61 2c 62"),
        ("a.json", ("--pointer", "/a"), "0: 1"),
        ("a.html", (), "One"),
        ("a.bin", (), "00000000  00 00"),
    ],
)
def test_each_kind_is_shown(held: Unit, name: str, more: tuple[str, ...], said: str) -> None:
    assert said in held.say("exhibit", "open", "E3", "--file", name, *more)


def test_what_cannot_be_shown_is_refused(held: Unit) -> None:
    words = ("exhibit", "open", "E3", "--file", "a.bin")
    assert held.refused(*words, "--way", "json")["code"] == "file-not-of-form"
    assert held.refused(*words, "--way", "song")["code"] == "option-not-usable"
    assert held.refused(*words, "--encoding", "song")["code"] == "option-not-usable"
    assert held.refused("exhibit", "open", "E3")["code"] == "exhibit-file-not-named"
