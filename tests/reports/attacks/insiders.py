"""What holders of the officer's key, the unit's or both can do; and strangers under its name."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from kancil.reports.casework.bundle.archive import write_archive
from kancil.reports.casework.bundle.manifest import PAGE, digest_of_analysis
from tests.reports.tiny_custody import add_making
from tests.reports.tiny_ledger import (
    CASE,
    EXHIBIT,
    OFFICER,
    OTHER_OFFICER,
    UNIT,
    TinyLedger,
    canonical,
    fingerprint_of,
    key_of,
    keys_of_strangers,
    leaf,
    raw_of,
    root,
)

from .attack import BOTH, STRANGER, Attack
from .attack import OFFICER as OWN
from .attack import UNIT as UNITS
from .forge import (
    FINDING,
    KEY,
    MAKING,
    PAGE_INSIDE,
    WITNESS,
    Forgery,
    Members,
    analysis,
    as_format_1,
    bend_json,
    hide,
    ledger_before,
    put,
    replace_in,
)
from .honest import later

ENTRIES = "custody/entries.jsonl"
PROOFS = "custody/proofs.json"
KEYS = "custody/keys.json"
CHECKPOINT = "custody/checkpoint.txt"
PAST = "2020-01-01T00:00:00.000000Z"
FUTURE = "2036-01-01T00:00:00.000000Z"
Bend = Callable[[Members], object]


def attacks() -> Iterator[Attack]:
    """Every attack with keys."""
    for name, forgery in {**_sealed_sets(), **_formats(), **_facts(), **_members()}.items():
        yield Attack(name, forgery.make(), OWN)
    yield Attack("finding taken out, right fingerprint", _without_finding().make(), OWN, key=KEY)
    for name, forgery in {**_ledgers(), **_makings(), **_tables()}.items():
        yield Attack(name, forgery.make(), BOTH)
    yield from _units_key()
    yield from _forks()
    yield from _strangers()


def _without_finding() -> Forgery:
    return Forgery(bend_custody=hide(FINDING))


def _sealed_sets() -> dict[str, Forgery]:
    """Hide what the signed entry of the making does not declare."""
    twice = partial(Forgery, bend_ledger=_earlier_making)
    return {
        "finding taken out, list signed again": _without_finding(),
        "trace taken out": Forgery(bend_custody=hide("trace.run")),
        "exhibit taken out": Forgery(bend_custody=hide("exhibit.added")),
        "two entries taken out": Forgery(bend_custody=hide(5, FINDING)),
        "one more taken out than was declared": Forgery(
            declared={5: WITNESS}, bend_custody=hide(FINDING)
        ),
        "another taken out than was declared": Forgery(
            declared={5: WITNESS}, sealed=frozenset({FINDING})
        ),
        "declared sealed, and shown": Forgery(declared={FINDING: WITNESS}, sealed=frozenset()),
        "entry of the making taken out": Forgery(bend_custody=hide(MAKING)),
        "earlier making named, which declares the finding": twice(
            bend_custody=hide(FINDING), bend_manifest=_names_earlier
        ),
        "newest making named, the finding sealed as the earlier declares": twice(
            bend_custody=hide(FINDING)
        ),
        "newest making taken out, earlier named": twice(bend_custody=hide(FINDING, MAKING + 1)),
        "making named by another hash": Forgery(bend_manifest=put(made_entry="ab" * 32)),
        "opening of the case named as the making": Forgery(bend_manifest=_names_opening),
    }


def _earlier_making(ledger: TinyLedger) -> None:
    """A first bundle of the same analysis declared the finding sealed."""
    add_making(ledger, digest_of_analysis(analysis()), sealed={FINDING: WITNESS})


def _names_earlier(manifest: dict[str, Any]) -> None:
    ledger = ledger_before()
    _earlier_making(ledger)
    _name(manifest, ledger.entries[-1])


def _names_opening(manifest: dict[str, Any]) -> None:
    _name(manifest, ledger_before().entries[3])


def _name(manifest: dict[str, Any], entry: bytes) -> None:
    manifest["made_entry"] = leaf(entry).hex()
    manifest["made_at"] = json.loads(entry)["statement"]["at"]


def _formats() -> dict[str, Forgery]:
    """Claim an older format, in which nothing need be declared."""

    def half_old(manifest: dict[str, Any]) -> None:
        manifest["format"] = "kancil-bundle/1"

    return {
        "older format claimed": Forgery(bend_manifest=as_format_1),
        "older format claimed, finding taken out": Forgery(
            bend_manifest=as_format_1, bend_custody=hide(FINDING)
        ),
        "older format claimed, making taken out": Forgery(
            bend_manifest=as_format_1, bend_custody=hide(MAKING)
        ),
        "older format claimed with the keys of this one": Forgery(bend_manifest=half_old),
        "the key that names the making left out": Forgery(
            bend_manifest=lambda manifest: manifest.pop("made_entry")
        ),
    }


def _facts() -> dict[str, Forgery]:
    """State in the manifest, keys.json and case.json what the ledger does not."""
    unit, officer = fingerprint_of(key_of("unit")), KEY

    def key(fingerprint: str, **changes: object) -> Bend:
        def change(keys: list[dict[str, Any]]) -> None:
            (one,) = [each for each in keys if each["fingerprint"] == fingerprint]
            one.update(changes)

        return bend_json(KEYS, change)

    def case(**changes: object) -> Bend:
        return bend_json("custody/case.json", lambda value: value.update(changes))

    manifests = {
        "made in 2020": put(made_at=PAST),
        "made in 2036": put(made_at=FUTURE),
        "made a microsecond later": put(made_at="2026-11-24T08:08:00.000001Z"),
        "another officer in the list": put(officer=OTHER_OFFICER),
        "another unit in the list": put(unit=OTHER_OFFICER),
        "another case in the list": put(case=EXHIBIT),
        "another network in the list": put(network="testnet3"),
        "another Kancil in the list": put(kancil="9.9.9"),
        "another checkpoint in the list": put(checkpoint_sha256="ab" * 32),
        "another analysis in the list": put(analysis_sha256="ab" * 32),
        "the unit's key named as the signer": put(key=unit),
    }
    members = {
        "signer renamed in keys.json": key(officer, name="Somebody else"),
        "unit renamed in keys.json": key(unit, name="Another Unit"),
        "signer's key given to a colleague": key(officer, officer=OTHER_OFFICER),
        "unit's key given to the officer": key(unit, officer=OFFICER),
        "signer without a name": key(officer, name=""),
        "another title of the case": case(title="Sample: a loan"),
        "another number of the case": case(number=2),
        "another unit of the case": case(unit=OTHER_OFFICER),
        "another id of the case": case(id=EXHIBIT),
    }
    return {
        **{name: Forgery(bend_manifest=bend) for name, bend in manifests.items()},
        **{name: Forgery(bend_custody=bend) for name, bend in members.items()},
    }


def _members() -> dict[str, Forgery]:
    """Add, drop and exchange signed members that need no other key than the officer's."""

    def stranger(members: Members) -> None:
        keys = json.loads(members[KEYS])
        raw = raw_of(key_of("stranger"))
        keys.append(
            {"fingerprint": fingerprint_of(key_of("stranger")), "name": "Stranger",
             "officer": OTHER_OFFICER, "public_key": base64.b64encode(raw).decode()}
        )  # fmt: skip
        members[KEYS] = canonical(keys)
        members["custody/keys/3.pem"] = members["custody/keys/2.pem"]

    def no_unit_key(members: Members) -> None:
        members[KEYS] = canonical([one for one in json.loads(members[KEYS]) if one["officer"]])
        members["custody/keys/1.pem"] = members.pop("custody/keys/2.pem")

    def no_exhibit(members: Members) -> None:
        members.pop(f"custody/heads/{EXHIBIT}.txt")
        bend_json(PROOFS, lambda proofs: proofs["exhibits"].clear())(members)

    def pem(members: Members) -> None:
        members["custody/keys/2.pem"] = members["custody/keys/1.pem"]

    bends: dict[str, Bend] = {
        "a stranger's key added": stranger,
        "the unit's key left out": no_unit_key,
        "an exhibit's history left out": no_exhibit,
        "another PEM under the officer's name": pem,
        "a member that the format does not know": lambda m: m.update({"custody/more.txt": b"x"}),
        "the head of the case left out": lambda m: m.pop("custody/heads/case.txt"),
        "the head of the case as that of the exhibit": lambda m: m.update(
            {f"custody/heads/{EXHIBIT}.txt": m["custody/heads/case.txt"]}
        ),
        "an entry twice": _lines(lambda lines: lines.insert(4, lines[4])),
        "entries in other order": _lines(list.reverse),
        "first entry left out": _lines(lambda lines: lines.pop(0)),
        "a word in an entry": replace_in(ENTRIES, b"payment under threat", b"payment under thread"),
        "last hash of the case left out": bend_json(PROOFS, lambda proofs: proofs["case"].pop()),
        "a hash of the case left out": bend_json(PROOFS, lambda proofs: proofs["case"].pop(-2)),
        "hashes of the case in other order": bend_json(PROOFS, lambda p: p["case"].reverse()),
        "an entry said to be of an exhibit": bend_json(
            PROOFS, lambda p: p["exhibits"][EXHIBIT].append(p["case"][-2])
        ),
        "a time stamp that is none": lambda m: m.update({"custody/checkpoint.tsr": b"stamp"}),
    }
    made = {name: Forgery(bend_custody=bend) for name, bend in bends.items()}
    report = replace_in("analysis/report.html", b"50 BTC", b"51 BTC")
    return {
        **made,
        "report changed, list signed again": Forgery(bend_listed=report),
        "page replaced, list signed again": Forgery(
            page=PAGE_INSIDE, bend_members=lambda m: m.update({PAGE: b"<h1>Intact.</h1>"})
        ),
        "page replaced by the report": Forgery(
            page=PAGE_INSIDE, bend_members=lambda m: m.update({PAGE: m["analysis/report.html"]})
        ),
    }


