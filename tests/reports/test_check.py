"""What strangers sent is checked in a child: the same verdict, and no more than is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.custody.checkpoint import read_checkpoint
from kancil.ground.confine import Grants, Limits
from kancil.ground.errors import FileNotReadable, ParserLimitReached
from kancil.ground.phrase import Phrase
from kancil.reports.casework.bundle.checker.check import check_bundle
from kancil.reports.casework.bundle.checker.verify import verify_bundle
from kancil.reports.pdf import check as pdf_check
from kancil.reports.pdf.check import MOST_BYTES, START, check_pdf, judge_pdf
from tests.reports.make_sample_bundle import make_sample

ZEROS = 20_000_000


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    path.write_bytes(make_sample().seal())
    return path


@pytest.fixture
def zeros(tmp_path: Path) -> Path:
    """A file that begins as a PDF and goes on with nothing."""
    path = tmp_path / "zeros.pdf"
    path.write_bytes(START + b"1.7\n")
    with path.open("r+b") as file:
        file.truncate(ZEROS)
    return path


def test_a_bundle_gets_the_verdict_that_it_gets_without_a_child(
    bundle: Path, tmp_path: Path
) -> None:
    note = read_checkpoint(make_sample().custody["custody/checkpoint.txt"])
    for options in ({}, {"key": "00" * 32}, {"against": note}, {"timestamp_chain": b"none"}):
        assert check_bundle(bundle, **options) == verify_bundle(bundle, **options)
    spoilt = tmp_path / "spoilt.zip"
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    for left in (bytes(data), bytes(data)[:-7], b"", b"PK\x03\x04"):
        spoilt.write_bytes(left)
        verdict = check_bundle(spoilt)
        assert not verdict.is_intact
        assert verdict == verify_bundle(spoilt)
    with pytest.raises(FileNotReadable):
        check_bundle(tmp_path / "absent.zip")


def test_a_bundle_that_needs_more_memory_than_is_allowed_is_one_error(bundle: Path) -> None:
    large = bundle.with_name("large.zip")
    large.write_bytes(bundle.read_bytes())
    with large.open("r+b") as file:
        file.truncate(700_000_000)
    with pytest.raises(ParserLimitReached) as refused:
        check_bundle.within(Limits(512 << 20, 60), Grants())(large)
    assert refused.value.params["limit"] == Phrase("thing.memory")


def test_a_printed_report_that_is_too_large_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    monkeypatch.setattr(pdf_check, "_judge_file", None)
    with pytest.raises(ParserLimitReached) as refused:
        check_pdf(path, [])
    assert refused.value.params["limit"] == Phrase("thing.bytes")


def test_a_printed_report_of_zeros_is_ended_when_its_time_is_up(zeros: Path) -> None:
    hurried = pdf_check._judge_file.within(Limits(1 << 30, cpu_seconds=2))
    with pytest.raises(ParserLimitReached) as refused:
        hurried(zeros, [], None)
    assert refused.value.params == {
        "limit": Phrase("thing.time"),
        "amount": Phrase("thing.seconds", {"n": 2}),
    }


def test_a_printed_report_of_zeros_is_ended_when_its_memory_is_up(zeros: Path) -> None:
    cramped = pdf_check._judge_file.within(Limits(80 << 20, cpu_seconds=60))
    with pytest.raises(ParserLimitReached) as refused:
        cramped(zeros, [], None)
    assert refused.value.params["limit"] == Phrase("thing.memory")


def test_a_printed_report_gets_the_verdict_that_it_gets_without_a_child(tmp_path: Path) -> None:
    for name, data in (("none.pdf", b"%PDF-1.7\n%%EOF\n"), ("empty.pdf", b"")):
        path = tmp_path / name
        path.write_bytes(data)
        assert check_pdf(path, []) == judge_pdf(data, [])
    with pytest.raises(FileNotReadable):
        check_pdf(tmp_path / "absent.pdf", [])
