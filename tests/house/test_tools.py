"""The house's own tools: they see what they must see, and do no more than they are asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from benchmarks import patterns, run
from kancil.bitcoin.laundering.patterns import PATTERNS, mixer
from tools import build_words, measured_page
from tools.tree import ROOT, project_files, shown

TARGETS = (
    "demo",
    "test",
    "test-thorough",
    "test-changed",
    "spark-test",
    "check",
    "bench",
    "words",
    "reference",
    "audit",
    "sbom",
    "lock",
    "smoke",
    "clean",
)


def words_file(folder: Path, name: str, **sentences: str) -> Path:
    path = folder / name
    lines = ['msgid ""', 'msgstr "Content-Type: text/plain; charset=utf-8\\n"', ""]
    for key, sentence in sentences.items():
        lines += [f'msgid "note.{key}"', f'msgstr "{sentence}"', ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(build_words, "shown", lambda path: path.name)
    folder = tmp_path / "en"
    folder.mkdir()
    return folder


def test_a_page_is_made_between_its_marks_and_written_or_only_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measured_page, "shown", lambda path: path.name)
    text = measured_page.between("a\n<b>\nold\n<e>\nz\n", "<b>", "<e>", "new")
    assert text == "a\n<b>\nnew\n<e>\nz\n"
    for lacks in ("a <b> z", "a <e> z"):
        with pytest.raises(ValueError, match="the page has no"):
            measured_page.between(lacks, "<b>", "<e>", "new")
    path = tmp_path / "page.md"
    assert measured_page.write_or_check({path: text}, check=True) == 1
    assert not path.exists()
    assert measured_page.write_or_check({path: text}, check=False) == 0
    assert path.read_text(encoding="utf-8") == text
    assert measured_page.write_or_check({path: text}, check=True) == 0
    assert capsys.readouterr().out == "differs: page.md\nwritten: page.md\n"


def test_a_row_of_a_table_has_its_head_ended_once() -> None:
    assert measured_page.row("of", 3) == ["| of | 3 |"]
    assert measured_page.row("a", "b", is_head=True) == ["| a | b |", "|---|---|"]


def test_the_benchmark_of_patterns_takes_its_limits_from_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: dict[str, list[tuple[list[int], int]]] = {}

    def events(_ground: object, _what: int, limits: Any, least: int, *_bands: object) -> list[Any]:
        given[name].append((limits.tolist(), least))
        return []

    def some(_ground: object, _what: object, limits: Any, *_more: object) -> None:
        given[name].append((limits.tolist(), 0))

    def doubled(members: Any, _given: Any) -> dict[str, dict[str, int]]:
        return {one.name: {each.name: 2 * each.default for each in one.parameters}
                for one in members}  # fmt: skip

    monkeypatch.setattr(patterns, "chosen_of", doubled)
    monkeypatch.setattr(patterns, "pick_events", events)
    monkeypatch.setattr(patterns, "pick_paths", some)
    monkeypatch.setattr(patterns, "pick", some)
    nothing: Any = None
    for name, run_pass in patterns._passes(nothing).items():
        given[name] = []
        run_pass()
    default = {(one.name, each.name): each.default for one in PATTERNS for each in one.parameters}
    hours = default["pass-through", "most-hours"], default["dormant-burst", "least-rest"]
    assert given["pass-through"] == [
        ([2 * 3_600 * hours[0], 2 * default["pass-through", "least-passed"]],
         2 * default["pass-through", "least-times"])
    ]  # fmt: skip
    assert given["dormant-burst"] == 2 * [
        ([2 * 3_600 * hours[1], 2 * default["dormant-burst", "least-value"]],
         2 * default["dormant-burst", "least-coins"])
    ]  # fmt: skip
    assert given["structuring"][1][0] == [
        2 * default["structuring", "least-payments"],
        2 * 86_400 * default["structuring", "most-days"], 0,
    ]  # fmt: skip
    assert given["mixer"] == [([mixer.LEAST_INPUTS, 2 * default["mixer", "least-equal"]], 0)]
    assert given["donation-campaign"] == [([0, 0], 2 * default["donation-campaign", "least-gifts"])]


@pytest.mark.parametrize("target", TARGETS)
def test_the_makefile_knows_the_promised_targets(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_a_python_that_is_only_a_stub_is_passed_over(tmp_path: Path) -> None:
    for name in ("python3.11", "python3.12"):
        stub = tmp_path / name
        stub.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
        stub.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    found = subprocess.run(
        ["bash", str(ROOT / "tools" / "find_python.sh")],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert found not in {"python3.11", "python3.12"}
    asked = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([found, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == "3"
    assert 11 <= int(said.split()[1]) <= 13


def test_words_claimed_by_two_rooms_are_a_fault(language: Path) -> None:
    words_file(language, "a.po", one="One.")
    words_file(language, "b.po", one="Another.", two="Two.")
    sentences, faults = build_words.gather(language)
    assert faults == ["note.one stands in a.po and in b.po"]
    assert set(sentences) == {"note.one", "note.two"}


def test_words_beside_a_member_are_words_of_their_language() -> None:
    (english,) = [path for path in build_words.languages() if path.name == "en"]
    beside = {path.stem for path in build_words.beside_members()}
    assert beside >= {"exposure", "cluster", "trace", "fifo", "whirlpool", "peel_chain"}
    assert "study.exposure" in build_words.gather(english)[0]


def test_words_that_stand_twice_in_one_file_are_a_fault(language: Path) -> None:
    path = words_file(language, "a.po", one="One.")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + 'msgid "note.one"\nmsgstr "Again."\n', encoding="utf-8")
    assert "a.po: note.one stands there twice" in build_words.gather(language)[1]


@pytest.mark.parametrize("sentence", ["Open {brace", "Nameless {}", "Deep {a.b}", " "])
def test_a_sentence_that_cannot_be_filled_in_is_a_fault(language: Path, sentence: str) -> None:
    words_file(language, "a.po", one=sentence)
    assert len(build_words.gather(language)[1]) == 1


def test_a_stale_translation_is_left_out_and_stale_english_is_a_fault(
    language: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = words_file(language, "a.po", one="One.", two="Two.")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "note.two"', '#, fuzzy\nmsgid "note.two"'), "utf-8")
    assert "note.two has no finished sentence" in build_words.gather(language)[1][0]
    monkeypatch.setattr(build_words, "TRANSLATIONS", tmp_path)
    assert build_words.gather(language) == ({"note.one": "One."}, [])


def test_the_built_words_hold_neither_date_nor_version(language: Path) -> None:
    words_file(language, "a.po", one="One.")
    sentences, _ = build_words.gather(language)
    built = build_words.build(language.name, sentences)
    assert b"note.one" in built
    assert not re.search(rb"20\d\d-\d\d|Babel", built)


def bench_module(name: str, ran: list[str]) -> types.ModuleType:
    def rows(machine: dict[str, object]) -> list[dict[str, object]]:
        ran.append(name)
        return [{"name": name, "ours": 2.0, "ratio": 2.0, "goal": 1.0, "met": True}]

    module = types.ModuleType(f"benchmarks.{name}")
    module.__dict__.update(NAMES=(name,), rows=rows)
    return module


def test_one_benchmark_alone_runs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    made = [bench_module("parse", ran), bench_module("trace", ran)]
    monkeypatch.setattr(run, "modules", lambda _only="": iter(made))
    rows: list[run.Row] = []
    run.collect("trace", {"cores": 2}, rows)
    (row,) = rows
    assert ran == ["trace"]
    assert tuple(row) == run.FIELDS
    assert row["machine"] == {"cores": 2}


def test_a_benchmark_that_nobody_yields_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "modules", lambda _only="": iter([bench_module("parse", [])]))
    with pytest.raises(SystemExit, match="There are: parse"):
        run.collect("walk", {}, [])


def test_what_was_measured_before_a_fault_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = bench_module("walk", [])

    def rows(machine: dict[str, object]) -> list[dict[str, object]]:
        raise ZeroDivisionError

    broken.__dict__["rows"] = rows
    monkeypatch.setattr(run, "modules", lambda _only="": iter([bench_module("parse", []), broken]))
    monkeypatch.setattr(run, "measure", lambda folder: {"cores": 2})
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr("sys.argv", ["run"])
    with pytest.raises(ZeroDivisionError):
        run.main()
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in kept] == ["parse"]


def test_what_is_ignored_is_no_project_file() -> None:
    names = {shown(path) for path in project_files()}
    assert "pyproject.toml" in names
    assert not [name for name in names if name.startswith(".venv") or "__pycache__" in name]


def test_no_migration_is_written_where_no_model_changed() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.build_migration", "programme", "nothing"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert "No changes detected in app 'programme'" in run.stdout
