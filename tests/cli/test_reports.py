"""`kancil report` and `kancil verify REPORT.pdf`: made, signed, recorded, checked, refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from kancil.ground.digests import sha256_hex
from tests.cli.running import Unit, run
from tests.reports import poppler
from tests.reports.test_pdf_sign import PASSPHRASE, p256, written


def entries_of(unit: Unit, folder: Path, kind: str) -> list[dict[str, Any]]:
    """The statements of all ledger entries of a kind."""
    path = folder / f"{kind}.jsonl"
    unit.say("ledger", "export", "-o", path)
    statements = [json.loads(line)["statement"] for line in path.read_text().splitlines()]
    return [one for one in statements if one["kind"] == kind]


def test_a_report_is_signed_recorded_and_found_unchanged(unit: Unit, tmp_path: Path) -> None:
    unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    out = tmp_path / "report.pdf"
    made = unit.ask("report", "C1", "-o", out)
    assert made["id"] == sha256_hex(out.read_bytes())
    assert (made["signed"], made["own_certificate"], made["traces"]) == (True, True, ["T1"])
    checked = unit.ask("verify", out)
    assert checked["intact"]
    assert checked["trusted"], "the ledger names the unit's own authority"
    assert checked["entry"] == made["entry"]
    assert "ok" not in unit.run("verify", unit.root).err
    text = unit.say("verify", out)
    assert "unchanged since it was signed" in text
    assert f"entry {made['entry']}" in text


def test_a_stranger_without_the_workspace_learns_what_was_not_compared(
    unit: Unit, tmp_path: Path
) -> None:
    out = tmp_path / "report.pdf"
    made = unit.ask("report", "C1", "-o", out)
    ran = run("verify", out)
    assert ran.status == 0
    assert "compare its SHA-256 with what you received by another channel" in ran.out
    assert run("verify", out, "--key", made["certificate_sha256"]).status == 0
    assert run("verify", out, "--key", "0" * 64).status == 25


def test_a_changed_report_is_told_and_ends_with_its_own_status(unit: Unit, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    unit.say("report", "C1", "-o", out)
    whole = out.read_bytes()
    spoilt = bytearray(whole)
    spoilt[whole.index(b"stream") + 20] ^= 1
    for data, status in ((bytes(spoilt), 20), (whole + b"%\n", 20), (whole[:5000], 20)):
        out.write_bytes(data)
        ran = unit.run("verify", out)
        assert ran.status == status
        assert "NOT" in ran.out


def test_poppler_agrees_on_a_report_of_the_command(unit: Unit, tmp_path: Path) -> None:
    poppler.need("pdfsig", "certutil")
    out = tmp_path / "report.pdf"
    unit.say("report", "C3", "-o", out)
    (made,) = entries_of(unit, tmp_path, "certificate.made")
    pem = made["body"]["pem"]
    store = poppler.trusting(x509.load_pem_x509_certificate(pem.encode()), tmp_path)
    said = poppler.run("pdfsig", "-nssdir", store, out)
    for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed"):
        assert words in said


def test_a_certificate_from_outside_signs_with_its_passphrase(unit: Unit, tmp_path: Path) -> None:
    certificate, out = written(tmp_path, p256()), tmp_path / "report.pdf"
    words = ("report", "C1", "-o", out, "--certificate", certificate)
    assert unit.refused(*words)["code"] == "certificate-not-readable"
    assert not out.exists()
    ran = run(*words, env={**unit.env(), "KANCIL_CERTIFICATE_PASSPHRASE": PASSPHRASE})
    assert ran.status == 0, ran.err
    assert "Officer (test)" in ran.out
    assert unit.ask("verify", out)["trusted"] is False


def test_a_language_nobody_signed_off_gives_a_preview_and_no_signature(
    unit: Unit, tmp_path: Path
) -> None:
    out = tmp_path / "preview.pdf"
    made = unit.ask("report", "C1", "-o", out, "--language", "km")
    assert (made["signed"], made["certificate_sha256"]) == (False, None)
    assert unit.run("verify", out).status == 21
    certificate = written(tmp_path, p256())
    refused = unit.refused(
        "report", "C1", "-o", tmp_path / "x.pdf", "--language", "km", "--certificate", certificate
    )
    assert refused["code"] == "language-not-signed-off"


def test_a_bundle_is_never_in_a_language_nobody_signed_off(unit: Unit, tmp_path: Path) -> None:
    english = unit.ask("bundle", "C1", "-o", tmp_path / "en.zip")
    settings = unit.root / "kancil.toml"
    settings.write_text(settings.read_text().replace('language = "en"', 'language = "km"'))
    khmer = unit.ask("bundle", "C1", "-o", tmp_path / "km.zip")
    assert khmer["analysis_sha256"] == english["analysis_sha256"]
    assert unit.ask("verify", tmp_path / "en.zip", "--key", english["key"])["intact"]
    accepted = unit.ask("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    assert accepted["language"] == "en", "an English text is not called Khmer"


def test_a_disclosure_shows_the_withdrawn_and_keeps_back_what_it_must(
    unit: Unit, tmp_path: Path
) -> None:
    poppler.need("pdftotext")
    unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    unit.say("finding", "withdraw", "F1", "--reason", "read from the wrong row")
    number = entries_of(unit, tmp_path, "exhibit.added")[1]["n"]
    out = tmp_path / "disclosure.pdf"
    kept_back = (f"{number}=a source", "--withhold", f"{number - 1}.source=a path")
    unit.say("report", "C1", "-o", out, "--kind", "disclosure", "--withhold", *kept_back)
    (made,) = entries_of(unit, tmp_path, "report.made")
    assert [one["field"] for one in made["body"]["withheld"]] == ["source", None]
    text = " ".join(poppler.text_of(out).split())
    for words in (
        "WITHDRAWN by",
        "read from the wrong row",
        "a source",
        "a path",
        "[withheld]",
        "What is withheld",
    ):
        assert words in text


@pytest.mark.parametrize(
    "given", ["1=unit", "x=y", "7", "7=", "=reason", "999=none", "-1=x", "1.name=x"]
)
def test_what_cannot_be_kept_back_is_refused(unit: Unit, tmp_path: Path, given: str) -> None:
    words = ("report", "C1", "-o", tmp_path / "r.pdf", f"--withhold={given}")
    assert unit.refused(*words)["code"] == "option-not-usable"
    assert not (tmp_path / "r.pdf").exists()


def test_the_withdrawal_of_a_finding_cannot_be_kept_back_or_sealed(
    unit: Unit, tmp_path: Path
) -> None:
    unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    entry = unit.ask("finding", "withdraw", "F1", "--reason", "x")["entry"]
    for words in (
        ("report", "C1", "-o", tmp_path / "r.pdf", "--withhold", f"{entry}=x"),
        ("bundle", "C1", "-o", tmp_path / "b.zip", "--seal", f"{entry}=x"),
    ):
        assert unit.refused(*words)["code"] == "option-not-usable"


def test_another_kind_an_existing_file_and_a_case_without_traces_are_refused(
    unit: Unit, tmp_path: Path
) -> None:
    out = tmp_path / "r.pdf"
    assert unit.refused("report", "C1", "-o", out, "--kind", "poster")["code"] == "member-not-found"
    assert unit.refused("report", "C1", "-o", out, "--language", "xx")["code"] == "member-not-found"
    assert unit.refused("report", "C9", "-o", out)["code"] == "case-not-found"
    assert unit.refused("report", "C1", "-o", out, "--trace", "T2")["code"] == "trace-not-found"
    unit.say("case", "new", "Empty", "--legal-basis", "Order 1")
    assert unit.refused("report", "C4", "-o", out)["code"] == "bundle-nothing-to-show"
    out.write_bytes(b"there")
    assert unit.refused("report", "C1", "-o", out)["code"] == "file-exists"
    assert out.read_bytes() == b"there"
    assert not entries_of(unit, tmp_path, "certificate.made"), "nothing was made for a refusal"


def test_the_commands_module_loads_neither_typst_nor_pyhanko() -> None:
    script = (
        "import sys, kancil.cli.unit.reports, kancil.cli.unit.verify\n"
        "sys.stdout.write(','.join({'typst', 'pyhanko', 'aiohttp'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert ran.stdout == ""
