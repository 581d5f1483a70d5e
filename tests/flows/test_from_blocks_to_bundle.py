"""From raw blocks to a bundle that a stranger checks, and what each check can and cannot see."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from kancil.custody.merkle import RightEdge
from tests.cli.running import Unit, run
from tests.cli.sample_unit import (
    BASIS,
    BLOCKS,
    FIRST_COINS,
    LISTED_PAYMENT,
    LONG_CHAIN,
    copied,
    fill,
    found,
)

LABELLED_PAYMENT = "17a4877b9d2c20a363d1f52ad70bc4cc4aa5864c3297e42d2d773429d6bbbd00"
"""In block 370661; pays an address that a TagPack names, partly from coins of the same block."""
OTHER_KEY = "SHA256:" + "A" * 43


def _trace(unit: Unit, *words: str | Path) -> Any:
    return unit.ask("bitcoin", "trace", "main", *words, "--why", "sample")


def test_the_first_payment_is_followed_over_six_hops(sample: Unit) -> None:
    trace = _trace(sample, FIRST_COINS)
    txids = {row["txid"] for row in trace["transfers"]} | {FIRST_COINS.split(":")[0]}
    assert max(row["hop"] for row in trace["transfers"]) == 6
    assert len(txids) == 9
    assert sum(int(row["lower_sat"]) for row in trace["holdings"]) == 50 * 10**8
    assert sum(int(row["upper_sat"]) for row in trace["holdings"]) == 50 * 10**8
    assert {row["state"] for row in trace["holdings"]} == {"no-spend-seen"}


def test_the_policies_part_where_other_coins_are_met(sample: Unit) -> None:
    rested: dict[str, int] = {}
    for policy in ("haircut", "fifo", "lifo", "poison"):
        rows = _trace(sample, FIRST_COINS, "--policy", policy)["holdings"]
        rested[policy] = int(rows[-1]["upper_sat"])
    # Block 496's transaction joins 11 of these bitcoin with 50 others and pays all to one output.
    assert rested["poison"] == 6_100_000_000
    assert rested["haircut"] == rested["fifo"] == rested["lifo"] == 1_100_000_000


def test_the_long_chain_has_seventy_one_hops(sample: Unit) -> None:
    trace = _trace(sample, LONG_CHAIN)
    assert max(row["hop"] for row in trace["transfers"]) == 71


def test_sources_outside_the_slice_are_unknown_and_on_the_fetch_list(
    sample: Unit, tmp_path: Path
) -> None:
    fetch = tmp_path / "fetch.txt"
    trace = _trace(sample, LISTED_PAYMENT, "--direction", "backward", "--fetch-list", fetch)
    assert [row["state"] for row in trace["holdings"]] == ["unknown-source"] * 2
    assert [row["value_sat"] for row in trace["holdings"]] == [None, None]
    lines = fetch.read_text("ascii").splitlines()
    assert len(lines) == 2
    assert [line.split()[1] for line in lines] == [row["output"] for row in trace["holdings"]]


def _bundle(unit: Unit, out: Path, case: str = "C1") -> Any:
    return unit.ask("bundle", case, "-o", out, "--purpose", "for the court")


def test_findings_go_into_a_bundle_that_verifies(unit: Unit, tmp_path: Path) -> None:
    for kind in ("chain-fact", "policy-result"):
        accepted = unit.ask("finding", "accept", "C1", "--trace", "T1", "--class", kind)
        assert accepted["class"] == kind
        assert "%" not in accepted["text"]
    for case in ("C1", "C2", "C3"):
        out = tmp_path / f"{case}.zip"
        made = _bundle(unit, out, case)
        # A stranger has no workspace, and is told whose key signed by another road.
        verdict = Unit(tmp_path).ask("verify", out, "--key", made["key"])
        assert (verdict["intact"], verdict["exit_status"]) == (True, 0)
        against = Unit(tmp_path).ask("verify", out, "--against", made["checkpoint"]["path"])
        assert against["exit_status"] == 0
    entries = zipfile.ZipFile(tmp_path / "C1.zip").read("custody/entries.jsonl")
    assert entries.count(b'"finding.accepted"') == 2


def test_a_later_checkpoint_confirms_an_older_bundle(sample: Unit, tmp_path: Path) -> None:
    unit = copied(sample, tmp_path / "unit")
    out, proof = tmp_path / "bundle.zip", tmp_path / "proof.json"
    _bundle(unit, out)
    unit.say("case", "new", "Elsewhere", "--legal-basis", "x")
    later = unit.ask("ledger", "consistency", out, "-o", proof)["checkpoint"]
    stranger = Unit(tmp_path)
    assert stranger.run("verify", out, "--against", later).status == 28
    answer = stranger.ask("verify", out, "--against", later, "--consistency", proof)
    assert (answer["answer"], answer["exit_status"]) == ("confirmed", 0)
    proof.write_bytes(proof.read_bytes().replace(b'"from":', b'"from":1'))
    broken = stranger.run("verify", out, "--against", later, "--consistency", proof)
    assert broken.status == 26, broken.out


def test_an_attribution_repeats_its_publisher(unit: Unit, tmp_path: Path) -> None:
    inputs = unit.ask("bitcoin", "tx", "main", LABELLED_PAYMENT)["inputs"]
    (source,) = [one["source"] for one in inputs if one["status"] == "known"]
    trace = _trace(unit, source, "--case", "C1")
    (label,) = {label["publisher"] for label in trace["labels"]}
    words = ("finding", "accept", "C1", "--trace", trace["label"], "--class", "attribution")
    text = unit.ask(*words)["text"]
    assert label in text
    assert "%" not in text
    assert unit.refused(*words, "--label", "9")["code"] == "finding-not-supported"
    made = _bundle(unit, tmp_path / "bundle.zip")
    assert run("verify", tmp_path / "bundle.zip", "--key", made["key"]).status == 0


def _changed(source: Path, out: Path, member: str) -> Path:
    """Flip one bit inside a member, by its place in the file."""
    data = bytearray(source.read_bytes())
    name = member.encode()
    at = data.index(name) + len(name) + 40
    data[at] ^= 1
    out.write_bytes(data)
    return out


def test_each_deceit_has_its_own_status(unit: Unit, sample: Unit, tmp_path: Path) -> None:
    out = tmp_path / "bundle.zip"
    made = _bundle(unit, out)
    stranger = Unit(tmp_path)
    assert stranger.run("verify", out, "--key", made["key"]).status == 0
    assert stranger.run("verify", out).status == 28
    assert "By whom: NOT CHECKED" in stranger.run("verify", out).out
    assert stranger.run("verify", out, "--key", OTHER_KEY).status == 25
    for member in ("analysis/report.html", "custody/entries.jsonl", "analysis/analysis.json"):
        assert stranger.run("verify", _changed(out, tmp_path / "x.zip", member)).status == 20
    longer = tmp_path / "longer.zip"
    longer.write_bytes(out.read_bytes() + b"\x00")
    assert stranger.run("verify", longer).status == 20
    other = copied(sample, tmp_path / "other")
    other.say("case", "new", "Elsewhere", "--legal-basis", "x")
    elsewhere = found(tmp_path / "elsewhere")
    for unit_there in (other, elsewhere):
        note = Path(unit_there.ask("ledger", "checkpoint")["path"])
        if unit_there is other:
            # The copy went on apart with the same keys, to the same length: a fork.
            while unit_there.ask("ledger", "checkpoint")["size"] < made["checkpoint"]["size"]:
                unit_there.say("case", "new", "Elsewhere", "--legal-basis", "x")
            note = Path(unit_there.ask("ledger", "checkpoint")["path"])
        ran = stranger.run("verify", out, "--against", note)
        assert ran.status == 26, ran.out


def test_a_workspace_is_checked_against_an_old_checkpoint(unit: Unit, tmp_path: Path) -> None:
    note = tmp_path / "checkpoint.txt"
    unit.say("ledger", "checkpoint", "-o", note)
    unit.say("case", "new", "Later", "--legal-basis", BASIS)
    anchored = unit.ask("verify", unit.root, "--against", note)
    assert (anchored["state"], anchored["intact"]) == ("anchored", True)
    assert anchored["anchored_size"] == anchored["entries"] - 1
    assert unit.ask("verify", unit.root)["state"] == "consistent, not anchored"
    assert unit.run("verify", unit.root, "--key", anchored["unit_key"]).status == 0
    assert unit.run("verify", unit.root, "--key", OTHER_KEY).status == 22


def _cut_tail(unit: Unit, entries: int) -> None:
    """Cut the newest entries off the ledger's file, as whoever holds the file can."""
    with closing(sqlite3.connect(unit.root / "desk" / "desk.sqlite")) as db, db:
        size = db.execute("SELECT max(n) FROM ledger_entry").fetchone()[0] - entries
        db.execute("DELETE FROM ledger_entry WHERE n > ?", (size,))
        hashes = [row[0] for row in db.execute("SELECT hash FROM ledger_entry ORDER BY n")]
        edge = RightEdge()
        for leaf in hashes:
            edge.append(leaf)
        db.execute(
            "UPDATE ledger_head SET size = ?, hash = ?, edge = ?",
            (size, hashes[-1], edge.to_bytes()),
        )


