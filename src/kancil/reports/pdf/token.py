"""Keys on a card or token, by PKCS#11 (OASIS PKCS #11 version 2.40): the key never leaves it.

The card gives its certificates and signs; its PIN comes from the officer and is kept nowhere. The
part that speaks to cards, python-pkcs11 (MIT), is compiled and needed by few: it is an extra,
`kancil[token]`. Only hashes are handed to the card, which then needs no more than the two oldest
mechanisms, CKM_RSA_PKCS and CKM_ECDSA.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography import x509

from kancil.ground.phrase import Phrase
from kancil.reports.errors import CertificateNotReadable


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key on a token, and how to reach it."""

    module: Path
    """The shared library of the card's maker."""
    token: str
    """The token's label; empty: the only one that is there."""
    pin: str | None = field(repr=False)
    key_id: bytes = b""
    """The id that key and certificate share on the token."""


def read_token(key: TokenKey) -> list[tuple[TokenKey, x509.Certificate, list[x509.Certificate]]]:
    """Each key that has a certificate on the token, with the token's other certificates.

    Raises CertificateNotReadable.
    """
    with open_token(key) as session:
        constants = import_module("pkcs11.constants")
        kinds, names = constants.ObjectClass, constants.Attribute
        held = {
            bytes(one[names.ID])
            for one in session.get_objects({names.CLASS: kinds.PRIVATE_KEY, names.SIGN: True})
        }
        found = [
            (bytes(one[names.ID]), bytes(one[names.VALUE]))
            for one in session.get_objects({names.CLASS: kinds.CERTIFICATE})
        ]
    try:
        read = [(name, x509.load_der_x509_certificate(value)) for name, value in found]
    except ValueError as error:
        raise _refused(key, "why.token-no-certificate") from error
    everything = [certificate for _, certificate in read]
    return [
        (TokenKey(key.module, key.token, key.pin, name), certificate, everything)
        for name, certificate in sorted(read, key=lambda one: one[0])
        if name in held
    ]


@contextmanager
def open_token(key: TokenKey) -> Iterator[Any]:
    """Open a session with the token; raises CertificateNotReadable, and says what to install."""
    try:
        pkcs11 = import_module("pkcs11")
    except ImportError as error:
        raise _refused(key, "why.token-part") from error
    wrong_pin = (
        pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinInvalid, pkcs11.exceptions.PinLenRange,
        pkcs11.exceptions.PinLocked, pkcs11.exceptions.PinExpired,
    )  # fmt: skip
    absent = (
        pkcs11.exceptions.NoSuchToken, pkcs11.exceptions.MultipleTokensReturned,
        pkcs11.exceptions.TokenNotPresent,
    )  # fmt: skip
    try:
        library = pkcs11.lib(str(key.module))
        token = library.get_token(**({"token_label": key.token} if key.token else {}))
        with token.open(user_pin=key.pin) as session:
            yield session
    except wrong_pin as error:
        raise _refused(key, "why.token-pin") from error
    except absent as error:
        raise _refused(key, "why.token-absent") from error
    except pkcs11.exceptions.PKCS11Error as error:
        raise _refused(key, "why.token-refused", fault=type(error).__name__) from error


def _refused(key: TokenKey, code: str, **params: str) -> CertificateNotReadable:
    return CertificateNotReadable(path=str(key.module), why=Phrase(code, params))
