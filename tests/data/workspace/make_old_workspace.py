"""Make the kept workspace, with today's code: `make_old_workspace.py OUT.tar.xz`.

What an older Kancil recorded must open, verify and come out again with every later one; the
archive beside this file is what one of them made (SOURCES.md says which). Run it with the code of
that version. Names, keys and prices are invented; the blocks are the first of mainnet and those of
`tests/bitcoin/mixed.py`.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.ids import CaseId, TraceId, new_id
from tests.bitcoin.mixed import MIXED, p2wpkh
from tests.bitcoin.mixed import START as PREPARED
from tests.cli.running import ROOT, Unit
from tests.cli.sample_unit import BASIS, FIRST_COINS, FIRST_PAYMENT, found
from tests.cli.stated_files import RECEIVER, stated_files
from tests.web.site import OUTSIDER, ROLES, Site

BLOCKS = 200
"""Of mainnet: block 170 holds the first payment."""
LABELS = """\
title: Invented labels
creator: Example Publisher
currency: BTC
tags:
  - address: %s
    label: Example Exchange
    category: exchange
    source: https://example.org
    lastmod: 2024-01-01
"""
SERVICE = encode_address(ScriptKind.P2WPKH, p2wpkh(8)[2:], REGTEST)
"""Gets what is left over when coins are prepared for the mix: a trace stops there."""
EARLIER = (("whirlpool", "1"),)
"""A version of a heuristic that stands beside a newer one."""


def make(out: Path) -> dict[str, Any]:
    """Make the workspace and pack it with its papers; gives what a reader is to find in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unit = found(folder / "unit", name="Kept Unit")
        _fill(unit, folder)
        labels = _traces(unit)
        site = _people(unit)
        labels += [_as_before(site, None), _as_before(site, EARLIER)]
        papers = folder / "papers"
        papers.mkdir()
        _papers(unit, papers, folder / "report.pdf")
        _queue(site)
        unit.say("ledger", "checkpoint", "-o", papers / "second.txt")
        about = _about(unit, site, labels)
        (papers / "about.json").write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")
        _pack(folder, out)
    return about


def _first_blocks(count: int) -> bytes:
    """Cut the first blocks out of a block file: magic, size, block, one after the other."""
    data = (ROOT / "tests" / "data" / "reports" / "first-600" / "blk00000.dat").read_bytes()
    end = 0
    for _ in range(count):
        end += 8 + int.from_bytes(data[end + 4 : end + 8], "little")
    return data[:end]


def _fill(unit: Unit, folder: Path) -> None:
    """Take in blocks, labels, a table of transfers and prices; name officers, open cases."""
    first, mixed = folder / "blk00000.dat", folder / "mixed.dat"
    first.write_bytes(_first_blocks(BLOCKS))
    mixed.write_bytes(MIXED.file)
    table, mapping, prices = stated_files(folder)
    unit.say("officer", "add", "Boun Souk", "--vouch", "known for years", "--role", "custodian")
    unit.say("officer", "add", "Kham", "--vouch", "known for years")
    unit.say("officer", "retire", "O3", "--reason", "moved")
    unit.say("case", "new", "The first payment", "--legal-basis", BASIS)
    unit.say("case", "new", "Coins that were mixed", "--legal-basis", BASIS)
    unit.say("exhibit", "add", "C1", first, "--title", "Blocks")
    unit.say("exhibit", "add", "C1", table, "--title", "Return of an exchange")
    unit.say("exhibit", "add", "C2", mixed, "--title", "Blocks of a test network")
    unit.say("transfers", "read", "E2", "--mapping", mapping)
    unit.say(
        "prices", "import", prices, "--source", "invented for tests", "--asset", "BTC",
        "--currency", "USD", "--fetched-on", "2026-03-10", "--licence", "none needed",
    )  # fmt: skip
    unit.say("bitcoin", "ingest", "main", "E1")
    unit.say("bitcoin", "ingest", "mixed", "E3", "--network", "regtest")
    for network, address in (("mainnet", RECEIVER), ("regtest", SERVICE)):
        labels = folder / f"{network}.yaml"
        labels.write_text(LABELS % address)
        unit.say("labels", "import", labels, "--network", network, "--fetched-on", "2024-09-27")
    unit.say("ledger", "checkpoint")


def _people(unit: Unit) -> Site:
    """Add an account of each role by its command, which records it; members of case 1 but one."""
    from kancil.cli.frame.desk import desk_ledger
    from kancil.custody.acting import ActingOfficer
    from kancil.custody.keys import KeyRing
    from kancil.custody.roll import Roll
    from kancil.desk.access.actions import add_member
    from kancil.desk.access.server import ensure_server
    from kancil.desk.people.models import Person
    from kancil.ground.workspace import open_workspace

    for name in (*ROLES, OUTSIDER):
        role = "officer" if name == OUTSIDER else name
        unit.say("person", "add", name, "--name", name.title(), "--role", role)
    workspace = open_workspace(Path(unit.root))
    ledger, keys = desk_ledger(workspace), KeyRing(workspace.keys_dir)
    officer = ledger.folded(Roll).officer("O1")
    by = ActingOfficer(officer.id, keys.officer_signer(officer.id))
    ensure_server(ledger, keys, name="Server", vouched_how="test", by=by)
    Person.objects.update(must_change_password=False)
    people = {person.username: person for person in Person.objects.all()}
    site = Site(unit, workspace, ledger, by, people)
    for name in ROLES:
        add_member(ledger, case=site.case("C1"), username=name, by=by, adder=None)
    return site


