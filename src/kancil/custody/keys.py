"""Private keys on disk: the unit's, each officer's, the report's, and the secret that seals them.

Keys live in `keys/` of the workspace (0700, files 0600) and nowhere else: never in the ledger, a
bundle, or a default backup. A key file is PKCS#8 PEM (RFC 5958), encrypted with the officer's
passphrase or with `keys/secret`; a comment line before it names the key's fingerprint, which is no
secret. A lost key is no catastrophe: the loss and the new key become ledger entries.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kancil.ground.files import read_file, translated, write_durably
from kancil.ground.ids import OfficerId
from kancil.ground.signing import MemorySigner, Signer, fingerprint

from .errors import KeyFileExposed, KeyLocked, KeyNotFound, PassphraseTooShort

LEAST_PASSPHRASE = 12
"""Characters a new passphrase must have."""
PASSPHRASE_ROUNDS = 600_000
"""PBKDF2 rounds that guard a passphrase (OWASP Password Storage Cheat Sheet, 2023)."""

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def create_key(path: Path, secret: bytes | str) -> Signer:
    """Make a new key, encrypt it and write it to a new file (0600); gives it unlocked.

    `secret`: a passphrase (text) or the workspace secret (bytes). Raises PassphraseTooShort,
    FileExists.
    """
    if isinstance(secret, str) and len(secret) < LEAST_PASSPHRASE:
        raise PassphraseTooShort(length=len(secret), least=LEAST_PASSPHRASE)
    private = Ed25519PrivateKey.generate()
    signer = MemorySigner(private)
    pem = (
        _guarded_pem(private, secret)
        if isinstance(secret, str)
        else private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_password(secret))
        )
    )
    comment = f"Kancil key {fingerprint(signer.public_raw)}\n".encode()
    write_durably(path, comment + pem, mode=_FILE_MODE, replace=False)
    return signer


def open_key(path: Path, secret: bytes | str) -> Signer:
    """Unlock a key file; raises KeyNotFound, KeyFileExposed, KeyLocked."""
    return MemorySigner(_open_private(path, secret))


def _open_private(path: Path, secret: bytes | str) -> Ed25519PrivateKey:
    if not path.is_file():
        raise KeyNotFound(path=str(path))
    check_mode(path)
    try:
        private = load_pem_private_key(read_file(path), _password(secret))
    except (ValueError, TypeError) as error:
        raise KeyLocked(path=str(path)) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyLocked(path=str(path))
    return private


def fingerprint_of(path: Path) -> str | None:
    """Read a key file's fingerprint from its comment line, without unlocking; None without one."""
    first = read_file(path).partition(b"\n")[0].split(b" ")
    if first[:2] != [b"Kancil", b"key"] or len(first) != 3:
        return None
    return first[2].decode("ascii", errors="replace")


def check_mode(path: Path) -> None:
    """Refuse a key file or folder that others may read; raises KeyFileExposed."""
    state = path.stat()
    wanted = _FOLDER_MODE if path.is_dir() else _FILE_MODE
    mode = stat.S_IMODE(state.st_mode)
    if mode & ~wanted or state.st_uid not in (os.geteuid(), 0):
        raise KeyFileExposed(path=str(path), mode=f"{mode:04o}", wanted=f"{wanted:04o}")


