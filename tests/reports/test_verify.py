"""A whole bundle is intact; nothing that was changed is, whoever changed it."""

from __future__ import annotations

import dataclasses
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.checkpoint import read_checkpoint
from kancil.ground.cells import write_table
from kancil.ground.errors import FileNotReadable
from kancil.ground.signing import fingerprint
from kancil.reports.casework.bundle.archive import read_archive, write_archive
from kancil.reports.casework.bundle.checker.verdict import (
    EXIT_BYTES,
    EXIT_CHAIN,
    EXIT_CUSTODY,
    EXIT_NOT_CONFIRMED,
    EXIT_OTHER_CHECKPOINT,
    EXIT_OTHER_KEY,
    EXIT_SIGNATURE,
    EXIT_TABLE,
    EXIT_TOO_NEW,
    STEPS,
    BundleVerdict,
)
from kancil.reports.casework.bundle.checker.verify import verify_bundle, verify_bytes
from kancil.reports.casework.bundle.manifest import MANIFEST, digest_of_analysis
from kancil.reports.casework.bundle.page.build import PAGE
from kancil.studies.trace.table import read_table
from kancil.studies.trace.tables import TRANSFERS
from tests.page.stamp import stamp
from tests.reports.make_sample_bundle import Sample, make_sample, sample_answers, sample_of
from tests.reports.mutations import mutations
from tests.reports.tiny_custody import custody_members, ledger_for
from tests.reports.tiny_ledger import canonical, found_ledger, key_of, raw_of

TRACE = "analysis/traces/1/"
OFFICER_KEY = fingerprint(raw_of(key_of("officer")))


@cache
def whole() -> bytes:
    return make_sample().seal()


def codes(verdict: BundleVerdict) -> set[str]:
    return {problem.code for problem in verdict.problems}


def signed_again(changes: dict[str, bytes | None], *, ledger_too: bool = True) -> bytes:
    """The sample with changed members, signed by the officer's own key.

    This is what an officer who lies can do: their ledger entry names the false analysis.
    """
    sample = make_sample()
    analysis = {**sample.analysis}
    custody = {**sample.custody}
    for name, data in changes.items():
        part = analysis if name.startswith("analysis/") else custody
        part.pop(name, None)
        if data is not None:
            part[name] = data
    if ledger_too:
        digests = [answer.digest for answer in sample.answers.answers]
        ledger = ledger_for(digest_of_analysis(analysis), digests)
        custody = custody_members(ledger)
        custody |= {
            name: data
            for name, data in changes.items()
            if data is not None and name.startswith("custody/")
        }
    return Sample(analysis, custody, sample.answers).seal()


def test_a_whole_bundle_is_intact() -> None:
    verdict = verify_bytes(whole())
    assert verdict.problems == []
    assert verdict.is_intact
    assert (verdict.answer, verdict.exit_status) == ("unchanged", EXIT_NOT_CONFIRMED)
    states = {name: verdict.steps[name].state for name in STEPS}
    assert states == {
        "bytes": "holds",
        "signer": "not-checked",
        "custody": "holds",
        "when": "not-checked",
        "chain": "holds",
        "table": "holds",
    }
    assert json.loads(json.dumps(verdict.as_dict()))["intact"] is True


def test_every_remark_has_its_sentence() -> None:
    verdicts = [verify_bytes(whole()), *(verify_bytes(data) for _, data in mutations(whole())[:60])]
    for verdict in verdicts:
        for step in verdict.steps.values():
            for remark in (*step.problems, *step.said, *step.not_checked):
                assert "note.bundle-" not in remark.sentence(), remark


@pytest.mark.parametrize("seed", [1])
def test_none_of_two_hundred_spoilt_bundles_is_intact(seed: int) -> None:
    spoilt = mutations(whole(), seed)
    assert len(spoilt) == 200
    for what, data in spoilt:
        if data == whole():
            continue
        verdict = verify_bytes(data)
        assert not verdict.is_intact, what
        assert verdict.exit_status != 0, what
        assert verdict.problems, what


