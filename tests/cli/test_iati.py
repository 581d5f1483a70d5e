"""`kancil iati check`: its exit status, its lines and its JSON."""

from __future__ import annotations

import json
from pathlib import Path

from kancil.ground.errors import NotReadable
from tests.cli.running import run

SAMPLE = Path(__file__).parents[1] / "data" / "iati" / "activity.xml"


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    path.write_text(SAMPLE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return path


def test_files_are_told_apart_each_fault_with_its_line(tmp_path: Path) -> None:
    odd = changed(tmp_path, "odd.xml", 'percentage="60"', 'percentage="61"')
    wrong = changed(tmp_path, "wrong.xml", '<activity-status code="2"/>', "<activity-status/>")
    assert run("iati", "check", SAMPLE, odd).status == 0
    assert run("iati", "check", "--strict", SAMPLE).status == 0
    assert run("iati", "check", "--strict", odd).status == NotReadable.exit_status
    ran = run("iati", "check", SAMPLE, wrong)
    assert ran.status == NotReadable.exit_status
    assert f"{wrong}:11: error: Schema:" in ran.out
    assert "problem." not in ran.out
    good, bad = json.loads(run("iati", "check", "--json", SAMPLE, wrong).out)
    assert (good["valid"], good["follows_rules"], good["faults"]) == (True, True, [])
    assert (bad["valid"], [each["line"] for each in bad["faults"]]) == (False, [11])
