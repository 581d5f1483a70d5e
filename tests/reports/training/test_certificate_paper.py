"""The printed certificate says what the credential says, carries it, and its code is whole."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import segno
from numpy.typing import NDArray

from kancil.reports.training.certificate.paper import ATTACHED, print_certificate
from kancil.training.badges.certificate import SignedCertificate, credential_bytes
from kancil.training.badges.errors import BadgeNotReadable
from kancil.training.badges.reading import MOST_CODE_BYTES, code_text, read_certificate
from tests.reports import poppler
from tests.training.badges.samples import AT, HIDDEN, certificate, signed


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificate") / "c.pdf"
    path.write_bytes(print_certificate(signed(identifier=HIDDEN), at=AT))
    return path


def test_it_says_who_what_when_and_that_it_is_no_expert_witness(pdf: Path) -> None:
    poppler.need("pdftotext")
    text = " ".join(poppler.text_of(pdf).split())
    for said in ("Chanthavong Dala", "Tracing bitcoin", "2026-11-26", "83 %", "Training centre"):
        assert said in text
    assert "It is no qualification as an expert witness." in text


def test_the_moment_of_issue_names_its_zone(pdf: Path) -> None:
    poppler.need("pdftotext")
    text = " ".join(poppler.text_of(pdf).split())
    assert f"{AT:%Y-%m-%d %H:%M} UTC" in text


def test_the_credential_lies_inside(pdf: Path, tmp_path: Path) -> None:
    poppler.need("pdfdetach")
    out = tmp_path / ATTACHED
    poppler.run("pdfdetach", "-save", "1", "-o", out, pdf)
    assert out.read_bytes() == credential_bytes(signed(identifier=HIDDEN))


def test_the_same_certificate_gives_the_same_bytes(pdf: Path) -> None:
    assert pdf.read_bytes() == print_certificate(signed(identifier=HIDDEN), at=AT)


def printed_code(pdf: Path, modules: int) -> NDArray[np.bool_]:
    """The modules of the code as the printed page shows them; True: dark."""
    done = subprocess.run(
        ["pdftoppm", "-gray", "-r", "300", "-singlefile", str(pdf)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    kind, size, most, pixels = done.stdout.split(b"\n", 3)
    wide, high = map(int, size.split())
    assert (kind, most) == (b"P5", b"255")
    dark = np.frombuffer(pixels, np.uint8).reshape(high, wide) < 128
    part = dark[high * 46 // 100 : high * 9 // 10, wide * 54 // 100 :]
    # Below the words and right of the steps: its rows and columns are dark for an eighth at least.
    rows = np.flatnonzero(part.sum(axis=1) > part.shape[1] // 8)
    columns = np.flatnonzero(part[rows[0] : rows[-1] + 1].sum(axis=0) > len(rows) // 8)
    box = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    places = (np.arange(modules) + 0.5) / modules
    down, across = (places * box.shape[0]).astype(int), (places * box.shape[1]).astype(int)
    return np.asarray(box[np.ix_(down, across)])


def test_the_printed_code_is_the_whole_certificate(pdf: Path) -> None:
    poppler.need("pdftoppm")
    text = code_text(signed(identifier=HIDDEN))
    code = segno.make_qr(text, error="l")
    wanted = np.array([[bool(each) for each in row] for row in code.matrix])
    assert (printed_code(pdf, len(wanted)) == wanted).all()
    assert read_certificate(text.encode(), "code") == signed(identifier=HIDDEN)


def long_one() -> SignedCertificate:
    marked = certificate().marked[0]
    many = tuple(replace(marked, title=f"{at} " + "ក" * 60) for at in range(9))
    return signed(marked=many)


def test_a_certificate_too_long_for_a_code_carries_its_digest() -> None:
    text = code_text(long_one())
    assert len(text) < 120
    assert len(code_text(signed()).encode()) <= MOST_CODE_BYTES
    with pytest.raises(BadgeNotReadable) as raised:
        read_certificate(text.encode(), "code")
    assert str(raised.value.params["why"]) == "why.badge-digest"
    assert print_certificate(long_one(), at=AT).startswith(b"%PDF")
