"""Poppler's tools, as a stranger uses them: text of a page, attached files, signatures."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

MISSING = "poppler-utils and libnss3-tools are not installed: poppler did NOT check this report"


def need(*tools: str) -> None:
    """Ask for tools: a test machine must have them, elsewhere the test says what it did not do."""
    if all(shutil.which(tool) for tool in tools):
        return
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


def run(*words: str | Path) -> str:
    """Run a tool; give what it printed."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


def text_of(pdf: Path, page: int | None = None) -> str:
    """The text of a page, or of all."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    done = subprocess.run(
        ["pdftotext", "-layout", *pages, str(pdf), "-"],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout.decode("utf-8")


def trusting(authority: x509.Certificate, folder: Path) -> Path:
    """Make a certificate store that trusts one authority, for pdfsig."""
    store, pem = folder / "nss", folder / "authority.pem"
    store.mkdir()
    pem.write_bytes(authority.public_bytes(Encoding.PEM))
    database = f"sql:{store}"
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "unit", "-t", "CT,C,C", "-i", pem)
    return store
