"""Signing and checking a PDF: pyHanko and poppler agree, and a flipped byte is caught by both."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from kancil.reports.errors import CertificateKeyRefused, CertificateNotReadable
from kancil.reports.pdf.check import PdfVerdict, check_pdf, judge_pdf
from kancil.reports.pdf.sign import PdfKey, read_pkcs12, sign_pdf
from kancil.reports.pdf.typeset import Attachment, typeset
from tests.reports import poppler

AT = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - poppler knows no other moment
PASSPHRASE = "correct horse"
TEMPLATE = """
#let tree = json(bytes(sys.inputs.tree))
#let files = json(bytes(sys.inputs.files))
#set document(title: tree.title, date: datetime(year: 2026, month: 1, day: 1))
#set text(font: ("Noto Sans Khmer", "Noto Sans"), lang: "en")
#for one in files {
  pdf.attach(one.name, bytes(one.text), relationship: "data", mime-type: one.media_type,
    description: one.description)
}
= #tree.title
#tree.title
"""
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def certified(private: Private, *, days: int = 30) -> tuple[x509.Certificate, x509.Certificate]:
    """A certificate for a key, and that of the authority that made it; test names only."""
    above = ec.generate_private_key(ec.SECP256R1())
    first, last = AT - timedelta(days=60), AT + timedelta(days=days)

    def builder(subject: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("Test CA"))
            .public_key(public).serial_number(x509.random_serial_number())
            .not_valid_before(first).not_valid_after(last)
        )  # fmt: skip

    authority = (
        builder("Test CA", above.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(above, SHA256())
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        builder("Officer (test)", private.public_key())  # type: ignore[arg-type]
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(above, SHA256())
    )
    return certificate, authority


def written(
    folder: Path, private: Private, *, days: int = 30, passphrase: str | None = PASSPHRASE
) -> Path:
    certificate, authority = certified(private, days=days)
    path = folder / "officer.p12"
    guard = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"officer", private, certificate, [authority], guard)
    )
    return path


def p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def plain() -> bytes:
    """A small unsigned PDF with a file inside."""
    file = Attachment("a.csv", b"a,b\n1,2\n", "text/csv", "numbers")
    return typeset(TEMPLATE, {"title": "Sample ភស្តុតាង"}, [file], at=AT).pdf


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> PdfKey:
    path = written(tmp_path_factory.mktemp("key"), p256())
    return read_pkcs12(path, PASSPHRASE, at=AT)


@pytest.fixture(scope="module")
def signed(plain: bytes, key: PdfKey) -> bytes:
    return sign_pdf(plain, key, at=AT, reason="Report as printed", name="Sample unit")


def checked(data: bytes, key: PdfKey) -> PdfVerdict:
    return judge_pdf(data, [key.top], at=AT)


def test_a_signed_file_is_unchanged_and_hangs_on_its_authority(signed: bytes, key: PdfKey) -> None:
    verdict = checked(signed, key)
    assert (verdict.is_unchanged, verdict.is_trusted) == (True, True)
    (one,) = verdict.signatures
    assert one.signer == "CN=Officer (test)"
    assert one.certificate_sha256 == key.certificate_sha256
    assert one.signed_at == AT


def test_a_child_gives_the_same_verdict(signed: bytes, key: PdfKey, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    for data in (signed, signed + b" ", signed[:-40]):
        path.write_bytes(data)
        assert check_pdf(path, [key.top], at=AT) == judge_pdf(data, [key.top], at=AT)


def test_without_its_authority_a_signature_fits_and_is_not_trusted(
    signed: bytes, key: PdfKey
) -> None:
    _, other = certified(p256())
    for trusted in ([], [other]):
        verdict = judge_pdf(signed, trusted, at=AT)
        assert (verdict.is_unchanged, verdict.is_trusted) == (True, False)


def test_the_signed_bytes_begin_with_all_of_the_unsigned_ones(plain: bytes, signed: bytes) -> None:
    assert signed.startswith(plain)


@pytest.mark.parametrize(
    "private",
    [p256(), rsa.generate_private_key(public_exponent=65537, key_size=2048)],
    ids=["P-256", "RSA 2048"],
)
def test_rsa_and_p256_keys_sign(plain: bytes, private: Private, tmp_path: Path) -> None:
    key = read_pkcs12(written(tmp_path, private), PASSPHRASE, at=AT)
    assert not key.is_own
    signed = sign_pdf(plain, key, at=AT, reason="r", name="n")
    verdict = checked(signed, key)
    assert (verdict.is_unchanged, verdict.is_trusted) == (True, True)


@pytest.mark.parametrize(
    ("private", "kind"),
    [
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
        (ec.generate_private_key(ec.SECP384R1()), "EC secp384r1"),
        (rsa.generate_private_key(public_exponent=65537, key_size=1024), "RSA 1024"),
    ],
    ids=["Ed25519", "P-384", "RSA 1024"],
)
def test_a_key_that_readers_do_not_check_is_refused_by_its_kind(
    private: Private, kind: str, tmp_path: Path
) -> None:
    with pytest.raises(CertificateKeyRefused) as refused:
        read_pkcs12(written(tmp_path, private), PASSPHRASE, at=AT)
    assert refused.value.params["kind"] == kind


def test_a_wrong_passphrase_another_file_and_an_ended_certificate_are_refused(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, p256())
    for passphrase in ("wrong", None, ""):
        with pytest.raises(CertificateNotReadable):
            read_pkcs12(path, passphrase, at=AT)
    for data in (b"", b"not a PKCS#12", path.read_bytes()[:100]):
        (tmp_path / "other").write_bytes(data)
        with pytest.raises(CertificateNotReadable):
            read_pkcs12(tmp_path / "other", PASSPHRASE, at=AT)
    ended = written(tmp_path, p256(), days=-1)
    with pytest.raises(CertificateNotReadable) as refused:
        read_pkcs12(ended, PASSPHRASE, at=AT)
    assert "certificate-not-valid" in str(refused.value)


def test_a_file_without_a_passphrase_is_read_without_one(tmp_path: Path) -> None:
    path = written(tmp_path, p256(), passphrase=None)
    assert read_pkcs12(path, None, at=AT).above


def covered_places(signed: bytes) -> list[range]:
    """The parts of the file that the signature covers, as its own ByteRange says."""
    start = signed.rindex(b"/ByteRange")
    numbers = signed[start + 10 :].partition(b"[")[2].partition(b"]")[0].split()
    first, one, second, two = (int(number) for number in numbers)
    return [range(first, first + one), range(second, second + two)]


def test_a_flipped_bit_in_any_covered_byte_is_caught(signed: bytes, key: PdfKey) -> None:
    chance = random.Random(7)
    places = [place for part in covered_places(signed) for place in part]
    for place in chance.sample(places, 200):
        spoilt = bytearray(signed)
        spoilt[place] ^= 1 << chance.randrange(8)
        assert not checked(bytes(spoilt), key).is_unchanged, place


def test_bytes_before_after_and_cut_off_are_caught(signed: bytes, key: PdfKey) -> None:
    for spoilt in (signed + b"\n", signed + b"% more\n", b"\n" + signed, signed[:-1], signed[:999]):
        assert not checked(spoilt, key).is_unchanged


def test_something_hidden_in_the_room_of_the_signature_is_caught(
    signed: bytes, key: PdfKey
) -> None:
    first, second = covered_places(signed)
    hidden = bytearray(signed)
    hidden[second.start - 20 : second.start - 12] = b"deadbeef"
    assert first.stop < second.start - 20
    assert not checked(bytes(hidden), key).is_unchanged


def test_a_signature_cut_from_one_file_and_put_into_another_is_caught(
    plain: bytes, signed: bytes, key: PdfKey
) -> None:
    other = typeset(TEMPLATE, {"title": "Samplf ភស្តុតាង"}, [], at=AT).pdf
    graft = sign_pdf(other, key, at=AT, reason="Report as printed", name="Sample unit")
    start, end = covered_places(signed)[0].stop, covered_places(signed)[1].start
    begin, stop = covered_places(graft)[0].stop, covered_places(graft)[1].start
    mixed = graft[:begin] + signed[start:end].ljust(stop - begin, b"0") + graft[stop:]
    assert not checked(mixed, key).is_unchanged


@pytest.mark.parametrize("data", [b"", b"%PDF-", b"%PDF-1.7\n%%EOF\n", b"PK\3\4", b"\0" * 4096])
def test_what_is_no_signed_pdf_is_never_unchanged(data: bytes) -> None:
    verdict = judge_pdf(data, [], at=AT)
    assert not verdict.is_unchanged
    assert not verdict.is_trusted


def test_an_unsigned_pdf_is_readable_and_not_unchanged(plain: bytes) -> None:
    verdict = judge_pdf(plain, [], at=AT)
    assert verdict.is_readable
    assert not verdict.signatures
    assert not verdict.is_unchanged


def test_poppler_finds_the_signature_valid_whole_and_trusted(
    signed: bytes, key: PdfKey, tmp_path: Path
) -> None:
    poppler.need("pdfsig", "certutil")
    path, store = tmp_path / "s.pdf", poppler.trusting(key.top, tmp_path)
    path.write_bytes(signed)
    said = poppler.run("pdfsig", "-nssdir", store, path)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "Total document signed" in said


def test_poppler_sees_a_flipped_bit_and_bytes_after_the_end(
    signed: bytes, key: PdfKey, tmp_path: Path
) -> None:
    poppler.need("pdfsig", "certutil")
    path, store = tmp_path / "s.pdf", poppler.trusting(key.top, tmp_path)
    spoilt = bytearray(signed)
    spoilt[signed.index(b"stream") + 20] ^= 1
    path.write_bytes(spoilt)
    assert "Signature is Valid." not in poppler.run("pdfsig", "-nssdir", store, path)
    path.write_bytes(signed + b"% more\n")
    assert "Total document signed" not in poppler.run("pdfsig", "-nssdir", store, path).replace(
        "Not total document signed", ""
    )


def test_signing_and_checking_work_inside_a_running_event_loop(plain: bytes, key: PdfKey) -> None:
    async def within() -> PdfVerdict:
        return checked(sign_pdf(plain, key, at=AT, reason="r", name="n"), key)

    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(asyncio.run, within()).result().is_unchanged