def _lines(change: Callable[[list[bytes]], object]) -> Bend:
    def bend(members: Members) -> None:
        lines = members[ENTRIES].splitlines(keepends=True)
        change(lines)
        members[ENTRIES] = b"".join(lines)

    return bend


def _makings() -> dict[str, Forgery]:
    """Write into the signed entry of the making something else than the bundle holds."""
    old = partial(Forgery, making_format=None, bend_manifest=as_format_1)

    def withheld(**changes: object) -> Mapping[str, object]:
        one = {"field": None, "n": 5, "reason": WITNESS, "sha256": ledger_before().hashes[4].hex()}
        return {"withheld": [one | changes]}

    sealed = frozenset({5})
    return {
        "making declares a newer format": Forgery(making_format="kancil-bundle/3"),
        "making declares an older format": Forgery(making_format="kancil-bundle/1"),
        "making declares no format": Forgery(making_format=None),
        "making declares format and bundle claims the older": Forgery(
            making_format="kancil-bundle/1", bend_manifest=as_format_1
        ),
        "older format after the ledger knew this one": old(
            bend_ledger=lambda ledger: add_making(ledger, "ab" * 32),
        ),
        "older format, made in 2020": Forgery(
            making_format=None,
            bend_manifest=_old_and_false,
        ),
        "older format, page of nobody": old(
            bend_members=lambda members: members.update({PAGE: PAGE_INSIDE}),
        ),
        "sealed under another number": Forgery(sealed=sealed, making=withheld(n=FINDING)),
        "sealed under another hash": Forgery(sealed=sealed, making=withheld(sha256="ab" * 32)),
        "sealed without a reason": Forgery(sealed=sealed, making=withheld(reason=" ")),
        "a field declared sealed, not the entry": Forgery(
            sealed=sealed, making=withheld(field="source")
        ),
        "number of the sealed entry as text": Forgery(sealed=sealed, making=withheld(n="5")),
        "list of the sealed left out": Forgery(sealed=sealed, making={"withheld": None}),
        "making without traces": Forgery(making={"traces": []}),
        "making of another analysis": Forgery(making={"analysis_sha256": "ab" * 32}),
        "making names another page": Forgery(page=PAGE_INSIDE, making={"page_sha256": "ab" * 32}),
        "an entry after the making taken out": Forgery(
            after=lambda ledger: _add(ledger, "case.entered", {"account": "dara"}),
            bend_custody=hide("case.entered"),
        ),
        "a making after this one": Forgery(
            after=lambda ledger: add_making(ledger, digest_of_analysis(analysis())),
            bend_custody=hide(MAKING + 1),
        ),
    }