def test_a_bundle_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(whole())
    assert verify_bundle(path).is_intact
    with pytest.raises(FileNotReadable):
        verify_bundle(tmp_path / "none.zip")


def test_the_key_is_compared_with_one_received_by_another_road() -> None:
    assert verify_bytes(whole(), key=OFFICER_KEY).steps["signer"].state == "holds"
    other = verify_bytes(whole(), key=fingerprint(raw_of(key_of("somebody"))))
    assert other.exit_status == EXIT_OTHER_KEY
    assert codes(other) == {"key-differs"}


def test_a_bundle_signed_again_by_another_key_is_not_intact() -> None:
    verdict = verify_bytes(make_sample().seal("somebody"))
    assert not verdict.is_intact
    assert "key-not-in-bundle" in codes(verdict)


def test_a_bundle_signed_by_a_key_of_the_bundle_that_did_not_make_it_is_not_intact() -> None:
    verdict = verify_bytes(make_sample().seal("unit"))
    assert verdict.exit_status == EXIT_CUSTODY
    assert "making-by-another" in codes(verdict)


def test_a_wrong_signature_alone_has_its_own_status() -> None:
    members = read_archive(whole()).members
    signature = bytearray(members["MANIFEST.sig"])
    signature[3] = ord("A") if signature[3] != ord("A") else ord("B")
    verdict = verify_bytes(write_archive({**members, "MANIFEST.sig": bytes(signature)}))
    assert verdict.exit_status == EXIT_SIGNATURE


def test_changed_bytes_have_their_own_status() -> None:
    members = read_archive(whole()).members
    verdict = verify_bytes(write_archive({**members, "analysis/report.html": b"other"}))
    assert verdict.exit_status == EXIT_BYTES
    assert codes(verdict) >= {"member-changed"}


def test_a_newer_format_is_refused_with_one_sentence() -> None:
    members = read_archive(whole()).members
    manifest = {**json.loads(members[MANIFEST]), "format": "kancil-bundle/4"}
    verdict = verify_bytes(write_archive({**members, MANIFEST: canonical(manifest)}))
    assert verdict.exit_status == EXIT_TOO_NEW
    assert (verdict.answer, verdict.problems) == ("newer", [])
    assert [remark.code for remark in verdict.steps["bytes"].not_checked] == ["too-new"]
    assert not verdict.is_intact


def test_the_page_inside_the_bundle_is_the_one_that_the_ledger_names() -> None:
    sample = sample_of(sample_answers(), page=PAGE.read_bytes())
    verdict = verify_bytes(sample.seal())
    assert verdict.is_intact
    assert "page-published" in {remark.code for remark in verdict.steps["custody"].said}
    named = verify_bytes(sample_of(sample_answers(), page=b"<p>page</p>").seal())
    assert named.is_intact
    assert "page-not-published" in {remark.code for remark in named.steps["custody"].not_checked}
    replaced = verify_bytes(dataclasses.replace(sample, page=b"<h1>Intact. Trust me.</h1>").seal())
    assert codes(replaced) == {"page-replaced"}
    assert replaced.exit_status == EXIT_CUSTODY


def test_only_the_signed_files_are_counted() -> None:
    sample = sample_of(sample_answers(), page=PAGE.read_bytes())
    verdict = verify_bytes(sample.seal())
    (said,) = verdict.steps["bytes"].said
    assert said.params["count"] == len(sample.members)


def test_a_checkpoint_held_elsewhere_anchors_the_bundle() -> None:
    note = read_checkpoint(read_archive(whole()).members["custody/checkpoint.txt"])
    verdict = verify_bytes(whole(), against=note)
    assert verdict.is_intact
    assert verdict.steps["when"].state == "holds"
    assert "anchored" in {remark.code for remark in verdict.steps["when"].said}


def test_a_checkpoint_of_another_ledger_is_told() -> None:
    ledger = ledger_for("0" * 64, ["1" * 64])
    verdict = verify_bytes(whole(), against=read_checkpoint(ledger.checkpoint()))
    assert verdict.exit_status == EXIT_OTHER_CHECKPOINT
    assert "checkpoint-differs" in codes(verdict)


