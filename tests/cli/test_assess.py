"""The commands for protocols: no workspace, every fault by its line, a status for scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kancil.assessment.protocol_files import library
from kancil.cli.assess import protocols as assess
from tests.assessment.samples import NAME, changed, guide_text, kept
from tests.cli.running import read_json, run
from tools.tree import ROOT


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KANCIL_HOME", raising=False)


def ask(*words: str | Path, status: int = 0) -> Any:
    ran = run("assess", *words, "--json")
    assert ran.status == status, ran.err
    return read_json(ran.out)


def test_every_packaged_protocol_is_listed() -> None:
    rows = ask("protocols")
    assert [row["id"] for row in rows] == list(library.protocol_names())
    for row in rows:
        assert set(row) == {
            "id", "title", "shape", "standing", "indicators", "areas", "instruments",
            "languages", "licence", "sha256", "translations",
        }  # fmt: skip
        assert row["indicators"] > 0
    text = run("assess", "protocols").out
    assert all(row["sha256"] in text for row in rows)


def test_a_list_without_a_protocol_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assess, "all_protocols", tuple)
    assert run("assess", "protocols").out == "No protocol is packaged here.\n"


def test_a_packaged_protocol_with_a_fault_ends_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path, changed("area: law, sector", "area: lore, sector", guide_text())[0])
    monkeypatch.setattr(assess, "all_protocols", lambda: library.all_protocols(tmp_path))
    error = ask("protocols", status=13)["error"]
    assert error["code"] == "protocol-not-readable"
    assert "lore does not stand under areas" in error["sentence"]


def test_the_protocol_of_the_guide_is_checked_without_a_fault(tmp_path: Path) -> None:
    path = kept(tmp_path, guide_text())
    ran = run("assess", "check", path.name)
    assert (ran.status, ran.out) == (
        0,
        f"{NAME}: no fault. first-look-2026.1 asks 12 indicators in 3 areas.\n",
    )
    (row,) = ask("check", path.name)
    assert (row["id"], row["faults"]) == (path.name, [])
    assert row["protocol"]["languages"] == ["en"]


def test_every_fault_of_every_file_is_told_with_its_line(tmp_path: Path) -> None:
    good = kept(tmp_path, guide_text())
    text, first = changed("shape: indicators", "shape: round", guide_text())
    text, second = changed("{id: police, title: Police, forces: true}", "{id: police}", text)
    (tmp_path / "bad").mkdir()
    bad = kept(tmp_path / "bad", text)
    rows = ask("check", good, bad, status=13)
    assert [len(row["faults"]) for row in rows] == [0, 2]
    assert rows[1]["protocol"] is None
    assert [fault["line"] for fault in rows[1]["faults"]] == [first, second]
    ran = run("assess", "check", good, bad)
    assert ran.status == 13
    lines = ran.out.splitlines()
    assert lines[1].startswith(f"{bad}:{first}:8: round must be one of: indicators, ")
    assert lines[2].startswith(f"{bad}:{second}:")
    assert lines[3] == f"{bad}: 2 faults. A protocol with a fault is not used."


def test_a_translation_is_checked_against_the_protocol_beside_it(tmp_path: Path) -> None:
    kept(tmp_path, guide_text())
    head = "schema: kancil-protocol-translation/1\nprotocol: first-look-2026.1\nlanguage: es\n"
    head += "standing: proposal\nstanding_note: Invented.\ntexts: {title: Primera mirada}\n"
    path = kept(tmp_path, head, "first-look-2026.1.es.yaml")
    (row,) = ask("check", path)
    covered = row["translation"]
    assert (covered["language"], covered["have"], covered["offered"]) == ("es", 1, False)
    assert f"It has 1 of {covered['of']} texts" in run("assess", "check", path).out
    kept(tmp_path, head.replace("title", "titulo"), path.name)
    (row,) = ask("check", path, status=13)
    assert [(each["code"], each["line"]) for each in row["faults"]] == [
        ("translation-unknown-text", 6)
    ]


def test_a_file_with_very_many_faults_is_told_up_to_a_limit(tmp_path: Path) -> None:
    text = guide_text() + "".join(f"key{number}: x\n" for number in range(300))
    path = kept(tmp_path, text)
    assert len(ask("check", path, status=13)[0]["faults"]) == 300
    out = run("assess", "check", path).out
    assert len(out.splitlines()) == 202
    assert "and 100 more" in out


def test_words_of_a_hostile_file_cannot_steer_a_terminal(tmp_path: Path) -> None:
    text, _ = changed("shape: indicators", 'shape: "\\e]0;x\\x07\\u202e"', guide_text())
    out = run("assess", "check", kept(tmp_path, text)).out
    assert "\x1b" not in out
    text, _ = changed("shape: indicators", "shape: \u202eround", guide_text())
    assert "\u202e" not in run("assess", "check", kept(tmp_path, text)).out


@pytest.mark.parametrize("name", ["none.yaml", "."])
def test_a_file_that_is_not_there_has_its_own_status(name: str) -> None:
    assert ask("check", name, status=13)["error"]["code"] == "file-not-readable"


def test_a_check_without_a_file_asks_nothing() -> None:
    assert run("assess", "check").status != 0


def test_the_package_is_packed_with_its_protocols_and_their_schema() -> None:
    """Flit packs what lies in the package's folder, but for caches and compiled files."""
    assert 'build-backend = "flit_core.buildapi"' in (ROOT / "pyproject.toml").read_text("utf-8")
    common = pytest.importorskip("flit_core.common")
    packed = {
        Path(name).relative_to(ROOT / "src") for name in common.Module("kancil", ROOT).iter_files()
    }
    folder = Path("kancil/assessment")
    assert folder / "protocol.schema.json" in packed
    names = library.protocol_names()
    assert {folder / "protocols" / f"{name}.yaml" for name in names} <= packed


def test_checking_loads_neither_numba_nor_arrow() -> None:
    script = (
        "import json, sys\n"
        "import kancil.assessment.protocol_files.library\n"
        "print(json.dumps([name for name in ('numba', 'pyarrow', 'numpy', 'django')"
        " if name in sys.modules]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(ran.stdout) == []