def _old_and_false(manifest: dict[str, Any]) -> None:
    as_format_1(manifest)
    manifest["made_at"] = PAST


def _add(ledger: TinyLedger, kind: str, body: dict[str, object], by: str = "officer") -> None:
    ledger.add(kind, body, key=key_of(by), officer=OFFICER, case=CASE)


def _add_of_unit(ledger: TinyLedger, kind: str, body: dict[str, object]) -> None:
    ledger.add(kind, body, key=key_of("officer"), officer=OFFICER)


def _ledgers() -> dict[str, Forgery]:
    """Sign a ledger, a head or a checkpoint that cannot be."""
    revoked: dict[str, object] = {
        "officer": OFFICER,
        "fingerprint": KEY,
        "cause": "lost",
        "reason": "lost",
    }
    ledgers: dict[str, Callable[[TinyLedger], object]] = {
        "officer retired before the making": lambda ledger: _add_of_unit(
            ledger, "officer.retired", {"officer": OFFICER, "reason": "age"}
        ),
        "officer's key revoked before the making": lambda ledger: _add_of_unit(
            ledger, "key.revoked", revoked
        ),
        "finding signed by the unit's key": lambda ledger: _add(
            ledger, "finding.accepted", {}, "unit"
        ),
        "finding signed by a stranger": lambda ledger: _add(
            ledger, "finding.accepted", {}, "stranger"
        ),
        "a case opened twice": lambda ledger: ledger.add(
            "case.opened", {"basis": {}, "number": 2, "title": "x"}, key=key_of("officer"),
            officer=OFFICER, case=CASE,
        ),
    }  # fmt: skip

    def note(name: str, *, time: str = "2026-11-24T09:00:00.000000Z", fewer: int = 0) -> Bend:
        def bend(members: Members) -> None:
            hashes = [bytes.fromhex(one["hash"]) for one in json.loads(members[PROOFS])["entries"]]
            hashes = hashes[: len(hashes) - fewer]
            members[name] = TinyLedger().note(f"kancil/{UNIT}", hashes, f"time {time}")

        return bend

    def shorter(members: Members) -> None:
        """Take the finding out of the list of the case and sign its head again."""
        proofs = json.loads(members[PROOFS])
        proofs["case"].pop(-2)
        members[PROOFS] = canonical(proofs)
        hide(FINDING)(members)
        hashes = [bytes.fromhex(one["hash"]) for one in proofs["entries"]]
        whole = f"ledger {len(hashes)} {base64.b64encode(root(hashes)).decode()}"
        members["custody/heads/case.txt"] = TinyLedger().note(
            f"kancil/{UNIT}/case/{CASE}", [bytes.fromhex(one) for one in proofs["case"]],
            "time 2026-11-24T09:00:00.000000Z", whole,
        )  # fmt: skip

    return {
        **{name: Forgery(bend_ledger=bend) for name, bend in ledgers.items()},
        "checkpoint of 2020": Forgery(bend_custody=note(CHECKPOINT, time=PAST)),
        "checkpoint of a shorter ledger": Forgery(bend_custody=note(CHECKPOINT, fewer=1)),
        "finding taken out of the list of the case, head signed again": Forgery(
            bend_custody=shorter
        ),
    }


