"""Signing with a card: SoftHSM stands for one, by its PKCS#11 library; the key never leaves it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kancil.ground.phrase import Phrase
from kancil.reports.errors import CertificateKeyRefused, CertificateNotReadable
from kancil.reports.pdf.check import judge_pdf
from kancil.reports.pdf.sign import read_token_key, sign_pdf
from kancil.reports.pdf.token import TokenKey
from kancil.reports.pdf.typeset import typeset
from tests.reports.test_pdf_sign import AT, TEMPLATE, certified, p256

PIN = "123456"
LIBRARY = next(
    (
        path
        for path in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so"))
        if path.is_file()
    ),
    None,
)
MISSING = "python-pkcs11 or softhsm2 is not installed: signing with a card was NOT tried"
card = pytest.mark.skipif(LIBRARY is None or find_spec("pkcs11") is None, reason=MISSING)


def why(refused: pytest.ExceptionInfo[CertificateNotReadable]) -> str:
    told = refused.value.params["why"]
    assert isinstance(told, Phrase)
    return told.key


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make tokens with an RSA key, a P-256 key, a P-384 key, and nothing; gives the library."""
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    keys: dict[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None] = {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "p256": p256(),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "empty": None,
    }
    for label in keys:
        made = ("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", PIN)
        subprocess.run([*made, "--pin", PIN], check=True, capture_output=True, timeout=60)
    for label, private in keys.items():
        if private is not None:
            store(label, private)
    assert LIBRARY is not None
    return LIBRARY