class KeyRing:
    """The folder `keys/` of a workspace."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is read yet."""
        self.folder = folder

    @property
    def unit_path(self) -> Path:
        """File of the unit's key."""
        return self.folder / "unit.pem"

    @property
    def secret_path(self) -> Path:
        """File of the workspace secret."""
        return self.folder / "secret"

    @property
    def report_path(self) -> Path:
        """File of the key and certificates by which the unit signs its reports."""
        return self.folder / "report.pem"

    def officer_path(self, officer: OfficerId) -> Path:
        """File of an officer's key."""
        return self.folder / "officers" / f"{officer}.pem"

    def found(self) -> Signer:
        """Make the folders, the workspace secret and the unit's key; raises FileExists."""
        for folder in (self.folder, self.folder / "officers"):
            folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            folder.chmod(_FOLDER_MODE)
        secret = base64.b64encode(secrets.token_bytes(32)) + b"\n"
        write_durably(self.secret_path, secret, mode=_FILE_MODE, replace=False)
        return create_key(self.unit_path, self.secret())

    def secret(self) -> bytes:
        """Read the workspace secret (32 bytes); raises KeyNotFound, KeyFileExposed, KeyLocked."""
        self._check()
        if not self.secret_path.is_file():
            raise KeyNotFound(path=str(self.secret_path))
        check_mode(self.secret_path)
        try:
            found = base64.b64decode(read_file(self.secret_path).strip(), validate=True)
        except binascii.Error as error:
            raise KeyLocked(path=str(self.secret_path)) from error
        if len(found) != 32:
            raise KeyLocked(path=str(self.secret_path))
        return found

    def unit_signer(self) -> Signer:
        """Unlock the unit's key."""
        return open_key(self.unit_path, self.secret())

    def officer_signer(self, officer: OfficerId, passphrase: str | None = None) -> Signer:
        """Unlock an officer's key, with its passphrase or else the workspace secret."""
        self._check()
        return open_key(
            self.officer_path(officer), self.secret() if passphrase is None else passphrase
        )

    def create_officer(self, officer: OfficerId, passphrase: str | None = None) -> Signer:
        """Make an officer's key file; raises FileExists when there is one."""
        self._check()
        return create_key(
            self.officer_path(officer), self.secret() if passphrase is None else passphrase
        )

    def create_next(self, officer: OfficerId, passphrase: str | None = None) -> Signer:
        """Make an officer's new key beside the old one; `settle` takes it into use.

        A next key that no entry names is left over from an interrupted rotation and is replaced.
        """
        self._check()
        path = self._next_path(officer)
        path.unlink(missing_ok=True)
        return create_key(path, self.secret() if passphrase is None else passphrase)

    def settle(self, officer: OfficerId, active: str) -> None:
        """Put the next key in the old one's place if it is the active one; else do nothing.

        `active`: fingerprint of the officer's active key, from the ledger. Safe to call again
        after an interruption between the ledger's entry and the renaming.
        """
        path = self._next_path(officer)
        if path.is_file() and fingerprint_of(path) == active:
            try:
                path.replace(self.officer_path(officer))
            except OSError as error:
                raise translated(error, path) from error

    def guard_officer(self, officer: OfficerId, passphrase: str) -> None:
        """Lock a key that the workspace secret opens with a passphrase; the key stays the same.

        Raises PassphraseTooShort, KeyNotFound, and KeyLocked when it has a passphrase already.
        """
        self._check()
        path = self.officer_path(officer)
        if len(passphrase) < LEAST_PASSPHRASE:
            raise PassphraseTooShort(length=len(passphrase), least=LEAST_PASSPHRASE)
        private = _open_private(path, self.secret())
        comment = read_file(path).partition(b"\n")[0] + b"\n"
        write_durably(path, comment + _guarded_pem(private, passphrase), mode=_FILE_MODE)

    def remove_officer(self, officer: OfficerId) -> None:
        """Delete the key files of an officer who has retired."""
        self.officer_path(officer).unlink(missing_ok=True)
        self._next_path(officer).unlink(missing_ok=True)

    def _next_path(self, officer: OfficerId) -> Path:
        return self.folder / "officers" / f"{officer}.next.pem"

    def _check(self) -> None:
        if not self.folder.is_dir():
            raise KeyNotFound(path=str(self.folder))
        check_mode(self.folder)


def _password(secret: bytes | str) -> bytes:
    """A passphrase as UTF-8, the workspace secret as its base64, which openssl can take."""
    return secret.encode() if isinstance(secret, str) else base64.b64encode(secret)


def _guarded_pem(private: Ed25519PrivateKey, passphrase: str) -> bytes:
    """Write PKCS#8 PEM encrypted by PBES2: PBKDF2-HMAC-SHA256 in 600,000 rounds, AES-256-CBC.

    The library always takes 2,048 rounds, too few for a passphrase that a person can remember;
    so the envelope (RFC 5958 section 3, RFC 8018 appendix A) is put together here, and library
    and openssl read it as any other.
    """
    salt, vector = secrets.token_bytes(16), secrets.token_bytes(16)
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, PASSPHRASE_ROUNDS, 32)
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    padder = PKCS7(128).padder()
    cipher = Cipher(AES(key), CBC(vector)).encryptor()
    sealed = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    rounds = PASSPHRASE_ROUNDS.to_bytes(3, "big")
    derivation = _der(
        0x30,
        bytes.fromhex("06092a864886f70d01050c"),  # id-PBKDF2
        _der(
            0x30,
            _der(0x04, salt),
            _der(0x02, rounds),
            bytes.fromhex("300c06082a864886f70d02090500"),  # id-hmacWithSHA256
        ),
    )
    scheme = _der(
        0x30,
        bytes.fromhex("060960864801650304012a"),  # id-aes256-CBC
        _der(0x04, vector),
    )
    algorithm = _der(
        0x30,
        bytes.fromhex("06092a864886f70d01050d"),  # id-PBES2
        _der(0x30, derivation, scheme),
    )
    body = base64.encodebytes(_der(0x30, algorithm, _der(0x04, sealed))).replace(b"\n", b"")
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    name = b"ENCRYPTED PRIVATE KEY-----"
    return b"\n".join((b"-----BEGIN " + name, *lines, b"-----END " + name, b""))


def _der(tag: int, *parts: bytes) -> bytes:
    """Write one DER element of fewer than 256 bytes."""
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body