def _tables() -> dict[str, Forgery]:
    """State in the analysis what the chain does not give, and record it in the ledger."""
    folder = "analysis/traces/1/"
    raw = next(name for name in analysis() if name.startswith("analysis/proofs/tx/f4184fc5"))
    bends: dict[str, Bend] = {
        "an amount in a table": replace_in(f"{folder}transfers.csv", b"1000000000", b"1000000001"),
        "a total": replace_in(f"{folder}totals.csv", b"5000000000", b"5000000001"),
        "a row less": lambda m: m.update(
            {f"{folder}holdings.csv": b"".join(m[f"{folder}holdings.csv"].splitlines(True)[:-1])}
        ),
        "another policy in the question": replace_in(
            f"{folder}parameters.json", b'"policy":"fifo"', b'"policy":"lifo"'
        ),
        "a byte of a transaction": lambda m: m.update({raw: m[raw][:-6] + b"\1" + m[raw][-5:]}),
        "a header without work": lambda m: m.update(
            {"analysis/proofs/headers.bin": bytes(80) + m["analysis/proofs/headers.bin"][80:]}
        ),
        "a member of the analysis that is unknown": lambda m: m.update({"analysis/x.txt": b"x"}),
        "another network in the analysis": bend_json(
            "analysis/analysis.json", lambda value: value.update(network="regtest")
        ),
    }
    return {name: Forgery(bend_analysis=bend) for name, bend in bends.items()}


