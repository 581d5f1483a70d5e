"""A ZIP of any form is read only to tell that its signed files are unchanged, and never too far."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.sync_api import Browser

from kancil.cli.unit.verify import _bundle_word
from kancil.reports.casework.bundle.checker import zipped_again
from kancil.reports.casework.bundle.checker.verdict import EXIT_BYTES, NOT_INTACT
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.checker.zipped_again import is_whole_zip, read_any_zip
from tests.page.browser import open_desk
from tests.reports.make_sample_bundle import make_sample
from tests.web.look import start_django

MEMBERS = {"MANIFEST.json": b"{}", "analysis/a.txt": b"one\n" * 500}


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


@pytest.mark.parametrize("folder", ["", "bundle/", "on/the/desk/"])
def test_the_members_are_those_beside_the_manifest(folder: str) -> None:
    beside = {"__MACOSX/x": b"x", folder: b""} if folder else {}
    data = zipped({**beside, **{folder + name: data for name, data in MEMBERS.items()}})
    assert read_any_zip(data) == MEMBERS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        zipped(MEMBERS)[:-1],
        zipped({"analysis/a.txt": b"x"}),
        zipped({**MEMBERS, "other/MANIFEST.json": b"{}"}),
        zipped(MEMBERS, zipfile.ZIP_BZIP2),
        zipped(MEMBERS).replace(b"analysis/a.txt", b"analysis/b.txt", 1),
    ],
)
def test_what_readers_could_read_in_two_ways_is_not_read(data: bytes) -> None:
    assert read_any_zip(data) is None


def test_a_name_twice_is_not_read() -> None:
    data = zipped({**MEMBERS, "analysis/b.txt": b"x"})
    assert read_any_zip(data) is not None
    assert read_any_zip(data.replace(b"analysis/b.txt", b"analysis/a.txt")) is None


def test_what_unpacks_to_too_much_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(MEMBERS)
    size = sum(map(len, MEMBERS.values()))
    monkeypatch.setattr(zipped_again, "MOST_BYTES", size)
    assert read_any_zip(data) == MEMBERS
    monkeypatch.setattr(zipped_again, "MOST_BYTES", size - 1)
    assert read_any_zip(data) is None


HEADLINE = "Unpacked and zipped again: each file is unchanged"


def bundles() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Honest copies of a bundle that were zipped again, and others that are none, by name."""
    members = read_any_zip(make_sample().seal()) or {}
    again = zipped(members)
    honest = {
        "compressed": again,
        "stored": zipped(members, zipfile.ZIP_STORED),
        "in its folder": zipped({f"b/{name}": data for name, data in members.items()}),
        "read from a pipe": piped(members),
    }
    name = "analysis/report.html"
    wrong = {
        "a file changed": zipped({**members, name: members[name] + b" "}),
        "a file left out": zipped({key: data for key, data in members.items() if key != name}),
        "a file added": zipped({**members, "analysis/more.txt": b"x"}),
        "a file beside the folder": zipped(
            {"__MACOSX/x": b"x", **{f"b/{key}": data for key, data in members.items()}}
        ),
        "bytes before": b"MZ" + again,
        "bytes behind": again + b"x",
    }
    return honest, wrong


def piped(members: dict[str, bytes]) -> bytes:
    """Zipped by a program that learns each size only after the file: sizes stand behind it."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, part: bytes) -> int:  # type: ignore[override]
            self.data += bytes(part)
            return len(part)

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.data


def test_an_honest_copy_is_told_by_its_headline_and_is_still_not_intact() -> None:
    start_django()
    from kancil.web.cases.checking import verdict_sections

    honest, wrong = bundles()
    for name, data in honest.items():
        verdict = verify_bytes(data)
        assert verdict.is_only_zipped_again, name
        assert (verdict.answer, verdict.exit_status) == (NOT_INTACT, EXIT_BYTES)
        assert _bundle_word(verdict) == "bundle-only-zipped-again"
        (said,) = [one for one in verdict_sections(verdict) if one["kind"] == "note"]
        assert said["text"].key == "web.verify.zipped-again"
    for name, data in wrong.items():
        verdict = verify_bytes(data)
        assert not verdict.is_only_zipped_again, name
        assert _bundle_word(verdict) == "bundle-answer-not-intact"
    other = verify_bytes(honest["compressed"], key="SHA256:other")
    assert not other.is_only_zipped_again, "of another key it is nothing to rely on"


def test_a_member_between_the_others_that_no_directory_names_is_no_whole_zip() -> None:
    data = zipped(MEMBERS)
    assert is_whole_zip(data)
    place = data.rindex(b"PK\x03\x04")
    hidden = zipped({"x": b"y"})
    assert not is_whole_zip(data[:place] + hidden[: hidden.index(b"PK\x01\x02")] + data[place:])


@pytest.mark.browser
def test_the_page_in_the_bundle_says_the_same(browser: Browser) -> None:
    desk = open_desk(browser)
    honest, wrong = bundles()
    for name, data in (*honest.items(), *wrong.items()):
        assert desk.check(data).verdict == "not-intact", name
        title = desk.page.inner_text("#verdict-title")
        assert title == (HEADLINE if name in honest else "Not intact"), name
    assert desk.faults == []
