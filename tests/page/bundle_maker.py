"""A second maker of bundles, written from the format pages alone, with no code of Kancil's.

The page is tried on what this makes, so that it is not judged only by the writer whose bundles it
checks. It can also lie: each `twist` changes one thing *before* all that depends on it is computed
and signed again, as someone could who holds the keys.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from csv import reader, writer
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PROOFS = json.loads((Path(__file__).parents[1] / "data" / "page" / "proofs.json").read_text())
UNIT, OFFICER, CASE, EXHIBIT, OTHER, TRACE = (
    f"01936000-0000-7000-8000-00000000000{n}" for n in "123456"
)
ZEROS = "0" * 64
LINKED = "difficulty checked along held headers to a pinned checkpoint"
TRANSFERS = (
    "row,hop,txid,block_hash,block_time,from_outputs,to_output,address,value_sat,lower_sat,"
    "upper_sat,reason,after_service,labels"
)
LABELS = (
    "row,address,publisher,label,category,abuse,law,listed_on,modified_on,fetched_on,confidence,"
    "licence,source,sha256,place,is_service,is_listed_by_law"
)


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Key:
    """A test key that everybody can compute."""

    def __init__(self, name: str) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(sha(b"page test", name.encode()))
        self.raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.fingerprint = "SHA256:" + b64(sha(self.raw)).rstrip("=")

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)

    @property
    def pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )


def root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha(b"\1", root(hashes[:half]), root(hashes[half:]))


def audit_path(place: int, hashes: list[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    if place < half:
        return [*audit_path(place, hashes[:half]), root(hashes[half:])]
    return [*audit_path(place - half, hashes[half:]), root(hashes[:half])]


@dataclass
class Ledger:
    """Entries one after the other; `twist` may change a statement before it is signed."""

    unit_key: Key
    twist: Callable[[dict[str, Any]], None] = lambda _: None
    entries: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    chains: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, kind: str, body: dict[str, Any], key: Key, **links: str | None) -> None:
        number = len(self.entries) + 1
        statement: dict[str, Any] = {
            "at": f"2026-11-24T08:{number // 60:02d}:{number % 60:02d}.000000Z", "body": body,
            "case": self._link(links.get("case")), "exhibit": self._link(links.get("exhibit")),
            "format": "kancil-ledger/1", "key": key.fingerprint, "kind": kind, "n": number,
            "officer": links.get("officer"),
            "prev": self.hashes[-1].hex() if self.hashes else ZEROS, "unit": UNIT,
        }  # fmt: skip
        self.twist(statement)
        signed = canonical(statement)
        entry = canonical({"signature": b64(key.sign(signed)), "statement": statement})
        self.entries.append(entry)
        self.hashes.append(sha(b"\0", entry))
        for name in ("case", "exhibit"):
            if links.get(name):
                self.chains.setdefault(str(links[name]), []).append(self.hashes[-1])

    def _link(self, subject: str | None) -> dict[str, Any] | None:
        if subject is None:
            return None
        chain = self.chains.get(subject, [])
        return {
            "id": subject, "n": len(chain) + 1, "prev": chain[-1].hex() if chain else ZEROS,
        }  # fmt: skip

    def note(self, origin: str, hashes: list[bytes], *more: str) -> bytes:
        lines = [origin, str(len(hashes)), b64(root(hashes)), "time 2026-11-24T09:00:00.000000Z"]
        text = "\n".join([*lines, *more]).encode() + b"\n"
        name = f"kancil/{UNIT}"
        hint = sha(f"{name}\n".encode(), b"\1", self.unit_key.raw)[:4]
        return text + f"\n— {name} {b64(hint + self.unit_key.sign(text))}\n".encode()

    def checkpoint(self, size: int | None = None) -> bytes:
        return self.note(f"kancil/{UNIT}", self.hashes[:size])

    def head(self, what: str, subject: str) -> bytes:
        belongs = f"ledger {len(self.hashes)} {b64(root(self.hashes))}"
        return self.note(f"kancil/{UNIT}/{what}/{subject}", self.chains[subject], belongs)


@dataclass
class Plan:
    """What a bundle is made of; change any of it, then `make`."""

    sealed: frozenset[int] = frozenset()
    declared: frozenset[int] | None = None
    """Entries that the making declares sealed; None: those that are."""
    bundle_format: str = "kancil-bundle/2"
    twist_making: Callable[[dict[str, Any]], object] = lambda _: None
    """Gets the body of the entry that says the bundle was made."""
    twist_statement: Callable[[dict[str, Any]], None] = lambda _: None
    twist_analysis: Callable[[dict[str, Any]], None] = lambda _: None
    """Gets the analysis as plain objects, see `analysis_parts`."""
    twist_ledger: Callable[[Ledger], None] = lambda _: None
    """Called before the entry that says the bundle was made."""
    twist_custody: Callable[[dict[str, bytes]], object] = lambda _: None
    twist_manifest: Callable[[dict[str, Any]], None] = lambda _: None
    manifest_key: str = "officer"
    unit_key: str = "unit"
    extra: dict[str, bytes] = field(default_factory=dict)
    """Further members under analysis/ or custody/, inside the manifest."""
    outside: dict[str, bytes] = field(default_factory=dict)
    """Further members outside the manifest."""
    with_new: bool = True
    network: str = "mainnet"
    analysis: dict[str, bytes] | None = None
    """Everything under analysis/, instead of what is picked here."""


def analysis_parts(plan: Plan) -> dict[str, Any]:
    """The analysis as plain objects, from the picked transactions."""
    cited = [*PROOFS["old"], *([PROOFS["new"]] if plan.with_new else [])]
    headers = bytes.fromhex(PROOFS["headers"])
    if plan.with_new:
        headers += bytes.fromhex(PROOFS["new"]["header"])
    blocks = [
        {"hash": tx["block"], "height": height, "height_source": "linked", "place": height,
         "work": LINKED}
        for tx, height in zip(PROOFS["old"], PROOFS["heights"], strict=True)
    ]  # fmt: skip
    if plan.with_new:
        new = {
            "hash": PROOFS["new"]["block"], "height": 702861, "height_source": "file name",
            "place": len(headers) // 80 - 1, "work": "own target only",
        }  # fmt: skip
        blocks.append(new)
    wanted = ("txid", "block", "index", "path", "coinbase_txid", "coinbase_path")
    runs = [0] * len(PROOFS["old"]) + [1]
    unspent = [[], [0], [0, 1], [0, 1, 2, 3, 4, 5, 6, 7]]
    unknown = [[], [], [], [0]]
    unspent[3] = unspent[3][: output_count(bytes.fromhex(PROOFS["new"]["base"]))]
    return {
        "blocks": blocks,
        "headers": headers,
        "transactions": [
            {**{k: tx[k] for k in wanted}, "run": [runs[n]] * 2, "stated_values": [],
             "unknown_inputs": unknown[n], "unspent_outputs": unspent[n]}
            for n, tx in enumerate(cited)
        ],
        "raw": {tx["txid"]: bytes.fromhex(tx["raw"]) for tx in cited},
        "base": {tx["txid"]: bytes.fromhex(tx["base"]) for tx in cited},
        "rows": transfer_rows(),
        "labels": [],
        "parameters": parameters(),
        "analysis": {
            "format": "kancil-analysis/1", "held": held(), "kancil": "0.1.0",
            "network": plan.network, "traces": 1,
        },
        **other_tables(with_new=plan.with_new),
    }  # fmt: skip


def output_count(base: bytes) -> int:
    """Count the outputs of a transaction with one input."""
    assert base[4] == 1
    return base[4 + 1 + 36 + 1 + base[41] + 4]


def transfer_rows() -> list[list[str]]:
    """The rows by hand: 50 BTC, of which 10 and 40, of which 10 and 30; nothing else in."""
    start, first, second = (tx["txid"] for tx in PROOFS["old"])
    places = {tx["txid"]: tx for tx in PROOFS["old"]}
    times = {first: "2009-01-12T03:30:25Z", second: "2009-01-12T06:02:13Z"}
    wanted = [
        (1, first, f"{start}:0", 0, 10), (1, first, f"{start}:0", 1, 40),
        (2, second, f"{first}:1", 0, 10), (2, second, f"{first}:1", 1, 30),
    ]  # fmt: skip
    return [
        [str(row), str(hop), txid, places[txid]["block"], times[txid], source, f"{txid}:{n}", "",
         *[str(coins * 100_000_000)] * 3, "", "no", ""]
        for row, (hop, txid, source, n, coins) in enumerate(wanted, 1)
    ]  # fmt: skip


def parameters() -> dict[str, Any]:
    """The question that the tables answer."""
    start = {"outpoint": f"{PROOFS['old'][0]['txid']}:0", "reference": "", "share_sat": None}
    return {
        "all_coins_ever": False, "asked": [], "direction": "forward", "hops": 2,
        "last_height": None, "method": "bitcoin.trace", "method_version": "1", "min_sat": "0",
        "pass_services": None,
        "policies": {"fifo": "1", "haircut": "1", "lifo": "1", "poison": "1"},
        "policy": "fifo", "policy_reason": "", "since": None, "starts": [start], "until": None,
    }  # fmt: skip


def held() -> dict[str, Any]:
    """What the maker says was held: blocks 0 to 181, and one much later."""
    return {
        "blocks": 183, "blocks_sha256": ZEROS, "inputs": [], "last_block": None,
        "last_height": None, "last_time": None, "runs": 2, "transactions": 185,
        "others": {"is_loose": False, "unknown_run": -1, "unseen_run": -1},
    }  # fmt: skip


def other_tables(*, with_new: bool) -> dict[str, list[list[str]]]:
    """The other tables by hand: all rests where it is.

    What went out of sight can have come back only where a block of a later run is held.
    """
    _, first, second = (tx["txid"] for tx in PROOFS["old"])
    resting = [(f"{first}:0", 10, 1), (f"{second}:0", 10, 2), (f"{second}:1", 30, 2)]
    all_of_it, none = "5000000000", ["0", "0"]
    totals = []
    for policy, orders in (("poison", 1), ("haircut", 1), ("fifo", 2), ("lifo", 2)):
        returned = "2100000000000000" if policy == "poison" else all_of_it
        for order in ("as-written", "reversed")[:orders]:
            totals.append([
                policy, "1", order, "no" if policy == "poison" else "yes", all_of_it, *none,
                all_of_it, all_of_it, *none, *none, *none, *none, "0",
                returned if with_new else "0",
            ])  # fmt: skip
    return {
        "holdings": [
            [str(row), "no-spend-seen", outpoint, "", *[str(coins * 100_000_000)] * 3, str(hop),
             "no", ""]
            for row, (outpoint, coins, hop) in enumerate(resting, 1)
        ],
        "left_out": [],
        "fetch_list": [
            [str(row), "spender", outpoint]
            for row, outpoint in enumerate(sorted(one for one, _, _ in resting), 1)
        ],
        "totals": totals,
    }  # fmt: skip


COLUMNS = {
    "transfers": TRANSFERS,
    "holdings": "row,state,output,address,value_sat,lower_sat,upper_sat,hop,after_service,labels",
    "left_out": "row,limit,output,address,lower_sat,upper_sat,hop,spend_seen,labels",
    "fetch_list": "row,kind,outpoint",
    "totals": (
        "policy,version,order,adds_up,start_sat,overlap_lower_sat,overlap_upper_sat,"
        "resting_lower_sat,resting_upper_sat,newly_issued_lower_sat,newly_issued_upper_sat,"
        "unknown_source_lower_sat,unknown_source_upper_sat,fees_lower_sat,fees_upper_sat,"
        "left_out_lower_sat,left_out_upper_sat,undetermined_sat,may_return_sat"
    ),
}


def csv(columns: str, rows: list[list[str]]) -> bytes:
    return "\n".join([columns, *map(",".join, rows), ""]).encode()


def analysis_members(plan: Plan) -> dict[str, bytes]:
    parts = copy.deepcopy(analysis_parts(plan))
    plan.twist_analysis(parts)
    proofs = "analysis/proofs/"
    members = {
        "analysis/analysis.json": canonical(parts["analysis"]),
        "analysis/labels.csv": csv(LABELS, parts["labels"]),
        "analysis/report.html": b"<!doctype html><title>Report</title>\n",
        f"{proofs}blocks.json": canonical(parts["blocks"]),
        f"{proofs}headers.bin": parts["headers"],
        f"{proofs}transactions.json": canonical(parts["transactions"]),
        "analysis/traces/1/parameters.json": canonical(parts["parameters"]),
    }
    for name, columns in COLUMNS.items():
        rows = parts["rows" if name == "transfers" else name]
        members[f"analysis/traces/1/{name}.csv"] = csv(columns, rows)
    for txid, raw in parts["raw"].items():
        members[f"{proofs}tx/{txid}.raw"] = raw
        if parts["base"][txid] != raw:
            members[f"{proofs}tx/{txid}.base"] = parts["base"][txid]
    return {**members, **{k: v for k, v in plan.extra.items() if k.startswith("analysis/")}}


def found_ledger(plan: Plan) -> Ledger:
    unit, officer = Key(plan.unit_key), Key("officer")
    ledger = Ledger(unit, plan.twist_statement)
    ledger.add("unit.founded", {
        "country": "LA", "name": "Sample Unit", "public_key": b64(unit.raw),
        "zone": "Asia/Vientiane",
    }, unit)  # fmt: skip
    ledger.add("officer.added", {
        "name": "Dara (sample)", "number": 1, "officer": OFFICER, "public_key": b64(officer.raw),
        "role": "investigator", "vouched_by": None, "vouched_how": "in person",
    }, unit, officer=OFFICER)  # fmt: skip
    ledger.add("case.opened", {"basis": {}, "number": 14, "title": "Sample: payment under threat"},
               officer, officer=OFFICER, case=CASE)  # fmt: skip
    ledger.add("exhibit.seized", {"number": 3, "title": "Telephone"}, officer,
               officer=OFFICER, case=CASE, exhibit=EXHIBIT)  # fmt: skip
    ledger.add("case.opened", {"basis": {}, "number": 15, "title": "Another matter"}, officer,
               officer=OFFICER, case=OTHER)  # fmt: skip
    ledger.add("exhibit.stored", {"place": "safe"}, officer,
               officer=OFFICER, case=CASE, exhibit=EXHIBIT)  # fmt: skip
    return ledger


def answer_digest(analysis: dict[str, bytes], folder: str) -> str:
    """The digest of an answer: parameters, and each table without its column `labels`."""
    tables = {}
    for name in COLUMNS:
        rows = list(reader(io.StringIO(analysis[f"{folder}{name}.csv"].decode(), newline="")))
        kept = [n for n, column in enumerate(rows[0]) if column != "labels"]
        out = io.StringIO()
        writer(out, lineterminator="\n").writerows(
            [row[n] for n in kept if n < len(row)] for row in rows
        )
        tables[name] = sha(out.getvalue().encode()).hex()
    asked = json.loads(analysis[f"{folder}parameters.json"])
    return sha(canonical({"parameters": asked, "tables": tables})).hex()


def making_of(
    plan: Plan, ledger: Ledger, analysis_sha256: str, traces: list[str]
) -> dict[str, Any]:
    """The body of the entry that says the bundle was made."""
    page = plan.outside.get("verify.html")
    making: dict[str, Any] = {
        "analysis_sha256": analysis_sha256, "format": plan.bundle_format,
        "page_sha256": None if page is None else sha(page).hex(), "purpose": "", "traces": traces,
        "withheld": [
            {"field": None, "n": n, "reason": f"reason {n}", "sha256": ledger.hashes[n - 1].hex()}
            for n in sorted(plan.sealed if plan.declared is None else plan.declared)
        ],
    }  # fmt: skip
    plan.twist_making(making)
    return making


def custody_members(
    plan: Plan, analysis: dict[str, bytes], analysis_sha256: str
) -> dict[str, bytes]:
    ledger = found_ledger(plan)
    traces: list[str] = []
    while f"analysis/traces/{len(traces) + 1}/parameters.json" in analysis:
        folder = f"analysis/traces/{len(traces) + 1}/"
        traces.append(f"{TRACE[:-1]}{len(traces)}")
        ledger.add("trace.run", {
            "number": len(traces), "provenance": {}, "trace": traces[-1],
            "result_sha256": answer_digest(analysis, folder),
        }, Key("officer"), officer=OFFICER, case=CASE)  # fmt: skip
    plan.twist_ledger(ledger)
    making = making_of(plan, ledger, analysis_sha256, traces)
    ledger.add("bundle.made", making, Key("officer"), officer=OFFICER, case=CASE)
    listed = {h for subject in (CASE, EXHIBIT) for h in ledger.chains[subject]}
    keyed = {n for n, line in enumerate(ledger.entries, 1) if b'"kind":"officer.added"' in line}
    shown = {1} | keyed | {n for n, h in enumerate(ledger.hashes, 1) if h in listed} - plan.sealed
    proofs = {
        "case": [h.hex() for h in ledger.chains[CASE]],
        "entries": [
            {"hash": h.hex(), "n": n, "path": [p.hex() for p in audit_path(n - 1, ledger.hashes)]}
            for n, h in enumerate(ledger.hashes, 1) if h in listed or n in shown
        ],
        "exhibits": {EXHIBIT: [h.hex() for h in ledger.chains[EXHIBIT]]},
        "root": root(ledger.hashes).hex(),
        "size": len(ledger.hashes),
    }  # fmt: skip
    names = [json.loads(line)["statement"]["body"] for line in ledger.entries[:2]]
    unit_name, officer_name = (
        body.get("name", "") if isinstance(body, dict) else "" for body in names
    )
    owners = {plan.unit_key: (None, unit_name), "officer": (OFFICER, officer_name)}
    if plan.manifest_key not in owners:
        owners[plan.manifest_key] = (OFFICER, officer_name)
    members = {
        "custody/case.json": canonical(
            {"id": CASE, "number": 14, "title": "Sample: payment under threat", "unit": UNIT}
        ),
        "custody/checkpoint.txt": ledger.checkpoint(),
        "custody/entries.jsonl": b"".join(
            entry + b"\n" for n, entry in enumerate(ledger.entries, 1) if n in shown
        ),
        "custody/heads/case.txt": ledger.head("case", CASE),
        f"custody/heads/{EXHIBIT}.txt": ledger.head("exhibit", EXHIBIT),
        "custody/keys.json": canonical([
            {"fingerprint": Key(name).fingerprint, "name": person, "officer": officer,
             "public_key": b64(Key(name).raw)}
            for name, (officer, person) in owners.items()
        ]),
        "custody/proofs.json": canonical(proofs),
    }  # fmt: skip
    for number, name in enumerate(owners, 1):
        members[f"custody/keys/{number}.pem"] = Key(name).pem
    members |= {k: v for k, v in plan.extra.items() if k.startswith("custody/")}
    plan.twist_custody(members)
    return members


def listed_files(members: dict[str, bytes]) -> list[dict[str, str]]:
    return [
        {"path": name, "sha256": sha(members[name]).hex(), "size_bytes": str(len(members[name]))}
        for name in sorted(members)
    ]


def made_facts(members: dict[str, bytes]) -> dict[str, str]:
    """What the manifest says of the entry that records the making: the last one shown."""
    lines = members["custody/entries.jsonl"].splitlines()
    made = [line for line in lines if b'"kind":"bundle.made"' in line] or lines[-1:]
    return {
        "made_at": json.loads(made[-1])["statement"]["at"],
        "made_entry": sha(b"\0", made[-1]).hex(),
    }


def seal(members: dict[str, bytes], plan: Plan) -> dict[str, bytes]:
    """Add the manifest and its signature."""
    files = listed_files(members)
    manifest: dict[str, Any] = {
        "analysis_sha256": sha(
            canonical([f for f in files if f["path"].startswith("analysis/")])
        ).hex(),
        "case": CASE, "checkpoint_sha256": sha(members["custody/checkpoint.txt"]).hex(),
        "files": files, "format": "kancil-bundle/2", "kancil": "0.1.0",
        "key": Key(plan.manifest_key).fingerprint, **made_facts(members),
        "network": plan.network, "officer": OFFICER, "unit": UNIT,
    }  # fmt: skip
    plan.twist_manifest(manifest)
    text = canonical(manifest)
    signature = b64(Key(plan.manifest_key).sign(text)).encode() + b"\n"
    return {**members, "MANIFEST.json": text, "MANIFEST.sig": signature, **plan.outside}


def make_members(plan: Plan | None = None) -> dict[str, bytes]:
    plan = plan or Plan()
    analysis = analysis_members(plan) if plan.analysis is None else plan.analysis
    part = [file for file in listed_files(analysis) if file["path"].startswith("analysis/")]
    custody = custody_members(plan, analysis, sha(canonical(part)).hex())
    return seal({**analysis, **custody}, plan)


def zipped(members: dict[str, bytes], order: list[str] | None = None) -> bytes:
    """Write members with Python's zipfile, set to the one form allowed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in order or sorted(members):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.create_version, info.external_attr = 3, 20, 0x81A40000
            archive.writestr(info, members[name])
    return out.getvalue()


def make_bundle(plan: Plan | None = None) -> bytes:
    return zipped(make_members(plan))


def checkpoint_of(bundle: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.read("custody/checkpoint.txt")
