"""What is under analysis/ is the same to the byte on every machine, and as it was accepted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kancil.reports.casework.bundle.analyse import analyse
from tests.reports.make_sample_bundle import make_sample

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "bundle"
ACCEPTED = {
    "report.html": "analysis/report.html",
    "picture.svg": "analysis/traces/1/picture.svg",
    "transfers.csv": "analysis/traces/1/transfers.csv",
    "totals.csv": "analysis/traces/1/totals.csv",
}


def made_elsewhere(folder: Path, **setting: str) -> bytes:
    """Make the sample bundle in another process, from another folder."""
    out = folder / "bundle.zip"
    script = ROOT / "tests" / "reports" / "make_sample_bundle.py"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT / "src"),
        **setting,
    }
    subprocess.run(
        [sys.executable, str(script), str(out)],
        cwd=folder,
        env=environment,
        check=True,
        timeout=300,
    )
    return out.read_bytes()


def test_two_processes_with_other_zones_locales_and_seeds_make_the_same_bytes(
    tmp_path: Path,
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = made_elsewhere(tmp_path / "one", TZ="Asia/Vientiane", LC_ALL="C", PYTHONHASHSEED="1")
    two = made_elsewhere(
        tmp_path / "two", TZ="America/Caracas", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="77"
    )
    assert one == two == make_sample().seal()


def test_the_analysis_is_computed_from_its_material_alone() -> None:
    sample = make_sample()
    assert analyse(sample.answers) == sample.analysis


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_the_report_is_as_it_was_accepted(name: str) -> None:
    """Accept a wanted change by running make_golden.py, and look at what changed."""
    made = make_sample().analysis[ACCEPTED[name]]
    assert made.decode("utf-8") == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_report_needs_nothing_from_outside_and_runs_no_script() -> None:
    report = make_sample().analysis["analysis/report.html"].decode("utf-8")
    for word in ("<script", "<link", "<img", "<iframe", " src=", "url(", "@import", 'style="'):
        assert word not in report, word
    assert "Content-Security-Policy" in report
    assert "default-src 'none'" in report.replace("&#39;", "'")


def test_the_report_says_what_it_must() -> None:
    report = make_sample().analysis["analysis/report.html"].decode("utf-8")
    for sentence in (
        "Where did the 50 BTC go?",
        "A policy is a legal choice, not a fact",
        "The court in this country follows first in, first out.",
        "First in, first out, reversed",
        "Scripts and signatures were not validated",
        "Block time is the miner&#39;s claim",
        "Intact means unchanged since it was signed. It does not mean true, complete or lawfully",
        "An address is not a person.",
        "note.",
    ):
        assert (sentence in report) == (sentence != "note."), sentence
    assert "Not real money" not in report
