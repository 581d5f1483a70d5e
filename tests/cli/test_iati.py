"""`kancil iati check`: its exit status, its lines and its JSON."""

from __future__ import annotations

import json
from pathlib import Path

from kancil.ground.errors import NotReadable, Refused
from tests.cli.running import Unit, run

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


def test_a_programme_is_exported_and_files_are_imported(tmp_path: Path) -> None:
    root = tmp_path / "programme"
    assert run(
        "init", root, "--site", "programme", "--name", "P", "--officer", "Ada", "--username",
        "ada", "--zone", "Asia/Phnom_Penh", "--second-factor-exception", "a test",
    ).status == 0  # fmt: skip
    site = Unit(root, "ada")
    add = ["assess", "person", "add", "olga", "--name", "Olga", "--role", "programme-officer"]
    assert site.run(*add).status == 0
    ada, site = site, Unit(root, "olga")
    out = tmp_path / "out.xml"
    refused = site.run("iati", "export", "-o", out)
    assert refused.status == Refused.exit_status
    assert "Nobody said yet which organisation publishes" in refused.err
    assert site.run(
        "iati", "reporter", "XM-DAC-99999", "--name", "Office", "--title", "Programme",
        "--description", "What it is for",
    ).status == 0  # fmt: skip
    ran = site.run("iati", "export", "-o", out, "--practice", "--json")
    assert (ran.status, json.loads(ran.out)["activities"]) == (0, 1)
    assert run("iati", "check", "--strict", out).status == 0
    (listed,) = json.loads(site.run("iati", "files", "--json").out)
    assert listed["file_name"].startswith("iati-practice-")
    assert listed["file_name"] in site.run("iati", "files").out
    told = json.loads(site.run("iati", "import", SAMPLE, "--dry-run", "--json").out)
    assert [each["reason"] for each in told["rows"]] == ["of-others"]
    assert site.run(
        "iati", "reporter", "XM-DAC-41128", "--name", "Office", "--title", "Programme",
        "--description", "What it is for",
    ).status == 0  # fmt: skip
    own = changed(tmp_path, "own.xml", ' hierarchy="1"', "")
    other = site.run("iati", "import", own)
    assert "One of its countries is not in the programme" in other.out
    for code in ("THA", "VNM"):
        assert ada.run("assess", "country", "add", code).status == 0
    made = json.loads(site.run("iati", "import", own, "--kind", "workshop", "--json").out)
    assert made["rows"][0]["draft"]["kind"] == "workshop"
    assert site.run("iati", "undo", made["id"]).status == 0
    assert site.run("iati", "undo", made["id"]).status != 0
    bad = tmp_path / "bad.xml"
    bad.write_bytes(b"<a>")
    assert site.run("iati", "import", bad).status == NotReadable.exit_status