def _units_key() -> Iterator[Attack]:
    """Without the officer's key, the unit's signs what it may not, or what nobody listed."""
    yield Attack("list signed by the unit", Forgery(signer="unit").make(), UNITS)
    hidden = Forgery(signer="unit", bend_custody=hide(FINDING))
    yield Attack("finding taken out, list signed by the unit", hidden.make(), UNITS)
    members = Forgery().members()
    proofs = json.loads(members[PROOFS])
    hashes = [bytes.fromhex(one["hash"]) for one in proofs["entries"]]
    note = TinyLedger().note(f"kancil/{UNIT}", hashes, "time 2026-11-24T10:00:00.000000Z")
    yield Attack(
        "checkpoint signed again, list as it was",
        write_archive({**members, CHECKPOINT: note}),
        UNITS,
    )


def _forks() -> Iterator[Attack]:
    """Show one person another ledger than the other; a later checkpoint and its proof tell."""
    whole = Forgery().make()
    note, proof = later()
    forked, forked_proof = later(other=True)
    _, shorter = later(grown=5)
    bent = json.loads(proof)
    bent["path"][0] = "ab" * 32
    for name, checkpoint, consistency in (
        ("a fork, its later checkpoint and its proof", forked, forked_proof),
        ("a fork, its later checkpoint and the honest proof", forked, proof),
        ("a later checkpoint, and the proof of another one", note, shorter),
        ("a later checkpoint, and a bent proof", note, canonical(bent)),
    ):
        yield Attack(name, whole, BOTH, "not-intact", "", checkpoint, consistency)


def _strangers() -> Iterator[Attack]:
    """Forge a whole unit under the same names and ids, with keys of one's own."""
    honest = Forgery().members()
    with keys_of_strangers():
        forged = Forgery().make()
        by_stranger = Forgery(signer="officer").members()
        checkpoint = by_stranger[CHECKPOINT]
    yield Attack("a whole unit forged", forged, STRANGER, "unchanged")
    yield Attack("a whole unit forged, fingerprint at hand", forged, STRANGER, key=KEY)
    yield Attack(
        "a whole unit forged, checkpoint at hand", forged, STRANGER, checkpoint=honest[CHECKPOINT]
    )
    mixed = write_archive({**honest, CHECKPOINT: checkpoint})
    yield Attack("a stranger's checkpoint", mixed, STRANGER)
    manifest = {name: by_stranger[name] for name in ("MANIFEST.json", "MANIFEST.sig")}
    yield Attack("a stranger's list", write_archive({**honest, **manifest}), STRANGER)
    keys = {name: data for name, data in by_stranger.items() if name.startswith("custody/keys")}
    yield Attack(
        "a stranger's list and keys", write_archive({**honest, **manifest, **keys}), STRANGER
    )
    yield Attack("signed by a key that is not in it", Forgery(signer="nobody").make(), STRANGER)
