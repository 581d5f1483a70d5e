"""Every assertion holds on the packaged images, and each of them can fail."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kancil.evidence.triage import supervise
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.validation.validate import (
    ASSERTIONS,
    REFERENCE,
    ROWS_NAME,
    validate,
)
from kancil.evidence.validation.verdict import Verdict
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import KancilError
from tests.evidence.images.known import expected

IMAGE = "ext2-deleted.E01"
KNOWN = json.loads((REFERENCE / ROWS_NAME).read_bytes())
Change = Callable[[dict[str, Any]], object]


def folder_with(folder: Path, image: Path, known: dict[str, Any]) -> Path:
    """A folder of one reference image."""
    shutil.copyfile(image, folder / image.name)
    (folder / ROWS_NAME).write_text(json.dumps({image.name: known}), encoding="utf-8")
    return folder


def failed(verdicts: Iterator[Verdict]) -> dict[str, Verdict]:
    return {each.assertion: each for each in verdicts if not each.holds}


Passes = dict[tuple[str, int, object], Outcome | KancilError]


@pytest.fixture(scope="module")
def passes() -> Passes:
    return {}


@pytest.fixture(autouse=True)
def made_once(
    passes: Passes,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each image, whole or altered, goes through a pass of each reader once in this module."""
    whole = supervise.triage

    def triage(files: list[Path], folder: Path, *, called: str, workers: int) -> Outcome:
        key = sha256_hex(files[0].read_bytes()), workers, supervise._compared
        if key not in passes:
            try:
                passes[key] = whole(files, tmp_path_factory.mktemp("pass"), workers=workers)
            except KancilError as error:
                passes[key] = error
        found = passes[key]
        if isinstance(found, KancilError):
            raise found
        return found

    monkeypatch.setattr(supervise, "triage", triage)


def test_the_packaged_images_are_small_and_known() -> None:
    assert {each.name for each in REFERENCE.glob("*.E01")} == set(KNOWN)
    assert sum(each.stat().st_size for each in REFERENCE.iterdir()) < 400_000


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_assertion_holds_on_a_packaged_image(name: str, tmp_path: Path) -> None:
    found = list(validate(folder_with(tmp_path, REFERENCE / name, KNOWN[name])))
    assert [each.assertion for each in found] == list(ASSERTIONS)
    assert [each for each in found if not each.holds] == []
    assert {each.case for each in found} == {name}
    refused = found[ASSERTIONS.index("altered-refused")]
    assert refused.actual == (("stored-digest-differs",),)


def _of_volume(change: Change) -> Change:
    return lambda known: change(known["volumes"][0])


@pytest.mark.parametrize(
    ("assertion", "change", "missing", "extra"),
    [
        ("stored-digest", lambda known: known.update(raw_md5="0" * 32), 1, 1),
        ("entries", _of_volume(lambda each: each.update(fls_entries=11)), 1, 1),
        ("deleted", _of_volume(lambda each: each.update(deleted_entries=3)), 1, 1),
        ("contents", _of_volume(lambda each: each["regular_files"].pop()), 0, 1),
        ("contents", _of_volume(lambda each: each["regular_files"].append(
            ["new", "9", "alloc", 0, "0" * 64])), 1, 0),
        ("contents", _of_volume(lambda each: each["regular_files"].append(
            each["regular_files"][0])), 1, 0),
        ("contents", _of_volume(lambda each: each["regular_files"][0].__setitem__(2, "deleted")),
         1, 1),
        ("contents", _of_volume(lambda each: each["regular_files"][0].__setitem__(3, 23)), 1, 1),
        ("contents", _of_volume(lambda each: each["regular_files"][0].__setitem__(4, "0" * 64)),
         1, 1),
        ("not-examined", lambda known: known["not_examined"].pop(), 0, 1),
        ("not-examined", lambda known: known["not_examined"][0].__setitem__(1, "entry-ends-early"),
         1, 1),
    ],
)  # fmt: skip
def test_exactly_the_assertion_fails_whose_expectation_is_wrong(
    assertion: str, change: Change, missing: int, extra: int, tmp_path: Path
) -> None:
    known = json.loads(json.dumps(KNOWN[IMAGE]))
    change(known)
    found = failed(validate(folder_with(tmp_path, REFERENCE / IMAGE, known)))
    assert set(found) == {assertion}
    assert (len(found[assertion].missing), len(found[assertion].extra)) == (missing, extra)


def test_exactly_the_refusal_fails_of_a_reader_that_compares_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "_compared", lambda *asked: {"md5": KNOWN[IMAGE]["raw_md5"]})
    found = failed(validate(folder_with(tmp_path, REFERENCE / IMAGE, KNOWN[IMAGE])))
    assert set(found) == {"altered-refused"}
    assert found["altered-refused"].actual == (("read",),)


def test_exactly_the_second_pass_fails_of_a_reader_that_goes_by_the_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "<+0545>-5:45")
    whole, zones = supervise.triage, []

    def triage(*asked: Any, **named: Any) -> Outcome:
        zones.append(os.environ["TZ"])
        found = whole(*asked, **named)
        return found if len(zones) < 3 else replace(found, digests={**found.digests, "entries": ""})

    monkeypatch.setattr(supervise, "triage", triage)
    folder = folder_with(tmp_path, REFERENCE / IMAGE, KNOWN[IMAGE])
    assert set(failed(validate(folder))) == {"same-again"}
    assert zones[0] == zones[1] == os.environ["TZ"] != zones[2]


def test_a_tampered_image_fails_by_its_digest_and_nothing_of_it_holds(tmp_path: Path) -> None:
    data = bytearray((REFERENCE / IMAGE).read_bytes())
    made = KNOWN[IMAGE]["raw_md5"]
    at = data.index(bytes.fromhex(made))
    data[at] ^= 1
    data[at + 32 : at + 36] = zlib.adler32(data[at : at + 32]).to_bytes(4, "little")
    stored = data[at : at + 16].hex()
    image = tmp_path / "tampered.E01"
    image.write_bytes(data)
    folder = tmp_path / "reference"
    folder.mkdir()
    found = failed(validate(folder_with(folder, image, KNOWN[IMAGE])))
    assert found["stored-digest"].actual == (("md5", stored, made),)
    assert set(ASSERTIONS) - set(found) == {"altered-refused"}
    assert found["contents"].actual == (("stored-digest-differs",),)
    assert not found["same-again"].holds


def test_what_is_no_e01_fails_and_stops_nothing(tmp_path: Path) -> None:
    image = tmp_path / "letter.txt"
    image.write_bytes(b"Dear Sir\n" * 200)
    folder = tmp_path / "reference"
    folder.mkdir()
    found = failed(validate(folder_with(folder, image, KNOWN[IMAGE])))
    assert found["altered-refused"].actual == (("image-not-readable",),)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["images/tsk/image.E01", "images/be/nps-2010-emails.E01"])
def test_the_assertions_hold_on_wider_images(name: str, shared_data: Path, tmp_path: Path) -> None:
    known = dict(expected(shared_data / "evidence"))[name]
    known["not_examined"] = [
        [path, "entry-name-only"]
        for volume in known["volumes"]
        for path, _, _, _, sha256 in volume["regular_files"]
        if sha256 is None
    ]
    assert failed(validate(folder_with(tmp_path, shared_data / "evidence" / name, known))) == {}
