"""Ways to spoil a bundle: by someone without keys, and by someone who holds them."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.page.bundle_maker import (
    CASE,
    EXHIBIT,
    OFFICER,
    PROOFS,
    TRANSFERS,
    UNIT,
    Key,
    Ledger,
    Plan,
    b64,
    canonical,
    make_bundle,
    make_members,
    seal,
    sha,
    zipped,
)

FLIPS = 60
MEMBER_FLIPS = 50
CUTS = 20
END_BYTES = 22
_, FIRST, SECOND = (tx["txid"] for tx in PROOFS["old"])
NEW = PROOFS["new"]["txid"]
LAST_PLACE = len(PROOFS["headers"]) // 160


@dataclass(frozen=True)
class Spoiled:
    """A bundle that is not what was signed, or not what the chain says."""

    name: str
    data: bytes
    part: str
    """The answer that must be bad."""


def without_keys() -> Iterator[Spoiled]:
    """Spoil bytes as anyone can."""
    dice = random.Random(20261124)
    good = make_bundle()
    for number in range(FLIPS):
        at, bit = dice.randrange(len(good)), 1 << dice.randrange(8)
        changed = good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :]
        yield Spoiled(f"flip {number} at {at}", changed, "bytes")
    for at in [0, 1, len(good) - 1, *(dice.randrange(len(good)) for _ in range(CUTS))]:
        yield Spoiled(f"cut at {at}", good[:at], "bytes")
    members = make_members()
    names = sorted(members)
    for number in range(MEMBER_FLIPS):
        name = dice.choice([one for one in names if members[one]])
        at = dice.randrange(len(members[name]))
        spoiled = bytearray(members[name])
        spoiled[at] ^= 1 << dice.randrange(8)
        changed = zipped({**members, name: bytes(spoiled)})
        yield Spoiled(f"flip {number} in {name}, checksum mended", changed, "bytes")
    for name in names:
        changed = zipped({key: value for key, value in members.items() if key != name})
        yield Spoiled(f"without {name}", changed, "bytes")
    yield from _zip_tricks(good, members)
    yield from _list_tricks(members)


def _zip_tricks(good: bytes, members: dict[str, bytes]) -> Iterator[Spoiled]:
    names = sorted(members)
    yield Spoiled("bytes after the end", good + b"\0", "bytes")
    yield Spoiled("bytes before the first", b"\0" + good, "bytes")
    yield Spoiled("a member swapped", zipped(members, [names[1], names[0], *names[2:]]), "bytes")
    yield Spoiled("another member", zipped({**members, "analysis/extra.txt": b"x"}), "bytes")
    yield Spoiled("a member behind", zipped({**members, "zzz": b""}), "bytes")
    yield Spoiled("a name that climbs", zipped({**members, "a/../b": b""}), "bytes")
    yield Spoiled("a folder", zipped({**members, "analysis/": b""}), "bytes")
    changes: dict[str, dict[str, Any]] = {
        "compressed": {"compress_type": zipfile.ZIP_DEFLATED},
        "dated": {"date_time": (2026, 1, 1, 0, 0, 0)},
        "with extra": {"extra": b"\x01\x00\x00\x00"},
        "with comment": {"comment": b"hello"},
        "of another system": {"create_system": 0},
        "executable": {"external_attr": 0x81ED0000},
    }
    for name, change in changes.items():
        yield Spoiled(f"a member {name}", _zipped_with(members, change), "bytes")
    yield Spoiled("a doubled name", _doubled(members), "bytes")
    start = good.index(b"PK\x03\x04", 4)
    yield Spoiled("bytes between, offsets mended", _with_gap(good, start), "bytes")
    directory = good.index(b"PK\x01\x02")
    yield Spoiled("bytes before the directory", _with_gap(good, directory), "bytes")
    end = len(good) - END_BYTES
    yield Spoiled("a comment at the end", good[:-2] + b"\x01\x00!", "bytes")
    count = struct.pack("<HH", len(members) - 1, len(members) - 1)
    yield Spoiled("one fewer counted", good[: end + 8] + count + good[end + 12 :], "bytes")
    yield Spoiled("not a zip", b"hello, judge", "bytes")
    yield Spoiled("nothing", b"", "bytes")


def _zipped_with(members: dict[str, bytes], change: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, name in enumerate(sorted(members)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.create_version, info.external_attr = 3, 20, 0x81A40000
            for key, value in change.items() if number == 2 else ():
                setattr(info, key, value)
            archive.writestr(info, members[name], info.compress_type)
    return out.getvalue()


def _doubled(members: dict[str, bytes]) -> bytes:
    """Write report.html twice, the signed one last, as readers differ on which one counts."""
    twin = "analysis/report.htmk"
    data = zipped({**members, twin: b"<p>Another report</p>"})
    return data.replace(twin.encode(), b"analysis/report.html")


def _with_gap(good: bytes, at: int) -> bytes:
    """Put four bytes in and mend all offsets, so that a reader of the directory sees no gap."""
    gap = b"\0\0\0\0"
    data = bytearray(good[:at] + gap + good[at:])
    end = len(data) - END_BYTES
    (start,) = struct.unpack_from("<I", data, end + 16)
    struct.pack_into("<I", data, end + 16, start + len(gap))
    place = start + len(gap)
    while data[place : place + 4] == b"PK\x01\x02":
        name_size = struct.unpack_from("<H", data, place + 28)[0]
        (offset,) = struct.unpack_from("<I", data, place + 42)
        if offset >= at:
            struct.pack_into("<I", data, place + 42, offset + len(gap))
        place += 46 + name_size
    return bytes(data)


def _list_tricks(members: dict[str, bytes]) -> Iterator[Spoiled]:
    """Change something and write the list anew, without the key that must sign it."""
    held = {name: data for name, data in members.items() if not name.startswith("MANIFEST")}
    changed = {**held, "analysis/report.html": b"<p>Another report</p>"}
    fresh = seal(changed, Plan())
    old = {"MANIFEST.sig": members["MANIFEST.sig"]}
    yield Spoiled("list anew, old signature", zipped({**fresh, **old}), "bytes")
    thief = seal(changed, Plan(manifest_key="thief"))
    yield Spoiled("list anew, unknown key", zipped(thief), "bytes")
    for name, text in hostile_json(members["MANIFEST.json"]).items():
        signature = b64(Key("officer").sign(text)).encode() + b"\n"
        spoiled = {**members, "MANIFEST.json": text, "MANIFEST.sig": signature}
        yield Spoiled(f"list with {name}, signed", zipped(spoiled), "bytes")


def hostile_json(good: bytes) -> dict[str, bytes]:
    """Texts that careless readers of JSON take differently."""
    key = b'"kancil":"0.1.0"'
    assert key in good
    return {
        "a doubled key": good.replace(key, key + b"," + key),
        "a space": good.replace(key, b" " + key),
        "a fraction": good.replace(key, b'"kancil":1.5'),
        "a huge number": good.replace(key, b'"kancil":9007199254740993'),
        "a needless escape": good.replace(key, b'"kancil":"\\u0030.1.0"'),
        "__proto__": good.replace(b"{", b'{"__proto__":{"files":[]},', 1),
        "constructor": good.replace(b'"files"', b'"constructor":1,"files"'),
        "a mark of byte order": b"\xef\xbb\xbf" + good,
        "half a character": good.replace(b"0.1.0", b"\xed\xa0\x80"),
        "nesting": b"[" * 5000 + b"]" * 5000,
        "keys out of order": good.replace(key, b'"key":"x",' + key),
        "nothing": b"",
    }


def holding_keys() -> Iterator[Spoiled]:
    """Lie before signing, as those can who hold the keys."""
    for name, change in {**_chain_lies(), **_work_lies()}.items():
        yield Spoiled(name, make_bundle(Plan(twist_analysis=change)), "chain")
    for name, change in _table_lies().items():
        yield Spoiled(name, make_bundle(Plan(twist_analysis=change)), "table")
    for name, statement in _statement_lies().items():
        yield Spoiled(name, make_bundle(Plan(twist_statement=statement)), "custody")
    for name, custody in _custody_lies().items():
        yield Spoiled(name, make_bundle(Plan(twist_custody=custody)), "custody")
    for name, ledger in _ledger_lies().items():
        yield Spoiled(name, make_bundle(Plan(twist_ledger=ledger)), "custody")
    yield Spoiled("another network", make_bundle(Plan(network="testnet3")), "chain")
    yield Spoiled("no such network", make_bundle(Plan(network="__proto__")), "chain")
    unit = Plan(twist_manifest=lambda m: m.update(unit=CASE))
    yield Spoiled("list of another unit", make_bundle(unit), "custody")
    thief = Plan(manifest_key="thief")
    yield Spoiled("signed by a key that no entry knows", make_bundle(thief), "custody")


def _chain_lies() -> dict[str, Callable[[dict[str, Any]], None]]:
    def transaction(**changes: Any) -> Callable[[dict[str, Any]], None]:
        return lambda parts: parts["transactions"][1].update(changes)

    def raw(txid: str, old: bytes, new: bytes) -> Callable[[dict[str, Any]], None]:
        def change(parts: dict[str, Any]) -> None:
            for form in ("raw", "base"):
                assert old in parts[form][txid]
                parts[form][txid] = parts[form][txid].replace(old, new, 1)

        return change

    ten, more = (10 * 10**8).to_bytes(8, "little"), (11 * 10**8).to_bytes(8, "little")
    coinbase = PROOFS["new_coinbase"]["txid"]
    zeros = "00" * 32
    return {
        "a larger payment": raw(FIRST, ten, more),
        "bytes after a transaction": lambda p: p["raw"].update({FIRST: p["raw"][FIRST] + b"\0"}),
        "a length that lies": raw(FIRST, b"\x01\xc9\x97", b"\xff\xc9\x97"),
        "a base of other bytes": lambda p: p["base"].update({NEW: p["base"][FIRST]}),
        "another place": transaction(index=0),
        "a place beyond the path": transaction(index=3),
        "a longer path": transaction(path=[zeros] * 2),
        "no path": transaction(path=[]),
        "another coinbase": transaction(coinbase_txid=coinbase),
        "a coinbase less deep": lambda p: p["transactions"][-1].update(
            coinbase_path=PROOFS["new"]["coinbase_path"][1:]
        ),
        "an unlisted block": lambda p: p["blocks"].pop(1),
        "a block cited by nothing": lambda p: p["transactions"].pop(0),
        "a block that is another": lambda p: p["blocks"][1].update(place=5),
        "blocks out of order": lambda p: p["blocks"].reverse(),
        "transactions out of order": lambda p: p["transactions"].reverse(),
        "a transaction twice": lambda p: p["transactions"].append(p["transactions"][0]),
        "a transaction of 64 bytes": _of_64_bytes,
        "a path as text": transaction(path="0" * 64),
        "an index as text": transaction(index="1"),
        "a huge index": transaction(index=2**40),
    }


def _of_64_bytes(parts: dict[str, Any]) -> None:
    """Put in a true transaction of 64 bytes, which may be half of a Merkle node."""
    raw = b"\1\0\0\0" + b"\1" + bytes(32) + b"\0\0\0\0" + b"\4aaaa" + b"\xff" * 4
    raw += b"\1" + (1).to_bytes(8, "little") + b"\0" + bytes(4)
    assert len(raw) == 64
    txid = sha(sha(raw))[::-1].hex()
    parts["raw"][txid] = parts["base"][txid] = raw
    parts["transactions"].append(
        {"block": None, "coinbase_path": [], "coinbase_txid": None, "index": None, "path": [],
         "run": [1, 1], "stated_values": [], "txid": txid, "unknown_inputs": [0],
         "unspent_outputs": [0]}
    )  # fmt: skip


def _work_lies() -> dict[str, Callable[[dict[str, Any]], None]]:
    def header(place: int, at: int, new: bytes) -> Callable[[dict[str, Any]], None]:
        def change(parts: dict[str, Any]) -> None:
            start = place * 80 + at
            held = parts["headers"]
            parts["headers"] = held[:start] + new + held[start + len(new) :]

        return change

    return {
        "a header of another hour": header(175, 68, b"\1\2\3\4"),
        "an easier target": header(170, 72, b"\xff\xff\x7f\x20"),
        "a target below nothing": header(170, 72, b"\xff\xff\x80\x1d"),
        "a header without work": header(LAST_PLACE, 76, b"\0\0\0\0"),
        "a header missing": lambda p: p.update(headers=p["headers"][80:]),
        "half a header": lambda p: p.update(headers=p["headers"] + b"\0" * 40),
        "a block said to be linked": lambda p: p["blocks"][-1].update(work=p["blocks"][0]["work"]),
        "a wrong height": lambda p: p["blocks"][1].update(height=171),
        "work that failed": lambda p: p["blocks"][1].update(work="failed"),
        "a height from nowhere": lambda p: p["blocks"][1].update(height_source=None),
    }


def _table_lies() -> dict[str, Callable[[dict[str, Any]], None]]:
    columns = TRANSFERS.split(",")

    def cell(column: str, text: str, row: int = 0) -> Callable[[dict[str, Any]], None]:
        def change(parts: dict[str, Any]) -> None:
            parts["rows"][row][columns.index(column)] = text

        return change

    return {
        "row: number": cell("row", "2"),
        "row: hop": cell("hop", "one"),
        "row: transaction": cell("txid", "ab" * 32),
        "row: block": cell("block_hash", PROOFS["old"][2]["block"]),
        "row: no block": cell("block_hash", ""),
        "row: time": cell("block_time", "2009-01-12T03:30:26Z"),
        "row: source not spent": cell("from_outputs", f"{FIRST}:0"),
        "row: source twice": cell("from_outputs", " ".join([f"{PROOFS['old'][0]['txid']}:0"] * 2)),
        "row: no such output": cell("to_output", f"{FIRST}:2"),
        "row: output of another": cell("to_output", f"{SECOND}:0"),
        "row: address": cell("address", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        "row: value": cell("value_sat", "1000000001"),
        "row: more than there is": cell("upper_sat", "1000000001"),
        "row: less than nothing": cell("lower_sat", "-1"),
        "row: bounds crossed": cell("upper_sat", "999999999"),
        "row: a fraction": cell("lower_sat", "1e9"),
        "row: huge": cell("upper_sat", "9" * 400),
        "row: service": cell("after_service", "maybe"),
        "row: label": cell("labels", "1"),
        "row: a cell too many": lambda p: p["rows"][0].append("x"),
        "row: a quote": cell("reason", '"'),
        "row: less than there is": cell("lower_sat", "999999999"),
        "row: hop too far": cell("hop", "2"),
        "row: passed a service": cell("after_service", "yes"),
        "row: a reason": cell("reason", "carried"),
        "row missing": lambda p: p["rows"].pop(),
        "row too many": lambda p: p["rows"].append(["5", *p["rows"][-1][1:]]),
        "no rows": lambda p: p["rows"].clear(),
        "holding missing": lambda p: p["holdings"].pop(),
        "total: more lost": lambda p: p["totals"][2].__setitem__(4, "5000000001"),
        "total: policy missing": lambda p: p["totals"].pop(0),
        "fetch list: nothing asked": lambda p: p["fetch_list"].clear(),
        "left out: something": lambda p: p["left_out"].append(["1", *["x"] * 8]),
        "question: another policy": lambda p: p["parameters"].update(policy="theft"),
        "question: one hop": lambda p: p["parameters"].update(hops=1),
        "question: no hops": lambda p: p["parameters"].update(hops=0),
        "question: other start": lambda p: p["parameters"]["starts"][0].update(
            outpoint=f"{FIRST}:0"
        ),
        "question: start that is not here": lambda p: p["parameters"]["starts"][0].update(
            outpoint=f"{'ab' * 32}:0"
        ),
        "question: more than there is": lambda p: p["parameters"]["starts"][0].update(
            share_sat="5000000001"
        ),
        "question: a key too many": lambda p: p["parameters"].update(more=1),
        "question: __proto__": lambda p: p["parameters"].update(policy="__proto__"),
        "a spend not shown": lambda p: p["transactions"][1].update(unspent_outputs=[]),
    }


def _statement_lies() -> dict[str, Callable[[dict[str, Any]], None]]:
    def at(number: int, change: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
        return lambda statement: change(statement) if statement["n"] == number else None

    def put(number: int, **changes: Any) -> Callable[..., None]:
        return at(number, lambda statement: statement.update(changes))

    return {
        "entry: another unit": put(4, unit=OFFICER),
        "entry: another number": put(4, n=9),
        "entry: an older hour": put(4, at="2026-11-24T07:00:00.000000Z"),
        "entry: no such hour": put(4, at="2026-13-24T07:00:00.000000Z"),
        "entry: not after the one before": put(4, prev="ab" * 32),
        "entry: another officer": put(4, officer=EXHIBIT),
        "entry: key of nobody": put(4, key=Key("thief").fingerprint),
        "entry: key of the unit named": put(4, key=Key("unit").fingerprint),
        "entry: a key too many": put(4, more=1),
        "entry: unknown format": put(4, format="kancil-ledger/2"),
        "entry: place in the case": at(4, lambda s: s["case"].update(n=9)),
        "entry: link in the case": at(4, lambda s: s["case"].update(prev="ab" * 32)),
        "entry: link in the exhibit": at(6, lambda s: s["exhibit"].update(prev="ab" * 32)),
        "entry: of another case": at(6, lambda s: s["case"].update(id=OFFICER)),
        "entry: first is not the founding": put(1, kind="unit.found"),
        "entry: another analysis": at(8, lambda s: s["body"].update(analysis_sha256="ab" * 32)),
        "entry: body is a list": put(4, body=[]),
        "entry: kind is empty": put(4, kind=""),
        "entry: a kind out of place": put(6, kind="unit.disk-stated"),
        "entry: a case without a case": put(4, kind="case.opened"),
        "entry: nobody acts": put(4, officer=None),
        "entry: a hand-over without receipt": put(6, kind="exhibit.transferred"),
    }


def _custody_lies() -> dict[str, Callable[[dict[str, bytes]], object]]:
    def proofs(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
        def twist(members: dict[str, bytes]) -> None:
            value = json.loads(members["custody/proofs.json"])
            change(value)
            members["custody/proofs.json"] = canonical(value)

        return twist

    def lines(change: Callable[[list[bytes]], object]) -> Callable[[dict[str, bytes]], None]:
        def twist(members: dict[str, bytes]) -> None:
            held = members["custody/entries.jsonl"].splitlines(keepends=True)
            change(held)
            members["custody/entries.jsonl"] = b"".join(held)

        return twist

    head = f"custody/heads/{EXHIBIT}.txt"
    return {
        "custody: history shortened": proofs(lambda p: p["exhibits"][EXHIBIT].pop()),
        "custody: exhibit hidden": proofs(lambda p: p["exhibits"].clear()),
        "custody: history out of order": proofs(lambda p: p["case"].reverse()),
        "custody: hash taken out": proofs(lambda p: p["entries"].pop(2)),
        "custody: path shortened": proofs(lambda p: p["entries"][2]["path"].pop()),
        "custody: path of another": proofs(
            lambda p: p["entries"][2].update(path=p["entries"][3]["path"])
        ),
        "custody: root of another": proofs(lambda p: p.update(root="ab" * 32)),
        "custody: another size": proofs(lambda p: p.update(size=9)),
        "custody: huge size": proofs(lambda p: p.update(size=2**53 - 1)),
        "custody: entries reversed": lines(list.reverse),
        "custody: founding hidden": lines(lambda held: held.pop(0)),
        "custody: officer hidden": lines(lambda held: held.pop(1)),
        "custody: entry twice": lines(lambda held: held.insert(2, held[2])),
        "custody: no last line end": lambda m: m.update(
            {"custody/entries.jsonl": m["custody/entries.jsonl"][:-1]}
        ),
        "custody: head of another": lambda m: m.update({head: m["custody/heads/case.txt"]}),
        "custody: head missing": lambda m: m.pop(head),
        "custody: head too many": lambda m: m.update(
            {f"custody/heads/{CASE}.txt": m["custody/heads/case.txt"]}
        ),
        "custody: checkpoint as head": lambda m: m.update({head: m["custody/checkpoint.txt"]}),
        "custody: head as checkpoint": lambda m: m.update(
            {"custody/checkpoint.txt": m["custody/heads/case.txt"]}
        ),
        "custody: another title": lambda m: m.update(
            {"custody/case.json": m["custody/case.json"].replace(b"threat", b"treaty")}
        ),
    }


def hand_over(receiver: Key, **changes: str) -> Callable[[Ledger], None]:
    """Hand the exhibit over; the receiver signs what the entry says, but for `changes`."""
    body: dict[str, Any] = {
        "from": OFFICER, "to": OFFICER, "to_kind": "officer", "place": "room 2", "seal": None,
    }  # fmt: skip
    statement = {
        "at": "2026-11-24T08:00:30.000000Z", "exhibit": EXHIBIT, "format": "kancil-receipt/1",
        "from": OFFICER, "place": "room 2", "seal": None, "to": OFFICER, "unit": UNIT, **changes,
    }  # fmt: skip
    body["receipt"] = {
        "key": receiver.fingerprint, "signature": b64(receiver.sign(canonical(statement))),
        "statement": statement,
    }  # fmt: skip
    return lambda ledger: ledger.add(
        "exhibit.transferred", body, Key("officer"), officer=OFFICER, case=CASE, exhibit=EXHIBIT
    )


def _ledger_lies() -> dict[str, Callable[[Ledger], None]]:
    officer = Key("officer")

    def add(kind: str, body: dict[str, Any], key: Key = officer) -> Callable[[Ledger], None]:
        return lambda ledger: ledger.add(kind, body, key, officer=OFFICER, case=CASE)

    return {
        "ledger: officer retired before": add("officer.retired", {"officer": OFFICER}),
        "ledger: key revoked before": add(
            "key.revoked", {"officer": OFFICER, "fingerprint": officer.fingerprint}
        ),
        "ledger: key rotated before": add(
            "key.rotated",
            {"officer": OFFICER, "public_key": b64(Key("next").raw),
             "replaces": officer.fingerprint},
        ),
        "ledger: unit signs a finding": add("finding.accepted", {}, Key("unit")),
        "ledger: thief signs": add("finding.accepted", {}, Key("thief")),
        "ledger: new key without the old": add(
            "key.rotated", {"officer": OFFICER, "public_key": b64(Key("next").raw), "replaces": "x"}
        ),
        "ledger: key of nobody revoked": add("key.revoked", {"officer": OFFICER}),
        "ledger: hand-over, receipt of another": hand_over(Key("thief")),
        "ledger: hand-over, receipt says otherwise": hand_over(officer, place="elsewhere"),
    }  # fmt: skip