def changed_row(column: str, value: str, row: int = 2) -> bytes:
    data = make_sample().analysis[TRACE + "transfers.csv"]
    rows = read_table(data, TRANSFERS)
    assert rows is not None
    rows[row][column] = value
    return write_table(TRANSFERS, [list(each.values()) for each in rows])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lower_sat", "999999999"),
        ("upper_sat", "1000000001"),
        ("value_sat", "7"),
        ("hop", "9"),
        ("address", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        ("block_time", "2010-01-12T06:02:13Z"),
        ("from_outputs", "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"),
        ("reason", "unknown-source"),
        ("after_service", "yes"),
        ("labels", "1"),
    ],
)
def test_a_false_row_is_found_even_when_the_officer_themselves_signed_it(
    column: str, value: str
) -> None:
    table = changed_row(column, value)
    verdict = verify_bytes(signed_again({TRACE + "transfers.csv": table}))
    assert verdict.exit_status == EXIT_TABLE
    assert "row-differs" in codes(verdict)
    (problem,) = [p for p in verdict.problems if p.code == "row-differs"]
    assert problem.params["row"] == 3


@pytest.mark.parametrize("table", ["holdings", "left_out", "fetch_list", "totals"])
def test_every_other_table_is_computed_again_too(table: str) -> None:
    name = f"{TRACE}{table}.csv"
    verdict = verify_bytes(signed_again({name: make_sample().analysis[name] + b"1,x\n"}))
    assert verdict.exit_status == EXIT_TABLE


def test_a_report_that_says_otherwise_than_its_tables_is_found() -> None:
    report = make_sample().analysis["analysis/report.html"].replace(b"50 BTC", b"51 BTC")
    verdict = verify_bytes(signed_again({"analysis/report.html": report}))
    assert codes(verdict) == {"report-differs"}
    assert verdict.exit_status == EXIT_TABLE


def test_a_parquet_table_that_differs_from_the_csv_is_found() -> None:
    name = TRACE + "transfers.parquet"
    verdict = verify_bytes(signed_again({name: b"PAR1 nonsense PAR1"}))
    assert codes(verdict) == {"parquet-differs"}


def test_a_signed_member_that_the_format_does_not_know_is_found() -> None:
    assert "member-unknown" in codes(verify_bytes(signed_again({"analysis/more.txt": b"x"})))
    assert "member-unknown" in codes(verify_bytes(signed_again({"custody/more.txt": b"x"})))


def test_an_answer_that_the_ledger_did_not_record_is_found() -> None:
    sample = make_sample()
    ledger = ledger_for(digest_of_analysis(sample.analysis), ["0" * 64])
    other = dataclasses.replace(sample, custody=custody_members(ledger))
    assert codes(verify_bytes(other.seal())) == {"trace-digest"}


def test_a_changed_transaction_breaks_the_chain_facts() -> None:
    sample = make_sample()
    name = next(n for n in sample.analysis if n.startswith("analysis/proofs/tx/f4184fc5"))
    raw = bytearray(sample.analysis[name])
    raw[-6] ^= 1
    verdict = verify_bytes(signed_again({name: bytes(raw)}))
    assert verdict.exit_status == EXIT_CHAIN
    assert "transaction-id" in codes(verdict)


def test_a_broken_ledger_has_its_own_status() -> None:
    sample = make_sample()
    lines = sample.custody["custody/entries.jsonl"].split(b"\n")
    lines[3] = lines[3].replace(b"payment under threat", b"payment under thread")
    verdict = verify_bytes(
        signed_again({"custody/entries.jsonl": b"\n".join(lines)}, ledger_too=False)
    )
    assert verdict.exit_status == EXIT_CUSTODY


def test_an_entry_that_is_sealed_without_being_declared_is_not_intact() -> None:
    sample = make_sample()
    lines = sample.custody["custody/entries.jsonl"].splitlines(keepends=True)
    (finding,) = [line for line in lines if b'"kind":"trace.run"' in line]
    lines.remove(finding)
    custody = {**sample.custody, "custody/entries.jsonl": b"".join(lines)}
    verdict = verify_bytes(dataclasses.replace(sample, custody=custody).seal())
    assert codes(verdict) == {"sealed-not-declared"}
    assert verdict.exit_status == EXIT_CUSTODY


