"""The envelope of packages: what is written is read, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kancil.ground import canonical
from kancil.ground.errors import FormatTooNew, KancilError
from kancil.ground.signedfile import write_signed
from kancil.ground.signing import fingerprint
from kancil.records.errors import (
    PackageBroken,
    PackageNotReadable,
    PackageSchemaUnknown,
    PackageTooLarge,
    SmallGroupShown,
)
from kancil.records.foreign import open_package
from kancil.records.package import FORMAT, MAX_BYTES, Period, read_package, write_package
from tests.records.package_example import PATH, SIGNER, package

KEPT = PATH.read_bytes()


def resigned(change: Any) -> bytes:
    """The example, changed and signed again by its own key."""
    statement = json.loads(KEPT)["statement"]
    del statement["public_key"]
    change(statement)
    return write_signed(statement, SIGNER)


def table(statement: dict[str, Any], name: str) -> list[list[Any]]:
    rows: list[list[Any]] = next(
        each["rows"] for each in statement["tables"] if each["name"] == f"cooperation-{name}"
    )
    return rows


def test_the_kept_example_is_read_as_it_was_made_and_made_the_same_again() -> None:
    opened = read_package(KEPT, "example")
    assert opened.package == package()
    assert opened.fingerprint == fingerprint(SIGNER.public_raw)
    assert write_package(package(), SIGNER) == KEPT


def test_a_package_is_read_in_a_limited_child() -> None:
    assert open_package(KEPT, "example") == read_package(KEPT, "example")


def test_a_changed_byte_breaks_the_signature() -> None:
    for place in range(120, len(KEPT) - 3, 397):
        changed = KEPT[:place] + bytes([KEPT[place] ^ 1]) + KEPT[place + 1 :]
        with pytest.raises((PackageBroken, PackageNotReadable)):
            read_package(changed, "example")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PackageNotReadable),
        (b"PK\x03\x04", PackageNotReadable),
        (KEPT[:-40], PackageBroken),
        (b'{"signature":"' + b"A" * MAX_BYTES, PackageTooLarge),
        (resigned(lambda it: it.update(format="kancil-answers/1")), PackageNotReadable),
        (resigned(lambda it: it.update(format="kancil-package/2")), FormatTooNew),
        (resigned(lambda it: it.update(schema="cooperation-figures/2")), PackageSchemaUnknown),
        (resigned(lambda it: it.update(schema=["x"])), PackageSchemaUnknown),
        (resigned(lambda it: it.update(note="Case C4")), PackageNotReadable),
        (resigned(lambda it: it["site"].update(kind="court")), PackageNotReadable),
        (resigned(lambda it: it["site"].update(country="Laos")), PackageNotReadable),
        (resigned(lambda it: it["review"].update(name="")), PackageNotReadable),
        (resigned(lambda it: it["review"].update(name="a\nb")), PackageNotReadable),
        (resigned(lambda it: it["period"].update(until="2025-12-31")), PackageNotReadable),
        (resigned(lambda it: it["period"].update(until="2026-6-30")), PackageNotReadable),
        (resigned(lambda it: it.update(made_at="yesterday")), PackageNotReadable),
        (resigned(lambda it: it.update(supersedes=it["id"])), PackageNotReadable),
        (resigned(lambda it: it.update(small_groups={"least": 3, "rule": "none"})),
         PackageNotReadable),
        (resigned(lambda it: it["tables"].pop()), PackageNotReadable),
        (resigned(lambda it: it.update(tables=None)), PackageNotReadable),
    ],
    ids=range(20),
)  # fmt: skip
def test_what_is_no_package_of_ours_is_refused(data: bytes, error: type[KancilError]) -> None:
    with pytest.raises(error):
        read_package(data, "example")


def test_a_period_is_of_whole_days_and_may_be_one() -> None:
    day = Period(date(2026, 3, 9), date(2026, 3, 9))
    assert write_package(replace(package(), period=day), SIGNER)
    assert day.overlaps(package().period)
    assert not day.overlaps(Period(date(2026, 3, 10), date(2026, 3, 31)))


def test_a_writer_refuses_what_a_reader_would() -> None:
    with pytest.raises(PackageNotReadable):
        write_package(replace(package(), to=""), SIGNER)
    with pytest.raises(PackageSchemaUnknown):
        write_package(replace(package(), schema="arrests/1"), SIGNER)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: table(it, "outcomes")[5].__setitem__(1, 3),
        lambda it: table(it, "countries")[0].__setitem__(1, 3),
        lambda it: table(it, "outcomes")[2].__setitem__(1, 12),
        lambda it: table(it, "problems")[1].__setitem__(1, 28),
    ],
    ids=["small", "small country", "one hidden alone", "two without it"],
)
def test_a_package_that_shows_a_small_group_is_refused(change: Any) -> None:
    with pytest.raises(SmallGroupShown):
        read_package(resigned(change), "example")


def test_the_example_stands_in_the_page_of_the_format() -> None:
    page = (PATH.parents[3] / "docs" / "formats" / "package.md").read_text(encoding="utf-8")
    shown = page.split("```json\n")[1].split("```")[0]
    statement = json.loads(KEPT)["statement"]
    few = {**statement, "tables": statement["tables"][:2]}
    assert json.loads(shown) == few
    assert fingerprint(SIGNER.public_raw) in page
    assert FORMAT in page
    assert canonical.dumps(statement) in KEPT
