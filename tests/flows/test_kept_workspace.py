"""A workspace of an older Kancil, and one of today's, opened by a Kancil that has more members."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED
from kancil.reports.casework.bundle.checker.verify import verify_bundle
from tests.bitcoin.mixed import START, p2wpkh
from tests.cli.running import Unit, as_process
from tests.data.workspace.make_old_workspace import LABELS, make
from tests.desk.postgres import running
from tests.flows.kept import ARCHIVE, Kept, unpacked
from tests.flows.more_members import EXTRA_HEURISTIC, EXTRA_POLICY, add_members

TRACES = 35


@pytest.fixture(scope="module")
def todays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "new.tar.xz"
    make(path)
    return path


OF_THIS_ONE = pytest.param("of this one", marks=pytest.mark.thorough)


@pytest.fixture(params=["of an older Kancil", OF_THIS_ONE])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    old = request.param == "of an older Kancil"
    return unpacked(ARCHIVE if old else request.getfixturevalue("todays"), tmp_path)


@pytest.fixture
def more(kept: Kept, tmp_path: Path) -> Iterator[None]:
    """Every kind of member is there once more, and labels on what the traces went through."""
    labels = tmp_path / "more.yaml"
    labels.write_text(LABELS % encode_address(ScriptKind.P2WPKH, p2wpkh(6)[2:], REGTEST))
    kept.unit.say("labels", "import", labels, "--network", "regtest", "--fetched-on", "2026-01-01")
    with pytest.MonkeyPatch.context() as patch:
        add_members(patch)
        yield


def steps_of(unit: Unit, bundle: Path, status: int = EXIT_NOT_CONFIRMED) -> dict[str, Any]:
    return {step["step"]: step for step in unit.ask("verify", bundle, status=status)["steps"]}


def test_it_verifies_and_says_what_it_said(kept: Kept) -> None:
    unit, about = kept.unit, kept.about
    assert len(about["traces"]) == TRACES
    answer = unit.ask("verify", unit.root, "--against", kept.papers / "checkpoint.txt")
    assert answer["intact"]
    assert answer["entries"] >= about["entries"]
    site = kept.site()
    accepted = [one.body for one in site.entries("finding.accepted")]
    assert {f"F{one['number']}": one["text"] for one in accepted} == about["findings"]
    from kancil.desk.jobs.models import State, Task

    waiting = Task.objects.filter(state=State.WAITING).values_list("name", flat=True)
    assert sorted(waiting) == about["tasks"]


@pytest.mark.thorough
@pytest.mark.usefixtures("more")
def test_every_trace_comes_out_again_though_there_are_more_members(kept: Kept) -> None:
    from kancil.bitcoin.chain.chain import Chain
    from kancil.studies.labels_used import load_labels
    from kancil.studies.trace.run import read_recorded, run_trace

    site = kept.site()
    found = {}
    for entry in site.entries("trace.run"):
        said = read_recorded(entry.body)
        chain = Chain.open(site.workspace.chains_dir / said.chain)
        labels = load_labels(site.workspace.labels_dir, chain, said.labels)
        found[f"T{entry.body['number']}"] = run_trace(chain, labels, said.question).digest
    assert found == kept.about["traces"]


@pytest.mark.thorough
@pytest.mark.usefixtures("more")
def test_every_door_gives_it_again(kept: Kept, tmp_path: Path) -> None:
    unit = kept.unit
    for case in ("C1", "C2"):
        out = tmp_path / f"{case}.zip"
        unit.say("bundle", case, "-o", out, "--purpose", "court")
        assert steps_of(unit, out)["table"]["state"] == "holds"
        unit.say("report", case, "-o", tmp_path / f"{case}.pdf")
    for name in ("first.zip", "mixed.zip"):
        steps = steps_of(unit, kept.papers / name)
        assert [step["problems"] for step in steps.values()] == [[]] * len(steps)
        assert steps["table"]["state"] == "holds"
        told = {one["code"] for key in ("said", "not_checked") for one in steps["table"][key]}
        assert told & {"report-same", "report-of-other-version"}
    unit.say("finding", "accept", "C2", "--trace", "T17", "--class", "chain-fact")
    assert unit.ask("verify", unit.root)["entries"] > kept.about["entries"]


@pytest.mark.thorough
@pytest.mark.usefixtures("more")
def test_the_pages_show_it_again(kept: Kept) -> None:
    site = kept.site()
    from kancil.desk.access.actions import add_member

    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    officer = site.client("officer")
    for entry in site.entries("trace.run"):
        number = entry.body["number"]
        case = 1 if entry.body["provenance"]["chain"] == "main" else 2
        page = officer.get(f"/cases/{case}/money/{number}/")
        assert page.status_code == 200, number
        assert "extra" not in page.content.decode(), number
    for path in ("17/rows/transfers.csv", "17/finding/?row=1", "17/?compare=lifo"):
        assert officer.get(f"/cases/2/money/{path}").status_code == 200, path


@pytest.mark.thorough
def test_a_new_trace_records_the_members_of_its_day(kept: Kept, tmp_path: Path) -> None:
    unit, out = kept.unit, tmp_path / "new.zip"
    with pytest.MonkeyPatch.context() as patch:
        add_members(patch)
        made = unit.ask("bitcoin", "trace", "mixed", START, "--case", "C2", "--why", "new")
        asked = made["parameters"]
        assert asked["policies"] == [
            {"name": EXTRA_POLICY.name, "version": "1"},
            {"name": "poison", "version": "1"},
            {"name": "haircut", "version": "2"},
            {"name": "fifo", "version": "1"},
            {"name": "lifo", "version": "1"},
        ]
        extra = {"name": EXTRA_HEURISTIC.name, "version": EXTRA_HEURISTIC.version}
        assert asked["stops_at"][extra["name"]] == extra["version"]
        assert extra in asked["heuristics"]
        assert {row["policy"] for row in made["policies"]} >= {EXTRA_POLICY.name}
        unit.say("bundle", "C2", "--trace", made["label"], "-o", out, "--purpose", "court")
        # In this process: a child has no members but those that are written down.
        assert verify_bundle(out).steps["table"].state == "holds"
    # A Kancil without the policy says so: it neither fails the bundle nor runs another policy.
    table = steps_of(unit, out, status=24)["table"]
    assert (table["problems"], table["state"]) == ([], "not-checked")
    assert [one["code"] for one in table["not_checked"]] == ["other-method"]
    refused = unit.refused("bundle", "C2", "--trace", made["label"], "-o", tmp_path / "x.zip")
    assert refused["code"] == "trace-not-readable"
    assert "policy extra-policy 1" in unit.run("bundle", "C2", "-o", tmp_path / "x.zip").err


@pytest.mark.thorough
def test_it_moves_to_postgresql_and_gives_the_same(tmp_path: Path) -> None:
    kept = unpacked(ARCHIVE, tmp_path)
    backup, moved = tmp_path / "all.backup", tmp_path / "moved"
    kept.unit.say("backup", "--with-chains", "-o", backup)
    with running() as cluster:
        env = {"DATABASE_URL": cluster.url(cluster.create()), "KANCIL_OFFICER": "O1"}
        unit = Unit(moved)
        for words in (
            ("restore", backup, moved),
            ("verify", moved),
        ):
            ran = as_process(*words, env={**env, "KANCIL_HOME": str(moved)})
            assert ran.status == 0, ran.err
        shutil.copytree(kept.unit.root / "keys", moved / "keys", dirs_exist_ok=True)
        for case in ("C1", "C2"):
            out = tmp_path / f"{case}.zip"
            ran = unit.process("bundle", case, "-o", out, "--purpose", "court", env=env)
            assert ran.status == 0, ran.err
            assert steps_of(kept.unit, out)["table"]["state"] == "holds"
