"""What anyone can do to a bundle without a key: flips, cuts, additions, other ZIPs, lists anew."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator

from kancil.reports.casework.bundle.archive import write_archive
from kancil.reports.casework.bundle.manifest import MANIFEST, PAGE, SIGNATURE, list_files
from tests.reports.tiny_ledger import canonical

from .attack import Attack
from .forge import PAGE_INSIDE, Forgery, Members

END_BYTES = 22


def attacks() -> Iterator[Attack]:
    """Every attack without keys; the bundle holds a page that the ledger names."""
    members = Forgery(page=PAGE_INSIDE).members()
    whole = write_archive(members)
    yield from _flips(whole, members)
    yield from _cuts_and_additions(whole)
    yield from _zip_forms(whole, members)
    yield from _members(members)
    yield from _lists_anew(members)
    yield from _zipped_again(members)


def _flips(whole: bytes, members: Members) -> Iterator[Attack]:
    chance = random.Random(20261128)
    for number in range(6):
        at, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        changed = whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
        yield Attack(f"bit flipped at byte {at}, {number}", changed)
    for name in (
        "analysis/labels.csv", "analysis/report.html", "analysis/traces/1/transfers.csv",
        "custody/case.json", "custody/checkpoint.txt", "custody/entries.jsonl",
        "custody/heads/case.txt", "custody/keys.json", "custody/proofs.json", MANIFEST, SIGNATURE,
        PAGE,
    ):  # fmt: skip
        data = bytearray(members[name])
        data[len(data) // 2] ^= 1
        yield Attack(
            f"bit flipped in {name}, CRC right", write_archive({**members, name: bytes(data)})
        )


def _cuts_and_additions(whole: bytes) -> Iterator[Attack]:
    yield Attack("nothing at all", b"")
    yield Attack("a text", b"Dear judge, this is the bundle.")
    yield Attack("tail cut by one byte", whole[:-1])
    yield Attack("cut in the middle", whole[: len(whole) // 2])
    yield Attack("cut before the directory", whole[: whole.index(b"PK\x01\x02")])
    for name, data in {
        "a byte after the end": whole + b"\0",
        "the file twice": whole + whole,
        "a byte before the first": b"\0" + whole,
        "a program before the first": b"#!/bin/sh\nexit 0\n" + whole,
        "a comment on the file": whole[:-2] + b"\x01\x00!",
    }.items():
        yield Attack(name, data, is_zipped_again=True)


def _zip_forms(whole: bytes, members: Members) -> Iterator[Attack]:
    names = sorted(members)
    directory = whole.index(b"PK\x01\x02")
    second = whole.index(b"PK\x01\x02", directory + 4)
    third = whole.index(b"PK\x01\x02", second + 4)
    end = len(whole) - END_BYTES
    fewer = struct.pack("<HH", len(members) - 1, len(members) - 1)
    for name, data in {
        "a gap before a member, offsets right": _with_gap(whole, whole.index(b"PK\x03\x04", 4)),
        "a gap before the directory": _with_gap(whole, directory),
        "two members in other order": _zip(members, [names[1], names[0], *names[2:]]),
        "two lines of the directory in other order": (
            whole[:directory] + whole[second:third] + whole[directory:second] + whole[third:]
        ),
        "one member fewer counted": whole[: end + 8] + fewer + whole[end + 12 :],
    }.items():
        yield Attack(name, data, is_zipped_again=True)
    local = whole.replace(b"analysis/labels.csv", b"analysis/labelz.csv", 1)
    yield Attack("another name before the member than in the directory", local)
    twin = "analysis/report.htmk"
    doubled = write_archive({**members, twin: b"<p>Another report</p>"})
    yield Attack("a name twice", doubled.replace(twin.encode(), b"analysis/report.html"))


def _members(members: Members) -> Iterator[Attack]:
    added = {
        "a member of the analysis": "analysis/more.txt",
        "a member of custody": "custody/more.txt",
        "a member at the end": "zzz.txt",
        "a twin in capitals": "ANALYSIS/report.html",
        "a second page": "verify.htm",
        "a time stamp of nobody": "custody/checkpoint.tsr",
    }
    for what, name in added.items():
        yield Attack(f"{what} added", write_archive({**members, name: b"x"}))
    for name in (
        "analysis/report.html", "analysis/traces/1/totals.csv", "custody/keys.json",
        "custody/heads/case.txt", MANIFEST, SIGNATURE,
    ):  # fmt: skip
        kept = {key: data for key, data in members.items() if key != name}
        yield Attack(f"without {name}", write_archive(kept))
    exchanged = {
        **members,
        "analysis/traces/1/holdings.csv": members["analysis/traces/1/totals.csv"],
        "analysis/traces/1/totals.csv": members["analysis/traces/1/holdings.csv"],
    }
    yield Attack("two members exchanged", write_archive(exchanged))
    yield Attack(
        "page replaced: Intact. Trust me.",
        write_archive({**members, PAGE: b"<h1>Intact. Trust me.</h1>"}),
    )
    yield Attack("page emptied", write_archive({**members, PAGE: b""}))
    without = Forgery().members()
    yield Attack(
        "page added where the ledger names none", write_archive({**without, PAGE: PAGE_INSIDE})
    )


def _lists_anew(members: Members) -> Iterator[Attack]:
    """Write the manifest anew over a change, with the old signature."""

    def anew(**changes: object) -> Callable[[Members], Members]:
        def make(held: Members) -> Members:
            manifest = json.loads(members[MANIFEST]) | {"files": list_files(held)} | changes
            return {**held, MANIFEST: canonical(manifest)}

        return make

    report = {**members, "analysis/report.html": b"<p>Another report</p>"}
    yield Attack("report changed and listed, old signature", write_archive(anew()(report)))
    early = anew(made_at="2020-01-01T00:00:00.000000Z")
    yield Attack("another date, old signature", write_archive(early(members)))
    older = json.loads(members[MANIFEST]) | {"format": "kancil-bundle/1"}
    del older["made_entry"]
    yield Attack(
        "an older format claimed, old signature",
        write_archive({**members, MANIFEST: canonical(older)}),
    )
    spaced = members[MANIFEST].replace(b'"case":', b'"case": ')
    yield Attack("a space in the list", write_archive({**members, MANIFEST: spaced}))
    named_twice = members[MANIFEST].replace(b'{"analysis', b'{"analysis_sha256":"","analysis', 1)
    yield Attack("a key twice in the list", write_archive({**members, MANIFEST: named_twice}))
    newer = anew(format="kancil-bundle/4")(members)
    yield Attack("a newer format claimed", write_archive(newer), answer="newer")
    broken = bytearray(write_archive(newer))
    broken[len(broken) // 2] ^= 1
    yield Attack("a newer format claimed, and a bit flipped", bytes(broken))
    odd = anew(format="kancil-bundle/02")(members)
    yield Attack("a format that is no number", write_archive(odd))
    zero = anew(format="kancil-bundle/0")(members)
    yield Attack("format 0 claimed", write_archive(zero))


def _zipped_again(members: Members) -> Iterator[Attack]:
    yield Attack("unpacked and zipped again", _zip(members, deflated=True), is_zipped_again=True)
    yield Attack("zipped again without compression", _zip(members), is_zipped_again=True)
    inside = {f"bundle/{name}": data for name, data in members.items()}
    yield Attack("its folder zipped", _zip(inside, deflated=True), is_zipped_again=True)
    more = {**inside, "bundle/.DS_Store": b"\0", "__MACOSX/bundle/._x": b"\0"}
    yield Attack("its folder zipped on a Mac", _zip(more, deflated=True), is_zipped_again=True)
    changed = {**members, "analysis/report.html": b"<p>Another report</p>"}
    yield Attack("zipped again with another report", _zip(changed, deflated=True))
    missing = {name: data for name, data in members.items() if not name.endswith("totals.csv")}
    yield Attack("zipped again without a table", _zip(missing, deflated=True))


def _zip(members: Members, order: list[str] | None = None, *, deflated: bool = False) -> bytes:
    """Zip as common tools do."""
    out = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name in order or sorted(members):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 28, 9, 0, 0)), members[name], kind)
    return out.getvalue()


def _with_gap(whole: bytes, at: int) -> bytes:
    """Put four bytes in and mend all offsets, so that a reader of the directory sees no gap."""
    data = bytearray(whole[:at] + bytes(4) + whole[at:])
    end = len(data) - END_BYTES
    (start,) = struct.unpack_from("<I", data, end + 16)
    place = start + 4
    struct.pack_into("<I", data, end + 16, place)
    while data[place : place + 4] == b"PK\x01\x02":
        name_size = struct.unpack_from("<H", data, place + 28)[0]
        (offset,) = struct.unpack_from("<I", data, place + 42)
        if offset >= at:
            struct.pack_into("<I", data, place + 42, offset + 4)
        place += 46 + name_size
    return bytes(data)
