"""Signed directory files: the example of the format's page, and every way to spoil one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kancil.ground import canonical
from kancil.ground.errors import FormatTooNew, KancilError
from kancil.ground.plain import plain
from kancil.ground.signedfile import write_signed
from kancil.ground.signing import fingerprint
from kancil.legal.directory.errors import (
    DirectoryFileBroken,
    DirectoryFileNotReadable,
    DirectoryFileTooLarge,
    OfficeNotReadable,
    PublicAddressWanted,
)
from kancil.legal.directory.signed import (
    FORMAT,
    MAX_BYTES,
    open_directory,
    read_directory,
    write_directory,
)
from tests.house.survey import DOCS
from tests.legal.directory.sample import DAY, NEIGHBOUR, SIGNER, office


def made(**given: Any) -> bytes:
    first = {"unit": NEIGHBOUR, "version": 1, "as_of": DAY, "signer": SIGNER}
    return write_directory([office()], **{**first, **given})


def test_the_example_of_the_page_is_read_and_written_to_the_letter() -> None:
    page = (DOCS / "formats" / "directory.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\{\"signature.*\}$", page, re.MULTILINE)
    found = read_directory(line.encode() + b"\n", "example")
    assert found.unit == NEIGHBOUR
    assert found.fingerprint == fingerprint(SIGNER.public_raw)
    assert line.encode() + b"\n" == write_directory(
        found.offices, unit=found.unit, version=found.version, as_of=found.as_of, signer=SIGNER
    )


def test_a_file_comes_back_whole_and_is_the_same_each_time() -> None:
    found = read_directory(made(), "f")
    assert (found.offices, found.version, found.as_of) == ((office(),), 1, DAY)
    assert made() == made()


def test_a_unit_may_have_a_name_in_khmer() -> None:
    named = replace(NEIGHBOUR, name="អង្គភាព\u200bគំរូ")
    assert read_directory(made(unit=named), "f").unit == named


def forged(change: Callable[[dict[str, Any]], Any]) -> bytes:
    statement = json.loads(made())["statement"]
    statement.pop("public_key")
    change(statement)
    return write_signed(statement, SIGNER)


BAD: dict[str, tuple[Callable[[], bytes], type[KancilError]]] = {
    "one byte changed": (lambda: made().replace(b"legal@", b"legaI@"), DirectoryFileBroken),
    "cut short": (lambda: made()[:-20], DirectoryFileBroken),
    "another file": (lambda: b"%PDF-1.7", DirectoryFileNotReadable),
    "another signed file": (
        lambda: write_signed({"format": "kancil-public-key/1"}, SIGNER), DirectoryFileNotReadable,
    ),
    "a newer format": (
        lambda: forged(lambda one: one.update(format="kancil-directory/2")), FormatTooNew,
    ),
    "too large": (lambda: b"{" * (MAX_BYTES + 1), DirectoryFileTooLarge),
    "more keys": (lambda: forged(lambda one: one.update(more=1)), DirectoryFileNotReadable),
    "version none": (lambda: forged(lambda one: one.update(version=0)), DirectoryFileNotReadable),
    "version text": (lambda: forged(lambda one: one.update(version="1")), DirectoryFileNotReadable),
    "no day": (lambda: forged(lambda one: one.update(as_of="soon")), DirectoryFileNotReadable),
    "unit without id": (
        lambda: forged(lambda one: one["unit"].update(id="x")), DirectoryFileNotReadable,
    ),
    "unknown kind": (
        lambda: forged(lambda one: one["offices"][0].update(kind="friend")), OfficeNotReadable,
    ),
    "verified tomorrow": (
        lambda: forged(lambda one: one["offices"][0].update(verified_on="2026-03-10")),
        DirectoryFileNotReadable,
    ),
    "never verified": (
        lambda: forged(lambda one: one["offices"][0].update(verified_on=None)),
        DirectoryFileNotReadable,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_spoilt_file_is_refused_by_its_own_sentence(case: str) -> None:
    data, error = BAD[case]
    with pytest.raises(error):
        read_directory(data(), "f")


def test_the_child_refuses_a_free_mail_address_that_a_held_file_may_keep() -> None:
    data = write_directory(
        [office(address="a@gmail.com")], unit=NEIGHBOUR, version=1, as_of=DAY, signer=SIGNER
    )
    assert read_directory(data, "f").offices[0].address == "a@gmail.com"
    with pytest.raises(PublicAddressWanted):
        open_directory(data, "f")


def test_the_format_is_said_once() -> None:
    statement = canonical.loads(made()[:-1])["statement"]
    assert (statement["format"], statement["offices"]) == (FORMAT, [plain(office())])
