"""`bitcoin export` and `bitcoin spark` at the door: what is said, refused, and missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.spark import session
from tests.cli.running import Unit


@pytest.fixture(scope="module")
def exported(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("exported") / "main"
    return folder, sample.ask("bitcoin", "export", "main", folder, "--clusters")


def test_an_export_tells_what_it_wrote_and_checks(sample: Unit, exported: tuple[Path, Any]) -> None:
    folder, told = exported
    status = sample.ask("bitcoin", "status", "main")
    assert told["rows"]["blocks"] == status["blocks_in_chain"]
    assert (told["whole"], told["network"]) == (True, "mainnet")
    assert told["written"] == told["files"] > 6
    checked = sample.ask("bitcoin", "export", "--check", folder)
    assert checked["intact"] is True
    assert len(checked["id"]) == 64
    assert checked["rows"] == told["rows"]
    again = sample.ask("bitcoin", "export", "main", folder, "--clusters")
    assert (again["written"], again["kept"]) == (0, told["files"])
    text = sample.say("bitcoin", "export", "--check", folder)
    assert "nothing more" in text
    assert status["islands"]


def test_a_range_is_said_to_be_one(sample: Unit, tmp_path: Path) -> None:
    words = ("bitcoin", "export", "main", tmp_path / "part", "--from-height", "100")
    told = sample.ask(*words, "--until-height", "180")
    assert (told["whole"], told["from_height"], told["until_height"]) == (False, 100, 180)
    assert told["left_out"]["transactions"] > 0
    assert "before and after" in sample.say(*words, "--until-height", "180")


def test_bad_input_is_refused_in_one_sentence(
    sample: Unit, exported: tuple[Path, Any], tmp_path: Path
) -> None:
    folder, _ = exported
    (tmp_path / "notes.txt").write_text("mine")
    assert sample.refused("bitcoin", "export", "main", tmp_path)["code"] == "export-folder-taken"
    assert sample.refused("bitcoin", "export", "none", tmp_path)["code"] == "chain-not-found"
    assert sample.refused("bitcoin", "export", "main")["code"] == "option-missing"
    assert sample.refused("bitcoin", "export")["code"] == "option-missing"
    words = ("bitcoin", "export", "main", tmp_path / "new", "--from-height", "9")
    assert sample.refused(*words, "--until-height", "8")["code"] == "option-not-usable"
    refused = sample.refused("bitcoin", "export", "main", "--check", folder)
    assert refused["code"] == "option-not-usable"
    for name in ("clusters", "exposure", "patterns-count"):
        refused = sample.refused("bitcoin", "spark", name, tmp_path)
        assert refused["code"] == "export-not-readable"
        refused = sample.refused("bitcoin", "spark", name, folder, "--out", tmp_path)
        assert refused["code"] == "file-exists"


def test_a_changed_file_stops_spark_before_it_starts(sample: Unit, tmp_path: Path) -> None:
    sample.ask("bitcoin", "export", "main", tmp_path / "main")
    path = next((tmp_path / "main" / "inputs").iterdir())
    data = path.read_bytes()
    path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    for words in (("spark", "clusters"), ("export", "--check")):
        assert sample.refused("bitcoin", *words, tmp_path / "main")["code"] == "export-broken"
    path.unlink()
    refused = sample.refused("bitcoin", "spark", "exposure", tmp_path / "main")
    assert refused["code"] == "export-broken"
    (tmp_path / "main" / "manifest.json").write_text(json.dumps({"format": "x"}))
    refused = sample.refused("bitcoin", "spark", "exposure", tmp_path / "main")
    assert refused["code"] == "export-not-readable"


def test_a_missing_java_or_pyspark_is_said_by_its_name(
    sample: Unit, exported: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, _ = exported
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    refused = sample.refused("bitcoin", "spark", "clusters", folder)
    assert (refused["code"], refused["params"]) == ("spark-missing", {"what": "PySpark"})
    monkeypatch.setattr(session, "find_spec", lambda name: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    refused = sample.refused("bitcoin", "spark", "clusters", folder)
    assert (refused["code"], refused["params"]) == ("spark-missing", {"what": "Java"})
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert session.java_path() is None
