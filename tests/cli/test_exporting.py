"""`bitcoin export` and `bitcoin spark` at the door: what is said, refused, and missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kancil.bitcoin.export.spark import session
from kancil.cli.bitcoin import spark as sparking
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
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    for said in ('openjdk version "11.0.30" 2026-01-20', 'java version "1.8.0_412"', "what?"):
        java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
        java.chmod(0o755)
        refused = sample.refused("bitcoin", "spark", "clusters", folder)
        assert (refused["code"], refused["params"]) == ("spark-missing", {"what": "Java 17"})
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.1\" 2026-01-20' >&2\n")
    assert session.java_version(str(java)) == 21
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert session.java_path() is None


def test_a_master_that_is_none_is_refused_before_spark_starts(
    sample: Unit, exported: tuple[Path, Any]
) -> None:
    folder, _ = exported
    for master in ("nonsense", "local[2", "http://10.0.0.5:7077", "spark:// a"):
        refused = sample.refused("bitcoin", "spark", "clusters", folder, "--master", master)
        assert (refused["code"], refused["params"]["value"]) == ("option-not-usable", master)


CANNED: dict[str, tuple[str, dict[str, Any]]] = {
    "clusters": (
        "find_clusters",
        {
            "addresses": 5, "joined": 3, "clusters": 1, "alone": 2, "rounds": 1,
            "largest": [
                {"cluster_id": 0, "cluster_size": 3, "address": None, "script": "p2pk"}
            ],
            "set_aside": [{"reason": "guard", "transactions": 4}],
            "differing_from_local": 0, "coinjoins_excluded_by": None,
        },
    ),
    "exposure": (
        "find_exposure",
        {
            "by_term": [
                {"side": "sent", "term": "exchange", "addresses": 1, "transactions": 2,
                 "sat": "15000", "rounded_down": 1}
            ],
            "most": [
                {"side": "received", "term": "exchange", "address_id": 1, "address": "made",
                 "script": "p2pkh", "transactions": 2, "sat": "15000", "rounded_down": 1}
            ],
            "labelled_terms": 1, "left_out": {"input_value_not_known": 7, "set_aside": 4},
        },
    ),
    "patterns-count": (
        "count_shapes",
        {
            "months": [
                {"month": "2014-05", "transactions": 9, "fan_in": 1, "fan_out": 2,
                 "equal_outputs": 3},
                {"month": None, "transactions": 1, "fan_in": 0, "fan_out": 0,
                 "equal_outputs": 0},
            ],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CANNED)
def test_an_answer_of_spark_is_said_with_its_notes(
    sample: Unit, exported: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Spark itself is left out here: what it answers stands in for it."""

    @contextmanager
    def started(master: str, *, shuffle_parts: int | None) -> Iterator[Any]:
        yield SimpleNamespace(version="4.0.0")

    job, answer = CANNED[name]
    monkeypatch.setattr(sparking, "spark_session", started)
    monkeypatch.setattr(sparking, job, lambda *_given: dict(answer))
    folder, _ = exported
    told = sample.ask("bitcoin", "spark", name, folder)
    assert told["engine"] == {"name": "Apache Spark", "version": "4.0.0", "master": "local[*]"}
    assert {key: told[key] for key in answer} == answer
    text = sample.say("bitcoin", "spark", name, folder)
    for note in told["notes"]:
        assert " ".join(note.split()) in " ".join(text.split())
    expected = {
        "clusters": ("p2pk", "set aside", "same one", "not proved"),
        "exposure": ("exchange", "15\u202f000", "7 in which", "4 set aside", "allegation"),
        "patterns-count": ("2014-05", "?", "says nothing"),
    }[name]
    assert all(each in text for each in expected), text


def test_a_difference_from_the_local_clusters_is_said_loudly() -> None:
    for differing, words in ((3, "use neither"), (None, "Not compared")):
        value = {**CANNED["clusters"][1], "differing_from_local": differing}
        assert any(words in note for note in sparking._cluster_notes(value))