def _lose_checkpoints(unit: Unit) -> None:
    """Remove the workspace's own, each of which betrays a cut or a fork."""
    told = unit.ask("verify", unit.root, status=22)["problems"]
    assert {each["code"] for each in told} <= {"kept-checkpoint-later", "kept-checkpoint-differs"}
    for path in (unit.root / "checkpoints").iterdir():
        path.unlink()


def test_a_cut_tail_is_seen_only_against_a_checkpoint(unit: Unit, tmp_path: Path) -> None:
    note = tmp_path / "checkpoint.txt"
    unit.say("ledger", "checkpoint", "-o", note)
    whole = unit.ask("verify", unit.root)["entries"]
    _cut_tail(unit, 2)
    _lose_checkpoints(unit)
    # The ledger alone shows nothing; here the desk's rows, which were not cut with it, do.
    alone = unit.ask("verify", unit.root, status=12)
    assert (alone["state"], alone["entries"]) == ("consistent, not anchored", whole - 2)
    assert "cut" in unit.run("verify", unit.root).out
    seen = unit.ask("verify", unit.root, "--against", note, status=22)
    assert (seen["state"], seen["intact"]) == ("broken", False)


def test_a_tail_that_was_cut_and_grown_again_is_a_fork(unit: Unit, tmp_path: Path) -> None:
    note = tmp_path / "checkpoint.txt"
    size = unit.ask("ledger", "checkpoint", "-o", note)["size"]
    _cut_tail(unit, 1)
    told = unit.run("case", "new", "Instead", "--legal-basis", "x")
    # The unit's own kept note tells that another ledger of this size was signed before.
    assert told.status == 12, told
    assert (unit.root / "checkpoints" / f"{size}.txt").read_bytes() == note.read_bytes()
    _lose_checkpoints(unit)
    alone = unit.ask("verify", unit.root, status=12)
    assert alone["state"] == "consistent, not anchored"
    assert unit.ask("verify", unit.root, "--against", note, status=22)["state"] == "broken"


