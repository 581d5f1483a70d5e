"""Checking a signed PDF: unchanged since when, signed by which certificate, trusted by whom.

pyHanko computes it; no connection is opened. A file with bytes after the signed ones is not
unchanged, though its signature fits.
"""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from kancil.ground.child import in_child
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import FileNotReadable, ParserLimitReached
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase

from .apart import apart

MOST_BYTES = 50_000_000
"""Of a printed report: a hundred times the longest that Kancil prints."""
START = b"%PDF-"
"""How a PDF begins."""
ANSWERS = ("intact", "changed", "not-signed", "other-key", "not-readable")
"""What a file can come to: unchanged, changed since, without a signature that fits, unchanged but
by another certificate, or no PDF that can be read."""


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """What one signature in the file came to."""

    is_intact: bool
    """The bytes that it covers are those that were signed, and nothing hides beside it in the room
    that was kept for it, which no signature can cover."""
    fits: bool
    """It was made by the certificate's key."""
    is_trusted: bool
    """The certificate hangs on one of those that the checker was given."""
    covers_all: bool
    """Nothing follows that it does not cover, but for permitted later signatures."""
    signer: str
    """Subject of the certificate (RFC 4514), as it names itself."""
    certificate_sha256: str
    signed_at: datetime | None
    """The signer's clock: a claim."""


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """The answer on a file."""

    sha256: str
    signatures: tuple[SignatureVerdict, ...]
    is_readable: bool
    """False where file or signature cannot be read; then nothing is known of it."""

    @property
    def is_unchanged(self) -> bool:
        """Whether the whole file is as it was signed; False where nothing is signed."""
        return (
            self.is_readable
            and bool(self.signatures)
            and all(one.is_intact and one.fits and one.covers_all for one in self.signatures)
        )

    def answer(self, key: str | None, *, must_trust: bool) -> str:
        """The answer in one of `ANSWERS`.

        `key`: SHA-256 of the certificate that must have signed. `must_trust`: the certificates that
        the checker was given were named for this very file.
        """
        if not self.is_readable:
            return "not-readable"
        if not self.signatures or not all(one.fits for one in self.signatures):
            return "not-signed"
        if not self.is_unchanged:
            return "changed"
        wanted = None if key is None else key.lower().replace(":", "").strip()
        others = all(one.certificate_sha256 != wanted for one in self.signatures)
        if (wanted is not None and others) or (must_trust and not self.is_trusted):
            return "other-key"
        return "intact"

    @property
    def is_trusted(self) -> bool:
        """Whether every signature hangs on a certificate that the checker was given."""
        return bool(self.signatures) and all(one.is_trusted for one in self.signatures)


def check_pdf(
    path: Path, trusted: Sequence[x509.Certificate], *, at: datetime | None = None
) -> PdfVerdict:
    """Check every signature of a PDF file in a child of its own, as `judge_pdf` does.

    Raises FileNotReadable, ParserLimitReached for a file that is too large or takes too much, and
    ParserStopped.
    """
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    if size_bytes > MOST_BYTES:
        amount = Phrase("thing.megabytes", {"n": MOST_BYTES // 1_000_000})
        raise ParserLimitReached(limit=Phrase("thing.bytes"), amount=amount)
    return _judge_file(path, [one.public_bytes(Encoding.DER) for one in trusted], at)


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def _judge_file(path: Path, trusted: Sequence[bytes], at: datetime | None) -> PdfVerdict:
    """Check a PDF file; `trusted`: certificates in DER form. Raises FileNotReadable."""
    return judge_pdf(read_file(path), [x509.load_der_x509_certificate(one) for one in trusted], at)


def judge_pdf(
    data: bytes, trusted: Sequence[x509.Certificate], at: datetime | None = None
) -> PdfVerdict:
    """Check every signature of a PDF; `at`: moment at which certificates must be valid."""
    # Heavy, and brings a network client that is never used: loaded when a file is checked.
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation.errors import ValidationInfoReadingError
    from pyhanko_certvalidator import ValidationContext

    # It logs a whole traceback where nobody vouches for a certificate; we say that in words.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    roots = [Certificate.load(one.public_bytes(Encoding.DER)) for one in trusted]
    sha256 = sha256_hex(data)

    def read() -> tuple[SignatureVerdict, ...]:
        embedded = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures
        last = len(embedded) - 1
        return tuple(
            _verdict(
                one,
                ValidationContext(trust_roots=roots, allow_fetching=False, moment=at),
                is_last=number == last,
            )
            for number, one in enumerate(embedded)
        )

    try:
        verdicts = apart(read)
    except (
        PdfError, SigningError, ValidationInfoReadingError, ValueError, TypeError, LookupError,
        AttributeError, ArithmeticError, AssertionError, EOFError, NotImplementedError,
        RecursionError, UnsupportedAlgorithm, zlib.error,
    ):  # fmt: skip
        # Whatever a spoilt file makes a reader stumble over: it is not readable, and that is told.
        return PdfVerdict(sha256, (), is_readable=False)
    return PdfVerdict(sha256, verdicts, is_readable=True)


def _verdict(signature: Any, context: Any, *, is_last: bool) -> SignatureVerdict:
    from asn1crypto.parser import peek
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    status = validate_pdf_signature(
        signature,
        context,
        key_usage_settings=KeyUsageConstraints(
            key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
        ),
    )
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    room = bytes(signature.pkcs7_content)
    is_clean = not any(room[peek(room) :])
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    return SignatureVerdict(
        is_intact=bool(status.intact) and is_clean,
        fits=bool(status.valid),
        is_trusted=bool(status.trusted),
        covers_all=whole if is_last else bool(status.docmdp_ok),
        signer=certificate.subject.rfc4514_string(),
        certificate_sha256=sha256_hex(status.signing_cert.dump()),
        signed_at=status.signer_reported_dt,
    )
