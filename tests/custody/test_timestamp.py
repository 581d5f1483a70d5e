"""Time stamps: a local authority made by openssl, and answers of two real ones."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kancil.custody.errors import (
    TimeStampAuthorityUnknown,
    TimeStampBroken,
    TimeStampNotReadable,
    TimeStampOfOther,
    TimeStampRefused,
)
from kancil.custody.timestamp import verify_response, write_request

DATA = Path(__file__).parent.parent / "data" / "custody" / "rfc3161"
NOTE = b"a checkpoint note\n"
CONFIG = """
[req]
distinguished_name=dn
prompt=no
[dn]
CN=Test root
[root]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[tsa]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[web]
basicConstraints=critical,CA:false
extendedKeyUsage=critical,serverAuth
[stamp]
serial=serial
signer_cert=tsa.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
ess_cert_id_alg=sha256
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=True)


def make_authority(folder: Path) -> Path:
    """Make a root and a time stamp certificate; needs only openssl."""
    folder.mkdir()
    (folder / "ts.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    openssl(
        folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out",
        "root.pem", "-days", "30", "-config", "ts.cnf", "-extensions", "root",
    )  # fmt: skip
    openssl(
        folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
        "-subj", "/CN=Test authority", "-config", "ts.cnf",
    )  # fmt: skip
    openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-CAcreateserial", "-out", "tsa.pem", "-days", "30", "-extfile", "ts.cnf",
        "-extensions", "tsa",
    )  # fmt: skip
    return folder


def answer(folder: Path, request: bytes, name: str = "q") -> bytes:
    (folder / f"{name}.tsq").write_bytes(request)
    openssl(
        folder, "ts", "-reply", "-queryfile", f"{name}.tsq", "-out", f"{name}.tsr", "-config",
        "ts.cnf", "-section", "stamp",
    )  # fmt: skip
    return (folder / f"{name}.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("tsa") / "two")


def test_a_stamp_is_verified_against_the_pinned_root(authority: Path) -> None:
    request = write_request(NOTE)
    response = answer(authority, request)
    stamp = verify_response(response, NOTE, (authority / "root.pem").read_bytes(), request=request)
    assert stamp.authority == "CN=Test authority"
    assert stamp.policy == "1.2.3.4.1"
    assert abs((datetime.now(UTC) - stamp.time).total_seconds()) < 60  # noqa: TID251
    openssl(
        authority, "ts", "-verify", "-in", "q.tsr", "-queryfile", "q.tsq", "-CAfile", "root.pem"
    )


def test_each_request_has_its_own_nonce(authority: Path) -> None:
    first, second = write_request(NOTE), write_request(NOTE)
    assert first != second
    root = (authority / "root.pem").read_bytes()
    with pytest.raises(TimeStampOfOther):
        verify_response(answer(authority, first), NOTE, root, request=second)


def test_a_stamp_over_another_checkpoint_is_refused(authority: Path) -> None:
    response = answer(authority, write_request(b"another note\n"))
    with pytest.raises(TimeStampOfOther):
        verify_response(response, NOTE, (authority / "root.pem").read_bytes())


def test_an_authority_that_is_not_pinned_is_refused(authority: Path, other: Path) -> None:
    response = answer(authority, write_request(NOTE))
    for pinned in ((other / "root.pem"), (authority / "tsa.pem"), (other / "tsa.pem")):
        with pytest.raises(TimeStampAuthorityUnknown):
            verify_response(response, NOTE, pinned.read_bytes())


def test_no_changed_byte_changes_what_a_stamp_says(authority: Path) -> None:
    # PKCS#7 leaves a few bytes unsigned (such as the name of the signature's algorithm); those
    # may change, but nothing that the stamp says, and its SHA-256 in the ledger shows them.
    response = answer(authority, write_request(NOTE))
    root = (authority / "root.pem").read_bytes()
    good = verify_response(response, NOTE, root)
    refused = 0
    for place in range(0, len(response), 2):
        changed = response[:place] + bytes([response[place] ^ 1]) + response[place + 1 :]
        try:
            stamp = verify_response(changed, NOTE, root)
        except (
            TimeStampNotReadable,
            TimeStampRefused,
            TimeStampOfOther,
            TimeStampAuthorityUnknown,
            TimeStampBroken,
        ):
            refused += 1
            continue
        assert stamp.response_sha256 != good.response_sha256
        assert replace(stamp, response_sha256=good.response_sha256) == good
    assert refused > len(response) * 0.48


def test_a_certificate_that_is_not_for_time_stamps_makes_none(tmp_path: Path) -> None:
    # openssl will not stamp with such a certificate, so its check is what is tried here: the
    # same key and name under another purpose.
    folder = make_authority(tmp_path / "web")
    response = answer(folder, write_request(NOTE))
    openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-set_serial", _serial(folder), "-out", "web.pem", "-days", "30", "-extfile", "ts.cnf",
        "-extensions", "web",
    )  # fmt: skip
    pinned = (folder / "web.pem").read_bytes() + (folder / "root.pem").read_bytes()
    with pytest.raises(TimeStampBroken):
        verify_response(response, NOTE, pinned)


def _serial(folder: Path) -> str:
    done = subprocess.run(
        ["openssl", "x509", "-in", "tsa.pem", "-noout", "-serial"], cwd=folder,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return "0x" + done.stdout.strip().partition("=")[2]


def test_a_refusal_is_told_with_its_reason(authority: Path) -> None:
    sha512 = subprocess.run(
        ["openssl", "ts", "-query", "-data", "ts.cnf", "-sha512", "-cert"], cwd=authority,
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    (authority / "r.tsq").write_bytes(sha512)
    response = answer(authority, sha512, "r")
    with pytest.raises(TimeStampRefused) as caught:
        verify_response(response, NOTE, (authority / "root.pem").read_bytes())
    assert caught.value.params["status"] == 2


def test_what_is_no_response_is_not_read(authority: Path) -> None:
    root = (authority / "root.pem").read_bytes()
    for data in (b"", b"x", b"\x30\x80" * 10, NOTE):
        with pytest.raises(TimeStampNotReadable):
            verify_response(data, NOTE, root)
    with pytest.raises(TimeStampNotReadable):
        verify_response(answer(authority, write_request(NOTE)), NOTE, b"no certificate")


def test_real_authorities_of_the_kept_client_are_verified() -> None:
    chain = (DATA / "sigstage" / "ts_chain.pem").read_bytes()
    for name in ("response-sha256.tsr", "response-sha512.tsr"):
        stamp = verify_response((DATA / "sigstage" / name).read_bytes(), b"hello", chain)
        assert stamp.authority == "CN=sigstore-tsa,O=sigstore.dev"
        assert stamp.time.date().isoformat() == "2025-05-09"
    false = (DATA / "sigstage" / "response-invalid-signature.tsr").read_bytes()
    with pytest.raises(TimeStampBroken):
        verify_response(false, b"hello", chain)


def test_certificates_slipped_into_a_response_are_not_believed() -> None:
    chain = (DATA / "test_tsa" / "ts_chain.pem").read_bytes()
    plain = verify_response((DATA / "test_tsa" / "response.tsr").read_bytes(), b"hello", chain)
    injected = (DATA / "test_tsa" / "response-injected-certs.tsr").read_bytes()
    stamp = verify_response(injected, b"hello", chain)
    assert stamp.authority_sha256 == plain.authority_sha256