def test_an_edited_entry_is_seen_by_the_ledger_alone(unit: Unit) -> None:
    with closing(sqlite3.connect(unit.root / "desk" / "desk.sqlite")) as db, db:
        row = db.execute("SELECT n, data FROM ledger_entry WHERE n = 8").fetchone()
        at = row[1].rindex(b'"title"') if b'"title"' in row[1] else row[1].index(b'"body"') + 12
        data = row[1][: at + 12] + bytes([row[1][at + 12] ^ 1]) + row[1][at + 13 :]
        db.execute("UPDATE ledger_entry SET data = ? WHERE n = 8", (data,))
    assert unit.run("verify", unit.root).status != 0


def test_changed_and_missing_exhibit_bytes_are_told_by_name(unit: Unit) -> None:
    sha256 = unit.ask("exhibit", "list", "C1")[1]["sha256"]
    path = unit.root / "vault" / sha256[:2] / sha256[2:4] / sha256
    path.chmod(0o644)
    path.write_bytes(b"other bytes")
    (broken,) = unit.ask("verify", unit.root, status=12)["troubles"]
    assert (broken["code"], broken["exhibit"]) == ("vault-bytes-broken", "E2")
    path.unlink()
    (missing,) = unit.ask("verify", unit.root, status=12)["troubles"]
    assert missing["code"] == "vault-bytes-missing"


def _analysis(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if name.startswith("analysis/")
        }


def test_the_analysis_is_the_same_bytes_in_another_unit_at_another_place(
    sample: Unit, tmp_path: Path
) -> None:
    """Other unit, officer, folder, time zone, locale and hash seed; the question is the same."""
    first = copied(sample, tmp_path)
    first.say("bundle", "C1", "-o", tmp_path / "first.zip")
    root = tmp_path / "far" / "away"
    made = run("init", root, "--name", "ໜ່ວຍງານ", "--country", "KH", "--zone", "Pacific/Apia",
               "--officer", "Someone Else")  # fmt: skip
    assert made.status == 0, made.err
    second = Unit(root)
    fill(second)
    trace = ("bitcoin", "trace", "main", FIRST_COINS, "--case", "C1", "--why", "sample")
    second.say(*trace)
    other = {"TZ": "America/Caracas", "LC_ALL": "C", "LANG": "de_DE", "PYTHONHASHSEED": "7"}
    ran = second.process("bundle", "C1", "-o", tmp_path / "second.zip", env=other)
    assert ran.status == 0, ran.err
    ours, theirs = _analysis(tmp_path / "first.zip"), _analysis(tmp_path / "second.zip")
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert len(ours) > 20


def test_a_trace_that_no_longer_comes_out_stops_the_bundle(unit: Unit, tmp_path: Path) -> None:
    shutil.rmtree(unit.root / "chains" / "main")
    unit.say("bitcoin", "ingest", "main", BLOCKS / "blk00000.dat")
    out = tmp_path / "bundle.zip"
    assert unit.refused("bundle", "C1", "-o", out)["code"] == "trace-not-reproduced"
    assert not out.exists()