def test_declared_sealed_entries_stay_hashes_and_the_bundle_is_intact() -> None:
    sealed = sample_of(sample_answers(), sealed={5: "a witness"})
    verdict = verify_bytes(sealed.seal())
    assert verdict.is_intact
    said = [one.params for one in verdict.steps["custody"].said if one.code == "sealed-declared"]
    # The entry belongs to the case and to an exhibit; it is one entry.
    assert said == [{"n": 5, "reason": "a witness"}]
    assert b"Block files" not in sealed.custody["custody/entries.jsonl"]


JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**53 - 1,
    "",
    "x",
    "0" * 64,
    [],
    {},
    [[]],
    {"__proto__": 1},
    "\u202e",
)


def spoil(value: Any, chance: random.Random) -> Any:
    """Put junk at a random place of a JSON value."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        if chance.random() < 0.1:
            return {name: item for name, item in value.items() if name != key}
        return {**value, key: spoil(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [*value[:place], spoil(value[place], chance), *value[place + 1 :]]
    return chance.choice(JUNK)


@pytest.mark.thorough
def test_hostile_json_under_a_right_signature_never_raises_and_is_never_intact() -> None:
    chance = random.Random(7)
    sample = make_sample()
    names = [name for name in sample.members if name.endswith(".json")]
    spoilt = 0
    for _ in range(150):
        name = chance.choice(names)
        before = json.loads(sample.members[name])
        after = spoil(before, chance)
        if after == before:
            continue
        data = canonical(after)
        verdict = verify_bytes(signed_again({name: data}))
        assert not verdict.is_intact, (name, after)
        spoilt += 1
    assert spoilt > 100


@pytest.mark.thorough
def test_hostile_manifests_never_raise() -> None:
    chance = random.Random(8)
    members = read_archive(whole()).members
    for _ in range(100):
        manifest = spoil(json.loads(members[MANIFEST]), chance)
        changed = write_archive({**members, MANIFEST: canonical(manifest)})
        if changed != whole():
            assert not verify_bytes(changed).is_intact
    deep = b"[" * 100_000 + b"]" * 100_000
    assert not verify_bytes(write_archive({**members, MANIFEST: deep})).is_intact


def stamped(folder: Path) -> tuple[bytes, bytes]:
    """The sample with an outside time stamp, and the authority's certificate."""
    sample = make_sample()
    response = stamp(folder, sample.custody["custody/checkpoint.txt"])
    custody = {**sample.custody, "custody/checkpoint.tsr": response}
    bundle = dataclasses.replace(sample, custody=custody).seal()
    return bundle, (folder / "cert.pem").read_bytes()


def test_an_outside_time_stamp_is_checked_against_pinned_certificates(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    bundle, authority = stamped(tmp_path / "one")
    verdict = verify_bytes(bundle, timestamp_chain=authority)
    assert verdict.is_intact
    assert "time-stamped" in {remark.code for remark in verdict.steps["when"].said}
    alone = verify_bytes(bundle)
    assert alone.steps["when"].state == "not-checked"
    assert "time-stamp-not-checked" in {r.code for r in alone.steps["when"].not_checked}
    _, other = stamped(tmp_path / "two")
    wrong = verify_bytes(bundle, timestamp_chain=other)
    assert codes(wrong) == {"time-stamp-wrong"}
    assert wrong.exit_status == EXIT_OTHER_CHECKPOINT


def test_a_bundle_made_again_later_is_anchored_by_a_checkpoint_of_its_beginning() -> None:
    ledger = found_ledger()
    early = read_checkpoint(ledger.checkpoint())
    verdict = verify_bytes(whole(), against=early)
    assert verdict.steps["when"].state == "holds"
    (anchored,) = [r for r in verdict.steps["when"].said if r.code == "anchored"]
    assert anchored.params == {"size": 5}