def _traces(unit: Unit) -> list[str]:
    """Record traces under every policy, both ways, stopping at CoinJoins and going through them."""
    labels = []
    asked = [
        (chain, start, *direction, *through)
        for chain, starts in (
            ("main", ((FIRST_COINS, ()), (f"{FIRST_PAYMENT}:1", ("--direction", "backward")))),
            ("mixed", ((PREPARED, ()), (f"{MIXED.paid.shown}:0", ("--direction", "backward")))),
        )
        for start, direction in starts
        for through in ((), ("--through-coinjoins",))
    ]
    for chain, *words in asked:
        for policy in POLICIES:
            made = unit.ask(
                "bitcoin", "trace", chain, *words, "--policy", policy.name, "--why", "kept",
                "--case", "C1" if chain == "main" else "C2",
            )  # fmt: skip
            labels.append(made["label"])
    passed = unit.ask(
        "bitcoin", "trace", "mixed", PREPARED, "--case", "C2", "--hops", "3", "--why", "kept",
        "--pass-services", "the exchange answered", "--min-sat", "1000",
        "--since", "2023-07-01", "--until", "2023-07-31",
    )  # fmt: skip
    return [*labels, passed["label"]]


def _as_before(site: Site, stops_at: tuple[tuple[str, str], ...] | None) -> str:
    """Record a trace as it was asked before: stopping at no CoinJoin, or by an earlier version."""
    from kancil.custody.roll import Roll
    from kancil.desk.cases.actions import keep_trace
    from kancil.desk.studies.queries import open_chain
    from kancil.studies.trace.question import NamedStart, TraceQuestion
    from kancil.studies.labels_used import load_labels
    from kancil.studies.trace.run import run_trace

    question = TraceQuestion(
        starts=(NamedStart(PREPARED),), policy="haircut", policy_reason="kept", stops_at=stops_at
    )
    chain = open_chain(site.workspace, "mixed")
    labels = load_labels(site.workspace.labels_dir, chain)
    answer = run_trace(chain, labels, question)
    entry = keep_trace(
        site.ledger,
        site.workspace,
        case=CaseId(site.ledger.folded(Roll).case("C2").id),
        trace=TraceId(new_id()),
        provenance=answer.provenance(chain, labels),
        result_sha256=answer.digest,
        rows=answer.as_dict(),
        by=site.by,
    )
    return f"T{entry.body['number']}"


def _papers(unit: Unit, papers: Path, report: Path) -> None:
    """Accept findings, take one back, make a bundle of each case, a report and a checkpoint."""
    unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    unit.say("finding", "accept", "C1", "--trace", "T2", "--class", "policy-result")
    unit.say("finding", "accept", "C2", "--trace", "T17", "--class", "policy-result")
    unit.say("finding", "withdraw", "F2", "--reason", "the policy is not the one meant")
    unit.say("bundle", "C1", "-o", papers / "first.zip", "--purpose", "court",
             "--trace", "T1", "--trace", "T7")  # fmt: skip
    unit.say("bundle", "C2", "-o", papers / "mixed.zip", "--purpose", "court")
    unit.say("report", "C1", "--trace", "T1", "-o", report)
    unit.say("ledger", "checkpoint", "-o", papers / "checkpoint.txt")


def _queue(site: Site) -> None:
    """Ask for work that no worker has begun."""
    from kancil.desk.jobs.actions import add_task

    parameters = {"chain": "main", "starts": [FIRST_COINS], "policy": "haircut", "why": "queued"}
    add_task(
        "run-trace", parameters, person=site.people["officer"], authenticated_by="password",
        case_id=site.case("C1"),
    )  # fmt: skip
    add_task(
        "make-clusters", {"chain": "main"}, person=site.people["officer"],
        authenticated_by="password", case_id=None,
    )  # fmt: skip


def _about(unit: Unit, site: Site, labels: list[str]) -> dict[str, Any]:
    """Write down what was recorded, to be found again."""
    traces = {
        f"T{entry.body['number']}": entry.body["result_sha256"]
        for entry in site.entries("trace.run")
    }
    assert sorted(traces) == sorted(labels)
    return {
        "entries": sum(1 for _ in site.ledger.entries()),
        "findings": {
            f"F{entry.body['number']}": entry.body["text"]
            for entry in site.entries("finding.accepted")
        },
        "traces": traces,
        "tasks": ["make-clusters", "run-trace"],
    }


def _pack(folder: Path, out: Path) -> None:
    """Pack the workspace and its papers; equal bytes are near each other, so that xz sees them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz", preset=9) as archive:
        for part in ("unit", "papers"):
            for path in sorted((folder / part).rglob("*")):
                archive.add(path, str(path.relative_to(folder)), recursive=False, filter=_plain)
    out.write_bytes(packed.getvalue())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owned it here."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    make(Path(sys.argv[1]))
