"""A ledger that states much: bases, exhibits in every place, findings of each class; and hostile.

For `Plan.twist_ledger`; written from docs/formats/ledger.md alone.
"""

from __future__ import annotations

import json
from typing import Any

from tests.page.bundle_maker import CASE, EXHIBIT, OFFICER, Key, Ledger, b64, canonical

BASIS = "01936000-0000-7000-8000-0000000000b1"
SERVER = "01936000-0000-7000-8000-0000000000a1"
TEXT = "The transaction paid 10 BTC.\nIt stands in block 170."
LAO = "ທຸລະກຳ\u200bນີ້ຈ່າຍ"
WITHDRAWN = "The amount was read from the wrong row."
LONG = "W" * 40_000
TURNED = "abc\u202edcba"
MARKUP = "<img src=x onerror=\"document.title='run'\"><b>Intact</b>"


STUDY_RESULT = "c" * 64


def basis(**stated: object) -> dict[str, object]:
    fields = (
        "authority", "country", "document_sha256", "expires_on", "id", "issued_on", "kind",
        "number", "return_due_on", "scope",
    )  # fmt: skip
    return dict.fromkeys(fields) | stated


def content(mark: str, files: int = 1) -> dict[str, object]:
    one = files == 1
    return {
        "files": files, "in_place": False, "listing_sha256": mark * 64, "size_bytes": "1234567",
        "md5": mark * 32 if one else None, "sha1": mark * 40 if one else None,
        "sha256": mark * 64 if one else None,
    }  # fmt: skip


def finding(number: int, kind: str, text: object, language: str = "en") -> dict[str, Any]:
    return {
        "class": kind, "code": "payment", "finding": f"01936000-0000-7000-8000-0000000000f{number}",
        "language": language, "number": number, "params": {}, "result_sha256": None, "text": text,
        "trace": None,
    }  # fmt: skip


def study(number: object, method: object, version: object = "1") -> dict[str, Any]:
    return {
        "number": number, "provenance": {"method": method, "parameters": {}, "version": version},
        "result_sha256": STUDY_RESULT, "study": f"01936000-0000-7000-8000-0000000005{number}",
    }  # fmt: skip


def tell(ledger: Ledger) -> None:
    """State what an orderly unit states."""
    officer = Key("officer")

    def add(kind: str, body: dict[str, Any], exhibit: str | None = None) -> None:
        ledger.add(kind, body, officer, officer=OFFICER, case=CASE, exhibit=exhibit)

    warrant = basis(
        authority="Provincial Court", country="LA", document_sha256="d" * 64, id=BASIS,
        expires_on="2027-02-28", issued_on="2026-11-20", kind="warrant", number="17/2026",
        return_due_on="2027-03-31", scope="the telephone and its wallets",
    )  # fmt: skip
    add("case.basis-added", {"basis": warrant})
    add("exhibit.acquired", {
        "content": content("a"), "source_digest": None, "tool": "a tool", "tool_version": "1",
        "write_blocker": None,
    }, EXHIBIT)  # fmt: skip
    add("exhibit.deposited", {
        "place": "court archive", "reason": None, "seal": "S-12", "to": "Registry of the court",
    }, EXHIBIT)  # fmt: skip
    add("finding.accepted", finding(1, "chain-fact", TEXT))
    add("finding.accepted", finding(2, "policy-result", "Under FIFO, 10 BTC came here."))
    run = study(12, "exposure")
    add("study.run", run)
    rests = {"result_sha256": STUDY_RESULT, "trace": run["study"]}
    add("finding.accepted", {**finding(3, "attribution", LAO, "lo"), **rests})
    add("finding.accepted", {**finding(4, "attribution", "Of no result.", "en"), **rests,
                             "result_sha256": "f" * 64})  # fmt: skip
    for number, reason in ((2, WITHDRAWN), (2, "counts no more"), (9, "of no finding")):
        taken = finding(number, "", "")["finding"]
        add("finding.withdrawn", {"finding": taken, "reason": reason})


def tell_hostile(ledger: Ledger) -> None:
    """State what could spoil a page: markup, endless words, turned text, wrong types."""
    officer = Key("officer")
    strange = basis(authority=MARKUP, kind=LONG, number=["no text"], scope=TURNED)
    ledger.add("case.basis-added", {"basis": strange}, officer, officer=OFFICER, case=CASE)
    ledger.add("case.basis-added", {"basis": ["no", "object"]}, officer, officer=OFFICER, case=CASE)
    for number, text in enumerate((LONG, "line\n" * 5000, MARKUP, {"a": 1}, TURNED), 1):
        body = finding(number, f"{MARKUP}{number}", text, '" onload="x')
        body["__proto__"] = {"text": "polluted"}
        ledger.add("finding.accepted", body, officer, officer=OFFICER, case=CASE)
    for taken in ({"finding": ["no text"], "reason": TURNED}, {}):
        ledger.add("finding.withdrawn", taken, officer, officer=OFFICER, case=CASE)
    for strange_study in (study(MARKUP, MARKUP, LONG), {"provenance": ["no", "object"]}):
        ledger.add("study.run", strange_study, officer, officer=OFFICER, case=CASE)
    disposed = {"order": {"authority": LONG, "date": 5}, "tombstone": [content("b"), 7, None]}
    ledger.add("exhibit.disposed", disposed, officer, officer=OFFICER, case=CASE, exhibit=EXHIBIT)


def tell_by_server(ledger: Ledger) -> None:
    """State what a unit's server signed for people, and what nobody but a server may say."""
    officer, server = Key("officer"), Key("server")
    ledger.add("officer.added", {
        "name": "Workbench", "number": 2, "officer": SERVER, "public_key": b64(server.raw),
        "role": "server", "vouched_by": OFFICER, "vouched_how": "first start",
    }, officer, officer=OFFICER)  # fmt: skip

    def add(kind: str, body: dict[str, Any], exhibit: str | None = None, **behalf: object) -> None:
        said = body | {"on_behalf": behalf} if behalf else body
        ledger.add(kind, said, server, officer=SERVER, case=CASE, exhibit=exhibit)

    code = "password and code"
    known = {"account": "dara", "authenticated_by": code, "officer": OFFICER}
    add("case.basis-added", {"basis": basis(kind="warrant", number="1/S")}, **known)
    add("exhibit.stored", {"place": "safe of the server"}, EXHIBIT, account="visitor",
        authenticated_by="a letter", officer=None)  # fmt: skip
    add("case.basis-added", {"basis": basis(number="2/S")}, account=["x"], officer={"y": 1})
    feigned = {"basis": basis(number="3/S"), "on_behalf": {**known, "account": "feigned"}}
    ledger.add("case.basis-added", feigned, officer, officer=OFFICER, case=CASE)


def with_server_key(members: dict[str, bytes]) -> None:
    """Put the server's key beside the others."""
    server = Key("server")
    keys = json.loads(members["custody/keys.json"])
    keys.append({
        "fingerprint": server.fingerprint, "name": "Workbench", "officer": SERVER,
        "public_key": b64(server.raw),
    })  # fmt: skip
    members["custody/keys.json"] = canonical(keys)
    members[f"custody/keys/{len(keys)}.pem"] = server.pem