def store(label: str, private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    """Put a key and its certificates onto a token, as its maker's tool would."""
    pkcs11 = import_module("pkcs11")
    decode_ec = import_module("pkcs11.util.ec").decode_ec_private_key
    decode_rsa = import_module("pkcs11.util.rsa").decode_rsa_private_key
    decode_certificate = import_module("pkcs11.util.x509").decode_x509_certificate
    names = pkcs11.Attribute
    der = private.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    is_rsa = isinstance(private, rsa.RSAPrivateKey)
    decode: Any = decode_rsa if is_rsa else decode_ec
    token = pkcs11.lib(str(LIBRARY)).get_token(token_label=label)
    with token.open(rw=True, user_pin=PIN) as session:
        here = {names.TOKEN: True, names.ID: b"\x01"}
        session.create_object({**decode(der), **here, names.SIGN: True, names.SENSITIVE: True})
        for number, one in enumerate(certified(private), 1):
            plain = decode_certificate(one.public_bytes(Encoding.DER))
            named = {names.TOKEN: True, names.ID: bytes([number]), names.LABEL: f"c{number}"}
            session.create_object({**plain, **named})


@card
@pytest.mark.parametrize("label", ["rsa", "p256"])
def test_a_card_signs_and_the_signature_is_found_right(tokens: Path, label: str) -> None:
    key = read_token_key(TokenKey(tokens, label, PIN), at=AT)
    assert not key.is_own
    assert key.top.subject.rfc4514_string() == "CN=Test CA"
    plain = typeset(TEMPLATE, {"title": "Signed by a card"}, [], at=AT).pdf
    signed = sign_pdf(plain, key, at=AT, reason="r", name="n")
    verdict = judge_pdf(signed, [key.top], at=AT)
    assert (verdict.is_unchanged, verdict.is_trusted) == (True, True)
    (one,) = verdict.signatures
    assert (one.certificate_sha256, one.signed_at) == (key.certificate_sha256, AT)
    spoilt = bytearray(signed)
    spoilt[len(plain) // 2] ^= 1
    assert not judge_pdf(bytes(spoilt), [key.top], at=AT).is_unchanged


@card
def test_a_kind_of_key_that_readers_do_not_check_is_refused_on_a_card_too(tokens: Path) -> None:
    with pytest.raises(CertificateKeyRefused) as refused:
        read_token_key(TokenKey(tokens, "p384", PIN), at=AT)
    assert refused.value.params["kind"] == "EC secp384r1"


@card
@pytest.mark.parametrize(
    ("label", "pin", "reason"),
    [
        ("rsa", "654321", "why.token-pin"),
        ("rsa", "1", "why.token-pin"),
        ("nobody", PIN, "why.token-absent"),
        ("", PIN, "why.token-absent"),
        ("empty", PIN, "why.token-no-certificate"),
        ("rsa", None, "why.token-no-certificate"),
    ],
)
def test_a_wrong_pin_another_label_and_an_empty_card_are_told(
    tokens: Path, label: str, pin: str | None, reason: str
) -> None:
    with pytest.raises(CertificateNotReadable) as refused:
        read_token_key(TokenKey(tokens, label, pin), at=AT)
    assert why(refused) == reason


@card
def test_a_file_that_is_no_library_is_told(tmp_path: Path) -> None:
    path = tmp_path / "no.so"
    for data in (None, b"", b"not a library"):
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(CertificateNotReadable) as refused:
            read_token_key(TokenKey(path, "", PIN), at=AT)
        assert why(refused) == "why.token-refused"


def test_without_the_part_that_speaks_to_cards_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(CertificateNotReadable) as refused:
        read_token_key(TokenKey(Path("/x.so"), "", PIN), at=AT)
    assert why(refused) == "why.token-part"


def test_the_pin_stands_in_no_trace_of_the_key() -> None:
    assert PIN not in repr(TokenKey(Path("/x.so"), "", PIN))


class Pretended:
    """A card in memory: what `pkcs11` would give, for machines without one."""

    def __init__(self, objects: dict[str, list[dict[str, bytes]]]) -> None:
        self.objects = objects

    def open(self, **_: object) -> Pretended:
        return self

    def __enter__(self) -> Pretended:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def get_objects(self, wanted: dict[str, Any]) -> list[dict[str, bytes]]:
        return self.objects[wanted["CLASS"]]


def test_the_first_usable_key_with_its_own_certificate_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The real library is not needed for choosing; a card in memory stands for it."""
    ed, good, other = ed25519.Ed25519PrivateKey.generate(), p256(), p256()
    certificates = {
        b"\1": certified(ed)[0], b"\2": certified(good)[0], b"\3": certified(other)[0],
    }  # fmt: skip
    objects = {
        "PRIVATE_KEY": [{"ID": name} for name in (b"\1", b"\2")],
        "CERTIFICATE": [
            {"ID": name, "VALUE": one.public_bytes(Encoding.DER)}
            for name, one in reversed(certificates.items())
        ],
    }
    pretend(monkeypatch, Pretended(objects))
    key = read_token_key(TokenKey(Path("/x.so"), "", PIN), at=AT)
    assert isinstance(key.private, TokenKey)
    assert key.private.key_id == b"\2"
    raw = key.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert raw == good.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for spoilt in ([], [{"ID": b"\1", "VALUE": b"no certificate"}]):
        pretend(monkeypatch, Pretended({**objects, "CERTIFICATE": spoilt}))
        with pytest.raises(CertificateNotReadable) as refused:
            read_token_key(TokenKey(Path("/x.so"), "", PIN), at=AT)
        assert why(refused) == "why.token-no-certificate"


def pretend(monkeypatch: pytest.MonkeyPatch, card: Pretended) -> None:
    """Put a card in memory in the place of the library."""
    from types import ModuleType, SimpleNamespace

    names = (
        "PKCS11Error", "PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked", "PinExpired",
        "NoSuchToken", "MultipleTokensReturned", "TokenNotPresent",
    )  # fmt: skip
    module: Any = ModuleType("pkcs11")
    module.exceptions = SimpleNamespace(**{name: type(name, (Exception,), {}) for name in names})
    module.lib = lambda path: SimpleNamespace(get_token=lambda **wanted: card)
    constants: Any = ModuleType("pkcs11.constants")
    constants.ObjectClass = SimpleNamespace(PRIVATE_KEY="PRIVATE_KEY", CERTIFICATE="CERTIFICATE")
    constants.Attribute = SimpleNamespace(CLASS="CLASS", ID="ID", VALUE="VALUE", SIGN="SIGN")
    monkeypatch.setitem(sys.modules, "pkcs11", module)
    monkeypatch.setitem(sys.modules, "pkcs11.constants", constants)
